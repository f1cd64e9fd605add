"""Nobody reaches what isn't theirs, and nothing of it gets out: not by an id, not by a field, not
by a role, not by an answer.

What is expected is written by hand from the contract, never taken from the code under test.
"""

import base64
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import product
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from models.enums import Role
from models.tables import (
    Board,
    BoardComment,
    BoardUser,
    Comment,
    Event,
    Invitation,
    Label,
    Notification,
    TaskAssignee,
    TaskLabel,
    User,
)
from tests.conftest import PASSWORD, Client, World
from tests.helpers.openapi import resolved

Rows = Callable[[], Awaitable[dict[str, list[asyncpg.Record]]]]
UNKNOWN = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"
NEW_PASSWORD = "a lighthouse at dawn"

# What clients send, from the contract: nothing else. A field in brackets may be left out; a value
# in braces is the id of a record.
BODIES: dict[str, dict[str, Any]] = {
    "POST /api/auth/register": {
        "username": "newcomer", "email": "new@example.com", "password": NEW_PASSWORD,
        "[invitation]": "link"},
    "POST /api/auth/login": {"username": "bystander", "password": PASSWORD},
    "PUT /api/auth/password": {"current_password": PASSWORD, "new_password": NEW_PASSWORD},
    "PUT /api/users/{user_id}/password": {"new_password": NEW_PASSWORD},
    "POST /api/users": {
        "username": "newcomer", "email": "new@example.com", "password": NEW_PASSWORD,
        "[is_admin]": False},
    "PUT /api/users/{user_id}": {
        "username": "renamed", "email": "renamed@example.com", "[avatar_url]": None,
        "[is_admin]": False, "[current_password]": PASSWORD},
    "PATCH /api/users/{user_id}": {
        "[username]": "renamed", "[email]": "renamed@example.com", "[avatar_url]": None,
        "[is_admin]": False, "[current_password]": PASSWORD},
    "DELETE /api/users/{user_id}": {"[current_password]": PASSWORD},
    "POST /api/boards": {
        "title": "New", "[description]": "", "[is_public]": False, "[is_template]": False,
        "[viewers_can_comment]": True, "[color]": None,
        "[limits_are_advisory]": True, "[time_zone]": "UTC"},
    "PUT /api/boards/{board_id}": {
        "title": "New", "[description]": "", "[is_public]": False, "[is_template]": False,
        "[viewers_can_comment]": True, "[color]": None,
        "[limits_are_advisory]": True, "[time_zone]": "UTC"},
    "PATCH /api/boards/{board_id}": {
        "[title]": "New", "[description]": "", "[is_public]": False, "[is_template]": False,
        "[viewers_can_comment]": True, "[color]": None,
        "[limits_are_advisory]": True, "[time_zone]": "UTC"},
    "POST /api/boards/{board_id}/copy": {"[title]": "New", "[include]": []},
    "POST /api/boards/{board_id}/users": {
        "[user_id]": "{bystander}", "[username]": "bystander", "[email]": "bystander@example.com",
        "[role]": "MEMBER"},
    "PUT /api/boards/{board_id}/users/{user_id}": {"role": "MODERATOR"},
    "POST /api/boards/{board_id}/invitations": {
        "[role]": "MEMBER", "[expires_in]": 60, "[max_uses]": None},
    "POST /api/auth/tokens": {"name": "New", "scopes": ["read"], "[expires_in]": 60},
    "POST /api/columns": {
        "board_id": "{board}", "title": "New", "[position]": 0, "[color]": None,
        "[task_limit]": 9},
    "PUT /api/columns/{column_id}": {
        "[board_id]": "{board}", "title": "New", "[position]": 0, "[color]": None,
        "[task_limit]": 9, "[match_labels]": True},
    "PATCH /api/columns/{column_id}": {
        "board_id": "{board}", "[title]": "New", "[position]": 0, "[color]": None,
        "[task_limit]": 9, "[match_labels]": True},
    "POST /api/columns/{column_id}/move": {
        "board_id": "{board}", "[position]": 0, "[before]": "", "[after]": "",
        "[match_labels]": True},
    "POST /api/columns/{column_id}/copy": {"[title]": "New", "[include]": []},
    "POST /api/tasks": {
        "column_id": "{column}", "title": "New", "[description]": "", "[position]": 0,
        "[due_date]": None, "[priority]": "HIGH", "[status]": "DONE", "[color]": None,
        "[label_ids]": [], "[assignee_ids]": [], "[subtasks]": []},
    "POST /api/tasks/bulk": {"items": [{"column_id": "{column}", "title": "New"}]},
    "PUT /api/tasks/{task_id}": {
        "column_id": "{column}", "title": "New", "[description]": "", "[position]": 0,
        "[due_date]": None, "[priority]": "HIGH", "[status]": "DONE", "[color]": None,
        "[label_ids]": [], "[assignee_ids]": [], "[match_labels]": True},
    "PATCH /api/tasks/{task_id}": {
        "column_id": "{column}", "[title]": "New", "[description]": "", "[position]": 0,
        "[due_date]": None, "[priority]": "HIGH", "[status]": "DONE", "[color]": None,
        "[label_ids]": [], "[assignee_ids]": [], "[match_labels]": True},
    "PATCH /api/tasks": {
        "ids": ["{task}"], "column_id": "{column}", "[title]": "New", "[description]": "",
        "[due_date]": None, "[priority]": "HIGH", "[status]": "DONE", "[color]": None,
        "[label_ids]": [], "[add_label_ids]": [], "[remove_label_ids]": [],
        "[assignee_ids]": [], "[add_assignee_ids]": [], "[remove_assignee_ids]": [],
        "[match_labels]": True},
    "POST /api/tasks/{task_id}/move": {
        "column_id": "{column}", "[position]": 0, "[before]": "", "[after]": "",
        "[match_labels]": True},
    "POST /api/tasks/{task_id}/copy": {"[title]": "New", "[include]": []},
    "POST /api/subtasks": {
        "task_id": "{task}", "title": "New", "[position]": 0, "[is_completed]": True},
    "PUT /api/subtasks/{subtask_id}": {
        "[task_id]": "{task}", "title": "New", "[position]": 0, "[is_completed]": True},
    "PATCH /api/subtasks/{subtask_id}": {
        "[task_id]": "{task}", "[title]": "New", "[position]": 0, "[is_completed]": True},
    "POST /api/subtasks/{subtask_id}/move": {
        "task_id": "{task}", "[position]": 0, "[before]": "", "[after]": ""},
    "POST /api/comments": {"task_id": "{task}", "content": "New"},
    "PUT /api/comments/{comment_id}": {"content": "New"},
    "PATCH /api/comments/{comment_id}": {"[content]": "New"},
    "PUT /api/notifications/settings": {"[due_in_3_days]": True, "[due_in_1_day]": False},
    "POST /api/board-comments": {"board_id": "{board}", "content": "New"},
    "PUT /api/board-comments/{board_comment_id}": {"content": "New"},
    "PATCH /api/board-comments/{board_comment_id}": {"[content]": "New"},
    "POST /api/labels": {"board_id": "{board}", "name": "New", "[color]": None},
    "PUT /api/labels/{label_id}": {"name": "New", "[color]": None},
    "PATCH /api/labels/{label_id}": {"[name]": "New", "[color]": None},
}  # fmt: skip

