"""The rows of a list that are asked for, and their order.

The table names the columns (`crud_config.py`). What a column's type allows becomes parameters,
which Swagger shows; everything else is refused. No query names a column that isn't in the table.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from functools import cached_property, partial
from typing import Annotated, Any, Literal, NamedTuple, get_origin
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from tortoise import fields
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from api.access.scope import Scope
from api.db.expressions import Condition, Sql
from api.resources.resource import Resource, sort_key
from models.fields import TEXT
from models.schemas import DayOrTime, Time, omitted
from models.tables import Identified, unique_key

MOST_VALUES = 50  # of one filter
MOST_IDS = 200  # as many records as a page may have
# Each with the moment of a day that it compares with.
COMPARISONS = {"lt": time.min, "lte": time.max, "gt": time.max, "gte": time.min}


def check_flag(value: object) -> object:
    """Refuse what only looks like true or false, such as `1` and `yes`."""
    if value not in ("true", "false"):
        raise PydanticCustomError("bool_parsing", "Must be true or false.")
    return value


def moment_of(value: date | datetime, clock: time) -> datetime:
    """Return the moment of a day at that time in UTC; a time is a moment itself."""
    return value if isinstance(value, datetime) else datetime.combine(value, clock, UTC)


def none_as_null(value: object) -> object:
    """Read `none` as the absence of an id."""
    return None if value == "none" else value


Flag = Annotated[bool, BeforeValidator(check_flag)]
IdOrNone = Annotated[
    UUID | None,
    BeforeValidator(none_as_null),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "string", "const": "none"}]}
    ),
]


class Shape(NamedTuple):
    """The part of a selection that is in the SQL of its query; the rest are parameters.

    `given` are the filters: of each whose values are parameters which of them are not null, of the
    others their values. `terms` says which texts the search has.
    """

    given: tuple[tuple[str, Any], ...] = ()
    sort: str | None = None
    terms: tuple[bool, ...] | None = None


class Filter(NamedTuple):
    """A parameter by which a list is narrowed: its condition, its type, and what Swagger says.

    `key` converts a given value to the one that is compared. `is_constant` values are written into
    the SQL, so only enums and flags may be.
    """

    condition: Callable[[Any], Q]
    kind: Any
    text: str = ""
    is_constant: bool = False
    most: int = MOST_VALUES
    key: Callable[[Any], Any] = lambda value: value

    @property
    def takes_many(self) -> bool:
        """Tell whether it can be given several times."""
        return get_origin(self.kind) is list


class ListQuery(NamedTuple):
    """A request for some rows of a list: by filters, by what is sought, and in which order."""

    shape: Shape = Shape()
    values: tuple[Any, ...] = ()
    search_text: str = ""
    guarded: tuple[str, ...] = ()  # the filters that the record's hooks decide on


def filters_of(scope: Scope, names: tuple[str, ...], related: dict[str, str]) -> dict[str, Filter]:
    """Return the parameters by which the rows of a table are filtered.

    `names` are columns; `related` says where rows of another table name something, such as
    "labellings__label_id".
    """
    found: dict[str, Filter] = {}
    for name in names:
        if name == "board_id" and scope.board != "board":
            found[name] = Filter(_lookup(f"{scope.board_id}__in"), list[UUID])
            continue
        column: Any = scope.model._meta.fields_map[name]
        if isinstance(column, fields.DatetimeField):
            moment = DayOrTime if name == "due_date" else Time
            for word, clock in COMPARISONS.items():
                key, lookup = partial(moment_of, clock=clock), _lookup(f"{name}__{word}")
                found[f"{name}__{word}"] = Filter(lookup, moment, key=key)
            if column.null:
                text = "true: without one; false: with one."
                found[f"{name}__isnull"] = Filter(_lookup(f"{name}__isnull"), Flag, text, True)
        elif isinstance(column, fields.BooleanField):
            found[name] = Filter(_lookup(name), Flag, is_constant=True)
        else:
            kind: Any = getattr(column, "enum_type", UUID)
            if kind is UUID and not isinstance(column, fields.UUIDField):
                raise TypeError(f"{scope.model.__name__}: a list can't be filtered by `{name}`")
            one_of, most = _lookup(f"{name}__in"), MOST_IDS if name == "id" else MOST_VALUES
            found[name] = Filter(one_of, list[kind], "", kind is not UUID, most)
    for name, path in related.items():
        text = f"`none`: {scope.model._meta.db_table} without any."
        found[name] = Filter(_related(scope, name, path), list[IdOrNone], text)
    return found


def archive_filter(scope: Scope, under: UUID | None) -> dict[str, Filter]:
    """Return the parameter that asks for what lists leave out, if they leave out anything."""
    text = "true: only what is archived, or lies under what is."
    by = Filter(lambda yes: scope.archived(yes, under), Flag, text, is_constant=True)
    return {"archived": by} if scope.has_archive else {}


def exact_filters_of(scope: Scope, texts: Mapping[str, str]) -> dict[str, Filter]:
    """Return the parameters for the exact value, in any case, of columns that have a unique key.

    `texts` says more of each in Swagger.
    """
    found: dict[str, Filter] = {}
    for name, text in texts.items():
        column: Any = scope.model._meta.fields_map[name]
        kind = Annotated[str, Field(min_length=1, max_length=column.max_length, **TEXT)]
        described = f"Exactly this `{name}`, in upper or lower case. {text}".strip()
        found[name] = Filter(_lookup(f"{name}_key"), kind, described, key=unique_key)
    return found


def _lookup(name: str) -> Callable[[Any], Q]:
    return lambda value: Q(**{name: value})


def _one_of(scope: Scope, name: str) -> Callable[[Any], Q]:
    """Return the filter for an enum's values that uses the index of the words."""
    column = f'"{scope.model._meta.db_table}"."{name}"'

    def condition(values: Any) -> Q:
        # Rows that match both may be far apart in either index alone.
        held = ", ".join(f"'{value.value}'" for value in values)
        return Condition(Sql(f"ARRAY[{column}] && ARRAY[{held}]::varchar[]"))

    return condition


