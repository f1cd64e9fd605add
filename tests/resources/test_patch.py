"""PATCH changes what is sent, and wipes nothing else."""

from typing import Any

import pytest

from tests.conftest import Client, World
from tests.helpers.answers import check_problem

FULL: dict[str, Any] = {
    "title": "Press release",
    "description": "Two paragraphs.",
    "position": 0,
    "due_date": "2026-05-01T12:00:00Z",
    "priority": "HIGH",
    "status": "IN_PROGRESS",
    "color": "#2f80ed",
}
OTHER: dict[str, Any] = {
    "title": "Quote",
    "description": None,
    "due_date": "2027-01-01T00:00:00Z",
    "priority": "LOW",
    "status": "DONE",
    "color": None,
}


@pytest.fixture
async def task(world: World, ada: Client) -> dict[str, Any]:
    column = await world.column(await world.board(ada.user))
    made = await ada.post("/api/tasks", json={"column_id": str(column.id), **FULL})
    return made.json()


@pytest.mark.parametrize("field", OTHER)
async def test_one_field_changes_and_the_others_stay(
    field: str, task: dict[str, Any], ada: Client
) -> None:
    path = f"/api/tasks/{task['id']}"
    response = await ada.patch(path, json={field: OTHER[field]})
    assert response.status_code == 200
    changed = {field: OTHER[field], "version": 2, "updated_at": response.json()["updated_at"]}
    assert response.json() == {**task, **changed}
    assert (await ada.get(path)).json() == response.json()


async def test_a_patch_that_names_nothing_changes_nothing(
    task: dict[str, Any], ada: Client
) -> None:
    response = await ada.patch(f"/api/tasks/{task['id']}", json={})
    assert (response.status_code, response.json()) == (200, task)


async def test_null_is_refused_where_a_value_must_be(task: dict[str, Any], ada: Client) -> None:
    for field in ("title", "position", "priority", "status", "column_id"):
        response = await ada.patch(f"/api/tasks/{task['id']}", json={field: None})
        [error] = check_problem(response, 422)["errors"]
        assert error["pointer"] == f"/{field}"


async def test_what_is_no_field_is_refused(task: dict[str, Any], ada: Client) -> None:
    for field in ("owner_id", "deleted_at", "rank", "subtasks"):
        response = await ada.patch(f"/api/tasks/{task['id']}", json={field: task["id"]})
        [error] = check_problem(response, 422)["errors"]
        assert error["pointer"] == f"/{field}"


async def test_its_own_media_type_is_accepted(task: dict[str, Any], ada: Client) -> None:
    response = await ada.patch(
        f"/api/tasks/{task['id']}",
        content=b'{"title": "Quote"}',
        headers={"Content-Type": "application/merge-patch+json"},
    )
    assert (response.status_code, response.json()["title"]) == (200, "Quote")


async def test_a_position_or_a_column_moves_the_task(
    task: dict[str, Any], world: World, ada: Client
) -> None:
    path = f"/api/tasks/{task['id']}"
    body = {"column_id": task["column_id"], "title": "Second"}
    second = (await ada.post("/api/tasks", json=body)).json()
    assert (await ada.patch(path, json={"position": 1})).json()["position"] == 1
    assert (await ada.get(f"/api/tasks/{second['id']}")).json()["position"] == 0
    board = await world.board(ada.user)
    column = await world.column(board)
    moved = await ada.patch(path, json={"column_id": str(column.id)})
    assert (moved.json()["column_id"], moved.json()["position"]) == (str(column.id), 0)


async def test_a_new_username_keeps_the_address(ada: Client) -> None:
    before = (await ada.get("/api/auth/me")).json()
    response = await ada.patch(f"/api/users/{ada.id}", json={"username": "lovelace"})
    changed = response.json()
    assert response.status_code == 200
    drawn = {"avatar_url": "/api/avatars/lovelace.svg"}
    assert changed == {**before, **drawn, "username": "lovelace", "version": 2}
    login = {"username": "LOVELACE", "password": "a harbour at dusk"}
    assert (await ada.post("/api/auth/login", json=login)).status_code == 200


@pytest.mark.parametrize("sent", [None, "path", "https://corkboard.test/api/avatars/ada.svg"])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_the_picture_drawn_from_a_name_follows_it(
    method: str, sent: str | None, ada: Client
) -> None:
    path = f"/api/users/{ada.id}"
    before = (await ada.get(path)).json()
    picture = {} if sent is None else {"avatar_url": before["avatar_url"]}
    if sent not in (None, "path"):
        picture = {"avatar_url": sent}
    same = await ada.request(method, path, json=before | picture)
    assert (same.status_code, same.json()) == (200, before)
    body = before | picture | {"username": "żółw"}
    if sent is None:
        del body["avatar_url"]
    renamed = await ada.request(method, path, json=body)
    assert renamed.status_code == 200
    assert renamed.json()["avatar_url"] == "/api/avatars/%C5%BC%C3%B3%C5%82w.svg"
    assert "ada." not in (await ada.get("/api/users")).text.replace("ada@example.com", "")


@pytest.mark.parametrize(
    "own",
    [
        "https://pictures.example/api/avatars/ada.svg",
        "https://corkboard.test.example/api/avatars/ada.svg",
        "https://corkboard.test/api/avatars/ada.svg?x=1",
        "https://corkboard.testhttps://pictures.example/ada.png",
    ],
)
async def test_a_picture_of_ones_own_stays(own: str, ada: Client) -> None:
    path = f"/api/users/{ada.id}"
    await ada.patch(path, json={"avatar_url": own})
    for body in ({"username": "lovelace"}, {"username": "ada", "avatar_url": own}):
        assert (await ada.patch(path, json=body)).json()["avatar_url"] == own


async def test_a_picture_of_an_older_name_follows_a_new_one(ada: Client) -> None:
    path = f"/api/users/{ada.id}"
    before = (await ada.get(path)).json()
    await ada.patch(path, json={"username": "lovelace"})
    body = {"username": "byron", "email": before["email"], "avatar_url": before["avatar_url"]}
    assert (await ada.put(path, json=body)).json()["avatar_url"] == "/api/avatars/byron.svg"


async def test_a_picture_of_null_is_drawn_anew(ada: Client) -> None:
    path = f"/api/users/{ada.id}"
    await ada.patch(path, json={"avatar_url": "https://example.com/ada.png"})
    response = await ada.patch(path, json={"avatar_url": None})
    assert response.json()["avatar_url"] == "/api/avatars/ada.svg"


async def test_a_name_that_is_taken_is_a_conflict(ada: Client, bob: Client) -> None:
    response = await ada.patch(f"/api/users/{ada.id}", json={"username": "BOB"})
    problem = check_problem(response, 409)
    assert (problem["type"], problem["errors"][0]["pointer"]) == (
        "/problems/already-exists",
        "/username",
    )


async def test_the_last_admin_stays_one(admin: Client) -> None:
    response = await admin.patch(f"/api/users/{admin.id}", json={"is_admin": False})
    assert check_problem(response, 409)["type"] == "/problems/last-admin"
