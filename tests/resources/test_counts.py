"""`count=exact` says how many records a list has, of those that its caller can see."""

import pytest
from tortoise import Tortoise

from models.enums import Role
from models.tables import Board, BoardUser, Column, Comment, Label, Task, TaskAssignee, TaskLabel
from tests.conftest import Client, World
from tests.helpers.answers import check_problem
from tests.helpers.fast_path import by_endpoint

LISTS = {
    "boards": 2,
    "boards?is_public=false": 1,
    "boards?q=launch": 2,
    "users": 3,
    "users?q=ad": 1,
    "columns": 1,
    "tasks": 4,
    "tasks?status=DONE": 0,
    "tasks?assignee_id=me&label_id=none": 0,
    "tasks?assignee_id=none": 3,
    "tasks?q=task&sort=-title": 4,
    "comments?user_id=me": 2,
    "labels": 3,
    "boards/{board}/users": 2,
    "boards/{board}/columns": 1,
    "columns/{column}/tasks": 4,
    "tasks/{task}/comments": 2,
    "users/me/boards": 1,
    "tasks/{task}/assignees": 1,
    "tasks/{task}/labels": 2,
    "boards/{board}/invitations": 0,
    "boards/{board}/trash": 1,
    "trash": 0,
    "auth/sessions": 1,
    "auth/tokens": 0,
}


@pytest.fixture
async def ids(world: World, ada: Client, bob: Client, board: Board, column: Column) -> dict:
    """Return the ids in the paths; there is also a public board of bob's, and a private one."""
    eve = await world.person("eve")
    await world.join(board, bob.user)
    await world.board(bob.user, is_public=True)
    hidden = await world.board(eve.user)
    await world.task(await world.column(hidden))
    tasks = [await world.task(column, number) for number in range(5)]
    await ada.delete(f"/api/tasks/{tasks[4].id}")
    membership = await BoardUser.get(board=board, role=Role.CREATOR)
    await TaskAssignee.create(task=tasks[0], membership=membership)
    for name in "abc":
        label = await Label.create(board=board, name=name)
        if name != "c":
            await TaskLabel.create(task=tasks[0], label=label)
            await Comment.create(task=tasks[0], user=ada.user, content=name)
    return {"board": board.id, "column": column.id, "task": tasks[0].id}


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_is_counted_on_each_page(
    path: str, ids: dict, world: World, ada: Client
) -> None:
    sign = "&" if "?" in path else "?"
    plain = await ada.get(f"/api/{path.format(**ids)}")
    assert len(plain.json()) == LISTS[path]
    assert "x-total-count" not in plain.headers
    page: str | None = f"/api/{path.format(**ids)}{sign}count=exact&limit=1"
    while page:
        answer, same = await ada.get(page), await by_endpoint(world, ada, page)
        assert (answer.status_code, answer.headers["x-total-count"]) == (200, str(LISTS[path]))
        assert (same.content, same.headers) == (answer.content, answer.headers)
        page = answer.headers.get("link", "")[1:].partition(">")[0]
    page = f"/api/{path.format(**ids)}{sign}count=exact&limit=200"
    known = {"If-None-Match": (await ada.get(page)).headers["etag"]}
    again = await ada.get(page, headers=known)
    assert (again.status_code, again.headers["x-total-count"]) == (304, str(LISTS[path]))


async def test_more_than_ten_thousand_are_not_counted(
    column: Column, board: Board, world: World, ada: Client
) -> None:
    task = await Task.create(column=column, title="Task")
    # Without triggers, which would log each row and list it on the task.
    await Tortoise.get_connection("default").execute_script(
        "SET LOCAL session_replication_role = replica;"
        "INSERT INTO labels (id, board_id, name) "
        f"SELECT gen_random_uuid(), '{board.id}', 'Label ' || n FROM generate_series(1, 10000) n;"
        f"INSERT INTO task_labels (task_id, label_id) SELECT '{task.id}', id FROM labels"
    )
    paths = ["/api/labels", f"/api/boards/{board.id}/labels", f"/api/tasks/{task.id}/labels"]
    for path in paths:
        assert (await ada.get(f"{path}?count=exact")).headers["x-total-count"] == "10000"
    last = await Label.create(board=board, name="Last")
    await TaskLabel.create(task=task, label=last)
    for path in paths:
        assert (await ada.get(f"{path}?count=exact")).headers["x-total-count"] == "10000+"


@pytest.mark.parametrize("query", ["count=", "count=planned", "count=exact&count=exact"])
async def test_what_is_no_way_to_count_is_refused(query: str, ada: Client) -> None:
    for path in ("/api/tasks", "/api/auth/sessions"):
        [error] = check_problem(await ada.get(f"{path}?{query}"), 422)["errors"]
        assert error["parameter"] == "count"


async def test_one_record_is_not_counted(board: Board, ada: Client) -> None:
    check_problem(await ada.get(f"/api/boards/{board.id}?count=exact"), 422)
