"""The state of PostgreSQL and of the pool of connections."""

import asyncio
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import asyncpg
from tortoise import Tortoise


def let_others_enter(folder: Path) -> None:
    """Let PostgreSQL's user pass through a temporary folder to what they may read in there."""
    for each in (folder, Path(gettempdir())):
        mode = each.stat().st_mode
        if mode & 0o011 != 0o011:
            each.chmod(mode | 0o011)


async def sql(url: str, *queries: str) -> list[asyncpg.Record]:
    """Run the queries, and return the rows of the last."""
    connection = await asyncpg.connect(url)
    try:
        for query in queries[:-1]:
            await connection.execute(query)
        rows: list[asyncpg.Record] = await connection.fetch(queries[-1])
        return rows
    finally:
        await connection.close()


async def waits_for_a_lock(connection: asyncpg.Connection, sessions: int = 1) -> None:
    """Return once so many other sessions wait for locks."""
    # Not pg_stat_activity, of which a transaction sees only what there was at first.
    waiting = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
    async with asyncio.timeout(30):
        while await connection.fetchval(waiting) < sessions:  # noqa: ASYNC110  # it can't tell
            await asyncio.sleep(0.01)


def connection_pool() -> asyncpg.Pool:
    """Return the pool behind Tortoise, once something has used it."""
    pool: Any = Tortoise.get_connection("default")._pool
    assert pool is not None
    return pool


def pool_is_whole() -> bool:
    pool = connection_pool()
    return pool.get_idle_size() == pool.get_size()


async def pool_gets_whole() -> None:
    """Wait for the connections of batches whose callers have given up, which end a moment later."""
    async with asyncio.timeout(30):
        while not pool_is_whole():  # noqa: ASYNC110  # it tells in no other way
            await asyncio.sleep(0.01)
