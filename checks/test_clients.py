"""Clients made from the OpenAPI document compile with what uses them, and work with a server."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from api.settings import settings
from checks.conftest import DEVELOPMENT, Record, Server, checkout

pytestmark = pytest.mark.clients
HERE = Path("checks/clients").resolve()
EXAMPLE = Path("examples/client").resolve()
TYPES = Path("src/corkboard.d.ts")
NODE = EXAMPLE / "node_modules"
TOOLS = Path(sys.executable).parent

# At most, of the TypeScript types, for each operation.
TYPES_BYTES = 2800


def run(folder: Path, *command: object) -> None:
    """Run a command in a folder; it must end with the status 0."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Write the OpenAPI document into a folder of its own."""
    for name, value in (DEVELOPMENT | {"DATABASE_URL": ""}).items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(create_app().openapi()))
    yield file
    settings.cache_clear()


def test_the_document_is_valid(document: Path) -> None:
    run(document.parent, TOOLS / "openapi-spec-validator", document)


def test_the_typescript_client_compiles_and_mistakes_dont(
    document: Path, record_property: Record
) -> None:
    folder = document.parent
    for name in ("usage.ts", "tsconfig.json"):
        shutil.copy(HERE / name, folder)
    (folder / "node_modules").symlink_to(NODE)
    cli = NODE / "openapi-typescript" / "bin" / "cli.js"
    # By default it takes a field with a default for one that must be sent.
    options = ["--default-non-nullable=false", "--output", "corkboard.d.ts"]
    run(folder, "node", cli, document, *options)
    paths = json.loads(document.read_text())["paths"]
    size = (folder / "corkboard.d.ts").stat().st_size / sum(map(len, paths.values()))
    record_property("bytes of types an operation", round(size))
    assert size <= TYPES_BYTES
    run(folder, "node", NODE / "typescript" / "bin" / "tsc", "--project", ".")


def test_the_python_client_is_typed_and_works(document: Path, folder: Path) -> None:
    client = document.parent
    shutil.copy(HERE / "usage.py", client)
    run(
        client,
        TOOLS / "openapi-python-client", "generate", "--meta=none", "--fail-on-warning",
        f"--path={document}", f"--config={HERE / 'openapi-python-client.yml'}",
        "--output-path=corkboard_client",
    )  # fmt: skip
    run(client, TOOLS / "mypy", "--strict", "corkboard_client", "usage.py")
    with Server(checkout(folder)) as running:
        run(client, sys.executable, "usage.py", running.address)


def test_the_example_client_plays_a_teams_first_day(folder: Path) -> None:
    client, committed = folder / "client", EXAMPLE / TYPES
    shutil.copytree(EXAMPLE, client, ignore=shutil.ignore_patterns("node_modules", "build"))
    (client / "node_modules").symlink_to(NODE)
    with Server(checkout(folder)) as running:
        port = str(running.port)
        (client / TYPES).unlink(missing_ok=True)
        run(client, "npm", "run", "types", "--", port)
        before = committed.read_text() if committed.exists() else ""
        shutil.copy(client / TYPES, committed)
        assert committed.read_text() == before, f"{committed} has been made anew. Commit it."
        run(client, "npm", "run", "build")
        run(client, "npm", "run", "day", "--", port)
