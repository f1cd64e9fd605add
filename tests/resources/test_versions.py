"""Versions of records, and what is said of them: nobody overwrites what they haven't seen."""

import asyncio
from typing import Any

import pytest

from models.enums import Role
from models.tables import BoardComment, Comment, Label
from tests.conftest import PASSWORD, Client, World
from tests.helpers.answers import check_problem
from tests.helpers.hostile import UNKNOWN

Rows = Any


def more(*values: Any) -> list[Any]:
    """Return values that say little that others don't: each is tried on a record of each kind."""
    return [pytest.param(value, marks=pytest.mark.slow) for value in values]


async def one_of_each(world: World, client: Client) -> dict[str, str]:
    """Return the paths of a record of each kind that the client may change."""
    board = await world.board(client.user)
    column = await world.column(board)
    task = await world.task(column)
    subtask = await world.subtask(task)
    comment = await Comment.create(task=task, user=client.user, content="Comment")
    note = await BoardComment.create(board=board, user=client.user, content="Comment")
    label = await Label.create(board=board, name="Label")
    return {
        "users": f"/api/users/{client.id}",
        "boards": f"/api/boards/{board.id}",
        "columns": f"/api/columns/{column.id}",
        "tasks": f"/api/tasks/{task.id}",
        "subtasks": f"/api/subtasks/{subtask.id}",
        "comments": f"/api/comments/{comment.id}",
        "board-comments": f"/api/board-comments/{note.id}",
        "labels": f"/api/labels/{label.id}",
    }


CHANGE = {
    "users": {"username": "lovelace"},
    **{kind: {"title": "Changed"} for kind in ("boards", "columns", "tasks", "subtasks")},
    **{kind: {"content": "Changed"} for kind in ("comments", "board-comments")},
    "labels": {"name": "Changed"},
}


# What only the server sets, beside `id` and `version`.
READ_ONLY = {
    "users": {"registered_at", "disabled_at"},
    "boards": {"created_at", "updated_at", "my_role", "operations"},
    "columns": {"created_at", "updated_at", "dropped_label_ids", "dropped_assignee_ids"},
    "tasks": {
        "created_at", "updated_at", "board_id", "subtask_count", "completed_subtask_count",
        "comment_count", "dropped_label_ids", "dropped_assignee_ids",
    },
    "subtasks": {"created_at", "updated_at"},
    "comments": {"created_at", "updated_at", "task_id", "user_id", "author"},
    "board-comments": {"created_at", "updated_at", "board_id", "user_id", "author"},
    "labels": {"created_at", "updated_at", "board_id"},
}  # fmt: skip


