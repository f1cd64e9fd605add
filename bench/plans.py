"""How long each list takes at 100,000 and at 1,000,000 tasks, and by which plan.

Writes build/plans.md. It takes a quarter of an hour and 5 GB in the folder for temporary files.
"""

import asyncio
import logging
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import httpx
from fastapi import Response

from api.app import create_app
from api.auth.sessions import open_session
from api.db.connection import migrate
from api.resources.pagination import encode_cursor
from api.settings import settings
from bench.world import CALLER, Sample, fill, sample, write_costs
from embedded_postgres.server import embedded_postgres
from models.tables import User

SIZES = (100_000, 1_000_000)
TIMES = 9  # of which the median counts
SHOWN = 6  # lists named above a plan
MOST = 3.0  # times as long at ten times the size
PAGE = Path(__file__).parent.parent / "build" / "plans.md"

ENVIRONMENT = {
    "ENVIRONMENT": "development",
    "JWT_SECRET": "a secret that is long enough for plans",
    "COOKIE_SECURE": "false",
}

INTRODUCTION = """\
# How lists scale

Written by `make plans`, which fills an embedded PostgreSQL with boards of 5 columns and 100 tasks
(half of them private, their titles and descriptions of English and Russian words, some of them in
many tasks and most in few), first with 100,000 tasks, then with 1,000,000, and asks each list for
its first 50 records, in one process: the median of {times} requests, with the session's check and
the JSON. `sql` is what the list's own statements take by themselves. The user is a member of 20
boards and sees the public half of all; the admin sees everything. "All private" is the same
without any public board, so that the user sees 20 boards among {boards:,}.

{verdict}
What grows most is searching. A word in few tasks finds more of them in ten times as many, up to
1,000, and all that it finds are ranked. Of a word in many, or of two conditions that many tasks
fulfil, PostgreSQL reads what its index holds on each before it looks at the first task; that index
holds the status and the priority, too, so that tasks which have only the word, or only the status,
are never read. A beginning takes longest, and is looked for only if the whole words are in few.
"""


class Timing(NamedTuple):
    """One list, asked for by one caller: milliseconds for the whole request, and for its SQL."""

    request: float
    sql: float
    plans: list[str]


