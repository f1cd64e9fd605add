"""Statements wait for few connections, and those that can go to PostgreSQL together.

Whoever comes alone is sent at once. While all connections are busy, those that come wait. In one
kind of pipeline those that wait for the same statement then share a round trip and a COMMIT,
instead of having one each; in the other each goes alone, and callers take turns, so that nobody
waits for all that somebody else asks for.
"""

import asyncio
from asyncio import Future, Task
from collections.abc import Hashable, Sequence
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

from tortoise import Tortoise

from api.deadline import deadline

Row = Sequence[Any]
# How long a connection is used before others may have it.
HELD_SECONDS = 0.05
# Those that go together have one deadline, that of the first, and so must be about as old.
AGE_SECONDS = 0.1


class Turn(NamedTuple):
    """A statement with its parameters, and who waits for its rows until when."""

    statement: str
    values: tuple[Any, ...]
    rows: Future[list[Row]]
    ends: float


class Pipeline:
    """Sends statements on so many connections at a time, which it takes from the pool for that.

    A statement's first parameter is its caller; the last is the number of its turn, which is also
    the first column of its rows. Those that are sent together, at most `most`, succeed or fail
    together.
    """

    def __init__(self, connections: int, most: int = 1) -> None:
        self._free = connections
        self._most = most
        self._waiting: dict[Hashable, list[Turn]] = {}  # by statement, or by caller
        self._tasks: set[Task[None]] = set()  # asyncio itself doesn't hold them

    async def rows_of(self, statement: str, *values: Any, ends: float) -> list[Row]:
        """The rows of a statement with those parameters before the last.

        Raises what the database raises, and TimeoutError at `ends`, a time of the loop's clock.
        """
        loop = asyncio.get_running_loop()
        turn = Turn(statement, values, loop.create_future(), ends)
        key = values[0] if self._most == 1 else statement
        self._waiting.setdefault(key, []).append(turn)
        if self._free:
            self._free -= 1
            task = loop.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await turn.rows

    async def _work(self) -> None:
        """Send what waits until nothing does."""
        try:
            while turns := self._next():
                await self._send(turns)
        finally:
            self._free += 1

    async def _send(self, turns: list[Turn]) -> None:
        """Send those turns, and more as long as the connection may be held."""
        loop = asyncio.get_running_loop()
        try:
            async with AsyncExitStack() as held:
                async with deadline(turns[0].ends):
                    acquiring = Tortoise.get_connection("default").acquire_connection()
                    connection = await held.enter_async_context(acquiring)
                until = loop.time() + HELD_SECONDS
                while turns:
                    values = [(*turn.values, number) for number, turn in enumerate(turns)]
                    async with deadline(turns[0].ends):
                        found = await connection.fetchmany(turns[0].statement, values)
                    _answer(turns, found)
                    turns = self._next() if loop.time() < until else []
        except BaseException as error:
            for turn in turns:
                if not turn.rows.done():
                    turn.rows.set_exception(error)
            if not isinstance(error, Exception):
                raise

    def _next(self) -> list[Turn]:
        """Whose turn it is: one after another within a queue, and the queues in turn."""
        now = asyncio.get_running_loop().time()
        turns: list[Turn] = []
        while self._waiting and not turns:
            key = next(iter(self._waiting))
            waiting = self._waiting.pop(key)
            for number, turn in enumerate(waiting):
                if turn.rows.done():  # who asked has gone
                    continue
                if turn.ends <= now:
                    turn.rows.set_exception(TimeoutError())
                elif (
                    len(turns) < self._most and turn.ends < (turns or [turn])[0].ends + AGE_SECONDS
                ):
                    turns.append(turn)
                else:
                    self._waiting[key] = waiting[number:]
                    break
        return turns


def _answer(turns: list[Turn], found: list[Row]) -> None:
    rows: list[list[Row]] = [[] for _ in turns]
    for row in found:
        rows[row[0]].append(row)
    for turn, its in zip(turns, rows, strict=True):
        if not turn.rows.done():
            turn.rows.set_result(its)
