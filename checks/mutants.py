"""Mutation tests of what decides on rights: `make mutants`.

The code is broken in one place at a time, and the tests must notice. Three kinds of mutants: those
of cosmic-ray's operators (comparisons, numbers, `and`, `not` …); a statement, an argument, an
element or a link of a chain of calls left out; a right swapped for each other one. Those that live
on are named in `mutants.toml`, each with the reason.
"""

import ast
import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from checks.report import check, measure, run

EXPLANATIONS = Path(__file__).with_suffix(".toml")
WORKERS = 2
TEST_SECONDS = 15  # one test that takes longer hangs
MOST_SECONDS = 300  # all of them
NOTE = "running"  # the file that says which test is being run
IMPORT = "the import"
# Mutants are laid out differently, which is no fault of theirs.
ABOUT_LAYOUT = "tests/resources/test_registry.py::test_the_table_fits_one_screen"
MINUTES = 60

# The tests that are about a module, the quick ones and those that see most of it first.
RIGHTS_FILE = "api/access/rights.py"
ACCESS = (RIGHTS_FILE, "api/access/scope.py", "api/access/gate.py", "api/access/board_lock.py")
RIGHTS = (
    "registry access_matrix boards members users tasks listings assignments filters full_board "
    "races"
)
SESSIONS = "sessions auth tokens forged_tokens users access_matrix settings swagger"
TESTS = {
    "crud_config.py": RIGHTS,
    **dict.fromkeys(ACCESS, f"{RIGHTS} writes trash tokens turns swagger"),
    "api/auth/sessions.py": SESSIONS,
    "api/auth/api_tokens.py": "tokens forged_tokens access_matrix",
    "api/endpoints/members.py": f"{RIGHTS} swagger",
    "api/endpoints/invitations.py": f"invitations {RIGHTS} swagger",
    "api/endpoints/nested_lists.py": f"{RIGHTS} swagger",
    "api/endpoints/assignments.py": f"{RIGHTS} swagger",
    "api/endpoints/full_board.py": f"reads {RIGHTS} swagger",
    "api/resources/reads.py": f"reads filters search listings {RIGHTS}",
    "api/resources/representation.py": f"reads {RIGHTS}",
    "api/access/writer.py": f"writes {RIGHTS}",
    "api/resources/writes.py": f"writes {RIGHTS}",
    "api/resources/router.py": f"{RIGHTS} swagger",
    "api/endpoints/account.py": f"{RIGHTS} swagger",
}
TIMED = ("tests/access/test_races.py", "tests/test_turns.py")  # a busy machine may fail them, too
# In the others, which don't decide themselves, only the rights that they declare are swapped.
WHOLLY = ("crud_config.py", *ACCESS, "api/auth/sessions.py", "api/auth/api_tokens.py")

# What is of the project is imported anew for each mutant, from the copy; these only once.
PRELOADED = [
    "asyncpg", "fastapi", "fastapi_crudrouter", "httpx", "jwt", "passlib.hash",
    "psutil", "pydantic", "pytest", "starlette.middleware.cors", "tortoise",
    "tortoise.backends.asyncpg.client", "tortoise.contrib.pydantic", "uuid_utils.compat", "zxcvbn",
]  # fmt: skip
OURS = ("api", "models", "embedded_postgres", "tests", "crud_config")

# Added to the copy's tests/conftest.py: one PostgreSQL serves all runs.
ONE_POSTGRES = """

@pytest.fixture(scope="session")
def postgres_url() -> str:
    return {url!r}


# A run that hung left its databases behind.
NUMBERS = count(__import__("time").time_ns())
"""


@dataclass(frozen=True)
class Mutant:
    """A module with one change. `place` is the function or class that `line` is in."""

    file: str
    place: str
    line: str
    becomes: str
    source: str = field(repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.file}, {self.place}: `{self.line}` becomes `{self.becomes}`"


class Change(NamedTuple):
    """Another value for a field of a node of the syntax tree, in words and on which line."""

    node: ast.AST
    field: str
    value: Any
    line: int
    becomes: str


def mutants_of(file: str) -> list[Mutant]:
    """Every mutant of a module, each once."""
    source = Path(file).read_text()
    rights = right_names(Path(RIGHTS_FILE).read_text())
    seen = {ast.dump(ast.parse(source))}
    found = []
    for mutant in (*changed(file, source, rights), *cosmic_ray_mutants(file, source)):
        if (code := ast.dump(ast.parse(mutant.source))) not in seen:
            seen.add(code)
            found.append(mutant)
    return found


