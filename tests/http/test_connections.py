"""How long a connection is kept for whom, on a server whose answers are made here."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from api.http.uvicorn_protocol import Protocol
from tests.helpers.serving import free_port

App = Callable[[Any, Any, Any], Awaitable[None]]
PATIENCE = 3600  # seconds of the clock below, in the place of five


class Clock:
    """The event loop's clock, which goes on by itself, too, though hardly."""

    def __init__(self, time: Callable[[], float]) -> None:
        self.time = time
        self.ahead = 0.0

    def __call__(self) -> float:
        return self.time() + self.ahead

    async def forward(self, seconds: float) -> None:
        """Let so many seconds pass at once, and happen what is due then."""
        self.ahead += seconds
        for _ in range(20):
            await asyncio.sleep(0)


@pytest.fixture(autouse=True)
async def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr("api.http.uvicorn_protocol.HEAD_SECONDS", PATIENCE)
    monkeypatch.setattr("api.http.uvicorn_protocol.READ_SECONDS", PATIENCE)
    loop = asyncio.get_running_loop()
    clock = Clock(loop.time)
    monkeypatch.setattr(loop, "time", clock)
    return clock


async def until(happens: Callable[[], bool]) -> None:
    """Return once it does, which takes as long as the machine takes."""
    for _ in range(3000):
        if happens():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("It didn't happen.")


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[uvicorn.Server]:
    config = uvicorn.Config(
        app, http=Protocol, port=free_port(), lifespan="off", log_config=None,
        timeout_keep_alive=1_000_000,
    )  # fmt: skip
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started)
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
    """Answer with the headers and the body of the request, once it is whole."""
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


async def test_an_answer_may_take_longer_than_a_head(clock: Clock) -> None:
    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await clock.forward(3 * PATIENCE)
        await answer(send)

    async with serving(slow) as server:
        address = f"http://127.0.0.1:{server.config.port}"
        async with httpx.AsyncClient(base_url=address, timeout=None) as client:
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
    head: bytes, rest: list[bytes], clock: Clock
) -> None:
    async with serving(at_once) as server:
        reader, writer = await connect(server)
        writer.write(head)
        assert (await reader.read(1000)).endswith(b"done")
        for part in rest:
            writer.write(part)
            await clock.forward(PATIENCE / 10)
        reading = asyncio.create_task(reader.read())
        for _ in range(20):
            await clock.forward(PATIENCE / 5)
        await until(reading.done)
        told = await reading
        assert not told or b" 408 " in told
        writer.close()


async def test_a_connection_is_kept_while_heads_come_in_time(clock: Clock) -> None:
    async with serving(at_once) as server:
        reader, writer = await connect(server)
        head = request(method="GET")
        for _ in range(2):
            writer.write(head[:20])
            await clock.forward(PATIENCE * 0.8)
            writer.write(head[20:])
            assert (await reader.read(1000)).endswith(b"done")
            await clock.forward(PATIENCE * 0.8)
        writer.close()


LARGE = b"x" * 20_000_000


async def large(scope: Any, receive: Any, send: Any) -> None:
    await answer(send, LARGE)


async def test_an_answer_that_nobody_reads_is_given_up(clock: Clock) -> None:
    async with serving(large) as server:
        with socket.create_connection(("127.0.0.1", server.config.port)) as client:
            client.sendall(request(method="GET"))
            assert await asyncio.to_thread(client.recv, 1) == b"H"
            await clock.forward(PATIENCE / 2)
            assert len(server.server_state.connections) == 1
            await clock.forward(PATIENCE)
            await clock.forward(PATIENCE)
            await until(lambda: not server.server_state.connections)


async def test_an_answer_that_is_read_slowly_arrives(clock: Clock) -> None:
    async with serving(large) as server:
        with socket.create_connection(("127.0.0.1", server.config.port)) as client:
            client.sendall(request(method="GET"))
            received, took = 0, 0.0
            while received < len(LARGE):
                chunk = await asyncio.to_thread(client.recv, 400_000)
                assert chunk
                received += len(chunk)
                await clock.forward(PATIENCE / 20)
                took += PATIENCE / 20
            assert took > 2 * PATIENCE


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


async def test_a_request_to_upgrade_is_served_as_http() -> None:
    """As curl does with --http2, and Java by itself."""
    async with serving(echo) as server:
        reader, writer = await connect(server)
        upgrade = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAA")
        for _ in range(2):
            writer.write(request(*upgrade, "Content-Length: 13") + b'{"title":"x"}')
            assert (await reader.read(1000)).endswith(b'{"title":"x"}')
        writer.close()