# Operations that take ids in the query.
QUERIES = {
    "GET /api/roles": "?user_id={user}&board_id={board}",
    "DELETE /api/tasks": "?id={task}",
}


# What a change of one record ignores, or compares with the record.
RECORD = {"id", "version", "created_at", "updated_at"}
AUTHORED = RECORD | {"created_by", "updated_by"}
ARCHIVED = AUTHORED | {"archived_at"}
NOT_WRITTEN = {
    "users": {"id", "version", "registered_at", "disabled_at"},
    "boards": ARCHIVED,
    "columns": ARCHIVED | {"over_limit"},
    "tasks": ARCHIVED
    | {"due_is_day", "board_id", "subtask_count", "completed_subtask_count", "comment_count"},
    "subtasks": AUTHORED,
    "comments": RECORD | {"task_id", "user_id", "author"},
    "board-comments": RECORD | {"board_id", "user_id", "author"},
    "labels": AUTHORED | {"board_id"},
}


def allowed(operation: str) -> set[str]:
    """Return the fields that the contract names for an operation."""
    return {name.strip("[]") for name in BODIES.get(operation, ())}


def ignored(operation: str) -> set[str]:
    """Return the fields that an operation accepts but doesn't write."""
    change = re.fullmatch(r"(?:PUT|PATCH) /api/([\w-]+)/{\w+}", operation)
    return NOT_WRITTEN[change[1]] if change else set()


def body_of(operation: str, ids: dict[str, str]) -> dict[str, Any] | None:
    """Return the least that an operation accepts, with these ids."""
    if operation not in BODIES:
        return None
    needed = {name: value for name, value in BODIES[operation].items() if "[" not in name}
    if operation == "POST /api/boards/{board_id}/users":
        needed = {"username": "bystander"}

    def fill(value: Any) -> Any:
        if isinstance(value, list):
            return [fill(each) for each in value]
        if isinstance(value, dict):
            return {name: fill(each) for name, each in value.items()}
        return ids[value.strip("{}")] if str(value).startswith("{") else value

    return {name: fill(value) for name, value in needed.items()}


@pytest.fixture(scope="session")
def operations(application: FastAPI) -> list[tuple[str, str, dict[str, Any]]]:
    """Return each operation: its method, path and description."""
    return [
        (method.upper(), path, operation)
        for path, item in resolved(application.openapi())["paths"].items()
        for method, operation in item.items()
    ]


async def people(world: World, *names: str) -> dict[str, Client]:
    return {name: await world.person(name) for name in names}


async def tree(world: World, board: Board) -> dict[str, str]:
    """Return a board with one of everything on it: the ids."""
    column = await world.column(board)
    task = await world.task(column)
    subtask = await world.subtask(task)
    creator = await BoardUser.get(board=board, role=Role.CREATOR)
    comment = await Comment.create(task=task, user_id=creator.user_id, content="Said")
    note = await BoardComment.create(board=board, user_id=creator.user_id, content="Noted")
    label = await Label.create(board=board, name="Urgent")
    await TaskLabel.create(task=task, label=label)
    invitation = await Invitation.create(
        board=board,
        inviter_id=creator.user_id,
        role=Role.MEMBER,
        token_hash=sha256(str(board.id).encode()).hexdigest(),
        expires_at=datetime.now(UTC) + timedelta(days=1),
    )
    await TaskAssignee.create(task=task, membership=creator)
    [event] = await Event.filter(record_id=note.id)
    notification = await Notification.create(
        id=board.id.int % 10**15, user_id=creator.user_id, kind="added", board=board
    )
    return {
        "board": str(board.id),
        "column": str(column.id),
        "task": str(task.id),
        "subtask": str(subtask.id),
        "comment": str(comment.id),
        "board_comment": str(note.id),
        "label": str(label.id),
        "invitation": str(invitation.id),
        "event": str(event.id),
        "notification": str(notification.id),
    }


