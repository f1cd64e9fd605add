"""The changes of a board since a cursor, and who watches it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.live.hub import Hub
from models.tables import Board, Column, Event, EventLog, Presence
from tests.conftest import Client, World


async def changes(client: Client, board: Board, query: str = "") -> Any:
    response = await client.get(f"/api/boards/{board.id}/changes{query}")
    assert response.status_code == 200
    return response.json()


async def cursor(client: Client, board: Board) -> str:
    """Return the present cursor of a board."""
    found = await changes(client, board)
    assert (found["changes"], found["resync"]) == ([], False)
    return str(found["cursor"])


async def add(client: Client, column: Column, *titles: str) -> None:
    items = [{"column_id": str(column.id), "title": title} for title in titles]
    response = await client.post("/api/tasks/bulk", json={"items": items})
    assert response.status_code == 201, response.text


async def until_waiting(hub: Hub) -> None:
    """Return once somebody waits for something to happen."""
    for _ in range(3000):
        if hub.clients:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("Nobody waits.")


async def test_changes_come_in_order_and_once(ada: Client, board: Board, column: Column) -> None:
    known, seen = await cursor(ada, board), []
    titles = [f"{number}" for number in range(150)]
    await add(ada, column, *titles[:90])
    await add(ada, column, *titles[90:])
    for number in (100, 50, 0):
        found = await changes(ada, board, f"?after={known}")
        assert (len(found["changes"]), found["resync"]) == (number, False)
        known = found["cursor"]
        seen += [event["after"]["title"] for event in found["changes"]]
    assert seen == titles


async def test_changes_tell_what_was_deleted(ada: Client, board: Board, column: Column) -> None:
    await add(ada, column, "One")
    task = await column.tasks.all().first()  # type: ignore[attr-defined]
    known = await cursor(ada, board)
    await ada.delete(f"/api/tasks/{task.id}")
    [event] = (await changes(ada, board, f"?after={known}"))["changes"]
    assert (event["kind"], event["record_id"]) == ("task.deleted", str(task.id))


@pytest.mark.parametrize("known", ["0ddba11c.0", "{epoch}.1", "{epoch}.999999999"])
async def test_a_cursor_that_leads_nowhere_asks_to_load_anew(
    ada: Client, board: Board, column: Column, known: str
) -> None:
    await add(ada, column, "One", "Two", "Three")
    await Event.filter(id__lt=(await Event.all().order_by("-id").first()).id).delete()  # type: ignore[union-attr]
    log = await EventLog.get()
    found = await changes(ada, board, f"?after={known.format(epoch=log.epoch.hex[:8])}")
    assert (found["changes"], found["resync"]) == ([], True)
    assert found["cursor"] == await cursor(ada, board)


@pytest.mark.parametrize("query", ["after=1", "after=x.y", "after=", "wait=26", "wait=-1"])
async def test_a_bad_cursor_or_wait_is_refused(ada: Client, board: Board, query: str) -> None:
    response = await ada.get(f"/api/boards/{board.id}/changes?{query}")
    assert response.status_code == 422


async def test_a_long_poll_waits_for_a_change(
    world: World, ada: Client, board: Board, column: Column
) -> None:
    known = await cursor(ada, board)
    waiting = asyncio.create_task(changes(ada, board, f"?after={known}&wait=25"))
    await until_waiting(world.app.state.hub)
    await add(ada, column, "One")
    assert [event["after"]["title"] for event in (await waiting)["changes"]] == ["One"]


async def test_a_long_poll_ends_without_a_change(ada: Client, board: Board) -> None:
    known = await cursor(ada, board)
    found = await changes(ada, board, f"?after={known}&wait=1")
    assert found == {"changes": [], "cursor": known, "resync": False}


async def test_long_polls_are_limited_but_not_what_waits_for_nothing(
    ada: Client, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = await cursor(ada, board)
    monkeypatch.setattr("api.live.hub.MAX_OF_USER", 0)
    response = await ada.get(f"/api/boards/{board.id}/changes?after={known}&wait=1")
    assert (response.status_code, response.json()["type"]) == (503, "/problems/streams-open")
    assert (await changes(ada, board, f"?after={known}"))["cursor"] == known


async def test_a_long_poll_ends_at_a_shutdown(world: World, ada: Client, board: Board) -> None:
    hub: Hub = world.app.state.hub
    waiting = asyncio.create_task(changes(ada, board, f"?after={await cursor(ada, board)}&wait=25"))
    await until_waiting(hub)
    hub.end()
    assert (await waiting)["changes"] == []
    hub._is_ending = False


async def test_who_is_removed_while_they_wait_learns_nothing(
    world: World, ada: Client, bob: Client, board: Board, column: Column
) -> None:
    member = await world.join(board, bob.user)
    known = await cursor(bob, board)
    path = f"/api/boards/{board.id}/changes?after={known}&wait=25"
    waiting = asyncio.create_task(bob.get(path))
    await until_waiting(world.app.state.hub)
    await member.delete()
    await add(ada, column, "Secret")
    response = await waiting
    assert (response.status_code, "Secret" in response.text) == (404, False)


async def present(client: Client, board: Board) -> list[str]:
    response = await client.get(f"/api/boards/{board.id}/presence")
    assert response.status_code == 200
    return [user["username"] for user in response.json()["users"]]


async def elsewhere(board: Board, *users: Client, seconds: int = 0) -> None:
    """Let another process say that users watch a board, so many seconds ago."""
    seen_at = datetime.now(UTC) - timedelta(seconds=seconds)
    watching = {str(board.id): [user.id for user in users]}
    await Presence.create(id=uuid4(), seen_at=seen_at, watching=watching)


async def test_presence_tells_who_watches_a_board(
    world: World, ada: Client, bob: Client, board: Board
) -> None:
    carl, dora = await world.person("carl"), await world.person("dora")
    await elsewhere(board, bob, ada)
    await elsewhere(board, ada)
    await elsewhere(await world.board(ada.user), carl)
    await elsewhere(board, dora, seconds=11)
    assert await present(ada, board) == ["ada", "bob"]


async def test_presence_of_a_board_is_for_its_readers(bob: Client, board: Board) -> None:
    assert (await bob.get(f"/api/boards/{board.id}/presence")).status_code == 404
