"""Many records in one request: all are written, or none is."""

from typing import Any
from uuid import uuid4

import pytest

from models.enums import Role
from models.tables import Board, Column, Label, Task
from tests.conftest import Client, World
from tests.helpers.answers import check_problem


@pytest.fixture
async def board(world: World, ada: Client, bob: Client) -> Board:
    return await world.board(ada.user, members={bob.user: Role.MEMBER})


@pytest.fixture
async def columns(world: World, board: Board) -> list[Column]:
    return [await world.column(board, place) for place in range(2)]


def item(column: Column, title: str, **values: Any) -> dict[str, Any]:
    return {"column_id": str(column.id), "title": title, **values}


async def titles(client: Client, column: Column) -> list[str]:
    listed = await client.get(f"/api/columns/{column.id}/tasks")
    return [task["title"] for task in listed.json()]


async def test_tasks_are_created_in_their_order(
    board: Board, columns: list[Column], bob: Client
) -> None:
    label = await Label.create(board=board, name="Urgent")
    one, two = columns
    items = [
        item(one, "A", label_ids=[str(label.id)], subtasks=[{"title": "Step"}]),
        item(two, "B", assignee_ids=[bob.id]),
        item(one, "C"),
        item(one, "D", position=0),
    ]
    response = await bob.post("/api/tasks/bulk", json={"items": items})
    created = response.json()
    assert response.status_code == 201
    assert [task["title"] for task in created] == ["A", "B", "C", "D"]
    assert [task["position"] for task in created] == [1, 0, 2, 0]
    assert (created[0]["label_ids"], created[0]["subtask_count"]) == ([str(label.id)], 1)
    assert created[1]["assignee_ids"] == [bob.id]
    assert (await titles(bob, one), await titles(bob, two)) == (["D", "A", "C"], ["B"])
    for task in created:
        assert (await bob.get(f"/api/tasks/{task['id']}")).json() == task


async def test_one_wrong_task_creates_none(
    world: World, columns: list[Column], ada: Client, bob: Client
) -> None:
    hidden = await world.column(await world.board(ada.user))
    shown = await world.column(await world.board(ada.user, is_public=True))
    right = item(columns[0], "A")
    for wrong, status in (
        (item(hidden, "B"), 404),
        (item(shown, "B"), 403),
        (item(columns[0], "B", label_ids=[str(uuid4())]), 422),
        (item(columns[0], " "), 422),
    ):
        body = {"items": [right, wrong]}
        check_problem(await bob.post("/api/tasks/bulk", json=body), status)
    for items in ([], [right] * 201):
        check_problem(await bob.post("/api/tasks/bulk", json={"items": items}), 422)
    assert await Task.all().count() == 0


async def test_tasks_go_to_the_trash_together(
    world: World, columns: list[Column], bob: Client
) -> None:
    tasks = [await world.task(columns[0], place) for place in range(3)]
    response = await bob.delete("/api/tasks", params={"id": [str(task.id) for task in tasks[:2]]})
    assert (response.status_code, response.content) == (204, b"")
    assert await titles(bob, columns[0]) == ["Task 2"]
    for task in tasks[:2]:
        assert (await bob.post(f"/api/tasks/{task.id}/restore")).status_code == 200
    assert await titles(bob, columns[0]) == ["Task 0", "Task 1", "Task 2"]


async def test_one_wrong_id_deletes_none(
    world: World, columns: list[Column], ada: Client, bob: Client
) -> None:
    task = await world.task(columns[0])
    hidden = await world.task(await world.column(await world.board(ada.user)))
    shown = await world.task(await world.column(await world.board(ada.user, is_public=True)))
    for ids, status in (
        ([task.id, hidden.id], 404),
        ([task.id, shown.id], 403),
        ([task.id, uuid4()], 404),
        ([task.id, task.id], 422),
        ([task.id, "x"], 422),
        ([], 422),
        ([uuid4() for _ in range(201)], 422),
    ):
        params = {"id": [str(each) for each in ids]}
        check_problem(await bob.delete("/api/tasks", params=params), status)
    assert await titles(bob, columns[0]) == ["Task 0"]