def test_the_bodies_are_those_of_the_contract(
    application: FastAPI, operations: list[tuple[str, str, dict[str, Any]]]
) -> None:
    schemas = application.openapi()["components"]["schemas"]
    found = {}
    for method, path, operation in operations:
        if "requestBody" in operation:
            reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            fields = schemas[reference.rpartition("/")[2]]["properties"]
            found[f"{method} {path}"] = set(fields)
    assert found == {operation: allowed(operation) for operation in BODIES}


# 1. Ids of others


def never(real: str) -> str:
    """Return an id that never existed."""
    if real.isdecimal():  # of an event
        return "9" * len(real)
    return str(UUID(int=UUID(real).int ^ (0xABCDEF << 8)))


CALLERS = ("outsider", "member", "moderator", "creator")
# Accounts are for everyone who is signed in to see: what is done with another's is a 403 or
# allowed, not a 404. These are the operations whose `user_id` says whose account is meant.
ON_ACCOUNTS = {
    "GET /api/users/{user_id}": 200,
    "GET /api/users/{user_id}/boards": 200,
    "PUT /api/users/{user_id}": 403,
    "PATCH /api/users/{user_id}": 403,
    "DELETE /api/users/{user_id}": 403,
    "PUT /api/users/{user_id}/password": 403,
    "POST /api/users/{user_id}/disable": 403,
    "POST /api/users/{user_id}/enable": 403,
}


@pytest.fixture
async def two_boards(
    world: World,
) -> tuple[dict[str, Client], dict[str, str], dict[str, str]]:
    """Return the callers, the ids on their board, and those on a stranger's private one."""
    callers = await people(world, *CALLERS, "stranger")
    await world.user("bystander")
    board = await world.board(
        callers["creator"].user,
        members={
            callers["member"].user: Role.MEMBER,
            callers["moderator"].user: Role.MODERATOR,
            await world.user("colleague"): Role.MEMBER,
        },
    )
    stranger = callers.pop("stranger")
    insider = await world.user("insider")
    private = await world.board(stranger.user, members={insider: Role.MEMBER})
    colleague = await User.get(username="colleague")
    own = {**await tree(world, board), "user": str(colleague.id)}
    others = {**await tree(world, private), "user": str(insider.id)}
    [session] = (await stranger.get("/api/auth/sessions")).json()
    others["session"] = session["id"]
    others["token"] = await token_of(stranger)
    return callers, own, others


async def token_of(client: Client) -> str:
    """Return the id of an API token of the client's user."""
    made = await client.post("/api/auth/tokens", json={"name": "Script", "scopes": ["read"]})
    return str(made.json()["id"])


def swaps(
    operation: str, own: dict[str, str], others: dict[str, str]
) -> Iterator[tuple[dict[str, str], dict[str, str], dict[str, str]]]:
    """Yield the ids for the path and query, those for the body, and which of them are others' now.

    One id after the other is swapped, then all of them. A user's alone says nothing: accounts are
    no secret; but together with another's board it is who is a member there.
    """
    body = BODIES.get(operation, {})
    at_path = re.findall(r"\{(\w+)_id\}", operation)
    at_path += re.findall(r"\{(\w+)\}", QUERIES.get(operation, ""))
    in_body = [
        name
        for field, value in body.items()
        if "[" not in field
        for name in re.findall(r"{(\w+)}", str(value))
    ]
    places = [("path", name) for name in at_path if name != "user" or "board" in at_path]
    places += [("body", name) for name in in_body]
    chosen = [[place] for place in places]
    if len(places) > 1:
        chosen.append(places)
    for swapped in chosen:
        path = {n: others[n] if ("path", n) in swapped else own.get(n, "") for n in at_path}
        sent = {**own, **{n: others[n] for where, n in swapped if where == "body"}}
        yield path, sent, {n: others[n] for _, n in swapped}


def address_of(operation: str, ids: dict[str, str]) -> str:
    path = operation.split()[1].format(**{f"{name}_id": value for name, value in ids.items()})
    return path + QUERIES.get(operation, "").format(**ids)


def request_of(
    client: Client, operation: str, path_ids: dict[str, str], body_ids: dict[str, str]
) -> httpx.Request:
    method, address = operation.split()[0], address_of(operation, path_ids)
    return client.build_request(method, address, json=body_of(operation, body_ids))


def seen(response: httpx.Response, ids: dict[str, str]) -> tuple[int, str, str]:
    """Return the whole answer, in which ids are told by their names only."""
    headers, text = json.dumps(sorted(response.headers.items())), response.text
    for name, value in ids.items():
        headers, text = headers.replace(value, f"<{name}>"), text.replace(value, f"<{name}>")
    return response.status_code, headers, text


