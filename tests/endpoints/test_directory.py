"""Whom a user sees where USER_DIRECTORY is `shared`: as a list, one by one, and by name."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import cache

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.settings import settings
from models.enums import Role
from models.tables import Board, BoardUser
from tests.conftest import PASSWORD, Client, Instance, World, running
from tests.helpers.answers import check_problem

UNKNOWN = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"


@cache
def the_application() -> FastAPI:
    """Create an application of its own: the fast path keeps the statements of its settings."""
    return create_app()


@pytest.fixture
async def instance(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Instance]:
    """Yield an application with that setting."""
    monkeypatch.setenv("USER_DIRECTORY", "shared")
    monkeypatch.setattr("api.app.JOBS", ())
    settings.cache_clear()
    application = the_application()
    async with running(application, database_url, monkeypatch):
        yield Instance(application, database_url)
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
async def people(world: World) -> dict[str, Client]:
    """ada and bob share boards, carol is on bob's public one, dave has left, eve is on none."""
    names = ("ada", "bob", "carol", "dave", "eve")
    found = {name: await world.person(name) for name in names}
    found["root"] = await world.person("root", is_admin=True)
    user = {name: client.user for name, client in found.items()}
    await world.board(user["ada"], members={user["bob"]: Role.MEMBER})
    await world.board(user["bob"], is_public=True, members={user["carol"]: Role.MEMBER})
    left = await world.board(user["dave"], members={user["ada"]: Role.MODERATOR})
    await BoardUser.filter(board_id=left.id, user_id=user["ada"].id).delete()
    old = await world.board(user["eve"], members={user["ada"]: Role.MODERATOR})
    await Board.filter(id=old.id).update(deleted_at=datetime.now(UTC))
    return found


SEEN = {
    "ada": {"ada", "bob"},
    "bob": {"ada", "bob", "carol"},
    "carol": {"bob", "carol"},
    "dave": {"dave"},
    "eve": {"eve"},
    "root": {"ada", "bob", "carol", "dave", "eve", "root"},
}


async def test_lists_show_those_one_shares_a_board_with(people: dict[str, Client]) -> None:
    for name, client in people.items():
        # The fast path answers the first one, the endpoint the others.
        for path in ("/api/users", "/api/users?sort=id", "/api/users?sort=-registered_at"):
            found = (await client.get(path)).json()
            assert {user["username"] for user in found} == SEEN[name], path
        for other in people:
            found = (await client.get(f"/api/users?q={other}")).json()
            assert [user["username"] for user in found] == [other] * (other in SEEN[name])


async def test_pages_hold_those_one_shares_a_board_with(people: dict[str, Client]) -> None:
    found: list[str] = []
    path: str | None = "/api/users?limit=1"
    while path:
        response = await people["bob"].get(path)
        found += [user["username"] for user in response.json()]
        path = response.links.get("next", {}).get("url")
    assert found == ["ada", "bob", "carol"]


async def test_whoever_is_not_listed_is_not_found(people: dict[str, Client]) -> None:
    for name, client in people.items():
        for other, someone in people.items():
            status = 200 if other in SEEN[name] else 404
            own = f"/api/users/{someone.id}"
            for path in (own, f"{own}?", f"{own}/boards"):
                response = await client.get(path)
                if path.endswith("?"):
                    assert response.status_code == status
                elif status == 404:
                    real = check_problem(response, 404)
                    none = check_problem(await client.get(path.replace(someone.id, UNKNOWN)), 404)
                    assert real["detail"] == none["detail"]
                else:
                    assert response.status_code == 200
            if status == 404:
                for method, more, body in (
                    ("PUT", "", {"username": "x-x", "email": "x@example.com"}),
                    ("PATCH", "", {"avatar_url": None}),
                    ("DELETE", "", None),
                    ("POST", "/disable", None),
                    ("POST", "/enable", None),
                    ("PUT", "/password", {"new_password": "a lighthouse at dawn"}),
                ):
                    refused = await client.request(method, own + more, json=body)
                    check_problem(refused, 404)


async def test_a_board_in_the_trash_makes_nobody_known(people: dict[str, Client]) -> None:
    ada, bob = people["ada"], people["bob"]
    await Board.all().update(deleted_at=datetime.now(UTC))
    check_problem(await ada.get(f"/api/users/{bob.id}"), 404)
    await Board.all().update(deleted_at=None)
    assert (await ada.get(f"/api/users/{bob.id}")).status_code == 200


