"""Statements that come at the same time go to PostgreSQL together, on few connections.

While all connections are busy, those that come wait. As soon as one is free, some that wait for the
same statement share a round trip and a COMMIT, instead of having one each. Whoever comes alone is
sent at once.
"""

import asyncio
from asyncio import Future, Task
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

from tortoise import Tortoise

from api.deadline import SECONDS, deadline

Row = Sequence[Any]
# How often a connection is used before others may have it.
ROUNDS = 50


class Turn(NamedTuple):
    """A statement's parameters, and who waits for its rows, until when."""

    values: tuple[Any, ...]
    rows: Future[list[Row]]
    ends: float


class Pipeline:
    """Sends statements on so many connections at a time, which it takes from the pool for that.

    A statement's last parameter is the number of its turn, which is the first column of its rows.
    Those that are sent together, `most` of them, succeed or fail together.
    """

    def __init__(self, connections: int, most: int) -> None:
        self._free = connections
        self._most = most
        self._waiting: dict[str, list[Turn]] = {}
        self._tasks: set[Task[None]] = set()  # asyncio itself doesn't hold them

    async def rows_of(self, statement: str, *values: Any) -> list[Row]:
        """The rows of a statement with those parameters before the last.

        Raises what the database raises, and TimeoutError after a request's time.
        """
        loop = asyncio.get_running_loop()
        turn = Turn(values, loop.create_future(), loop.time() + SECONDS)
        self._waiting.setdefault(statement, []).append(turn)
        if self._free:
            self._free -= 1
            task = loop.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await turn.rows

    async def _work(self) -> None:
        """Send what waits until nothing does."""
        try:
            while self._waiting:
                await self._send_some()
        finally:
            self._free += 1

    async def _send_some(self) -> None:
        """Send what waits, for some rounds, on a connection."""
        statement, turns = self._next()
        try:
            async with AsyncExitStack() as held:
                async with deadline(turns[0].ends):
                    acquiring = Tortoise.get_connection("default").acquire_connection()
                    connection = await held.enter_async_context(acquiring)
                for left in reversed(range(ROUNDS)):
                    values = [(*turn.values, number) for number, turn in enumerate(turns)]
                    async with deadline(turns[0].ends):
                        found = await connection.fetchmany(statement, values)
                    _answer(turns, found)
                    if not (left and self._waiting):
                        break
                    statement, turns = self._next()
        except BaseException as error:
            for turn in turns:
                if not turn.rows.done():
                    turn.rows.set_exception(error)
            if not isinstance(error, Exception):
                raise

    def _next(self) -> tuple[str, list[Turn]]:
        """The statement that waits longest, and whose turn it is."""
        statement, turns = next(iter(self._waiting.items()))
        del self._waiting[statement]
        if later := turns[self._most :]:
            self._waiting[statement] = later
        return statement, turns[: self._most]


def _answer(turns: list[Turn], found: list[Row]) -> None:
    rows: list[list[Row]] = [[] for _ in turns]
    for row in found:
        rows[row[0]].append(row)
    for turn, its in zip(turns, rows, strict=True):
        if not turn.rows.done():  # who asked may have gone
            turn.rows.set_result(its)
