"""A PostgreSQL that grants fewer connections than the pool may take."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from api.db.connection import refuse_too_few_connections
from api.db.errors import DatabaseError
from tests.conftest import Client, World, new_database
from tests.helpers.command_line import is_one_line, run
from tests.helpers.database import connection_pool, sql

LIMIT = 2


@pytest.fixture
async def superuser_url(postgres: asyncpg.Connection, postgres_url: str) -> AsyncIterator[str]:
    async with new_database(postgres, postgres_url) as url:
        yield url


@pytest.fixture
async def own_url(superuser_url: str) -> AsyncIterator[str]:
    """Yield a migrated database, for a user who gets two connections."""
    await sql(
        superuser_url,
        f"CREATE ROLE limited LOGIN CONNECTION LIMIT {LIMIT}",
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO limited",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO limited",
        "SELECT 1",
    )
    yield superuser_url.replace("postgres@", "limited@")
    await sql(superuser_url, "DROP OWNED BY limited", "DROP ROLE limited", "SELECT 1")


async def take_all(superuser_url: str) -> list[asyncpg.Connection]:
    """Take the pool's connections away, and hold all that the user gets."""
    await sql(
        superuser_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'limited'",
    )
    held: list[asyncpg.Connection] = []
    while len(held) < LIMIT:
        with suppress(asyncpg.TooManyConnectionsError):
            held.append(await asyncpg.connect(superuser_url.replace("postgres@", "limited@")))
    return held


async def test_requests_wait_in_line_for_the_connections_there_are(
    world: World, ada: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.logs._repeated", {})
    board = await world.board(ada.user)
    task = await world.task(await world.column(board))
    requests = [
        request
        for n in range(15)
        for request in (
            ada.get("/api/auth/me"),
            ada.get(f"/api/tasks/{task.id}"),
            ada.get(f"/api/boards/{board.id}/full"),
            ada.post("/api/columns", json={"board_id": str(board.id), "title": f"Column {n}"}),
            ada.post("/api/comments", json={"task_id": str(task.id), "content": "x"}),
        )
    ]
    statuses = [answer.status_code for answer in await asyncio.gather(*requests)]
    assert statuses == [200, 200, 200, 201, 201] * 15
    pool = connection_pool()
    assert 0 < pool.get_size() <= LIMIT
    assert caplog.text.count("of DATABASE_POOL = 10 connections: requests wait in line") == 1


async def test_a_request_waits_until_there_is_a_connection(ada: Client, superuser_url: str) -> None:
    held = await take_all(superuser_url)
    waiting = asyncio.create_task(ada.get("/api/auth/me"))
    done, _ = await asyncio.wait([waiting], timeout=0.5)
    assert not done
    await held[0].close()
    assert (await waiting).status_code == 200
    await held[1].close()


async def test_those_who_wait_for_a_connection_keep_their_place(ada: Client) -> None:
    pool = connection_pool()
    held = [await pool.acquire() for _ in range(LIMIT)]
    served: list[int] = []

    async def take(number: int) -> None:
        connection = await pool.acquire()
        served.append(number)
        await asyncio.sleep(0)
        await pool.release(connection)

    async def limit_met() -> None:
        """Come back when somebody has tried the places that are left, and put them aside."""
        for aside in (False, True):
            while bool(pool._aside) is not aside:  # noqa: ASYNC110
                await asyncio.sleep(0)

    waiting = [asyncio.create_task(take(0))]
    await limit_met()
    waiting += [asyncio.create_task(take(number)) for number in range(1, 30)]
    await limit_met()
    for connection in held:
        await pool.release(connection)
    await asyncio.gather(*waiting)
    assert served == sorted(served)


async def test_without_any_connection_a_request_is_answered_503(
    ada: Client, superuser_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await take_all(superuser_url)
    for name in ("api.db.deadline.SECONDS", "api.endpoints.health.READY_SECONDS"):
        monkeypatch.setattr(name, 1)
    assert (await ada.get("/api/auth/me")).status_code == 503
    assert (await ada.get("/health/ready")).status_code == 503
    for connection in held:
        await connection.close()


@pytest.mark.parametrize("limited", ["user", "database"])
async def test_a_start_that_would_take_too_many_is_refused(
    database_url: str, superuser_url: str, limited: str
) -> None:
    if limited == "database":
        name = superuser_url.split("/")[3].split("?")[0]
        await sql(
            superuser_url,
            f"ALTER DATABASE {name} CONNECTION LIMIT {LIMIT}",
            "ALTER ROLE limited CONNECTION LIMIT -1",
            "SELECT 1",
        )
    await refuse_too_few_connections(database_url, 1, LIMIT)
    with pytest.raises(DatabaseError, match="grants 2"):
        await refuse_too_few_connections(database_url, LIMIT, LIMIT)
    done = await run("serve", url=database_url)
    assert done.returncode == 1
    assert is_one_line(done.stderr)
    assert "WORKERS × DATABASE_POOL is 1 × 10 = 10 connections" in done.stderr


async def test_a_start_counts_what_is_reserved_for_others(
    database_url: str, superuser_url: str
) -> None:
    await sql(superuser_url, "ALTER ROLE limited CONNECTION LIMIT -1", "SELECT 1")
    [[most]] = await sql(superuser_url, "SELECT current_setting('max_connections')::int")
    await refuse_too_few_connections(superuser_url, 1, most)
    await refuse_too_few_connections(database_url, 1, most - 3)
    for url, number in ((superuser_url, most + 1), (database_url, most - 2)):
        with pytest.raises(DatabaseError, match="max_connections"):
            await refuse_too_few_connections(url, 1, number)
