"""Which rows of a list are asked for, and in which order.

The table names the columns (`crud_config.py`). What a column's type allows becomes parameters,
which Swagger shows; everything else is refused. No query names a column that isn't in the table.
"""

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from tortoise import fields
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from api.access.scope import Scope
from api.db.expressions import Condition, Sql
from api.resources.search import Search
from models.fields import TEXT, Text
from models.schemas import absent, check_time_text, to_utc
from models.tables import unique_key

MOST_VALUES = 50  # of one filter
COMPARISONS = {
    "lt": "Before this moment.",
    "lte": "Not after this moment.",
    "gt": "After this moment.",
    "gte": "Not before this moment.",
}


def check_flag(value: object) -> object:
    """Refuse what only looks like true or false, such as `1` and `yes`."""
    if value not in ("true", "false"):
        raise PydanticCustomError("bool_parsing", "Must be true or false.")
    return value


Moment = Annotated[datetime, BeforeValidator(check_time_text), AfterValidator(to_utc)]
Flag = Annotated[bool, BeforeValidator(check_flag)]


@dataclass(frozen=True)
class Selection:
    """What one request asks for: the filters, what is sought, and the order.

    `added` is what the order needs beyond the columns, `kinds` the types of what is added, `exact`
    names the columns whose exact value is given.
    """

    conditions: tuple[Q, ...]
    order: tuple[str, ...]
    added: dict[str, Sql] = field(default_factory=dict)
    kinds: dict[str, type] = field(default_factory=dict)
    search: Search | None = None
    sought: str = ""
    exact: tuple[str, ...] = ()

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """What the query runs in."""
        return self.search.transaction() if self.search else nullcontext()

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that all filters let pass and the search finds."""
        rows = rows.filter(*self.conditions)
        if self.search:
            rows = self.search.of(rows, self.sought)
        return rows.annotate(**self.added)


# What becomes of a parameter's value, the parameter's type, and what Swagger says of it.
Filter = tuple[Callable[[Any], Q], Any, str]


def filters_of(scope: Scope, names: tuple[str, ...], related: dict[str, str]) -> dict[str, Filter]:
    """The parameters by which the rows of a table are filtered.

    `names` are columns; `related` says where rows of another table name something, such as
    "labellings__label_id".
    """
    found: dict[str, Filter] = {}
    for name in names:
        if name == "board_id" and scope.board != "board":
            text = "On this board. Repeat it for more."
            found[name] = _lookup(f"{scope.board_id}__in"), list[UUID], text
            continue
        column: Any = scope.model._meta.fields_map[name]
        if isinstance(column, fields.DatetimeField):
            for word, text in COMPARISONS.items():
                found[f"{name}__{word}"] = _lookup(f"{name}__{word}"), Moment, text
            if column.null:
                text = "true for those that have none, false for those that have one."
                found[f"{name}__isnull"] = _lookup(f"{name}__isnull"), Flag, text
        elif isinstance(column, fields.BooleanField):
            found[name] = _lookup(name), Flag, "true or false."
        else:
            text = "One of these: repeat it for more."
            kind = getattr(column, "enum_type", None)
            found[name] = (
                (_place(scope, name), list[kind], text)  # type: ignore[valid-type]
                if kind
                else (_lookup(f"{name}__in"), list[UUID], text)
            )
    for name, path in related.items():
        text = "With any of these: repeat it for more."
        found[name] = _related(scope, path), list[UUID], text
    return found


def exact_filters_of(scope: Scope, texts: Mapping[str, str]) -> dict[str, Filter]:
    """The parameters for the exact value, in any case, of columns that have a unique key.

    `texts` says more of each in Swagger.
    """
    found: dict[str, Filter] = {}
    for name, text in texts.items():
        column: Any = scope.model._meta.fields_map[name]
        kind = Annotated[str, Field(min_length=1, max_length=column.max_length, **TEXT)]
        described = f"Whose `{name}` this is, in any case. {text}".strip()
        found[name] = _key(name), kind, described
    return found


def _key(name: str) -> Callable[[Any], Q]:
    return lambda value: Q(**{f"{name}_key": unique_key(value)})


def _lookup(name: str) -> Callable[[Any], Q]:
    return lambda value: Q(**{name: value})


def _place(scope: Scope, name: str) -> Callable[[Any], Q]:
    """By the place of an enum's value, so that one index serves for the filter and the order."""
    case, kind = place_of(scope, name)

    def condition(values: Any) -> Q:
        places = sorted({kind.index(value) for value in values})
        if not places[1:]:
            # Not as an equation: with that the order after it would be one of the table's others,
            # in which PostgreSQL expects, and may not find, some of these soon.
            return Condition(Sql(f"{case} BETWEEN {places[0]} AND {places[0]}"))
        return Condition(Sql(f"{case} IN ({', '.join(map(str, places))})"))

    return condition


