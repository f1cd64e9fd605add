"""Notifications arrive in all streams of their user, and in no other."""

from datetime import timedelta

import asyncpg
import pytest

from models.tables import Board, Column, EventLog, Notification, Session, Task
from tests.conftest import Client, Instance, World
from tests.helpers.streams import Reader, parse, stream

INSERT = "INSERT INTO notifications (user_id, board_id, kind) VALUES ($1, $2, 'added') RETURNING id"


@pytest.fixture(autouse=True)
def live(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let streams go on, and nobody rest."""
    monkeypatch.setattr("api.live.stream.LIFE_SECONDS", 3600)
    for name in ("REST_SECONDS", "NOTIFICATION_REST_SECONDS"):
        monkeypatch.setattr(f"api.live.hub.{name}", 0)


@pytest.fixture
async def task(board: Board, column: Column, bob: Client, world: World) -> Task:
    """Return a task on a board that bob has joined."""
    await world.join(board, bob.user)
    await Notification.all().delete()
    return await world.task(column)


async def mention(client: Client, task: Task) -> None:
    body = {"task_id": str(task.id), "content": "@bob"}
    assert (await client.post("/api/comments", json=body)).status_code == 201


def unread_in(reader: Reader) -> list[int]:
    """Return the numbers of unread notifications that a stream has told."""
    return [event.data["unread"] for event in parse(reader.text) if event.kind == "unread"]


async def news_of(reader: Reader, number: int) -> list[int]:
    """Return the ids of the next notifications in a stream."""
    found: list[int] = []
    while len(found) < number:
        event = await reader.next()
        if event.kind == "notification":
            found.append(event.data["id"])
    return found


async def test_they_arrive_in_all_streams_of_their_user(
    world: World, ada: Client, bob: Client, board: Board, task: Task
) -> None:
    async with (
        stream(world.app, bob, "") as one,
        stream(world.app, bob, f"board={board.id}") as other,
        stream(world.app, ada, f"board={board.id}") as adas,
    ):
        await mention(ada, task)
        [row] = (await bob.get("/api/notifications")).json()
        event = await one.next()
        assert (event.kind, event.data) == ("notification", row)
        assert await news_of(other, 1) == [row["id"]]
        while (await adas.next()).data["kind"] != "comment.created":
            pass
        assert "notification" not in {event.kind for event in parse(adas.text)}
        assert unread_in(one) == unread_in(adas) == [0]
    async with stream(world.app, bob, "") as reader:
        assert unread_in(reader) == [1]


async def test_a_stream_that_goes_on_loses_none(
    world: World, ada: Client, bob: Client, task: Task
) -> None:
    async with stream(world.app, bob, "") as reader:
        await mention(ada, task)
        events = [await reader.next()]
        await mention(ada, task)
        events.append(await reader.next())
    await mention(ada, task)
    ids = [row.id for row in await Notification.all().order_by("id")]
    assert [event.data["id"] for event in events] == ids[:2]
    positions = [parse(reader.text)[0].id, *[event.id for event in events]]
    for position in positions:
        async with stream(world.app, bob, "", position) as again:
            # Of the last moments, it repeats those whose neighbours may still come.
            assert await news_of(again, 3) == ids
            assert unread_in(again) == []


async def test_what_has_settled_is_not_repeated(
    world: World, ada: Client, bob: Client, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.notifications.SETTLED", timedelta(0))
    async with stream(world.app, bob, "") as reader:
        for _ in range(2):
            await mention(ada, task)
        events = [await reader.next(), await reader.next()]
    await mention(ada, task)
    last = await Notification.all().order_by("-id").first()
    assert last
    async with stream(world.app, bob, "", events[-1].id) as again:
        assert await news_of(again, 1) == [last.id]


@pytest.mark.parametrize("position", ["{epoch}", "{epoch}~999999999999", "0ddba11c~1"])
async def test_a_stream_that_can_not_go_on_tells_how_many_are_unread(
    world: World, ada: Client, bob: Client, task: Task, position: str
) -> None:
    await mention(ada, task)
    epoch = (await EventLog.get()).epoch.hex[:8]
    async with stream(world.app, bob, "", position.format(epoch=epoch)) as reader:
        await mention(ada, task)
        last = await Notification.all().order_by("-id").first()
        assert last
        assert await news_of(reader, 1) == [last.id]
        assert unread_in(reader) == [1]


async def test_one_that_is_committed_late_arrives(
    world: World, bob: Client, task: Task, board: Board, instance: Instance
) -> None:
    late, early = [await asyncpg.connect(instance.url) for _ in range(2)]
    async with stream(world.app, bob, "") as reader:
        transaction = late.transaction()
        await transaction.start()
        first = await late.fetchval(INSERT, bob.user.id, board.id)
        second = await early.fetchval(INSERT, bob.user.id, board.id)
        assert first < second
        instance.app.state.hub.look_for_notifications()
        event = await reader.next()
        assert event.data["id"] == second
        await transaction.commit()
        instance.app.state.hub.look_for_notifications()
        assert await news_of(reader, 1) == [first]
    async with stream(world.app, bob, "", event.id) as again:
        assert await news_of(again, 2) == [first, second]
    for connection in (late, early):
        await connection.close()


async def test_nothing_comes_of_a_board_that_can_not_be_seen(
    world: World, ada: Client, bob: Client, task: Task, instance: Instance
) -> None:
    secret = await world.board(ada.user)
    mine = await world.board(bob.user)
    connection = await asyncpg.connect(instance.url)
    async with stream(world.app, bob, "") as reader:
        hidden = await connection.fetchval(INSERT, bob.user.id, secret.id)
        shown = await connection.fetchval(INSERT, bob.user.id, mine.id)
        instance.app.state.hub.look_for_notifications()
        assert await news_of(reader, 1) == [shown]
        assert hidden < shown
        assert str(secret.id) not in reader.text
    await connection.close()


async def test_who_was_signed_out_gets_none(
    world: World, ada: Client, bob: Client, task: Task
) -> None:
    async with stream(world.app, bob, "") as reader:
        await Session.filter(user_id=bob.user.id).delete()
        await mention(ada, task)
        with pytest.raises(EOFError):
            await reader.next()


async def test_many_arrive_in_parts(
    world: World, bob: Client, task: Task, board: Board, instance: Instance
) -> None:
    connection = await asyncpg.connect(instance.url)
    async with stream(world.app, bob, "") as reader:
        await connection.execute(
            "INSERT INTO notifications (user_id, board_id, kind) "
            "SELECT $1, $2, 'added' FROM generate_series(1, 350)",
            bob.user.id,
            board.id,
        )
        instance.app.state.hub.look_for_notifications()
        ids = [row.id for row in await Notification.all().order_by("id")]
        assert await news_of(reader, 350) == ids
    await connection.close()
