"""Responses that nobody reads: how many bytes of them wait, and who is refused for it."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api import backlog
from api.protocol import Protocol
from models.tables import Board, Task
from tests.conftest import Client, World
from tests.serving import free_port

PATIENCE = 20  # seconds


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """The application behind a socket, in this process."""
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
    """A public board of 6 MB."""
    board = await world.board(ada.user, is_public=True)
    column = await world.column(board)
    for position in range(150):
        await Task.create(
            column=column, title="x", description="\U0001f600" * 10_000, position=position
        )
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
            assert changed.status_code == 200  # what is done is told
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


async def test_what_a_stranger_doesnt_read_is_counted_by_network(
    app: FastAPI, anonymous: Client
) -> None:
    async with serving(app) as address:
        reader = SlowReader(address, "/docs/swagger-ui-bundle.js")
        reader.request *= 10  # the kernel takes the first of them
        async with reader as status:
            assert status == 200
            until = time.monotonic() + PATIENCE
            while not backlog.waiting and time.monotonic() < until:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            assert list(backlog.waiting) == ["127.0.0.1/32"]
        await settled(0)


async def test_head_leaves_nothing_to_read(app: FastAPI, large: Board, bob: Client) -> None:
    path = f"/api/boards/{large.id}/full"
    async with (
        serving(app) as address,
        httpx.AsyncClient(base_url=address, cookies=dict(bob.cookies)) as client,
    ):
        for _ in range(3):
            response = await client.head(path)
            assert (response.status_code, response.content) == (200, b"")
            assert int(response.headers["content-length"]) > 5_000_000
        assert not backlog.waiting
