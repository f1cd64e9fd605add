import json
from collections.abc import AsyncIterator

import pytest

from api.settings import settings
from models.enums import Role
from models.tables import Board, BoardUser, User
from tests.conftest import PASSWORD, Client, World

NEW = {"username": "carol", "email": "carol@example.com", "password": "a harbour at dusk"}


async def test_an_admin_creates_a_user(admin: Client) -> None:
    response = await admin.post("/api/users", json={**NEW, "is_admin": True})
    user = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/api/users/{user['id']}"
    assert set(user) == {
        "id", "username", "email", "avatar_url", "is_admin", "disabled_at", "registered_at",
        "version",
    }  # fmt: skip
    assert user["is_admin"] is True
    assert user["email"] == "carol@example.com"


async def test_nobody_else_creates_users(ada: Client) -> None:
    assert (await ada.post("/api/users", json=NEW)).status_code == 403
    assert await User.all().count() == 1


async def test_an_email_is_shown_to_its_owner_and_to_admins(
    ada: Client, bob: Client, admin: Client
) -> None:
    path = f"/api/users/{ada.id}"
    assert (await ada.get(path)).json()["email"] == "ada@example.com"
    assert (await admin.get(path)).json()["email"] == "ada@example.com"
    assert (await bob.get(path)).json()["email"] is None
    emails = {user["username"]: user["email"] for user in (await bob.get("/api/users")).json()}
    assert emails == {"ada": None, "bob": "bob@example.com", "root": None}


async def test_a_user_changes_their_own_account(ada: Client) -> None:
    change = {"username": "Ada.L", "email": "l@example.com", "avatar_url": "https://a.example/x"}
    body = {**change, "current_password": PASSWORD}
    response = await ada.put(f"/api/users/{ada.id}", json=body)
    assert response.status_code == 200
    assert response.json() | change == response.json()


async def test_without_an_avatar_it_is_drawn_from_the_new_name(ada: Client) -> None:
    for extra in ({}, {"avatar_url": None}):
        change = {"username": "żółw", "email": "ada@example.com", **extra}
        user = (await ada.put(f"/api/users/{ada.id}", json=change)).json()
        assert user["avatar_url"] == "/api/avatars/%C5%BC%C3%B3%C5%82w.svg"
        assert (await ada.get(user["avatar_url"])).status_code == 200


@pytest.mark.parametrize(
    "url", ["http://a.example/x", "javascript:alert(1)", "//a.example", "/etc/x.svg", "https://"]
)
async def test_an_avatar_from_elsewhere_is_refused(ada: Client, url: str) -> None:
    change = {"username": "ada", "email": "ada@example.com", "avatar_url": url}
    assert (await ada.put(f"/api/users/{ada.id}", json=change)).status_code == 422


async def test_nobody_changes_another_account(ada: Client, bob: Client) -> None:
    change = {"username": "mallory", "email": "m@example.com"}
    assert (await bob.put(f"/api/users/{ada.id}", json=change)).status_code == 403
    assert (await User.get(id=ada.user.id)).username == "ada"


async def test_a_taken_name_is_refused_on_change(ada: Client, bob: Client) -> None:
    change = {"username": "BOB", "email": "ada@example.com"}
    response = await ada.put(f"/api/users/{ada.id}", json=change)
    assert response.status_code == 409
    assert response.json()["errors"][0]["pointer"] == "/username"


async def test_only_admins_change_is_admin(ada: Client, admin: Client) -> None:
    account = {"username": "ada", "email": "ada@example.com"}
    path = f"/api/users/{ada.id}"
    assert (await ada.put(path, json={**account, "is_admin": False})).status_code == 200
    assert (await ada.put(path, json={**account, "is_admin": True})).status_code == 403
    assert (await admin.put(path, json={**account, "is_admin": True})).status_code == 200
    # A forgotten field must not demote.
    assert (await ada.put(path, json=account)).json()["is_admin"] is True


async def test_the_last_admin_stays(admin: Client, ada: Client) -> None:
    account = {"username": "root", "email": "root@example.com", "is_admin": False}
    path = f"/api/users/{admin.id}"
    assert (await admin.put(path, json=account)).status_code == 409
    assert (await admin.delete_account()).status_code == 409
    await User.filter(id=ada.user.id).update(is_admin=True)
    assert (await admin.put(path, json=account)).status_code == 200


async def test_deleting_an_account_deletes_its_unshared_boards(
    ada: Client, bob: Client, world: World
) -> None:
    await world.board(ada.user)
    others = await world.board(bob.user, members={ada.user: Role.MEMBER})
    assert (await ada.delete_account()).status_code == 204
    assert [board.id for board in await Board.all()] == [others.id]
    assert [row.user_id for row in await BoardUser.all()] == [bob.user.id]


async def test_the_creator_of_a_shared_board_cannot_be_deleted(
    ada: Client, bob: Client, world: World
) -> None:
    await world.board(ada.user, members={bob.user: Role.MEMBER})
    response = await ada.delete_account()
    assert response.status_code == 409
    assert "'Website launch'" in response.json()["detail"]
    assert "boards=hand_over" in response.json()["detail"]
    assert await User.exists(id=ada.user.id)


@pytest.mark.parametrize("username", ["Zoë", "李小龙", "ada_l-2.x", "हिन्दी", "Ж" * 150])
async def test_a_name_may_be_of_any_script(anonymous: Client, username: str) -> None:
    account = {**NEW, "username": username}
    response = await anonymous.post("/api/auth/register", json=account)
    assert response.status_code == 201
    assert response.json()["username"] == username


