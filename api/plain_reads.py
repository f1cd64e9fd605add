"""Plain reads in one statement: the session, the rule and the JSON, all by PostgreSQL.

One record, a list, and what lies directly under a record are what frontends read most, with a
session's cookie and without filters. Such requests are answered here. Each statement is made of the
very query that the endpoint makes, and the answers are the same, byte for byte. Whatever isn't
answered here goes to the endpoint, which knows what to say: without a session, of what isn't found,
of any other parameter.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from starlette import types
from tortoise import Tortoise
from tortoise.fields import DatetimeField
from tortoise.queryset import QuerySet

from api.access import Access, Right
from api.crud import Resource
from api.deadline import deadline
from api.paging import Page, after, decode_cursor, encode_cursor, kind_of
from api.problems import ApiError
from api.sessions import FRESH_SESSION, request_session
from api.versions import ETAGS, IfNoneMatch, unless_known
from models.tables import User

# What the ORM writes into a statement in the place of a parameter, to be found again.
CALLER, ROW, PLACE = (UUID(int=0xC04B0A4D << 64 | n) for n in range(3))
POSITION = 2_013_265_921

ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Path = tuple[str | re.Pattern[str], ...]  # the parts after `/api`; `ID` stands for any id
LIMIT = re.compile("[1-9][0-9]?|1[0-9][0-9]|200")
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
        *,
        is_list: bool = True,
        is_under: bool = False,
    ) -> None:
        self.resource = resource
        self.operations = operations
        self.is_list = self.is_tagged = is_list
        self.parent = resource.parent if is_under else None
        self.order = resource.order if is_under else "id"
        self.kind = kind_of(resource.model._meta.fields_map[self.order])
        self.statement = lru_cache(maxsize=100)(self._statement)

    def _statement(self, is_admin: bool, limit: int, goes_on: bool) -> str:
        """The statement; `limit` and `goes_on`, whether there is a cursor, are those of a list.

        Its parameters: the caller, the session, the time, the id in the path, and the place after
        which the page begins, those of them that there are. It finds nothing if the session isn't
        good, and if the caller isn't what `is_admin` says, or can't see the parent.
        """
        caller = User(id=CALLER, is_admin=is_admin)
        conditions = [f"EXISTS ({FRESH_SESSION} AND users.is_admin = {is_admin})"]
        if self.parent:
            parents = self.parent.visible_to(caller).filter(id=ROW).only("id")
            conditions.append(f"EXISTS ({sql_of(parents)})")
        key = self.order if self.is_list else "version"
        fields = self.fields(Access(self.resource.read, caller, self.operations))
        # Joined like this an empty list is a row of nulls, and no session none at all.
        statement = f"""
            SELECT row_to_json(shown)::text, shown."{key}"
            FROM (SELECT WHERE {" AND ".join(conditions)}) AS allowed LEFT JOIN (
                SELECT {fields} FROM ({sql_of(self._rows(caller, limit, goes_on))}) AS rows
            ) AS shown ON true
        """  # noqa: S608  # the registry's names
        found = [f"'{CALLER}'", "$2", "$3", f"'{ROW}'", f"'{PLACE}'"]
        if self.is_list and not self.parent:
            del found[3]
        for number, value in enumerate(found, 1):
            statement = statement.replace(value, f"${number}")
        return statement.replace(str(POSITION), f"${len(found)}")

    def fields(self, access: Access) -> str:
        """What is shown of a row in `rows`."""
        return fields_of(self.resource, access)

    def _rows(self, caller: User, limit: int, goes_on: bool) -> QuerySet[Any]:
        """The query that the endpoint makes."""
        if not self.is_list:
            return self.resource.visible_to(caller).filter(id=ROW)
        if self.parent:
            resource = self.resource
            rows = resource.model.filter(resource.is_kept, **{resource.parent_id: ROW})
        else:
            rows = self.resource.visible_to(caller)
        if goes_on:
            place = PLACE if self.kind is UUID else POSITION
            rows = rows.filter(*after(rows.model, (self.order,), (place,)))
        return rows.order_by(self.order).limit(limit + 1)


def fields_of(resource: Resource, access: Access) -> str:
    """What `Resource.present` shows of a row, as the list of a SELECT."""
    computed = resource.records.computed(access)
    fields = []
    for name in resource.schemas.sent.model_fields:
        text = computed.get(name, f'"{name}"')
        if isinstance(resource.model._meta.fields_map.get(name), DatetimeField):
            text = TIME.format(text)
        if name in resource.private and not access.user.is_admin:
            text = f"CASE WHEN id = $1 THEN {text} END"
        fields.append(f'{text} AS "{name}"')
    return ", ".join(fields)


def sql_of(rows: QuerySet[Any]) -> str:
    """The SQL of a query, with its values in it: the registry's, and what stands for parameters."""
    rows.sql()
    text, values = rows.query.get_parameterized_sql()
    literals = [f"'{each}'" if isinstance(each, str) else f"{each}".lower() for each in values]
    return re.sub(r"\$(\d+)", lambda found: literals[int(found[1]) - 1], text)


