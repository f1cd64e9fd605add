"""Each request has an id, which its response and its error name."""

import logging
from typing import Any

import pytest

from api import logs
from tests.conftest import Client, World
from tests.helpers.answers import check_problem


@pytest.mark.parametrize("sent", ["a", "4bf92f3577b34da6-00/x:1~=+._", "x" * 128])
async def test_a_sane_id_is_taken_over(sent: str, ada: Client) -> None:
    answer = await ada.get("/api/boards", headers={"X-Request-ID": sent})
    assert answer.headers["x-request-id"] == sent
    answer = await ada.get("/api/nothing", headers={"X-Request-ID": sent})
    assert answer.headers["x-request-id"] == check_problem(answer, 404)["request_id"] == sent


@pytest.mark.parametrize("sent", [None, "", "x" * 129, "a b", "a\t", "\u00e4", '"', "a,b"])
@pytest.mark.parametrize("path", ["/api/boards", "/api/nothing", "/health/live", "/docs"])
async def test_without_a_sane_one_each_request_has_its_own(
    sent: str | None, path: str, world: World
) -> None:
    client = world.client()
    del client.headers["X-Request-ID"]
    headers = {} if sent is None else {b"X-Request-ID": sent.encode("latin-1")}
    ids = {(await client.get(path, headers=headers)).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3
    assert all(len(each) == 32 and each.isalnum() for each in ids)


async def test_a_page_of_a_trusted_origin_reads_and_sends_it(ada: Client) -> None:
    origin = {"Origin": "https://kanban.example"}
    answer = await ada.get("/api/boards", headers=origin)
    assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
    asked = {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "x-request-id",
    }
    assert (await ada.options("/api/boards", headers=origin | asked)).status_code == 200


async def test_the_log_says_why_a_request_was_answered_503(
    ada: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise ConnectionResetError("a secret")

    monkeypatch.setattr(logs, "_repeated", {})
    monkeypatch.setattr("api.resources.reads.Read._find", fail)
    with caplog.at_level(logging.WARNING, "corkboard"):
        for _ in range(3):
            check_problem(await ada.get("/api/tasks?sort=id"), 503)
        monkeypatch.setattr(logs, "REPEAT_SECONDS", 0)
        check_problem(await ada.get("/api/tasks?sort=id"), 503)
    assert caplog.messages == ["A request was answered 503: ConnectionResetError"] * 2
    assert [getattr(each, "left_out", 0) for each in caplog.records] == [0, 2]
