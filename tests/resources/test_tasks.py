from typing import Any

import pytest

from models.tables import Column, Subtask, Task
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
        ("due_date", "2026-02-30"),
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
        ("deleted_at", "2026-05-01T12:00:00Z"),
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


async def test_subtasks_are_in_an_order_and_move(ada: Client, bob: Client, world: World) -> None:
    column = await world.column(await world.board(ada.user))
    here, there = await world.task(column), await world.task(column, 1)
    hidden = await world.task(await world.column(await world.board(bob.user)))
    ids: dict[str, str] = {}
    for title, place in (("a", {}), ("b", {}), ("c", {"position": 0})):
        body = {"task_id": str(here.id), "title": title, **place}
        answer = await ada.post("/api/subtasks", json=body)
        assert answer.json()["position"] == (0 if place else len(ids))
        ids[title] = answer.json()["id"]

    async def order(task: Task) -> str:
        steps = (await ada.get(f"/api/tasks/{task.id}/subtasks")).json()
        assert [step["position"] for step in steps] == list(range(len(steps)))
        return "".join(step["title"] for step in steps)

    async def move(title: str, **place: Any) -> int:
        return (await ada.post(f"/api/subtasks/{ids[title]}/move", json=place)).status_code

    assert await order(here) == "cab"
    assert await move("c", after=ids["b"]) == 200
    assert await order(here) == "abc"
    assert await move("a", task_id=str(there.id)) == 200
    assert await move("b", before=ids["a"]) == 409
    assert await move("b", task_id=str(there.id), before=ids["a"]) == 200
    assert await move("b", task_id=str(hidden.id)) == 404
    assert (await order(here), await order(there)) == ("c", "ba")
    path = f"/api/subtasks/{ids['a']}"
    replaced = await ada.put(path, json={"title": "A"})
    assert (replaced.json()["task_id"], replaced.json()["position"]) == (str(there.id), 1)
    assert (await ada.patch(path, json={"position": 0})).json()["position"] == 0
    assert await order(there) == "Ab"


async def on_board(world: World, client: Client, count: int) -> tuple[Column, list[str]]:
    column = await world.column(await world.board(client.user))
    return column, [str((await world.task(column, place)).id) for place in range(count)]


async def titles_and_places(client: Client, column: Column) -> list[tuple[str, int]]:
    listed = (await client.get(f"/api/columns/{column.id}/tasks?limit=200")).json()
    return [(task["id"], task["position"]) for task in listed]


async def test_a_selection_of_tasks_is_changed_at_once(world: World, ada: Client) -> None:
    column, tasks = await on_board(world, ada, 4)
    chosen = [tasks[2], tasks[0]]
    body = {"ids": chosen, "status": "DONE", "priority": "HIGH"}
    response = await ada.patch("/api/tasks", json=body)
    assert response.status_code == 200
    assert [task["id"] for task in response.json()] == chosen
    listed = (await ada.get(f"/api/columns/{column.id}/tasks")).json()
    assert [(t["status"], t["priority"], t["version"]) for t in listed] == [
        ("DONE", "HIGH", 2), ("TODO", "LOW", 1), ("DONE", "HIGH", 2), ("TODO", "LOW", 1),
    ]  # fmt: skip


async def test_a_selection_moves_to_the_end_of_a_column_in_its_order(
    world: World, ada: Client
) -> None:
    board = await world.board(ada.user)
    first, second, goal = [await world.column(board, place) for place in range(3)]
    here = [str((await world.task(first, place)).id) for place in range(4)]
    there = [str((await world.task(second, place)).id) for place in range(2)]
    already = [str((await world.task(goal, place)).id) for place in range(2)]
    chosen = [here[3], there[0], already[0], here[1]]
    body = {"ids": chosen, "column_id": str(goal.id)}
    response = await ada.patch("/api/tasks", json=body)
    assert response.status_code == 200
    assert await titles_and_places(ada, goal) == [
        (task, place) for place, task in enumerate([*already, here[3], there[0], here[1]])
    ]
    assert await titles_and_places(ada, first) == [(here[0], 0), (here[2], 1)]
    assert await titles_and_places(ada, second) == [(there[1], 0)]
    listed = (await ada.get(f"/api/columns/{first.id}/tasks")).json()
    assert [task["version"] for task in listed] == [1, 1]


async def test_of_a_selection_all_change_or_none(world: World, ada: Client, bob: Client) -> None:
    column, tasks = await on_board(world, ada, 3)
    _, private = await on_board(world, bob, 1)
    unknown = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"
    for stranger in (private[0], unknown):
        body = {"ids": [*tasks, stranger], "status": "DONE"}
        assert (await ada.patch("/api/tasks", json=body)).status_code == 404
    listed = (await ada.get(f"/api/columns/{column.id}/tasks")).json()
    assert {task["status"] for task in listed} == {"TODO"}


async def test_two_hundred_tasks_are_changed_in_one_call(world: World, ada: Client) -> None:
    board = await world.board(ada.user)
    column, goal = await world.column(board), await world.column(board, 1)
    await Task.bulk_create([Task(column=column, title=f"Task {place}") for place in range(400)])
    tasks = [str(task.id) for task in await Task.filter(column=column).order_by("rank")]
    body = {"ids": tasks[::2], "column_id": str(goal.id), "status": "DONE"}
    response = await ada.patch("/api/tasks", json=body)
    assert response.status_code == 200
    moved = await titles_and_places(ada, goal)
    assert moved == [(task, place) for place, task in enumerate(tasks[::2])]
    left = await titles_and_places(ada, column)
    assert left == [(task, place) for place, task in enumerate(tasks[1::2])]


@pytest.mark.parametrize(
    "body",
    [
        {"status": "DONE"},
        {"ids": [], "status": "DONE"},
        {"ids": ["019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"]},
        {"ids": ["019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"] * 2, "status": "DONE"},
        {"ids": [f"019a3f5e-7c1d-7b1e-9a53-{n:012}" for n in range(201)], "status": "DONE"},
        {"ids": ["019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"], "position": 0},
        {"ids": ["019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"], "status": None},
    ],
)
async def test_what_is_no_change_of_a_selection_is_refused(
    body: dict[str, object], ada: Client
) -> None:
    assert (await ada.patch("/api/tasks", json=body)).status_code == 422
