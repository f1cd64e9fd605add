"""HTTP/1.1 as uvicorn speaks it, with an end to what clients may send, and to how long they take.

uvicorn with httptools has none: one header of some hundred megabytes, from anybody, would hold up
everybody else for minutes, and whoever sends the rest of a request or reads an answer byte by byte
would keep a connection, and the answer's memory, for as long as they like.
"""

import re
from asyncio import AbstractEventLoop, TimerHandle, Transport
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.problems import ApiError, HeadTooLong, MalformedRequest, Problem, RequestTimeout

MAX_HEAD = 65_536  # bytes
HEAD_SECONDS = 5.0
# The kernel takes megabytes at once, so that a slow but honest reader may seem to rest for a while.
READ_SECONDS = 30.0


class TooLong(ValueError):
    """Ends the parsing of a request, the head of which is too long."""


class Corked:
    """A transport that sends an answer's head with its body, which uvicorn writes one by one.

    Each would be a packet and a system call, which is what short answers spend most on.
    """

    def __init__(self, transport: Transport, loop: AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write what was held back with this, or hold this back until the loop turns."""
        if self._transport.is_closing():
            self._held = b""
        elif self._held:
            held, self._held = self._held, b""
            self._transport.writelines([held, data])
        else:
            self._held = data
            self._loop.call_soon(self._flush)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        held, self._held = self._held, b""
        if held and not self._transport.is_closing():
            self._transport.write(held)


def without_upgrade(data: bytes) -> bytes:
    """The head of a request that asks for no other protocol.

    There is none, and the parser would take the request's body for that protocol's.
    """
    if b"upgrade" not in data.lower():
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return re.sub(rb"(?im)^upgrade(?=[ \t]*:)", b"x-upgrade", head) + end + rest


class Protocol(HttpToolsProtocol):
    """A connection. What isn't a request, or none that it takes, it answers and closes."""

    _deadline: TimerHandle | None = None
    _reads_head = True
    _received = 0  # bytes since the last that were no part of a head
    _headers = 0  # bytes of the headers so far
    _reading: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(Corked(transport, self.loop))  # type: ignore[arg-type]
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_here()
        self._all_is_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(without_upgrade(data) if self._reads_head else data)
        if self.transport.is_closing():
            return
        if self._received > MAX_HEAD:
            self.send_400_response("")
        elif self._reads_head and self._received and self._deadline is None:
            self._wait_for_head()

    def on_message_begin(self) -> None:
        self._headers = 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers += len(name) + len(value) + 4
        if self._headers > MAX_HEAD:
            raise TooLong
        # What follows a body must not change who is asking, and from where.
        if self._reads_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._received, self._reads_head = 0, False
        self._head_is_here()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._received = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._received, self._reads_head = 0, True
        super().on_message_complete()
        if self.cycle.response_complete:  # nothing else ends the connection then
            self._head_is_here()
            self._wait_for_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and not self._reads_head:
            # Nobody waits for the rest of the request any more, but a client may still send it.
            self._head_is_here()
            self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        self._all_is_read()
        super().resume_writing()

    def _wait_for_reader(self) -> None:
        unread = self.transport.get_write_buffer_size()
        self._reading = self.loop.call_later(READ_SECONDS, self._check_reader, unread)

    def _check_reader(self, before: int) -> None:
        if self.transport.get_write_buffer_size() >= before:
            self.transport.abort()
        else:
            self._wait_for_reader()

    def _all_is_read(self) -> None:
        if self._reading:
            self._reading.cancel()
            self._reading = None

    def send_400_response(self, msg: str) -> None:
        """Answer what uvicorn couldn't read, or what is too long, as every other error."""
        if max(self._received, self._headers) > MAX_HEAD:
            self._refuse(HeadTooLong)
        else:
            self._refuse(MalformedRequest)

    def _wait_for_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _head_is_here(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self.cycle is not None and not self.cycle.response_complete:
            return  # The answer to the request before takes its time.
        if self._received:
            self._refuse(RequestTimeout)
        else:  # a browser may connect ahead of need, and expects no answer then
            self.transport.close()

    def _refuse(self, kind: type[ApiError]) -> None:
        problem = Problem(
            type=kind.type(),
            title=kind.title(),
            status=kind.status,
            detail=kind.detail,
            instance="",
        )
        body = problem.model_dump_json(exclude_none=True).encode()
        head = (
            f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}\r\n"
            "content-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\n"
            "x-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
