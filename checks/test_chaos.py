"""Faults under load, from outside: nothing acknowledged is lost, and the service comes back."""

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import httpx
import psutil
import pytest

from api.ops.integrity import findings
from checks.conftest import (
    POOL,
    UNLIMITED,
    Measure,
    Record,
    Server,
    checkout,
    command,
    server,
    url_of,
    with_database,
)
from checks.load import Load, tasks
from embedded_postgres.server import embedded_postgres

pytestmark = pytest.mark.chaos
ALLOWED_SECONDS = 2.0


def scope(fixture_name: str, config: pytest.Config) -> Any:
    """Start a server for each fault, or one for all, since its start takes longer than most."""
    return "module" if config.getoption("quick") else "function"


@pytest.fixture(scope=scope)
def running() -> Iterator[Server]:
    random.seed(1)
    with server() as running:
        yield running


def query(running: Server, sql: str) -> Any:
    """Return the one value that the query finds. Raises OSError or asyncpg's errors."""

    async def ask() -> Any:
        connection = await asyncpg.connect(url_of(running), timeout=1)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


def postgres(running: Server) -> list[psutil.Process]:
    """Return PostgreSQL's processes, the one that started the others first."""
    found = []
    for process in running.processes():
        with suppress(psutil.NoSuchProcess):  # Backends come and go.
            if process.name() == "postgres":
                found.append(process)
    return sorted(
        found, key=lambda process: (process.ppid() in {p.pid for p in found}, process.pid)
    )


