"""The headers of every answer: what protects it, who may keep it, and that HEAD asks for them."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.settings import settings

PROTECTION = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# Answers are data: whatever a browser finds in one, it may not run, load or frame it.
POLICY = "default-src 'none'; frame-ancestors 'none'"
VARY = "Accept-Encoding"
# Their responses contain tokens, or what nobody else should find on a disk.
SECRETS = re.compile("/api/auth/|/api/(boards/[^/]+/)?invitations")
KEPT_BY_THE_CLIENT = "private, no-cache"
# The headers of most responses, as ASGI expects them.
DEFAULT_HEADERS = [
    (name.lower().encode(), value.encode())
    for name, value in {
        **PROTECTION,
        "Cache-Control": KEPT_BY_THE_CLIENT,
        "Content-Security-Policy": POLICY,
        "Vary": VARY,
    }.items()
]
# Where cookies need HTTPS, browsers are to use nothing else for a year.
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")


def default_headers() -> list[tuple[bytes, bytes]]:
    """Return the headers of most responses."""
    return [*DEFAULT_HEADERS, HTTPS_ONLY] if settings().cookie_secure else DEFAULT_HEADERS


class ResponseHeaders:
    """Puts the headers on every answer that protect it and say who may keep it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                secret = message["status"] >= 400 or SECRETS.match(scope["path"])
                headers.setdefault("Cache-Control", "no-store" if secret else KEPT_BY_THE_CLIENT)
                headers.setdefault("Content-Security-Policy", POLICY)
                headers.update(PROTECTION)
                headers["Vary"] = ", ".join([VARY, *headers.getlist("Vary")])
                if settings().cookie_secure:
                    headers.raw.append(HTTPS_ONLY)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class HeadAsGet:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # A copy: the server itself still has to know what was asked for.
        await self.app({**scope, "method": "GET", "asked": "HEAD"}, receive, send_without_body)
