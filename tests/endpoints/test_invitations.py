"""Links by which people join a board: who makes them, who may use them, and when they are over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from models.enums import Role
from models.tables import Board, BoardUser, Invitation, User
from tests.conftest import Client, World
from tests.helpers.answers import check_problem
from tests.helpers.database import waits_for_a_lock

GONE = "This invitation does not exist, or is no longer valid."


async def invite(client: Client, board: Board, **body: Any) -> dict[str, Any]:
    response = await client.post(f"/api/boards/{board.id}/invitations", json=body)
    assert response.status_code == 201, response.text
    return response.json()


async def accept(client: Client, link: dict[str, Any]) -> int:
    return (await client.post(f"/api/invitations/{link['token']}/accept")).status_code


async def check_gone(client: Client, link: dict[str, Any]) -> None:
    """Return the link is as good as one that never was."""
    for token in (link["token"], "never"):
        shown = check_problem(await client.get(f"/api/invitations/{token}"), 404)
        problem = check_problem(await client.post(f"/api/invitations/{token}/accept"), 404)
        assert shown["detail"] == problem["detail"] == GONE
        assert shown["instance"] == "/api/invitations/{token}"
        assert problem["instance"] == "/api/invitations/{token}/accept"


async def test_who_has_the_link_joins(
    ada: Client, bob: Client, anonymous: Client, board: Board
) -> None:
    link = await invite(ada, board, role="MODERATOR")
    assert link["inviter_id"] == ada.id
    life = datetime.fromisoformat(link["expires_at"]) - datetime.fromisoformat(link["created_at"])
    assert abs(life - timedelta(days=7)) < timedelta(seconds=2)
    shown = await anonymous.get(f"/api/invitations/{link['token']}")
    assert shown.json() == {
        "board_id": str(board.id), "board_title": "Website launch", "role": "MODERATOR",
        "expires_at": link["expires_at"],
    }  # fmt: skip
    check_problem(await bob.get(f"/api/boards/{board.id}"), 404)
    check_problem(await anonymous.post(f"/api/invitations/{link['token']}/accept"), 401)
    response = await bob.post(f"/api/invitations/{link['token']}/accept")
    assert response.status_code == 201
    assert response.json() == (await bob.get(f"/api/users/{bob.id}/boards")).json()[0]
    assert response.json()["role"] == "MODERATOR"
    assert (await bob.get(response.headers["location"])).json()["role"] == "MODERATOR"


async def test_the_token_is_shown_once_and_not_kept(ada: Client, board: Board, rows: Any) -> None:
    response = await ada.post(f"/api/boards/{board.id}/invitations", json={})
    link = response.json()
    token = link.pop("token")
    assert len(token) >= 43
    assert (await ada.get(response.headers["location"])).json() == link
    assert (await ada.get(f"/api/boards/{board.id}/invitations")).json() == [link]
    assert token not in str(await rows())


async def test_a_member_already_uses_nothing_up(ada: Client, bob: Client, board: Board) -> None:
    link = await invite(ada, board, max_uses=1)
    problem = check_problem(await ada.post(f"/api/invitations/{link['token']}/accept"), 409)
    assert problem["type"] == "/problems/already-exists"
    assert await accept(bob, link) == 201
    check_problem(await bob.get(f"/api/boards/{board.id}/invitations"), 403)
    assert (await ada.get(f"/api/boards/{board.id}/invitations")).json() == []


@pytest.mark.parametrize("role", ["outsider", "reader", Role.VIEWER, Role.MEMBER])
async def test_who_may_not_add_members_does_not_invite(
    ada: Client, bob: Client, board: Board, world: World, role: Role | str
) -> None:
    link = await invite(ada, board)
    if isinstance(role, Role):
        await world.join(board, bob.user, role)
    elif role == "reader":
        await Board.filter(id=board.id).update(is_public=True)
    status = 404 if role == "outsider" else 403
    path = f"/api/boards/{board.id}/invitations"
    for response in (
        await bob.post(path, json={}), await bob.get(path), await bob.get(f"{path}/{link['id']}"),
        await bob.delete(f"{path}/{link['id']}"),
    ):  # fmt: skip
        check_problem(response, status)
    assert await Invitation.all().count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"role": "CREATOR"}, {"role": "member"}, {"expires_in": 59}, {"expires_in": 2_592_001},
        {"expires_in": "60"}, {"expires_in": None}, {"max_uses": 0}, {"max_uses": 1001},
        {"max_uses": True}, {"token": "mine"}, {"uses": 0},
    ],
    ids=str,
)  # fmt: skip
async def test_an_invitation_keeps_to_its_limits(
    ada: Client, board: Board, body: dict[str, Any]
) -> None:
    response = await ada.post(f"/api/boards/{board.id}/invitations", json=body)
    problem = check_problem(response, 422)
    assert problem["errors"][0]["pointer"] == f"/{next(iter(body))}"
    assert await Invitation.all().count() == 0


async def test_a_revoked_link_is_over(ada: Client, bob: Client, board: Board, world: World) -> None:
    link = await invite(ada, board)
    other = await world.board(ada.user)
    check_problem(await ada.delete(f"/api/boards/{other.id}/invitations/{link['id']}"), 404)
    check_problem(await ada.get(f"/api/boards/{other.id}/invitations/{link['id']}"), 404)
    path = f"/api/boards/{board.id}/invitations/{link['id']}"
    assert (await ada.delete(path)).status_code == 204
    check_problem(await ada.delete(path), 404)
    await check_gone(bob, link)


async def test_an_expired_link_is_over_and_swept_out(
    ada: Client, bob: Client, board: Board
) -> None:
    link = await invite(ada, board, expires_in=60)
    await Invitation.filter(id=link["id"]).update(expires_at=datetime.now(UTC))
    await check_gone(bob, link)
    assert (await ada.get(f"/api/boards/{board.id}/invitations")).json() == []
    check_problem(await ada.get(f"/api/boards/{board.id}/invitations/{link['id']}"), 404)
    kept = await invite(ada, board)
    assert [str(row.id) for row in await Invitation.all()] == [kept["id"]]


async def test_a_link_ends_with_the_right_of_who_made_it(
    ada: Client, bob: Client, world: World, board: Board
) -> None:
    carol = await world.person("carol")
    await world.join(board, bob.user, Role.MODERATOR)
    link = await invite(bob, board)
    path = f"/api/boards/{board.id}/users/{bob.id}"
    assert (await ada.put(path, json={"role": "MEMBER"})).status_code == 200
    await check_gone(carol, link)
    assert (await ada.put(path, json={"role": "MODERATOR"})).status_code == 200
    assert (await carol.get(f"/api/invitations/{link['token']}")).status_code == 200
    assert (await ada.delete(path)).status_code == 204
    await check_gone(bob, link)
    await world.join(board, bob.user, Role.MODERATOR)
    assert (await bob.delete_account()).status_code == 204
    await check_gone(carol, link)
    assert await Invitation.all().count() == 0


async def test_an_admin_invites_while_they_are_one(
    admin: Client, bob: Client, world: World, board: Board
) -> None:
    carol = await world.person("carol")
    link = await invite(admin, board)
    assert await accept(bob, link) == 201
    await User.filter(id=admin.id).update(is_admin=False)
    await check_gone(carol, link)


async def test_a_link_to_a_board_in_the_trash_rests(ada: Client, bob: Client, board: Board) -> None:
    link = await invite(ada, board)
    assert (await ada.delete(f"/api/boards/{board.id}")).status_code == 204
    await check_gone(bob, link)
    assert (await ada.post(f"/api/boards/{board.id}/restore")).status_code == 200
    assert await accept(bob, link) == 201
    assert (await ada.delete(f"/api/boards/{board.id}?permanent=true")).status_code == 204
    await check_gone(bob, link)


async def test_no_more_join_than_it_allows_however_many_try_at_once(
    ada: Client, board: Board, world: World
) -> None:
    link = await invite(ada, board, max_uses=3)
    people = [await world.person(f"guest-{n}") for n in range(100)]
    answers = await asyncio.gather(*(accept(person, link) for person in people))
    assert answers.count(201) == 3
    assert set(answers) == {201, 404}
    assert await BoardUser.filter(board_id=board.id, role=Role.MEMBER).count() == 3
    assert (await Invitation.get(id=link["id"])).uses == 3
    await check_gone(people[-1], link)


async def test_a_link_stays_good_when_its_maker_hands_the_board_over(
    ada: Client, bob: Client, board: Board, world: World
) -> None:
    carol, dave = await world.person("carol"), await world.person("dave")
    await world.join(board, bob.user, Role.MODERATOR)
    link = await invite(ada, board)
    members = f"/api/boards/{board.id}/users"
    assert (await ada.put(f"{members}/{bob.id}", json={"role": "CREATOR"})).status_code == 200
    assert await accept(carol, link) == 201
    assert (await bob.delete(f"{members}/{ada.id}")).status_code == 204
    await check_gone(dave, link)


async def test_links_go_with_their_board_and_their_maker_in_sql_too(
    ada: Client, bob: Client, board: Board, world: World, database_url: str
) -> None:
    await world.join(board, bob.user, Role.MODERATOR)
    kept, _ = await invite(ada, board), await invite(bob, board)
    connection = await asyncpg.connect(database_url)
    await connection.execute("DELETE FROM users WHERE id = $1", bob.user.id)
    assert [str(row.id) for row in await Invitation.all()] == [kept["id"]]
    await connection.execute("DELETE FROM boards")
    await connection.close()
    assert await Invitation.all().count() == 0


@asynccontextmanager
async def locked(database_url: str, row: Board | User) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection in a transaction that holds a row, until the end of the block."""
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        table = row._meta.db_table
        await connection.execute(f"SELECT FROM {table} WHERE id = $1 FOR UPDATE", row.id)
        yield connection
    await connection.close()


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM board_users WHERE role = 'MODERATOR'",
        "UPDATE board_users SET role = 'MEMBER' WHERE role = 'MODERATOR'",
        "DELETE FROM invitations",
        "UPDATE invitations SET expires_at = now()",
        "UPDATE invitations SET uses = max_uses",
        "UPDATE boards SET deleted_at = now()",
        "DELETE FROM boards",
    ],
)
async def test_a_link_that_ends_while_who_accepts_it_waits_is_over(
    ada: Client, bob: Client, board: Board, world: World, database_url: str, change: str
) -> None:
    carol = await world.person("carol")
    await world.join(board, bob.user, Role.MODERATOR)
    link = await invite(bob, board, max_uses=1)
    async with locked(database_url, board) as connection:
        accepting = asyncio.create_task(accept(carol, link))
        await waits_for_a_lock(connection)
        await connection.execute(change)
    assert await accepting == 404
    assert not await BoardUser.exists(user_id=carol.id)


