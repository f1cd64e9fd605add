"""Bodies: how much is read and parsed, and for whom."""

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from models.tables import Board, Session, Subtask, Task
from tests.conftest import PASSWORD, Client, World
from tests.helpers.answers import check_problem

JSON = {"Content-Type": "application/json"}
SHORT = 16_384


class Body:
    """A body that comes in pieces of 8 KB, and knows how much of it was taken."""

    def __init__(self, body: bytes, then: Any = None) -> None:
        self.body = body
        self.taken = 0
        self.then = then

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for begin in range(0, len(self.body), 8192):
            self.taken = min(begin + 8192, len(self.body))
            yield self.body[begin : self.taken]
        if self.then:
            await self.then()


def with_length(body: bytes, headers: dict[str, str]) -> dict[str, str]:
    return {**JSON, **headers, "Content-Length": str(len(body))}


LONG = b'{"title": "x"}'.ljust(900_000)
FORGED = {"Cookie": "session=eyJhbGciOiJIUzI1NiJ9.e30.bm90IG91cnM"}


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    "headers", [{}, FORGED, {"Authorization": "Bearer corkboard_of-nobody"}], ids=str
)
async def test_a_stranger_has_16_kb_read_at_most(
    anonymous: Client, headers: dict[str, str], chunked: bool
) -> None:
    for body in (LONG, b"{}".ljust(SHORT + 1), b"[" * 500_000 + b"]" * 500_000):
        sent = Body(body)
        given = {**JSON, **headers} if chunked else with_length(body, headers)
        check_problem(await anonymous.post("/api/boards", content=sent, headers=given), 401)
        assert sent.taken <= SHORT


@pytest.mark.parametrize("path", ["/api/auth/register", "/api/auth/login"])
@pytest.mark.parametrize("chunked", [False, True])
async def test_where_no_session_is_needed_16_kb_are_enough(
    anonymous: Client, path: str, chunked: bool
) -> None:
    fields = b'{"username": "ada", "email": "ada@example.com", "password": "%s"}'
    body = fields % PASSWORD.encode()
    if "login" in path:
        body = body.replace(b'"email": "ada@example.com", ', b"")
        await anonymous.post("/api/auth/register", content=fields % PASSWORD.encode(), headers=JSON)
    for size, expected in ((SHORT + 1, 413), (SHORT, 200 if "login" in path else 201)):
        sent = Body(body.ljust(size))
        headers = JSON if chunked else with_length(sent.body, {})
        response = await anonymous.post(path, content=sent, headers=headers)
        assert response.status_code == expected, response.text
        if expected == 413:
            assert "16 KB" in check_problem(response, 413)["detail"]


async def test_who_is_signed_in_may_send_a_megabyte(ada: Client, world: World) -> None:
    secret = (await ada.post("/api/auth/tokens", json={"name": "x", "scopes": ["write"]})).json()
    bearer = {"Authorization": f"Bearer {secret['token']}"}
    for client, headers in ((ada, {}), (world.client(), bearer)):
        for given in (with_length(LONG, headers), {**JSON, **headers}):
            answer = await client.post("/api/boards", content=Body(LONG), headers=given)
            assert answer.status_code == 201
    assert await Board.all().count() == 4


@pytest.mark.parametrize("size", [200, 100_000])
@pytest.mark.parametrize("path", ["boards", "subtasks"])
async def test_a_session_that_ends_while_the_body_comes_is_over(
    ada: Client, abcd: list[Task], size: int, path: str
) -> None:
    """The endpoint writes boards, one statement subtasks."""
    parent = {"task_id": str(abcd[0].id)} if path == "subtasks" else {}
    body = Body(json.dumps({"title": "x", **parent}).encode().ljust(size))
    headers = with_length(body.body, {})
    assert (await ada.post(f"/api/{path}", content=body, headers=headers)).status_code == 201
    body.then = Session.all().delete
    check_problem(await ada.post(f"/api/{path}", content=body, headers=headers), 401)
    assert body.taken == size
    assert await Board.all().count() + await Subtask.all().count() == 2


