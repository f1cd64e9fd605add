"""The event log: each change of a row is one event, whoever made it in whatever way."""

import asyncio
import re
from collections.abc import Awaitable
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tortoise import Tortoise

from crud_config import RESOURCES
from models.enums import EventKind, Role
from models.tables import Board, BoardUser, Column, Comment, Event, Label, Task, User
from tests.access.test_batches import together
from tests.conftest import PASSWORD, Client, World
from tests.helpers.database import waits_for_a_lock

EVENTS = Path(__file__).parents[2] / "docs/events.md"

# What responses show of a record that its events don't hold: what they say themselves, what only
# the server counts, and e-mails, which nobody but their owner sees.
NOT_LOGGED = {
    *("id", "board_id", "created_at", "updated_at", "registered_at", "version", "email"),
    *("created_by", "updated_by"),
    *("my_role", "operations", "over_limit", "due_is_day", "author", "position"),
    *("label_ids", "assignee_ids", "subtask_count", "completed_subtask_count", "comment_count"),
}


async def arguments_of(table: str) -> list[str]:
    """Return the arguments of a table's trigger: five words, and the fields that it logs."""
    connection = Tortoise.get_connection("default")
    [row] = await connection.execute_query_dict(
        "SELECT encode(tgargs, 'escape') AS arguments FROM pg_trigger WHERE tgname = $1",
        [f"{table}_logged"],
    )
    return str(row["arguments"]).removesuffix("\\000").split("\\000")


async def test_all_shown_fields_are_logged(world: World) -> None:
    for resource in RESOURCES:
        (
            record,
            *_,
        ) = words = await arguments_of(resource.model._meta.db_table)
        assert {*words[5:]} == {*resource.schemas.response.model_fields} - NOT_LOGGED, record
        assert record == resource.name


class Log:
    """Reads the events that were added since it was last asked."""

    def __init__(self) -> None:
        self.last = 0

    async def added(self) -> list[Event]:
        events = await Event.filter(id__gt=self.last).order_by("id")
        self.last = events[-1].id if events else self.last
        return events

    async def of(self, answer: Awaitable[Any], status: int = 0) -> list[Event]:
        await self.added()
        found = await answer
        if status:
            assert found.status_code == status, found.text
        return await self.added()


@pytest.fixture
async def log() -> Log:
    return Log()


