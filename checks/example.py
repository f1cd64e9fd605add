"""The example client: `make example` generates it, compiles it strictly, and plays its day."""

import shutil
import tempfile
from pathlib import Path

from checks.clients.__main__ import NODE, runs, write_document
from checks.report import run
from checks.serving import serving

EXAMPLE = Path("examples/client")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, document = Path(name, "client"), Path(name, "openapi.json")
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", "build"))
        (folder / "node_modules").symlink_to(NODE)
        write_document(document)
        runs(
            "its types are made from the document",
            "node", NODE / "openapi-typescript" / "bin" / "cli.js", document,
            "--default-non-nullable=false", "--output", "src/corkboard.d.ts",
            folder=folder,
        )  # fmt: skip
        tsc = NODE / "typescript" / "bin" / "tsc"
        runs("it compiles", "node", tsc, "--project", ".", folder=folder)
        with serving() as address:
            runs("a team's first day", "node", "build/day.js", address, folder=folder)


if __name__ == "__main__":
    run(main)