@pytest.mark.parametrize(
    "caller",
    ["outsider", "creator", *(pytest.param(each, marks=pytest.mark.slow) for each in CALLERS[1:3])],
)
async def test_an_invisible_id_is_answered_like_an_unknown_one(
    caller: str,
    two_boards: tuple[dict[str, Client], dict[str, str], dict[str, str]],
    operations: list[tuple[str, str, dict[str, Any]]],
    rows: Rows,
) -> None:
    callers, own, others = two_boards
    client = callers[caller]
    before = await rows()
    asked: dict[str, int] = {}
    for method, path, _ in operations:
        operation = f"{method} {path}"
        for path_ids, body_ids, swapped in swaps(operation, own, others):
            unknown = {name: never(value) for name, value in swapped.items()}
            names = {value: unknown[name] for name, value in swapped.items()}
            replaced = {n: names.get(v, v) for n, v in path_ids.items()}
            replaced_body = {n: names.get(v, v) for n, v in body_ids.items()}
            real = await client.send(request_of(client, operation, path_ids, body_ids))
            none = await client.send(request_of(client, operation, replaced, replaced_body))
            what = (operation, swapped)
            assert seen(real, swapped) == seen(none, unknown), what
            assert real.status_code in (403, 404), what
            # A role that doesn't suffice is answered before an absent target, and that is all.
            assert real.status_code == 404 or set(swapped) <= {"user", "invitation"}, what
            asked[operation] = asked.get(operation, 0) + 1
    assert await rows() == before
    assert len(asked) == 88
    assert sum(asked.values()) >= 75


async def test_what_was_swapped_works_unswapped(
    two_boards: tuple[dict[str, Client], dict[str, str], dict[str, str]],
    operations: list[tuple[str, str, dict[str, Any]]],
) -> None:
    """Otherwise everything could be a 404 above."""
    callers, own, others = two_boards
    creator = callers["creator"]
    [session] = (await creator.get("/api/auth/sessions")).json()
    own["session"] = session["id"]
    own["token"] = await token_of(creator)
    order = {"GET": 0, "PUT": 1, "PATCH": 2, "POST": 3, "DELETE": 4}
    from_leaves = (
        "revert", "restore", "assignees", "labels/", "comment", "/api/boards/{board_id}/users",
        "invitation", "subtask", "task", "column", "board", "token", "session",
    )  # fmt: skip
    done = 0
    for method, path, _ in sorted(
        operations,
        key=lambda o: (order[o[0]], next((i for i, n in enumerate(from_leaves) if n in o[1]), 9)),
    ):
        operation = f"{method} {path}"
        for path_ids, body_ids, _ in list(swaps(operation, own, others))[:1]:
            path_ids = {name: own[name] for name in path_ids}
            if path.endswith("/restore"):
                discarded = address_of(operation, path_ids).removesuffix("/restore")
                assert (await creator.delete(discarded)).status_code == 204
            if path.endswith("/revert"):
                patched = await creator.patch(f"/api/tasks/{own['task']}", json={"title": "New"})
                [event] = (await creator.get(f"/api/tasks/{own['task']}/events?limit=1")).json()
                assert patched.status_code == 200
                path_ids["event"] = event["id"]
            response = await creator.send(
                request_of(creator, operation, path_ids, {**body_ids, **own})
            )
            assert response.is_success, (operation, response.text)
            if operation == "DELETE /api/tasks":
                await creator.post(f"/api/tasks/{own['task']}/restore")
            done += 1
    assert done == 88


async def test_another_account_can_be_seen_but_not_changed(
    two_boards: tuple[dict[str, Client], dict[str, str], dict[str, str]], rows: Rows
) -> None:
    callers, own, others = two_boards
    before = await rows()
    for operation, status in ON_ACCOUNTS.items():
        for name, client in callers.items():
            for user in (own["user"], others["user"]):
                response = await client.send(request_of(client, operation, {"user": user}, own))
                assert response.status_code == status, (name, operation)
                assert "@example.com" not in response.text
            none = await client.send(request_of(client, operation, {"user": UNKNOWN}, own))
            assert none.status_code == 404, (name, operation)
        # Of the stranger's boards nobody sees anything.
        if operation == "GET /api/users/{user_id}/boards":
            assert response.json() == []
    assert await rows() == before


# 2. Columns of every table in every body


async def columns_of(database_url: str) -> dict[str, Any]:
    """Return every column of every table, with a value that would be right for it."""
    columns: dict[str, Any] = {}
    connection = await asyncpg.connect(database_url)
    for table, column in await connection.fetch(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' ORDER BY 1, 2"
    ):
        value = await connection.fetchval(
            f'SELECT to_json("{column}") FROM "{table}" WHERE "{column}" IS NOT NULL LIMIT 1'
        )
        if columns.get(column) is None:
            columns[column] = json.loads(value) if value else "2026-05-01T12:00:00Z"
    await connection.close()
    assert {"id", "hashed_password", "username_key", "created_at", "board_id"} <= set(columns)
    assert len(columns) >= 30
    return columns