async def test_each_operation_is_one_event(
    ada: Client, bob: Client, board: Board, world: World, log: Log
) -> None:
    """Each with its kind, with ada who did it, and with what changed."""

    async def did(method: str, path: str, body: Any, *kinds: str) -> list[Event]:
        events = await log.of(ada.request(method, f"/api/{path}", json=body))
        assert [event.kind for event in events] == [*kinds], path
        assert {event.actor_id for event in events} <= {ada.user.id}
        assert {event.request_id for event in events} <= {"test"}
        return events

    async def one(
        method: str, path: str, body: Any, kind: str, **changes: tuple[Any, Any]
    ) -> Event:
        [event] = await did(method, path, body, kind)
        before = {name: old for name, (old, _) in changes.items()}
        after = {name: new for name, (_, new) in changes.items()}
        assert not changes or (event.before, event.after) == (before, after)
        return event

    there = f"boards/{board.id}"
    await one(
        "PATCH", there, {"title": "Launch"}, "board.updated", title=("Website launch", "Launch")
    )
    assert await did("PATCH", there, {"title": "Launch"}) == []
    await did("POST", "boards", {"title": "Other"}, "board.created", "member.added")
    assert await did("PATCH", there, {"time_zone": "Asia/Tokyo"}, "board.updated")

    event = await one(
        "POST", "columns", {"board_id": str(board.id), "title": "Open"}, "column.created"
    )
    assert event.board_id == board.id
    assert event.before is None
    assert event.after == {
        "title": "Open",
        "color": None,
        "task_limit": None,
        "archived_at": None,
        "after_id": None,
    }
    first = str(event.record_id)
    event = await one(
        "POST", "columns", {"board_id": str(board.id), "title": "Done"}, "column.created"
    )
    second = str(event.record_id)
    await one(
        "POST",
        f"columns/{second}/move",
        {"position": 0},
        "column.moved",
        board_id=(str(board.id),) * 2,
        position=(1, 0),
        after_id=(first, None),
    )

    event = await one(
        "POST",
        "tasks",
        {"column_id": first, "title": "a", "due_date": "2026-05-01"},
        "task.created",
    )
    assert event.task_id == event.record_id
    assert event.after == {
        "column_id": first,
        "title": "a",
        "description": None,
        "due_date": "2026-05-01",
        "priority": "LOW",
        "status": "TODO",
        "color": None,
        "archived_at": None,
        "after_id": None,
    }
    a = str(event.record_id)
    b = str(
        (await one("POST", "tasks", {"column_id": first, "title": "b"}, "task.created")).record_id
    )
    await one(
        "PATCH", there, {"time_zone": "UTC"}, "board.updated", time_zone=("Asia/Tokyo", "UTC")
    )
    await one(
        "PATCH",
        f"tasks/{a}",
        {"due_date": "2026-05-01T12:00:00Z", "status": "DONE"},
        "task.updated",
        status=("TODO", "DONE"),
        due_date=("2026-05-01", "2026-05-01T12:00:00Z"),
    )
    await one(
        "POST",
        f"tasks/{b}/move",
        {"before": a},
        "task.moved",
        column_id=(first, first),
        position=(1, 0),
        after_id=(a, None),
    )
    await one(
        "POST",
        f"tasks/{b}/move",
        {"column_id": second},
        "task.moved",
        column_id=(first, second),
        position=(0, 0),
        after_id=(None, None),
    )
    events = await did(
        "PATCH", "tasks", {"ids": [a, b], "priority": "HIGH"}, "task.updated", "task.updated"
    )
    assert {event.task_id for event in events} == {*map(UUID, (a, b))}
    event = await one("POST", f"tasks/{a}/archive", None, "task.archived")
    assert event.before == {"archived_at": None}
    await one("POST", f"tasks/{a}/unarchive", None, "task.unarchived")
    event = await one("DELETE", f"tasks/{a}", None, "task.deleted")
    assert event.after is None
    assert event.before["title"] == "a"
    event = await one("POST", f"tasks/{a}/restore", None, "task.restored")
    assert event.before is None
    assert event.after["title"] == "a"

    event = await one("POST", "subtasks", {"task_id": a, "title": "s"}, "subtask.created")
    assert (event.task_id, event.board_id) == (UUID(a), board.id)
    subtask = event.record_id
    await one(
        "PATCH",
        f"subtasks/{subtask}",
        {"is_completed": True},
        "subtask.updated",
        is_completed=(False, True),
    )
    await did(
        "POST",
        "tasks",
        {"column_id": first, "title": "c", "subtasks": [{"title": "x"}]},
        "task.created",
        "subtask.created",
    )
    event = await one("DELETE", f"subtasks/{subtask}", None, "subtask.deleted")
    assert (event.before, event.after) == (None, None)
    comment = (
        await one("POST", "comments", {"task_id": a, "content": "Hm"}, "comment.created")
    ).record_id
    await one(
        "PATCH", f"comments/{comment}", {"content": "Ah"}, "comment.updated", content=("Hm", "Ah")
    )
    await one("DELETE", f"comments/{comment}", None, "comment.deleted")
    comment = (
        await one(
            "POST",
            "board-comments",
            {"board_id": str(board.id), "content": "Hm"},
            "board_comment.created",
        )
    ).record_id
    await one("DELETE", f"board-comments/{comment}", None, "board_comment.deleted")
    label = (
        await one("POST", "labels", {"board_id": str(board.id), "name": "Bug"}, "label.created")
    ).record_id

    event = await one(
        "POST", f"{there}/users", {"user_id": bob.id, "role": "MEMBER"}, "member.added"
    )
    assert (event.record_id, event.after) == (bob.user.id, {"user_id": bob.id, "role": "MEMBER"})
    event = await one("PUT", f"tasks/{a}/assignees/{bob.id}", None, "task.assigned")
    assert (event.task_id, event.after) == (UUID(a), {"user_id": bob.id})
    event = await one("PUT", f"tasks/{a}/labels/{label}", None, "task.labeled")
    assert event.after == {"label_id": str(label)}
    await one("DELETE", f"tasks/{a}/labels/{label}", None, "task.unlabeled")
    await did(
        "PATCH",
        f"tasks/{a}",
        {"label_ids": [str(label)], "title": "A"},
        "task.updated",
        "task.labeled",
    )
    await one("DELETE", f"labels/{label}", None, "label.deleted")
    await did(
        "PUT", f"{there}/users/{bob.id}", {"role": "VIEWER"}, "task.unassigned", "member.updated"
    )
    await one("DELETE", f"{there}/users/{bob.id}", None, "member.removed")

    invitation = (await one("POST", f"{there}/invitations", {}, "invitation.created")).record_id
    await one("DELETE", f"{there}/invitations/{invitation}", None, "invitation.revoked")
    body = {"name": "x", "scopes": ["read"], "expires_in": 3600}
    token = (await one("POST", "auth/tokens", body, "token.created")).record_id
    await one("DELETE", f"auth/tokens/{token}", None, "token.revoked")
    await one("PATCH", f"users/{ada.id}", {"avatar_url": "https://a.example/b"}, "user.updated")

    await did("POST", f"tasks/{a}/copy", {}, "task.created")
    event = await one("DELETE", f"tasks/{a}?permanent=true", None, "task.purged")
    await did("DELETE", f"columns/{first}?permanent=true", None, "column.purged")
    await did("DELETE", f"{there}?permanent=true", None, "board.purged")
    left = Event.filter(board_id=board.id)
    assert {(event.before, event.after) for event in await left} == {(None, None)}