async def test_a_long_body_waits_for_its_senders_row(ada: Client) -> None:
    """The signature of an ended session is good, but it isn't enough for more than 16 KB."""
    await Session.all().delete()
    for size in (SHORT + 1, 900_000):
        body = Body(b"{}".ljust(size))
        response = await ada.post("/api/boards", content=body, headers=with_length(body.body, {}))
        check_problem(response, 401)
        assert body.taken == 0


def nested(arrays: int, objects: int) -> bytes:
    return b"[" * arrays + b'{"a":' * objects + b"1" + b"}" * objects + b"]" * arrays


@pytest.mark.parametrize(("arrays", "objects"), [(32, 0), (0, 32), (16, 16), (33, 0), (0, 33)])
async def test_a_body_is_nested_at_most_32_levels_deep(
    ada: Client, arrays: int, objects: int
) -> None:
    deep = arrays + objects > 32
    body = nested(arrays, objects)
    response = await ada.post("/api/boards", content=body, headers=JSON)
    problem = check_problem(response, 400 if deep else 422)
    assert deep == ("32 levels" in problem["detail"])
    for text in (b'"' + b"[" * 100 + b'"', b'"\\"' + b"{" * 100 + b'"'):  # in a text they are none
        body = b'{"title": %s}' % text
        assert (await ada.post("/api/boards", content=body, headers=JSON)).status_code == 201


async def test_the_fast_path_takes_no_deeper_body(ada: Client, abcd: list[Task]) -> None:
    path = f"/api/tasks/{abcd[0].id}"
    for arrays, status in ((31, 422), (32, 400)):
        body = b'{"title": ' + nested(arrays, 0) + b"}"
        check_problem(await ada.patch(path, content=body, headers=JSON), status)


@pytest.mark.parametrize("piece", [b"[],", b'{"a":1},', b"1,", b'{"a":{}},'])
async def test_a_body_holds_so_many_values_at_most(ada: Client, piece: bytes) -> None:
    """A megabyte of empty lists would take half a second, in which nobody else is answered."""
    pieces = 19_990 // sum(map(piece.count, b",[{"))
    for times, status in ((pieces, 422), (pieces + 20, 400)):
        body = b"[" + piece * times + b"1]"
        problem = check_problem(await ada.post("/api/boards", content=body, headers=JSON), status)
        assert (status == 400) == ("20,000 commas" in problem["detail"])


async def test_a_text_may_be_all_commas(ada: Client, abcd: list[Task]) -> None:
    for text in ("," * 10_000, "[{" * 5_000):
        answer = await ada.patch(f"/api/tasks/{abcd[0].id}", json={"description": text})
        assert answer.json()["description"] == text


async def test_each_header_that_names_an_encoding_counts(ada: Client) -> None:
    for encodings, status in (("identity", "gzip"), 415), (("identity", "identity"), 201):
        headers = [*JSON.items(), *(("Content-Encoding", each) for each in encodings)]
        answer = await ada.post("/api/boards", content=b'{"title": "x"}', headers=headers)
        assert answer.status_code == status


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "GZIP", "gzip, identity"])
async def test_a_compressed_body_is_415_and_says_what_is_taken(ada: Client, encoding: str) -> None:
    headers = {**JSON, "Content-Encoding": encoding}
    body = gzip.compress(b'{"title": "x"}')
    response = await ada.post("/api/boards", content=body, headers=headers)
    assert "Content-Encoding" in check_problem(response, 415)["detail"]
    assert response.headers["accept-encoding"] == "identity"


async def test_a_body_that_is_its_own_encoding_is_read(ada: Client) -> None:
    headers = {**JSON, "Content-Encoding": "identity"}
    response = await ada.post("/api/boards", content=b'{"title": "x"}', headers=headers)
    assert response.status_code == 201
