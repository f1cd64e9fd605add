"""A stream sends each caller what they may see, from where they were."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import pytest

from api.live.hub import Hub, WatchedBoard
from api.live.log import read_logs
from api.live.stream import MAX_CHUNK
from models.tables import ApiToken, Board, Column, EventLog, Session, User
from models.tables import Event as LoggedEvent
from tests.conftest import Client, Instance, World
from tests.helpers.streams import Event, Reader, parse, stream

pytestmark = pytest.mark.usefixtures("live")


@pytest.fixture
def live(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let streams go on, and boards rest no longer than they must."""
    monkeypatch.setattr("api.live.stream.LIFE_SECONDS", 3600)
    monkeypatch.setattr("api.live.hub.REST_SECONDS", 0)


async def add(client: Client, column: Column, title: str) -> None:
    body = {"column_id": str(column.id), "title": title}
    assert (await client.post("/api/tasks", json=body)).status_code == 201


async def titles(reader: Reader, number: int) -> list[str]:
    """Return the titles of the next tasks that the stream tells of."""
    return [title_of(await reader.next()) for _ in range(number)]


def title_of(event: Event) -> Any:
    return event.data["after"]["title"]


async def test_a_stream_sends_what_others_do(
    world: World, ada: Client, bob: Client, board: Board, column: Column
) -> None:
    await world.join(board, bob.user)
    async with stream(world.app, bob, f"board={board.id}") as reader:
        await add(ada, column, "One")
        event = await reader.next()
    assert (event.kind, event.data["kind"], title_of(event)) == ("change", "task.created", "One")


async def test_a_stream_goes_on_after_each_of_its_events(
    world: World, ada: Client, board: Board, column: Column
) -> None:
    async with stream(world.app, ada, f"board={board.id}") as reader:
        for title in "abc":
            await add(ada, column, title)
        seen = [await reader.next() for _ in range(3)]
    for number, event in enumerate(seen):
        async with stream(world.app, ada, f"board={board.id}", event.id) as reader:
            rest = "abc"[number + 1 :] + "de"[:number]
            assert await titles(reader, len(rest)) == [*rest]
            await add(ada, column, "def"[number])
            assert await titles(reader, 1) == ["def"[number]]


async def test_a_stream_goes_on_on_several_boards(
    world: World, ada: Client, board: Board, column: Column
) -> None:
    other = await world.board(ada.user)
    its_column = await world.column(other)
    query = f"board={other.id}&board={board.id}"
    async with stream(world.app, ada, query) as reader:
        for title, place in (("a", column), ("b", its_column), ("c", column)):
            await add(ada, place, title)
            event = await reader.next()
            assert title_of(event) == title
            if title == "a":
                first = event.id
    async with stream(world.app, ada, query, first) as reader:
        assert sorted(await titles(reader, 2)) == ["b", "c"]


@pytest.mark.parametrize("position", ["0ddba11c.1", "{epoch}.1.1", "{epoch}.999999"])
async def test_a_stream_says_where_it_can_not_go_on(
    world: World, ada: Client, board: Board, column: Column, position: str
) -> None:
    log = await EventLog.get()
    known = position.format(epoch=log.epoch.hex[:8])
    async with stream(world.app, ada, f"board={board.id}&last_event_id={known}") as reader:
        event = await reader.next()
        assert (event.kind, event.data) == ("resync", {"board_id": str(board.id)})
        await add(ada, column, "One")
        assert title_of(await reader.next()) == "One"


async def test_who_was_removed_gets_no_more_of_a_board(
    world: World, ada: Client, bob: Client, board: Board, column: Column
) -> None:
    other = await world.board(bob.user)
    member = await world.join(board, bob.user)
    async with stream(world.app, bob, f"board={board.id}&board={other.id}") as reader:
        await member.delete()
        await add(ada, column, "Secret")
        event = await reader.next()
        assert (event.kind, event.data) == ("gone", {"board_id": str(board.id)})
        await add(bob, await world.column(other), "Mine")
        while (event := await reader.next()).data["kind"] != "task.created":
            pass
        assert title_of(event) == "Mine"
        assert "Secret" not in reader.text


async def end_session(user: User) -> None:
    await Session.filter(user_id=user.id).delete()


async def demote(user: User) -> None:
    await User.filter(id=user.id).update(is_admin=False)


@pytest.mark.parametrize("lose", [end_session, demote])
async def test_a_stream_ends_with_the_right_to_it(
    world: World,
    ada: Client,
    admin: Client,
    board: Board,
    column: Column,
    lose: Callable[[User], Awaitable[None]],
) -> None:
    async with stream(world.app, admin, f"board={board.id}") as reader:
        await lose(admin.user)
        await add(ada, column, "Secret")
        with pytest.raises(EOFError):
            await reader.next()
        assert "Secret" not in reader.text


async def test_an_idle_stream_ends_with_its_session(
    world: World, ada: Client, bob: Client, board: Board
) -> None:
    hub: Hub = world.app.state.hub
    async with (
        stream(world.app, ada, f"board={board.id}") as reader,
        stream(world.app, bob, "") as other,
    ):
        await hub.check_all()
        assert not reader.has_ended.is_set()
        assert not other.has_ended.is_set()
        await end_session(ada.user)
        await end_session(bob.user)
        await hub.check_all()
        for each in (reader, other):
            with pytest.raises(EOFError):
                await each.next()


