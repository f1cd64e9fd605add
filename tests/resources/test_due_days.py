"""Tasks that are due on a day: shown as it is, sorted and filtered as its end on their board."""

from typing import Any

import asyncpg
import pytest

from api.ops.integrity import WRONG_DUE_DATES
from models import schemas
from models.tables import Board, Column, Task
from tests.conftest import Client, World
from tests.helpers.answers import all_pages
from tests.helpers.database import sql
from tests.helpers.fast_path import by_endpoint

DAY, TIME = "2026-12-01", "2026-12-01T17:00:00Z"


async def new_board(client: Client, time_zone: str) -> tuple[str, str]:
    """Make a board in that time zone, and return its id and that of its column."""
    body = {"title": "x", "time_zone": time_zone}
    board = (await client.post("/api/boards", json=body)).json()
    assert board["time_zone"] == time_zone
    body = {"board_id": board["id"], "title": "x"}
    return board["id"], (await client.post("/api/columns", json=body)).json()["id"]


async def new_task(client: Client, column: str, due_date: str | None, title: str = "x") -> Any:
    body = {"column_id": column, "title": title, "due_date": due_date}
    response = await client.post("/api/tasks", json=body)
    assert response.status_code == 201
    return response.json()


async def moment(task: Any) -> str:
    """Return when a task is due, as it is sorted and filtered."""
    row = await Task.get(id=task["id"])
    assert row.due_date
    return row.due_date.isoformat().replace("+00:00", "Z").replace(".999999", "")


@pytest.mark.parametrize("way", ["PUT", "PATCH", "bulk"])
async def test_a_due_date_becomes_a_day_a_time_and_null(
    way: str, column: Column, ada: Client, world: World
) -> None:
    task = await new_task(ada, str(column.id), None)
    path, version = f"/api/tasks/{task['id']}", 1
    sent: list[str | None] = [DAY, TIME, "2026-12-02", "2026-12-03", None, DAY, None]
    for due_date in sent:
        version += 1
        body = {"column_id": str(column.id), "title": "x", "due_date": due_date}
        many = {"ids": [task["id"]], "due_date": due_date}
        for is_fast in (True, False):  # the second changes nothing
            if way == "bulk":
                response = await ada.patch("/api/tasks", json=many)
                [shown] = response.json()
            elif is_fast:
                response = await ada.request(way, path, json=body)
                shown = response.json()
            else:
                response = await by_endpoint(world, ada, path, way, json=body)
                shown = response.json()
            assert response.status_code == 200
            expected = (due_date, due_date is not None and "T" not in due_date, version)
            assert (shown["due_date"], shown["due_is_day"], shown["version"]) == expected
            assert (await ada.get(path)).json() == shown
        if due_date in (DAY, TIME):
            ends = TIME if due_date == TIME else "2026-12-01T23:59:59Z"
            assert await moment(task) == ends


async def test_many_tasks_are_created_with_days_and_times(column: Column, ada: Client) -> None:
    items = [
        {"column_id": str(column.id), "title": "x", "due_date": due_date}
        for due_date in (DAY, None, "2026-12-01T00:00:00Z", "2026-12-02T01:00:00+01:00")
    ]
    response = await ada.post("/api/tasks/bulk", json={"items": items})
    assert response.status_code == 201
    shown = [(task["due_date"], task["due_is_day"]) for task in response.json()]
    assert shown == [
        (DAY, True), (None, False), ("2026-12-01T00:00:00Z", False), ("2026-12-02T00:00:00Z", False)
    ]  # fmt: skip
    full = (await ada.get(f"/api/boards/{response.json()[0]['board_id']}/full")).json()
    assert full["columns"][0]["tasks"] == response.json()


async def test_a_task_that_is_sent_back_stays_as_it_is(column: Column, ada: Client) -> None:
    task = await new_task(ada, str(column.id), DAY)
    for send in (ada.put, ada.patch):
        response = await send(f"/api/tasks/{task['id']}", json=task | {"due_is_day": False})
        assert (response.status_code, response.json()) == (200, task)
    body = {"column_id": str(column.id), "title": "x", "due_is_day": True}
    assert (await ada.post("/api/tasks", json=body)).status_code == 422


@pytest.mark.parametrize(
    ("due_date", "detail"),
    [
        ("2026-02-30", "There is no such day."),
        ("2026-13-01", "There is no such day."),
        ("0000-01-01", "There is no such day."),
        ("0001-01-01", "Must be from 0001-01-02 to 9999-12-30."),
        ("9999-12-31", "Must be from 0001-01-02 to 9999-12-30."),
        ("10000-01-01", "Must be a day"),
        ("20261201", "Must be a day"),
        ("2026-12-01Z", "Must be a day"),
        ("2026-12", "Must be a day"),
    ],
)
async def test_what_is_no_day_is_refused(
    due_date: str, detail: str, column: Column, ada: Client
) -> None:
    body = {"column_id": str(column.id), "title": "x", "due_date": due_date}
    created = await ada.post("/api/tasks", json=body)
    listed = await ada.get(f"/api/tasks?due_date__lt={due_date}")
    for response in (created, listed):
        assert response.status_code == 422
        [error] = response.json()["errors"]
        assert error["detail"].startswith(detail)
    assert not await Task.exists()


