"""Statements that come at the same time share round trips, and nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from tortoise import Tortoise

from api.db.deadline import deadline
from api.db.executor import BatchExecutor
from api.settings import settings
from tests.helpers.database import pool_is_whole, waits_for_a_lock

DOUBLE = "SELECT $2::int, $1::int * 2"
SLOW = "SELECT $2::int, pg_sleep($1)"
WAITS = "SELECT $2::int, pg_advisory_xact_lock($1)"
FAILS = "SELECT $2::int, 1 / $1::int"


async def fetch_rows(
    pipeline: BatchExecutor, statement: str, *values: Any, seconds: float = 60
) -> Any:
    ends = asyncio.get_running_loop().time() + seconds
    return await pipeline.fetch_rows(statement, *values, ends=ends)


@pytest.fixture
async def sent(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[int]]:
    """Note how many statements went together, each time; none of them counts as slow."""
    monkeypatch.setattr("api.db.executor.MAX_HOLD_SECONDS", 60)
    found: list[int] = []
    fetchmany = asyncpg.Connection.fetchmany

    async def note(connection: Any, query: str, args: Any, **options: Any) -> Any:
        found.append(len(args))
        return await fetchmany(connection, query, args, **options)

    monkeypatch.setattr(asyncpg.Connection, "fetchmany", note)
    yield found
    await asyncio.sleep(0)
    assert pool_is_whole()


@asynccontextmanager
async def busy(pipeline: BatchExecutor, database_url: str) -> AsyncIterator[None]:
    """Keep a connection of the pipeline at a statement, from entering to leaving."""
    number = 7
    holder = await asyncpg.connect(database_url)
    await holder.execute("SELECT pg_advisory_lock($1)", number)
    first = asyncio.create_task(fetch_rows(pipeline, WAITS, number))
    await waits_for_a_lock(holder)
    yield
    await holder.execute("SELECT pg_advisory_unlock($1)", number)
    await first
    await holder.close()


async def test_each_gets_its_own_rows(sent: list[int]) -> None:
    pipeline = BatchExecutor(connections=2, most=8)
    found = await asyncio.gather(*(fetch_rows(pipeline, DOUBLE, n) for n in range(100)))
    assert [rows[0][1] for rows in found] == [2 * n for n in range(100)]
    assert sum(sent) == 100
    assert len(sent) < 30
    assert max(sent) == 8


async def test_one_that_finds_nothing_gets_nothing(sent: list[int]) -> None:
    pipeline = BatchExecutor(connections=1, most=8)
    statement = f"{DOUBLE} WHERE $1 % 2 = 0"
    found = await asyncio.gather(*(fetch_rows(pipeline, statement, n) for n in range(4)))
    assert [len(rows) for rows in found] == [1, 0, 1, 0]


async def test_whoever_comes_alone_is_sent_alone(sent: list[int]) -> None:
    pipeline = BatchExecutor(connections=1, most=8)
    for number in range(3):
        await fetch_rows(pipeline, DOUBLE, number)
    assert sent == [1, 1, 1]


async def test_only_the_same_statement_goes_together(sent: list[int]) -> None:
    pipeline = BatchExecutor(connections=1, most=8)
    others = f"{DOUBLE} -- another"
    await asyncio.gather(
        *(fetch_rows(pipeline, DOUBLE if n % 2 else others, n) for n in range(8)),
    )
    assert sent == [4, 4]


async def test_callers_take_turns(sent: list[int]) -> None:
    pipeline = BatchExecutor(connections=1, most=1)
    done: list[int] = []

    async def ask(caller: int) -> None:
        await fetch_rows(pipeline, DOUBLE, caller)
        done.append(caller)

    await asyncio.gather(*(ask(caller) for caller in (1, 1, 1, 1, 2, 2, 3)))
    assert done == [1, 2, 3, 1, 2, 1, 1]
    assert sent == [1] * 7


async def test_callers_take_turns_whatever_they_ask_for(sent: list[int], database_url: str) -> None:
    pipeline = BatchExecutor(connections=1, most=8)
    done: list[str] = []

    async def ask(name: str, statement: str, caller: int, seconds: float = 6) -> None:
        await fetch_rows(pipeline, statement, caller, seconds=seconds)
        done.append(name)

    async with asyncio.TaskGroup() as tasks, busy(pipeline, database_url):
        for number in range(20):
            tasks.create_task(ask("old", DOUBLE, 1))
            tasks.create_task(ask("varied", f"{DOUBLE} -- {number}", 2))
        tasks.create_task(ask("young", DOUBLE, 3, seconds=61))
        await asyncio.sleep(0)  # until all of them wait
    assert "young" in done[:12]
    assert sum(sent) == 42
    assert sent.count(8) == 2


async def test_slow_ones_leave_a_connection_to_others(app: FastAPI, database_url: str) -> None:
    pipeline = BatchExecutor(connections=2, most=8)
    async with busy(pipeline, database_url):
        await asyncio.sleep(0.1)  # from now on this statement is known to be slow
    async with asyncio.TaskGroup() as tasks, busy(pipeline, database_url):
        others = [tasks.create_task(fetch_rows(pipeline, WAITS, 7)) for _ in range(3)]
        await asyncio.sleep(0)  # until all of them wait
        await fetch_rows(pipeline, DOUBLE, 8)
        assert not any(each.done() for each in others)
    assert all(each.done() for each in others)


async def test_many_who_give_up_at_once_hold_nobody_up(sent: list[int], database_url: str) -> None:
    pipeline = BatchExecutor(connections=1, most=8)
    longest = 0.0
    async with busy(pipeline, database_url):
        waiting = [
            asyncio.create_task(fetch_rows(pipeline, DOUBLE, 1, seconds=0.6)) for _ in range(9000)
        ]
        while not all(each.done() for each in waiting[::500]):
            begin = time.thread_time()  # of this thread alone, however busy the machine is
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - begin)
        await asyncio.wait(waiting)
    assert longest < 2
    assert all(isinstance(each.exception(), TimeoutError) for each in waiting)


async def test_what_took_long_goes_alone_until_it_is_quick(
    sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = BatchExecutor(connections=1, most=8)
    for took in (61, 61, 0):
        monkeypatch.setattr("api.db.executor.MAX_HOLD_SECONDS", 60 - took)
        await asyncio.gather(*(fetch_rows(pipeline, DOUBLE, 1) for _ in range(4)))
    await asyncio.gather(*(fetch_rows(pipeline, DOUBLE, 1) for _ in range(4)))
    assert sent == [4, 1, 1, 1, 1, 1, 3, 4]


@pytest.mark.parametrize("seconds", [0, 0.02, 0.1])
async def test_others_get_a_connection_in_between(app: FastAPI, seconds: float) -> None:
    """Even of a pool whose every connection a pipeline could use, without an end."""
    client = Tortoise.get_connection("default")
    await client.execute_query("SELECT 1")
    pipeline = BatchExecutor(connections=settings().database_pool, most=1)
    ends = asyncio.Event()

    async def ask() -> None:
        while not ends.is_set():
            await fetch_rows(pipeline, SLOW, seconds)

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        for _ in range(3 * settings().database_pool):
            tasks.create_task(ask())
        while pool_is_whole():  # noqa: ASYNC110  # it tells in no other way
            await asyncio.sleep(0)
        for _ in range(3):
            async with deadline():
                await client.execute_query("SELECT 1")
        ends.set()
    assert pool_is_whole()


async def test_who_comes_late_has_its_own_time(sent: list[int], database_url: str) -> None:
    """It doesn't go with one whose time is over earlier."""
    pipeline = BatchExecutor(connections=1, most=8)
    async with busy(pipeline, database_url):
        waiting = [
            asyncio.create_task(fetch_rows(pipeline, DOUBLE, 1, seconds=seconds))
            for seconds in (60, 60, 61)
        ]
        await asyncio.sleep(0)  # until all of them wait
    await asyncio.gather(*waiting)
    assert sent == [1, 2, 1]