async def test_accounts_are_logged(anonymous: Client, admin: Client, log: Log) -> None:
    body = {"username": "eve", "email": "eve@example.com", "password": PASSWORD}
    events = await log.of(anonymous.post("/api/auth/register", json=body), 201)
    eve = await User.get(username="eve")
    assert [event.kind for event in events] == ["user.created", "session.created"]
    assert {event.actor_id for event in events} == {eve.id}
    assert "email" not in (events[0].after or {})
    body = {"username": "eve", "password": PASSWORD}
    events = await log.of(anonymous.post("/api/auth/login", json=body), 200)
    assert [event.kind for event in events] == ["session.ended", "session.created"]
    events = await log.of(anonymous.post("/api/auth/logout"), 204)
    assert [(event.kind, event.actor_id) for event in events] == [("session.ended", eve.id)]
    there = f"/api/users/{eve.id}"
    for request, kind in [
        (admin.patch(there, json={"is_admin": True}), "user.promoted"),
        (admin.patch(there, json={"is_admin": False}), "user.demoted"),
        (admin.post(f"{there}/disable"), "user.disabled"),
        (admin.post(f"{there}/enable"), "user.enabled"),
        (admin.delete(there), "user.deleted"),
    ]:
        [event] = await log.of(request)
        assert (event.kind, event.actor_id, event.record_id) == (kind, admin.user.id, eve.id)
    left = await Event.filter(record_id=eve.id)
    assert len(left) == 6
    assert not any(event.before or event.after for event in left)


async def test_callers_of_one_batch_are_told_apart(
    ada: Client, bob: Client, world: World, database_url: str, log: Log
) -> None:
    board = await world.board(ada.user, members={bob.user: Role.MEMBER})
    column = await world.column(board)
    tasks = [await world.task(column, place) for place in range(4)]
    await log.added()
    await together(
        database_url,
        *(
            who.patch(f"/api/tasks/{task.id}", json={"title": who.user.username},
                      headers={"X-Request-ID": f"by-{who.user.username}"})
            for who, task in zip([ada, bob, ada, bob], tasks, strict=True)
        ),
    )  # fmt: skip
    seen = {(e.after["title"], e.actor_id, e.request_id) for e in await log.added()}
    assert seen == {("ada", ada.user.id, "by-ada"), ("bob", bob.user.id, "by-bob")}
    await Task.filter(id=tasks[0].id).update(title="By hand")
    [event] = await log.added()
    assert (event.actor_id, event.request_id) == (None, None)


