"""`Idempotency-Key`: what is sent again is done once, and answered as the first time."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from api.http.idempotency import CLAIM, LIFE, purge_keys
from models.enums import Role
from models.tables import ApiToken, Board, BoardUser, Column, IdempotencyKey, Label, Task, User
from tests.conftest import Client, Instance, Rows, World
from tests.helpers.answers import check_problem

KEY = {"Idempotency-Key": "4c0d1f6e"}


@pytest.fixture
async def board(world: World, ada: Client, bob: Client) -> Board:
    return await world.board(ada.user, members={bob.user: Role.MEMBER})


def task_of(column: Column, title: str = "once") -> dict[str, Any]:
    return {"column_id": str(column.id), "title": title}


def check_same(again: httpx.Response, first: httpx.Response) -> None:
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers == first.headers


# In this order, so that each finds what those before it have left.
SENT: list[tuple[str, str, Any, int]] = [
    ("POST", "/api/boards", {"title": "B", "is_public": False}, 201),
    ("POST", "/api/tasks", {"column_id": "{column}", "title": "A", "position": 0}, 201),
    ("POST", "/api/tasks/bulk", {"items": [{"column_id": "{column}", "title": "A"}]}, 201),
    ("PATCH", "/api/tasks/{task}", {"title": "B", "label_ids": ["{label}"]}, 200),
    ("PATCH", "/api/tasks/{task}", {"column_id": "{other}", "version": 2}, 200),
    ("POST", "/api/tasks/{task}/move", {"column_id": "{column}", "position": 0}, 200),
    ("PUT", "/api/columns/{column}", {"title": "C"}, 200),
    ("PATCH", "/api/tasks", {"ids": ["{task}"], "status": "DONE"}, 200),
    ("DELETE", "/api/tasks?id={task}", None, 204),
    ("POST", "/api/tasks/{task}/restore", None, 200),
    ("DELETE", "/api/tasks/{task}/labels/{label}", None, 204),
    ("DELETE", "/api/tasks/{task}?permanent=true", None, 204),
    ("DELETE", "/api/labels/{label}", None, 204),
    ("PATCH", "/api/columns/{other}", {"board_id": "{there}", "position": 0}, 200),
    ("DELETE", "/api/boards/{board}/users/{bob}", None, 204),
    ("POST", "/api/boards/{board}/users", {"username": "bob", "role": "MODERATOR"}, 201),
    ("PUT", "/api/boards/{board}/users/{bob}", {"role": "CREATOR"}, 200),
    ("DELETE", "/api/boards/{board}/users/me", None, 204),
    ("PATCH", "/api/users/me", {"username": "countess"}, 200),
]


async def test_moves_there_and_back_with_keys_all_end(
    world: World, ada: Client, board: Board, column: Column
) -> None:
    there = await world.column(await world.board(ada.user))
    path = f"/api/tasks/{(await world.task(column)).id}"

    async def move(number: int) -> int:
        body = {"column_id": str((column, there)[number % 2].id)}
        headers = {"Idempotency-Key": str(number)}
        return (await ada.patch(path, json=body, headers=headers)).status_code

    assert await asyncio.gather(*map(move, range(12))) == [200] * 12


async def test_the_answer_for_a_new_board_needs_that_board_alone(
    ada: Client, bob: Client, board: Board
) -> None:
    path = f"/api/boards/{board.id}/copy"
    made = await bob.post(path, json={}, headers=KEY)
    await BoardUser.filter(board=board, user=bob.user).delete()
    check_same(await bob.post(path, json={}, headers=KEY), made)
    await Board.filter(id=made.json()["id"]).delete()
    check_problem(await bob.post(path, json={}, headers=KEY), 404)


async def test_the_same_request_gets_the_first_answer(
    world: World, ada: Client, bob: Client, board: Board, column: Column, rows: Rows
) -> None:
    ids = {"board": board.id, "column": column.id, "bob": bob.id}
    ids["other"] = (await world.column(board, 1)).id
    ids["task"] = (await world.task(column)).id
    ids["there"] = (await world.board(ada.user)).id
    ids["label"] = (await Label.create(board=board, name="Urgent")).id

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: fill(each) for name, each in value.items()}
        if isinstance(value, list):
            return [fill(each) for each in value]
        return value.format(**ids) if isinstance(value, str) else value

    for number, (method, path, body, status) in enumerate(SENT):
        request = {"json": fill(body), "headers": {"Idempotency-Key": str(number)}}
        if body is None:
            del request["json"]
        first = await ada.request(method, fill(path), **request)
        assert first.status_code == status, (path, first.text)
        before = await rows()
        check_same(await ada.request(method, fill(path), **request), first)
        assert await rows() == before, path


async def test_an_invitation_is_accepted_once(ada: Client, bob: Client, board: Board) -> None:
    await BoardUser.filter(user_id=bob.id).delete()
    made = await ada.post(f"/api/boards/{board.id}/invitations", json={"max_uses": 1})
    path = f"/api/invitations/{made.json()['token']}/accept"
    first = await bob.post(path, headers=KEY)
    assert first.status_code == 201
    check_same(await bob.post(path, headers=KEY), first)
    await BoardUser.filter(user_id=bob.id).delete()
    check_problem(await bob.post(path, headers=KEY), 404)


async def test_of_many_at_once_one_is_done(ada: Client, bob: Client, column: Column) -> None:
    async def create(client: Client) -> httpx.Response:
        return await client.post("/api/tasks", json=task_of(column), headers=KEY)

    answers = await asyncio.gather(*(create(client) for client in [ada, bob] * 20))
    for mine in (answers[::2], answers[1::2]):
        done = [answer for answer in mine if answer.status_code != 409]
        assert done
        for answer in done:
            assert answer.status_code == 201
            check_same(answer, done[0])
    assert await Task.all().count() == 2  # each caller has keys of their own
    assert (await create(ada)).json() == answers[0].json() or answers[0].status_code == 409


async def test_another_with_the_key_is_refused_at_once_too(
    world: World, ada: Client, column: Column
) -> None:
    other = await world.column(await world.board(ada.user))
    answers = await asyncio.gather(
        *(ada.post("/api/tasks", json=task_of(each), headers=KEY) for each in (column, other))
    )
    assert {201} < {answer.status_code for answer in answers} <= {201, 409, 422}
    assert await Task.all().count() == 1


async def test_while_the_first_runs_it_is_in_progress(
    ada: Client, column: Column, instance: Instance
) -> None:
    path, body = "/api/tasks", task_of(column)
    elsewhere = await asyncpg.connect(instance.url)
    now = datetime.now(UTC)
    claim = (ada.user.id, KEY["Idempotency-Key"], "hash", now, now - LIFE)
    running = elsewhere.transaction()
    await running.start()
    assert await elsewhere.fetchval(CLAIM, *claim)
    problem = check_problem(await ada.post(path, json=body, headers=KEY), 409)
    assert problem["type"] == "/problems/in-progress"
    await running.rollback()  # as PostgreSQL does after a crash
    await elsewhere.close()
    assert (await ada.post(path, json=body, headers=KEY)).status_code == 201
    assert await Task.all().count() == 1


async def test_another_request_with_the_key_is_refused(ada: Client, column: Column) -> None:
    first = await ada.post("/api/tasks", json=task_of(column), headers=KEY)
    path = f"/api/tasks/{first.json()['id']}"
    for method, address, body, more in (
        ("POST", "/api/tasks", task_of(column, "twice"), {}),
        ("PATCH", path, {"title": "twice"}, {}),
        ("DELETE", path, None, {}),
        ("DELETE", f"{path}?permanent=true", None, {}),
        ("POST", "/api/tasks", task_of(column), {"If-Match": '"1"'}),
    ):
        answer = await ada.request(method, address, json=body, headers=KEY | more)
        problem = check_problem(answer, 422)
        assert problem["type"] == "/problems/key-reused"
        assert problem["errors"][0]["parameter"] == "Idempotency-Key"
    assert await Task.filter(title="once").count() == await Task.all().count() == 1


async def test_a_refusal_is_not_kept(world: World, ada: Client, bob: Client) -> None:
    board = await world.board(ada.user, is_public=True)
    task = await world.task(await world.column(board))
    path = f"/api/tasks/{task.id}"

    async def change(key: str, title: str = "B") -> httpx.Response:
        headers = {"Idempotency-Key": key, "If-Match": '"1"'}
        return await bob.patch(path, json={"title": title}, headers=headers)

    check_problem(await change("one"), 403)
    check_problem(await change("one", title=""), 422)
    await world.join(board, bob.user, Role.MEMBER)
    assert (await change("one")).status_code == 200
    check_problem(await change("two"), 412)
    await Task.filter(id=task.id).update(version=1)
    assert (await change("two")).status_code == 200


async def test_a_token_of_the_caller_has_the_same_keys(
    ada: Client, anonymous: Client, column: Column
) -> None:
    made = await ada.post("/api/auth/tokens", json={"name": "A", "scopes": ["read", "write"]})
    token = {"Authorization": f"Bearer {made.json()['token']}"}
    first = await ada.post("/api/tasks", json=task_of(column), headers=KEY)
    check_same(await anonymous.post("/api/tasks", json=task_of(column), headers=KEY | token), first)
    await ApiToken.all().delete()
    again = await anonymous.post("/api/tasks", json=task_of(column), headers=KEY | token)
    check_problem(again, 401)


async def test_nobody_gets_what_they_may_not_see_now(
    bob: Client, admin: Client, column: Column
) -> None:
    async def create() -> httpx.Response:
        return await bob.post("/api/tasks", json=task_of(column), headers=KEY)

    assert (await create()).status_code == 201
    await BoardUser.filter(user_id=bob.id).delete()
    check_problem(await create(), 404)
    await Board.filter(id=column.board_id).update(is_public=True)
    assert (await create()).status_code == 201

    async def show() -> httpx.Response:
        return await admin.post(f"/api/users/{bob.id}/enable", headers=KEY)

    assert "bob@example.com" in (await show()).text
    await User.filter(id=admin.id).update(is_admin=False)
    assert check_problem(await show(), 422)["type"] == "/problems/key-reused"


async def test_a_secret_is_not_kept(ada: Client, board: Board, rows: Rows) -> None:
    path = f"/api/boards/{board.id}/invitations"
    first = await ada.post(path, json={}, headers=KEY)
    again = await ada.post(path, json={}, headers=KEY)
    assert check_problem(again, 409)["type"] == "/problems/already-done"
    assert again.headers["location"] == first.headers["location"]
    assert len((await ada.get(path)).json()) == 1
    assert first.json()["token"] not in str(await rows())


async def test_a_long_answer_is_not_kept(
    ada: Client, column: Column, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.idempotency.MAX_BODY", 100)
    for status in (201, 409):
        answer = await ada.post("/api/tasks", json=task_of(column), headers=KEY)
        assert answer.status_code == status
    assert answer.headers["location"] == f"/api/tasks/{(await Task.get()).id}"


async def test_after_a_day_the_key_is_new(ada: Client, column: Column) -> None:
    async def create() -> str:
        answer = await ada.post("/api/tasks", json=task_of(column), headers=KEY)
        assert answer.status_code == 201
        return str(answer.json()["id"])

    first = await create()
    await IdempotencyKey.all().update(created_at=datetime.now(UTC) - LIFE)
    second = await create()
    assert first != second == await create()
    await purge_keys()
    assert await IdempotencyKey.all().count() == 1
    await IdempotencyKey.all().update(created_at=datetime.now(UTC) - LIFE - timedelta(seconds=1))
    await purge_keys()
    assert await IdempotencyKey.all().count() == 0


async def test_a_deleted_account_has_no_keys(ada: Client, column: Column) -> None:
    assert (await ada.post("/api/tasks", json=task_of(column), headers=KEY)).status_code == 201
    body = {"current_password": "a harbour at dusk"}
    path, key = f"/api/users/{ada.id}?boards=delete", {"Idempotency-Key": "another"}
    assert (await ada.request("DELETE", path, json=body, headers=key)).status_code == 204
    assert await IdempotencyKey.all().count() == 0
    check_problem(await ada.request("DELETE", path, json=body, headers=key), 401)


async def test_signing_in_ignores_keys(ada: Client) -> None:
    for _ in range(2):
        body = {"name": "A", "scopes": ["read"]}
        answer = await ada.post("/api/auth/tokens", json=body, headers=KEY)
        assert answer.status_code == 201
    assert await ApiToken.all().count() == 2
    assert await IdempotencyKey.all().count() == 0


@pytest.mark.parametrize("values", [[""], ["k" * 256], ["a b"], ["ключ".encode()], ["a", "a"]])
async def test_a_key_is_short_and_visible(ada: Client, column: Column, values: list[Any]) -> None:
    headers = [("Idempotency-Key", value) for value in values]
    problem = check_problem(
        await ada.post("/api/tasks", json=task_of(column), headers=headers), 422
    )
    assert problem["errors"][0]["parameter"] == "Idempotency-Key"
    assert await Task.all().count() == 0
