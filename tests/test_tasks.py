import pytest

from models.tables import Subtask, Task
from tests.conftest import Client, World

WHOLE = {
    "title": "Press release",
    "description": "Two paragraphs.",
    "due_date": "2026-05-01T12:00:00+02:00",
    "priority": "HIGH",
    "status": "IN_PROGRESS",
    "color": "#2f80ed",
}
DEFAULTS = {
    "description": None,
    "due_date": None,
    "priority": "LOW",
    "status": "TODO",
    "color": None,
}


@pytest.fixture
async def column_id(ada: Client, world: World) -> str:
    return str((await world.column(await world.board(ada.user))).id)


async def test_a_task_is_kept_as_sent(ada: Client, column_id: str) -> None:
    response = await ada.post("/api/tasks", json={"column_id": column_id, **WHOLE})
    task = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/api/tasks/{task['id']}"
    assert task | WHOLE | {"due_date": "2026-05-01T10:00:00Z"} == task
    assert (await ada.get(response.headers["location"])).json() == task


async def test_putting_a_task_returns_what_is_left_out_to_its_default(
    ada: Client, column_id: str
) -> None:
    task = (await ada.post("/api/tasks", json={"column_id": column_id, **WHOLE})).json()
    body = {"column_id": column_id, "title": "Other"}
    response = await ada.put(f"/api/tasks/{task['id']}", json=body)
    assert response.status_code == 200
    assert response.json() | DEFAULTS | {"title": "Other", "position": 0} == response.json()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due_date", "2026-05-01T12:00:00"),
        ("due_date", "2026-05-01"),
        ("due_date", 1_777_000_000),
        ("due_date", "tomorrow"),
        ("due_date", "0001-01-01T00:00:00+14:00"),
        ("due_date", "9999-12-31T23:59:59-01:00"),
        ("due_date", "2026-02-30T12:00:00Z"),
        ("priority", "URGENT"),
        ("priority", "low"),
        ("priority", None),
        ("status", "OPEN"),
        ("column_id", "x"),
        ("column_id", None),
        ("title", "  "),
        ("description", 5),
        ("created_at", "2026-05-01T12:00:00Z"),
        ("owner", "ada"),
    ],
)
async def test_a_task_with_a_wrong_field_is_refused(
    ada: Client, column_id: str, field: str, value: object
) -> None:
    task = (await ada.post("/api/tasks", json={"column_id": column_id, "title": "x"})).json()
    body = {"column_id": column_id, "title": "y", field: value}
    for response in (
        await ada.post("/api/tasks", json=body),
        await ada.put(f"/api/tasks/{task['id']}", json=body),
    ):
        assert response.status_code == 422
        [error] = response.json()["errors"]
        assert error["pointer"] == f"/{field}"
    assert [row.title for row in await Task.all()] == ["x"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("2026-05-01t12:00:00.123456z", "2026-05-01T12:00:00.123456Z"),
        ("2026-05-01T12:00:00-23:59", "2026-05-02T11:59:00Z"),
    ],
)
async def test_the_first_and_the_last_year_come_back(
    ada: Client, column_id: str, sent: str, kept: str
) -> None:
    body = {"column_id": column_id, "title": "x", "due_date": sent}
    task = (await ada.post("/api/tasks", json=body)).json()
    assert (await ada.get(f"/api/tasks/{task['id']}")).json()["due_date"] == kept


async def test_a_task_needs_a_column_that_its_maker_can_see(
    ada: Client, bob: Client, world: World
) -> None:
    hidden = await world.column(await world.board(bob.user))
    body = {"column_id": str(hidden.id), "title": "x"}
    assert (await ada.post("/api/tasks", json=body)).status_code == 404
    assert (await ada.get(f"/api/columns/{hidden.id}/tasks")).status_code == 404


async def test_deleting_a_task_of_another_board_is_refused(
    ada: Client, bob: Client, world: World
) -> None:
    task = await world.task(await world.column(await world.board(bob.user, is_public=True)))
    assert (await ada.delete(f"/api/tasks/{task.id}")).status_code == 403
    assert await Task.exists(id=task.id)


async def test_subtasks_are_made_changed_and_deleted(ada: Client, world: World) -> None:
    task = await world.task(await world.column(await world.board(ada.user)))
    response = await ada.post("/api/subtasks", json={"task_id": str(task.id), "title": "a"})
    subtask = response.json()
    assert response.status_code == 201
    assert subtask["is_completed"] is False
    path = response.headers["location"]
    changed = await ada.put(path, json={"title": "b", "is_completed": True})
    assert changed.status_code == 200
    assert changed.json()["is_completed"] is True
    # Left out, an optional field returns to its default.
    assert (await ada.put(path, json={"title": "b"})).json()["is_completed"] is False
    assert (await ada.delete(path)).status_code == 204
    assert await Subtask.all().count() == 0


async def test_subtasks_of_others_stay(ada: Client, bob: Client, world: World) -> None:
    task = await world.task(await world.column(await world.board(bob.user, is_public=True)))
    subtask = await world.subtask(task)
    body = {"task_id": str(task.id), "title": "x"}
    assert (await ada.post("/api/subtasks", json=body)).status_code == 403
    assert (await ada.put(f"/api/subtasks/{subtask.id}", json={"title": "x"})).status_code == 403
    assert (await ada.delete(f"/api/subtasks/{subtask.id}")).status_code == 403
    assert [row.title for row in await Subtask.all()] == ["Step"]


async def test_a_subtask_does_not_move_to_another_task(ada: Client, world: World) -> None:
    subtask = await world.subtask(await world.task(await world.column(await world.board(ada.user))))
    body = {"title": "x", "task_id": str(subtask.task_id)}
    assert (await ada.put(f"/api/subtasks/{subtask.id}", json=body)).status_code == 422
