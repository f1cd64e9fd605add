"""Wait in line for a board: one transaction of this process at a time works on each."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from uuid import UUID
from weakref import WeakValueDictionary

from api.db.deadline import Line
from api.problems import BoardBusy

MAX_LINE = 500  # of those who wait to write to one board

_lines: WeakValueDictionary[UUID, Line] = WeakValueDictionary()
_held: ContextVar[frozenset[UUID]] = ContextVar("held", default=frozenset())


def lines_of(ids: Iterable[UUID]) -> list[Line]:
    """Return the lines of these boards, in the order in which they are locked.

    Raises BoardBusy when too many wait in one of them already.
    """
    lines = [_lines.setdefault(key, Line()) for key in sorted(ids)]
    if any(len(line) >= MAX_LINE for line in lines):
        raise BoardBusy()
    return lines


@asynccontextmanager
async def turn_at(lines: Iterable[Line]) -> AsyncIterator[None]:
    """Hold the first place in each of the lines for the block."""
    async with AsyncExitStack() as held:
        for line in lines:
            await held.enter_async_context(line.turn())
        yield


@asynccontextmanager
async def board_turn(ids: set[UUID]) -> AsyncIterator[None]:
    """Let one writer of this process at a time work on the boards or accounts with these ids.

    PostgreSQL's locks decide; this keeps those who wait for a busy board from waiting with a
    connection each, of which everybody else then has none. A part of what has its turn needn't wait
    again. Raises BoardBusy when too many wait already.
    """
    held = _held.get()
    async with turn_at(lines_of(ids - held)):
        token = _held.set(held | ids)
        try:
            yield
        finally:
            _held.reset(token)
