"""Which passwords are allowed, and what a wrong one costs: one hash, like any other."""

from collections.abc import Callable
from typing import Any

import argon2.low_level
import pytest
from pydantic import SecretStr

from api.passwords import check_password, common_passwords
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
