"""Which tokens and sessions count, and how long."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import Context
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from tortoise.transactions import in_transaction

from api.settings import settings
from models.tables import Board, Session
from tests.conftest import PASSWORD, Client, World


def secret() -> str:
    return settings().jwt_secret.get_secret_value()


async def claims_of(client: Client) -> dict[str, Any]:
    return jwt.decode(client.cookies["session"], options={"verify_signature": False})


async def test_the_claims_are_as_described(ada: Client) -> None:
    header = jwt.get_unverified_header(ada.cookies["session"])
    claims = await claims_of(ada)
    session = await Session.get(user_id=ada.user.id)
    assert header["alg"] == "HS256"
    assert claims["sub"] == ada.id
    assert claims["is_admin"] is False
    assert claims["jti"] == str(session.id)
    assert claims["iss"] == "corkboard"
    assert claims["iat"] == session.created_at.timestamp()
    assert claims["exp"] == session.expires_at.timestamp()
    assert claims["exp"] - claims["iat"] == 30 * 24 * 3600


@pytest.mark.parametrize("claim", ["sub", "is_admin", "jti", "iat", "exp", "iss"])
async def test_a_token_without_one_of_its_claims_is_refused(ada: Client, claim: str) -> None:
    claims = await claims_of(ada)
    ada.cookies.set("session", jwt.encode(claims, secret(), "HS256"))
    assert (await ada.get("/api/auth/me")).status_code == 200
    del claims[claim]
    ada.cookies.set("session", jwt.encode(claims, secret(), "HS256"))
    assert (await ada.get("/api/auth/me")).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"exp": 1},
        {"iss": "another"},
        {"jti": str(UUID(int=1))},
        {"jti": "not a uuid"},
        {"jti": 5},
        {"sub": str(UUID(int=1))},
        {"iat": "yesterday"},
    ],
    ids=str,
)
async def test_a_token_with_a_wrong_claim_is_refused(ada: Client, change: dict[str, Any]) -> None:
    claims = {**await claims_of(ada), **change}
    try:
        token = jwt.encode(claims, secret(), "HS256")
    except TypeError:
        # PyJWT itself won't write such a token; its parts by hand.
        token = jwt.api_jws.encode(json.dumps(claims).encode(), secret(), "HS256")
    ada.cookies.set("session", token)
    assert (await ada.get("/api/auth/me")).status_code == 401


@pytest.mark.parametrize("ahead", [-60, 0, 3, 86_400])
async def test_a_token_counts_whenever_it_was_issued(ada: Client, ahead: int) -> None:
    """The clock of the server that issued it may be ahead of this one's."""
    claims = await claims_of(ada)
    claims["iat"] += ahead
    ada.cookies.set("session", jwt.encode(claims, secret(), "HS256"))
    assert (await ada.get("/api/auth/me")).status_code == 200
    claims["exp"] = claims["iat"] - 1 if ahead <= 0 else 1
    ada.cookies.set("session", jwt.encode(claims, secret(), "HS256"))
    assert (await ada.get("/api/auth/me")).status_code == 401


async def test_a_token_of_another_key_or_algorithm_is_refused(ada: Client) -> None:
    claims = await claims_of(ada)
    for token in (
        jwt.encode(claims, "another secret that is long enough", "HS256"),
        jwt.encode(claims, secret() * 2, "HS512"),
        jwt.encode(claims, None, "none"),  # type: ignore[arg-type]
        ada.cookies["session"][:-2],
        "x" * 8192,
        "..",
    ):
        ada.cookies.set("session", token)
        assert (await ada.get("/api/auth/me")).status_code == 401


async def test_an_idle_session_ends(ada: Client) -> None:
    day_ago = datetime.now(UTC) - timedelta(hours=24, seconds=1)
    await Session.filter(user_id=ada.user.id).update(last_used_at=day_ago)
    assert (await ada.get("/api/auth/me")).status_code == 401


async def test_a_session_in_use_goes_on(ada: Client) -> None:
    before = datetime.now(UTC) - timedelta(hours=23)
    await Session.filter(user_id=ada.user.id).update(last_used_at=before)
    assert (await ada.get("/api/auth/me")).status_code == 200
    assert (await Session.get(user_id=ada.user.id)).last_used_at > before + timedelta(hours=22)


