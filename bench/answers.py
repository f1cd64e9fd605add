"""Whether two servers answer the same."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

# Fields of Corkboard alone. Nothing in the data is archived, limited or due on a day.
OURS_ALONE = {
    "archived_at", "created_by", "due_is_day", "is_template", "limits_are_advisory", "over_limit",
    "task_limit", "time_zone", "updated_by",
}  # fmt: skip
# JavaScript's times have no microseconds.
PRECISION = timedelta(milliseconds=1)


def difference(
    ours: Any, theirs: Any, changing: Collection[str] | None = None, where: str = "answer"
) -> str | None:
    """Return the first difference between two JSON values, or None.

    Times are the same when they mean the same moment. Fields that change must be there, and be
    of the same kind.
    """
    if type(ours) is not type(theirs):
        return f"{where} is {theirs!r} instead of {ours!r}"
    pairs: list[tuple[str, Any, Any]] = []
    if isinstance(ours, dict):
        ours, theirs = (
            {key: value for key, value in each.items() if key not in OURS_ALONE}
            for each in (ours, theirs)
        )
        if ours.keys() != theirs.keys():
            missing, more = sorted(ours.keys() - theirs.keys()), sorted(theirs.keys() - ours.keys())
            return f"{where} lacks {missing} and has {more} too many"
        pairs = [(f"{where}.{key}", value, theirs[key]) for key, value in ours.items()]
    elif isinstance(ours, list):
        if len(ours) != len(theirs):
            return f"{where} has {len(theirs)} items instead of {len(ours)}"
        pairs = [
            (f"{where}[{number}]", *pair)
            for number, pair in enumerate(zip(ours, theirs, strict=True))
        ]
    elif not same(ours, theirs, where.rpartition(".")[2], changing or ()):
        return f"{where} is {theirs!r} instead of {ours!r}"
    found = (difference(mine, other, changing, each) for each, mine, other in pairs)
    return next(filter(None, found), None)


def same(ours: Any, theirs: Any, name: str, changing: Collection[str]) -> bool:
    if name in changing and ours is not None and not name.endswith("_at"):
        return True
    if isinstance(ours, str) and (name.endswith("_at") or name == "due_date"):
        try:
            apart = datetime.fromisoformat(ours) - datetime.fromisoformat(theirs)
        except (TypeError, ValueError):  # no time, or one without its zone
            return False
        return name in changing or abs(apart) < PRECISION
    return bool(ours == theirs)
