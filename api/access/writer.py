"""Write in batches: lock the boards, find the rows and decide, write, and commit once for all.

A batch takes what waits, of many boards and callers. It locks the boards that nobody else has
locked; only what it reads after that is decided on. What is on a board that somebody else has
locked, and what would hold others up, waits in a lane of its board: it waits for the lock, and then
writes all that waits for this board by then.
"""

import asyncio
from abc import ABC, abstractmethod
from asyncio import Future, Task
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from contextvars import Context
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import asyncpg
from tortoise.exceptions import IntegrityError

from api.access.board_lock import MAX_LINE, lines_of, turn_at
from api.access.gate import found_in, signed_out
from api.access.rights import Found, Right, judge
from api.access.scope import Scope
from api.auth.credentials import Credentials
from api.db.changes import tell_of_changes
from api.db.clock import present_clock
from api.db.connection import unit_of_work
from api.db.deadline import Line, deadline, present_deadline
from api.db.errors import DATABASE_TROUBLE
from api.db.origin import present_origin
from api.problems import ApiError, BoardBusy, NotFound
from models.enums import TokenScope

MAX_BATCH = 32
# Of the lines of boards, so many are worked on at a time, each with a connection.
MAX_LANES = 4
# How often what PostgreSQL refuses is tried, in a batch and then by itself.
MAX_FAILURES = 3
ROLLED_BACK = asyncpg.TransactionRollbackError  # a deadlock, for instance
# A lane that waits longer lets another have its connection for a while.
LOCK_SECONDS = 0.1

Connection = Any  # asyncpg's
Row = Any  # of a statement


class Record(asyncpg.Record):
    """A row of a statement, whose columns are attributes, as those of a model."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Change(ABC):
    """A write that a caller asks for, and the row whose board decides whether they may."""

    def __init__(
        self,
        right: Right,
        caller: Credentials,
        scope: Scope,
        row_id: UUID,
        *,
        is_use_noted: bool,
    ) -> None:
        self.right = right
        self.caller = caller
        self.scope = scope
        self.row_id = row_id
        self.is_use_noted = is_use_noted  # this request has updated `last_used_at`
        self.request_id = present_origin.get().request_id
        self.written: Future[Row] = asyncio.get_running_loop().create_future()
        self.deadline = present_deadline()
        self.lines: list[Line] = []
        self.failures = 0

    async def check(self, row: Any) -> None:  # noqa: B027  # most have nothing to check
        """Raise what keeps the row from being written beside the right to it."""

    def target(self, row: Any) -> tuple[Scope, UUID] | None:
        """Return another row that takes the same right, if there is one."""
        return None

    @abstractmethod
    def is_long(self, row: Any) -> bool:
        """Tell whether it may take so long that nothing else should wait for it."""

    @abstractmethod
    def needs_several_statements(self, row: Any) -> bool:
        """Tell whether it takes more than one statement."""

    @abstractmethod
    def statement(self, row: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the statement that writes it and says for whom, and its parameters but the last.

        The last is a number that its only row begins with. There is no row if the found one has
        changed since, by another change of the same batch: it is then decided anew.
        """

    @abstractmethod
    async def run(self, connection: Connection, row: Any, board: UUID | None) -> Row | None:
        """Write it by several statements, of which the first also says for whom; `board` is that of
        the target. What it raises comes before its first write."""


class FairQueue:
    """Changes that wait; each caller's in order, and callers in turns."""

    def __init__(self) -> None:
        self._by_caller: dict[UUID, deque[Change]] = {}

    def put(self, change: Change) -> None:
        self._by_caller.setdefault(change.caller.user_id, deque()).append(change)

    def take(self, most: int) -> list[Change]:
        """Take up to so many out, without those that nobody waits for any more."""
        taken: list[Change] = []
        while self._by_caller and len(taken) < most:
            caller, changes = next(iter(self._by_caller.items()))
            del self._by_caller[caller]
            change = changes.popleft()
            if changes:
                self._by_caller[caller] = changes
            if not change.written.done():
                taken.append(change)
        return taken

    def is_waited_for(self) -> bool:
        """Tell whether anybody still waits for a change in here."""
        return any(
            not change.written.done() for changes in self._by_caller.values() for change in changes
        )


