"""Requests over many connections, and which worker of the server answered each."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import count, cycle
from types import TracebackType
from typing import Any, NamedTuple, Self

import asyncpg
import httpx

from checks.conftest import Server, url_of
from checks.sessions.logins import NO_TLS, PASSWORD

CONNECTIONS = 10  # to each worker
NUMBERS = count()


class Request(NamedTuple):
    """What is sent, with which cookie, and as coming from which address."""

    method: str
    path: str
    cookie: str = ""
    body: Any = None
    address: str = ""

    @property
    def headers(self) -> dict[str, str]:
        given = {
            "Cookie": self.cookie and f"session={self.cookie}",
            "X-Forwarded-For": self.address,
            "X-Request-ID": "check",  # or no two answers would be the same
        }
        return {name: value for name, value in given.items() if value}


class Answer(NamedTuple):
    """A response, and the number of the process that gave it."""

    response: httpx.Response
    worker: int

    @property
    def status(self) -> int:
        return self.response.status_code


class Crowd:
    """Ten connections to each worker of a server, over which requests are sent at once."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.size = int(server.environment["WORKERS"])
        self.processes = [
            process
            for process in server.processes()
            if "multiprocessing" in " ".join(process.cmdline())
        ]
        self.clients: list[httpx.AsyncClient] = []
        self.workers: dict[int, int] = {}  # by the port of a connection's other end

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await asyncio.gather(*(client.aclose() for client in self.clients))

    async def connect(self) -> None:
        """Connect until each worker has its share, since which one takes a connection is chance."""
        found: dict[int, list[httpx.AsyncClient]] = {}
        tried = 0
        while len(found) < self.size or min(map(len, found.values())) < CONNECTIONS:
            assert tried <= 1000, {worker: len(clients) for worker, clients in found.items()}
            tried += 20
            clients = [self.client() for _ in range(20)]
            pings = await asyncio.gather(*(client.get("/health/live") for client in clients))
            self.workers |= self.workers_by_port()
            for client, ping in zip(clients, pings, strict=True):
                connections = found.setdefault(self.workers[port_of(ping)], [])
                if len(connections) < CONNECTIONS:
                    connections.append(client)
                else:
                    await client.aclose()
        self.clients = [client for clients in found.values() for client in clients]

    def workers_by_port(self) -> dict[int, int]:
        """Return the number of the worker at the other end of each connection of this process."""
        return {
            connection.raddr.port: process.pid
            for process in self.processes
            for connection in process.net_connections("tcp")
            if connection.raddr and connection.laddr.port == self.server.port
        }

    def client(self, connections: int = 1) -> httpx.AsyncClient:
        """Make a client of so many connections, whose other ends are anywhere."""
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        return httpx.AsyncClient(
            base_url=self.server.address, limits=limits, timeout=60, verify=NO_TLS
        )

    async def send(self, requests: Sequence[Request]) -> list[Answer]:
        """Send them all at once, each connection its share."""
        responses = await asyncio.gather(*map(ask, cycle(self.clients), requests))
        if not self.workers.keys() >= set(map(port_of, responses)):
            self.workers |= self.workers_by_port()  # It gave up a connection meanwhile.
        return [Answer(response, self.workers[port_of(response)]) for response in responses]

    async def ask(self, request: Request) -> httpx.Response:
        """Send one."""
        async with self.client() as client:
            return await ask(client, request)


async def ask(client: httpx.AsyncClient, request: Request) -> httpx.Response:
    client.cookies.clear()  # Each request brings its own.
    # On a busy machine the server may close the connection, which was idle for 5 s, while a request
    # is on its way, and doesn't read that.
    with suppress(httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
        return await send(client, request)
    return await send(client, request)


async def send(client: httpx.AsyncClient, request: Request) -> httpx.Response:
    return await client.request(
        request.method, request.path, json=request.body, headers=request.headers
    )


def port_of(response: httpx.Response) -> int:
    """Return the port of our end of the connection over which a response came."""
    port: int = response.extensions["network_stream"].get_extra_info("client_addr")[1]
    return port


def statuses(answers: Sequence[Answer]) -> dict[int, int]:
    """Count each status."""
    return dict(sorted(Counter(answer.status for answer in answers).items()))


def by_worker(answers: Sequence[Answer]) -> list[int]:
    """Count the requests that each worker answered, the busiest first."""
    return sorted(Counter(answer.worker for answer in answers).values(), reverse=True)


class Account(NamedTuple):
    """Somebody who registered."""

    id: str
    names: dict[str, str]  # the username and the e-mail address
    cookie: str

    @property
    def login(self) -> dict[str, str]:
        return {"username": self.names["username"], "password": PASSWORD}


async def register(crowd: Crowd, *, is_admin: bool = False) -> Account:
    """Register a new account, with a session."""
    name = f"person{next(NUMBERS)}"
    names = {"username": name, "email": f"{name}@example.com"}
    body = {**names, "password": PASSWORD}
    answer = await crowd.ask(Request("POST", "/api/auth/register", body=body))
    account = Account(answer.raise_for_status().json()["id"], names, answer.cookies["session"])
    if is_admin:
        sql = "UPDATE users SET is_admin = true WHERE id = $1"
        await execute(crowd.server, sql, account.id)
        # For a token that says so, too.
        account = account._replace(cookie=await sign_in(crowd, account))
    return account


async def sign_in(crowd: Crowd, account: Account) -> str:
    """Sign in once more, and return that session's cookie."""
    answer = await crowd.ask(Request("POST", "/api/auth/login", body=account.login))
    return answer.raise_for_status().cookies["session"]


async def execute(server: Server, sql: str, *values: Any) -> None:
    """Run a statement in the server's database."""
    connection = await asyncpg.connect(url_of(server))
    try:
        await connection.execute(sql, *values)
    finally:
        await connection.close()
