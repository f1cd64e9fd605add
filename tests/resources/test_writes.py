"""The fast path writes and answers the same as the route, byte for byte."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from pydantic import BaseModel, ValidationError

from api.access.writer import WRITER, FairQueue
from api.auth.credentials import Credentials
from api.db.deadline import Line
from api.resources.resource import Resource
from api.resources.search import flush_search_index
from api.resources.writes import RowChange
from crud_config import RESOURCES
from models.enums import Priority, Role, Status
from models.schemas import ChangeModel
from models.tables import (
    Board,
    BoardComment,
    BoardUser,
    Column,
    Comment,
    Label,
    Session,
    Subtask,
    Task,
)
from tests.conftest import Client, World
from tests.helpers.answers import titles
from tests.helpers.database import connection_pool, waits_for_a_lock
from tests.helpers.fast_path import as_script, by_endpoint, fast_path_of, noted
from tests.resources.test_reads import TEXTS

# Whatever a schema accepts of these for a field is sent for it.
VALUES: list[Any] = [
    *TEXTS,
    "#AABBCC",
    "Europe/Berlin",
    True,
    False,
    3,
    "2026-05-01T12:00:00Z",
    "2026-05-01T12:30:01.000100+02:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    [],
    *(member.value for enum in (Priority, Status) for member in enum),
    None,
]
MOVES = {"position", "before", "after"}  # by these a record moves, which its endpoint does
PARENT = UUID(int=0)  # stands for the id of the parent


def accepted(schema: type[BaseModel], name: str) -> list[Any]:
    """Return the values that a schema accepts for a field."""
    if name.endswith("_id"):
        return [PARENT]
    found = []
    for value in VALUES:
        try:
            schema.model_validate({name: value})
        except ValidationError as error:
            if any(each["loc"][:1] == (name,) for each in error.errors()):
                continue
        found.append(value)
    assert found, f"{schema.__name__}.{name} accepts none of VALUES: add one"
    return found


def bodies(schema: type[BaseModel]) -> list[dict[str, Any]]:
    """Return bodies that a schema accepts: each value of each field, all at once and one alone."""
    # What was edited isn't a value to write.
    left_out = MOVES | ChangeModel.model_fields.keys()
    names = [name for name in schema.model_fields if name not in left_out]
    values = {name: accepted(schema, name) for name in names}
    required = {name: values[name][0] for name in names if schema.model_fields[name].is_required()}
    most = max(map(len, values.values()))
    return [
        *({name: those[n % len(those)] for name, those in values.items()} for n in range(most)),
        *({**required, name: those[-1]} for name, those in values.items()),
    ]


class Things:
    """A private board of ada's, with a task, a subtask, a label and a comment of bob's, who is a
    moderator."""

    board: Board
    column: Column
    task: Task
    subtask: Subtask
    label: Label
    comment: Comment
    board_comment: BoardComment

    def path(self, method: str, kind: str) -> str:
        row = getattr(self, RESOURCES.at(kind).name)
        return f"/api/{kind}" if method == "POST" else f"/api/{kind}/{row.id}"

    def body(self, given: dict[str, Any]) -> dict[str, Any]:
        """Fill in the ids of the parents."""
        parents = {"column_id": self.column, "task_id": self.task, "board_id": self.board}
        return {k: str(parents[k].id) if k in parents else v for k, v in given.items()}


@pytest.fixture
async def things(world: World, ada: Client, bob: Client) -> Things:
    found = Things()
    found.board = await world.board(ada.user, members={bob.user: Role.MODERATOR})
    found.column = await world.column(found.board)
    await world.column(found.board, 1)
    found.task = await Task.create(
        column=found.column, title="Old", description="Old", color="#000000"
    )
    found.subtask = await world.subtask(found.task)
    found.label = await Label.create(board=found.board, name="Old", color="#000000")
    found.comment = await Comment.create(task=found.task, user=bob.user, content="Old")
    found.board_comment = await BoardComment.create(board=found.board, user=bob.user, content="Old")
    return found


@pytest.fixture
async def beside(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
def endpoints(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return noted(world, monkeypatch, "method")


CHANGING = ("id", "created_at", "updated_at", "version")


def without_place(row: Any) -> dict[str, Any]:
    """Return a row; an event of what is new without what differs for the next new one."""
    values = {**row}
    if values.get("kind", "").endswith(".created"):
        values["after"] = {k: v for k, v in json.loads(row["after"]).items() if k != "after_id"}
        if row["task_id"] == row["record_id"]:
            del values["task_id"]
    return values


QUICK = {("tasks", "PATCH"), ("comments", "POST")}
# What is written in Python instead.
IN_PYTHON = {("POST", "boards"), *((method, "users") for method in ("PUT", "PATCH", "POST"))}


@pytest.mark.parametrize(
    ("resource", "method"),
    [
        pytest.param(
            resource,
            method,
            id=f"{resource.path}-{method}",
            # All are written by the same code.
            marks=[] if (resource.path, method) in QUICK else [pytest.mark.slow],
        )
        for resource in RESOURCES
        for method in ("PUT", "PATCH", "POST")
    ],
)
async def test_both_ways_write_and_answer_the_same(
    resource: Resource,
    method: str,
    world: World,
    things: Things,
    bob: Client,
    rows: Any,
    endpoints: list[str],
) -> None:
    """Each operation that is compiled, with what its schema accepts; a new one is by itself."""
    kind, operations = resource.path, fast_path_of(world).operations
    key = (method, "", "api", kind) + (() if method == "POST" else ("{id}",))
    assert (key not in operations) == ((method, kind) in IN_PYTHON)
    if key not in operations:
        return
    # The second new one comes after the first.
    changing = {*CHANGING, "rank"}
    if method == "POST":
        changing |= {"position", "comment_count", "subtask_count", "completed_subtask_count"}
        changing.add("record_id")
    path = things.path(method, kind)
    for n, given in enumerate(bodies(operations[key].schema)):  # type: ignore[attr-defined]
        body, written = things.body(given), []
        # Of the same change the second is none, so that each way makes every other one.
        for turn, short in enumerate((False, True) if n % 2 else (True, False)):
            if method == "POST" or turn == 0:
                before = await rows()
            endpoints.clear()
            if short:
                answer = await bob.request(method, path, json=body)
                assert not endpoints, body
            else:
                answer = await by_endpoint(world, bob, path, method=method, json=body)
                assert endpoints == [method]
            assert answer.is_success, (body, answer.text)
            record, after = answer.json(), await rows()
            own = f"/api/{kind}/{record['id']}"
            read = await by_endpoint(world, bob, own)
            assert read.content == answer.content
            assert read.headers["etag"] == answer.headers["etag"]
            assert answer.headers.get("location", own) == own
            changed = {
                table: [{k: v for k, v in without_place(row).items() if k not in changing}
                        for row in found if row not in before[table]]
                for table, found in after.items() if found != before[table]
            }  # fmt: skip
            shown = {k: v for k, v in record.items() if k not in changing}
            headers = {*answer.headers} - {"content-length"}
            written.append((answer.status_code, shown, changed, headers))
        assert written[0] == written[1], body


async def test_each_edit_counts(things: Things, bob: Client, endpoints: list[str]) -> None:
    path = f"/api/tasks/{things.task.id}"
    created = things.task.created_at
    before = things.task.updated_at
    answers = await asyncio.gather(
        *(bob.patch(path, json={"title": f"Number {n}"}) for n in range(20))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["version"] for answer in answers) == [*range(2, 22)]
    await things.task.refresh_from_db()
    assert things.task.version == 21
    assert things.task.created_at == created
    assert things.task.updated_at > before


async def test_of_those_who_know_the_same_version_one_wins(
    things: Things, bob: Client, endpoints: list[str]
) -> None:
    path = f"/api/tasks/{things.task.id}"
    answers = await asyncio.gather(
        *(
            bob.patch(path, json={"title": f"Number {n}"}, headers={"If-Match": '"1"'})
            for n in range(10)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    [winner] = [answer.json()["title"] for answer in answers if answer.status_code == 200]
    await things.task.refresh_from_db()
    assert things.task.title == winner


async def test_one_that_is_refused_takes_no_other_along(
    things: Things, bob: Client, beside: asyncpg.Connection
) -> None:
    """They went together, and so failed together; each is then answered by itself."""
    await beside.execute("ALTER TABLE subtasks ADD CHECK (title <> 'No')")
    titles = [*"abcdefg", "No"]
    answers = await asyncio.gather(
        *(
            bob.post("/api/subtasks", json={"task_id": str(things.task.id), "title": title})
            for title in titles
        )
    )
    assert [answer.status_code for answer in answers] == [201] * 7 + [500]
    found = await Subtask.filter(task_id=things.task.id).order_by("title")
    assert [row.title for row in found] == ["Step", *"abcdefg"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"json": {"title": "x"}, "headers": {"If-Match": "1"}}, 422),
        ({"json": {"title": " "}}, 422),
        ({"json": {"id": str(UUID(int=1))}}, 422),
        ({"json": []}, 422),
        ({"json": {"title": "x"}, "params": {"x": "1"}}, 422),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"content": b"{}", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"json": {"title": "x" * 1_000_000}}, 413),
        ({"json": {"title": "x"}, "headers": {"Origin": "https://evil.example"}}, 403),
        ({"json": {"title": "x"}, "headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
        ({"json": {"title": "x"}, "headers": {"Authorization": "Bearer x"}}, 401),
        ({"json": {"title": "x"}, "headers": {"Cookie": "session=x"}}, 401),
    ],
)
async def test_what_is_not_plain_goes_to_the_endpoint(
    given: Any, status: int, things: Things, bob: Client, endpoints: list[str]
) -> None:
    answer = await bob.patch(f"/api/tasks/{things.task.id}", **given)
    # Another site's request is refused before anything else is looked at.
    assert (answer.status_code, endpoints) == (status, [] if status == 403 else ["PATCH"])


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"json": {}}, 200),
        ({"json": {"title": "x"}, "headers": {"If-Match": "*"}}, 200),
        ({"json": {"title": "x"}, "headers": {"If-Match": '"1", "2"'}}, 200),
        ({"json": {"title": "x"}, "headers": {"If-Match": '"2"'}}, 412),
        ({"json": {"title": "x"}, "headers": {"If-Match": 'W/"1"'}}, 200),
        ({"json": {"title": "x"}, "headers": {"If-Match": '"2-gzip"'}}, 412),
        ({"json": {"position": 0}, "headers": {"If-Match": '"2"'}}, 412),
        ({"json": {"before": str(UUID(int=1))}}, 409),
        ({"json": {"column_id": str(UUID(int=1))}}, 404),
    ],
)
async def test_both_ways_answer_the_same(
    given: Any, status: int, things: Things, world: World, bob: Client, endpoints: list[str]
) -> None:
    path = f"/api/tasks/{things.task.id}"
    if "before" in given["json"]:
        path += "/move"
    method = "POST" if path.endswith("move") else "PATCH"
    fast = await bob.request(method, path, **given)
    assert (fast.status_code, endpoints) == (status, [])
    if status == 200:
        return
    slow = await by_endpoint(world, bob, path, method=method, **given)
    assert endpoints == [method]
    for answer in (fast, slow):
        answer.headers.pop("x-request-id")
    assert slow.json() | {"request_id": ""} == fast.json() | {"request_id": ""}
    assert slow.headers == fast.headers


async def test_a_page_of_a_trusted_origin_writes_from_the_fast_path(
    things: Things, bob: Client, endpoints: list[str]
) -> None:
    origin = "https://kanban.example"
    answer = await bob.patch(
        f"/api/tasks/{things.task.id}",
        json={"title": "x"},
        headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"},
    )
    assert (answer.status_code, endpoints) == (200, [])
    assert answer.headers["access-control-allow-origin"] == origin
    assert "Origin" in answer.headers["vary"]


async def test_moves_end_where_they_were_to(
    things: Things, world: World, ada: Client, bob: Client, endpoints: list[str]
) -> None:
    here, there = await Column.filter(board_id=things.board.id).order_by("rank")
    tasks = {title: await Task.create(column=here, title=title) for title in "abcd"}
    ids = {title: str(task.id) for title, task in tasks.items()}
    other = await world.column(await world.board(ada.user, members={bob.user: Role.MEMBER}))
    path = f"/api/tasks/{ids['a']}"
    for method, own, body, left, arrived in (
        ("POST", "/move", {"position": 0}, "aOldbcd", ""),
        ("POST", "/move", {"position": 9}, "Oldbcda", ""),
        ("POST", "/move", {"before": ids["c"]}, "Oldbacd", ""),
        ("POST", "/move", {"after": ids["c"]}, "Oldbcad", ""),
        ("PATCH", "", {"position": 2}, "Oldbacd", ""),
        ("PATCH", "", {"column_id": str(here.id), "color": None}, "Oldbacd", ""),
        ("PUT", "", {"column_id": str(here.id), "title": "A", "position": 1}, "OldAbcd", ""),
        ("PATCH", "", {"column_id": str(there.id)}, "Oldbcd", "A"),
        ("PATCH", "", {"column_id": str(here.id), "position": 0}, "AOldbcd", ""),
        ("POST", "/move", {"column_id": str(there.id)}, "Oldbcd", "A"),
    ):
        version = (await bob.get(path)).headers["etag"]
        endpoints.clear()
        answer = await bob.request(method, path + own, json=body, headers={"If-Match": version})
        assert (answer.status_code, endpoints) == (200, []), (body, answer.text)
        assert (await bob.get(path)).json() == answer.json()
        assert (await titles(bob, here), await titles(bob, there)) == (left, arrived)
    for body in ({"column_id": str(other.id)}, {"before": ids["b"]}, {"position": 0}):
        endpoints.clear()
        answer = await bob.post(f"{path}/move", json=body, headers={"If-Match": '"1"'})
        assert (answer.status_code, endpoints) == (412, [])
    assert (await bob.post(f"{path}/move", json={"before": ids["b"]})).status_code == 409
    await Column.filter(id=here.id).update(deleted_at=datetime.now(UTC))
    assert (await bob.patch(path, json={"column_id": str(here.id)})).status_code == 404
    assert (await bob.patch(path, json={"column_id": str(other.id)})).status_code == 200
    assert await titles(bob, other) == "A"


async def test_a_hundred_moves_at_once_are_all_answered(
    things: Things, bob: Client, rows: Any
) -> None:
    columns = await Column.filter(board_id=things.board.id).order_by("rank")
    tasks = [await Task.create(column=columns[0], title="x") for _ in range(10)]
    moves = [
        bob.post(
            f"/api/tasks/{tasks[number % 10].id}/move",
            json={"column_id": str(columns[number % 2].id), "position": number % 4},
        )
        for number in range(100)
    ]
    answers = await asyncio.gather(*moves)
    assert {answer.status_code for answer in answers} == {200}
    left = [len(await titles(bob, column)) for column in columns]
    assert sum(left) == len("Old") + 10


NOT_ALLOWED = {
    "a stranger on a private board": 404,
    "a stranger on a public board": 403,
    "who was removed": 404,
    "who signed out": 401,
    "an admin who is no member": 200,
}


@pytest.mark.parametrize(("who", "status"), NOT_ALLOWED.items())
@pytest.mark.parametrize(("method", "kind"), [("PATCH", "tasks"), ("POST", "subtasks")])
async def test_only_members_write_from_the_fast_path(
    who: str,
    status: int,
    method: str,
    kind: str,
    things: Things,
    world: World,
    bob: Client,
    rows: Any,
    endpoints: list[str],
) -> None:
    client = bob
    if who == "who was removed":
        await BoardUser.filter(user_id=bob.user.id).delete()
    elif who == "who signed out":
        await Session.filter(user_id=bob.user.id).delete()
    else:
        client = await world.person("somebody", is_admin="admin" in who)
        await Board.filter(id=things.board.id).update(is_public="public" in who)
    before = await rows()
    body = things.body({"title": "x"} | ({"task_id": 0} if method == "POST" else {}))
    answer = await client.request(method, things.path(method, kind), json=body)
    assert (answer.status_code // 100 * 100 if status == 200 else answer.status_code) == status
    assert endpoints == ([method] if status == 401 else [])
    assert (await rows() == before) == (status != 200)


@pytest.mark.parametrize(
    ("who", "status"),
    {
        "bob's token": 200,
        "bob's read token": 403,
        "root": 200,
        "root's admin token": 200,
        "root's token": 404,
    }.items(),
)
@pytest.mark.parametrize(("method", "kind"), [("PATCH", "tasks"), ("POST", "tasks")])
async def test_scripts_and_admins_write_the_same(
    who: str, status: int, method: str, kind: str, things: Things, world: World, bob: Client,
    rows: Any, endpoints: list[str],
) -> None:  # fmt: skip
    client = bob if "bob" in who else await world.person("root", is_admin=True)
    if "token" in who:
        scopes = {"bob's read token": ["read"], "root's admin token": ["read", "write", "admin"]}
        await as_script(client, *scopes.get(who, ["read", "write"]))
    path = things.path(method, kind)
    answers = []
    for short in (True, False):
        body = things.body({"title": f"x {short}", "column_id": 0})
        before = await rows()
        endpoints.clear()
        if short:
            answer = await client.request(method, path, json=body)
            assert bool(endpoints) == (who == "bob's read token")
        else:
            answer = await by_endpoint(world, client, path, method=method, json=body)
        assert answer.status_code // 100 * 100 == status // 100 * 100
        assert (await rows() == before) == (status != 200)
        own = {"id", "title", "created_at", "updated_at", "version", "position"}
        answers.append({k: v for k, v in answer.json().items() if k not in own})
    assert answers[0] == answers[1]


@pytest.mark.parametrize("table", ["tasks", "columns", "boards"])
@pytest.mark.parametrize(("method", "kind"), [("PATCH", "tasks"), ("POST", "subtasks")])
async def test_nothing_is_written_in_the_trash(
    table: str,
    method: str,
    kind: str,
    things: Things,
    bob: Client,
    beside: asyncpg.Connection,
    rows: Any,
    endpoints: list[str],
) -> None:
    await beside.execute(f"UPDATE {table} SET deleted_at = now()")
    before = await rows()
    body = things.body({"title": "x"} | ({"task_id": 0} if method == "POST" else {}))
    answer = await bob.request(method, things.path(method, kind), json=body)
    assert (answer.status_code, endpoints) == (404, [])
    assert await rows() == before


async def test_others_may_write_on_the_board_that_was_held_up(
    things: Things, world: World, ada: Client, bob: Client, beside: asyncpg.Connection
) -> None:
    other = await world.task(await world.column(await world.board(ada.user)))
    async with beside.transaction():
        await beside.execute("SELECT FROM boards WHERE id = $1 FOR UPDATE", things.board.id)
        held = asyncio.create_task(bob.patch(f"/api/tasks/{things.task.id}", json={"title": "x"}))
        answer = await ada.patch(f"/api/tasks/{other.id}", json={"title": "x"})
        assert answer.status_code == 200
        assert not held.done()
    assert (await held).status_code == 200


async def test_new_tasks_and_columns_go_to_the_end_one_after_another(
    things: Things, bob: Client
) -> None:
    for path, body, before in (
        ("tasks", {"column_id": str(things.column.id)}, 1),
        ("columns", {"board_id": str(things.board.id)}, 2),
    ):
        answers = await asyncio.gather(
            *(bob.post(f"/api/{path}", json={"title": "x", **body}) for _ in range(20))
        )
        positions = sorted(answer.json()["position"] for answer in answers)
        assert positions == [*range(before, before + 20)]


async def test_those_who_wait_for_a_board_are_written_together(
    things: Things, bob: Client, ada: Client, beside: asyncpg.Connection, monkeypatch: Any
) -> None:
    batches: list[int] = []
    take = FairQueue.take

    def noted(queue: FairQueue, most: int) -> list[Any]:
        batches.append(len(taken := take(queue, most)))
        return taken

    monkeypatch.setattr(FairQueue, "take", noted)
    async with beside.transaction():
        await beside.execute("SELECT FROM boards FOR NO KEY UPDATE")
        path = f"/api/tasks/{things.task.id}"
        waiting = [
            asyncio.create_task(client.patch(path, json={"title": f"x {n}"}))
            for n in range(3)
            for client in (ada, bob)
        ]
        await waits_for_a_lock(beside)
        async with asyncio.timeout(30):
            while sum(batches) < 6:  # noqa: ASYNC110  # they look whether the board is locked
                await asyncio.sleep(0.01)
        assert not any(task.done() for task in waiting)
        batches.clear()
    assert {(await task).status_code for task in waiting} == {200}
    assert batches == [6]


async def test_callers_take_turns(things: Things) -> None:
    """One who asks for a lot doesn't keep others waiting for all of it."""

    class Nothing(RowChange):
        def __init__(self, caller: int, number: int) -> None:
            self.caller = Credentials("session", UUID(int=caller), UUID(int=caller), False)
            self.number = number
            self.written = asyncio.get_running_loop().create_future()

    queue = FairQueue()
    for number in range(4):
        queue.put(Nothing(1, number))
    for caller in (2, 3):
        queue.put(Nothing(caller, 0))
    gone = Nothing(4, 0)
    gone.written.cancel()
    queue.put(gone)
    taken = [(change.caller.user_id.int, change.number) for change in queue.take(5)]  # type: ignore[attr-defined]
    assert taken == [(1, 0), (2, 0), (3, 0), (1, 1), (1, 2)]
    assert len(queue.take(5)) == 1
    assert not queue.is_waited_for()


