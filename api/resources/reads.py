"""Reading: one record, a list, what lies directly under a record. Each takes one statement.

It looks the session or API token up, applies the rule of what the caller can see, and writes the
JSON. A statement is made once for each shape of a request, from the very queries of the rule and
of the filters.
"""

import asyncio
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, reduce
from operator import or_
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import Request, Response
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from api.access.gate import Access
from api.access.rights import BoardRights, Right
from api.auth.credentials import Credentials, are_good
from api.db.deadline import time_left
from api.db.executor import BatchExecutor
from api.db.expressions import sql_of
from api.http.preconditions import ETAGS, is_known, tag_of
from api.problems import NotFound, Unauthorized, Unprocessable
from api.resources.filters import ListQuery, Selector, Shape
from api.resources.operations import Call, RawResponse
from api.resources.pagination import (
    AFTER_RANK,
    MOST_COUNTED,
    NO_KINDS,
    Page,
    Parameters,
    decode_cursor,
    encode_cursor,
    keyset_filters,
    kind_of,
    next_link,
    total_of,
)
from api.resources.representation import fields_of
from api.resources.resource import Resource
from api.resources.siblings import with_positions
from models.enums import TokenScope
from models.tables import User

# Single records go on few connections, lists on others, so that nobody waits behind what takes
# longer for little.
RECORDS = BatchExecutor(connections=2, most=8)
LISTS = BatchExecutor(connections=3, most=4)
# Of many matches some are taken: with another plan perhaps others for the second page. To join
# tables as a whole costs more than to look up the board of each match.
SEARCHES = BatchExecutor(
    connections=3,
    most=1,
    options="SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_hashjoin = off; "
    "SET LOCAL enable_mergejoin = off",
)

FEW = 50  # rows of a page

CALLER, ROW = UUID(int=0xC04B0A4D << 64), UUID(int=0xC04B0A4D << 64 | 1)

ANY = ListQuery()
FIRST_PAGE = Parameters.model_validate({})


