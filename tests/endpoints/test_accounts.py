"""Registration, disabled accounts, and the boards of an account that is deleted."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from api.auth.passwords import verify_password
from api.settings import settings
from models.enums import Role
from models.tables import ApiToken, Board, BoardUser, Invitation, Session, User
from tests.conftest import PASSWORD, Client, World
from tests.endpoints.test_members import roles
from tests.helpers.answers import check_problem
from tests.helpers.database import waits_for_a_lock

NEW = {"username": "carol", "email": "carol@example.com", "password": PASSWORD}
BAD_TOKENS = ("", "links", "x" * 200, "../x", "\0")
NOW = datetime.now(UTC)


@pytest.fixture
async def mode(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """Yield a function that sets a setting for the rest of the test."""

    def change(name: str, value: str) -> None:
        monkeypatch.setenv(name, value)
        settings.cache_clear()

    yield change
    monkeypatch.undo()
    settings.cache_clear()


async def invite(client: Client, board: Board, **body: Any) -> str:
    response = await client.post(f"/api/boards/{board.id}/invitations", json=body)
    assert response.status_code == 201
    return str(response.json()["token"])


async def register(client: Client, **more: Any) -> Any:
    return await client.post("/api/auth/register", json={**NEW, **more})


# Registration


@pytest.mark.parametrize("registration", ["open", "invitation"])
async def test_who_registers_with_an_invitation_joins_its_board(
    registration: str, ada: Client, anonymous: Client, board: Board, mode: Any
) -> None:
    mode("REGISTRATION", registration)
    token = await invite(ada, board, role="MODERATOR", max_uses=1)
    response = await register(anonymous, invitation=token)
    assert response.status_code == 201
    assert token not in response.text
    assert (await anonymous.get(f"/api/boards/{board.id}")).json()["my_role"] == "MODERATOR"
    assert await roles(board) == {"ada": "CREATOR", "carol": "MODERATOR"}
    assert (await Invitation.get()).uses == 1


async def test_without_an_invitation_registration_is_closed(
    ada: Client, anonymous: Client, board: Board, mode: Any
) -> None:
    mode("REGISTRATION", "invitation")
    over = await invite(ada, board)
    await Invitation.all().delete()
    for more in ({}, {"invitation": over}, *({"invitation": token} for token in BAD_TOKENS)):
        response = await register(anonymous, **more)
        problem = check_problem(response, 403)
        assert problem["type"] == "/problems/registration-closed"
        assert over not in response.text
    assert await User.all().count() == 1


async def test_a_closed_registration_takes_no_invitation_either(
    ada: Client, anonymous: Client, board: Board, mode: Any
) -> None:
    mode("REGISTRATION", "closed")
    token = await invite(ada, board)
    for more in ({}, {"invitation": token}, {"invitation": "links"}):
        problem = check_problem(await register(anonymous, **more), 403)
        assert problem["type"] == "/problems/registration-closed"
    assert (await Invitation.get()).uses == 0
    assert await User.all().count() == 1


async def test_a_bad_invitation_is_refused_where_all_may_register(
    anonymous: Client, board: Board
) -> None:
    for token in BAD_TOKENS:
        [error] = check_problem(await register(anonymous, invitation=token), 422)["errors"]
        assert (error["pointer"], error["code"]) == ("/invitation", "no_such_invitation")
    for shape in ("x" * 201, None, 1, ["x"]):
        [error] = check_problem(await register(anonymous, invitation=shape), 422)["errors"]
        assert error["pointer"] == "/invitation"
    assert await User.all().count() == 1


async def test_a_taken_name_uses_no_invitation_up(
    ada: Client, anonymous: Client, board: Board
) -> None:
    token = await invite(ada, board, max_uses=1)
    assert (await register(anonymous, username="ada", invitation=token)).status_code == 409
    assert (await Invitation.get()).uses == 0
    assert (await register(anonymous, invitation=token)).status_code == 201


async def test_one_use_lets_one_of_many_register(
    ada: Client, board: Board, world: World, mode: Any
) -> None:
    mode("REGISTRATION", "invitation")
    token = await invite(ada, board, max_uses=1)
    accounts = [{"username": f"person{n}", "email": f"p{n}@example.com"} for n in range(6)]
    found = await asyncio.gather(
        *(register(world.client(), **account, invitation=token) for account in accounts)
    )
    assert sorted(response.status_code for response in found) == [201] + [403] * 5
    assert await User.all().count() == 2
    assert await BoardUser.all().count() == 2


@pytest.mark.parametrize("registration", ["invitation", "closed"])
async def test_admins_create_users_in_every_mode(
    registration: str, admin: Client, ada: Client, mode: Any
) -> None:
    mode("REGISTRATION", registration)
    assert (await ada.post("/api/users", json=NEW)).status_code == 403
    assert (await admin.post("/api/users", json=NEW)).status_code == 201


# What a new board is


@pytest.mark.parametrize(("visibility", "is_public"), [("public", True), ("private", False)])
async def test_a_new_board_is_what_the_setting_says(
    visibility: str, is_public: bool, ada: Client, mode: Any
) -> None:
    mode("DEFAULT_BOARD_VISIBILITY", visibility)
    made = (await ada.post("/api/boards", json={"title": "x"})).json()
    assert made["is_public"] is is_public
    for said in (True, False):
        board = (await ada.post("/api/boards", json={"title": "x", "is_public": said})).json()
        assert board["is_public"] is said
        kept = await ada.put(f"/api/boards/{board['id']}", json={"title": "y"})
        assert kept.json()["is_public"] is said
    body = {"title": "x", "is_public": None}
    assert (await ada.post("/api/boards", json=body)).status_code == 422


# Disabled accounts


async def test_a_disabled_user_is_signed_out_and_keeps_the_boards(
    ada: Client, admin: Client, board: Board
) -> None:
    body = {"name": "Script", "scopes": ["read"]}
    token = (await ada.post("/api/auth/tokens", json=body)).json()["token"]
    response = await admin.post(f"/api/users/{ada.id}/disable")
    assert response.status_code == 200
    assert response.json()["disabled_at"]
    assert response.headers["etag"] == f'"{response.json()["version"]}"'
    for path in ("/api/auth/me", "/api/boards", f"/api/boards/{board.id}"):
        assert (await ada.get(path)).status_code == 401
        bearer = {"Authorization": f"Bearer {token}"}
        assert (await ada.get(path, headers=bearer)).status_code == 401
    assert await roles(board) == {"ada": "CREATOR"}


async def test_disabling_and_enabling_again_changes_nothing(admin: Client, ada: Client) -> None:
    path = f"/api/users/{ada.id}"
    first = (await admin.post(f"{path}/disable")).json()
    assert (await admin.post(f"{path}/disable")).json() == first
    assert (await admin.get(path)).json() == first
    enabled = (await admin.post(f"{path}/enable")).json()
    # `version`, which others see, doesn't tell it.
    assert (enabled["disabled_at"], enabled["version"]) == (None, first["version"])
    assert first["version"] == (await User.get(id=ada.user.id)).version == 1
    assert (await admin.post(f"{path}/enable")).json() == enabled
    nobody = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"
    for action in ("disable", "enable"):
        check_problem(await admin.post(f"/api/users/{nobody}/{action}"), 404)


async def test_only_the_right_password_tells_that_one_is_disabled(
    ada: Client, admin: Client, anonymous: Client
) -> None:
    await admin.post(f"/api/users/{ada.id}/disable")
    for name in ("ada", "ADA@example.com"):
        wrong = {"username": name, "password": "a lighthouse at dawn"}
        check_problem(await anonymous.post("/api/auth/login", json=wrong), 401)
        right = {"username": name, "password": PASSWORD}
        response = await anonymous.post("/api/auth/login", json=right)
        assert check_problem(response, 403)["type"] == "/problems/account-disabled"
        assert "set-cookie" not in response.headers
    assert await Session.filter(user_id=ada.user.id).count() == 0
    await admin.post(f"/api/users/{ada.id}/enable")
    assert (await anonymous.post("/api/auth/login", json=right)).status_code == 200


async def test_only_admins_see_who_is_disabled(
    ada: Client, bob: Client, admin: Client, world: World
) -> None:
    await admin.post(f"/api/users/{ada.id}/disable")
    own = f"/api/users/{ada.id}"
    for client, shown in ((admin, True), (bob, False)):
        # The fast path answers the first two, the endpoints the others.
        for path in (own, "/api/users", f"{own}?", "/api/users?q=ada"):
            found = (await client.get(path)).json()
            [user] = [found] if isinstance(found, dict) else [u for u in found if u["id"] == ada.id]
            assert bool(user["disabled_at"]) is shown, path
            assert user["version"] == 1


async def test_nobody_else_disables_or_enables(ada: Client, bob: Client, admin: Client) -> None:
    body = {"name": "Script", "scopes": ["read", "write"]}
    token = (await admin.post("/api/auth/tokens", json=body)).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    for action in ("disable", "enable"):
        check_problem(await bob.post(f"/api/users/{ada.id}/{action}"), 403)
        check_problem(await ada.post(f"/api/users/{ada.id}/{action}"), 403)
        path = f"/api/users/{ada.id}/{action}"
        check_problem(await bob.post(path, headers=bearer), 403)  # it isn't one to act as an admin
    assert (await ada.get("/api/auth/me")).status_code == 200


async def test_the_last_admin_who_is_not_disabled_stays(admin: Client, world: World) -> None:
    check_problem(await admin.post(f"/api/users/{admin.id}/disable"), 409)
    other = await world.person("second", is_admin=True)
    assert (await admin.post(f"/api/users/{other.id}/disable")).status_code == 200
    # The second is an admin still, but one who can do nothing.
    path = f"/api/users/{admin.id}"
    for response in (
        await admin.post(f"{path}/disable"),
        await admin.patch(path, json={"is_admin": False}),
        await admin.delete_account(),
    ):
        assert check_problem(response, 409)["type"] == "/problems/last-admin"
    assert (await admin.patch(f"/api/users/{other.id}", json={"is_admin": False})).is_success
    assert (await admin.delete(f"/api/users/{other.id}")).status_code == 204


@pytest.mark.parametrize("round_", range(3))
async def test_admins_who_disable_each_other_leave_one(world: World, round_: int) -> None:
    admins = [await world.person(f"admin{n}", is_admin=True) for n in range(3)]
    found = await asyncio.gather(
        *(one.post(f"/api/users/{other.id}/disable") for one in admins for other in admins)
    )
    assert {response.status_code for response in found} <= {200, 401, 403, 409}
    assert await User.filter(is_admin=True, disabled_at__isnull=True).count() >= 1


@pytest.mark.parametrize("moment", ["before the account is locked", "while it waits for the lock"])
async def test_signing_in_while_being_disabled_opens_no_session(
    moment: str,
    ada: Client,
    anonymous: Client,
    admin: Client,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    login = {"username": "ada", "password": PASSWORD}
    if moment.startswith("before"):

        async def disable_and_verify(*arguments: Any) -> Any:
            assert (await admin.post(f"/api/users/{ada.id}/disable")).status_code == 200
            return await verify_password(*arguments)

        monkeypatch.setattr("api.endpoints.account.verify_password", disable_and_verify)
        response = await anonymous.post("/api/auth/login", json=login)
    else:
        connection = await asyncpg.connect(database_url)
        async with connection.transaction():
            await connection.execute("UPDATE users SET disabled_at = now() WHERE username = 'ada'")
            await connection.execute("DELETE FROM sessions WHERE user_id = $1", ada.user.id)
            waiting = asyncio.create_task(anonymous.post("/api/auth/login", json=login))
            await waits_for_a_lock(connection)
        await connection.close()
        response = await waiting
    assert check_problem(response, 403)["type"] == "/problems/account-disabled"
    assert await Session.filter(user_id=ada.user.id).count() == 0


@pytest.mark.parametrize("what", ["a new password", "a token", "a board"])
async def test_who_is_disabled_meanwhile_can_not_come_back(
    what: str, ada: Client, database_url: str
) -> None:
    """The statement that makes it waits for the account, which is being disabled."""
    requests = {
        "a new password": (
            "PUT",
            "/api/auth/password",
            {"current_password": PASSWORD, "new_password": "a lighthouse at dawn"},
        ),
        "a token": ("POST", "/api/auth/tokens", {"name": "x", "scopes": ["read"]}),
        "a board": ("POST", "/api/boards", {"title": "x"}),
    }
    method, path, body = requests[what]
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("UPDATE users SET disabled_at = now()")
        waiting = asyncio.create_task(ada.request(method, path, json=body))
        await waits_for_a_lock(connection)
        await connection.execute("DELETE FROM sessions")
        await connection.execute("DELETE FROM api_tokens")
    await connection.close()
    assert (await waiting).status_code in (401, 403)
    assert await Session.all().count() == await ApiToken.all().count() == 0
    assert await Board.all().count() == 0


async def test_the_invitations_of_a_disabled_user_rest(
    ada: Client, bob: Client, admin: Client, anonymous: Client, board: Board
) -> None:
    token = await invite(ada, board)
    await admin.post(f"/api/users/{ada.id}/disable")
    assert (await anonymous.get(f"/api/invitations/{token}")).status_code == 404
    assert (await bob.post(f"/api/invitations/{token}/accept")).status_code == 404
    assert (await register(anonymous, invitation=token)).status_code == 422
    listed = (await admin.get(f"/api/boards/{board.id}/invitations")).json()
    assert [each["is_active"] for each in listed] == [False]
    await admin.post(f"/api/users/{ada.id}/enable")
    assert (await bob.post(f"/api/invitations/{token}/accept")).status_code == 201


# Deleting an account


async def shared_board(
    world: World, creator: User, *members: tuple[User, Role], disabled: tuple[User, ...] = ()
) -> Board:
    board = await world.board(creator)
    for user, role in members:
        await world.join(board, user, role)
    for user in disabled:
        await User.filter(id=user.id).update(disabled_at=NOW)
    return board


VIEWER, MEMBER, MODERATOR = Role.VIEWER, Role.MEMBER, Role.MODERATOR


@pytest.mark.parametrize(
    ("members", "disabled", "heir"),
    [
        ([MEMBER, MODERATOR, MODERATOR], "", 1),
        ([MEMBER, MEMBER], "", 0),
        ([MEMBER, MODERATOR, MODERATOR], "1", 2),
        ([MEMBER, MODERATOR], "1", 0),
        ([MEMBER, MODERATOR, MODERATOR], "012", 1),
        ([MEMBER], "0", 0),
        ([VIEWER, MEMBER], "1", 1),
    ],
    ids=str,
)
@pytest.mark.parametrize("by", ["themself", "an admin"])
async def test_a_board_is_handed_over_to_who_comes_first(
    by: str,
    members: list[Role],
    disabled: str,
    heir: int,
    ada: Client,
    admin: Client,
    world: World,
) -> None:
    people = [await world.user(f"person{n}") for n in range(len(members))]
    board = await shared_board(
        world,
        ada.user,
        *zip(people, members, strict=True),
        disabled=tuple(people[int(n)] for n in disabled),
    )
    client = ada if by == "themself" else admin
    response = await client.delete_account("?boards=hand_over", of=ada.id)
    assert response.status_code == 204
    expected = {person.username: str(role) for person, role in zip(people, members, strict=True)}
    assert await roles(board) == expected | {people[heir].username: "CREATOR"}
    assert not await User.exists(id=ada.user.id)


async def test_who_joined_first_inherits_not_the_oldest_account(
    ada: Client, bob: Client, world: World
) -> None:
    later = await world.user("later")
    board = await shared_board(world, ada.user, (later, MODERATOR), (bob.user, MODERATOR))
    assert (await ada.delete_account("?boards=hand_over")).status_code == 204
    assert await roles(board) == {"later": "CREATOR", "bob": "MODERATOR"}


@pytest.mark.parametrize("fate", ["hand_over", "delete"])
async def test_each_board_of_an_account_meets_its_fate(
    fate: str, ada: Client, bob: Client, world: World
) -> None:
    alone = await world.board(ada.user)
    others = await shared_board(world, bob.user, (ada.user, MODERATOR))
    boards = [await shared_board(world, ada.user, (bob.user, MEMBER)) for _ in range(3)]
    trashed = await shared_board(world, ada.user, (bob.user, MODERATOR))
    await Board.filter(id=trashed.id).update(deleted_at=NOW)
    assert (await ada.delete_account(f"?boards={fate}")).status_code == 204
    handed = {board.id for board in (*boards, trashed)} if fate == "hand_over" else set()
    left = {others.id} | handed
    assert {board.id for board in await Board.all()} == left
    assert alone.id not in left
    held = await BoardUser.all().values_list("user_id", "role")
    assert set(held) == {(bob.user.id, Role.CREATOR)}
    # What was in the trash is there still, for the heir to restore.
    in_trash = (await bob.get("/api/trash")).json()
    assert [row["id"] for row in in_trash] == [str(trashed.id)] * (fate == "hand_over")
    if fate == "hand_over":
        assert (await bob.post(f"/api/boards/{trashed.id}/restore")).status_code == 200


async def test_a_board_is_not_handed_over_to_a_viewer(
    ada: Client, bob: Client, admin: Client, world: World
) -> None:
    board = await shared_board(world, ada.user, (bob.user, VIEWER))
    other = await shared_board(world, ada.user, (bob.user, MEMBER))
    await Board.filter(id=board.id).update(title="{Only} viewers")
    for client in (ada, admin):
        problem = check_problem(await client.delete_account("?boards=hand_over", of=ada.id), 409)
        assert problem["type"] == "/problems/creator-of-shared-boards"
        assert "'{Only} viewers'" in problem["detail"]
        assert other.title not in problem["detail"]
    check_problem(await ada.delete_account(), 409)
    assert await roles(board) == {"ada": "CREATOR", "bob": "VIEWER"}
    assert await roles(other) == {"ada": "CREATOR", "bob": "MEMBER"}
    path = f"/api/boards/{board.id}/users/{bob.id}"
    assert (await ada.put(path, json={"role": "MEMBER"})).status_code == 200
    assert (await ada.delete_account("?boards=hand_over")).status_code == 204
    assert await roles(board) == await roles(other) == {"bob": "CREATOR"}


async def test_a_board_in_the_trash_with_other_members_is_named(
    ada: Client, bob: Client, admin: Client, world: World
) -> None:
    """An admin may have put it there: it isn't deleted without a word."""
    board = await shared_board(world, ada.user, (bob.user, MEMBER))
    assert (await admin.delete(f"/api/boards/{board.id}")).status_code == 204
    problem = check_problem(await ada.delete_account(), 409)
    assert problem["type"] == "/problems/creator-of-shared-boards"
    assert board.title in problem["detail"]
    assert await Board.exists(id=board.id)


