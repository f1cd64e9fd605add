"""One search over boards, tasks and comments, each part as its list shows it."""

from typing import Any

import pytest

from models.enums import Role
from models.tables import Board, Column, Comment, Task
from tests.conftest import Client, World
from tests.helpers.answers import check_problem
from tests.helpers.fast_path import as_script

KINDS = ("boards", "tasks", "comments")


@pytest.fixture
async def launch(world: World, ada: Client, bob: Client) -> Board:
    """Return a private board of ada's, with much of a launch; there is one of bob's, too."""
    boards = [await world.board(person.user) for person in (ada, bob)]
    for board in boards:
        column = await world.column(board)
        for number in range(12):
            task = await Task.create(
                column=column,
                title=f"{'Launch ' * (number % 3)}party",
                description=f"Before the launch {number}",
            )
            await Comment.create(task=task, user=ada.user, content=f"No launch without {number}")
    return boards[0]


@pytest.mark.parametrize("q", ["launch", "launching", '"before the launch" or party', "part"])
async def test_each_part_is_what_its_list_finds_first(
    q: str, launch: Board, ada: Client, admin: Client
) -> None:
    for client in (admin, ada):
        response = await client.get("/api/search", params={"q": q})
        assert response.status_code == 200
        found: dict[str, Any] = response.json()
        assert tuple(found) == KINDS
        for kind in KINDS:
            listed = await client.get(f"/api/{kind}", params={"q": q, "limit": 10})
            assert found[kind] == listed.json(), kind
    assert len(found["tasks"]) == 10
    script = await as_script(ada, "read")
    assert (await script.get("/api/search", params={"q": q})).json() == found


async def test_a_search_shows_only_what_its_caller_can_see(
    launch: Board, column: Column, world: World, ada: Client, bob: Client
) -> None:
    eve = await world.person("eve")
    nothing: dict[str, Any] = {kind: [] for kind in KINDS}
    assert (await eve.get("/api/search?q=launch")).json() == nothing
    await world.join(launch, eve.user, Role.MEMBER)
    found = (await eve.get("/api/search?q=launch")).json()
    assert [board["id"] for board in found["boards"]] == [str(launch.id)]
    assert {len(found[kind]) for kind in ("tasks", "comments")} == {10}
    assert (await ada.delete(f"/api/boards/{launch.id}")).status_code == 204
    assert (await eve.get("/api/search?q=launch")).json() == nothing


async def test_a_search_that_is_known_is_not_sent_again(launch: Board, ada: Client) -> None:
    tag = (await ada.get("/api/search?q=launch")).headers["etag"]
    again = await ada.get("/api/search?q=launch", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=%00", f"?q={'x' * 201}", "?q=a&q=b"])
async def test_a_search_takes_something_to_find(query: str, ada: Client) -> None:
    [error] = check_problem(await ada.get(f"/api/search{query}"), 422)["errors"]
    assert error["parameter"] == "q"
    [error] = check_problem(await ada.get("/api/search?q=a&limit=5"), 422)["errors"]
    assert error["parameter"] == "limit"


async def test_nobody_searches_without_signing_in(anonymous: Client) -> None:
    check_problem(await anonymous.get("/api/search?q=launch"), 401)
