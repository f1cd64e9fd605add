"""Secrets that are easy to find, planted everywhere, must turn up nowhere they don't belong."""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import psutil
import pytest

from checks.conftest import Server, checkout, with_database
from embedded_postgres.server import embedded_postgres

pytestmark = pytest.mark.sessions
SECRET = "canary-jwt-secret-of-more-than-32-bytes"
EMAIL = "canary-address@example.com"
PASSWORD = "canary-password of hers"
WRONG = "canary-password that is wrong"
CHANGED = "canary-password after the change"
RESET = "canary-password after the reset"
ADMINS = "canary-password of the admin"
DATABASE = "canary-database-password"
CANARIES = {
    "password": "canary-password",
    "JWT_SECRET": "canary-jwt",
    "e-mail address": "canary-address",
    "database password": DATABASE,
    "hash": "$argon2",
}
COMMANDS = [["serve"], ["backup", "never"], ["migrate"], ["check"], ["demo"],
            ["create-admin", "boss", EMAIL]]  # fmt: skip
EVERYBODYS = {name: text for name, text in CANARIES.items() if name != "e-mail address"}


def check_absent(text: str, canaries: dict[str, str], known: str) -> None:
    """Check that a text, which has something known, has no canary, in whatever spelling."""
    assert known in text
    for name, canary in canaries.items():
        for spelling in {canary, quote(canary), quote(canary, safe=""), canary.replace(" ", "+")}:
            place = text.find(spelling)
            assert place < 0, f"{name}: {text[max(0, place - 300) : place + 100]}"


class Visitor:
    """Somebody who keeps every answer."""

    def __init__(self, server: Server) -> None:
        self.client = server.client()
        self.client.timeout = httpx.Timeout(30)
        self.answers: list[httpx.Response] = []

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        if body is not None:
            options["json"] = body
        self.answers.append(self.client.request(method, path, **options))
        return self.answers[-1]

    @property
    def token(self) -> str:
        return self.client.cookies["session"]

    def tokens(self) -> dict[str, str]:
        """Return the signature of each token that was ever set, by a name for it."""
        given = [answer.cookies["session"] for answer in self.answers if answer.cookies]
        return {f"token {n}": token.rpartition(".")[2] for n, token in enumerate(given, 1) if token}

    def all(self) -> str:
        """Return whatever came back, but for cookies."""
        lines = []
        for answer in self.answers:
            headers = answer.headers.multi_items()
            lines += [f"{name}: {value}" for name, value in headers if name != "set-cookie"]
            lines += [answer.text]
        return "\n".join(lines)


@contextmanager
def database(folder: Path) -> Iterator[tuple[str, Path]]:
    """Start a PostgreSQL whose password is a canary: the URL of an empty database, and the log."""
    data = folder / "data"
    with embedded_postgres(data) as url:
        rules = data / "pg_hba.conf"
        rules.write_text(f"local all guarded scram-sha-256\n{rules.read_text()}")
        sql(url, f"CREATE ROLE guarded LOGIN PASSWORD '{DATABASE}'")
        sql(url, "CREATE DATABASE guarded OWNER guarded TEMPLATE template0")
        sql(url, "SELECT pg_reload_conf()")
        time.sleep(0.5)
        own = with_database(url, "guarded").replace("postgres@", f"guarded:{DATABASE}@")
        yield own, data / "log"


def sql(url: str, statement: str) -> None:
    async def execute() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute(statement)
        await connection.close()

    asyncio.run(execute())


