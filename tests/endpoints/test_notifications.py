"""Each user is notified once of what concerns them, and of nothing that they can't see."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from api.endpoints.notifications import (
    NOTIFY,
    notify_of_due_dates,
    purge_notifications,
)
from models.tables import Board, BoardUser, Column, EventLog, Mute, Notification, Task
from tests.conftest import Client, Instance, World
from tests.helpers.answers import all_pages, check_problem


@pytest.fixture
async def task(column: Column, world: World) -> Task:
    return await world.task(column)


@pytest.fixture
async def member(board: Board, bob: Client, world: World) -> BoardUser:
    """Make bob a member of ada's board, of which he has been told."""
    joined = await world.join(board, bob.user)
    await Notification.all().delete()
    return joined


async def told(client: Client) -> list[str]:
    """Return the kinds of a user's notifications, the newest first."""
    rows = await Notification.filter(user_id=client.user.id).order_by("-id")
    listed = (await client.get("/api/notifications?limit=200")).json()
    assert {row["id"] for row in listed} == {row.id for row in rows}
    assert {row["kind"] for row in listed} == {row.kind for row in rows}
    return [str(row.kind) for row in rows]


async def comment(client: Client, task: Task, content: str = "Well") -> str:
    body = {"task_id": str(task.id), "content": content}
    response = await client.post("/api/comments", json=body)
    assert response.status_code == 201
    return str(response.json()["id"])


async def change(client: Client, task: Task, **values: Any) -> None:
    assert (await client.patch(f"/api/tasks/{task.id}", json=values)).status_code == 200


async def test_who_is_added_to_a_board_is_notified(ada: Client, bob: Client, board: Board) -> None:
    body = {"user_id": bob.id}
    assert (await ada.post(f"/api/boards/{board.id}/users", json=body)).status_code == 201
    [row] = (await bob.get("/api/notifications")).json()
    assert all(row.pop(name) for name in ("id", "event_id", "created_at"))
    assert row == {
        "kind": "added",
        "board_id": str(board.id),
        "board_title": "Website launch",
        "task_id": None,
        "task_title": None,
        "comment_id": None,
        "due_date": None,
        "due_is_day": False,
        "read_at": None,
        "actor": {
            "id": ada.id,
            "username": "ada",
            "avatar_url": "/api/avatars/ada.svg",
        },
    }
    assert await told(ada) == []


async def test_nobody_is_notified_of_what_they_do(
    ada: Client, board: Board, column: Column, task: Task
) -> None:
    await Notification.all().delete()
    await ada.post("/api/boards", json={"title": "Mine"})
    await ada.put(f"/api/tasks/{task.id}/assignees/{ada.id}")
    await comment(ada, task, "@ada to myself")
    await change(ada, task, due_date="2026-05-01")
    assert await told(ada) == []


async def test_assignees_are_notified_of_their_task(
    ada: Client, bob: Client, member: BoardUser, task: Task
) -> None:
    await ada.put(f"/api/tasks/{task.id}/assignees/{bob.id}")
    await ada.put(f"/api/tasks/{task.id}/assignees/{bob.id}")
    assert await told(bob) == ["assigned"]
    commented = await comment(ada, task)
    await change(ada, task, due_date="2026-05-01")
    await change(ada, task, due_date="2026-05-01")
    await change(ada, task, title="Another", priority="HIGH")
    await change(ada, task, due_date=None)
    assert await told(bob) == ["due_changed", "due_changed", "commented", "assigned"]
    assert {str(row.comment_id) for row in await Notification.all()} == {commented, "None"}
    await ada.delete(f"/api/tasks/{task.id}/assignees/{bob.id}")
    await change(ada, task, due_date="2026-06-01")
    await comment(ada, task)
    assert len(await told(bob)) == 4


async def test_who_has_commented_is_notified_of_comments(
    ada: Client, bob: Client, member: BoardUser, task: Task
) -> None:
    await comment(ada, task)
    assert await told(bob) == []
    await comment(bob, task)
    await comment(bob, task)
    assert await told(ada) == ["commented", "commented"]
    await comment(ada, task)
    assert await told(bob) == ["commented"]