@pytest.mark.parametrize(
    "alone", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["together", "alone"]
)
async def test_no_column_outside_the_contract_can_be_written(
    two_boards: tuple[dict[str, Client], dict[str, str], dict[str, str]],
    world: World,
    database_url: str,
    rows: Rows,
    alone: bool,
) -> None:
    """All those that an operation doesn't know are sent at once, and it must name each of them."""
    _, own, _ = two_boards
    # Whoever may do everything: only the shape of the body can refuse.
    admin = await world.person("root", is_admin=True)
    await world.join(await Board.get(id=own["board"]), admin.user, Role.MODERATOR)
    # Values of their own kind, but for long ones: a stranger's body is short.
    columns = {
        name: value if len(str(value)) < 1_000 else "x"
        for name, value in (await columns_of(database_url)).items()
    }
    before = await rows()
    named = 0
    for operation in BODIES:
        method, path = operation.split()
        path = path.format(**{f"{name}_id": value for name, value in own.items()})
        good = body_of(operation, own) or {}
        known = allowed(operation) | ignored(operation)
        unknown = {name: value for name, value in columns.items() if name not in known}
        # An answer names 50 errors at most.
        parts = [{name: unknown[name]} for name in unknown]
        if not alone:
            parts = [{name: unknown[name] for name in [*unknown][n::2]} for n in range(2)]
        for sent in parts:
            for given in (sent, dict.fromkeys(sent)):
                response = await admin.request(method, path, json={**good, **given})
                assert response.status_code == 422, (operation, given, response.text)
                refused = {
                    error["pointer"]
                    for error in response.json()["errors"]
                    if error["code"] == "extra_forbidden"
                }
                assert refused == {f"/{name}" for name in given}, operation
                named += len(refused)
                query = {name: str(value) for name, value in given.items()}
                response = await admin.request(method, path, params=query, json=good)
                assert response.status_code == 422, (operation, given)
                refused = {error["parameter"] for error in response.json()["errors"]}
                assert refused == set(query), operation
    assert await rows() == before
    assert named > 700


# 3. Who changes whom on a board

# Each row: an actor, and the statuses for a target who is
#   VIEWER, MEMBER, MODERATOR, CREATOR, the actor, no member, nobody
TARGETS = ("a_viewer", "a_member", "a_moderator", "creator", "self", "stranger", "nobody")
ROLES: dict[str, dict[str, str]] = {
    "PUT VIEWER": {
        "anonymous":        "401 401 401 401 401 401 401",
        "outsider":         "404 404 404 404 404 404 404",
        "reader":           "403 403 403 403 403 403 403",
        "viewer":           "403 403 403 403 403 403 403",
        "member":           "403 403 403 403 403 403 403",
        "moderator":        "403 403 403 403 403 403 403",
        "creator":          "200 200 200 409 409 404 404",
        "admin":            "200 200 200 409 404 404 404",
        "admin_and_member": "200 200 200 409 200 404 404",
    },
    "PUT MEMBER": {
        "anonymous":        "401 401 401 401 401 401 401",
        "outsider":         "404 404 404 404 404 404 404",
        "reader":           "403 403 403 403 403 403 403",
        "viewer":           "403 403 403 403 403 403 403",
        "member":           "403 403 403 403 403 403 403",
        "moderator":        "403 403 403 403 403 403 403",
        "creator":          "200 200 200 409 409 404 404",
        "admin":            "200 200 200 409 404 404 404",
        "admin_and_member": "200 200 200 409 200 404 404",
    },
    "PUT MODERATOR": {
        "anonymous":        "401 401 401 401 401 401 401",
        "outsider":         "404 404 404 404 404 404 404",
        "reader":           "403 403 403 403 403 403 403",
        "viewer":           "403 403 403 403 403 403 403",
        "member":           "403 403 403 403 403 403 403",
        "moderator":        "403 403 403 403 403 403 403",
        "creator":          "200 200 200 409 409 404 404",
        "admin":            "200 200 200 409 404 404 404",
        "admin_and_member": "200 200 200 409 200 404 404",
    },
    "PUT CREATOR": {
        "anonymous":        "401 401 401 401 401 401 401",
        "outsider":         "404 404 404 404 404 404 404",
        "reader":           "403 403 403 403 403 403 403",
        "viewer":           "403 403 403 403 403 403 403",
        "member":           "403 403 403 403 403 403 403",
        "moderator":        "403 403 403 403 403 403 403",
        "creator":          "409 409 200 200 200 404 404",
        "admin":            "409 409 200 200 404 404 404",
        "admin_and_member": "409 409 200 200 409 404 404",
    },
    "PUT ADMIN": {
        "anonymous":        "401 401 401 401 401 401 401",
        "outsider":         "422 422 422 422 422 422 422",
        "reader":           "422 422 422 422 422 422 422",
        "viewer":           "422 422 422 422 422 422 422",
        "member":           "422 422 422 422 422 422 422",
        "moderator":        "422 422 422 422 422 422 422",
        "creator":          "422 422 422 422 422 422 422",
        "admin":            "422 422 422 422 422 422 422",
        "admin_and_member": "422 422 422 422 422 422 422",
    },
    "DELETE": {
        "anonymous":        "401 401 401 401 401 401 401",
        "outsider":         "404 404 404 404 404 404 404",
        "reader":           "403 403 403 403 404 403 403",
        "viewer":           "403 403 403 403 204 403 403",
        "member":           "403 403 403 403 204 403 403",
        "moderator":        "204 204 403 403 204 404 404",
        "creator":          "204 204 204 409 409 404 404",
        "admin":            "204 204 204 409 404 404 404",
        "admin_and_member": "204 204 204 409 204 404 404",
    },
    "POST VIEWER": {
        "anonymous":        "401 401 401 401 401 401 401",
        "outsider":         "404 404 404 404 404 404 404",
        "reader":           "403 403 403 403 403 403 403",
        "viewer":           "403 403 403 403 403 403 403",
        "member":           "403 403 403 403 403 403 403",
        "moderator":        "200 409 409 409 409 201 422",
        "creator":          "200 409 409 409 409 201 422",
        "admin":            "200 409 409 409 201 201 422",
        "admin_and_member": "200 409 409 409 409 201 422",
    },
    "POST MEMBER": {
        "anonymous":        "401 401 401 401 401 401 401",
        "outsider":         "404 404 404 404 404 404 404",
        "reader":           "403 403 403 403 403 403 403",
        "viewer":           "403 403 403 403 403 403 403",
        "member":           "403 403 403 403 403 403 403",
        "moderator":        "409 200 409 409 409 201 422",
        "creator":          "409 200 409 409 409 201 422",
        "admin":            "409 200 409 409 201 201 422",
        "admin_and_member": "409 200 409 409 200 201 422",
    },
    "POST MODERATOR": {
        "anonymous":        "401 401 401 401 401 401 401",
        "outsider":         "404 404 404 404 404 404 404",
        "reader":           "403 403 403 403 403 403 403",
        "viewer":           "403 403 403 403 403 403 403",
        "member":           "403 403 403 403 403 403 403",
        "moderator":        "409 409 200 409 200 201 422",
        "creator":          "409 409 200 409 409 201 422",
        "admin":            "409 409 200 409 201 201 422",
        "admin_and_member": "409 409 200 409 409 201 422",
    },
    "POST CREATOR": {
        "anonymous":        "401 401 401 401 401 401 401",
        "outsider":         "422 422 422 422 422 422 422",
        "reader":           "422 422 422 422 422 422 422",
        "viewer":           "422 422 422 422 422 422 422",
        "member":           "422 422 422 422 422 422 422",
        "moderator":        "422 422 422 422 422 422 422",
        "creator":          "422 422 422 422 422 422 422",
        "admin":            "422 422 422 422 422 422 422",
        "admin_and_member": "422 422 422 422 422 422 422",
    },
}  # fmt: skip
HELD = {
    "creator": "CREATOR", "moderator": "MODERATOR", "a_moderator": "MODERATOR",
    "member": "MEMBER", "a_member": "MEMBER", "admin_and_member": "MEMBER",
    "viewer": "VIEWER", "a_viewer": "VIEWER",
}  # fmt: skip


