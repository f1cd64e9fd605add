"""A whole board or task in one call: what it holds, what it costs, and what one may do there."""

from typing import Any

import asyncpg
import pytest

from models.enums import Role
from models.tables import Board, Comment, Label, Subtask, Task
from tests.access.test_access_matrix import ACTORS, TABLE, cells, seed, send
from tests.conftest import Client, World
from tests.helpers.fast_path import by_endpoint
from tests.helpers.openapi import resolved

OFF_BOARDS = ("ANYONE", "SIGNED_IN", "IN_SESSION", "SELF", "ADMIN", "ADMIN_IN_SESSION")


async def fill(world: World, ada: Client, bob: Client, *, tasks: int) -> Board:
    """Return a board with two columns, labels, and on each task something of everything."""
    board = await world.board(ada.user, members={bob.user: Role.MEMBER})
    labels = [await Label.create(board=board, name=name) for name in ("Urgent", "Later")]
    for place in range(2):
        column = await world.column(board, place)
        for position in range(tasks):
            task = await world.task(column, position)
            await Subtask.create(task=task, title="Done", is_completed=True)
            for title in ("One", "Two"):
                await Subtask.create(task=task, title=title)
            await Comment.create(task=task, user=bob.user, content="Well")
            await ada.put(f"/api/tasks/{task.id}/assignees/{bob.id}")
            await ada.put(f"/api/tasks/{task.id}/labels/{labels[0].id}")
    return board


async def test_it_holds_what_the_lists_hold(world: World, ada: Client, bob: Client) -> None:
    await fill(world, ada, bob, tasks=1)
    board = await fill(world, bob, ada, tasks=3)
    response = await ada.get(f"/api/boards/{board.id}/full")
    full = response.json()
    assert response.status_code == 200
    columns = full.pop("columns")
    members, labels = full.pop("members"), full.pop("labels")
    assert full == (await ada.get(f"/api/boards/{board.id}")).json()
    assert members == (await ada.get(f"/api/boards/{board.id}/users")).json()
    assert labels == (await ada.get(f"/api/boards/{board.id}/labels")).json()
    assert len(labels) == 2
    tasks = [column.pop("tasks") for column in columns]
    assert columns == (await ada.get(f"/api/boards/{board.id}/columns")).json()
    for column, cards in zip(columns, tasks, strict=True):
        listed = (await ada.get(f"/api/columns/{column['id']}/tasks")).json()
        assert cards == listed
        assert len(cards) == 3


async def test_an_empty_board_is_whole_too(ada: Client) -> None:
    made = (await ada.post("/api/boards", json={"title": "Launch"})).json()
    full = (await ada.get(f"/api/boards/{made['id']}/full")).json()
    assert (full["columns"], full["labels"], len(full["members"])) == ([], [], 1)


