"""Poolers before PostgreSQL, such as PgBouncer, which lend its sessions to clients in turn.

In session mode a client has one until it leaves, in transaction mode for each transaction: what is
set or prepared there is the next client's, too.
"""

import asyncio
from typing import Any

import asyncpg

from api.db.dsn import TooManyConnections, connect
from api.db.errors import DatabaseError
from api.db.origin import Connection
from api.logs import log
from api.settings import settings

STARTUP = ("application_name", "timezone")  # what poolers take when a session begins
STATEMENTS = 100  # that a connection remembers
LEND_SECONDS = 0.5  # until a pooler that lends no session counts as full


class UnnamedStatements(Connection):
    """A connection that sends a statement's text each time, in the same round trip.

    It remembers only what PostgreSQL has said about the statement's parameters and columns.
    """

    async def _get_statement(self, *args: Any, named: Any = False, **options: Any) -> Any:
        statement = await super()._get_statement(*args, named=named or "", **options)
        if not statement.name:
            statement.mark_unprepared()
        return statement


def session_settings(seconds: float | None) -> dict[str, str]:
    """Return what a session is set to, for statements of at most so many seconds."""
    return {
        "application_name": "corkboard",
        "timezone": "UTC",
        "jit": "off",
        # Of a search's matches some are taken without an order: the same ones each time.
        "synchronize_seqscans": "off",
        "statement_timeout": f"{seconds or 0}s",
        # What nobody waits for any more ends soon, and gives back its locks.
        "client_connection_check_interval": "500ms",
        "idle_in_transaction_session_timeout": f"{seconds or 0}s",
    }


def pool_options(url: str, seconds: float | None) -> dict[str, Any]:
    """Return asyncpg's options for a pool of connections to `url`."""
    session = session_settings(seconds)
    pooler = settings().database_pooler if url == settings().database_url else None
    options = {"statement_cache_size": STATEMENTS, "connection_class": Connection}
    if not pooler:
        return options | {"server_settings": session}
    options["server_settings"] = {name: session.pop(name) for name in STARTUP}
    if pooler == "transaction":
        return options | {"connection_class": UnnamedStatements}

    async def set_up(connection: asyncpg.Connection) -> None:
        try:
            async with asyncio.timeout(LEND_SECONDS):
                await connection.execute(
                    "SELECT set_config(name, value, false) "
                    "FROM unnest($1::text[], $2::text[]) AS each (name, value)",
                    [*session],
                    [*session.values()],
                )
        except TimeoutError:
            connection.terminate()
            raise TooManyConnections("The pooler lends no more sessions.") from None

    return options | {"init": set_up}


async def refuse_other_pooler(url: str) -> None:
    """Raise DatabaseError unless DATABASE_POOLER says what is behind `url`."""
    pooler = settings().database_pooler if url == settings().database_url else None
    connections = [await connect(url) for _ in range(2 if pooler == "session" else 1)]
    try:
        pids = [await each.fetchval("SELECT pg_backend_pid()") for each in connections]
        # A pooler tells a number of its own when it is connected to.
        if not pooler and pids[0] != connections[0].get_server_pid():
            if url == settings().database_direct_url:
                raise DatabaseError("DATABASE_DIRECT_URL leads to a pooler, not to PostgreSQL.")
            raise DatabaseError(
                "DATABASE_URL leads to a pooler, such as PgBouncer. Set DATABASE_POOLER to its "
                "mode, session or transaction, and DATABASE_DIRECT_URL to the URL of PostgreSQL "
                "itself."
            )
        if len(set(pids)) < len(pids):
            raise DatabaseError(
                "The pooler of DATABASE_URL lends one session to two clients, as in transaction "
                "mode. Set DATABASE_POOLER=transaction, or the pooler's pool_mode to session."
            )
    finally:
        for each in connections:
            await each.close()


async def warn_of_settings(url: str, seconds: float) -> None:
    """Log what a session in transaction mode should be set to by the pooler, and isn't."""
    wanted = session_settings(seconds)
    connection = await connect(url)
    try:
        rows = await connection.fetch(
            "SELECT name FROM unnest($1::text[]) AS name "
            "WHERE current_setting(name) IN ('on', '0')",
            [*wanted],
        )
    finally:
        await connection.close()
    if rows:
        log.warning(
            "The pooler's sessions lack settings. Let its connect_query set them: %s",
            "; ".join(f"SET {name} = '{wanted[name]}'" for [name] in rows),
        )
