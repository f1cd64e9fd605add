"""The documents in parts: sections, code blocks, tables, headings and links."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What git tracks, as far as it is prose: pages of other folders belong to packages.
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("examples/*/README.md")]
)


class Document:
    """A Markdown file."""

    def __init__(self, path: str | Path) -> None:
        self.path = ROOT / path
        self.text = self.path.read_text()
        # Without code, in which a `#` is no heading and brackets are no link.
        self.prose = re.sub(r"^```.*?^```$", "", self.text, flags=re.MULTILINE | re.DOTALL)

    def section(self, title: str) -> str:
        """Return a section without its heading, up to the next one of its level."""
        return self.text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]

    def blocks(self, title: str | None = None, language: str = "") -> list[str]:
        """Return the code blocks of a language, in a section or in the whole document."""
        text = self.text if title is None else self.section(title)
        return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)

    def table(self, title: str) -> list[list[str]]:
        """Return the rows of a section's tables, as cells."""
        lines = [line for line in self.section(title).splitlines() if line.startswith("| ")]
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]

    @property
    def headings(self) -> list[str]:
        return re.findall(r"^#+ .+$", self.prose, re.MULTILINE)

    @property
    def anchors(self) -> set[str]:
        """The names by which links reach the headings, as GitHub makes them."""
        anchors: dict[str, int] = {}
        found = set()
        for heading in self.headings:
            name = re.sub(r"[^\w\- ]", "", heading.lstrip("# ").lower()).replace(" ", "-")
            number = anchors[name] = anchors.get(name, -1) + 1
            found.add(f"{name}-{number}" if number else name)
        return found

    @property
    def links(self) -> list[str]:
        """The targets of links and pictures, those to other sites left out."""
        text = re.sub(r"`[^`\n]*`", "", self.prose)
        targets = re.findall(r"\]\(([^)\s]+)\)", text)
        return [target for target in targets if not re.match(r"[a-z]+:", target)]

    @property
    def code(self) -> list[str]:
        """Return all code of the document: in a sentence, or each line of a block."""
        spans = re.findall(r"`([^`\n]+)`", self.prose)
        blocks = re.findall(r"^```\w*\n(.*?)^```$", self.text, re.MULTILINE | re.DOTALL)
        return [*spans, *(line for block in blocks for line in block.splitlines())]
