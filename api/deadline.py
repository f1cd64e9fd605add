"""How long a request may wait for the database before it is answered with 503."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

SECONDS = 1.3  # an answer comes within two, with the time that giving up takes
LAST_SECONDS = 0.3  # what is left, at least, to a request that waited for its turn

_clock: ContextVar[asyncio.Timeout] = ContextVar("clock")


@asynccontextmanager
async def deadline(ends: float | None = None) -> AsyncIterator[None]:
    """Give up on what is done in here after a while, or at that time of the loop's clock.

    Raises TimeoutError.
    """
    if ends is None:
        ends = asyncio.get_running_loop().time() + SECONDS
    async with asyncio.timeout_at(ends) as clock:
        token = _clock.set(clock)
        try:
            yield
        finally:
            _clock.reset(token)


def time_left() -> float | None:
    """The seconds until the deadline, or None where there is none."""
    clock = _clock.get(None)
    ends = clock.when() if clock else None
    return None if ends is None else max(0.0, ends - asyncio.get_running_loop().time())


def leave_time() -> None:
    """Put the deadline off, if need be, so that what was waited for so long can still be done."""
    clock = _clock.get(None)
    ends = clock.when() if clock and not clock.expired() else None
    if clock and ends is not None:
        clock.reschedule(max(ends, asyncio.get_running_loop().time() + LAST_SECONDS))


@contextmanager
def clock_stopped() -> Iterator[None]:
    """Time doesn't run out in here, since it isn't the database that takes it."""
    clock = _clock.get(None)
    ends = clock.when() if clock and not clock.expired() else None
    if clock is None or ends is None:
        yield
        return
    loop = asyncio.get_running_loop()
    left = ends - loop.time()
    clock.reschedule(None)
    try:
        yield
    finally:
        clock.reschedule(loop.time() + left)