async def test_nobody_is_sent_whose_time_is_over(sent: list[int], database_url: str) -> None:
    pipeline = BatchExecutor(connections=1, most=8)
    async with busy(pipeline, database_url):
        with pytest.raises(TimeoutError):
            await fetch_rows(pipeline, DOUBLE, 0, seconds=0.05)
    assert sent == [1]


async def test_what_fails_fails_for_those_with_it_and_for_nobody_later(sent: list[int]) -> None:
    pipeline = BatchExecutor(connections=1, most=8)
    found = await asyncio.gather(
        *(fetch_rows(pipeline, FAILS, n) for n in (1, 0)), return_exceptions=True
    )
    assert [type(each) for each in found] == [asyncpg.DivisionByZeroError] * 2
    assert (await fetch_rows(pipeline, FAILS, 1))[0][1] == 1


async def test_what_goes_together_happens_or_not_together(
    sent: list[int],
) -> None:
    await Tortoise.get_connection("default").execute_query(
        "CREATE TABLE marks (n int CHECK (n > 0))"
    )
    pipeline = BatchExecutor(connections=1, most=8)
    statement = "INSERT INTO marks VALUES ($1) RETURNING $2::int"
    await asyncio.gather(
        *(fetch_rows(pipeline, statement, n) for n in (1, 2, 0)), return_exceptions=True
    )
    assert not await Tortoise.get_connection("default").execute_query_dict("SELECT * FROM marks")


async def test_who_waits_too_long_gives_up_and_the_next_goes_on(sent: list[int]) -> None:
    pipeline = BatchExecutor(connections=1, most=1)
    with pytest.raises(TimeoutError):
        await fetch_rows(pipeline, SLOW, 600, seconds=0.5)
    assert (await fetch_rows(pipeline, DOUBLE, 2))[0][1] == 4


async def test_who_goes_away_takes_nobody_along(sent: list[int], database_url: str) -> None:
    pipeline = BatchExecutor(connections=1, most=8)
    async with busy(pipeline, database_url):
        gone, stays = [asyncio.create_task(fetch_rows(pipeline, DOUBLE, n)) for n in (1, 2)]
        await asyncio.sleep(0)
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
    assert (await stays)[0][1] == 4
