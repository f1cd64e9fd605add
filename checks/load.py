"""A write load on a running server, which remembers what was acknowledged."""

import random
import threading
import time
from collections import Counter
from types import TracebackType
from typing import Any, NamedTuple, Self

import asyncpg
import httpx

from checks.conftest import Server

SECONDS = 15  # that a client waits for an answer


class Answer(NamedTuple):
    """One request: when it began and ended, its status, or 0 and what happened to it instead."""

    begin: float
    end: float
    status: int
    error: str = ""

    @property
    def seconds(self) -> float:
        return self.end - self.begin


class Load:
    """Writers that create, rename, move and delete tasks of one board until the `with` ends.

    Each task has one writer, so that its rows must be as that writer last saw them: `titles` has
    what was acknowledged (None: deleted), `attempts` what was tried since, and may be or not.
    """

    def __init__(self, server: Server, writers: int = 6) -> None:
        self.server = server
        self.titles: dict[str, str | None] = {}
        self.attempts: dict[str, set[str | None]] = {}
        self.lost: set[str] = set()  # titles of new tasks whose creation had no answer
        self.answers: list[Answer] = []
        self.wrong: list[str] = []
        self._leaving = threading.Event()
        number = time.time_ns()
        account = {
            "username": f"user{number}", "email": f"user{number}@example.com",
            "password": "a harbour at dusk",
        }  # fmt: skip
        with httpx.Client(base_url=server.address) as client:
            client.post("/api/auth/register", json=account).raise_for_status()
            self.cookies = dict(client.cookies)
            board = client.post("/api/boards", json={"title": "Load"}).json()["id"]
            self.columns = [
                client.post("/api/columns", json={"board_id": board, "title": "x"}).json()["id"]
                for _ in range(3)
            ]
        self._threads = [threading.Thread(target=self._write, args=[n]) for n in range(writers)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the load, once every writer has its answer."""
        self._leaving.set()
        for thread in self._threads:
            thread.join()

    def _write(self, number: int) -> None:
        chance = random.Random(number)
        mine: list[str] = []
        client = self._client()
        count = 0
        while not self._leaving.is_set():
            count += 1
            title = f"{number}.{count}"
            body = {"column_id": chance.choice(self.columns), "title": title}
            task = chance.choice(mine) if mine else ""
            what = chance.random()
            if not task or what < 0.4:
                answer = self._send(client, "POST", "/api/tasks", title, body)
                if answer is None:
                    self.lost.add(title)
                elif answer.status_code == 201:
                    mine.append(answer.json()["id"])
                    self.titles[mine[-1]] = title
            elif what < 0.9:
                self.attempts.setdefault(task, set()).add(title)
                body["position"] = chance.randrange(20)
                answer = self._send(client, "PUT", f"/api/tasks/{task}", title, body)
                if answer is not None and answer.status_code == 200:
                    self.titles[task] = title
                    self.attempts[task] = set()
            else:
                mine.remove(task)
                self.attempts.setdefault(task, set()).add(None)
                answer = self._send(client, "DELETE", f"/api/tasks/{task}", title)
                if answer is not None and answer.status_code == 204:
                    self.titles[task] = None
                    self.attempts[task] = set()
            if answer is None or answer.status_code == 503:
                time.sleep(0.02)
        client.close()

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=self.server.address, cookies=self.cookies, timeout=SECONDS)

    def _send(
        self, client: httpx.Client, method: str, path: str, title: str, body: Any = None
    ) -> httpx.Response | None:
        begin = time.monotonic()
        try:
            answer = client.request(method, path, json=body)
        except httpx.TransportError as error:
            name = type(error).__name__
            self.answers.append(Answer(begin, time.monotonic(), 0, f"{name} {title}"))
            return None
        self.answers.append(Answer(begin, time.monotonic(), answer.status_code))
        if answer.status_code == 503:
            if "retry-after" not in answer.headers:
                self.wrong.append("503 without Retry-After")
        elif not answer.is_success:
            self.wrong.append(f"{method} {path} {answer.status_code} {answer.text}")
        return answer

    def success_after(self, moment: float, seconds: float = 30) -> float:
        """Return when a request that began after the moment succeeded first; one must."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for answer in reversed(self.answers):
                if answer.begin < moment:
                    break
                if 200 <= answer.status < 300:
                    return answer.end
            time.sleep(0.005)
        raise AssertionError(f"no request succeeds within {seconds:g} s: {self.wrong[-3:]}")

    def statuses(self) -> str:
        """Count each status, 0 for requests without an answer."""
        counts = Counter(answer.status for answer in self.answers)
        return ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()))

    async def missing(self, url: str) -> list[str]:
        """Return the acknowledged writes that the database doesn't show."""
        rows = await tasks(url)
        return [
            f"{task}: {rows.get(task)} instead of {title}"
            for task, title in self.titles.items()
            if rows.get(task) not in self.possible(task)
        ]

    def possible(self, task: str) -> set[str | None]:
        """Return the titles that a task may have, None if it may be deleted."""
        return {self.titles[task], *self.attempts.get(task, set())}


async def tasks(url: str) -> dict[str, str]:
    """Return the title of every task that is not in the trash, by its id."""
    connection = await asyncpg.connect(url)
    try:
        return {
            str(id): title
            for id, title in await connection.fetch(
                "SELECT id, title FROM tasks WHERE deleted_at IS NULL"
            )
        }
    finally:
        await connection.close()