# The last second of days, by hand: an offset that changes on the day, a midnight that comes twice,
# one that is skipped, and a day that is.
ENDS = {
    ("UTC", "0001-01-02"): "0001-01-02T23:59:59Z",
    ("UTC", "9999-12-30"): "9999-12-30T23:59:59Z",
    ("Etc/GMT+12", "9999-12-30"): "9999-12-31T11:59:59Z",
    ("Pacific/Kiritimati", "0001-01-02"): "0001-01-03T10:29:19Z",
    ("Europe/Berlin", "2026-03-28"): "2026-03-28T22:59:59Z",
    ("Europe/Berlin", "2026-03-29"): "2026-03-29T21:59:59Z",
    ("America/New_York", "2026-11-01"): "2026-11-02T04:59:59Z",
    ("America/Havana", "2026-10-31"): "2026-11-01T03:59:59Z",
    ("America/Sao_Paulo", "2018-02-17"): "2018-02-18T02:59:59Z",
    ("America/Sao_Paulo", "2018-11-03"): "2018-11-04T02:59:59Z",
    ("America/Nuuk", "2026-03-28"): "2026-03-29T00:59:59Z",
    ("Pacific/Apia", "2011-12-29"): "2011-12-30T09:59:59Z",
    ("Pacific/Apia", "2011-12-30"): "2011-12-30T09:59:59Z",
    ("Pacific/Apia", "2011-12-31"): "2011-12-31T09:59:59Z",
}


async def test_a_day_ends_when_it_does_on_its_board(ada: Client) -> None:
    board, column = await new_board(ada, "UTC")
    for (time_zone, day), end in ENDS.items():
        await ada.patch(f"/api/boards/{board}", json={"time_zone": time_zone})
        task = await new_task(ada, column, day)
        assert (task["due_date"], await moment(task)) == (day, end)


async def test_days_and_times_sort_by_when_they_end(ada: Client) -> None:
    """On two boards, while summer time begins on one."""
    _, berlin = await new_board(ada, "Europe/Berlin")
    _, auckland = await new_board(ada, "Pacific/Auckland")
    expected = [
        await new_task(ada, column, due_date)
        for column, due_date in (
            (auckland, "2026-03-28"),  # ends at 11:00 UTC
            (berlin, "2026-03-28T11:00:00Z"),
            (berlin, "2026-03-28"),  # ends at 23:00 UTC
            (berlin, "2026-03-28T23:00:00Z"),
            (auckland, "2026-03-29"),  # ends at 11:00 UTC
            (berlin, "2026-03-29"),  # ends at 22:00 UTC
            (auckland, "2026-03-29T22:00:00Z"),
            (auckland, None),
        )
    ]
    for limit in (1, 3, 50):
        for query, tasks in (
            ("sort=due_date", expected),
            ("sort=-due_date", expected[::-1]),
            ("sort=due_date&due_date__isnull=false", expected[:-1]),
            ("sort=due_date&due_date__lt=2026-03-28T22:59:59.999999Z", expected[:2]),
            ("sort=due_date&due_date__lte=2026-03-28T22:59:59.999999Z", expected[:3]),
            ("sort=due_date&due_date__lt=2026-03-28", []),
            ("sort=due_date&due_date__lte=2026-03-28", expected[:4]),
            ("sort=due_date&due_date__gte=2026-03-28", expected[:-1]),
            ("sort=due_date&due_date__gt=2026-03-28", expected[4:-1]),
        ):
            assert await all_pages(ada, f"/api/tasks?{query}&limit={limit}") == tasks, query


async def test_a_new_time_zone_moves_the_ends_of_days(ada: Client) -> None:
    board, column = await new_board(ada, "America/New_York")
    day, time, gone = [await new_task(ada, column, due) for due in (DAY, TIME, DAY)]
    await ada.delete(f"/api/tasks/{gone['id']}")
    _, other = await new_board(ada, "UTC")
    elsewhere = await new_task(ada, other, DAY)
    path = f"/api/boards/{board}"
    for send, body in ((ada.patch, {}), (ada.put, {"title": "x"})):
        for time_zone, end in (("Asia/Tokyo", "14"), ("America/Caracas", "03")):
            response = await send(path, json=body | {"time_zone": time_zone})
            assert response.status_code == 200
            date = "2026-12-01" if end == "14" else "2026-12-02"
            assert await moment(day) == await moment(gone) == f"{date}T{end}:59:59Z"
    # No task was changed, and none of another board or with a time is due otherwise.
    assert await moment(time) == TIME
    assert await moment(elsewhere) == "2026-12-01T23:59:59Z"
    assert (await ada.get(f"/api/columns/{column}/tasks")).json() == [day, time]
    # Left out of a PUT, it is kept.
    assert (await ada.put(path, json={"title": "y"})).json()["time_zone"] == "America/Caracas"


