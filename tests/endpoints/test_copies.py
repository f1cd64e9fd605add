"""Copies of boards, columns and tasks."""

from typing import Any, NamedTuple

import pytest

from api.settings import settings
from models.enums import Role
from models.tables import Board, BoardUser, Column, Comment, Label, Subtask, Task
from tests.conftest import Client, World
from tests.helpers.answers import check_problem

ALL = ["tasks", "subtasks", "labels", "members"]


class Source(NamedTuple):
    board: str
    column: str
    task: str
    labels: list[str]


@pytest.fixture
async def source(world: World, ada: Client, bob: Client) -> Source:
    """Create a board of two columns, and on the first one two tasks with all that there is."""
    board = await world.board(ada.user, members={bob.user: Role.MEMBER})
    await Board.filter(id=board.id).update(title="Plan", description="All of it", color="#2f80ed")
    await Board.filter(id=board.id).update(time_zone="Asia/Tokyo")
    columns = [await Column.create(board=board, title=title) for title in ("Open", "Done")]
    labels = [await Label.create(board=board, name="Urgent") for _ in range(2)]
    tasks = []
    for title in "ab":
        body = {
            "column_id": str(columns[0].id),
            "title": title,
            "position": 0,
            "due_date": "2026-05-01",
            "priority": "HIGH",
            "status": "DONE",
            "color": "#2f80ed",
            "description": "Two paragraphs",
            "label_ids": [str(label.id) for label in labels],
            "assignee_ids": [bob.id, ada.id],
            "subtasks": [{"title": "First"}, {"title": "Second"}],
        }
        task = (await ada.post("/api/tasks", json=body)).json()
        await Subtask.filter(task_id=task["id"], title="Second").update(is_completed=True)
        await Comment.create(task_id=task["id"], user=bob.user, content="Well")
        tasks.append(task["id"])
    for parent in (columns[0], columns[1]):
        gone = await world.task(parent)
        await ada.delete(f"/api/tasks/{gone.id}")
    return Source(str(board.id), str(columns[0].id), tasks[1], [str(each.id) for each in labels])


