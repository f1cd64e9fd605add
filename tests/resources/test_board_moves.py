"""Tasks and columns that move to another board: what they keep and what they lose."""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

import asyncpg
import pytest

from api.access.writer import WRITER
from models.enums import Role
from models.tables import Board, Column, Comment, Label, Subtask
from tests.conftest import Client, World
from tests.helpers.answers import check_problem
from tests.helpers.fast_path import by_endpoint


class Place(NamedTuple):
    """A board with a column, and the ids of its labels by name."""

    board: Board
    column: Column
    labels: dict[str, str]


async def place(world: World, members: Sequence[Client], *names: str) -> Place:
    creator, *others = [client.user for client in members]
    board = await world.board(creator, members=dict.fromkeys(others, Role.MEMBER))
    column = await world.column(board)
    return Place(
        board, column, {n: str((await Label.create(board=board, name=n)).id) for n in names}
    )


@pytest.fixture
async def here(world: World, ada: Client, bob: Client) -> Place:
    return await place(world, (ada, bob), "Urgent", "URGENT", "Later")


@pytest.fixture
async def there(world: World, ada: Client, bob: Client) -> Place:
    return await place(world, (ada,), "urgent", "Urgent")


async def new_task(client: Client, column: Column, **values: Any) -> dict[str, Any]:
    body = {"column_id": str(column.id), "title": "A", **values}
    task: dict[str, Any] = (await client.post("/api/tasks", json=body)).json()
    return task


@pytest.mark.parametrize("method", ["PUT", "PATCH", "move"])
async def test_a_moved_task_says_what_it_lost(
    method: str, here: Place, there: Place, world: World, ada: Client, bob: Client
) -> None:
    kept = {"label_ids": [*here.labels.values()], "assignee_ids": [bob.id, ada.id]}
    path, end = ("POST", "/move") if method == "move" else (method, "")
    title = {"title": "A"} if method == "PUT" else {}
    answers = []
    for send in (ada.request, lambda m, p, json: by_endpoint(world, ada, p, method=m, json=json)):
        task = f"/api/tasks/{(await new_task(ada, here.column, **kept))['id']}"
        body = title | {"column_id": str(there.column.id)}
        moved = (await send(path, task + end, json=body)).json()
        answers.append({name: moved.pop(name) for name in list(moved) if "dropped" in name})
        assert (await ada.get(task)).json() == moved
        # What was answered can be sent back, and the task loses nothing more.
        again = (await ada.put(task, json=moved | answers[-1])).json()
        assert again == moved
    assert (
        answers == [{"dropped_label_ids": kept["label_ids"], "dropped_assignee_ids": [bob.id]}] * 2
    )


async def test_labels_of_the_same_name_take_their_place(
    here: Place, there: Place, ada: Client
) -> None:
    task = await new_task(ada, here.column, label_ids=[*here.labels.values()])
    body = {"column_id": str(there.column.id), "match_labels": True}
    moved = (await ada.post(f"/api/tasks/{task['id']}/move", json=body)).json()
    # In any case; the oldest of several.
    assert moved["label_ids"] == [there.labels["urgent"]]
    assert moved["dropped_label_ids"] == [here.labels["Later"]]
    wrong = body | {"match_labels": 1}
    check_problem(await ada.post(f"/api/tasks/{task['id']}/move", json=wrong), 422)


async def test_each_of_many_tasks_says_what_it_lost(
    here: Place, there: Place, ada: Client, bob: Client
) -> None:
    first = await new_task(ada, here.column, label_ids=[here.labels["Later"]])
    second = await new_task(
        ada, here.column, label_ids=[here.labels["Urgent"]], assignee_ids=[ada.id, bob.id]
    )
    native = await new_task(ada, there.column)
    ids = [task["id"] for task in (first, second, native)]
    body = {"ids": ids, "column_id": str(there.column.id), "match_labels": True}
    tasks = (await ada.patch("/api/tasks", json=body)).json()
    assert [task["label_ids"] for task in tasks] == [[], [there.labels["urgent"]], []]
    assert [(t.get("dropped_label_ids"), t.get("dropped_assignee_ids")) for t in tasks] == [
        ([here.labels["Later"]], []), ([], [bob.id]), (None, None),
    ]  # fmt: skip


async def test_a_column_moves_to_another_board(
    here: Place, there: Place, world: World, ada: Client, bob: Client
) -> None:
    links = {"label_ids": [*here.labels.values()], "assignee_ids": [bob.id, ada.id]}
    task, trashed = [await new_task(ada, here.column, **links) for _ in range(2)]
    await Subtask.create(task_id=task["id"], title="Step")
    await Comment.create(task_id=task["id"], user=bob.user, content="Well")
    await ada.delete(f"/api/tasks/{trashed['id']}")
    path = f"/api/columns/{here.column.id}"
    body = {"board_id": str(there.board.id), "position": 0, "match_labels": True}
    answer = await ada.post(f"{path}/move", json=body)
    moved = answer.json()
    assert (answer.status_code, moved["board_id"], moved["position"]) == (200, body["board_id"], 0)
    assert (moved["version"], answer.headers["etag"]) == (2, '"2"')
    assert moved["dropped_label_ids"] == [here.labels["Later"]]
    assert moved["dropped_assignee_ids"] == [bob.id]
    assert (await ada.get(f"/api/boards/{here.board.id}/columns")).json() == []
    await ada.post(f"/api/tasks/{trashed['id']}/restore")
    for each in (task, trashed):
        now = (await ada.get(f"/api/tasks/{each['id']}")).json()
        assert (now["board_id"], now["version"]) == (body["board_id"], 1)
        assert (now["label_ids"], now["assignee_ids"]) == ([there.labels["urgent"]], [ada.id])
    whole = (await ada.get(f"/api/tasks/{task['id']}/full")).json()
    assert (len(whole["subtasks"]), len(whole["comments"])) == (1, 1)
    check_problem(await bob.get(path), 404)


async def test_a_replaced_column_stays_on_its_board(here: Place, ada: Client) -> None:
    column = (await ada.put(f"/api/columns/{here.column.id}", json={"title": "B"})).json()
    assert (column["board_id"], column["title"]) == (str(here.board.id), "B")
    assert "dropped_label_ids" not in column


async def test_a_task_and_its_new_column_move_at_once(
    here: Place, there: Place, ada: Client, database_url: str
) -> None:
    """The column goes first, to the board of the task, which so stays on it with its labels."""

    def waiting() -> int:
        return sum(
            len(its) for queue in WRITER._lanes.values() for its in queue._by_caller.values()
        )

    label = here.labels["Urgent"]
    task = await new_task(ada, here.column, label_ids=[label])
    moves = [
        (f"/api/columns/{there.column.id}/move", {"board_id": str(here.board.id)}),
        (f"/api/tasks/{task['id']}/move", {"column_id": str(there.column.id)}),
    ]
    beside = await asyncpg.connect(database_url)
    answers = []
    async with beside.transaction():
        await beside.execute("SELECT FROM boards FOR UPDATE")
        for path, body in moves:
            answers.append(asyncio.create_task(ada.post(path, json=body)))
            async with asyncio.timeout(30):
                while waiting() < len(answers):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
    column, moved = [(await answer).json() for answer in answers]
    await beside.close()
    assert column["board_id"] == moved["board_id"] == str(here.board.id)
    assert (moved["column_id"], moved["label_ids"]) == (column["id"], [label])
