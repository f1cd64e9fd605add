"""Changing one's own e-mail and deleting one's own account take the password once more."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from api.auth.passwords import verify_password
from api.resources.hooks import Users
from api.settings import settings
from models.enums import TokenScope
from models.tables import User
from tests.conftest import PASSWORD, Client, World
from tests.helpers.database import pool_is_whole

OTHER = "a lighthouse at dawn"
EMAIL = "other@example.com"
Send = Callable[..., Awaitable[httpx.Response]]

USER_KEYS: dict[str, dict[str, Any]] = {
    "PUT": {"username": "ada", "email": EMAIL},
    "PATCH": {"email": EMAIL},
    "DELETE": {},
}


async def send(client: Client, method: str, id: str = "", **more: Any) -> httpx.Response:
    body = {**USER_KEYS[method], **more}
    return await client.request(method, f"/api/users/{id or client.id}", json=body)


async def is_as_before(client: Client) -> bool:
    return await User.filter(id=client.user.id, email=client.user.email).exists()


def problem(response: httpx.Response) -> tuple[int, str, str | None]:
    told = response.json()
    [error] = told.get("errors") or [{}]
    return response.status_code, told["type"], error.get("pointer")


MISSING = (422, "/problems/invalid", "/current_password")
WRONG = (403, "/problems/wrong-password", None)


@pytest.mark.parametrize("method", USER_KEYS)
async def test_what_is_ones_own_takes_the_password(ada: Client, method: str) -> None:
    assert problem(await send(ada, method)) == MISSING
    assert problem(await send(ada, method, current_password=OTHER)) == WRONG
    for value in (None, 5, "x" * 129):
        assert problem(await send(ada, method, current_password=value)) == MISSING
    assert await is_as_before(ada)
    answer = await send(ada, method, current_password=PASSWORD)
    assert answer.status_code == (204 if method == "DELETE" else 200)
    assert "password" not in answer.text
    assert not await is_as_before(ada)


async def test_a_deletion_without_a_body_is_told_what_is_missing(ada: Client) -> None:
    path = f"/api/users/{ada.id}"
    for body, type in ((None, None), (b"", None), (b"", "application/json")):
        headers = {"Content-Type": type} if type else {}
        answer = await ada.request("DELETE", path, content=body, headers=headers)
        assert problem(answer) == MISSING
    for text, status in (("null", 422), ("[]", 422), ("{", 400), ('{"x": 1}', 422)):
        headers = {"Content-Type": "application/json"}
        answer = await ada.request("DELETE", path, content=text, headers=headers)
        assert answer.status_code == status, text
    assert (await ada.request("DELETE", path, content="{}")).status_code == 415
    assert await is_as_before(ada)


@pytest.mark.parametrize("email", ["Ada@example.com", "ADA@EXAMPLE.COM"])
async def test_another_spelling_of_the_email_is_a_change(ada: Client, email: str) -> None:
    assert problem(await send(ada, "PATCH", email=email)) == MISSING
    answer = await send(ada, "PATCH", email=email, current_password=PASSWORD)
    assert answer.json()["email"] == email


async def test_all_else_takes_no_password(ada: Client) -> None:
    same = {"email": "ada@example.com"}
    for method, body in (
        ("PUT", {"username": "lovelace", **same}),
        ("PATCH", {"username": "ada"}),
        ("PATCH", {"username": "ada", **same, "current_password": OTHER}),
        ("PATCH", same),
        ("PATCH", {"avatar_url": None}),
    ):
        answer = await ada.request(method, f"/api/users/{ada.id}", json=body)
        assert answer.status_code == 200, body
        assert answer.json()["email"] == "ada@example.com"


@pytest.mark.parametrize("method", USER_KEYS)
async def test_an_admin_needs_it_for_their_own_account_only(
    ada: Client, admin: Client, world: World, method: str
) -> None:
    await world.user("second", is_admin=True)
    assert (await send(admin, method, ada.id)).is_success
    named = {} if method == "DELETE" else {"username": "root", "email": "boss@example.com"}
    assert problem(await send(admin, method, **named)) == MISSING
    assert await is_as_before(admin)
    assert (await send(admin, method, current_password=PASSWORD, **named)).is_success


async def test_an_admins_script_needs_it_for_their_account(admin: Client, world: World) -> None:
    body = {"name": "x", "scopes": [*TokenScope]}
    secret = (await admin.post("/api/auth/tokens", json=body)).json()["token"]
    robot = world.client()
    robot.user, robot.headers["Authorization"] = admin.user, f"Bearer {secret}"
    assert problem(await send(robot, "PATCH")) == MISSING
    assert (await send(robot, "PATCH", current_password=PASSWORD)).status_code == 200


@pytest.mark.parametrize("method", USER_KEYS)
async def test_nobody_else_comes_as_far_as_the_password(
    ada: Client, bob: Client, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    async def fail(*_: object) -> None:
        raise AssertionError("hashed")

    monkeypatch.setattr("api.auth.passwords.verify_password", fail)
    answer = await send(bob, method, ada.id, current_password=PASSWORD)
    assert problem(answer)[:2] == (403, "/problems/forbidden")


async def test_all_ways_to_try_a_password_count_together(
    ada: Client, bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMIT_PASSWORD", "3/hour")
    settings.cache_clear()
    change = {"current_password": OTHER, "new_password": "a meadow at noon"}
    assert (await ada.put("/api/auth/password", json=change)).status_code == 403
    for method in ("PUT", "PATCH"):
        assert (await send(ada, method)).status_code == 422  # no attempt
        assert (await send(ada, method, current_password=OTHER)).status_code == 403
    for method in USER_KEYS:
        answer = await send(ada, method, current_password=PASSWORD)
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 0
    change["current_password"] = PASSWORD
    assert (await ada.put("/api/auth/password", json=change)).status_code == 429
    assert await is_as_before(ada)
    assert (await send(bob, "PATCH", current_password=PASSWORD)).status_code == 200


@pytest.mark.parametrize("method", USER_KEYS)
async def test_a_password_changed_while_it_is_checked_is_wrong(
    ada: Client, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    async def verify(*arguments: Any) -> Any:
        assert pool_is_whole()  # nobody else waits for a connection that is only held
        result = await verify_password(*arguments)
        await User.filter(id=ada.user.id).update(hashed_password="another")
        return result

    monkeypatch.setattr("api.auth.passwords.verify_password", verify)
    assert problem(await send(ada, method, current_password=PASSWORD)) == WRONG
    assert await is_as_before(ada)


async def test_an_edit_without_the_password_puts_no_email_back(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = Users.before_transaction

    async def prepare_late(*arguments: Any) -> Any:
        await User.filter(id=ada.user.id).update(email=EMAIL, email_key=EMAIL)
        return await prepare(*arguments)

    monkeypatch.setattr(Users, "before_transaction", prepare_late)
    body = {"username": "lovelace", "email": "ada@example.com"}
    answer = await ada.put(f"/api/users/{ada.id}", json=body)
    assert (answer.status_code, answer.json()["email"]) == (200, EMAIL)
    assert (await User.get(id=ada.user.id)).email_key == EMAIL


@pytest.mark.parametrize("same", [PASSWORD, "\uff41 harbour at dusk"])
async def test_a_new_password_is_not_the_old_one(ada: Client, world: World, same: str) -> None:
    other = await world.sign_in(ada.user)
    change = {"current_password": PASSWORD, "new_password": same}
    answer = await ada.put("/api/auth/password", json=change)
    assert problem(answer) == (422, "/problems/invalid", "/new_password")
    assert answer.json()["errors"][0]["code"] == "password_unchanged"
    assert (await other.get("/api/auth/me")).status_code == 200
    # Who doesn't know the password isn't told.
    change["current_password"] = OTHER
    assert problem(await ada.put("/api/auth/password", json=change)) == WRONG
