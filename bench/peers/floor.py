"""The least that Python can do: no framework, and one statement for each request.

`python -m bench.peers.floor [remember]`; with `remember` a token's signature is checked once only.
"""

import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

import asyncpg
import jwt
import uvicorn
from asyncpg import Pool
from pydantic_core import from_json
from uuid_utils.compat import uuid7

MOST_TOKENS = 10_000
UUID_LENGTH = 36

STATEMENTS = json.loads(os.environ["STATEMENTS"])
HEADERS = [(b"content-type", b"application/json")]

pool: Pool
verified: dict[str, Any] = {}
remembers = sys.argv[1:] == ["remember"]


def caller_of(scope: Any, needed: str) -> tuple[str, str, str]:
    """Return the kind of credentials, and their two parameters. Raises InvalidTokenError."""
    headers = dict(scope["headers"])
    if given := headers.get(b"authorization"):
        secret = given.removeprefix(b"Bearer ")
        return "token", sha256(secret).hexdigest(), needed
    claims = claims_of(headers.get(b"cookie", b"").decode().partition("=")[2])
    return "session", claims["jti"], claims["sub"]


def claims_of(token: str) -> Any:
    claims = verified.get(token) if remembers else None
    if claims is None:
        key = os.environ["JWT_SECRET"]
        claims = jwt.decode(token, key, algorithms=["HS256"], issuer="corkboard")
        if remembers and len(verified) < MOST_TOKENS:
            verified[token] = claims
    elif claims["exp"] <= time.time():
        raise jwt.ExpiredSignatureError
    return claims


async def body_of(receive: Any) -> Any:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return from_json(body)


async def asked(scope: Any, receive: Any) -> tuple[Any, list[str | None]]:
    """Return the statement that a request asks for, and its parameters after the caller's."""
    segments = scope["path"].split("/")
    ids = [each for each in segments if len(each) == UUID_LENGTH]
    name = f"{scope['method']} {'/'.join('*' if each in ids else each for each in segments)}"
    given = dict(parse_qsl(scope["query_string"].decode()))
    if given:
        name += f"?{next(iter(given))}"
    elif scope["method"] != "GET":
        given = await body_of(receive)
    special = {"path": ids[0] if ids else None, "new": str(uuid7())}
    found = STATEMENTS[name]
    return found, [text_of((special | given).get(each)) for each in found["values"]]


def text_of(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        async with connected():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] == "/health":
        status, text = 200, "{}"
    else:
        try:
            found, values = await asked(scope, receive)
            kind, *caller = caller_of(scope, found["scope"])
            async with pool.acquire() as connection:
                text = await connection.fetchval(found[kind], *caller, *values)
            status = found["status"] if text else 404
        except jwt.InvalidTokenError:
            status, text = 401, None
    await send({"type": "http.response.start", "status": status, "headers": HEADERS})
    await send({"type": "http.response.body", "body": (text or "null").encode()})


async def _leave_as_is(_: object) -> None:
    return None


@asynccontextmanager
async def connected() -> AsyncIterator[None]:
    global pool
    async with asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=10, max_size=10, reset=_leave_as_is,
        server_settings={"jit": "off", "timezone": "UTC"},
    ) as pool:  # fmt: skip
        yield


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]), access_log=False, log_level="warning")
