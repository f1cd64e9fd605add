"""Clients generated from the OpenAPI document: `make clients`.

The document is valid; the TypeScript client compiles, strictly, with what uses it; so does the
Python client, which then talks to a server.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from api.app import create_app
from checks.report import check, run
from checks.serving import serving

HERE = Path(__file__).parent
NODE = Path("examples/client/node_modules").resolve()
TOOLS = Path(sys.executable).parent
# What the settings ask for; no server starts with it.
ENVIRONMENT = {"JWT_SECRET": "not a secret, but as long as one must be", "DATABASE_URL": ""}

# At most, of the TypeScript types, for each operation.
TYPES_BYTES = 2800


def runs(what: str, *command: object, folder: Path) -> None:
    """Run a command in `folder`; it must end with the status 0."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    check(done.returncode == 0, what, done.stdout)


def write_document(file: Path) -> None:
    os.environ |= ENVIRONMENT
    file.write_text(json.dumps(create_app().openapi()))
    runs("the document is valid", TOOLS / "openapi-spec-validator", file, folder=file.parent)


def check_typescript(document: Path) -> None:
    """Generate and compile in the document's folder."""
    folder = document.parent
    for name in ("usage.ts", "tsconfig.json"):
        shutil.copy(HERE / name, folder)
    (folder / "node_modules").symlink_to(NODE)
    # By default it takes a field with a default for one that must be sent.
    options = ["--default-non-nullable=false", "--output", "corkboard.d.ts"]
    runs(
        "the TypeScript client is generated",
        "node", NODE / "openapi-typescript" / "bin" / "cli.js", document, *options,
        folder=folder,
    )  # fmt: skip
    paths = json.loads(document.read_text())["paths"]
    size = (folder / "corkboard.d.ts").stat().st_size / sum(map(len, paths.values()))
    check(size <= TYPES_BYTES, f"its types take {size:.0f} bytes an operation", size)
    runs(
        "it compiles with what uses it, and mistakes don't",
        "node", NODE / "typescript" / "bin" / "tsc", "--project", ".",
        folder=folder,
    )  # fmt: skip


def check_python(document: Path) -> None:
    """Generate, check and use in the document's folder."""
    folder = document.parent
    shutil.copy(HERE / "usage.py", folder)
    runs(
        "the Python client is generated without a warning",
        TOOLS / "openapi-python-client", "generate", "--meta=none", "--fail-on-warning",
        f"--path={document}", f"--config={(HERE / 'openapi-python-client.yml').resolve()}",
        "--output-path=corkboard_client",
        folder=folder,
    )  # fmt: skip
    runs(
        "its types are right, with what uses it",
        TOOLS / "mypy", "--strict", "corkboard_client", "usage.py",
        folder=folder,
    )  # fmt: skip
    with serving() as address:
        runs("it works with a server", sys.executable, "usage.py", address, folder=folder)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder, "openapi.json")
        write_document(document)
        check_typescript(document)
        check_python(document)


if __name__ == "__main__":
    run(main)