@pytest.mark.parametrize(
    ("username", "content"),
    [
        ("bob", "@bob"),
        ("bob", "Well, (@BOB): please!"),
        ("bob", "Ask @bob."),
        ("bob", "Ask @bob... or not"),
        ("bob", "\uff20\uff42\uff4f\uff42"),
        ("bob", "@bob, @bob and @bob"),
        ("b.o-b_", "Ask @b.o-b_."),
        ("b.o-b_", "@B.O-B_"),
        ("bob.", "Ask @bob."),
        ("Straße", "an @STRASSE"),
        ("Жук", "слово «@жук», и"),
        ("Жук", "@ЖУК…"),
        ("हिन्दी", "@हिन्दी।"),
        ("名前です", "「@名前です」"),
        ("café", "@cafe\u0301 too"),
    ],
)
async def test_a_name_in_a_comment_mentions(
    ada: Client, world: World, board: Board, task: Task, username: str, content: str
) -> None:
    if username == "bob.":
        await world.join(board, await world.user("bob"))
    user = await world.person(username)
    await world.join(board, user.user)
    await Notification.all().delete()
    await comment(ada, task, content)
    assert await told(user) == ["mentioned"]
    assert await Notification.all().count() == 1
    body = {"board_id": str(board.id), "content": content}
    assert (await ada.post("/api/board-comments", json=body)).status_code == 201
    assert await told(user) == ["mentioned", "mentioned"]


@pytest.mark.parametrize(
    "content", ["bob", "me@bob.example", "@bobby", "@bo", "@ bob", "@bóB", "@@bob", "@bob_b", "@"]
)
async def test_other_words_mention_nobody(
    ada: Client, bob: Client, member: BoardUser, task: Task, content: str
) -> None:
    await comment(ada, task, content)
    assert await told(bob) == []


async def test_a_comment_that_is_changed_mentions_those_that_it_adds(
    ada: Client, bob: Client, member: BoardUser, board: Board, task: Task, world: World
) -> None:
    eve = await world.person("eve")
    await world.join(board, eve.user)
    await Notification.all().delete()
    path = f"/api/comments/{await comment(ada, task, '@bob')}"
    for content in ("@bob @eve", "@eve and @bob"):
        assert (await ada.patch(path, json={"content": content})).status_code == 200
    assert (await told(bob), await told(eve)) == (["mentioned"], ["mentioned"])
    assert (await ada.delete(path)).status_code == 204
    assert (await told(bob), await told(eve)) == ([], [])


async def test_only_who_can_see_it_is_mentioned(
    ada: Client, bob: Client, admin: Client, board: Board, task: Task, world: World
) -> None:
    off = await world.person("off")
    await world.join(board, off.user)
    off.user.disabled_at = datetime.now(UTC)
    await off.user.save()
    await Notification.all().delete()
    await comment(ada, task, "@bob @root @off")
    assert await Notification.all().values_list("user_id", flat=True) == [admin.user.id]
    await ada.patch(f"/api/boards/{board.id}", json={"is_public": True})
    await comment(ada, task, "@bob")
    assert await told(bob) == ["mentioned"]


async def test_who_is_mentioned_is_notified_once(
    ada: Client, bob: Client, member: BoardUser, task: Task
) -> None:
    await ada.put(f"/api/tasks/{task.id}/assignees/{bob.id}")
    await comment(bob, task)
    await comment(ada, task, "@bob")
    assert await told(bob) == ["mentioned", "assigned"]


async def test_a_comment_looks_for_fifty_names(
    ada: Client, bob: Client, member: BoardUser, task: Task
) -> None:
    await comment(ada, task, " ".join(f"@nobody{number}" for number in range(700)))
    await comment(ada, task, "@bob" + "." * 9000)
    assert await told(bob) in ([], ["mentioned"])


async def test_sql_by_hand_notifies_too(
    bob: Client, member: BoardUser, task: Task, instance: Instance
) -> None:
    connection = await asyncpg.connect(instance.url)
    await connection.execute(
        "INSERT INTO task_assignees (task_id, membership_id) VALUES ($1, $2)", task.id, member.id
    )
    await connection.close()
    assert await told(bob) == ["assigned"]
    [row] = (await bob.get("/api/notifications")).json()
    assert row["actor"] is None


