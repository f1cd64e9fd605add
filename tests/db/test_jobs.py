"""Background jobs run once over all processes, survive them, and never end the server."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import asyncpg
import pytest

from api.app import JOBS
from api.db import jobs
from api.db.jobs import BackgroundJob, background_jobs, run_if_due
from models.tables import Job
from tests.conftest import Client
from tests.helpers.answers import check_problem

pytestmark = pytest.mark.usefixtures("instance")

HOUR = 3600.0
# Another process, which says that it runs the job, and goes on until it is killed.
HOLDER = """
import asyncio, sys
from api.db.connection import database
from api.db.jobs import BackgroundJob, run_if_due

async def tea():
    print("brewing", flush=True)
    await asyncio.Event().wait()

async def main():
    async with database(sys.argv[1]):
        await run_if_due(BackgroundJob("tea", tea, 3600))

asyncio.run(main())
"""


def counted(*errors: Exception | None) -> tuple[list[int], Callable[[], Awaitable[None]]]:
    """Return a list that grows with each run of a job, and the job, which raises these in turn."""
    runs: list[int] = []

    async def run() -> None:
        runs.append(len(runs))
        if error := dict(enumerate(errors, 1)).get(len(runs)):
            raise error

    return runs, run


async def make_due(name: str = "tea") -> None:
    await Job.filter(name=name).update(due_at=datetime(2020, 1, 1, tzinfo=UTC))


async def test_of_many_processes_one_runs_a_job() -> None:
    runs, run = counted()
    job = BackgroundJob("tea", run, HOUR)
    await asyncio.gather(*[run_if_due(job) for _ in range(20)])
    assert len(runs) == 1
    await run_if_due(job)
    assert len(runs) == 1
    await make_due()
    await asyncio.gather(*[run_if_due(job) for _ in range(20)])
    assert len(runs) == 2


async def test_a_job_that_runs_isnt_run_by_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "RENEW_SECONDS", 0)
    working, enough = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        working.set()
        await enough.wait()

    first = asyncio.create_task(run_if_due(BackgroundJob("tea", work, HOUR)))
    await working.wait()
    await make_due()  # as after so long that the claim ends
    async with asyncio.timeout(30):
        while (await Job.get(name="tea")).due_at < datetime.now(UTC):
            pass
    runs, run = counted()
    await run_if_due(BackgroundJob("tea", run, HOUR))
    assert not runs
    enough.set()
    await first


async def test_the_job_of_a_killed_process_runs_in_another(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    pipe = asyncio.subprocess.PIPE
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, database_url, stdout=pipe
    )
    try:
        assert holder.stdout
        async with asyncio.timeout(60):
            assert await holder.stdout.readline() == b"brewing\n"
            done = asyncio.Event()

            async def note() -> None:
                done.set()

            job = BackgroundJob("tea", note, HOUR)
            await run_if_due(job)
            assert not done.is_set()
            holder.kill()
            await holder.wait()
            await make_due()  # as when the claim has ended
            monkeypatch.setattr(jobs, "POLL_SECONDS", 0)
            async with background_jobs([job]):
                await done.wait()
    finally:
        if holder.returncode is None:
            holder.kill()
            await holder.wait()


def test_a_dead_process_is_replaced_within_a_minute() -> None:
    assert jobs.RENEW_SECONDS * 2 < jobs.CLAIM_SECONDS
    assert jobs.CLAIM_SECONDS + jobs.POLL_SECONDS < 60


async def test_a_failure_is_logged_once_and_tried_again(
    caplog: pytest.LogCaptureFixture, admin: Client
) -> None:
    secret = "a row"
    trouble = ConnectionRefusedError(secret)
    runs, run = counted(ValueError(secret), ValueError(secret), trouble, None, ValueError(secret))
    job = BackgroundJob("tea", run, HOUR)
    lines = [
        "The job tea failed, and is tried again: ValueError",
        "The job tea failed, and is tried again: ConnectionRefusedError",
        "The job tea failed, and is tried again: ValueError",
    ]
    told = [lines[:1], lines[:1], lines[:2], lines[:2], lines]
    shown = ["ValueError", "ValueError", "ConnectionRefusedError", None, "ValueError"]
    for number, (so_far, error) in enumerate(zip(told, shown, strict=True)):
        await make_due()
        await run_if_due(job)
        assert len(runs) == number + 1
        assert [record.message for record in caplog.records if "tea" in record.message] == so_far
        [listed] = (await admin.get("/api/jobs")).json()
        assert (listed["name"], listed["error"]) == ("tea", error)
        wait = (await Job.get(name="tea")).due_at - datetime.now(UTC)
        assert (wait.total_seconds() < jobs.RETRY_SECONDS) == bool(error)
    assert secret not in caplog.text


async def test_admins_see_how_jobs_ended(admin: Client, ada: Client) -> None:
    assert (await admin.get("/api/jobs")).json() == []
    _, run = counted()
    for name in ("tea", "coffee"):
        await run_if_due(BackgroundJob(name, run, HOUR))
    listed = (await admin.get("/api/jobs")).json()
    assert [job["name"] for job in listed] == ["coffee", "tea"]
    for job in listed:
        assert job["error"] is None
        assert 0 <= job["seconds"] < 60
        assert datetime.fromisoformat(job["started_at"]) <= datetime.now(UTC)
    check_problem(await ada.get("/api/jobs"), 403)


async def test_a_job_runs_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, done = asyncio.Event(), asyncio.Event()
    runs, run = counted()

    async def note() -> None:
        done.set()

    monkeypatch.setattr(jobs, "POLL_SECONDS", 0)
    unwanted = BackgroundJob("tea", run, HOUR, wanted)
    async with asyncio.timeout(30), background_jobs([unwanted, BackgroundJob("milk", note, 0)]):
        await done.wait()
        assert not runs
        wanted.set()
        while not runs:  # noqa: ASYNC110  # it waits for the database
            await asyncio.sleep(0)


async def test_all_jobs_of_the_server_run(monkeypatch: pytest.MonkeyPatch, admin: Client) -> None:
    monkeypatch.setattr(jobs, "POLL_SECONDS", 0)
    for job in JOBS:
        if job.wanted:
            job.wanted.set()
    names = sorted(job.name for job in JOBS)
    async with background_jobs(JOBS), asyncio.timeout(60):
        while True:
            listed = (await admin.get("/api/jobs")).json()
            assert [job["error"] for job in listed if job["error"]] == []
            if [job["name"] for job in listed if job["started_at"]] == names:
                break


async def test_cancellation_ends_it_even_if_raised_as_a_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    working = asyncio.Event()

    async def work() -> None:
        working.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise TimeoutError from None

    monkeypatch.setattr(jobs, "POLL_SECONDS", 0)
    async with asyncio.timeout(30), background_jobs([BackgroundJob("tea", work, HOUR)]):
        await working.wait()


async def test_jobs_go_on_once_the_database_is_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = asyncio.Event()

    async def note() -> None:
        done.set()

    monkeypatch.setattr(jobs, "POLL_SECONDS", 0)
    connection = await asyncpg.connect(database_url)
    await connection.execute("ALTER TABLE jobs RENAME TO gone")
    async with asyncio.timeout(30), background_jobs([BackgroundJob("tea", note, HOUR)]):
        while "Jobs can't be claimed: UndefinedTableError" not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0)
        await connection.execute("ALTER TABLE gone RENAME TO jobs")
        await done.wait()
    await connection.close()
