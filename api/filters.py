"""Which rows of a list are asked for, and in which order.

The table names the columns (`crud_config.py`). What a column's type allows becomes parameters,
which Swagger shows; everything else is refused. No query names a column that isn't in the table.
"""

import inspect
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError
from tortoise import fields
from tortoise.queryset import QuerySet

from api.access import Scope
from models.schemas import check_time_text, to_utc

MOST_VALUES = 50  # of one filter
COMPARISONS = {
    "lt": "Before this moment.",
    "lte": "Not after this moment.",
    "gt": "After this moment.",
    "gte": "Not before this moment.",
}


def _absent() -> Any:
    return None


def check_flag(value: object) -> object:
    """Refuse what only looks like true or false, such as `1` and `yes`."""
    if value not in ("true", "false"):
        raise PydanticCustomError("bool_parsing", "Must be true or false.")
    return value


Moment = Annotated[datetime, BeforeValidator(check_time_text), AfterValidator(to_utc)]
Flag = Annotated[bool, BeforeValidator(check_flag)]


@dataclass(frozen=True)
class Selection:
    """The filters and the order of one request, as the ORM takes them."""

    lookups: dict[str, Any]
    order: tuple[str, ...]

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that all filters let pass."""
        return rows.filter(**self.lookups)


def parameters_of(scope: Scope, names: tuple[str, ...]) -> dict[str, tuple[str, Any, str]]:
    """The parameters by which these columns of a table are filtered.

    Each has the lookup that it becomes, its type and what Swagger says of it.
    """
    found: dict[str, tuple[str, Any, str]] = {}
    for name in names:
        if name == "board_id" and scope.board != "board":
            found[name] = f"{scope.board_id}__in", list[UUID], "On this board. Repeat it for more."
            continue
        column: Any = scope.model._meta.fields_map[name]
        if isinstance(column, fields.DatetimeField):
            for word, text in COMPARISONS.items():
                found[f"{name}__{word}"] = f"{name}__{word}", Moment, text
            if column.null:
                text = "true for those that have none, false for those that have one."
                found[f"{name}__isnull"] = f"{name}__isnull", Flag, text
        elif isinstance(column, fields.BooleanField):
            found[name] = name, Flag, "true or false."
        else:
            several: Any = list[getattr(column, "enum_type", UUID)]  # type: ignore[misc]
            found[name] = f"{name}__in", several, "One of these: repeat it for more."
    return found


def selection_of(scope: Scope, filters: tuple[str, ...], sort: tuple[str, ...]) -> Any:
    """A dependency that reads the filters and the order from a request's query."""
    known = parameters_of(scope, filters)
    orders = [f"{sign}{name}" for name in ("id", *sort) for sign in ("", "-")]

    def select(sort: str, **given: Any) -> Selection:
        lookups = {known[name][0]: value for name, value in given.items() if value is not None}
        sign = "-" if sort.startswith("-") else ""
        tie = () if sort.lstrip("-") == "id" else (f"{sign}id",)
        return Selection(lookups, (sort, *tie))

    order = Query(
        description="In which order; with `-` the other way round. What is equal, or null, goes by "
        "`id`. Null counts as the greatest.",
    )
    named = inspect.Parameter.KEYWORD_ONLY
    select.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                "sort", named, annotation=Annotated[Literal[*orders], order], default="id"
            ),
            *(
                inspect.Parameter(name, named, annotation=_query(kind, text))
                for name, (_, kind, text) in known.items()
            ),
        ]
    )
    return Depends(select)


def _query(kind: Any, text: str) -> Any:
    most = MOST_VALUES if getattr(kind, "__origin__", None) is list else None
    return Annotated[kind, Query(default_factory=_absent, description=text, max_length=most)]
