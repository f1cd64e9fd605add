"""Statements that come at the same time share round trips, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from tortoise import Tortoise

from api.deadline import SECONDS
from api.pipeline import ROUNDS, Pipeline
from api.settings import settings
from tests.test_database import pool_is_whole

DOUBLE = "SELECT $2::int, $1::int * 2"
SLOW = "SELECT $2::int, pg_sleep($1)"
FAILS = "SELECT $2::int, 1 / $1::int"


@pytest.fixture
async def sent(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[int]]:
    """How many statements went together, each time."""
    found: list[int] = []
    fetchmany = asyncpg.Connection.fetchmany

    async def note(connection: Any, query: str, args: Any, **options: Any) -> Any:
        found.append(len(args))
        return await fetchmany(connection, query, args, **options)

    monkeypatch.setattr(asyncpg.Connection, "fetchmany", note)
    yield found
    await asyncio.sleep(0)
    assert pool_is_whole()


async def test_each_gets_its_own_rows(sent: list[int]) -> None:
    pipeline = Pipeline(connections=2, most=8)
    found = await asyncio.gather(*(pipeline.rows_of(DOUBLE, n) for n in range(100)))
    assert [rows[0][1] for rows in found] == [2 * n for n in range(100)]
    assert sum(sent) == 100
    assert len(sent) < 30
    assert max(sent) == 8


async def test_one_that_finds_nothing_gets_nothing(sent: list[int]) -> None:
    pipeline = Pipeline(connections=1, most=8)
    statement = f"{DOUBLE} WHERE $1 % 2 = 0"
    found = await asyncio.gather(*(pipeline.rows_of(statement, n) for n in range(4)))
    assert [len(rows) for rows in found] == [1, 0, 1, 0]


async def test_whoever_comes_alone_is_sent_alone(sent: list[int]) -> None:
    pipeline = Pipeline(connections=1, most=8)
    for number in range(3):
        await pipeline.rows_of(DOUBLE, number)
    assert sent == [1, 1, 1]


async def test_only_the_same_statement_goes_together(sent: list[int]) -> None:
    pipeline = Pipeline(connections=1, most=8)
    others = f"{DOUBLE} -- another"
    await asyncio.gather(
        *(pipeline.rows_of(DOUBLE if n % 2 else others, n) for n in range(8)),
    )
    assert sent == [4, 4]


async def test_others_get_the_connection_in_between(app: FastAPI) -> None:
    """Even of a pool whose every connection a pipeline could use, without an end."""
    client = Tortoise.get_connection("default")
    pipeline = Pipeline(connections=settings().database_pool, most=1)
    ends = asyncio.Event()

    async def ask() -> None:
        while not ends.is_set():
            await pipeline.rows_of(DOUBLE, 1)

    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        for _ in range(5 * settings().database_pool):
            tasks.create_task(ask())
        await asyncio.sleep(0.05)
        for _ in range(3):
            await client.execute_query("SELECT 1")
        ends.set()
    assert ROUNDS > 1
    assert pool_is_whole()


async def test_what_fails_fails_for_those_with_it_and_for_nobody_later(sent: list[int]) -> None:
    pipeline = Pipeline(connections=1, most=8)
    found = await asyncio.gather(
        *(pipeline.rows_of(FAILS, n) for n in (1, 0)), return_exceptions=True
    )
    assert [type(each) for each in found] == [asyncpg.DivisionByZeroError] * 2
    assert (await pipeline.rows_of(FAILS, 1))[0][1] == 1


async def test_what_goes_together_happens_or_not_together(
    sent: list[int],
) -> None:
    await Tortoise.get_connection("default").execute_query(
        "CREATE TABLE marks (n int CHECK (n > 0))"
    )
    pipeline = Pipeline(connections=1, most=8)
    statement = "INSERT INTO marks VALUES ($1) RETURNING $2::int"
    await asyncio.gather(
        *(pipeline.rows_of(statement, n) for n in (1, 2, 0)), return_exceptions=True
    )
    assert not await Tortoise.get_connection("default").execute_query_dict("SELECT * FROM marks")


async def test_who_waits_too_long_gives_up_and_the_next_goes_on(sent: list[int]) -> None:
    pipeline = Pipeline(connections=1, most=1)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    found = await asyncio.gather(
        pipeline.rows_of(SLOW, 5), pipeline.rows_of(DOUBLE, 1), return_exceptions=True
    )
    assert isinstance(found[0], TimeoutError)
    assert loop.time() - begin < SECONDS + 0.7
    await asyncio.sleep(0.2)
    assert (await pipeline.rows_of(DOUBLE, 2))[0][1] == 4


async def test_who_goes_away_takes_nobody_along(sent: list[int]) -> None:
    pipeline = Pipeline(connections=1, most=8)
    first = asyncio.create_task(pipeline.rows_of(SLOW, 0.1))
    await asyncio.sleep(0.05)
    gone, stays = [asyncio.create_task(pipeline.rows_of(DOUBLE, n)) for n in (1, 2)]
    await asyncio.sleep(0)
    gone.cancel()
    with suppress(asyncio.CancelledError):
        await gone
    assert (await stays)[0][1] == 4
    await first