async def test_a_full_board_takes_a_constant_number_of_statements(
    world: World, ada: Client, bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []
    for name in ("execute", "fetch", "fetchrow"):
        original = getattr(asyncpg.Connection, name)

        async def noting(
            connection: Any, query: str, *args: Any, original: Any = original, **options: Any
        ) -> Any:
            statements.append(query)
            return await original(connection, query, *args, **options)

        monkeypatch.setattr(asyncpg.Connection, name, noting)
    counts = []
    for tasks in (1, 5):
        board = await fill(world, ada, bob, tasks=tasks)
        statements.clear()
        assert (await ada.get(f"/api/boards/{board.id}/full")).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_nothing_is_sent_when_nothing_changed(world: World, ada: Client, bob: Client) -> None:
    board = await fill(world, ada, bob, tasks=1)
    path = f"/api/boards/{board.id}/full"
    first = await ada.get(path)
    tag = {"If-None-Match": first.headers["etag"]}
    assert (await ada.get(path, headers=tag)).status_code == 304
    assert (await bob.get(path, headers=tag)).status_code == 200  # his rights are others
    task = first.json()["columns"][0]["tasks"][0]["id"]
    await ada.post("/api/comments", json={"task_id": task, "content": "x"})
    changed = await ada.get(path, headers=tag)
    assert (changed.status_code, changed.headers["etag"] != tag["If-None-Match"]) == (200, True)


async def test_a_board_tells_your_role(world: World, ada: Client, bob: Client) -> None:
    board = await world.board(ada.user, is_public=True, members={bob.user: Role.MODERATOR})
    outsider, admin = await world.person("outsider"), await world.person("root", is_admin=True)
    for client, role in ((ada, "CREATOR"), (bob, "MODERATOR"), (outsider, None), (admin, None)):
        one = (await client.get(f"/api/boards/{board.id}")).json()
        assert one["my_role"] == role
        assert [one] == (await client.get("/api/boards")).json()
        full = (await client.get(f"/api/boards/{board.id}/full")).json()
        assert one.items() <= full.items()
    mine = (await bob.get(f"/api/users/{bob.id}/boards")).json()
    assert (mine[0]["my_role"], mine[0]["role"]) == ("MODERATOR", "MODERATOR")
    made = (await outsider.post("/api/boards", json={"title": "x"})).json()
    assert (made["my_role"], "delete_board" in made["operations"]) == ("CREATOR", True)


async def test_the_operations_told_are_those_that_are_allowed(
    world: World, database_url: str, hashed_password: str, application: Any
) -> None:
    """By the table of the access matrix: what no row of it allows to somebody, they aren't told."""
    by_path = {
        (method.upper(), path): operation
        for path, item in resolved(application.openapi())["paths"].items()
        for method, operation in item.items()
    }
    connection = await asyncpg.connect(database_url)
    await seed(connection, hashed_password, is_public=True)
    await connection.close()
    rows: dict[str, dict[str, list[int]]] = {}
    for name in TABLE:
        method, path = name.split()[:2]
        [operation] = [
            found
            for (verb, template), found in by_path.items()
            if verb == method and matches(path, template)
        ]
        on_a_board = operation["x-right"] not in OFF_BOARDS
        if method != "GET" and on_a_board:
            for actor, is_public, status in cells(TABLE[name][1]):
                if is_public:
                    seen = rows.setdefault(operation["operationId"], {})
                    seen.setdefault(actor, []).append(status)
    assert len(rows) >= 30
    for actor in ACTORS[3:]:
        told = (await send(world, "GET /api/boards/{board}", actor)).json()["operations"]
        allowed = {
            operation
            for operation, statuses in rows.items()
            if any(status < 300 or status == 409 for status in statuses[actor])
        }
        if actor in ("member", "moderator", "creator"):
            # Of their own, were there any.
            kinds = ("comment", "board_comment")
            allowed |= {f"{verb}_{kind}" for verb in ("update", "patch") for kind in kinds}
        assert set(told) == allowed, actor


def matches(path: str, template: str) -> bool:
    """Tell whether a path of the table is one of the operation's."""
    ours, theirs = path.partition("?")[0].split("/"), template.split("/")
    return len(ours) == len(theirs) and all(
        mine == other or other.startswith("{") for mine, other in zip(ours, theirs, strict=True)
    )


async def test_a_full_task_holds_what_the_lists_hold(
    world: World, ada: Client, bob: Client
) -> None:
    board = await fill(world, ada, bob, tasks=2)
    task = await Task.filter(column__board=board).first()
    assert task
    path = f"/api/tasks/{task.id}"
    response = await ada.get(f"{path}/full")
    full = response.json()
    assert response.status_code == 200
    for name in ("labels", "assignees", "subtasks", "comments"):
        assert full.pop(name) == (await ada.get(f"{path}/{name}")).json()
    assert (full.pop("board_title"), full.pop("column_title")) == (board.title, "Column 0")
    assert full == (await ada.get(path)).json()
    known = {"If-None-Match": response.headers["etag"]}
    assert (await ada.get(f"{path}/full", headers=known)).status_code == 304
    assert (await by_endpoint(world, ada, f"{path}/full")).content == response.content


async def test_a_full_task_is_for_those_who_see_the_board(
    world: World, ada: Client, bob: Client
) -> None:
    for is_public, status in ((False, 404), (True, 200)):
        board = await world.board(ada.user, is_public=is_public)
        task = await world.task(await world.column(board))
        assert (await bob.get(f"/api/tasks/{task.id}/full")).status_code == status
