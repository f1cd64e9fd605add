"""The board's page: one document at each of its paths, and files that browsers may keep."""

import re
from urllib.parse import urljoin

import pytest

from api.http.pages import WEB
from tests.conftest import Client
from tests.helpers.answers import check_problem

PATHS = ["/", "/boards/x", "/boards/x/cards/y", "/mine", "/search", "/profile", "/join",
         "/admin", "/admin/users"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_the_page_is_at_its_paths_with_all_its_files(anonymous: Client, path: str) -> None:
    page = await anonymous.get(path)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["cache-control"] == "public, no-cache"
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(links) > 6
    for link in links:
        file = await anonymous.get(urljoin(path, link))
        assert file.status_code == 200, link
        if "assets/" in link:
            assert file.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_the_page_runs_nothing_but_its_own_files(anonymous: Client) -> None:
    page = await anonymous.get("/")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert not re.search(r"<style|<script>|style=|//", page.text.replace("<!doctype", ""))
    for file in (WEB / "assets").iterdir():
        assert re.fullmatch(r"[\w.-]+-[\w-]{8}\.(js|css|svg)", file.name), "its hash"


async def test_the_licences_of_what_it_bundles_are_served(anonymous: Client) -> None:
    licences = (await anonymous.get("/LICENSES.txt")).text
    for name in ("react", "@tanstack/react-query", "@atlaskit/pragmatic-drag-and-drop", "marked"):
        assert f"## {name} - " in licences


@pytest.mark.parametrize("path", ["/assets/none.js", "/boards", "/boards/x/y", "/api/nope"])
async def test_other_paths_are_problems(anonymous: Client, path: str) -> None:
    check_problem(await anonymous.get(path), 404)
