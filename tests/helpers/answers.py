"""Read responses: problems, pages of lists, and the tasks of a column."""

from typing import Any

import httpx

from models.tables import Column
from tests.conftest import Client


def check_problem(response: httpx.Response, status: int, root: str = "") -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    problem = response.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(problem)
    assert problem["status"] == status
    assert problem["type"].startswith(f"{root}/problems/")
    return problem


async def titles(client: Client, column: Column | str) -> str:
    """Return the titles of a column's tasks in order; their positions are checked."""
    column_id = column if isinstance(column, str) else column.id
    tasks = (await client.get(f"/api/columns/{column_id}/tasks?limit=200")).json()
    assert [task["position"] for task in tasks] == list(range(len(tasks)))
    return "".join(task["title"] for task in tasks)


async def all_pages(client: Client, path: str) -> list[dict[str, Any]]:
    """Return all pages of a list."""
    records: list[dict[str, Any]] = []
    for _ in range(100):
        response = await client.get(path)
        assert response.status_code == 200, response.text
        records += response.json()
        if "link" not in response.headers:
            return records
        path = response.headers["link"][1:].partition(">")[0]
    raise AssertionError("the pages don't end")
