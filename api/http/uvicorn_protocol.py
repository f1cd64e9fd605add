"""HTTP/1.1 as uvicorn speaks it, with an end to what clients may send, and to how long they take.

uvicorn with httptools has none: one header of some hundred megabytes, from anybody, would hold up
everybody else for minutes, thousands of requests sent at once would all be parsed and kept, and
whoever sends the rest of a request or reads an answer byte by byte would keep a connection, and the
answer's memory, for as long as they like.
"""

import re
import time
from asyncio import AbstractEventLoop, TimerHandle, Transport
from http import HTTPStatus
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.http.request_ids import NAME, new_request_id
from api.logs import RequestLine, log_request
from api.problems import (
    ApiError,
    HeadTooLong,
    MalformedRequest,
    Problem,
    RequestTimeout,
    VersionNotSupported,
)
from api.settings import settings

MAX_HEAD = 65_536  # bytes
MAX_WAITING = 16  # requests of one connection, behind the one that is being answered
HEAD_SECONDS = 5.0
# The kernel takes megabytes at once, so that a slow but honest reader may seem to rest for a while.
READ_SECONDS = 30.0
# How the parser names a version that it can't read, and the first line of HTTP/2.
HOST = re.compile(rb"(\[[\w.:%~-]+\]|[\w.%~-]*)(:\d*)?[ \t]*")
OTHER_VERSION = ("Expected dot", "Pause on PRI/Upgrade")


class Refused(Exception):
    """Ends the parsing of a request with the problem that answers it."""

    def __init__(self, problem: ApiError) -> None:
        super().__init__()
        self.problem = problem


class Overflow(Exception):
    """Ends the parsing where too many requests wait already."""


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


class Flow(FlowControl):
    """Stops reading while requests of the connection wait for their turn, or for good."""

    def __init__(self, protocol: "Protocol") -> None:
        super().__init__(protocol.transport)
        self._protocol = protocol

    def resume_reading(self) -> None:
        if not (self._protocol.pipeline or self._protocol.is_ended):
            super().resume_reading()