def stand_in(kind: type, number: int) -> Any:
    """Return what the ORM writes into a statement in the place of a parameter of that type."""
    if issubclass(kind, UUID):
        return UUID(int=CALLER.int + (number << 16))
    if issubclass(kind, datetime):
        return datetime(5000, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if issubclass(kind, int | float):
        return kind(1_930_000_000 + number)
    return f"parameter {number}"


class Plan(NamedTuple):
    """All that the text of a statement depends on, beside its parameters.

    `everyone` says whether rows that the caller can't see are among those that are asked for,
    `is_use_noted` whether this request has noted that the session or token is in use;
    `after` are the types of a cursor's values, None where one is null, or nothing without a cursor.
    """

    kind: str
    is_admin: bool
    limit: int
    everyone: bool = False
    is_use_noted: bool = False
    shape: Shape = Shape()
    parameters: tuple[type, ...] = ()  # of the shape
    after: tuple[type | None, ...] | None = None
    is_counted: bool = False


class Found(NamedTuple):
    """The JSON of a record and its version, or of a list and the cursor of what comes after it."""

    body: bytes
    version: int | None = None
    next_cursor: str | None = None
    total: int | None = None


class Read:
    """A kind of request: for one record, for a list, or for the list of what is under a record."""

    def __init__(self, resource: Resource, *, is_list: bool = True, is_under: bool = False) -> None:
        self.resource = resource
        self.is_list = self.is_tagged = is_list
        self.parent = resource.parent if is_under else None
        self.pipeline = LISTS if is_list else RECORDS
        self.selector = Selector(resource, ROW if is_under else None)
        self.parameters = Parameters.with_more(self.selector.parameters) if is_list else Parameters
        self.order = lru_cache(maxsize=500)(self._order)
        self.statement = lru_cache(maxsize=500)(self._statement)

    @property
    def right(self) -> Right:
        """The right that the statement applies."""
        return self.resource.read

    async def answer(self, asked: Call, selection: ListQuery = ANY) -> RawResponse | None:
        """Answer a request; None for what only the route can say."""
        parameters = FIRST_PAGE
        known = asked.headers.get(b"if-none-match", b"*").decode("latin-1")
        if self.is_tagged and not re.search(ETAGS, known):
            return None
        if asked.query:
            parsed = self.parameters.parse(asked.query) if self.is_list else None
            if parsed is None:
                return None
            parameters = parsed
            if others := parsed.others:
                selection = self.selector.selection(**others)
        if selection.guarded:
            return None
        try:
            found = await self._find(
                asked.caller,
                asked.operations,
                asked.ends,
                asked.row_id or None,
                selection,
                parameters.limit,
                parameters.cursor,
                is_counted=parameters.count is not None,
            )
        except Unprocessable:  # a cursor of another list
            return None
        if found is None:
            return None
        headers = self._headers(found, asked.path, asked.query.decode("latin-1"))
        if self.is_tagged:
            tag = tag_of(headers.get("Link", ""), found.body)
            headers["ETag"] = tag
            if b"if-none-match" in asked.headers and is_known(tag, known):
                return RawResponse(headers_of(headers), status=304)
        return RawResponse(headers_of(headers), found.body)

    async def respond(
        self,
        request: Request,
        access: Access,
        *,
        row_id: UUID | None = None,
        page: Page | None = None,
        selection: ListQuery = ANY,
    ) -> Response:
        """Answer a request whose parameters were read. Raises NotFound and Unauthorized.

        The caller was found already, so that nothing found means that there is nothing to see.
        """
        records = self.resource.hooks
        is_asked = self.is_list and not self.parent
        everyone = is_asked and await records.searches_everyone(access, selection.guarded)
        found = await self._find(
            access.credentials,
            access.operations,
            asyncio.get_running_loop().time() + (time_left() or 0),
            row_id,
            selection,
            page.limit if page else FIRST_PAGE.limit,
            page.cursor if page else None,
            everyone,
            is_use_noted=True,
            is_counted=page is not None and page.is_counted,
        )
        if found is None:
            raise NotFound() if row_id else Unauthorized()
        headers = self._headers(found, request.url.path, request.url.query)
        return Response(found.body, headers=headers, media_type="application/json")

    async def best(self, access: Access, search_text: str, limit: int) -> bytes:
        """Return the JSON of the records that a search finds first. Raises Unauthorized."""
        found = await self._find(
            access.credentials,
            access.operations,
            asyncio.get_running_loop().time() + (time_left() or 0),
            None,
            self.selector.selection(None, search_text),
            limit,
            None,
            is_use_noted=True,
        )
        if found is None:
            raise Unauthorized()
        return found.body

    def _headers(self, found: Found, path: str, query: str) -> dict[str, str]:
        headers = {} if self.is_tagged else {"ETag": f'"{found.version}"'}
        if found.next_cursor:
            headers["Link"] = next_link(path, query, found.next_cursor)
        if found.total is not None:
            headers["X-Total-Count"] = total_of(found.total)
        return headers

    def _order(self, shape: Shape) -> tuple[tuple[str, ...], tuple[type, ...]]:
        """Return the order of a list, and the types of what it looks at."""
        order, _, column_types = self.selector.order(shape)
        if self.parent:
            order, column_types = (self.resource.order,), NO_KINDS
        columns = self.resource.model._meta.fields_map
        names = [key.lstrip("-") for key in order]
        return order, tuple(column_types.get(name) or kind_of(columns[name]) for name in names)

    async def _find(
        self,
        caller: Credentials,
        operations: BoardRights,
        ends: float,
        row_id: UUID | str | None,
        selection: ListQuery,
        limit: int,
        cursor: str | None,
        everyone: bool = False,
        *,
        is_use_noted: bool = False,
        is_counted: bool = False,
    ) -> Found | None:
        """Return what there is. Raises Unprocessable for a cursor of another list."""
        order, column_types = self.order(selection.shape)
        place = None
        if cursor is not None:
            place = decode_cursor(order, column_types, cursor, selection.search_text)
        plan = Plan(
            caller.kind,
            caller.is_admin,
            limit,
            everyone,
            is_use_noted,
            selection.shape,
            tuple(map(type, selection.values)),
            None if place is None else tuple(None if v is None else type(v) for v in place),
            is_counted,
        )
        statement = self.statement(plan, operations)
        values = [caller.user_id, caller.row_id, datetime.now(UTC)]
        values += [row_id] if row_id else []
        values += [*selection.values, *(v for v in place or () if v is not None)]
        is_search = selection.shape.terms is not None and self.resource.search
        pipeline = SEARCHES if is_search else self.pipeline
        rows: Any = await pipeline.fetch_rows(statement, *values, ends=ends)
        if not rows:
            return None
        [[_, body, version_or_more, *last]] = rows
        if not self.is_list:
            return Found(body, version=version_or_more)
        total = last.pop() if is_counted else None
        if not version_or_more:
            return Found(body, total=total)
        return Found(body, None, encode_cursor(order, last, selection.search_text), total)

    def _statement(self, plan: Plan, operations: BoardRights) -> str:
        """Return the statement of a plan.

        Its parameters: the caller, the session or token, the time, the id in the path if there is
        one, the values of the selection and of the cursor, and its turn. It answers with its turn,
        the JSON, and the version of a record, or whether a list goes on, the place of its last row
        and, if it is counted, the number of all; or with nothing if there is no such record, if the
        credentials aren't good, if the caller isn't what `is_admin` says or can't see the parent.
        """
        caller = User(id=CALLER, is_admin=plan.is_admin)
        access = Access(self.resource.read, caller, operations)
        numbers = iter(range(4, 1000))
        parameters = {str(CALLER): "$1"}
        if self.parent or not self.is_list:
            parameters[str(ROW)] = f"${next(numbers)}"

        def stand_ins(column_types: Iterable[type | None]) -> list[Any]:
            found = []
            for kind in column_types:
                value = None
                if kind:
                    number = next(numbers)
                    value = stand_in(kind, number)
                    parameters[str(value)] = f"${number}"
                found.append(value)
            return found

        credentials = are_good(
            plan.kind, TokenScope.READ, plan.is_admin, is_use_noted=plan.is_use_noted
        )
        conditions = [f"EXISTS ({credentials})"]
        if self.parent:
            parents = self.parent.visible_to(caller).filter(id=ROW).only("id")
            conditions.append(f"EXISTS ({sql_of(parents, parameters)})")
        order, _ = self.order(plan.shape)
        everything = self._rows(plan, caller, stand_ins(plan.parameters))
        rows = everything.order_by(*order)
        rules, place = [Q()], None
        if plan.after is not None:
            place, *_ = values = stand_ins(plan.after)
            rules = keyset_filters(rows.model, order, values)
            if plan.shape.terms is not None:  # which costs the same again for each of them
                rules = [reduce(or_, rules)]
        pages = [sql_of(rows.filter(rule).limit(plan.limit + 1), parameters) for rule in rules]
        after = place and parameters[str(place)]
        joined, computed = self._placed(plan, everything, after)
        source = f"""
            rows {self.resource.hooks.computed_join} {joined},
                LATERAL (SELECT {self.fields(access, **computed)}) AS shown
        """
        if self.is_list:
            found, last = _page_of(pages, source, order, plan.limit)
            if plan.is_counted:
                counted = sql_of(everything.limit(MOST_COUNTED + 1), parameters)
                last.append(f"(SELECT count(*) FROM ({counted}) AS counted)")  # noqa: S608
        else:
            has_version = "version" in self.resource.model._meta.fields_map
            found = f"""
                WITH rows AS ({pages[0]})
                SELECT row_to_json(shown) AS record,
                    {"rows.version" if has_version else "NULL::int AS version"}
                FROM {source}
            """  # noqa: S608  # the registry's names
            last = ["version"]
        return f"""
            SELECT ${next(numbers)}::int, convert_to(record::text, 'UTF8'), {", ".join(last)}
            FROM (SELECT WHERE {" AND ".join(conditions)}) AS allowed, ({found}) AS found
        """  # noqa: S608

    def _rows(self, plan: Plan, caller: User, values: list[Any]) -> QuerySet[Any]:
        """Return the query for all rows that are asked for."""
        rows = self.resource.visible_to(caller)
        if self.parent:
            rows = self.resource.children_of(ROW)
        elif plan.everyone:
            rows = self.resource.model.all()
        if self.is_list:
            return self.selector.query(rows, plan.shape, values)
        return rows.filter(id=ROW)

    def _placed(
        self, plan: Plan, everything: QuerySet[Any], place: str | None
    ) -> tuple[str, dict[str, str]]:
        """Return the JOIN that positions need, and how they are computed, of rows in an order.

        `place` is the parameter with the place after which a page of `everything` begins.
        """
        if not self.is_list or self.resource.order != "rank":
            return "", {}
        if not self.parent or ("archived", (True,)) in plan.shape.given:
            # Few rows are each counted faster than all of their siblings are put in order.
            if plan.limit <= FEW:
                return "", {}
            return with_positions(self.resource), {"position": "placed.position"}
        # Those of a page follow each other: only what comes before the page is counted.
        position = "rows.row_number - 1"
        if place:
            start = AFTER_RANK.format(table=self.resource.model._meta.db_table, place=place)
            its = sql_of(everything.only("rank"), {str(ROW): "$4"})
            position += f" + (SELECT count(*) FROM ({its}) AS its WHERE rank <= {start})"  # noqa: S608
        return "", {"position": position}

    def fields(self, access: Access, **computed: str) -> str:
        """Return the list of a SELECT of what is shown of `rows`."""
        return fields_of(self.resource, access, **computed)


def _page_of(
    pages: list[str], source: str, order: Sequence[str], limit: int
) -> tuple[str, list[str]]:
    """Return the statement of a list, and its columns after the JSON: whether it goes on, and the
    place of its last row.

    `pages` find the rows, in an order and a few too many; `source` is what they are shown from.
    """
    sorting = ", ".join(f'"{key[1:]}" DESC' if key.startswith("-") else f'"{key}"' for key in order)
    places = [_place_of(key.lstrip("-")) for key in order]
    named = ", ".join(f"{place} AS place{number}" for number, place in enumerate(places))
    last = ", ".join(
        f"(array_agg(place{number}) FILTER (WHERE row_number = {limit}))[1] AS last{number}"
        for number in range(len(places))
    )
    statement = f"""
        WITH rows AS MATERIALIZED (
            SELECT *, row_number() OVER (ORDER BY {sorting})
            FROM ({" UNION ALL ".join(f"({page})" for page in pages)}) AS page
        ), records AS (
            SELECT row_to_json(shown) AS record, {named}, row_number FROM {source}
        )
        SELECT coalesce(
            array_to_json(array_agg(record ORDER BY row_number)
                FILTER (WHERE row_number <= {limit})), '[]'
        ) AS record, count(*) > {limit} AS goes_on, {last} FROM records
    """  # noqa: S608
    return statement, ["goes_on", *(f"last{number}" for number in range(len(places)))]


def _place_of(name: str) -> str:
    """Return what a cursor holds of a row for that part of the order, in SQL."""
    if name == "rank":
        return "concat_ws(' ', rows.rank, rows.id, rows.version)"
    return f'rows."{name}"'


def headers_of(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Return headers as ASGI expects them."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
