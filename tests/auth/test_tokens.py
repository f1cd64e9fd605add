"""API tokens: what a script may do with one, and when it is over."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from models.enums import Role
from models.tables import ApiToken, User
from tests.conftest import PASSWORD, Client, World
from tests.helpers.answers import check_problem
from tests.helpers.database import waits_for_a_lock


async def make(client: Client, *scopes: str, **more: Any) -> dict[str, Any]:
    body = {"name": "Export", "scopes": scopes or ("read", "write"), **more}
    response = await client.post("/api/auth/tokens", json=body)
    assert response.status_code == 201, response.text
    return response.json()


async def script(world: World, client: Client, *scopes: str) -> Client:
    """Return a client that has a token of the user, and no cookie."""
    token = (await make(client, *scopes))["token"]
    found = world.client()
    found.headers["Authorization"] = f"Bearer {token}"
    found.user = client.user
    return found


async def check_refused(client: Client, detail: str = "/problems/invalid-token") -> None:
    response = await client.get("/api/boards")
    assert check_problem(response, 401)["type"] == detail
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_a_script_does_what_its_owner_may(ada: Client, world: World) -> None:
    robot = await script(world, ada)
    made = await robot.post("/api/boards", json={"title": "Launch", "is_public": False})
    assert made.status_code == 201
    assert made.json() in (await ada.get("/api/boards")).json()
    assert (await robot.get("/api/auth/me")).json() == (await ada.get("/api/auth/me")).json()
    assert "set-cookie" not in made.headers


async def test_the_secret_is_shown_once_and_not_kept(ada: Client, rows: Any) -> None:
    body = {"name": "Export", "scopes": ["read"], "expires_in": 3600}
    response = await ada.post("/api/auth/tokens", json=body)
    token = response.json()
    secret = token.pop("token")
    assert secret.startswith("corkboard_")
    assert len(secret) >= 53
    assert (await ada.get(response.headers["location"])).json() == token
    assert (await ada.get("/api/auth/tokens")).json() == [token]
    life = datetime.fromisoformat(token["expires_at"]) - datetime.fromisoformat(token["created_at"])
    assert abs(life - timedelta(hours=1)) < timedelta(minutes=1)
    assert token["last_used_at"] is None
    assert secret.removeprefix("corkboard_") not in str(await rows())


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        (("read",), {"read"}), (("write",), {"write"}), (("read", "write"), {"read", "write"}),
        (("admin",), set()), (("read", "admin"), {"read"}),
        (("read", "write", "admin"), {"read", "write"}),
    ],
    ids=lambda scopes: " ".join(sorted(scopes)),
)  # fmt: skip
async def test_a_token_is_good_for_its_scopes_only(
    admin: Client, world: World, scopes: tuple[str, ...], allowed: set[str]
) -> None:
    board = await world.board(admin.user)
    robot = await script(world, admin, *scopes)
    for method, path, scope in (
        ("GET", "/api/boards", "read"), ("GET", f"/api/boards/{board.id}/full", "read"),
        ("GET", f"/api/roles?user_id={admin.id}&board_id={board.id}", "read"),
        ("POST", "/api/boards", "write"), ("PATCH", f"/api/boards/{board.id}", "write"),
        ("DELETE", f"/api/boards/{board.id}/users/{admin.id}", "write"),
    ):  # fmt: skip
        # The body is wrong on purpose: the scope is looked at before.
        response = await robot.request(method, path, content=b"{", headers=JSON)
        if scope in allowed:
            assert response.status_code in (200, 400, 409)
        else:
            problem = check_problem(response, 403)
            assert problem["type"] == "/problems/missing-scope"
            assert problem["scope"] == scope
            assert f"'{scope}'" in problem["detail"]


async def test_an_admins_token_without_the_scope_acts_as_no_admin(
    admin: Client, ada: Client, world: World
) -> None:
    board = await world.board(ada.user)
    task = await world.task(await world.column(board))
    robot = await script(world, admin, "read", "write")
    assert (await robot.get("/api/auth/me")).json()["is_admin"] is False
    people = {user["id"]: user for user in (await robot.get("/api/users")).json()}
    assert people[ada.id]["email"] is None
    assert people[admin.id]["email"] == "root@example.com"
    check_problem(await robot.get(f"/api/boards/{board.id}"), 404)
    check_problem(await robot.patch(f"/api/tasks/{task.id}", json={"title": "x"}), 404)
    check_problem(await robot.patch(f"/api/users/{ada.id}", json={"username": "x-ada"}), 403)
    check_problem(await robot.patch(f"/api/users/{admin.id}", json={"is_admin": False}), 403)
    assert (await robot.get("/api/boards")).json() == (await robot.get("/api/trash")).json() == []
    body = {"username": "new", "email": "new@example.com", "password": PASSWORD}
    problem = check_problem(await robot.post("/api/users", json=body), 403)
    assert (problem["type"], problem["scope"]) == ("/problems/missing-scope", "admin")
    await world.join(board, admin.user, Role.MEMBER)
    assert (await robot.get(f"/api/boards/{board.id}")).json()["my_role"] == "MEMBER"
    check_problem(await robot.delete(f"/api/boards/{board.id}"), 403)


async def test_with_its_scope_an_admins_token_acts_as_an_admin(
    admin: Client, ada: Client, world: World
) -> None:
    board = await world.board(ada.user)
    robot = await script(world, admin, "read", "write", "admin")
    assert (await robot.get("/api/auth/me")).json()["is_admin"] is True
    assert (await robot.get(f"/api/users/{ada.id}")).json()["email"] == "ada@example.com"
    assert (await robot.patch(f"/api/boards/{board.id}", json={"title": "x"})).status_code == 200
    body = {"username": "new", "email": "new@example.com", "password": PASSWORD}
    assert (await robot.post("/api/users", json=body)).status_code == 201
    await User.filter(id=admin.id).update(is_admin=False)
    check_problem(await robot.get(f"/api/boards/{board.id}"), 404)
    problem = check_problem(await robot.post("/api/users", json=body), 403)
    assert problem["type"] == "/problems/forbidden"


async def test_only_admins_make_tokens_to_act_as_one(ada: Client) -> None:
    body = {"name": "x", "scopes": ["read", "admin"]}
    check_problem(await ada.post("/api/auth/tokens", json=body), 403)
    assert await ApiToken.all().count() == 0


async def test_what_is_for_the_owner_alone_takes_a_session(ada: Client, world: World) -> None:
    robot = await script(world, ada)
    [token] = (await ada.get("/api/auth/tokens")).json()
    [session] = (await ada.get("/api/auth/sessions")).json()
    for method, path, body in (
        ("GET", "/api/auth/tokens", None), ("GET", f"/api/auth/tokens/{token['id']}", None),
        ("POST", "/api/auth/tokens", {"name": "x", "scopes": ["read"]}),
        ("DELETE", f"/api/auth/tokens/{token['id']}", None), ("GET", "/api/auth/sessions", None),
        ("DELETE", "/api/auth/sessions", None),
        ("DELETE", f"/api/auth/sessions/{session['id']}", None),
        ("PUT", "/api/auth/password",
         {"current_password": PASSWORD, "new_password": "a lighthouse at dawn"}),
        ("PATCH", f"/api/users/{ada.id}", {"email": "other@example.com"}),
        ("DELETE", f"/api/users/{ada.id}", None),
    ):  # fmt: skip
        problem = check_problem(await robot.request(method, path, json=body), 403)
        assert problem["type"] == "/problems/session-required", path
    assert (await ada.get("/api/auth/tokens")).json()[0]["id"] == token["id"]
    # Not even with the owner's cookie beside it.
    robot.cookies.update(ada.cookies)
    check_problem(await robot.get("/api/auth/tokens"), 403)
    assert (await robot.post("/api/auth/logout")).status_code == 204
    assert (await ada.get("/api/auth/me")).status_code == 200


async def test_a_revoked_token_is_over_at_once(ada: Client, bob: Client, world: World) -> None:
    robot = await script(world, ada)
    [token] = (await ada.get("/api/auth/tokens")).json()
    path = f"/api/auth/tokens/{token['id']}"
    check_problem(await bob.get(path), 404)
    check_problem(await bob.delete(path), 404)
    assert (await robot.get("/api/boards")).status_code == 200
    assert (await ada.delete(path)).status_code == 204
    check_problem(await ada.delete(path), 404)
    check_problem(await ada.get(path), 404)
    await check_refused(robot)


async def test_an_expired_token_is_over_and_swept_out(ada: Client, world: World) -> None:
    robot = await script(world, ada)
    await ApiToken.all().update(expires_at=datetime.now(UTC))
    await check_refused(robot)
    assert (await ada.get("/api/auth/tokens")).json() == []
    kept = await make(ada)
    assert [str(row.id) for row in await ApiToken.all()] == [kept["id"]]


async def test_a_new_password_and_the_end_of_an_account_end_its_tokens(
    ada: Client, bob: Client, admin: Client, world: World
) -> None:
    robots = [await script(world, person) for person in (ada, bob, admin)]
    new = {"new_password": "a lighthouse at dawn"}
    body = {"current_password": PASSWORD, **new}
    assert (await ada.put("/api/auth/password", json=body)).status_code == 204
    assert (await admin.put(f"/api/users/{bob.id}/password", json=new)).status_code == 204
    await check_refused(robots[0])
    await check_refused(robots[1])
    assert (await robots[2].get("/api/boards")).status_code == 200
    carol = await world.person("carol")
    robot = await script(world, carol)
    assert (await carol.delete_account()).status_code == 204
    await check_refused(robot)


JSON = {"Content-Type": "application/json"}
BAD = [
    "Bearer", "Bearer ", "bearer x", "Bearer corkboard_", "BEARER \xff\xfe", "Bearer " + "x" * 8000,
    "Bearer {secret}x", "Bearer x{secret}", "Bearer {secret} {secret}", "Bearer {secret},",
    "Bearer {swapped}", "Bearer {cookie}",
]  # fmt: skip


@pytest.mark.parametrize("header", BAD, ids=range(len(BAD)))
async def test_no_other_token_is_accepted_even_beside_a_good_cookie(
    ada: Client, header: str
) -> None:
    secret = (await make(ada))["token"]
    value = header.format(secret=secret, swapped=secret.swapcase(), cookie=ada.cookies["session"])
    headers = {"Authorization": value.encode("latin-1")}
    response = await ada.get("/api/boards", headers=headers)  # type: ignore[arg-type]
    assert check_problem(response, 401)["type"] == "/problems/invalid-token"
    assert secret not in response.text
    two = [("Authorization", f"Bearer {secret}"), ("Authorization", value.encode("latin-1"))]
    check_problem(await ada.get("/api/boards", headers=two), 401)  # type: ignore[arg-type]


async def test_what_a_browser_sends_by_itself_is_no_token(ada: Client, anonymous: Client) -> None:
    """Beside a proxy's password the session counts, and so do the checks of its origin."""
    basic = {"Authorization": "Basic YWRhOnBhc3N3b3Jk"}
    assert (await ada.get("/api/boards", headers=basic)).status_code == 200
    check_problem(await anonymous.get("/api/boards", headers=basic), 401)
    stranger = {**basic, "Origin": "https://evil.example"}
    response = await ada.post("/api/boards", json={"title": "x"}, headers=stranger)
    assert check_problem(response, 403)["type"] == "/problems/cross-origin"


