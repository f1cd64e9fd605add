"""Which passwords are allowed, and what a wrong one costs: one hash, like any other."""

from collections.abc import Callable
from typing import Any

import argon2.low_level
import bcrypt
import pytest
from pydantic import SecretStr

from api.auth.passwords import check_password, common_passwords
from api.problems import Unprocessable
from api.settings import settings
from models.tables import User
from tests.conftest import PASSWORD, Client, World

ADA = {"username": "ada", "email": "ada@example.com"}


@pytest.fixture
def hashes(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each use of Argon2, which works as ever."""
    done: list[str] = []

    def noting(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def work(*arguments: Any, **options: Any) -> Any:
            done.append(name)
            return original(*arguments, **options)

        return work

    for name in ("hash_secret", "verify_secret"):
        original = getattr(argon2.low_level, name)
        monkeypatch.setattr(argon2.low_level, name, noting(name, original))
    return done


@pytest.mark.parametrize(
    ("name", "password", "status"),
    [
        ("ada", PASSWORD, 200),
        ("ada", "not the password", 401),
        ("ada@example.com", "not the password", 401),
        ("nobody", PASSWORD, 401),
        ("nobody@example.com", PASSWORD, 401),
        ("", "", 401),
    ],
)
async def test_every_attempt_to_sign_in_costs_one_hash(
    world: World, hashes: list[str], name: str, password: str, status: int
) -> None:
    await world.user("ada")
    body = {"username": name, "password": password}
    response = await world.client().post("/api/auth/login", json=body)
    assert response.status_code == status
    assert hashes == ["verify_secret"]


@pytest.mark.parametrize("name", ["ada", "nobody"])
async def test_attempts_over_the_limit_cost_no_hash(
    world: World, hashes: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "3/minute")
    settings.cache_clear()
    await world.user("ada")
    body = {"username": name, "password": "not the password"}
    for _ in range(20):
        await world.client().post("/api/auth/login", json=body)
    assert hashes == ["verify_secret"] * 3


async def test_what_is_refused_for_its_shape_costs_no_hash(
    anonymous: Client, hashes: list[str]
) -> None:
    for path, body in (
        ("register", {**ADA, "password": "password123"}),
        ("register", {**ADA, "password": "x" * 129}),
        ("login", {"username": "ada", "password": "x" * 129}),
    ):
        assert (await anonymous.post(f"/api/auth/{path}", json=body)).status_code == 422
    assert hashes == []


@pytest.mark.parametrize(
    "password",
    [
        "12 signs",
        "x" * 128,
        "🙂" * 128,
        "nothingbutlowercase",
        "8392017465",
        "        ",
        " spaces around ",
        "пароль на закате",
        "密码很长密码很长",
        "كلمة مرور طويلة",
        "tab\tand\nnewline",
        "a zero \x00 and more",
        "e\u0301e\u0301e\u0301e\u0301 combined",
    ],
    ids=ascii,
)
async def test_any_characters_make_a_password_and_each_of_them_counts(
    anonymous: Client, password: str
) -> None:
    body = {**ADA, "password": password}
    assert (await anonymous.post("/api/auth/register", json=body)).status_code == 201
    for given, status in ((password, 200), (password[:-1], 401), (password[:-1] + "~", 401)):
        login = {"username": "ada", "password": given}
        assert (await anonymous.post("/api/auth/login", json=login)).status_code == status


async def test_a_password_typed_in_another_form_is_the_same(anonymous: Client) -> None:
    body = {**ADA, "password": "\u00e9t\u00e9 \u00e0 Paris"}
    assert (await anonymous.post("/api/auth/register", json=body)).status_code == 201
    for form in ("e\u0301te\u0301 a\u0300 Paris", "\u00e9t\u00e9 \u00e0 \uff30aris"):
        login = {"username": "ada", "password": form}
        assert (await anonymous.post("/api/auth/login", json=login)).status_code == 200


def test_thousands_of_common_passwords_are_refused_in_any_case() -> None:
    assert len(common_passwords()) >= 3000
    for password in common_passwords():
        for form in (password, password.upper(), password.replace("a", "\uff41")):
            with pytest.raises(Unprocessable):
                check_password(SecretStr(form), "zoe", field="password")


@pytest.mark.parametrize("username", ["ada", "ADA", "Ada.Lovelace", "żółw", "\uff21\uff24\uff21"])
async def test_a_password_that_holds_the_username_is_refused(
    anonymous: Client, username: str
) -> None:
    body = {**ADA, "username": username, "password": f"my-{username.swapcase()}-my"}
    response = await anonymous.post("/api/auth/register", json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "password_username"
    assert await User.all().count() == 0


def bcrypt_hash(password: str, kind: str = "2b") -> str:
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()
    return hashed.replace("$2b$", f"${kind}$", 1)


@pytest.mark.parametrize("kind", ["2a", "2b", "2y"])
async def test_a_bcrypt_hash_signs_in_and_is_renewed(
    world: World, hashes: list[str], kind: str
) -> None:
    user = await world.user("ada")
    for password in (
        PASSWORD,
        "p\u00e4ssw\u00f6rter",
        "\uff21 in full width",
        "e\u0301te\u0301 1900",
    ):
        copied = bcrypt_hash(password, kind)
        await User.filter(id=user.id).update(hashed_password=copied)
        login = {"username": "ada", "password": f"{password}?"}
        assert (await world.client().post("/api/auth/login", json=login)).status_code == 401
        assert (await User.get(id=user.id)).hashed_password == copied
        assert hashes == []
        login["password"] = password
        for _ in range(2):
            assert (await world.client().post("/api/auth/login", json=login)).status_code == 200
            assert (await User.get(id=user.id)).hashed_password.startswith("$argon2id$")
        assert hashes == ["hash_secret", "verify_secret"]
        hashes.clear()


@pytest.mark.parametrize(
    ("password", "status"),
    [("x" * 72, 200), ("x" * 128, 200), ("\u0436" * 128, 401), ("x\0" + "x" * 71, 401), ("", 401)],
    ids=ascii,
)
async def test_bcrypt_looks_at_72_bytes(world: World, password: str, status: int) -> None:
    user = await world.user("ada")
    await User.filter(id=user.id).update(hashed_password=bcrypt_hash("x" * 72))
    body = {"username": "ada", "password": password}
    assert (await world.client().post("/api/auth/login", json=body)).status_code == status


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "x",
        "$1$abcdefgh$irWbblnpmw.5z7wgBnprh0",
        "pbkdf2_sha256$600000$salt$aGFzaA==",
        "$2b$10$short",
        "$2b$99$" + "." * 53,
        "$2x$10$" + "." * 53,
        "$argon2id$",
        "$argon2id$v=19$m=19456,t=2,p=1$broken",
        "$argon2id$v=19$m=8,t=1,p=1$YWJjZGVmZ2g$AA",
        "$argon2id$v=19$m=19456,t=2,p=1,keyid=YWJj$YWJjZGVmZ2g$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2,p=1,data=YWJj$YWJjZGVmZ2g$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=4294967295,t=2,p=1$YWJjZGVmZ2g$AAAAAAAAAAAAAAAAAAAAAA",
        "$2$04$" + "." * 53,
        "$2b$04$" + "." * 20 + "\u0436" + "." * 32,
        "\u0436" * 60,
    ],
    ids=ascii,
)
async def test_a_hash_of_an_unknown_kind_is_a_wrong_password(
    world: World, hashes: list[str], stored: str
) -> None:
    user = await world.user("ada")
    await User.filter(id=user.id).update(hashed_password=stored)
    body = {"username": "ada", "password": PASSWORD}
    refused = await world.client().post("/api/auth/login", json=body)
    assert refused.status_code == 401
    assert hashes[-1] == "verify_secret"  # as for nobody's name
    nobody = await world.client().post("/api/auth/login", json={**body, "username": "nobody"})
    assert refused.text == nobody.text
    assert (await User.get(id=user.id)).hashed_password == stored


async def test_a_bcrypt_hash_is_the_current_password(ada: Client) -> None:
    await User.filter(id=ada.user.id).update(hashed_password=bcrypt_hash("x" * 72))
    # To bcrypt they are the same.
    change = {"current_password": "x" * 73, "new_password": "x" * 74}
    answer = await ada.put("/api/auth/password", json=change)
    assert answer.json()["errors"][0]["code"] == "password_unchanged"
    change["new_password"] = PASSWORD
    assert (await ada.put("/api/auth/password", json=change)).status_code == 204
