"""Whose pages may change things: our own, however the address is written, and trusted ones."""

import logging
from typing import Any

import pytest

from api.http import route
from api.http.proxies import Proxies
from api.settings import settings
from tests.conftest import Client, World
from tests.helpers.answers import check_problem

FORWARDED = {"X-Forwarded-Host": "Kanban.example.org", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("host", "origin", "allowed"),
    [
        ("Corkboard.test", "http://corkboard.test", True),
        ("corkboard.test:80", "http://corkboard.test", True),
        ("corkboard.test:443", "https://corkboard.test", True),
        ("corkboard.test:8443", "https://corkboard.test:8443", True),
        ("[::1]:80", "http://[::1]", True),
        ("corkboard.test:443", "http://corkboard.test", False),
        ("corkboard.test:8080", "http://corkboard.test", False),
        ("corkboard.test", "ftp://corkboard.test", False),
        ("corkboard.test", "corkboard.test", False),
        ("corkboard.test", "", False),
    ],
)
async def test_a_page_of_our_own_is_known_by_any_spelling(
    ada: Client, host: str, origin: str, allowed: bool
) -> None:
    headers = {"Host": host, "Origin": origin}
    response = await ada.post("/api/boards", json={"title": "x"}, headers=headers)
    assert response.status_code == (201 if allowed else 403)


async def test_browsers_keep_to_https_where_cookies_are_secure(
    ada: Client, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for is_secure in ("false", "true"):
        monkeypatch.setenv("COOKIE_SECURE", is_secure)
        settings.cache_clear()
        ada.cookies.set(settings().session_cookie, ada.cookies["session"])
        for client, path in ((ada, "/api/boards"), (ada, "/api/nope"), (anonymous, "/docs")):
            asked = (await client.get(path)).headers.get("strict-transport-security")
            assert asked == ("max-age=31536000" if is_secure == "true" else None)


async def test_a_page_by_http_is_not_ours_where_cookies_are_secure(
    anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOKIE_SECURE", "true")
    settings.cache_clear()
    for scheme, status in (("http", 403), ("https", 401)):
        headers = {"Origin": f"{scheme}://corkboard.test"}
        check_problem(await anonymous.post("/api/boards", json={}, headers=headers), status)


@pytest.mark.parametrize(
    ("trusted", "origin", "allowed"),
    [
        (True, "https://kanban.example.org", True),
        (True, "http://kanban.example.org", False),
        (True, "https://corkboard.test", False),
        (False, "https://kanban.example.org", False),
        (False, "https://corkboard.test", True),
    ],
)
async def test_a_trusted_proxy_says_what_our_origin_is(
    world: World,
    ada: Client,
    trusted: bool,
    origin: str,
    allowed: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outermost: Any = world.app.outermost  # type: ignore[attr-defined]
    proxies = Proxies(outermost.app, ["127.0.0.1"] if trusted else [])
    monkeypatch.setattr(world.app, "outermost", proxies)
    for more in ({}, {"X-Forwarded-Host": "kanban.example.org, proxy.example"}):
        headers = {**FORWARDED, **more, "Origin": origin}
        response = await ada.post("/api/boards", json={"title": "x"}, headers=headers)
        assert response.status_code == (201 if allowed else 403)


async def test_pages_on_any_port_of_this_machine_are_trusted_in_development(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def statuses(origin: str) -> tuple[int, bool]:
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        preflight = await ada.options("/api/boards", headers=asked)
        headers = {"Origin": origin, "Sec-Fetch-Site": "same-site"}
        response = await ada.post("/api/boards", json={"title": "x"}, headers=headers)
        allowed = preflight.headers.get("access-control-allow-origin") == origin
        assert allowed == (response.headers.get("access-control-allow-origin") == origin)
        return response.status_code, allowed

    local = (
        "http://localhost:4321",
        "http://127.0.0.1:1",
        "https://[::1]:5173",
        "http://localhost",
    )
    for origin in local:
        assert await statuses(origin) == (201, True), origin
    for origin in ("http://localhost.evil.example", "http://localhost:x", "http://localhost:1/"):
        assert await statuses(origin) == (403, False), origin
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("COOKIE_SECURE", "true")
    settings.cache_clear()
    for origin in local:
        assert (await statuses(origin))[1] is False, origin


async def test_a_refused_origin_is_logged_once_with_the_setting(
    ada: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "refused_origins", set())
    monkeypatch.setattr(route, "MAX_LOGGED_ORIGINS", 3)
    caplog.set_level(logging.WARNING, "corkboard")
    for origin in ("https://a.example", "https://b.example", "null", "https://x\xa0y", "https://é"):
        headers = {b"Origin": origin.encode(), b"Access-Control-Request-Method": b"POST"}
        for _ in range(2):
            await ada.options("/api/boards", headers=headers)
            await ada.post("/api/boards", json={"title": "x"}, headers=headers)
    assert [record.getMessage() for record in caplog.records] == [
        f"A page of https://{name}.example was refused. If it is yours, add this origin to "
        "CORS_ORIGINS."
        for name in "ab"
    ]
    for number in range(5):
        await ada.post("/api/boards", json={}, headers={"Origin": f"https://{number}.example"})
    assert len(caplog.records) == 3
