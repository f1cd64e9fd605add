"""Requests straight to the application, for tests that send thousands: httpx takes longer."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import httpx
from starlette.types import ASGIApp, Message


async def request(
    app: ASGIApp,
    method: str,
    target: str,
    headers: Mapping[str, str | bytes],
    body: bytes | None = None,
) -> httpx.Response:
    """Send a request as a server hands it on, and return the response.

    `target` is the path, percent-encoded, with its query.
    """
    path, _, query = target.partition("?")
    given = {"host": "corkboard.test", "x-request-id": "test", **headers}
    if body is not None:
        given["content-length"] = str(len(body))
    answered = asyncio.Event()
    bodies = [body or b""]
    messages: list[Message] = []

    async def receive() -> Message:
        if bodies:
            return {"type": "http.request", "body": bodies.pop(), "more_body": False}
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": [
            (name.lower().encode(), value if isinstance(value, bytes) else value.encode())
            for name, value in given.items()
        ],
        "server": ("corkboard.test", None),
        "client": ("127.0.0.1", 123),
    }
    try:
        await app(scope, receive, send)
    except Exception:
        # A server answers 500, too, if the application hasn't answered anything by then.
        if not messages:
            return httpx.Response(500)
    [start, *rest] = messages
    content = b"".join(message.get("body", b"") for message in rest)
    return httpx.Response(start["status"], headers=start["headers"], content=content)
