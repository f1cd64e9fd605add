import pytest

from models.enums import Role
from models.tables import Board, BoardUser, Column, Subtask, Task
from tests.conftest import Client, World


async def test_creating_a_board_makes_you_its_creator(ada: Client) -> None:
    response = await ada.post("/api/boards", json={"title": "Launch"})
    board = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/api/boards/{board['id']}"
    assert board | {
        "title": "Launch", "description": None, "is_public": True, "color": None,
        "viewers_can_comment": False,
    } == board  # fmt: skip
    role = await ada.get(f"/api/roles?user_id={ada.id}&board_id={board['id']}")
    assert role.json() == {"user_id": ada.id, "board_id": board["id"], "role": "CREATOR"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": " \u2003\n"},
        {"title": "\u0085\ufeff"},
        {"title": "x" * 256},
        {"title": None},
        {"title": 5},
        {"title": "nul \x00"},
        {"title": "x", "description": "x" * 10_001},
        {"title": "x", "is_public": "true"},
        {"title": "x", "is_public": 1},
        {"title": "x", "is_public": None},
        {"title": "x", "viewers_can_comment": None},
        {"title": "x", "color": "red"},
        {"title": "x", "color": "#12345g"},
        {"title": "x", "color": "#1234567"},
        {"title": "x", "created_at": "2026-05-01T12:00:00Z"},
        {"title": "x", "id": "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"},
    ],
    ids=str,
)
async def test_a_board_of_the_wrong_shape_is_refused(ada: Client, body: dict) -> None:
    response = await ada.post("/api/boards", json=body)
    assert response.status_code == 422
    assert await Board.all().count() == 0


async def test_putting_replaces_but_does_not_publish(ada: Client) -> None:
    whole = {
        "title": "A", "description": "B", "is_public": False, "viewers_can_comment": True,
        "color": "#00ff00",
    }  # fmt: skip
    board = (await ada.post("/api/boards", json=whole)).json()
    assert board | whole == board
    response = await ada.put(f"/api/boards/{board['id']}", json={"title": "C"})
    assert response.status_code == 200
    replaced = response.json()
    assert replaced | {
        "title": "C", "description": None, "is_public": False, "color": None,
        "viewers_can_comment": True, "created_at": board["created_at"],
    } == replaced  # fmt: skip
    assert replaced["updated_at"] > board["updated_at"]


async def test_a_member_does_not_change_the_board(ada: Client, bob: Client, world: World) -> None:
    board = await world.board(ada.user, members={bob.user: Role.MEMBER})
    response = await bob.put(f"/api/boards/{board.id}", json={"title": "Mine"})
    assert response.status_code == 403
    assert (await Board.get(id=board.id)).title == "Website launch"


async def test_deleting_a_board_deletes_all_under_it(ada: Client, world: World) -> None:
    board = await world.board(ada.user)
    await world.subtask(await world.task(await world.column(board)))
    assert (await ada.delete(f"/api/boards/{board.id}?permanent=true")).status_code == 204
    for table in (Board, BoardUser, Column, Task, Subtask):
        assert await table.all().count() == 0


async def test_a_moderator_does_not_delete_the_board(
    ada: Client, bob: Client, world: World
) -> None:
    board = await world.board(ada.user, members={bob.user: Role.MODERATOR})
    assert (await bob.delete(f"/api/boards/{board.id}")).status_code == 403
    assert await Board.exists(id=board.id)


async def test_an_invisible_board_answers_as_one_that_never_existed(
    bob: Client, ada: Client, world: World
) -> None:
    board = await world.board(ada.user)
    real = await bob.get(f"/api/boards/{board.id}")
    random = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"
    never = await bob.get(f"/api/boards/{random}")
    assert real.status_code == never.status_code == 404
    assert real.text.replace(str(board.id), random) == never.text
    assert real.headers == never.headers
