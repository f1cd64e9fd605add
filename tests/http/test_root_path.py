"""Below a sub-path of a proxy: every address in an answer leads back, and paths work as before."""

import re
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from api.http.proxies import Proxies
from api.settings import settings
from tests.conftest import Client, World
from tests.helpers.answers import check_problem
from tests.helpers.fast_path import by_endpoint

ROOT = "/corkboard"
# Where a sub-path is from, and what is left of it in the paths that arrive.
WAYS = {
    "by the setting, stripped": ("setting", ""),
    "by the setting, not stripped": ("setting", ROOT),
    "by the proxy, stripped": ("proxy", ""),
    "by the proxy, not stripped": ("proxy", ROOT),
}


@pytest.fixture
def trusted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the address that the clients of the tests have."""
    outermost: Any = world.app.outermost  # type: ignore[attr-defined]
    monkeypatch.setattr(world.app, "outermost", Proxies(outermost.app, ["127.0.0.1"]))


def below(client: Client, way: str, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Let a client's requests come through a proxy."""
    teller, kept = WAYS[way]
    if teller == "setting":
        monkeypatch.setenv("ROOT_PATH", f"{ROOT}/")
        settings.cache_clear()
    else:
        client.headers["X-Forwarded-Prefix"] = ROOT
    send = client._transport.handle_async_request

    async def relay(request: httpx.Request) -> httpx.Response:
        assert request.url.path.startswith(f"{ROOT}/"), request.url
        path = kept.encode() + request.url.raw_path.removeprefix(ROOT.encode())
        request.url = request.url.copy_with(raw_path=path)
        return await send(request)

    monkeypatch.setattr(client._transport, "handle_async_request", relay)
    return client


@pytest.fixture(params=WAYS)
async def proxied(
    request: pytest.FixtureRequest,
    ada: Client,
    trusted: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Client:
    return below(ada, request.param, monkeypatch)


async def follow(client: Client, response: httpx.Response, address: str) -> Any:
    """Return what an address in a response leads to."""
    path = urljoin(f"{ROOT}{response.request.url.path.removeprefix(ROOT)}", address)
    followed = await client.get(path)
    assert followed.status_code == 200, path
    return followed


async def test_addresses_in_answers_lead_below_the_sub_path(proxied: Client, world: World) -> None:
    for send in (proxied.request, lambda *a, **b: by_endpoint(world, proxied, a[1], a[0], **b)):
        created = await send("POST", f"{ROOT}/api/boards", json={"title": "x"})
        board = (await follow(proxied, created, created.headers["location"])).json()
        for title in "ab":
            column = {"board_id": board["id"], "title": title}
            await proxied.post(f"{ROOT}/api/columns", json=column)
        page = await send("GET", f"{ROOT}/api/boards/{board['id']}/columns?limit=1")
        [link, relation] = page.headers["link"].split(">")
        assert relation == '; rel="next"'
        assert [each["title"] for each in (await follow(proxied, page, link[1:])).json()] == ["b"]
        full = await send("GET", f"{ROOT}/api/boards/{board['id']}/full")
        [member] = full.json()["members"]
        assert member["avatar_url"] == f"{ROOT}/api/avatars/ada.svg"
        assert int(full.headers["content-length"]) == len(full.content)
        await follow(proxied, full, member["avatar_url"])


async def test_a_picture_that_was_read_can_be_sent_back(proxied: Client) -> None:
    path = f"{ROOT}/api/users/{proxied.id}"
    user = (await proxied.get(path)).json()
    assert (await proxied.put(path, json=user)).json() == user
    stale = await proxied.patch(path, json={"version": 0, "username": "lovelace"})
    picture = check_problem(stale, 412, ROOT)["current"]["avatar_url"]
    assert picture == f"{ROOT}/api/avatars/ada.svg"
    for sent in (picture, f"https://corkboard.test{picture}"):
        assert (await proxied.patch(path, json={"avatar_url": sent})).json() == user
    # It is still the picture of the name.
    renamed = (await proxied.patch(path, json={"username": "lovelace"})).json()
    assert renamed["avatar_url"] == f"{ROOT}/api/avatars/lovelace.svg"


async def test_texts_of_people_stay_as_they_are(proxied: Client) -> None:
    text = '{"avatar_url":"/api/avatars/ada.svg", "Link": </api/boards>}'
    created = await proxied.post(f"{ROOT}/api/boards", json={"title": "x", "description": text})
    assert created.json()["description"] == text


async def test_problems_and_pages_lead_below_the_sub_path(proxied: Client) -> None:
    problem = check_problem(await proxied.get(f"{ROOT}/api/nope"), 404, ROOT)
    assert problem["instance"] == f"{ROOT}/api/nope"
    assert (await proxied.get(problem["type"])).status_code == 200
    document = await proxied.get(f"{ROOT}/openapi.json")
    [server] = document.json()["servers"]
    await follow(proxied, document, f"{server['url']}/health/live")
    schema = document.json()["components"]["schemas"]["Problem"]
    assert problem["type"] in schema["properties"]["type"]["enum"]
    for path in ("/", "/boards/x", "/docs", "/problems", "/problems/not-found"):
        page = await proxied.get(ROOT + path)
        links = [part.partition('"')[0] for part in page.text.split('="')]
        links = [link for link in links if re.search("docs/|assets/", link)]
        assert links, path
        for link in links:
            assert (await proxied.get(urljoin(ROOT + path, link))).status_code == 200, link


async def test_the_server_says_what_its_sub_path_is(proxied: Client) -> None:
    assert (await proxied.get(f"{ROOT}/api/server")).json()["root_path"] == ROOT


async def test_the_cookie_is_for_the_whole_host(proxied: Client) -> None:
    ended = await proxied.post(f"{ROOT}/api/auth/logout")
    assert ended.status_code == 204
    assert "path=/;" in ended.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "/a/../b", "/a//b", "/a?b", "a", "/a b", "/api", "/é", "https://x"]
)
async def test_an_odd_sub_path_counts_as_none(ada: Client, trusted: None, prefix: str) -> None:
    headers = {b"X-Forwarded-Prefix": prefix.encode("latin-1")}
    created = await ada.post("/api/boards", json={"title": "x"}, headers=headers)
    assert created.headers["location"].startswith("/api/boards/")


async def test_only_a_trusted_proxy_may_name_a_sub_path(ada: Client) -> None:
    response = await ada.get("/api/server", headers={"X-Forwarded-Prefix": ROOT})
    assert response.json()["root_path"] == ""
    assert (await ada.get(f"{ROOT}/api/server")).status_code == 404
