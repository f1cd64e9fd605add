import pytest

from models.enums import Role
from models.tables import Board, BoardUser
from tests.conftest import Client, World
from tests.helpers.answers import check_problem


async def roles(board: Board) -> dict[str, str]:
    rows = await BoardUser.filter(board_id=board.id).select_related("user")
    return {row.user.username: row.role.value for row in rows}


async def test_the_boards_of_a_user_are_filtered_by_role(
    ada: Client, bob: Client, board: Board, world: World
) -> None:
    await world.join(board, bob.user, Role.MODERATOR)
    names = {str(board.id): "MODERATOR", str((await world.board(bob.user)).id): "CREATOR"}
    for role in (Role.MEMBER, Role.VIEWER):
        names[str((await world.board(ada.user, members={bob.user: role})).id)] = role
    for roles_asked in ({"CREATOR"}, {"VIEWER"}, {"CREATOR", "MODERATOR"}, set(Role)):
        query = "&".join(f"role={role}" for role in roles_asked)
        found = (await bob.get(f"/api/users/me/boards?{query}&count=exact")).json()
        expected = {board_id: role for board_id, role in names.items() if role in roles_asked}
        assert {each["id"]: each["role"] for each in found} == expected
    # Of the boards that somebody else can see.
    found = (await ada.get(f"/api/users/{bob.id}/boards?role=CREATOR")).json()
    assert found == []


@pytest.mark.parametrize(
    "query", ["role=ADMIN", "role=", "role=member", "&".join(["role=MEMBER"] * 5)]
)
async def test_what_is_no_role_is_refused(query: str, ada: Client) -> None:
    response = await ada.get(f"/api/users/me/boards?{query}")
    assert check_problem(response, 422)["errors"][0]["parameter"] == "role"


@pytest.mark.parametrize("way", ["user_id", "username", "email"])
async def test_a_user_is_added_by_id_name_or_email(
    ada: Client, bob: Client, board: Board, way: str
) -> None:
    named = {"user_id": bob.id, "username": "BOB", "email": "Bob@Example.com"}[way]
    response = await ada.post(f"/api/boards/{board.id}/users", json={way: named})
    assert response.status_code == 201
    assert response.headers["location"] == f"/api/boards/{board.id}/users/{bob.id}"
    assert response.json() == {
        "id": bob.id, "username": "bob", "avatar_url": "/api/avatars/bob.svg", "role": "MEMBER",
    }  # fmt: skip
    assert (await ada.get(response.headers["location"])).json() == response.json()


async def test_a_member_with_another_role_is_a_conflict(
    ada: Client, bob: Client, board: Board, world: World
) -> None:
    await world.join(board, bob.user)
    path = f"/api/boards/{board.id}/users"
    for body in ({"username": "bob", "role": "MODERATOR"}, {"username": "ada"}):
        response = await ada.post(path, json=body)
        assert response.status_code == 409
        assert response.json()["errors"][0]["pointer"] == "/username"
    assert await roles(board) == {"ada": "CREATOR", "bob": "MEMBER"}


@pytest.mark.parametrize("role", ["VIEWER", "MEMBER", "MODERATOR"])
async def test_adding_a_member_again_changes_nothing(
    role: str, ada: Client, bob: Client, board: Board
) -> None:
    path, body = f"/api/boards/{board.id}/users", {"username": "bob", "role": role}
    first, again = [await ada.post(path, json=body) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert "location" not in again.headers
    assert await roles(board) == {"ada": "CREATOR", "bob": role}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"role": "MEMBER"},
        {"username": "bob", "email": "bob@example.com"},
        {"username": "nobody"},
        {"email": "nobody@example.com"},
        {"user_id": "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"},
        {"username": "bob", "role": "CREATOR"},
        {"username": "bob", "role": "ADMIN"},
        {"username": "bob\x00"},
        {"username": None},
        {"username": "bob", "email": None},
    ],
    ids=str,
)
async def test_naming_nobody_or_too_many_is_refused(
    ada: Client, bob: Client, board: Board, body: dict
) -> None:
    response = await ada.post(f"/api/boards/{board.id}/users", json=body)
    assert response.status_code == 422
    assert response.json()["errors"]
    assert await roles(board) == {"ada": "CREATOR"}


async def test_handing_over_swaps_the_roles(
    ada: Client, bob: Client, board: Board, world: World
) -> None:
    await world.join(board, bob.user, Role.MODERATOR)
    response = await ada.put(f"/api/boards/{board.id}/users/{bob.id}", json={"role": "CREATOR"})
    assert response.status_code == 200
    assert response.json()["role"] == "CREATOR"
    assert await roles(board) == {"ada": "MODERATOR", "bob": "CREATOR"}
    assert (await ada.delete(f"/api/boards/{board.id}")).status_code == 403


