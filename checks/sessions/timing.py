"""What time tells of accounts, and how long signing in keeps others waiting."""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from statistics import median
from subprocess import PIPE
from typing import Any

import httpx

from checks.report import QUICK, check, measure, note
from checks.serving import server, url_of
from checks.sessions.workers import NUMBERS, Crowd, Request, ask, register
from tests.helpers.serving import Server

PAIRS = 50 if QUICK else 500
LOGINS = 50
TICK = 0.005


async def check_alike(crowd: Crowd) -> None:
    """Wrong names and wrong passwords in turn, on one connection, each first as often."""
    ada = await register(crowd)
    bodies = {
        "password": {**ada.login, "password": "not the password"},
        "name": {**ada.login, "username": f"nobody{next(NUMBERS)}"},
    }
    took: dict[str, list[float]] = {kind: [] for kind in bodies}
    async with crowd.client() as client:
        for _ in range(PAIRS):
            for kind in random.sample(sorted(bodies), len(bodies)):
                begin = time.perf_counter()
                answer = await ask(client, Request("POST", "/api/auth/login", body=bodies[kind]))
                took[kind].append((time.perf_counter() - begin) * 1000)
                if answer.status_code != 401:
                    check(False, "a wrong name and a wrong password are 401", answer.text)
    medians = {kind: median(times) for kind, times in took.items()}
    what = ", ".join(f"a wrong {kind} {ms:.2f} ms" for kind, ms in medians.items())
    note(f"{PAIRS} pairs of attempts, medians: {what}")
    apart = abs(medians["name"] - medians["password"])
    measure("a wrong name and a wrong password: their medians are apart", apart,
            at_most=2, unit="ms")  # fmt: skip


def check_round_trips(running: Server) -> None:
    """What a client of the only worker notices of 50 who sign in."""
    command = [sys.executable, "-m", "checks.sessions.logins", running.address, str(LOGINS)]
    waiting: Future[Any]
    trips: dict[str, list[float]] = {"without": [], "during": []}
    with (
        subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as client,
        httpx.Client(base_url=running.address) as other,
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
        succeeded = waiting.result()
        check(succeeded == f"{LOGINS}\n", f"{LOGINS} logins at once: all succeed", succeeded)
        client.stdin.close()
    for kind, took in trips.items():
        what = f"round trips to /health/live {kind} {LOGINS} logins at once"
        note(f"{what}: median {median(took):.1f} ms, longest {max(took):.1f} ms")


def check_loop(url: str) -> None:
    """How long 50 who sign in hold up the event loop itself, in a process of its own."""
    environment = {
        **os.environ, "DATABASE_URL": url, "ENVIRONMENT": "development", "COOKIE_SECURE": "false",
        "JWT_SECRET": "a secret that is long enough for checks",
        "RATE_LIMIT_LOGIN": "off", "RATE_LIMIT_REGISTER": "off",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "checks.sessions.loop", str(LOGINS), "1" if QUICK else "9"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    check(done.returncode == 0, "the event loop can be watched", done.stderr)
    rounds = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
    for idle, busy, work, _ in rounds:
        note(f"longest hold-up: {idle} ms without, {busy} ms with {LOGINS} logins ({work} of work)")
    # Beside other processes, it may wait for a processor longer than it works.
    held = median(work if QUICK else busy for _, busy, work, _ in rounds)
    measure(f"{LOGINS} logins at once hold the event loop up for", held, at_most=25, unit="ms")
    succeeded = [round[-1] for round in rounds]
    check(set(succeeded) == {LOGINS}, f"{LOGINS} logins at once: all succeed", succeeded)


def check_waiting() -> None:
    """On a server with one worker."""
    with server() as running:
        check_round_trips(running)
        check_loop(url_of(running))
