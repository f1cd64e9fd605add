from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from passlib.hash import argon2

from api.auth.passwords import verify_password
from api.auth.sessions import decode_session_token
from api.settings import settings
from models.tables import RateLimit, Session, User
from tests.conftest import PASSWORD, Client, World

ADA = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}
LOGIN = {"username": "ada", "password": PASSWORD}


async def test_registering_signs_in_and_draws_an_avatar(anonymous: Client) -> None:
    response = await anonymous.post("/api/auth/register", json=ADA)
    user = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/api/users/{user['id']}"
    assert user["avatar_url"] == "/api/avatars/ada.svg"
    assert (await anonymous.get("/api/auth/me")).json() == user


async def test_a_taken_username_or_email_is_refused_in_any_case(anonymous: Client) -> None:
    russian = {"username": "иван", "email": "иван@пример.рф", "password": PASSWORD}
    assert (await anonymous.post("/api/auth/register", json=russian)).status_code == 201
    for field, value in (("username", "ИВАН"), ("email", "ИВАН@ПРИМЕР.РФ")):
        other = {"username": "olga", "email": "olga@example.com", "password": PASSWORD}
        response = await anonymous.post("/api/auth/register", json={**other, field: value})
        assert response.status_code == 409
        assert response.json()["errors"][0]["pointer"] == f"/{field}"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("seven77", "too_short"),
        ("x" * 129, "too_long"),
        ("password123", "password_common"),
        ("PassWord123", "password_common"),
        ("my-name-is-Ada!", "password_username"),
    ],
)
async def test_an_easy_password_is_refused(anonymous: Client, password: str, code: str) -> None:
    response = await anonymous.post("/api/auth/register", json={**ADA, "password": password})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/password"
    assert response.json()["errors"][0]["code"] == code
    assert "items" not in response.text
    assert password not in response.text
    assert await User.all().count() == 0


