"""Count the attempts that reach the hasher, over all workers, and check what the others get."""

import time
from itertools import cycle, islice
from typing import Any

from checks.report import QUICK, check
from checks.serving import server
from checks.sessions.workers import (
    NUMBERS,
    WORKERS,
    Account,
    Answer,
    Crowd,
    Request,
    ask,
    by_worker,
    register,
    statuses,
)

ATTEMPTS = 100 if QUICK else 1000
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
    """To sign in with a wrong password."""
    body = {"username": username, "password": "not the password"}
    return Request("POST", "/api/auth/login", body=body, address=address)


async def check_attempts(
    crowd: Crowd, what: str, requests: list[Request], allowed: int, answered: int = 401
) -> list[Answer]:
    """Of the requests, sent at once, as many get through as one window allows."""
    begin = time.monotonic()
    answers = await crowd.send(requests)
    took = time.monotonic() - begin
    seen = statuses(answers)
    check(took < WINDOW, f"{what}: {len(answers)} attempts in {took:.1f} s, one window", took)
    wanted = {answered: allowed, 429: len(requests) - allowed}
    check(seen == {k: v for k, v in wanted.items() if v}, f"{what}: {seen}", seen)
    later = [a.response.headers.get("retry-after", "") for a in answers if a.status == 429]
    fair = all(text.isdecimal() and 1 <= int(text) <= WINDOW for text in later)
    check(fair, f"{what}: every 429 says when to try again", later[:5])
    return answers


def shown(answer: Answer) -> tuple[Any, ...]:
    """All of an answer but what differs from one to the next anyway."""
    headers = [(k, v) for k, v in answer.response.headers.multi_items() if k not in VARIES]
    return headers, "retry-after" in answer.response.headers, answer.response.content


async def check_without_a_proxy(crowd: Crowd, ada: Account) -> None:
    name = ada.names["username"]
    requests = list(islice(cycle([attempt(name)]), ATTEMPTS))
    answers = await check_attempts(crowd, "one account, one address", requests, ALLOWED)
    share = by_worker(answers)
    check(len(share) == WORKERS, f"one account, one address: the workers answered {share}", share)
    forged = [attempt(name, f"203.0.{n % 256}.{n // 256}") for n in range(ATTEMPTS // 2)]
    forged += [attempt(f"{name}{n}", f"203.1.{n % 256}.{n // 256}") for n in range(ATTEMPTS // 2)]
    await check_attempts(crowd, "an X-Forwarded-For of anybody's", forged, 0)


async def check_other_limits(crowd: Crowd, ada: Account) -> None:
    body = {"current_password": "not the password", "new_password": "a lighthouse at dawn"}
    change = Request("PUT", "/api/auth/password", ada.cookie, body)
    requests = list(islice(cycle([change]), ATTEMPTS // 10))
    await check_attempts(crowd, "changing a password", requests, PASSWORD_CHANGES, 403)
    bodies = [
        {"username": f"new{n}", "email": f"new{n}@example.com", "password": "a harbour at dusk"}
        for n in range(ATTEMPTS // 10)
    ]
    requests = [Request("POST", "/api/auth/register", body=body) for body in bodies]
    await check_attempts(crowd, "registering", requests, REGISTRATIONS - 1, 201)


async def check_behind_a_proxy(crowd: Crowd, ada: Account) -> None:
    name, nobody = ada.names["username"], f"nobody{next(NUMBERS)}"
    told: list[dict[int, set[str]]] = []
    for what, username, network in (
        ("an account", name, "198.51.100"),
        ("no account", nobody, "198.51.101"),
    ):
        requests = [attempt(username, f"{network}.7")] * ATTEMPTS
        answers = await check_attempts(crowd, f"{what}, one address", requests, ALLOWED)
        told.append(
            {
                status: {repr(shown(a)) for a in answers if a.status == status}
                for status in (401, 429)
            }
        )
    same = told[0] == told[1] and all(len(texts) == 1 for texts in told[0].values())
    check(same, "an account and none: the same 401 and the same 429, byte for byte", told)
    # While the window is surely open.
    async with crowd.client() as client:
        login = Request("POST", "/api/auth/login", body=ada.login, address="203.0.113.9")
        owner = await ask(client, login)
        check(owner.status_code == 200, "the owner gets in from elsewhere", owner.text)
        near = await ask(client, login._replace(address="198.51.100.99"))
        check(near.status_code == 429, "and not from the attacker's network", near.text)
    for what, username, network in (
        ("an account", name, "198.51.102"),
        ("no account", nobody, "198.51.103"),
    ):
        spread = [attempt(username, f"{network}.{n % 254 + 1}") for n in range(ATTEMPTS)]
        await check_attempts(crowd, f"{what}, 254 addresses of a network", spread, ALLOWED)
    spread = [attempt(name, f"10.{n % 256}.{n // 256}.1, 198.51.104.7") for n in range(ATTEMPTS)]
    await check_attempts(crowd, "addresses made up before the real one", spread, ALLOWED)
    spread = [attempt(f"{name}{n}", "198.51.105.7") for n in range(ATTEMPTS)]
    await check_attempts(crowd, "many accounts, one address", spread, ALLOWED)
    mapped = [attempt(f"{name}{n}", f"::ffff:198.51.{106 + n % 2}.7") for n in range(ATTEMPTS)]
    await check_attempts(crowd, "two IPv4 addresses written as IPv6", mapped, 2 * ALLOWED)


async def check_no_limit(crowd: Crowd) -> None:
    """On a server whose limits are off."""
    ada = await register(crowd)
    requests = [attempt(ada.names["username"])] * 30
    await check_attempts(crowd, "limits off", requests, 30)


async def check_limits() -> None:
    """One server with limits, without and with a proxy before it."""
    with server(WORKERS=str(WORKERS), **LIMITS) as running:
        async with Crowd(running) as crowd:
            ada = await register(crowd)
            await check_without_a_proxy(crowd, ada)
            await check_other_limits(crowd, ada)
        running.stop()
        running.environment["TRUSTED_PROXIES"] = "127.0.0.1"
        running.start()
        async with Crowd(running) as crowd:
            await check_behind_a_proxy(crowd, ada)