def _one_of(scope: Scope, name: str) -> Callable[[Any], Q]:
    """By an enum's value, in the index of the words."""
    column = f'"{scope.model._meta.db_table}"."{name}"'

    def condition(values: Any) -> Q:
        # What has both the word and the value may be far behind what has one of them.
        held = ", ".join(f"'{value.value}'" for value in values)
        return Condition(Sql(f"ARRAY[{column}] && ARRAY[{held}]::varchar[]"))

    return condition


def place_of(scope: Scope, name: str) -> tuple[str, list[Enum]]:
    """The SQL of the place of an enum's value among all, as the migration "search" indexes it."""
    column: Any = scope.model._meta.fields_map[name]
    values = list(column.enum_type)
    cases = " ".join(f"WHEN '{each.value}' THEN {place}" for place, each in enumerate(values))
    return f'CASE "{scope.model._meta.db_table}"."{name}" {cases} END', values


def _related(scope: Scope, path: str) -> Callable[[Any], Q]:
    relation, _, lookup = path.partition("__")
    other: Any = scope.model._meta.fields_map[relation]

    def condition(values: Any) -> Q:
        # A join would double rows that have several of them.
        rows = other.related_model.filter(**{f"{lookup}__in": values})
        ids: Any = Subquery(rows.values(other.relation_field))
        return Q(id__in=ids)

    return condition


def order_of(scope: Scope, sort: str) -> tuple[tuple[str, ...], dict[str, Sql]]:
    """The order that a value of `sort` means, and what it needs beyond the columns."""
    sign, name = ("-" if sort.startswith("-") else ""), sort.lstrip("-")
    if name == "id":
        return (sort,), {}
    if not hasattr(scope.model._meta.fields_map[name], "enum_type"):
        return (sort, f"{sign}id"), {}
    # By their alphabet HIGH would come before LOW.
    case, _ = place_of(scope, name)
    return (f"{sign}{name}_order", f"{sign}id"), {f"{name}_order": Sql(case)}


def selection_of(
    scope: Scope,
    filters: tuple[str, ...],
    related: dict[str, str],
    sort: tuple[str, ...],
    search: Search | None,
    first: str,
    exact: Mapping[str, str],
) -> Any:
    """A dependency that reads what is asked for from a request's query."""
    known = filters_of(scope, filters, related) | exact_filters_of(scope, exact)
    columns = scope.model._meta.fields_map
    enums = [name for name in filters if hasattr(columns.get(name), "enum_type")]
    beside_words = {name: _one_of(scope, name) for name in enums}
    # Text is sorted by an index of its own, of which each value's part is as good as any.
    skipped = {f"{first}_order", *(name for name in sort if isinstance(columns[name], Text))}
    orders = [f"{sign}{name}" for name in ("id", *sort) for sign in ("", "-")]

    def select(sort: str | None, q: str | None = None, **given: Any) -> Selection:
        found = search if q is not None else None
        lookups = {name: lookup for name, (lookup, _, _) in known.items()}
        if found:
            lookups |= beside_words
        conditions = tuple(
            lookups[name](value) for name, value in given.items() if value is not None
        )
        named = tuple(name for name in exact if given.get(name) is not None)
        if found and sort is None:
            return Selection(conditions, found.order, {}, found.kinds, found, q or "", named)
        order, added = order_of(scope, sort or "id")
        name = order[0].lstrip("-")
        if not found and len(set(given.get(first) or ())) == 1 and name not in skipped:
            # All have the same value there, and an index that begins with it.
            sign = "-" if order[0].startswith("-") else ""
            (place, _), more = order_of(scope, f"{sign}{first}")
            order, added = (place, *order), added | more
        kinds: dict[str, type] = dict.fromkeys(added, int)
        return Selection(conditions, order, added, kinds, found, q or "", named)

    order_text = (
        "In which order; with `-` the other way round. What is equal, or null, goes by `id`. "
        "Null counts as the greatest. Without it: by `id`"
    ) + (", or as `q` says." if search else ".")
    parameters = {"sort": _query(Literal[*orders], order_text)}
    if search:
        parameters["q"] = search.parameter
    parameters |= {name: _query(kind, text) for name, (_, kind, text) in known.items()}
    select.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind)
            for name, kind in parameters.items()
        ]
    )
    return Depends(select)


def _query(kind: Any, text: str) -> Any:
    most = MOST_VALUES if getattr(kind, "__origin__", None) is list else None
    return Annotated[kind, Query(default_factory=absent, description=text, max_length=most)]
