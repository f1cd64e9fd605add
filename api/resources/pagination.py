"""Keyset paging: `limit`, an opaque `cursor`, and the `Link` header that holds the next one."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256, sha512
from operator import attrgetter
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, get_origin
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError
from tortoise import Model, Tortoise
from tortoise.expressions import Q
from tortoise.fields import DatetimeField, IntField, UUIDField
from tortoise.queryset import QuerySet

from api.db.expressions import Condition, Sql
from api.http.preconditions import LISTING_ETAG_HEADER, IfNoneMatch
from api.problems import invalid
from api.settings import settings
from models.schemas import omitted

LINK_HEADER = {
    "Link": {
        "description": '`<path>; rel="next"`: the next page, if there is one.',
        "schema": {"type": "string"},
    }
}
TOTAL_HEADER = {
    "X-Total-Count": {
        "description": "With `count=exact`: the number of records, or `10000+`.",
        "schema": {"type": "string"},
    }
}
LIST_HEADERS = LINK_HEADER | TOTAL_HEADER | LISTING_ETAG_HEADER
MOST_COUNTED = 10_000

NO_KINDS: Mapping[str, type] = MappingProxyType({})  # of a query that adds nothing to its columns


@lru_cache(maxsize=1)
def _cipher(secret: str) -> AESSIV:
    """Return the cipher of cursors: the same place is always the same cursor."""
    return AESSIV(sha512(b"cursor" + secret.encode()).digest())


def encode_cursor(order: Sequence[str], values: Sequence[object], search_text: str = "") -> str:
    """Return an opaque name of the place after the row that has those values where `order` looks.

    It is sealed: the number of a membership would tell how many there are on all boards.
    `search_text` is what the order depends on, if it is that of a search.
    """
    place = [_named(order, search_text), *map(_text_of, values)]
    text = json.dumps(place, ensure_ascii=False).encode()
    sealed = _cipher(settings().jwt_secret.get_secret_value()).encrypt(text, None)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def decode_cursor(
    order: Sequence[str], column_types: Sequence[type], cursor: str, search_text: str = ""
) -> list[Any]:
    """Return the values after which the page begins, of those types. Raises Unprocessable."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        sealed = base64.b64decode(padded, b"-_", validate=True)
        text = _cipher(settings().jwt_secret.get_secret_value()).decrypt(sealed, None)
        name, *values = json.loads(text)
        if name == _named(order, search_text):
            return [_value(kind, text) for kind, text in zip(column_types, values, strict=True)]
    except (ValueError, InvalidTag):
        pass
    raise invalid(
        "Must be a cursor from the Link header of this list, with the same sort and q.",
        "cursor",
        parameter="cursor",
    )


def _text_of(value: object) -> str | None:
    if isinstance(value, datetime) and value.tzinfo is None:
        # The driver's for what PostgreSQL calls infinite: the first or the last time that there is.
        value = value.replace(tzinfo=UTC)
    return None if value is None else str(value)


def _named(order: Sequence[str], search_text: str) -> str:
    digest = sha256(search_text.encode()).hexdigest()[:16] if search_text else ""
    return ",".join([*order, digest] if digest else order)


def _value(kind: type, text: str | None) -> Any:
    if text is None:
        return None
    return datetime.fromisoformat(text) if kind is datetime else kind(text)


def keyset_filters(model: type[Model], order: Sequence[str], values: Sequence[Any]) -> list[Q]:
    """Return the rules for the rows after one with these values, each for those after the last.

    Null is the greatest. Each rule is one for which an index knows where to begin.
    """
    rules: list[Q] = []
    same = Q()
    for key, value in zip(order, values, strict=True):
        name, is_descending = key.lstrip("-"), key.startswith("-")
        is_null = Q(**{f"{name}__isnull": True})  # type: ignore[arg-type]
        if name == "rank":
            table = model._meta.db_table
            start = AFTER_RANK.format(table=table, place="{}")
            rule: Q = Condition(Sql(f'"{table}"."rank" > {start}', value, value, value))
            beyond, equal = [rule], Q()  # ranks are unique under a parent
        elif value is None:
            beyond, equal = ([~is_null] if is_descending else []), is_null
        else:
            beyond = [Q(**{f"{name}__{'lt' if is_descending else 'gt'}": value})]
            column = model._meta.fields_map.get(name)
            # A range instead of `=` for what isn't a column: with `=`, PostgreSQL may take an index
            # on the next key of the order, and look for the value among all rows.
            equal = Q(
                **({name: value} if column else {f"{name}__gte": value, f"{name}__lte": value})
            )
            if column and column.null and not is_descending:
                beyond.append(is_null)
        rules = [same & rule for rule in beyond] + rules
        same &= equal
    return rules


# The rank after which a page begins, in SQL: the present one of the row that ended the last page,
# which may have been made anew, but not if the row itself was moved.
AFTER_RANK = """coalesce(
    (SELECT rank FROM "{table}" WHERE id = split_part({place}, ' ', 2)::uuid
        AND version = split_part({place}, ' ', 3)::int),
    split_part({place}, ' ', 1)
)"""


def check_digits(value: object) -> object:
    """Refuse numbers that JSON wouldn't know: `+5`, `05`, `1_0`, `5.0`, other scripts' digits."""
    if isinstance(value, str) and not re.fullmatch("-?(0|[1-9][0-9]*)", value):
        raise PydanticCustomError("int_parsing", "Must be a whole number.")
    return value


