"""Imports run one way through the packages, from the command line down to the models."""

import ast
from pathlib import Path

import pytest

# Each may import those to its right, and its own modules.
LAYERS = (
    "api.__main__", "api.app", "routes", "api.ops", "api.endpoints", "crud_config",
    "api.resources", "api.http", "api.live", "api.access", "api.auth", "api.db", "api.problems",
    "api.logs", "api.settings", "models", "embedded_postgres",
)  # fmt: skip
FOLDERS = ("api", "models", "embedded_postgres")
TABLES = (Path("crud_config.py"), Path("routes.py"))
FILES = [*(file for name in FOLDERS for file in Path(name).rglob("*.py")), *TABLES]


def layer_of(module: str) -> int | None:
    """Return the number of the layer that a module is in; None for other people's modules."""
    layers = [n for n, name in enumerate(LAYERS) if f"{module}.".startswith(f"{name}.")]
    return layers[0] if layers else None


def imported_by(file: Path) -> set[str]:
    """Return the modules that a file imports anything from, each as `package.module`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # Of `from api import app`, the module is `api.app`.
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_imports_only_from_its_layer_and_below(file: Path) -> None:
    own = layer_of(".".join(file.with_suffix("").parts))
    if file == Path("api/__init__.py"):
        assert not imported_by(file)
        return
    assert own is not None
    layers = {name: layer_of(name) for name in imported_by(file)}
    assert [name for name, layer in layers.items() if layer is not None and layer < own] == []


@pytest.mark.parametrize("name", ["models", "embedded_postgres"])
def test_the_lowest_packages_import_nothing_of_the_others(name: str) -> None:
    found = {module for file in Path(name).rglob("*.py") for module in imported_by(file)}
    ours = {module for module in found if layer_of(module) is not None}
    assert [module for module in ours if not module.startswith(f"{name}.")] == []


def test_every_layer_has_a_file() -> None:
    named = {".".join(file.with_suffix("").parts) for file in FILES}
    for layer in LAYERS:
        assert [name for name in named if f"{name}.".startswith(f"{layer}.")]