# A change of each logged column by hand, with the verb and the fields of its event.
BY_HAND = [
    ("boards", "title = 'x'", "updated", "title"),
    ("boards", "description = 'x'", "updated", "description"),
    ("boards", "is_public = NOT is_public", "updated", "is_public"),
    ("boards", "is_template = true", "updated", "is_template"),
    ("boards", "viewers_can_comment = true", "updated", "viewers_can_comment"),
    ("boards", "color = '#000000'", "updated", "color"),
    ("boards", "limits_are_advisory = true", "updated", "limits_are_advisory"),
    ("boards", "time_zone = 'Asia/Tokyo'", "updated", "time_zone"),
    ("boards", "archived_at = 'infinity'", "archived", "archived_at"),
    ("boards", "deleted_at = now()", "deleted", ""),
    ("columns", "title = 'x'", "updated", "title"),
    ("columns", "color = '#000000'", "updated", "color"),
    ("columns", "task_limit = 7", "updated", "task_limit"),
    ("columns", "archived_at = now()", "archived", "archived_at"),
    ("columns", "rank = 'fffffffffffff'", "moved", "board_id position after_id"),
    ("columns", "deleted_at = now()", "deleted", ""),
    ("tasks", "title = 'x', version = 7", "updated", "title"),
    ("tasks", "description = 'x'", "updated", "description"),
    ("tasks", "due_date = '2026-05-01'", "updated", "due_date"),
    ("tasks", "due_day = '2026-05-01'", "updated", "due_date"),
    ("tasks", "priority = 'HIGH'", "updated", "priority"),
    ("tasks", "status = 'DONE'", "updated", "status"),
    ("tasks", "color = '#000000'", "updated", "color"),
    ("tasks", "archived_at = now()", "archived", "archived_at"),
    ("tasks", "rank = 'fffffffffffff'", "moved", "column_id position after_id"),
    ("tasks", "deleted_at = now()", "deleted", ""),
    ("subtasks", "title = 'x'", "updated", "title"),
    ("subtasks", "is_completed = true", "updated", "is_completed"),
    ("subtasks", "rank = 'fffffffffffff'", "moved", "task_id position after_id"),
    ("comments", "content = 'x'", "updated", "content"),
    ("board_comments", "content = 'x'", "updated", "content"),
    ("labels", "name = 'x'", "updated", "name"),
    ("labels", "color = '#000000'", "updated", "color"),
    ("board_users", "role = 'VIEWER'", "updated", "role"),
    ("invitations", "role = 'VIEWER'", "updated", "role"),
    ("invitations", "uses = 1", "used", "uses"),
    ("invitations", "max_uses = 7", "updated", "max_uses"),
    ("users", "username = 'someone'", "updated", "username"),
    ("users", "avatar_url = 'x'", "updated", "avatar_url"),
    ("users", "is_admin = true", "promoted", "is_admin"),
    ("users", "disabled_at = now()", "disabled", "disabled_at"),
    ("api_tokens", "name = 'x'", "updated", "name"),
    ("api_tokens", "scopes = '{write}'", "updated", "scopes"),
    # What isn't shown, or only counts what is.
    ("tasks", "version = 7, updated_at = now(), comment_count = 7", "", ""),
    ("users", "hashed_password = 'x', email = 'x@y', email_key = 'x@y'", "", ""),
    ("sessions", "last_used_at = now()", "", ""),
    ("api_tokens", "last_used_at = now()", "", ""),
]


async def one_of_each(ada: Client, world: World) -> str:
    """Create a row of each table that isn't there yet, and return its board's id."""
    board = await world.board(ada.user)
    column = await world.column(board)
    task = await world.task(column)
    await world.subtask(task)
    there = {"board_id": str(board.id)}
    label = await ada.post("/api/labels", json={**there, "name": "Bug"})
    for path, body in [
        ("comments", {"task_id": str(task.id), "content": "Hm"}),
        ("board-comments", {**there, "content": "Hm"}),
        (f"boards/{board.id}/invitations", {}),
        ("auth/tokens", {"name": "t", "scopes": ["read"], "expires_in": 3600}),
    ]:
        assert (await ada.post(f"/api/{path}", json=body)).status_code == 201
    await ada.put(f"/api/tasks/{task.id}/assignees/{ada.id}")
    await ada.put(f"/api/tasks/{task.id}/labels/{label.json()['id']}")
    return str(board.id)


