"""Work beside the requests, from start to stop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from tortoise import Tortoise

from api.db.errors import DATABASE_TROUBLE
from api.logs import log

RETRY_AFTER_ERROR_SECONDS = 3600.0
BATCH = 1000


@asynccontextmanager
async def run_periodically(
    work: Callable[[], Awaitable[None]], complaint: str, *, seconds: float, first: float
) -> AsyncIterator[None]:
    """Do the work after `first` seconds, and again whenever `seconds` have passed.

    What fails is tried again the next time if the database had trouble, else in an hour: a right
    that its user lacks, for instance, isn't given soon. The complaint goes to the log.
    """

    async def keep_on() -> None:
        await asyncio.sleep(first)
        # The driver may answer being cancelled with a TimeoutError of its own.
        while not task.cancelling():
            wait = seconds
            try:
                await work()
            except DATABASE_TROUBLE as error:
                log.warning("%s now: %s", complaint, type(error).__name__)
            except Exception as error:
                log.error("%s: %s", complaint, type(error.__cause__ or error).__name__)
                wait = max(seconds, RETRY_AFTER_ERROR_SECONDS)
            await asyncio.sleep(wait)

    task = asyncio.create_task(keep_on())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


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