@pytest.mark.parametrize(
    "username",
    [
        "ab",
        "a b c",
        "a@b",
        "x" * 151,
        "a\u200bbc",
        "<b>x",
        "",
        "...",
        "ada\u034f",
        "ada\ufe0f",
        "ada\u115f",
        "\u3164\u3164\u3164",
        "\u0301\u0301\u0301",
    ],
)
async def test_a_name_of_other_characters_is_refused(anonymous: Client, username: str) -> None:
    response = await anonymous.post("/api/auth/register", json={**NEW, "username": username})
    assert response.status_code == 422


@pytest.mark.parametrize(
    "email", ["", "x", "a@", "@b", "a b@c", "a@b@c", "a@b..c", "a@" + "b" * 254]
)
async def test_what_is_no_email_is_refused(anonymous: Client, email: str) -> None:
    response = await anonymous.post("/api/auth/register", json={**NEW, "email": email})
    assert response.status_code == 422


async def test_a_name_that_folds_into_something_long_is_as_good_as_any(anonymous: Client) -> None:
    """U+FDFA is 18 characters in its compatibility form."""
    account = {**NEW, "username": "ﷺ" * 150, "email": "ﷺ" * 200 + "@example.com"}
    assert (await anonymous.post("/api/auth/register", json=account)).status_code == 201
    assert (await anonymous.post("/api/auth/register", json=account)).status_code == 409
    login = {"username": "ﷺ" * 150, "password": NEW["password"]}
    assert (await anonymous.post("/api/auth/login", json=login)).status_code == 200
    login["username"] += "ﷺ" * 100
    assert (await anonymous.post("/api/auth/login", json=login)).status_code == 401


async def test_an_email_with_invisible_characters_is_refused(anonymous: Client) -> None:
    for email in ("carol\u200b@example.com", "carol@exam\u00adple.com", "carol\ufe0f@example.com"):
        response = await anonymous.post("/api/auth/register", json={**NEW, "email": email})
        assert response.status_code == 422


async def test_the_boards_of_nobody_are_not_found(ada: Client) -> None:
    nobody = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"
    assert (await ada.get(f"/api/users/{nobody}/boards")).status_code == 404


async def test_a_password_that_may_not_be_reset_is_not_hashed(
    ada: Client, bob: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashing is what costs most: nobody may make the server do it for nothing."""

    async def refuse(*_: object) -> str:
        raise AssertionError("hashed")

    await world.board(ada.user, members={bob.user: Role.MEMBER})
    monkeypatch.setattr("api.endpoints.account.hash_password", refuse)
    for user in (ada, bob):
        response = await ada.put(
            f"/api/users/{user.id}/password", json={"new_password": "a lighthouse at dawn"}
        )
        assert response.status_code == 403


@pytest.mark.parametrize("moment", ["while the body is sent", "while the password is hashed"])
async def test_an_admin_who_is_demoted_meanwhile_creates_nobody(
    moment: str, admin: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await world.person("second", is_admin=True)

    async def demote() -> None:
        body = {"username": "root", "email": "root@example.com", "is_admin": False}
        assert (await other.put(f"/api/users/{admin.id}", json=body)).status_code == 200

    async def demote_and_hash(password: object) -> str:
        await demote()
        return "x"

    async def parts() -> AsyncIterator[bytes]:
        yield body[:5]
        if "body" in moment:
            await demote()
        yield body[5:]

    body = json.dumps({**NEW, "is_admin": True}).encode()
    if "hashed" in moment:
        monkeypatch.setattr("api.resources.hooks.hash_password", demote_and_hash)
    headers = {"Content-Type": "application/json"}
    response = await admin.post("/api/users", content=parts(), headers=headers)
    assert response.status_code == 403
    assert not await User.filter(username="carol").exists()


async def test_an_admin_who_is_deleted_meanwhile_creates_nobody(
    admin: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await world.person("second", is_admin=True)

    async def delete_and_hash(password: object) -> str:
        assert (await other.delete(f"/api/users/{admin.id}")).status_code == 204
        return "x"

    monkeypatch.setattr("api.resources.hooks.hash_password", delete_and_hash)
    assert (await admin.post("/api/users", json=NEW)).status_code == 401
    assert not await User.filter(username="carol").exists()


async def test_an_email_address_is_not_asked_for_without_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """409 tells that it has an account. An admin, who sees all of them, isn't held up."""
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "2/hour")
    settings.cache_clear()
    ada, bob = await world.person("ada"), await world.user("bob")
    admin = await world.person("root", is_admin=True)
    board = await world.board(ada.user)

    def change(**values: str) -> dict[str, str]:
        known = {"username": "ada", "email": "ada@example.com", "current_password": PASSWORD}
        return {**known, **values}

    path = f"/api/users/{ada.id}"
    assert (await ada.put(path, json=change(email=bob.email))).status_code == 409
    assert (await ada.put(path, json=change(email="free@example.com"))).status_code == 200
    assert (await ada.put(path, json=change(email=bob.email))).status_code == 429
    members = f"/api/boards/{board.id}/users"
    assert (await ada.post(members, json={"email": bob.email})).status_code == 429
    # One that stays needs no limit, in whatever case it is written.
    assert (await ada.put(path, json=change(email="FREE@example.com"))).status_code == 200
    for number in range(4):
        email = f"{number}@example.com"
        assert (await admin.put(path, json=change(email=email))).status_code == 200
