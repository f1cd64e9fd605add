"""Draw the packages and their imports in docs/architecture.md: `make architecture`.

An arrow from one package to another means that the first imports the second. Arrows that follow
from others are left out.
"""

import ast
from pathlib import Path

PAGE = Path("docs/architecture.md")
BEGIN, END = "<!-- packages: made by `make architecture` -->\n", "<!-- end of packages -->"
PACKAGES = {
    **{f"api.{file.parent.name}": file.parent for file in Path("api").glob("*/__init__.py")},
    "crud_config": Path("crud_config.py"),
    "routes": Path("routes.py"),
    "embedded_postgres": Path("embedded_postgres"),
    "models": Path("models"),
}


def imports() -> dict[str, set[str]]:
    """Return what each package imports of the others."""
    found: dict[str, set[str]] = {name: set() for name in PACKAGES}
    for name, path in PACKAGES.items():
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text())):
                modules = []
                if isinstance(node, ast.Import):
                    modules = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    modules = [f"{node.module}.{alias.name}" for alias in node.names]
                for module in modules:
                    found[name] |= {p for p in PACKAGES if f"{module}.".startswith(f"{p}.")}
        found[name].discard(name)
    return found


def reachable(name: str, graph: dict[str, set[str]]) -> set[str]:
    """Return what a package imports, directly or not."""
    found, new = set(), graph[name]
    while new:
        found |= new
        new = {each for package in new for each in graph[package]} - found
    return found


def picture() -> str:
    """Return the picture as a Mermaid diagram."""
    graph = imports()
    arrows = [
        f"    {name} --> {each}\n"
        for name in sorted(graph)
        for each in sorted(graph[name])
        if not any(each in reachable(other, graph) for other in graph[name] - {each})
    ]
    return f"{BEGIN}```mermaid\nflowchart TD\n{''.join(arrows)}```\n{END}"


if __name__ == "__main__":
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + picture() + rest.partition(END)[2])
