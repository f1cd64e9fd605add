"""The walk-through of docs/extending.md, followed to the letter."""

import re
import subprocess
from pathlib import Path

from tests.helpers.documents import Document
from tests.helpers.serving import checkout


def checkout_with_milestones(folder: Path) -> Path:
    """Return a copy of the checkout with another record, and its migration."""
    document = Document("docs/extending.md")
    copy = checkout(folder)
    model, schema, row = document.blocks("Another record", "python")

    def insert(file: str, text: str, before: str) -> None:
        path = copy / file
        source = path.read_text()
        assert source.count(before) == 1
        path.write_text(source.replace(before, f"{text}{before}"))

    insert("models/tables.py", model + "\n\n", "class Comment(")
    insert("models/schemas.py", "\n" + schema, "\nROLE = ")
    insert("crud_config.py", row, ")\n# fmt: on")
    imports = copy / "crud_config.py"
    imports.write_text(imports.read_text().replace("Label, Subtask", "Label, Milestone, Subtask"))
    [command] = re.findall(r"^make .*$", document.section("Another record"), re.MULTILINE)
    subprocess.run(command.split(), cwd=copy, check=True, capture_output=True)
    return copy