@pytest.mark.parametrize("way", ["PUT", "PATCH", "move", "bulk", "column"])
async def test_a_day_ends_as_on_the_board_it_moves_to(way: str, ada: Client) -> None:
    _, here = await new_board(ada, "UTC")
    board, there = await new_board(ada, "Pacific/Kiritimati")
    task = await new_task(ada, here, DAY)
    path, body = f"/api/tasks/{task['id']}", {"column_id": there}
    response = await {
        "PUT": lambda: ada.put(path, json=task | body),
        "PATCH": lambda: ada.patch(path, json=body),
        "move": lambda: ada.post(f"{path}/move", json=body),
        "bulk": lambda: ada.patch("/api/tasks", json={"ids": [task["id"]], **body}),
        "column": lambda: ada.patch(f"/api/columns/{here}", json={"board_id": board}),
    }[way]()
    assert response.status_code == 200
    assert (await ada.get(path)).json()["due_date"] == DAY
    assert await moment(task) == "2026-12-01T09:59:59Z"


@pytest.mark.parametrize(
    "time_zone",
    ["europe/berlin", "Europe/Berlin ", "EUROPE/BERLIN", "Berlin", "+02:00", "UTC+3", "EST5EDT4",
     "posix/UTC", "localtime", "../UTC", "Europe", "", "U\u0000TC", "x" * 100, "'; --", None, 1],
)  # fmt: skip
async def test_what_is_no_time_zone_is_refused(
    time_zone: object, board: Board, ada: Client
) -> None:
    body = {"title": "x", "time_zone": time_zone}
    for response in (
        await ada.post("/api/boards", json=body),
        await ada.put(f"/api/boards/{board.id}", json=body),
        await ada.patch(f"/api/boards/{board.id}", json=body),
    ):
        assert response.status_code == 422
        [error] = response.json()["errors"]
        assert error["pointer"] == "/time_zone"
    assert [each.time_zone for each in await Board.all()] == ["UTC"]


async def test_a_time_zone_that_only_postgresql_lacks_is_refused(
    board: Board, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schemas, "TIME_ZONES", {"Mars/Olympus"})
    body = {"title": "x", "time_zone": "Mars/Olympus"}
    for response in (
        await ada.post("/api/boards", json=body),
        await ada.patch(f"/api/boards/{board.id}", json=body),
    ):
        assert response.status_code == 422
        [error] = response.json()["errors"]
        assert error["pointer"] == "/time_zone"
        assert "PostgreSQL" in error["detail"]


async def test_members_dont_set_the_time_zone(ada: Client, bob: Client, world: World) -> None:
    board = await world.board(ada.user)
    await world.join(board, bob.user)
    path, body = f"/api/boards/{board.id}", {"time_zone": "Asia/Tokyo"}
    assert (await bob.patch(path, json=body)).status_code == 403


STATEMENTS = [
    "UPDATE tasks SET due_date = now()",
    "UPDATE tasks SET due_day = due_day + 1",
    "UPDATE tasks SET column_id = (SELECT max(id::text)::uuid FROM columns)",
    "UPDATE columns SET board_id = (SELECT max(id::text)::uuid FROM boards)",
    "UPDATE boards SET time_zone = 'Asia/Tokyo'",
    "INSERT INTO tasks (id, column_id, title, rank, due_day) "
    "SELECT gen_random_uuid(), column_id, title, rank || '0', due_day FROM tasks",
]


async def test_days_end_right_whoever_writes(ada: Client, database_url: str) -> None:
    for time_zone in ("America/New_York", "Pacific/Auckland"):
        _, column = await new_board(ada, time_zone)
        await new_task(ada, column, DAY)
    for statement in STATEMENTS:
        assert await sql(database_url, statement, WRONG_DUE_DATES) == [], statement
    without = "ALTER TABLE tasks DISABLE TRIGGER USER"
    assert len(await sql(database_url, without, STATEMENTS[0], WRONG_DUE_DATES)) == 4
    with pytest.raises(asyncpg.CheckViolationError):
        await sql(database_url, "UPDATE boards SET time_zone = 'Mars/Olympus'")