@pytest.mark.parametrize("key", ["username_key", "email_key"])
async def test_who_is_just_being_renamed_is_notified(
    ada: Client, bob: Client, member: BoardUser, task: Task, instance: Instance, key: str
) -> None:
    connection = await asyncpg.connect(instance.url)
    async with connection.transaction():
        await connection.execute(f"UPDATE users SET {key} = 'x' WHERE id = $1", bob.user.id)
        await comment(ada, task, "@bob")
    await connection.close()
    assert await told(bob) == ["mentioned"]


@pytest.mark.parametrize("what", ["task", "tasks", "column"])
async def test_a_move_to_another_board_assigns_nobody_anew(
    ada: Client, bob: Client, member: BoardUser, column: Column, task: Task, world: World, what: str
) -> None:
    eve = await world.person("eve")
    other = await world.board(ada.user)
    target = await world.column(other)
    for user in (bob.user, eve.user):
        await world.join(other, user)
    await ada.put(f"/api/tasks/{task.id}/assignees/{bob.id}")
    await Notification.all().delete()
    news = []
    if what == "column":
        body: Any = {"board_id": str(other.id)}
        assert (await ada.patch(f"/api/columns/{column.id}", json=body)).status_code == 200
    elif what == "tasks":
        body = {"ids": [str(task.id)], "column_id": str(target.id)}
        assert (await ada.patch("/api/tasks", json=body)).status_code == 200
    else:
        news = [eve.id]
        await change(ada, task, column_id=str(target.id), assignee_ids=[bob.id, *news])
    shown = (await ada.get(f"/api/tasks/{task.id}")).json()["assignee_ids"]
    assert shown == [bob.id, *news]
    assert [str(row.user_id) for row in await Notification.all()] == news


async def test_what_is_rolled_back_notifies_nobody(
    ada: Client, bob: Client, member: BoardUser, task: Task
) -> None:
    body = {"ids": [str(task.id)], "add_assignee_ids": [bob.id, str(UUID(int=7))]}
    check_problem(await ada.patch("/api/tasks", json=body), 422)
    assert await told(bob) == []


async def test_a_muted_board_notifies_nobody(
    ada: Client, bob: Client, member: BoardUser, board: Board, task: Task
) -> None:
    path = f"/api/boards/{board.id}/mute"
    await comment(ada, task, "@bob")
    for _ in range(2):
        assert (await bob.put(path)).status_code == 204
    assert await Mute.all().count() == 1
    await comment(ada, task, "@bob")
    assert await told(bob) == ["mentioned"]
    settings = (await bob.get("/api/notifications/settings")).json()
    assert settings["muted_board_ids"] == [str(board.id)]
    assert (await ada.get("/api/notifications/settings")).json()["muted_board_ids"] == []
    for _ in range(2):
        assert (await bob.delete(path)).status_code == 204
    await comment(ada, task, "@bob")
    assert await told(bob) == ["mentioned", "mentioned"]
    await bob.put(path)
    await member.delete()
    check_problem(await bob.put(path), 404)
    check_problem(await bob.delete(path), 404)
    assert (await bob.get("/api/notifications/settings")).json()["muted_board_ids"] == []


async def test_a_mute_ends_with_the_membership(
    ada: Client, bob: Client, member: BoardUser, board: Board
) -> None:
    assert (await bob.put(f"/api/boards/{board.id}/mute")).status_code == 204
    assert (await ada.delete(f"/api/boards/{board.id}/users/{bob.id}")).status_code == 204
    body = {"user_id": bob.id}
    assert (await ada.post(f"/api/boards/{board.id}/users", json=body)).status_code == 201
    assert await told(bob) == ["added"]
    assert (await bob.get("/api/notifications/settings")).json()["muted_board_ids"] == []


async def test_nothing_is_told_of_what_can_not_be_seen(
    ada: Client, bob: Client, member: BoardUser, board: Board, column: Column, task: Task,
    world: World,
) -> None:  # fmt: skip
    await ada.put(f"/api/tasks/{task.id}/assignees/{bob.id}")

    async def seen() -> int:
        listed = (await bob.get("/api/notifications?count=exact")).headers["x-total-count"]
        unread = (await bob.get("/api/notifications/count")).json()["unread"]
        assert int(listed) == unread == len((await bob.get("/api/notifications")).json())
        return int(unread)

    assert await seen() == 1
    for path in (f"tasks/{task.id}", f"columns/{column.id}", f"boards/{board.id}"):
        assert (await ada.delete(f"/api/{path}")).status_code == 204
        assert await seen() == 0
        assert (await ada.post(f"/api/{path}/restore")).status_code == 200
        assert await seen() == 1
    secret = await world.board(ada.user)
    hidden = await world.column(secret)
    await ada.post(f"/api/tasks/{task.id}/move", json={"column_id": str(hidden.id)})
    assert await seen() == 0
    await ada.post(f"/api/tasks/{task.id}/move", json={"column_id": str(column.id)})
    assert await seen() > 0
    await member.delete()
    assert await seen() == 0
    await ada.patch(f"/api/boards/{board.id}", json={"is_public": True})
    assert await seen() > 0
    await ada.delete(f"/api/tasks/{task.id}?permanent=true")
    assert await Notification.filter(task_id=task.id).count() == 0


