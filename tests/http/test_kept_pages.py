"""Pages that anybody may ask for: made once, and not sent twice."""

import re

import pytest
from fastapi import FastAPI

from api.endpoints import avatars
from tests.conftest import Client

PAGES = ["/", "/docs/page.css", "/openapi.json", "/docs", "/docs/start.js", "/docs/swagger-ui.css",
         "/docs/swagger-ui-bundle.js", "/docs/favicon-32x32.png", "/problems",
         "/problems/responses-waiting", "/api/avatars/ada.svg"]  # fmt: skip

LONG = ["/openapi.json", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/problems"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("accepted", ["gzip", "identity"])
async def test_a_page_is_sent_again_only_if_it_changed(
    anonymous: Client, path: str, accepted: str
) -> None:
    anonymous.headers["Accept-Encoding"] = accepted
    first = await anonymous.get(path)
    assert first.status_code == 200
    assert first.content
    assert first.headers["cache-control"] in ("public, no-cache", "public, max-age=86400")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await anonymous.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        # A client keeps the page with the headers of this answer.
        kept = set(first.headers) - {"content-length", "content-type", "content-encoding"}
        if accepted == "gzip":  # the tag is weak where the client knows it so
            assert again.headers["etag"].removeprefix("W/") == tag.removeprefix("W/")
            again.headers["etag"] = tag
        assert {name: first.headers[name] for name in kept} == dict(again.headers)
    other = await anonymous.get(path, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)


@pytest.mark.parametrize("path", LONG)
async def test_a_page_is_compressed_for_clients_that_accept_gzip(
    anonymous: Client, path: str
) -> None:
    plain = await anonymous.get(path, headers={"Accept-Encoding": "identity"})
    assert "Accept-Encoding" in plain.headers["vary"]
    for accepted in ("gzip;q=0", "br, gzip; q=0.0, x", "x-gzip2", ""):
        response = await anonymous.get(path, headers={"Accept-Encoding": accepted})
        assert "content-encoding" not in response.headers
        assert response.headers["etag"] == plain.headers["etag"]
    for accepted in ("gzip", "br, GZIP;q=0.5", "gzip;q=0.01, br;q=0"):
        response = await anonymous.get(path, headers={"Accept-Encoding": accepted})
        assert response.headers["content-encoding"] == "gzip"
        assert "Accept-Encoding" in response.headers["vary"]
        assert response.headers["content-type"] == plain.headers["content-type"]
        assert response.content == plain.content
        # Other bytes, so no strong tag.
        assert response.headers["etag"] == f"W/{plain.headers['etag']}"


async def test_the_document_is_sent_in_a_seventh_of_its_size(anonymous: Client) -> None:
    response = await anonymous.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert int(response.headers["content-length"]) < len(response.content) / 7


async def test_the_root_leads_to_the_documentation(anonymous: Client, application: FastAPI) -> None:
    page = await anonymous.get("/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    links = set(re.findall(r'href="([^"]+)"', page.text))
    assert links > {"docs", "openapi.json", "problems"}
    for link in links:
        assert (await anonymous.get(link)).status_code == 200
    assert "/" not in application.openapi()["paths"]


@pytest.mark.parametrize("path", ["/problems", "/problems/not-found"])
async def test_a_page_is_readable_on_a_phone_and_in_the_dark(anonymous: Client, path: str) -> None:
    page = await anonymous.get(path)
    assert 'name="viewport"' in page.text
    assert "style-src 'self';" in page.headers["content-security-policy"]
    assert not re.search(r"<style|<script|style=|//", page.text.replace("<!doctype", ""))
    [sheet] = re.findall(r'rel="stylesheet" href="([^"]+)"', page.text)
    assert "color-scheme: light dark" in (await anonymous.get(sheet)).text


async def test_the_document_is_made_once(
    application: FastAPI, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    first = await anonymous.get("/openapi.json")
    monkeypatch.setattr("fastapi.responses.JSONResponse.render", fail)
    monkeypatch.setattr("gzip.compress", fail)
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
