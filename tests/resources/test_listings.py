"""A list holds exactly what its caller can read one by one, page by page, in a constant number of
queries."""

from typing import Any

import asyncpg
import pytest

from models.enums import Role
from models.tables import Board, BoardUser, Column, Subtask, Task, User
from tests.conftest import Client, World


async def pages(client: Client, path: str) -> list[list[dict]]:
    """Return every page of a list, by following the Link header."""
    found = []
    while path:
        response = await client.get(path)
        assert response.status_code == 200
        found.append(response.json())
        link = response.headers.get("link", "")
        assert not link or link.endswith('>; rel="next"')
        path = link[1:].partition(">")[0]
    return found


@pytest.fixture
async def readable(ada: Client, bob: Client, world: World) -> dict[str, set[str]]:
    """Return what ada can read, by path; bob has a private board that she can't see."""
    boards = [
        await world.board(ada.user),
        await world.board(bob.user, members={ada.user: Role.MEMBER}),
        await world.board(bob.user, is_public=True),
        await world.board(bob.user),
    ]
    columns = [await world.column(board) for board in boards]
    tasks = [await world.task(column) for column in columns]
    subtasks = [await world.subtask(task) for task in tasks]
    rows: dict[str, list[Any]] = {
        "boards": boards,
        "columns": columns,
        "tasks": tasks,
        "subtasks": subtasks,
    }
    return {path: {str(row.id) for row in made[:3]} for path, made in rows.items()}


@pytest.mark.parametrize("path", ["boards", "columns", "tasks", "subtasks"])
async def test_a_list_holds_exactly_what_can_be_read(
    ada: Client, admin: Client, readable: dict[str, set[str]], path: str
) -> None:
    [listed] = await pages(ada, f"/api/{path}")
    assert {row["id"] for row in listed} == readable[path]
    [all_rows] = await pages(admin, f"/api/{path}")
    assert len(all_rows) == 4
    for row in all_rows:
        response = await ada.get(f"/api/{path}/{row['id']}")
        assert response.status_code == (200 if row["id"] in readable[path] else 404)


async def test_the_list_of_users_holds_everybody(ada: Client, bob: Client) -> None:
    [users] = await pages(ada, "/api/users")
    assert [user["username"] for user in users] == ["ada", "bob"]


async def test_a_users_boards_are_those_that_the_caller_can_see(
    ada: Client, bob: Client, readable: dict[str, set[str]]
) -> None:
    [seen] = await pages(ada, f"/api/users/{bob.id}/boards")
    assert [(board["role"], board["is_public"]) for board in seen] == [
        ("CREATOR", False), ("CREATOR", True),
    ]  # fmt: skip
    [own] = await pages(ada, f"/api/users/{ada.id}/boards")
    assert [board["role"] for board in own] == ["CREATOR", "MEMBER"]
    assert {board["id"] for board in seen + own} == readable["boards"]


async def test_nested_lists_hold_only_their_own(ada: Client, world: World) -> None:
    board, other = await world.board(ada.user), await world.board(ada.user)
    columns = [await world.column(board, 1), await world.column(board, 0)]
    tasks = [await world.task(columns[0], position) for position in (2, 0, 1)]
    subtasks = [await world.subtask(tasks[0]) for _ in range(3)]
    await world.subtask(await world.task(await world.column(other)))
    for path, expected in (
        (f"/api/boards/{board.id}/columns", [columns[1], columns[0]]),
        (f"/api/columns/{columns[0].id}/tasks", [tasks[1], tasks[2], tasks[0]]),
        (f"/api/tasks/{tasks[0].id}/subtasks", subtasks),
    ):
        for limit in (1, 2, 200):
            found = await pages(ada, f"{path}?limit={limit}")
            assert [row["id"] for page in found for row in page] == [str(r.id) for r in expected]


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_pages_put_together_are_the_list(ada: Client, world: World, limit: int) -> None:
    boards = [await world.board(ada.user) for _ in range(5)]
    found = await pages(ada, f"/api/boards?limit={limit}")
    assert [len(page) for page in found[:-1]] == [limit] * (len(found) - 1)
    assert [row["id"] for page in found for row in page] == [str(board.id) for board in boards]


async def test_a_list_has_fifty_rows_unless_told(ada: Client, world: World) -> None:
    await Board.bulk_create([Board(title="x") for _ in range(51)])
    assert [len(page) for page in await pages(ada, "/api/boards")] == [50, 1]


