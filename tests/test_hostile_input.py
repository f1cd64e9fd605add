"""Hostile values in every field of every body and in every parameter: refused, and nothing kept;
or legal, however odd, and then kept exactly.

The fields and parameters come from Swagger, so that a new one is covered by itself. What is legal
is written by hand in `tests/hostile.py`.
"""

import gzip
import json
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from models.enums import Role
from models.tables import Comment, Label, User
from tests.conftest import PASSWORD, World
from tests.hostile import (
    ASKED,
    DEAR,
    DIGITS,
    ELSEWHERE,
    ENCODED,
    FIELDS,
    HASHED,
    IDS,
    KEPT,
    LEGAL,
    LEGAL_PARAMETERS,
    LONGEST,
    MARK,
    NO_JSON,
    NUMBERS,
    OTHERS,
    PARAMETERS,
    SOMETHING,
    TEXTS,
    TEXTS_IN_JSON,
    UNKNOWN,
    VALUES,
)  # fmt: skip
from tests.test_access_matrix import fill

JSON = {"Content-Type": "application/json"}
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
        admin = await self.world.person("root", is_admin=True)
        self.cookie = admin.cookies["session"]
        self.client = self.world.client()
        # It stays signed in as it is, whatever the answers set.
        self.client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        subject = await self.world.person("subject")
        await self.world.user("bystander")
        board = await self.world.board(admin.user, members={subject.user: Role.MEMBER})
        column = await self.world.column(board)
        task = await self.world.task(column)
        subtask = await self.world.subtask(task)
        comment = await Comment.create(task=task, user=admin.user, content="Content")
        label = await Label.create(board=board, name="Label")
        self.ids = {
            "user": subject.id,
            "session": UNKNOWN,
            "board": str(board.id),
            "column": str(column.id),
            "task": str(task.id),
            "subtask": str(subtask.id),
            "comment": str(comment.id),
            "label": str(label.id),
            "invitation": UNKNOWN,
            "token": UNKNOWN,
        }
        return self

    def path(self, path: str, **other: str) -> str:
        """The path with the ids of the records, or with others."""
        names = {f"{name}_id": value for name, value in self.ids.items()}
        return path.format(**{"name": "ada", "token": "x", **names, **other})

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
        return await self.client.request(method, path, content=body, headers=headers)

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


def refused_with(operation: dict[str, Any], body: str | bytes, status: int) -> int:
    """The status, or 413 for more than 16 KB where no session is needed."""
    size = len(body.encode() if isinstance(body, str) else body)
    return status if size <= 16_384 or "security" in operation else 413


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
    assert len(bodies) == 33
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
                refused_with(
                    operation, filled(body, field, value), 400 if name in NO_JSON else 422
                ),
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
        hashes = kind in HASHED or "password" in sender.schema(operation)["properties"]
        names = sorted((hashes and LEGAL[kind] & DEAR) or LEGAL[kind])
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
            if method == "DELETE":  # the next value needs another one to delete
                sender.ids["user"] = str((await sender.world.user(f"subject-{len(wrong)}")).id)
            if field == "current_password":  # of an admin, who needn't send it
                assert response.status_code == ASKED[place]
            elif "password" in field:
                if not await signs_in(sender, json.loads(sent), place[0], value):
                    wrong.append(f"{place} {name}: doesn't sign in")
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
                        begin, end = (record[f"{name}_at"] for name in ("created", "expires"))
                        life = datetime.fromisoformat(end) - datetime.fromisoformat(begin)
                        if abs(life.total_seconds() - value) > 1:
                            wrong.append(f"{place} {name}: {life}")
                    elif record[field] != expected or type(record[field]) is not type(expected):
                        wrong.append(f"{place} {name}: {record[field]!r}")
            if "location" in response.headers:
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


def in_address(name: str) -> str:
    """A value of the corpus as it stands in an address."""
    if name in ENCODED:
        return ENCODED[name]
    text = TEXTS.get(name, VALUES[name])
    # A client takes a bare `..` for the folder above.
    return quote(text, safe="").replace(".", "%2E")


def in_header(name: str) -> bytes:
    """A value of the corpus as it stands in a header, in which servers let no line end."""
    text = TEXTS[name] if name in TEXTS else VALUES.get(name, ENCODED.get(name, ""))
    return re.sub(rb"[\0\r\n]", b" ", text.encode("utf-8", "surrogatepass"))


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
                more: dict[str, bytes] = {}
                if where == "path":
                    address = sender.path(path, **{name: given})
                    query = sender.query(operation)
                elif where == "header":
                    address, query = sender.path(path), sender.query(operation)
                    more = {name: in_header(value)}
                else:
                    address, query = sender.path(path), sender.query(operation, without=name)
                    address += f"?{name}={given}"
                if query:
                    address += ("&" if "?" in address else "?") + "&".join(
                        f"{key}={text}" for key, text in query.items()
                    )
                what = (operation["operationId"], name, value)
                status = parameter_status(kind, value)
                if status == 404 and where == "query" and not parameter["required"]:
                    status = 200  # a filter that nothing passes
                if name == "permanent":  # nothing is to be deleted by what is legal
                    more = {"If-Match": b'"0"'}
                if status == 200 and name in ("If-Match", "permanent"):
                    status = 412
                if where == "path":
                    status = path_status(path.endswith(f"{{{name}}}"), value) or status
                tried.append((what, status, method, address, body, JSON, more))
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
    if kind == "token":
        return 422 if len(TEXTS.get(value, VALUES.get(value, ""))) > 200 else 404
    texts = ("name", "words", "name looked for", "e-mail looked for")
    if value in LEGAL_PARAMETERS[kind] or (value in ENCODED and kind in texts):
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
            ((place, name), refused_with(operation, spoil(good), 400), method, address, spoil(good))
            for name, spoil in SPOILT.items()
        ]
        tried += [
            ((place, media_type), 415, method, address, good, {"Content-Type": media_type})
            for media_type in OTHER_TYPES
        ]
        tried += [
            ((place, "no type"), 415, method, address, good, {}),
            ((place, "1 MB and a byte"), 413, method, address, good.ljust(1_000_001)),
            ((place, "gzip, and says so"), 415, method, address, gzip.compress(good),
             {**JSON, "Content-Encoding": "gzip"}),
            ((place, "UTF-16, and says so"), 400, method, address, good.decode().encode("utf-16"),
             {"Content-Type": "application/json; charset=utf-16"}),
        ]  # fmt: skip
        tried += [((place, shape), 422, method, address, shape) for shape in SHAPES]
        if operation["requestBody"].get("required"):
            tried.append(((place, "no body"), 415, method, address, b"", {}))
        else:
            tried = [case for case in tried if case[0][1] != "empty"]
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
        known = {"username": "ada", "email": "ada@example.com", "current_password": PASSWORD}
        return {**known, **values}

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
