"""Reading the short way: one record, a list, what lies directly under a record.

Each statement is made of the very query that the endpoint makes, with its values written in and the
request's as parameters.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from tortoise.fields import BooleanField, CharField, DatetimeField, IntField, UUIDField
from tortoise.queryset import QuerySet

from api.access.gate import Access
from api.access.rights import Right
from api.auth.credentials import are_good
from api.db.executor import Pipeline
from api.http.preconditions import ETAGS, is_known, tag_of
from api.problems import ApiError
from api.resources.pagination import (
    AFTER_RANK,
    PLACE_OF_ROW,
    after,
    decode_cursor,
    encode_cursor,
    kind_of,
    next_link,
)
from api.resources.plain import Answer, Asked, Operation
from api.resources.router import Compiled, Resource
from api.resources.siblings import with_positions
from models.enums import TokenScope
from models.tables import User

# What the ORM writes into a statement in the place of a parameter, to be found again.
CALLER, ROW, PLACE = (UUID(int=0xC04B0A4D << 64 | n) for n in range(3))

# Columns of these kinds are shown alike by PostgreSQL and by pydantic; decimals, for one, are not.
ALIKE = (UUIDField, CharField, BooleanField, IntField, DatetimeField)

# A page of a list that is named as `Link` names it.
PAGE = re.compile(rb"(?:limit=([1-9][0-9]?|1[0-9][0-9]|200))?(?:(?:^|&)cursor=([A-Za-z0-9_-]+))?")
# As pydantic writes a time; asyncpg stores the first and the last that there is as infinite.
TIME = """CASE {0} WHEN '-infinity' THEN '0001-01-01T00:00:00Z'
    WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z'
    ELSE replace(to_char({0}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z') END"""


class Read:
    """A kind of request: for one record, for a list, or for the list of what is under a record.

    `is_tagged` says whether the answer has a tag as a whole, instead of a record's version.
    """

    def __init__(
        self,
        resource: Resource,
        operations: dict[str, Right],
        pipeline: Pipeline,
        *,
        is_list: bool = True,
        is_under: bool = False,
    ) -> None:
        self.resource = resource
        self.operations = operations
        self.pipeline = pipeline
        self.is_list = self.is_tagged = is_list
        self.parent = resource.parent if is_under else None
        self.order = resource.order if is_under else "id"
        # Of a list in which rows of a parent needn't follow each other.
        self.counts_once = is_list and not is_under and resource.order == "rank"
        self.table = resource.model._meta.db_table
        self.kind = kind_of(resource.model._meta.fields_map[self.order])
        self.statement = lru_cache(maxsize=100)(self._statement)

    async def answer(self, asked: Asked) -> Answer | None:
        limit, place = 1, []
        known = asked.headers.get(b"if-none-match", b"*").decode("latin-1")
        if self.is_tagged and not re.search(ETAGS, known):
            return None
        if self.is_list:
            page = PAGE.fullmatch(asked.query)
            if page is None:
                return None
            limit = int(page[1] or 50)
            if page[2]:
                try:
                    place = decode_cursor((self.order,), (self.kind,), page[2].decode())
                except ApiError:
                    return None
        elif asked.query:
            return None
        caller = asked.caller
        values = [caller.user_id, caller.row_id, datetime.now(UTC), *place]
        if asked.row_id:
            values.insert(3, asked.row_id)
        statement = self.statement(caller.kind, caller.is_admin, limit, bool(place))
        rows = await self.pipeline.rows_of(statement, *values, ends=asked.ends)
        if not rows:
            return None
        [[_, record, key]] = rows
        body, headers, link = record, [], ""
        if self.is_list and key is not None:
            cursor = encode_cursor((self.order,), (key,))
            link = next_link(asked.path, asked.query.decode(), cursor)
            headers.append((b"link", link.encode()))
        tag = tag_of(link, body) if self.is_tagged else f'"{key}"'
        headers.append((b"etag", tag.encode()))
        if self.is_tagged and b"if-none-match" in asked.headers and is_known(tag, known):
            return Answer(headers, status=304)
        return Answer(headers, body)

    def _statement(self, kind: str, is_admin: bool, limit: int, goes_on: bool) -> str:
        """The statement for credentials of that kind.

        `limit` and `goes_on`, whether there is a cursor, are those of a list. Its parameters: the
        caller, the session or token, the time, the id in the path, the place after which the page
        begins, those of them that there are, and its turn.

        It answers with the record and its version, or the list and, if there is more, the place of
        its last record; or with nothing, if there is no such record, if the credentials aren't
        good, and if the caller isn't what `is_admin` says or can't see the parent.
        """
        caller = User(id=CALLER, is_admin=is_admin)
        conditions = [f"EXISTS ({are_good(kind, TokenScope.READ, is_admin)})"]
        if self.parent:
            parents = self.parent.visible_to(caller).filter(id=ROW).only("id")
            conditions.append(f"EXISTS ({sql_of(parents)})")
        fields = self.fields(Access(self.resource.read, caller, self.operations), goes_on)
        found = [f"'{CALLER}'", "$2", "$3", f"'{ROW}'", f"'{PLACE}'"]
        if self.is_list and not self.parent:
            del found[3]
        if not goes_on:
            del found[-1]
        rows = f"""
            SELECT row_to_json(shown) AS record, {"id" if self.is_list else "version"} AS key,
                row_number() OVER () AS number
            FROM (
                WITH rows AS MATERIALIZED ({sql_of(self._rows(caller, limit, goes_on))})
                SELECT {fields} FROM rows {self.resource.records.joined}
                {with_positions(self.resource) if self.counts_once else ""}
                ORDER BY rows."{self.order}"
            ) AS shown
        """  # noqa: S608  # the registry's names
        if self.is_list:
            rows = f"""
                SELECT coalesce(
                    array_to_json(array_agg(record) FILTER (WHERE number <= {limit})), '[]'
                ) AS record, CASE WHEN count(*) > {limit} THEN
                    (array_agg(key) FILTER (WHERE number = {limit}))[1]
                END AS key FROM ({rows}) AS rows
            """  # noqa: S608
        place = "key"
        if self.order == "rank":
            place = f'(SELECT {PLACE_OF_ROW} FROM "{self.table}" WHERE id = key)'  # noqa: S608
        statement = f"""
            SELECT ${len(found) + 1}::int, convert_to(record::text, 'UTF8'), {place}
            FROM (SELECT WHERE {" AND ".join(conditions)}) AS allowed, ({rows}) AS rows
        """  # noqa: S608
        for number, value in enumerate(found, 1):
            statement = statement.replace(value, f"${number}")
        return statement

    def fields(self, access: Access, goes_on: bool) -> str:
        """What is shown of a row in `rows`."""
        if self.counts_once:
            return fields_of(self.resource, access, position="placed.position")
        if self.order != "rank":
            return fields_of(self.resource, access)
        # Those of a page follow each other, so that only what comes before the page is counted.
        position = "row_number() OVER (ORDER BY rows.rank) - 1"
        if goes_on:
            start = AFTER_RANK.format(table=self.table, place=f"'{PLACE}'")
            before = sql_of(self.resource.under(ROW))
            position += f" + (SELECT count(*) FROM ({before}) AS before WHERE rank <= {start})"  # noqa: S608
        return fields_of(self.resource, access, position=position)

    def _rows(self, caller: User, limit: int, goes_on: bool) -> QuerySet[Any]:
        """The query that the endpoint makes."""
        if not self.is_list:
            return self.resource.visible_to(caller).filter(id=ROW)
        rows = self.resource.under(ROW) if self.parent else self.resource.visible_to(caller)
        if goes_on:
            rows = rows.filter(*after(rows.model, (self.order,), (str(PLACE),)))
        return rows.order_by(self.order).limit(limit + 1)


def is_shown_alike(resource: Resource) -> bool:
    """Tell whether PostgreSQL's JSON of a record is what `Resource.present` would show."""
    hooks = resource.schemas.sent.__pydantic_decorators__
    runs_python = resource.records.runs_python("complete") or any(
        (hooks.field_serializers, hooks.model_serializers, hooks.computed_fields)
    )
    if type(resource) is not Resource or runs_python:
        return False
    columns = resource.model._meta.fields_map
    sent = [columns[name] for name in resource.schemas.sent.model_fields if name in columns]
    return all(isinstance(column, ALIKE) for column in sent)


def fields_of(resource: Resource, access: Access, table: str = "rows", **computed: str) -> str:
    """Return what `Resource.present` shows of a row of that table, as the list of a SELECT.

    `computed` are fields that are computed otherwise here than for a single row.
    """
    computed = resource.records.computed(resource, access, table) | computed
    fields = []
    for name in resource.schemas.sent.model_fields:
        text = computed.get(name, f'{table}."{name}"')
        if isinstance(resource.model._meta.fields_map.get(name), DatetimeField):
            text = TIME.format(text)
        if name in resource.private and not access.user.is_admin:
            text = f"CASE WHEN {table}.id = $1 THEN {text} END"
        fields.append(f'{text} AS "{name}"')
    return ", ".join(fields)


def sql_of(rows: QuerySet[Any]) -> str:
    """The SQL of a query, with its values in it: the registry's, and what stands for parameters."""
    rows.sql()
    text, values = rows.query.get_parameterized_sql()
    literals = [f"'{each}'" if isinstance(each, str) else f"{each}".lower() for each in values]
    return re.sub(r"\$(\d+)", lambda found: literals[int(found[1]) - 1], text)


def read_of(
    compiled: Compiled,
    operations: dict[str, Right],
    records: Pipeline,
    lists: Pipeline,
) -> Operation | None:
    """Make the fast path of an operation that reads, if it shows all that the endpoint shows.

    Single records go on one pipeline, lists on another.
    """
    resource = compiled.resource
    if resource.read.rank or not is_shown_alike(resource):  # with no rank, to see it is enough
        return None
    if compiled.operation == "list" and resource.records.runs_python("searched"):
        return None
    if compiled.operation == "read":
        return Read(resource, operations, records, is_list=False)
    return Read(resource, operations, lists, is_under=compiled.operation == "children")