def right_names(source: str) -> list[str]:
    """The names of the rights, as their module defines them."""
    return [
        target.id
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Right(")
        for target in node.targets
        if isinstance(target, ast.Name)
    ]


class Meaning(ast.NodeTransformer):
    """Takes away annotations, which do nothing when the program runs."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        self.generic_visit(node)
        node.annotation = ast.Constant(None)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.returns = None
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        self.generic_visit(node)
        node.returns = None
        return node


def meaning(source: str) -> str:
    """The same for two sources that differ in form only."""
    return ast.dump(Meaning().visit(ast.parse(source)))


def place_of(tree: ast.Module, line: int) -> str:
    """The innermost function, class or row of the table around a line."""
    place = "module"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name, first = node.name, min(n.lineno for n in [node, *node.decorator_list])
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Resource":
            name, first = ast.literal_eval(node.args[1]), node.lineno
        else:
            continue
        if first <= line <= (node.end_lineno or first):
            place = name
    return place


def cosmic_ray_mutants(file: str, source: str) -> Iterator[Mutant]:
    """Those of cosmic-ray's own operators."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.operators.remove_decorator import RemoveDecorator
    from cosmic_ray.plugins import get_operator, operator_names

    if file not in WHOLLY:
        return
    tree, nodes, lines = ast.parse(source), [*ast_nodes(get_ast(source))], source.splitlines()
    for name in operator_names():
        make = get_operator(name)
        if make.arguments():
            continue  # for variables, which would have to be named
        for occurrence in range(sum(len([*make().mutation_positions(n)]) for n in nodes)):
            try:
                mutated = mutate_code(source, make(), occurrence)
                if meaning(mutated) == meaning(source):
                    continue
            except (AttributeError, SyntaxError):
                continue  # it knows no dotted exceptions, and takes `*` for a multiplication
            new = mutated.splitlines()
            at = next(i for i, (a, b) in enumerate(zip(lines, new, strict=False)) if a != b)
            becomes = new[at].strip()
            if make is RemoveDecorator:
                at = next(i for i, line in enumerate(lines) if i >= at and line.strip())
                becomes = "left out"
            yield Mutant(file, place_of(tree, at + 1), lines[at].strip(), becomes, mutated)


def changed(file: str, source: str, rights: list[str]) -> Iterator[Mutant]:
    """Those with something left out, or with a right swapped for another."""
    tree, lines = ast.parse(source), source.splitlines()
    same, plain = ast.unparse(tree), meaning(source)
    # In case that the module doesn't know the other right.
    imports = "" if file == RIGHTS_FILE else f"from api.access.rights import {', '.join(rights)}\n"
    changes = [*swaps(tree, rights)]
    if file in WHOLLY:
        changes += [*omissions(tree)]
    if file == "crud_config.py":
        changes += [*changes_of_rows(tree, rights)]
    for change in changes:
        old = getattr(change.node, change.field)
        setattr(change.node, change.field, change.value)
        mutated = ast.unparse(ast.fix_missing_locations(deepcopy(tree)))
        setattr(change.node, change.field, old)
        line = lines[change.line - 1].strip()
        # Parts of annotations can be swapped, but not left out.
        if mutated != same and ("without" not in change.becomes or meaning(mutated) != plain):
            yield Mutant(file, place_of(tree, change.line), line, change.becomes, imports + mutated)


def expressions(tree: ast.Module) -> Iterator[tuple[ast.AST, str, ast.expr, Any]]:
    """Each expression with its parent, its field there, and how to fill that with another one."""
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                yield node, name, value, lambda new: new
            elif isinstance(value, list):
                for index, part in enumerate(value):
                    if isinstance(part, ast.expr):
                        before, after = value[:index], value[index + 1 :]
                        yield node, name, part, lambda new, b=before, a=after: [*b, new, *a]


def swaps(tree: ast.Module, rights: list[str]) -> Iterator[Change]:
    """Each right swapped for each other one, and `in` for `not in`."""
    for node, name, part, filled in expressions(tree):
        if isinstance(part, ast.Name) and part.id in rights and isinstance(part.ctx, ast.Load):
            owner = f"{node.arg}=" if isinstance(node, ast.keyword) else f"{part.id} → "
            for other in rights:
                if other != part.id:
                    value = filled(ast.Name(other, ast.Load()))
                    yield Change(node, name, value, part.lineno, owner + other)
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
            yield Change(node, "ops", [ast.NotIn()], node.lineno, "not in")


def omissions(tree: ast.Module) -> Iterator[Change]:
    """A statement, an argument, an element, a condition or a link of a chain left out."""
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if not isinstance(value, list):
                continue
            for index, part in enumerate(value):
                if can_go(node, name, part):
                    rest = value[:index] + value[index + 1 :]
                    if isinstance(part, ast.stmt) and not rest:
                        rest = [ast.Pass()]
                    text = f"without {ast.unparse(part).splitlines()[0]}"
                    if isinstance(node, ast.Call):
                        text += f" of {ast.unparse(node.func).rpartition('.')[2]}"
                    yield Change(node, name, rest, part.lineno, text)
    for node, name, part, filled in expressions(tree):
        if (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and isinstance(part.func.value, ast.Call)
        ):
            link = f"without .{part.func.attr}(…)"
            line = part.func.end_lineno or part.lineno
            yield Change(node, name, filled(part.func.value), line, link)


def can_go(node: ast.AST, name: str, part: ast.AST) -> bool:
    """Whether something of a program is left without one of the parts of a node."""
    if isinstance(part, ast.stmt):
        is_text = isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
        kinds = ast.Expr | ast.Assign | ast.AugAssign | ast.If | ast.Delete
        return isinstance(part, kinds) and not isinstance(node, ast.Module) and not is_text
    return (
        (isinstance(node, ast.Call) and name in ("args", "keywords"))
        or (isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load))
        or isinstance(node, ast.BoolOp)
    )