async def test_notifications_go_with_their_board_and_user(
    ada: Client, bob: Client, member: BoardUser, board: Board, task: Task
) -> None:
    await comment(ada, task, "@bob")
    await bob.put(f"/api/boards/{board.id}/mute")
    await comment(bob, task, "@ada")
    assert await Notification.all().count() == 2
    assert (await bob.delete_account()).status_code == 204
    assert (await Notification.get()).user_id == ada.user.id
    [row] = (await ada.get("/api/notifications")).json()
    assert row["actor"] is None
    await ada.delete(f"/api/boards/{board.id}?permanent=true")
    assert await Notification.all().count() == await Mute.all().count() == 0


async def test_the_list_is_in_groups_unread_first(
    ada: Client, bob: Client, member: BoardUser, column: Column, world: World
) -> None:
    one, two = await world.task(column, 1), await world.task(column, 2)
    for task in (one, two, one, two, one):
        await comment(ada, task, "@bob")
    ids = [row.id for row in await Notification.all().order_by("id")]
    listed = (await bob.get("/api/notifications")).json()
    assert [row["id"] for row in listed] == [ids[4], ids[2], ids[0], ids[3], ids[1]]
    await bob.post(f"/api/notifications/{ids[4]}/read")
    expected = [ids[3], ids[1], ids[2], ids[0], ids[4]]
    for limit in (1, 2, 200):
        pages = await all_pages(bob, f"/api/notifications?limit={limit}")
        assert [row["id"] for row in pages] == expected
    check_problem(await bob.get("/api/notifications?cursor=x"), 422)


async def test_notifications_are_read_one_by_one_and_all(
    ada: Client, bob: Client, member: BoardUser, column: Column, world: World
) -> None:
    one, two = await world.task(column, 1), await world.task(column, 2)
    for task in (one, one, two):
        await comment(ada, task, "@bob")
    listed = (await bob.get("/api/notifications")).json()
    first = f"/api/notifications/{listed[0]['id']}/read"
    check_problem(await ada.post(first), 404)
    check_problem(await bob.post("/api/notifications/999999999/read"), 404)
    check_problem(await bob.post("/api/notifications/0/read"), 422)
    assert (await bob.get("/api/notifications/count")).json() == {"unread": 3}
    assert (await bob.post(first)).status_code == 204
    read = (await Notification.get(id=listed[0]["id"])).read_at
    assert (await bob.post(first)).status_code == 204
    assert (await Notification.get(id=listed[0]["id"])).read_at == read
    assert (await bob.get("/api/notifications/count")).json() == {"unread": 2}
    assert (await bob.post(f"/api/notifications/read?task_id={one.id}")).status_code == 204
    assert await Notification.filter(read_at=None).count() == 0
    assert (await ada.post("/api/notifications/read")).status_code == 204
    assert (await bob.post("/api/notifications/read")).status_code == 204
    assert (await bob.get("/api/notifications/count")).json() == {"unread": 0}
    check_problem(await bob.post("/api/notifications/read?task_id=x"), 422)
    assert (await bob.post(f"/api/notifications/read?task_id={UUID(int=7)}")).status_code == 204


async def test_settings_are_ones_own(bob: Client, ada: Client) -> None:
    path = "/api/notifications/settings"
    everything = {"due_in_3_days": True, "due_in_1_day": True, "muted_board_ids": []}
    assert (await bob.get(path)).json() == everything
    response = await bob.put(path, json={"due_in_3_days": False})
    assert response.json() == (await bob.get(path)).json() == everything | {"due_in_3_days": False}
    assert (await ada.get(path)).json() == everything
    check_problem(await bob.put(path, json={"due_in_3_days": 1}), 422)
    me = (await bob.get("/api/auth/me")).json()
    assert (me["version"], "due_in_3_days" in me) == (1, False)