def database_answers(running: Server, seconds: float = 30) -> float:
    """Return when the database let somebody in again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            query(running, "SELECT 1")
            return time.monotonic()
        time.sleep(0.02)
    raise TimeoutError("the database doesn't come back")


def check_kept(load: Load, running: Server, record: Record) -> None:
    """Check that what was acknowledged is there, all invariants hold, and errors were 503 only."""
    record("acknowledged writes", len(load.titles))
    record("statuses", load.statuses())
    assert asyncio.run(load.missing(url_of(running))) == []
    assert load.wrong == []
    check_invariants(url_of(running))


def check_invariants(url: str) -> None:
    """Look for what `python -m api check` does, without the time that starting it takes."""

    async def broken() -> list[str]:
        connection = await asyncpg.connect(url)
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return [str(each) async for each in findings(connection) if each.broken]
        finally:
            await connection.close()

    assert asyncio.run(broken()) == []


def test_a_killed_server_loses_nothing(
    running: Server, quick: bool, measure: Measure, record_property: Record
) -> None:
    down: list[tuple[float, float]] = []
    with Load(running) as load:
        for _ in range(1 if quick else 50):
            time.sleep(random.uniform(0.1, 0.5))
            begin = time.monotonic()
            running.kill(all_of_it=False)
            running.start()
            down.append((begin, time.monotonic()))
            load.success_after(down[-1][1])
        load.stop()
        check_kept(load, running, record_property)
    # Before the kill the request may have been sent already, on a connection that then broke.
    stray = [
        answer
        for answer in load.answers
        if not answer.status
        and not any(answer.end >= begin and answer.begin <= end for begin, end in down)
    ]
    assert not stray, "connections fail only while it is down"
    measure("start to ready, median", median(e - b for b, e in down), at_most=5, unit="s")


def test_a_killed_postgresql_loses_nothing(
    running: Server, quick: bool, measure: Measure, record_property: Record
) -> None:
    back, gaps = [], []
    with Load(running) as load:
        for number in range(3 if quick else 20):
            time.sleep(random.uniform(0.1, 0.5))
            processes = postgres(running)
            # Each time other processes: the one that started the others, all, or a backend.
            victims = (processes[:1], processes, processes[-1:])[number % 3]
            begin = time.monotonic()
            for process in victims:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            for process in victims:
                with suppress(psutil.TimeoutExpired):
                    process.wait(2)
            ready = database_answers(running)
            success = load.success_after(ready)
            back.append(success - ready)
            gaps.append(success - begin)
        load.stop()
        check_kept(load, running, record_property)
    assert [answer for answer in load.answers if not answer.status] == []
    longest = max(answer.seconds for answer in load.answers)
    measure("slowest answer", longest, at_most=ALLOWED_SECONDS, unit="s")
    measure("from database to service, longest", max(back), at_most=2, unit="s")
    measure("from kill to service, longest", max(gaps), at_most=6, unit="s")


@pytest.mark.parametrize("all_of_it", [False, True], ids=["its backends", "all of it"])
def test_a_stopped_postgresql_keeps_nobody_waiting(
    running: Server, quick: bool, all_of_it: bool, measure: Measure, record_property: Record
) -> None:
    health: list[tuple[str, int, float]] = []
    leaving = threading.Event()

    def probe() -> None:
        with httpx.Client(base_url=running.address) as client:
            while not leaving.wait(0.1):
                for name in ("live", "ready"):
                    begin = time.monotonic()
                    status = client.get(f"/health/{name}").status_code
                    health.append((name, status, time.monotonic() - begin))

    with Load(running, writers=12) as load:
        time.sleep(1)
        processes = postgres(running)
        if not all_of_it:
            backends = (
                "SELECT array_agg(pid) FROM pg_stat_activity WHERE application_name = 'corkboard'"
            )
            pids = query(running, backends)
            processes = [process for process in processes if process.pid in pids]
        else:
            # It starts the others, so that from now on the list is complete.
            processes[0].suspend()
            processes = postgres(running)
        prober = threading.Thread(target=probe)
        for process in processes:
            process.suspend()
        time.sleep(0.2)
        prober.start()
        time.sleep(3 if quick else 10)
        leaving.set()
        prober.join()
        for process in processes:
            process.resume()
        resumed = time.monotonic()
        back = load.success_after(resumed) - resumed
        time.sleep(1)
        load.stop()
        check_kept(load, running, record_property)
        check_pool(running, load)
    assert any(answer.status == 503 for answer in load.answers)
    assert {status for name, status, _ in health if name == "live"} == {200}
    if all_of_it:
        assert {status for name, status, _ in health if name == "ready"} == {503}
    longest = max(answer.seconds for answer in load.answers)
    measure("slowest answer", longest, at_most=ALLOWED_SECONDS, unit="s")
    measure("back after", back, at_most=2, unit="s")
    slowest = max(duration for _, _, duration in health)
    measure("slowest health answer", slowest, at_most=1, unit="s")


def check_pool(running: Server, load: Load) -> None:
    """Send twice as many requests at once as there are connections; none is left in use."""

    async def ask() -> list[int]:
        limits = httpx.Limits(max_connections=POOL * 2)
        async with httpx.AsyncClient(
            base_url=running.address, cookies=load.cookies, limits=limits
        ) as client:
            answers = await asyncio.gather(*(client.get("/api/tasks") for _ in range(POOL * 2)))
        return [answer.status_code for answer in answers]

    assert asyncio.run(ask()) == [200] * POOL * 2
    ours = "FROM pg_stat_activity WHERE application_name = 'corkboard'"
    assert query(running, f"SELECT count(*) {ours} AND state <> 'idle'") == 0
    assert query(running, f"SELECT count(*) {ours}") <= POOL


def test_an_exhausted_pool_is_answered_503(
    running: Server, measure: Measure, record_property: Record
) -> None:
    requests = 200

    def timed(load: Load, number: int) -> tuple[int, float]:
        # A client that costs little: with a dearer one they would wait for each other here.
        connection = HTTPConnection(running.address.removeprefix("http://"), timeout=30)
        connection.connect()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in load.cookies.items())}
        begin = time.monotonic()
        if number % 2:
            connection.request("GET", "/api/tasks", headers=headers)
        else:
            headers["Content-Type"] = "application/json"
            if number % 4:
                body = {"column_id": load.columns[0], "title": "x"}
                connection.request("POST", "/api/tasks", json.dumps(body), headers)
            else:
                body = {"task_id": next(iter(load.titles)), "title": "x"}
                connection.request("POST", "/api/subtasks", json.dumps(body), headers)
        status = connection.getresponse().status
        seconds = time.monotonic() - begin
        connection.close()
        return status, seconds

    async def ask(load: Load) -> list[tuple[int, float]]:
        blocker = await asyncpg.connect(url_of(running))
        with ThreadPoolExecutor(requests) as pool:
            async with blocker.transaction():
                await blocker.execute("LOCK TABLE tasks")
                loop = asyncio.get_running_loop()
                clients = [
                    loop.run_in_executor(pool, timed, load, number) for number in range(requests)
                ]
                answers = await asyncio.gather(*clients)
        await blocker.close()
        return answers

    with Load(running) as load:
        while not load.titles:  # of which one gets subtasks
            time.sleep(0.05)
        load.stop()
        answers = asyncio.run(ask(load))
        assert {status for status, _ in answers} == {503}
        slowest = max(seconds for _, seconds in answers)
        measure("slowest answer", slowest, at_most=ALLOWED_SECONDS, unit="s")
        check_pool(running, load)
        check_kept(load, running, record_property)


def test_a_stopped_server_cuts_no_request(running: Server, quick: bool, measure: Measure) -> None:
    took, made = [], []
    for number in range(2 if quick else 20):
        with Load(running) as load:
            time.sleep(random.uniform(0.2, 0.6))
            begin = time.monotonic()
            running.stop()
            took.append(time.monotonic() - begin)
        # With one worker and with two.
        running.environment["WORKERS"] = str(1 + (number + 1) % 2)
        running.start()
        assert load.wrong == []
        assert asyncio.run(load.missing(url_of(running))) == []
        # No two loads have the same board, so only the titles of this one's are looked for.
        columns = ",".join(load.columns)
        titles = query(
            running,
            "SELECT coalesce(array_agg(title), '{}') FROM tasks "
            f"WHERE column_id = ANY ('{{{columns}}}')",
        )
        made += [title for title in titles if title in load.lost]
    assert made == []
    check_invariants(url_of(running))
    measure("until all has ended, longest", max(took), at_most=10, unit="s")


async def create(url: str, name: str) -> None:
    """Create a database beside the one at `url`."""
    connection = await asyncpg.connect(with_database(url, "postgres"))
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()


def test_a_backup_under_load_is_whole(
    running: Server, quick: bool, measure: Measure, record_property: Record
) -> None:
    url = url_of(running)
    done = command("demo", "--tasks", str(1_000 if quick else 100_000), url)
    assert done.returncode == 0, done.stderr
    file = running.folder / "backup"
    with Load(running) as load:
        while len(load.titles) < 20:  # some of which are deleted meanwhile
            time.sleep(0.05)
        before = {task for task, title in list(load.titles.items()) if title}
        begin = time.monotonic()
        done = command("backup", file, url)
        took = time.monotonic() - begin
    assert done.returncode == 0, done.stderr
    measure("backed up", took, at_most=120, unit="s")
    slowest = max(answer.seconds for answer in load.answers)
    measure("slowest answer meanwhile", slowest, at_most=ALLOWED_SECONDS, unit="s")
    check_kept(load, running, record_property)

    asyncio.run(create(url, "restored"))
    copy = with_database(url, "restored")
    begin = time.monotonic()
    done = command("restore", file, copy)  # which checks all invariants
    took = time.monotonic() - begin
    assert done.returncode == 0, done.stdout
    measure("restored", took, at_most=120, unit="s")
    rows = asyncio.run(tasks(copy))
    kept = {task for task in before if None not in load.possible(task)}
    assert kept
    assert kept <= rows.keys()
    matrix = [
        sys.executable, "-m", "pytest", "tests/access/test_access_matrix.py", "--backup", str(file),
        "--quiet",
        # The full form tries all operations, and scripts. For a few, one process is enough.
        *(["-k", "PATCH and tasks and not script"] if quick
          else ["--numprocesses=auto", "--dist=worksteal"]),
    ]  # fmt: skip
    assert subprocess.run(matrix, check=False).returncode == 0


def test_one_of_six_replicas_migrates(quick: bool, folder: Path) -> None:
    with embedded_postgres(folder / "data") as template:
        for number in range(1 if quick else 20):
            asyncio.run(create(template, f"empty_{number}"))
            url = with_database(template, f"empty_{number}")
            with ThreadPoolExecutor(6) as pool:
                done = list(pool.map(command, ["migrate"] * 6, [url] * 6))
            assert [replica.stderr for replica in done if replica.returncode] == []
            assert sum("up to date" not in replica.stdout for replica in done) == 1
            check_invariants(url)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """Make a copy of the checkout whose data is on a disk of its own, of 160 MB."""
    with tempfile.TemporaryDirectory() as name:
        copy = checkout(Path(name))
        data = copy / "data"
        data.mkdir(mode=0o711)
        mount = ["mount", "-t", "tmpfs", "-o", "size=160m,mode=711", "tmpfs", str(data)]
        if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("it takes the right to mount a tmpfs")
        yield copy
        subprocess.run(["umount", str(data)], check=True)


def test_a_full_disk_loses_nothing(
    small_disk: Path, measure: Measure, record_property: Record
) -> None:
    data = small_disk / "data"
    live: set[int] = set()
    with Server(small_disk, **UNLIMITED) as running:
        with Load(running) as load:
            time.sleep(1)
            filler = data / "filler"
            # Closing the file may fail, too.
            with suppress(OSError), filler.open("wb") as file:
                while True:
                    file.write(bytes(65_536))
                    file.flush()
            # The space that PostgreSQL has already lasts for a while.
            column = load.columns[0]
            body = {"column_id": column, "title": "big", "description": os.urandom(5000).hex()}
            with httpx.Client(base_url=running.address, cookies=load.cookies) as client:
                for _ in range(20_000):
                    answer = client.post("/api/tasks", json=body)
                    live.add(client.get("/health/live").status_code)
                    if answer.status_code != 201:
                        break
                    if shutil.disk_usage(data).free > 0:
                        with suppress(OSError), filler.open("ab") as file:
                            file.write(bytes(shutil.disk_usage(data).free))
                assert answer.status_code == 503, answer.text
                reads = {client.get("/api/boards").status_code for _ in range(20)}
                assert reads <= {200, 503}
                time.sleep(3)
                live.add(client.get("/health/live").status_code)
                assert live == {200}
            filler.unlink()
            freed = time.monotonic()
            back = load.success_after(freed) - freed
        check_kept(load, running, record_property)
        measure("back after space was freed", back, at_most=5, unit="s")
