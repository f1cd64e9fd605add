"""Statements wait for few connections, and those that wait together go together.

Whoever comes alone is sent at once. While all connections are busy, those that come wait; then some
that wait for the same statement share a round trip and a COMMIT, instead of having one each. What
took long the last time goes alone. Statements and callers take turns, so that nobody waits for all
that somebody else asks for.
"""

import asyncio
from asyncio import Future, Task
from collections import deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

from tortoise import Tortoise

from api.deadline import deadline

Row = Sequence[Any]
# How long a connection is used before others may have it, and what counts as long.
HELD_SECONDS = 0.05
# Those that go together have one deadline, that of the first, and so must be about as old.
AGE_SECONDS = 0.1


class Turn(NamedTuple):
    """A statement's parameters, and who waits for its rows until when."""

    values: tuple[Any, ...]
    rows: Future[list[Row]]
    ends: float


Turns = deque[Turn]


class Pipeline:
    """Sends statements on so many connections at a time, which it takes from the pool for that.

    A statement's first parameter is its caller; the last is the number of its turn, which is also
    the first column of its rows. Those that are sent together, at most `most`, succeed or fail
    together.
    """

    def __init__(self, connections: int, most: int) -> None:
        self._free = connections
        self._most = most
        self._waiting: dict[str, dict[Any, Turns]] = {}  # by statement and caller
        self._slow: set[str] = set()
        self._tasks: set[Task[None]] = set()  # asyncio itself doesn't hold them

    async def rows_of(self, statement: str, *values: Any, ends: float) -> list[Row]:
        """The rows of a statement with those parameters before the last.

        Raises what the database raises, and TimeoutError at `ends`, a time of the loop's clock, or
        before that when it hasn't been sent yet.
        """
        loop = asyncio.get_running_loop()
        turn = Turn(values, loop.create_future(), ends)
        self._waiting.setdefault(statement, {}).setdefault(values[0], deque()).append(turn)
        if self._free:
            self._free -= 1
            task = loop.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        # As with the pool, one that would be sent at the last moment is better answered earlier.
        patience = (ends - loop.time()) * 2 / 3
        timer = loop.call_later(patience, self._give_up, statement, turn)
        try:
            return await turn.rows
        finally:
            timer.cancel()

    def _give_up(self, statement: str, turn: Turn) -> None:
        """End the wait of one who hasn't been sent yet."""
        waiting = self._waiting.get(statement, {}).get(turn.values[0], ())
        if any(turn is each for each in waiting) and not turn.rows.done():
            turn.rows.set_exception(TimeoutError())

    async def _work(self) -> None:
        """Send what waits until nothing does."""
        try:
            while self._waiting:
                statement, turns = self._next()
                if turns:
                    await self._send(statement, turns)
        finally:
            self._free += 1

    async def _send(self, statement: str, turns: list[Turn]) -> None:
        """Send these, and then what waits as long as the connection may be held."""
        loop = asyncio.get_running_loop()
        try:
            async with AsyncExitStack() as held:
                async with deadline(turns[0].ends):
                    acquiring = Tortoise.get_connection("default").acquire_connection()
                    connection = await held.enter_async_context(acquiring)
                until = loop.time() + HELD_SECONDS
                while turns:
                    begin = loop.time()
                    values = [(*turn.values, number) for number, turn in enumerate(turns)]
                    left = turns[0].ends - begin
                    _answer(turns, await connection.fetchmany(statement, values, timeout=left))
                    if loop.time() - begin > HELD_SECONDS:
                        self._slow.add(statement)
                    elif len(turns) == 1:
                        self._slow.discard(statement)
                    turns = []
                    if self._waiting and loop.time() < until:
                        statement, turns = self._next()
        except BaseException as error:
            for turn in turns:
                if not turn.rows.done():
                    turn.rows.set_exception(error)
            if not isinstance(error, Exception):
                raise

    def _next(self) -> tuple[str, list[Turn]]:
        """The next statement, and whose turn it is: one of each caller, and then one more."""
        statement = next(iter(self._waiting))
        callers = self._waiting.pop(statement)
        most = 1 if statement in self._slow else self._most
        turns: list[Turn] = []
        while callers and len(turns) < most:
            caller = next(iter(callers))
            waiting = callers.pop(caller)
            turn = waiting[0]
            if turns and abs(turn.ends - turns[0].ends) > AGE_SECONDS:
                callers[caller] = waiting
                break
            del waiting[0]
            if waiting:
                callers[caller] = waiting
            if not turn.rows.done():  # who asked may have gone, or have given up
                turns.append(turn)
        if callers:
            self._waiting[statement] = callers
        return statement, turns


def _answer(turns: list[Turn], found: list[Row]) -> None:
    rows: list[list[Row]] = [[] for _ in turns]
    for row in found:
        rows[row[0]].append(row)
    for turn, its in zip(turns, rows, strict=True):
        if not turn.rows.done():
            turn.rows.set_result(its)