def afterwards(action: str, target: str) -> dict[str, str]:
    """Return who holds which role after the action succeeded."""
    verb, _, role = action.partition(" ")
    held = dict(HELD)
    if verb == "DELETE":
        del held[target]
    elif role == "CREATOR":
        held |= {"creator": "MODERATOR", target: "CREATOR"}
    else:
        held[target] = role
    return held


@pytest.mark.parametrize("action", ROLES)
async def test_every_actor_on_every_target(action: str, world: World, database_url: str) -> None:
    """The exact rows afterwards, too: who is what, and who is nothing."""
    actors: dict[str, Any] = await people(world, *HELD, "outsider", "reader", "admin", "stranger")
    await User.filter(username__startswith="admin").update(is_admin=True)
    ids = {name: client.id for name, client in actors.items()} | {"nobody": UNKNOWN}
    actors["anonymous"] = world.client()
    private = await Board.create(title="Private", is_public=False)
    public = await Board.create(title="Public", is_public=True)
    connection = await asyncpg.connect(database_url)
    verb, _, role = action.partition(" ")
    wrong = []
    changed = True
    for actor, cells in ROLES[action].items():
        board = public if actor == "reader" else private
        for target, cell in zip(TARGETS, cells.split(), strict=True):
            whom = ids.get(actor, UNKNOWN) if target == "self" else ids[target]
            if changed:
                await connection.execute("DELETE FROM board_users")
                await connection.executemany(
                    "INSERT INTO board_users (board_id, user_id, role) VALUES ($1, $2, $3)",
                    [(b.id, ids[n], held) for b in (private, public) for n, held in HELD.items()],
                )
            path, body = f"/api/boards/{board.id}/users", {"role": role}
            if verb == "POST":
                body["user_id"] = whom
            else:
                path += f"/{whom}"
            response = await actors[actor].request(
                verb, path, json=None if verb == "DELETE" else body
            )
            expected = HELD
            if int(cell) < 300:
                expected = afterwards(action, actor if target == "self" else target)
            found: dict[str, dict[str, str]] = {"Private": {}, "Public": {}}
            for title, username, held in await connection.fetch(
                "SELECT title, username, board_users.role FROM board_users "
                "JOIN boards ON boards.id = board_id JOIN users ON users.id = user_id"
            ):
                found[title][username] = held
            changed = found != {"Private": HELD, "Public": HELD}
            other = "Private" if board is public else "Public"
            if response.status_code != int(cell):
                wrong.append((actor, target, cell, response.text))
            elif found != {board.title: expected, other: HELD}:
                wrong.append((actor, target, cell, found))
    await connection.close()
    assert not wrong, wrong