class Statements(logging.Handler):
    """What Tortoise sends to PostgreSQL."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.seen: list[tuple[str, list[Any]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and len(record.args) == 2:
            query, values = record.args
            self.seen.append((str(query), list(values or [])))  # type: ignore[call-overload]


def queries(given: Sample) -> dict[str, str]:
    """Return what is asked for, by a name that is the same at each size."""
    middle, board, column, label, user, _ = given
    deep = {
        sort: encode_cursor(order, values)
        for sort, (order, values) in {
            "id": (("id",), (middle["id"],)),
            "title": (("title_order", "id"), (middle["title_order"], middle["id"])),
            "-title": (("-title_order", "-id"), (middle["title_order"], middle["id"])),
            "due_date": (("due_date", "id"), (middle["due_date"], middle["id"])),
            "-due_date": (("-due_date", "-id"), (middle["due_date"], middle["id"])),
            "-updated_at": (("-updated_at", "-id"), (middle["updated_at"], middle["id"])),
            "priority": (("priority_order", "id"), (1, middle["id"])),
            "-status": (("-status_order", "-id"), (1, middle["id"])),
        }.items()
    }
    orders = ["id", "title", "due_date", "priority", "status", "created_at", "updated_at"]
    both = [f"{sign}{name}" for name in orders for sign in ("", "-")]
    past, future = "2026-02-01T00:00:00Z", "2026-11-01T00:00:00Z"
    filters = {
        "status=TODO": "status=TODO",
        "status=REJECT (1 %)": "status=REJECT",
        "status=TODO&status=DONE": "status=TODO&status=DONE",
        "priority=HIGH": "priority=HIGH",
        "status=TODO&priority=HIGH": "status=TODO&priority=HIGH",
        "status=REJECT&priority=HIGH (0.2 %)": "status=REJECT&priority=HIGH",
        "due_date__lt (early)": f"due_date__lt={past}",
        "due_date__gte (late)": f"due_date__gte={future}",
        "due_date__isnull=true": "due_date__isnull=true",
        "board_id": f"board_id={board}",
        "column_id": f"column_id={column}",
        "label_id": f"label_id={label}",
        "assignee_id": f"assignee_id={user}",
        "assignee_id (oneself)": f"assignee_id={given.caller}",
        "label_id&status=TODO": f"label_id={label}&status=TODO",
    }
    search_text = {
        "q in 10 %": "harbour",
        "q in 10 %, two words": "harbour launch",
        "q in 1 %": "lighthouses",
        "q in 0.1 %": "ларёк",
        "q in 20 tasks": "zeppelin",
        "q in none": "nowhere",
        "q of 3 letters": "har",
        "q of 2 letters": "ha",
        "q in quotes": '"the harbour"',
        "q with or": "harbour or lighthouse",
        "q without": "harbour -launch",
        "q without only": "-harbour",
    }
    found = {f"tasks?sort={sort}": f"tasks?sort={sort}" for sort in both}
    found |= {
        f"tasks?sort={sort}, from a task on": f"tasks?sort={sort}&cursor={cursor}"
        for sort, cursor in deep.items()
    }
    for name, query in filters.items():
        found[f"tasks?{name}"] = f"tasks?{query}"
        for sort in ("-id", "title", "-due_date", "priority", "created_at", "-updated_at"):
            found[f"tasks?{name}&sort={sort}"] = f"tasks?{query}&sort={sort}"
    for name, q in search_text.items():
        text = httpx.QueryParams(q=q)
        found[f"tasks?{name}"] = f"tasks?{text}"
        for sort in ("id", "-due_date"):
            found[f"tasks?{name}&sort={sort}"] = f"tasks?{text}&sort={sort}"
    for name in ("status=TODO", "status=REJECT (1 %)", "board_id", "assignee_id", "label_id"):
        for q in ("harbour", "zeppelin"):
            place = "10 %" if q == "harbour" else "20 tasks"
            found[f"tasks?q in {place}&{name}"] = f"tasks?q={q}&{filters[name]}"
    found |= {
        f"{path}?sort={sort}": f"{path}?sort={sort}"
        for path, sorts in {
            "users": ["id", "-registered_at"],
            "boards": ["id", "title", "-updated_at"],
            "columns": ["id", "title", "-updated_at"],
            "subtasks": ["id", "-created_at", "-updated_at"],
            "comments": ["id", "-created_at", "-updated_at"],
            "labels": ["id", "name", "-updated_at"],
        }.items()
        for sort in sorts
    }
    return found | {
        "users?q=so (all)": "users?q=so",
        "users?q of one": "users?q=somebody-77",
        "boards?q in 10 %": "boards?q=harbour",
        "boards?is_public=false&sort=title": "boards?is_public=false&sort=title",
        "columns?q in 20 %": "columns?q=doing",
        "columns?board_id": f"columns?board_id={board}",
        "subtasks?q in 10 %": "subtasks?q=harbour",
        "subtasks?board_id": f"subtasks?board_id={board}",
        "subtasks?is_completed=true&sort=-updated_at": (
            "subtasks?is_completed=true&sort=-updated_at"
        ),
        "comments?q in 10 %": "comments?q=harbour",
        "comments?user_id&sort=-created_at": f"comments?user_id={user}&sort=-created_at",
        "comments?board_id&sort=-created_at": f"comments?board_id={board}&sort=-created_at",
        "labels?q in 20 %": "labels?q=urg",
        "labels?board_id": f"labels?board_id={board}",
    }


@asynccontextmanager
async def application(url: str) -> AsyncIterator[Any]:
    os.environ |= {**ENVIRONMENT, "DATABASE_URL": url}
    settings.cache_clear()
    app = create_app()
    async with app.router.lifespan_context(app):
        yield app


async def client_of(app: Any, username: str) -> httpx.AsyncClient:
    """Sign somebody in."""
    response = Response()
    await open_session(await User.get(username=username), response)
    name, value = response.headers["set-cookie"].split(";")[0].split("=", 1)
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(
        transport=transport, base_url="http://corkboard.test/api/", cookies={name: value}
    )


async def measure(
    client: httpx.AsyncClient,
    connection: asyncpg.Connection,
    statements: Statements,
    path: str,
    explained: bool,
) -> Timing:
    """Measure one list, asked for several times, and its SQL once more by itself."""
    statements.seen.clear()
    table = path.partition("?")[0]
    taken = []
    for turn in range(TIMES + 2):
        begin = time.perf_counter()
        response = await client.get(path)
        if turn > 1:  # the first ones find nothing in memory
            taken.append(time.perf_counter() - begin)
        if response.status_code != 200:
            print(f"{path}: {response.status_code}", flush=True)
            return Timing(float("nan"), float("nan"), [])
        if turn == 0:
            own = [s for s in statements.seen if f'FROM "{table}"' in s[0] and "LIMIT" in s[0]]
    sql = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        for query, values in own:
            await connection.fetch(query, *values)
        sql.append(time.perf_counter() - begin)
    plans = []
    for query, values in own if explained else []:
        options = "ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF"
        lines = await connection.fetch(f"EXPLAIN ({options}) {query}", *values)
        plans.append("\n".join(line[0] for line in lines))
    return Timing(statistics.median(taken) * 1000, statistics.median(sql) * 1000, plans)


Table = dict[str, dict[str, Timing]]  # by caller, by query


async def measure_all(url: str, callers: Iterable[tuple[str, str]], explained: bool) -> Table:
    statements = Statements()
    log = logging.getLogger("tortoise.db_client")
    log.addHandler(statements)
    log.setLevel(logging.DEBUG)
    only = sys.argv[1:]
    found: Table = {}
    async with application(url) as app:
        connection = await asyncpg.connect(
            url,
            server_settings={
                "jit": "off", "synchronize_seqscans": "off",
            },
        )  # fmt: skip
        asked = queries(await sample(connection))
        for caller, username in callers:
            client = await client_of(app, username)
            found[caller] = {
                name: await measure(client, connection, statements, path, explained)
                for name, path in asked.items()
                if not only or any(text in name for text in only)
            }
        await connection.close()
    return found


def report(tables: dict[int, Table], costs: dict[int, list[str]]) -> str:
    """Return the page."""
    small, large = SIZES
    lines: list[str] = []
    slow: list[str] = []
    shapes: dict[str, tuple[str, list[str]]] = {}
    for caller, timings in tables[large].items():
        lines += [
            f"\n## {caller}\n",
            "| list | request, ms | at 1,000,000 | ratio | sql, ms | at 1,000,000 | ratio |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for name, timing in timings.items():
            before = tables[small][caller][name]
            ratio, in_sql = timing.request / before.request, timing.sql / before.sql
            lines.append(
                f"| `{name}` | {before.request:.1f} | {timing.request:.1f} | {ratio:.1f} "
                f"| {before.sql:.1f} | {timing.sql:.1f} | {in_sql:.1f} |"
            )
            if not ratio <= MOST:
                slow.append(f"- {caller}: `{name}`, {ratio:.1f} times")
            for plan in timing.plans:
                shapes.setdefault(shape(plan), (plan, []))[1].append(f"{caller}: `{name}`")
    count = sum(len(timings) for timings in tables[large].values())
    verdict = (
        f"Of {count} lists {len(slow)} take more than {MOST:g} times as long at 1,000,000 tasks."
    )
    introduction = INTRODUCTION.format(
        times=TIMES, boards=large // 100, verdict="\n".join([verdict, "", *slow, ""])
    )
    plans = []
    for plan, names in shapes.values():
        others = f", and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        plans += ["", f"{'; '.join(names[:SHOWN])}{others}:", "", "```", plan, "```"]
    written = ["\n## Writing\n", *(line for size in SIZES for line in costs[size])]
    title = (
        "\n## Plans at 1,000,000 tasks\n\nEach once, with the first lists that have one like it."
    )
    return "\n".join([introduction, *lines, *written, title, *plans, ""])


def shape(plan: str) -> str:
    """Return a plan without its figures and conditions."""
    return "\n".join(
        re.sub(r" \(actual.*| using \S+", "", line)
        for line in plan.splitlines()
        if "->" in line or "InitPlan" in line
    )


async def main() -> None:
    tables: dict[int, Table] = {}
    costs: dict[int, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder, embedded_postgres(Path(folder, "data")) as url:
        await migrate(url)
        for size in SIZES:
            connection = await asyncpg.connect(url)
            begin = time.monotonic()
            await fill(connection, size)
            print(f"{size:,} tasks after {time.monotonic() - begin:.0f} s", flush=True)
            large = size == SIZES[-1]
            tables[size] = await measure_all(url, [("User", CALLER), ("Admin", "admin")], large)
            await connection.execute("UPDATE boards SET is_public = false WHERE is_public")
            await connection.execute("VACUUM ANALYZE boards")
            tables[size] |= await measure_all(url, [("User, all private", CALLER)], large)
            costs[size] = await write_costs(connection, size)
            await connection.close()
            print(f"measured after {time.monotonic() - begin:.0f} s", flush=True)
    text = report(tables, costs)
    if sys.argv[1:]:
        print(text)
    else:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(text)


if __name__ == "__main__":
    asyncio.run(main())
