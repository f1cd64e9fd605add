"""Streams and long polls while servers and PostgreSQL are killed: nothing is lost or repeated."""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import psutil
import pytest

from checks.conftest import UNLIMITED, Measure, Record, Server, checkout
from embedded_postgres.server import embedded_postgres
from tests.helpers.streams import Event, parse

pytestmark = pytest.mark.live
PASSWORD = "a harbour at dusk"
SECRET = "a secret that is long enough for checks"


@contextmanager
def replicas(number: int, workers: int) -> Iterator[tuple[str, list[Server]]]:
    """Start servers on one database, and yield its URL and them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(embedded_postgres(folder / "data" / "postgres"))
        servers = []
        for _ in range(number):
            home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            given = {"DATABASE_URL": url, "WORKERS": f"{workers}", "JWT_SECRET": SECRET}
            servers.append(Server(checkout(home), **UNLIMITED, **given))
            stack.callback(servers[-1].kill, all_of_it=True)
            servers[-1].start()
        try:
            yield url, servers
        finally:
            for server in servers:
                print("".join(server.log.read_text().splitlines(keepends=True)[-20:]))


class Person:
    """Somebody with a session, which is good on every server."""

    def __init__(self, servers: list[Server]) -> None:
        self.servers = servers
        self.cookies: dict[str, str] = {}
        self.id = ""

    async def register(self, name: str) -> "Person":
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        async with httpx.AsyncClient(base_url=self.servers[0].address, timeout=60) as client:
            answer = await client.post("/api/auth/register", json=body)
            self.id, self.cookies = answer.json()["id"], dict(client.cookies)
        return self

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def client(self, server: Server | None = None) -> httpx.AsyncClient:
        """Return a client of one of the servers."""
        address = (server or random.choice(self.servers)).address
        # Without certificates, which take long to load, and which nobody here has.
        return httpx.AsyncClient(
            base_url=address, cookies=self.cookies, timeout=30, verify=False, trust_env=False
        )


class Team:
    """People, and boards of the first of them, on which all are members but on the last."""

    def __init__(self, servers: list[Server]) -> None:
        self.servers = servers
        self.people: list[Person] = []
        self.boards: dict[str, list[str]] = {}  # with their columns

    async def gather(self, people: int, boards: int) -> "Team":
        """Make so many of them."""
        for number in range(people):
            name = f"person{time.time_ns()}x{number}"
            self.people.append(await Person(self.servers).register(name))
        async with self.people[0].client() as client:
            for number in range(boards):
                board = await create(client, "/api/boards", {"title": "Live", "is_public": False})
                column = {"board_id": board, "title": "x"}
                self.boards[board] = [
                    await create(client, "/api/columns", column) for _ in range(2)
                ]
                for person in self.people[1:] if number < boards - 1 else ():
                    member = {"user_id": person.id, "role": "MEMBER"}
                    await create(client, f"/api/boards/{board}/users", member)
        return self


async def create(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> str:
    """Create something, and return its id."""
    answer = await client.post(path, json=body)
    answer.raise_for_status()
    return str(answer.json()["id"])


class Picture:
    """The boards as one client knows them, from what it was told and nothing else."""

    def __init__(self, person: Person, boards: list[str]) -> None:
        self.person = person
        self.boards = sorted(boards)
        self.tasks: dict[str, dict[str, Any]] = {board: {} for board in boards}
        self.seen: dict[str, list[int]] = {board: [] for board in boards}
        self.begins: dict[str, int] = {}
        self.gone: set[str] = set()
        self.wrong: list[str] = []
        self.is_refused = False

    @property
    def has_begun(self) -> bool:
        """Tell whether the client knows of all boards where they begin, or that they are gone."""
        return {*self.boards} == {*self.begins, *self.gone}

    def begin(self, board: str, position: int) -> None:
        """Note where a board begins, on which there is no task yet."""
        if board in self.begins:
            self.wrong.append(f"{board} begins again at {position}")
        self.begins[board] = position

    def apply(self, event: dict[str, Any]) -> None:
        """Change the picture as an event says."""
        board, kind, after = event["board_id"], event["kind"], event["after"]
        if board not in self.begins or board in self.gone:
            self.wrong.append(f"{kind} of {board}")
        self.seen[board].append(event["id"])
        if event["record"] != "task":
            return
        if after is None:
            self.tasks[board].pop(event["record_id"], None)
        else:
            kept = {name: after[name] for name in ("title", "column_id") if name in after}
            self.tasks[board].setdefault(event["record_id"], {}).update(kept)

    async def stream(self, leaving: asyncio.Event) -> None:
        """Read streams, each from where the last one ended, on whichever server."""
        position = ""
        while not leaving.is_set():
            asked = {"board": self.boards} | ({"last_event_id": position} if position else {})
            with suppress(httpx.TransportError):
                async with (
                    self.person.client() as client,
                    client.stream("GET", "/api/events/stream", params=asked) as response,
                ):
                    text = ""
                    async for part in response.aiter_text():
                        *whole, text = (text + part).split("\n\n")
                        for event in parse("\n\n".join(whole)):
                            position = event.id
                            self.take(event)
                        if leaving.is_set():
                            return
            await asyncio.sleep(0.1)

    def take(self, event: Event) -> None:
        """Take an event of a stream."""
        if event.kind == "change":
            self.apply(event.data)
        elif event.kind == "gone":
            self.gone.add(event.data["board_id"])
        elif event.kind not in ("notification", "unread"):  # which the writers cause none of
            board, positions = event.data["board_id"], event.id.partition("~")[0].split(".")
            self.begin(board, int(positions[1 + self.boards.index(board)]))

    async def poll(self, leaving: asyncio.Event) -> None:
        """Ask for the changes of one board, again and again."""
        [board] = self.boards
        path, cursor = f"/api/boards/{board}/changes", ""
        while not leaving.is_set():
            asked = {"after": cursor, "wait": "5"} if cursor else {}
            with suppress(httpx.TransportError):
                async with self.person.client() as client:
                    response = await client.get(path, params=asked)
                if response.is_success:
                    found = response.json()
                    if not cursor or found["resync"]:
                        self.begin(board, int(found["cursor"].split(".")[1]))
                    for event in found["changes"]:
                        self.apply(event)
                    cursor = found["cursor"]
                    continue
                self.is_refused = response.status_code == 404
            await asyncio.sleep(0.1)


async def write(person: Person, columns: list[str], leaving: asyncio.Event) -> None:
    """Add, rename, move and delete tasks at random, whatever the answers are."""
    mine: list[str] = []
    while not leaving.is_set():
        with suppress(httpx.TransportError):
            async with person.client() as client:
                for _ in range(20):
                    what, task = random.random(), random.choice(mine) if mine else ""
                    column = random.choice(columns)
                    if not task or what < 0.4:
                        body = {"column_id": column, "title": f"{what}"}
                        answer = await client.post("/api/tasks", json=body)
                        if answer.status_code == 201:
                            mine.append(answer.json()["id"])
                    elif what < 0.9:
                        body = {"title": f"{what}"} if what < 0.65 else {"column_id": column}
                        await client.patch(f"/api/tasks/{task}", json=body)
                    else:
                        mine.remove(task)
                        await client.delete(f"/api/tasks/{task}")
                    await asyncio.sleep(random.uniform(0, 0.1))


def faults(url: str, servers: list[Server]) -> list[tuple[str, Callable[[], None]]]:
    """Return what is done to the servers and to PostgreSQL, by what it is called."""
    folder = parse_qs(urlsplit(url).query)["host"][0]

    def kill_postgres() -> None:
        for process in psutil.process_iter(["name", "cwd"]):
            if process.info["name"] == "postgres" and process.info["cwd"] == folder:
                with suppress(psutil.NoSuchProcess):
                    process.kill()

    def kill_worker() -> None:
        workers = [
            each for each in servers[1].processes() if "spawn_main" in " ".join(each.cmdline())
        ]
        random.choice(workers).kill()

    def kill_server() -> None:
        servers[0].kill(all_of_it=True)
        servers[0].start()

    def restart_server() -> None:
        servers[1].stop()
        servers[1].start()

    return [
        ("kill a server", kill_server),
        ("kill PostgreSQL", kill_postgres),
        ("kill a worker", kill_worker),
        ("restart a server", restart_server),
    ]


# PostgreSQL, which is started again here after it was killed.
@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
async def test_no_client_loses_or_repeats_anything(quick: bool, record_property: Record) -> None:
    random.seed(1)
    with replicas(2, workers=2) as (url, servers):
        async with asyncio.TaskGroup() as group:
            team = await Team(servers).gather(people=6, boards=4)
            *shared, private = team.boards
            boss, leaver = team.people[0], team.people[1]
            pictures = [
                Picture(
                    team.people[1 + number % 5], [*random.sample(shared, 1 + number % 3), private]
                )
                for number in range(14)
            ]
            polls = [
                Picture(team.people[1 + number % 5], [shared[number % 3]]) for number in range(6)
            ]
            writing, reading = asyncio.Event(), asyncio.Event()
            for picture in pictures:
                group.create_task(picture.stream(reading))
            for picture in polls:
                group.create_task(picture.poll(reading))
            await until(lambda: all(each.has_begun for each in (*pictures, *polls)))
            writers = [
                group.create_task(write(person, columns, writing))
                for person in team.people[2:5]
                for columns in [[column for board in shared for column in team.boards[board]]]
            ] + [group.create_task(write(boss, team.boards[private], writing))]
            for number in range(3 if quick else 40):
                await asyncio.sleep(random.uniform(0.5, 2))
                if number == 2:
                    member, status = f"/api/boards/{shared[0]}/users/{leaver.id}", 0
                    while status not in (204, 404):
                        with suppress(httpx.TransportError):
                            async with boss.client() as client:
                                status = (await client.delete(member)).status_code
                _, do = faults(url, servers)[number % 4]
                await asyncio.to_thread(do)
            writing.set()
            await asyncio.gather(*writers)
            log, tasks = await database(url)
            record_property("events", sum(map(len, log.values())))
            newest = {board: its[-1][0] for board, its in log.items()}
            left = next(id for id, kind in log[shared[0]] if kind == "member.removed")

            def is_done(picture: Picture) -> bool:
                """Tell whether a client has all that is for it."""
                return all(
                    board in picture.gone or picture.seen[board][-1:] == [newest[board]]
                    for board in picture.boards
                ) or (picture in polls and picture.is_refused)

            await until(lambda: all(map(is_done, (*pictures, *polls))))
            reading.set()
    for picture in (*pictures, *polls):
        assert picture.wrong == []
        for board in picture.boards:
            expected = [id for id, _ in log[board] if id > picture.begins.get(board, newest[board])]
            if picture.person is leaver and board == shared[0]:
                # The last ones before that may or may not have arrived.
                assert picture.seen[board] == expected[: len(picture.seen[board])]
                assert picture.seen[board][-1:] < [left]
            else:
                assert picture.seen[board] == expected
                assert board == private or picture.tasks[board] == tasks[board]


async def database(url: str) -> tuple[dict[str, list[tuple[int, str]]], dict[str, Any]]:
    """Return the events and the tasks of each board."""
    connection = await asyncpg.connect(url)
    log: dict[str, list[tuple[int, str]]] = {}
    for id, board, kind in await connection.fetch(
        "SELECT id, board_id, kind FROM events WHERE board_id IS NOT NULL ORDER BY id"
    ):
        log.setdefault(str(board), []).append((id, kind))
    tasks: dict[str, Any] = {board: {} for board in log}
    for board, task, title, column in await connection.fetch(
        "SELECT board_id, tasks.id, tasks.title, column_id FROM tasks "
        "JOIN columns ON columns.id = column_id WHERE tasks.deleted_at IS NULL"
    ):
        tasks[str(board)][str(task)] = {"title": title, "column_id": str(column)}
    await connection.close()
    return log, tasks


async def until(happens: Callable[[], bool], seconds: float = 60) -> None:
    """Return once it does."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if happens():
            return
        await asyncio.sleep(0.005)
    raise TimeoutError


