"""Streams of events, as browsers take them: `text/event-stream`."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from uuid import UUID

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.access.gate import signed_out
from api.access.watchers import Watcher, who_may_watch
from api.auth.credentials import Credentials
from api.db.deadline import deadline
from api.db.errors import DATABASE_TROUBLE
from api.live.hub import Client, Hub
from api.live.log import Cursor, Event, read_after, read_logs
from api.live.notifications import Inbox, count

# After it clients come again, which notes that their session is used.
LIFE_SECONDS = 1800.0
PING_SECONDS = 15.0  # or proxies would take the connection for a dead one
# Until clients come again: not all at the same time after a restart.
MIN_RETRY, MAX_RETRY = 1000, 3000  # milliseconds
MAX_CHUNK = 65_536  # bytes
PAGE = 100
PING = b":\n\n"


class EventStream(StreamingResponse):
    """A response that watches while it is sent, and ends its generator when its client goes."""

    media_type = "text/event-stream"

    def __init__(self, stream: "Stream") -> None:
        self._stream, self._chunks = stream, stream.chunks()
        super().__init__(self._chunks, headers={"X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._stream.hub.watching(self._stream):
            await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        async with aclosing(self._chunks):
            await super().stream_response(send)


class Stream(Client):
    """A client that is sent what happens on boards; `positions` is how far it is on each."""

    is_present = True

    def __init__(
        self,
        hub: Hub,
        caller: Credentials,
        epoch: str,
        positions: Mapping[UUID, int],
        heads: Mapping[UUID, int],
        inbox: Inbox,
    ) -> None:
        super().__init__(caller, positions, heads)
        self.hub = hub
        self._epoch = epoch
        self._allowed = {**heads}
        self._missed: list[UUID] = []  # boards of which it is sent first what happened before
        self._gone: list[UUID] = []
        self._skipped: dict[UUID, int] = {}
        self._inbox = inbox
        self._notified = inbox.floor
        self._has_mail = True  # perhaps since the inbox was opened
        self._unread: int | None = None  # what it begins with

    @classmethod
    async def opened(
        cls, hub: Hub, caller: Credentials, boards: Sequence[UUID], known: Cursor | None
    ) -> "Stream":
        """Return a stream of boards, in the order of their ids, that goes on from a cursor.

        Where it can't, it says first that a board is to be loaded. Raises Unauthorized or
        InvalidToken.
        """
        logs = await read_logs(boards)
        may_watch = await who_may_watch(Watcher(caller, board_id) for board_id in boards)
        if None in may_watch.values():
            raise signed_out(caller.kind)
        [epoch] = {log.epoch for log in logs.values()}
        inbox, goes_on = await Inbox.opened(
            known.notified if known and known.epoch == epoch else None
        )
        if not known or len(known.positions) != len(boards):
            known = Cursor("", (0,) * len(boards))
        positions = dict(zip(boards, known.positions, strict=True))
        heads = {board_id: logs[board_id].head for board_id in boards}
        stream = cls(hub, caller, epoch, positions, heads, inbox)
        if not goes_on:
            while (await inbox.read(caller.user_id, is_admin=caller.is_admin))[1]:
                pass
            stream._unread = await count(caller.user_id, is_admin=caller.is_admin)
        for board_id in boards:
            log = logs[board_id]
            if not may_watch[Watcher(caller, board_id)]:
                stream.boards.discard(board_id)
                stream.lose(board_id)
            elif log.goes_on_from(known.epoch, stream.positions[board_id]):
                stream._missed.append(board_id)
            else:
                stream._skipped[board_id] = log.head
        return stream

    def allow(self, board_id: UUID, position: int) -> None:
        self._allowed[board_id] = position
        super().allow(board_id, position)

    def lose(self, board_id: UUID) -> None:
        """Say that a board is gone, for whatever reason."""
        self._gone.append(board_id)
        self.has_news.set()

    def notify(self) -> None:
        self._has_mail = True
        self.has_news.set()

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield what is sent, until the client is to come again."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + LIFE_SECONDS
        retry = MIN_RETRY + self.caller.user_id.int % (MAX_RETRY - MIN_RETRY)
        yield f"retry: {retry}\n\n".encode() + self._notices()
        try:
            while self._missed:
                yield await self._before(self._missed[0])
                if self.has_ended or loop.time() >= ends:
                    return
        except DATABASE_TROUBLE:
            return
        while True:
            self.has_news.clear()
            while self._has_mail:
                try:
                    mail = await self._mail()
                except DATABASE_TROUBLE:
                    return
                if mail:
                    yield mail
            while chunk := self._next():
                yield chunk
            left = ends - loop.time()
            if self.has_ended or left <= 0:
                return
            try:
                async with asyncio.timeout(min(PING_SECONDS, left)):
                    await self.has_news.wait()
            except TimeoutError:
                yield PING

    async def _before(self, board_id: UUID) -> bytes:
        """Return the next part of what happened on a board before the stream watched it."""
        async with deadline():
            log, events = await read_after(board_id, self.positions[board_id], PAGE, MAX_CHUNK)
            await self.hub.check([(self, board_id)])
        if self.has_ended or board_id not in self.boards:
            events = []
        if not events or events[-1].id >= log.head:
            self._missed.remove(board_id)
        return self._notices() + b"".join([self._change(board_id, event) for event in events])

    async def _mail(self) -> bytes:
        """Return the next notifications, if there are any."""
        async with deadline():
            caller = self.caller
            found, self._has_mail = await self._inbox.read(caller.user_id, is_admin=caller.is_admin)
            if found:
                await self.hub.check([(self, None)])
        if self.has_ended:
            self._has_mail = False
            return b""
        messages = []
        for number, each in enumerate(found, 1):
            if number == len(found):  # not before, since each message names it
                self._notified = self._inbox.floor
            messages.append(self._message("notification", each.model_dump_json().encode()))
        return b"".join(messages)

    def _next(self) -> bytes:
        """Return what may be sent now, or a part of it."""
        for board_id in self.boards:
            board, allowed = self.hub.boards[board_id], self._allowed[board_id]
            if self.positions[board_id] < min(board.since, allowed):
                self._skipped[board_id] = allowed
        chunk = bytearray(self._notices())
        for board_id in self.boards:
            board, allowed = self.hub.boards[board_id], self._allowed[board_id]
            for event in board.after(self.positions[board_id]):
                if event.id > allowed or len(chunk) > MAX_CHUNK:
                    break
                chunk += self._change(board_id, event)
        return bytes(chunk)

    def _notices(self) -> bytes:
        """Return what it is to know of boards beside what happens on them."""
        notices = []
        if self._unread is not None:
            notices.append(self._message("unread", b'{"unread": %d}' % self._unread))
            self._unread = None
        for board_id, position in self._skipped.items():
            self.positions[board_id] = position  # not before, since each message names it
            notices.append(self._message("resync", _of(board_id)))
        notices += [self._message("gone", _of(board_id)) for board_id in self._gone]
        self._gone.clear()
        self._skipped.clear()
        return b"".join(notices)

    def _change(self, board_id: UUID, event: Event) -> bytes:
        self.positions[board_id] = event.id
        return self._message("change", event.json)

    def _message(self, event: str, data: bytes) -> bytes:
        return f"event: {event}\nid: {self._cursor()}\ndata: ".encode() + data + b"\n\n"

    def _cursor(self) -> Cursor:
        return Cursor(self._epoch, tuple(self.positions.values()), self._notified)


def _of(board_id: UUID) -> bytes:
    return b'{"board_id": "%b"}' % str(board_id).encode()