def kind_of(column: Any) -> type:
    """Return the type of a column's values."""
    for field, kind in ((UUIDField, UUID), (IntField, int), (DatetimeField, datetime)):
        if isinstance(column, field):
            return kind
    return str


# In a path: the id of a row that has a number.
Number = Annotated[int, Path(ge=1, le=2**63 - 1), BeforeValidator(check_digits)]
LIMIT = Annotated[
    int,
    Query(ge=1, le=200, description="The size of a page."),
    BeforeValidator(check_digits),
]
CURSOR = Annotated[
    str | None,
    Query(max_length=4000, description="The next page: from the header `Link` of the last one."),
]
COUNT = Annotated[Literal["exact"], Query(default_factory=omitted)]


class Parameters(BaseModel):
    """The query of a list; subclasses have more parameters."""

    model_config = ConfigDict(extra="forbid")

    limit: LIMIT = 50
    cursor: CURSOR = None
    count: COUNT

    @classmethod
    def with_more(cls, parameters: Mapping[str, Any]) -> type[Self]:
        """Return a subclass with these parameters: types that say what their defaults are."""
        metaclass: Any = type(cls)
        made: type[Self] = metaclass("Parameters", (cls,), {"__annotations__": {**parameters}})
        return made

    @classmethod
    def parse(cls, query: bytes) -> Self | None:
        """Read a query as FastAPI does; None for a wrong one."""
        given: dict[str, Any] = {}
        for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
            field = cls.model_fields.get(name)
            if field and get_origin(field.annotation) is list:
                given.setdefault(name, []).append(value)
            elif name in given:
                return None
            else:
                given[name] = value
        try:
            return cls.model_validate(given)
        except ValidationError:
            return None

    @property
    def others(self) -> dict[str, Any]:
        """The values of the parameters that a subclass has."""
        names = type(self).model_fields.keys()
        return {name: getattr(self, name) for name in names if name not in Parameters.model_fields}


class Page:
    """The part of a list that is asked for; it also writes the `Link` to the next one."""

    def __init__(
        self,
        request: Request,
        response: Response,
        _: Annotated[IfNoneMatch, Depends()],
        count: COUNT,
        limit: LIMIT = 50,
        cursor: CURSOR = None,
    ) -> None:
        self.request = request
        self.response = response
        self.limit = limit
        self.cursor = cursor
        self.is_counted = count is not None

    async def fetch(self, query: QuerySet[Any], *order: str) -> list[Any]:
        """Fetch this page of the query's rows, in an order of columns that together are unique.

        A column with a `-` before it is in descending order.
        """
        return await self.fetch_all([query], *(order or ("id",)))

    async def fetch_all(self, queries: Sequence[QuerySet[Any]], *order: str) -> list[Any]:
        """Fetch this page of the rows of several queries, whose tables all have the columns of the
        order, none of them null."""
        most = self.limit + 1  # one more tells whether there is more
        rows = [row for query in queries for row in await self._first(query, order, most)]
        if len(queries) > 1:
            for key in reversed(order):
                rows.sort(key=attrgetter(key.lstrip("-")), reverse=key.startswith("-"))
        if len(rows) > self.limit:
            del rows[self.limit :]
            values = [getattr(rows[-1], key.lstrip("-")) for key in order]
            self.link_next(encode_cursor(order, values))
        if self.is_counted:
            total = sum([await self._count(query) for query in queries])
            self.response.headers["X-Total-Count"] = total_of(total)
        return rows

    async def _count(self, query: QuerySet[Any]) -> int:
        """Count the rows of a query, as far as they are counted."""
        query = query.limit(MOST_COUNTED + 1)
        query.sql()
        text, values = query.query.get_parameterized_sql()
        [record] = await Tortoise.get_connection("default").execute_query_dict(
            f"SELECT count(*) AS total FROM ({text}) AS counted",  # noqa: S608  # the ORM's
            values,
        )
        return int(record["total"])

    async def _first(self, query: QuerySet[Any], order: Sequence[str], most: int) -> list[Any]:
        """Return the first rows of a query that come after the cursor."""
        query = query.order_by(*order)
        rules = [Q()]
        if self.cursor is not None:
            columns = query.model._meta.fields_map
            types = [kind_of(columns[key.lstrip("-")]) for key in order]
            rules = keyset_filters(query.model, order, decode_cursor(order, types, self.cursor))
        rows: list[Any] = []
        for rule in rules:
            if len(rows) < most:
                rows += await query.filter(rule).limit(most - len(rows))
        return rows

    def link_next(self, cursor: str) -> None:
        """Say where the list goes on."""
        query = self.request.url.query
        self.response.headers["Link"] = next_link(self.request.url.path, query, cursor)


def total_of(counted: int) -> str:
    """Return the `X-Total-Count` of a list in which so many rows were counted."""
    return f"{MOST_COUNTED}+" if counted > MOST_COUNTED else str(counted)


def next_link(path: str, query: str, cursor: str) -> str:
    """Return the `Link` to where a list goes on that was asked for with that query."""
    given = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if k != "cursor"]
    return f'<{path}?{urlencode([*given, ("cursor", cursor)])}>; rel="next"'


PageOf = Annotated[Page, Depends()]