class Writer:
    """Writes what is asked for in this process."""

    def __init__(self) -> None:
        self._queue = FairQueue()
        self._line = Line()  # of those in the queue
        self._is_writing = False
        self._lanes: dict[frozenset[UUID], FairQueue] = {}
        self._tasks: set[Task[None]] = set()  # asyncio itself doesn't hold them

    async def write(self, change: Change) -> Row:
        """Return the row of the change's statement, once it is committed.

        Raises Unauthorized for credentials that aren't good, NotFound and Forbidden as `judge`
        does, what the change itself raises, BoardBusy, what the database raises, and TimeoutError
        at the deadline, which is put off while the line moves.
        """
        clock = present_clock()
        clock.start()
        self._enter(change)
        try:
            return await change.written
        finally:
            clock.stop()
            self._wait_in(change, [])

    def _wait_in(self, change: Change, lines: list[Line]) -> None:
        if change.deadline:
            for line in change.lines:
                line.leave(change.deadline)
            for line in lines:
                line.join(change.deadline)
        change.lines = lines

    def _enter(self, change: Change) -> None:
        """Put a change in the queue of what goes into the next batch."""
        if change.written.done():  # nobody waits for it any more
            return
        self._wait_in(change, [self._line])
        self._queue.put(change)
        if not self._is_writing:
            self._is_writing = True
            self._start(self._write_all())

    def _enter_lane(self, change: Change, boards: frozenset[UUID]) -> None:
        """Let a change wait for its boards."""
        if change.written.done():
            return
        try:
            lines = lines_of(boards)
        except BoardBusy as error:
            _fail([change], error)
            return
        self._wait_in(change, lines)
        if boards not in self._lanes:
            self._lanes[boards] = FairQueue()
            self._start(self._write_lane(boards, lines))
        self._lanes[boards].put(change)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if not self._tasks:
            self._free_lanes = asyncio.Semaphore(MAX_LANES)  # which belongs to one event loop
        # In a context of its own, or it would be in the transaction of the task that starts it.
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write_all(self) -> None:
        try:
            while self._queue.is_waited_for():
                if await self._write(self._queue):
                    self._line.moved()
        finally:
            self._is_writing = False

    async def _write_lane(self, boards: frozenset[UUID], lines: list[Line]) -> None:
        queue = self._lanes[boards]
        try:
            while queue.is_waited_for():
                with suppress(TimeoutError):
                    async with turn_at(lines), self._free_lanes:
                        if not await self._write(queue, boards):
                            raise TimeoutError  # the line hasn't moved
        finally:
            del self._lanes[boards]

    async def _write(self, queue: FairQueue, boards: frozenset[UUID] = frozenset()) -> bool:
        """Write a batch in one transaction, or each change in one of its own if that fails.

        With `boards` it waits for them first. What comes until then goes along. Returns whether
        the database has answered.
        """
        batch: list[Change] = []
        try:
            async with deadline(), unit_of_work() as client:
                connection = client._connection
                if boards:
                    await connection.execute(_lock_statement(boards))
                batch = queue.take(MAX_BATCH)
                locked: set[UUID | None] = {*boards} or await _lock_boards(connection, batch)
                done = await self._decide_and_write(connection, batch, locked, is_lane=bool(boards))
        except Exception as error:
            if not isinstance(error, DATABASE_TROUBLE) or isinstance(error, ROLLED_BACK):
                await self._write_alone(batch, boards, error)
                return True
            # Those who wait for a lock or a connection have deadlines of their own.
            if batch or not isinstance(error, TimeoutError | asyncpg.LockNotAvailableError):
                _fail(batch or queue.take(MAX_LINE), error)
            return False
        except BaseException as error:
            _fail(batch, error)
            raise
        tell_of_changes({board for board in locked if board})
        for change, row in done:
            if isinstance(row, ApiError):
                _fail([change], row)
            elif isinstance(row, frozenset):
                self._enter_lane(change, row)
            elif row is None:
                self._enter(change)
            elif not change.written.done():
                change.written.set_result(row)
        return True

    async def _write_alone(
        self, batch: Sequence[Change], boards: frozenset[UUID], error: Exception
    ) -> None:
        """Try each change of a batch that failed by itself, and once more: what it needs may just
        have gone, which is then decided."""
        for change in batch:
            change.failures += 1
            if change.failures < MAX_FAILURES:
                alone = FairQueue()
                alone.put(change)
                await self._write(alone, boards)
            elif isinstance(error, asyncpg.IntegrityConstraintViolationError):
                _fail([change], IntegrityError(error))  # as the ORM raises it
            else:
                _fail([change], error)

    async def _decide_and_write(
        self,
        connection: Connection,
        batch: Sequence[Change],
        locked: set[UUID | None],
        *,
        is_lane: bool,
    ) -> list[tuple[Change, Any]]:
        """Return what came of each change: its row, or what is raised for it.

        The boards for which it must wait are a frozenset, and None means that it is to be looked at
        anew.
        """
        now = datetime.now(UTC)
        done: list[tuple[Change, Any]] = []
        written: list[tuple[Change, Any]] = []
        in_order: list[tuple[Change, Any, UUID | None]] = []
        # Rows that move. What comes after that, of them or to them, is looked at anew.
        moving: set[UUID | None] = set()
        found = await _find(connection, [(c, c.scope, c.row_id) for c in batch], now)
        for change, its in zip(batch, found, strict=True):
            try:
                row, boards = await self._decide(connection, change, its, now)
            except ApiError as error:
                done.append((change, error))
                continue
            target = row and change.target(row)
            if boards is None or not moving.isdisjoint({row.id, target and target[1]}):
                done.append((change, None))
            elif not locked.issuperset(boards) or (
                not is_lane
                and (
                    change.is_long(row)
                    or (change.needs_several_statements(row) and self._others_wait(batch))
                )
            ):
                done.append((change, frozenset(boards)))
            elif change.needs_several_statements(row):
                moving.add(row.id)
                in_order.append((change, row, boards[-1]))
            else:
                written.append((change, row))
        done += await _fetch(connection, [(c, *c.statement(row)) for c, row in written])
        for change, row, board in in_order:
            try:
                done.append((change, await change.run(connection, row, board)))
            except ApiError as error:
                done.append((change, error))
        return done

    def _others_wait(self, batch: Sequence[Change]) -> bool:
        return len(batch) > 1 or self._queue.is_waited_for()

    async def _decide(
        self, connection: Connection, change: Change, found: Row | None, now: datetime
    ) -> tuple[Any, list[UUID] | None]:
        """Return the row and the boards on which the change is, its target's last.

        None instead of boards if somebody else than we thought is calling: to be looked at anew.
        """
        if found is None:
            raise signed_out(change.caller.kind)
        if found["acts_as_admin"] != change.caller.is_admin:
            change.caller = change.caller._replace(is_admin=found["acts_as_admin"])
            return None, None
        wanted = [_seen(found)]
        if wanted[0] and (target := change.target(found)):
            [its] = await _find(connection, [(change, *target)], now)
            wanted.append(_seen(its))
        if None in wanted:
            raise NotFound()
        boards = [judge(change.right, change.caller, each).board for each in wanted]
        await change.check(found)
        return found, cast(list[UUID], boards)


