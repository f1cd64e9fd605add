"""Count the attempts that reach the hasher, over all workers, and check what the others get."""

import time
from typing import Any

import pytest

from checks.conftest import Server, server
from checks.sessions.workers import (
    NUMBERS,
    Account,
    Answer,
    Crowd,
    Request,
    ask,
    by_worker,
    register,
    statuses,
)

pytestmark = pytest.mark.sessions
ALLOWED = 10
REGISTRATIONS = 7
PASSWORD_CHANGES = 5
WINDOW = 60  # seconds
LIMITS = {
    "RATE_LIMIT_LOGIN": f"{ALLOWED}/minute",
    "RATE_LIMIT_REGISTER": f"{REGISTRATIONS}/minute",
    "RATE_LIMIT_PASSWORD": f"{PASSWORD_CHANGES}/minute",
}
VARIES = {"date", "retry-after"}


def attempt(username: str, address: str = "") -> Request:
    """Make an attempt to sign in with a wrong password."""
    body = {"username": username, "password": "not the password"}
    return Request("POST", "/api/auth/login", body=body, address=address)


async def check_attempts(
    crowd: Crowd, requests: list[Request], allowed: int, answered: int = 401
) -> list[Answer]:
    """Send the requests at once; as many get through as one window allows."""
    begin = time.monotonic()
    answers = await crowd.send(requests)
    assert time.monotonic() - begin < WINDOW
    wanted = {answered: allowed, 429: len(requests) - allowed}
    assert statuses(answers) == {status: times for status, times in wanted.items() if times}
    later = [a.response.headers.get("retry-after", "") for a in answers if a.status == 429]
    assert [text for text in later if not (text.isdecimal() and 1 <= int(text) <= WINDOW)] == []
    return answers


def shown(answer: Answer) -> tuple[Any, ...]:
    """Return all of an answer but what differs from one to the next anyway."""
    headers = [(k, v) for k, v in answer.response.headers.multi_items() if k not in VARIES]
    return headers, "retry-after" in answer.response.headers, answer.response.content


async def check_without_a_proxy(crowd: Crowd, ada: Account, number: int) -> None:
    name = ada.names["username"]
    answers = await check_attempts(crowd, [attempt(name)] * number, ALLOWED)
    assert len(by_worker(answers)) == crowd.size
    # An X-Forwarded-For of anybody's.
    forged = [attempt(name, f"203.0.{n % 256}.{n // 256}") for n in range(number // 2)]
    forged += [attempt(f"{name}{n}", f"203.1.{n % 256}.{n // 256}") for n in range(number // 2)]
    await check_attempts(crowd, forged, 0)


async def check_other_limits(crowd: Crowd, ada: Account, number: int) -> None:
    """Try to change a password, and to register."""
    body = {"current_password": "not the password", "new_password": "a lighthouse at dawn"}
    change = Request("PUT", "/api/auth/password", ada.cookie, body)
    await check_attempts(crowd, [change] * number, PASSWORD_CHANGES, 403)
    bodies = [
        {"username": f"new{n}", "email": f"new{n}@example.com", "password": "a harbour at dusk"}
        for n in range(number)
    ]
    requests = [Request("POST", "/api/auth/register", body=body) for body in bodies]
    await check_attempts(crowd, requests, REGISTRATIONS - 1, 201)


async def check_behind_a_proxy(crowd: Crowd, ada: Account, number: int) -> None:
    name, nobody = ada.names["username"], f"nobody{next(NUMBERS)}"
    told: list[dict[int, set[str]]] = []
    for username, network in ((name, "198.51.100"), (nobody, "198.51.101")):
        requests = [attempt(username, f"{network}.7")] * number
        answers = await check_attempts(crowd, requests, ALLOWED)
        told.append(
            {
                status: {repr(shown(a)) for a in answers if a.status == status}
                for status in (401, 429)
            }
        )
    # The same 401 and the same 429 for an account and for none.
    assert told[0] == told[1]
    assert [len(texts) for texts in told[0].values()] == [1, 1]
    # While the window is surely open.
    async with crowd.client() as client:
        login = Request("POST", "/api/auth/login", body=ada.login, address="203.0.113.9")
        owner = await ask(client, login)
        assert owner.status_code == 200, owner.text
        near = await ask(client, login._replace(address="198.51.100.99"))
        assert near.status_code == 429, near.text
    # From 254 addresses of a network.
    for username, network in ((name, "198.51.102"), (nobody, "198.51.103")):
        spread = [attempt(username, f"{network}.{n % 254 + 1}") for n in range(number)]
        await check_attempts(crowd, spread, ALLOWED)
    # With addresses made up before the real one.
    spread = [attempt(name, f"10.{n % 256}.{n // 256}.1, 198.51.104.7") for n in range(number)]
    await check_attempts(crowd, spread, ALLOWED)
    # On many accounts from one address, and from two IPv4 addresses written as IPv6.
    spread = [attempt(f"{name}{n}", "198.51.105.7") for n in range(number)]
    await check_attempts(crowd, spread, ALLOWED)
    mapped = [attempt(f"{name}{n}", f"::ffff:198.51.{106 + n % 2}.7") for n in range(number)]
    await check_attempts(crowd, mapped, 2 * ALLOWED)


async def test_limits_count_the_attempts_on_all_workers(workers: int, quick: bool) -> None:
    """On one server, without and with a proxy before it."""
    number = 100 if quick else 1000
    with server(WORKERS=str(workers), **LIMITS) as running:
        async with Crowd(running) as crowd:
            ada = await register(crowd)
            await check_without_a_proxy(crowd, ada, number)
            await check_other_limits(crowd, ada, number // 10)
        running.stop()
        running.environment["TRUSTED_PROXIES"] = "127.0.0.1"
        running.start()
        async with Crowd(running) as crowd:
            await check_behind_a_proxy(crowd, ada, number)


async def test_limits_that_are_off_let_everyone_try(unlimited: Server) -> None:
    async with Crowd(unlimited) as crowd:
        ada = await register(crowd)
        await check_attempts(crowd, [attempt(ada.names["username"])] * 30, 30)
