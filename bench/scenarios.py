"""The data that servers are measured on, and what is asked of them."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID

import asyncpg
import httpx
from fastapi import Response
from tortoise import Tortoise

from api.access.gate import Access
from api.access.rights import READER
from api.app import create_app
from api.auth.sessions import open_session
from api.db.connection import database, migrate
from api.settings import settings
from bench.load import Credentials, Request
from bench.peers.tables import DENSE, RANKS
from bench.world import (
    ADMIN,
    CALLER,
    ENGLISH,
    RUSSIAN,
    TOKEN,
    VOCABULARY,
    add_board,
    add_newcomer,
    fill,
)
from models.enums import Role
from models.tables import User

FULL = {"full100": 100, "full4000": 4000}  # boards by how many tasks they have
LONG_COLUMN = "a long column"
LONG_COLUMN_TASKS = 4000
ASKED = 400  # different requests of each kind
SOUGHT = 50  # different words of each language
NEW_TASK = "Order the chairs"
TABLES = {"dense": DENSE, "ranks": RANKS}  # the other servers' own
NEWCOMERS_BOARDS = 5


class World(NamedTuple):
    """A filled database, and what is asked of a server on it."""

    url: str
    connection: asyncpg.Connection
    tasks: int
    boards: dict[str, UUID]  # those of FULL


@asynccontextmanager
async def world(url: str, name: str, tasks: int) -> AsyncIterator[World]:
    """Yield a filled database beside the one at `url`, which nobody has used before.

    It is a copy of one that is kept, so that filling takes its time but once.
    """
    template, own = [beside_url(url, database) for database in (f"tasks_{tasks}", name)]
    beside = await asyncpg.connect(url)
    if not await beside.fetchval(
        "SELECT true FROM pg_database WHERE datname = $1", f"tasks_{tasks}"
    ):
        await beside.execute(f"CREATE DATABASE tasks_{tasks}")
        # In a task of its own, since it leaves a Tortoise behind that is of no use any more.
        await asyncio.create_task(migrate(template))
        begin = time.monotonic()
        connection = await asyncpg.connect(template)
        await fill(connection, tasks)
        for size in FULL.values():
            # Fewer where there are few in all, as in the quick form.
            await add_board(connection, f"{size} tasks", min(size, tasks // 5))
        await add_board(connection, LONG_COLUMN, LONG_COLUMN_TASKS, columns=1)
        await add_newcomer(connection, NEWCOMERS_BOARDS)
        await connection.execute("VACUUM ANALYZE")
        await connection.close()
        print(f"{tasks:,} tasks after {time.monotonic() - begin:.0f} s", flush=True)
    await beside.close()
    async with copied(url, name, f"tasks_{tasks}") as connection:
        boards = {
            scenario: await connection.fetchval(
                "SELECT id FROM boards WHERE title = $1", f"{size} tasks"
            )
            for scenario, size in FULL.items()
        }
        yield World(own, connection, tasks, boards)


@asynccontextmanager
async def copied(url: str, name: str, template: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection to a copy of the template."""
    await execute(
        url,
        f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy",
        # As Corkboard sets it; no other server shall lose by compiling what runs for milliseconds.
        f"ALTER DATABASE {name} SET jit = off",
    )
    connection = await asyncpg.connect(beside_url(url, name))
    try:
        yield connection
    finally:
        await connection.close()
        await execute(url, f"DROP DATABASE {name} WITH (FORCE)")


async def execute(url: str, *statements: str) -> None:
    """Execute statements outside of the databases that are measured."""
    connection = await asyncpg.connect(beside_url(url, "postgres"))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def beside_url(url: str, name: str) -> str:
    """Return the address of another database of the same PostgreSQL."""
    address = urlsplit(url)
    return urlunsplit(address._replace(path=f"/{name}"))


@asynccontextmanager
async def others_tables(given: World) -> AsyncIterator[dict[str, asyncpg.Connection]]:
    """Yield the same data in the other servers' tables, with the sessions that there are."""
    sessions = await given.connection.fetch("SELECT * FROM sessions")
    async with AsyncExitStack() as stack:
        found = {}
        for name, script in TABLES.items():
            template = f"tasks_{given.tasks}"
            copy = await stack.enter_async_context(copied(given.url, name, template))
            await copy.execute(script)
            await copy.execute("VACUUM FULL ANALYZE")
            await copy.copy_records_to_table("sessions", records=sessions)
            found[name] = copy
        yield found


async def cookie_of(url: str, username: str) -> Credentials:
    """Return the header of somebody who signed in."""
    response = Response()
    async with database(url):
        await open_session(await User.get(username=username), response)
    return Credentials("Cookie", response.headers["set-cookie"].split(";")[0])


async def credentials_of(given: World) -> dict[str, Credentials]:
    """Return who asks: the caller with a session or an API token, or an admin."""
    return {
        "caller": await cookie_of(given.url, CALLER),
        "token": Credentials("Authorization", f"Bearer {TOKEN}"),
        "admin": await cookie_of(given.url, ADMIN),
    }


