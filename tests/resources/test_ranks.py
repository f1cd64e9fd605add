"""Ranks: there is always one between two others, and pages go on where they ended."""

from itertools import pairwise
from random import Random
from typing import Any

import pytest

from api.resources.siblings import MAX_LENGTH
from models.ranks import WIDTH, rank_now, ranks_at_end, ranks_between
from models.tables import Column, Task
from tests.conftest import Client, World
from tests.helpers.answers import titles


def is_ascending(ranks: list[str]) -> bool:
    return all(one < other for one, other in pairwise(ranks))


def test_there_is_a_rank_between_any_two() -> None:
    random, ranks = Random(7), [rank_now()]
    for _ in range(2000):
        place = random.randrange(len(ranks) + 1)
        low = ranks[place - 1] if place else None
        [rank] = ranks_between(low, ranks[place]) if place < len(ranks) else ranks_at_end(low)
        ranks.insert(place, rank)
    assert is_ascending(ranks)
    assert max(map(len, ranks)) < 30


@pytest.mark.parametrize("count", [1, 2, 15, 16, 17, 300])
def test_many_ranks_fit_into_any_gap(count: int) -> None:
    for low, high in ((None, "1"), ("1", "2"), ("1", "11"), ("10", "1" + "0" * 20 + "1")):
        ranks = ranks_between(low, high, count)
        assert len(ranks) == count
        assert is_ascending([*([low] if low else []), *ranks, high])
    assert is_ascending(["f" * 14, *ranks_at_end("f" * 14, count)])


@pytest.mark.parametrize(("low", "high"), [("2", "1"), ("1", "1"), (None, "0")])
def test_ranks_in_the_wrong_order_are_an_error(low: str | None, high: str) -> None:
    with pytest.raises(ValueError, match="doesn't come before"):
        ranks_between(low, high)


def test_a_clock_that_went_back_puts_nothing_before_the_end() -> None:
    ahead = "f" * WIDTH
    [first] = ranks_at_end(ahead)
    [second] = ranks_at_end(first)
    assert ahead < first < second


async def test_ranks_stay_short_after_a_clock_was_ahead(ada: Client, column: Column) -> None:
    """Each new one is the number after the last; none is longer than that."""
    ahead = f"{int(rank_now(), 16) + 10**12:x}"
    await Task.create(column=column, title="ahead", rank=ahead)
    for title in ("fast path", "fast path"):
        body = {"column_id": str(column.id), "title": title}
        assert (await ada.post("/api/tasks", json=body)).status_code == 201
    first, second = (
        await Task.filter(title="fast path").order_by("id").values_list("rank", flat=True)
    )
    assert ahead < first < second  # type: ignore[operator]
    assert len(ahead) == len(str(first)) == len(str(second)) == WIDTH
    [third] = ranks_at_end(str(second))
    assert str(second) < third
    assert len(third) == WIDTH


async def test_moves_into_the_same_gap_leave_ranks_short(
    ada: Client, column: Column, abcd: list[Task]
) -> None:
    """Each time `b` and `c` swap their places the gap behind `a` becomes narrower."""
    longest = 0
    for number in range(300):
        task = abcd[1 + number % 2]
        moved = await ada.post(f"/api/tasks/{task.id}/move", json={"after": str(abcd[0].id)})
        assert moved.json()["position"] == 1
        await task.refresh_from_db()
        longest = max(longest, len(task.rank))
    assert await titles(ada, column) == "acbd"
    assert MAX_LENGTH - 4 < longest <= MAX_LENGTH
    assert [task.version for task in await Task.filter(title__in="ad")] == [1, 1]
    assert len((await Task.get(title="c")).rank) < MAX_LENGTH


async def squeeze(column: Column, tasks: list[Task]) -> None:
    """Leave so little room after the first task that ranks are made anew by the next move there."""
    first = tasks[0].rank + "0" * (MAX_LENGTH - len(tasks[0].rank) - 1)
    for number, task in enumerate(tasks):
        await Task.filter(id=task.id).update(rank=f"{first}{number + 1:x}")


async def follow(client: Client, answer: Any) -> Any:
    return await client.get(answer.headers["link"][1:].partition(">")[0])


@pytest.mark.parametrize("by", ["cookie", "token"])
async def test_pages_neither_skip_nor_repeat_a_task_while_others_move(
    by: str, ada: Client, world: World, column: Column
) -> None:
    tasks = [await world.task(column, position) for position in range(9)]
    ids = [str(task.id) for task in tasks]
    reader = await world.sign_in(ada.user)
    if by == "token":
        body = {"name": "x", "scopes": ["read"]}
        token = (await ada.post("/api/auth/tokens", json=body)).json()["token"]
        reader.headers["Authorization"] = f"Bearer {token}"
    page = await reader.get(f"/api/columns/{column.id}/tasks?limit=3")
    assert [task["id"] for task in page.json()] == ids[:3]
    await ada.post(f"/api/tasks/{ids[0]}/move", json={"position": 8})
    await ada.post(f"/api/tasks/{ids[8]}/move", json={"position": 0})
    page = await follow(reader, page)
    assert [task["id"] for task in page.json()] == ids[3:6]
    assert [task["position"] for task in page.json()] == [3, 4, 5]


@pytest.mark.parametrize("by", ["cookie", "token"])
async def test_pages_go_on_where_ranks_were_made_anew(
    by: str, ada: Client, world: World, column: Column
) -> None:
    tasks = [await world.task(column, position) for position in range(9)]
    await squeeze(column, tasks)
    ids = [str(task.id) for task in tasks]
    reader = await world.sign_in(ada.user)
    if by == "token":
        body = {"name": "x", "scopes": ["read"]}
        token = (await ada.post("/api/auth/tokens", json=body)).json()["token"]
        reader.headers["Authorization"] = f"Bearer {token}"
    page = await reader.get(f"/api/columns/{column.id}/tasks?limit=3")
    before = {task.id: task.rank for task in await Task.all()}
    await ada.post(f"/api/tasks/{ids[8]}/move", json={"after": ids[0]})
    assert all(task.rank != before[task.id] for task in await Task.all())
    page = await follow(reader, page)
    assert [task["id"] for task in page.json()] == ids[3:6]
    assert [task["position"] for task in page.json()] == [4, 5, 6]


async def test_the_row_that_moves_may_have_a_rank_that_another_gets(
    ada: Client, world: World, column: Column
) -> None:
    tasks = [await world.task(column, position) for position in range(40)]
    for number, task in enumerate(tasks):
        rank = f"{2**44 + number * 2**32:013x}"
        if number < 2:  # between which there is no room
            rank = f"{2**40:013x}".ljust(MAX_LENGTH - 1, "0") + str(number + 1)
        await Task.filter(id=task.id).update(rank=rank)
    end = (await Task.get(id=tasks[33].id)).rank
    await Task.filter(id=tasks[39].id).update(rank=ranks_between(None, end, 34)[20])
    moved = await ada.post(f"/api/tasks/{tasks[39].id}/move", json={"after": str(tasks[0].id)})
    assert (moved.status_code, moved.json().get("position")) == (200, 1)
    listed = (await ada.get(f"/api/columns/{column.id}/tasks?limit=50")).json()
    order = [tasks[0], tasks[39], *tasks[1:39]]
    assert [task["id"] for task in listed] == [str(task.id) for task in order]
