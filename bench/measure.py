"""The parts of the benchmark; each yields what build/bench.json keeps of it, so far."""

import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple, TypeVar

import asyncpg
from pydantic import SecretStr

from api.auth.passwords import hash_password
from api.resources.pagination import encode_cursor
from bench.answers import difference
from bench.contenders import CONTENDERS, OURS, SCENARIOS, Contender
from bench.load import Client, Credentials, Figures, Request, Running, paced, pgbench, serving, wrk
from bench.peers import pocketbase
from bench.peers.statements import statements
from bench.scenarios import (
    World,
    beside_url,
    cookie_of,
    credentials_of,
    frontend_requests,
    operations,
    others_tables,
    remove_new_tasks,
    requests_of,
    statements_of,
    world,
)
from bench.world import CALLER, NEWCOMER

SLOW = "full4000"  # so much so that few clients keep a server busy, and take longer to show it
FEW = {SLOW, "move", "long move"}  # clients, since those who move wait for each other
SCRIPTS = 20  # requests of a kind where pgbench sends them, too
# What writing changes each time.
CHANGED, CREATED = {"updated_at", "version"}, {"id", "created_at", "updated_at"}
WRITES = {
    **dict.fromkeys(("put", "token put", "admin put"), CHANGED),
    # Which colour was put last differs, as does how often each server was asked.
    **dict.fromkeys(("move", "long move"), CHANGED | {"color"}),
    **dict.fromkeys(("post", "comment"), CREATED),
    "new": CREATED | {"position"},  # at the end, wherever that is
}
LISTS = ("tasks", "subtasks", "columns", "comments", "labels", "boards")
# Of a hundred requests where they are mixed: mostly reading.
MIX = {"task": 45, "column": 25, "boards": 5, "full100": 3, "put": 12, "post": 10}
PASSWORD = "a harbour at dusk"
LOGINS_PER_SECOND = 20
NOBODY = Credentials("Cookie", "")

Result = TypeVar("Result")
Part = dict[str, Any]


class Extent(NamedTuple):
    """How much is measured."""

    tasks: int
    sizes: tuple[int, int]  # tasks, where they are compared
    rounds: int
    seconds: int
    slow_seconds: int
    clients: int
    slow_clients: int
    warm_up: int  # seconds
    at_once: int  # servers that start, or are under load
    slow_at_once: int
    pairs: int
    patience: float  # seconds for all pairs of one request
    requests: int  # where memory may grow
    first: int  # those of them that warm up
    stretch: int  # seconds of a longer load

    def clients_of(self, scenario: str) -> int:
        return self.slow_clients if scenario in FEW else self.clients

    def seconds_of(self, scenario: str) -> int:
        return self.slow_seconds if scenario == SLOW else self.seconds

    def said(self) -> Part:
        """Return what was done in each scenario, for the page."""
        return {
            "clients": {name: self.clients_of(name) for name in SCENARIOS},
            "seconds": {name: self.seconds_of(name) for name in SCENARIOS},
        }


LONG = Extent(
    100_000, (100_000, 1_000_000), 3, 2, 6, 16, 2, 1, 1, 1, 200, 20, 1_000_000, 100_000, 10
)  # fmt: skip
# Whether all of it works. Nobody reads the figures, so that servers may disturb each other.
QUICK = Extent(5_000, (5_000, 10_000), 1, 1, 1, 2, 1, 0, 11, 3, 2, 1, 400, 200, 1)


def rps(
    port: int, requests: list[Request], cookie: Credentials, clients: int, seconds: int
) -> float:
    return wrk(port, requests, cookie, clients, seconds).rps


def told(what: str, figures: dict[str, list[float]]) -> None:
    """Say the medians."""
    medians = ", ".join(f"{name} {median(seen):,.1f}" for name, seen in figures.items())
    print(f"{what}: {medians}", flush=True)


async def settle(connection: asyncpg.Connection, extent: Extent) -> None:
    """Tidy up after what was written, or PostgreSQL would while something else is measured."""
    if extent.warm_up:  # In the quick form it takes longer than the load.
        await connection.execute("VACUUM ANALYZE")


