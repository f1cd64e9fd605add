"""Time sign-ins: they must tell nothing of accounts, and keep nobody waiting.

The last of the checks, since a machine with other work to do may fail it.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from statistics import median
from subprocess import PIPE
from typing import Any

import httpx
import pytest

from checks.conftest import (
    DEVELOPMENT,
    UNLIMITED,
    Measure,
    Record,
    Server,
    free_port,
    server,
    url_of,
)
from checks.sessions.workers import NUMBERS, Crowd, Request, ask, register

pytestmark = pytest.mark.sessions
LOGINS = 50
TICK = 0.005


async def test_a_wrong_name_takes_as_long_as_a_wrong_password(
    unlimited: Server, quick: bool, measure: Measure
) -> None:
    """In turn, on one connection, each first as often."""
    async with Crowd(unlimited) as crowd:
        ada = await register(crowd)
    bodies = {
        "password": {**ada.login, "password": "not the password"},
        "name": {**ada.login, "username": f"nobody{next(NUMBERS)}"},
    }
    took: dict[str, list[float]] = {kind: [] for kind in bodies}
    async with crowd.client() as client:
        for _ in range(50 if quick else 500):
            for kind in random.sample(sorted(bodies), len(bodies)):
                begin = time.perf_counter()
                answer = await ask(client, Request("POST", "/api/auth/login", body=bodies[kind]))
                took[kind].append((time.perf_counter() - begin) * 1000)
                assert answer.status_code == 401, answer.text
    apart = abs(median(took["name"]) - median(took["password"]))
    measure("their medians are apart", apart, at_most=2, unit="ms")


@pytest.fixture(scope="module")
def one_worker() -> Iterator[Server]:
    with server() as running:
        yield running


def test_many_logins_at_once_succeed(one_worker: Server, record_property: Record) -> None:
    """Record what another client of the only worker notices of them."""
    command = [sys.executable, "-m", "checks.sessions.logins", one_worker.address, str(LOGINS)]
    waiting: Future[Any]
    trips: dict[str, list[float]] = {"without": [], "during": []}
    with (
        subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as client,
        httpx.Client(base_url=one_worker.address) as other,
        ThreadPoolExecutor() as pool,
    ):
        assert client.stdin
        assert client.stdout
        client.stdout.readline()
        for kind, wait in (("without", lambda: time.sleep(2)), ("during", client.stdout.readline)):
            if kind == "during":
                client.stdin.write("\n")
                client.stdin.flush()
            waiting = pool.submit(wait)
            while not waiting.done():
                begin = time.perf_counter()
                other.get("/health/live")
                trips[kind].append((time.perf_counter() - begin) * 1000)
                time.sleep(TICK)
        assert waiting.result() == f"{LOGINS}\n"
        client.stdin.close()
    for kind, took in trips.items():
        longest = f"median {median(took):.1f} ms, longest {max(took):.1f} ms"
        record_property(f"round trips to /health/live {kind} {LOGINS} logins", longest)


def test_logins_hardly_hold_up_the_event_loop(
    one_worker: Server, quick: bool, measure: Measure, record_property: Record
) -> None:
    """In a process of its own, on the same database."""
    program = [sys.executable, "-m", "checks.sessions.loop"]
    done = subprocess.run(
        [*program, str(free_port()), str(LOGINS), "1" if quick else "9"],
        env=os.environ | DEVELOPMENT | UNLIMITED | {"DATABASE_URL": url_of(one_worker)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rounds = [tuple(map(float, line.split())) for line in done.stderr.splitlines()]
    assert {succeeded for *_, succeeded in rounds} == {LOGINS}
    for number, (idle, busy, work, _) in enumerate(rounds, 1):
        figures = f"{idle} ms without, {busy} ms with {LOGINS} logins ({work} of work)"
        record_property(f"longest hold-up in round {number}", figures)
    # Beside other processes, it may wait for a processor longer than it works.
    held = median(work if quick else busy for _, busy, work, _ in rounds)
    measure(f"{LOGINS} logins at once hold the event loop up for", held, at_most=25, unit="ms")
