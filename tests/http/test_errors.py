"""Every error has one shape and tells no secret; no input is a 500."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.http.security_headers import POLICY
from api.settings import settings
from models.tables import Board
from tests.conftest import PASSWORD, Client, World, with_database
from tests.helpers.answers import check_problem

JSON = {"Content-Type": "application/json"}


@asynccontextmanager
async def unreachable(database_url: str) -> AsyncIterator[None]:
    """Yield the database lets nobody in, and has thrown everybody out."""
    name = database_url.partition("?")[0].rpartition("/")[2]
    server = await asyncpg.connect(with_database(database_url, "postgres"))
    await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
    )
    yield
    await server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    await server.close()


@pytest.mark.parametrize(
    "path",
    ["/nope", "/api", "/api/boards/", "/api/nope", "/%2F", "/docs/x", "/%00", "/api/boards%0a"],
)
async def test_an_unknown_path_is_a_problem(ada: Client, path: str) -> None:
    check_problem(await ada.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/api/boards", {"GET", "HEAD", "POST"}),
        ("DELETE", "/api/boards", {"GET", "HEAD", "POST"}),
        (
            "POST",
            "/api/boards/019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11",
            {"GET", "HEAD", "PUT", "PATCH", "DELETE"},
        ),
        ("GET", "/api/auth/login", {"POST"}),
    ],
)
async def test_an_unknown_method_is_a_problem_that_names_the_known(
    anonymous: Client, method: str, path: str, allowed: set[str]
) -> None:
    response = await anonymous.request(method, path)
    check_problem(response, 405)
    assert set(response.headers["allow"].split(", ")) == allowed


async def test_without_a_session_the_answer_says_how_to_get_one(anonymous: Client) -> None:
    response = await anonymous.get("/api/boards")
    check_problem(response, 401)
    assert response.headers["www-authenticate"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"nonsense", b'{"title": NaN}', b'{"title": Infinity}', b"\xff\xfe{}",
        '{"title": "x"}'.encode("utf-16"), b'{"title": "\\ud800"}', b'{"title": "\xff"}',
        b"[" * 100_000, b'{"title": ' + b"9" * 10_000 + b"}", b"\x89PNG\r\n",
    ],
)  # fmt: skip
async def test_a_body_that_is_no_json_is_400(ada: Client, body: bytes) -> None:
    check_problem(await ada.post("/api/boards", content=body, headers=JSON), 400)
    assert await Board.all().count() == 0


@pytest.mark.parametrize(
    "body", [b"[]", b"5", b'"x"', b"null", b"true", b"{}", b'{"": 1}', b'{"~/": 1}']
)
async def test_json_of_the_wrong_shape_is_422(ada: Client, body: bytes) -> None:
    problem = check_problem(await ada.post("/api/boards", content=body, headers=JSON), 422)
    assert problem["errors"]


@pytest.mark.parametrize(
    ("query", "body", "detail"),
    [
        ("", {"title": " "}, "title: Must not be blank or contain the character U+0000."),
        ("", {"title": "x", "a/b": 1}, "a~1b: This field does not exist, or can't be set here."),
        ("", {"title": "", "color": "red"}, "title: Must have at least 1 characters."),
        ("", [], "Must be a JSON object."),
        ("?x=1", {"title": "x"}, "x: This parameter does not exist, or was given more than once."),
    ],
)
async def test_a_422_says_its_first_error(query: str, body: Any, detail: str, ada: Client) -> None:
    problem = check_problem(await ada.post(f"/api/boards{query}", json=body), 422)
    assert problem["detail"] == detail
    assert detail.endswith(problem["errors"][0]["detail"])


async def test_a_field_is_named_by_a_json_pointer(ada: Client) -> None:
    body = b'{"title": "x", "a~/b": 1}'
    problem = check_problem(await ada.post("/api/boards", content=body, headers=JSON), 422)
    assert problem["errors"] == [
        {
            "pointer": "/a~0~1b",
            "detail": "This field does not exist, or can't be set here.",
            "code": "extra_forbidden",
        }
    ]


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"],
)
async def test_a_body_of_another_kind_is_415(ada: Client, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    response = await ada.post("/api/boards", content=b'{"title": "x"}', headers=headers)
    check_problem(response, 415)
    assert await Board.all().count() == 0


@pytest.mark.parametrize(
    "media_type", ["application/json; charset=utf-8", "application/merge+json"]
)
async def test_json_by_another_name_is_read(ada: Client, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    response = await ada.post("/api/boards", content=b'{"title": "x"}', headers=headers)
    assert response.status_code == 201


async def test_a_body_over_a_megabyte_is_413_however_it_comes(ada: Client) -> None:
    body = json.dumps({"title": "x", "description": "x" * 1_000_000}).encode()
    check_problem(await ada.post("/api/boards", content=body, headers=JSON), 413)

    async def chunks() -> object:  # without a Content-Length
        for start in range(0, len(body), 100_000):
            yield body[start : start + 100_000]

    check_problem(await ada.post("/api/boards", content=chunks(), headers=JSON), 413)  # type: ignore[arg-type]


async def test_a_body_full_of_errors_gets_a_short_answer(ada: Client) -> None:
    body = {f"{number}{'x' * 300}": 1 for number in range(1000)}
    response = await ada.post("/api/boards", json=body)
    check_problem(response, 422)
    assert len(response.content) < 25_000


async def test_a_body_of_too_many_fields_gets_one_error(ada: Client) -> None:
    """Thousands of errors would hold everybody else up."""
    for count, code in ((100, "extra_forbidden"), (101, "too_many_fields"), (19_000, "")):
        body = {f"x{number}": 1 for number in range(count - 1)} | {"title": "x"}
        problem = check_problem(await ada.post("/api/boards", json=body), 422)
        assert problem["errors"][0]["code"] == (code or "too_many_fields")
        assert len(problem["errors"]) == (50 if count == 100 else 1)


async def test_the_checks_come_in_order(ada: Client, world: World) -> None:
    """Each request has everything wrong from its check on; the first check that fails answers."""
    board = await world.board(ada.user)
    stranger, anonymous = await world.person("stranger"), world.client()
    evil = {"Origin": "https://evil.example"}
    path, text = f"/api/boards/{board.id}?x=1", {"Content-Type": "text/plain"}
    for client, method, where, headers, content, status in (
        (anonymous, "PUT", "/api/nope", {**evil, **text}, b"{", 404),
        (anonymous, "POST", path, {**evil, **text}, b"{", 405),
        (anonymous, "PUT", path, {**evil, **text}, b"{", 403),
        (anonymous, "PUT", path, text, b"{", 401),
        (stranger, "PUT", path, text, b"{", 415),
        (stranger, "PUT", path, JSON, b"{" + b" " * 1_000_000, 413),
        (stranger, "PUT", path, JSON, b"{", 400),
        (stranger, "PUT", path, JSON, b"{}", 422),
        (stranger, "PUT", f"/api/boards/{board.id}", JSON, b'{"title": "x"}', 404),
    ):
        response = await client.request(method, where, headers=headers, content=content)
        assert response.status_code == status, (status, response.text)


@pytest.mark.parametrize(
    "value", ["x", "019a3f5e", "{019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c1}", "%00", "é" * 9]
)
async def test_an_id_that_is_none_is_a_422_without_its_value(ada: Client, value: str) -> None:
    response = await ada.get(f"/api/boards/{value}")
    problem = check_problem(response, 422)
    assert problem["errors"] == [
        {"parameter": "board_id", "detail": "Must be a UUID.", "code": "uuid_parsing"}
    ]


async def test_no_error_echoes_a_password(anonymous: Client, world: World) -> None:
    secret = "correct horse battery staple " * 6
    for path, body in (
        ("register", {"username": "a", "email": "b", "password": secret}),
        ("register", {"username": secret, "email": secret, "password": [secret], secret[:5]: 1}),
        ("login", {"username": "ada", "password": secret}),
        ("login", {"username": 5, "password": {"value": secret}}),
    ):
        response = await anonymous.post(f"/api/auth/{path}", json=body)
        assert response.status_code in (401, 422)
        assert "horse" not in response.text


async def test_headers_that_protect_are_on_every_answer(ada: Client, anonymous: Client) -> None:
    for response in (
        await ada.get("/api/boards"),
        await anonymous.get("/api/boards"),
        await ada.get("/nope"),
        await ada.get("/docs"),
        await ada.get("/openapi.json"),
        await ada.get("/api/avatars/ada.svg"),
        await ada.put("/api/boards"),
    ):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in response.headers["content-security-policy"]


async def test_headers_that_protect_are_on_every_kind_of_answer(
    world: World, ada: Client, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = await world.board(ada.user, is_public=True)
    bob, anonymous, path = await world.person("bob"), world.client(), f"/api/boards/{board.id}"
    good = {"Origin": "https://kanban.example", "Access-Control-Request-Method": "PUT"}
    evil = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"}
    login = {"username": "ada", "password": "not the password"}
    twice = {"username": "ada", "email": "another@example.com", "password": "a harbour at dusk"}
    answers = {
        "preflight": await anonymous.options(path, headers=good),
        "preflight of a stranger": await anonymous.options(path, headers=evil),
        "200": await ada.get(path),
        "201": await ada.post("/api/boards", json={"title": "x"}),
        "400": await ada.post("/api/boards", content=b"{", headers=JSON),
        "401": await anonymous.post("/api/auth/login", json=login),
        "403": await bob.put(path, json={"title": "x"}),
        "403 of another origin": await bob.put(path, json={}, headers=evil),
        "404": await ada.get("/api/boards/019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"),
        "405": await ada.post(path),
        "409": await anonymous.post("/api/auth/register", json=twice),
        "413": await ada.post("/api/boards", content=b" " * 1_000_001, headers=JSON),
        "415": await ada.post("/api/boards", content=b"x", headers={"Content-Type": "text/plain"}),
        "422": await ada.post("/api/boards", json={}),
        "204": await ada.delete(path),
    }
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "1/hour")
    settings.cache_clear()
    for _ in range(2):
        answers["429"] = await anonymous.post("/api/auth/login", json=login)

    def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("api.resources.reads.Read._find", fail)
        answers["500"] = await ada.get("/api/boards?sort=id")
    async with unreachable(database_url):
        answers["503"] = await ada.get("/api/boards")
    for name, answer in answers.items():
        if name[:3].isdecimal():
            assert answer.status_code == int(name[:3]), (name, answer.text)
        assert answer.headers["x-content-type-options"] == "nosniff", name
        assert answer.headers["referrer-policy"] == "no-referrer", name
        assert answer.headers["content-security-policy"] == POLICY, name
        if answer.status_code >= 400:
            assert answer.headers["cache-control"] == "no-store", name
        assert not {"server", "x-powered-by"} & set(answer.headers), name


# What a trusted page may do, no more and no less.
PREFLIGHT: dict[str, Any] = {
    "access-control-allow-origin": "https://kanban.example",
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "access-control-allow-headers": {
        "authorization", "content-type", "if-match", "if-none-match", "idempotency-key",
        "x-request-id", "sentry-trace", "baggage", "traceparent", "x-requested-with",
    },
    "access-control-max-age": "600",
}  # fmt: skip


def cors_headers(response: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: value
        for name, value in response.headers.items()
        if name.startswith("access-control-")
    }
    for name in found.keys() & {"access-control-allow-methods", "access-control-allow-headers"}:
        found[name] = set(found[name].split(", "))
    return found


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_a_trusted_page_is_told_exactly_what_it_may_do(
    anonymous: Client, method: str
) -> None:
    asked = {
        "Origin": "https://kanban.example",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": ", ".join(PREFLIGHT["access-control-allow-headers"]),
    }
    response = await anonymous.options("/api/boards", headers=asked)
    assert response.status_code == 200
    assert cors_headers(response) == PREFLIGHT
    assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Access-Control-Request-Method", "TRACE"),
        ("Access-Control-Request-Headers", "x" * 1001),
        ("Access-Control-Request-Headers", "content-type: x"),
        ("Origin", "https://evil.example"),
        ("Origin", "https://kanban.example.evil.example"),
        ("Origin", "https://sub.kanban.example"),
        ("Origin", "http://kanban.example"),
        ("Origin", "https://kanban.example:444"),
        ("Origin", "HTTPS://KANBAN.EXAMPLE"),
        ("Origin", "null"),
    ],
)
async def test_a_page_may_ask_for_nothing_else(anonymous: Client, name: str, value: str) -> None:
    asked = {"Origin": "https://kanban.example", "Access-Control-Request-Method": "PUT"}
    response = await anonymous.options("/api/boards", headers={**asked, name: value})
    assert response.status_code == 204
    assert cors_headers(response) == {}


async def test_answers_to_pages_are_for_trusted_ones_alone(ada: Client, anonymous: Client) -> None:
    trusted = {
        "access-control-allow-origin": "https://kanban.example",
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "ETag, Link, Location, Retry-After, X-Total-Count, "
        "X-Request-ID",
    }
    for client in (ada, anonymous):
        for path in ("/api/boards", "/api/auth/me", "/nope"):
            for origin, headers in (
                ("https://kanban.example", trusted),
                ("https://evil.example", {}),
                ("https://kanban.example.evil.example", {}),
                ("null", {}),
            ):
                response = await client.get(path, headers={"Origin": origin})
                allowed = cors_headers(response)
                if not headers:
                    assert "access-control-allow-origin" not in allowed
                else:
                    assert allowed == headers
                assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/boards", "private, no-cache"),
        ("/api/auth/me", "no-store"),
        ("/api/avatars/ada.svg", "public, max-age=86400"),
        ("/nope", "no-store"),
    ],
)
async def test_who_may_keep_an_answer(ada: Client, path: str, expected: str) -> None:
    assert (await ada.get(path)).headers["cache-control"] == expected


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://kanban.example"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, False),
        ({"Origin": "http://corkboard.test"}, True),
        ({"Origin": "https://kanban.example"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "https://kanban.example.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://["}, False),
        ({"Origin": "corkboard.test"}, False),
    ],
    ids=str,
)
async def test_pages_of_other_origins_change_nothing(
    ada: Client, headers: dict[str, str], allowed: bool
) -> None:
    response = await ada.post("/api/boards", json={"title": "x"}, headers=headers)
    assert response.status_code == (201 if allowed else 403)
    assert (await ada.get("/api/boards", headers=headers)).status_code == 200


async def test_a_trusted_origin_is_answered_with_cors_headers(anonymous: Client) -> None:
    preflight = {
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type",
    }
    good = await anonymous.options(
        "/api/boards", headers={"Origin": "https://kanban.example", **preflight}
    )
    assert good.status_code == 200
    assert good.headers["access-control-allow-origin"] == "https://kanban.example"
    assert good.headers["access-control-allow-credentials"] == "true"
    bad = await anonymous.options(
        "/api/boards", headers={"Origin": "https://evil.example", **preflight}
    )
    assert "access-control-allow-origin" not in bad.headers
    assert (bad.status_code, bad.content) == (204, b"")
    # Errors, too, must be readable for the frontend.
    refused = await anonymous.get("/api/boards", headers={"Origin": "https://kanban.example"})
    assert refused.headers["access-control-allow-origin"] == "https://kanban.example"


async def test_a_lost_database_is_a_503_and_the_service_comes_back(
    app: FastAPI, ada: Client, database_url: str
) -> None:
    async with unreachable(database_url):
        for method, path in (
            ("GET", "/api/boards"),
            ("POST", "/api/boards"),
            ("GET", "/health/ready"),
        ):
            response = await ada.request(method, path, json={"title": "x"})
            check_problem(response, 503)
            assert response.headers["retry-after"] == "1"
        assert (await ada.get("/health/live")).status_code == 200
    assert (await ada.get("/api/boards")).status_code == 200
    assert (await ada.get("/health/ready")).status_code == 200


async def test_a_database_that_may_only_be_read_answers_reads_and_503(
    ada: Client, database_url: str
) -> None:
    name = database_url.partition("?")[0].rpartition("/")[2]
    server = await asyncpg.connect(with_database(database_url, "postgres"))
    await server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
    )
    await server.close()
    async with asyncio.timeout(30):
        while (await ada.get("/api/boards")).status_code != 200:
            pass  # A connection that was just ended may not have noticed yet.
    check_problem(await ada.post("/api/boards", json={"title": "x"}), 503)


async def test_a_long_path_is_not_sent_back_in_full(ada: Client) -> None:
    answer = await ada.get("/" + "x" * 60_000)
    check_problem(answer, 404)
    assert len(answer.content) < 1_000


async def test_a_connection_lost_in_a_write_leaves_nothing_half_done(
    ada: Client, world: World, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    from models.tables import BoardUser

    create = BoardUser.create

    async def lose_connection(**values: Any) -> BoardUser:
        name = database_url.partition("?")[0].rpartition("/")[2]
        server = await asyncpg.connect(with_database(database_url, "postgres"))
        await server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
        )
        await server.close()
        return await create(**values)

    monkeypatch.setattr(BoardUser, "create", lose_connection)
    check_problem(await ada.post("/api/boards", json={"title": "x"}), 503)
    monkeypatch.undo()
    assert await Board.all().count() == 0


async def test_a_mistake_of_ours_is_a_500_that_tells_nothing(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret text")

    monkeypatch.setattr("api.resources.reads.Read._find", fail)
    response = await ada.get("/api/boards?sort=id")
    check_problem(response, 500)
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_an_unforeseen_constraint_logs_no_row(
    world: World, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("ALTER TABLE users ADD CONSTRAINT odd CHECK (username <> 'ada')")
    await connection.close()
    account = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}
    check_problem(await world.client().post("/api/auth/register", json=account), 500)
    assert "odd" in caplog.text
    assert account["email"] not in caplog.text
    assert "argon2" not in caplog.text


async def test_a_parameter_given_twice_is_refused(ada: Client) -> None:
    response = await ada.get("/api/boards?limit=1&limit=2")
    problem = check_problem(response, 422)
    assert problem["errors"][0]["parameter"] == "limit"


async def test_an_answer_without_a_body_names_no_type(ada: Client, world: World) -> None:
    board = await world.board(ada.user)
    response = await ada.delete(f"/api/boards/{board.id}")
    assert response.status_code == 204
    assert "content-type" not in response.headers


async def test_a_body_that_stalls_is_given_up(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.route.BODY_SECONDS", 0.05)

    async def stall() -> AsyncIterator[bytes]:
        yield b'{"title": '
        await asyncio.Event().wait()
        yield b'"x"}'

    response = await ada.post("/api/boards", content=stall(), headers=JSON)
    check_problem(response, 400)
    assert await Board.all().count() == 0
