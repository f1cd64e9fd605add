"""Writes that wait for a busy board are refused if their session or API token ends meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from models.enums import Role
from models.tables import Board, User
from tests.conftest import PASSWORD, Client, World
from tests.helpers.answers import check_problem
from tests.helpers.database import waits_for_a_lock

OTHER = "a lighthouse at dawn"
Rows = Callable[[], Awaitable[dict[str, list[asyncpg.Record]]]]
# What ending credentials changes, and what signing in does.
ACCOUNTS = {"users", "sessions", "api_tokens"}


class Caller:
    """Somebody's session or API token, and the ways in which it ends."""

    def __init__(self, client: Client, admin: Client, token: dict[str, Any] | None) -> None:
        self.client, self.admin, self.token = client, admin, token
        self.headers = {"Authorization": f"Bearer {token['token']}"} if token else {}

    async def send(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        return await self.client.request(method, f"/api{path}", json=body, headers=self.headers)

    async def sign_out(self) -> Any:
        path = f"tokens/{self.token['id']}" if self.token else "sessions"
        return await self.client.delete(f"/api/auth/{path}")

    async def disable(self) -> Any:
        return await self.admin.post(f"/api/users/{self.client.id}/disable")

    async def change_password(self) -> Any:
        body = {"new_password": OTHER}
        return await self.admin.put(f"/api/users/{self.client.id}/password", json=body)


async def caller_of(by: str, world: World, user: User, admin: Client) -> Caller:
    await User.filter(id=user.id).update(disabled_at=None)
    client = await world.sign_in(user)
    body = {"name": "Script", "scopes": ["read", "write"]}
    token = (await client.post("/api/auth/tokens", json=body)).json() if by == "token" else None
    return Caller(client, admin, token)


async def refused(
    caller: Caller, end: str, request: tuple[str, str, Any], database_url: str
) -> dict[str, Any]:
    """Send a request that waits for the boards, end its credentials, and let it go on."""
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards FOR UPDATE")
        waiting = asyncio.create_task(caller.send(*request))
        await waits_for_a_lock(connection)
        assert (await getattr(caller, end)()).is_success
    await connection.close()
    return check_problem(await waiting, 401)


PROBLEMS = {"cookie": "unauthorized", "token": "invalid-token"}
QUICK = {("cookie", "sign_out"), ("token", "disable"), ("cookie", "change_password")}


@pytest.mark.parametrize(
    ("by", "end"),
    [
        pytest.param(by, end, marks=[] if (by, end) in QUICK else pytest.mark.slow)
        for by in PROBLEMS
        for end in ("sign_out", "disable", "change_password")
    ],
)
async def test_who_is_signed_out_while_waiting_writes_nothing(
    by: str, end: str, world: World, admin: Client, database_url: str, rows: Rows
) -> None:
    problem = PROBLEMS[by]
    ada, bob = await world.user("ada"), await world.user("bob")
    board = await world.board(ada)
    column = await world.column(board)
    task = await world.task(column)
    await world.task(column, 1)
    requests: list[tuple[str, str, Any]] = [
        ("PATCH", f"/tasks/{task.id}", {"title": "Changed"}),
        ("POST", "/comments", {"task_id": str(task.id), "content": "Too late"}),
        ("POST", f"/tasks/{task.id}/move", {"position": 1}),
        ("PATCH", "/tasks", {"ids": [str(task.id)], "title": "Changed"}),
        ("POST", f"/boards/{board.id}/users", {"user_id": str(bob.id)}),
        ("POST", f"/boards/{board.id}/invitations", {}),
        ("DELETE", f"/columns/{column.id}", None),
    ]
    for request in requests:
        caller = await caller_of(by, world, ada, admin)
        before = await rows()
        assert (await refused(caller, end, request, database_url))["type"] == f"/problems/{problem}"
        after = await rows()
        for found in (before, after):
            found["events"] = [event for event in found["events"] if event["board_id"]]
        assert {name for name in before if before[name] != after[name]} <= ACCOUNTS, request


@pytest.mark.parametrize("by", ["cookie", "token"])
async def test_who_signs_out_while_joining_joins_no_board(
    by: str, world: World, admin: Client, bob: Client, board: Board, database_url: str
) -> None:
    await world.join(board, bob.user, Role.MODERATOR)
    answer = await bob.post(f"/api/boards/{board.id}/invitations", json={})
    accepting = ("POST", f"/invitations/{answer.json()['token']}/accept", None)
    caller = await caller_of(by, world, await world.user("carol"), admin)
    await refused(caller, "sign_out", accepting, database_url)
    assert (await bob.get(f"/api/boards/{board.id}/invitations")).json()[0]["uses"] == 0
    assert len((await bob.get(f"/api/boards/{board.id}/users")).json()) == 2


async def test_who_signs_out_everywhere_stays_so_by_a_new_password(
    world: World, database_url: str
) -> None:
    """The statement that writes the new password waits for the account's row."""
    ada = await world.person("ada")
    change = {"current_password": PASSWORD, "new_password": OTHER}
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM users FOR UPDATE")
        waiting = asyncio.create_task(ada.put("/api/auth/password", json=change))
        await waits_for_a_lock(connection)
        assert (await ada.delete("/api/auth/sessions")).is_success
    await connection.close()
    check_problem(await waiting, 401)
    assert (await User.get(id=ada.user.id)).hashed_password == world.hashed_password
