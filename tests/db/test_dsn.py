"""The URL of the database: its parts, its hosts, and what is said about one that is of no use."""

import asyncio
import shutil
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psutil
import pytest
from tortoise.exceptions import DBConnectionError

from api.db.dsn import Dsn, Host, connect, host_of
from embedded_postgres.programs import command_in
from embedded_postgres.programs import run as run_program
from embedded_postgres.server import embedded_postgres, runs_on
from tests.conftest import Client, World, new_database
from tests.db.test_deadline import stopped
from tests.helpers.command_line import is_one_line, run
from tests.helpers.database import let_others_enter, sql
from tests.helpers.serving import free_port
from tests.ops.test_maintenance import prepend

SECRET = "s3cret"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://u:p%40w@h/d", ([Host("h", 5432)], "u", "p@w", "d", {})),
        ("postgresql://u:p@w:#50%x@h:6000/d", ([Host("h", 6000)], "u", "p@w:#50%x", "d", {})),
        ("postgres://u@server:pw@h/d", ([Host("h", 5432)], "u@server", "pw", "d", {})),
        ("postgres://%2Frun%2Fx/d?user=u&password=p%26w",
         ([Host("/run/x", 5432)], "u", "p&w", "d", {})),
        ("postgres://a,b:6000,[::1]:6001/d?port=7000&target_session_attrs=any",
         ([Host("a", 7000), Host("b", 6000), Host("::1", 6001)], None, None, "d",
          {"target_session_attrs": "any"})),
        ("postgres:///d?host=/x,y&port=1,2&connect_timeout=9",
         ([Host("/x", 1), Host("y", 2)], None, None, "d",
          {"target_session_attrs": "read-write"})),
        ("postgres://h?sslmode=verify-full&sslrootcert=/a+b%20c&dbname=d",
         ([Host("h", 5432)], None, None, "d",
          {"sslmode": "verify-full", "sslrootcert": "/a+b c"})),
        ("postgres://", ([], None, None, None, {})),
    ],
)  # fmt: skip
def test_a_url_has_the_parts_that_it_has_for_libpq(url: str, expected: object) -> None:
    assert Dsn.parse(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        f"postgres://u:{SECRET}/x@h/d",
        f"postgres://u:x?{SECRET}@h/d",
        f"postgres://{SECRET}@a,,b/d",
        f"postgres://{SECRET}@:6000/d",
        f"postgres://{SECRET}@a,b,c/d?port=1,2",
        f"postgres://{SECRET}@a/d?port=x",
        f"postgres://a/d?{SECRET}",
        f"mysql://{SECRET}@a/d",
    ],
)
def test_a_url_that_cannot_be_read_is_not_shown(url: str) -> None:
    with pytest.raises(DBConnectionError, match="its URL") as refused:
        Dsn.parse(url)
    assert SECRET not in str(refused.value)