class Protocol(HttpToolsProtocol):
    """A connection. What isn't a request, or none that it takes, it answers and closes."""

    is_ended = False  # nothing more is parsed, but what was accepted is still answered
    _deadline: TimerHandle | None = None
    _reads_head = True
    _received = 0  # bytes since the last that were no part of a head
    _headers = 0  # bytes of the headers so far
    _head = b""  # the head of a request that asks for another protocol, without asking for it
    _running: RequestResponseCycle | None = None
    _refusal: ApiError | None = None
    _reading: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(Corked(transport, self.loop))  # type: ignore[arg-type]
        self.flow = Flow(self)
        self.parser = self._new_parser()
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_here()
        self._all_is_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.is_ended:
            return
        self._unset_keepalive_if_required()
        self._received += len(data)
        try:
            self._parse(data)
        except HttpParserError as error:
            self._end(error)
            return
        if self.transport.is_closing():
            return
        if self._received > MAX_HEAD:
            self._refuse(HeadTooLong())
        elif self._reads_head and self._received and self._deadline is None:
            self._wait_for_head()

    def _new_parser(self) -> HttpRequestParser:
        parser = HttpRequestParser(self)
        # Any version gets as far as an answer that tells which are spoken here.
        parser.set_dangerous_leniencies(lenient_version=True, lenient_data_after_close=True)
        return parser

    def _parse(self, data: bytes) -> None:
        """Parse what came, and again each head that asks for another protocol, without asking.

        There is none, and the parser would take the request's body for that protocol's.
        """
        while data:
            try:
                self.parser.feed_data(data)
                return
            except HttpParserUpgrade as upgrade:
                data = self._head + data[upgrade.args[0] :]
                # The one that was to close the connection takes nothing more.
                self.parser = self._new_parser()

    def _end(self, error: HttpParserError) -> None:
        """Refuse what can't be parsed, or what isn't to be parsed."""
        reason = error.__context__
        if isinstance(reason, Overflow):
            # Its answer says that the connection ends: those behind it were not begun.
            self.cycle.keep_alive = False
            self._stop_reading()
        elif isinstance(reason, Refused):
            self._refuse(reason.problem)
        elif self._received > MAX_HEAD:
            self._refuse(HeadTooLong())
        elif str(error) in OTHER_VERSION:
            self._refuse(VersionNotSupported())
        else:
            self._refuse(MalformedRequest())

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= MAX_WAITING:
            raise Overflow
        self._headers = 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers += len(name) + len(value) + 4
        if self._headers > MAX_HEAD:
            raise Refused(HeadTooLong())
        # What follows a body must not change who is asking, and from where.
        if self._reads_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        version = self.parser.get_http_version()
        method = self.parser.get_method()
        if version not in ("1.0", "1.1"):
            raise Refused(VersionNotSupported())
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) > 1 or (not hosts and version == "1.1"):
            raise Refused(MalformedRequest("Send exactly one Host header."))
        if hosts and not HOST.fullmatch(hosts[0]):
            raise Refused(
                MalformedRequest("The Host header must be a host, with or without a port.")
            )
        if method == b"CONNECT":
            raise Refused(MalformedRequest("CONNECT is for proxies, and this is not a proxy."))
        if self.parser.should_upgrade():
            line = b"%s %s HTTP/%s\r\n" % (method, self.url, version.encode())
            kept = [each for each in self.headers if each[0] != b"upgrade"]
            self._head = line + b"".join(b"%s: %s\r\n" % each for each in kept) + b"\r\n"
            return
        super().on_headers_complete()  # raises if the target has no path
        self._received, self._reads_head = 0, False
        self._head_is_here()

    def on_body(self, body: bytes) -> None:
        self._received = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._reads_head:  # it is parsed again
            return
        self._received, self._reads_head = 0, True
        super().on_message_complete()
        if self.cycle.response_complete:  # nothing else ends the connection then
            self._head_is_here()
            self._wait_for_head()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _is_answering(self) -> bool:
        return bool(self._running and not self._running.response_complete)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._refusal and not self._is_answering():
            self._answer(self._refusal)
        elif self.cycle.response_complete and not self._reads_head:
            # Nobody waits for the rest of the request any more, but a client may still send it.
            self._head_is_here()
            self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        self._all_is_read()
        super().resume_writing()

    def shutdown(self) -> None:
        """End what waits for something to happen, since uvicorn waits for all answers."""
        super().shutdown()
        if end := self.app_state.get("end_streams"):
            end()

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
            self._refuse(RequestTimeout())
        else:  # a browser may connect ahead of need, and expects no answer then
            self.transport.close()

    def _stop_reading(self) -> None:
        self.is_ended = True
        self.flow.pause_reading()

    def _refuse(self, problem: ApiError) -> None:
        """Answer with the problem, after the requests before that one, and close."""
        self._stop_reading()
        if not self._reads_head:  # it has begun, and doesn't come to its end
            if self.pipeline:
                self.pipeline.popleft()
            elif self.cycle.response_started:
                self.transport.close()
                return
            else:
                self._running = None
        self._refusal = problem
        if not self._is_answering():
            self._answer(problem)

    def _answer(self, error: ApiError) -> None:
        request_id = new_request_id()
        problem = Problem(
            type=settings().root_path + error.type(),
            title=error.title(),
            status=error.status,
            detail=error.message,
            instance="",
            request_id=request_id,
        )
        body = problem.model_dump_json(exclude_none=True).encode()
        head = (
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\n"
            "content-type: application/problem+json\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\n"
            f"x-content-type-options: nosniff\r\n{NAME.decode()}: {request_id}\r\n"
            "connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
        log_request(RequestLine(time.time(), request_id, error.status, self.client))
