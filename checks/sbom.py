"""The bill of materials: every package that is installed to run, by version and hash."""

import json
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from checks.report import check, run

FILE = Path("build/sbom.json")


def needed() -> set[str]:
    """The packages of requirements.in and whatever they need here, as installed."""
    lines = Path("requirements.in").read_text().splitlines()
    queue = [Requirement(line) for line in lines if line and not line.startswith("#")]
    found: set[str] = set()
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        if name in found:
            continue
        found.add(name)
        more = map(Requirement, distribution(name).requires or [])
        extras = requirement.extras or {""}
        queue += [
            other
            for other in more
            if not other.marker or any(other.marker.evaluate({"extra": extra}) for extra in extras)
        ]
    return found


def main() -> None:
    FILE.parent.mkdir(exist_ok=True)
    subprocess.run(
        [
            # It warns that a list of requirements has no graph of dependencies.
            sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements",
            "requirements.txt", "--pyproject", "pyproject.toml", "--output-reproducible",
            "--of", "JSON", "-o", FILE,
        ],
        check=True,
    )  # fmt: skip
    components = {part["name"]: part for part in json.loads(FILE.read_text())["components"]}
    unpinned = [
        name
        for name, part in components.items()
        if "version" not in part
        or not any(reference.get("hashes") for reference in part.get("externalReferences", []))
    ]
    check(not unpinned, f"{len(components)} packages have a version and hashes", unpinned)
    missing = needed() - {canonicalize_name(name) for name in components}
    check(not missing, f"none of the {len(needed())} that are needed is missing", missing)
    print(f"The bill of materials is {FILE} (CycloneDX).")


if __name__ == "__main__":
    run(main)