def command(folder: Path, *arguments: str, **environment: str) -> str:
    """Return what `python -m api` says, whether it succeeds or not."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(
        [".venv/bin/python", "-m", "api", *arguments],
        cwd=folder, env=kept | {"ENVIRONMENT": "development", "COOKIE_SECURE": "false",
                                "JWT_SECRET": SECRET} | environment,
        capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return f"{arguments[0]}: {done.returncode}\n{done.stdout}{done.stderr}"


def use(server: Server, ada: Visitor, bob: Visitor) -> None:
    """Do everything that takes a secret, well and badly."""
    account = {"username": "ada", "email": EMAIL, "password": PASSWORD}
    login = {"username": "ada", "password": PASSWORD}
    assert ada.ask("POST", "/api/auth/register", account).status_code == 201
    other = {"username": "bob", "email": "bob@example.com", "password": "a harbour at dusk"}
    assert bob.ask("POST", "/api/auth/register", other).status_code == 201
    for change in ({"username": "eve"}, {"email": "x@example.com"}):
        assert bob.ask("POST", "/api/auth/register", account | change).status_code == 409
    for body in (
        {**login, "password": WRONG},
        {"username": EMAIL, "password": WRONG},
        {**login, "password": [WRONG]},
        {**login, "x": WRONG},
        {"password": PASSWORD},
        {**account, "email": [EMAIL]},
        {**account, "password": "x" * 99 + PASSWORD * 9},
    ):
        for path in ("login", "register"):
            assert bob.ask("POST", f"/api/auth/{path}", body).status_code in (401, 409, 422)
    for text in (json.dumps(account)[:-1], f'{{"password": "{PASSWORD}", "x": NaN}}'):
        headers = {"Content-Type": "application/json"}
        answer = bob.ask("POST", "/api/auth/register", content=text, headers=headers)
        assert answer.status_code == 400
        bob.ask("POST", "/api/auth/register", content=text, headers={"Content-Type": "text/plain"})
    # The admin's canary is in the environment of a command, beside the running server.
    boss = Visitor(server)
    assert boss.ask("POST", "/api/auth/login", {"username": "boss", "password": ADMINS}).is_success
    [id] = [user["id"] for user in boss.ask("GET", "/api/users").json()
            if user["username"] == "ada"]  # fmt: skip
    board = bob.ask("POST", "/api/boards", {"title": "x"}).json()["id"]
    for _ in range(2):
        bob.ask("POST", f"/api/boards/{board}/users", {"email": EMAIL})
    for path in (
        "/api/users",
        f"/api/users/{id}",
        f"/api/boards/{board}/users",
        "/nope",
        f"/api/boards/{board}/users/{id}",
        "/openapi.json",
        "/docs",
        "/health/ready",
        f"/api/users?q={EMAIL}",
        f"/api/boards?limit={WRONG}",
    ):
        bob.ask("GET", path)
    bob.ask("PUT", f"/api/users/{id}", {"username": "ada", "email": EMAIL})
    bob.ask("PUT", f"/api/users/{id}/password", {"new_password": RESET})
    own = bob.ask("GET", "/api/auth/me").json()["id"]
    taken = {"username": "bob", "email": EMAIL, "current_password": "a harbour at dusk"}
    assert bob.ask("PUT", f"/api/users/{own}", taken).status_code == 409
    for token in (ada.token + "x", ada.token[:-5], ada.token.replace(".", "..")):
        cookie = {"Cookie": f"session={token}"}
        answer = Visitor(server).ask("GET", "/api/auth/me", headers=cookie)
        assert answer.status_code == 401
        bob.answers.append(answer)
    for path, body in (
        (f"/api/users/{id}", {"current_password": WRONG}),
        (f"/api/users/{own}", {"current_password": WRONG}),
    ):
        assert ada.ask("DELETE", path, body).status_code == 403
        assert ada.ask("PATCH", path, {"email": "a@b.example", **body}).status_code == 403
    for new, old in ((CHANGED, WRONG), ("password123", PASSWORD), (CHANGED, PASSWORD)):
        ada.ask("PUT", "/api/auth/password", {"current_password": old, "new_password": new})
    assert ada.answers[-1].status_code == 204
    ada.ask("GET", "/api/auth/sessions")
    boss.ask("PUT", f"/api/users/{id}/password", {"new_password": RESET})
    assert ada.ask("POST", "/api/auth/login", {**login, "password": RESET}).is_success


def lose_the_database(log: Path, ada: Visitor) -> str:
    """Kill PostgreSQL under requests that have secrets, and return its log of before."""
    before = log.read_text()
    postmaster = psutil.Process(int((log.parent / "postmaster.pid").read_text().split()[0]))
    for process in (postmaster, *postmaster.children(recursive=True)):
        process.kill()
    deadline = time.monotonic() + 30
    seen = set()
    while (200 not in seen or 503 not in seen) and time.monotonic() < deadline:
        for body in (
            {"username": "ada", "password": WRONG},
            {"username": EMAIL, "password": RESET},
        ):
            seen.add(ada.ask("POST", "/api/auth/login", body).status_code)
    assert {200, 503} <= seen <= {200, 401, 503}
    return before


# PostgreSQL is killed, and started again without waiting for the first one's end.
@pytest.mark.filterwarnings(r"ignore:subprocess \d+ is still running:ResourceWarning")
def test_no_secret_turns_up_where_it_doesnt_belong(folder: Path, quick: bool) -> None:
    """A server, every command and PostgreSQL, with canaries in all that they are given."""
    with database(folder) as (url, log):
        copy = checkout(folder)
        server = Server(copy, DATABASE_URL=url, JWT_SECRET=SECRET, ENVIRONMENT="development",
                        COOKIE_SECURE="false", RATE_LIMIT_LOGIN="off",
                        RATE_LIMIT_REGISTER="20/minute", WORKERS="2")  # fmt: skip
        said = commands_before(copy, url, COMMANDS[:1] if quick else COMMANDS)
        with server:
            ada, bob = Visitor(server), Visitor(server)
            said += command(copy, "create-admin", "boss", "boss@example.com",
                            DATABASE_URL=url, ADMIN_PASSWORD=ADMINS)  # fmt: skip
            use(server, ada, bob)
            running = psutil.process_iter(["cmdline"])
            lines = " ".join(
                " ".join(p.info["cmdline"] or []) for p in running if p.pid != os.getpid()
            )
            postgres = lose_the_database(log, ada)
        tokens = ada.tokens()
        assert len(tokens) >= 3
        said += commands_after(copy, url)
        postgres += log.read_text()
        told = server.log.read_text()
    check_absent(told, CANARIES | tokens, "method=POST route=/api/auth/login")
    check_absent(postgres, CANARIES | tokens, "duplicate key value")
    check_absent(said, CANARIES | tokens, "boss is an admin now.")
    check_absent(lines, CANARIES | tokens, "api serve")
    check_absent(bob.all(), CANARIES | tokens, "/problems/conflict")
    check_absent(ada.all(), EVERYBODYS | tokens, EMAIL)


def commands_before(copy: Path, url: str, commands: list[list[str]]) -> str:
    """Return what the commands say to mistakes, and then of an empty database."""
    wrong = url.replace(DATABASE, f"{DATABASE}-that-is-wrong")
    mistakes = [
        (arguments, {"DATABASE_URL": mistaken, "ADMIN_PASSWORD": ADMINS})
        for mistaken in (wrong, url.replace("guarded?", "another?"),
                         url.replace("postgres:", "mysql:"),
                         f"postgres://guarded:{DATABASE}@localhost:port/x",
                         f"postgres://guarded:{DATABASE}@localhost:1/x",
                         f"postgres://guarded:{DATABASE}@[::1/x")
        for arguments in commands
    ]  # fmt: skip
    mistakes += [
        (["serve"], {"DATABASE_URL": url, setting: value})
        for setting, value in (("JWT_SECRET", "canary-jwt-short"), ("WORKERS", DATABASE))
    ]
    return at_once(copy, mistakes) + command(copy, "migrate", DATABASE_URL=url)


def commands_after(copy: Path, url: str) -> str:
    """Return what they say of a full database, and of another create-admin."""
    environment = {"DATABASE_URL": url, "ADMIN_PASSWORD": ADMINS}
    first = [(arguments, environment) for arguments in (
        ["check"], ["backup", "file"], ["create-admin", "ada", "y@example.com"], ["migrate"],
        ["create-admin", "x", EMAIL], ["create-admin", "eve", EMAIL],
    )]  # fmt: skip
    long = environment | {"ADMIN_PASSWORD": f"canary-password{'x' * 200}"}
    first += [(["create-admin", "eve", "y@example.com"], long)]
    # The file is there.
    then = [(arguments, environment) for arguments in (["backup", "file"], ["restore", "file"])]
    return at_once(copy, first) + at_once(copy, then)


def at_once(copy: Path, commands: list[tuple[list[str], dict[str, str]]]) -> str:
    """Run the commands, each in its environment, and return what they say.

    As many run at once as there are processors.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = [
            pool.submit(command, copy, *arguments, **environment)
            for arguments, environment in commands
        ]
        return "".join(each.result() for each in running)
