"""A column takes no more tasks than its limit, by whatever way they come."""

from asyncio import gather
from typing import Any

import httpx
import pytest

from models.enums import Role
from models.tables import Board, Column, Task
from tests.conftest import Client, World
from tests.helpers.answers import check_problem, titles


@pytest.fixture
async def full(world: World, board: Board) -> Column:
    """Return a column with as many tasks as its limit allows."""
    column = await world.column(board, 1)
    await Column.filter(id=column.id).update(task_limit=2)
    for title in "xy":
        await Task.create(column=column, title=title)
    return column


def new(column: Column, **values: Any) -> dict[str, Any]:
    return {"column_id": str(column.id), "title": "n", **values}


async def ask(client: Client, way: str, column: Column, task: Task) -> httpx.Response:
    """Let a task into a column; that it is another's doesn't matter to some of the ways."""
    path, there = f"/api/tasks/{task.id}", {"column_id": str(column.id)}
    if way == "POST":
        return await client.post("/api/tasks", json=new(column))
    if way == "POST with more":
        body = new(column, position=0, subtasks=[{"title": "Step"}])
        return await client.post("/api/tasks", json=body)
    if way == "bulk":
        return await client.post("/api/tasks/bulk", json={"items": [new(column)]})
    if way == "PATCH many":
        return await client.patch("/api/tasks", json={"ids": [str(task.id)], **there})
    if way in ("restore", "unarchive"):
        gone = {"restore": "deleted_at", "unarchive": "archived_at"}[way]
        await Task.filter(id=task.id).update(**there, **{gone: task.created_at})
        return await client.post(f"{path}/{way}")
    if way == "move":
        return await client.post(f"{path}/move", json=there)
    return await client.request(way, path, json=new(column))


@pytest.mark.parametrize(
    "way",
    ["POST", "POST with more", "bulk", "PUT", "PATCH", "move", "PATCH many", "restore",
     "unarchive"],
)  # fmt: skip
async def test_a_full_column_takes_no_task_by_any_way(
    ada: Client, board: Board, full: Column, abcd: list[Task], way: str
) -> None:
    problem = check_problem(await ask(ada, way, full, abcd[0]), 409)
    assert problem["type"] == "/problems/column-full"
    assert await titles(ada, full) == "xy"
    assert not (await ada.get(f"/api/columns/{full.id}")).json()["over_limit"]
    await Board.filter(id=board.id).update(limits_are_advisory=True)
    assert (await ask(ada, way, full, abcd[0])).is_success
    assert len(await titles(ada, full)) > 2
    assert (await ada.get(f"/api/columns/{full.id}")).json()["over_limit"]


async def test_a_place_that_becomes_free_is_taken_once(
    ada: Client, full: Column, abcd: list[Task]
) -> None:
    """A task in the trash or in the archive leaves its place to others."""
    [x, y] = await Task.filter(column_id=full.id).order_by("rank")
    for leave, back in (
        (("DELETE", f"/api/tasks/{x.id}"), f"/api/tasks/{x.id}/restore"),
        (("POST", f"/api/tasks/{y.id}/archive"), f"/api/tasks/{y.id}/unarchive"),
    ):
        assert (await ada.request(*leave)).is_success
        many = {"items": [new(full), new(full)]}
        check_problem(await ada.post("/api/tasks/bulk", json=many), 409)
        ids = [str(task.id) for task in abcd[:2]]
        check_problem(
            await ada.patch("/api/tasks", json={"ids": ids, "column_id": str(full.id)}), 409
        )
        assert len(await titles(ada, full)) == 1
        created = await ada.post("/api/tasks", json=new(full))
        check_problem(await ada.post(back), 409)
        assert (await ada.delete(f"/api/tasks/{created.json()['id']}")).status_code == 204
        assert (await ada.post(back)).status_code == 200
    assert await titles(ada, full) == "xy"


