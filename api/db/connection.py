"""The database: how Tortoise connects, the unit of work, and migrations at start."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple

import asyncpg
from tortoise import Model, Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionalDBClient, TransactionContextPooled
from tortoise.context import TortoiseContext
from tortoise.transactions import in_transaction

from api.db.clock import present_clock
from api.db.deadline import Line, present_deadline
from api.db.dsn import CONNECT_SECONDS, TooManyConnections, connect, host_of
from api.db.errors import DatabaseError
from api.db.pooler import pool_options
from api.logs import log, warn_rarely

MIGRATIONS = Path(__file__).parents[2] / "migrations"
# Names the lock that lets one process migrate at a time; any number that nobody else uses.
MIGRATION_LOCK = 20_260_501
MIGRATION_SECONDS = 600  # how long a process waits for another's migrations

# A request gives up earlier (api/db/deadline.py); these are for the command line and for the worst.
STATEMENT_SECONDS = 10.0
RELEASE_SECONDS = 0.1
LOST_SECONDS = 1.0  # a connection that is given up after as long means that the database is lost
FULL_SECONDS = 0.3  # until a PostgreSQL that had no connection left is asked again

# Migrations that had another name when the first databases were made.
RENAMED = {
    "0_20261123085142_init.py": "0_20261123104128_init.py",
    "0_20261123101045_init.py": "0_20261123104128_init.py",
    "1_20261123085142_constraints.py": "1_20261123104128_constraints.py",
    "1_20261123101045_constraints.py": "1_20261123104128_constraints.py",
    "2_20261123125640_idle_sessions.py": "2_20261123133049_idle_sessions.py",
}


class Pool(asyncpg.Pool):
    """asyncpg's pool, in which nobody waits for a connection for ever, and everybody in turn.

    Those who wait are in a line, which moves when a connection comes back that still works.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._line = Line()
        self._few = asyncio.Lock()  # for those who wait since PostgreSQL grants no more
        self._aside = 0  # places
        self._host: str | None = None
        self._lost_at: float | None = None

    async def _acquire(self, seconds: float | None) -> Any:
        """Take a connection. Where PostgreSQL grants no more, wait in turn for those there are."""
        present_clock().start()
        try:
            with self._line.waiting():
                async with asyncio.timeout(seconds):
                    if not (self._aside or self._few.locked()):
                        try:
                            return await super()._acquire(None)
                        except TooManyConnections:
                            self._put_aside()
                    async with self._few:
                        while True:
                            try:
                                return await super()._acquire(None)
                            except TooManyConnections:
                                self._put_aside()
        except BaseException:
            present_clock().stop()
            raise

    async def _get_new_connection(self) -> Any:
        """Connect, and log when the database is lost and when it is back.

        Once another host has answered, no connection to the one before is used any more.
        """
        begin = self._loop.time()
        try:
            connection = await super()._get_new_connection()
        except TooManyConnections:
            raise
        except BaseException as error:
            took = self._loop.time() - begin
            if self._lost_at is None and (isinstance(error, Exception) or took > LOST_SECONDS):
                self._lost_at = begin
                log.error("Database lost: %s", str(error) or f"no answer within {took:.1f} s")
            raise
        host = host_of(connection)
        if self._lost_at is not None:
            seconds, self._lost_at = self._loop.time() - self._lost_at, None
            log.warning("Database back on %s after %.1f s", host, seconds)
        if self._host not in (None, host):
            await self.expire_connections()
        self._host = host
        return connection

    def _put_aside(self) -> None:
        """Let nobody try the places without a connection for a while, so that they get others."""
        warn_rarely(
            "connections",
            f"PostgreSQL grants {self.get_size()} of DATABASE_POOL = {self.get_max_size()} "
            "connections: requests wait in line for them. Lower DATABASE_POOL or WORKERS, or raise "
            "PostgreSQL's max_connections.",
        )
        free = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        empty = [place for place in free if not place.is_connected()]
        for place in reversed(free):
            if place.is_connected():
                self._queue.put_nowait(place)
        self._aside += len(empty)
        self._loop.call_later(FULL_SECONDS, self._bring_back, empty)

    def _bring_back(self, places: list[Any]) -> None:
        self._aside -= len(places)
        for place in places:
            self._queue.put_nowait(place)

    def acquire(self, *, timeout: float | None = None) -> Any:
        """Acquire a connection until the deadline. Without one, wait `CONNECT_SECONDS` at most."""
        return super().acquire(timeout=None if present_deadline() else CONNECT_SECONDS)

    async def release(
        self,
        connection: Any,
        *,
        timeout: float | None = RELEASE_SECONDS,  # noqa: ASYNC109  # as asyncpg calls it
    ) -> None:
        """Take a connection back, or close it if it doesn't soon forget an abandoned statement."""
        its, deadline = connection._con, present_deadline()
        try:
            await super().release(connection, timeout=timeout)
        finally:
            present_clock().stop()
        has_given_up = deadline is not None and deadline.ends is None
        if not (its is None or its.is_closed() or has_given_up):
            self._line.moved()


