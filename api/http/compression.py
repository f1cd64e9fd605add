"""Responses compressed with gzip, for clients that accept it."""

import asyncio
import gzip
import re
from collections import OrderedDict
from functools import partial

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHORT = 1024  # a shorter response fits into a packet or two
LONG = 65_536  # takes milliseconds, so that a thread compresses it
MAX_KEPT = 16_000_000  # bytes

ACCEPTED = re.compile(rb"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
TYPES = re.compile(r"text/|application/([\w.-]+\+)?json|image/svg")
HASH = re.compile(r'"[0-9a-f]{32}"')  # a tag made from the response, unlike a version

Key = tuple[str, str]


class Compression:
    """Compresses long responses, and keeps those that have a hash as their ETag.

    A response that no cache may store contains secrets or what somebody sent, and isn't compressed:
    its length would tell what they have in common (BREACH).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self._size = 0
        self._running: dict[Key, asyncio.Task[bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        accepts = scope["type"] == "http" and any(
            name == b"accept-encoding" and ACCEPTED.search(value)
            for name, value in scope["headers"]
        )
        if not accepts:
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body: bytes | None = None

        async def keep(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            elif start and body is None and not message.get("more_body"):
                body = message.get("body", b"")
            else:
                if start:
                    await send(start)
                    start = None
                await send(message)

        try:
            await self.app(scope, receive, keep)
        finally:
            # Only now: while a slow reader lets us wait, nothing has the plain body any more.
            if start and body is not None:
                headers = MutableHeaders(scope=start)
                if is_compressible(headers, body):
                    root = scope.get("root", "")
                    body = await self._compressed((root, headers.get("ETag", "")), body)
                    headers["Content-Encoding"] = "gzip"
                    headers["Content-Length"] = str(len(body))
                    weaken(headers)
                elif start["status"] == 304 and knows_weak(scope, headers["ETag"]):
                    weaken(headers)
                await send(start)
                await send({"type": "http.response.body", "body": body})

    async def _compressed(self, key: Key, body: bytes) -> bytes:
        if not HASH.fullmatch(key[1]):
            return await compress(body)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        # Those who ask at the same time, since a board has just changed, share the work.
        if not (task := self._running.get(key)):
            task = self._running[key] = asyncio.create_task(compress(body))
            task.add_done_callback(partial(self._keep, key))
        return await asyncio.shield(task)

    def _keep(self, key: Key, task: asyncio.Task[bytes]) -> None:
        del self._running[key]
        if not task.cancelled() and not task.exception():
            self._kept[key] = task.result()
            self._size += len(task.result())
        while self._size > MAX_KEPT:
            self._size -= len(self._kept.popitem(last=False)[1])


def is_compressible(headers: MutableHeaders, body: bytes) -> bool:
    """Tell whether a response is worth compressing, and may be."""
    return (
        len(body) > SHORT
        and TYPES.match(headers.get("Content-Type", "")) is not None
        and headers.get("Cache-Control") != "no-store"
        and "Content-Encoding" not in headers
    )


def knows_weak(scope: Scope, tag: str) -> bool:
    """Tell whether the client has the compressed response."""
    return f"W/{tag}" in Headers(scope=scope).get("If-None-Match", "")


def weaken(headers: MutableHeaders) -> None:
    """Mark the ETag as that of the same content in other bytes."""
    if headers.get("ETag", "").startswith('"'):
        headers["ETag"] = f"W/{headers['ETag']}"


async def compress(body: bytes) -> bytes:
    """Return the body compressed; the same in every process, so without the time."""
    # Level 1 makes it a quarter longer in a third of the time, 9 hardly shorter in three times.
    work = partial(gzip.compress, body, compresslevel=6, mtime=0)
    return await asyncio.to_thread(work) if len(body) > LONG else work()