def in_rounds(
    loads: Mapping[str, Callable[[int], Result]], extent: Extent, scenario: str
) -> dict[str, list[Result]]:
    """Return what each load on a scenario gives, in rounds whose order alternates."""

    def warmed_up(name: str) -> Result:
        try:
            if extent.warm_up:  # in which the slow one may not answer at all
                loads[name](extent.slow_seconds if scenario == SLOW else extent.warm_up)
            return loads[name](extent.seconds_of(scenario))
        except SystemExit as error:
            raise SystemExit(f"{name}, {scenario}: {error}") from error

    found: dict[str, list[Result]] = {name: [] for name in loads}
    with ThreadPoolExecutor(extent.slow_at_once if scenario == SLOW else extent.at_once) as pool:
        for turn in range(extent.rounds):
            order = [*loads][:: -1 if turn % 2 else 1]
            for name, seen in zip(order, pool.map(warmed_up, order), strict=True):
                found[name].append(seen)
    return found


async def contenders(url: str, extent: Extent) -> AsyncIterator[Part]:
    """Measure the requests per second of all servers on the same data."""
    rounds: dict[str, dict[str, list[Figures]]] = {}
    kinds = {one.name: one.kind for one in CONTENDERS}
    async with AsyncExitStack() as stack:
        given = await stack.enter_async_context(world(url, "contenders", extent.tasks))
        requests = await frontend_requests(given, await requests_of(given))
        credentials = await credentials_of(given)
        databases = await stack.enter_async_context(others_tables(given))
        urls = {name: beside_url(given.url, name) for name in databases} | {OURS.tables: given.url}
        environment = {
            "OPERATIONS": json.dumps(operations()),
            "STATEMENTS": json.dumps(statements(operations())),
        }

        def started(one: Contender) -> int:
            server = serving(one, DATABASE_URL=urls[one.tables], **environment)
            return stack.enter_context(server).port

        with ThreadPoolExecutor(extent.at_once) as pool:
            started_at = zip(CONTENDERS, pool.map(started, CONTENDERS), strict=True)
            ports = {one.name: port for one, port in started_at}
        caller = await given.connection.fetchval(
            "SELECT id::text FROM users WHERE username = $1", CALLER
        )
        for scenario, asked in requests.items():
            for connection in (given.connection, *databases.values()):
                await settle(connection, extent)
            header = credentials.get(scenario.partition(" ")[0], credentials["caller"])
            sides = {
                one.name: in_pocketbase(ports[one.name], asked, caller)
                if one.kind == "pocketbase"
                else Side(ports[one.name], asked, header)
                for one in CONTENDERS
                if scenario in one.scenarios
            }
            check_answers(scenario, sides)
            loads = {
                name: partial(
                    wrk, side.port, side.requests, side.credentials, extent.clients_of(scenario)
                )
                for name, side in sides.items()
            }
            if scenario == "new":
                loads = {
                    one.name: partial(tidied, loads[one.name], urls[one.tables])
                    for one in CONTENDERS
                    if one.name in sides
                }
            rounds[scenario] = in_rounds(loads, extent, scenario)
            told(scenario, {k: [one.rps for one in v] for k, v in rounds[scenario].items()})
            yield {"kinds": kinds, "rounds": rounds} | extent.said()


def tidied(load: Callable[[int], Figures], url: str, seconds: int) -> Figures:
    """Return what a load gives that makes tasks; deletes them after it, or columns would grow."""
    figures = load(seconds)
    asyncio.run(remove_new_tasks(url))
    return figures


def as_it_is(answer: Any) -> Any:
    return answer


class Side(NamedTuple):
    """How a server is asked in a scenario, and what of its answers is compared with ours."""

    port: int
    requests: list[Request]
    credentials: Credentials
    comparable: Callable[[Any], Any] = as_it_is

    def answers(self) -> list[Any]:
        client = Client(self.port, self.credentials)
        return [json.loads(client.answer(request)) for request in self.requests[:2]]


def in_pocketbase(port: int, asked: list[Request], user: str) -> Side:
    return Side(
        port,
        [pocketbase.translated(request) for request in asked],
        pocketbase.credentials_of(port, user),
        pocketbase.comparable,
    )


def check_answers(scenario: str, sides: dict[str, Side]) -> None:
    """End everything when a server answers anything else than Corkboard does."""
    ours = sides[OURS.name].answers()
    for name, side in sides.items():
        pairs = zip(side.requests, ours, side.answers(), strict=False)
        for request, expected, answer in pairs:
            expected = side.comparable(expected)
            if scenario == "post":
                expected.pop("position", None)  # the others' subtasks have no order
                answer.pop("position", None)
            found = difference(expected, side.comparable(answer), WRITES.get(scenario))
            if found:
                raise SystemExit(
                    f"{name} doesn't answer {request.method} {request.path} ({scenario}) as "
                    f"{OURS.name} does: {found}"
                )


