"""The setup of the server, for anybody, and its status, for admins."""

from typing import Any

import pytest

from api import logs
from api.settings import settings
from tests.conftest import Client
from tests.helpers.answers import check_problem


@pytest.mark.parametrize("mode", ["open", "invitation", "closed"])
async def test_anybody_sees_how_the_server_is_set_up(
    mode: str, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRATION", mode)
    settings.cache_clear()
    response = await anonymous.get("/api/server")
    assert response.status_code == 200
    assert response.json() == {
        "version": "1.0.0", "registration": mode, "email": False, "root_path": "",
    }  # fmt: skip


async def test_a_setup_that_is_known_is_not_sent_again(anonymous: Client) -> None:
    tag = (await anonymous.get("/api/server")).headers["etag"]
    again = await anonymous.get("/api/server", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_setup_takes_no_parameters(anonymous: Client) -> None:
    check_problem(await anonymous.get("/api/server?mode=open"), 422)
    check_problem(await anonymous.patch("/api/server", json={"email": True}), 405)


async def test_admins_see_the_newest_errors_without_their_data(
    ada: Client, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("canary")

    logs.errors.clear()
    monkeypatch.setattr("api.resources.reads.Read._find", fail)
    failed = await ada.get("/api/tasks?sort=id&q=canary")
    check_problem(failed, 500)
    check_problem(await ada.get("/api/tasks/canary"), 422)
    status = await admin.get("/api/status")
    [error] = status.json()["errors"]
    assert error.pop("at").endswith("Z")
    assert error == {
        "request_id": failed.headers["x-request-id"], "status": 500, "method": "GET",
        "route": "/api/tasks",
    }  # fmt: skip
    assert "canary" not in status.text
    assert status.json()["database_bytes"] > 1_000_000
    check_problem(await ada.get("/api/status"), 403)


async def test_only_the_newest_errors_are_kept(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    logs.errors.clear()
    monkeypatch.setattr("api.resources.reads.Read._find", fail)
    ids = [(await admin.get("/api/tasks?sort=id")).headers["x-request-id"] for _ in range(21)]
    errors = (await admin.get("/api/status")).json()["errors"]
    assert [error["request_id"] for error in errors] == ids[:0:-1]
