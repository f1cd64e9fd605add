"""Which cookie of a request is the session's, whatever else its browser sends."""

import jwt
import pytest
from fastapi import FastAPI

from api.http.openapi import build_document
from api.settings import settings
from models.tables import BoardUser, Session
from tests.auth.test_sessions import claims_of, secret
from tests.conftest import PASSWORD, Client, World
from tests.helpers.openapi import resolved


async def statuses(world: World, *cookies: bytes) -> list[int]:
    """Return the statuses of requests with these headers, by an endpoint and by the fast path."""
    client = world.client()
    answers = []
    for path in ("/api/auth/me", "/api/boards"):
        request = client.build_request("GET", path)
        request.headers = type(request.headers)(
            [*request.headers.raw, *((b"Cookie", cookie) for cookie in cookies)]
        )
        answers.append((await client.send(request)).status_code)
    return answers


@pytest.fixture
def good(ada: Client) -> bytes:
    return ada.cookies["session"].encode()


@pytest.mark.parametrize(
    "header",
    [
        b"session=%s",
        b"session=other; session=%s",
        b"session=%s; session=other",
        b"session=a.b.c;session=%s;session=",
        b"session; =; ;;session=%s",
        b" \t session=%s \t ",
        b"theme=dark; session=%s; x=y=z",
        b'quoted="; session=%s; x="',
        b"\xa0session=x; session=%s; \x85session=y",
    ],
)
async def test_the_cookie_whose_signature_is_good_counts(
    world: World, good: bytes, header: bytes
) -> None:
    assert await statuses(world, header % good) == [200, 200]


async def test_cookies_may_come_in_several_headers(world: World, good: bytes) -> None:
    session = b"session=%s" % good
    assert await statuses(world, b"session=other", session, b"x=y") == [200, 200]
    assert await statuses(world, session, session) == [200, 200]


async def test_two_different_good_cookies_are_none(world: World, ada: Client, bob: Client) -> None:
    tokens = [client.cookies["session"].encode() for client in (ada, bob)]
    both = b"session=%s; session=%s"
    assert await statuses(world, both % (*tokens,)) == [401, 401]
    assert await statuses(world, *(b"session=%s" % token for token in tokens)) == [401, 401]
    assert await statuses(world, both % (tokens[0], tokens[0])) == [200, 200]


async def test_an_expired_cookie_hides_no_good_one(world: World, ada: Client, good: bytes) -> None:
    old = jwt.encode({**await claims_of(ada), "exp": 1}, secret(), "HS256").encode()
    assert await statuses(world, b"session=%s; session=%s" % (old, good)) == [200, 200]
    assert await statuses(world, b"session=%s" % old) == [401, 401]


@pytest.mark.parametrize(
    "header",
    [
        b"\xa0session=%s",
        b"\x85session=%s",
        b"\x0bsession=%s",
        b"\xc2\xa0session=%s",
        b"Session=%s",
        b"session =%s",
        b"__Host-session=%s",
        b"xsession=%s",
        b'session="%s"',
        b'session="%s',
        b"session=%s\xa0",
        b"session:%s",
        b"x=session=%s",
        b"x=y, session=%s",
    ],
)
async def test_a_cookie_that_only_looks_like_it_is_another(
    world: World, good: bytes, header: bytes
) -> None:
    assert await statuses(world, header % good) == [401, 401]


@pytest.mark.parametrize("blank", [b"\xa0", b"\x85"])
async def test_another_host_plants_no_session_over_https(
    world: World, ada: Client, bob: Client, blank: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOKIE_SECURE", "true")
    settings.cache_clear()
    own, planted = (client.cookies["session"].encode() for client in (ada, bob))
    client = world.client()
    header = b"__Host-session=%s; %s__Host-session=%s" % (own, blank, planted)
    headers = {b"Cookie": header, b"Content-Type": b"application/json"}
    me = await client.get("/api/auth/me", headers=headers)
    assert me.json()["id"] == ada.id
    made = await client.post("/api/boards", content=b'{"title": "x"}', headers=headers)
    assert await BoardUser.filter(board_id=made.json()["id"], user_id=ada.user.id).exists()


async def test_a_header_full_of_our_cookies_is_not_looked_through(
    world: World, good: bytes
) -> None:
    """Each would cost a signature."""
    others = b"".join(b"session=%d; " % number for number in range(10))
    assert await statuses(world, others + b"session=%s" % good) == [401, 401]
    assert await statuses(world, others[len("session=0; ") :] + b"session=%s" % good) == [200, 200]


async def test_no_cookie_is_unquoted(
    world: World, application: FastAPI, good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some Pythons take a time for it that grows with the square of its length."""

    def fail(*_: object) -> None:
        raise AssertionError("parsed by others")

    monkeypatch.setattr("http.cookies._unquote", fail)
    monkeypatch.setattr("starlette.requests.cookie_parser", fail)
    quoted = b'session="%s"' % (b"\\" * 60_000)
    assert await statuses(world, quoted) == [401, 401]
    assert await statuses(world, quoted + b"; session=%s" % good) == [200, 200]
    client = world.client()
    for item, methods in resolved(application.openapi())["paths"].items():
        for method in methods:
            path = item.replace("{", "").replace("}", "")
            answer = await client.request(method, path, json={}, headers={b"Cookie": quoted})
            assert answer.status_code < 500, (method, path)
    for path in ("/docs", "/openapi.json", "/problems", "/nowhere"):
        assert (await client.get(path, headers={b"Cookie": quoted})).status_code < 500


async def test_signing_out_ends_the_session_that_counts(world: World, good: bytes) -> None:
    headers = {b"Cookie": b"session=other; session=%s" % good}
    assert (await world.client().post("/api/auth/logout", headers=headers)).status_code == 204
    assert await Session.all().count() == 0


@pytest.mark.parametrize(
    ("secure", "name"), [("false", "corkboard.staging"), ("true", "__Host-corkboard.staging")]
)
async def test_the_name_of_the_cookie_is_a_setting(
    world: World, application: FastAPI, monkeypatch: pytest.MonkeyPatch, secure: str, name: str
) -> None:
    monkeypatch.setenv("COOKIE_NAME", "corkboard.staging")
    monkeypatch.setenv("COOKIE_SECURE", secure)
    settings.cache_clear()
    await world.user("ada")
    login = {"username": "ada", "password": PASSWORD}
    answer = await world.client().post("/api/auth/login", json=login)
    set_name, _, token = answer.headers["set-cookie"].partition(";")[0].partition("=")
    assert set_name == name
    assert await statuses(world, f"{name}={token}".encode()) == [200, 200]
    # Another installation's, on the same host.
    assert await statuses(world, f"session={token}".encode()) == [401, 401]
    assert await statuses(world, f"session=x; {name}={token}".encode()) == [200, 200]
    scheme = build_document(application)["components"]["securitySchemes"]["session"]
    assert scheme["name"] == name