def _related(scope: Scope, name: str, path: str) -> Callable[[Any], Q]:
    relation, _, lookup = path.partition("__")
    other: Any = scope.model._meta.fields_map[relation]
    # The row holds the ids of all that it is linked to.
    without = f"{scope.table}.\"{name}s\" = '{{{{}}}}'"  # the braces of an empty array

    def condition(values: Any) -> Q:
        rules: list[Q] = [Condition(Sql(without))] if None in values else []
        if ids := [value for value in values if value is not None]:
            rows = other.related_model.filter(**{f"{lookup}__in": ids})
            found = Subquery(rows.values(other.relation_field))
            # For an array the rows are read in the order of their ids, and no more than a page
            # needs.
            rules.append(Condition(Sql(f'{scope.table}."id" = ANY (ARRAY({{}}))', found)))
        return Q(*rules, join_type=Q.OR)

    return condition


def order_of(scope: Scope, sort: str) -> tuple[tuple[str, ...], dict[str, Sql]]:
    """Return the order that a value of `sort` means, and what it needs beyond the columns."""
    sign, name = ("-" if sort.startswith("-") else ""), sort.lstrip("-")
    if name == "id":
        return (sort,), {}
    if not hasattr(scope.model._meta.fields_map[name], "enum_type"):
        return (f"{sign}{sort_key(scope.model, name)}", f"{sign}id"), {}
    # By their alphabet HIGH would come before LOW.
    values = enumerate(scope.model._meta.fields_map[name].enum_type)  # type: ignore[attr-defined]
    cases = " ".join(f"WHEN '{each.value}' THEN {place}" for place, each in values)
    case = f'CASE "{scope.model._meta.db_table}"."{name}" {cases} END'
    return (f"{sign}{name}_order", f"{sign}id"), {f"{name}_order": Sql(case)}


