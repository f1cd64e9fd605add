"""Streams of events, read while they go on."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from fastapi import FastAPI
from starlette.types import Message

from tests.conftest import Client


class Event(NamedTuple):
    """An event of a stream: its kind, the position that it leads to, and its data."""

    kind: str
    id: str
    data: Any


def parse(text: str) -> list[Event]:
    """Return the events in a part of a stream, without blocks that have no data."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "data" in fields:
            found.append(Event(fields["event"], fields["id"], json.loads(fields["data"])))
    return found


class Reader:
    """Somebody who reads a stream. While `reads` isn't set, they don't."""

    def __init__(self) -> None:
        self.status = 0
        self.reads = asyncio.Event()
        self.reads.set()
        self.has_begun, self.has_ended = asyncio.Event(), asyncio.Event()
        self.text = ""
        self.longest = 0  # bytes at once
        self._seen = 0
        self._news = asyncio.Event()

    async def send(self, message: Message) -> None:
        await self.reads.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self.text += message["body"].decode()
        self.longest = max(self.longest, len(message["body"]))
        self.has_begun.set()
        if not message.get("more_body"):
            self.has_ended.set()
        self._news.set()

    def pass_over_resyncs(self) -> None:
        """Pass over what the stream begins with: that the boards are to be loaded."""
        self._seen = sum(event.kind == "resync" for event in self._events())

    def _events(self) -> list[Event]:
        return [event for event in parse(self.text) if event.kind != "unread"]

    async def next(self) -> Event:
        """Return the next event. Raises EOFError if the stream ends before it."""
        async with asyncio.timeout(60):
            while len(events := self._events()) == self._seen:
                if self.has_ended.is_set():
                    raise EOFError
                self._news.clear()
                await self._news.wait()
        self._seen += 1
        return events[self._seen - 1]


@asynccontextmanager
async def stream(
    app: FastAPI, client: Client, query: str, position: str = ""
) -> AsyncIterator[Reader]:
    """Read a stream in here, from its beginning on; then hang up."""
    reader, leaves = Reader(), asyncio.Event()
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    headers = [(b"host", b"corkboard.test"), (b"cookie", cookies.encode())]
    if token := client.headers.get("Authorization"):
        headers.append((b"authorization", token.encode()))
    if position:
        headers.append((b"last-event-id", position.encode()))
    path = "/api/events/stream"
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": query.encode(), "headers": headers, "client": ("127.0.0.1", 123),
        "server": ("corkboard.test", None),
    }  # fmt: skip

    async def receive() -> Message:
        await leaves.wait()
        return {"type": "http.disconnect"}

    task = asyncio.create_task(app(scope, receive, reader.send))
    task.add_done_callback(lambda _: reader.has_ended.set())
    try:
        async with asyncio.timeout(60):
            await reader.has_begun.wait()
        if not position and "last_event_id" not in query:
            reader.pass_over_resyncs()
        yield reader
    finally:
        reader.reads.set()
        leaves.set()
        await task