def test_the_table_of_roles_is_whole() -> None:
    actors = {"anonymous", "outsider", "reader", "viewer", "member", "moderator", "creator",
              "admin", "admin_and_member"}  # fmt: skip
    assert all(set(rows) == actors for rows in ROLES.values())
    assert sum(len(cells.split()) for rows in ROLES.values() for cells in rows.values()) == 630


# 4. Answers that could hold what their reader may not know

MARK = "zqsecret"
# The serial numbers of memberships, the years of all times, and the colours that are only there.
SERIAL, YEAR, COLOR, ZONE = 1_987_600_000, 2931, "#5ec2e7", "Pacific/Kiritimati"


@pytest.fixture
async def secrets(world: World, database_url: str) -> dict[str, str]:
    """Make a private board whose every value is found again wherever it turns up.

    Return its ids by table, and its user's, of whom only the account is to be seen.
    """
    victim = await world.user("victim")
    insider = await world.user("insider")
    board = await world.board(victim, members={insider: Role.MODERATOR})
    ids = await tree(world, board)
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        f"""
        UPDATE users SET email = '{MARK}-' || username || '@example.com',
            email_key = '{MARK}-' || username || '@example.com' WHERE username <> 'ada';
        UPDATE boards SET title = '{MARK} board', description = '{MARK} board text',
            color = '{COLOR}', time_zone = '{ZONE}';
        UPDATE columns SET title = '{MARK} column', color = '{COLOR}';
        UPDATE tasks SET title = '{MARK} task', description = '{MARK} task text', color = '{COLOR}',
            due_day = '{YEAR}-07-19', priority = 'HIGH', status = 'REJECT';
        UPDATE subtasks SET title = '{MARK} subtask';
        UPDATE comments SET content = '{MARK} comment';
        UPDATE board_comments SET content = '{MARK} board_comment';
        UPDATE labels SET name = '{MARK} label', color = '{COLOR}';
        UPDATE boards SET created_at = '{YEAR}-01-01', updated_at = '{YEAR}-01-02';
        UPDATE columns SET created_at = '{YEAR}-01-01', updated_at = '{YEAR}-01-02';
        UPDATE tasks SET created_at = '{YEAR}-01-01', updated_at = '{YEAR}-01-02';
        UPDATE subtasks SET created_at = '{YEAR}-01-01', updated_at = '{YEAR}-01-02';
        UPDATE comments SET created_at = '{YEAR}-01-01', updated_at = '{YEAR}-01-02';
        UPDATE board_comments SET created_at = '{YEAR}-01-01', updated_at = '{YEAR}-01-02';
        UPDATE labels SET created_at = '{YEAR}-01-01', updated_at = '{YEAR}-01-02';
        ALTER TABLE task_assignees DROP CONSTRAINT task_assignees_membership_id_fkey,
            ADD FOREIGN KEY (membership_id) REFERENCES board_users (id)
            ON DELETE CASCADE ON UPDATE CASCADE;
        UPDATE board_users SET id = id + {SERIAL};
        UPDATE task_assignees SET id = id + {SERIAL};
        UPDATE task_labels SET id = id + {SERIAL};
        SELECT setval(pg_get_serial_sequence('board_users', 'id'), {SERIAL} + 100);
        INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
            SELECT gen_random_uuid(), id, now(), now(), '{YEAR}-01-02' FROM users;
        """
    )
    ids["session"] = str(await connection.fetchval("SELECT id FROM sessions"))
    await connection.close()
    return {**ids, "victim": str(victim.id), "insider": str(insider.id)}


def told(response: httpx.Response) -> str:
    """Return all that an answer says, with what its cursors hold."""
    text = f"{sorted(response.headers.items())} {response.text}"
    for cursor in re.findall(r"cursor=([\w-]+)", text):
        text += base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("latin-1")
    return text


def leaks(response: httpx.Response, secrets: dict[str, str]) -> list[str]:
    """Return what an answer tells that its reader may not know and didn't say themself."""
    asked = f"{response.request.url} {response.request.content.decode()}"
    # The address in small letters, of which she knows one in capitals.
    # The year alone could be a part of any id.
    words = [MARK, f"{MARK}-victim@example.com", COLOR, ZONE, f"{YEAR}-0", str(SERIAL)[:5]]
    shown = ("victim", "insider", "event", "notification")
    words += [secrets[name] for name in secrets if name not in shown]
    text = told(response)
    return [word for word in words if word in text and word not in asked]