def reads_of(resources: tuple[Resource, ...], operations: dict[str, Right]) -> dict[Path, Read]:
    """The plain reads of the table, by the parts of their paths."""
    found: dict[Path, Read] = {}
    for resource in resources:
        if not resource.read.rank:  # to see it is enough
            found[resource.path,] = Read(resource, operations)
            found[resource.path, ID] = Read(resource, operations, is_list=False)
            if resource.parent:
                path = resource.parent.model._meta.db_table, ID, resource.path
                found[path] = Read(resource, operations, is_under=True)
    return found


class PlainReads:
    """Answers plain reads, and leaves everything else to the routes."""

    def __init__(self, routes: types.ASGIApp, reads: dict[Path, Read]) -> None:
        self.routes = routes
        self.reads = reads

    async def __call__(self, scope: types.Scope, receive: types.Receive, send: types.Send) -> None:
        response = await self._answer(scope) if scope.get("method") == "GET" else None
        await (response or self.routes)(scope, receive, send)

    async def _answer(self, scope: types.Scope) -> Response | None:
        parts = scope["path"].removeprefix("/api/").split("/")
        path = tuple(ID if ID.fullmatch(part) else part for part in parts)
        values: list[Any] = [UUID(part) for part in parts if ID.fullmatch(part)]
        read = self.reads.get(path)
        request = Request(scope)
        named = request_session(request) if read else None
        if read is None or named is None:
            return None
        response = Response(media_type="application/json")
        page = page_of(request, response) if read.is_list else None
        if page is None and (read.is_list or scope["query_string"]):
            return None
        if read.is_tagged and not asks_plainly(request):
            return None
        goes_on = page is not None and page.cursor is not None
        if page and page.cursor is not None:
            try:
                values += decode_cursor((read.order,), (read.kind,), page.cursor)
            except ApiError:
                return None
        statement = read.statement(named.is_admin, page.limit if page else 1, goes_on)
        known = [named.user_id, named.session_id, datetime.now(UTC), *values]
        async with deadline():
            _, rows = await Tortoise.get_connection("default").execute_query(statement, known)
        found = [row for row in rows if row[0] is not None]
        if not rows or not (found or page):
            return None
        if page and len(found) > page.limit:
            found = found[: page.limit]
            page.link_next(encode_cursor((read.order,), (found[-1][1],)))
        text = ",".join([row[0] for row in found])
        response.body = (f"[{text}]" if page else text).encode()
        response.headers["Content-Length"] = str(len(response.body))
        if read.is_tagged:
            return unless_known(request, response)
        response.headers["ETag"] = f'"{found[0][1]}"'
        return response


def page_of(request: Request, response: Response) -> Page | None:
    """The page that is asked for, unless there is anything else in the query."""
    given = request.query_params.multi_items()
    query = dict(given)
    limit = query.get("limit", "50")
    if query.keys() - {"limit", "cursor"} or len(query) < len(given) or not LIMIT.fullmatch(limit):
        return None
    return Page(request, response, IfNoneMatch(""), int(limit), query.get("cursor"))


def asks_plainly(request: Request) -> bool:
    """Whether a request names what its client has as it should."""
    tags = request.headers.getlist("If-None-Match")
    return not tags or (len(tags) == 1 and re.search(ETAGS, tags[0]) is not None)