class Transaction(TransactionContextPooled):
    """Tortoise's transaction, which gives its connection back even when BEGIN or ROLLBACK fails."""

    async def __aenter__(self) -> TransactionalDBClient:
        try:
            return await super().__aenter__()
        except BaseException as error:
            if hasattr(self, "token"):  # set once the connection was acquired
                await self.__aexit__(type(error), error, error.__traceback__)
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, TimeoutError | asyncio.CancelledError):
            # Who ran out of time doesn't wait for a ROLLBACK either; to close does the same.
            self.client._connection.terminate()
        try:
            await super().__aexit__(kind, error, traceback)
        except Exception:
            # A rollback on a connection that was lost says less than what lost it.
            if error is None:
                raise


class Client(AsyncpgDBClient):
    """Tortoise's connection to PostgreSQL by URL, on our pool and with our timeouts."""

    async def create_pool(self, **options: Any) -> asyncpg.Pool:
        # A migration may have every row of a large table to write.
        seconds = None if self.extra.get("no_timeout") else STATEMENT_SECONDS
        return await Pool(
            self.extra["dsn"],
            min_size=0,  # The first is made as all others are.
            max_size=self.pool_maxsize,
            max_queries=50_000,
            max_inactive_connection_lifetime=300.0,
            loop=None,
            connect=connect,
            record_class=asyncpg.Record,
            # asyncpg's own reset is a round trip after each request. Nothing here leaves anything
            # to reset: no SET, no advisory lock and no LISTEN runs on a pooled connection.
            reset=_leave_as_is,
            command_timeout=seconds,
            **pool_options(self.extra["dsn"], seconds),
        )

    def _in_transaction(self) -> Transaction:
        return Transaction(TransactionWrapper(self), self._pool_init_lock)


# What Tortoise looks for in the module that its configuration names as the engine.
client_class = Client


async def _leave_as_is(connection: object) -> None:
    return None