async def test_the_password_is_stored_only_as_a_hash(
    anonymous: Client, rows: object, real_hashes: None
) -> None:
    await anonymous.post("/api/auth/register", json=ADA)
    stored = await rows()  # type: ignore[operator]
    assert PASSWORD not in str(stored)
    assert stored["users"][0]["hashed_password"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("name", ["ada", "ADA", "ada@example.com", "Ada@Example.com"])
async def test_login_takes_the_name_or_the_email(world: World, name: str) -> None:
    await world.user("ada")
    client = world.client()
    response = await client.post("/api/auth/login", json={**LOGIN, "username": name})
    assert response.status_code == 200
    assert (await client.get("/api/auth/me")).json() == response.json()


async def test_a_wrong_name_and_a_wrong_password_answer_alike(world: World) -> None:
    await world.user("ada")
    client = world.client()
    wrong = [
        await client.post("/api/auth/login", json={"username": name, "password": password})
        for name, password in (("ada", "not the password"), ("nobody", PASSWORD))
    ]
    assert [response.status_code for response in wrong] == [401, 401]
    assert wrong[0].text == wrong[1].text
    assert "set-cookie" not in wrong[0].headers


async def test_the_cookie_is_as_described(world: World) -> None:
    user = await world.user("ada")
    response = await world.client().post("/api/auth/login", json=LOGIN)
    name_and_value, *attributes = response.headers["set-cookie"].split("; ")
    name, token = name_and_value.split("=", 1)
    assert name == "session"
    assert set(attributes) == {"HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax"}
    session = await Session.get(user_id=user.id)
    named = decode_session_token(token)
    assert named
    assert named[:3] == (session.id, user.id, False)
    assert token not in response.text


async def test_over_https_the_cookie_is_secure_and_bound_to_the_host(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.user("ada")
    monkeypatch.setenv("COOKIE_SECURE", "true")
    settings.cache_clear()
    cookie = (await world.client().post("/api/auth/login", json=LOGIN)).headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie.split("; ")
    assert "Domain" not in cookie


async def test_logout_ends_the_session_on_the_server(ada: Client, world: World) -> None:
    stolen = world.client()
    stolen.cookies.set("session", ada.cookies["session"])
    response = await ada.post("/api/auth/logout")
    assert response.status_code == 204
    assert 'session=""' in response.headers["set-cookie"]
    assert (await stolen.get("/api/auth/me")).status_code == 401


async def test_logout_without_a_session_does_nothing(anonymous: Client) -> None:
    assert (await anonymous.post("/api/auth/logout")).status_code == 204


async def test_logout_from_another_origin_is_refused(ada: Client) -> None:
    response = await ada.post("/api/auth/logout", headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert (await ada.get("/api/auth/me")).status_code == 200


async def test_changing_the_password_ends_every_other_session(ada: Client, world: World) -> None:
    other = await world.sign_in(ada.user)
    change = {"current_password": PASSWORD, "new_password": "a lighthouse at dawn"}
    response = await ada.put("/api/auth/password", json=change)
    assert response.status_code == 204
    assert (await ada.get("/api/auth/me")).status_code == 200
    assert (await other.get("/api/auth/me")).status_code == 401
    client = world.client()
    assert (await client.post("/api/auth/login", json=LOGIN)).status_code == 401
    new = {**LOGIN, "password": "a lighthouse at dawn"}
    assert (await client.post("/api/auth/login", json=new)).status_code == 200


async def test_a_wrong_current_password_changes_nothing(ada: Client, world: World) -> None:
    change = {"current_password": "not the password", "new_password": "a lighthouse at dawn"}
    assert (await ada.put("/api/auth/password", json=change)).status_code == 403
    assert (await world.client().post("/api/auth/login", json=LOGIN)).status_code == 200


async def test_an_admin_resets_a_password_and_ends_its_sessions(
    ada: Client, admin: Client, world: World
) -> None:
    reset = {"new_password": "a lighthouse at dawn"}
    response = await admin.put(f"/api/users/{ada.id}/password", json=reset)
    assert response.status_code == 204
    assert (await ada.get("/api/auth/me")).status_code == 401
    new = {**LOGIN, "password": "a lighthouse at dawn"}
    assert (await world.client().post("/api/auth/login", json=new)).status_code == 200


async def test_admins_do_not_reset_their_own_password(admin: Client, world: World) -> None:
    """A stolen session must not be enough to take an admin's account over."""
    reset = {"new_password": "a lighthouse at dawn"}
    response = await admin.put(f"/api/users/{admin.id}/password", json=reset)
    assert response.status_code == 403
    assert "/api/auth/password" in response.json()["detail"]
    assert (await User.get(id=admin.user.id)).hashed_password == world.hashed_password
    assert (await admin.get("/api/auth/me")).status_code == 200


async def test_only_admins_reset_passwords(ada: Client, bob: Client, world: World) -> None:
    reset = {"new_password": "a lighthouse at dawn"}
    assert (await bob.put(f"/api/users/{ada.id}/password", json=reset)).status_code == 403
    assert (await world.client().post("/api/auth/login", json=LOGIN)).status_code == 200


async def test_an_easy_new_password_is_refused(ada: Client, admin: Client) -> None:
    change = {"current_password": PASSWORD, "new_password": "password123"}
    for response in (
        await ada.put("/api/auth/password", json=change),
        await admin.put(f"/api/users/{ada.id}/password", json={"new_password": "password123"}),
    ):
        assert response.status_code == 422
        assert response.json()["errors"][0]["pointer"] == "/new_password"


async def test_a_demotion_counts_at_once_whatever_the_token_claims(world: World) -> None:
    boss = await world.person("boss", is_admin=True)
    root = await world.person("root", is_admin=True)
    change = {"username": "boss", "email": "boss@example.com", "is_admin": False}
    assert (await root.put(f"/api/users/{boss.id}", json=change)).status_code == 200
    assert (await boss.post("/api/users", json=ADA)).status_code == 403


async def test_a_deleted_user_is_signed_out_at_once(ada: Client, admin: Client) -> None:
    assert (await admin.delete(f"/api/users/{ada.id}")).status_code == 204
    assert (await ada.get("/api/auth/me")).status_code == 401


async def test_an_old_password_fails_if_changed_during_the_login(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await world.user("ada")

    async def verify(*arguments: Any) -> Any:
        result = await verify_password(*arguments)
        await User.filter(id=user.id).update(hashed_password="another")
        return result

    monkeypatch.setattr("api.endpoints.account.verify_password", verify)
    assert (await world.client().post("/api/auth/login", json=LOGIN)).status_code == 401
    assert await Session.all().count() == 0


async def test_a_hash_of_old_parameters_is_renewed_at_login(
    world: World, real_hashes: None
) -> None:
    old = argon2.using(memory_cost=1024, time_cost=1).hash(PASSWORD)
    user = await world.user("ada")
    await User.filter(id=user.id).update(hashed_password=old)
    assert (await world.client().post("/api/auth/login", json=LOGIN)).status_code == 200
    assert "m=19456,t=2,p=1" in (await User.get(id=user.id)).hashed_password


async def test_spent_windows_are_swept_out(
    app: FastAPI, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "3/minute")
    settings.cache_clear()
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    await RateLimit.create(key="login:198.51.100.7", attempts=9, ends_at=hour_ago)
    await world.client().post("/api/auth/login", json=LOGIN)
    networks = {row.key.rpartition(" ")[2] for row in await RateLimit.all()}
    assert networks == {"login:127.0.0.1/32", "127.0.0.0/24"}


async def test_attempts_over_the_limit_answer_429(
    app: FastAPI, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.user("ada")
    client = world.client()
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "3/minute")
    settings.cache_clear()
    statuses = [(await client.post("/api/auth/login", json=LOGIN)).status_code for _ in range(3)]
    refused = await client.post("/api/auth/login", json=LOGIN)
    assert statuses == [200, 200, 200]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert (await client.get("/api/auth/me")).status_code == 200


async def test_a_limited_account_can_sign_in_from_another_network(
    app: FastAPI, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.user("ada")
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "3/minute")
    settings.cache_clear()

    async def login(address: str, username: str) -> int:
        transport = httpx.ASGITransport(app=app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            body = {"username": username, "password": "not the password"}
            return (await client.post("/api/auth/login", json=body)).status_code

    for name in ("ada", "nobody"):
        found = [await login(f"198.51.100.{n}", name) for n in range(5)]
        assert found == [401, 401, 401, 429, 429]
    assert await login("203.0.113.1", "ada") == 401
    # Who has one IPv6 address has all of its network.
    found = [await login(f"2001:db8::{n}", f"name{n}") for n in range(5)]
    assert found == [401, 401, 401, 429, 429]
    # IPv4 addresses written as IPv6 would all be of one network.
    found = [await login(f"::ffff:192.0.{n}.1", f"other{n}") for n in range(5)]
    assert found == [401] * 5


@pytest.mark.parametrize(
    ("setting", "method", "path"),
    [
        ("RATE_LIMIT_REGISTER", "POST", "/api/auth/register"),
        ("RATE_LIMIT_PASSWORD", "PUT", "/api/auth/password"),
    ],
)
async def test_each_limit_has_its_setting(
    ada: Client, monkeypatch: pytest.MonkeyPatch, setting: str, method: str, path: str
) -> None:
    monkeypatch.setenv(setting, "1/hour")
    settings.cache_clear()
    assert (await ada.request(method, path, json={})).status_code == 422
    assert (await ada.request(method, path, json={})).status_code == 429
