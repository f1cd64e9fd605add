"""Positions are 0 to n-1 without gaps or doubles, whatever is done, and however much at once."""

import asyncio
from random import Random
from typing import Any
from uuid import UUID

import pytest

from models.enums import Role
from models.tables import Board, Column, Task
from tests.conftest import Client, World
from tests.helpers.answers import check_problem, titles
from tests.helpers.hostile import UNKNOWN


async def put(client: Client, task: Task, **change: object) -> dict:
    body = {"column_id": str(task.column_id), "title": task.title, **change}
    response = await client.put(f"/api/tasks/{task.id}", json=body)
    assert response.status_code == 200
    return response.json()


@pytest.mark.parametrize(
    ("position", "expected"),
    [(None, "abcdx"), (0, "xabcd"), (2.0, "abxcd"), (4, "abcdx"), (99, "abcdx")],
)
async def test_a_new_task_goes_where_it_is_put(
    ada: Client, column: Column, abcd: list[Task], position: float | None, expected: str
) -> None:
    body: dict[str, object] = {"column_id": str(column.id), "title": "x"}
    body |= {} if position is None else {"position": position}
    response = await ada.post("/api/tasks", json=body)
    assert response.status_code == 201
    assert response.json()["position"] == expected.index("x")
    assert await titles(ada, column) == expected


@pytest.mark.parametrize("position", [-1, 1.5, "0", True, None, 2**31])
async def test_a_position_that_is_none_is_refused(
    ada: Client, column: Column, abcd: list[Task], position: object
) -> None:
    body = {"column_id": str(column.id), "title": "x", "position": position}
    assert (await ada.post("/api/tasks", json=body)).status_code == 422
    assert (await ada.put(f"/api/tasks/{abcd[0].id}", json=body)).status_code == 422
    assert await titles(ada, column) == "abcd"


@pytest.mark.parametrize(
    ("which", "position", "expected"),
    [
        (0, 0, "abcd"), (0, 1, "bacd"), (0, 3, "bcda"), (0, 99, "bcda"),
        (3, 0, "dabc"), (3, 2, "abdc"), (2, 1, "acbd"), (1, 1, "abcd"),
    ],
)  # fmt: skip
async def test_a_task_moves_within_its_column(
    ada: Client, column: Column, abcd: list[Task], which: int, position: int, expected: str
) -> None:
    moved = await put(ada, abcd[which], position=position)
    assert moved["position"] == expected.index(abcd[which].title)
    assert await titles(ada, column) == expected


async def test_a_change_without_a_position_does_not_move(
    ada: Client, column: Column, abcd: list[Task]
) -> None:
    assert (await put(ada, abcd[1], title="B"))["position"] == 1
    assert await titles(ada, column) == "aBcd"


@pytest.mark.parametrize(
    ("position", "there"), [(None, "xyb"), (0, "bxy"), (1, "xby"), (2, "xyb"), (9, "xyb")]
)
async def test_a_task_moves_to_another_column(
    ada: Client, board: Board, column: Column, abcd: list[Task], world: World,
    position: int | None, there: str,
) -> None:  # fmt: skip
    other = await world.column(board, 1)
    for title in "xy":
        await Task.create(column=other, title=title)
    change = {} if position is None else {"position": position}
    moved = await put(ada, abcd[1], column_id=str(other.id), **change)
    assert moved["column_id"] == str(other.id)
    assert moved["position"] == there.index("b")
    assert await titles(ada, column) == "acd"
    assert await titles(ada, other) == there


async def test_a_task_moves_to_another_board(
    ada: Client, column: Column, abcd: list[Task], world: World
) -> None:
    other = await world.column(await world.board(ada.user))
    await put(ada, abcd[0], column_id=str(other.id))
    assert await titles(ada, column) == "bcd"
    assert await titles(ada, other) == "a"


async def test_a_task_does_not_move_to_a_read_only_board(
    ada: Client, bob: Client, column: Column, abcd: list[Task], world: World
) -> None:
    other = await world.column(await world.board(bob.user, is_public=True))
    hidden = await world.column(await world.board(bob.user))
    for destination, status in ((other, 403), (hidden, 404)):
        body = {"column_id": str(destination.id), "title": "a"}
        assert (await ada.put(f"/api/tasks/{abcd[0].id}", json=body)).status_code == status
    assert await titles(ada, column) == "abcd"


