"""The history of boards and tasks, and the audit."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.endpoints.history import purge_events
from models.tables import Board, Column, Event, Task
from tests.conftest import Client, World
from tests.helpers.answers import check_problem

Kinds = list[str]


async def listed(client: Client, path: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/{path}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def kinds(client: Client, path: str) -> Kinds:
    return [event["kind"] for event in await listed(client, path)]


async def test_a_board_shows_its_events_newest_first(
    ada: Client, bob: Client, board: Board, column: Column, abcd: list[Task], world: World
) -> None:
    await ada.patch(f"/api/tasks/{abcd[0].id}", json={"title": "A"})
    there = f"boards/{board.id}/events"
    events = await listed(ada, there)
    assert [event["kind"] for event in events] == [
        "task.updated", *["task.created"] * 4, "column.created", "member.added", "board.created",
    ]  # fmt: skip
    assert events[0] | {"id": 0, "created_at": ""} == {
        "id": 0, "kind": "task.updated", "record": "task", "record_id": str(abcd[0].id),
        "board_id": str(board.id), "task_id": str(abcd[0].id), "actor_id": ada.id,
        "request_id": "test", "created_at": "", "before": {"title": "a"}, "after": {"title": "A"},
    }  # fmt: skip
    first = await ada.get(f"/api/{there}?limit=5")
    rest = await ada.get(first.links["next"]["url"])
    assert first.json() + rest.json() == events
    assert await kinds(ada, f"{there}?kind=task.updated&kind=column.created") == [
        "task.updated", "column.created",
    ]  # fmt: skip
    assert await kinds(ada, f"{there}?actor_id={ada.id}") == ["task.updated"]
    latest = events[0]["created_at"]
    assert await kinds(ada, f"{there}?created_at__gte={latest}") == ["task.updated"]
    assert len(await listed(ada, f"{there}?created_at__lt={latest}")) == 7
    check_problem(await ada.get(f"/api/{there}?kind=task.lost"), 422)
    check_problem(await bob.get(f"/api/{there}"), 404)
    check_problem(await bob.get(f"/api/tasks/{abcd[0].id}/events"), 404)


async def test_a_task_shows_what_belongs_to_it(
    ada: Client, bob: Client, board: Board, column: Column, abcd: list[Task], world: World
) -> None:
    """But not what happened on a board that the reader can't see."""
    task = str(abcd[0].id)
    await ada.post("/api/subtasks", json={"task_id": task, "title": "s"})
    await ada.post("/api/comments", json={"task_id": task, "content": "c"})
    await ada.put(f"/api/tasks/{task}/assignees/{ada.id}")
    there = f"tasks/{task}/events"
    before = ["task.assigned", "comment.created", "subtask.created", "task.created"]
    assert await kinds(ada, there) == before
    other = await world.column(await world.board(bob.user, members={ada.user: "MEMBER"}))  # type: ignore[dict-item]
    moved = await ada.post(f"/api/tasks/{task}/move", json={"column_id": str(other.id)})
    assert moved.status_code == 200
    assert await kinds(ada, there) == [
        "task.assigned", "task.moved", "task.moved", "task.unassigned", *before,
    ]  # fmt: skip
    assert await kinds(bob, there) == ["task.assigned", "task.moved"]


async def test_only_admins_audit(
    ada: Client, admin: Client, board: Board, column: Column, abcd: list[Task]
) -> None:
    await ada.post(f"/api/boards/{board.id}/invitations", json={})
    check_problem(await ada.get("/api/events"), 403)
    found = await kinds(admin, "events?limit=200")
    assert {"session.created", "user.created", "invitation.created", "task.created"} <= {*found}
    assert "invitation.created" not in await kinds(ada, f"boards/{board.id}/events")
    of_board = await listed(admin, f"events?board_id={board.id}")
    assert of_board == await listed(ada, f"boards/{board.id}/events")


async def test_old_events_are_purged(
    ada: Client, board: Board, column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = datetime.now(UTC) - timedelta(days=91)
    [created, *_] = await Event.filter(board_id=board.id).order_by("id")
    await Event.filter(id__lte=created.id).update(created_at=old)
    await purge_events()
    left = await kinds(ada, f"boards/{board.id}/events")
    assert left == ["column.created", "member.added"]