class Selector:
    """Reads from a request's query what is asked of a list, and makes queries of that.

    A list of what is `under` a parent can only be asked for what is archived.
    """

    def __init__(self, resource: Resource, under: UUID | None = None) -> None:
        self.resource = resource
        self.under = under
        columns = resource.model._meta.fields_map
        ids = ("id",) if issubclass(resource.model, Identified) else ()
        changed = ("updated_at",) if "updated_at" in columns else ()
        names = (*ids, *resource.filters, *changed)
        exact = exact_filters_of(resource, resource.hooks.exact)
        self.filters = archive_filter(resource, under)
        if under is None:
            self.filters |= filters_of(resource, names, resource.related) | exact
        self.search = resource.search_kind if under is None else None
        self.guarded = (*exact, *(name for name in resource.filters if name in resource.admin_only))
        enums = [name for name in resource.filters if hasattr(columns.get(name), "enum_type")]
        self._beside_words = {name: _one_of(resource, name) for name in enums}

    @property
    def dependency(self) -> Any:
        """A dependency of a route, with the parameters that Swagger shows."""

        def select(**given: Any) -> ListQuery:
            return self.selection(**given)

        select.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind)
                for name, kind in self.parameters.items()
            ]
        )
        return Depends(select)

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The types of the parameters, by their names."""
        orders = [f"{sign}{name}" for name in ("id", *self.resource.sort) for sign in ("", "-")]
        parameters = {} if self.under else {"sort": _query(Literal[*orders])}
        if self.search:
            parameters["q"] = self.search.parameter
        return parameters | {
            name: _query(each.kind, each.text, each.most) for name, each in self.filters.items()
        }

    def selection(self, sort: str | None = None, q: str | None = None, **given: Any) -> ListQuery:
        """Return what is asked for, with the parameters of its query in their order."""
        shape, values, terms = [], [], None
        for name, value in given.items():
            if value is None:
                continue
            by = self.filters[name]
            those = [by.key(each) for each in (value if by.takes_many else [value])]
            if by.is_constant:
                shape.append((name, tuple(those)))
            else:
                shape.append((name, tuple(each is not None for each in those)))
                values += [each for each in those if each is not None]
        if q is not None and self.search:
            texts = self.search.texts(q)
            terms = tuple(text is not None for text in texts)
            values += [text for text in texts if text is not None]
        guarded = tuple(name for name in self.guarded if given.get(name) is not None)
        return ListQuery(Shape(tuple(shape), sort, terms), tuple(values), q or "", guarded)

    def order(self, shape: Shape) -> tuple[tuple[str, ...], dict[str, Sql], Mapping[str, type]]:
        """Return the order of a list, what it needs beyond the columns, and the types of that."""
        if shape.terms is not None and self.search and shape.sort is None:
            return self.search.order, {}, self.search.column_types
        order, added = order_of(self.resource, shape.sort or "id")
        return order, added, dict.fromkeys(added, int)

    def query(self, rows: QuerySet[Any], shape: Shape, values: Iterable[Any]) -> QuerySet[Any]:
        """Return the query for those of the rows that a selection of that shape asks for."""
        left = iter(values)
        search = self.search if shape.terms is not None else None
        conditions = []
        given = dict(shape.given)
        if "archived" in self.filters:
            given.setdefault("archived", (False,))
        for name, its in given.items():
            by = self.filters[name]
            those = [*its] if by.is_constant else [next(left) if has else None for has in its]
            condition = self._beside_words.get(name, by.condition) if search else by.condition
            conditions.append(condition(those if by.takes_many else those[0]))
        rows = rows.filter(*conditions)
        if search:
            rows = search.of(rows, *(next(left) if has else None for has in shape.terms or ()))
        _, added, _ = self.order(shape)
        return rows.annotate(**added)


def _query(kind: Any, text: str = "", most: int = MOST_VALUES) -> Any:
    longest = most if get_origin(kind) is list else None
    return Annotated[
        kind, Query(default_factory=omitted, description=text or None, max_length=longest)
    ]