def writable(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record that was read, without the version at which it was."""
    return {name: value for name, value in record.items() if name != "version"}


async def test_a_version_begins_at_1_and_counts_every_edit(world: World, ada: Client) -> None:
    for kind, path in (await one_of_each(world, ada)).items():
        read = await ada.get(path)
        assert (read.json()["version"], read.headers["etag"]) == (1, '"1"')
        put = await ada.put(path, json=writable(read.json()) | CHANGE[kind])
        assert (put.json()["version"], put.headers["etag"]) == (2, '"2"')
        patched = await ada.patch(path, json={name: read.json()[name] for name in CHANGE[kind]})
        assert (patched.json()["version"], patched.headers["etag"]) == (3, '"3"')
        again = await ada.get(path)
        assert again.json() == patched.json()
        assert again.headers["etag"] == '"3"'


async def test_a_change_to_the_same_values_is_no_change(world: World, ada: Client) -> None:
    paths = await one_of_each(world, ada)
    for path in paths.values():
        before = (await ada.get(path)).json()
        body = writable(before)
        for method in ("PUT", "PATCH"):
            again = await ada.request(method, path, json=body)
            assert (again.status_code, again.json()) == (200, before), (method, path)
            assert again.headers["etag"] == '"1"'
        for name in body:
            assert (await ada.patch(path, json={name: body[name]})).json() == before, (name, path)
    task = (await ada.get(paths["tasks"])).json()
    many = {"ids": [task["id"]], "title": task["title"], "column_id": task["column_id"]}
    assert (await ada.patch("/api/tasks", json=many)).json() == [task]
    changed = (await ada.patch("/api/tasks", json=many | {"title": "Other"})).json()
    assert [each["version"] for each in changed] == [2]


async def test_a_record_that_was_read_can_be_sent_back(world: World, ada: Client) -> None:
    for kind, path in (await one_of_each(world, ada)).items():
        read = (await ada.get(path)).json()
        for method in ("PUT", "PATCH"):
            answer = await ada.request(method, path, json=read)
            assert (answer.status_code, answer.json()) == (200, read)
        changed = await ada.put(path, json=read | CHANGE[kind])
        assert changed.json().items() >= (CHANGE[kind] | {"version": 2}).items()


async def test_what_only_the_server_sets_is_ignored(world: World, ada: Client) -> None:
    for kind, path in (await one_of_each(world, ada)).items():
        read = (await ada.get(path)).json()
        for value in (None, {"x": [1]}, "2020-01-01T00:00:00Z"):
            answer = await ada.patch(path, json=dict.fromkeys(READ_ONLY[kind], value))
            assert (answer.status_code, answer.json()) == (200, read)


async def test_the_id_of_another_record_is_refused(world: World, ada: Client, rows: Rows) -> None:
    for kind, path in (await one_of_each(world, ada)).items():
        record, before = (await ada.get(path)).json(), await rows()
        for other in (UNKNOWN, None, "x"):
            for method, body in (("PUT", record), ("PATCH", CHANGE[kind])):
                answer = await ada.request(method, path, json=body | {"id": other})
                [error] = check_problem(answer, 422)["errors"]
                assert error["pointer"] == "/id"
        assert await rows() == before


@pytest.mark.parametrize("version", [0, *more(2, 10**30)])
async def test_a_version_in_the_body_must_be_the_present_one(
    version: int, world: World, ada: Client, rows: Rows
) -> None:
    for kind, path in (await one_of_each(world, ada)).items():
        record, before = (await ada.get(path)).json(), await rows()
        for method, body in (("PUT", record | CHANGE[kind]), ("PATCH", CHANGE[kind])):
            for headers in ({}, {"If-Match": "*"}, {"If-Match": '"1"'}):
                answer = await ada.request(
                    method, path, json=body | {"version": version}, headers=headers
                )
                assert check_problem(answer, 412)["current"] == record
        stale = {"If-Match": '"2"'}
        answer = await ada.patch(path, json=CHANGE[kind] | {"version": 1}, headers=stale)
        check_problem(answer, 412)
        assert await rows() == before
        for right in (1.0, 2):
            [name] = CHANGE[kind]
            body = {name: f"changed.{right}", "version": right}
            assert (await ada.patch(path, json=body)).json()["version"] == right + 1


@pytest.mark.parametrize("version", [None, "1", 1.5, True, []])
async def test_a_version_that_is_no_number_is_refused(
    version: Any, world: World, ada: Client
) -> None:
    for kind, path in (await one_of_each(world, ada)).items():
        answer = await ada.patch(path, json=CHANGE[kind] | {"version": version})
        [error] = check_problem(answer, 422)["errors"]
        assert error["pointer"] == "/version"


async def test_of_many_who_send_the_same_version_one_wins(world: World, ada: Client) -> None:
    path = (await one_of_each(world, ada))["tasks"]
    bodies = [{"title": f"Number {n}", "version": 1} for n in range(20)]
    answers = await asyncio.gather(*(ada.patch(path, json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19


async def test_of_many_only_those_that_differ_change(world: World, ada: Client) -> None:
    column = await world.column(await world.board(ada.user))
    tasks = [await world.task(column, n) for n in range(2)]
    await ada.patch(f"/api/tasks/{tasks[0].id}", json={"priority": "HIGH"})
    body = {"ids": [str(task.id) for task in tasks], "priority": "HIGH"}
    answer = await ada.patch("/api/tasks", json=body)
    assert [task["version"] for task in answer.json()] == [2, 2]


async def test_the_same_change_sent_at_once_counts_once(world: World, ada: Client) -> None:
    path = (await one_of_each(world, ada))["tasks"]
    body = {"title": "Changed", "due_date": "2026-05-01T12:00:00+02:00", "description": None}
    answers = await asyncio.gather(*(ada.patch(path, json=body) for _ in range(20)))
    assert {answer.json()["version"] for answer in answers} == {2}
    assert (await ada.patch(path, json=body | {"due_date": None})).json()["version"] == 3


@pytest.mark.parametrize("moves", [False, True])
async def test_only_a_move_to_another_place_is_a_change(
    moves: bool, world: World, ada: Client
) -> None:
    column = await world.column(await world.board(ada.user))
    first, gone, second, third, gone_too, last = [await world.task(column, n) for n in range(6)]
    for task in (gone, gone_too):
        assert (await ada.delete(f"/api/tasks/{task.id}")).status_code == 204
    path = f"/api/tasks/{(first if moves else second).id}"
    before = (await ada.get(path)).json()
    ways: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/move", {"position": 1}),
        ("POST", "/move", {"after": str(first.id)}),
        ("POST", "/move", {"before": str(third.id)}),
        ("POST", "/move", {"column_id": str(column.id), "position": 1}),
        ("PATCH", "", {"position": 1, "title": before["title"]}),
        ("PUT", "", writable(before) | {"position": 1}),
    ]
    for method, end, body in ways:
        if moves and "after" in body:
            continue  # nothing goes after itself
        answer = await ada.request(method, path + end, json=body)
        assert answer.status_code == 200
        if not moves:
            assert answer.json() == before, body
        else:
            assert answer.json()["version"] == before["version"] + 1, body
            before = (await ada.post(f"{path}/move", json={"position": 0})).json()
    to_the_end = await ada.post(f"/api/tasks/{last.id}/move", json={"position": 99})
    assert to_the_end.json()["version"] == 1


async def test_a_new_record_was_changed_when_it_was_made(world: World, ada: Client) -> None:
    board = (await ada.post("/api/boards", json={"title": "Launch"})).json()
    made = [board]
    for path, body in (
        ("columns", {"board_id": board["id"], "title": "Column"}),
        ("labels", {"board_id": board["id"], "name": "Label"}),
    ):
        made.append((await ada.post(f"/api/{path}", json=body)).json())
    body = {"column_id": made[1]["id"], "title": "Task"}
    made.append(task := (await ada.post("/api/tasks", json=body)).json())
    for path, name in (("subtasks", "title"), ("comments", "content")):
        answer = await ada.post(f"/api/{path}", json={"task_id": task["id"], name: "Text"})
        made.append(answer.json())
    assert all(each["created_at"] == each["updated_at"] for each in made)
    patched = (await ada.patch(f"/api/boards/{board['id']}", json={"title": "Other"})).json()
    assert patched["updated_at"] > patched["created_at"] == board["created_at"]


async def test_a_new_record_has_an_etag(ada: Client) -> None:
    board = await ada.post("/api/boards", json={"title": "Launch"})
    assert (board.json()["version"], board.headers["etag"]) == (1, '"1"')


async def test_with_the_present_version_a_record_changes(world: World, ada: Client) -> None:
    for kind, path in (await one_of_each(world, ada)).items():
        [name] = CHANGE[kind]
        for tags in ('"1"', '"9", "2"', "*", 'W/"1" , "4"'):
            change = {name: f"changed.{len(tags)}"}
            response = await ada.patch(path, json=change, headers={"If-Match": tags})
            assert response.status_code == 200, tags


@pytest.mark.parametrize("tag", ['W/"{}"', '"{}-gzip"', *more('"{};gzip"', 'W/"{}--br"')])
async def test_a_tag_that_a_compressing_proxy_changed_matches(
    tag: str, world: World, ada: Client
) -> None:
    for kind, path in reversed((await one_of_each(world, ada)).items()):  # the account last
        record = (await ada.get(path)).json()
        for method, body in (
            ("PUT", writable(record) | CHANGE[kind]),
            ("PATCH", CHANGE[kind]),
            ("DELETE", {"current_password": PASSWORD} if kind == "users" else None),
        ):
            for version, success in ((record["version"] + 1, False), (record["version"], True)):
                headers = {"If-Match": tag.format(version)}
                response = await ada.request(method, path, json=body, headers=headers)
                assert response.is_success is success, (path, method)
                if not success:
                    record = check_problem(response, 412)["current"]
                elif method != "DELETE":
                    record = response.json()


@pytest.mark.parametrize("tags", ['"1"', 'W/"1"', *more('"3"', '"1", "3"', '"2-x"', '""', '"x"')])
async def test_another_version_changes_nothing_and_returns_the_record(
    tags: str, world: World, ada: Client, rows: Rows
) -> None:
    for kind, path in (await one_of_each(world, ada)).items():
        body = writable((await ada.patch(path, json=CHANGE[kind])).json())
        present, before = (await ada.get(path)).json(), await rows()
        for method, content in (
            ("PUT", body),
            ("PATCH", CHANGE[kind]),
            ("DELETE", {"current_password": PASSWORD} if kind == "users" else None),
            *([("POST", {"position": 0})] if kind in ("columns", "tasks", "subtasks") else []),
        ):
            response = await ada.request(
                method,
                path if method != "POST" else f"{path}/move",
                json=content,
                headers={"If-Match": tags},
            )
            problem = check_problem(response, 412)
            assert problem["type"] == "/problems/version-conflict"
            assert problem["current"] == present
        assert await rows() == before


async def test_of_four_concurrent_changes_with_one_etag_one_wins(world: World, ada: Client) -> None:
    for kind, path in (await one_of_each(world, ada)).items():
        read = await ada.get(path)
        body = writable(read.json()) | CHANGE[kind]
        answers = await asyncio.gather(
            *(ada.put(path, json=body, headers={"If-Match": read.headers["etag"]}) for _ in "1234")
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
        [winner] = [answer for answer in answers if answer.status_code == 200]
        losers = [answer.json()["current"] for answer in answers if answer is not winner]
        assert losers == [winner.json()] * 3


async def test_an_etag_is_what_the_conflict_is_resolved_with(world: World, ada: Client) -> None:
    path = (await one_of_each(world, ada))["tasks"]
    await ada.patch(path, json={"priority": "HIGH"})
    refused = await ada.patch(path, json={"title": "Mine"}, headers={"If-Match": '"1"'})
    current = refused.json()["current"]
    again = await ada.patch(
        path, json={"title": "Mine"}, headers={"If-Match": f'"{current["version"]}"'}
    )
    assert (again.status_code, again.json()["priority"]) == (200, "HIGH")


async def test_a_sibling_that_makes_room_keeps_its_version(world: World, ada: Client) -> None:
    board = await world.board(ada.user)
    column = await world.column(board)
    tasks = [await world.task(column, position) for position in range(3)]
    moved = await ada.post(f"/api/tasks/{tasks[2].id}/move", json={"position": 0})
    assert moved.json()["version"] == 2
    await ada.post("/api/tasks", json={"column_id": str(column.id), "title": "x", "position": 0})
    listed = (await ada.get(f"/api/columns/{column.id}/tasks")).json()
    versions = {task["id"]: task["version"] for task in listed}
    assert [versions[str(task.id)] for task in tasks] == [1, 1, 2]


async def test_who_may_not_change_it_learns_nothing_of_its_version(
    world: World, ada: Client, bob: Client
) -> None:
    member = await world.person("member")
    board = await world.board(ada.user, members={member.user: Role.MEMBER})
    path, stale = f"/api/boards/{board.id}", {"If-Match": '"9"'}
    assert (await bob.patch(path, json={"title": "x"}, headers=stale)).status_code == 404
    assert (await member.patch(path, json={"title": "x"}, headers=stale)).status_code == 403
    assert (await member.delete(path, headers=stale)).status_code == 403
    assert (await ada.delete(path, headers=stale)).status_code == 412
    assert (await ada.delete(path, headers={"If-Match": '"1"'})).status_code == 204


async def test_the_email_of_another_account_is_not_in_the_problem(
    world: World, admin: Client
) -> None:
    user = await world.user("bob")
    response = await admin.patch(
        f"/api/users/{user.id}", json={"username": "x"}, headers={"If-Match": '"9"'}
    )
    assert response.status_code == 422  # too short a name comes first
    response = await admin.patch(
        f"/api/users/{user.id}", json={"username": "robert"}, headers={"If-Match": '"9"'}
    )
    assert response.json()["current"]["email"] == "bob@example.com"  # an admin sees it anyway


@pytest.mark.parametrize("tags", ["1", '"1', '1"', "", " ", '"1",', '"1" "2"', 'w/"1"', '"1";"2"'])
async def test_what_is_no_etag_is_refused(tags: str, world: World, ada: Client) -> None:
    board = await world.board(ada.user)
    headers = {"If-Match": tags}
    response = await ada.patch(f"/api/boards/{board.id}", json={"title": "x"}, headers=headers)
    [error] = check_problem(response, 422)["errors"]
    assert (error["parameter"], error["detail"]) == (
        "If-Match", 'Must be * or ETags in quotes, such as "3".',
    )  # fmt: skip


async def lists(world: World, client: Client) -> list[str]:
    paths = await one_of_each(world, client)
    return [
        *(f"/api/{kind}" for kind in paths),
        f"{paths['users']}/boards",
        f"{paths['boards']}/users",
        f"{paths['boards']}/columns",
        f"{paths['columns']}/tasks",
        f"{paths['tasks']}/subtasks",
        "/api/auth/sessions",
    ]


async def test_a_list_that_is_the_same_is_not_sent_again(world: World, ada: Client) -> None:
    for path in await lists(world, ada):
        first = await ada.get(path)
        tag = first.headers["etag"]
        for known in (tag, f"W/{tag}", f'{tag[:-1]}-gzip"', f'"other", {tag}', "*"):
            again = await ada.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b""), path
            assert again.headers["etag"] == tag
            assert again.headers["cache-control"] == first.headers["cache-control"]
        other = await ada.get(path, headers={"If-None-Match": '"other"'})
        assert (other.status_code, other.json(), other.headers["etag"]) == (200, first.json(), tag)


async def test_a_list_that_has_changed_has_another_etag(world: World, ada: Client) -> None:
    board = await world.board(ada.user)
    column = await world.column(board)
    task = await world.task(column)
    path = f"/api/columns/{column.id}/tasks"
    tags: set[str] = set()
    for change in (
        None,
        ada.patch(f"/api/tasks/{task.id}", json={"title": "Another"}),
        ada.post("/api/tasks", json={"column_id": str(column.id), "title": "x", "position": 0}),
        ada.delete(f"/api/tasks/{task.id}"),
    ):
        if change:
            assert (await change).is_success
        response = await ada.get(path, headers={"If-None-Match": ", ".join(tags) or '""'})
        assert response.status_code == 200
        tags.add(response.headers["etag"])
    assert len(tags) == 4


async def test_a_page_after_which_there_is_more_now_is_another_one(
    world: World, ada: Client
) -> None:
    board = await world.board(ada.user)
    column = await world.column(board)
    await world.task(column, 0)
    path = f"/api/columns/{column.id}/tasks?limit=1"
    last = await ada.get(path)
    await world.task(column, 1)
    response = await ada.get(path, headers={"If-None-Match": last.headers["etag"]})
    assert (response.status_code, response.json()) == (200, last.json())
    known = await ada.get(path, headers={"If-None-Match": response.headers["etag"]})
    assert (known.status_code, known.headers["link"]) == (304, response.headers["link"])
