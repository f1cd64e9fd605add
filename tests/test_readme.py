"""README.md is short, what it shows works, and README.ru.md says the same."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.helpers.documents import Document
from tests.helpers.serving import Server, checkout

README = Document("README.md")
RUSSIAN = Document("README.ru.md")


@pytest.mark.parametrize("readme", [README, RUSSIAN], ids=["English", "Russian"])
def test_a_readme_has_at_most_120_lines(readme: Document) -> None:
    assert len(readme.text.splitlines()) <= 120


def test_the_russian_readme_has_the_same_parts() -> None:
    levels = [
        [heading.partition(" ")[0] for heading in each.headings] for each in (README, RUSSIAN)
    ]
    assert levels[0] == levels[1]
    bullets = [re.findall(r"^- ", each.text, re.MULTILINE) for each in (README, RUSSIAN)]
    assert bullets[0] == bullets[1]
    others = {"README.md", "README.ru.md"}
    assert [link for link in README.links if link not in others] == [
        link for link in RUSSIAN.links if link not in others
    ]


def test_the_russian_readme_has_the_same_commands() -> None:
    assert RUSSIAN.blocks() == README.blocks() == ["make run\n", "make test\n"]
    assert RUSSIAN.blocks(language="sh") == README.blocks(language="sh")
    assert sorted(RUSSIAN.code) == sorted(README.code)


def test_ci_finds_the_command_under_tests() -> None:
    """`.ci/run` reads it with awk: the first code block of the section."""
    [line] = [
        line for line in Path(".ci/run").read_text().splitlines() if line.startswith("tests=")
    ]
    found = subprocess.run(
        ["bash", "-c", f'{line}; echo "$tests"'], capture_output=True, text=True, check=True
    )
    assert found.stdout == "make test\n"


@pytest.mark.skipif(shutil.which("curl") is None, reason="the tour uses curl")
def test_the_tour_works(folder: Path) -> None:
    [tour] = README.blocks(language="sh")
    with Server(checkout(folder)) as server:
        tour = tour.replace("http://127.0.0.1:8080", server.address)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", tour],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert '"type"' not in done.stdout, done.stdout  # which errors have
    board = done.stdout[done.stdout.rindex('"columns"') :]
    assert board.index('"title":"Done"') < board.index('"title":"Press release"')