class Reader:
    """Asks for what could tell of a private board, and notes what does."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self.secrets = secrets
        self.found: list[Any] = []

    async def ask(self, client: Client, method: str, path: str, body: Any = None) -> httpx.Response:
        response = await client.request(method, path, json=body)
        self.found.extend((method, path, body, leak) for leak in leaks(response, self.secrets))
        assert response.status_code < 500
        return response

    async def follow(self, client: Client, path: str) -> set[int]:
        """Ask for a page and those after it, and return their statuses."""
        statuses = set()
        for _ in range(50):
            response = await self.ask(client, "GET", path)
            statuses.add(response.status_code)
            if "link" not in response.headers:
                break
            path = response.headers["link"][1:].partition(">")[0]
        return statuses


@pytest.fixture
async def own(world: World, secrets: dict[str, str], ada: Client) -> dict[str, str]:
    """Return the ids of what ada has, on a public board and a private one."""
    bob = await world.user("bystander")
    public = await world.board(ada.user, is_public=True, members={bob: Role.MEMBER})
    own = {**await tree(world, public), "user": ada.id, "bystander": str(bob.id)}
    own["token"] = await token_of(ada)
    await world.column(public, 1)
    await world.board(ada.user)
    return own


async def test_no_answer_to_a_read_tells_of_a_private_board(
    world: World,
    secrets: dict[str, str],
    ada: Client,
    own: dict[str, str],
    operations: list[tuple[str, str, dict[str, Any]]],
    rows: Rows,
) -> None:
    before = await rows()
    reader, anonymous = Reader(secrets), world.client()
    answers: dict[str, set[int]] = {}
    users = [ada.id, secrets["victim"], secrets["insider"], UNKNOWN]
    for method, path, described in operations:
        if method != "GET":
            continue
        parameters = [p["name"] for p in described.get("parameters", ()) if p["required"]]
        pools = [
            users
            if name == "user_id"
            else ["victim"]
            if name == "name"
            else [own["board"]]  # of which the link to it is made
            if name == "token"
            else [
                value
                for value in (
                    own.get(name.removesuffix("_id")),
                    secrets.get(name.removesuffix("_id")),
                    UNKNOWN,
                )
                if value
            ]
            for name in parameters
        ]
        for ids in product(*pools):
            named = dict(zip(parameters, ids, strict=True))
            address = path.format(**named)
            query = {name: value for name, value in named.items() if f"{{{name}}}" not in path}
            address += f"?{urlencode(query)}" if query else ""
            statuses = answers.setdefault(path, set())
            for client in (ada, anonymous):
                statuses |= await reader.follow(client, address)
                if "limit" in str(described.get("parameters")):
                    statuses |= await reader.follow(client, f"{address}?limit=1")
                    for bad in ("limit=0", "cursor=x", f"{MARK}=1", f"cursor={MARK}"):
                        await reader.ask(client, "GET", f"{address}?{bad}")
    for path in ("/api/events", "/api/jobs", "/api/status"):
        assert answers.pop(path) == {401, 403}  # for admins
    assert all(200 in statuses for statuses in answers.values())
    assert await rows() == before
    assert reader.found == []


async def test_no_answer_to_a_write_tells_of_a_private_board(
    world: World,
    secrets: dict[str, str],
    ada: Client,
    own: dict[str, str],
    operations: list[tuple[str, str, dict[str, Any]]],
    rows: Rows,
) -> None:
    """Writes at what isn't there for her, with bodies that are right and wrong."""
    before = await rows()
    reader, anonymous = Reader(secrets), world.client()
    others = {**secrets, "user": secrets["insider"], "token": UNKNOWN}
    for method, path, _ in operations:
        operation = f"{method} {path}"
        if method == "GET":
            continue
        for path_ids, body_ids, _ in swaps(operation, own, others):
            body = body_of(operation, body_ids)
            for sent in (body, {}, {**(body or {}), "title": None, "x": 1}) if body else (None,):
                for client in (ada, anonymous):
                    await reader.ask(client, method, address_of(operation, path_ids), sent)
        if operation in ON_ACCOUNTS:
            for user in ("victim", "insider"):
                address = address_of(operation, {"user": secrets[user]})
                await reader.ask(ada, method, address, body_of(operation, own))
    assert await rows() == before
    assert reader.found == []


async def test_no_conflict_tells_of_a_private_board(
    world: World, secrets: dict[str, str], ada: Client, own: dict[str, str]
) -> None:
    """Conflicts name something: what is taken, and the boards that keep an account."""
    reader = Reader(secrets)
    account = {"username": "new", "email": f"{MARK}-victim@EXAMPLE.com", "password": NEW_PASSWORD}
    conflict = await reader.ask(world.client(), "POST", "/api/auth/register", account)
    assert conflict.status_code == 409
    password = {"current_password": PASSWORD}
    taken = {"username": "ada", "email": f"{MARK}-insider@example.com", **password}
    assert (await reader.ask(ada, "PUT", f"/api/users/{ada.id}", taken)).status_code == 409
    shared = await reader.ask(ada, "DELETE", f"/api/users/{ada.id}", password)
    assert (shared.status_code, "'Website launch'" in shared.text) == (409, True)
    member = {"email": f"{MARK}-victim@example.com"}
    added = await reader.ask(ada, "POST", f"/api/boards/{own['board']}/users", member)
    assert added.status_code == 201
    await reader.follow(ada, f"/api/boards/{own['board']}/users?limit=1")
    assert reader.found == []


async def test_the_search_for_leaks_finds_what_an_insider_sees(
    world: World, secrets: dict[str, str]
) -> None:
    """Every secret is one that could be found: its owner gets it."""
    owner = await world.sign_in(await User.get(username="victim"))
    text = ""
    kinds = ("board", "column", "task", "subtask", "comment", "board_comment", "label")
    for path in ("auth/me", "auth/sessions", *(f"{kind}s".replace("_", "-") for kind in kinds)):
        response = await owner.get(f"/api/{path}")
        assert leaks(response, secrets), path
        text += response.text
    for name in kinds:
        assert secrets[name] in text
    for word in (*kinds, "board text", "task text"):
        assert f'"{MARK} {word}"' in text
