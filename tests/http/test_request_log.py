"""One line in the log for each request, with nothing in it that a client has sent."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from api import logs
from api.settings import settings
from models.tables import Task
from tests.conftest import PASSWORD, Client, World
from tests.helpers.answers import check_problem

Lines = Callable[[], list[dict[str, Any]]]
FIELDS = ["time", "level", "event", "request_id", "method", "route", "status", "ms", "database_ms",
          "user_id", "client"]  # fmt: skip
TASK = "/api/tasks/{task_id}"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lines:
    """Return a function that reads the lines since the last time."""
    monkeypatch.setattr(settings(), "log_format", "json")
    logs.flush()
    capsys.readouterr()

    def read() -> list[dict[str, Any]]:
        logs.flush()
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return read


async def test_each_request_has_a_line(
    world: World, ada: Client, abcd: list[Task], lines: Lines
) -> None:
    task = f"/api/tasks/{abcd[0].id}"
    change = {"json": {"title": "canary"}}
    login = {"json": {"username": "ada", "password": PASSWORD}}
    for client, method, path, options, route, status in (
        (ada, "GET", task, {}, TASK, 200),  # by the fast path
        (ada, "GET", f"{task}?canary=1", {}, TASK, 422),  # by the endpoint
        (ada, "HEAD", task, {}, TASK, 200),
        (ada, "PATCH", task, change, TASK, 200),
        (ada, "GET", "/api/auth/me", {}, "/api/auth/me", 200),
        (ada, "GET", "/api/canary", {}, None, 404),
        (ada, "PUT", "/api/auth/me", {}, "/api/auth/me", 405),
        (ada, "GET", "/health/live", {}, "/health/live", 200),
        (world.client(), "GET", task, {}, TASK, 401),
        (world.client(), "POST", "/api/auth/login", login, "/api/auth/login", 200),
    ):
        answer = await client.request(method, path, **options)  # type: ignore[arg-type]
        assert answer.status_code == status
        [line] = lines()
        assert list(line) == FIELDS
        told = line["method"], line["route"], line["status"], line["request_id"], line["client"]
        assert told == (method, route, status, "test", "127.0.0.1"), path
        assert 0 <= line["database_ms"] <= line["ms"]
        asks = status not in (401, 404, 405) and path != "/health/live"
        assert bool(line["database_ms"]) == asks, path
        assert line["user_id"] == (ada.id if asks and client is ada else None), path
        assert "canary" not in str(line)


async def test_as_text_a_line_says_the_same(
    ada: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings(), "log_format", "text")
    await ada.get("/api/auth/me?canary=1")
    logs.flush()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z \[info     \] request request_id=test method=GET "
        r"route=/api/auth/me status=422 ms=[\d.]+ database_ms=[\d.]+ "
        rf"user_id={ada.id} client=127.0.0.1\n",
        capsys.readouterr().out,
    )


@pytest.mark.parametrize("client", ["canary@example.com", 'x"\n', "x" * 65])
async def test_a_forged_address_is_left_out(
    ada: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch, client: str
) -> None:
    monkeypatch.setattr(ada._transport, "client", (client, 1))
    await ada.get("/api/auth/me")
    [line] = lines()
    assert line["client"] is None


async def test_a_503_has_its_reason_in_its_line(
    ada: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise asyncpg.CannotConnectNowError("the database system is starting up")

    monkeypatch.setattr("api.resources.reads.Read._find", fail)
    check_problem(await ada.get("/api/tasks?sort=id"), 503)
    [line] = lines()
    assert line["level"] == "warning"
    assert line["reason"] == "CannotConnectNowError: the database system is starting up"


@pytest.mark.parametrize("log_format", ["text", "json"])
async def test_a_500_has_one_traceback_and_no_row(
    log_format: str,
    ada: Client,
    lines: Lines,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        error = asyncpg.UndefinedColumnError("no column x")
        error.detail, error.hint = "Failing row contains (canary).", "canary"
        raise error

    monkeypatch.setattr("api.resources.reads.Read._find", fail)
    check_problem(await ada.get("/api/tasks?sort=id"), 500)
    [line] = lines()
    assert (line["route"], line["status"], line["level"]) == ("/api/tasks", 500, "warning")
    [record] = [each for each in caplog.records if each.levelno == logging.ERROR]
    monkeypatch.setattr(settings(), "log_format", log_format)
    text = logs.formatter().format(record)
    assert text.count("Traceback") == 1
    assert "no column x" in text
    assert "canary" not in text
    for known in ("test", "/api/tasks"):
        assert known in text.partition("Traceback")[0 if log_format == "text" else 2] or (
            log_format == "json" and known in json.loads(text).values()
        )