async def workers(url: str, extent: Extent) -> AsyncIterator[Part]:
    """Measure Corkboard with one worker and with two, beside pgbench with the same statements."""
    rounds: dict[str, dict[str, list[float]]] = {}
    async with world(url, "workers", extent.tasks) as given:
        requests = {name: asked[:SCRIPTS] for name, asked in (await requests_of(given)).items()}
        cookie = await cookie_of(given.url, CALLER)
        statements = await statements_of(given, requests, cookie)
        with ExitStack() as stack:
            ports = {
                name: stack.enter_context(
                    serving(OURS, DATABASE_URL=given.url, WORKERS=str(number))
                ).port
                for name, number in {"1 worker": 1, "2 workers": 2}.items()
            }
            for scenario, asked in requests.items():
                await settle(given.connection, extent)
                clients = extent.clients_of(scenario)
                loads: dict[str, Callable[[int], float]] = {
                    name: partial(rps, port, asked, cookie, clients) for name, port in ports.items()
                }
                loads["pgbench"] = partial(pgbench, given.url, *statements[scenario], clients)
                rounds[scenario] = in_rounds(loads, extent, scenario)
                told(scenario, rounds[scenario])
    yield {"rounds": rounds} | extent.said()


async def size(url: str, extent: Extent) -> AsyncIterator[Part]:
    """Measure the milliseconds of the same requests on little and on much data, in pairs."""
    pairs: dict[str, dict[str, list[tuple[float, float]]]] = {}
    small, large = extent.sizes
    async with (
        world(url, "small", small) as less,
        world(url, "large", large) as more,
    ):
        with (
            serving(OURS, DATABASE_URL=less.url) as one,
            serving(OURS, DATABASE_URL=more.url) as other,
        ):
            for visibility in ("half of the boards public", "all boards private"):
                public = visibility.startswith("half")
                if not public:
                    for given in (less, more):
                        await given.connection.execute("UPDATE boards SET is_public = false")
                        await given.connection.execute("VACUUM ANALYZE boards")
                asked = [await sized(given, public=public) for given in (less, more)]
                pairs[visibility] = {}
                for name in asked[0]:
                    sides = [
                        (Client(server.port, requests[name][0]), requests[name][1])
                        for server, requests in zip((one, other), asked, strict=True)
                    ]
                    seen = pairs[visibility][name] = compared(sides, extent)
                    told(
                        f"{visibility}, {name}",
                        {
                            f"{tasks:,}": [pair[side] for pair in seen]
                            for side, tasks in enumerate(extent.sizes)
                        },
                    )
    yield {"sizes": extent.sizes, "pairs": pairs}


Call = dict[str, tuple[Credentials, list[Request]]]


async def sized(given: World, *, public: bool) -> Call:
    """Return what is asked on data of each size, by name, and with whose cookie."""
    caller, newcomer = [await cookie_of(given.url, name) for name in (CALLER, NEWCOMER)]
    found: Call = {
        name: (caller, requests)
        for name, requests in (await requests_of(given, public=public)).items()
    }
    for name in LISTS:
        found[f"list of {name}"] = (newcomer, [Request("GET", f"/api/{name}")])
    last = await given.connection.fetchval(
        "SELECT tasks.id FROM tasks JOIN columns ON columns.id = column_id "
        "JOIN boards ON boards.id = board_id WHERE is_public OR board_id IN "
        "(SELECT board_id FROM board_users JOIN users ON users.id = user_id WHERE username = $1) "
        "ORDER BY tasks.id DESC OFFSET 50 LIMIT 1",
        CALLER,
    )
    cursor = encode_cursor(("id",), (last,))
    found["first page of tasks"] = (caller, [Request("GET", "/api/tasks")])
    found["last page of tasks"] = (caller, [Request("GET", f"/api/tasks?cursor={cursor}")])
    return found


