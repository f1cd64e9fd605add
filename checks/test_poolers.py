"""Behind PgBouncer in both modes, with the configuration of docs/deployment.md."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from api.db.pooler import warn_of_settings
from checks.conftest import DEVELOPMENT, Server, free_port, server
from embedded_postgres.server import embedded_postgres
from tests.helpers.command_line import call, is_one_line
from tests.helpers.database import let_others_enter, sql
from tests.helpers.documents import Document

pytestmark = pytest.mark.poolers
PAGE = Document("docs/deployment.md")
ACCOUNT = {"username": "ada", "email": "ada@example.com", "password": "a harbour at dusk"}

POOLED = {"DATABASE_POOLER": "transaction"}
ADVISORY = "SELECT FROM pg_locks WHERE locktype = 'advisory'"
TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class Database(NamedTuple):
    """A PostgreSQL, by a URL of its own."""

    url: str
    folder: Path


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "postgres")
        with embedded_postgres(folder) as url:
            let_others_enter(folder.parent)  # PgBouncer comes by the socket's path.
            yield Database(url, folder)


@pytest.fixture(scope="module")
def rounds(quick: bool) -> int:
    """Return how many tasks are made each time."""
    return 16 if quick else 200


@contextmanager
def pgbouncer(
    database: Database, mode: str = "transaction", *, has_query: bool = True, **options: object
) -> Iterator[str]:
    """Run PgBouncer as the page says, and yield the URL of the database behind it."""
    [text] = PAGE.blocks("PgBouncer", "ini")
    if not has_query:
        text = re.sub(" connect_query='.*'", "", text)
    port = free_port()
    for name, value in ({"listen_port": port, "pool_mode": mode} | options).items():
        text, found = re.subn(rf"^{name} = .*", f"{name} = {value}", text, flags=re.MULTILINE)
        text += "" if found else f"{name} = {value}\n"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        users, file = folder / "userlist.txt", folder / "pgbouncer.ini"
        users.write_text('"postgres" "x"\n')
        text = text.replace("host=127.0.0.1", f"host={database.folder}")
        file.write_text(text.replace("/etc/pgbouncer", name) + "unix_socket_dir =\n")
        owner = database.folder.owner()
        for path in (folder, users, file):
            shutil.chown(path, owner)
        by = ["-u", owner] if os.geteuid() == 0 else []
        with subprocess.Popen(["pgbouncer", "-q", *by, str(file)]) as process:
            try:
                until = time.monotonic() + 30
                while not listens_on(port):
                    assert process.poll() is None
                    assert time.monotonic() < until
                    time.sleep(0.02)
                yield f"postgres://postgres:x@127.0.0.1:{port}/corkboard"
            finally:
                process.terminate()


def listens_on(port: int) -> bool:
    with socket.socket() as one:
        return not one.connect_ex(("127.0.0.1", port))


def command(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command with these settings."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (DEVELOPMENT | environment).items():
            patch.setenv(name, value)
        return call(*map(str, arguments), url=environment["DATABASE_URL"])


def work(running: Server, rounds: int) -> None:
    """Sign in, write in batches, and send changes again."""
    with running.patient_client() as client, ThreadPoolExecutor(16) as threads:

        def post(path: str, key: str = "", **body: object) -> str:
            headers = {"Idempotency-Key": key} if key else {}
            response = client.post(f"/api/{path}", json=body, headers=headers)
            assert response.is_success, response.text
            return str(response.json()["id"])

        client.post("/api/auth/register", json=ACCOUNT)
        post("auth/login", username=ACCOUNT["username"], password=ACCOUNT["password"])
        board = post("boards", title="x")
        column = post("columns", board_id=board, title="x")

        def add(number: int) -> str:
            key = uuid4().hex
            task = post("tasks", key, column_id=column, title=f"{number}", position=0)
            assert post("tasks", key, column_id=column, title=f"{number}", position=0) == task
            post("comments", task_id=task, content="x")
            post("subtasks", task_id=task, title="x")
            changed = client.patch(f"/api/tasks/{task}", json={"status": "DONE"})
            assert changed.json()["status"] == "DONE"
            assert client.get(f"/api/tasks?q={number}&board_id={board}").status_code == 200
            return task

        tasks = [*threads.map(add, range(rounds))]
        full = client.get(f"/api/boards/{board}/full").json()
        assert {task["id"] for task in full["columns"][0]["tasks"]} == {*tasks}
        assert client.delete(f"/api/boards/{board}").status_code == 204


@pytest.mark.parametrize("mode", ["transaction", "session"])
def test_everything_works_through_a_pooler(
    database: Database, rounds: int, quick: bool, tmp_path: Path, mode: str
) -> None:
    with pgbouncer(database, mode) as url:
        pooled = {"DATABASE_URL": url, "DATABASE_POOLER": mode}
        with server(**pooled, WORKERS="1" if quick else "4") as running:
            work(running, rounds)
            # As when PostgreSQL restarts.
            asyncio.run(sql(database.url, TERMINATE))
            work(running, rounds)
            log = running.log.read_text()
        assert "Traceback" not in log
        assert "pooler's sessions lack" not in log
        assert not asyncio.run(
            sql(database.url, "SELECT FROM pg_locks WHERE locktype = 'advisory'")
        )
        # A later start has nothing to wait for.
        assert command("migrate", **pooled).stdout == "The database is up to date.\n"
        checked = command("check", **pooled)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        direct = command("backup", tmp_path / "b", **pooled, DATABASE_DIRECT_URL=database.url)
        assert direct.returncode == 0, direct.stderr
        through = command("backup", tmp_path / "c", **pooled)
        assert through.returncode == (mode == "transaction"), through.stderr
        assert "DATABASE_DIRECT_URL" in through.stderr or mode == "session"


def test_a_pooler_that_no_setting_names_is_refused(database: Database) -> None:
    with pgbouncer(database, "transaction") as url:
        for name in ("serve", "migrate"):
            refused = command(name, DATABASE_URL=url)
            assert refused.returncode == 1
            assert is_one_line(refused.stderr)
            assert "Set DATABASE_POOLER" in refused.stderr
        refused = command("serve", DATABASE_URL=url, DATABASE_POOLER="session")
        assert "Set DATABASE_POOLER=transaction" in refused.stderr
        refused = command("migrate", DATABASE_URL=database.url, DATABASE_DIRECT_URL=url)
        assert "DATABASE_DIRECT_URL leads to a pooler" in refused.stderr


def test_missing_settings_of_a_session_are_told(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with pgbouncer(database, has_query=False) as url:
        asyncio.run(warn_of_settings(url, 10.0))
    assert "SET statement_timeout = '10.0s'; SET client_conn" in caplog.text


def test_requests_wait_while_a_pooler_lends_few_sessions(database: Database, rounds: int) -> None:
    with pgbouncer(database, "session", default_pool_size=3) as url:
        pooled = {"DATABASE_URL": url, "DATABASE_POOLER": "session"}
        with server(**pooled, DATABASE_DIRECT_URL=database.url) as running:
            work(running, rounds)
            log = running.log.read_text()
    assert "of DATABASE_POOL = 10 connections: requests wait in line" in log
    assert "status=503" not in log


def test_a_certificate_is_verified(database: Database, folder: Path) -> None:
    let_others_enter(folder)
    crt, key, other = folder / "crt", folder / "key", folder / "other"
    for certificate in (other, crt):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
             "-keyout", key, "-out", certificate],
            check=True, capture_output=True,
        )  # fmt: skip
    shutil.chown(key, database.folder.owner())
    tls: dict[str, Any] = {"client_tls_key_file": key, "client_tls_cert_file": crt}
    with pgbouncer(database, **tls, client_tls_sslmode="require") as url:
        named = url.replace("127.0.0.1", "localhost")
        for address, options, complaint in (
            (named, f"verify-full&sslrootcert={crt}", ""),
            (url, f"verify-ca&sslrootcert={crt}", ""),
            (url, f"verify-full&sslrootcert={crt}", "IP address mismatch"),
            (named, f"verify-full&sslrootcert={other}", "self-signed certificate"),
            (named, "verify-full&sslrootcert=system", "self-signed certificate"),
            (named, f"verify-full&sslrootcert={key}", "TLS fails"),
        ):
            done = command(
                "migrate",
                DATABASE_URL=f"{address}?sslmode={options}",
                DATABASE_POOLER="transaction",
            )
            assert done.returncode == bool(complaint), done.stderr
            assert not complaint or is_one_line(done.stderr)
            assert complaint in done.stderr
    with pgbouncer(database) as url:
        done = command("migrate", DATABASE_URL=f"{url}?sslmode=require", **POOLED)
        assert "it offers no TLS, which sslmode=require needs" in done.stderr
