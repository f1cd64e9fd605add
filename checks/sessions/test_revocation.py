"""Once an answer says that a session has ended, no worker accepts it any more."""

import asyncio
import random
from collections.abc import AsyncIterator
from itertools import cycle, islice
from typing import NamedTuple

import pytest

from checks.conftest import Record, Server
from checks.sessions.workers import (
    PASSWORD,
    Crowd,
    Request,
    ask,
    by_worker,
    register,
    sign_in,
    statuses,
)

pytestmark = pytest.mark.sessions
NEW = {"new_password": "a lighthouse at dawn"}


class Ending(NamedTuple):
    """A request that ends sessions, others that succeed only as long as those last, and how they
    are answered before and after."""

    name: str
    request: Request
    others: list[Request]
    accepted: set[int] = {200}  # noqa: RUF012  # never changed
    refused: set[int] = {401}  # noqa: RUF012


async def endings(crowd: Crowd) -> AsyncIterator[Ending]:
    """Yield each way in which a session or a right ends, on accounts of its own."""
    admin = (await register(crowd, is_admin=True)).cookie

    def me(*cookies: str) -> list[Request]:
        return [Request("GET", "/api/auth/me", cookie) for cookie in cookies]

    one = await register(crowd)
    yield Ending("signing out", Request("POST", "/api/auth/logout", one.cookie), me(one.cookie))

    one = await register(crowd)
    everywhere = Request("DELETE", "/api/auth/sessions", one.cookie)
    yield Ending("signing out everywhere", everywhere, me(one.cookie, await sign_in(crowd, one)))

    one = await register(crowd)
    other = await sign_in(crowd, one)
    sessions = (await crowd.ask(Request("GET", "/api/auth/sessions", other))).json()
    [id] = [session["id"] for session in sessions if session["current"]]
    single = Request("DELETE", f"/api/auth/sessions/{id}", one.cookie)
    yield Ending("ending another of one's sessions", single, me(other))

    one = await register(crowd)
    body = {"current_password": PASSWORD, **NEW}
    change = Request("PUT", "/api/auth/password", one.cookie, body)
    yield Ending("a change of password", change, me(one.cookie, await sign_in(crowd, one)))

    one = await register(crowd)
    reset = Request("PUT", f"/api/users/{one.id}/password", admin, NEW)
    yield Ending("an admin's reset of a password", reset, me(one.cookie))

    one = await register(crowd, is_admin=True)
    private = Request("POST", "/api/boards", admin, {"title": "Private", "is_public": False})
    board = (await crowd.ask(private)).json()["id"]
    # An admin hears that the password is too easy, so that nobody is created.
    user = {"username": "another", "email": "another@example.com", "password": "password123"}
    rights = [Request("GET", f"/api/boards/{board}", one.cookie),
              Request("POST", "/api/users", one.cookie, user)]  # fmt: skip
    demotion = Request("PUT", f"/api/users/{one.id}", admin, {**one.names, "is_admin": False})
    yield Ending("a demotion", demotion, rights, accepted={200, 422}, refused={403, 404})

    one = await register(crowd)
    leaving = Request("DELETE", f"/api/users/{one.id}", one.cookie, {"current_password": PASSWORD})
    yield Ending("a deletion of one's account", leaving, me(one.cookie))

    one = await register(crowd)
    deletion = Request("DELETE", f"/api/users/{one.id}", admin)
    yield Ending("an admin's deletion of an account", deletion, me(one.cookie))


async def check_ending(server: Server, ending: Ending, requests: int, number_under_way: int) -> str:
    """Send `requests` after an ending, and some while it is under way; return what became of those.

    Each worker must have its share of the former.
    """
    async with Crowd(server) as crowd, crowd.client(number_under_way) as client:
        before = await crowd.send(list(islice(cycle(ending.others), requests // 5)))
        assert statuses(before).keys() == ending.accepted, ending.name
        # While some are under way, the session ends; the rest is sent after that was acknowledged.
        others = islice(cycle(ending.others), number_under_way)
        under_way = asyncio.gather(*(ask(client, request) for request in others))
        await asyncio.sleep(random.uniform(0, 0.05))
        ended = await crowd.ask(ending.request)
        assert ended.is_success, f"{ending.name}: {ended.text}"
        after = await crowd.send(list(islice(cycle(ending.others), requests)))
        late = sum(answer.status_code in ending.accepted for answer in await under_way)
    assert statuses(after).keys() <= ending.refused, f"{ending.name}: {statuses(after)}"
    share = by_worker(after)
    assert len(share) == crowd.size, ending.name
    assert min(share) > requests / crowd.size / 2, ending.name
    return f"{late} of {number_under_way}"


async def test_no_worker_accepts_what_has_ended(
    unlimited: Server, quick: bool, record_property: Record
) -> None:
    random.seed(1)
    async with Crowd(unlimited) as crowd:
        async for ending in endings(crowd):
            late = await check_ending(unlimited, ending, *((100, 40) if quick else (1000, 100)))
            record_property(f"{ending.name}: accepted of those under way", late)