async def test_only_a_moderator_is_made_creator(
    ada: Client, bob: Client, board: Board, world: World
) -> None:
    await world.join(board, bob.user)
    path = f"/api/boards/{board.id}/users/{bob.id}"
    refused = await ada.put(path, json={"role": "CREATOR"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-a-moderator")
    assert refused.json()["errors"][0]["pointer"] == "/role"
    assert await roles(board) == {"ada": "CREATOR", "bob": "MEMBER"}
    assert (await ada.put(path, json={"role": "MODERATOR"})).status_code == 200
    assert (await ada.put(path, json={"role": "CREATOR"})).status_code == 200


async def test_the_creator_can_keep_but_not_drop_the_role(ada: Client, board: Board) -> None:
    path = f"/api/boards/{board.id}/users/{ada.id}"
    assert (await ada.put(path, json={"role": "CREATOR"})).status_code == 200
    assert (await ada.put(path, json={"role": "MEMBER"})).status_code == 409
    assert (await ada.delete(path)).status_code == 409
    assert await roles(board) == {"ada": "CREATOR"}


async def test_an_admin_hands_over_a_board_without_becoming_a_member(
    admin: Client, ada: Client, bob: Client, board: Board, world: World
) -> None:
    await world.join(board, bob.user, Role.MODERATOR)
    path = f"/api/boards/{board.id}/users/{bob.id}"
    assert (await admin.put(path, json={"role": "CREATOR"})).status_code == 200
    assert await roles(board) == {"ada": "MODERATOR", "bob": "CREATOR"}
    mine = await admin.get(f"/api/roles?user_id={admin.id}&board_id={board.id}")
    assert mine.status_code == 404


async def test_a_member_leaves_and_is_an_outsider_then(
    ada: Client, bob: Client, board: Board, world: World
) -> None:
    await world.join(board, bob.user)
    assert (await bob.delete(f"/api/boards/{board.id}/users/{bob.id}")).status_code == 204
    assert (await bob.get(f"/api/boards/{board.id}")).status_code == 404
    assert await roles(board) == {"ada": "CREATOR"}


async def test_who_came_later_removes_nobody_who_came_first(
    ada: Client, board: Board, world: World
) -> None:
    first, later = await world.person("first"), await world.person("later")
    for client in (first, later):
        await world.join(board, client.user)
    for other in (first, ada):
        response = await later.delete(f"/api/boards/{board.id}/users/{other.id}")
        assert response.status_code == 403


async def test_a_moderator_does_not_remove_moderators_or_change_roles(
    ada: Client, bob: Client, board: Board, world: World
) -> None:
    carol = await world.user("carol")
    await world.join(board, bob.user, Role.MODERATOR)
    await world.join(board, carol, Role.MODERATOR)
    path = f"/api/boards/{board.id}/users/{carol.id}"
    assert (await bob.delete(path)).status_code == 403
    assert (await bob.put(path, json={"role": "MEMBER"})).status_code == 403
    assert (await roles(board))["carol"] == "MODERATOR"


async def test_members_come_in_the_order_of_joining(
    ada: Client, board: Board, world: World
) -> None:
    names = ["zoe", "bea", "max"]
    for name in names:
        await world.join(board, await world.user(name))
    members = (await ada.get(f"/api/boards/{board.id}/users")).json()
    assert [member["username"] for member in members] == ["ada", *names]


async def test_the_role_lookup_needs_both_parameters(ada: Client, board: Board) -> None:
    for query in (
        "",
        f"?user_id={ada.id}",
        f"?board_id={board.id}",
        f"?user_id=x&board_id={board.id}",
    ):
        response = await ada.get(f"/api/roles{query}")
        assert response.status_code == 422
        assert "parameter" in response.json()["errors"][0]


async def test_adding_by_email_is_limited_as_signing_in_is(
    ada: Client, bob: Client, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.settings import settings

    monkeypatch.setenv("RATE_LIMIT_LOGIN", "1/hour")
    settings.cache_clear()
    path = f"/api/boards/{board.id}/users"
    assert (await ada.post(path, json={"email": "x@example.com"})).status_code == 422
    assert (await ada.post(path, json={"email": "y@example.com"})).status_code == 429
    assert (await ada.post(path, json={"username": "bob"})).status_code == 201
