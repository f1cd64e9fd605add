"""The fast path answers only where it does all that the endpoint would do."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from functools import wraps
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import PlainTextResponse

from api import app as application
from api.access.gate import Access
from api.access.rights import ADMIN, CREATOR, READER, SELF, SIGNED_IN, Right
from api.access.scope import Scope
from api.auth.rate_limits import Limit
from api.endpoints.endpoint import Endpoint
from api.endpoints.nested_lists import NESTED_LISTS
from api.http.route import CurrentAccess
from api.problems import Forbidden
from api.resources.hooks import Hooks, Tasks
from api.resources.resource import Resource
from api.resources.router import ResourceRouter
from crud_config import RESOURCES
from models.enums import Role
from models.tables import Board, Label, User
from routes import ROUTES
from tests.conftest import Client, World, running
from tests.helpers.fast_path import by_endpoint, fast_path_of

Changed = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture
async def changed(
    database_url: str, monkeypatch: pytest.MonkeyPatch, hashed_password: str
) -> Changed:
    """Return a function that runs an application of which something was changed first.

    It has only a few routes, since an application is made for each test.
    """

    @asynccontextmanager
    async def run(**changes: Any) -> AsyncIterator[World]:
        for name, value in (
            {"RESOURCES": registry("boards"), "ROUTES": NESTED_LISTS} | changes
        ).items():
            monkeypatch.setattr(application, name, value)
        app = application.create_app()
        async with running(app, database_url, monkeypatch):
            yield World(app, hashed_password)

    return run


def registry(path: str, **changes: Any) -> list[Resource]:
    """Return a table of one record, with changes."""
    return [replace(RESOURCES.at(path), **changes)]


async def team(world: World) -> tuple[Client, Board]:
    """Return a MEMBER of somebody's board, and the board."""
    ada, bob = await world.person("ada"), await world.person("bob")
    return bob, await world.board(ada.user, members={bob.user: Role.MEMBER})


class RefusesPreparing(Hooks):
    async def before_transaction(
        self, values: dict[str, Any], caller: User | None = None, host: str = ""
    ) -> dict[str, Any]:
        raise Forbidden()


class RefusesAdding(Hooks):
    async def add(self, scope: Scope, values: dict[str, Any], caller: User | None) -> Any:
        raise Forbidden()


class RefusesChanging(Hooks):
    async def change(self, scope: Scope, row: Any, values: dict[str, Any]) -> None:
        raise Forbidden()


@pytest.mark.parametrize(
    ("change", "method", "status"),
    [
        ({}, "POST", 201),
        ({}, "PATCH", 200),
        ({"hooks": RefusesPreparing()}, "POST", 403),
        ({"hooks": RefusesPreparing()}, "PATCH", 403),
        ({"hooks": RefusesAdding()}, "POST", 403),
        ({"hooks": RefusesChanging()}, "PATCH", 403),
        ({"admin_only": ("color",)}, "PATCH", 403),
        ({"create": CREATOR}, "POST", 403),
        ({"update": CREATOR}, "PATCH", 403),
    ],
)
async def test_what_a_record_refuses_is_refused(
    change: dict[str, Any], method: str, status: int, changed: Changed
) -> None:
    async with changed(RESOURCES=registry("labels", **change)) as world:
        bob, board = await team(world)
        body = {"name": "Urgent", "color": "#112233"}
        row = await Label.create(board=board, name="Old")
        path = "/api/labels" if method == "POST" else f"/api/labels/{row.id}"
        body |= {"board_id": str(board.id)} if method == "POST" else {}
        assert (await bob.request(method, path, json=body)).status_code == status
        await row.refresh_from_db()
        assert await Label.all().count() == (2 if status == 201 else 1)
        assert row.name == ("Urgent" if status == 200 else "Old")


