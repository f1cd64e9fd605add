"""The boards that clients of this process watch, and what has just happened on them.

Whoever changes a board says so after the commit. Then its new events are read once for all who
watch it, one statement asks who of them may still see it, and these send what they don't know yet.
"""

import asyncio
from asyncio import Task
from collections import deque
from collections.abc import Collection, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import Context
from itertools import takewhile
from typing import Any
from uuid import UUID

from api.access.watchers import Watcher, who_may_watch
from api.auth.credentials import Credentials
from api.db.deadline import deadline
from api.db.errors import DATABASE_TROUBLE
from api.live.log import Event, Log, read_after
from api.live.notifications import Inbox
from api.problems import StreamsOpen

MAX_OF_USER, MAX_IN_ALL = 20, 5000  # in one process
# What is kept of a board's newest events; who reads more slowly loads the board anew.
MAX_KEPT, MAX_KEPT_BYTES = 256, 1_000_000
# A board rests before it is read again, so that what waits for it takes little of the time.
REST_SECONDS, REST_SECONDS_EACH = 0.02, 0.0005
WOKEN_AT_ONCE = 5  # clients
NOTIFICATION_REST_SECONDS = 0.1
RETRY_SECONDS = 1.0
CHECKED_AT_ONCE = 500


class Client:
    """A request that waits for what happens on boards after `positions`; `has_news` wakes it."""

    is_present = False  # whether others see that it is there

    def __init__(
        self,
        caller: Credentials,
        positions: Mapping[UUID, int],
        heads: Mapping[UUID, int] | None = None,
    ) -> None:
        self.caller = caller
        self.positions = {**positions}
        # From where on the hub tells of a board. A client that is behind catches up by itself.
        self.heads = {**(heads or positions)}
        self.boards = {*positions}
        self.has_news = asyncio.Event()
        self.has_ended = False

    def end(self) -> None:
        """Let it come to its end."""
        self.has_ended = True
        self.has_news.set()

    def allow(self, board_id: UUID, position: int) -> None:
        """Let it have what happened on a board up to that position."""
        if self.positions[board_id] < position:
            self.has_news.set()

    def lose(self, board_id: UUID) -> None:
        """Learn that a board can't be seen any more."""
        self.end()

    def notify(self) -> None:
        """Learn that there may be notifications."""


class WatchedBoard:
    """A board, with its newest events: those after `since`, up to `position`."""

    def __init__(self, board_id: UUID, position: int) -> None:
        self.id = board_id
        self.since = self.position = position
        self.clients: set[Client] = set()
        self.has_changed = False
        self.is_read = False  # a task reads it just now
        self._kept: deque[Event] = deque()
        self._size = 0

    def keep(self, events: Sequence[Event]) -> None:
        """Keep new events, and forget the oldest if there are too many."""
        for event in events:
            self._kept.append(event)
            self._size += len(event.json)
            self.position = event.id
        while len(self._kept) > MAX_KEPT or self._size > MAX_KEPT_BYTES:
            oldest = self._kept.popleft()
            self._size -= len(oldest.json)
            self.since = oldest.id

    def after(self, position: int) -> list[Event]:
        """Return the kept events after a position."""
        return [*takewhile(lambda event: event.id > position, reversed(self._kept))][::-1]