def tortoise_config(
    url: str, connections: int = 5, *, no_statement_timeout: bool = False
) -> dict[str, Any]:
    """Return Tortoise's configuration for the database at `url`."""
    return {
        "connections": {
            "default": {
                "engine": "api.db.connection",
                "credentials": {
                    "dsn": url,
                    "maxsize": connections,
                    "no_timeout": no_statement_timeout,
                },
            }
        },
        "apps": {
            "models": {
                "models": ["models.tables", "aerich.models"],
                "default_connection": "default",
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }


# For aerich's command line, which compares models with migrations and needs no database.
TORTOISE_ORM = tortoise_config("postgres://offline/")


@asynccontextmanager
async def database(url: str, connections: int = 5) -> AsyncIterator[None]:
    """Connect Tortoise to `url` for every task of this process."""
    context = TortoiseContext()
    async with context:
        await context.init(tortoise_config(url, connections), _enable_global_fallback=True)
        yield


class SharedUnit(AbstractAsyncContextManager[TransactionalDBClient]):
    """A transaction that its first use begins, and that stays open after each.

    A use that fails is rolled back to where it began, and so gives back the locks that it took.
    """

    def __init__(self, stack: AsyncExitStack, begun: Callable[[], Awaitable[None]]) -> None:
        self._stack = stack
        self._begun = begun
        self._client: TransactionalDBClient | None = None
        self._savepoints: list[Any] = []

    async def __aenter__(self) -> TransactionalDBClient:
        if self._client is None:
            self._client = await self._stack.enter_async_context(in_transaction())
            await self._begun()
        savepoint = self._client._connection.transaction()
        await savepoint.start()
        self._savepoints.append(savepoint)
        return self._client

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        savepoint = self._savepoints.pop()
        await (savepoint.rollback() if kind else savepoint.commit())


_shared_unit: ContextVar[SharedUnit | None] = ContextVar("shared_unit", default=None)


def unit_of_work() -> AbstractAsyncContextManager[TransactionalDBClient]:
    """Return a transaction: every write of a request happens inside one, or not at all."""
    return _shared_unit.get() or in_transaction()


async def _nothing() -> None:
    """Begin with nothing."""


@asynccontextmanager
async def shared_unit_of_work(
    begun: Callable[[], Awaitable[None]] = _nothing,
) -> AsyncIterator[None]:
    """Make all units of work in here one, which ends with the block, or with that around it.

    `begun` is its first part.
    """
    if shares_unit_of_work():
        yield
        return
    async with AsyncExitStack() as stack:
        token = _shared_unit.set(SharedUnit(stack, begun))
        try:
            yield
        finally:
            _shared_unit.reset(token)


def shares_unit_of_work() -> bool:
    """Tell whether the units of work of this task are one."""
    return _shared_unit.get() is not None


async def lock_row(row: Model, strength: Literal["KEY SHARE", "SHARE"] = "KEY SHARE") -> bool:
    """Hold a row so that nobody deletes it before this unit of work ends; False if it is gone.

    With the strength SHARE nobody changes it either.
    """
    table, key = row._meta.db_table, row._meta.db_pk_column
    return bool(
        await Tortoise.get_connection("default").execute_query_dict(
            f'SELECT 1 FROM "{table}" WHERE "{key}" = $1 FOR {strength}',  # noqa: S608  # our names
            [row.pk],
        )
    )


class Migrations(NamedTuple):
    """The migrations of this program beside those of a database, by their names, in order."""

    pending: list[str]
    unknown: list[str]


def known_migrations() -> list[str]:
    """Return the names of this program's migrations. Raises DatabaseError when it has none."""
    files = [file.name for file in MIGRATIONS.glob("models/[0-9]*_*.py")]
    if not files:
        raise DatabaseError(f"There are no migrations in {MIGRATIONS}.")
    return files


async def migrations_of(connection: asyncpg.Connection) -> Migrations:
    """Compare the migrations that the database has had with the program's.

    Raises DatabaseError when the program has none.
    """
    files = known_migrations()
    applied: set[str] = set()
    if await connection.fetchval("SELECT to_regclass('aerich')"):
        rows = await connection.fetch("SELECT version FROM aerich")
        applied = {RENAMED.get(row["version"], row["version"]) for row in rows}
    return Migrations(
        sorted(set(files) - applied, key=lambda name: int(name.split("_")[0])),
        sorted(applied - set(files)),
    )


async def refuse_without_case(connection: asyncpg.Connection) -> None:
    """Raise DatabaseError for a database whose locale doesn't know upper and lower case."""
    if await connection.fetchval("SELECT lower('Ж') <> 'ж'"):
        raise DatabaseError(
            "The database's locale doesn't know upper and lower case beyond ASCII. "
            "Create it with a UTF-8 locale, such as C.UTF-8."
        )


async def migrate(url: str) -> list[str]:
    """Bring the database at `url` up to date and return the names of the migrations applied.

    Any number of processes may do so at once: one works, the others wait for it.
    Raises DatabaseError for a database whose locale doesn't know upper and lower case or that a
    newer program has migrated, and DBConnectionError for one that can't be reached.
    """
    connection = await connect(url)
    try:
        await refuse_without_case(connection)
        if not await _pending(connection):
            return []
        async with _migration_lock(url):
            if pending := await _pending(connection):
                await _rename(connection)
                await _apply(url)
            return pending
    finally:
        await connection.close()


async def _pending(connection: asyncpg.Connection) -> list[str]:
    """Return the migrations that the database lacks. Raises DatabaseError if it has others."""
    pending, unknown = await migrations_of(connection)
    if unknown:
        raise DatabaseError(
            f"The database is from a newer version of Corkboard: it has had the migration "
            f"{unknown[-1]}, which this one doesn't know. Start that version, or restore a "
            "backup from before it into another database."
        )
    return pending


@asynccontextmanager
async def _migration_lock(url: str) -> AsyncIterator[None]:
    """Let one process migrate at a time. Raises DatabaseError if another takes too long.

    The lock belongs to a transaction: a session's would stay with the pooler's connection.
    """
    connection = await connect(url)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            until = time.monotonic() + MIGRATION_SECONDS
            attempt = "SELECT pg_try_advisory_xact_lock($1)"
            while not await connection.fetchval(attempt, MIGRATION_LOCK):
                if time.monotonic() > until:
                    raise DatabaseError(
                        "Another process has been migrating this database, or restoring a backup, "
                        f"for {MIGRATION_SECONDS} s. If none does, end its session in PostgreSQL: "
                        "pg_locks has it as an advisory lock."
                    )
                warn_rarely("migration", "Waiting for another process that migrates the database.")
                await asyncio.sleep(0.1)
            yield
    finally:
        await connection.close()


# Superusers are held to none of the limits but that of all connections.
CONNECTIONS = """
SELECT CASE WHEN rolsuper THEN current_setting('max_connections')::int ELSE least(
    current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0),
    nullif(datconnlimit, -1),
    nullif(rolconnlimit, -1)
) END
FROM pg_roles, pg_database WHERE rolname = session_user AND datname = current_database()
"""


async def refuse_too_few_connections(url: str, workers: int, pool: int) -> None:
    """Compare what the workers may take with what PostgreSQL grants this user in this database.

    Raises DatabaseError if that is less.
    """
    connection = await connect(url)
    try:
        granted = await connection.fetchval(CONNECTIONS)
    finally:
        await connection.close()
    if workers * pool > granted:
        raise DatabaseError(
            f"WORKERS × DATABASE_POOL is {workers} × {pool} = {workers * pool} connections, but "
            f"PostgreSQL grants {granted}. Lower one of them, or raise PostgreSQL's "
            "max_connections, or the CONNECTION LIMIT of the user or the database."
        )


async def _rename(connection: asyncpg.Connection) -> None:
    """Give migrations the names that aerich looks for."""
    if await connection.fetchval("SELECT to_regclass('aerich')"):
        await connection.executemany(
            "UPDATE aerich SET version = $2 WHERE version = $1", RENAMED.items()
        )


async def _apply(url: str) -> None:
    # Imported here because a start with nothing to migrate needn't load it.
    from aerich import Command

    async with Command(
        tortoise_config(url, no_statement_timeout=True), location=str(MIGRATIONS)
    ) as command:
        await command.upgrade()