async def test_what_a_record_adds_to_an_answer_is_in_it(changed: Changed) -> None:
    class Shouting(Hooks):
        def computed_sql(self, scope: Scope, access: Access, row: str) -> dict[str, str]:
            return {"name": f"upper({row}.name)"}

    async with changed(RESOURCES=registry("labels", hooks=Shouting())) as world:
        bob, board = await team(world)
        row = await Label.create(board=board, name="Old")
        for path in ("/api/labels", f"/api/labels/{row.id}"):
            assert "OLD" in (await bob.get(path)).text
        patched = await bob.patch(f"/api/labels/{row.id}", json={"name": "New"})
        assert patched.json()["name"] == "NEW"


async def test_a_record_that_limits_its_list_is_asked(changed: Changed) -> None:
    class Secretive(Hooks):
        async def searches_everyone(self, access: Access, exact: Any) -> bool:
            raise Forbidden()

    async with changed(RESOURCES=registry("labels", hooks=Secretive())) as world:
        bob, board = await team(world)
        assert (await bob.get("/api/labels")).status_code == 403
        # It isn't asked for what is no such list.
        label = await Label.create(board=board, name="Old")
        for path in (f"/api/boards/{board.id}/labels", f"/api/labels/{label.id}"):
            assert (await by_endpoint(world, bob, path)).status_code == 200


@pytest.mark.parametrize("hook", ["add", "change"])
def test_what_has_an_order_is_not_written_in_python(hook: str) -> None:
    """It would get no rank."""

    class More(Tasks):
        async def add(self, scope: Scope, values: dict[str, Any], caller: User | None) -> Any:
            return await super().add(scope, values, caller)

    tasks = replace(RESOURCES.at("tasks"), hooks=More())
    with pytest.raises(TypeError, match="order"):
        ResourceRouter(tasks)


def test_a_new_row_gets_all_its_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = RESOURCES.at("tasks")
    monkeypatch.setattr(tasks.model._meta, "db_fields", {*tasks.model._meta.db_fields, "score"})
    with pytest.raises(TypeError, match="score"):
        ResourceRouter(tasks)


def by_hand(path: str, right: Right = SIGNED_IN) -> Endpoint:
    """Return the row of a route written by hand, which doesn't ask for its right."""

    async def answer(access: CurrentAccess) -> dict[str, str]:
        return {"by": "hand"}

    shown = dict[str, str]
    return Endpoint("GET", path, right, answer, 200, "by hand", "Answer by hand", shown)


@pytest.mark.parametrize(
    "path", ["/api/subtasks/{subtask_id}", "/api/{kind}/{row_id}", "/api/{rest:path}"]
)
async def test_the_first_route_that_matches_answers(path: str, changed: Changed) -> None:
    async with changed(ROUTES=[by_hand(path)], RESOURCES=registry("subtasks")) as world:
        bob, board = await team(world)
        row = await world.subtask(await world.task(await world.column(board)))
        answer = await bob.get(f"/api/subtasks/{row.id}")
        assert (answer.status_code, answer.json()) == (200, {"by": "hand"})


@pytest.mark.parametrize("right", [READER, CREATOR, SELF, ADMIN], ids=lambda right: right.name)
async def test_who_never_asks_for_the_right_answers_nobody(right: Right, changed: Changed) -> None:
    async with changed(ROUTES=[by_hand("/api/secrets", right)]) as world:
        bob, _ = await team(world)
        answer = await bob.get("/api/secrets")
        assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal-error")
        assert "hand" not in answer.text


