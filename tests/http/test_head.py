"""HEAD is answered as GET is, on every GET, without the body."""

import pytest
from fastapi import FastAPI

from models.tables import Board, Task
from tests.conftest import Client, World
from tests.helpers.fast_path import fast_path_of
from tests.helpers.openapi import resolved

OUTSIDE = ["/", "/openapi.json", "/docs", "/docs/start.js", "/docs/swagger-ui.css", "/problems",
           "/problems/not-found", "/problems/none", "/docs/none", "/nope", "/api/auth/login",
           "/api/boards?nope=1"]  # fmt: skip


async def compare(client: Client, path: str) -> int:
    get = await client.get(path)
    head = await client.head(path)
    assert head.content == b""
    assert head.status_code == get.status_code, path
    assert dict(head.headers) == dict(get.headers), path
    return get.status_code


async def test_head_is_get_without_a_body_on_every_get(
    application: FastAPI, ada: Client, admin: Client, abcd: list[Task], board: Board, world: World
) -> None:
    ids = {"board_id": board.id, "column_id": abcd[0].column_id, "task_id": abcd[0].id,
           "user_id": ada.user.id, "name": "ada", "token": "x"}  # fmt: skip
    seen = set()
    document = resolved(application.openapi())
    for path, item in document["paths"].items():
        if "get" in item:
            names = {
                part["name"]: str(ids.get(part["name"], board.id))
                for part in item["get"].get("parameters", ())
                if part["in"] == "path"
            }
            query = "".join(
                f"?{part['name']}={board.id}"
                for part in item["get"].get("parameters", ())
                if part["in"] == "query" and part["required"]
            )
            for client in (ada, admin, world.client()):
                seen.add(await compare(client, path.format(**names) + query))
    for path in OUTSIDE:
        seen.add(await compare(ada, path))
    assert {200, 401, 404, 405, 422} <= seen


async def test_head_takes_the_fast_path_as_get_does(
    ada: Client, world: World, abcd: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/api/tasks/{abcd[0].id}"
    fast = await ada.head(path)
    monkeypatch.setattr(fast_path_of(world), "operations", {})
    slow = await ada.head(path)
    assert fast.status_code == slow.status_code == 200
    assert fast.headers["etag"] == slow.headers["etag"] == '"1"'
    assert fast.headers["content-length"] == slow.headers["content-length"]


async def test_head_knows_what_the_client_has(ada: Client, board: Board) -> None:
    for path in ("/api/boards", "/openapi.json", "/api/avatars/ada.svg"):
        tag = (await ada.head(path)).headers["etag"]
        assert (await ada.head(path, headers={"If-None-Match": tag})).status_code == 304


async def test_a_token_that_reads_may_ask_by_head(ada: Client, world: World) -> None:
    for scope, expected in (("read", 200), ("write", 403)):
        body = {"name": "x", "scopes": [scope]}
        secret = (await ada.post("/api/auth/tokens", json=body)).json()["token"]
        headers = {"Authorization": f"Bearer {secret}"}
        response = await world.client().head("/api/boards", headers=headers)
        assert response.status_code == expected


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_head_from_another_origin_is_as_safe_as_get(ada: Client, site: str) -> None:
    headers = {"Sec-Fetch-Site": site}
    assert (await ada.head("/api/boards", headers=headers)).status_code == 200


async def test_what_knows_no_get_names_no_head(ada: Client) -> None:
    response = await ada.head("/api/auth/login")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert (await ada.delete("/api/boards")).headers["allow"] == "GET, HEAD, POST"
