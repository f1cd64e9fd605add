"""Background jobs: each runs in one process at a time, over all workers and replicas.

A row of `jobs` says when a job is due. The process that runs it moves that time ahead first, and
again every few seconds; so the job of a process that dies is soon due. It takes no lock: that would
need a long transaction, or a session, and a pooler shares sessions. A process that stalls may find
its job run by another at the same time, which jobs must allow.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import NamedTuple

from tortoise import Tortoise

from api.db.errors import DATABASE_TROUBLE
from api.logs import log, warn_rarely

POLL_SECONDS = 20.0
CLAIM_SECONDS, RENEW_SECONDS = 30.0, 10.0
RETRY_SECONDS = 60.0  # after a failure
BATCH = 1000

CLAIM = """
    INSERT INTO jobs (name, due_at) SELECT $1::varchar, now() + $2 * interval '1 second'
    WHERE NOT EXISTS (SELECT FROM jobs WHERE name = $1 AND due_at > now())
    ON CONFLICT (name) DO UPDATE SET due_at = EXCLUDED.due_at WHERE jobs.due_at <= now()
    RETURNING error
"""
RENEW = "UPDATE jobs SET due_at = now() + $2 * interval '1 second' WHERE name = $1"
FINISH = """
    UPDATE jobs SET due_at = now() + $2 * interval '1 second',
        started_at = now() - $3 * interval '1 second', seconds = $3, error = $4
    WHERE name = $1
"""


class BackgroundJob(NamedTuple):
    """A job that runs when so many seconds have passed since its last run.

    With `wanted`, a process runs it only while that is set, for work that only this process
    knows of.
    """

    name: str
    run: Callable[[], Awaitable[None]]
    seconds: float
    wanted: asyncio.Event | None = None


@asynccontextmanager
async def background_jobs(jobs: Iterable[BackgroundJob]) -> AsyncIterator[None]:
    """Take part in running jobs, from start to stop."""
    tasks = [asyncio.create_task(_keep_on(job)) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_on(job: BackgroundJob) -> None:
    task = asyncio.current_task()
    # The driver may answer being cancelled with a TimeoutError of its own.
    while task and not task.cancelling():
        await asyncio.sleep(min(job.seconds, POLL_SECONDS))
        if job.wanted is None or job.wanted.is_set():
            try:
                await run_if_due(job)
            except DATABASE_TROUBLE:
                pass  # The pool logs these.
            except Exception as error:
                kind = type(error.__cause__ or error).__name__
                warn_rarely("jobs", f"Jobs can't be claimed: {kind}")


async def run_if_due(job: BackgroundJob) -> None:
    """Run a job unless another process does, or did so a short while ago.

    Log an error unless the last run failed in the same way.
    """
    connection = Tortoise.get_connection("default")
    claimed = await connection.execute_query_dict(CLAIM, [job.name, CLAIM_SECONDS])
    if not claimed:
        return
    began, failure, wait = time.monotonic(), None, job.seconds
    renewal = asyncio.create_task(_renew(job))
    try:
        await job.run()
    except Exception as error:
        # Only its kind: a message may quote rows.
        failure, wait = type(error.__cause__ or error).__name__, RETRY_SECONDS
        if failure != claimed[0]["error"]:
            log.warning("The job %s failed, and is tried again: %s", job.name, failure)
    finally:
        renewal.cancel()
    took = time.monotonic() - began
    await connection.execute_query(FINISH, [job.name, wait, took, failure])


async def _renew(job: BackgroundJob) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        with suppress(*DATABASE_TROUBLE):
            await Tortoise.get_connection("default").execute_query(RENEW, [job.name, CLAIM_SECONDS])


def among_oldest(table: str) -> str:
    """Return the rule for rows made before `$1`, that reads no more than a batch of the oldest."""
    return f"""id IN (
        SELECT id FROM (SELECT id, created_at FROM {table} ORDER BY id LIMIT {BATCH}) AS oldest
        WHERE created_at <= $1
    )"""  # noqa: S608  # our names


async def delete_in_batches(table: str, rule: str, before: datetime) -> None:
    """Delete the rows for which the rule with the time `$1` holds, a few in each transaction."""
    number = BATCH
    while number == BATCH:
        number, _ = await Tortoise.get_connection("default").execute_query(
            f"""
            DELETE FROM {table} WHERE id IN (
                SELECT id FROM {table} WHERE {rule} LIMIT {BATCH} FOR UPDATE SKIP LOCKED
            )
            """,  # noqa: S608  # our names
            [before],
        )