def changes_of_rows(tree: ast.Module, rights: list[str]) -> Iterator[Change]:
    """In each row of the table: both rights to read, the way to the board, names of fields."""
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    rows = [call for call in calls if ast.unparse(call.func) == "Resource"]
    keywords = [keyword for row in rows for keyword in row.keywords]
    boards = {ast.unparse(k.value): k.value for k in keywords if k.arg == "board"}
    named = {n: getattr(k.value, "elts", []) for k in keywords for n in [k.arg] if n in FIELDS}
    fields = {ast.unparse(e): e for elements in named.values() for e in elements}
    for row in rows:
        for right in rights:
            value = [
                ast.keyword(k.arg, ast.Name(right, ast.Load())) if k.arg in ("list", "read") else k
                for k in row.keywords
            ]
            yield Change(row, "keywords", value, row.lineno + 1, f"list={right}, read={right}")
    for keyword in keywords:
        at = keyword.value.lineno
        if keyword.arg == "board":
            for text, other in boards.items():
                yield Change(keyword, "value", other, at, f"board={text}")
        elif keyword.arg in FIELDS and isinstance(keyword.value, ast.Tuple):
            for text, other in fields.items():
                yield Change(keyword.value, "elts", [other], at, f"{keyword.arg}=({text},)")


FIELDS = ("private", "admin_only")


def explained(files: list[str]) -> set[Mutant]:
    """The mutants of these files that `mutants.toml` says live on, without their code."""
    entries = tomllib.loads(EXPLANATIONS.read_text())["survivor"]
    check(all(entry["reason"] for entry in entries), "each explanation gives a reason")
    return {
        Mutant(entry["file"], entry["place"], entry["line"], becomes, "")
        for entry in entries
        if entry["file"] in files
        for becomes in entry["becomes"]
    }


class Order:
    """Plays the tests in a better order, and notes which one is being run."""

    def __init__(self, first: list[str], note: Path) -> None:
        self.rank = {test: rank for rank, test in enumerate(first)}
        self.note = note

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items.sort(key=lambda item: self.rank.get(item.nodeid, len(self.rank)))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.note.write_text(nodeid)


