"""Requests for every operation that Swagger knows, whatever is put into them."""

import json
from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from models.enums import Role
from models.tables import BoardComment, Comment, Event, Label, Notification
from tests.access.test_access_matrix import fill
from tests.conftest import Rows, World, the_application
from tests.helpers.asgi import request
from tests.helpers.hostile import (
    DIGITS,
    ELSEWHERE,
    ENCODED,
    FIELDS,
    MARK,
    PARAMETERS,
    SOMETHING,
    UNKNOWN,
    VALUES,
)
from tests.helpers.openapi import resolved

JSON = {"Content-Type": "application/json"}
Operation = tuple[str, str, dict[str, Any]]

DOCUMENT: dict[str, Any] = resolved(the_application().openapi())
# Each operation: its method, path and description.
OPERATIONS: dict[str, Operation] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}


def schema_of(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an operation's body; an empty one if it takes none."""
    if "requestBody" not in operation:
        return {}
    media = operation["requestBody"]["content"]["application/json"]
    name = media["schema"]["$ref"].rpartition("/")[2]
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][name]
    return found


# The fields of each operation's body and its parameters, each with its kind; none for a new one.
BODIES: dict[str, dict[str, str | None]] = {
    name: {
        field: ELSEWHERE.get((name, field)) or FIELDS.get(field, (None,))[0]
        for field in schema_of(operation)["properties"]
    }
    for name, (_, _, operation) in OPERATIONS.items()
    if "requestBody" in operation
}
ADDRESSES: dict[str, dict[str, str | None]] = {
    name: {
        parameter["name"]: PARAMETERS.get(parameter["name"])
        for parameter in operation["parameters"]
    }
    for name, (_, _, operation) in OPERATIONS.items()
    if operation.get("parameters")
}


def first_of_each_kind(places: dict[str, dict[str, str | None]]) -> set[tuple[str, str]]:
    """Return the first place of each kind: an operation, and a field or parameter of it."""
    firsts = {
        kind: (name, place)
        for name, kinds in reversed(places.items())
        for place, kind in reversed(kinds.items())
    }
    return set(firsts.values())


FIRSTS = first_of_each_kind(BODIES) | first_of_each_kind(ADDRESSES)


def names_for(name: str, place: str, few: set[str]) -> set[str]:
    """Return the values to try there: all in the first place of a kind, few in the others."""
    return {*VALUES, *ENCODED} if (name, place) in FIRSTS else few


def each(operations: Iterable[str]) -> pytest.MarkDecorator:
    """Run the test for each of the operations, with some of the values and with all of them."""
    return pytest.mark.parametrize(
        ("name", "everything"),
        [
            *[pytest.param(name, False, id=name) for name in operations],
            *[
                pytest.param(name, True, id=f"{name}, everything", marks=pytest.mark.slow)
                for name in operations
            ],
        ],
    )


