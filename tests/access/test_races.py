"""What must hold whoever does what at the same moment."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from api.settings import settings
from models.enums import Role
from models.tables import Board, BoardUser, User
from tests.conftest import Client, World
from tests.helpers.database import waits_for_a_lock


async def statuses(*requests: Any) -> list[int]:
    return [response.status_code for response in await asyncio.gather(*requests)]


@pytest.mark.parametrize("round_", range(5))
async def test_admins_who_demote_each_other_leave_one(world: World, round_: int) -> None:
    admins = [await world.person(f"admin{n}", is_admin=True) for n in range(4)]
    demote = {"is_admin": False}
    found = await statuses(
        *(
            other.put(
                f"/api/users/{admin.id}",
                json={"username": f"admin{n}", "email": f"admin{n}@example.com", **demote},
            )
            for n, admin in enumerate(admins)
            for other in admins
        )
    )
    assert set(found) <= {200, 403, 409}
    assert await User.filter(is_admin=True).count() == 1


@pytest.mark.parametrize("round_", range(5))
async def test_a_board_keeps_exactly_one_creator(
    ada: Client, bob: Client, admin: Client, world: World, round_: int
) -> None:
    carol = await world.person("carol")
    board = await world.board(ada.user, members={bob.user: Role.MODERATOR, carol.user: Role.MEMBER})
    path = f"/api/boards/{board.id}/users"
    found = await statuses(
        ada.put(f"{path}/{bob.id}", json={"role": "CREATOR"}),
        bob.delete_account(),
        admin.put(f"{path}/{bob.id}", json={"role": "CREATOR"}),
        carol.delete(f"{path}/{carol.id}"),
        admin.delete(f"/api/users/{ada.id}?boards=hand_over"),
        bob.delete(f"{path}/{bob.id}"),
        admin.post(path, json={"user_id": admin.id}),
        admin.delete(f"/api/users/{carol.id}"),
    )
    assert set(found) <= {200, 201, 204, 401, 403, 404, 409}
    if await Board.exists(id=board.id):
        assert await BoardUser.filter(board_id=board.id, role=Role.CREATOR).count() == 1
    else:
        assert await BoardUser.filter(board_id=board.id).count() == 0


async def test_who_is_deleted_while_creating_a_board_is_signed_out(
    ada: Client, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("DELETE FROM users WHERE id = $1", ada.user.id)
        creating = asyncio.create_task(ada.post("/api/boards", json={"title": "x"}))
        await waits_for_a_lock(connection)
    await connection.close()
    assert (await creating).status_code == 401
    assert await Board.all().count() == 0


async def test_an_account_being_deleted_creates_no_board(
    ada: Client, bob: Client, world: World, database_url: str
) -> None:
    board = await world.board(bob.user, members={ada.user: Role.MEMBER})
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards FOR UPDATE")
        deleting = asyncio.create_task(ada.delete_account())
        await waits_for_a_lock(connection)
        creating = asyncio.create_task(ada.post("/api/boards", json={"title": "x"}))
        await waits_for_a_lock(connection, sessions=2)
    await connection.close()
    assert await statuses(deleting, creating) == [204, 401]
    assert [row.id for row in await Board.all()] == [board.id]


async def test_who_is_deleted_while_being_added_does_not_exist(
    ada: Client, bob: Client, world: World, database_url: str
) -> None:
    board = await world.board(ada.user)
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("DELETE FROM users WHERE id = $1", bob.user.id)
        adding = asyncio.create_task(
            ada.post(f"/api/boards/{board.id}/users", json={"user_id": bob.id})
        )
        await waits_for_a_lock(connection)
    await connection.close()
    assert (await adding).status_code == 422


@pytest.mark.parametrize(("is_public", "status"), [(True, 403), (False, 404)])
async def test_an_admin_demoted_while_waiting_may_no_longer(
    is_public: bool, status: int, admin: Client, bob: Client, world: World, database_url: str
) -> None:
    board = await world.board(bob.user)
    await Board.filter(id=board.id).update(is_public=is_public)
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards WHERE id = $1 FOR UPDATE", board.id)
        deleting = asyncio.create_task(admin.delete(f"/api/boards/{board.id}"))
        await waits_for_a_lock(connection)
        await connection.execute("UPDATE users SET is_admin = false")
    await connection.close()
    assert (await deleting).status_code == status
    assert await Board.exists(id=board.id)


async def test_an_admin_deleted_while_waiting_is_signed_out(
    admin: Client, bob: Client, world: World, database_url: str
) -> None:
    board = await world.board(bob.user)
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards WHERE id = $1 FOR UPDATE", board.id)
        deleting = asyncio.create_task(admin.delete(f"/api/boards/{board.id}"))
        await waits_for_a_lock(connection)
        await connection.execute("DELETE FROM users WHERE id = $1", admin.user.id)
    await connection.close()
    assert (await deleting).status_code == 401
    assert await Board.exists(id=board.id)


async def test_an_account_is_judged_as_it_is_after_waiting(ada: Client, database_url: str) -> None:
    body = {"username": "ada", "email": "ada@example.com", "is_admin": False}
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("UPDATE users SET is_admin = true")
        changing = asyncio.create_task(ada.put(f"/api/users/{ada.id}", json=body))
        await waits_for_a_lock(connection)
    await connection.close()
    assert (await changing).status_code == 403
    assert (await User.get(id=ada.user.id)).is_admin


@pytest.mark.parametrize("table", ["users", "boards"])
async def test_rows_change_while_another_that_refers_to_them_is_added(
    ada: Client, world: World, database_url: str, table: str
) -> None:
    task = await world.task(await world.column(await world.board(ada.user)))
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute(f"SELECT FROM {table} FOR KEY SHARE")  # as foreign keys do
        found = await statuses(
            ada.put(f"/api/users/{ada.id}", json={"username": "ada", "email": "ada@example.com"}),
            ada.put(f"/api/tasks/{task.id}", json={"column_id": str(task.column_id), "title": "x"}),
        )
    await connection.close()
    assert found == [200, 200]


async def test_who_waits_for_a_board_holds_up_no_other_board(
    ada: Client, world: World, database_url: str
) -> None:
    busy, free = await world.board(ada.user), await world.board(ada.user)
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards WHERE id = $1 FOR UPDATE", busy.id)
        waiting = asyncio.create_task(ada.delete(f"/api/boards/{busy.id}"))
        await waits_for_a_lock(connection)
        assert (await ada.delete(f"/api/boards/{free.id}")).status_code == 204
        assert not waiting.done()
    await connection.close()
    assert (await waiting).status_code == 204


async def test_the_boards_of_a_move_are_locked_in_order_of_ids(
    ada: Client, world: World, database_url: str
) -> None:
    """Whoever locks several takes that order, and so never waits in a circle."""
    later = await world.board(ada.user)
    earlier = await Board.create(id=UUID(int=later.id.int - 1), title="x")
    await world.join(earlier, ada.user, Role.CREATOR)
    task = await world.task(await world.column(later))
    body = {"column_id": str((await world.column(earlier)).id), "title": "x"}
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards WHERE id = $1 FOR UPDATE", earlier.id)
        moving = asyncio.create_task(ada.put(f"/api/tasks/{task.id}", json=body))
        await waits_for_a_lock(connection)
        await connection.execute("SELECT FROM boards WHERE id = $1 FOR UPDATE NOWAIT", later.id)
    await connection.close()
    assert (await moving).status_code == 200


async def test_who_waits_for_an_account_holds_up_no_other_account(
    ada: Client, bob: Client, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM users WHERE id = $1 FOR UPDATE", ada.user.id)
        waiting = asyncio.create_task(ada.delete_account())
        await waits_for_a_lock(connection)
        assert (await bob.delete_account()).status_code == 204
        assert not waiting.done()
    await connection.close()
    assert (await waiting).status_code == 204


async def test_a_task_moved_meanwhile_is_judged_on_its_new_board(
    ada: Client, bob: Client, world: World, database_url: str
) -> None:
    task = await world.task(await world.column(await world.board(ada.user)))
    elsewhere = await world.column(await world.board(bob.user, is_public=True))
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards FOR UPDATE")
        deleting = asyncio.create_task(ada.delete(f"/api/tasks/{task.id}"))
        await waits_for_a_lock(connection)
        await connection.execute(
            "UPDATE tasks SET column_id = $1 WHERE id = $2", elsewhere.id, task.id
        )
    await connection.close()
    assert (await deleting).status_code == 403


async def test_waiting_for_a_busy_board_takes_no_connections(
    ada: Client, bob: Client, world: World, database_url: str
) -> None:
    board = await world.board(ada.user)
    columns = [await world.column(board, n) for n in range(settings().database_pool * 3)]
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards FOR UPDATE")
        writing = [
            asyncio.create_task(ada.put(f"/api/columns/{column.id}", json={"title": "x"}))
            for column in columns
        ]
        await waits_for_a_lock(connection)
        await asyncio.wait(writing, timeout=0.3)  # until all of them wait
        async with asyncio.timeout(30):
            assert (await bob.get("/api/boards")).status_code == 200
        assert not any(request.done() for request in writing)
    await connection.close()
    assert set(await statuses(*writing)) == {200}


async def test_who_writes_while_being_deleted_meets_no_deadlock(ada: Client, world: World) -> None:
    board = await world.board(ada.user)
    task = str((await world.task(await world.column(board))).id)
    for round_ in range(8):
        person = await world.person(f"person-{round_}")
        await world.join(board, person.user)
        body = {"task_id": task, "content": "Well"}
        writing = [person.post("/api/comments", json=body) for _ in range(3)]
        found = await statuses(*writing, person.delete_account())
        assert found[-1] == 204
        assert set(found[:-1]) <= {201, 401, 403, 404, 409}
