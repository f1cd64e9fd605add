"""What is answered in one statement is what the endpoint answers, byte for byte."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from tortoise import Tortoise
from tortoise.fields import DecimalField

from api.resources.representation import check_representation
from crud_config import RESOURCES
from models.enums import Role
from models.tables import (
    ApiToken,
    Board,
    BoardComment,
    BoardUser,
    Comment,
    Label,
    Session,
    Subtask,
    Task,
    TaskAssignee,
    TaskLabel,
    User,
)
from tests.conftest import Client, World
from tests.helpers.fast_path import as_script, by_endpoint, fast_path_of, noted
from tests.helpers.openapi import resolved

# What JSON escapes, and what it doesn't; times with a fraction, without, and at the ends of time.
TEXTS = [
    '"\\/\b\f\n\r\t',
    "".join(map(chr, range(1, 32))) + "\x7f",
    "é ж 漢 😀 \u2028 ﬁ",
    "a'b $1 {}",
]
TIMES = [
    None,
    datetime(2026, 5, 1, 12, tzinfo=UTC),
    datetime(2026, 5, 1, 12, 30, 1, 100, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
]


@pytest.fixture
async def things(world: World, ada: Client, bob: Client) -> None:
    """Return what there is to read, on a board of ada's that bob moderates, and on a public one."""
    for board in (
        await world.board(ada.user, members={bob.user: Role.MODERATOR}),
        await world.board(bob.user, is_public=True),
    ):
        column = await world.column(board)
        await world.column(board, 1)
        memberships = await BoardUser.filter(board_id=board.id).order_by("-id")
        labels: list[Label] = []
        for position, text in enumerate(TEXTS):
            label = await Label.create(board=board, name=text)
            labels.append(label)
            task = await Task.create(
                column=column, title=text, description=text, status="DONE",
                priority="HIGH", due_date=TIMES[position], color="#aabbcc" if position else None,
            )  # fmt: skip
            for marked in labels:
                await TaskLabel.create(task=task, label=marked)
            for membership in memberships[: position % 3]:
                await TaskAssignee.create(task=task, membership=membership)
            await Subtask.create(task=task, title=text, is_completed=bool(position % 2))
            await Comment.create(task=task, content=text, user=ada.user if position else None)
        await Task.create(column=column, title="last", due_date=TIMES[-1])
        for author in (ada.user, None):
            await BoardComment.create(board=board, content=TEXTS[0], user=author)
    await Board.filter(id=board.id).update(
        title=TEXTS[0], description=TEXTS[2], created_at=TIMES[2], updated_at=TIMES[1]
    )


async def addresses(world: World) -> dict[str, list[str]]:
    """Return every address of every compiled operation that reads, by the operation's path."""
    found: dict[str, list[str]] = {}
    for method, *parts in fast_path_of(world).operations:
        path = "/".join(parts)
        if path == "/api/roles":
            rows = await BoardUser.all().values("board_id", "user_id")
            found[path] = [f"{path}?{urlencode(row)}" for row in rows]
        elif method == "GET":
            table = RESOURCES.at(parts[2]).model
            ids = await table.all().values_list("id", flat=True)
            found[path] = [path.replace("{id}", str(row)) for row in ids]
            if "{id}" not in path:
                found[path] = [path]
                resource = RESOURCES.at(parts[2])
                found[path] += [f"{path}?limit=2&sort=-{column}" for column in resource.sort]
                found[path] += [f"{path}?limit=2&q=a"] if resource.search_kind else []
            if not path.endswith(("/{id}", "/full")):  # pages, too
                plain = [each for each in found[path] if "?" not in each]
                found[path] += [f"{each}?limit={n}" for each in plain for n in (1, 3, 200)]
    return found


