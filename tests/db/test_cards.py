"""The fields of a task that triggers keep: right whoever writes, and how."""

import asyncio

import asyncpg
import pytest

from api.ops.integrity import WRONG_CARDS
from models.enums import Role
from models.tables import Task
from tests.conftest import Client, World
from tests.helpers.database import waits_for_a_lock

# By hand, on a board with two members, two tasks and a label.
STATEMENTS = {
    "many rows at once": """
        INSERT INTO comments (id, task_id, content)
        SELECT gen_random_uuid(), tasks.id, 'x' FROM tasks, generate_series(1, 3)""",
    "to another task": "UPDATE subtasks SET task_id = (SELECT max(id::text)::uuid FROM tasks)",
    "all done": "UPDATE subtasks SET is_completed = true",
    "some deleted": "DELETE FROM subtasks WHERE NOT is_completed",
    "a label deleted": "DELETE FROM labels",
    "a member removed": "DELETE FROM board_users WHERE role = 'MEMBER'",
    "an account deleted": "DELETE FROM users WHERE username = 'bob'",
    "a task deleted": "DELETE FROM tasks WHERE id = (SELECT min(id::text)::uuid FROM tasks)",
    "all deleted": "DELETE FROM boards",
}


@pytest.fixture
async def filled(world: World, ada: Client, bob: Client) -> None:
    board = await world.board(ada.user, members={bob.user: Role.MEMBER})
    column = await world.column(board)
    label = (await ada.post("/api/labels", json={"board_id": str(board.id), "name": "x"})).json()
    body = {
        "column_id": str(column.id),
        "title": "x",
        "label_ids": [label["id"]],
        "assignee_ids": [bob.id, ada.id],
        "subtasks": [{"title": "x"}, {"title": "y"}],
    }
    for _ in range(2):
        task = (await ada.post("/api/tasks", json=body)).json()
        await ada.post("/api/comments", json={"task_id": task["id"], "content": "x"})


@pytest.mark.parametrize("name", STATEMENTS)
async def test_a_task_holds_what_is_there_whoever_writes(
    name: str, filled: None, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    shown = "SELECT tasks::text FROM tasks ORDER BY id"
    before = await connection.fetch(shown)
    await connection.execute(STATEMENTS[name])
    assert await connection.fetch(shown) != before
    assert await connection.fetch(WRONG_CARDS) == []
    await connection.close()


async def test_those_who_write_at_once_are_all_counted(filled: None, database_url: str) -> None:
    """Without the lock of the board, which statements by hand don't take."""
    connections = [await asyncpg.connect(database_url) for _ in range(2)]
    first, second = connections
    add = "INSERT INTO comments (id, task_id, content) SELECT gen_random_uuid(), id, 'x' FROM tasks"
    async with first.transaction():
        await first.execute(add)
        waiting = asyncio.create_task(second.execute(add))
        await waits_for_a_lock(first)
    await waiting
    assert {task.comment_count for task in await Task.all()} == {3}
    for connection in connections:
        await connection.close()
