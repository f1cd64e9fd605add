"""An id for each request, in its response and in its errors, by which it is found again."""

import re
from secrets import token_hex

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.db.origin import Origin, present_origin

HEADER = "X-Request-ID"
NAME = HEADER.lower().encode()
# One that a proxy or client sends is taken over, if it is fit for a log.
SANE = re.compile(rb"[A-Za-z0-9._~+/=:-]{1,128}")


def new_request_id() -> str:
    """Return an id for a request that brings none."""
    return token_hex(16)


class RequestIds:
    """Notes a request's id in its scope as `request_id` and for what it writes, and sends it with
    the response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((v for k, v in scope["headers"] if k == NAME), b"")
        request_id = given.decode() if SANE.fullmatch(given) else new_request_id()
        scope["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (NAME, request_id.encode())]
            await send(message)

        token = present_origin.set(Origin(None, request_id))
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            present_origin.reset(token)
