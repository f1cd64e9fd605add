"""What is measured, part by part; each returns what build/bench.json keeps of it."""

import asyncio
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

from pydantic import SecretStr

from api.paging import encode_cursor
from api.passwords import hash_password
from api.postgres import program
from bench.contenders import CONTENDERS, OURS, SCENARIOS, Contender
from bench.load import Client, Figures, Request, Running, paced, pgbench, serving, wrk
from bench.scenarios import World, cookie_of, requests_of, statements_of, world
from bench.world import CALLER, NEWCOMER

CLIENTS = dict.fromkeys(SCENARIOS, 16) | {"full4000": 4}  # its answer takes long enough with four
SCRIPTS = 20  # requests of a kind where pgbench sends them, too
LISTS = ("tasks", "subtasks", "columns", "comments", "labels", "boards")
# Of a hundred requests where they are mixed: mostly reading.
MIX = {"task": 45, "column": 25, "boards": 5, "full100": 3, "put": 12, "post": 10}
PASSWORD = "a harbour at dusk"
LOGINS_PER_SECOND = 20
READERS = 400  # users who sign in, each once in a while

Part = dict[str, Any]


class Extent(NamedTuple):
    """How much is measured."""

    tasks: int
    sizes: tuple[int, int]  # tasks, where they are compared
    rounds: int
    seconds: int
    warm_up: int  # seconds
    at_once: int  # servers under load
    pairs: int
    patience: float  # seconds for all pairs of one request
    requests: int  # where memory may grow
    first: int  # those of them that warm up
    pace_seconds: int


LONG = Extent(100_000, (100_000, 1_000_000), 5, 3, 1, 1, 200, 20, 1_000_000, 100_000, 10)
# Whether all of it works. Nobody reads the figures, so that servers may disturb each other.
QUICK = Extent(10_000, (10_000, 20_000), 1, 1, 0, 8, 2, 1, 2_000, 500, 1)


def told(what: str, figures: dict[str, list[float]]) -> None:
    """Say the medians."""
    medians = ", ".join(f"{name} {median(seen):,.1f}" for name, seen in figures.items())
    print(f"{what}: {medians}", flush=True)


async def contenders(url: str, extent: Extent) -> Part:
    """Requests per second of all servers on the same data, one after the other, in rounds."""
    async with world(url, "contenders", extent.tasks) as given:
        requests, cookie = await requests_of(given), await cookie_of(given.url, CALLER)
    rounds: dict[str, dict[str, list[Figures]]] = {}
    with ExitStack() as stack, ThreadPoolExecutor(extent.at_once) as pool:
        ports = {
            contender.name: stack.enter_context(serving(contender, DATABASE_URL=given.url)).port
            for contender in CONTENDERS
        }
        for scenario in SCENARIOS:
            entrants = [one for one in CONTENDERS if scenario in one.scenarios]
            for entrant in entrants:
                Client(ports[entrant.name], cookie).ask(requests[scenario][0])

            def load(entrant: Contender, scenario: str = scenario) -> Figures:
                given = (ports[entrant.name], requests[scenario], cookie)
                if extent.warm_up:
                    wrk(*given, extent.warm_up, CLIENTS[scenario])
                return wrk(*given, extent.seconds, CLIENTS[scenario])

            rounds[scenario] = {entrant.name: [] for entrant in entrants}
            for turn in range(extent.rounds):
                order = entrants[:: -1 if turn % 2 else 1]
                for entrant, seen in zip(order, pool.map(load, order), strict=True):
                    rounds[scenario][entrant.name].append(seen)
            told(scenario, {k: [one.rps for one in v] for k, v in rounds[scenario].items()})
    return {
        "kinds": {one.name: one.kind for one in CONTENDERS},
        "clients": CLIENTS,
        "seconds": extent.seconds,
        "rounds": rounds,
    }


async def workers(url: str, extent: Extent) -> Part:
    """Corkboard with one worker and with two, beside pgbench with the same statements."""
    async with world(url, "workers", extent.tasks) as given:
        requests = {name: asked[:SCRIPTS] for name, asked in (await requests_of(given)).items()}
        cookie = await cookie_of(given.url, CALLER)
        statements = await statements_of(given, requests, cookie)
    rounds: dict[str, dict[str, list[float]]] = {}
    with ExitStack() as stack:
        ports = {
            name: stack.enter_context(
                serving(OURS, DATABASE_URL=given.url, WORKERS=str(number))
            ).port
            for name, number in {"1 worker": 1, "2 workers": 2}.items()
        }
        for scenario, asked in requests.items():

            def load(name: str, seconds: int, scenario: str = scenario) -> float:
                if name in ports:
                    return wrk(
                        ports[name], requests[scenario], cookie, seconds, CLIENTS[scenario]
                    ).rps
                return pgbench(
                    program("pgbench"), given.url, *statements[scenario], seconds, CLIENTS[scenario]
                )

            rounds[scenario] = {name: [] for name in [*ports, "pgbench"]}
            for turn in range(extent.rounds):
                for name in list(rounds[scenario])[:: -1 if turn % 2 else 1]:
                    if extent.warm_up:
                        load(name, extent.warm_up)
                    rounds[scenario][name].append(load(name, extent.seconds))
            told(scenario, rounds[scenario])
    return {"clients": CLIENTS, "seconds": extent.seconds, "rounds": rounds}