async def test_a_change_soon_reaches_another_server(quick: bool, measure: Measure) -> None:
    with replicas(2, workers=1) as (_, servers):
        team = await Team(servers).gather(people=2, boards=2)
        board, columns = next(iter(team.boards.items()))
        arrivals: dict[str, float] = {}

        async def watch() -> None:
            async with (
                team.people[1].client(servers[1]) as client,
                client.stream("GET", "/api/events/stream", params={"board": board}) as response,
            ):
                async for line in response.aiter_lines():
                    if line.startswith("data: ") and (after := json.loads(line[6:]).get("after")):
                        arrivals[after["title"]] = time.monotonic()

        watching = asyncio.create_task(watch())
        await asyncio.sleep(1)
        delays = []
        async with team.people[0].client(servers[0]) as client:
            for number in range(30 if quick else 500):
                title = f"{number}"
                await create(client, "/api/tasks", {"column_id": columns[0], "title": title})
                answered = time.monotonic()
                await until(lambda title=title: title in arrivals)  # type: ignore[misc]
                delays.append(max(0, arrivals[title] - answered))
                await asyncio.sleep(random.uniform(0, 0.1))
        watching.cancel()
    measure("delay to another server, median", median(delays) * 1000, at_most=100, unit="ms")
    measure("… for 99 %", quantiles(delays, n=100)[-1] * 1000, at_most=300, unit="ms")