@pytest.mark.parametrize(
    "change",
    [{"limit": "login"}, {"answer": None}, {"status": 203}],
    ids=lambda change: next(iter(change)),
)
def test_what_a_row_of_the_routes_says_counts(
    change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def compiled() -> set[str]:
        app: Any = application.create_app()
        paths = {"/".join(parts) for method, *parts in app.fast_path.operations if method == "GET"}
        return paths & {row.path.replace("board_id", "id") for row in rows}

    names = ("get_role", "list_board_users", "list_board_columns")
    rows = [row for row in ROUTES if row.function.__name__ in names]
    monkeypatch.setattr(application, "RESOURCES", [])
    monkeypatch.setattr(application, "ROUTES", rows)
    assert len(compiled()) == len(rows) == 3
    monkeypatch.setattr(application, "ROUTES", [replace(row, **change) for row in rows])
    assert not compiled()


@pytest.mark.parametrize(
    "name",
    ["get_role", "list_board_users", "get_board_user", "list_board_columns", "get_full_board"],
)
def test_a_row_whose_right_is_not_checked_is_an_error(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their statements know only the right to read."""
    [row] = [replace(r, right=CREATOR) for r in ROUTES if r.function.__name__ == name]
    monkeypatch.setattr(application, "ROUTES", [row])
    with pytest.raises(TypeError, match="declares CREATOR, but checks READER"):
        application.create_app()


def refuse() -> None:
    raise Forbidden()


@pytest.mark.parametrize("extra", [refuse, Limit("login")])
async def test_a_dependency_of_a_router_is_not_skipped(extra: Any, changed: Changed) -> None:
    def limited(resource: Resource, **_: Any) -> APIRouter:
        outer = APIRouter(dependencies=[Depends(extra)])
        outer.include_router(ResourceRouter(resource))
        return outer

    async with changed(ResourceRouter=limited) as world:
        bob, _ = await team(world)
        assert ("GET", "", "api", "boards") not in fast_path_of(world).operations
        assert ("GET", "", "api", "boards", "{id}", "columns") in fast_path_of(world).operations
        status = (await bob.get("/api/boards")).status_code
        assert status == (403 if extra is refuse else 200)


@pytest.mark.parametrize(
    "option",
    [
        {"response_model": None},
        {"response_model_exclude": {"title"}},
        {"response_model_exclude_none": True},
        {"status_code": 203},
        {"response_class": PlainTextResponse},
    ],
    ids=lambda option: next(iter(option)),
)
def test_what_a_route_says_of_its_answer_counts(
    option: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Saying(ResourceRouter):
        def add_api_route(self, path: str, endpoint: Any, **options: Any) -> None:
            super().add_api_route(path, endpoint, **options | option)

    monkeypatch.setattr(application, "ResourceRouter", Saying)
    monkeypatch.setattr(application, "RESOURCES", registry("tasks"))
    monkeypatch.setattr(application, "ROUTES", [])
    app: Any = application.create_app()
    # DELETE answers without a body in any case.
    kept = {"DELETE"} if option.keys() & {"response_model", "response_class"} else set()
    assert {method for method, *_ in app.fast_path.operations} == kept


async def test_an_endpoint_that_was_wrapped_is_not_skipped(changed: Changed) -> None:
    class Audited(ResourceRouter):
        def _get_one(self, *_: Any, **__: Any) -> Callable[..., Any]:
            inside = super()._get_one()

            @wraps(inside)
            async def outside(*args: Any, **options: Any) -> Any:
                raise Forbidden()

            return outside

    async with changed(ResourceRouter=Audited) as world:
        bob, board = await team(world)
        assert (await bob.get(f"/api/boards/{board.id}")).status_code == 403
        assert (await bob.get("/api/boards")).status_code == 200


async def test_middleware_and_overrides_are_not_skipped(changed: Changed) -> None:
    seen: list[str] = []

    class Seen:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            seen.append(scope["type"])
            await self.app(scope, receive, send)

    def create_app() -> FastAPI:
        app = original()
        app.add_middleware(Seen)
        return app

    original = application.create_app
    async with changed(create_app=create_app) as world:
        bob, board = await team(world)
        assert (await bob.get(f"/api/boards/{board.id}")).status_code == 200
        assert "http" in seen
        world.app.user_middleware.clear()
        world.app.dependency_overrides[RESOURCES.at("boards").read] = refuse
        assert (await bob.get(f"/api/boards/{board.id}")).status_code == 403
