"""Filters, orders and pages of lists: nothing left out, nothing twice, whatever comes meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from models.enums import Priority, Role, Status
from models.tables import Board, BoardComment, Column, Comment, Label, Subtask, Task
from tests.conftest import Client, World
from tests.helpers.answers import all_pages, check_problem
from tests.helpers.fast_path import as_script, by_endpoint
from tests.helpers.openapi import resolved

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
NOBODY = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"
CHANGED = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 14)]
DUE = [None, NOW, NOW + timedelta(days=1), NOW, None, NOW - timedelta(days=1)]


@pytest.fixture
async def tasks(column: Column) -> list[Task]:
    """Tasks with ties, and some without a date."""
    statuses, priorities = list(Status), list(Priority)
    tasks = [
        await Task.create(
            column=column,
            title=f"Task {'BAC'[n % 3]}",
            due_date=DUE[n % len(DUE)],
            status=statuses[n % 4],
            priority=priorities[n % 3],
        )
        for n in range(13)
    ]
    for task, at in zip(tasks, CHANGED, strict=True):  # the ORM sets the times itself
        await Task.filter(id=task.id).update(created_at=at, updated_at=at)
        task.created_at = task.updated_at = at
    return tasks


FILTERS: dict[str, Any] = {
    "": lambda task: True,
    "status=TODO": lambda task: task.status == "TODO",
    "status=TODO&status=DONE": lambda task: task.status in ("TODO", "DONE"),
    "status=DONE&priority=HIGH": lambda task: (task.status, task.priority) == ("DONE", "HIGH"),
    "due_date__lt=2026-05-01T12:00:00Z": lambda task: task.due_date and task.due_date < NOW,
    "due_date__lte=2026-05-01T14:00:00%2B02:00": lambda t: t.due_date and t.due_date <= NOW,
    "due_date__gt=2026-05-01T12:00:00Z": lambda task: task.due_date and task.due_date > NOW,
    "due_date__gte=2026-05-01T12:00:00Z": lambda task: task.due_date and task.due_date >= NOW,
    "due_date__isnull=true": lambda task: task.due_date is None,
    "due_date__isnull=false&status=DONE": lambda t: t.due_date is not None and t.status == "DONE",
    "due_date__gte=2026-05-01T12:00:00Z&due_date__lt=2026-05-02T12:00:00Z": (
        lambda task: task.due_date == NOW
    ),
    "updated_at__gt=2026-01-04T00:00:00Z": lambda task: task.updated_at > CHANGED[3],
    "updated_at__gte=2026-01-04T00:00:00Z": lambda task: task.updated_at >= CHANGED[3],
    "updated_at__lt=2026-01-04T00:00:00Z&status=TODO": (
        lambda task: task.updated_at < CHANGED[3] and task.status == "TODO"
    ),
    "updated_at__lte=2026-01-04T00:00:00Z": lambda task: task.updated_at <= CHANGED[3],
    "updated_at__gte=2026-01-02T00:00:00Z&updated_at__lt=2026-01-04T01:00:00%2B01:00": (
        lambda task: CHANGED[1] <= task.updated_at < CHANGED[3]
    ),
}  # fmt: skip


@pytest.mark.parametrize("query", FILTERS)
async def test_a_filter_lets_exactly_those_pass(query: str, tasks: list[Task], ada: Client) -> None:
    expected = [str(task.id) for task in tasks if FILTERS[query](task)]
    for limit in (200, 2):
        listed = await all_pages(ada, f"/api/tasks?{query}&limit={limit}".replace("?&", "?"))
        assert [task["id"] for task in listed] == expected
    assert expected


@pytest.mark.parametrize("limit", [1, 2, 50])
@pytest.mark.parametrize(
    "sort",
    ["id", "-id", "title", "due_date", "-due_date", "priority", "-status", "-updated_at"],
)
async def test_an_order_holds_within_one_status_too(
    sort: str, limit: int, tasks: list[Task], ada: Client
) -> None:
    """Its pages are those of an index that begins with the status."""
    for query, statuses in (("status=TODO", ["TODO"]), ("status=DONE&status=DONE", ["DONE"])):
        listed = await all_pages(ada, f"/api/tasks?{query}&sort={sort}&limit={limit}")
        some = [task for task in tasks if task.status in statuses]
        assert [task["id"] for task in listed] == in_order(some, sort)


MOVE_TARGETS: list[Any] = ["LOW", "MEDIUM", "HIGH", "TODO", "IN_PROGRESS", "DONE", "REJECT"]


def in_place(value: Any) -> Any:
    """Return a priority or a status as its place in their order, anything else as it is."""
    return MOVE_TARGETS.index(value) if value in MOVE_TARGETS else value


def in_order(tasks: list[Task], sort: str) -> list[str]:
    """Sort by hand: null is the greatest, and what is equal goes by id."""
    name, descending = sort.lstrip("-"), sort.startswith("-")

    def key(task: Task) -> tuple[Any, ...]:
        value = in_place(getattr(task, name))
        return (value is None, value if value is not None else 0, str(task.id))

    return [str(task.id) for task in sorted(tasks, key=key, reverse=descending)]


@pytest.mark.parametrize("limit", [1, 2, 5, 50])
@pytest.mark.parametrize(
    "sort",
    [
        "id",
        "-id",
        "title",
        "-title",
        "due_date",
        "-due_date",
        "-updated_at",
        "priority",
        "-priority",
        "status",
        "-status",
    ],
)
async def test_an_order_holds_over_all_pages(
    sort: str, limit: int, tasks: list[Task], ada: Client
) -> None:
    listed = await all_pages(ada, f"/api/tasks?sort={sort}&limit={limit}")
    assert [task["id"] for task in listed] == in_order(tasks, sort)


@pytest.mark.parametrize(
    "sort",
    ["id", "-id", "title", "-title", "due_date", "-due_date", "priority", "-priority", "-status"],
)
async def test_what_comes_and_goes_meanwhile_moves_nothing_else(
    sort: str, column: Column, tasks: list[Task], ada: Client
) -> None:
    path, seen, extra = f"/api/tasks?sort={sort}&limit=2", [], 0
    going = {str(task.id) for task in tasks[::5]}
    for round_ in range(100):
        response = await ada.get(path)
        seen += [task["id"] for task in response.json()]
        if "link" not in response.headers:
            break
        path = response.headers["link"][1:].partition(">")[0]
        if round_ < 3:  # at both ends, and in the middle of ties
            for title, due in (("A", None), ("Task B", NOW), ("Z", NOW + timedelta(days=9))):
                body = {"column_id": str(column.id), "title": title}
                if due:
                    body["due_date"] = due.isoformat()
                assert (await ada.post("/api/tasks", json=body)).status_code == 201
                extra += 1
            if unseen := going - set(seen):
                gone = unseen.pop()
                going.discard(gone)
                assert (await ada.delete(f"/api/tasks/{gone}")).status_code == 204
                tasks = [task for task in tasks if str(task.id) != gone]
    old = [task_id for task_id in seen if task_id in {str(task.id) for task in tasks}]
    assert old == in_order(tasks, sort)
    assert len(seen) == len(set(seen)) <= len(tasks) + extra + 3


async def test_each_list_is_filtered_by_its_board(world: World, ada: Client, bob: Client) -> None:
    boards = [await world.board(ada.user, members={bob.user: Role.MEMBER}) for _ in range(2)]
    private = await world.board(bob.user)
    for board in (*boards, private):
        task = await world.task(await world.column(board))
        await Subtask.create(task=task, title="x", is_completed=board is boards[0])
        await Comment.create(task=task, user=bob.user, content="x")
        await BoardComment.create(board=board, user=bob.user, content="x")
        await Label.create(board=board, name="x")
    for kind in ("columns", "tasks", "subtasks", "comments", "board-comments", "labels"):
        everything = await all_pages(ada, f"/api/{kind}")
        assert len(everything) == 2
        for board, record in zip(boards, everything, strict=True):
            assert await all_pages(ada, f"/api/{kind}?board_id={board.id}") == [record]
        both = f"board_id={boards[0].id}&board_id={boards[1].id}"
        assert await all_pages(ada, f"/api/{kind}?{both}&limit=1") == everything
        assert await all_pages(ada, f"/api/{kind}?board_id={private.id}") == []
    assert len(await all_pages(ada, "/api/subtasks?is_completed=true")) == 1
    assert len(await all_pages(ada, f"/api/comments?user_id={bob.id}")) == 2
    assert await all_pages(ada, f"/api/comments?user_id={ada.id}") == []
    assert len(await all_pages(ada, "/api/boards?is_public=false&sort=-title")) == 2


async def test_tasks_are_filtered_by_assignee_and_label(
    world: World, ada: Client, bob: Client
) -> None:
    board = await world.board(ada.user, members={bob.user: Role.MEMBER})
    column = await world.column(board)
    tasks = [await world.task(column, n) for n in range(5)]
    ids = [str(task.id) for task in tasks]
    red, blue = [await Label.create(board=board, name=name) for name in ("red", "blue")]
    for n, label in ((0, red), (0, blue), (1, blue), (2, red)):
        assert (await ada.put(f"/api/tasks/{ids[n]}/labels/{label.id}")).status_code == 204
    for n, user in ((0, ada), (0, bob), (3, bob), (2, ada)):
        assert (await ada.put(f"/api/tasks/{ids[n]}/assignees/{user.id}")).status_code == 204
    expected = {
        f"label_id={red.id}": [0, 2],
        f"label_id={red.id}&label_id={blue.id}": [0, 1, 2],
        f"assignee_id={bob.id}": [0, 3],
        f"assignee_id={ada.id}&assignee_id={bob.id}": [0, 2, 3],
        f"assignee_id={ada.id}&label_id={red.id}": [0, 2],
        f"assignee_id={bob.id}&label_id={blue.id}": [0],
        f"assignee_id={bob.id}&label_id={red.id}&status=DONE": [],
        f"assignee_id={board.id}": [],
        f"label_id={red.id}&q=task": [0, 2],
        "assignee_id=none": [1, 4],
        "label_id=none": [3, 4],
        "assignee_id=none&label_id=none": [4],
        f"assignee_id=none&assignee_id={ada.id}": [0, 1, 2, 4],
        f"assignee_id={ada.id}&assignee_id=none&label_id={blue.id}": [0, 1],
        "label_id=none&label_id=none&q=task": [3, 4],
        f"label_id=none&board_id={board.id}": [3, 4],
        f"id={ids[1]}&id={ids[4]}": [1, 4],
        f"id={ids[1]}&id={ids[2]}&id={column.id}&label_id={red.id}": [2],
    }
    for query, numbers in expected.items():
        for limit in (1, 50):
            listed = await all_pages(ada, f"/api/tasks?{query}&limit={limit}&sort=id")
            assert [task["id"] for task in listed] == [ids[n] for n in numbers], query
    # Neither filter shows tasks of a board that isn't seen.
    assert (await ada.delete(f"/api/boards/{board.id}/users/{bob.id}")).status_code == 204
    for query in (f"label_id={red.id}", f"assignee_id={ada.id}", "label_id=none", f"id={ids[0]}"):
        assert await all_pages(bob, f"/api/tasks?{query}") == []
    assert await all_pages(ada, f"/api/tasks?assignee_id={bob.id}") == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("status=LATE", "status"),
        ("status=", "status"),
        ("status=todo", "status"),
        ("status__in=TODO", "status__in"),
        ("priority=HIGH,LOW", "priority"),
        ("due_date=2026-05-01T12:00:00Z", "due_date"),
        ("due_date__lt=2026-02-30", "due_date__lt"),
        ("due_date__lt=1777636800", "due_date__lt"),
        ("due_date__isnull=1", "due_date__isnull"),
        ("due_date__lt=2026-05-01T12:00:00Z&due_date__lt=2026-05-01T12:00:00Z", "due_date__lt"),
        ("hashed_password=x", "hashed_password"),
        ("column__board__title=x", "column__board__title"),
        ("column_id=x", "column_id"),
        ("label_id=x", "label_id"),
        ("assignee_id=ada", "assignee_id"),
        ("label_id__in=x", "label_id__in"),
        ("label_id=None", "label_id"),
        ("column_id=none", "column_id"),
        ("id=none", "id"),
        ("id=me", "id"),
        ("&".join([f"id={NOBODY}"] * 201), "id"),
        ("updated_at__gt=yesterday", "updated_at__gt"),
        ("updated_at__gt=2026-05-01", "updated_at__gt"),
        ("updated_at=2026-05-01T12:00:00Z", "updated_at"),
        ("updated_at__isnull=true", "updated_at__isnull"),
        ("labellings__label_id=x", "labellings__label_id"),
        ("words=x", "words"),
        ("sort=position", "sort"),
        ("sort=+title", "sort"),
        ("sort=title&sort=id", "sort"),
        ("sort=column__board__title", "sort"),
        ("sort=", "sort"),
        ("&".join(["status=TODO"] * 51), "status"),
    ],
)
async def test_what_is_no_filter_is_refused(query: str, parameter: str, ada: Client) -> None:
    [error] = check_problem(await ada.get(f"/api/tasks?{query}"), 422)["errors"][:1]
    assert error["parameter"] == parameter


async def test_a_list_of_ids_is_read_at_once(tasks: list[Task], ada: Client) -> None:
    ids = [str(task.id) for task in tasks]
    query = "&".join(f"id={each}" for each in [*reversed(ids), *[NOBODY] * 187])
    for limit in (200, 5):
        listed = await all_pages(ada, f"/api/tasks?{query}&limit={limit}")
        assert [task["id"] for task in listed] == ids
    board = await Board.first()
    assert board
    assert len(await all_pages(ada, f"/api/boards?id={NOBODY}&id={board.id}")) == 1


async def test_only_admins_filter_users_by_is_admin(
    ada: Client, admin: Client, world: World
) -> None:
    for flag, expected in (("true", ["root"]), ("false", ["ada"])):
        path = f"/api/users?is_admin={flag}"
        for answer in (await admin.get(path), await by_endpoint(world, admin, path)):
            assert [user["username"] for user in answer.json()] == expected
        check_problem(await ada.get(path), 403)
    script = await as_script(admin, "read")
    check_problem(await script.get("/api/users?is_admin=true"), 403)
    check_problem(await ada.get("/api/users?is_admin=1"), 422)


async def test_a_cursor_goes_with_its_order(tasks: list[Task], ada: Client) -> None:
    first = await ada.get("/api/tasks?sort=title&limit=1")
    cursor = first.headers["link"].partition("cursor=")[2].partition(">")[0]
    for sort in ("id", "-title", "due_date", "priority"):
        response = await ada.get(f"/api/tasks?sort={sort}&cursor={cursor}")
        assert check_problem(response, 422)["errors"][0]["parameter"] == "cursor"
    assert (await ada.get(f"/api/tasks?sort=title&cursor={cursor}")).status_code == 200


@pytest.mark.parametrize("letter", ["😀", "\x01", '"'])
async def test_the_longest_title_fits_a_cursor(letter: str, column: Column, ada: Client) -> None:
    for _ in range(2):
        await Task.create(column=column, title=letter * 255)
    assert len(await all_pages(ada, "/api/tasks?sort=-title&limit=1")) == 2


# By hand: what each list can be narrowed by, and what it can be sorted by besides `id`.
TIMES = "created_at updated_at"
OFFERED = {
    "users": ("q id is_admin username email", "registered_at"),
    "boards": ("q is_public is_template", f"title {TIMES}"),
    "columns": ("q board_id", f"title {TIMES}"),
    "tasks": (
        "q board_id column_id status priority due_date__lt due_date__lte due_date__gt "
        "due_date__gte due_date__isnull assignee_id label_id",
        f"title due_date priority status {TIMES}",
    ),
    "subtasks": ("q board_id task_id is_completed", TIMES),
    "comments": ("q board_id task_id user_id", TIMES),
    "board-comments": ("q board_id user_id", TIMES),
    "labels": ("q board_id", f"name {TIMES}"),
}


def test_each_list_offers_its_filters_and_orders(application: FastAPI) -> None:
    for kind, (filters, orders) in OFFERED.items():
        listed = resolved(application.openapi())["paths"][f"/api/{kind}"]["get"]["parameters"]
        found = {each["name"]: each["schema"] for each in listed if each["in"] == "query"}
        sort = found.pop("sort")
        times = [f"updated_at__{each}" for each in ("lt", "lte", "gt", "gte")]
        both = ["id", "archived", *times] if kind != "users" else []
        assert set(found) == {"limit", "cursor", "count", *filters.split(), *both}
        names = ["id", *orders.split()]
        assert sort["enum"] == [f"{sign}{name}" for name in names for sign in ("", "-")]


async def test_each_order_is_one_that_the_list_can_be_read_in(
    world: World, ada: Client, tasks: list[Task]
) -> None:
    await Subtask.create(task=tasks[0], title="x")
    for kind, (_, orders) in OFFERED.items():
        for name in ("id", *orders.split()):
            for sign in ("", "-"):
                response = await ada.get(f"/api/{kind}?sort={sign}{name}")
                assert response.status_code == 200
                records = [each for each in response.json() if each[name] is not None]
                values = [in_place(record[name]) for record in records]
                assert values == sorted(values, reverse=sign == "-"), (kind, name)


def test_swagger_knows_every_filter_with_its_type(application: FastAPI) -> None:
    listed = resolved(application.openapi())["paths"]["/api/tasks"]["get"]["parameters"]
    schemas = {each["name"]: each["schema"] for each in listed if each["in"] == "query"}
    assert set(schemas) == {
        "limit", "cursor", "count", "sort", "board_id", "column_id", "status", "priority",
        "due_date__lt", "due_date__lte", "due_date__gt", "due_date__gte", "due_date__isnull",
        "assignee_id", "label_id", "q", "id", "archived",
        *(f"updated_at__{word}" for word in ("lt", "lte", "gt", "gte")),
    }  # fmt: skip
    assert schemas["status"]["type"] == "array"
    assert schemas["status"]["items"] == {"$ref": "#/components/schemas/Status"}
    assert schemas["status"]["maxItems"] == 50
    formats = [each["format"] for each in schemas["due_date__lt"]["anyOf"]]
    assert formats == ["date-time", "date"]
    assert schemas["updated_at__lt"]["format"] == "date-time"
    assert schemas["due_date__isnull"]["type"] == "boolean"
    assert "default" not in schemas["sort"]
    uuid = {"type": "string", "format": "uuid"}
    assert schemas["column_id"]["items"] == uuid
    assert schemas["label_id"]["items"]["anyOf"] == [uuid, {"type": "string", "const": "none"}]
    assert [each.get("const") for each in schemas["assignee_id"]["items"]["anyOf"]] == [
        None, "none", "me",
    ]  # fmt: skip
    assert schemas["id"]["maxItems"] == 200
    assert schemas["label_id"]["maxItems"] == 50
    assert (schemas["q"]["type"], schemas["q"]["maxLength"]) == ("string", 200)
    assert "-due_date" in schemas["sort"]["enum"]
