"""The table and the router: what is missing or wrong is an error before anything is served."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.dependencies.models import Dependant

from api.access.gate import Access
from api.access.rights import ADMIN, MEMBER, MODERATOR, READER, SELF, SIGNED_IN, Right
from api.access.scope import Scope
from api.app import check_rights, create_app
from api.endpoints.endpoint import Endpoint
from api.http.route import Route, declared_right
from api.resources.resource import Resource
from models import schemas
from models.enums import Role
from models.tables import Board, Task, User
from tests.conftest import Client, World
from tests.helpers.openapi import resolved

ROW: dict[str, Any] = {
    "board": "column.board", "list": READER, "read": READER, "create": MEMBER, "update": MEMBER,
    "delete": MEMBER,
}  # fmt: skip


def test_a_whole_row_is_accepted() -> None:
    assert Resource(Task, "tasks", schemas.task, **ROW).name == "task"


@pytest.mark.parametrize("verb", ["list", "read", "create", "update", "delete", "board"])
def test_a_row_without_a_verb_is_an_error(verb: str) -> None:
    row = {name: value for name, value in ROW.items() if name != verb}
    with pytest.raises(TypeError, match=verb):
        Resource(Task, "tasks", schemas.task, **row)


@pytest.mark.parametrize("verb", ["create", "update", "delete"])
@pytest.mark.parametrize("right", [None, True, "MEMBER"])
def test_what_is_no_right_is_an_error(verb: str, right: object) -> None:
    with pytest.raises(TypeError, match=verb):
        Resource(Task, "tasks", schemas.task, **{**ROW, verb: right})


def test_a_list_wider_than_what_can_be_read_is_an_error() -> None:
    with pytest.raises(TypeError, match="list"):
        Resource(Task, "tasks", schemas.task, **{**ROW, "read": MODERATOR})


def test_a_right_on_a_board_without_a_way_to_it_is_an_error() -> None:
    with pytest.raises(TypeError, match="way to a board"):
        Resource(User, "users", schemas.user, **{**ROW, "board": None})
    with pytest.raises(TypeError, match="way to a board"):
        Resource(Task, "tasks", schemas.task, **{**ROW, "list": SIGNED_IN, "read": SIGNED_IN})


@pytest.mark.parametrize("right", [SELF, ADMIN])
def test_a_right_to_read_that_nothing_would_ask_for_is_an_error(right: Right) -> None:
    with pytest.raises(TypeError, match="way to a board"):
        Resource(
            User, "users", schemas.user, **{**ROW, "board": None, "list": right, "read": right}
        )


async def test_a_right_to_read_above_viewer_hides_rows(
    ada: Client, bob: Client, world: World
) -> None:
    board = await world.board(ada.user, is_public=True, members={bob.user: Role.MEMBER})
    scope = Scope(Board, board="self", read=MODERATOR)
    assert await scope.visible_to(ada.user) == [board]
    assert await scope.visible_to(bob.user) == []


def test_a_route_by_hand_without_a_right_is_an_error() -> None:
    router = APIRouter(route_class=Route)
    with pytest.raises(TypeError, match="0 rights"):

        @router.get("/open")
        async def read_open() -> None: ...


@pytest.mark.parametrize("right", [None, True, "MEMBER", len])
def test_a_row_of_the_routes_without_a_right_is_an_error(right: Any) -> None:
    async def read_open() -> None: ...

    with pytest.raises(TypeError, match="GET /api/open declares no right"):
        Endpoint("GET", "/api/open", right, read_open, 200, "open", "Read it")


def test_a_route_with_two_rights_is_an_error() -> None:
    router = APIRouter(route_class=Route)
    with pytest.raises(TypeError, match="2 rights"):

        @router.get("/two", dependencies=[Depends(ADMIN)])
        async def read_two(access: Annotated[Access, Depends(READER)]) -> None: ...


@pytest.mark.parametrize("included", [False, True])
def test_an_app_with_a_route_without_a_right_does_not_start(
    included: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.app.RESOURCES", [])  # which take long
    app = create_app()
    check_rights(app)

    async def read_open() -> None: ...

    if included:
        router = APIRouter(prefix="/api")
        router.add_api_route("/open", read_open)
        app.include_router(router)
        with pytest.raises(TypeError, match="/api/open"):
            check_rights(app)
    else:
        with pytest.raises(TypeError, match="read_open"):
            app.add_api_route("/api/open", read_open)


def test_the_check_sees_every_route(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that looks at no route would pass, too: count what it looks at."""
    seen: list[object] = []

    def note(dependant: Dependant) -> Right:
        seen.append(dependant)
        return declared_right(dependant)

    monkeypatch.setattr("api.app.declared_right", note)
    app: FastAPI = create_app()
    assert len(seen) == 132
    assert sum(len(item) for item in resolved(app.openapi())["paths"].values()) == 132


def test_the_table_fits_one_screen() -> None:
    lines = Path("crud_config.py").read_text().splitlines()
    assert len(lines) <= 55
    assert max(map(len, lines)) <= 100