def operations() -> dict[str, list[str]]:
    """Return what one who is no admin may change on a board, by their role, "" for none."""
    access = Access(READER, User(is_admin=False), create_app().state.operations)
    return {role or "": access.operations_of(role) for role in (None, *Role)}


async def requests_of(given: World, *, public: bool = True) -> dict[str, list[Request]]:
    """Return each scenario's requests: of the caller's boards and, to read, half of public ones."""
    connection = given.connection
    own = await connection.fetchval(
        "SELECT array_agg(board_id) FROM board_users JOIN users ON users.id = user_id "
        "WHERE username = $1 AND role = 'MEMBER'",
        CALLER,
    )
    others = await connection.fetchval(
        "SELECT array_agg(id) FROM (SELECT id FROM boards WHERE is_public AND id <> ALL ($1) "
        "ORDER BY md5(id::text) LIMIT 20) AS others",
        own,
    )

    tasks = (
        "SELECT tasks.* FROM tasks JOIN columns ON columns.id = column_id "
        "WHERE board_id = ANY ($1) ORDER BY md5(tasks.id::text) LIMIT $2"
    )
    columns = "SELECT * FROM columns WHERE board_id = ANY ($1) ORDER BY md5(id::text) LIMIT $2"
    written = await connection.fetch(tasks, own, ASKED)
    read_tasks, read_columns = written, await connection.fetch(columns, own, ASKED)
    if public:
        half = ASKED // 2
        read_tasks = mixed(written, await connection.fetch(tasks, others, half))
        read_columns = mixed(read_columns, await connection.fetch(columns, others, half))
    return {
        "task": [Request("GET", f"/api/tasks/{row['id']}") for row in read_tasks],
        "column": [
            Request("GET", f"/api/columns/{row['id']}/tasks?limit=20") for row in read_columns
        ],
        "boards": [Request("GET", "/api/boards?limit=50")],
        **{
            scenario: [Request("GET", f"/api/boards/{board}/full")]
            for scenario, board in given.boards.items()
        },
        # In turns, since Corkboard wouldn't count what changes nothing.
        "put": [
            Request("PUT", f"/api/tasks/{row['id']}", put_body(row, color))
            for color in ("#3366cc", "#cc6633")
            for row in written
        ],
        "post": [
            Request(
                "POST",
                "/api/subtasks",
                json.dumps(
                    {"task_id": str(row["id"]), "title": "Ask for a quote", "is_completed": False}
                ),
            )
            for row in written
        ],
    }


async def frontend_requests(
    given: World, requests: dict[str, list[Request]]
) -> dict[str, list[Request]]:
    """Return those requests and the others of a kanban's frontend, first reads, then writes."""
    connection = given.connection
    task, column, boards, *full, put, post = requests
    own = [request.path.rpartition("/")[2] for request in requests[put]]
    rows = await connection.fetch(
        "SELECT tasks.id, column_id, board_id, user_id FROM tasks "
        "JOIN columns ON columns.id = column_id JOIN board_users USING (board_id) "
        "WHERE tasks.id = ANY ($1) AND role = 'CREATOR' ORDER BY md5(tasks.id::text)",
        own,
    )
    on_boards = list({row["board_id"]: row["user_id"] for row in rows}.items())
    caller = await connection.fetchval("SELECT id FROM users WHERE username = $1", CALLER)
    long = await connection.fetch(
        "SELECT tasks.id FROM tasks JOIN columns ON columns.id = column_id "
        "JOIN boards ON boards.id = board_id WHERE boards.title = $1 "
        "ORDER BY md5(tasks.id::text) LIMIT $2",
        LONG_COLUMN,
        ASKED,
    )
    words = [
        f"{vocabulary[number % len(vocabulary)]}{number}"
        for number in range(VOCABULARY - SOUGHT, VOCABULARY)
        for vocabulary in (ENGLISH, RUSSIAN)
    ]
    own_tasks = [Request("GET", f"/api/tasks/{each}") for each in own]
    return {
        task: requests[task],
        "token task": own_tasks,
        "admin task": requests[task],
        column: requests[column],
        boards: requests[boards],
        **{name: requests[name] for name in full},
        "members": [Request("GET", f"/api/boards/{board}/users") for board, _ in on_boards],
        "role": [
            Request("GET", f"/api/roles?user_id={user}&board_id={board}")
            for board, user in on_boards
        ],
        "mine": [Request("GET", f"/api/tasks?assignee_id={caller}&limit=20")],
        "sorted": [
            Request("GET", f"/api/tasks?board_id={board}&status={status}&sort=due_date&limit=20")
            for board, _ in on_boards
            for status in ("TODO", "DONE")
        ],
        "search": [Request("GET", f"/api/tasks?q={quote(word)}&limit=20") for word in words],
        put: requests[put],
        "token put": requests[put],
        "admin put": requests[put],
        "move": moves([row["id"] for row in rows], 20),
        "long move": moves([row["id"] for row in long], LONG_COLUMN_TASKS),
        post: requests[post],
        "comment": [
            Request("POST", "/api/comments", json.dumps({"task_id": each, "content": "Call them."}))
            for each in own
        ],
        "new": [
            Request("POST", "/api/tasks", json.dumps(new_task(str(row["column_id"]))))
            for row in rows
        ],
    }


