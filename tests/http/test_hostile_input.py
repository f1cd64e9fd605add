"""Hostile values in every field of every body and in every parameter: refused, and nothing kept.

The fields and parameters come from Swagger, so that a new one is covered by itself. What is legal
is written by hand in `tests/helpers/hostile.py`.
"""

import gzip
import json
import re
from collections.abc import AsyncIterator, Callable
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest

from tests.conftest import World, rows_at
from tests.helpers.hostile import (
    ENCODED,
    FEW,
    FEW_PARAMETERS,
    GENERAL,
    GENERAL_PARAMETERS,
    IDS,
    LEGAL,
    LEGAL_PARAMETERS,
    LONGEST,
    MARK,
    NO_JSON,
    NUMBERS,
    OTHERS,
    PARAMETERS,
    TEXTS,
    TEXTS_IN_JSON,
    UNKNOWN,
    VALUES,
)
from tests.helpers.sending import (
    ADDRESSES,
    BODIES,
    FIRSTS,
    JSON,
    OPERATIONS,
    Sender,
    each,
    filled,
    names_for,
    schema_of,
)

# Kinds of parameters for which almost any text is legal.
TEXT_KINDS = ("name", "words", "name looked for", "e-mail looked for", "key")


@pytest.fixture(scope="module")
async def sender(shared_world: World, shared_url: str) -> AsyncIterator[Sender]:
    """Yield somebody whose requests change nothing, for all tests of this file."""
    async with rows_at(shared_url) as rows:
        yield await Sender(shared_world, rows).prepare()


def test_the_corpus_is_large_and_every_name_in_it_is_known() -> None:
    assert len(VALUES) >= 150
    assert len(VALUES) == len(TEXTS) + len(NUMBERS) + len(OTHERS) + len(NO_JSON)
    assert {*SPOILT, *OTHER_TYPES} >= FEW_WAYS
    for kind, legal in LEGAL.items():
        assert legal <= set(VALUES) - set(NO_JSON), kind
        assert legal or kind == "records", kind
    for value in (*TEXTS_IN_JSON.values(), *NUMBERS.values(), *OTHERS.values()):
        json.loads(value)


def test_every_field_and_parameter_has_a_kind() -> None:
    """A new one fails here until it is said what is legal for it."""
    assert len(BODIES) == 42
    for places in (BODIES, ADDRESSES):
        for name, kinds in places.items():
            assert [place for place, kind in kinds.items() if kind is None] == [], name
    assert {kind for kinds in BODIES.values() for kind in kinds.values()} == {*LEGAL}
    assert {kind for kinds in ADDRESSES.values() for kind in kinds.values()} == {*LEGAL_PARAMETERS}


def test_few_values_are_of_every_nature_for_each_kind() -> None:
    for few, general, legal in (
        (FEW, GENERAL, LEGAL),
        (FEW_PARAMETERS, GENERAL_PARAMETERS, LEGAL_PARAMETERS),
    ):
        assert set(few) == set(legal)
        for kind in few:
            tried = few[kind] | general
            assert tried <= {*VALUES, *ENCODED}, kind
            assert tried & legal[kind] or not legal[kind], kind
            illegal = tried - legal[kind]
            assert len(illegal) >= 9 or kind in TEXT_KINDS, kind
            for corpus in (TEXTS, NUMBERS, OTHERS, NO_JSON):
                assert illegal & set(corpus) or kind in TEXT_KINDS, kind


def test_every_value_is_tried_in_a_place_of_each_kind() -> None:
    kinds = {BODIES.get(name, {}).get(place) for name, place in FIRSTS} - {None}
    assert kinds == {*LEGAL}
    kinds = {ADDRESSES.get(name, {}).get(place) for name, place in FIRSTS} - {None}
    assert kinds == {*LEGAL_PARAMETERS}


def refused_with(operation: dict[str, Any], body: str | bytes, status: int) -> int:
    """Return the status, or 413 for more than 16 KB where no session is needed."""
    size = len(body.encode() if isinstance(body, str) else body)
    return status if size <= 16_384 or operation.get("security") != [] else 413


@each(BODIES)
async def test_a_hostile_field_is_refused_and_changes_nothing(
    sender: Sender, name: str, everything: bool
) -> None:
    method, path, operation = OPERATIONS[name]
    tried: list[tuple[Any, ...]] = []
    for field, kind in BODIES[name].items():
        assert kind
        body = sender.body(operation, without=field)
        names = VALUES if everything else names_for(name, field, GENERAL | FEW[kind])
        tried += [
            (
                (name, field, value),
                refused_with(
                    operation, filled(body, field, value), 400 if value in NO_JSON else 422
                ),
                method,
                sender.path(path),
                filled(body, field, value),
            )
            for value in VALUES
            if value in names and value not in LEGAL[kind]
        ]
    assert len(tried) >= 9 * len(BODIES[name])
    wrong = await sender.faults(tried)
    assert not wrong, "\n".join(wrong)


@cache
def in_address(name: str) -> str:
    """Return a value of the corpus as an address holds it."""
    if name in ENCODED:
        return ENCODED[name]
    text = TEXTS.get(name, VALUES[name])
    # A client takes a bare `..` for the folder above.
    return quote(text, safe="").replace(".", "%2E")


def in_header(name: str) -> bytes:
    """Return a value of the corpus as a header holds it, in which servers let no line end."""
    text = TEXTS[name] if name in TEXTS else VALUES.get(name, ENCODED.get(name, ""))
    return re.sub(rb"[\0\r\n]", b" ", text.encode("utf-8", "surrogatepass"))


