"""More than a client would send, or slower, to a server as its users start it."""

import re
import select
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from tests.conftest import PASSWORD
from tests.helpers.hostile import MARK
from tests.helpers.serving import Server, checkout


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with TemporaryDirectory() as folder:
        server = Server(checkout(Path(folder)))
        with server:
            yield server


@pytest.fixture(scope="module")
def cookie(server: Server) -> str:
    account = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}
    response = server.patient_client().post("/api/auth/register", json=account)
    return f"Cookie: session={response.cookies['session']}"


def head(method: str, path: str, *headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: corkboard.test", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


CUT_OFF = 0  # the server closed the connection, perhaps while it was still being sent to


def answer(server: Server, *parts: bytes, pause: float = 0) -> tuple[int, str]:
    """Send parts until something comes back, and return its status and its whole text."""
    received = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        try:
            for part in parts:
                if select.select([connection], [], [], pause)[0]:
                    break
                connection.sendall(part)
            while not whole(received) and (chunk := connection.recv(65536)):
                received += chunk
        except ConnectionError:
            return CUT_OFF, ""
    if not received:
        return CUT_OFF, ""
    assert received.startswith(b"HTTP/1.1 "), received[:200]
    return int(received[9:12]), received.decode()


def whole(answer: bytes) -> bool:
    top, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", top)
    return bool(end and length) and len(body) >= int(length[1])  # type: ignore[index]


MANY, HUGE = 10_000, "x" * 1_000_000
POST = ("POST", "/api/boards", "Content-Type: application/json")
FLOODS: dict[str, tuple[int, tuple[str, ...], list[bytes]]] = {
    "10,000 parameters": (
        422, ("GET", f"/api/boards?{'&'.join(map(str, range(MANY)))}"), []),
    "one parameter 10,000 times": (422, ("GET", f"/api/boards?limit=1{'&limit' * MANY}"), []),
    "10,000 separators": (200, ("GET", f"/api/boards?{'&' * MANY}"), []),
    "1,000 headers": (
        200, ("GET", "/api/boards", *(f"X-{n}: {MARK}" for n in range(1000)), "Cookie: x=x"), []),
    "10,000 headers": (
        431, ("GET", "/api/boards", *(f"X-{n}: {MARK}" for n in range(MANY))), []),
    "1,000 cookies": (
        200, ("GET", "/api/boards", f"Cookie: {'; '.join(f'c{n}=x' for n in range(1000))}"), []),
    "10,000 cookies": (
        431, ("GET", "/api/boards", f"Cookie: {'; '.join(f'c{n}=x' for n in range(MANY))}"), []),
    "trailers without end": (
        431, (*POST, "Transfer-Encoding: chunked"),
        [b"2\r\n{}\r\n0\r\n", *[b"X: y\r\n" * 1000] * 1000]),
    "a path of 60 KB": (422, ("GET", f"/api/boards/{HUGE[:60_000]}"), []),
    "a path of 60 KB that is none": (404, ("GET", f"/{'/' * 60_000}"), []),
    "a path of 1 MB": (431, ("GET", f"/api/boards/{HUGE}"), []),
    "a query of 1 MB": (431, ("GET", f"/api/boards?cursor={HUGE}"), []),
    "a picture of 60 KB": (422, ("GET", f"/api/avatars/{'%ff' * 20_000}.svg"), []),
    "a type of 60 KB": (
        415, (*POST[:2], f"Content-Type: {HUGE[:60_000]}", "Content-Length: 2"), [b"{}"]),
    "a body of 50 MB": (413, (*POST, "Content-Length: 50000000"), [b" " * 100_000] * 500),
    "a body of 50 MB in chunks": (
        413, (*POST, "Transfer-Encoding: chunked"),
        [b"186A0\r\n" + b" " * 100_000 + b"\r\n"] * 500),
    "two lengths": (400, (*POST, "Content-Length: 2", "Content-Length: 3"), [b"{}"]),
    "a length and chunks": (
        400, (*POST, "Content-Length: 2", "Transfer-Encoding: chunked"), [b"{}"]),
    "a length below zero": (400, (*POST, "Content-Length: -1"), [b"{}"]),
    "a length beyond all": (400, (*POST, f"Content-Length: {'9' * 30}"), [b"{}"]),
    "a line break in a header": (400, ("GET", "/api/boards", f"X: a\0{MARK}"), []),
    "no path": (400, ("GET", ""), []),
    "no method": (400, ("X" * 100, "/api/boards"), []),
}  # fmt: skip


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_gets_a_short_answer(server: Server, cookie: str, name: str) -> None:
    status, request, body = FLOODS[name]
    if not any(header.startswith("Cookie") for header in request):
        request = (*request, cookie)
    elif status == 200:
        request = (*request[:-1], f"{request[-1]}; {cookie.removeprefix('Cookie: ')}")
    found, told = answer(server, head(*request), *body)
    # Whoever sends on after the answer may find it gone with the connection.
    if not (status == 431 and found == CUT_OFF):
        assert found == status, told[:500]
    assert len(told) < 150_000
    if found >= 400:
        assert "content-type: application/problem+json" in told
    assert httpx.get(f"{server.address}/health/ready").status_code == 200


OPEN = f"GET /api/boards HTTP/1.1\r\nHost: corkboard.test\r\nX: {MARK}"
HEADS = {
    "a header of 50 MB": [HUGE.encode()] * 50,
    "a header in small pieces": [b"x" * 5000] * 10_000,
    "headers without end": [b"\r\n", *[b"X: y\r\n" * 1000] * 10_000],
}


@pytest.mark.parametrize("name", HEADS)
def test_a_head_without_end_is_cut_off(server: Server, name: str) -> None:
    """It is anybody's to send, without a session."""
    found, told = answer(server, OPEN.encode(), *HEADS[name])
    assert found in (431, CUT_OFF)  # not 408, which comes to what is too slow
    assert MARK not in told


@pytest.mark.slow
def test_what_comes_too_slowly_is_given_up(server: Server, cookie: str) -> None:
    body = head(*POST, cookie, "Content-Length: 900000")
    with ThreadPoolExecutor() as pool:
        slow = [
            pool.submit(answer, server, *parts, pause=0.25)
            for parts in (
                [],
                [b"\r\n"] * 200,
                [OPEN.encode(), *[b"x"] * 200],
                [head("GET", "/health/live")[:-2], *[b"X: y\r\n"] * 200],
                [body, *[b" " * 100] * 200],
            )
        ]
        answers = [request.result() for request in slow]
    assert [status for status, _ in answers] == [CUT_OFF, 408, 408, 408, 400]
    assert all("5 seconds" in told for _, told in answers[1:])


def test_a_flood_leaves_no_trace(server: Server, cookie: str) -> None:
    """After all of the above: nothing was stored, and nothing went wrong inside."""
    boards = httpx.get(f"{server.address}/api/boards", headers=[cookie.split(": ", 1)])  # type: ignore[arg-type]
    assert (boards.status_code, boards.json()) == (200, [])
    log = server.log.read_text()
    assert "Traceback" not in log
    assert " 500" not in log
