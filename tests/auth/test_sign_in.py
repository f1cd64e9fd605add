"""Signing in: by which names, how often, and what becomes of the session before."""

import importlib
from hashlib import sha256

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from api.auth.passwords import hash_password, verify_password
from api.db.connection import MIGRATIONS
from api.settings import settings
from models.tables import ApiToken, Session, User, fold, unique_key
from tests.conftest import PASSWORD, Client, World

LONG = "\ufdfa" * 20 + "@example.com"  # U+FDFA folds into 18 characters
DIGEST = sha256(fold(LONG).encode()).hexdigest()


async def sign_in(client: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/api/auth/login", json={"username": name, "password": password})


async def register(world: World, username: str, email: str) -> str:
    body = {"username": username, "email": email, "password": PASSWORD}
    answer = await world.client().post("/api/auth/register", json=body)
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def test_a_name_is_never_taken_for_the_hash_of_an_email(world: World) -> None:
    victim = await register(world, "victim", LONG)
    other = await register(world, DIGEST, "other@example.com")
    for name, account in ((LONG, victim), ("victim", victim), (DIGEST, other)):
        answer = await sign_in(world.client(), name)
        assert (answer.status_code, answer.json().get("id")) == (200, account)


def test_no_username_folds_into_an_email_or_a_hash() -> None:
    """Every character that a username may hold, by itself; none of them combines with these."""
    from models.schemas import check_username

    for number in range(0x110000):
        character = chr(number)
        if {"@", ":"} & set(fold(character) if not 0xD800 <= number < 0xE000 else ""):
            with pytest.raises(ValueError, match="letters"):
                check_username(f"a{character}")
    assert unique_key(LONG) == f"sha256:{DIGEST}"


async def test_the_migration_mends_keys_that_look_like_names(
    world: World, database_url: str
) -> None:
    # As they were written: the hashes of long ones bare, and names that are 64 digits themselves.
    names = {"\ufdfa" * 30: "", DIGEST: DIGEST, "A" * 64: "a" * 64, "\uff11" * 64: "1" * 64}
    for number, (name, key) in enumerate(names.items()):
        user = await world.user(f"user{number}")
        email = LONG if name == DIGEST else user.email
        await User.filter(id=user.id).update(
            username=name,
            username_key=key or sha256(fold(name).encode()).hexdigest(),
            email=email,
            email_key=DIGEST if email == LONG else user.email_key,
        )
    [name] = [file.stem for file in MIGRATIONS.glob("models/*_long_keys.py")]
    migration = importlib.import_module(f"migrations.models.{name}")
    connection = await asyncpg.connect(database_url)
    for _ in range(2):  # once is enough, and twice does no harm
        await connection.execute(await migration.upgrade(None))
        for user in await User.all():
            assert user.username_key == unique_key(user.username)
            assert user.email_key == unique_key(user.email)
    await connection.execute(await migration.downgrade(None))
    assert await User.filter(email_key=DIGEST).count() == 1
    await connection.close()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (" ada", 200),
        ("ada \t\r\n", 200),
        ("\u2003ada\u00a0", 200),
        (" ADA@example.com ", 200),
        ("ada\uff20example.com", 200),
        ("a da", 401),
        (" ", 401),
        ("\u200bada", 401),
    ],
)
async def test_blanks_around_a_name_do_not_count(world: World, name: str, status: int) -> None:
    await world.user("ada")
    assert (await sign_in(world.client(), name)).status_code == status


async def attempts(app: FastAPI, *names: str) -> list[tuple[int, str]]:
    """Return the answers to attempts from one network, each from an address of its own."""
    answers = []
    for number, name in enumerate(names):
        transport = httpx.ASGITransport(app=app, client=(f"198.51.100.{number}", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            answer = await sign_in(client, name, "not the password")
            answers.append((answer.status_code, answer.json()["type"]))
    return answers


async def test_attempts_on_an_account_count_by_all_its_names(
    app: FastAPI, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register(world, "ada", LONG)
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "3/minute")
    settings.cache_clear()
    wrong, often = (401, "/problems/wrong-credentials"), (429, "/problems/too-many-requests")
    found = await attempts(app, "ada", LONG, " ADA ", LONG.upper(), "Ada", LONG)
    assert found == [wrong] * 3 + [often] * 3
    # Nobody's name is answered alike.
    found = await attempts(app, "eve", "EVE", " eve", "Eve")
    assert found == [wrong] * 3 + [often]


async def test_a_name_that_is_an_accounts_id_is_another(
    app: FastAPI, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await world.user("ada")
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "3/minute")
    settings.cache_clear()
    id = str(user.id)
    found = await attempts(app, id, f"account:{id}", id, "ada", "ada", "ada", "ada")
    assert [status for status, _ in found] == [401] * 6 + [429]


async def test_signing_in_ends_the_session_of_that_browser(ada: Client, world: World) -> None:
    phone = await world.sign_in(ada.user)
    await world.user("bob")
    stolen = world.client()
    stolen.cookies.set("session", ada.cookies["session"])
    assert (await sign_in(ada, "bob")).status_code == 200
    assert (await stolen.get("/api/auth/me")).status_code == 401
    assert (await ada.get("/api/auth/me")).json()["username"] == "bob"
    assert (await phone.get("/api/auth/me")).status_code == 200
    assert await Session.all().count() == 2


async def test_registering_ends_the_session_of_that_browser(ada: Client, world: World) -> None:
    before = await Session.get(user_id=ada.user.id)
    body = {"username": "ada", "email": "eve@example.com", "password": PASSWORD}
    assert (await ada.post("/api/auth/register", json=body)).status_code == 409
    assert await Session.filter(id=before.id).exists()
    assert (await ada.post("/api/auth/register", json={**body, "username": "eve"})).is_success
    assert not await Session.filter(id=before.id).exists()


async def test_an_attempt_that_fails_ends_no_session(ada: Client) -> None:
    assert (await sign_in(ada, "ada", "not the password")).status_code == 401
    assert (await ada.get("/api/auth/me")).status_code == 200


async def test_a_cookie_beside_an_api_token_keeps_its_session(ada: Client) -> None:
    before = await Session.get(user_id=ada.user.id)
    ada.headers["Authorization"] = "Bearer x"
    assert (await sign_in(ada, "ada")).status_code == 200
    assert await Session.filter(id=before.id).exists()


async def test_two_sign_ins_at_once_may_renew_the_same_hash(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await world.user("ada")
    newer = await hash_password(SecretStr(PASSWORD))

    async def verify(*arguments: object) -> object:
        result = await verify_password(*arguments)  # type: ignore[arg-type]
        await User.filter(id=user.id).update(hashed_password=newer)
        return result

    monkeypatch.setattr("api.endpoints.account.verify_password", verify)
    assert (await sign_in(world.client(), "ada")).status_code == 200
    assert (await User.get(id=user.id)).hashed_password == newer
    assert await ApiToken.all().count() == 0