async def test_what_stays_in_a_full_column_is_still_edited_and_moved(
    ada: Client, full: Column
) -> None:
    [x, y] = await Task.filter(column_id=full.id).order_by("rank")
    path, ids = f"/api/tasks/{x.id}", [str(x.id), str(y.id)]
    assert (await ada.post(f"{path}/move", json={"after": ids[1]})).status_code == 200
    assert (await ada.put(path, json=new(full, title="X"))).status_code == 200
    body = {"ids": ids, "column_id": str(full.id), "status": "DONE"}
    assert (await ada.patch("/api/tasks", json=body)).status_code == 200
    assert await titles(ada, full) == "yX"


async def test_an_archived_task_moves_into_a_full_column(
    ada: Client, full: Column, abcd: list[Task]
) -> None:
    path = f"/api/tasks/{abcd[0].id}"
    await ada.post(f"{path}/archive")
    assert (await ada.patch(path, json={"column_id": str(full.id)})).status_code == 200
    check_problem(await ada.post(f"{path}/unarchive"), 409)


async def test_a_column_above_a_lowered_limit_keeps_its_tasks(
    ada: Client, board: Board, column: Column, abcd: list[Task]
) -> None:
    path = f"/api/columns/{column.id}"
    for limit, over in ((4, False), (3, True)):
        changed = await ada.patch(path, json={"task_limit": limit})
        assert changed.json() == (await ada.get(path)).json()
        assert (changed.json()["task_limit"], changed.json()["over_limit"]) == (limit, over)
        check_problem(await ada.post("/api/tasks", json=new(column)), 409)
    for listed in (
        await ada.get("/api/columns?limit=200"), await ada.get(f"/api/boards/{board.id}/columns")
    ):  # fmt: skip
        assert listed.json() == [changed.json()]
    [shown] = (await ada.get(f"/api/boards/{board.id}/full")).json()["columns"]
    assert (shown["over_limit"], len(shown["tasks"])) == (True, 4)
    assert (await ada.post(f"/api/tasks/{abcd[0].id}/archive")).status_code == 200
    assert not (await ada.get(path)).json()["over_limit"]
    assert (await ada.patch(path, json={"task_limit": None})).json()["over_limit"] is False
    assert (await ada.post("/api/tasks", json=new(column))).status_code == 201


@pytest.mark.parametrize("limit", [0, -1, 10_001, 1.5, "5", True])
async def test_a_limit_is_a_number_of_tasks(ada: Client, column: Column, limit: Any) -> None:
    response = await ada.patch(f"/api/columns/{column.id}", json={"task_limit": limit})
    assert check_problem(response, 422)["errors"][0]["pointer"] == "/task_limit"


async def test_limits_are_set_with_the_rights_of_boards_and_columns(
    ada: Client, bob: Client, board: Board, full: Column, world: World
) -> None:
    await world.join(board, bob.user, Role.MEMBER)
    advisory = {"limits_are_advisory": True}
    check_problem(await bob.patch(f"/api/boards/{board.id}", json=advisory), 403)
    check_problem(await bob.post("/api/tasks", json=new(full)), 409)
    assert (await bob.patch(f"/api/columns/{full.id}", json={"task_limit": 3})).status_code == 200
    assert (await bob.post("/api/tasks", json=new(full))).status_code == 201
    changed = (await ada.patch(f"/api/boards/{board.id}", json=advisory)).json()
    assert changed["limits_are_advisory"]
    assert (await bob.post("/api/tasks", json=new(full))).status_code == 201


async def test_of_many_at_once_as_many_come_in_as_there_is_room(
    ada: Client, full: Column, abcd: list[Task]
) -> None:
    """They go in batches, in which each sees what came before."""
    await Column.filter(id=full.id).update(task_limit=4)
    asked = [ada.post("/api/tasks", json=new(full)) for _ in range(6)]
    asked += [ask(ada, "move", full, task) for task in abcd]
    found = sorted([answer.status_code for answer in await gather(*asked)])
    assert found[:2] in ([200, 200], [200, 201], [201, 201])
    assert found[2:] == [409] * 8
    assert len(await titles(ada, full)) == 4