@asynccontextmanager
async def hanging() -> AsyncIterator[Host]:
    """Yield a host that takes connections, and never says anything."""

    async def wait(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(wait, "127.0.0.1", 0) as listener:
        yield Host("127.0.0.1", listener.sockets[0].getsockname()[1])


def with_hosts(url: str, *hosts: object) -> str:
    """Return a URL of a socket with other hosts."""
    return url.partition("?")[0] + f"?host={','.join(map(str, hosts))}"


def folder_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["host"][0]


async def test_no_host_that_hangs_keeps_us_from_the_others(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.db.dsn.CONNECT_SECONDS", 600)
    good = folder_of(postgres_url)
    async with hanging() as host, asyncio.timeout(60):
        url = with_hosts(postgres_url, host, f"127.0.0.1:{free_port()}", good)
        connection = await connect(url)
        assert host_of(connection).startswith(good)
        await connection.close()
        # Now the good one is asked first.
        monkeypatch.setattr("api.db.dsn.HEAD_START_SECONDS", 600)
        await (await connect(url)).close()


@pytest.fixture
async def guarded(postgres: asyncpg.Connection, postgres_url: str) -> AsyncIterator[str]:
    """Yield the folder of a PostgreSQL where the user `guarded` needs a password."""
    folder = folder_of(postgres_url)
    hba = f"{folder}/pg_hba.conf"
    before = prepend(hba, "local all guarded scram-sha-256")
    await postgres.execute("CREATE ROLE guarded LOGIN PASSWORD 'x'")
    await postgres.execute("SELECT pg_reload_conf()")
    yield folder
    prepend(hba, "", before)
    await postgres.execute("DROP ROLE guarded")
    await postgres.execute("SELECT pg_reload_conf()")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgres://u:{SECRET}@127.0.0.1:{port}/d", "127.0.0.1:{port}: connection refused."),
        ("postgres://u:{SECRET}@[::1]:{port},127.0.0.1:{port}/d", "; 127.0.0.1:{port}: "),
        ("postgres://u:{SECRET}@u:{SECRET}@127.0.0.1/d?x", "an option of its URL"),
        ("postgres://u:{SECRET}@no.such.host.invalid/d", "no.such.host.invalid:5432: "),
        ("postgres://guarded:{SECRET}@/corkboard?host={guarded}", "password authentication failed"),
        ("postgres://nobody:{SECRET}@/corkboard?host={guarded}", 'role "nobody" does not exist.'),
        ("postgres://postgres:{SECRET}@/no?host={guarded}", "Create it with a UTF-8 locale"),
        ("postgres://u:{SECRET}@h/d?sslmode=sure", "`sslmode` parameter must be one of"),
        ("postgres://u:{SECRET}@h/d?sslmode=verify-full&sslrootcert=/no/file",
         "/no/file can't be read, which its URL names as sslrootcert."),
        ("postgres://postgres:{SECRET}@/corkboard?host={guarded}&pgbouncer=true",
         'unrecognized configuration parameter "pgbouncer".'),
        ("postgres://postgres:{SECRET}@/corkboard?host={guarded}&target_session_attrs=standby",
         "not standby."),
    ],
)  # fmt: skip
async def test_a_refusal_says_in_a_line_what_is_wrong(guarded: str, url: str, reason: str) -> None:
    facts = {"SECRET": SECRET, "guarded": guarded, "port": free_port()}
    done = await run("migrate", url=url.format(**facts))
    assert done.returncode == 1
    assert is_one_line(done.stderr)
    assert done.stderr.startswith("The database can't be reached: ")
    assert reason.format(**facts) in done.stderr
    assert SECRET not in done.stderr


@pytest.fixture
def patience() -> dict[str, Any]:
    """Return the real deadlines."""
    return {"api.app.JOBS": ()}


def clone(primary: Path, standby: Path) -> None:
    """Make a standby that follows the primary."""
    let_others_enter(primary.parent)  # It comes by the socket's path.
    standby.mkdir(mode=0o700)
    shutil.chown(standby, primary.owner(), primary.group())
    options = ("-h", str(primary), "-U", "postgres", "-R", "-c", "fast", "--no-sync")
    run_program(**command_in(standby, "pg_basebackup", *options))


@pytest.fixture
async def own_url(
    postgres: asyncpg.Connection, postgres_url: str, folder: Path
) -> AsyncIterator[str]:
    """Yield a database on two hosts, the second of which is a standby."""
    primary, standby = Path(folder_of(postgres_url)), folder / "standby"
    async with new_database(postgres, postgres_url) as url:
        await asyncio.to_thread(clone, primary, standby)
        with embedded_postgres(standby):
            yield with_hosts(url, primary, standby)


async def test_a_standby_takes_over_from_a_primary_that_hangs(
    world: World, ada: Client, own_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    primary, standby = folder_of(own_url).split(",")
    at_standby = with_hosts(own_url, standby)

    async with asyncio.timeout(120):
        board = (await ada.post("/api/boards", json={"title": "x"})).json()
        while not await sql(at_standby, "SELECT FROM boards"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        processes = [each.pid for each in psutil.process_iter() if runs_on(each, Path(primary))]
        with stopped(processes):
            while "Database lost: no answer" not in caplog.text:
                assert (await ada.get("/api/boards")).status_code == 503
            await sql(at_standby, "SELECT pg_promote()")
            while (await ada.get(f"/api/boards/{board['id']}")).status_code == 503:
                pass
            assert (await ada.post("/api/boards", json={"title": "y"})).status_code == 201
            assert len((await ada.get("/api/boards")).json()) == 2
    assert f"Database back on {standby}" in caplog.text
    assert SECRET not in caplog.text
