"""Everything runs through HTTP on a real PostgreSQL 16; each test finds a database without rows."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from itertools import count
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import pytest
from fastapi import FastAPI, Response
from pydantic import SecretStr

from api.app import create_app
from api.auth import passwords
from api.auth.passwords import hash_password
from api.auth.sessions import open_session
from api.db.connection import migrate
from api.ops.backup import restore
from api.settings import Settings, settings
from embedded_postgres.server import embedded_postgres
from models.enums import Role
from models.tables import Board, BoardUser, Column, Subtask, Task, User, unique_key

PASSWORD = "a harbour at dusk"

ENVIRONMENT = {
    "ENVIRONMENT": "development",
    "JWT_SECRET": "a secret that is long enough for tests",
    "COOKIE_SECURE": "false",
    "DATABASE_URL": "",
    "CORS_ORIGINS": "https://kanban.example",
    "TRUSTED_PROXIES": "",
    "RATE_LIMIT_LOGIN": "off",
    "RATE_LIMIT_REGISTER": "off",
    "RATE_LIMIT_PASSWORD": "off",
}
# The application's own hashes, and how those of the tests differ.
PASSWORDS = passwords._context
EASY_HASHES = {"argon2__memory_cost": 8, "argon2__time_cost": 1}

Rows = Callable[[], Awaitable[dict[str, list[asyncpg.Record]]]]


def with_database(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def pytest_configure(config: pytest.Config) -> None:
    # As Ctrl-C does, so that PostgreSQL stops, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    # For each request httpx would look anew whether trio is installed.
    patch.setattr(httpx._transports.asgi, "create_event", asyncio.Event)
    # Hashing a password is meant to take long, and is a tenth of the time of all tests.
    patch.setattr(passwords, "_context", PASSWORDS.copy(**EASY_HASHES))
    # Before tests are collected: some of them are made from the application's document.
    patch.setitem(Settings.model_config, "env_file", None)
    for name, value in ENVIRONMENT.items():
        patch.setenv(name, value)
    settings.cache_clear()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--backup", type=Path, help="run on what this backup holds, restored")


def has_own_instance(item: pytest.Item) -> bool:
    """Tell whether a test asks for an instance of the application that is no other test's."""
    return not {"app", "database_url"}.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Those of a file that can reuse an instance follow each other.
    files = {item.path: number for number, item in enumerate(items)}
    items.sort(key=lambda item: (files[item.path], has_own_instance(item)))


def pytest_collection_finish() -> None:
    # A fourteenth of the time would go into looking for garbage among all that the tests share.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def postgres_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """Yield a PostgreSQL whose database `corkboard` is migrated, the template of others."""
    # Not in pytest's folder, which it closes to the user that PostgreSQL runs as for root.
    with (
        TemporaryDirectory(prefix=f"{Path(gettempdir()).name}-", dir=memory()) as folder,
        embedded_postgres(Path(folder, "data")) as url,
    ):
        asyncio.run(prepare(url))
        if file := pytestconfig.getoption("backup"):
            restore(url, file)
        yield url


def memory() -> Path | None:
    """Return a folder in memory, if there is one with enough space.

    Each test's database is a thousand files, which takes a twentieth of the time there.
    """
    folder = Path("/dev/shm")
    roomy = os.access(folder, os.W_OK) and disk_usage(folder).free > 2e9
    return folder if roomy else None