class Sender:
    """An admin who sends what they are told to, to a world with one record of each kind."""

    def __init__(self, world: World, rows: Rows) -> None:
        self.world = world
        self.rows = rows
        self.ids: dict[str, str] = {}

    async def prepare(self) -> "Sender":
        admin = await self.world.person("root", is_admin=True)
        self.cookie = admin.cookies["session"]
        subject = await self.world.person("subject")
        await self.world.user("bystander")
        board = await self.world.board(admin.user, members={subject.user: Role.MEMBER})
        column = await self.world.column(board)
        task = await self.world.task(column)
        subtask = await self.world.subtask(task)
        comment = await Comment.create(task=task, user=admin.user, content="Content")
        label = await Label.create(board=board, name="Label")
        note = await BoardComment.create(board=board, user=admin.user, content="Content")
        self.ids = {
            "user": subject.id,
            "session": UNKNOWN,
            "board": str(board.id),
            "column": str(column.id),
            "task": str(task.id),
            "subtask": str(subtask.id),
            "comment": str(comment.id),
            "board_comment": str(note.id),
            "label": str(label.id),
            "invitation": UNKNOWN,
            "token": UNKNOWN,
            "event": "1",
            "notification": "1",
        }
        await Event.all().delete()  # so that none has that id
        await Notification.all().delete()
        return self

    def path(self, path: str, **other: str) -> str:
        """Return the path with the ids of the records, or with others."""
        names = {f"{name}_id": value for name, value in self.ids.items()}
        return path.format(**{"name": "ada", "token": "x", **names, **other})

    def query(self, operation: dict[str, Any], without: str = "") -> dict[str, str]:
        """Return the query parameters that an operation must have."""
        others = {"id": self.ids["task"], "q": "launch"}
        return {
            parameter["name"]: others.get(parameter["name"])
            or self.ids[parameter["name"].removesuffix("_id")]
            for parameter in operation.get("parameters", ())
            if parameter["in"] == "query" and parameter["required"]
            if parameter["name"] != without
        }

    def body(self, operation: dict[str, Any], without: str = "") -> dict[str, Any]:
        """Return the least that an operation accepts."""
        needed = {name: FIELDS[name][1] for name in schema_of(operation).get("required", ())}
        name = operation["operationId"]
        for some, field, value in SOMETHING:
            if name in some and without not in some[name]:
                needed[field] = value
        needed.pop(without, None)
        return {name: fill(value, self.ids) for name, value in needed.items()}

    async def send(
        self,
        method: str,
        path: str,
        body: str | bytes | None = None,
        headers: Any = JSON,
        more: Any = None,
    ) -> httpx.Response:
        if isinstance(body, str):
            body = body.encode()
        headers = dict(headers if body is not None else {})
        if path not in ("/api/auth/login", "/api/auth/register"):  # which would end the session
            headers["Cookie"] = f"session={self.cookie}"
        headers |= more or {}
        return await request(self.world.app, method, path, headers, body)

    async def faults(self, tried: list[tuple[Any, ...]]) -> list[str]:
        """Say which of (what, status, arguments of `send`) isn't refused or changes rows."""
        before = await self.rows()
        wrong = []
        for what, status, *arguments in tried:
            response = await self.send(*arguments)
            if complaint := fault(response, status):
                wrong.append(f"{what}: {complaint}")
        if not wrong and await self.rows() != before:
            found = await self.culprits(tried) or [f"one like {tried[0][0]}"]
            wrong += [f"{what}: refused, yet rows changed" for what in found]
        return wrong[:5]  # what follows from a change that wasn't refused says little

    async def culprits(self, tried: list[tuple[Any, ...]]) -> list[Any]:
        """Return which of the requests change rows when they are sent once more."""
        before = await self.rows()
        for _, _, *arguments in tried:
            await self.send(*arguments)
        if await self.rows() == before:
            return []
        if len(tried) == 1:
            return [tried[0][0]]
        half = len(tried) // 2
        return await self.culprits(tried[:half]) + await self.culprits(tried[half:])


def fault(response: httpx.Response, status: int) -> str | None:
    """Say what is wrong with an answer that refuses something, if anything is."""
    if response.status_code != status:
        return f"{response.status_code} instead of {status}: {response.text[:300]}"
    if response.headers["content-type"] != "application/problem+json":
        return f"no problem: {response.headers['content-type']}"
    problem = response.json()
    if problem["status"] != status or not problem["detail"]:
        return f"a strange problem: {response.text[:300]}"
    if status == 422 and not problem["errors"]:
        return "a 422 that says nothing"
    problem.pop("instance")  # the path that was asked for
    told = json.dumps(problem, ensure_ascii=False) + str(response.headers)
    if MARK in told or DIGITS in told:
        return f"the value is echoed: {told[:300]}"
    return None


def filled(body: dict[str, Any], field: str, value: str) -> str:
    """Return the body as JSON, with a value of the corpus in `field`, which may be no JSON."""
    text = json.dumps({**body, field: "?"}, ensure_ascii=False)
    return text[: text.rindex('"?"')] + VALUES[value] + "}"