async def test_a_whole_name_or_address_finds_anyone(people: dict[str, Client]) -> None:
    ada = people["ada"]
    for query in ("username=EVE", "email=Eve@Example.com", "username=eve&email=eve@example.com"):
        [found] = (await ada.get(f"/api/users?{query}")).json()
        assert (found["id"], found["email"]) == (people["eve"].id, None)
    for query in ("username=ev", "username=eve%25", "email=eve@example", "username=eve&email=x@y.z",
                  "username=eve&q=bob"):  # fmt: skip
        response = await ada.get(f"/api/users?{query}")
        assert (response.status_code, response.json()) == (200, []), query
    for query in ("username=", f"username={'x' * 151}", f"email={'x' * 256}", "username=a%00b",
                  "username=eve&username=ada"):  # fmt: skip
        check_problem(await ada.get(f"/api/users?{query}"), 422)


async def test_a_stranger_is_added_by_name_but_not_by_id(people: dict[str, Client]) -> None:
    ada = people["ada"]
    board = await Board.filter(memberships__user_id=ada.user.id, deleted_at=None).first()
    assert board
    path = f"/api/boards/{board.id}/users"
    for user in (people["eve"].id, UNKNOWN):
        [error] = check_problem(await ada.post(path, json={"user_id": user}), 422)["errors"]
        assert error["code"] == "no_such_user"
    assert (await ada.post(path, json={"username": "Eve"})).status_code == 201
    assert (await ada.post(path, json={"email": "dave@example.com"})).status_code == 201
    # Now they share a board.
    assert (await ada.get(f"/api/users/{people['eve'].id}")).status_code == 200
    assert (await people["eve"].get(f"/api/users/{ada.id}")).status_code == 200


async def test_the_members_of_a_public_board_are_its_data(people: dict[str, Client]) -> None:
    board = await Board.get(is_public=True)
    eve, carol = people["eve"], people["carol"]
    members = (await eve.get(f"/api/boards/{board.id}/users")).json()
    assert [member["username"] for member in members] == ["bob", "carol"]
    role = f"/api/roles?user_id={carol.id}&board_id={board.id}"
    assert (await eve.get(role)).json()["role"] == "MEMBER"
    check_problem(await eve.get(f"/api/users/{carol.id}"), 404)
    own = f"/api/roles?user_id={people['ada'].id}&board_id={board.id}"
    check_problem(await eve.get(own), 404)


async def test_looking_for_people_is_limited_but_for_admins(
    people: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "3/day")
    settings.cache_clear()
    board = await Board.filter(memberships__user_id=people["ada"].user.id, deleted_at=None).first()
    assert board
    ada, bob, root = people["ada"], people["bob"], people["root"]
    assert (await ada.get("/api/users?username=x-y-z")).status_code == 200
    assert (await ada.get("/api/users?email=x@example.com")).status_code == 200
    own = await ada.patch(f"/api/users/{ada.id}", json={"username": "eve"})
    assert own.status_code == 409  # which tells that there is such a name
    members = f"/api/boards/{board.id}/users"
    for method, path, body in (
        ("GET", "/api/users?username=eve", None),
        ("GET", "/api/users?email=x@example.com", None),
        ("POST", members, {"username": "eve"}),
        ("POST", members, {"email": "eve@example.com"}),
        ("PATCH", f"/api/users/{ada.id}", {"username": "x-y-z"}),
        ("PATCH", f"/api/users/{ada.id}", {"email": "x@example.com", "current_password": PASSWORD}),
    ):
        check_problem(await ada.request(method, path, json=body), 429)
    # What asks after nobody else goes on, as does everybody else.
    assert (await ada.get("/api/users?q=bob")).status_code == 200
    assert (await ada.patch(f"/api/users/{ada.id}", json={"username": "ADA"})).status_code == 200
    assert (await bob.get("/api/users?username=eve")).status_code == 200
    for _ in range(5):
        assert (await root.get("/api/users?email=eve@example.com")).status_code == 200


async def test_an_admins_token_without_its_scope_sees_no_more(people: dict[str, Client]) -> None:
    root = people["root"]
    for scopes, number in ((["read"], 1), (["read", "admin"], 6)):
        body = {"name": "Script", "scopes": scopes}
        token = (await root.post("/api/auth/tokens", json=body)).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert len((await root.get("/api/users", headers=headers)).json()) == number
