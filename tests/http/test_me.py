"""`me` stands for the caller in the parameters that name a user."""

import pytest

from models.enums import Role
from models.tables import Board, BoardUser, Column, Comment, Task, TaskAssignee
from tests.conftest import Client, World
from tests.helpers.answers import all_pages, check_problem
from tests.helpers.fast_path import by_endpoint


@pytest.fixture
async def task(column: Column, board: Board, ada: Client, bob: Client, world: World) -> Task:
    """Return a task of ada's and bob's board that is assigned to both, with comments of both."""
    await world.join(board, bob.user, Role.MODERATOR)
    task = await world.task(column)
    await world.task(column, 1)
    for membership in await BoardUser.filter(board=board):
        await TaskAssignee.create(task=task, membership=membership)
        for number in range(3):
            await Comment.create(task=task, user_id=membership.user_id, content=f"Step {number}")
    return task


@pytest.mark.parametrize(
    "path",
    [
        "/api/users/{me}",
        "/api/users/{me}/boards",
        "/api/boards/{board}/users/{me}",
        "/api/comments?user_id={me}",
        "/api/tasks?status=TODO&assignee_id={me}&limit=5",
        "/api/tasks?assignee_id={me}&assignee_id={board}",
        "/api/roles?user_id={me}&board_id={board}",
        "/api/roles?board_id={board}&user_id={me}",
    ],
)
async def test_me_reads_what_the_own_id_reads(
    path: str, task: Task, board: Board, bob: Client, world: World
) -> None:
    expected = await bob.get(path.format(me=bob.id, board=board.id))
    assert expected.status_code == 200
    assert expected.json()
    asked = path.format(me="me", board=board.id)
    for answer in (await bob.get(asked), await by_endpoint(world, bob, asked)):
        assert (answer.status_code, answer.text) == (200, expected.text)


async def test_pages_of_what_is_mine_go_on(task: Task, bob: Client, world: World) -> None:
    path = "/api/comments?user_id=me&limit=1"
    fast, slow = await bob.get(path), await by_endpoint(world, bob, path)
    assert fast.headers["link"] == slow.headers["link"]
    listed = await all_pages(bob, path)
    assert [comment["user_id"] for comment in listed] == [bob.id] * 3


async def test_me_is_changed_and_deleted(task: Task, bob: Client) -> None:
    assert (await bob.patch("/api/users/me", json={"username": "rob"})).json()["id"] == bob.id
    body = {"username": "bobby", "email": "bob@example.com"}
    assert (await bob.put("/api/users/me", json=body)).json()["username"] == "bobby"
    assert (await bob.delete_account(of="me")).status_code == 204
    assert (await bob.get("/api/users/me")).status_code == 401


async def test_me_is_assigned_and_leaves(
    task: Task, board: Board, ada: Client, bob: Client
) -> None:
    path = f"/api/tasks/{task.id}/assignees"
    assert (await bob.delete(f"{path}/me")).status_code == 204
    assert [user["id"] for user in (await bob.get(path)).json()] == [ada.id]
    assert (await bob.put(f"{path}/me")).status_code == 204
    assert [user["id"] for user in (await bob.get(path)).json()] == [ada.id, bob.id]
    assert (await bob.delete(f"/api/boards/{board.id}/users/me")).status_code == 204
    assert (await bob.get(f"/api/boards/{board.id}")).status_code == 404


async def test_me_gives_no_right(task: Task, board: Board, bob: Client, world: World) -> None:
    path = f"/api/boards/{board.id}/users/me"
    check_problem(await bob.put(path, json={"role": "CREATOR"}), 403)
    check_problem(await bob.post("/api/users/me/disable"), 403)
    eve = await world.person("eve")
    check_problem(await eve.get(path), 404)
    check_problem(await eve.put(f"/api/tasks/{task.id}/assignees/me"), 404)


@pytest.mark.parametrize("path", ["/api/users/me", "/api/tasks?assignee_id=me"])
async def test_nobody_is_me_without_signing_in(path: str, anonymous: Client) -> None:
    check_problem(await anonymous.get(path), 401)


@pytest.mark.parametrize(
    "path",
    [
        "/api/users/ME",
        "/api/boards/me",
        "/api/comments?user_id=meme",
        "/api/comments?user_id=",
        "/api/comments?board_id=me",
        "/api/roles?user_id=me&user_id=me&board_id={board}",
    ],
)
async def test_me_stands_for_nothing_else(path: str, board: Board, ada: Client) -> None:
    check_problem(await ada.get(path.format(board=board.id)), 422)
