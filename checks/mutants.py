"""Break what decides on rights, one place at a time; the tests must notice.

cosmic-ray does it, in a copy of the checkout for each module: `make mutants`, or for some modules
`make mutants files=api/access/rights.py`. `cr-html build/rights.sqlite` shows all mutants of one.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cosmic_ray.config import load_config, serialize_config
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome

FILES = [f"api/access/{name}.py" for name in ("rights", "gate", "scope", "writer")]
CONFIGURATION = Path("checks/mutants.toml")
BUILD = Path("build").resolve()
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "build", "data", "node_modules", "__pycache__")


def run_tests(file: str) -> Path:
    """Run the tests on every mutant of a module, and return cosmic-ray's session."""
    session = BUILD / f"{Path(file).stem}.sqlite"
    session.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "corkboard")
        shutil.copytree(".", copy, ignore=NOT_COPIED)
        (copy / ".venv").symlink_to(Path(".venv").resolve())
        configuration = load_config(CONFIGURATION) | {"module-path": [file]}
        (copy / CONFIGURATION).write_text(serialize_config(configuration))

        def run(program: str, *arguments: str | Path) -> None:
            subprocess.run([f".venv/bin/{program}", *arguments], cwd=copy, check=True)

        run("cosmic-ray", "init", CONFIGURATION, session)
        run("cr-filter-operators", session, CONFIGURATION)
        run("cosmic-ray", "baseline", CONFIGURATION)
        run("cosmic-ray", "exec", CONFIGURATION, session)
    return session


def main(files: list[str]) -> int:
    """Count what became of the mutants, and print those that live on without a reason."""
    explained = tomllib.loads(CONFIGURATION.read_text())["survivors"]
    BUILD.mkdir(exist_ok=True)
    unexplained = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, session in zip(files, pool.map(run_tests, files), strict=True):
            with use_db(session, WorkDB.Mode.open) as database:
                results = [result for _, result in database.results]
            tried = [r for r in results if r.worker_outcome == WorkerOutcome.NORMAL]
            alive = [r.diff for r in tried if r.test_outcome == TestOutcome.SURVIVED]
            print(f"{file}: {len(tried)} mutants, {len(alive)} not noticed by the tests")
            for diff in alive:
                changed = [
                    line[1:].strip() for line in diff.splitlines()[4:] if line[:1] in ("+", "-")
                ]
                if changed[-1] not in explained.get(file, {}):
                    unexplained += 1
                    print(diff)
    return min(unexplained, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or FILES))
