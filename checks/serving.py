"""A server as `make run` starts it, for checks from outside."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.serving import Server, checkout

UNLIMITED = {f"RATE_LIMIT_{name}": "off" for name in ("LOGIN", "REGISTER", "PASSWORD")}


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