async def test_without_a_fate_the_answer_says_what_to_send(
    ada: Client, bob: Client, admin: Client, world: World
) -> None:
    board = await shared_board(world, ada.user, (bob.user, MEMBER))
    path = f"/api/users/{ada.id}"
    for client in (ada, admin):
        problem = check_problem(await client.delete_account(of=ada.id), 409)
        assert problem["type"] == "/problems/creator-of-shared-boards"
        assert "boards=hand_over" in problem["detail"]
        assert "boards=delete" in problem["detail"]
    for wrong in ("", "keep", "HAND_OVER", "delete&boards=delete"):
        [error] = check_problem(await ada.delete(f"{path}?boards={wrong}"), 422)["errors"]
        assert error["parameter"] == "boards"
    check_problem(await bob.delete(f"{path}?boards=delete"), 403)
    assert await roles(board) == {"ada": "CREATOR", "bob": "MEMBER"}


async def test_who_joins_while_the_creator_goes_inherits_the_board(
    ada: Client, bob: Client, world: World, database_url: str
) -> None:
    """The members are looked at under the board's lock: the one who was just added inherits."""
    board = await world.board(ada.user)
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards FOR NO KEY UPDATE")
        await connection.execute(
            "INSERT INTO board_users (board_id, user_id, role) VALUES ($1, $2, 'MEMBER')",
            board.id, bob.user.id,
        )  # fmt: skip
        going = asyncio.create_task(ada.delete_account("?boards=hand_over"))
        await waits_for_a_lock(connection)
    await connection.close()
    assert (await going).status_code == 204
    assert await roles(board) == {"bob": "CREATOR"}


@pytest.mark.parametrize("round_", range(3))
async def test_a_board_has_one_creator_though_its_heirs_go_at_once(
    round_: int, ada: Client, bob: Client, admin: Client, world: World
) -> None:
    carol, dave = await world.person("carol"), await world.person("dave")
    board = await shared_board(world, ada.user, (bob.user, MODERATOR), (carol.user, MEMBER))
    path = f"/api/boards/{board.id}/users"
    found = await asyncio.gather(
        ada.delete_account("?boards=hand_over"),
        bob.delete_account("?boards=hand_over"),
        carol.delete(f"{path}/{carol.id}"),
        ada.post(path, json={"user_id": dave.id}),
        admin.post(f"/api/users/{dave.id}/disable"),
    )
    assert {response.status_code for response in found} <= {200, 201, 204, 401, 403, 404, 409}
    held = [row.role for row in await BoardUser.filter(board_id=board.id)]
    assert await Board.exists(id=board.id) == bool(held)
    assert held.count(Role.CREATOR) == bool(held)
