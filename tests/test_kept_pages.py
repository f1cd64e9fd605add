"""Pages that anybody may ask for: made once, and not sent twice."""

import pytest
from fastapi import FastAPI

from api.endpoints import avatars
from tests.conftest import Client

PAGES = ["/openapi.json", "/docs", "/docs/start.js", "/docs/swagger-ui.css",
         "/docs/swagger-ui-bundle.js", "/docs/favicon-32x32.png", "/problems",
         "/problems/responses-waiting", "/api/avatars/ada.svg"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_sent_again_only_if_it_changed(anonymous: Client, path: str) -> None:
    first = await anonymous.get(path)
    assert first.status_code == 200
    assert first.content
    assert first.headers["cache-control"] in ("public, no-cache", "public, max-age=86400")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await anonymous.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        # A client keeps the page with the headers of this answer.
        kept = set(first.headers) - {"content-length", "content-type"}
        assert {name: first.headers[name] for name in kept} == dict(again.headers)
    other = await anonymous.get(path, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)


async def test_the_document_is_made_once(
    application: FastAPI, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    first = await anonymous.get("/openapi.json")
    monkeypatch.setattr("fastapi.responses.JSONResponse.render", fail)
    monkeypatch.setattr(type(application), "openapi", fail)
    assert (await anonymous.get("/openapi.json")).content == first.content


async def test_a_picture_is_drawn_once(anonymous: Client) -> None:
    avatars.draw.cache_clear()
    for _ in range(3):
        assert (await anonymous.get("/api/avatars/grace.svg")).status_code == 200
    found = avatars.draw.cache_info()
    assert (found.misses, found.hits) == (1, 2)
    assert found.maxsize
    assert found.maxsize <= 10_000
