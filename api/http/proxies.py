"""Behind proxies: what the trusted ones say of a request, and the sub-path they serve us below.

A proxy may strip the sub-path or not. Everything inside sees paths without it.
"""

import re
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.http.uvicorn_protocol import HOST
from api.settings import ROOT_PATH, settings

ADDRESS = re.compile(rb'("avatar_url": ?")(?=/api/avatars/)')


class Proxies(ProxyHeadersMiddleware):
    """Takes client, scheme, host and sub-path of a request from what trusted proxies say.

    uvicorn's takes the first two. The sub-path, such as `/corkboard`, is noted in the scope as
    `root`.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            root, said = settings().root_path, dict[bytes, bytes]()
            if scope["client"] and scope["client"][0] in self.trusted_hosts:
                said = dict(scope["headers"])
            # The first of several is what the client asked for.
            host = said.get(b"x-forwarded-host", b"").partition(b",")[0].strip()
            if host and HOST.fullmatch(host):
                kept = [header for header in scope["headers"] if header[0] != b"host"]
                scope["headers"] = [*kept, (b"host", host)]
            prefix = said.get(b"x-forwarded-prefix", b"").decode("latin-1").rstrip("/")
            if not root and ROOT_PATH.fullmatch(prefix):
                root = prefix
            scope["root"] = root
            if root and scope["path"].startswith(f"{root}/"):
                scope["path"] = scope["path"].removeprefix(root)
        await super().__call__(scope, receive, send)


class RootPath:
    """Puts the sub-path before the addresses in answers, which are made without it.

    Only problems and the OpenAPI document are made with it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root", "").encode()
        if not root:
            await self.app(scope, receive, send)
            return
        start: Message = {}

        async def send_below(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                headers = MutableHeaders(scope=message)
                for name, before in (("Location", "/"), ("Link", "</")):
                    if headers.get(name, "").startswith(before):
                        below = before.replace("/", f"{root.decode()}/")
                        headers[name] = below + headers[name].removeprefix(before)
                return
            if start:
                headers = MutableHeaders(scope=start)
                if "json" in headers.get("Content-Type", ""):
                    message["body"] = ADDRESS.sub(rb"\1" + root, message["body"])
                    headers["Content-Length"] = str(len(message["body"]))
                await send(start)
                start = {}
            await send(message)

        await self.app(scope, receive, send_below)


def without_root(body: Any, root: str) -> None:
    """Take the sub-path from the address in a body, as a client has read it."""
    if root and isinstance(body, dict) and isinstance(address := body.get("avatar_url"), str):
        body["avatar_url"] = address.removeprefix(root)