# A process of its own, so that what is measured isn't how busy this one is.
READER = """
import sys, time
from http.client import HTTPConnection
from statistics import median
port, path, cookie, number = sys.argv[1:]
connection = HTTPConnection("127.0.0.1", int(port))
seconds = []
for _ in range(int(number)):
    begin = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200
    seconds.append(time.perf_counter() - begin)
print(median(seconds))
"""


async def read_time(server: Server, person: Person, path: str, number: int) -> float:
    """Return the median of the times that so many reads take, in seconds."""
    asked = (str(server.port), path, person.cookie, str(number))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", READER, *asked, stdout=asyncio.subprocess.PIPE
    )
    found, _ = await process.communicate()
    return float(found)


async def count_events(
    server: Server, person: Person, board: str, counter: Counter[str], opening: asyncio.Semaphore
) -> None:
    """Read a stream, and count its events."""
    head = f"GET /api/events/stream?board={board} HTTP/1.1\r\nHost: x\r\nCookie: {person.cookie}"
    async with opening:
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(f"{head}\r\n\r\n".encode())
            if b" 200 " in await reader.readuntil(b"\r\n\r\n"):
                break
            writer.close()  # on a busy machine it may have been refused
        counter["begun"] += 1
    try:
        while part := await reader.read(65_536):
            counter["changes"] += part.count(b"event: change")
    finally:
        writer.close()