async def test_a_token_is_good_from_any_origin_and_a_cookie_is_not(
    ada: Client, world: World
) -> None:
    robot = await script(world, ada)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        made = await robot.post("/api/boards", json={"title": "x"}, headers=headers)
        assert made.status_code == 201
        check_problem(await ada.post("/api/boards", json={"title": "x"}, headers=headers), 403)


async def test_a_frontend_that_is_trusted_may_send_a_token(anonymous: Client) -> None:
    headers = {
        "Origin": "https://kanban.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    response = await anonymous.options("/api/boards", headers=headers)
    assert "authorization" in response.headers["access-control-allow-headers"].lower()


async def test_the_last_use_is_told_to_ten_minutes(ada: Client, world: World) -> None:
    robot = await script(world, ada)
    for minutes, is_moved in ((None, True), (9, False), (11, True)):
        before = minutes and datetime.now(UTC) - timedelta(minutes=minutes)
        await ApiToken.all().update(last_used_at=before)
        assert (await robot.get("/api/boards")).status_code == 200
        [token] = (await ada.get("/api/auth/tokens")).json()
        used = datetime.fromisoformat(token["last_used_at"])
        assert (not before or used > before) is is_moved
        assert datetime.now(UTC) - used < timedelta(minutes=10)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", " "), ("name", None), ("scopes", []), ("scopes", ["READ"]),
        ("scopes", ["read", "read"]), ("scopes", "read"), ("scopes", None), ("expires_in", 59),
        ("expires_in", 31_536_001), ("expires_in", None), ("expires_in", "60"), ("token", "mine"),
    ],
)  # fmt: skip
async def test_a_token_keeps_to_its_limits(ada: Client, field: str, value: Any) -> None:
    body = {"name": "x", "scopes": ["read"], field: value}
    problem = check_problem(await ada.post("/api/auth/tokens", json=body), 422)
    assert problem["errors"][0]["pointer"].startswith(f"/{field}")
    assert await ApiToken.all().count() == 0