@pytest.mark.parametrize(("minutes", "noted"), [(9.5, False), (10.5, True)])
async def test_the_last_use_is_right_to_ten_minutes(
    ada: Client, minutes: float, noted: bool
) -> None:
    before = datetime.now(UTC) - timedelta(minutes=minutes)
    await Session.filter(user_id=ada.user.id).update(last_used_at=before)
    assert (await ada.get("/api/auth/me")).status_code == 200
    session = await Session.get(user_id=ada.user.id)
    assert (session.last_used_at != before) is noted


async def test_a_session_past_its_days_ends(ada: Client) -> None:
    await Session.filter(user_id=ada.user.id).update(expires_at=datetime.now(UTC))
    assert (await ada.get("/api/auth/me")).status_code == 401


async def test_use_does_not_prolong_a_session_beyond_its_days(ada: Client) -> None:
    end = (await Session.get(user_id=ada.user.id)).expires_at
    before = datetime.now(UTC) - timedelta(hours=23)
    await Session.filter(user_id=ada.user.id).update(last_used_at=before)
    response = await ada.get("/api/auth/me")
    assert response.status_code == 200
    assert "set-cookie" not in response.headers
    session = await Session.get(user_id=ada.user.id)
    assert session.last_used_at > before
    assert session.expires_at == end


async def test_the_last_use_is_written_every_ten_minutes(ada: Client) -> None:
    for minutes, is_written in ((9, False), (11, True)):
        before = datetime.now(UTC) - timedelta(minutes=minutes)
        await Session.filter(user_id=ada.user.id).update(last_used_at=before)
        await ada.get("/api/auth/me")
        after = (await Session.get(user_id=ada.user.id)).last_used_at
        assert (after > before) is is_written


async def test_how_long_a_session_lasts_is_a_setting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESSION_IDLE_HOURS", "1")
    monkeypatch.setenv("SESSION_DAYS", "2")
    settings.cache_clear()
    user = await world.user("ada")
    response = await world.client().post(
        "/api/auth/login", json={"username": "ada", "password": PASSWORD}
    )
    assert "Max-Age=172800;" in response.headers["set-cookie"]
    session = await Session.get(user_id=user.id)
    assert session.expires_at - session.created_at == timedelta(days=2)
    ada = await world.sign_in(user)
    claims = await claims_of(ada)
    assert claims["exp"] - claims["iat"] == 2 * 24 * 3600
    for minutes, status in ((59, 200), (61, 401)):
        before = datetime.now(UTC) - timedelta(minutes=minutes)
        await Session.filter(user_id=user.id).update(last_used_at=before)
        assert (await ada.get("/api/auth/me")).status_code == status


async def test_a_session_in_steady_use_does_not_expire(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESSION_IDLE_HOURS", "1")
    settings.cache_clear()
    # As if every step of 20 minutes had passed.
    for _ in range(6):
        session = await Session.get(user_id=ada.user.id)
        before = session.last_used_at - timedelta(minutes=20)
        await Session.filter(id=session.id).update(last_used_at=before)
        assert (await ada.get("/api/auth/me")).status_code == 200


async def test_whoever_signs_in_sweeps_out_what_has_ended_of_anybody(world: World) -> None:
    for name in ("bob", "carol", "dave"):
        await world.person(name)
    now = datetime.now(UTC) - timedelta(seconds=1)
    await Session.filter(user__username="bob").update(expires_at=now)
    await Session.filter(user__username="carol").update(last_used_at=now - timedelta(hours=24))
    await Session.filter(user__username="dave").update(last_used_at=now - timedelta(hours=23))
    await world.person("ada")
    left = await Session.all().order_by("user__username").values_list("user__username", flat=True)
    assert left == ["ada", "dave"]


async def test_a_sign_in_waits_for_nobody_who_holds_an_ended_session(world: World) -> None:
    bob = await world.user("bob")
    await world.sign_in(bob)
    await Session.all().update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    async with in_transaction():
        await Session.all().select_for_update()
        async with asyncio.timeout(30):
            await asyncio.create_task(world.person("ada"), context=Context())
    assert await Session.all().count() == 2


async def test_signing_in_sweeps_out_ended_sessions(ada: Client, world: World) -> None:
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    await Session.filter(user_id=ada.user.id).update(expires_at=hour_ago)
    await world.sign_in(ada.user)
    assert await Session.filter(user_id=ada.user.id).count() == 1


async def test_sessions_are_listed_and_ended_one_by_one(ada: Client, world: World) -> None:
    phone = await world.sign_in(ada.user)
    old = await world.sign_in(ada.user)
    await world.person("bob")
    [old_id] = [row["id"] for row in (await old.get("/api/auth/sessions")).json() if row["current"]]
    await Session.filter(id=old_id).update(expires_at=datetime.now(UTC))
    sessions = (await ada.get("/api/auth/sessions")).json()
    assert [row["current"] for row in sessions] == [True, False]
    assert (await ada.delete(f"/api/auth/sessions/{sessions[1]['id']}")).status_code == 204
    assert (await phone.get("/api/auth/me")).status_code == 401
    assert (await ada.get("/api/auth/me")).status_code == 200


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b"Mozilla/5.0 (X11; Linux)", "Mozilla/5.0 (X11; Linux)"),
        (b"Kan\x07ban\x85/\x1b[31m1.0\x7f\x00", "Kanban/[31m1.0"),
        (b"x" * 300, "x" * 256),
        (b"\t", None),
        (b"", None),
    ],
)
async def test_a_session_shows_the_program_that_signed_in(
    sent: bytes, shown: str | None, bob: Client, world: World
) -> None:
    client, headers = world.client(), [(b"User-Agent", sent)]
    body = {"username": "bob", "password": PASSWORD}
    assert (await client.post("/api/auth/login", json=body, headers=headers)).status_code == 200

    async def programs() -> list[str | None]:
        listed = (await client.get("/api/auth/sessions")).json()
        return [session["user_agent"] for session in listed]

    assert await programs() == [None, shown]  # bob's own client signed in without a request
    change = {"current_password": PASSWORD, "new_password": "a lighthouse at dawn"}
    changed = await client.put("/api/auth/password", json=change, headers=headers)
    assert changed.status_code == 204
    assert await programs() == [shown]