async def test_a_demoted_admins_link_lets_nobody_in(
    admin: Client, bob: Client, board: Board, database_url: str
) -> None:
    link = await invite(admin, board)
    async with locked(database_url, admin.user) as connection:
        accepting = asyncio.create_task(accept(bob, link))
        await waits_for_a_lock(connection)
        await connection.execute("UPDATE users SET is_admin = false WHERE id = $1", admin.user.id)
    assert await accepting == 404
    assert not await BoardUser.exists(user_id=bob.id)


async def test_an_admin_is_demoted_after_a_pending_join(
    admin: Client, bob: Client, board: Board, world: World, database_url: str
) -> None:
    other = await world.person("other", is_admin=True)
    link = await invite(admin, board)
    async with locked(database_url, board) as connection:
        accepting = asyncio.create_task(accept(bob, link))
        await waits_for_a_lock(connection)
        path = f"/api/users/{admin.id}"
        demoting = asyncio.create_task(other.patch(path, json={"is_admin": False}))
        await waits_for_a_lock(connection, sessions=2)
        assert not demoting.done()
    assert (await accepting, (await demoting).status_code) == (201, 200)


async def test_who_is_deleted_while_accepting_is_signed_out(
    ada: Client, bob: Client, board: Board, database_url: str
) -> None:
    link = await invite(ada, board)
    async with locked(database_url, bob.user) as connection:
        accepting = asyncio.create_task(accept(bob, link))
        await waits_for_a_lock(connection)
        await connection.execute("DELETE FROM users WHERE id = $1", bob.user.id)
    assert await accepting == 401
    assert (await Invitation.get(id=link["id"])).uses == 0