async def test_strangers_learn_nothing_of_a_board(
    world: World, ada: Client, bob: Client, board: Board, column: Column
) -> None:
    async with stream(world.app, bob, f"board={board.id}") as reader:
        assert (await reader.next()).kind == "gone"
        await add(ada, column, "Secret")
    [_, event] = parse(reader.text)
    assert event.id.partition("~")[0].endswith(".0")
    async with stream(world.app, bob, f"board={board.id}", event.id) as reader:
        assert (await reader.next()).kind == "gone"
    assert "Secret" not in reader.text


async def test_a_slow_reader_is_told_to_load_the_board_anew(
    world: World, ada: Client, board: Board, column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.hub.MAX_KEPT", 3)
    async with stream(world.app, ada, f"board={board.id}") as reader:
        reader.reads.clear()
        async with stream(world.app, ada, f"board={board.id}") as other:
            for number in range(10):
                await add(ada, column, f"{number}")
                await other.next()
        reader.reads.set()
        kinds = [(await reader.next()).kind for _ in range(2)]
        assert kinds == ["change", "resync"]
        await add(ada, column, "New")
        assert title_of(await reader.next()) == "New"


async def test_streams_end_at_a_shutdown(world: World, ada: Client, board: Board) -> None:
    hub: Hub = world.app.state.hub
    async with stream(world.app, ada, f"board={board.id}") as reader:
        hub.end()
        with pytest.raises(EOFError):
            await reader.next()
    hub._is_ending = False


async def test_streams_of_a_user_are_limited(
    world: World, ada: Client, bob: Client, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.hub.MAX_OF_USER", 1)
    async with stream(world.app, ada, f"board={board.id}"):
        response = await ada.get("/api/events/stream")
        assert (response.status_code, response.json()["type"]) == (503, "/problems/streams-open")
        async with stream(world.app, bob, "") as reader:
            assert reader.status == 200
    async with stream(world.app, ada, "") as reader:
        assert reader.status == 200


async def test_streams_that_are_opened_at_once_are_limited(
    world: World, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.hub.MAX_OF_USER", 3)
    async with AsyncExitStack() as stack:
        streams = [stack.enter_async_context(stream(world.app, ada, "")) for _ in range(8)]
        readers = await asyncio.gather(*streams)
        assert sorted(reader.status for reader in readers) == [200] * 3 + [503] * 5


async def test_a_stream_that_catches_up_sends_little_at_once(
    world: World, ada: Client, board: Board, column: Column
) -> None:
    async with stream(world.app, ada, f"board={board.id}") as reader:
        await add(ada, column, "First")
        first = await reader.next()
    text = "\u6f22" * 10_000
    items = [
        {"column_id": str(column.id), "title": f"{number}", "description": text}
        for number in range(20)
    ]
    for part in (items[:10], items[10:]):
        response = await ada.post("/api/tasks/bulk", json={"items": part})
        assert response.status_code == 201
    async with stream(world.app, ada, f"board={board.id}", first.id) as reader:
        assert await titles(reader, 20) == [item["title"] for item in items]
        assert reader.longest < MAX_CHUNK + 32_000
        await add(ada, column, "Last")
        assert await titles(reader, 1) == ["Last"]


async def test_a_stream_that_catches_up_is_counted_and_ends(
    world: World, ada: Client, board: Board, column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stream(world.app, ada, f"board={board.id}") as reader:
        for number in range(5):
            await add(ada, column, f"{number}")
        first = await reader.next()
    monkeypatch.setattr("api.live.stream.MAX_CHUNK", 0)
    monkeypatch.setattr("api.live.hub.MAX_OF_USER", 1)
    hub: Hub = world.app.state.hub
    async with stream(world.app, ada, f"board={board.id}", first.id) as reader:
        reader.reads.clear()
        other = await ada.get("/api/events/stream")
        hub.end()
        reader.reads.set()
        async with asyncio.timeout(60):
            await reader.has_ended.wait()
    hub._is_ending = False
    assert other.status_code == 503
    assert len(parse(reader.text)) <= 1


async def test_a_quiet_board_is_left_alone_when_its_events_are_forgotten(
    world: World, ada: Client, board: Board, column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(ada, column, "One")
    hub, looked = Hub(), list[UUID]()
    monkeypatch.setattr(hub, "look_at", looked.extend)
    head = (await read_logs([board.id]))[board.id].head
    hub.boards[board.id] = WatchedBoard(board.id, head)
    other = await world.column(await world.board(ada.user))
    for title in "ab":
        await add(ada, other, title)
    newest = await LoggedEvent.all().order_by("-id").first()
    assert newest
    await LoggedEvent.filter(id__lt=newest.id).delete()
    logs = await read_logs([board.id])
    assert logs[board.id].head > head
    hub.compare(logs)
    assert looked == []
    await add(ada, column, "Two")
    hub.compare(await read_logs([board.id]))
    assert looked == [board.id]


async def test_a_head_request_is_answered_at_once(ada: Client) -> None:
    response = await ada.head("/api/events/stream")
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"


async def test_api_tokens_can_stream(world: World, ada: Client, board: Board) -> None:
    body = {"name": "Watcher", "scopes": ["read"]}
    token = (await ada.post("/api/auth/tokens", json=body)).json()["token"]
    hub: Hub = world.app.state.hub
    script = world.client()
    script.headers["Authorization"] = f"Bearer {token}"
    async with stream(world.app, script, f"board={board.id}") as reader:
        assert reader.status == 200
        await ApiToken.filter(user_id=ada.user.id).delete()
        await hub.check_all()
        with pytest.raises(EOFError):
            await reader.next()