def compared(
    sides: Sequence[tuple[Client, list[Request]]], extent: Extent
) -> list[tuple[float, float]]:
    """Measure the milliseconds on both sides of pair after pair, the one or the other first."""
    found = []
    deadline = time.monotonic() + extent.patience
    for turn in range(-extent.pairs // 10, extent.pairs):
        if turn > 10 and time.monotonic() > deadline:
            break
        pair = [0.0, 0.0]
        for side in (0, 1)[:: -1 if turn % 2 else 1]:
            client, requests = sides[side]
            pair[side] = client.ask(requests[turn % len(requests)])
        if turn >= 0:  # The first ones find nothing in memory.
            found.append((round(pair[0], 3), round(pair[1], 3)))
    return found


async def memory(url: str, extent: Extent) -> AsyncIterator[Part]:
    """Measure how long a start takes, and whether memory grows."""
    async with world(url, "memory", extent.tasks) as given:
        requests, cookie = await requests_of(given), await cookie_of(given.url, CALLER)
        starts = []
        for _ in range(extent.rounds):
            with serving(OURS, DATABASE_URL=given.url) as server:
                starts.append(server.seconds)
        turns = [name for name, times in MIX.items() for _ in range(times)]
        random.Random(1).shuffle(turns)
        asked = [requests[name][turn % len(requests[name])] for turn, name in enumerate(turns * 20)]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "count")
            counting = OURS._replace(command=[sys.executable, "-m", "bench.counted", "serve"])
            seen: list[Part] = []
            with serving(counting, DATABASE_URL=given.url, COUNT_FILE=str(file)) as server:
                done = 0
                for goal in (0, extent.first, extent.requests):
                    # Each time anew, also where one load reaches the next goal, too.
                    while done < max(goal, seen[-1]["requests"] + 1 if seen else 0):
                        seconds = extent.stretch
                        done += round(
                            rps(server.port, asked, cookie, extent.clients, seconds) * seconds
                        )
                    seen.append({"requests": done, **counted(server, file)})
                    print(seen[-1], flush=True)
    yield {"starts": starts, "seen": seen}


def counted(server: Running, file: Path) -> dict[str, float]:
    """Return the objects in a server and its memory, a moment after the load."""
    time.sleep(0.5)
    file.unlink(missing_ok=True)
    server.process.send_signal(signal.SIGUSR1)
    while not file.exists() or not file.read_text():
        time.sleep(0.05)
    return {"objects": int(file.read_text()), "mb": server.memory()}


async def logins(url: str, extent: Extent) -> AsyncIterator[Part]:
    """Measure the milliseconds of reads at half of the capacity, with logins beside and without."""
    async with world(url, "logins", extent.tasks) as given:
        tasks, cookie = (await requests_of(given))["task"], await cookie_of(given.url, CALLER)
        users = [
            row["username"]
            for row in await given.connection.fetch(
                "UPDATE users SET hashed_password = $1 WHERE username LIKE 'somebody-%' "
                "RETURNING username",
                await hash_password(SecretStr(PASSWORD)),
            )
        ]
        signing_in = [
            Request(
                "POST", "/api/auth/login", f'{{"username": "{user}", "password": "{PASSWORD}"}}'
            )
            for user in users
        ]
        rounds: dict[str, list[dict[str, float]]] = {"without": [], "with": [], "logins": []}
        with serving(OURS, DATABASE_URL=given.url) as server:
            capacity = rps(server.port, tasks, cookie, extent.clients, extent.seconds)
            for turn in range(extent.rounds):
                for beside in ("without", "with")[:: -1 if turn % 2 else 1]:
                    loads = [paced(server.port, tasks, cookie, capacity / 2, extent.stretch)]
                    if beside == "with":
                        loads.append(
                            paced(
                                server.port, signing_in, NOBODY, LOGINS_PER_SECOND, extent.stretch
                            )
                        )
                    read, *signed_in = await asyncio.gather(*loads)
                    rounds[beside].append(percentiles(read))
                    rounds["logins"] += map(percentiles, signed_in)
    for name, seen in rounds.items():
        told(name, {key: [one[key] for one in seen] for key in ("p50", "p99")})
    yield {"rate": capacity / 2, "logins": LOGINS_PER_SECOND, "rounds": rounds}


def percentiles(taken: list[float]) -> dict[str, float]:
    cuts = quantiles(taken, n=100, method="inclusive")
    return {"p50": cuts[49], "p99": cuts[98]}


PARTS = {
    "contenders": contenders,
    "workers": workers,
    "size": size,
    "memory": memory,
    "logins": logins,
}