async def size(url: str, extent: Extent) -> Part:
    """Milliseconds of the same requests on little and on much data, in pairs, by one client."""
    pairs: dict[str, dict[str, list[tuple[float, float]]]] = {}
    small, large = extent.sizes
    async with world(url, "small", small) as less, world(url, "large", large) as more:
        for visibility in ("half of the boards public", "all boards private"):
            public = visibility.startswith("half")
            if not public:
                for given in (less, more):
                    await given.connection.execute("UPDATE boards SET is_public = false")
                    await given.connection.execute("VACUUM ANALYZE boards")
            asked = [await sized(given, public=public) for given in (less, more)]
            pairs[visibility] = {}
            with (
                serving(OURS, DATABASE_URL=less.url) as one,
                serving(OURS, DATABASE_URL=more.url) as other,
            ):
                for name in asked[0]:
                    sides = [
                        (Client(server.port, requests[name][0]), requests[name][1])
                        for server, requests in zip((one, other), asked, strict=True)
                    ]
                    pairs[visibility][name] = compared(sides, extent)
                    told(
                        f"{visibility}, {name}",
                        {f"{n:,}": [*seen] for n, seen in zip(
                            extent.sizes, zip(*pairs[visibility][name], strict=True), strict=True
                        )},
                    )
    return {"sizes": extent.sizes, "pairs": pairs}


Asked = dict[str, tuple[str, list[Request]]]


async def sized(given: World, *, public: bool) -> Asked:
    """What is asked on data of each size, by name, and with whose cookie."""
    caller, newcomer = [await cookie_of(given.url, name) for name in (CALLER, NEWCOMER)]
    found: Asked = {
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
    """Milliseconds on both sides of pair after pair, the one or the other first."""
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


async def memory(url: str, extent: Extent) -> Part:
    """How long a start takes, and whether memory grows."""
    async with world(url, "memory", extent.tasks) as given:
        requests, cookie = await requests_of(given), await cookie_of(given.url, CALLER)
    starts = []
    for _ in range(extent.rounds):
        with serving(OURS, DATABASE_URL=given.url) as server:
            starts.append(server.seconds)
    turns = [name for name, times in MIX.items() for _ in range(times)]
    random.Random(1).shuffle(turns)
    asked = [
        requests[name][turn % len(requests[name])] for turn, name in enumerate(turns * 20)
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "count")
        counting = OURS._replace(command=[sys.executable, "-m", "bench.counted", "serve"])
        seen = []
        with serving(counting, DATABASE_URL=given.url, COUNT_FILE=str(file)) as server:
            done = 0
            for goal in (0, extent.first, extent.requests):
                while done < goal:
                    rps = wrk(server.port, asked, cookie, 10 if extent is LONG else 1).rps
                    done += round(rps * (10 if extent is LONG else 1))
                seen.append({"requests": done, **counted(server, file)})
                print(seen[-1], flush=True)
    return {"starts": starts, "seen": seen}


def counted(server: Running, file: Path) -> dict[str, float]:
    """The objects in a server and its memory, a moment after the load."""
    time.sleep(1)
    file.unlink(missing_ok=True)
    server.process.send_signal(signal.SIGUSR1)
    while not file.exists() or not file.read_text():
        time.sleep(0.05)
    return {"objects": int(file.read_text()), "mib": server.memory()}


async def logins(url: str, extent: Extent) -> Part:
    """Milliseconds of reading at half of what the server can do, with sign-ins beside and without."""
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
        Request("POST", "/api/auth/login", f'{{"username": "{user}", "password": "{PASSWORD}"}}')
        for user in users
    ]
    rounds: dict[str, list[dict[str, float]]] = {"without": [], "with": [], "logins": []}
    with serving(OURS, DATABASE_URL=given.url) as server:
        capacity = wrk(server.port, tasks, cookie, extent.seconds).rps
        for turn in range(extent.rounds):
            for beside in ("without", "with")[:: -1 if turn % 2 else 1]:
                loads = [paced(server.port, tasks, cookie, capacity / 2, extent.pace_seconds)]
                if beside == "with":
                    loads.append(
                        paced(
                            server.port, signing_in, "", LOGINS_PER_SECOND, extent.pace_seconds
                        )
                    )
                read, *signed_in = await asyncio.gather(*loads)
                rounds[beside].append(percentiles(read))
                rounds["logins"] += map(percentiles, signed_in)
    for name, seen in rounds.items():
        told(name, {key: [one[key] for one in seen] for key in ("p50", "p99")})
    return {"rate": capacity / 2, "logins": LOGINS_PER_SECOND, "rounds": rounds}


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
