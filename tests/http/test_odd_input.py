"""Odd but legal values in every field of every body: kept exactly. And texts that show nothing.

What is legal is written by hand in `tests/helpers/hostile.py`.
"""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from models.tables import User
from tests.conftest import Client, Rows, World
from tests.helpers.answers import check_problem
from tests.helpers.hostile import ASKED, DEAR, FEW, GENERAL, HASHED, KEPT, LEGAL, VALUES
from tests.helpers.sending import BODIES, OPERATIONS, Sender, each, filled, names_for


@pytest.fixture
async def sender(world: World, rows: Rows) -> Sender:
    return await Sender(world, rows).prepare()


@each(BODIES)
async def test_an_odd_but_legal_value_is_kept_exactly(
    sender: Sender, name: str, everything: bool
) -> None:
    method, path, operation = OPERATIONS[name]
    wrong: list[str] = []
    for field, kind in BODIES[name].items():
        assert kind
        place = (name, field)
        body = sender.body(operation, without=field)
        names = (
            LEGAL[kind] if everything else LEGAL[kind] & names_for(name, field, GENERAL | FEW[kind])
        )
        if kind in HASHED or "password" in BODIES[name]:
            names = names & DEAR or names
        if not LEGAL[kind]:
            continue
        assert names
        if ASKED.get(place, 0) >= 400:
            wrong += await sender.faults(
                [
                    ((*place, value), ASKED[place], method, sender.path(path),
                     filled(body, field, value))
                    for value in sorted(names)
                ]
            )  # fmt: skip
            continue
        for value in sorted(names):
            wrong += await differences(sender, place, kind, body, value)
    assert not wrong, "\n".join(wrong)


async def differences(
    sender: Sender, place: tuple[str, str], kind: str, body: dict[str, Any], name: str
) -> list[str]:
    """Say how what is kept of the value differs from it."""
    operation, field = place
    method, path, _ = OPERATIONS[operation]
    what, value = f"{operation}, {field}, {name}", json.loads(VALUES[name])
    sent = filled(body, field, name)
    response = await sender.send(method, sender.path(path), sent)
    if not response.is_success:
        return [f"{what}: {response.text[:300]}"]
    wrong = []
    location = response.headers.get("location")
    if method == "DELETE":  # the next value needs another one to delete
        sender.ids["user"] = str((await sender.world.user(f"subject-{uuid4()}")).id)
    # An admin needn't send a current password; of the others nothing is shown.
    if field == "current_password" or (place in ASKED and "password" not in field):
        assert response.status_code == ASKED[place]
    elif "password" in field:
        if not await signs_in(sender, json.loads(sent), operation, value):
            wrong.append(f"{what}: doesn't sign in")
    else:
        expected = KEPT.get((kind, name), value)
        if kind == "position":  # beyond the end means the end
            expected = 1 if value >= 1 and location else 0
        answer = response.json()
        if isinstance(answer, list):  # one call changed several
            [answer] = answer
            location = f"{path}/{answer['id']}"
        read = location or sender.path(path).removesuffix("/move")
        stored = (await sender.send("GET", read)).json()
        for record in (answer, stored):
            if field == "expires_in":
                begin, end = (record[f"{time}_at"] for time in ("created", "expires"))
                life = datetime.fromisoformat(end) - datetime.fromisoformat(begin)
                if abs(life.total_seconds() - value) > 60:
                    wrong.append(f"{what}: {life}")
            elif record[field] != expected or type(record[field]) is not type(expected):
                wrong.append(f"{what}: {record[field]!r}")
    if "location" in response.headers:
        assert (await sender.send("DELETE", location)).status_code == 204
    return wrong


WHOSE = {"change_password": "root", "reset_password": "subject"}


async def signs_in(sender: Sender, sent: Any, operation_id: str, password: str) -> bool:
    """Tell whether a password that was just set signs in; put a changed one back."""
    username = WHOSE.get(operation_id) or sent["username"]
    login = json.dumps({"username": username, "password": password})
    answer = await sender.send("POST", "/api/auth/login", login)
    if operation_id in WHOSE:
        user = await User.get(username=username)
        await User.filter(id=user.id).update(hashed_password=sender.world.hashed_password)
        if operation_id == "change_password":
            sender.cookie = (await sender.world.sign_in(user)).cookies["session"]
    return answer.status_code == 200


async def texts_of(world: World, ada: Client) -> list[tuple[str, str, dict[str, str]]]:
    """Return the lists of records with a title, a name or a text, that field, and a parent's."""
    board = await world.board(ada.user)
    column = await world.column(board)
    task = await world.task(column)
    return [
        ("/api/boards", "title", {}),
        ("/api/columns", "title", {"board_id": str(board.id)}),
        ("/api/tasks", "title", {"column_id": str(column.id)}),
        ("/api/subtasks", "title", {"task_id": str(task.id)}),
        ("/api/comments", "content", {"task_id": str(task.id)}),
        ("/api/labels", "name", {"board_id": str(board.id)}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        " \t\n\u2003\u2028", "\u200b", "\u3164", "\u2800\u2800", "\u2060\u00ad", "\u180e\u034f",
        "\u115f\u1160\uffa0", "\ufe0f", "\u202e\u2066", "\u2065\ufff0", "\U000e0020\U000e0fff",
        "\x01",
    ],
    ids=ascii,
)  # fmt: skip
async def test_a_text_of_nothing_visible_is_refused(
    text: str, world: World, ada: Client, rows: Rows
) -> None:
    texts = await texts_of(world, ada)
    made = [(await ada.post(path, json=more | {field: "x"})).json() for path, field, more in texts]
    before = await rows()
    for (path, field, parent), record in zip(texts, made, strict=True):
        own = f"{path}/{record['id']}"
        for method, address, body in (
            ("POST", path, parent), ("PUT", own, record), ("PATCH", own, {}),
        ):  # fmt: skip
            response = await ada.request(method, address, json=body | {field: text})
            [error] = check_problem(response, 422)["errors"]
            assert error["pointer"] == f"/{field}", (method, address)
    assert await rows() == before
    body = {"name": text, "scopes": ["read"]}
    check_problem(await ada.post("/api/auth/tokens", json=body), 422)


@pytest.mark.parametrize(
    "text", ["\u200bx", " x ", "\u0301", "\U0001fae8", "\U0001f469\u200d\U0001f467", "\ue000", "."],
    ids=ascii,
)  # fmt: skip
async def test_a_text_with_something_visible_is_kept(text: str, world: World, ada: Client) -> None:
    for path, field, parent in await texts_of(world, ada):
        made = await ada.post(path, json=parent | {field: text})
        assert (made.status_code, made.json()[field]) == (201, text), path
