"""The example client: `make example` generates its types, compiles it, and plays its day."""

import shutil
import tempfile
from pathlib import Path

from checks.clients.__main__ import NODE, runs
from checks.report import check, run
from checks.serving import serving

EXAMPLE = Path("examples/client")
TYPES = Path("src/corkboard.d.ts")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "client")
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", "build"))
        (folder / "node_modules").symlink_to(NODE)
        with serving() as address:
            port = address.rpartition(":")[2]
            (folder / TYPES).unlink(missing_ok=True)
            runs("its types are generated", "npm", "run", "types", "--", port, folder=folder)
            committed = EXAMPLE / TYPES
            before = committed.read_text() if committed.exists() else ""
            shutil.copy(folder / TYPES, committed)
            hint = f"{committed} was out of date, and has been generated anew. Commit it."
            check(committed.read_text() == before, "they are those in the repository", hint)
            runs("it compiles", "npm", "run", "build", folder=folder)
            runs("a team's first day", "npm", "run", "day", "--", port, folder=folder)


if __name__ == "__main__":
    run(main)
