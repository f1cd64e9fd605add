"""An archived record is left out of lists with all under it, answers by its id, and returns."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.endpoints.trash import purge_trash
from models.enums import Role
from models.tables import Board, Column, Task
from tests.conftest import Client, World
from tests.helpers.answers import all_pages, check_problem, titles


async def archive(client: Client, path: str, **headers: str) -> dict[str, Any]:
    """Archive a record that isn't archived, and return it."""
    before = (await client.get(f"/api/{path}")).json()
    response = await client.post(f"/api/{path}/archive", headers=headers)
    assert response.status_code == 200
    after: dict[str, Any] = response.json()
    assert before["archived_at"] is None
    assert after["archived_at"] == after["updated_at"] > before["updated_at"]
    assert after["version"] == before["version"] + 1
    assert response.headers["etag"] == f'"{after["version"]}"'
    assert after == (await client.get(f"/api/{path}")).json()
    return after


async def unarchive(client: Client, path: str) -> dict[str, Any]:
    """Take a record that is archived out of the archive, and return it."""
    before = (await client.get(f"/api/{path}")).json()
    response = await client.post(f"/api/{path}/unarchive")
    assert response.status_code == 200
    after: dict[str, Any] = response.json()
    assert (after["archived_at"], after["version"]) == (None, before["version"] + 1)
    assert response.headers["etag"] == f'"{after["version"]}"'
    assert after == (await client.get(f"/api/{path}")).json()
    return after


async def ids(client: Client, path: str) -> list[str]:
    return [each["id"] for each in (await client.get(f"/api/{path}")).json()]


async def in_lists(client: Client, lists: dict[str, str], archived: bool) -> None:
    """Check that records, by the lists that they are in, are in one part of each list alone."""
    for path, row_id in lists.items():
        sign = "&" if "?" in path else "?"
        for asked, is_there in (("", not archived), ("false", not archived), ("true", archived)):
            query = f"{path}{sign}archived={asked}" if asked else path
            assert (row_id in await ids(client, query)) == is_there, query


@pytest.mark.parametrize("what", ["tasks", "columns", "boards"])
async def test_lists_leave_out_what_is_archived_or_under_it(
    ada: Client, world: World, what: str
) -> None:
    board = await world.board(ada.user)
    column = await world.column(board)
    task = await world.task(column)
    await Task.filter(id=task.id).update(title="lighthouse")
    step = await world.subtask(task)
    values = {"task_id": str(task.id), "content": "lighthouse"}
    comment = (await ada.post("/api/comments", json=values)).json()["id"]
    await ada.put(f"/api/tasks/{task.id}/assignees/me")
    values = {"board_id": str(board.id), "content": "lighthouse"}
    said = (await ada.post("/api/board-comments", json=values)).json()["id"]
    values = {"board_id": str(board.id), "name": "Urgent"}
    label = (await ada.post("/api/labels", json=values)).json()["id"]
    of_task = {
        "tasks": task.id, "tasks?q=lighthouse": task.id, "tasks?assignee_id=me": task.id,
        "tasks?sort=-due_date&count=exact": task.id, f"tasks?id={task.id}&limit=200": task.id,
        f"columns/{column.id}/tasks": task.id, f"columns/{column.id}/tasks?limit=200": task.id,
        "subtasks": step.id, f"tasks/{task.id}/subtasks": step.id,
        "comments?q=lighthouse": comment, f"tasks/{task.id}/comments": comment,
    }  # fmt: skip
    of_column = {"columns": column.id, f"boards/{board.id}/columns": column.id}
    of_board = {
        "boards": board.id, "users/me/boards": board.id, "board-comments": said,
        f"boards/{board.id}/board-comments": said, "labels": label,
        f"boards/{board.id}/labels": label,
    }  # fmt: skip
    under = {"tasks": of_task, "columns": of_task | of_column}.get(
        what, of_task | of_column | of_board
    )
    lists = {path: str(row_id) for path, row_id in under.items()}
    path = f"{what}/{ {'tasks': task, 'columns': column, 'boards': board}[what].id }"
    await in_lists(ada, lists, archived=False)
    await archive(ada, path)
    await in_lists(ada, lists, archived=True)
    found = (await ada.get("/api/search?q=lighthouse")).json()
    assert (found["tasks"], found["comments"]) == ([], [])
    assert len((await ada.get(f"/api/boards/{board.id}/users")).json()) == 1
    await unarchive(ada, path)
    await in_lists(ada, lists, archived=False)


async def test_what_is_archived_has_no_place_and_returns_to_it(
    ada: Client, board: Board, column: Column, abcd: list[Task]
) -> None:
    full = f"/api/boards/{board.id}/full"
    before = (await ada.get(full)).json()
    for task in abcd[:2]:
        await archive(ada, f"tasks/{task.id}")
    assert await titles(ada, column) == "cd"
    [shown] = (await ada.get(full)).json()["columns"]
    assert [(each["title"], each["position"]) for each in shown["tasks"]] == [("c", 0), ("d", 1)]
    assert [each["position"] for each in (await ada.get("/api/tasks?limit=200")).json()] == [0, 1]
    pages = await all_pages(ada, f"/api/columns/{column.id}/tasks?limit=1")
    assert [each["position"] for each in pages] == [0, 1]
    for limit in (1, 200):
        pages = await all_pages(ada, f"/api/columns/{column.id}/tasks?archived=true&limit={limit}")
        assert [(each["title"], each["position"]) for each in pages] == [("a", 0), ("b", 0)]
    await unarchive(ada, f"tasks/{abcd[1].id}")
    assert await titles(ada, column) == "bcd"
    await unarchive(ada, f"tasks/{abcd[0].id}")
    assert await titles(ada, column) == "abcd"
    await archive(ada, f"columns/{column.id}")
    assert (await ada.get(full)).json()["columns"] == []
    await unarchive(ada, f"columns/{column.id}")
    after = (await ada.get(full)).json()
    for [each] in (before["columns"], after["columns"]):
        for row in (each, *each["tasks"]):
            del row["version"], row["updated_at"], row["updated_by"]
    assert after == before