def _seen(record: Any) -> Found | None:
    return found_in(record, record) if record and record["id"] else None


def _fail(changes: Iterable[Change], error: BaseException) -> None:
    for change in changes:
        if not change.written.done():
            change.written.set_exception(error)


def _lock_statement(boards: Iterable[UUID]) -> str:
    """Return what waits for boards a while, in the order of their ids, so that nobody deadlocks."""
    ids = ", ".join(f"'{board}'" for board in boards)
    return f"""
        SET LOCAL lock_timeout = '{LOCK_SECONDS}s';
        SELECT FROM boards WHERE id IN ({ids}) ORDER BY id FOR NO KEY UPDATE;
        SET LOCAL lock_timeout = 0
    """  # ids of ours


async def _lock_boards(connection: Connection, batch: Sequence[Change]) -> set[UUID | None]:
    """Lock the boards that nobody else has locked, and return their ids."""
    rows = await _grouped(
        batch, lambda change: change.scope.lock_statement,
        lambda statement, its: connection.fetchmany(statement, [(c.row_id,) for c in its]),
    )  # fmt: skip
    return {row["id"] for _, found in rows for row in found}


async def _find(
    connection: Connection, wanted: Sequence[tuple[Change, Scope, UUID]], now: datetime
) -> list[Row | None]:
    """Return what `Scope.found_by_id` says for each: one row, or None for bad credentials."""
    statements = []
    for change, scope, row_id in wanted:
        caller = change.caller
        statement = scope.found_by_id(
            caller.kind,
            TokenScope.WRITE,
            is_admin=caller.is_admin,
            is_use_noted=change.is_use_noted,
        )
        statements.append((change, statement, (caller.user_id, caller.row_id, now, row_id)))
    rows = {id(change): row for change, row in await _fetch(connection, statements)}
    return [rows[id(change)] for change, *_ in wanted]


async def _fetch(
    connection: Connection, statements: Sequence[tuple[Change, str, tuple[Any, ...]]]
) -> list[tuple[Change, Row | None]]:
    """Send statements, the same ones together, and return the row of each, or None."""

    async def send(statement: str, its: Sequence[Any]) -> list[Row]:
        values = [(*values, turn) for turn, (_, _, values) in enumerate(its)]
        return await connection.fetchmany(statement, values, record_class=Record)

    found: list[tuple[Change, Row | None]] = []
    for its, rows in await _grouped(statements, lambda each: each[1], send):
        by_turn = {row["turn"]: row for row in rows}
        found += [(change, by_turn.get(turn)) for turn, (change, *_) in enumerate(its)]
    return found


async def _grouped(
    items: Iterable[Any],
    statement_of: Callable[[Any], str],
    send: Callable[[str, list[Any]], Coroutine[Any, Any, list[Row]]],
) -> list[tuple[list[Any], list[Row]]]:
    """Send what has the same statement together; return the items of each and their rows."""
    groups: dict[str, list[Any]] = {}
    for item in items:
        groups.setdefault(statement_of(item), []).append(item)
    return [(its, await send(statement, its)) for statement, its in groups.items()]


WRITER = Writer()
