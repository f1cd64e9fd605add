"""Names and phrases that were replaced by the field's own words don't come back."""

import re
from pathlib import Path

REPLACED = [
    "ShortWay", "short_way", "long_way", "plain_reads", "plain_writes", "in_turn",
    "held_by", "is_own", "runs_python", "planned_anew", "read_token", "cookie_session",
    "request_session", "bearer_of", "indexed_in_time", "emptied_in_time", "index_words",
    "AnswerHeaders", "Pipeline", "present_all", "ChangedMeanwhile", "Misplaced", "CreatorStays",
    "short way", "long way", "is told", "good for", "take along", "as it stands",
]  # fmt: skip
FOLDERS = ["api", "models", "embedded_postgres", "tests", "checks", "bench", "docs", "examples"]
TEXTS = [
    path
    for folder in (".", *FOLDERS)
    for kind in ("*.py", "*.md", "*.ts", "*.example")
    for path in (Path().glob(kind) if folder == "." else Path(folder).rglob(kind))
    # A decision may name what it replaced.
    if path.parts[:2] != ("docs", "decisions")
    and path.name not in ("CHANGELOG.md", Path(__file__).name)
    and not {"node_modules", ".venv"} & {*path.parts}
]


def test_replaced_words_occur_nowhere() -> None:
    assert len(TEXTS) > 100
    words = "|".join(r"\s+".join(word.split()) for word in REPLACED)
    pattern = re.compile(rf"(?<!\w)({words})(?!\w)")
    found = {str(path): pattern.findall(path.read_text()) for path in TEXTS}
    assert {path: words for path, words in found.items() if words} == {}