async def test_members_and_boards_of_users_are_paged_too(ada: Client, world: World) -> None:
    board = await world.board(ada.user)
    for name in ("bea", "max"):
        await world.join(board, await world.user(name))
    found = await pages(ada, f"/api/boards/{board.id}/users?limit=1")
    assert [member["username"] for [member] in found] == ["ada", "bea", "max"]
    await world.board(ada.user)
    assert len(await pages(ada, f"/api/users/{ada.id}/boards?limit=1")) == 2


async def test_what_comes_and_goes_between_pages_moves_no_row(ada: Client, world: World) -> None:
    boards = [await world.board(ada.user) for _ in range(4)]
    first = await ada.get("/api/boards?limit=2")
    await boards[0].delete()
    await world.board(ada.user)
    path = first.headers["link"][1:].partition(">")[0]
    second = (await ada.get(path)).json()
    assert [row["id"] for row in second] == [str(boards[2].id), str(boards[3].id)]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "limit=", "cursor=x", "cursor=", "cursor=aWQ6eA",
     "cursor=%00", "cursor=é", "skip=1", "limit=1&x=2"],
)  # fmt: skip
async def test_a_page_that_cannot_be_is_refused(ada: Client, query: str) -> None:
    response = await ada.get(f"/api/boards?{query}")
    assert response.status_code == 422
    name = query.rpartition("&")[2].partition("=")[0]
    assert response.json()["errors"][0]["parameter"] == name


async def test_a_cursor_of_another_list_is_refused(ada: Client, world: World) -> None:
    board = await world.board(ada.user)
    for position in range(2):
        await world.column(board, position)
    by_position = await ada.get(f"/api/boards/{board.id}/columns?limit=1")
    cursor = by_position.headers["link"].partition("cursor=")[2].partition(">")[0]
    assert (await ada.get(f"/api/columns?cursor={cursor}")).status_code == 422
    by_id = await ada.get("/api/columns?limit=1")
    cursor = by_id.headers["link"].partition("cursor=")[2].partition(">")[0]
    assert (await ada.get(f"/api/boards/{board.id}/users?cursor={cursor}")).status_code == 422


class Queries:
    """Counts the statements that are sent."""

    count = 0


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> Queries:
    counter = Queries()

    def counted(method: Any) -> Any:
        async def counting(*args: Any, **options: Any) -> Any:
            counter.count += 1
            return await method(*args, **options)

        return counting

    for name in ("execute", "executemany", "fetch", "fetchmany", "fetchrow"):
        method = getattr(asyncpg.Connection, name)
        monkeypatch.setattr(asyncpg.Connection, name, counted(method))
    return counter


async def test_the_number_of_queries_does_not_grow_with_the_rows(
    ada: Client, world: World, queries: Queries
) -> None:
    board = await world.board(ada.user)
    column = await world.column(board)
    task = await world.task(column)
    paths = (
        "/api/users", "/api/boards", "/api/columns", "/api/tasks", "/api/subtasks",
        f"/api/users/{ada.id}/boards", f"/api/boards/{board.id}/users",
        f"/api/boards/{board.id}/columns", f"/api/columns/{column.id}/tasks",
        f"/api/tasks/{task.id}/subtasks",
    )  # fmt: skip

    async def counted() -> dict[str, int]:
        counts = {}
        for path in paths:
            before = queries.count
            assert (await ada.get(f"{path}?limit=200")).status_code == 200
            counts[path] = queries.count - before
        return counts

    few = await counted()
    users = [
        User(
            username=f"user{n}", username_key=f"user{n}", email=f"{n}@x", email_key=f"{n}@x",
            avatar_url="", hashed_password="",
        )
        for n in range(250)
    ]  # fmt: skip
    await User.bulk_create(users)
    await Column.bulk_create(
        Column(board=board, title="x", rank=f"{n:013x}") for n in range(2, 250)
    )
    await Task.bulk_create(Task(column=column, title="x", rank=f"{n:013x}") for n in range(2, 250))
    await Subtask.bulk_create(Subtask(task=task, title="x") for n in range(250))
    await BoardUser.bulk_create(
        BoardUser(board_id=board.id, user_id=user.id, role=Role.MEMBER) for user in users
    )
    assert await counted() == few
    assert all(0 < count <= 4 for count in few.values())
