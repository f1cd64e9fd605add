"""How long a connection is kept for whom, on a server whose answers are made here."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from api.protocol import Protocol
from tests.serving import free_port

App = Callable[[Any, Any, Any], Awaitable[None]]
PATIENCE = 0.4  # seconds, in the place of five


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.protocol.HEAD_SECONDS", PATIENCE)
    monkeypatch.setattr("api.protocol.READ_SECONDS", PATIENCE)


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[uvicorn.Server]:
    config = uvicorn.Config(app, http=Protocol, port=free_port(), lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # it tells in no other way
        await asyncio.sleep(0.01)
    yield server
    server.should_exit = True
    await task


async def answer(send: Any, body: bytes = b"done") -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


async def at_once(scope: Any, receive: Any, send: Any) -> None:
    await answer(send)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the headers and the body of the request, once it is whole."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    await answer(send, repr(scope["headers"]).encode() + b" " + body)


async def connect(server: uvicorn.Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", server.config.port)


def request(*headers: str, method: str = "POST") -> bytes:
    lines = [f"{method} / HTTP/1.1", "Host: corkboard.test", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def test_an_answer_may_take_longer_than_a_head() -> None:
    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(3 * PATIENCE)
        await answer(send)

    async with serving(slow) as server:
        address = f"http://127.0.0.1:{server.config.port}"
        async with httpx.AsyncClient(base_url=address) as client:
            for _ in range(2):
                assert (await client.get("/")).text == "done"


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        (request("Content-Length: 1000000"), [b"x"]),
        (request("Content-Length: 1000000"), []),
        (request("Content-Length: 9"), [b"12345678", b"9"]),
        (request("Transfer-Encoding: chunked"), [b"5\r\nab"]),
        (request("Transfer-Encoding: chunked"), [b"2\r\nab\r\n0\r\nX: y\r\n"]),
    ],
)
async def test_the_rest_of_an_answered_request_is_not_waited_for(
    head: bytes, rest: list[bytes]
) -> None:
    async with serving(at_once) as server:
        reader, writer = await connect(server)
        writer.write(head)
        assert (await reader.read(1000)).endswith(b"done")
        begin = time.monotonic()
        for part in rest:
            writer.write(part)
            await asyncio.sleep(PATIENCE / 10)
        told = await asyncio.wait_for(reader.read(), 10 * PATIENCE)
        assert not told or b" 408 " in told
        assert time.monotonic() - begin < 4 * PATIENCE
        writer.close()


async def test_a_connection_is_used_again_as_long_as_heads_come_in_time() -> None:
    async with serving(at_once) as server:
        reader, writer = await connect(server)
        head = request(method="GET")
        for _ in range(2):
            writer.write(head[:20])
            await asyncio.sleep(PATIENCE * 0.8)
            writer.write(head[20:])
            assert (await reader.read(1000)).endswith(b"done")
            await asyncio.sleep(PATIENCE * 0.8)
        writer.close()


LARGE = b"x" * 20_000_000


async def large(scope: Any, receive: Any, send: Any) -> None:
    await answer(send, LARGE)


async def test_an_answer_that_nobody_reads_is_given_up() -> None:
    async with serving(large) as server:
        with socket.create_connection(("127.0.0.1", server.config.port)) as client:
            client.sendall(request(method="GET"))
            await asyncio.sleep(PATIENCE / 2)
            assert len(server.server_state.connections) == 1
            await asyncio.sleep(2 * PATIENCE)
            assert not server.server_state.connections


async def test_an_answer_that_is_read_slowly_arrives() -> None:
    async with serving(large) as server:
        with socket.create_connection(("127.0.0.1", server.config.port)) as client:
            client.sendall(request(method="GET"))
            received, begin = 0, time.monotonic()
            while received < len(LARGE):
                chunk = await asyncio.to_thread(client.recv, 400_000)
                assert chunk
                received += len(chunk)
                await asyncio.sleep(PATIENCE / 10)
            assert time.monotonic() - begin > 2 * PATIENCE


async def test_what_follows_a_body_changes_nothing() -> None:
    async with serving(echo) as server:
        reader, writer = await connect(server)
        headers = ("Transfer-Encoding: chunked", "X-Forwarded-For: 198.51.100.7")
        trailers = b"X-Forwarded-For: 10.0.0.9\r\nCookie: x=y\r\n\r\n"
        writer.write(request(*headers) + b"2\r\n{}\r\n0\r\n" + trailers)
        told = await reader.read(1000)
        assert told.endswith(b" {}")
        assert b"198.51.100.7" in told
        assert b"10.0.0.9" not in told
        assert b"cookie" not in told
        writer.close()


async def test_a_client_that_asks_for_another_protocol_is_served_in_this_one() -> None:
    """As curl does with --http2, and Java by itself."""
    async with serving(echo) as server:
        reader, writer = await connect(server)
        upgrade = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAA")
        for _ in range(2):
            writer.write(request(*upgrade, "Content-Length: 13") + b'{"title":"x"}')
            assert (await reader.read(1000)).endswith(b'{"title":"x"}')
        writer.close()
