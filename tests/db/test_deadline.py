"""A database that doesn't answer: everyone hears so before long, and nothing is lost.

`make chaos` measures how long; here a machine may be busy.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from api.db.deadline import deadline, time_left
from api.settings import settings
from models.tables import Board, Task
from tests.conftest import PASSWORD, Client, World
from tests.helpers.database import connection_pool, pool_gets_whole, waits_for_a_lock

PATIENCE = 60.0  # less than any other timeout
OWN = "datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
def patience() -> dict[str, Any]:
    """Return the real deadlines, and nothing else that would end a wait."""
    names = ("connection.CONNECT_SECONDS", "connection.STATEMENT_SECONDS", "dsn.CONNECT_SECONDS")
    others = [f"api.db.{name}" for name in names]
    return {"api.app.JOBS": (), **dict.fromkeys(others, 600)}


@pytest.fixture
async def board(world: World, ada: Client) -> Board:
    return await world.board(ada.user, is_public=True)


@pytest.fixture
async def task(world: World, board: Board) -> Task:
    return await world.task(await world.column(board))


@contextmanager
def stopped(processes: list[int]) -> Iterator[None]:
    """Stop processes, so that they neither work nor end."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


@asynccontextmanager
async def held(database_url: str, lock: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a lock that somebody else keeps, and their connection."""
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute(lock)
        yield connection
    await connection.close()


async def timed(request: "asyncio.Future[httpx.Response]") -> tuple[int, str | None, float]:
    begin = time.monotonic()
    answer = await request
    return answer.status_code, answer.headers.get("retry-after"), time.monotonic() - begin


def requests(client: Client, board: Board, task: Task) -> list[asyncio.Future[httpx.Response]]:
    """Send one of every kind: lists, single rows, changes with and without a queue, signing in."""
    body = {"column_id": str(task.column_id), "title": "x"}
    credentials = {"username": "ada", "password": PASSWORD}
    return [
        asyncio.ensure_future(request)
        for request in (
            client.get("/api/boards"),
            client.get(f"/api/boards/{board.id}"),
            client.post("/api/boards", json={"title": "x"}),
            client.put(f"/api/boards/{board.id}", json={"title": "x"}),
            client.put(f"/api/tasks/{task.id}", json=body),
            client.post("/api/tasks", json=body),
            client.delete(f"/api/boards/{board.id}/users/{client.id}"),
            # Elsewhere, or the client's present session would end.
            httpx.AsyncClient(transport=client._transport, base_url=client.base_url).post(
                "/api/auth/login", json=credentials
            ),
            client.put(
                f"/api/users/{client.id}", json={"username": "ada", "email": client.user.email}
            ),
        )
    ]


async def test_stopped_backends_are_answered_503_in_time(
    ada: Client, board: Board, task: Task, database_url: str
) -> None:
    await asyncio.gather(*(ada.get("/api/boards") for _ in range(settings().database_pool)))
    watcher = await asyncpg.connect(database_url)
    backends = await watcher.fetch(f"SELECT pid FROM pg_stat_activity WHERE {OWN}")
    assert backends
    with stopped([row["pid"] for row in backends]):
        # As many as have a stopped backend; those after them get new ones.
        answers = await asyncio.gather(*map(timed, requests(ada, board, task)))
        assert (await ada.get("/health/live")).status_code == 200
    assert {answer[0] for answer in answers} <= {200, 201, 204, 403, 409, 503}
    assert sum(answer[0] == 503 for answer in answers) >= len(backends) / 2
    assert all(retry == "1" for status, retry, _ in answers if status == 503)
    assert max(seconds for *_, seconds in answers) < PATIENCE
    assert {(await request).status_code for request in requests(ada, board, task)} <= {
        200, 201, 204, 403, 409,
    }  # fmt: skip
    await pool_gets_whole()
    await watcher.close()


@pytest.mark.parametrize(
    "table",
    [
        "sessions",
        "tasks",
        pytest.param("boards", marks=pytest.mark.slow),
        pytest.param("users", marks=pytest.mark.slow),
    ],
)
async def test_two_hundred_requests_behind_a_lock_are_answered(
    ada: Client, board: Board, task: Task, database_url: str, table: str
) -> None:
    async with held(database_url, f"LOCK TABLE {table}"):
        waiting = [request for _ in range(23) for request in requests(ada, board, task)]
        answers = await asyncio.gather(*map(timed, waiting))
    assert len(answers) > 200
    assert {status for status, *_ in answers} <= {200, 201, 403, 409, 503}
    # Those at least that need a locked table; others may have connections of their own left.
    assert [retry for status, retry, _ in answers if status == 503].count("1") >= 2 * 23
    assert max(seconds for *_, seconds in answers) < PATIENCE
    await pool_gets_whole()
    assert (await ada.get("/api/boards")).status_code == 200


@pytest.mark.parametrize("works", [True, False])
async def test_who_waits_for_a_connection_has_time_while_they_come_back(
    ada: Client, works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that stands still gives back none that works."""
    monkeypatch.setattr("api.db.deadline.SECONDS", 2 * PATIENCE)
    monkeypatch.setattr("api.db.deadline.LINE_SECONDS", 3 * PATIENCE)
    pool = connection_pool()
    held = [await pool.acquire() for _ in range(settings().database_pool)]
    left: list[float | None] = []

    async def wait() -> None:
        async with deadline(asyncio.get_running_loop().time() + PATIENCE):
            held.append(await pool.acquire())
            left.append(time_left())

    waiting = [asyncio.create_task(wait()) for _ in range(2)]
    await asyncio.sleep(0)
    for task in waiting:
        connection = held.pop(0)
        if not works:
            connection._con.terminate()
        await pool.release(connection)
        await task
    assert [each is not None and each > PATIENCE for each in left] == [False, works]
    for connection in held:
        await pool.release(connection)


@pytest.mark.parametrize("lock", ["LOCK TABLE boards", "SELECT FROM boards FOR UPDATE"])
async def test_what_a_request_gave_up_on_ends_in_the_database_too(
    ada: Client, board: Board, database_url: str, lock: str
) -> None:
    async with held(database_url, lock) as connection:
        answer = await ada.put(f"/api/boards/{board.id}", json={"title": "x"})
        assert answer.status_code == 503
        async with asyncio.timeout(PATIENCE):
            while await connection.fetchval(  # noqa: ASYNC110  # another process tells
                "SELECT count(*) FROM pg_locks WHERE NOT granted"
            ):
                await asyncio.sleep(0.05)
    await pool_gets_whole()


async def test_backends_stopped_in_a_transaction_keep_nobody_waiting(
    ada: Client, board: Board, database_url: str
) -> None:
    async with held(database_url, "SELECT FROM boards FOR UPDATE") as connection:
        changing = asyncio.create_task(ada.put(f"/api/boards/{board.id}", json={"title": "x"}))
        await waits_for_a_lock(connection)
        waiting = "SELECT pid FROM pg_locks WHERE NOT granted"
        with stopped([row["pid"] for row in await connection.fetch(waiting)]):
            async with asyncio.timeout(PATIENCE):
                assert (await changing).status_code == 503
    await pool_gets_whole()


async def test_readiness_fails_in_time_while_nobody_answers(
    ada: Client, board: Board, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with held(database_url, "LOCK TABLE sessions") as connection:
        for module in ("api.db.deadline", "api.resources.fast_path"):  # all but readiness
            name = f"{module}.SECONDS"
            monkeypatch.setattr(name, PATIENCE)
        # Each takes a connection, since no statement of theirs goes with others.
        waiting = [asyncio.create_task(ada.get("/api/trash")) for _ in range(50)]
        await waits_for_a_lock(connection, sessions=settings().database_pool)
        status, retry, seconds = await timed(asyncio.ensure_future(ada.get("/health/ready")))
    assert (status, retry) == (503, "1")
    assert seconds < PATIENCE
    assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {200}
