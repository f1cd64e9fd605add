"""Responses that nobody reads: how many bytes of them wait, and who is refused for it."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api.http import backlog
from api.http.uvicorn_protocol import Protocol
from models.tables import Board, Session, Task
from tests.conftest import Client, World
from tests.helpers.serving import free_port

PATIENCE = 20  # seconds


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Yield the application behind a socket, in this process."""
    config = uvicorn.Config(app, http=Protocol, port=free_port(), lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # it tells in no other way
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{config.port}"
    server.should_exit = True
    await task


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "MAX_OF_CALLER", 5_000_000)
    monkeypatch.setattr(backlog, "MAX_IN_ALL", 20_000_000)


@pytest.fixture
async def large(ada: Client, world: World) -> Board:
    """Return a public board of 6 MB."""
    board = await world.board(ada.user, is_public=True)
    column = await world.column(board)
    for _ in range(150):
        await Task.create(column=column, title="x", description="\U0001f600" * 10_000)
    return board


class SlowReader:
    """Asks for something, and reads no more of the answer than its status."""

    def __init__(self, address: str, path: str, *headers: str, method: str = "GET") -> None:
        lines = [f"{method} {path} HTTP/1.1", "Host: corkboard.test", *headers]
        self.request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self.port = int(address.rpartition(":")[2])

    def status(self) -> int:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", self.port))
        self.socket.sendall(self.request)
        return int(self.socket.recv(12)[9:12])

    async def __aenter__(self) -> int:
        return await asyncio.to_thread(self.status)

    async def __aexit__(self, *_: object) -> None:
        self.socket.close()


def cookie(client: Client) -> str:
    return f"Cookie: session={client.cookies['session']}"


async def settled(size: int) -> None:
    """Wait until no more than so many bytes wait."""
    until = time.monotonic() + PATIENCE
    while backlog.waiting.total() > size:
        assert time.monotonic() < until, backlog.waiting
        await asyncio.sleep(0.01)


async def test_who_reads_nothing_is_refused_more_and_others_arent(
    app: FastAPI, large: Board, ada: Client, bob: Client, world: World
) -> None:
    path = f"/api/boards/{large.id}/full"
    token = (await bob.post("/api/auth/tokens", json={"name": "x", "scopes": ["read"]})).json()
    bearer = f"Authorization: Bearer {token['token']}"
    async with serving(app) as address:
        async with SlowReader(address, path, cookie(bob)) as status:
            assert status == 200
            assert list(backlog.waiting) == [bob.user.id]
            for refused in (path, "/api/boards", "/api/tasks?sort=id", f"/api/boards/{large.id}"):
                response = await bob.get(refused)
                assert response.status_code == 503
                assert response.json()["type"] == "/problems/responses-waiting"
                assert int(response.headers["retry-after"]) > 0
                assert response.headers["x-content-type-options"] == "nosniff"
            assert (await bob.post("/api/boards", json={"title": "x"})).status_code == 503
            async with SlowReader(address, "/api/boards", bearer) as status:
                assert status == 503
            assert (await ada.get(path)).status_code == 200
            assert (await ada.get("/api/boards")).status_code == 200
            assert (await world.client().get("/health/ready")).status_code == 200
        await settled(0)
        assert (await bob.get("/api/boards")).status_code == 200


async def test_a_slow_download_leaves_room_for_other_answers(
    app: FastAPI, large: Board, bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "MAX_OF_CALLER", 10_000_000)
    async with (
        serving(app) as address,
        SlowReader(address, f"/api/boards/{large.id}/full", cookie(bob)) as status,
    ):
        assert status == 200
        assert (await bob.get("/api/boards")).status_code == 200
        assert (await bob.post("/api/boards", json={"title": "x"})).status_code == 201