@pytest.mark.parametrize("whose", ["bob", "carol"])
@pytest.mark.parametrize("deletes_first", [False, True])
async def test_an_account_deleted_during_an_acceptance_is_no_deadlock(
    ada: Client,
    bob: Client,
    board: Board,
    world: World,
    database_url: str,
    whose: str,
    deletes_first: bool,
) -> None:
    """That of who made the link, and that of who accepts it; both are waiting for the board."""
    carol = await world.person("carol")
    await world.join(board, bob.user, Role.MODERATOR)
    await world.join(await world.board(ada.user), carol.user)
    link = await invite(bob, board)
    deleted = {"bob": bob, "carol": carol}[whose]
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards FOR UPDATE")
        waiting = {}
        for deletes in (deletes_first, not deletes_first):
            waiting[deletes] = asyncio.create_task(
                deleted.delete_account()
                if deletes
                else carol.post(f"/api/invitations/{link['token']}/accept")
            )
            await waits_for_a_lock(connection, sessions=len(waiting))
    await connection.close()
    refused = 404 if whose == "bob" else 401
    accepted, gone = await asyncio.gather(waiting[False], waiting[True])
    assert (accepted.status_code, gone.status_code) == (refused if deletes_first else 201, 204)
    if accepted.status_code == 404:
        assert accepted.json()["detail"] == GONE
    assert not await BoardUser.exists(user_id=deleted.id)