async def test_registering_notes_the_program_too(anonymous: Client) -> None:
    body = {"username": "grace", "email": "grace@example.com", "password": "a lighthouse at dawn"}
    headers = {"User-Agent": "Kanban/1.0"}
    assert (await anonymous.post("/api/auth/register", json=body, headers=headers)).is_success
    [session] = (await anonymous.get("/api/auth/sessions")).json()
    assert session["user_agent"] == "Kanban/1.0"


async def test_nobody_sees_the_program_of_another(ada: Client, bob: Client, admin: Client) -> None:
    await Session.filter(user_id=bob.user.id).update(user_agent="Kanban/1.0")
    for client in (ada, admin):
        for path in ("/api/auth/sessions", f"/api/users/{bob.id}", "/api/auth/me"):
            assert "Kanban" not in (await client.get(path)).text


async def test_nobody_ends_the_session_of_another(ada: Client, bob: Client) -> None:
    [session] = (await ada.get("/api/auth/sessions")).json()
    assert (await bob.delete(f"/api/auth/sessions/{session['id']}")).status_code == 404
    assert (await ada.get("/api/auth/me")).status_code == 200


async def test_signing_out_everywhere_ends_every_session(ada: Client, world: World) -> None:
    phone = await world.sign_in(ada.user)
    response = await ada.delete("/api/auth/sessions")
    assert response.status_code == 204
    assert "Max-Age=0" in response.headers["set-cookie"]
    for client in (ada, phone):
        assert (await client.get("/api/auth/me")).status_code == 401
    assert (await ada.delete("/api/auth/sessions")).status_code == 401


def held_back(body: bytes, meanwhile: Callable[[], Awaitable[object]]) -> AsyncIterator[bytes]:
    """Yield a body, before the end of which something else is done."""

    async def parts() -> AsyncIterator[bytes]:
        yield body[:5]
        await meanwhile()
        yield body[5:]

    return parts()


async def test_a_session_that_ends_before_its_body_comes_does_nothing(
    ada: Client, world: World
) -> None:
    other = await world.sign_in(ada.user)
    headers = {"Content-Type": "application/json"}
    for ends in (
        lambda: ada.post("/api/auth/logout"),
        lambda: other.put(
            "/api/auth/password",
            json={"current_password": PASSWORD, "new_password": "a lighthouse at dawn"},
        ),
    ):
        client = await world.sign_in(ada.user)
        ada.cookies.set("session", client.cookies["session"])
        body = held_back(b'{"title": "After the end"}', ends)
        response = await client.post("/api/boards", content=body, headers=headers)
        assert response.status_code == 401
    assert await Board.all().count() == 0
