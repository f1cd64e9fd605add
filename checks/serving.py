"""A server as `make run` starts it, and the command line, for checks from outside."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.serving import Server, checkout

UNLIMITED = {f"RATE_LIMIT_{name}": "off" for name in ("LOGIN", "REGISTER", "PASSWORD")}
POOL = 10  # connections of each worker


@contextmanager
def serving() -> Iterator[str]:
    """The address of a fresh server; it has ended, with its PostgreSQL, when this ends."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(checkout(Path(folder)))
        try:
            server.start()
            yield server.address
        finally:
            server.stop()


@contextmanager
def server(**environment: str) -> Iterator[Server]:
    """A server in a folder of its own, without limits on signing in."""
    with tempfile.TemporaryDirectory() as folder:
        copy = checkout(Path(folder))
        given = UNLIMITED | {"DATABASE_POOL": str(POOL)} | environment
        with Server(copy, **given) as running:
            try:
                yield running
            except BaseException:
                print("".join(running.log.read_text().splitlines(keepends=True)[-20:]))
                running.kill(all_of_it=True)
                raise


def url_of(running: Server) -> str:
    return f"postgres://postgres@/corkboard?host={running.folder}/data/postgres&port=5432"


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """`python -m api` with the arguments, the last of which is the database's URL."""
    *rest, url = map(str, arguments)
    environment = {
        **os.environ, "DATABASE_URL": url, "ENVIRONMENT": "development", "COOKIE_SECURE": "false",
        "JWT_SECRET": "a secret that is long enough for checks",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "api", *rest],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
