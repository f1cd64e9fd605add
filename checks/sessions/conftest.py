"""Servers with some workers, and how many there are."""

from collections.abc import Iterator

import pytest

from checks.conftest import Server, server


@pytest.fixture(scope="session")
def workers(quick: bool) -> int:
    """Return how many workers a server has, of which each takes 2 s to start."""
    return 2 if quick else 4


@pytest.fixture(scope="session")
def unlimited(workers: int) -> Iterator[Server]:
    """Start a server whose limits are off."""
    with server(WORKERS=str(workers)) as running:
        yield running