@each(ADDRESSES)
async def test_a_hostile_parameter_is_refused_and_changes_nothing(
    sender: Sender, name: str, everything: bool
) -> None:
    method, path, operation = OPERATIONS[name]
    body = json.dumps(sender.body(operation)) if schema_of(operation) else None
    tried: list[tuple[Any, ...]] = []
    for parameter in operation["parameters"]:
        place, where = parameter["name"], parameter["in"]
        kind = PARAMETERS[place]
        few = GENERAL_PARAMETERS | FEW_PARAMETERS[kind]
        names = {*VALUES, *ENCODED} if everything else names_for(name, place, few)
        for value in (*VALUES, *ENCODED):
            given = in_address(value)
            if value not in names or len(given) > LONGEST:
                continue
            more: dict[str, bytes] = {}
            if where == "path":
                address = sender.path(path, **{place: given})
                query = sender.query(operation)
            elif where == "header":
                address, query = sender.path(path), sender.query(operation)
                more = {place: in_header(value)}
            else:
                address, query = sender.path(path), sender.query(operation, without=place)
                address += f"?{place}={given}"
            if query:
                address += ("&" if "?" in address else "?") + "&".join(
                    f"{key}={text}" for key, text in query.items()
                )
            status = parameter_status(kind, value)
            if status == 404 and where == "query" and not parameter["required"]:
                status = 200  # a filter that nothing passes
            if place == "permanent":  # nothing is to be deleted by what is legal
                more = {"If-Match": b'"0"'}
            if status == 200 and place == "Idempotency-Key":
                continue  # what it is sent with is done
            if status == 200 and place in ("If-Match", "permanent"):
                status = 412
            if where == "path":
                status = path_status(path.endswith(f"{{{place}}}"), value) or status
            tried.append(((name, place, value), status, method, address, body, JSON, more))
    wrong = []
    for what, status, *arguments in tried:
        if status == 200:
            response = await sender.send(*arguments)
            if response.status_code not in (200, 204):
                wrong.append(f"{what}: {response.text[:300]}")
    wrong += await sender.faults([case for case in tried if case[1] != 200])
    assert not wrong, "\n".join(wrong)


def parameter_status(kind: str, value: str) -> int:
    """Return what a value of the corpus is answered with as a parameter."""
    if kind == "token":
        return 422 if len(TEXTS.get(value, VALUES.get(value, ""))) > 200 else 404
    if value in LEGAL_PARAMETERS[kind] or (value in ENCODED and kind in TEXT_KINDS):
        return 404 if kind in ("id", "number of an event") else 200
    return 422


def path_status(at_the_end: bool, value: str) -> int | None:
    """Return 404 for a value that makes the path another one, which doesn't exist."""
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


# One way of each nature; all of them for the first of the operations.
FEW_WAYS = {"empty", "cut", "with a BOM", "UTF-16", "Latin-1", "gzip", "a form", "text/plain", ""}


@each(BODIES)
async def test_a_hostile_body_is_refused_and_changes_nothing(
    sender: Sender, name: str, everything: bool
) -> None:
    everything = everything or name == next(iter(BODIES))
    method, path, operation = OPERATIONS[name]
    address = sender.path(path)
    good = json.dumps(sender.body(operation)).encode()
    tried: list[tuple[Any, ...]] = [
        (spoilt, refused_with(operation, spoil(good), 400), method, address, spoil(good))
        for spoilt, spoil in SPOILT.items()
        if everything or spoilt in FEW_WAYS
    ]
    tried += [
        (media_type, 415, method, address, good, {"Content-Type": media_type})
        for media_type in OTHER_TYPES
        if everything or media_type in FEW_WAYS
    ]
    tried += [
        ("no type", 415, method, address, good, {}),
        ("1 MB and a byte", 413, method, address, good.ljust(1_000_001)),
        ("gzip, and says so", 415, method, address, gzip.compress(good),
         {**JSON, "Content-Encoding": "gzip"}),
        ("UTF-16, and says so", 400, method, address, good.decode().encode("utf-16"),
         {"Content-Type": "application/json; charset=utf-16"}),
    ]  # fmt: skip
    tried += [(shape, 422, method, address, shape) for shape in SHAPES]
    if operation["requestBody"].get("required"):
        tried.append(("no body", 415, method, address, b"", {}))
    else:
        tried = [case for case in tried if case[0] != "empty"]
    wrong = await sender.faults(tried)
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


async def test_of_duplicate_keys_the_last_is_checked_and_kept(
    sender: Sender,
) -> None:
    last = await sender.send("POST", "/api/boards", '{"title": 5, "title": "the last"}')
    assert (last.status_code, last.json()["title"]) == (201, "the last")
    refused = await sender.send("POST", "/api/boards", '{"title": "the first", "title": 5}')
    assert refused.status_code == 422


# They end the session with which they are sent.
ENDING = {"logout_user", "end_sessions"}


@pytest.mark.parametrize("name", [n for n in OPERATIONS if n not in BODIES and n not in ENDING])
async def test_a_body_where_none_is_taken_is_ignored(sender: Sender, name: str) -> None:
    method, path, operation = OPERATIONS[name]
    ids = dict.fromkeys((f"{name}_id" for name in sender.ids), UNKNOWN)
    address = sender.path(path, **(ids if method == "DELETE" else {}))
    query = "&".join(
        f"{key}={UNKNOWN if method == 'DELETE' else value}"
        for key, value in sender.query(operation).items()
    )
    answers = set()
    for body in (None, b"{", b"\xff" * 2000, json.dumps({"id": MARK}).encode()):
        response = await sender.send(method, f"{address}?{query}".rstrip("?"), body)
        answers.add((response.status_code, response.text))
        assert response.status_code == (404 if method == "DELETE" else response.status_code)
        assert response.status_code < 405
    assert len(answers) == 1


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