async def test_a_change_by_hand_is_one_event(ada: Client, world: World, log: Log) -> None:
    board = await one_of_each(ada, world)
    names = {table: (await arguments_of(table)) for table, *_ in BY_HAND}
    for table, change, verb, fields in BY_HAND:
        statement = f"UPDATE {table} SET {change}"
        connection = Tortoise.get_connection("default")
        events = await log.of(connection.execute_query(statement))
        kinds = [event.kind for event in events]
        assert kinds == ([f"{names[table][0]}.{verb}"] if verb else []), statement
        for event in events:
            assert event.actor_id is None
            assert {*(event.after or {})} == {*fields.split()}, statement
            assert event.board_id in (None, Board(id=board).id)
    logged = {(table, name) for table, words in names.items() for name in words[5:]}
    tried = {(table, name) for table, _, _, fields in BY_HAND for name in fields.split()}
    assert {name for _, name in logged - tried} == {
        *("board_id", "task_id", "user_id", "inviter_id", "expires_at"),
    }


async def test_what_goes_with_its_board_is_one_event(ada: Client, world: World, log: Log) -> None:
    board = await one_of_each(ada, world)
    connection = Tortoise.get_connection("default")
    [event] = await log.of(connection.execute_query("DELETE FROM boards"))
    assert (event.kind, str(event.record_id)) == ("board.purged", board)
    assert not await Event.filter(board_id=board, before__isnull=False).exists()
    assert not await Event.filter(board_id=board, after__isnull=False).exists()


async def test_a_task_on_another_board_left_the_first(
    ada: Client, board: Board, column: Column, abcd: list[Task], world: World, log: Log
) -> None:
    """Each board's event has what that board had of it."""
    other = await world.board(ada.user)
    there = await world.column(other)
    body = {"column_id": str(there.id)}
    left, came = await log.of(ada.post(f"/api/tasks/{abcd[1].id}/move", json=body))
    assert (left.kind, left.board_id, left.after) == ("task.moved", board.id, None)
    assert left.before["column_id"] == str(column.id)
    assert (came.kind, came.board_id, came.before) == ("task.moved", other.id, None)
    assert came.after["column_id"] == str(there.id)


@pytest.mark.parametrize("way", ["task", "tasks", "column"])
async def test_a_board_that_something_comes_to_logs_nothing_of_the_first(
    way: str, ada: Client, bob: Client, world: World
) -> None:
    """Links end where they were and begin where they are, for whoever reads only one board."""
    here = await world.board(ada.user, members={bob.user: Role.MEMBER})
    there = await world.board(ada.user, is_public=True)
    labels = {
        (board.id, name): str((await Label.create(board=board, name=name)).id)
        for board, name in [(here, "Same"), (here, "Other"), (there, "Same")]
    }
    columns = [await world.column(board) for board in (here, there)]
    task = await world.task(columns[0])
    links = {
        "label_ids": [labels[here.id, "Same"], labels[here.id, "Other"]],
        "assignee_ids": [ada.id, bob.id],
    }
    await ada.patch(f"/api/tasks/{task.id}", json=links)
    moves: dict[str, tuple[str, dict[str, Any]]] = {
        "task": (f"tasks/{task.id}", {"column_id": str(columns[1].id)}),
        "tasks": ("tasks", {"ids": [str(task.id)], "column_id": str(columns[1].id)}),
        "column": (f"columns/{columns[0].id}", {"board_id": str(there.id)}),
    }
    path, body = moves[way]
    answer = await ada.patch(f"/api/{path}", json={**body, "match_labels": True})
    assert answer.status_code == 200, answer.text

    async def logged(board: Board) -> list[tuple[str, str]]:
        events = await Event.filter(board_id=board.id).order_by("id")
        return [
            (event.kind.removeprefix("task."), *(event.before or event.after).values())
            for event in events
            if event.kind.endswith(("labeled", "assigned"))
        ]

    ended = {("unlabeled", each) for each in links["label_ids"]} | {
        ("unassigned", each) for each in links["assignee_ids"]
    }
    assert {*(await logged(here))[4:]} == ended
    assert await logged(there) == [
        ("labeled", labels[there.id, "Same"]), ("assigned", ada.id),
    ]  # fmt: skip
    stranger = await world.person("eve")
    shown = await stranger.get(f"/api/boards/{there.id}/events")
    assert shown.status_code == 200
    assert not [each for each in (bob.id, *links["label_ids"]) if each in shown.text]
    now = (await ada.get(f"/api/tasks/{task.id}")).json()
    assert (now["label_ids"], now["assignee_ids"]) == ([labels[there.id, "Same"]], [ada.id])