def moves(tasks: list[UUID], places: int) -> list[Request]:
    """Move all tasks to one half of the column, then all to the other, so that each one moves."""
    return [
        Request(
            "POST",
            f"/api/tasks/{task}/move",
            json.dumps({"position": half + number * 7 % (places // 2)}),
        )
        for half in (0, places // 2)
        for number, task in enumerate(tasks)
    ]


def new_task(column: str) -> dict[str, str | None]:
    return {
        "column_id": column, "title": NEW_TASK, "description": "Twelve, of wood.",
        "due_date": None, "priority": "MEDIUM", "status": "TODO", "color": None,
    }  # fmt: skip


def mixed(these: list[Any], those: list[Any]) -> list[Any]:
    """Yield these and those in turn, as long as there are both."""
    return [row for pair in zip(these, those, strict=False) for row in pair]


def put_body(row: asyncpg.Record, color: str) -> str:
    """Return the task as it is, in that colour; its column must be named, and stays."""
    due = row["due_date"] and row["due_date"].isoformat()
    return json.dumps(
        {
            "column_id": str(row["column_id"]),
            "title": row["title"],
            "description": row["description"],
            "due_date": due,
            "priority": row["priority"],
            "status": row["status"],
            "color": color,
        },
        ensure_ascii=False,
    )


async def remove_new_tasks(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("DELETE FROM tasks WHERE title = $1", NEW_TASK)
    await connection.execute("VACUUM ANALYZE tasks")
    await connection.close()


async def statements_of(
    given: World, requests: dict[str, list[Request]], credentials: Credentials
) -> dict[str, tuple[list[str], dict[str, Any]]]:
    """Return what each request of each scenario sends to PostgreSQL, for pgbench."""
    seen: list[tuple[str, tuple[Any, ...]]] = []
    found: dict[str, tuple[list[str], dict[str, Any]]] = {}
    os.environ["DATABASE_URL"] = given.url
    settings.cache_clear()
    app = create_app()
    async with AsyncExitStack() as stack:
        # What indexes words each second would take the connection below from a request, or its
        # statements would be taken for a request's.
        stack.enter_context(patch("api.app.JOBS", ()))
        stack.enter_context(patch("api.http.request_log.log_request"))
        await stack.enter_async_context(app.router.lifespan_context(app))
        async with Tortoise.get_connection("default").acquire_connection() as connection:
            # The pool hands out this one again, as long as one is enough.
            connection.add_query_logger(
                lambda record: seen.extend(
                    (record.query, given)
                    for given in parameters(record)
                    if ASYNCPG not in record.query
                )
            )
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="http://corkboard.test",
            headers=dict([credentials, ("Content-Type", "application/json")]),
        ) as client:
            for scenario, asked in requests.items():
                scripts: list[str] = []
                values: dict[str, Any] = {}
                for number, (method, path, body) in enumerate(asked):
                    seen.clear()
                    answer = await client.request(method, path, content=body)
                    answer.raise_for_status()
                    created = answer.json()["id"] if method == "POST" else None
                    script, used = scripted(seen, f"s{number}", created)
                    scripts.append(script)
                    values |= used
                found[scenario] = scripts, values
    return found


# In the statement by which asyncpg asks, once for each connection, what an array holds.
ASYNCPG = "typeinfo_tree"


def parameters(record: Any) -> list[tuple[Any, ...]]:
    """Return those of a statement, or of each of several that went together."""
    return record.args if isinstance(record.args, list) else [record.args]


def scripted(
    statements: list[tuple[str, tuple[Any, ...]]], prefix: str, created: str | None
) -> tuple[str, dict[str, Any]]:
    """Return a script for pgbench, with values as variables; what is created is new each time."""
    lines: list[str] = []
    values: dict[str, Any] = {}
    for number, (query, given) in enumerate(statements):
        # In the pattern of a time, pgbench would take these for its variables.
        query = query.replace(":MI:SS", '":"MI":"SS')
        # From the last one, so that $1 isn't taken for the beginning of $10.
        for place, value in reversed(list(enumerate(given, 1))):
            name = f"{prefix}_{number}_{place}"
            is_new = created is not None and "INSERT" in query
            if value is None:
                text = "NULL"
            elif is_new and str(value) == created:
                text = "gen_random_uuid()"
            elif is_new and isinstance(value, datetime):
                text = "clock_timestamp()"  # by which it goes to the end
            else:
                values[name], text = value, f":{name}"
            query = query.replace(f"${place}", text)
        lines.append(query.rstrip(";") + ";")
    return "\n".join(lines), values
