"""How long a request may wait for the database before it is answered with 503."""

import asyncio
from asyncio import Timeout
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

SECONDS = 1.3  # an answer comes within two, with the time that giving up takes
MIN_SECONDS_LEFT = 0.3  # what is left, at least, to a request that waited for its turn
LINE_SECONDS = 10.0  # the longest wait in a line that moves

_clock: ContextVar[Timeout] = ContextVar("clock")


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


def present_clock() -> Timeout | None:
    """Return the clock of the deadline that this task has, if it has one."""
    return _clock.get(None)


def time_left() -> float | None:
    """Return the seconds until the deadline, or None where there is none."""
    clock = _clock.get(None)
    ends = clock.when() if clock else None
    return None if ends is None else max(0.0, ends - asyncio.get_running_loop().time())


class Line:
    """Requests that wait for the same thing, in the order in which they came.

    While the line moves, those in it don't run out of time: whenever one has finished, the others
    have the whole time anew, up to `LINE_SECONDS`. When the database stands still nobody finishes,
    and all of them give up at their deadlines.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._waiting: dict[Timeout, float] = {}  # until when each may wait at most

    def __len__(self) -> int:
        return len(self._waiting)

    def join(self, clock: Timeout, last: float) -> None:
        """Let the one who waits with this clock wait while the line moves, until `last` at most."""
        self._waiting[clock] = last

    def leave(self, clock: Timeout) -> None:
        """Let the clock run out from now on, whether the line moves or not."""
        self._waiting.pop(clock, None)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn, and keep it in here. Raises TimeoutError at the deadline."""
        loop = asyncio.get_running_loop()
        clock = _clock.get(None)
        try:
            if clock:
                self.join(clock, loop.time() + LINE_SECONDS)
            await self._lock.acquire()
        finally:
            if clock:
                self.leave(clock)
        try:
            _put_off(clock, loop.time() + MIN_SECONDS_LEFT)
            yield
        except TimeoutError:
            raise
        except Exception:  # an answer like any other
            self.moved()
            raise
        else:
            self.moved()
        finally:
            self._lock.release()

    def moved(self) -> None:
        """Give those in the line the whole time anew."""
        ends = asyncio.get_running_loop().time() + SECONDS
        for clock, last in self._waiting.items():
            _put_off(clock, min(ends, last))


def _put_off(clock: Timeout | None, ends: float) -> None:
    """Let a deadline be no earlier than that."""
    present = clock.when() if clock and not clock.expired() else None
    if clock and present is not None:
        clock.reschedule(max(present, ends))


@contextmanager
def deadline_paused() -> Iterator[None]:
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