@pytest.mark.parametrize("end", ["record", "task", "column"])
async def test_what_was_under_another_task_is_forgotten(
    end: str, ada: Client, board: Board, world: World
) -> None:
    """Wherever it was, and whether it is deleted itself or goes with what it is in by then."""
    first = await world.task(await world.column(board))
    column = await world.column(await world.board(ada.user))
    second = await world.task(column)
    subtask = await world.subtask(first, "secret")
    comment = await Comment.create(task=first, user=ada.user, content="secret")
    body = {"task_id": str(second.id)}
    answer = await ada.post(f"/api/subtasks/{subtask.id}/move", json=body)
    assert answer.status_code == 200, answer.text
    await Comment.filter(id=comment.id).update(task_id=second.id)
    moved = await Event.filter(record_id__in=[subtask.id, comment.id])
    assert {event.task_id for event in moved} == {first.id, second.id}
    assert all(event.before or event.after for event in moved)
    for path in {
        "record": [f"subtasks/{subtask.id}", f"comments/{comment.id}"],
        "task": [f"tasks/{second.id}?permanent=true"],
        "column": [f"columns/{column.id}?permanent=true"],
    }[end]:
        assert (await ada.delete(f"/api/{path}")).status_code == 204
    left = await Event.filter(record_id__in=[subtask.id, comment.id])
    assert len(left) >= 4
    assert not [event.kind for event in left if event.before or event.after]
    assert await Event.filter(record_id=first.id, after__isnull=False).exists()


async def test_a_board_changed_by_hand_is_an_event_on_both(
    ada: Client, bob: Client, world: World, log: Log
) -> None:
    board = UUID(await one_of_each(ada, world))
    await BoardUser.create(board_id=board, user=bob.user, role=Role.MEMBER)
    other = await world.board(await world.user("eve"))
    for table in ("columns", "labels", "board_comments", "board_users"):
        rule = "role = 'MEMBER'" if table == "board_users" else "true"
        change = Tortoise.get_connection("default").execute_query(
            f"UPDATE {table} SET board_id = $1 WHERE board_id = $2 AND {rule}", [other.id, board]
        )
        left, came = await log.of(change)
        assert (left.board_id, left.after) == (board, None)
        assert (came.board_id, came.before) == (other.id, None)


async def test_ids_of_a_board_are_in_the_order_of_commits(
    ada: Client, column: Column, abcd: list[Task], database_url: str, log: Log
) -> None:
    """A change by hand that isn't committed yet has no id that comes before one that is."""
    await log.added()
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("UPDATE tasks SET title = 'first' WHERE title = 'a'")
    later = asyncio.create_task(ada.patch(f"/api/tasks/{abcd[1].id}", json={"title": "second"}))
    await waits_for_a_lock(connection)
    assert await log.added() == []
    await transaction.commit()
    await later
    await connection.close()
    assert [event.after["title"] for event in await log.added()] == ["first", "second"]


def test_kinds_are_as_documented() -> None:
    described = EVENTS.read_text().partition("## Kinds")[2].partition("\n## ")[0]
    documented = re.findall(r"^\| `([a-z_]+)` \| (.+) \|$", described, re.MULTILINE)
    assert {*EventKind} == {
        f"{record}.{verb}" for record, verbs in documented for verb in verbs.split(", ")
    }
