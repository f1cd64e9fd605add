"""Comments, labels and assignees: what hangs on a task besides its subtasks."""

import pytest

from models.enums import Role
from models.tables import Board, Label, Task
from tests.conftest import Client, World
from tests.helpers.answers import check_problem


@pytest.fixture
async def board(world: World, ada: Client, bob: Client) -> Board:
    return await world.board(ada.user, members={bob.user: Role.MEMBER})


@pytest.fixture
async def task(world: World, board: Board) -> Task:
    return await world.task(await world.column(board))


async def assignees(client: Client, task: Task) -> list[str]:
    listed = await client.get(f"/api/tasks/{task.id}/assignees")
    return [member["username"] for member in listed.json()]


async def labels(client: Client, task: Task) -> list[str]:
    listed = await client.get(f"/api/tasks/{task.id}/labels")
    return [label["id"] for label in listed.json()]


async def test_a_task_is_assigned_once_however_often_one_says_so(
    task: Task, ada: Client, bob: Client
) -> None:
    for client in (bob, ada, bob):
        path = f"/api/tasks/{task.id}/assignees/{client.id}"
        assert (await ada.put(path)).status_code == 204
    listed = (await ada.get(f"/api/tasks/{task.id}/assignees")).json()
    assert [(member["username"], member["role"]) for member in listed] == [
        ("bob", "MEMBER"), ("ada", "CREATOR"),
    ]  # fmt: skip
    assert (await ada.delete(f"/api/tasks/{task.id}/assignees/{bob.id}")).status_code == 204
    assert await assignees(ada, task) == ["ada"]
    check_problem(await ada.delete(f"/api/tasks/{task.id}/assignees/{bob.id}"), 404)


async def test_only_members_are_assigned(world: World, task: Task, ada: Client) -> None:
    stranger, admin = await world.user("stranger"), await world.user("root", is_admin=True)
    for user in (stranger, admin):
        check_problem(await ada.put(f"/api/tasks/{task.id}/assignees/{user.id}"), 404)
    assert await assignees(ada, task) == []


async def test_who_leaves_is_no_longer_assigned(
    board: Board, task: Task, ada: Client, bob: Client
) -> None:
    await ada.put(f"/api/tasks/{task.id}/assignees/{bob.id}")
    await bob.delete(f"/api/boards/{board.id}/users/{bob.id}")
    assert await assignees(ada, task) == []
    await ada.post(f"/api/boards/{board.id}/users", json={"user_id": bob.id})
    assert await assignees(ada, task) == []


async def test_a_viewer_is_not_assigned(
    world: World, board: Board, task: Task, ada: Client
) -> None:
    viewer = await world.user("viewer")
    await world.join(board, viewer, Role.VIEWER)
    ids = [str(viewer.id)]
    path = f"/api/tasks/{task.id}"
    for method, address, body, place in (
        ("PUT", f"{path}/assignees/{viewer.id}", None, {"parameter": "user_id"}),
        ("PATCH", path, {"assignee_ids": ids}, {"pointer": "/assignee_ids"}),
        ("PATCH", "/api/tasks", {"ids": [str(task.id)], "add_assignee_ids": ids},
         {"pointer": "/add_assignee_ids"}),
        ("POST", "/api/tasks",
         {"column_id": str(task.column_id), "title": "x", "assignee_ids": ids},
         {"pointer": "/assignee_ids"}),
    ):  # fmt: skip
        refused = check_problem(await ada.request(method, address, json=body), 422)
        [error] = refused["errors"]
        assert place.items() <= error.items()
    assert await assignees(ada, task) == []
    assert await Task.all().count() == 1


async def test_who_becomes_a_viewer_is_no_longer_assigned(
    board: Board, task: Task, ada: Client, bob: Client
) -> None:
    for client in (ada, bob):
        await ada.put(f"/api/tasks/{task.id}/assignees/{client.id}")
    path = f"/api/boards/{board.id}/users/{bob.id}"
    assert (await ada.put(path, json={"role": "VIEWER"})).json()["role"] == "VIEWER"
    assert await assignees(ada, task) == ["ada"]
    assert (await ada.get(f"/api/tasks/{task.id}")).json()["assignee_ids"] == [ada.id]
    assert (await ada.put(path, json={"role": "MEMBER"})).status_code == 200
    assert await assignees(ada, task) == ["ada"]