class Hub:
    """The clients of this process, and the boards that they watch."""

    def __init__(self) -> None:
        self.boards: dict[UUID, WatchedBoard] = {}
        self.clients: dict[UUID, set[Client]] = {}  # by user
        self.changed: set[UUID] = set()  # boards of which other processes don't know it yet
        self.has_work = asyncio.Event()
        self.has_moved = False  # somebody came or went
        self._has_mail = self._reads_mail = False
        self._inbox: Inbox | None = None
        self._is_ending = False
        self._epoch: str | None = None
        self._tasks: set[Task[None]] = set()  # asyncio itself doesn't hold them

    @contextmanager
    def watching(self, client: Client) -> Iterator[None]:
        """Tell a client in here what happens on its boards.

        Raises StreamsOpen if too many wait already, of this user or in all.
        """
        its = len(self.clients.get(client.caller.user_id, ()))
        if its >= MAX_OF_USER or sum(map(len, self.clients.values())) >= MAX_IN_ALL:
            raise StreamsOpen()
        mine = self.clients.setdefault(client.caller.user_id, set())
        mine.add(client)
        if self._is_ending:
            client.end()
        for board_id in client.boards:
            head = client.heads[board_id]
            board = self.boards.setdefault(board_id, WatchedBoard(board_id, head))
            board.clients.add(client)
        self._move()
        self.look_at(client.boards)  # something may have come since the positions were read
        try:
            yield
        finally:
            mine.discard(client)
            if not mine:
                self.clients.pop(client.caller.user_id, None)
            for board_id in [*client.boards]:
                self._leave(client, board_id)

    def present(self) -> dict[UUID, set[UUID]]:
        """Return the users who have streams, by board."""
        users = {
            board.id: {client.caller.user_id for client in board.clients if client.is_present}
            for board in self.boards.values()
        }
        return {board_id: its for board_id, its in users.items() if its}

    def tell(self, boards: Collection[UUID]) -> None:
        """Take note of boards that this process has changed."""
        if boards:
            self.look_at(boards)
            self.changed.update(boards)
            self.has_work.set()

    def look_at(self, boards: Collection[UUID]) -> None:
        """Look for what is new on boards."""
        for board_id in boards:
            if board := self.boards.get(board_id):
                board.has_changed = True
                if not board.is_read:
                    board.is_read = True
                    self._start(self._read(board))
        self.look_for_notifications()

    def look_for_notifications(self) -> None:
        """Look whether anybody here has been notified of anything."""
        self._has_mail = True
        if self.clients and not self._reads_mail:
            self._reads_mail = True
            self._start(self._read_notifications())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        # In a context of its own, or it would be in the transaction of its caller.
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def compare(self, logs: Mapping[UUID | None, Log]) -> None:
        """Look at boards whose log isn't where it was when they were read."""
        for board_id, log in logs.items():
            self._check_epoch(log)
            board = self.boards.get(board_id) if board_id else None
            # Once the last event of a quiet board is forgotten, the head goes on without it.
            if board and log.head != max(board.position, log.forgotten):
                self.look_at([board.id])

    async def check_all(self) -> None:
        """Find those who may not watch any more, though nothing happens."""
        watched = [
            (client, board)
            for clients in self.clients.values()
            for client in clients
            for board in client.boards or (None,)
        ]
        for begin in range(0, len(watched), CHECKED_AT_ONCE):
            async with deadline():
                await self.check(watched[begin : begin + CHECKED_AT_ONCE])

    async def check(self, watched: Sequence[tuple[Client, UUID | None]]) -> None:
        """Take boards from those who may not see them any more."""
        may_watch = await who_may_watch(Watcher(client.caller, board) for client, board in watched)
        for client, board_id in watched:
            may = may_watch[Watcher(client.caller, board_id)]
            if may is None:
                client.end()
            elif board_id in client.boards and not may:
                self._leave(client, board_id)
                client.lose(board_id)

    def end(self) -> None:
        """End whatever waits, and what comes from now on at once."""
        self._is_ending = True
        self._end_all()

    def _end_all(self) -> None:
        for clients in self.clients.values():
            for client in clients:
                client.end()

    def _leave(self, client: Client, board_id: UUID) -> None:
        board = self.boards[board_id]
        client.boards.discard(board_id)
        board.clients.discard(client)
        if not board.clients:
            del self.boards[board_id]
        self._move()

    def _move(self) -> None:
        self.has_moved = True
        self.has_work.set()

    async def _read(self, board: WatchedBoard) -> None:
        try:
            while board.has_changed and board.clients:
                board.has_changed = False
                try:
                    async with deadline():
                        await self._read_once(board)
                except DATABASE_TROUBLE:
                    board.has_changed = True
                    await asyncio.sleep(RETRY_SECONDS)
                await asyncio.sleep(REST_SECONDS + REST_SECONDS_EACH * len(board.clients))
        finally:
            board.is_read = False

    async def _read_once(self, board: WatchedBoard) -> None:
        """Give what is new on a board to those who may still see it."""
        clients = [*board.clients]
        log, events = await read_after(board.id, board.position, MAX_KEPT)
        self._check_epoch(log)
        if log.head < board.position:  # its last events were lost with a server
            for client in clients:
                client.end()
        newest = events[-1].id if events else board.position
        if any(client.positions[board.id] < newest for client in clients):
            # Not before: who loses the board learns nothing of what happens on it from then on.
            await self.check([(client, board.id) for client in clients])
        board.keep(events)
        board.has_changed |= bool(events) and newest < log.head
        for number, client in enumerate(clients):
            if number % WOKEN_AT_ONCE == 0:
                await asyncio.sleep(0)  # others' turn
            if board.id in client.boards and not client.has_ended:
                client.allow(board.id, board.position)

    async def _read_notifications(self) -> None:
        try:
            while self._has_mail and self.clients:
                self._has_mail = False
                try:
                    async with deadline():
                        self._inbox = self._inbox or (await Inbox.opened())[0]
                        users, self._has_mail = await self._inbox.read_users(self.clients)
                    for user_id in users:
                        for client in self.clients.get(user_id, ()):
                            client.notify()
                except DATABASE_TROUBLE:
                    self._has_mail = True
                    await asyncio.sleep(RETRY_SECONDS)
                await asyncio.sleep(NOTIFICATION_REST_SECONDS)
        finally:
            self._reads_mail = False
            if not self.clients:
                self._inbox = None  # or it would be far behind when somebody comes

    def _check_epoch(self, log: Log) -> None:
        """End everything once a backup was restored; whoever comes again learns of that."""
        if self._epoch not in (None, log.epoch):
            self._end_all()
        self._epoch = log.epoch
