"""The page and the chart, from what was measured."""

import json
import platform
import random
import re
import subprocess
from collections.abc import Callable, Iterable
from importlib.metadata import distributions, version
from pathlib import Path
from statistics import median
from string import Template
from typing import Any, NamedTuple

import psutil

from bench.load import ROOT
from embedded_postgres.programs import program

PEERS = ROOT / "bench" / "peers"
TEMPLATE = ROOT / "bench" / "performance.template.md"
# A part of the template, which is left out if it wasn't measured.
REGION = re.compile(r"^<!-- part: (\w+) -->\n(.*?)^<!-- end -->\n", re.MULTILINE | re.DOTALL)
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
    """Write a number with three significant digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def span(values: Iterable[float]) -> str:
    """Return the median and, in brackets, the least and the most."""
    known = sorted(values)
    if len(known) == 1:
        return figure(known[0])
    return f"{figure(median(known))} ({figure(known[0])}–{figure(known[-1])})"


def ours(part: Json) -> str:
    [name] = [name for name, kind in part["kinds"].items() if kind == "ours"]
    return str(name)


def ratios(part: Json) -> dict[str, dict[str, list[float]]]:
    """Return, by contender and scenario, our requests per second over theirs, round by round."""
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
    """Return where the median lies, with 95 % confidence, by the bootstrap."""
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
    """Return the first column holds words, the others figures."""
    columns = head.count("|") - 1
    return [head, "| --- " + "| ---: " * (columns - 1) + "|", *rows, ""]


def beside_others(part: Json) -> dict[str, str]:
    """Return the tables of requests that several servers answered."""
    found = ratios(part)
    lines: list[str] = []
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
    return {"beside_others": "\n".join(lines)}


def two_workers(part: Json) -> dict[str, str]:
    """Return the table of one worker and two."""
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
    head = "| | 1 worker | 2 workers | pgbench | 2 workers over 1 | 2 workers over pgbench |"
    return {"two_workers": "\n".join(table(head, rows))}


def by_size(part: Json) -> dict[str, str]:
    """Return the tables of a database and one that is ten times as large."""
    small, large = part["sizes"]
    lines: list[str] = []
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
    return {
        "small": f"{small:,}",
        "small_boards": f"{small // 100:,}",
        "large": f"{large:,}",
        "large_boards": f"{large // 100:,}",
        "by_size": "\n".join(lines),
    }


def start_and_memory(part: Json) -> dict[str, str]:
    """Return how long a start takes, and the table of what a worker keeps."""
    rows = [
        f"| {one['requests']:,} | {one['mb']:.1f} | {one['objects']:,} |" for one in part["seen"]
    ]
    head = "| after requests | memory, MB | objects made since the start |"
    return {"start": span(part["starts"]), "memory": "\n".join(table(head, rows))}


def while_signing_in(part: Json) -> dict[str, str]:
    """Return the table of reads, alone and while others sign in."""
    names = {
        "without": "reads", "with": f"reads, with {part['logins']} logins a second beside",
        "logins": "the logins",
    }  # fmt: skip
    rows = [
        f"| {names[name]} | {span(one['p50'] for one in rounds)} "
        f"| {span(one['p99'] for one in rounds)} |"
        for name, rounds in part["rounds"].items()
    ]
    return {
        "read": LISTED["task"],
        "rate": figure(part["rate"]),
        "login_ratio": f"{login_ratio(part):.1f}",
        "pairs": str(len(part["rounds"]["with"])),
        "logins": "\n".join(table("| | median, ms | 99 %, ms |", rows)),
    }


SECTIONS = {
    "contenders": beside_others,
    "workers": two_workers,
    "size": by_size,
    "memory": start_and_memory,
    "logins": while_signing_in,
}


def page(results: Json) -> str:
    """Return the page: the template with what was measured, without the parts that weren't."""
    parts = {name: results[name] for name in SECTIONS if name in results}
    values = {
        "days": " and ".join(sorted({part["measured"] for part in parts.values()})),
        "machine": results["machine"],
        "goals": "\n".join(goal.row() for goal in goals(results)),
    }
    for name, part in parts.items():
        values |= SECTIONS[name](part)

    def kept(region: re.Match[str]) -> str:
        return region[2] if region[1] in parts else ""

    return Template(REGION.sub(kept, TEMPLATE.read_text())).substitute(values)


def machine() -> str:
    """Return what everything runs on, in a sentence."""
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
    """Return the other servers' packages that are named, not only needed, with their versions."""
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