def run_tests(folder: Path, tests: list[str], first: list[str]) -> None:
    """In a process of its own, in which nothing of the project is imported yet: run the tests."""
    os.setsid()  # so that all of it can be killed at once
    os.chdir(folder)
    sys.path[0] = str(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    log = os.open("pytest.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    import pytest

    options = [
        "-x", "--tb=short", "--no-header", "-p", "no:cacheprovider", "-m", "not slow",
        "-o", f"faulthandler_timeout={TEST_SECONDS}", "-o", "faulthandler_exit_on_timeout=true",
        f"--deselect={ABOUT_LAYOUT}",
    ]  # fmt: skip
    os._exit(pytest.main([*options, *tests], plugins=[Order(first, folder / NOTE)]))


class Tester:
    """A copy of the checkout in which tests are run, with one thing changed at a time."""

    def __init__(self, folder: Path, url: str) -> None:
        from tests.helpers.serving import checkout

        folder.mkdir()
        self.folder = checkout(folder)
        shutil.copytree("tests", self.folder / "tests", ignore=shutil.ignore_patterns("*.pyc"))
        with (self.folder / "tests/conftest.py").open("a") as conftest:
            conftest.write(ONE_POSTGRES.format(url=url))

    def killer(self, sources: dict[str, str], tests: str, first: list[str]) -> str | None:
        """The test that fails with these sources in the place of others; None if all pass."""
        note = self.folder / NOTE
        note.write_text(IMPORT)
        kept = {}
        for file, source in sources.items():
            path = self.folder / file
            kept[path] = path.rename(path.with_suffix(".kept"))
            path.write_text(source)
        files = [f"tests/test_{name}.py" for name in tests.split()]
        process = get_context("forkserver").Process(
            target=run_tests, args=(self.folder, files, first)
        )
        process.start()
        process.join(MOST_SECONDS)
        if process.is_alive() and process.pid:
            os.killpg(process.pid, signal.SIGKILL)
            process.join()
        for path, original in kept.items():
            original.replace(path)  # with its old time: what is compiled of it is still good
        return note.read_text() if process.exitcode else None


class Trials:
    """Tries mutants, as many at once as there are testers."""

    def __init__(self, folder: Path, url: str, known: set[Mutant]) -> None:
        self.known = known
        self.testers: SimpleQueue[Tester] = SimpleQueue()
        for number in range(WORKERS):
            self.testers.put(Tester(folder / str(number), url))
        # Those that killed the mutants before, the last one first: the next is much like them.
        self.killers: dict[str, list[str]] = {tests: [] for tests in TESTS.values()}

    def killer(self, sources: dict[str, str], tests: str) -> str | None:
        """The test that fails with these sources in the place of others; None if all pass."""
        tester = self.testers.get()
        try:
            killer = tester.killer(sources, tests, self.killers[tests])
        finally:
            self.testers.put(tester)
        if killer:
            others = [test for test in self.killers[tests] if test != killer]
            self.killers[tests] = [killer, *others]
        return killer

    def lives_on(self, mutant: Mutant) -> bool:
        """Whether no test notices. Where it may have been chance, it must be noticed twice."""
        for _ in range(2):
            killer = self.killer({mutant.file: mutant.source}, TESTS[mutant.file])
            if killer is None:
                return True
            if not killer.startswith(TIMED) and mutant not in self.known:
                return False
        return False


def try_all(mutants: list[Mutant], known: set[Mutant]) -> set[Mutant]:
    """Those that live on."""
    # Not above: the processes that run the tests import this module, and must know none of those.
    from embedded_postgres.server import embedded_postgres
    from tests.conftest import prepare

    alive = set()
    with (
        tempfile.TemporaryDirectory(dir=memory()) as folder,
        embedded_postgres(Path(folder, "postgres", "data")) as url,
        ThreadPoolExecutor(WORKERS) as workers,
    ):
        asyncio.run(prepare(url))
        trials = Trials(Path(folder), url, known)
        same = {file: ast.unparse(ast.parse(Path(file).read_text())) for file in TESTS}

        def failing() -> list[str]:
            found = workers.map(lambda tests: trials.killer(same, tests), trials.killers)
            return [test for test in found if test]

        check(not (failed := failing()), "the tests pass without a mutant", failed)
        for mutant, lives in zip(mutants, workers.map(trials.lives_on, mutants), strict=True):
            if lives:
                alive.add(mutant)
                if mutant not in known:
                    print(f"alive   {mutant}", flush=True)
        check(not (failed := failing()), "they still do, in the order in which they killed", failed)
    return alive


def memory() -> str | None:
    """A folder that is no disk, which databases are made in faster, if there is a large one."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > 2**30 else None


def main() -> None:
    begin = time.monotonic()
    files = sys.argv[1:] or [*TESTS]
    mutants = [mutant for file in files for mutant in mutants_of(file)]
    known = explained(files)
    missing = known - {*mutants}
    check(not missing, "each explanation is of a mutant", "\n".join(map(str, missing)))
    get_context("forkserver").set_forkserver_preload(PRELOADED)
    alive = try_all(mutants, known)
    new, dead = alive - known, known - alive
    check(not new, "the tests notice each mutant but the known ones", "\n".join(map(str, new)))
    check(not dead, "the known ones live on", "\n".join(map(str, dead)))
    for file in files:
        of = [mutant for mutant in mutants if mutant.file == file]
        lives = len(alive.intersection(of))
        what = f"{file}: {len(of)} mutants, {len(of) - lives} killed, alive for a known reason"
        measure(what, lives, at_most=len(known.intersection(of)))
    measure("all took", (time.monotonic() - begin) / 60, at_most=MINUTES, unit="minutes")


if __name__ == "__main__":
    run(main)