async def test_deleting_a_task_closes_the_gap(
    ada: Client, column: Column, abcd: list[Task]
) -> None:
    assert (await ada.delete(f"/api/tasks/{abcd[1].id}")).status_code == 204
    assert await titles(ada, column) == "acd"
    assert (await ada.delete(f"/api/tasks/{abcd[1].id}")).status_code == 404


async def test_shifting_the_others_is_no_edit_of_theirs(
    ada: Client, column: Column, abcd: list[Task]
) -> None:
    before = {task.id: task.updated_at for task in await Task.all()}
    await put(ada, abcd[0], position=3)
    await ada.post("/api/tasks", json={"column_id": str(column.id), "title": "x", "position": 0})
    changed = {task.title for task in await Task.all() if task.updated_at != before.get(task.id)}
    assert changed == {"a", "x"}


async def test_columns_keep_their_order_too(ada: Client, board: Board) -> None:
    made = []
    for title, position in (("a", None), ("b", None), ("c", 0)):
        body: dict[str, object] = {"board_id": str(board.id), "title": title}
        body |= {} if position is None else {"position": position}
        response = await ada.post("/api/columns", json=body)
        assert response.status_code == 201
        made.append(response.json()["id"])
    first = {"title": "b", "position": 0}
    assert (await ada.put(f"/api/columns/{made[1]}", json=first)).json()["position"] == 0
    assert (await ada.delete(f"/api/columns/{made[2]}")).status_code == 204
    columns = (await ada.get(f"/api/boards/{board.id}/columns")).json()
    assert [(c["title"], c["position"]) for c in columns] == [("b", 0), ("a", 1)]


async def test_columns_of_others_stay(ada: Client, bob: Client, world: World) -> None:
    column = await world.column(await world.board(ada.user, is_public=True))
    body = {"board_id": str(column.board_id), "title": "x"}
    assert (await bob.post("/api/columns", json=body)).status_code == 403
    assert (await bob.put(f"/api/columns/{column.id}", json={"title": "x"})).status_code == 403
    assert (await bob.delete(f"/api/columns/{column.id}")).status_code == 403
    assert [(c.title, c.rank) for c in await Column.all()] == [("Column 0", column.rank)]


async def test_a_hundred_creates_and_moves_at_once_end_dense(
    ada: Client, board: Board, column: Column, abcd: list[Task], world: World
) -> None:
    other = await world.column(board, 1)
    third = await world.column(await world.board(ada.user))
    places: list[UUID] = [column.id, other.id, third.id]
    requests = []
    for number in range(100):
        body = {"column_id": str(places[number % 3]), "title": "x", "position": number % 5}
        if number % 2:
            requests.append(ada.post("/api/tasks", json=body))
        else:
            requests.append(ada.put(f"/api/tasks/{abcd[number % 4].id}", json=body))
    statuses = [response.status_code for response in await asyncio.gather(*requests)]
    assert set(statuses) == {200, 201}
    assert sum([len(await titles(ada, str(place))) for place in places]) == 54


async def test_a_hundred_identical_adds_make_one_member(
    ada: Client, bob: Client, board: Board
) -> None:
    body = {"user_id": bob.id}
    path = f"/api/boards/{board.id}/users"
    answers = await asyncio.gather(*(ada.post(path, json=body) for _ in range(100)))
    assert sorted(answer.status_code for answer in answers) == [200] * 99 + [201]


