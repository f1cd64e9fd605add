"""The card of a task, and the labels and assignees that bodies name by their ids."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from api.access.writer import WRITER
from models.enums import Role
from models.tables import Board, Comment, Label, Subtask, Task
from tests.conftest import Client, World
from tests.helpers.answers import check_problem
from tests.helpers.fast_path import by_endpoint


@pytest.fixture
async def board(world: World, ada: Client, bob: Client) -> Board:
    return await world.board(ada.user, members={bob.user: Role.MEMBER})


@pytest.fixture
async def labels(board: Board) -> list[str]:
    return [str((await Label.create(board=board, name=name)).id) for name in ("Urgent", "Later")]


@pytest.fixture
async def column_id(world: World, board: Board) -> str:
    return str((await world.column(board)).id)


async def create(client: Client, column_id: str, **values: Any) -> httpx.Response:
    return await client.post("/api/tasks", json={"column_id": column_id, "title": "A", **values})


async def created(client: Client, column_id: str, **values: Any) -> dict[str, Any]:
    response = await create(client, column_id, **values)
    assert response.status_code == 201
    task: dict[str, Any] = response.json()
    return task


def linked(task: dict[str, Any]) -> tuple[list[str], list[str], int]:
    return task["label_ids"], task["assignee_ids"], task["version"]


async def test_every_answer_shows_what_is_on_the_card(
    world: World, board: Board, labels: list[str], column_id: str, ada: Client, bob: Client
) -> None:
    task = await created(ada, column_id, label_ids=labels, assignee_ids=[bob.id, ada.id])
    for done in (True, False, False):
        await Subtask.create(task_id=task["id"], title="Step", is_completed=done)
    await Comment.create(task_id=task["id"], user=bob.user, content="Well")
    await created(ada, column_id)
    card = {
        "board_id": str(board.id),
        "label_ids": labels,
        "assignee_ids": [bob.id, ada.id],
        "subtask_count": 3,
        "completed_subtask_count": 1,
        "comment_count": 1,
    }
    path = f"/api/tasks/{task['id']}"
    full = (await ada.get(f"/api/boards/{board.id}/full")).json()
    shown = [
        (await ada.get(path)).json(),
        (await by_endpoint(world, ada, path)).json(),
        (await ada.get("/api/tasks")).json()[0],
        (await ada.get(f"/api/columns/{column_id}/tasks")).json()[0],
        full["columns"][0]["tasks"][0],
        (await ada.patch(path, json={"title": "B"})).json(),
        (await ada.post(f"{path}/move", json={"position": 1})).json(),
        (await ada.patch("/api/tasks", json={"ids": [task["id"]], "status": "DONE"})).json()[0],
    ]
    for each in shown:
        assert each | card == each


async def test_a_task_is_created_with_all_that_is_on_it(
    labels: list[str], column_id: str, ada: Client, bob: Client
) -> None:
    steps = [{"title": f"Step {n}"} for n in range(3)]
    task = await created(
        ada, column_id, label_ids=labels, assignee_ids=[bob.id], subtasks=steps, position=0
    )
    assert linked(task) == (labels, [bob.id], 1)
    assert (task["subtask_count"], task["completed_subtask_count"]) == (3, 0)
    listed = (await ada.get(f"/api/tasks/{task['id']}/subtasks")).json()
    assert [{"title": each["title"]} for each in listed] == steps
    assert {each["created_at"] == each["updated_at"] for each in listed} == {True}
    assert (await ada.get(f"/api/tasks/{task['id']}")).json() == task


@pytest.mark.parametrize("field", ["label_ids", "assignee_ids"])
async def test_what_the_board_has_not_creates_nothing(
    field: str, world: World, labels: list[str], column_id: str, ada: Client
) -> None:
    elsewhere = await world.board(ada.user)
    stranger = await world.user("stranger")
    label = await Label.create(board=elsewhere, name="Urgent")
    for unknown in (label.id, stranger.id, uuid4()):
        known = {"label_ids": labels, "assignee_ids": [ada.id]}
        values = known | {field: [*known[field], str(unknown)], "subtasks": [{"title": "Step"}]}
        problem = check_problem(await create(ada, column_id, **values), 422)
        assert problem["errors"][0]["pointer"] == f"/{field}"
        assert str(unknown) in problem["errors"][0]["detail"]
    assert (await Task.all().count(), await Subtask.all().count()) == (0, 0)


ID = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"
STEP = {"title": "Step"}
SENSELESS: dict[str, dict[str, Any]] = {
    "null": {"label_ids": None},
    "no id": {"label_ids": ["x"]},
    "no list": {"assignee_ids": ID},
    "the same id twice": {"label_ids": [ID, ID]},
    "201 ids": {"label_ids": [f"{ID[:-3]}{n:03x}" for n in range(201)]},
    "a subtask without a title": {"subtasks": [{}]},
    "a subtask with a blank title": {"subtasks": [{"title": " "}]},
    "a subtask with an id": {"subtasks": [STEP | {"id": ID}]},
    "201 subtasks": {"subtasks": [STEP] * 201},
}


@pytest.mark.parametrize("values", SENSELESS.values(), ids=SENSELESS.keys())
async def test_links_that_make_no_sense_are_refused(
    values: dict[str, Any], column_id: str, ada: Client
) -> None:
    check_problem(await create(ada, column_id, **values), 422)
    assert await Task.all().count() == 0


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_ids_replace_the_whole_set_and_count(
    method: str, labels: list[str], column_id: str, ada: Client, bob: Client
) -> None:
    task = await created(ada, column_id, label_ids=labels[:1], assignee_ids=[ada.id])
    path = f"/api/tasks/{task['id']}"
    whole = {"title": "A", "column_id": column_id} if method == "PUT" else {}

    async def changed(**values: Any) -> tuple[list[str], list[str], int]:
        response = await ada.request(method, path, json=whole | values)
        assert response.status_code == 200
        assert response.headers["etag"] == f'"{response.json()["version"]}"'
        assert (await ada.get(path)).json() == response.json()
        return linked(response.json())

    version = (await changed(label_ids=labels[1:]))[-1]
    assert version > 1
    seen = await changed(assignee_ids=[bob.id, ada.id])
    # Who was assigned before stays where they were.
    assert seen[:2] == (labels[1:], [ada.id, bob.id])
    assert seen[-1] > version
    assert (await changed(title="B"))[:2] == (labels[1:], [ada.id, bob.id])
    assert (await changed(title="B", label_ids=[], assignee_ids=[]))[:2] == ([], [])


async def test_naming_the_same_links_changes_nothing(
    labels: list[str], column_id: str, ada: Client
) -> None:
    task = await created(ada, column_id, label_ids=labels, assignee_ids=[ada.id])
    body = {"label_ids": labels[::-1], "assignee_ids": [ada.id]}
    response = await ada.patch(f"/api/tasks/{task['id']}", json=body)
    assert response.json() == task


async def test_a_stale_edit_changes_no_links(
    labels: list[str], column_id: str, ada: Client
) -> None:
    task = await created(ada, column_id, label_ids=labels[:1])
    path = f"/api/tasks/{task['id']}"
    await ada.patch(path, json={"title": "B"})
    for body in ({"label_ids": labels}, {"title": "C", "label_ids": labels}):
        stale = await ada.patch(path, json=body, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["current"]["label_ids"]) == (412, labels[:1])
    check_problem(await ada.patch(path, json={"title": "C", "label_ids": [str(uuid4())]}), 422)
    now = (await ada.get(path)).json()
    assert (now["title"], now["label_ids"]) == ("B", labels[:1])


async def test_links_on_another_board_are_those_of_that_board(
    world: World, labels: list[str], column_id: str, ada: Client, bob: Client
) -> None:
    elsewhere = await world.board(ada.user)
    there, label = await world.column(elsewhere), await Label.create(board=elsewhere, name="Red")
    task = await created(ada, column_id, label_ids=labels, assignee_ids=[ada.id, bob.id])
    path, move = f"/api/tasks/{task['id']}", {"column_id": str(there.id)}
    for wrong in ({"label_ids": labels[:1]}, {"assignee_ids": [bob.id]}):
        check_problem(await ada.patch(path, json=move | wrong), 422)
    assert (await ada.get(path)).json() == task
    moved = (await ada.patch(path, json=move | {"label_ids": [str(label.id)]})).json()
    assert linked(moved) == ([str(label.id)], [ada.id], 2)
    assert moved["board_id"] == str(elsewhere.id)


async def test_many_tasks_get_and_lose_links_at_once(
    labels: list[str], column_id: str, ada: Client, bob: Client
) -> None:
    first = await created(ada, column_id, label_ids=labels[:1], assignee_ids=[ada.id])
    second = await created(ada, column_id, label_ids=labels)
    body: dict[str, Any] = {
        "ids": [first["id"], second["id"]],
        "add_label_ids": labels[1:],
        "remove_label_ids": labels[:1],
        "add_assignee_ids": [bob.id],
        "remove_assignee_ids": [ada.id],
    }
    for _ in range(2):  # the second time it changes nothing
        answer = await ada.patch("/api/tasks", json=body)
        assert [linked(task) for task in answer.json()] == [(labels[1:], [bob.id], 2)] * 2
    body = {"ids": body["ids"], "title": "B", "label_ids": labels, "assignee_ids": []}
    answer = await ada.patch("/api/tasks", json=body)
    assert [linked(task) for task in answer.json()] == [(labels, [], 3)] * 2


async def test_many_tasks_change_their_links_or_none_does(
    world: World, labels: list[str], column_id: str, ada: Client
) -> None:
    task = await created(ada, column_id)
    elsewhere = await world.task(await world.column(await world.board(ada.user)))
    body = {"ids": [task["id"], str(elsewhere.id)], "title": "B", "add_label_ids": labels}
    problem = check_problem(await ada.patch("/api/tasks", json=body), 422)
    assert problem["errors"][0]["pointer"] == "/add_label_ids"
    assert (await ada.get(f"/api/tasks/{task['id']}")).json() == task


@pytest.mark.parametrize("kind", ["labels", "assignees"])
async def test_each_route_that_links_counts_a_change(
    kind: str, labels: list[str], column_id: str, ada: Client
) -> None:
    task = await created(ada, column_id)
    target = labels[0] if kind == "labels" else ada.id
    path = f"/api/tasks/{task['id']}/{kind}/{target}"
    seen = []
    for method in ("PUT", "PUT", "DELETE", "DELETE"):
        await ada.request(method, path)
        seen.append((await ada.get(f"/api/tasks/{task['id']}")).json()["version"])
    assert seen == [2, 2, 3, 3]


async def test_a_change_of_links_counts_beside_another_change(
    board: Board, labels: list[str], column_id: str, ada: Client, bob: Client, database_url: str
) -> None:
    """Of two that are written together, each has a version of its own."""

    def waiting() -> list[Any]:
        return [caller for queue in WRITER._lanes.values() for caller in queue._by_caller]

    task = await created(ada, column_id)
    path = f"/api/tasks/{task['id']}"
    beside = await asyncpg.connect(database_url)
    async with beside.transaction():
        await beside.execute("SELECT FROM boards WHERE id = $1 FOR UPDATE", board.id)
        changes = []
        for client, body in ((bob, {"title": "B"}), (ada, {"label_ids": labels})):
            changes.append(asyncio.create_task(client.patch(path, json=body)))
            async with asyncio.timeout(30):
                while len(waiting()) < len(changes):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
    answers = [(await change).json() for change in changes]
    await beside.close()
    assert sorted(answer["version"] for answer in answers) == [2, 3]
    now = (await ada.get(path)).json()
    assert (now["title"], now["label_ids"], now["version"]) == ("B", labels, 3)


async def test_what_was_read_can_be_sent_to_another_board(
    world: World, labels: list[str], column_id: str, ada: Client, bob: Client
) -> None:
    task = await created(ada, column_id, label_ids=labels, assignee_ids=[ada.id, bob.id])
    there = await world.column(await world.board(ada.user))
    body = task | {"column_id": str(there.id)}
    moved = await ada.put(f"/api/tasks/{task['id']}", json=body)
    assert moved.status_code == 200
    assert linked(moved.json())[:2] == ([], [ada.id])
