"""Many changes to the same rows at once, on four workers: the rules hold whoever comes first."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from itertools import count
from statistics import median
from typing import Any

import asyncpg
import httpx
import pytest

from api.ops.integrity import findings
from checks.conftest import Measure, Record, Server, command, server, url_of

pytestmark = pytest.mark.races
PASSWORD = "a harbour at dusk"
NUMBERS = count()


class Person(httpx.AsyncClient):
    """Somebody with an account and a session."""

    id: str
    account: dict[str, Any]


class Races:
    """A server with four workers, its database, and the people who use it."""

    def __init__(self, address: str, database: asyncpg.Connection) -> None:
        self.address = address
        self.database = database
        self.statuses: Counter[int] = Counter()
        self.people: list[Person] = []

    async def person(self, *, is_admin: bool = False) -> Person:
        name = f"person{next(NUMBERS)}"
        account = {"username": name, "email": f"{name}@example.com"}
        person = Person(base_url=self.address, timeout=30)
        self.people.append(person)
        answer = await person.post("/api/auth/register", json={**account, "password": PASSWORD})
        person.id, person.account = answer.json()["id"], account
        if is_admin:
            await self.database.execute("UPDATE users SET is_admin = true WHERE id = $1", person.id)
        return person

    async def board(self, creator: Person, **members: Person) -> str:
        answer = await creator.post("/api/boards", json={"title": "Race"})
        board: str = answer.json()["id"]
        for role, member in members.items():
            body = {"user_id": member.id, "role": role.upper()}
            (await creator.post(f"/api/boards/{board}/users", json=body)).raise_for_status()
        return board

    async def at_once(self, *requests: Awaitable[httpx.Response]) -> list[int]:
        """Send the requests together, and return their statuses."""
        answers = await asyncio.gather(*requests)
        self.statuses.update(answer.status_code for answer in answers)
        return [answer.status_code for answer in answers]

    async def leave(self, keep: Sequence[Person] = ()) -> None:
        """Close the connections of all people but some."""
        for person in self.people:
            if person not in keep:
                await person.aclose()
        self.people = [*keep]


def put(path: str, who: Person, **body: Any) -> Awaitable[httpx.Response]:
    return who.put(path, json=body)


def delete_account(by: Person, of: Person, query: str = "") -> Awaitable[httpx.Response]:
    body = {"current_password": PASSWORD} if by is of else None
    return by.request("DELETE", f"/api/users/{of.id}{query}", json=body)


async def race_for_a_board(races: Races, admin: Person) -> list[int]:
    """Send some of what can take a board's CREATOR away, all at once; return the statuses.

    One at least would succeed if it came first, and the others that can't change nothing, so
    whoever comes first, somebody wins.
    """
    ada, bob, carol = [await races.person() for _ in range(3)]
    board = await races.board(ada, moderator=bob, member=carol)
    path = f"/api/boards/{board}/users"
    can_win = [
        lambda: put(f"{path}/{bob.id}", ada, role="CREATOR"),
        lambda: put(f"{path}/{bob.id}", admin, role="CREATOR"),
        lambda: put(f"{path}/{bob.id}", ada, role="MEMBER"),
        lambda: bob.delete(f"{path}/{bob.id}"),
        lambda: bob.delete(f"{path}/{carol.id}"),
        lambda: carol.delete(f"{path}/{carol.id}"),
        lambda: delete_account(bob, bob),
        lambda: delete_account(admin, ada, "?boards=hand_over"),
        lambda: delete_account(ada, ada, "?boards=delete"),
        lambda: admin.post(f"/api/users/{bob.id}/disable"),
        lambda: delete_account(admin, carol),
        lambda: ada.delete(f"/api/boards/{board}"),
        lambda: admin.post(path, json={"user_id": admin.id}),
    ]
    can_win_later = [
        lambda: put(f"{path}/{ada.id}", ada, role="MEMBER"),
        lambda: admin.delete(f"{path}/{ada.id}"),
        lambda: delete_account(admin, ada),
        lambda: put(f"{path}/{carol.id}", admin, role="CREATOR"),
    ]
    first = random.choice(can_win)
    others = [send for send in can_win + can_win_later if send is not first]
    chosen = [first, *random.sample(others, random.randint(1, 5))]
    random.shuffle(chosen)
    return await races.at_once(*(send() for send in chosen))


async def race_for_the_last_admin(races: Races, admins: list[Person]) -> list[int]:
    """Have admins demote, disable and delete each other and themselves; return the statuses."""
    requests: list[Awaitable[httpx.Response]] = []
    for one, other in random.sample([(one, other) for one in admins for other in admins], 6):
        choice = random.random()
        if choice < 0.3:
            requests.append(delete_account(one, other))
        elif choice < 0.6:
            requests.append(one.post(f"/api/users/{other.id}/disable"))
        else:
            body = other.account | {"is_admin": False}
            requests.append(put(f"/api/users/{other.id}", one, **body))
    return await races.at_once(*requests)


def somebody_won(statuses: list[int]) -> bool:
    """Tell whether a request succeeded, or may have: one of 503 may have been done or not."""
    return any(status < 300 or status == 503 for status in statuses)


async def broken(database: asyncpg.Connection) -> list[str]:
    """Return the rules that rows of the database break at this moment."""
    async with database.transaction(isolation="repeatable_read", readonly=True):
        return [str(finding) async for finding in findings(database) if finding.broken]


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    random.seed(1)
    with server(WORKERS="4") as running:
        yield running


@pytest.fixture
async def races(running: Server) -> AsyncIterator[Races]:
    database = await asyncpg.connect(url_of(running))
    races = Races(running.address, database)
    yield races
    await races.leave()
    await database.close()


async def test_one_of_many_identical_requests_makes_it(races: Races) -> None:
    ada, bob = [await races.person() for _ in range(2)]
    board = await races.board(ada)
    path = f"/api/boards/{board}/users"
    adds = await races.at_once(*(ada.post(path, json={"user_id": bob.id}) for _ in range(100)))
    assert Counter(adds) == {201: 1, 200: 99}
    admin = await races.person(is_admin=True)
    assert await races.at_once(put(f"{path}/{bob.id}", ada, role="MODERATOR")) == [200]
    hand_overs = (put(f"{path}/{bob.id}", admin, role="CREATOR") for _ in range(100))
    assert Counter(await races.at_once(*hand_overs)) == {200: 100}
    account = {"username": "same", "email": "same@example.com", "password": PASSWORD}
    registrations = await races.at_once(
        *(ada.post("/api/auth/register", json=account) for _ in range(20))
    )
    assert Counter(registrations) == {201: 1, 409: 19}


async def test_positions_stay_dense_under_many_moves(
    races: Races, quick: bool, measure: Measure
) -> None:
    """Rounds of 100 moves in and between the columns of two boards."""
    rounds = 2 if quick else 50
    ada = await races.person()
    columns, tasks = [], []
    for _ in range(2):
        board = await races.board(ada)
        for _ in range(2):
            body = {"board_id": board, "title": "x"}
            columns.append((await ada.post("/api/columns", json=body)).json()["id"])
            for _ in range(25):
                task = await ada.post("/api/tasks", json={"column_id": columns[-1], "title": "x"})
                tasks.append(task.json()["id"])
    took = []
    for _ in range(rounds):
        moves = []
        for task in tasks:
            if random.random() < 0.1:
                path, position = f"/api/columns/{random.choice(columns)}", random.randrange(3)
                moves.append(put(path, ada, title="x", position=position))
            else:
                column, position = random.choice(columns), random.randrange(30)
                path = f"/api/tasks/{task}"
                moves.append(put(path, ada, column_id=column, title="x", position=position))
        begin = time.monotonic()
        await races.at_once(*moves)
        took.append(time.monotonic() - begin)
        assert await broken(races.database) == []
    assert set(races.statuses) <= {200, 503}
    # A request that waits too long for the others is answered 503.
    measure(f"answers of 503 in {rounds} rounds", races.statuses[503], at_most=rounds)
    measure("a round, median", median(took), at_most=2, unit="s")
    measure("a round, longest", max(took), at_most=2, unit="s")


async def test_each_race_leaves_one_creator_and_an_admin(
    races: Races, quick: bool, measure: Measure, record_property: Record
) -> None:
    """Nine in ten races are for a board, the others for the last admin."""
    number = 20 if quick else 1000
    root = await races.person(is_admin=True)
    done = 0
    for_boards = number * 9 // 10
    while done < for_boards:
        batch = min(10, for_boards - done)
        ended = await asyncio.gather(*(race_for_a_board(races, root) for _ in range(batch)))
        done += batch
        assert [statuses for statuses in ended if not somebody_won(statuses)] == []
        assert await broken(races.database) == []
        await races.leave(keep=[root])
    # From here on `root` is an admin like the others, and any of them may be the last.
    while done < number:
        admins = [root, *[await races.person(is_admin=True) for _ in range(2)]]
        statuses = await race_for_the_last_admin(races, admins)
        assert somebody_won(statuses), statuses
        left = await races.database.fetchval(
            "SELECT count(*) FROM users WHERE is_admin AND disabled_at IS NULL"
        )
        assert left >= 1
        done += 1
        # With the boards that they inherited, which the server would have handed on.
        await races.database.execute(
            "DELETE FROM boards WHERE id IN (SELECT board_id FROM board_users JOIN users "
            "ON users.id = user_id WHERE is_admin AND role = 'CREATOR')"
        )
        await races.database.execute("DELETE FROM users WHERE is_admin")
        await races.leave()
        root = await races.person(is_admin=True)
    record_property("statuses", dict(races.statuses))
    assert races.statuses.keys() <= {200, 201, 204, 401, 403, 404, 409, 503}
    measure(f"answers of 503 in {number} races", races.statuses[503], at_most=number / 100)


def test_the_database_is_whole_after_all_races(running: Server) -> None:
    # Not pg_stat_database, which may hear of the last ones seconds later.
    log = (running.folder / "data" / "postgres" / "log").read_text()
    assert [line for line in log.splitlines() if "deadlock detected" in line] == []
    done = command("check", url_of(running))
    assert done.returncode == 0, done.stdout
