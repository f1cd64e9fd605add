"""The page and the chart, from what was measured."""

import json
import platform
import random
import subprocess
from collections.abc import Callable, Iterable
from importlib.metadata import distributions, version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psutil

from api.db.embedded_postgres import program
from bench.load import ROOT

PEERS = ROOT / "bench" / "peers"
MOST_SHOWN = 4  # figures that miss a goal
Json = dict[str, Any]

LISTED = {
    "task": "`GET /api/tasks/{id}`",
    "token task": "`GET /api/tasks/{id}` with an API token",
    "admin task": "`GET /api/tasks/{id}` by an admin",
    "column": "`GET /api/columns/{id}/tasks?limit=20`",
    "boards": "`GET /api/boards?limit=50`",
    "full100": "`GET /api/boards/{id}/full`, 100 tasks",
    "full4000": "`GET /api/boards/{id}/full`, 4,000 tasks",
    "members": "`GET /api/boards/{id}/users`",
    "role": "`GET /api/roles`",
    "mine": "`GET /api/tasks?assignee_id=…`, one's own",
    "sorted": "`GET /api/tasks?board_id=…&status=…&sort=due_date`",
    "search": "`GET /api/tasks?q=…`",
    "put": "`PUT /api/tasks/{id}`",
    "token put": "`PUT /api/tasks/{id}` with an API token",
    "admin put": "`PUT /api/tasks/{id}` by an admin",
    "move": "`POST /api/tasks/{id}/move`, in a column of 20",
    "long move": "`POST /api/tasks/{id}/move`, in a column of 4,000",
    "post": "`POST /api/subtasks`",
    "comment": "`POST /api/comments`",
    "new": "`POST /api/tasks`",
}


class Goal(NamedTuple):
    """A figure that must not be too small or too large, wherever it was measured."""

    what: str
    allowed: str
    seen: dict[str, float]
    meets: Callable[[str, float], bool]
    unit: str = ""

    def row(self) -> str:
        if not self.seen:
            return f"| {self.what} | {self.allowed} | not measured | |"
        missed = {
            where: value for where, value in self.seen.items() if not self.meets(where, value)
        }
        values = sorted(self.seen.values())
        both = dict.fromkeys(f"{figure(value)}{self.unit}" for value in (values[0], values[-1]))
        verdict = "met" if not missed else "**not met**"
        if missed and len(self.seen) > 1:
            shown = [f"{LISTED.get(name, name)} {figure(value)}" for name, value in missed.items()][
                :MOST_SHOWN
            ]
            more = ["…"] if len(missed) > MOST_SHOWN else []
            verdict += f" in {len(missed)} of {len(self.seen)}: {'; '.join(shown + more)}"
        return f"| {self.what} | {self.allowed} | {' to '.join(both)} | {verdict} |"


