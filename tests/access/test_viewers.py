"""VIEWERs read a board; where it lets them, they comment. The access matrix has the rest."""

import asyncio
from typing import Any, NamedTuple

import asyncpg
import pytest

from models.enums import Role
from models.tables import Board, BoardComment, Comment, Task
from tests.conftest import Client, World
from tests.helpers.answers import check_problem
from tests.helpers.database import waits_for_a_lock
from tests.helpers.fast_path import as_script, by_endpoint

COMMENTING = {
    f"{verb}_{kind}"
    for verb in ("create", "update", "patch", "delete")
    for kind in ("comment", "board_comment")
}
ALWAYS = {"copy_board", "remove_board_user", "mute_board", "unmute_board", "revert_event"}


class Viewed(NamedTuple):
    """A board of ada's, with a task, and somebody who is a VIEWER there."""

    board: Board
    task: Task
    viewer: Client

    @property
    def path(self) -> str:
        return f"/api/boards/{self.board.id}"

    def comments(self) -> list[tuple[str, dict[str, str]]]:
        """Return the path of each kind of comments, and the body of a new one."""
        return [
            ("/api/comments", {"task_id": str(self.task.id), "content": "New"}),
            ("/api/board-comments", {"board_id": str(self.board.id), "content": "New"}),
        ]


@pytest.fixture(params=[False, True], ids=["private", "public"])
async def viewed(request: pytest.FixtureRequest, world: World, ada: Client) -> Viewed:
    viewer = await world.person("viewer")
    board = await world.board(ada.user, is_public=request.param, members={viewer.user: Role.VIEWER})
    return Viewed(board, await world.task(await world.column(board)), viewer)


async def allow(ada: Client, viewed: Viewed, allowed: bool) -> Any:
    response = await ada.patch(viewed.path, json={"viewers_can_comment": allowed})
    assert response.status_code == 200
    return response.json()


@pytest.mark.parametrize("way", ["fast path", "endpoint", "token"])
async def test_viewers_comment_only_while_the_board_lets_them(
    way: str, ada: Client, viewed: Viewed, world: World
) -> None:
    viewer = viewed.viewer
    if way == "token":
        viewer = await as_script(viewer, "read", "write")

    async def send(method: str, path: str, **options: Any) -> Any:
        if way == "endpoint":
            return await by_endpoint(world, viewer, path, method, **options)
        return await viewer.request(method, path, **options)

    for path, body in viewed.comments():
        assert (await send("POST", path, json=body)).status_code == 403
        await allow(ada, viewed, True)
        first, second = [(await send("POST", path, json=body)).json()["id"] for _ in range(2)]
        changes: list[tuple[str, str, Any]] = [
            ("PUT", first, {"content": "a"}),
            ("PATCH", first, {"content": "b"}),
        ]
        for method, own, change in changes:
            assert (await send(method, f"{path}/{own}", json=change)).status_code == 200
        await allow(ada, viewed, False)
        for method, own, change in [*changes, ("DELETE", second, None)]:
            assert (await send(method, f"{path}/{own}", json=change)).status_code == 403
        assert (await send("GET", f"{path}/{first}")).json()["content"] == "b"
        await allow(ada, viewed, True)
        assert (await send("DELETE", f"{path}/{second}")).status_code == 204
        theirs = (await ada.post(path, json=body)).json()["id"]
        for method, own, change in [("PATCH", theirs, {"content": "x"}), ("DELETE", theirs, None)]:
            assert (await send(method, f"{path}/{own}", json=change)).status_code == 403
        await allow(ada, viewed, False)


async def test_a_board_tells_viewers_what_they_may_do(ada: Client, viewed: Viewed) -> None:
    for allowed in (False, True, False):
        assert (await allow(ada, viewed, allowed))["viewers_can_comment"] is allowed
        [listed] = (await viewed.viewer.get("/api/boards")).json()
        found = [(await viewed.viewer.get(viewed.path + end)).json() for end in ("", "/full")]
        for board in (listed, *found):
            assert board["my_role"] == "VIEWER"
            own = COMMENTING if allowed else set()
            assert set(board["operations"]) == ALWAYS | own


async def test_the_flag_changes_nothing_for_who_is_no_member(
    ada: Client, bob: Client, viewed: Viewed
) -> None:
    await allow(ada, viewed, True)
    status = 403 if viewed.board.is_public else 404
    for path, body in viewed.comments():
        check_problem(await bob.post(path, json=body), status)


async def test_viewers_of_another_board_comment_only_there(
    ada: Client, viewed: Viewed, world: World
) -> None:
    """The board of the row decides."""
    await allow(ada, viewed, True)
    other = await world.board(ada.user, members={viewed.viewer.user: Role.VIEWER})
    column = await world.column(other)
    elsewhere = Viewed(other, await world.task(column), viewed.viewer)
    for path, body in elsewhere.comments():
        check_problem(await viewed.viewer.post(path, json=body), 403)


async def test_a_comment_that_waits_for_the_flag_is_refused(
    ada: Client, viewed: Viewed, database_url: str
) -> None:
    await allow(ada, viewed, True)
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("UPDATE boards SET viewers_can_comment = false")
        waiting = [
            asyncio.create_task(viewed.viewer.post(path, json=body))
            for path, body in viewed.comments()
        ]
        await waits_for_a_lock(connection)
    await connection.close()
    assert {response.status_code for response in await asyncio.gather(*waiting)} == {403}


async def test_after_the_flag_is_off_no_comment_comes(ada: Client, viewed: Viewed) -> None:
    (path, body), _ = viewed.comments()
    for _ in range(5):
        await allow(ada, viewed, True)
        posting = [asyncio.create_task(viewed.viewer.post(path, json=body)) for _ in range(8)]
        await allow(ada, viewed, False)
        assert (await viewed.viewer.post(path, json=body)).status_code == 403
        count = await Comment.all().count()
        answers = [response.status_code for response in await asyncio.gather(*posting)]
        assert set(answers) <= {201, 403}
        assert await Comment.all().count() == count == answers.count(201)
        await Comment.all().delete()
    assert await BoardComment.all().count() == 0


async def test_a_viewer_joins_by_an_invitation(ada: Client, bob: Client, viewed: Viewed) -> None:
    link = (await ada.post(f"{viewed.path}/invitations", json={"role": "VIEWER"})).json()
    joined = await bob.post(f"/api/invitations/{link['token']}/accept")
    assert (joined.status_code, joined.json()["role"]) == (201, "VIEWER")
    for path, body in viewed.comments():
        check_problem(await bob.post(path, json=body), 403)