async def test_who_is_deleted_while_making_a_link_makes_none(
    admin: Client, board: Board, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("DELETE FROM users WHERE id = $1", admin.user.id)
        path = f"/api/boards/{board.id}/invitations"
        making = asyncio.create_task(admin.post(path, json={}))
        await waits_for_a_lock(connection)
    await connection.close()
    problem = check_problem(await making, 409)
    assert problem["type"] == "/problems/parent-deleted"
    assert await Invitation.all().count() == 0


async def test_joining_and_deleting_accounts_at_once_end_well(
    ada: Client, board: Board, world: World
) -> None:
    moderator = await world.person("moderator")
    await world.join(board, moderator.user, Role.MODERATOR)
    link = await invite(moderator, board)
    people = [await world.person(f"guest-{n}") for n in range(8)]
    answers: list[Any] = await asyncio.gather(
        *(accept(person, link) for person in people),
        *(person.delete_account() for person in people[::2]),
        moderator.delete_account(),
    )
    codes = {answer if isinstance(answer, int) else answer.status_code for answer in answers}
    assert codes <= {201, 204, 401, 404}
    assert await User.filter(username__startswith="guest").count() == 4


@pytest.mark.parametrize("token", ["%00", "%ff", "x" * 200, "%F0%9F%98%80", "..%5C"])
async def test_any_other_token_is_a_404(ada: Client, token: str) -> None:
    check_problem(await ada.get(f"/api/invitations/{token}"), 404)
    check_problem(await ada.post(f"/api/invitations/{token}/accept"), 404)


@pytest.mark.parametrize(
    ("method", "path", "shown"),
    [
        ("GET", "/api/invitations/TOKEN?x=1", "/api/invitations/{token}"),
        ("DELETE", "/api/invitations/TOKEN", "/api/invitations/{token}"),
        ("GET", "/api/invitations/TOKEN/", "/api/invitations/{token}/"),
        ("GET", "/api/invitations/TOKEN/accept", "/api/invitations/{token}/accept"),
        ("POST", "/api/invitations/TOKEN/acept", "/api/invitations/{token}/acept"),
        ("POST", "/api/invitations//TOKEN/accept", "/api/invitations//{token}/accept"),
        ("GET", "//api//invitations/TOKEN", "//api//invitations/{token}"),
        ("GET", "/API/Invitations/TOKEN", "/API/Invitations/{token}"),
        ("GET", "/invitations/TOKEN", "/invitations/{token}"),
        ("GET", "/api/%69nvitations/TOKEN?x=1", "/api/invitations/{token}"),
        ("GET", "/api/invitations%2FTOKEN?x=1", "/api/invitations/{token}"),
    ],
)
async def test_no_problem_shows_the_token_in_a_path(
    ada: Client, board: Board, method: str, path: str, shown: str
) -> None:
    """Also where the path is nearly right, as a frontend may send it while it is written."""
    token = (await invite(ada, board))["token"]
    url = f"http://corkboard.test{path.replace('TOKEN', token)}"
    response = await ada.request(method, url)
    assert 400 <= response.status_code < 500
    assert response.json()["instance"] == shown
    assert token not in response.text + str(response.headers)


async def test_a_problem_with_an_invitation_of_a_board_shows_its_path(
    ada: Client, board: Board
) -> None:
    path = f"/api/boards/{board.id}/invitations/{board.id}"
    assert check_problem(await ada.get(path), 404)["instance"] == path


async def test_an_error_that_nobody_foresaw_tells_no_token_to_the_log(
    ada: Client, board: Board, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", "httpx")  # the client's own log
    token = (await invite(ada, board))["token"]
    connection = await asyncpg.connect(database_url)
    await connection.execute("ALTER TABLE invitations DROP COLUMN expires_at CASCADE")
    await connection.close()
    problem = check_problem(await ada.get(f"/api/invitations/{token}"), 500)
    assert problem["instance"] == "/api/invitations/{token}"
    assert "expires_at" in caplog.text
    assert token not in caplog.text


async def test_a_link_made_as_a_member_ends_with_the_role(
    admin: Client, ada: Client, bob: Client, board: Board, world: World
) -> None:
    """An admin's token without the scope `admin` invites as the MODERATOR that its owner is."""
    await world.join(board, admin.user, Role.MODERATOR)
    made = await admin.post("/api/auth/tokens", json={"name": "x", "scopes": ["write"]})
    robot = world.client()
    robot.headers["Authorization"] = f"Bearer {made.json()['token']}"
    link = await invite(robot, board)
    assert (await ada.delete(f"/api/boards/{board.id}/users/{admin.id}")).status_code == 204
    await check_gone(bob, link)


async def test_a_link_that_rests_is_seen_by_who_may_revoke_it(
    ada: Client, bob: Client, board: Board, world: World
) -> None:
    await world.join(board, bob.user, Role.MODERATOR)
    link = await invite(bob, board)
    path = f"/api/boards/{board.id}/invitations"
    assert [each["is_active"] for each in (await ada.get(path)).json()] == [True]
    assert (await ada.delete(f"/api/boards/{board.id}/users/{bob.id}")).status_code == 204
    [listed] = (await ada.get(path)).json()
    assert (listed["id"], listed["is_active"]) == (link["id"], False)
    assert (await ada.get(f"{path}/{link['id']}")).json() == listed
    assert (await ada.delete(f"{path}/{link['id']}")).status_code == 204


async def test_a_board_has_at_most_a_hundred(ada: Client, board: Board) -> None:
    rows = [
        Invitation(
            board_id=board.id,
            inviter_id=ada.user.id,
            role=Role.MEMBER,
            token_hash=f"{n:064}",
            expires_at=datetime.now(UTC) + timedelta(days=1),
        )
        for n in range(99)
    ]
    await Invitation.bulk_create(rows)
    response = await ada.post(f"/api/boards/{board.id}/invitations", json={})
    assert response.headers["cache-control"] == "no-store"
    problem = check_problem(await ada.post(f"/api/boards/{board.id}/invitations", json={}), 409)
    assert problem["type"] == "/problems/limit-reached"
    await Invitation.filter(token_hash=f"{0:064}").update(expires_at=datetime.now(UTC))
    assert (await ada.post(f"/api/boards/{board.id}/invitations", json={})).status_code == 201
