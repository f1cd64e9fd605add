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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
import httpx
import psutil

from api.ops.integrity import findings
from checks.load import Load, tasks
from checks.report import QUICK, check, measure, run
from checks.serving import POOL, UNLIMITED, command, server, url_of
from embedded_postgres.server import embedded_postgres
from tests.conftest import with_database
from tests.helpers.serving import Server, checkout

ALLOWED_SECONDS = 2.0


def times(full: int, quick: int) -> int:
    return quick if QUICK else full


def query(running: Server, sql: str) -> Any:
    """The one value that the query finds. Raises OSError or asyncpg's errors."""

    async def ask() -> Any:
        connection = await asyncpg.connect(url_of(running), timeout=1)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


def postgres(running: Server) -> list[psutil.Process]:
    """PostgreSQL's processes, the one that started the others first."""
    found = []
    for process in running.processes():
        with suppress(psutil.NoSuchProcess):  # Backends come and go.
            if process.name() == "postgres":
                found.append(process)
    return sorted(
        found, key=lambda process: (process.ppid() in {p.pid for p in found}, process.pid)
    )


def database_answers(running: Server, seconds: float = 30) -> float:
    """When the database let somebody in again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            query(running, "SELECT 1")
            return time.monotonic()
        time.sleep(0.02)
    raise TimeoutError("the database doesn't come back")


def check_kept(load: Load, running: Server, what: str) -> None:
    """Whatever was acknowledged is there, all invariants hold, and errors were 503 only."""
    lost = asyncio.run(load.missing(url_of(running)))
    check(not lost, f"{what}: {len(load.titles)} acknowledged writes, none lost", lost[:5])
    check(not load.wrong, f"{what}: no error but 503 ({load.statuses()})", load.wrong[:5])
    check_invariants(url_of(running), what)


def check_invariants(url: str, what: str) -> None:
    """Look for what `python -m api check` does, without the time that starting it takes."""

    async def broken() -> list[str]:
        connection = await asyncpg.connect(url)
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return [str(each) async for each in findings(connection) if each.broken]
        finally:
            await connection.close()

    found = asyncio.run(broken())
    check(not found, f"{what}: all invariants hold", "\n".join(found))


def kill_the_server(running: Server, rounds: int) -> None:
    what = f"server killed {rounds} times"
    down: list[tuple[float, float]] = []
    with Load(running) as load:
        for _ in range(rounds):
            time.sleep(random.uniform(0.1, 0.5))
            begin = time.monotonic()
            running.kill(all_of_it=False)
            running.start()
            down.append((begin, time.monotonic()))
            load.success_after(down[-1][1])
        load.stop()
        check_kept(load, running, what)
    # Before the kill the request may have been sent already, on a connection that then broke.
    stray = [
        answer
        for answer in load.answers
        if not answer.status
        and not any(answer.end >= begin and answer.begin <= end for begin, end in down)
    ]
    check(not stray, f"{what}: connections fail only while it is down", stray[:5])
    measure(f"{what}: start to ready, median", median(e - b for b, e in down), at_most=5, unit="s")


def kill_postgres(running: Server, rounds: int) -> None:
    what = f"PostgreSQL killed {rounds} times"
    back, gaps = [], []
    with Load(running) as load:
        for number in range(rounds):
            time.sleep(random.uniform(0.1, 0.5))
            processes = postgres(running)
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
        check_kept(load, running, what)
    unanswered = [answer for answer in load.answers if not answer.status]
    check(not unanswered, f"{what}: the server answers every request", unanswered[:5])
    longest = max(answer.seconds for answer in load.answers)
    measure(f"{what}: slowest answer", longest, at_most=ALLOWED_SECONDS, unit="s")
    measure(f"{what}: from database to service, longest", max(back), at_most=2, unit="s")
    measure(f"{what}: from kill to service, longest", max(gaps), at_most=6, unit="s")


def stop_postgres(running: Server, *, all_of_it: bool, seconds: float) -> None:
    what = f"{'all of PostgreSQL' if all_of_it else 'its backends'} stopped for {seconds:g} s"
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
        time.sleep(seconds)
        leaving.set()
        prober.join()
        for process in processes:
            process.resume()
        resumed = time.monotonic()
        back = load.success_after(resumed) - resumed
        time.sleep(1)
        load.stop()
        check_kept(load, running, what)
        check_pool(running, load, what)
    longest = max(answer.seconds for answer in load.answers)
    stopped = sum(answer.status == 503 for answer in load.answers)
    check(stopped, f"{what}: {stopped} requests were answered 503")
    measure(f"{what}: slowest answer", longest, at_most=ALLOWED_SECONDS, unit="s")
    measure(f"{what}: back after", back, at_most=2, unit="s")
    check(
        {s for name, s, _ in health if name == "live"} == {200}, f"{what}: live stays 200", health
    )
    slowest = max(duration for _, _, duration in health)
    measure(f"{what}: slowest health answer", slowest, at_most=1, unit="s")
    if all_of_it:
        ready = {status for name, status, _ in health if name == "ready"}
        check(ready == {503}, f"{what}: ready says 503", ready)


def check_pool(running: Server, load: Load, what: str) -> None:
    """As many requests at once as there are connections succeed, and none is left in use."""

    async def ask() -> list[int]:
        limits = httpx.Limits(max_connections=POOL * 2)
        async with httpx.AsyncClient(
            base_url=running.address, cookies=load.cookies, limits=limits
        ) as client:
            answers = await asyncio.gather(*(client.get("/api/tasks") for _ in range(POOL * 2)))
        return [answer.status_code for answer in answers]

    statuses = asyncio.run(ask())
    check(
        set(statuses) == {200}, f"{what}: afterwards {POOL * 2} requests at once succeed", statuses
    )
    busy = query(
        running,
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE application_name = 'corkboard' AND state <> 'idle'",
    )
    total = query(
        running, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'corkboard'"
    )
    check(busy == 0 and total <= POOL, f"{what}: {total} connections, none in use", busy)


def exhaust_the_pool(running: Server, requests: int) -> None:
    what = f"{requests} requests on an exhausted pool"

    def timed(running: Server, load: Load, number: int) -> tuple[int, float]:
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

    async def ask(running: Server, load: Load) -> list[tuple[int, float]]:
        blocker = await asyncpg.connect(url_of(running))
        with ThreadPoolExecutor(requests) as pool:
            async with blocker.transaction():
                await blocker.execute("LOCK TABLE tasks")
                loop = asyncio.get_running_loop()
                clients = [
                    loop.run_in_executor(pool, timed, running, load, number)
                    for number in range(requests)
                ]
                answers = await asyncio.gather(*clients)
        await blocker.close()
        return answers

    with Load(running) as load:
        time.sleep(0.5)
        load.stop()
        answers = asyncio.run(ask(running, load))
        check({status for status, _ in answers} == {503}, f"{what}: all answered 503", answers)
        slowest = max(seconds for _, seconds in answers)
        measure(f"{what}: slowest answer", slowest, at_most=ALLOWED_SECONDS, unit="s")
        check_pool(running, load, what)
        check_kept(load, running, what)


def stop_the_server(running: Server, rounds: int) -> None:
    what = f"server stopped {rounds} times"
    took, made = [], []
    for number in range(rounds):
        with Load(running) as load:
            time.sleep(random.uniform(0.2, 0.6))
            begin = time.monotonic()
            running.stop()
            took.append(time.monotonic() - begin)
        running.environment["WORKERS"] = str(1 + (number + 1) % 2)
        running.start()
        check(not load.wrong, f"round {number + 1}: no error", load.wrong[:5])
        lost = asyncio.run(load.missing(url_of(running)))
        check(not lost, f"round {number + 1}: {len(load.titles)} writes, none lost", lost[:5])
        # No two loads have the same board, so only the titles of this one's are looked for.
        columns = ",".join(load.columns)
        made += [
            title
            for title in query(
                running,
                "SELECT coalesce(array_agg(title), '{}') FROM tasks "
                f"WHERE column_id = ANY ('{{{columns}}}')",
            )
            if title in load.lost
        ]
    check(not made, f"{what}: no request was cut", made)
    check_invariants(url_of(running), what)
    measure(f"{what}: until all has ended, longest", max(took), at_most=10, unit="s")


def migrate_replicas(rounds: int) -> None:
    what = f"six replicas migrating at once, {rounds} times"

    async def create(url: str, name: str) -> None:
        connection = await asyncpg.connect(with_database(url, "postgres"))
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()

    with (
        tempfile.TemporaryDirectory() as folder,
        embedded_postgres(Path(folder, "data")) as template,
    ):
        for number in range(rounds):
            asyncio.run(create(template, f"empty_{number}"))
            url = with_database(template, f"empty_{number}")
            with ThreadPoolExecutor(6) as pool:
                done = list(pool.map(command, ["migrate"] * 6, [url] * 6))
            failed = [replica.stderr for replica in done if replica.returncode]
            check(not failed, f"round {number + 1}: none fails", failed)
            worked = sum("up to date" not in replica.stdout for replica in done)
            check(worked == 1, f"round {number + 1}: one migrates", worked)
            check_invariants(url, f"round {number + 1}")
    check(True, what)


def fill_the_disk() -> None:
    what = "disk full"
    with tempfile.TemporaryDirectory() as folder:
        copy = checkout(Path(folder))
        data = copy / "data"
        data.mkdir(mode=0o711)
        mount = ["mount", "-t", "tmpfs", "-o", "size=160m,mode=711", "tmpfs", str(data)]
        if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
            print(f"skipped {what}: it takes the right to mount a tmpfs")
            return
        try:
            fill(copy, data, what)
        finally:
            subprocess.run(["umount", str(data)], check=True)


def fill(copy: Path, data: Path, what: str) -> None:
    live: set[int] = set()
    with Server(copy, **UNLIMITED) as running:
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
                check(answer.status_code == 503, f"{what}: writes are answered 503", answer.text)
                reads = [client.get("/api/boards").status_code for _ in range(20)]
                check(set(reads) <= {200, 503}, f"{what}: reads are answered 200 or 503", reads)
                time.sleep(3)
                live.add(client.get("/health/live").status_code)
                check(live == {200}, f"{what}: live stays 200", live)
            filler.unlink()
            freed = time.monotonic()
            back = load.success_after(freed) - freed
        check_kept(load, running, what)
        measure(f"{what}: back after space was freed", back, at_most=5, unit="s")


def back_up(running: Server, size: int) -> None:
    what = f"backup under load of {size:,} tasks"

    async def create(url: str) -> None:
        connection = await asyncpg.connect(with_database(url, "postgres"))
        await connection.execute("CREATE DATABASE restored")
        await connection.close()

    url = url_of(running)
    done = command("demo", "--tasks", str(size), url)
    check(done.returncode == 0, f"{what}: made", done.stderr)
    file = running.folder / "backup"
    with Load(running) as load:
        time.sleep(1)
        before = {task for task, title in list(load.titles.items()) if title}
        begin = time.monotonic()
        done = command("backup", file, url)
        took = time.monotonic() - begin
    check(done.returncode == 0, f"{what}: {done.stdout.strip()}", done.stderr)
    measure(f"{what}: backed up", took, at_most=120, unit="s")
    slowest = max(answer.seconds for answer in load.answers)
    measure(f"{what}: slowest answer meanwhile", slowest, at_most=ALLOWED_SECONDS, unit="s")
    check_kept(load, running, what)

    asyncio.run(create(url))
    copy = with_database(url, "restored")
    begin = time.monotonic()
    done = command("restore", file, copy)
    took = time.monotonic() - begin
    check(done.returncode == 0, f"{what}: restored, all invariants hold", done.stdout)
    measure(f"{what}: restored", took, at_most=120, unit="s")
    rows = asyncio.run(tasks(copy))
    deleted = {task for task in before if None in load.possible(task)}
    kept = before - deleted
    lost = kept - rows.keys()
    check(kept and not lost, f"{what}: the copy has all {len(kept)} that were there", lost)
    matrix = [
        sys.executable, "-m", "pytest", "tests/access/test_access_matrix.py", "--backup", str(file),
        "--quiet",
        # The full form tries all operations, and scripts. For a few, one process is enough.
        *(["-k", "PATCH and tasks and not script"] if QUICK
          else ["--numprocesses=auto", "--dist=worksteal"]),
    ]  # fmt: skip
    tests = subprocess.run(matrix, check=False)
    check(tests.returncode == 0, f"{what}: the access matrix holds on a copy")


def main() -> None:
    random.seed(1)
    faults: list[Callable[[Server], None]] = [
        partial(kill_the_server, rounds=times(50, 1)),
        partial(kill_postgres, rounds=times(20, 3)),  # each time other processes of the three
        partial(stop_postgres, all_of_it=False, seconds=times(10, 3)),
        partial(stop_postgres, all_of_it=True, seconds=times(10, 3)),
        partial(exhaust_the_pool, requests=200),
        partial(stop_the_server, rounds=times(20, 2)),  # with one worker and with two
        partial(back_up, size=times(100_000, 1_000)),
    ]
    # A server for each, or for all of them, since to start one takes longer than most faults.
    for some in [faults] if QUICK else [[fault] for fault in faults]:
        with server() as running:
            for fault in some:
                fault(running)
    migrate_replicas(times(20, 1))
    fill_the_disk()


if __name__ == "__main__":
    run(main)
