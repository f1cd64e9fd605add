"""Work beside the requests, from start to stop."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from api.errors import DATABASE_TROUBLE

log = logging.getLogger("uvicorn.error")


@asynccontextmanager
async def repeated(
    work: Callable[[], Awaitable[None]], complaint: str, *, seconds: float, first: float
) -> AsyncIterator[None]:
    """Do the work after `first` seconds, and again whenever `seconds` have passed.

    When the database fails, the complaint goes to the log, and the next time may be better. After
    any other error, such as a right that the database's user lacks, it isn't tried again.
    """

    async def keep_on() -> None:
        await asyncio.sleep(first)
        while True:
            try:
                await work()
            except DATABASE_TROUBLE as error:
                log.warning("%s now: %s", complaint, type(error).__name__)
            except Exception as error:
                log.error("%s, and it isn't tried again: %s", complaint, type(error).__name__)
                return
            await asyncio.sleep(seconds)

    task = asyncio.create_task(keep_on())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
