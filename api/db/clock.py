"""The part of a request's time that it spends with the database."""

import time
from contextvars import ContextVar


class Clock:
    """Runs while a request waits for the database or has a connection."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._users = 0

    def start(self) -> None:
        if not self._users:
            self.seconds -= time.perf_counter()
        self._users += 1

    def stop(self) -> None:
        self._users -= 1
        if not self._users:
            self.seconds += time.perf_counter()


# Work that isn't a request's counts for nobody.
_clock: ContextVar[Clock | None] = ContextVar("clock", default=None)


def new_clock() -> Clock:
    """Return the clock of the request that this task answers now."""
    clock = Clock()
    _clock.set(clock)
    return clock


def present_clock() -> Clock:
    """Return the clock of this task's request, or else one that nobody reads."""
    return _clock.get() or Clock()
