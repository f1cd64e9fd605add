"""What is deleted goes to the trash, comes back whole and in place, and goes for good in time."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI

from api.app import JOBS
from api.endpoints.trash import EXPIRED, PURGE, purge_trash
from api.ops.integrity import check
from models.enums import Role
from models.tables import Board, BoardUser, Column, Comment, Subtask, Task
from tests.conftest import Client, Instance, World, running
from tests.helpers.answers import check_problem, titles


async def discard(client: Client, path: str) -> None:
    assert (await client.delete(path)).status_code == 204
    check_problem(await client.get(path), 404)


async def restore(client: Client, path: str) -> dict[str, Any]:
    response = await client.post(f"{path}/restore")
    assert response.status_code == 200
    assert response.json() == (await client.get(path)).json()
    assert response.headers["etag"] == f'"{response.json()["version"]}"'
    return response.json()


async def test_a_task_comes_back_whole_and_in_place(
    ada: Client, column: Column, abcd: list[Task], world: World
) -> None:
    path = f"/api/tasks/{abcd[1].id}"
    await world.subtask(abcd[1])
    await ada.post("/api/comments", json={"task_id": str(abcd[1].id), "content": "Well"})
    await ada.put(f"{path}/assignees/{ada.id}")
    before = (await ada.get(path)).json()
    full = (await ada.get(f"/api/boards/{column.board_id}/full")).json()
    await discard(ada, path)
    assert await titles(ada, column) == "acd"
    assert (await ada.get("/api/subtasks")).json() == []
    assert (await ada.get("/api/comments")).json() == []
    assert await restore(ada, path) == before
    assert await titles(ada, column) == "abcd"
    assert (await ada.get(f"/api/boards/{column.board_id}/full")).json() == full


async def test_with_fewer_neighbours_it_comes_back_at_the_end(
    ada: Client, column: Column, abcd: list[Task]
) -> None:
    for task in (abcd[3], abcd[0], abcd[1]):
        await discard(ada, f"/api/tasks/{task.id}")
    await restore(ada, f"/api/tasks/{abcd[3].id}")
    assert await titles(ada, column) == "cd"
    await restore(ada, f"/api/tasks/{abcd[0].id}")
    assert await titles(ada, column) == "acd"


async def test_a_column_takes_its_tasks_along_and_back(
    ada: Client, board: Board, column: Column, abcd: list[Task], world: World
) -> None:
    other = await world.column(board, 1)
    step = await world.subtask(abcd[2])
    path = f"/api/columns/{column.id}"
    await discard(ada, path)
    for gone in (f"/api/tasks/{abcd[2].id}", f"/api/subtasks/{step.id}", f"{path}/tasks"):
        check_problem(await ada.get(gone), 404)
    assert (await ada.get("/api/tasks")).json() == []
    [left] = (await ada.get(f"/api/boards/{board.id}/columns")).json()
    assert (left["id"], left["position"]) == (str(other.id), 0)
    await restore(ada, path)
    assert await titles(ada, column) == "abcd"
    listed = (await ada.get(f"/api/boards/{board.id}/columns")).json()
    assert [each["id"] for each in listed] == [str(column.id), str(other.id)]


async def test_a_board_takes_all_along_and_back(
    ada: Client, bob: Client, admin: Client, world: World
) -> None:
    board = await world.board(ada.user, is_public=True, members={bob.user: Role.MODERATOR})
    task = await world.task(await world.column(board))
    label = (
        await ada.post("/api/labels", json={"board_id": str(board.id), "name": "Urgent"})
    ).json()
    path = f"/api/boards/{board.id}"
    await discard(ada, path)
    gone = (
        path,
        f"{path}/full",
        f"{path}/users",
        f"/api/tasks/{task.id}",
        f"/api/labels/{label['id']}",
    )
    for client in (ada, bob, admin):
        for each in gone:
            check_problem(await client.get(each), 404)
        for listing in ("boards", "columns", "tasks", "labels", f"users/{ada.id}/boards"):
            assert (await client.get(f"/api/{listing}")).json() == []
        check_problem(await client.get(f"/api/roles?user_id={ada.id}&board_id={board.id}"), 404)
    check_problem(
        await ada.post("/api/columns", json={"board_id": str(board.id), "title": "x"}), 404
    )
    check_problem(await bob.post(f"{path}/restore"), 404)
    await restore(ada, path)
    for client in (ada, bob, admin):
        for each in gone:
            assert (await client.get(each)).status_code == 200


async def test_nothing_comes_back_before_what_it_belongs_to(
    ada: Client, board: Board, column: Column, abcd: list[Task]
) -> None:
    task = f"/api/tasks/{abcd[0].id}"
    await discard(ada, task)
    await discard(ada, f"/api/columns/{column.id}")
    problem = check_problem(await ada.post(f"{task}/restore"), 409)
    assert problem["type"] == "/problems/parent-in-trash"
    await discard(ada, f"/api/boards/{board.id}")
    check_problem(await ada.post(f"{task}/restore"), 409)
    check_problem(await ada.post(f"/api/columns/{column.id}/restore"), 409)
    await restore(ada, f"/api/boards/{board.id}")
    check_problem(await ada.get(task), 404)
    await restore(ada, f"/api/columns/{column.id}")
    assert await titles(ada, column) == "bcd"
    await restore(ada, task)
    assert await titles(ada, column) == "abcd"


async def test_what_is_not_in_the_trash_is_not_restored(ada: Client, abcd: list[Task]) -> None:
    check_problem(await ada.post(f"/api/tasks/{abcd[0].id}/restore"), 404)
    assert (await ada.get(f"/api/tasks/{abcd[0].id}")).json()["position"] == 0


async def test_the_trash_is_listed_by_those_who_may_restore(
    ada: Client, bob: Client, board: Board, column: Column, abcd: list[Task], world: World
) -> None:
    await Board.filter(id=board.id).update(is_public=True)
    other = await world.column(board, 1)
    for path in (f"tasks/{abcd[0].id}", f"columns/{other.id}", f"tasks/{abcd[2].id}"):
        await discard(ada, f"/api/{path}")
    listed = (await ada.get(f"/api/boards/{board.id}/trash")).json()
    assert [(each["kind"], each["title"], each["column_id"]) for each in listed] == [
        ("task", "c", str(column.id)), ("column", "Column 1", None), ("task", "a", str(column.id)),
    ]  # fmt: skip
    life = datetime.fromisoformat(listed[0]["purged_at"]) - datetime.fromisoformat(
        listed[0]["deleted_at"]
    )
    assert life == timedelta(days=30)
    pages, path = [], f"/api/boards/{board.id}/trash?limit=1"
    while path:
        response = await ada.get(path)
        pages += response.json()
        path = response.headers.get("link", "").partition(">")[0].removeprefix("<")
    assert pages == listed
    check_problem(await bob.get(f"/api/boards/{board.id}/trash"), 403)
    await Board.filter(id=board.id).update(is_public=False)
    check_problem(await bob.get(f"/api/boards/{board.id}/trash"), 404)


async def test_boards_in_the_trash_are_listed_to_who_may_restore_them(
    ada: Client, bob: Client, admin: Client, world: World
) -> None:
    boards = [await world.board(ada.user, members={bob.user: Role.MODERATOR}) for _ in range(2)]
    for board in boards:
        await discard(ada, f"/api/boards/{board.id}")
    for client in (ada, admin):
        listed = (await client.get("/api/trash")).json()
        assert [each["id"] for each in listed] == [str(boards[1].id), str(boards[0].id)]
        assert {each["kind"] for each in listed} == {"board"}
    assert (await bob.get("/api/trash")).json() == []
    check_problem(await ada.get(f"/api/boards/{boards[0].id}/trash"), 404)


@pytest.mark.parametrize("first_to_the_trash", [False, True])
async def test_what_is_deleted_for_good_is_gone(
    ada: Client, board: Board, column: Column, abcd: list[Task], world: World,
    first_to_the_trash: bool,
) -> None:  # fmt: skip
    await world.subtask(abcd[1])
    for path in (f"tasks/{abcd[1].id}", f"columns/{column.id}", f"boards/{board.id}"):
        if first_to_the_trash:
            await discard(ada, f"/api/{path}")
        assert (await ada.delete(f"/api/{path}?permanent=true")).status_code == 204
        check_problem(await ada.delete(f"/api/{path}?permanent=true"), 404)
        check_problem(await ada.post(f"/api/{path}/restore"), 404)
        if path.startswith("tasks"):
            assert await titles(ada, column) == "acd"
            assert await Subtask.all().count() == 0
    for table in (Board, BoardUser, Column, Task):
        assert await table.all().count() == 0


@pytest.mark.parametrize("value", ["1", "yes", "True", ""])
async def test_for_good_is_said_with_true_only(ada: Client, abcd: list[Task], value: str) -> None:
    check_problem(await ada.delete(f"/api/tasks/{abcd[0].id}?permanent={value}"), 422)
    check_problem(await ada.delete(f"/api/subtasks/{abcd[0].id}?permanent=true"), 422)
    assert (await ada.delete(f"/api/tasks/{abcd[0].id}?permanent=false")).status_code == 204
    await restore(ada, f"/api/tasks/{abcd[0].id}")


async def test_a_stale_etag_deletes_nothing_for_good(ada: Client, abcd: list[Task]) -> None:
    path = f"/api/tasks/{abcd[0].id}"
    await ada.patch(path, json={"title": "new"})
    await discard(ada, path)
    stale = {"If-Match": '"1"'}
    problem = check_problem(await ada.delete(f"{path}?permanent=true", headers=stale), 412)
    assert problem["current"]["title"] == "new"
    assert (await restore(ada, path))["version"] == 2


async def age(table: type[Board | Column | Task], row: Board | Column | Task, hours: float) -> None:
    await table.filter(id=row.id).update(deleted_at=datetime.now(UTC) - timedelta(hours=hours))


async def test_after_thirty_days_nobody_restores_it(
    ada: Client, board: Board, abcd: list[Task]
) -> None:
    path = f"/api/tasks/{abcd[0].id}"
    await discard(ada, path)
    await age(Task, abcd[0], 30 * 24 - 0.1)
    assert len((await ada.get(f"/api/boards/{board.id}/trash")).json()) == 1
    await age(Task, abcd[0], 30 * 24 + 0.1)
    assert (await ada.get(f"/api/boards/{board.id}/trash")).json() == []
    check_problem(await ada.post(f"{path}/restore"), 404)
    check_problem(await ada.delete(f"{path}?permanent=true"), 404)


async def test_what_is_too_old_is_purged_with_all_under_it(
    ada: Client, board: Board, column: Column, abcd: list[Task], world: World
) -> None:
    long, short = 30 * 24 + 1.1, 30 * 24 + 0.9
    old, young = await world.column(board, 1), await world.column(board, 2)
    await Subtask.create(task=await world.task(old), title="Step")
    kept = await world.task(young)
    await Comment.create(task=abcd[0], content="Well")
    dead = await world.board(ada.user)
    await world.task(await world.column(dead))
    for table, row, hours in (
        (Task, abcd[0], long), (Task, abcd[1], short), (Column, old, long), (Column, young, short),
        (Board, dead, long),
    ):  # fmt: skip
        await age(table, row, hours)
    await purge_trash()
    assert {task.id for task in await Task.all()} == {kept.id, *(task.id for task in abcd[1:])}
    assert {each.id for each in await Column.all()} == {column.id, young.id}
    assert await Board.all().values_list("id", flat=True) == [board.id]
    assert await Subtask.all().count() == await Comment.all().count() == 0


async def test_the_server_purges_on_its_own(
    application: FastAPI, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "INSERT INTO boards (id, title, deleted_at)"
        " VALUES (gen_random_uuid(), 'Old', now() - interval '31 days')"
    )
    monkeypatch.setattr("api.app.JOBS", JOBS)
    monkeypatch.setattr("api.db.jobs.POLL_SECONDS", 0)
    async with running(application, database_url, monkeypatch):
        async with asyncio.timeout(30):
            while await connection.fetchval(  # noqa: ASYNC110  # another process tells
                "SELECT count(*) FROM boards"
            ):
                await asyncio.sleep(0.02)
    await connection.close()


async def test_the_purge_reads_only_what_is_in_the_trash(instance: Instance) -> None:
    connection = await asyncpg.connect(instance.url)
    await connection.execute("""
        SET session_replication_role = replica;
        INSERT INTO boards (id, title)
            SELECT gen_random_uuid(), 'x' FROM generate_series(1, 2000);
        INSERT INTO columns (id, board_id, title, rank)
            SELECT gen_random_uuid(), id, 'x', '1' FROM boards;
        INSERT INTO tasks (id, column_id, title, rank)
            SELECT gen_random_uuid(), id, 'x', '1' FROM columns;
        ANALYZE boards, columns, tasks;
    """)
    for table, expired in EXPIRED.items():
        purge = PURGE.format(table=table, expired=expired)
        plan = await connection.fetch(f"EXPLAIN {purge}", datetime.now(UTC))
        assert [line for [line] in plan if re.search("Seq Scan on [bct]", line)] == []
    await connection.close()


async def test_a_user_takes_their_boards_in_the_trash_along(
    ada: Client, bob: Client, world: World
) -> None:
    await discard(ada, f"/api/boards/{(await world.board(ada.user)).id}")
    board = await world.board(ada.user, members={bob.user: Role.MEMBER})
    await discard(ada, f"/api/boards/{board.id}")
    check_problem(await ada.delete_account(), 409)  # others are members of one of them
    assert (await ada.delete_account("?boards=delete")).status_code == 204
    assert await Board.all().count() == 0


async def of_two(world: World, ada: Client, bob: Client) -> dict[str, str]:
    """Return the paths of ada's board with bob's comment, and of what bob and others put in the
    trash there: a column and a task."""
    board = await world.board(ada.user, members={bob.user: Role.MODERATOR})
    columns = [await world.column(board, n) for n in range(2)]
    tasks = [await world.task(columns[0], n) for n in range(2)]
    for task in tasks:
        await Comment.create(task=task, user=bob.user, content="Well done")
        assert (await ada.put(f"/api/tasks/{task.id}/assignees/{bob.id}")).status_code == 204
    return {
        "board": f"/api/boards/{board.id}",
        "column": f"/api/columns/{columns[1].id}",
        "task": f"/api/tasks/{tasks[1].id}",
    }


@pytest.mark.parametrize("deleter", ["bob", "ada", "root"])
async def test_what_a_deleted_member_put_there_is_restored(
    deleter: str, world: World, ada: Client, bob: Client
) -> None:
    root = await world.person("root", is_admin=True)
    paths = await of_two(world, ada, bob)
    client = {"bob": bob, "ada": ada, "root": root}[deleter]
    before = {kind: (await ada.get(path)).json() for kind, path in paths.items()}
    for kind in ("task", "column"):
        await discard(client, paths[kind])
    if deleter != "bob":  # whom only the CREATOR and admins follow
        await discard(client, paths["board"])
    assert (await bob.delete_account()).status_code == 204
    if deleter != "bob":
        listed = (await ada.get("/api/trash")).json()
        assert [each["id"] for each in listed] == [before["board"]["id"]]
        assert await restore(ada, paths["board"]) == before["board"]
    listed = (await ada.get(f"{paths['board']}/trash")).json()
    assert [each["kind"] for each in listed] == ["column", "task"]
    assert await restore(ada, paths["column"]) == before["column"]
    assert await restore(ada, paths["task"]) == before["task"] | {"assignee_ids": []}
    [comment] = (await ada.get(f"{paths['task']}/comments")).json()
    assert (comment["content"], comment["user_id"]) == ("Well done", None)
    assert (await ada.get(f"{paths['task']}/assignees")).json() == []


@pytest.mark.parametrize("fate", ["hand_over", "delete"])
async def test_of_a_deleted_creator_the_heir_restores_it(
    fate: str, world: World, ada: Client, bob: Client
) -> None:
    paths = await of_two(world, ada, bob)
    before = (await bob.get(paths["board"])).json()
    for kind in ("task", "column", "board"):
        await discard(ada, paths[kind])
    check_problem(await bob.post(f"{paths['board']}/restore"), 404)
    assert (await ada.delete_account(f"?boards={fate}")).status_code == 204
    if fate == "delete":
        for path in paths.values():
            check_problem(await bob.post(f"{path}/restore"), 404)
        return
    restored = await restore(bob, paths["board"])
    changed = {"my_role", "operations"}
    assert restored.keys() == before.keys()
    assert {k: v for k, v in restored.items() if v != before[k]}.keys() <= changed
    assert restored["my_role"] == "CREATOR"
    for kind in ("column", "task"):
        await restore(bob, paths[kind])


async def test_many_at_once_leave_no_gaps(
    ada: Client, column: Column, abcd: list[Task], database_url: str
) -> None:
    await asyncio.gather(*(ada.delete(f"/api/tasks/{task.id}") for task in abcd))
    assert await titles(ada, column) == ""
    answers = await asyncio.gather(
        *(ada.post(f"/api/tasks/{task.id}/restore") for task in abcd),
        *(ada.delete(f"/api/tasks/{task.id}?permanent=true") for task in abcd[:2]),
        *(ada.post("/api/tasks", json={"column_id": str(column.id), "title": "x"}) for _ in "ab"),
    )
    assert {answer.status_code for answer in answers} <= {200, 201, 204, 404}
    assert sorted(await titles(ada, column)) == list("cdxx")
    assert await check(database_url)


async def test_a_restored_task_is_among_those_it_was_among(
    ada: Client, column: Column, abcd: list[Task]
) -> None:
    await discard(ada, f"/api/tasks/{abcd[1].id}")
    await discard(ada, f"/api/tasks/{abcd[2].id}")
    await ada.post("/api/tasks", json={"column_id": str(column.id), "title": "x", "position": 1})
    await ada.post(f"/api/tasks/{abcd[3].id}/move", json={"position": 0})
    for task in (abcd[2], abcd[1]):
        assert (await ada.post(f"/api/tasks/{task.id}/restore")).status_code == 200
    assert await titles(ada, column) == "daxbc"


async def test_a_board_in_the_trash_is_only_for_its_creator(
    ada: Client, bob: Client, world: World
) -> None:
    board = await world.board(ada.user, members={bob.user: Role.MODERATOR})
    column = await world.column(board)
    task = f"/api/tasks/{(await world.task(column)).id}"
    await discard(ada, task)
    await discard(ada, f"/api/columns/{column.id}")
    await discard(ada, f"/api/boards/{board.id}")
    for path in (task, f"/api/columns/{column.id}", f"/api/boards/{board.id}"):
        check_problem(await bob.post(f"{path}/restore"), 404)
        check_problem(await bob.delete(f"{path}?permanent=true"), 404)
        check_problem(await bob.delete(f"{path}?permanent=true", headers={"If-Match": '"9"'}), 404)
    check_problem(await ada.post(f"{task}/restore"), 409)
    check_problem(await ada.post(f"/api/columns/{column.id}/restore"), 409)
    assert await Task.all().count() == 1
