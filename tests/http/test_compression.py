"""Compressed responses are the same as plain ones, but for secrets, and take their place."""

import asyncio
import gzip
import threading

import pytest
from fastapi import FastAPI

from api.http import backlog, compression
from models.tables import Board, Column, Task
from tests.conftest import Client, World
from tests.helpers.fast_path import by_endpoint
from tests.helpers.openapi import resolved
from tests.http.test_backlog import SlowReader, cookie, serving

GZIP = {"Accept-Encoding": "gzip"}
TEXT = "a harbour at dusk " * 100


async def is_compressed(client: Client, path: str, method: str = "GET") -> bool:
    """Ask for something with and without compression, and compare the responses."""
    plain = await client.request(method, path)
    response = await client.request(method, path, headers=GZIP)
    assert "content-encoding" not in plain.headers
    encoding = response.headers.get("content-encoding")
    assert (response.status_code, response.content) == (plain.status_code, plain.content)
    apart = {"content-length", "content-encoding", *(["etag"] if encoding else [])}
    kept, expected = ({*each.headers.items()} for each in (response, plain))
    assert {each for each in kept ^ expected if each[0] not in apart} == set()
    assert "Accept-Encoding" in plain.headers["vary"]
    if encoding:
        assert encoding == "gzip"
        if tag := plain.headers.get("etag"):
            assert response.headers["etag"] == f"W/{tag}"
        length = int(response.headers["content-length"])
        assert length == response.num_bytes_downloaded or method == "HEAD"
    return bool(encoding)


async def test_every_get_is_the_same_compressed(
    application: FastAPI,
    ada: Client,
    abcd: list[Task],
    board: Board,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compression, "SHORT", 0)
    ids = {"board_id": board.id, "column_id": abcd[0].column_id, "task_id": abcd[0].id,
           "user_id": ada.user.id, "name": "ada", "token": "x"}  # fmt: skip
    compressed = set()
    for path, item in resolved(application.openapi())["paths"].items():
        for name in ids:
            path = path.replace(f"{{{name}}}", str(ids[name]))
        query = f"?board_id={board.id}&user_id={ada.id}" if path == "/api/roles" else ""
        if "get" in item and "{" not in path:
            for client in (ada, world.client()):
                if await is_compressed(client, path + query):
                    compressed.add(path)
            head = await ada.head(path + query, headers=GZIP)
            get = await ada.get(path + query, headers=GZIP)
            assert dict(head.headers) == dict(get.headers)
    assert len(compressed) > 20
    assert {f"/api/boards/{board.id}/full", "/api/tasks", "/api/avatars/ada.svg"} < compressed
    assert not [path for path in compressed if "/auth" in path or "/invitations" in path]


async def test_long_responses_are_compressed_by_both_paths(
    ada: Client, column: Column, world: World
) -> None:
    path = f"/api/tasks/{(await world.task(column)).id}"
    assert not await is_compressed(ada, path)
    await ada.patch(path, json={"description": TEXT})
    assert await is_compressed(ada, path)
    slow = await by_endpoint(world, ada, path, headers=GZIP)
    fast = await ada.get(path, headers=GZIP)
    assert (slow.headers, slow.content) == (fast.headers, fast.content)
    changed = await ada.patch(path, json={"title": "x"}, headers=GZIP)
    assert changed.headers["content-encoding"] == "gzip"
    assert changed.json()["description"] == TEXT
    assert (await ada.delete(path, headers=GZIP)).status_code == 204


async def test_the_tag_of_a_compressed_response_counts_as_the_plain_one(
    ada: Client, board: Board
) -> None:
    path = f"/api/boards/{board.id}"
    await ada.patch(path, json={"description": TEXT})
    for read in (f"{path}/full", "/api/boards"):
        tag = (await ada.get(read, headers=GZIP)).headers["etag"]
        for headers in ({"If-None-Match": tag}, {"If-None-Match": tag, **GZIP}):
            known = await ada.get(read, headers=headers)
            assert (known.status_code, known.content) == (304, b"")
            assert "content-encoding" not in known.headers
        assert known.headers["etag"] == tag
        known = await ada.get(read, headers={"If-None-Match": tag[2:], **GZIP})
        assert (known.status_code, known.headers["etag"]) == (304, tag[2:])
    tag = (await ada.get(path, headers=GZIP)).headers["etag"]
    for status in (200, 412):
        changed = await ada.patch(path, json={"title": "x"}, headers={"If-Match": tag, **GZIP})
        assert changed.status_code == status


async def test_secrets_are_never_compressed(
    ada: Client, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside what an attacker chooses, the length would tell them (BREACH)."""
    monkeypatch.setattr(compression, "SHORT", 0)
    account = {"username": "grace", "password": "a harbour at dusk"}
    for path, body in (
        ("/api/auth/tokens", {"name": "x", "scopes": ["read"]}),
        (f"/api/boards/{board.id}/invitations", {}),
        ("/api/auth/register", account | {"email": "grace@example.com"}),
        ("/api/auth/login", account),
    ):
        response = await ada.post(path, json=body, headers=GZIP)
        assert response.status_code in (200, 201), (path, response.text)
        assert response.headers["cache-control"] == "no-store"
        assert "content-encoding" not in response.headers


def count_compressions(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """Return the threads in which something is compressed from now on."""
    threads: list[threading.Thread] = []
    compress = gzip.compress

    def note(body: bytes, **options: int) -> bytes:
        threads.append(threading.current_thread())
        return compress(body, **options)

    monkeypatch.setattr("gzip.compress", note)
    return threads


async def test_a_board_is_compressed_once_in_a_thread(
    ada: Client, board: Board, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = await world.column(board)
    for number in range(8):
        await Task.create(column=column, title=str(number), description=TEXT * 5)
    threads = count_compressions(monkeypatch)
    path = f"/api/boards/{board.id}/full"
    responses = await asyncio.gather(*(ada.get(path, headers=GZIP) for _ in range(5)))
    assert {each.headers["content-encoding"] for each in responses} == {"gzip"}
    assert len({each.content for each in responses}) == 1
    [thread] = threads
    assert thread is not threading.main_thread()


async def test_kept_responses_have_a_limit(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "SHORT", 0)
    threads = count_compressions(monkeypatch)
    for kept, times in ((10_000, 1), (0, 3)):
        monkeypatch.setattr(compression, "MAX_KEPT", kept)
        threads.clear()
        await ada.post("/api/boards", json={"title": "x"})
        for _ in range(3):
            await ada.get("/api/boards", headers=GZIP)
        assert len(threads) == times


async def test_what_a_slow_reader_keeps_waiting_is_what_is_sent(
    app: FastAPI, ada: Client, board: Board, world: World
) -> None:
    column = await world.column(board)
    for _ in range(20):
        await Task.create(column=column, title="x", description=TEXT * 5)
    path = f"/api/boards/{board.id}/full"
    async with (
        serving(app) as address,
        SlowReader(address, path, cookie(ada), "Accept-Encoding: gzip") as status,
    ):
        assert status == 200
        assert backlog.waiting.total() == 0
        assert len((await ada.get(path)).content) > backlog.LARGE
