"""Servers as `make run` starts them, and how much each check does."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import randrange
from typing import Protocol

import pytest

# Everything that checks/ uses of tests/.
from tests.conftest import folder, with_database
from tests.helpers.extending import checkout_with_milestones
from tests.helpers.serving import Server, checkout, free_port

__all__ = [
    "Server", "checkout", "checkout_with_milestones", "folder", "free_port", "with_database",
]  # fmt: skip

UNLIMITED = {f"RATE_LIMIT_{name}": "off" for name in ("LOGIN", "REGISTER", "PASSWORD")}
POOL = 10  # connections of each worker
DEVELOPMENT = {
    "ENVIRONMENT": "development",
    "COOKIE_SECURE": "false",
    "JWT_SECRET": "a secret that is long enough for checks",
}
# A quick run is beside whatever else the machine does: it is about what happens, not how fast.
QUICK_SLACK = 4


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="a few rounds, and mild about figures")
    parser.addoption("--pictures", action="store_true", help="make docs/pictures anew")
    parser.addoption("--cases", type=int, default=10_000, help="how many requests to generate")
    seed = randrange(2**32)
    parser.addoption("--seed", type=int, default=seed, help="of the generated requests")


def pytest_configure() -> None:
    # As Ctrl-C does, so that servers stop, too.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed {config.getoption('seed')}"


@pytest.fixture(scope="session")
def quick(pytestconfig: pytest.Config) -> bool:
    """Tell whether a few rounds are enough."""
    return bool(pytestconfig.getoption("quick"))


@pytest.fixture
def in_full(quick: bool) -> None:
    """Leave a test out of quick runs."""
    if quick:
        pytest.skip("takes long")


class Measure(Protocol):
    """Record a figure, and fail if it is larger than allowed; in a quick run much larger."""

    def __call__(self, what: str, figure: float, *, at_most: float, unit: str = "") -> None: ...


Record = Callable[[str, object], None]


@pytest.fixture
def measure(quick: bool, record_property: Record) -> Measure:
    def measure(what: str, figure: float, *, at_most: float, unit: str = "") -> None:
        allowed = at_most * (QUICK_SLACK if quick else 1)
        record_property(what, f"{figure:.3g} {unit}, at most {allowed:g}")
        assert figure <= allowed, what

    return measure


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # The figures for docs/reliability.md.
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for what, figure in report.user_properties:
            terminalreporter.write_line(f"{report.location[2]}: {what}: {figure}")


@contextmanager
def server(**environment: str) -> Iterator[Server]:
    """Start a server in a folder of its own, without limits on signing in, and stop it."""
    with tempfile.TemporaryDirectory() as name:
        given = UNLIMITED | {"DATABASE_POOL": str(POOL)} | environment
        running = Server(checkout(Path(name)), **given)
        try:
            running.start()
            yield running
            running.stop()
        except BaseException:
            running.kill(all_of_it=True)
            raise
        finally:
            # Which pytest shows if the test fails.
            print("".join(running.log.read_text().splitlines(keepends=True)[-20:]))


def url_of(running: Server) -> str:
    return f"postgres://postgres@/corkboard?host={running.folder}/data/postgres&port=5432"


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m api` with the arguments, the last of which is the database's URL."""
    *rest, url = map(str, arguments)
    return subprocess.run(
        [sys.executable, "-m", "api", *rest],
        env=os.environ | DEVELOPMENT | {"DATABASE_URL": url},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