async def test_a_turn_in_which_nothing_is_written_moves_no_line(
    things: Things, bob: Client, beside: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or those who try again and again would keep the others waiting at a board that is stuck."""
    moved: list[Line] = []
    others = {WRITER._line, connection_pool()._line}
    monkeypatch.setattr("api.db.deadline.Line.moved", lambda line: moved.append(line))
    path = f"/api/tasks/{things.task.id}"
    async with beside.transaction():
        await beside.execute("SELECT FROM boards FOR NO KEY UPDATE")
        writing = asyncio.create_task(bob.patch(path, json={"title": "x"}))
        await waits_for_a_lock(beside)
        # Of those who ask for the first time, and who wait for a connection.
        assert {*moved} <= others
        moved.clear()
    assert (await writing).status_code == 200
    for _ in range(20):
        await asyncio.sleep(0)
    assert len([line for line in moved if line not in others]) == 1


async def test_words_are_indexed_before_writes_wait_for_it(
    database_url: str, things: Things, ada: Client
) -> None:
    connection = await asyncpg.connect(database_url)
    path = f"/api/tasks/{things.task.id}"

    async def waiting() -> int:
        """Return how many pages of words weren't in the index, and now are."""
        pages = "SELECT gin_clean_pending_list('tasks_words_idx')"
        return int(await connection.fetchval(pages))

    assert (await ada.patch(path, json={"title": "harbour"})).status_code == 200
    assert await waiting()
    assert (await ada.patch(path, json={"title": "lighthouse"})).status_code == 200
    await flush_search_index()
    assert not await waiting()
    task = {"column_id": str(things.column.id), "title": "island"}  # by the endpoint
    assert (await ada.post("/api/tasks", json=task)).status_code == 201
    await flush_search_index()
    assert not await waiting()
    await connection.close()