async def prepare(url: str) -> None:
    """Make a database the template of others."""
    connection = await asyncpg.connect(with_database(url, "postgres"))
    # Nothing here must survive a power cut, and no database lives long.
    for name in ("fsync", "full_page_writes", "autovacuum"):
        await connection.execute(f"ALTER SYSTEM SET {name} = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()
    await migrate(url)


@pytest.fixture(scope="session")
async def postgres(postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection that makes databases."""
    connection = await asyncpg.connect(with_database(postgres_url, "postgres"))
    yield connection
    await Reused.stop()
    await connection.close()


NUMBERS = count()


@asynccontextmanager
async def new_database(
    postgres: asyncpg.Connection, postgres_url: str, template: str = "corkboard"
) -> AsyncIterator[str]:
    """Make a database like the template, and yield its URL.

    Only one application can run at a time, so the reused one is stopped.
    """
    await Reused.stop()
    name = f"test_{next(NUMBERS)}"
    # In memory, to copy files costs less than to copy their pages through the log.
    await postgres.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield with_database(postgres_url, name)
    await postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def other_url(postgres: asyncpg.Connection, postgres_url: str) -> AsyncIterator[str]:
    """Yield a database without any tables."""
    async with new_database(postgres, postgres_url, "template0") as url:
        yield url


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a folder that PostgreSQL's user may enter, too; pytest's own are closed to others."""
    with TemporaryDirectory() as name:
        yield Path(name)


@cache
def the_application() -> FastAPI:
    """Create the application that all tests share."""
    return create_app()


@pytest.fixture(scope="session")
def application() -> FastAPI:
    return the_application()


# How long a request may wait for the database: as long as a busy machine takes.
PATIENT: dict[str, Any] = {
    "api.db.deadline.SECONDS": 60,
    "api.resources.fast_path.SECONDS": 60,
    "api.endpoints.health.READY_SECONDS": 60,
    # Or some tests would find statements and changes of others than themselves.
    "api.app.JOBS": (),
    "api.live.notifier.NOTIFY_SECONDS": 3600,
    "api.live.stream.LIFE_SECONDS": 0,
}


@asynccontextmanager
async def running(
    application: FastAPI, url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    """Yield the application from its start to its stop, on the database at `url`."""
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    async with application.router.lifespan_context(application):
        yield
    settings.cache_clear()


class Instance(NamedTuple):
    """A running application, and its database."""

    app: FastAPI
    url: str


class Reused:
    """An instance of the application that goes on running from test to test.

    To make a database and to start takes most of a short test's time. What a test leaves in the
    database is deleted after it. A test that asks for `app` or `database_url` may do more than
    change rows, and so has an instance of its own, before which this one is stopped.
    """

    current: ClassVar["Reused | None"] = None

    def __init__(self, app: FastAPI, postgres: asyncpg.Connection, postgres_url: str) -> None:
        self._started: asyncio.Future[Instance] = asyncio.get_running_loop().create_future()
        self._ends = asyncio.Event()
        # A task, since what is entered during one test is left during another.
        self._task = asyncio.create_task(self._run(app, postgres, postgres_url))

    async def _run(self, app: FastAPI, postgres: asyncpg.Connection, postgres_url: str) -> None:
        try:
            async with AsyncExitStack() as stack:
                url = await stack.enter_async_context(new_database(postgres, postgres_url))
                with pytest.MonkeyPatch.context() as patch:
                    for name, seconds in PATIENT.items():
                        patch.setattr(name, seconds)
                    await stack.enter_async_context(running(app, url, patch))
                settings.cache_clear()
                self._connection = await asyncpg.connect(url)
                stack.push_async_callback(self._connection.close)
                # Without triggers, and so in any order of the tables.
                await self._connection.execute("SET session_replication_role = replica")
                tables = await self._connection.fetch(
                    "SELECT tablename FROM pg_tables "
                    "WHERE schemaname = 'public' AND tablename NOT IN ('aerich', 'event_log')"
                )
                self._delete = "; ".join(f'DELETE FROM "{table}"' for [table] in tables)
                self._started.set_result(Instance(app, url))
                await self._ends.wait()
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)

    async def empty(self) -> None:
        """Delete all rows."""
        await self._connection.execute(self._delete)

    @classmethod
    async def instance(
        cls, app: FastAPI, postgres: asyncpg.Connection, postgres_url: str
    ) -> Instance:
        """Return the instance, started if it doesn't run."""
        if not cls.current:
            reused = cls(app, postgres, postgres_url)
            await reused._started
            cls.current = reused
        return await cls.current._started

    @classmethod
    async def stop(cls) -> None:
        """Stop it, if it runs."""
        reused, cls.current = cls.current, None
        if reused:
            reused._ends.set()
            await reused._task


@pytest.fixture
def patience() -> dict[str, Any]:
    """Return the seconds that differ from the application's; tests of deadlines return fewer."""
    return PATIENT


@pytest.fixture
async def own_url(
    request: pytest.FixtureRequest,
    postgres: asyncpg.Connection,
    postgres_url: str,
    patience: dict[str, Any],
) -> AsyncIterator[str | None]:
    """Yield a fresh, migrated database for a test that may do anything to it; else None."""
    if (
        has_own_instance(request.node)
        or patience is not PATIENT
        or request.config.getoption("backup")
    ):
        async with new_database(postgres, postgres_url) as url:
            yield url
    else:
        yield None


@pytest.fixture
def database_url(own_url: str | None) -> str:
    """Return the URL of the database, which is this test's own."""
    assert own_url
    return own_url


@pytest.fixture
async def instance(
    application: FastAPI,
    postgres: asyncpg.Connection,
    postgres_url: str,
    own_url: str | None,
    monkeypatch: pytest.MonkeyPatch,
    patience: dict[str, Any],
) -> AsyncIterator[Instance]:
    """Yield a running application whose database has no rows."""
    for name, seconds in patience.items():
        monkeypatch.setattr(name, seconds)
    if own_url:
        async with running(application, own_url, monkeypatch):
            yield Instance(application, own_url)
    else:
        yield await Reused.instance(application, postgres, postgres_url)
        if Reused.current:
            await Reused.current.empty()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def real_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with the application's own parameters."""
    monkeypatch.setattr(passwords, "_context", PASSWORDS)


class Cookies(httpx.Cookies):
    """Keeps one cookie of a name, as a browser does, whether an answer or a test sets it."""

    def set(self, name: str, value: str, domain: str = "corkboard.test", path: str = "/") -> None:
        super().set(name, value, domain, path)


@pytest.fixture
def app(instance: Instance) -> FastAPI:
    """Return the running application, which is this test's own."""
    return instance.app


class Client(httpx.AsyncClient):
    """Somebody who talks to the API; `user` is who they signed in as."""

    user: User

    @property
    def id(self) -> str:
        return str(self.user.id)

    async def delete_account(self, query: str = "", of: str | None = None) -> httpx.Response:
        """Delete an account, one's own if it isn't said whose, which takes the password."""
        body = {"current_password": PASSWORD}
        return await self.request("DELETE", f"/api/users/{of or self.id}{query}", json=body)


class World:
    """Makes people and boards, each with one line."""

    def __init__(self, app: FastAPI, hashed_password: str) -> None:
        self.app = app
        self.hashed_password = hashed_password
        self.clients: list[Client] = []

    def client(self) -> Client:
        """Return somebody who isn't signed in."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        client = Client(
            transport=transport,
            base_url="http://corkboard.test",
            # Or no two answers would be the same, and each long one would be compressed.
            headers={"X-Request-ID": "test", "Accept-Encoding": "identity"},
        )
        client._cookies = Cookies()
        self.clients.append(client)
        return client

    async def user(self, username: str, *, is_admin: bool = False) -> User:
        email = f"{username}@example.com"
        return await User.create(
            username=username,
            username_key=unique_key(username),
            email=email,
            email_key=unique_key(email),
            avatar_url=f"/api/avatars/{username}.svg",
            hashed_password=self.hashed_password,
            is_admin=is_admin,
        )

    async def sign_in(self, user: User) -> Client:
        """Return the user's client, with a real session and its cookie."""
        response = Response()
        await open_session(user, response)
        client = self.client()
        name, value = response.headers["set-cookie"].split(";")[0].split("=", 1)
        client.cookies.set(name, value)
        client.user = user
        return client

    async def person(self, username: str, *, is_admin: bool = False) -> Client:
        return await self.sign_in(await self.user(username, is_admin=is_admin))

    async def board(
        self, creator: User, *, is_public: bool = False, members: dict[User, Role] | None = None
    ) -> Board:
        board = await Board.create(title="Website launch", is_public=is_public)
        await self.join(board, creator, Role.CREATOR)
        for user, role in (members or {}).items():
            await self.join(board, user, role)
        return board

    async def join(self, board: Board, user: User, role: Role = Role.MEMBER) -> BoardUser:
        return await BoardUser.create(board=board, user=user, role=role)

    async def column(self, board: Board, position: int = 0) -> Column:
        return await Column.create(
            board=board, title=f"Column {position}", rank=f"{position + 1:013x}"
        )

    async def task(self, column: Column, position: int = 0) -> Task:
        return await Task.create(
            column=column, title=f"Task {position}", rank=f"{position + 1:013x}"
        )

    async def subtask(self, task: Task, title: str = "Step") -> Subtask:
        return await Subtask.create(task=task, title=title)


@pytest.fixture(scope="session")
async def hashed_password() -> str:
    return await hash_password(SecretStr(PASSWORD))


@pytest.fixture
async def world(instance: Instance, hashed_password: str) -> AsyncIterator[World]:
    world = World(instance.app, hashed_password)
    yield world
    for client in world.clients:
        await client.aclose()


@pytest.fixture
async def anonymous(world: World) -> Client:
    return world.client()


@pytest.fixture
async def ada(world: World) -> Client:
    return await world.person("ada")


@pytest.fixture
async def board(ada: Client, world: World) -> Board:
    """Return a private board of ada's."""
    return await world.board(ada.user)


@pytest.fixture
async def column(board: Board, world: World) -> Column:
    return await world.column(board)


@pytest.fixture
async def abcd(column: Column) -> list[Task]:
    """Return the column's tasks, each with a letter for its title."""
    return [await Task.create(column=column, title=title) for title in "abcd"]


@pytest.fixture
async def bob(world: World) -> Client:
    return await world.person("bob")


@pytest.fixture
async def admin(world: World) -> Client:
    return await world.person("root", is_admin=True)


@asynccontextmanager
async def rows_at(url: str) -> AsyncIterator[Rows]:
    """Yield a function that reads every row of every table, to tell whether anything changed."""
    connection = await asyncpg.connect(url)

    async def read() -> dict[str, list[asyncpg.Record]]:
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return {t: await connection.fetch(f'SELECT * FROM "{t}" ORDER BY 1') for [t] in tables}

    yield read
    await connection.close()


@pytest.fixture
async def rows(
    application: FastAPI, postgres: asyncpg.Connection, postgres_url: str, own_url: str | None
) -> AsyncIterator[Rows]:
    url = own_url or (await Reused.instance(application, postgres, postgres_url)).url
    async with rows_at(url) as read:
        yield read


@pytest.fixture(scope="module")
async def shared_url(postgres: asyncpg.Connection, postgres_url: str) -> AsyncIterator[str]:
    """Yield a database that the tests of a file share; see `shared_world`."""
    async with new_database(postgres, postgres_url) as url:
        yield url


@pytest.fixture(scope="module")
async def shared_world(
    application: FastAPI, shared_url: str, hashed_password: str
) -> AsyncIterator[World]:
    """Yield the world of a file whose tests change no rows, or put all rows into place themselves.

    There is one application, so such a file has no test with an `app` or a `world` of its own.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, seconds in PATIENT.items():
            patch.setattr(name, seconds)
        async with running(application, shared_url, patch):
            world = World(application, hashed_password)
            yield world
            for client in world.clients:
                await client.aclose()
    settings.cache_clear()
