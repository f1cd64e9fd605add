"""The database is lost after each statement of each operation: nothing is ever half done."""

import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import asyncpg
import pytest

from tests.access.test_access_matrix import ACTORS, CONTENT, IDS, TABLE, cells, seed, send
from tests.conftest import World
from tests.helpers.database import pool_is_whole

# Two more columns, tasks and subtasks each, so that there is something to go past.
SIBLINGS = """
    INSERT INTO columns (id, board_id, title, rank)
    SELECT gen_random_uuid(), '{board}', 'x', lpad(n::text, 13, '0')
    FROM generate_series(5, 6) AS n;
    INSERT INTO tasks (id, column_id, title, rank)
    SELECT gen_random_uuid(), columns.id, 'x', lpad(n::text, 13, '0')
    FROM generate_series(5, 6) AS n, columns
    WHERE columns.id IN ('{column}', '{private_column}', '{public_column}');
    INSERT INTO subtasks (id, task_id, title, rank)
    SELECT gen_random_uuid(), '{task}', 'x', lpad(n::text, 13, '0')
    FROM generate_series(5, 6) AS n;
"""
PLACES = {
    "POST /api/columns": 0,
    "POST /api/tasks": 0,
    "PUT /api/columns/{column}": 2,
    "PATCH /api/columns/{column}": 2,
    "PATCH /api/tasks/{task}": 2,
    "POST /api/subtasks": 0,
    "PATCH /api/subtasks/{subtask}": 2,
    "POST /api/subtasks/{subtask}/move": 2,
    "POST /api/columns/{column}/move": 2,
    "POST /api/tasks/{task}/move": 2,
    "PUT /api/tasks/{task}": 2,
    "PUT /api/tasks/{task} to an invisible board": 0,
    "PUT /api/tasks/{task} to a board one may only read": 0,
}
# What must be so for the operation to change anything.
FIRST = {
    "POST /api/users/{bystander}/enable": (
        "; UPDATE users SET disabled_at = now() WHERE id = '{bystander}'"
    ),
    "DELETE /api/boards/{board}/mute": (
        "; INSERT INTO mutes (board_id, user_id) SELECT '{board}', id FROM users"
    ),
    "POST /api/notifications/read": (
        "; INSERT INTO notifications (user_id, kind, board_id) "
        "SELECT id, 'added', '{board}' FROM users"
    ),
} | {
    f"POST /api/{table}s/{{{table}}}/unarchive": f"; UPDATE {table}s SET archived_at = now()"
    for table in ("board", "column", "task")
}
Method = Callable[..., Coroutine[Any, Any, Any]]


def who_may(operation: str) -> str | None:
    """Return somebody for whom the operation succeeds on a private board."""
    may = {actor for actor, is_public, status in cells(TABLE[operation][1])
           if status < 300 and not is_public}  # fmt: skip
    return next((actor for actor in reversed(ACTORS) if actor in may), None)


WRITES = [
    operation for operation in TABLE if not operation.startswith("GET") and who_may(operation)
]


def test_every_operation_that_writes_is_among_them() -> None:
    """One that succeeds for nobody in the table would be left out without a word."""
    written = {" ".join(operation.split()[:2]) for operation in WRITES}
    in_the_table = {" ".join(name.split()[:2]) for name in TABLE if not name.startswith("GET")}
    kinds = [
        {re.sub(r"\?.*", "", re.sub(r"{\w+}|links?", "{}", name)) for name in names}
        for names in (written, in_the_table)
    ]
    assert kinds[0] == kinds[1]
    assert len(kinds[0]) == 77


class Driver:
    """Notes the statements of the application, and loses its connection after one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, own: asyncpg.Connection) -> None:
        self.own = own  # whose statements are the test's
        self.statements: list[str] = []
        self.fail_after = 0
        self.ends_backend = False
        for name in ("execute", "executemany", "fetch", "fetchmany", "fetchrow"):
            original = getattr(asyncpg.Connection, name)
            monkeypatch.setattr(asyncpg.Connection, name, self._noting(original))

    def begin(self, fail_after: int = 0, *, ends_backend: bool = False) -> None:
        """Count anew."""
        self.statements = []
        self.fail_after, self.ends_backend = fail_after, ends_backend

    def _noting(self, original: Method) -> Method:
        async def noting(connection: Any, query: str, *args: Any, **options: Any) -> Any:
            result = await original(connection, query, *args, **options)
            if connection is self.own:
                return result
            self.statements.append(query)
            if len(self.statements) == self.fail_after:
                if not self.ends_backend:
                    raise asyncpg.ConnectionDoesNotExistError("lost")
                backend = connection.get_server_pid()
                await self.own.execute(f"SELECT pg_terminate_backend({backend}, 1000)")
            return result

        return noting


@pytest.fixture(scope="module")
async def connection(shared_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection for all tests: a new one compiles each trigger anew."""
    connection = await asyncpg.connect(shared_url)
    yield connection
    await connection.close()


@pytest.fixture
def driver(connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    with monkeypatch.context() as patch:
        yield Driver(patch, connection)


# What differs is whether anything was committed. That the connection fails says as much in a third
# of the time that it takes to end a backend.
@pytest.mark.parametrize(
    ("ends_backend", "everywhere"),
    [
        pytest.param(False, False, id="fails around the transaction"),
        pytest.param(False, True, id="fails", marks=pytest.mark.slow),
        pytest.param(True, True, id="ends", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("operation", WRITES)
async def test_whatever_statement_comes_last_nothing_is_half_done(
    operation: str,
    ends_backend: bool,
    everywhere: bool,
    shared_world: World,
    driver: Driver,
    hashed_password: str,
) -> None:
    actor = who_may(operation)
    assert actor
    more: dict[str, Any] = {"position": PLACES[operation]} if operation in PLACES else {}

    before: list[asyncpg.Record] = []  # none while the rows aren't those of the table

    async def attempt(fail_after: int = 0) -> tuple[int, bool]:
        if not before:
            await seed(driver.own, hashed_password)
            await driver.own.execute((SIBLINGS + FIRST.get(operation, "")).format(**IDS))
            before.extend(await driver.own.fetch(CONTENT))
        driver.begin(fail_after, ends_backend=ends_backend)
        response = await send(shared_world, operation, actor, **more)
        assert "retry-after" in response.headers or response.is_success
        changed = await driver.own.fetch(CONTENT) != before
        if changed:
            before.clear()
        return response.status_code, changed

    status, changed = await attempt()
    assert 200 <= status < 300
    assert changed
    # A BEGIN also says who writes.
    statements = ["BEGIN;" if text.startswith("BEGIN;") else text for text in driver.statements]
    # All that it changes, it changes in its last transaction, after one that finds out whether it
    # must wait: until the COMMIT there is nothing to see.
    begin, commit = (
        len(statements) - 1 - statements[::-1].index(word) for word in ("BEGIN;", "COMMIT;")
    )
    assert statements.count("BEGIN;") == statements.count("COMMIT;") <= 2
    outside = statements[:begin] + statements[commit:]
    changes = re.compile(r"\b(INSERT|(?<!FOR )(?<!KEY )UPDATE|DELETE)\b")
    assert not [text for text in outside if changes.search(text)]

    around = {begin, begin + 1, commit, commit + 1, len(statements)}
    for number, last in enumerate(statements, start=1):
        if not (everywhere or number in around):
            continue
        status, changed = await attempt(number)
        if status == 503:
            assert changed == (number > commit), last
        else:
            # Nobody notices a backend that ends while nobody uses its connection.
            assert ends_backend, last
            assert changed
    assert pool_is_whole()