async def test_an_archived_board_is_shown_whole_by_its_id(
    ada: Client, board: Board, abcd: list[Task]
) -> None:
    await archive(ada, f"boards/{board.id}")
    full = (await ada.get(f"/api/boards/{board.id}/full")).json()
    assert full["archived_at"]
    assert [each["title"] for each in full["columns"][0]["tasks"]] == ["a", "b", "c", "d"]


async def test_what_is_archived_is_edited_and_gets_new_rows(
    ada: Client, board: Board, column: Column, abcd: list[Task]
) -> None:
    await archive(ada, f"tasks/{abcd[0].id}")
    path = f"/api/tasks/{abcd[0].id}"
    read = (await ada.get(path)).json()
    assert (await ada.put(path, json=read)).json() == read
    changed = (await ada.patch(path, json={"title": "A", "archived_at": None})).json()
    assert (changed["title"], changed["archived_at"]) == ("A", read["archived_at"])
    await archive(ada, f"columns/{column.id}")
    values = {"column_id": str(column.id), "title": "e"}
    created = await ada.post("/api/tasks", json=values)
    assert (created.status_code, created.json()["position"]) == (201, 3)
    assert created.json()["id"] not in await ids(ada, "tasks")
    assert len(await ids(ada, f"columns/{column.id}/tasks?archived=true")) == 5
    await unarchive(ada, f"columns/{column.id}")
    assert await titles(ada, column) == "bcde"


@pytest.mark.parametrize(
    ("place", "expected"),
    [({"position": 0}, "bacd"), ({"position": 1}, "cabd"), ({"position": 2}, "cdab"),
     ({"position": 9}, "cdab"), ({"before": 3}, "cabd"), ({"after": 2}, "cabd")],
)  # fmt: skip
async def test_moves_count_no_archived_neighbours(
    ada: Client, column: Column, abcd: list[Task], place: dict[str, int], expected: str
) -> None:
    """The task that moves is archived, too: it takes its place among what is shown."""
    for task in abcd[:2]:
        await archive(ada, f"tasks/{task.id}")
    body = {key: at if key == "position" else str(abcd[at].id) for key, at in place.items()}
    moved = await ada.post(f"/api/tasks/{abcd[0].id}/move", json=body)
    assert moved.status_code == 200
    assert moved.json()["position"] == expected.replace("b", "").index("a")
    again = await ada.post(f"/api/tasks/{abcd[0].id}/move", json=body)
    assert again.json() == moved.json()
    for task in abcd[:2]:
        await unarchive(ada, f"tasks/{task.id}")
    assert (await titles(ada, column)).replace("b", "") == expected.replace("b", "")


async def test_nothing_moves_beside_an_archived_neighbour(
    ada: Client, column: Column, abcd: list[Task]
) -> None:
    await archive(ada, f"tasks/{abcd[0].id}")
    for way in ("before", "after"):
        values = {way: str(abcd[0].id)}
        problem = check_problem(await ada.post(f"/api/tasks/{abcd[3].id}/move", json=values), 409)
        assert problem["type"] == "/problems/neighbour-moved"
    assert await titles(ada, column) == "bcd"


async def test_archiving_twice_changes_nothing(ada: Client, abcd: list[Task]) -> None:
    path = f"tasks/{abcd[0].id}"
    archived = await archive(ada, path)
    assert (await ada.post(f"/api/{path}/archive")).json() == archived
    back = await unarchive(ada, path)
    assert (await ada.post(f"/api/{path}/unarchive")).json() == back


async def test_a_stale_etag_archives_nothing(ada: Client, abcd: list[Task]) -> None:
    path = f"/api/tasks/{abcd[0].id}"
    await ada.patch(path, json={"title": "new"})
    for verb in ("archive", "unarchive"):
        stale = await ada.post(f"{path}/{verb}", headers={"If-Match": '"1"'})
        assert check_problem(stale, 412)["current"]["title"] == "new"
    await archive(ada, f"tasks/{abcd[0].id}", **{"If-Match": '"2"'})


async def test_the_archive_asks_for_the_right_to_update(
    ada: Client, bob: Client, world: World
) -> None:
    board = await world.board(ada.user, is_public=True, members={bob.user: Role.MEMBER})
    for verb in ("archive", "unarchive"):
        check_problem(await bob.post(f"/api/boards/{board.id}/{verb}"), 403)
        check_problem(await bob.post(f"/api/columns/{board.id}/{verb}"), 404)


async def test_trash_and_archive_are_apart(
    ada: Client, board: Board, column: Column, abcd: list[Task]
) -> None:
    path = f"tasks/{abcd[1].id}"
    archived = await archive(ada, path)
    assert (await ada.delete(f"/api/{path}")).status_code == 204
    assert path.removeprefix("tasks/") not in await ids(ada, "tasks?archived=true")
    for verb in ("archive", "unarchive"):
        check_problem(await ada.post(f"/api/{path}/{verb}"), 404)
    assert await ids(ada, f"boards/{board.id}/trash") == [archived["id"]]
    assert (await ada.post(f"/api/{path}/restore")).json() == archived
    assert await titles(ada, column) == "acd"
    await Task.filter(id=abcd[1].id).update(archived_at=datetime.now(UTC) - timedelta(days=400))
    await purge_trash()
    await unarchive(ada, path)
    assert await titles(ada, column) == "abcd"