HOURS = {"due_in_3_days": 72, "due_in_1_day": 24, "overdue": 0}


async def due(task: Task, hours: float, since: float = 1) -> None:
    """Make a task due in so many hours, and the last run of the job one so many hours ago."""
    now = datetime.now(UTC)
    await Task.filter(id=task.id).update(due_date=now + timedelta(hours=hours))
    await EventLog.all().update(notified_until=now - timedelta(hours=since))
    await notify_of_due_dates()


@pytest.fixture
async def assigned(member: BoardUser, task: Task, bob: Client) -> Task:
    """Assign the task to bob, of which he has been told."""
    await bob.put(f"/api/tasks/{task.id}/assignees/{bob.id}")
    await Notification.all().delete()
    return task


@pytest.mark.parametrize("kind", HOURS)
async def test_assignees_are_notified_of_due_dates_once(
    bob: Client, assigned: Task, kind: str
) -> None:
    await due(assigned, HOURS[kind] + 0.1)
    await due(assigned, HOURS[kind] - 1.1)
    assert await Notification.exclude(kind="due_changed").count() == 0
    await Notification.all().delete()
    await due(assigned, HOURS[kind] - 0.1)
    await Notification.filter(kind="due_changed").delete()
    assert await told(bob) == [kind]
    [row] = (await bob.get("/api/notifications")).json()
    assert (row["actor"], row["task_title"], row["event_id"]) == (None, "Task 0", None)
    assert row["due_date"] == (await bob.get(f"/api/tasks/{assigned.id}")).json()["due_date"]
    # Again, as after a crash, and in several processes.
    await EventLog.all().update(notified_until=datetime.now(UTC) - timedelta(hours=1))
    await asyncio.gather(*[notify_of_due_dates() for _ in range(4)])
    assert await told(bob) == [kind]


async def test_a_day_is_told_as_the_task_showed_it_then(
    ada: Client, bob: Client, assigned: Task, board: Board
) -> None:
    await ada.patch(f"/api/boards/{board.id}", json={"time_zone": "America/New_York"})
    await change(ada, assigned, due_date="2020-03-01")
    for later in ({"due_date": "2020-03-01T12:00:00Z"}, {"due_date": "2020-05-01"}):
        ended = (await Task.get(id=assigned.id)).due_date
        assert ended
        await EventLog.all().update(notified_until=ended)
        await notify_of_due_dates()
        await change(ada, assigned, **later)
    await ada.patch(f"/api/boards/{board.id}", json={"time_zone": "Asia/Tokyo"})
    listed = (await bob.get("/api/notifications")).json()
    shown = [(row["due_date"], row["due_is_day"]) for row in listed if row["kind"] == "overdue"]
    assert shown == [("2020-03-01T12:00:00Z", False), ("2020-03-01", True)]


@pytest.mark.parametrize("kind", ["due_in_3_days", "due_in_1_day"])
async def test_who_wants_none_is_not_notified_before(
    bob: Client, assigned: Task, kind: str
) -> None:
    await bob.put("/api/notifications/settings", json={kind: False})
    for hours in HOURS.values():
        await due(assigned, hours - 0.1)
    await Notification.filter(kind="due_changed").delete()
    assert sorted(await told(bob)) == sorted(HOURS.keys() - {kind})


async def test_what_is_done_or_gone_is_not_due(
    ada: Client, bob: Client, assigned: Task, board: Board, column: Column
) -> None:
    async def nothing() -> None:
        await due(assigned, -0.1)
        assert await Notification.filter(kind="overdue").count() == 0

    for status in ("DONE", "REJECT"):
        await change(ada, assigned, status=status)
        await nothing()
    await change(ada, assigned, status="IN_PROGRESS")
    for path in (f"tasks/{assigned.id}", f"columns/{column.id}", f"boards/{board.id}"):
        assert (await ada.delete(f"/api/{path}")).status_code == 204
        await nothing()
        assert (await ada.post(f"/api/{path}/restore")).status_code == 200
        assert (await ada.post(f"/api/{path}/archive")).status_code == 200
        await nothing()
        assert (await ada.post(f"/api/{path}/unarchive")).status_code == 200
    await bob.put(f"/api/boards/{board.id}/mute")
    await nothing()
    await bob.delete(f"/api/boards/{board.id}/mute")
    await due(assigned, -0.1)
    assert await Notification.filter(kind="overdue").count() == 1


