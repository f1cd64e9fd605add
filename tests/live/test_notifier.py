"""Processes that learn from each other; the second one is a hub of its own in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
from fastapi import FastAPI

from api.auth.credentials import Credentials
from api.db.changes import listeners
from api.live.hub import Client as Watcher
from api.live.hub import Hub
from api.live.log import read_logs
from api.live.notifier import live_updates
from models.tables import Board, Column, Notification, Session
from tests.conftest import PATIENT, Client, World
from tests.helpers.streams import stream


@pytest.fixture
def patience() -> dict[str, float]:
    return PATIENT | {"api.live.notifier.NOTIFY_SECONDS": 0, "api.live.stream.LIFE_SECONDS": 3600}


@pytest.fixture
async def other(world: World) -> AsyncIterator[Hub]:
    """Yield the hub of another process, which isn't told what this one does."""
    async with live_updates() as hub:
        listeners.discard(hub.tell)
        yield hub


async def until(happens: Callable[[], bool]) -> None:
    """Return once it does, which takes as long as the machine takes."""
    for _ in range(3000):
        if happens():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("It didn't happen.")


async def watcher(client: Client, board: Board) -> Watcher:
    session = await Session.get(user_id=client.user.id)
    head = (await read_logs([board.id]))[board.id].head
    return Watcher(Credentials("session", session.id, client.user.id, False), {board.id: head})


async def add(client: Client, column: Column) -> None:
    body = {"column_id": str(column.id), "title": "One"}
    assert (await client.post("/api/tasks", json=body)).status_code == 201


async def test_a_change_by_another_process_arrives_at_once(
    world: World, other: Hub, ada: Client, board: Board, column: Column,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    client = await watcher(ada, board)
    with other.watching(client):
        await world.column(board, 1)  # which only a poll finds
        await until(client.has_news.is_set)
        monkeypatch.setattr("api.live.notifier.POLL_SECONDS", 3600)
        client.has_news.clear()
        await add(ada, column)
        await until(client.has_news.is_set)


LISTENERS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'corkboard-live'
"""


@pytest.mark.parametrize("is_lost", [False, True], ids=["by hand", "while nobody listens"])
async def test_a_change_that_nobody_tells_of_arrives(
    other: Hub, ada: Client, board: Board, column: Column, database_url: str, is_lost: bool
) -> None:
    client = await watcher(ada, board)
    connection = await asyncpg.connect(database_url)
    with other.watching(client):
        for _ in range(3000 * is_lost):
            if await connection.fetchval(LISTENERS):
                break
            await asyncio.sleep(0.01)
        await connection.execute("UPDATE columns SET title = 'x' WHERE id = $1", column.id)
        await until(client.has_news.is_set)
    await connection.close()


async def test_presence_comes_and_goes_with_streams(
    app: FastAPI, ada: Client, board: Board
) -> None:
    async def until_present(*names: str) -> None:
        for _ in range(3000):
            users = (await ada.get(f"/api/boards/{board.id}/presence")).json()["users"]
            if [user["username"] for user in users] == [*names]:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("Presence differs.")

    async with stream(app, ada, f"board={board.id}"):
        await until_present("ada")
    await until_present()


class Told(Watcher):
    """Somebody who waits for notifications only."""

    def notify(self) -> None:
        self.has_news.set()


async def test_a_notification_by_another_process_arrives(
    other: Hub, ada: Client, board: Board
) -> None:
    session = await Session.get(user_id=ada.user.id)
    client = Told(Credentials("session", session.id, ada.user.id, False), {})
    with other.watching(client):
        await Notification.create(user=ada.user, board=board, kind="added")
        await until(client.has_news.is_set)