async def test_two_moving_against_each_other_do_not_deadlock(ada: Client, world: World) -> None:
    columns = [await world.column(await world.board(ada.user)) for _ in range(2)]
    tasks = [await world.task(column) for column in columns]
    for _ in range(10):
        answers = await asyncio.gather(
            *(
                ada.put(f"/api/tasks/{task.id}", json={"column_id": str(c.id), "title": "x"})
                for task, c in zip(tasks, reversed(columns), strict=True)
            )
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        columns.reverse()


async def test_members_of_both_boards_may_move_between_them(
    ada: Client, bob: Client, abcd: list[Task], board: Board, world: World
) -> None:
    await world.join(board, bob.user)
    other = await world.column(await world.board(ada.user, members={bob.user: Role.MEMBER}))
    await put(bob, abcd[0], column_id=str(other.id))
    assert await titles(bob, other) == "a"


def placed(order: list[str], moving: str, place: dict[str, Any]) -> list[str]:
    """Work out on a list where a record comes to be."""
    rest = [other for other in order if other != moving]
    if "before" in place and place["before"] != moving:
        index = rest.index(place["before"])
    elif "after" in place and place["after"] != moving:
        index = rest.index(place["after"]) + 1
    elif "position" in place:
        index = place["position"]
    else:
        index = order.index(moving)
    return [*rest[:index], moving, *rest[index:]]


async def test_every_move_within_a_column_ends_where_it_was_to(world: World, ada: Client) -> None:
    column = await world.column(await world.board(ada.user))
    order = [str((await world.task(column, position)).id) for position in range(4)]
    for moving in list(order):
        for other in list(order):
            for way in ("before", "after"):
                order = placed(order, moving, {way: other})
                response = await ada.post(f"/api/tasks/{moving}/move", json={way: other})
                assert response.status_code == 200
                listed = (await ada.get(f"/api/columns/{column.id}/tasks")).json()
                assert [task["id"] for task in listed] == order
                assert [task["position"] for task in listed] == [0, 1, 2, 3]


async def test_a_move_to_another_column_is_one_step(world: World, ada: Client) -> None:
    board = await world.board(ada.user)
    here, there = await world.column(board, 0), await world.column(board, 1)
    [task] = [str((await world.task(here)).id)]
    others = [str((await world.task(there, position)).id) for position in range(2)]
    for place, expected in (
        ({"before": others[1]}, [others[0], task, others[1]]),
        ({"after": others[1]}, [*others, task]),
        ({"position": 0}, [task, *others]),
        ({}, [*others, task]),
    ):
        body = {"column_id": str(there.id), **place}
        assert (await ada.post(f"/api/tasks/{task}/move", json=body)).status_code == 200
        listed = (await ada.get(f"/api/columns/{there.id}/tasks")).json()
        assert [each["id"] for each in listed] == expected
        back = await ada.post(f"/api/tasks/{task}/move", json={"column_id": str(here.id)})
        assert back.json()["position"] == 0


async def test_columns_move_before_and_after_each_other(world: World, ada: Client) -> None:
    board = await world.board(ada.user)
    first, second, third = [str((await world.column(board, place)).id) for place in range(3)]
    await ada.post(f"/api/columns/{first}/move", json={"after": second})
    await ada.post(f"/api/columns/{third}/move", json={"before": second})
    listed = (await ada.get(f"/api/boards/{board.id}/columns")).json()
    assert [column["id"] for column in listed] == [third, second, first]


async def test_a_neighbour_that_is_elsewhere_is_a_conflict(
    world: World, ada: Client, bob: Client
) -> None:
    board = await world.board(ada.user)
    here, there = await world.column(board, 0), await world.column(board, 1)
    task, other = await world.task(here), await world.task(there)
    private = await world.task(await world.column(await world.board(bob.user)))
    answers = set()
    for neighbour in (other.id, private.id, UNKNOWN):
        body = {"before": str(neighbour)}
        response = await ada.post(f"/api/tasks/{task.id}/move", json=body)
        problem = check_problem(response, 409)
        assert problem["type"] == "/problems/neighbour-moved"
        assert problem["errors"][0]["pointer"] == "/before"
        answers.add(response.text)
    assert len(answers) == 1  # nobody learns which ids there are


@pytest.mark.parametrize(
    "body", [{}, {"before": UNKNOWN, "after": UNKNOWN}, {"position": 0, "before": UNKNOWN}]
)
async def test_a_move_names_one_place(body: dict[str, Any], world: World, ada: Client) -> None:
    task = await world.task(await world.column(await world.board(ada.user)))
    response = await ada.post(f"/api/tasks/{task.id}/move", json=body)
    assert check_problem(response, 422)["errors"][0]["code"] == "one_place"


class Model:
    """The order of two columns worked out on lists, what is in the trash or archived included."""

    def __init__(self, columns: list[str]) -> None:
        self.rows: dict[str, list[str]] = {column: [] for column in columns}
        self.discarded: set[str] = set()
        self.archived: set[str] = set()

    def shown(self, column: str) -> list[str]:
        return [row for row in self.rows[column] if row not in self.discarded | self.archived]

    def column_of(self, task: str) -> str:
        return next(column for column, rows in self.rows.items() if task in rows)

    def put(self, task: str, column: str, place: dict[str, Any]) -> None:
        """Put a task at a place: right after the one before it, or right before the one after."""
        rows = self.rows[column]
        beside = place.get("before") or place.get("after")
        if beside == task or (not place and task in rows):
            return
        if task in rows or any(task in other for other in self.rows.values()):
            self.rows[self.column_of(task)].remove(task)
        shown, at = self.shown(column), place.get("position", len(rows))
        if "before" in place:
            index = rows.index(place["before"])
        elif "after" in place:
            index = rows.index(place["after"]) + 1
        elif at >= len(shown) and at:
            index = len(rows) if "position" not in place or at > len(shown) else self._after(column)
        else:
            index = rows.index(shown[at - 1]) + 1 if at else 0
        rows.insert(index, task)

    def _after(self, column: str) -> int:
        """Return the index right after the last task that is shown."""
        return self.rows[column].index(self.shown(column)[-1]) + 1


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("by", ["fast path", "endpoint"])
async def test_any_sequence_of_changes_leaves_the_expected_order(
    by: str, seed: int, ada: Client, board: Board, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "endpoint":
        monkeypatch.setattr(world.app.fast_path, "operations", {})  # type: ignore[attr-defined]
    random = Random(seed)
    columns = [str((await world.column(board, position)).id) for position in range(2)]
    model = Model(columns)
    for step in range(80):
        column = random.choice(columns)
        shown = [task for each in columns for task in model.shown(each)]
        way = random.choice(["position", "position", "before", "after", "end"])
        neighbours = model.shown(column)
        place: dict[str, Any] = {"position": random.randrange(len(neighbours) + 2)}
        if way in ("before", "after") and neighbours:
            place = {way: random.choice(neighbours)}
        elif way == "end":
            place = {}
        kinds = ["add", "move", "move", "move", "discard", "restore", "many"]
        change = random.choice([*kinds, "archive", "unarchive"])
        if change == "add" or not shown:
            place = {k: v for k, v in place.items() if k == "position"}
            body = {"column_id": column, "title": f"{step}", **place}
            answer = await ada.post("/api/tasks", json=body)
            model.put(answer.json()["id"], column, place)
        elif change == "move":
            task = random.choice(shown)
            own = {"column_id": column} if column != model.column_of(task) or not place else {}
            answer = await ada.post(f"/api/tasks/{task}/move", json={**own, **place})
            model.put(task, column, place)
        elif change == "discard":
            task = random.choice(shown)
            answer = await ada.delete(f"/api/tasks/{task}")
            model.discarded.add(task)
        elif change == "restore" and model.discarded:
            task = random.choice(sorted(model.discarded))
            answer = await ada.post(f"/api/tasks/{task}/restore")
            model.discarded.remove(task)
        elif change == "archive":
            task = random.choice(shown)
            answer = await ada.post(f"/api/tasks/{task}/archive")
            model.archived.add(task)
        elif change == "unarchive" and model.archived:
            task = random.choice(sorted(model.archived))
            answer = await ada.post(f"/api/tasks/{task}/unarchive")
            model.archived.remove(task)
        else:
            chosen = random.sample(shown, min(3, len(shown)))
            answer = await ada.patch("/api/tasks", json={"ids": chosen, "column_id": column})
            for task in chosen:
                if model.column_of(task) != column:
                    model.put(task, column, {})
        assert answer.is_success, answer.text
        for each in columns:
            listed = (await ada.get(f"/api/columns/{each}/tasks?limit=200")).json()
            assert [task["id"] for task in listed] == model.shown(each), (step, change, place)
            assert [task["position"] for task in listed] == list(range(len(listed)))
            for task in listed:
                if answer.content and answer.json() and "/move" in str(answer.url):
                    assert task["id"] != answer.json()["id"] or task == answer.json()