@pytest.fixture
def endpoints(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return noted(world, monkeypatch, "path")


CALLERS = [
    "ada",
    *(
        pytest.param(who, marks=pytest.mark.slow)
        for who in ("bob", "stranger", "root", "ada's token", "root's token", "root's admin token")
    ),
]


@pytest.mark.parametrize("who", CALLERS)
async def test_both_ways_answer_the_same_bytes(
    who: str, things: None, world: World, ada: Client, bob: Client, endpoints: list[str]
) -> None:
    """Each operation that is compiled, of each record; a new one is compared by itself."""
    name = who.partition("'")[0]
    client = {"ada": ada, "bob": bob}.get(name) or await world.person(name, is_admin=name == "root")
    if "token" in who:
        await as_script(client, "read", *(["admin"] if "admin" in who else []))
    for path, those in (await addresses(world)).items():
        short = 0
        for first in those:
            address: str | None = first
            while address:
                endpoints.clear()
                response = await client.get(address)
                short += not endpoints
                expected = await by_endpoint(world, client, address)
                assert response.status_code == expected.status_code, address
                assert response.text == expected.text, address
                assert response.content == expected.content, address
                assert response.headers == expected.headers, address
                if response.status_code == 200 and not path.endswith("/{id}"):
                    again = {"If-None-Match": response.headers["etag"]}
                    assert (await client.get(address, headers=again)).status_code == 304
                address = response.links.get("next", {}).get("url")
        assert short, f"{path} was never answered by what is compiled"


@pytest.mark.parametrize(
    "query", ["sort=x", "limit=0", "limit=201", "limit=05", "limit=1&limit=1", "cursor=x", "x=1"]
)
async def test_what_is_not_plain_goes_to_the_endpoint(
    query: str, things: None, ada: Client, endpoints: list[str]
) -> None:
    response = await ada.get(f"/api/tasks?{query}")
    assert endpoints == ["/api/tasks"]
    assert response.status_code == 422


@pytest.mark.parametrize(
    "path", ["boards/id", "boards/ID", "boards/%7Bid%7D", "boards/", "tasks/id/x"]
)
async def test_what_is_no_id_goes_to_the_endpoint(
    path: str, ada: Client, endpoints: list[str]
) -> None:
    response = await ada.get(f"/api/{path}")
    assert len(endpoints) == 1
    assert response.status_code in (404, 422)


async def test_who_asks_is_decided_anew_each_time(
    things: None, world: World, endpoints: list[str]
) -> None:
    """Nothing that was answered once is answered because of that."""
    root = await world.person("root", is_admin=True)
    [private] = [board for board in await Board.all() if not board.is_public]
    path = f"/api/boards/{private.id}"
    assert (await root.get(path)).status_code == 200
    assert not endpoints
    await User.filter(id=root.user.id).update(is_admin=False)
    assert (await root.get(path)).status_code == 404
    await User.filter(id=root.user.id).update(is_admin=True)
    assert (await root.get(path)).status_code == 200
    await Session.filter(user_id=root.user.id).update(expires_at=datetime.now(UTC))
    assert (await root.get(path)).status_code == 401


async def test_a_promoted_user_is_an_admin_at_once(things: None, world: World, ada: Client) -> None:
    mary = await world.person("mary")
    assert (await mary.get(f"/api/users/{ada.user.id}")).json()["email"] is None
    await User.filter(id=mary.user.id).update(is_admin=True)
    assert (await mary.get(f"/api/users/{ada.user.id}")).json()["email"] == "ada@example.com"


async def test_a_token_is_looked_up_each_time(
    things: None, world: World, ada: Client, endpoints: list[str]
) -> None:
    path = f"/api/boards/{(await Board.first()).id}"  # type: ignore[union-attr]
    await as_script(ada, "read", "write")
    for scopes, status in ((["read"], 200), (["write"], 403), (["read"], 200)):
        await ApiToken.filter(user_id=ada.user.id).update(scopes=scopes)
        endpoints.clear()
        assert (await ada.get(path)).status_code == status
        assert bool(endpoints) == (status != 200)
    tokens = ApiToken.filter(user_id=ada.user.id)
    for expires_at, status in (
        (datetime.now(UTC), 401),
        (datetime.now(UTC) + timedelta(days=1), 200),
    ):
        await tokens.update(expires_at=expires_at)
        assert (await ada.get(path)).status_code == status
    await tokens.delete()
    assert (await ada.get(path)).status_code == 401


async def test_the_last_use_of_a_token_is_written_down(ada: Client, board: Board) -> None:
    await as_script(ada, "read")
    long_ago = datetime.now(UTC) - timedelta(minutes=11)
    await ApiToken.filter(user_id=ada.user.id).update(last_used_at=long_ago)
    assert (await ada.get(f"/api/boards/{board.id}")).status_code == 200
    token = await ApiToken.get(user_id=ada.user.id)
    assert token.last_used_at
    assert datetime.now(UTC) - token.last_used_at < timedelta(minutes=1)


async def test_the_last_use_of_a_session_is_written_down(ada: Client, board: Board) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=11)
    await Session.filter(user_id=ada.user.id).update(last_used_at=long_ago)
    assert (await ada.get(f"/api/boards/{board.id}")).status_code == 200
    session = await Session.get(user_id=ada.user.id)
    assert datetime.now(UTC) - session.last_used_at < timedelta(minutes=1)


def test_what_no_endpoint_answers_is_not_answered(world: World) -> None:
    documented = {
        (method.upper(), *re.sub(r"{\w+}", "{id}", path).split("/"))
        for path, operations in resolved(world.app.openapi())["paths"].items()
        for method in operations
    }
    operations = fast_path_of(world).operations
    assert operations.keys() <= documented
    assert len(operations) > 30


def test_columns_that_postgresql_shows_otherwise_are_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tasks = RESOURCES.at("tasks")
    check_representation(tasks)
    monkeypatch.setitem(tasks.model._meta.fields_map, "title", DecimalField(5, 2))
    with pytest.raises(TypeError, match="title"):
        check_representation(tasks)


async def test_a_plain_read_is_one_statement(
    ada: Client, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    async with Tortoise.get_connection("default").acquire_connection() as connection:
        connection.add_query_logger(lambda record: asked.append(record.query))
    assert (await ada.get(f"/api/boards/{board.id}")).status_code == 200
    assert len(asked) == 1