async def test_who_is_deleted_is_no_longer_assigned(task: Task, ada: Client, bob: Client) -> None:
    await ada.put(f"/api/tasks/{task.id}/assignees/{bob.id}")
    await bob.delete_account()
    assert await assignees(ada, task) == []


async def test_a_hand_over_leaves_tasks_assigned(
    board: Board, task: Task, ada: Client, bob: Client
) -> None:
    await ada.put(f"/api/tasks/{task.id}/assignees/{bob.id}")
    for role in ("MODERATOR", "CREATOR"):
        path = f"/api/boards/{board.id}/users/{bob.id}"
        assert (await ada.put(path, json={"role": role})).status_code == 200
    assert await assignees(ada, task) == ["bob"]


async def test_a_label_is_put_on_a_task_and_taken_off(
    board: Board, task: Task, ada: Client
) -> None:
    made = await ada.post("/api/labels", json={"board_id": str(board.id), "name": "Urgent"})
    path = f"/api/tasks/{task.id}/labels/{made.json()['id']}"
    for _ in range(2):
        assert (await ada.put(path)).status_code == 204
    listed = (await ada.get(f"/api/tasks/{task.id}/labels")).json()
    assert listed == [made.json()]
    assert (await ada.delete(path)).status_code == 204
    check_problem(await ada.delete(path), 404)
    assert await labels(ada, task) == []


async def test_a_label_of_another_board_is_not_found(world: World, task: Task, ada: Client) -> None:
    label = await Label.create(board=await world.board(ada.user), name="Elsewhere")
    check_problem(await ada.put(f"/api/tasks/{task.id}/labels/{label.id}"), 404)


async def test_a_deleted_label_is_on_no_task(board: Board, task: Task, ada: Client) -> None:
    label = await Label.create(board=board, name="Urgent")
    await ada.put(f"/api/tasks/{task.id}/labels/{label.id}")
    assert (await ada.delete(f"/api/labels/{label.id}")).status_code == 204
    assert await labels(ada, task) == []
    assert (await ada.get(f"/api/tasks/{task.id}")).status_code == 200


async def test_a_task_on_another_board_keeps_members_as_assignees(
    world: World, board: Board, task: Task, ada: Client, bob: Client
) -> None:
    label = await Label.create(board=board, name="Urgent")
    await ada.put(f"/api/tasks/{task.id}/labels/{label.id}")
    for client in (ada, bob):
        await ada.put(f"/api/tasks/{task.id}/assignees/{client.id}")
    second = await world.column(board, 1)
    body = {"column_id": str(second.id)}
    assert (await ada.post(f"/api/tasks/{task.id}/move", json=body)).status_code == 200
    assert await labels(ada, task) == [str(label.id)]
    assert await assignees(ada, task) == ["ada", "bob"]

    elsewhere = await world.board(ada.user, members={bob.user: Role.VIEWER})
    body = {"column_id": str((await world.column(elsewhere)).id)}
    assert (await ada.post(f"/api/tasks/{task.id}/move", json=body)).status_code == 200
    assert await labels(ada, task) == []
    assert await assignees(ada, task) == ["ada"]


async def test_a_comment_has_its_author(task: Task, ada: Client, bob: Client) -> None:
    body = {"task_id": str(task.id), "content": "Looks good."}
    made = await bob.post("/api/comments", json=body)
    comment = made.json()
    assert made.status_code == 201
    assert made.headers["location"] == f"/api/comments/{comment['id']}"
    assert (comment["user_id"], comment["content"], comment["version"]) == (
        bob.id, "Looks good.", 1,
    )  # fmt: skip
    assert comment["author"] == {
        "id": bob.id, "username": "bob", "avatar_url": "/api/avatars/bob.svg",
    }  # fmt: skip
    assert (await ada.get(f"/api/tasks/{task.id}/comments")).json() == [comment]
    check_problem(await ada.post("/api/comments", json={**body, "user_id": bob.id}), 422)


async def test_a_comment_outlives_its_author(task: Task, ada: Client, bob: Client) -> None:
    body = {"task_id": str(task.id), "content": "Looks good."}
    comment = (await bob.post("/api/comments", json=body)).json()
    await bob.delete_account()
    left = (await ada.get(f"/api/comments/{comment['id']}")).json()
    assert left == {**comment, "user_id": None, "author": None}
    # Nobody is the author now, not even by having no id themself.
    check_problem(await ada.patch(f"/api/comments/{comment['id']}", json={"content": "x"}), 403)
    assert (await ada.delete(f"/api/comments/{comment['id']}")).status_code == 204
