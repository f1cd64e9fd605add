"""`created_by` and `updated_by`: the makers of records, and who last changed them."""

from typing import Any

import pytest
from tortoise import Tortoise

from models.enums import Role
from models.tables import Board, Event, Task
from tests.access.test_batches import together
from tests.conftest import Client, Rows, World

Answer = dict[str, Any]


@pytest.fixture
async def records(ada: Client, bob: Client, world: World) -> dict[str, Answer]:
    """Return a record of each kind that has authors, made by ada, on a board with bob."""
    made: dict[str, Answer] = {}
    bodies: list[tuple[str, str, Answer]] = [
        ("board", "boards", {"title": "x"}),
        ("column", "columns", {"board_id": "board", "title": "x"}),
        ("task", "tasks", {"column_id": "column", "title": "x", "subtasks": [{"title": "x"}]}),
        ("subtask", "subtasks", {"task_id": "task", "title": "x"}),
        ("label", "labels", {"board_id": "board", "name": "x"}),
    ]
    for name, path, body in bodies:
        ids = {key: made[str(value)]["id"] for key, value in body.items() if key.endswith("_id")}
        answer = await ada.post(f"/api/{path}", json=body | ids)
        assert answer.status_code == 201, answer.text
        made[name] = answer.json()
    await world.join(await Board.get(id=made["board"]["id"]), bob.user, Role.MODERATOR)
    return made


def authors(record: Answer) -> tuple[str | None, str | None]:
    return record["created_by"], record["updated_by"]


NAMES = {"board": "title", "column": "title", "task": "title", "subtask": "title", "label": "name"}


@pytest.mark.parametrize("name", NAMES)
async def test_a_record_says_who_made_and_who_changed_it(
    records: dict[str, Answer], name: str, ada: Client, bob: Client
) -> None:
    path = f"/api/{name}s/{records[name]['id']}"
    assert authors(records[name]) == (ada.id, ada.id)
    # Only the server says who it was; and a change to what is there already is none.
    nobody = {"created_by": None, "updated_by": bob.id}
    same = await bob.patch(path, json={NAMES[name]: "x", **nobody})
    assert same.json() == (await ada.get(path)).json() | {
        key: same.json()[key] for key in ("my_role", "operations") if key in same.json()
    }
    assert authors(same.json()) == (ada.id, ada.id)
    changed = await bob.patch(path, json={NAMES[name]: "y"})
    assert authors(changed.json()) == (ada.id, bob.id)
    assert authors((await ada.get(path)).json()) == (ada.id, bob.id)
    replaced = await ada.put(path, json=changed.json() | {NAMES[name]: "z"})
    assert authors(replaced.json()) == (ada.id, ada.id)
    keyed = await bob.patch(path, json={NAMES[name]: "y"}, headers={"Idempotency-Key": "k"})
    assert authors(keyed.json()) == (ada.id, bob.id)
    events = await Event.filter(record_id=records[name]["id"]).values_list("after", flat=True)
    assert not any("updated_by" in (after or {}) for after in events)


async def test_links_bulk_changes_and_the_archive_count(
    records: dict[str, Answer], ada: Client, bob: Client
) -> None:
    task, label = records["task"]["id"], records["label"]["id"]
    changes: list[tuple[str, str, Answer | None, Client]] = [
        ("PUT", f"tasks/{task}/labels/{label}", None, bob),
        ("PATCH", f"tasks/{task}", {"label_ids": []}, ada),
        ("PATCH", "tasks", {"ids": [task], "priority": "HIGH"}, bob),
        ("PATCH", "tasks", {"ids": [task], "add_label_ids": [label]}, ada),
        ("POST", f"tasks/{task}/archive", None, bob),
        ("POST", f"tasks/{task}/unarchive", None, ada),
        ("POST", f"tasks/{task}/move", {"column_id": records["column"]["id"]}, ada),
    ]
    for method, path, body, who in changes:
        assert (await who.request(method, f"/api/{path}", json=body)).is_success
        shown = (await ada.get(f"/api/tasks/{task}")).json()
        assert authors(shown) == (ada.id, who.id), path
    # As the version, it stays when nothing changes, and in the trash.
    await bob.put(f"/api/tasks/{task}/labels/{label}")
    await bob.delete(f"/api/tasks/{task}")
    restored = await bob.post(f"/api/tasks/{task}/restore")
    assert authors(restored.json()) == (ada.id, ada.id)
    subtasks = (await ada.get(f"/api/tasks/{task}/subtasks")).json()
    assert [authors(each) for each in subtasks] == [(ada.id, ada.id)] * 2
    [made] = (await bob.post(
        "/api/tasks/bulk", json={"items": [{"column_id": records["column"]["id"], "title": "b"}]}
    )).json()  # fmt: skip
    assert authors(made) == (bob.id, bob.id)


async def test_a_copy_is_made_by_who_copies(
    records: dict[str, Answer], ada: Client, bob: Client
) -> None:
    path = f"/api/boards/{records['board']['id']}/copy"
    copy = (await bob.post(path, json={"include": ["tasks", "subtasks", "labels"]})).json()
    full = (await bob.get(f"/api/boards/{copy['id']}/full")).json()
    [column] = full["columns"]
    [task] = column["tasks"]
    subtasks = (await bob.get(f"/api/tasks/{task['id']}/subtasks")).json()
    for record in (copy, full, column, task, *full["labels"], *subtasks):
        assert authors(record) == (bob.id, bob.id)
    assert len(subtasks) == 2


async def test_callers_of_one_batch_are_told_apart(
    records: dict[str, Answer], ada: Client, bob: Client, database_url: str
) -> None:
    body = {"column_id": records["column"]["id"], "title": "b", "subtasks": [{"title": "x"}]}
    answers = await together(
        database_url, *(who.post("/api/tasks", json=body) for who in (ada, bob, ada, bob))
    )
    for answer, who in zip(answers, (ada, bob, ada, bob), strict=True):
        assert authors(answer.json()) == (who.id, who.id)
        [subtask] = (await ada.get(f"/api/tasks/{answer.json()['id']}/subtasks")).json()
        assert authors(subtask) == (who.id, who.id)


async def test_by_hand_it_was_nobody(records: dict[str, Answer], ada: Client) -> None:
    connection = Tortoise.get_connection("default")
    await connection.execute_query(
        "INSERT INTO tasks (id, column_id, title, rank) SELECT gen_random_uuid(), column_id, "
        "'By hand', rank || '1' FROM tasks"
    )
    found = await Task.get(title="By hand")
    assert authors((await ada.get(f"/api/tasks/{found.id}")).json()) == (None, None)


async def test_the_id_of_who_is_gone_stays(
    records: dict[str, Answer], ada: Client, bob: Client, admin: Client, rows: Rows
) -> None:
    """Their deletion writes to none of the records, and is no event of them."""
    for name in NAMES:
        path = f"/api/{name}s/{records[name]['id']}"
        records[name] = (await bob.patch(path, json={NAMES[name]: "y"})).json()
    newest = await Event.all().order_by("-id").first()
    assert newest
    assert (await admin.delete(f"/api/users/{bob.id}")).status_code == 204
    for name in NAMES:
        shown = (await ada.get(f"/api/{name}s/{records[name]['id']}")).json()
        assert authors(shown) == (ada.id, bob.id)
        for field in ("version", "updated_at"):
            assert shown[field] == records[name][field]
    assert (await ada.get(f"/api/users/{bob.id}")).status_code == 404
    kinds = await Event.filter(id__gt=newest.id).values_list("kind", flat=True)
    assert {*kinds} <= {"user.deleted", "member.removed", "session.ended"}