async def copied(client: Client, path: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/{path}/copy", json=body)
    assert answer.status_code == 201, answer.text
    record: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/{path.partition('/')[0]}/{record['id']}"
    assert (record["version"], answer.headers["etag"]) == (1, '"1"')
    assert (await client.get(answer.headers["location"])).json() == record
    return record


OWN = {"id", "created_at", "updated_at", "created_by", "updated_by", "version", "position"}


def same(copy: dict[str, Any], original: dict[str, Any], *but: str) -> bool:
    """Tell whether a copy holds what the original does, but for what is its own."""
    shown = [{k: v for k, v in each.items() if k not in {*OWN, *but}} for each in (copy, original)]
    assert copy["id"] != original["id"]
    assert copy["created_at"] == copy["updated_at"] > original["created_at"]
    return shown[0] == shown[1]


async def subtasks(client: Client, task: str) -> list[tuple[str, bool]]:
    found = (await client.get(f"/api/tasks/{task}/subtasks")).json()
    return [(each["title"], each["is_completed"]) for each in found]


async def test_a_task_is_copied_right_after_itself(source: Source, bob: Client) -> None:
    original = (await bob.get(f"/api/tasks/{source.task}")).json()
    copy = await copied(bob, f"tasks/{source.task}", include=ALL)
    assert same(copy, original, "comment_count")
    assert (copy["comment_count"], copy["completed_subtask_count"]) == (0, 1)
    assert copy["label_ids"] == source.labels
    assert await subtasks(bob, copy["id"]) == [("First", False), ("Second", True)]
    listed = (await bob.get(f"/api/columns/{source.column}/tasks")).json()
    assert [task["title"] for task in listed] == ["b", "b", "a"]
    assert listed[1] == copy
    bare = await copied(bob, f"tasks/{source.task}", title="c", include=[])
    assert (bare["title"], bare["label_ids"], bare["assignee_ids"]) == ("c", [], [])
    assert await subtasks(bob, bare["id"]) == []


async def test_a_column_is_copied_right_after_itself(source: Source, bob: Client) -> None:
    await copied(bob, f"columns/{source.column}", title="Next")
    await copied(bob, f"columns/{source.column}", include=["labels"])
    board = (await bob.get(f"/api/boards/{source.board}/full")).json()
    assert [column["title"] for column in board["columns"]] == ["Open", "Open", "Next", "Done"]
    original, empty, copy, _ = board["columns"]
    assert empty["tasks"] == []
    for task, old in zip(copy["tasks"], original["tasks"], strict=True):
        assert same(task, old, "column_id", "comment_count", "assignee_ids")
        assert task["assignee_ids"] == []
        assert await subtasks(bob, task["id"]) == [("First", False), ("Second", True)]


async def test_a_board_is_copied_with_its_members(source: Source, ada: Client, bob: Client) -> None:
    await ada.put(f"/api/boards/{source.board}/users/{bob.id}", json={"role": "MODERATOR"})
    copy = await copied(bob, f"boards/{source.board}", title="Next plan", include=ALL)
    assert copy["time_zone"] == "Asia/Tokyo"
    assert (copy["title"], copy["description"], copy["color"], copy["my_role"]) == (
        "Next plan", "All of it", "#2f80ed", "CREATOR",
    )  # fmt: skip
    old, new = [
        (await ada.get(f"/api/boards/{each}/full")).json() for each in (source.board, copy["id"])
    ]
    assert [(each["id"], each["role"]) for each in new["members"]] == [
        (bob.id, "CREATOR"), (ada.id, "MODERATOR"),
    ]  # fmt: skip
    assert [column["title"] for column in new["columns"]] == ["Open", "Done"]
    labels = [label["id"] for label in new["labels"]]
    assert [label["name"] for label in new["labels"]] == ["Urgent", "Urgent"]
    assert not {*labels} & {*source.labels}
    pairs = zip(new["columns"][0]["tasks"], old["columns"][0]["tasks"], strict=True)
    for task, original in pairs:
        assert same(task, original, "board_id", "column_id", "label_ids", "comment_count")
        assert task["label_ids"] == labels
    # The original is as it was, and the copy has nothing in the trash.
    assert (await ada.get(f"/api/boards/{copy['id']}/trash")).json() == []
    assert old["version"] == 1


async def test_a_copied_board_takes_no_members_unasked(source: Source, bob: Client) -> None:
    copy = await copied(bob, f"boards/{source.board}")
    whole = (await bob.get(f"/api/boards/{copy['id']}/full")).json()
    assert [each["id"] for each in whole["members"]] == [bob.id]
    assert [task["assignee_ids"] for task in whole["columns"][0]["tasks"]] == [[], []]
    check_problem(
        await bob.post(f"/api/boards/{source.board}/copy", json={"include": ["members"]}), 403
    )
    assert await Board.all().count() == 2


@pytest.mark.parametrize(
    ("is_public", "visibility", "expected"),
    [(True, "public", True), (True, "private", False), (False, "public", False)],
)
async def test_a_copy_is_no_more_public_than_its_source(
    is_public: bool, visibility: str, expected: bool, source: Source, ada: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    await Board.filter(id=source.board).update(is_public=is_public)
    monkeypatch.setenv("DEFAULT_BOARD_VISIBILITY", visibility)
    settings.cache_clear()
    copy = await copied(ada, f"boards/{source.board}")
    monkeypatch.undo()
    settings.cache_clear()
    assert copy["is_public"] == expected


async def test_templates_are_listed_and_their_copies_are_none(source: Source, ada: Client) -> None:
    path = f"/api/boards/{source.board}"
    assert (await ada.patch(path, json={"is_template": True})).json()["is_template"]
    assert not (await copied(ada, f"boards/{source.board}"))["is_template"]
    for flag, titles in (("true", 1), ("false", 1)):
        listed = (await ada.get(f"/api/boards?is_template={flag}")).json()
        assert len(listed) == titles
        assert (listed[0]["id"] == source.board) == (flag == "true")
    check_problem(await ada.patch(path, json={"is_template": None}), 422)


@pytest.mark.parametrize(
    "body",
    [{"title": " "}, {"title": None}, {"include": ["comments"]}, {"include": ["tasks"] * 2},
     {"include": None}, {"rank": "0"}],
)  # fmt: skip
async def test_a_senseless_copy_is_refused(body: Any, source: Source, ada: Client) -> None:
    check_problem(await ada.post(f"/api/tasks/{source.task}/copy", json=body), 422)
    assert await Task.filter(deleted_at=None).count() == 2


async def test_a_full_column_takes_no_copy(source: Source, ada: Client) -> None:
    await ada.patch(f"/api/columns/{source.column}", json={"task_limit": 2})
    problem = check_problem(await ada.post(f"/api/tasks/{source.task}/copy", json={}), 409)
    assert problem["type"] == "/problems/column-full"
    assert await Task.filter(deleted_at=None).count() == 2


async def test_an_archived_task_is_copied_to_the_end(source: Source, ada: Client) -> None:
    await ada.post(f"/api/tasks/{source.task}/archive")
    copy = await copied(ada, f"tasks/{source.task}")
    assert (copy["position"], copy["archived_at"]) == (1, None)


async def test_what_is_archived_is_not_copied(source: Source, ada: Client) -> None:
    await ada.post(f"/api/tasks/{source.task}/archive")
    copy = await copied(ada, f"columns/{source.column}")
    tasks = (await ada.get(f"/api/columns/{copy['id']}/tasks")).json()
    assert [task["title"] for task in tasks] == ["a"]


async def test_what_is_in_the_trash_is_not_copied(source: Source, ada: Client) -> None:
    await ada.delete(f"/api/columns/{source.column}")
    for path in (f"columns/{source.column}", f"tasks/{source.task}"):
        check_problem(await ada.post(f"/api/{path}/copy", json={}), 404)
    copy = await copied(ada, f"boards/{source.board}")
    columns = (await ada.get(f"/api/boards/{copy['id']}/columns")).json()
    assert [column["title"] for column in columns] == ["Done"]
    assert await BoardUser.filter(board_id=copy["id"]).count() == 1