def figure(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def span(values: Iterable[float]) -> str:
    """The median and, in brackets, the least and the most."""
    known = sorted(values)
    if len(known) == 1:
        return figure(known[0])
    return f"{figure(median(known))} ({figure(known[0])}–{figure(known[-1])})"


def ours(part: Json) -> str:
    [name] = [name for name, kind in part["kinds"].items() if kind == "ours"]
    return str(name)


def ratios(part: Json) -> dict[str, dict[str, list[float]]]:
    """By contender and scenario: our requests per second over theirs, round by round."""
    found: dict[str, dict[str, list[float]]] = {}
    for scenario, seen in part["rounds"].items():
        for name, rounds in seen.items():
            if name != ours(part):
                found.setdefault(name, {})[scenario] = [
                    mine[0] / theirs[0]
                    for mine, theirs in zip(seen[ours(part)], rounds, strict=True)
                ]
    return found


def interval(values: list[float]) -> tuple[float, float]:
    """Where the median lies, with 95 % confidence, by the bootstrap."""
    chance = random.Random(1)
    medians = sorted(median(chance.choices(values, k=len(values))) for _ in range(1000))
    return medians[25], medians[974]


def goals(results: Json) -> list[Goal]:
    part = results.get("contenders")
    medians: dict[str, dict[str, float]] = {}
    slow: dict[str, float] = {}
    kinds: dict[str, str] = {}
    if part:
        kinds = part["kinds"]
        medians = {
            name: {scenario: median(rounds) for scenario, rounds in seen.items()}
            for name, seen in ratios(part).items()
        }
        slow = {
            scenario: median(one[2] / one[1] for one in seen[ours(part)])
            for scenario, seen in part["rounds"].items()
        }

    def beside(kind: str, *words: str) -> dict[str, float]:
        chosen = [
            name for name in medians
            if kinds[name] == kind and all(word in name.lower() for word in words)
        ]  # fmt: skip
        return {
            scenario if len(chosen) == 1 else f"{name}, {scenario}": value
            for name in chosen
            for scenario, value in medians[name].items()
        }

    found = [
        Goal("beside Fastify", "≥ 1.0 ×", beside("fastify"), lambda _, x: x >= 1, " ×"),
        Goal(
            "beside the floor with PyJWT", "≥ 1.0 ×", beside("floor", "pyjwt"),
            lambda _, x: x >= 1, " ×",
        ),
        Goal(
            "beside the floor with the cheapest safe token check", "≥ 0.85 ×",
            beside("floor", "cheapest"), lambda _, x: x >= 0.85, " ×",
        ),
        Goal(
            "beside each framework", "≥ 5 ×, of boards 4 ×", beside("framework"),
            lambda where, x: x >= (4 if where.endswith("boards") else 5), " ×",
        ),
        Goal("99th percentile over the median", "≤ 3 ×", slow, lambda _, x: x <= 3, " ×"),
    ]  # fmt: skip

    sizes = {}
    if part := results.get("size"):
        sizes = {
            f"{name} ({visibility})": median(large / small for small, large in pairs)
            for visibility, seen in part["pairs"].items()
            for name, pairs in seen.items()
        }
    found.append(Goal("ten times the data", "≤ 1.2 ×", sizes, lambda _, x: x <= 1.2, " ×"))

    start, memory, objects, growth = {}, {}, {}, {}
    if part := results.get("memory"):
        _, warm, end = part["seen"]
        start = {"start": median(part["starts"])}
        memory = {"after the load": max(one["mb"] for one in part["seen"])}
        thousands = (end["requests"] - warm["requests"]) / 1000
        objects = {"objects": (end["objects"] - warm["objects"]) / thousands}
        growth = {"memory": (end["mb"] - warm["mb"]) / thousands * 1000}
    found += [
        Goal("from the start to being ready", "< 1 s", start, lambda _, x: x < 1, " s"),
        Goal("memory of a worker", "< 120 MB", memory, lambda _, x: x < 120, " MB"),
        Goal("more objects per 1,000 requests", "0 (< 1)", objects, lambda _, x: x < 1),
        Goal(
            "more memory per 1,000 requests", "0 (< 2 KB)", growth, lambda _, x: x < 2, " KB"
        ),
    ]  # fmt: skip
    reads = {}
    if part := results.get("logins"):
        reads = {"reads": login_ratio(part)}
    found.append(
        Goal(
            "99th percentile of reads with logins beside", "≤ 3 ×", reads, lambda _, x: x <= 3, " ×"
        )
    )
    return found


def login_ratio(part: Json) -> float:
    rounds = part["rounds"]
    return median(
        other["p99"] / one["p99"]
        for one, other in zip(rounds["without"], rounds["with"], strict=True)
    )


def table(head: str, rows: Iterable[str]) -> list[str]:
    """The first column holds words, the others figures."""
    columns = head.count("|") - 1
    return [head, "| --- " + "| ---: " * (columns - 1) + "|", *rows, ""]


def beside_others(part: Json) -> list[str]:
    found = ratios(part)
    lines = [
        "## Beside other servers", "",
        "Requests per second: the median of the rounds (the least–the most). Milliseconds: the "
        "medians of the rounds. Ours over theirs: the median of what each round gave (the "
        "least–the most); above 1, Corkboard is faster.", "",
        "![Ratios](performance.svg)", "",
    ]  # fmt: skip
    for scenario, seen in part["rounds"].items():
        rows = []
        for name in part["kinds"]:
            if name not in seen:
                rows.append(f"| {name} | – | – | – | – |")
                continue
            rounds, ratio = seen[name], span(found[name][scenario]) if name in found else ""
            rows.append(
                f"| {name} | {span(one[0] for one in rounds)} "
                f"| {figure(median(one[1] for one in rounds))} "
                f"| {figure(median(one[2] for one in rounds))} | {ratio} |"
            )
        heading = (
            f"### {LISTED[scenario]}: {part['clients'][scenario]} clients, "
            f"{len(seen[ours(part)])} × {part['seconds'][scenario]} s"
        )
        lines += [heading, ""]
        lines += table("| | requests/s | median, ms | 99 %, ms | ours over theirs |", rows)
    return lines


def two_workers(part: Json) -> list[str]:
    rows = []
    for scenario, seen in part["rounds"].items():
        two = [
            span(mine / other for mine, other in zip(seen["2 workers"], seen[name], strict=True))
            for name in ("1 worker", "pgbench")
        ]
        rows.append(
            f"| {LISTED[scenario]} | {' | '.join(span(rounds) for rounds in seen.values())} "
            f"| {' | '.join(two)} |"
        )
    return [
        "## Two workers", "",
        "Requests per second with one worker and with two, beside the transactions per second of "
        "`pgbench`, which sends PostgreSQL the same statements from as many clients and does "
        "nothing else.", "",
        *table(
            "| | 1 worker | 2 workers | pgbench | 2 workers over 1 | 2 workers over pgbench |", rows
        ),
    ]  # fmt: skip


def by_size(part: Json) -> list[str]:
    small, large = part["sizes"]
    lines = [
        "## Ten times the data", "",
        f"Milliseconds of one client's requests with {small:,} tasks on {small // 100:,} boards "
        f"and with {large:,} on {large // 100:,}, in pairs; the ratio is the median of the pairs' "
        "ratios, with its interval at 95 % confidence. Lists are those of a member of 5 "
        "boards, everything else is asked by a member of 20.", "",
    ]  # fmt: skip
    for visibility, seen in part["pairs"].items():
        rows = []
        for name, pairs in seen.items():
            found = [b / a for a, b in pairs]
            low, high = interval(found)
            rows.append(
                f"| {LISTED.get(name, name)} | {figure(median(a for a, _ in pairs))} "
                f"| {figure(median(b for _, b in pairs))} "
                f"| {median(found):.2f} ({low:.2f}–{high:.2f}) |"
            )
        lines += [f"### {visibility.capitalize()}", ""]
        lines += table(f"| | {small:,} tasks | {large:,} tasks | ratio |", rows)
        pages = [
            [median(pair[side] for pair in seen[f"{which} page of tasks"]) for side in (0, 1)]
            for which in ("first", "last")
        ]
        lines += [
            f"The last page of `GET /api/tasks` takes {pages[1][0] / pages[0][0]:.2f} times as "
            f"long as the first at {small:,} tasks, and {pages[1][1] / pages[0][1]:.2f} times at "
            f"{large:,}.", "",
        ]  # fmt: skip
    return lines


def start_and_memory(part: Json) -> list[str]:
    return [
        "## Start and memory", "",
        f"From the start of `python -m api serve`, with a database that is up to date, to the "
        f"first 200 of `/health/ready`: {span(part['starts'])} s. Then mixed requests, of which "
        "one in five writes:", "",
        *table(
            "| after requests | memory, MB | objects made since the start |",
            [
                f"| {one['requests']:,} | {one['mb']:.1f} | {one['objects']:,} |"
                for one in part["seen"]
            ],
        ),
    ]  # fmt: skip


def while_signing_in(part: Json) -> list[str]:
    names = {
        "without": "reads", "with": f"reads, with {part['logins']} logins a second beside",
        "logins": "the logins",
    }  # fmt: skip
    return [
        "## Reading while others sign in", "",
        f"{LISTED['task']} at a steady {figure(part['rate'])} requests a second, half of what one "
        "worker can do. Milliseconds from the moment when a request is due; the 99th percentile "
        f"with logins is {login_ratio(part):.1f} times that without, the median of "
        f"{len(part['rounds']['with'])} pairs.", "",
        *table(
            "| | median, ms | 99 %, ms |",
            [
                f"| {names[name]} | {span(one['p50'] for one in rounds)} "
                f"| {span(one['p99'] for one in rounds)} |"
                for name, rounds in part["rounds"].items()
            ],
        ),
    ]  # fmt: skip


SECTIONS = {
    "contenders": beside_others,
    "workers": two_workers,
    "size": by_size,
    "memory": start_and_memory,
    "logins": while_signing_in,
}

METHOD = """\
## How it was measured

An embedded PostgreSQL with its default settings, filled by `bench/world.py`: boards of 5 columns
and 100 tasks, half of them private, 20 of them the caller's, and one each with 100 and with 4,000
tasks, and with 4,000 tasks in one column. Tasks have assignees, labels, subtasks and comments. Load
comes from `wrk` with one thread, in turn for 400 tasks or columns, half of them on the caller's
boards and half on public ones of others; what is written is on the caller's. All servers run all
the time, one process each unless said otherwise, without a log of requests, on the same data, each
request with a session's cookie, or with an API token where that is said, for which they look up the
session or the token, and the membership; only one is asked at a time, in rounds whose order
alternates, each after a second to warm up. Where servers are compared, PostgreSQL tidies up before
each kind of request (`VACUUM ANALYZE`). Before, all servers must have answered two requests of each
kind as Corkboard does, field for field; an answer that isn't 2xx ends the measurement. Everything
shares the machine: load, server and PostgreSQL.

The requests are those of a kanban's frontend:

- read a task, the same with an API token and as an admin;
- list the tasks of a column, the boards, a board's members, the tasks that are assigned to oneself
  (20 of them), and a board's tasks of one status by their due dates;
- read a whole board, and somebody's role on a board;
- search all tasks for a word that a few of them contain;
- edit a task, the same with an API token and as an admin;
- move a task to another position in its column of 20 or of 4,000 tasks;
- add a subtask, a comment, or a task at the end of a column. New tasks are deleted after each
  round, so that columns don't grow.

Moves have few clients, since those on the same board wait for each other.

Servers other than Corkboard have tables of their own (`bench/peers/tables.py`), with the same data
and the indexes that their own lists need, so that writing costs them less. They keep the order of a
column in one of two ways:

- Fastify and the frameworks keep dense positions: a move locks the board and changes the positions
  of all tasks between the old place and the new one, half of a column of 4,000 or so.
- Go, Bun and the floor keep a hidden `rank`, a text that is made between the ranks of the two
  neighbours while the board is locked: a move changes one row. The position in an answer is derived
  by counting the tasks before.

The floor is the least that a request seems to need under uvicorn: no framework, and one statement
by hand, whose JSON comes from PostgreSQL. One checks the token's signature each time, with PyJWT;
the other, the cheapest safe check, remembers which tokens were good, as Corkboard does; both look
up the session. Corkboard can be faster, since statements that wait share a round trip (decision
22). Go (`net/http` and pgx) and Bun (its own server and PostgreSQL client) send the same statements
and remember tokens, too: they are higher anchors, without Python. Fastify and the frameworks are
written as their documentations show.

PocketBase runs on SQLite, in its own process, and not on PostgreSQL: there is no database server to
ask, and all writes are made by one process. It has a comparable rule for access (a public board, or
a membership), but no session that is looked up: a token of its own. It answers four kinds of
request, in a shape of its own; "–" stands for the others. Of its answers those fields are compared
that both have: id, column, title, description, due date, priority, status and colour. Its client
says at which position a new task is.

wrk adds what clients would have waited who come without waiting for the answer before. So a single
one that is left waiting makes a high 99th percentile.

Single records, lists in their usual order, whole boards, edits, new subtasks and comments take
Corkboard's short way (decisions 20 to 22). Moves, new tasks, members, roles, lists with filters or
in another order, searches, edits by admins, and all that is asked with an API token take the long
way: some milliseconds.

Where it is slower: lists cost PostgreSQL more than the floor's, by a half for boards (175 instead
of 117 µs of its time): times written with their `Z`, one row more than is shown, and the rule that
covers all boards at once; and the server makes an `ETag` (115 instead of 91 µs). Of a board of
4,000 tasks, which PostgreSQL takes all the time for, times are 4 %. The 99th percentile of short
requests is a few milliseconds, for which the system gives the two cores to others: the more
connections are busy, the later some of them are. With two for lists instead of three it is 2.4
times the median, of a tenth fewer requests. That of `POST` is high where PostgreSQL writes a
checkpoint meanwhile, after each GB of changes, for the floors as well; without one it is two to
three times the median.

Twenty logins a second hash for two thirds of a core, and reads at half of capacity need one, so
that together they leave hardly any: how late reads are then depends on what else the machine does.
In runs the 99th percentile was 2.6, 3.4, 5.7 and 14 times that without, and with a former version,
in the minutes between the last two, 37.

Two workers share the two cores with PostgreSQL and the load; when they write to the same few
boards, as here, they lock each other out and take the long way. A task takes a worker some 60 µs
and PostgreSQL 32, a column 87 and 115, a board of 100 tasks 230 and 970. So with more cores some
two workers for each of PostgreSQL's pay for single records, one for lists, and less for boards,
where PostgreSQL is the limit.

`make bench` measures all of it anew, `make bench only=size` one part (`contenders`, `workers`,
`size`, `memory`, `logins`; `report` writes this page from what there is), and `make bench quick=1`
tries in a few minutes whether all of it works.
"""


def page(results: Json) -> str:
    parts = {name: results[name] for name in SECTIONS if name in results}
    days = sorted({part["measured"] for part in parts.values()})
    return "\n".join(
        [
            "# Performance", "",
            "Written by `make bench`. "
            f"Measured on {' and '.join(days)} on {results['machine']}", "",
            "## Goals", "",
            "Beside others, the ratio is of Corkboard's requests per second to theirs.", "",
            "| | goal | measured | |", "| --- | --- | --- | --- |",
            *(goal.row() for goal in goals(results)), "",
            *(line for name, part in parts.items() for line in SECTIONS[name](part)),
            METHOD,
        ]
    )  # fmt: skip


def machine() -> str:
    """What everything runs on, in a sentence."""
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    used = [
        f"Python {platform.python_version()}",
        f"PostgreSQL {said([program('postgres'), '--version']).split()[2]}",
        *(f"{name} {version(name)}" for name in ("FastAPI", "tortoise-orm", "asyncpg", "uvicorn")),
        f"wrk {said(['wrk', '--version']).split()[1].rpartition('/')[2]}",
    ]
    theirs = peers()
    return (
        f"{psutil.cpu_count()} cores ({processor}) and {psutil.virtual_memory().total / 2**30:.0f} "
        f"GiB: {', '.join(used)}." + (f" The others: {', '.join(theirs)}." if theirs else "")
    )


def said(command: list[str | Path]) -> str:
    # wrk ends with 1 when it says its version.
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def peers() -> list[str]:
    """The other servers' packages that are named, not only needed, with their versions."""
    found = []
    packages = [*PEERS.glob(".venv/lib/python*/site-packages")]
    if packages:
        installed = {
            one.metadata["Name"].lower(): one.version
            for one in distributions(path=[*map(str, packages)])
        }
        for line in (PEERS / "requirements.in").read_text().splitlines():
            name = line.split("#")[0].split("[")[0].split("=")[0].strip(" <>~").lower()
            if name in installed:
                found.append(f"{name} {installed[name]}")
    if (PEERS / "go" / "build").exists():
        found.append(f"Go {said(['go', 'version']).split()[2].removeprefix('go')}")
    if (PEERS / "fastify" / "node_modules").exists():
        found.append(f"Node {said(['node', '--version']).strip().lstrip('v')}")
    for folder in (PEERS / "fastify", PEERS / "bun"):
        if (folder / "node_modules").exists():
            for name in json.loads((folder / "package.json").read_text())["dependencies"]:
                about = json.loads((folder / "node_modules" / name / "package.json").read_text())
                found.append(f"{name} {about['version']}")
    return found


def write(results: Json, file: Path, folder: Path) -> None:
    """Write the page and, where its packages are installed, the chart."""
    (folder / "performance.md").write_text(page(results))
    print(f"{folder / 'performance.md'} is written.")
    python = PEERS / ".venv" / "bin" / "python"
    if len(results.get("contenders", {}).get("kinds", ())) < 2:
        print("There is no chart, since there is nobody beside Corkboard.")
    elif not python.exists():
        print("There is no chart, since bench/peers/.venv isn't installed.")
    else:
        subprocess.run([python, "-m", "bench.chart", file, folder], check=True, cwd=ROOT)
