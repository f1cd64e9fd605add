"""Changes that are written together are each decided and answered as if they were alone."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from api.resources.writes import RowChange
from models.enums import Role
from models.tables import Board, Column, Subtask, Task, User
from tests.conftest import Client, World
from tests.helpers.answers import titles
from tests.helpers.database import waits_for_a_lock


@pytest.fixture
async def task(world: World, ada: Client, bob: Client) -> Task:
    """Return a task of a private board of ada's, of which bob is a member."""
    board = await world.board(ada.user, members={bob.user: Role.MEMBER})
    return await world.task(await world.column(board))


async def together(database_url: str, *requests: Any) -> list[Any]:
    """Send requests while all boards are locked, so that they are written in one batch."""
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards FOR UPDATE")
        waiting = [asyncio.create_task(request) for request in requests]
        await waits_for_a_lock(connection)
        await asyncio.sleep(0.1)  # for those that come after the first
    await connection.close()
    return [await each for each in waiting]


@pytest.mark.parametrize("how", ["promotes", "changes another", "renames"])
async def test_account_changes_are_decided_after_the_lock(
    how: str, admin: Client, bob: Client, database_url: str
) -> None:
    """An admin is demoted, or signed out, while they wait for the row."""
    body: dict[str, Any] = {"is_admin": True}
    target = bob.user if how == "changes another" else admin.user
    if how == "renames":
        body = {"username": "somebody"}
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM users FOR UPDATE")
        waiting = asyncio.create_task(admin.patch(f"/api/users/{target.id}", json=body))
        await waits_for_a_lock(connection)
        if how == "renames":
            await connection.execute("DELETE FROM sessions")
        else:
            await connection.execute("UPDATE users SET is_admin = false")
    await connection.close()
    assert (await waiting).status_code == (401 if how == "renames" else 403)
    found = await User.get(id=target.id)
    assert found.username != "somebody"
    assert found.is_admin == (how == "renames")


@pytest.mark.parametrize("kind", ["session", "token"])
async def test_a_use_that_grows_old_while_it_waits_counts(
    kind: str, task: Task, ada: Client, database_url: str
) -> None:
    """The last use is noted once in ten minutes; who waits past that moment isn't signed out."""
    if kind == "token":
        made = await ada.post(
            "/api/auth/tokens",
            json={"name": "x", "scopes": ["read", "write"], "expires_in": 3600},
        )
        ada.headers["Authorization"] = f"Bearer {made.json()['token']}"
    assert (await ada.get("/api/auth/me")).status_code == 200
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards FOR UPDATE")
        waiting = [
            asyncio.create_task(
                ada.patch("/api/tasks", json={"ids": [str(task.id)], "title": "x"})
            ),
            asyncio.create_task(ada.patch(f"/api/tasks/{task.id}", json={"color": "#000000"})),
        ]
        await waits_for_a_lock(connection)
        old = datetime.now(UTC) - timedelta(minutes=11)
        for table in ("sessions", "api_tokens"):
            await connection.execute(f"UPDATE {table} SET last_used_at = $1", old)
    await connection.close()
    assert [(await each).status_code for each in waiting] == [200, 200]


async def test_a_row_that_moves_twice_moves_from_where_it_is(
    task: Task, world: World, ada: Client, bob: Client, database_url: str
) -> None:
    board = await Board.first()
    assert board is not None
    there = await world.column(board, 1)
    for title in "abc":
        await Task.create(column=there, title=title)
    path = f"/api/tasks/{task.id}"
    for headers in ({}, {"If-Match": "*"}):
        await Task.filter(id=task.id).update(column_id=task.column_id)
        body = {"column_id": str(there.id)}
        answers = await together(
            database_url,
            ada.post(f"{path}/move", json={**body, "position": 0}, headers=headers),
            bob.patch(path, json={**body, "title": "x"}, headers=headers),
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        # The second leaves it where the first has put it, or the first puts it there after that.
        assert await titles(ada, there) == "xabc"


async def test_any_version_will_do_for_many_at_once(task: Task, ada: Client) -> None:
    path = f"/api/tasks/{task.id}"
    answers = await asyncio.gather(
        *(ada.patch(path, json={"title": f"x {n}"}, headers={"If-Match": "*"}) for n in range(64))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert (await Task.get(id=task.id)).version == 65


async def test_a_text_that_another_has_just_changed_is_written(
    task: Task, ada: Client, database_url: str
) -> None:
    """The second finds the title that it sends, and writes it, since the first one's is there."""
    path = f"/api/tasks/{task.id}"
    answers = await together(
        database_url,
        ada.patch(path, json={"title": "Other"}),
        ada.patch(path, json={"title": task.title, "color": "#112233"}),
    )
    assert [answer.json()["title"] for answer in answers] == ["Other", task.title]
    assert (await ada.get(path)).json()["title"] == task.title


async def test_a_failure_is_that_of_one_change(
    task: Task, ada: Client, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = RowChange.statement

    def failing(change: RowChange, row: Any) -> Any:
        if change.values.get("title") == "No":
            raise ValueError("No")
        return statement(change, row)

    monkeypatch.setattr(RowChange, "statement", failing)
    path, body = "/api/subtasks", {"task_id": str(task.id)}
    answers = await together(
        database_url,
        *(ada.post(path, json={**body, "title": title}) for title in ("a", "No", "b")),
    )
    assert [answer.status_code for answer in answers] == [201, 500, 201]
    assert sorted([row.title for row in await Subtask.all()]) == ["a", "b"]


async def test_a_parent_that_goes_for_good_is_missed(
    task: Task, ada: Client, bob: Client, database_url: str
) -> None:
    """A parent may go in the same batch: the change is decided anew, and answers no 500."""
    column = await Column.get(id=task.column_id)
    answers = await together(
        database_url,
        ada.delete(f"/api/columns/{column.id}?permanent=true"),
        *(bob.post("/api/tasks", json={"column_id": str(column.id), "title": "x"}) for _ in "abc"),
    )
    assert answers[0].status_code == 204
    assert {answer.status_code for answer in answers[1:]} <= {201, 404}


async def test_a_constraint_answers_as_from_anywhere_else(
    task: Task, ada: Client, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("ALTER TABLE subtasks ADD CONSTRAINT no CHECK (title <> 'zqsecret')")
    await connection.close()
    body = {"task_id": str(task.id), "title": "zqsecret"}
    assert (await ada.post("/api/subtasks", json=body)).status_code == 500
    assert "zqsecret" not in caplog.text


async def test_who_waits_less_long_is_not_given_up_with_others(
    task: Task, ada: Client, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await asyncpg.connect(database_url)
    monkeypatch.setattr("api.resources.fast_path.SECONDS", 60)
    path = f"/api/tasks/{task.id}"
    async with connection.transaction():
        await connection.execute("SELECT FROM boards FOR UPDATE")
        monkeypatch.setattr("api.access.writer.LOCK_SECONDS", 0.02)
        waiting = asyncio.create_task(ada.patch(path, json={"title": "x"}))
        await waits_for_a_lock(connection)
        await asyncio.sleep(0.2)  # in which the lane has given up some times
        assert not waiting.done()
    assert (await waiting).status_code == 200
    await connection.close()