async def test_too_much_in_all_refuses_large_answers_alone(
    app: FastAPI, large: Board, ada: Client, bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "MAX_IN_ALL", 5_000_000)
    path = f"/api/boards/{large.id}/full"
    async with serving(app) as address:
        async with SlowReader(address, path, cookie(bob)) as status:
            assert status == 200
            response = await ada.get(path)
            assert response.json()["type"] == "/problems/responses-waiting"
            assert (await ada.get("/api/boards")).status_code == 200
            bulk = {"ids": [str(task.id) for task in await Task.all().limit(9)], "color": None}
            changed = await ada.patch("/api/tasks", json=bulk)
            assert changed.status_code == 200  # a change is answered in any case
            assert len(changed.content) > backlog.LARGE
        await settled(0)
        assert (await ada.get(path)).status_code == 200


async def test_who_asks_for_much_at_once_is_refused_as_it_comes(
    app: FastAPI, large: Board, bob: Client
) -> None:
    """None waits while all of them are asked for; only so much is handed over."""
    path = f"/api/boards/{large.id}/full"
    async with serving(app) as address:
        readers = [SlowReader(address, path, cookie(bob)) for _ in range(6)]
        found = await asyncio.gather(*(asyncio.to_thread(reader.status) for reader in readers))
        assert found.count(200) >= 1
        assert backlog.waiting.total() < 13_000_000
        for reader in readers:
            reader.socket.close()
        await settled(0)


async def test_a_response_counts_before_its_start_is_taken() -> None:
    """A connection may be paused already, by what wasn't read before."""
    taken = asyncio.Event()
    refused = []

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * 6_000_000})

    async def refuse(scope: Any, receive: Any, send: Any) -> None:
        refused.append(scope["error"])

    async def receive() -> Any: ...

    async def paused(message: Any) -> None:
        await taken.wait()

    async def ask() -> None:
        scope = {"type": "http", "method": "GET", "answered": "ada"}
        await backlog.Backlog(answer, refuse)(scope, receive, paused)

    first = asyncio.create_task(ask())
    await asyncio.sleep(0)
    assert backlog.waiting == {"ada": 6_000_000}
    await asyncio.wait_for(ask(), PATIENCE)
    assert len(refused) == 1
    taken.set()
    await first
    assert not backlog.waiting


async def charged(app: FastAPI, path: str, headers: dict[str, str]) -> set[Any]:
    """Return who is charged for a large response while it is sent."""
    found: set[Any] = set()
    largest = 0

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal largest
        largest = max(largest, len(message.get("body", b"")))
        found.update(backlog.waiting)

    sent = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": sent}
    await app({**scope, "client": ("127.0.0.1", 1)}, receive, send)
    assert largest > backlog.LARGE
    assert not backlog.waiting
    return found


@pytest.mark.parametrize("session", ["none", "good", "ended"])
async def test_what_is_kept_for_all_counts_for_nobody(
    app: FastAPI, bob: Client, session: str
) -> None:
    """All who don't read it share its bytes."""
    name, _, value = cookie(bob).partition(": ")
    if session == "ended":
        await Session.all().delete()
    for path in ("/docs/swagger-ui-bundle.js", "/openapi.json"):
        assert await charged(app, path, {} if session == "none" else {name: value}) == set()


async def test_the_account_that_is_answered_is_charged(
    app: FastAPI, large: Board, ada: Client, bob: Client
) -> None:
    """By the fast path and by the endpoint; a token counts, and not the cookie beside it."""
    token = (await bob.post("/api/auth/tokens", json={"name": "x", "scopes": ["read"]})).json()
    bearer = {"Authorization": f"Bearer {token['token']}"}
    path = f"/api/boards/{large.id}/full"
    name, _, value = cookie(ada).partition(": ")
    assert await charged(app, path, {name: value}) == {ada.user.id}
    assert await charged(app, path, {name: value, **bearer}) == {bob.user.id}


async def test_head_leaves_nothing_to_read(app: FastAPI, large: Board, bob: Client) -> None:
    path = f"/api/boards/{large.id}/full"
    async with (
        serving(app) as address,
        httpx.AsyncClient(base_url=address, cookies=dict(bob.cookies)) as client,
    ):
        for _ in range(3):
            response = await client.head(path, headers={"Accept-Encoding": "identity"})
            assert (response.status_code, response.content) == (200, b"")
            assert int(response.headers["content-length"]) > 5_000_000
        assert not backlog.waiting