async def test_concurrent_requests_make_no_more_than_fifty_tokens(ada: Client, bob: Client) -> None:
    body = {"name": "x", "scopes": ["read"]}
    answers = await asyncio.gather(
        *(ada.post("/api/auth/tokens", json=body) for _ in range(55)),
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 50 + [409] * 5
    problem = check_problem(await ada.post("/api/auth/tokens", json=body), 409)
    assert problem["type"] == "/problems/limit-reached"
    assert (await bob.post("/api/auth/tokens", json=body)).status_code == 201


@pytest.mark.parametrize(("is_public", "status"), [(True, 403), (False, 404)])
async def test_a_demotion_while_an_admins_token_waits_counts(
    is_public: bool, status: int, admin: Client, ada: Client, world: World, database_url: str
) -> None:
    board = await world.board(ada.user, is_public=is_public)
    robot = await script(world, admin, "read", "write", "admin")
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards WHERE id = $1 FOR UPDATE", board.id)
        waiting = asyncio.create_task(robot.delete(f"/api/boards/{board.id}"))
        await waits_for_a_lock(connection)
        await connection.execute("UPDATE users SET is_admin = false")
    await connection.close()
    check_problem(await waiting, status)


async def test_a_token_becomes_no_admins_by_waiting(
    ada: Client, admin: Client, world: World
) -> None:
    """What is decided anew under a lock keeps to the token's scopes."""
    robot = await script(world, admin, "read", "write")
    board = (await robot.post("/api/boards", json={"title": "x"})).json()
    assert board["my_role"] == "CREATOR"
    other = await world.board(ada.user, is_public=True)
    check_problem(await robot.delete(f"/api/boards/{other.id}"), 403)
    for person in (admin, ada):
        check_problem(await robot.patch(f"/api/users/{person.id}", json={"is_admin": True}), 403)


async def test_an_admins_token_sets_no_password_not_even_its_owners(
    admin: Client, world: World
) -> None:
    robot = await script(world, admin, "read", "write", "admin")
    body = {"new_password": "a lighthouse at dawn"}
    problem = check_problem(await robot.put(f"/api/users/{admin.id}/password", json=body), 403)
    assert problem["type"] == "/problems/session-required"


async def test_a_session_ended_by_a_new_password_makes_no_token(
    ada: Client, world: World, database_url: str
) -> None:
    body = {"name": "x", "scopes": ["read"]}
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("UPDATE users SET hashed_password = 'new'")
        asking = asyncio.create_task(ada.post("/api/auth/tokens", json=body))
        await waits_for_a_lock(connection)
        await connection.execute("DELETE FROM sessions; DELETE FROM api_tokens")
    await connection.close()
    check_problem(await asking, 401)
    assert await ApiToken.all().count() == 0


async def test_a_demoted_admin_loses_the_tokens_to_act_as_one(admin: Client, world: World) -> None:
    other = await world.person("other", is_admin=True)
    robots = [await script(world, other, *scopes) for scopes in (["read"], ["read", "admin"])]
    path = f"/api/users/{other.id}"
    assert (await admin.patch(path, json={"is_admin": False})).status_code == 200
    assert (await admin.patch(path, json={"is_admin": True})).status_code == 200
    assert (await robots[0].get("/api/boards")).status_code == 200
    await check_refused(robots[1])