async def test_many_due_at_once_are_notified_of_in_batches(
    ada: Client, bob: Client, assigned: Task, column: Column, world: World,
    instance: Instance, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    small = NOTIFY.replace("LIMIT 1000", "LIMIT 3")
    monkeypatch.setattr("api.endpoints.notifications.NOTIFY", small)
    tasks = [assigned, *[await world.task(column, place) for place in range(1, 5)]]
    ids = [str(task.id) for task in tasks]
    body = {"ids": ids, "add_assignee_ids": [ada.id, bob.id]}
    assert (await ada.patch("/api/tasks", json=body)).status_code == 200
    now = datetime.now(UTC)
    await Task.filter(id__in=ids[:4]).update(due_date=now)
    await Task.filter(id=ids[4]).update(due_date=now - timedelta(seconds=1))
    await Notification.all().delete()
    await EventLog.all().update(notified_until=now - timedelta(hours=1))
    await notify_of_due_dates()
    connection = await asyncpg.connect(instance.url)
    rows = await connection.fetch("SELECT task_id::text, xmin::text FROM notifications ORDER BY id")
    await connection.close()
    assert [row["task_id"] for row in rows[:2]] == [ids[4]] * 2
    assert sorted(row["task_id"] for row in rows) == sorted(ids * 2)
    assert [len([*group]) for _, group in groupby(row["xmin"] for row in rows)] == [3, 3, 3, 1]
    assert (await EventLog.get()).notified_until > now


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tasks SET due_date = now() - interval '1 second'",
        "SELECT FROM tasks FOR UPDATE",
        "SELECT FROM boards FOR UPDATE",
        "SELECT FROM users FOR UPDATE",
    ],
)
async def test_what_a_run_misses_is_told_by_the_next(
    bob: Client, assigned: Task, instance: Instance, statement: str
) -> None:
    now = datetime.now(UTC)
    await EventLog.all().update(notified_until=now)
    if statement.startswith("SELECT"):
        await Task.filter(id=assigned.id).update(due_date=now)
    connection = await asyncpg.connect(instance.url)
    async with connection.transaction():
        await connection.execute(statement)
        await notify_of_due_dates()
        assert (await EventLog.get()).notified_until > now
        assert await Notification.filter(kind="overdue").count() == 0
    await connection.close()
    for _ in range(2):
        await notify_of_due_dates()
        assert await Notification.filter(kind="overdue").count() == 1


async def test_due_dates_are_found_by_their_index(instance: Instance) -> None:
    connection = await asyncpg.connect(instance.url)
    await connection.execute("""
        SET session_replication_role = replica;
        INSERT INTO boards (id, title)
            SELECT gen_random_uuid(), 'x' FROM generate_series(1, 200);
        INSERT INTO columns (id, board_id, title, rank)
            SELECT gen_random_uuid(), id, 'x', '1' FROM boards;
        INSERT INTO tasks (id, column_id, title, rank, due_date)
            SELECT gen_random_uuid(), id, 'x', n, now() + n * interval '1 hour'
            FROM columns, generate_series(1, 100) AS n;
        ANALYZE boards, columns, tasks;
    """)
    now = datetime.now(UTC)
    values = ("overdue", now, now - timedelta(minutes=1), UUID(int=0), 0)
    plan = await connection.fetch(f"EXPLAIN {NOTIFY}", *values)
    assert sum("Scan using tasks_due_date_id_idx" in line for [line] in plan) == 1
    assert [line for [line] in plan if "Seq Scan on tasks" in line] == []
    await connection.close()


async def test_old_notifications_are_purged(
    ada: Client, bob: Client, member: BoardUser, task: Task
) -> None:
    for _ in range(2):
        await comment(ada, task, "@bob")
    first = await Notification.all().order_by("id").first()
    assert first
    await Notification.filter(id=first.id).update(
        created_at=datetime.now(UTC) - timedelta(days=90, minutes=1)
    )
    await purge_notifications()
    [left] = await Notification.all()
    assert left.id > first.id
