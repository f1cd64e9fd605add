"""Run statements on a few connections, and batch those that wait for the same statement.

Whoever comes alone is sent at once. While all connections are busy, those that come wait; then some
that wait for the same statement share a round trip and a COMMIT, instead of having one each. What
took long the last time goes alone, and leaves a connection to the others. Callers take turns,
whatever each asks for, so that nobody waits for all that somebody else asks for.
"""

import asyncio
from asyncio import Future, Task, TimerHandle
from collections import deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from contextvars import Context
from typing import Any, NamedTuple

from tortoise import Tortoise

from api.db.clock import present_clock
from api.db.deadline import deadline

Row = Sequence[Any]
# How long a connection is used before others may have it, and what counts as long.
MAX_HOLD_SECONDS = 0.05
# Those that go together have one deadline, that of the first, and so must be about as old.
MAX_AGE_SPREAD_SECONDS = 0.1


class PendingCall(NamedTuple):
    """A statement's parameters, who waits for its rows until when, and what ends that wait."""

    values: tuple[Any, ...]
    rows: Future[list[Row]]
    ends: float
    timer: TimerHandle


class BatchExecutor:
    """Sends statements on so many connections at a time, which it takes from the pool for that.

    A statement's first parameter is its caller; the last is the number of its turn, which is also
    the first column of its rows. Those that are sent together, at most `most`, succeed or fail
    together. `options` are SQL that is run before each, in its transaction.
    """

    def __init__(self, connections: int, most: int, *, options: str = "") -> None:
        self._free = connections
        self._most_slow = max(1, connections - 1)
        self._most = most
        self._options = options
        self._waiting: dict[Any, dict[str, deque[PendingCall]]] = {}  # by caller and statement
        self._slow: set[str] = set()
        self._running: list[str] = []
        self._tasks: set[Task[None]] = set()  # asyncio itself doesn't hold them

    async def fetch_rows(self, statement: str, *values: Any, ends: float) -> list[Row]:
        """Return the rows of a statement with those parameters before the last.

        Raises what the database raises, and TimeoutError at `ends`, a time of the loop's clock, or
        before that when it hasn't been sent yet.
        """
        loop = asyncio.get_running_loop()
        # As with the pool, one that would be sent at the last moment is better answered earlier.
        rows: Future[list[Row]] = loop.create_future()
        timer = loop.call_later((ends - loop.time()) * 2 / 3, _give_up, rows)
        turns = self._waiting.setdefault(values[0], {}).setdefault(statement, deque())
        turns.append(PendingCall(values, rows, ends, timer))
        if self._free:
            self._free -= 1
            # In a context of its own, since it serves more than the request that starts it.
            task = loop.create_task(self._work(), context=Context())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        clock = present_clock()
        clock.start()
        try:
            return await rows
        finally:
            clock.stop()
            timer.cancel()

    async def _work(self) -> None:
        """Send what waits until nothing does that may be sent now."""
        try:
            while statement := self._next():
                if turns := self._take_turns(statement):
                    await self._send(statement, turns)
        finally:
            self._free += 1

    async def _send(self, statement: str, turns: list[PendingCall]) -> None:
        """Send these, and then what waits as long as the connection may be held."""
        loop = asyncio.get_running_loop()
        try:
            async with AsyncExitStack() as held:
                async with deadline(turns[0].ends):
                    acquiring = Tortoise.get_connection("default").acquire_connection()
                    connection = await held.enter_async_context(acquiring)
                    if self._options:
                        await held.enter_async_context(connection.transaction())
                        await connection.execute(self._options)
                until = loop.time() + MAX_HOLD_SECONDS
                while turns:
                    begin = loop.time()
                    values = [(*turn.values, number) for number, turn in enumerate(turns)]
                    left = turns[0].ends - begin
                    _answer(turns, await connection.fetchmany(statement, values, timeout=left))
                    if loop.time() - begin > MAX_HOLD_SECONDS:
                        self._slow.add(statement)
                    elif len(turns) == 1:
                        self._slow.discard(statement)
                    self._running.remove(statement)
                    turns = []
                    if loop.time() < until and (following := self._next()):
                        statement, turns = following, self._take_turns(following)
        except BaseException as error:
            if turns:
                self._running.remove(statement)
            for turn in turns:
                if not turn.rows.done():
                    turn.rows.set_exception(error)
            if not isinstance(error, Exception):
                raise

    def _next(self) -> str | None:
        """Return the first statement of the next caller who has one that may be sent now.

        Slow ones wait while they have all connections but one. Whoever sends these takes the next.
        """
        slow = sum(each in self._slow for each in self._running)
        held = self._slow if slow >= self._most_slow else ()
        its = (each for statements in self._waiting.values() for each in statements)
        return next((each for each in its if each not in held), None)

    def _take_turns(self, statement: str) -> list[PendingCall]:
        """Return those who share a statement that is sent now: one of each caller's in turn.

        There may be none, if all have gone or given up. Those of another age lead later on.
        """
        most = 1 if statement in self._slow else self._most
        callers = deque(caller for caller, its in self._waiting.items() if statement in its)
        turns: list[PendingCall] = []
        while callers and len(turns) < most:
            caller = callers.popleft()
            waiting = self._waiting[caller][statement]
            if turns and abs(waiting[0].ends - turns[0].ends) > MAX_AGE_SPREAD_SECONDS:
                continue
            turn = self._take(caller, statement)
            if not turn.rows.done():
                turns.append(turn)
            if waiting:
                callers.append(caller)
        if turns:
            self._running.append(statement)
        return turns

    def _take(self, caller: Any, statement: str) -> PendingCall:
        """Return the first turn of a caller's; what else they wait for comes after everybody's."""
        statements = self._waiting.pop(caller)
        waiting = statements.pop(statement)
        turn = waiting.popleft()
        turn.timer.cancel()
        if waiting:
            statements[statement] = waiting
        if statements:
            self._waiting[caller] = statements
        return turn


def _give_up(rows: Future[list[Row]]) -> None:
    if not rows.done():
        rows.set_exception(TimeoutError())


def _answer(turns: list[PendingCall], found: list[Row]) -> None:
    rows: list[list[Row]] = [[] for _ in turns]
    for row in found:
        rows[row[0]].append(row)
    for turn, its in zip(turns, rows, strict=True):
        if not turn.rows.done():
            turn.rows.set_result(its)