@asynccontextmanager
async def writing(server: Server, person: Person, column: str) -> AsyncIterator[None]:
    """Change a task 50 times a second in here."""

    async def write() -> None:
        async with person.client(server) as client, asyncio.TaskGroup() as group:
            task = await create(client, "/api/tasks", {"column_id": column, "title": "x"})
            for number in count():
                if leaving.is_set():
                    return
                body = {"title": f"{number}"}
                group.create_task(client.patch(f"/api/tasks/{task}", json=body))
                await asyncio.sleep(0.02)

    leaving = asyncio.Event()
    task = asyncio.create_task(write())
    await asyncio.sleep(1)
    yield
    leaving.set()
    await task


async def test_many_streams_leave_time_for_others(
    quick: bool, measure: Measure, record_property: Record
) -> None:
    streams, watchers, number = (100, 20, 100) if quick else (2000, 200, 500)
    with replicas(1, workers=1) as (_, [server]):
        team = await Team([server]).gather(people=1 + streams // 20, boards=3)
        busy, quiet, _ = team.boards
        boss, *others = team.people
        path = f"/api/boards/{quiet}/full"
        memory = resident(server)
        column = team.boards[busy][0]
        alone = await read_time(server, boss, path, number)
        async with writing(server, boss, column):
            reference = await read_time(server, boss, path, number)
        counter, opening = Counter[str](), asyncio.Semaphore(20)
        begin = time.monotonic()
        reading = [
            asyncio.create_task(
                count_events(
                    server, others[n // 20], busy if n < watchers else quiet, counter, opening
                )
            )
            for n in range(streams)
        ]
        await until(lambda: counter["begun"] == streams, seconds=300)
        record_property("opened a second", f"{streams / (time.monotonic() - begin):.0f}")
        record_property("memory for a stream", f"{(resident(server) - memory) / streams:.0f} kB")
        beside_idle = await read_time(server, boss, path, number)
        async with writing(server, boss, column):
            begin, before = time.monotonic(), counter["changes"]
            beside = await read_time(server, boss, path, number)
            rate = (counter["changes"] - before) / (time.monotonic() - begin)
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
    record_property("a read alone", f"{alone * 1000:.2f} ms")
    record_property("… beside 50 changes a second without streams", f"{reference * 1000:.2f} ms")
    record_property("events sent a second", f"{rate:.0f}")
    measure("a read beside idle streams", beside_idle / alone, at_most=2, unit="times")
    measure("… and 50 changes a second that are sent", beside / reference, at_most=2, unit="times")
    assert rate > 10 * watchers


def resident(server: Server) -> float:
    """Return the memory of a server's processes in kB."""
    its = [each for each in server.processes() if "serve" in each.cmdline()]
    return sum(each.memory_info().rss for each in its) / 1000
