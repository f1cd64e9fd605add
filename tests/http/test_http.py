"""HTTP itself, spoken byte by byte to a server whose answers are made here."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import uvicorn

from tests.http.test_connections import answer, connect, echo, large, request, serving

PATIENCE = 20  # seconds, for what takes none


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  # a connection tells in no other way
            await asyncio.sleep(0.01)


def connection_of(server: uvicorn.Server) -> Any:
    [connection] = server.server_state.connections
    return connection


async def replies(server: Any, *parts: bytes) -> bytes:
    """Return all that comes back until the server closes; the parts are sent one after another."""
    reader, writer = await connect(server)
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0.01)  # so that they come apart, as a rule
    found = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    return found


@pytest.fixture(scope="module")
async def echo_server() -> AsyncIterator[uvicorn.Server]:
    async with serving(echo) as server:
        yield server


def statuses(found: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", found)]


HOST = b"Host: corkboard.test\r\n"
CLOSE = b"Connection: close\r\n"
LAST = request("Connection: close", method="GET")


@pytest.mark.parametrize("several", [17, 18, 500])
async def test_seventeen_pipelined_requests_are_answered(several: int) -> None:
    """One is being answered, sixteen wait."""
    begun = 0

    async def count(scope: Any, receive: Any, send: Any) -> None:
        nonlocal begun
        begun += 1
        await answer(send)

    async with serving(count) as server:
        reader, writer = await connect(server)
        writer.write(request(method="GET") * several)
        found = b""
        while len(statuses(found)) < 17:
            more = await asyncio.wait_for(reader.read(65536), PATIENCE)
            assert more
            found += more
        if several > 17:
            found += await asyncio.wait_for(reader.read(), PATIENCE)  # to the end
            assert b"connection: close" in found
        assert statuses(found) == [200] * 17
        assert begun == 17
        writer.close()


async def test_nothing_is_read_while_requests_wait() -> None:
    turns = asyncio.Semaphore(0)

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await turns.acquire()
        await answer(send)

    async with serving(slow) as server:
        reader, writer = await connect(server)
        writer.write(request(method="GET") * 3)
        await until(lambda: bool(server.server_state.connections))
        connection = connection_of(server)
        await until(lambda: len(connection.pipeline) == 2)
        turns.release()
        await until(lambda: len(connection.pipeline) == 1)
        assert not connection.transport.is_reading()
        turns.release()
        await until(lambda: not connection.pipeline)
        turns.release()
        await until(connection.transport.is_reading)
        assert statuses(await asyncio.wait_for(reader.read(10_000), PATIENCE))
        writer.close()


async def test_pipelined_bodies_are_read_one_after_another(echo_server: uvicorn.Server) -> None:
    body = b"x" * 100_000
    posts = [
        request(f"Content-Length: {len(body)}") + body.replace(b"x", b"%d" % number)
        for number in range(5)
    ]
    found = await replies(echo_server, b"".join(posts) + LAST)
    assert statuses(found) == [200] * 6
    for number in range(5):
        assert b"%d" % number * len(body) in found


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("protocol", ["h2c", "websocket", "TLS/1.0"])
async def test_who_asks_for_another_protocol_loses_no_body(
    protocol: str, split: bool, echo_server: uvicorn.Server
) -> None:
    upgrade = (f"Upgrade: {protocol}", "Connection: Upgrade, HTTP2-Settings")
    asking = request(*upgrade, "Content-Length: 13") + b'{"title":"x"}'
    chunked = request(*upgrade, "Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n"
    everything = request(method="GET") + asking + chunked + asking + LAST
    parts = [everything]
    if split:
        at = [everything.index(b"pgrade"), everything.index(b"{"), everything.index(b"abc")]
        parts = [everything[a:b] for a, b in zip([0, *at], [*at, None], strict=True)]
    found = await replies(echo_server, *parts)
    assert statuses(found) == [200] * 5
    assert found.count(b' {"title":"x"}') == 2
    assert found.count(b"] abc") == 1


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + HOST * 2, 400),
        (b"GET / HTTP/1.1\r\n" + HOST + b"host: other.test\r\n", 400),
        (b"GET / HTTP/1.0\r\n" + HOST * 2, 400),
        (b"GET / HTTP/1.0\r\n", 200),
        (b"GET / HTTP/1.0\r\n" + HOST, 200),
        (b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n", 200),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a,b\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a@b/c\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a:b\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: \xff\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: [::1\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost:\r\n" + CLOSE, 200),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8000 \r\n" + CLOSE, 200),
        (b"GET / HTTP/1.1\r\nHost: [::1]:8000\r\n" + CLOSE, 200),
        (b"GET / HTTP/1.1\r\nHost: my_api-1.test.\r\n" + CLOSE, 200),
        (b"GET http://corkboard.test/ HTTP/1.1\r\n" + HOST + CLOSE, 200),
        (b"CONNECT corkboard.test:443 HTTP/1.1\r\n" + HOST, 400),
        (b"CONNECT / HTTP/1.1\r\n" + HOST, 400),
        (b"GET / HTTP/0.9\r\n" + HOST, 505),
        (b"GET /\r\n", 505),
        (b"GET / HTTP/1.2\r\n" + HOST, 505),
        (b"GET / HTTP/2.0\r\n" + HOST, 505),
        (b"GET / HTTP/2\r\n" + HOST, 505),
        (b"GET / HTTP/3.0\r\n" + HOST, 505),
        (b"GET / HTTP/11.1\r\n" + HOST, 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n", 505),
        (b"GET / HTTP/x\r\n" + HOST, 400),
        (b"GET / HTTQ/1.1\r\n" + HOST, 400),
    ],
)
async def test_a_head_names_one_host_and_a_version_we_speak(
    head: bytes, status: int, echo_server: uvicorn.Server
) -> None:
    found = await replies(echo_server, head + b"\r\n")
    assert statuses(found) == [status]
    if status != 200:
        assert b"content-type: application/problem+json" in found
        [sent] = re.findall(rb"x-request-id: (\w+)", found)
        assert b'"request_id":"' + sent in found


@pytest.mark.parametrize("method", [b"GET", b"OPTIONS"])
@pytest.mark.parametrize("target", [b"http://x", b"http://x?a=b", b"http://x#a", b"http://x:y/"])
@pytest.mark.parametrize("upgrade", [b"", b"Connection: Upgrade\r\nUpgrade: x\r\n"])
async def test_a_target_without_a_path_is_refused_in_its_turn(
    method: bytes, target: bytes, upgrade: bytes, echo_server: uvicorn.Server
) -> None:
    head = method + b" " + target + b" HTTP/1.1\r\n" + HOST + upgrade + b"\r\n"
    assert statuses(await replies(echo_server, head)) == [400]
    before = request("Content-Length: 2") + b"{}"
    found = await replies(echo_server, before * 2 + head + LAST)
    assert statuses(found) == [200, 200, 400]


@pytest.mark.parametrize("connection", ["Upgrade, close", "close, Upgrade"])
async def test_who_asks_for_another_protocol_and_the_end_is_answered(
    connection: str, echo_server: uvicorn.Server
) -> None:
    asking = request(f"Connection: {connection}", "Upgrade: x", "Content-Length: 13")
    asking += b'{"title":"x"}'
    for parts in ([asking], [request(method="GET") + asking[:-5], asking[-5:]]):
        found = await replies(echo_server, *parts)
        assert statuses(found) == [200] * len(parts)
        assert found.endswith(b' {"title":"x"}')
        assert b"connection: close" in found


async def test_a_refusal_comes_after_the_answers_before_it() -> None:
    may_answer = asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await may_answer.wait()
        await answer(send)

    async with serving(slow) as server:
        reader, writer = await connect(server)
        writer.write(request(method="GET") * 2 + b"nonsense\r\n\r\n")
        await until(lambda: bool(server.server_state.connections))
        connection = connection_of(server)
        await until(lambda: connection.is_ended)
        may_answer.set()
        found = await asyncio.wait_for(reader.read(), PATIENCE)
        assert statuses(found) == [200, 200, 400]
        writer.close()


async def test_a_body_that_is_broken_off_is_refused_in_its_turn() -> None:
    may_answer = asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await may_answer.wait()
        await echo(scope, receive, send)

    async with serving(slow) as server:
        reader, writer = await connect(server)
        broken = request("Transfer-Encoding: chunked") + b"2\r\nab\r\nnonsense\r\n"
        writer.write(request(method="GET") + broken)
        await until(lambda: bool(server.server_state.connections))
        connection = connection_of(server)
        await until(lambda: connection.is_ended)
        may_answer.set()
        found = await asyncio.wait_for(reader.read(), PATIENCE)
        assert statuses(found) == [200, 400]
        writer.close()


async def test_a_large_response_to_a_pipelined_request_arrives_whole() -> None:
    async with serving(large) as server:
        found = await replies(server, request(method="GET") * 2 + LAST)
        assert len(found) > 60_000_000
        assert statuses(found) == [200] * 3
