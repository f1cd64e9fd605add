"""The time that a request may wait for the database before it is answered with 503."""

import asyncio
from asyncio import Timeout
from collections.abc import AsyncIterator, Iterator
from contextlib import (
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from contextvars import ContextVar

SECONDS = 1.3  # an answer comes within two, with the time that giving up takes
MIN_SECONDS_LEFT = 0.3  # what is left, at least, to a request that waited for its turn
LINE_SECONDS = 10.0  # the longest wait in a line that moves

# How often those in a line get the whole time anew, at most: each of them costs a moment.
MOVE_SECONDS = 0.05

_deadline: ContextVar["Deadline"] = ContextVar("deadline")


class Deadline:
    """When a request gives up. It is put off while a line moves in which the request waits."""

    def __init__(self, timeout: Timeout) -> None:
        self._timeout = timeout
        self.last = asyncio.get_running_loop().time() + LINE_SECONDS  # by the loop's clock

    @property
    def ends(self) -> float | None:
        """The time by the loop's clock, or None once it is over or while it is paused."""
        return None if self._timeout.expired() else self._timeout.when()

    def put_off(self, ends: float) -> None:
        """Give up no earlier than that."""
        if self.ends is not None:
            self._timeout.reschedule(max(self.ends, ends))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let no time run out in here."""
        loop, ends = asyncio.get_running_loop(), self.ends
        if ends is None:
            yield
            return
        begin = loop.time()
        self._timeout.reschedule(None)
        try:
            yield
        finally:
            pause = loop.time() - begin
            self._timeout.reschedule(ends + pause)
            self.last += pause


@asynccontextmanager
async def deadline(ends: float | None = None) -> AsyncIterator[None]:
    """Give up on what is done in here after a while, or at that time of the loop's clock.

    Raises TimeoutError.
    """
    if ends is None:
        ends = asyncio.get_running_loop().time() + SECONDS
    async with asyncio.timeout_at(ends) as timeout:
        token = _deadline.set(Deadline(timeout))
        try:
            yield
        finally:
            _deadline.reset(token)


def present_deadline() -> Deadline | None:
    """Return the deadline that this task has, if it has one."""
    return _deadline.get(None)


def time_left() -> float | None:
    """Return the seconds until the deadline, or None where there is none."""
    deadline = present_deadline()
    ends = deadline.ends if deadline else None
    return None if ends is None else max(0.0, ends - asyncio.get_running_loop().time())


def still_working() -> None:
    """Give this task the whole time anew, since the database has just done a part of its work."""
    if deadline := present_deadline():
        now = asyncio.get_running_loop().time()
        deadline.put_off(min(now + SECONDS, deadline.last))


class Line:
    """Requests that wait for the same thing.

    While the line moves, those in it don't run out of time: whenever one has finished, the others
    have the whole time anew, up to `LINE_SECONDS`. When the database stands still nobody finishes,
    and all of them give up at their deadlines.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._waiting: set[Deadline] = set()
        self._moved_at = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def join(self, deadline: Deadline) -> None:
        """Put this deadline off while the line moves."""
        self._waiting.add(deadline)

    def leave(self, deadline: Deadline) -> None:
        """Leave this deadline as it is from now on."""
        self._waiting.discard(deadline)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Wait in the line in here. What comes then has `MIN_SECONDS_LEFT`, at least.

        Without a deadline, whoever waits isn't in the line.
        """
        deadline = present_deadline()
        if deadline is None:
            yield
            return
        self.join(deadline)
        try:
            yield
        finally:
            self.leave(deadline)
        deadline.put_off(asyncio.get_running_loop().time() + MIN_SECONDS_LEFT)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn, in the order of coming, and keep it in here.

        Raises TimeoutError at the deadline.
        """
        with self.waiting():
            await self._lock.acquire()
        try:
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
        now = asyncio.get_running_loop().time()
        if self._waiting and now - self._moved_at >= MOVE_SECONDS:
            self._moved_at = now
            for deadline in self._waiting:
                deadline.put_off(min(now + SECONDS, deadline.last))


def deadline_paused() -> AbstractContextManager[None]:
    """Time doesn't run out in here, since it isn't the database that takes it."""
    deadline = present_deadline()
    return deadline.paused() if deadline else nullcontext()
