"""Writing: a record is created, changed, moved, archived, put in the trash or deleted.

What is decided before, and when, is in `api.access.writer`; here is what is written then. A change
takes one statement, which also writes the JSON of the answer. One that puts a record in another
place takes a second, which looks for the gap there.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any, Literal, cast
from uuid import UUID

from fastapi import Request, Response
from pydantic import ValidationError
from tortoise import Tortoise
from uuid_utils.compat import uuid7

from api.access.gate import Access
from api.access.rights import ADMIN, BoardRights, Found, judge
from api.access.scope import Scope
from api.access.writer import WRITER, Change, Connection, Row
from api.auth.credentials import Credentials
from api.db.connection import shares_unit_of_work
from api.db.deadline import SECONDS, deadline, still_working
from api.db.origin import ORIGIN
from api.http.preconditions import ETAGS, IfMatch
from api.problems import (
    InvalidToken,
    NeighbourMoved,
    Unauthorized,
    Unprocessable,
    VersionConflict,
)
from api.resources.hooks import Kept
from api.resources.operations import Call, RawResponse
from api.resources.reads import headers_of
from api.resources.representation import fields_of, serialize
from api.resources.resource import Resource
from api.resources.siblings import gap_query, position_of, rank_between
from models.schemas import MOVE_TARGETS, columns_of, omitted
from models.tables import Authored, User

Kind = Literal["create", "update", "archive", "unarchive", "discard", "remove"]
# The right that a kind takes, if it isn't called like the kind.
RIGHTS = {"archive": "update", "unarchive": "update", "discard": "delete", "remove": "delete"}
# What a kind writes by itself.
GIVES = {
    "archive": {"archived_at": "coalesce(rows.archived_at, $2::timestamptz)"},
    "unarchive": {"archived_at": "NULL::timestamptz"},
    "discard": {"deleted_at": "$2::timestamptz"},
}
AUTHORS = ("created_by", "updated_by")
# What every new record has besides what is sent and what is made; it is neither archived nor in
# the trash.
GIVEN = {"id", "created_at", "updated_at", "version", "deleted_at", "archived_at", *AUTHORS}
STATUS = {"create": 201, "discard": 204, "remove": 204}


class Write:
    """A kind of request: to create records of a resource, to change one, or to put it away.

    `schema` is that of its body, if it has one. Raises TypeError for a resource with a column that
    a new row would get from nowhere.
    """

    def __init__(self, resource: Resource, kind: Kind, schema: Any = None) -> None:
        self.resource = resource
        self.kind = kind
        self.schema = schema
        self.right = getattr(resource, RIGHTS.get(kind, kind))
        self.status = STATUS.get(kind, 200)
        self.scope: Scope = resource
        if kind == "remove" and resource.has_trash:
            self.scope = resource.with_trash
        if kind == "create":
            if resource.parent is None:
                raise TypeError(f"{resource.path} have no parent")
            self.scope = resource.parent
            columns = {*columns_of(schema), *resource.hooks.server_values_sql(resource, "", "")}
            fields = resource.model._meta.fields_map.items()
            kept = {name for name, field in fields if getattr(field, "is_derived", False)}
            if missing := resource.model._meta.db_fields - columns - kept - GIVEN:
                raise TypeError(f"{resource.path}: a new row gets no {', '.join(sorted(missing))}")
        # Those from which columns are computed.
        self.texts = {*resource.search, resource.part_of} if kind == "update" else set[str]()
        self.statement = lru_cache(maxsize=200)(self._statement)
        self.gap = lru_cache(maxsize=10)(self._gap)

    async def answer(self, asked: Call) -> RawResponse | None:
        """Answer a request; None for what only the route can say."""
        if asked.query or self.resource.hooks.overrides("before_transaction", "confirm"):
            return None
        values: dict[str, Any] = {}
        if_match = IfMatch(omitted())
        if self.kind != "create" and b"if-match" in asked.headers:
            tags = asked.headers[b"if-match"].decode("latin-1")
            if not re.search(ETAGS, tags):
                return None
            if_match = IfMatch(tags)
        if self.schema:
            try:
                body = self.schema.model_validate(asked.body)
                values = if_match.values_of(body, asked.row_id)
            except (ValidationError, Unprocessable):
                return None
        async with deadline(asked.ends):
            change = self._change(
                asked.caller, asked.operations, asked.row_id, values, if_match, is_fast=True
            )
            try:
                row = await WRITER.write(change)
            except (Unauthorized, InvalidToken):  # or it is time to note that the session is in use
                asked.scope["ends"] = asyncio.get_running_loop().time() + SECONDS
                return None
        return RawResponse(
            headers_of(self._headers(asked.path, row)), row["record"] or b"", self.status
        )

    async def respond(
        self,
        request: Request,
        access: Access,
        *,
        row_id: UUID | None = None,
        values: Mapping[str, Any] | None = None,
        if_match: IfMatch | None = None,
    ) -> Response:
        """Answer a request whose body and parameters were read.

        Raises Unauthorized, NotFound, Forbidden, VersionConflict, NeighbourMoved and BoardBusy.
        """
        change = self._change(
            access.credentials,
            access.operations,
            row_id,
            {**(values or {})},
            if_match or IfMatch(omitted()),
        )
        if shares_unit_of_work():
            row = await change.write_alone(access)
        else:
            row = await WRITER.write(change)
        return Response(
            row["record"],
            self.status,
            self._headers(request.url.path, row),
            None if row["record"] is None else "application/json",
        )

    def _change(
        self,
        caller: Credentials,
        operations: BoardRights,
        row_id: Any,
        values: dict[str, Any],
        if_match: IfMatch,
        *,
        is_fast: bool = False,
    ) -> "RowChange":
        if self.kind == "create":
            row_id = values.pop(self.resource.parent_id)
            values["id"] = uuid7()
        return RowChange(self, caller, operations, row_id, values, if_match, is_fast=is_fast)

    async def create_many(
        self, access: Access, parents: Sequence[Any], wanted: Sequence[dict[str, Any]]
    ) -> list[Any]:
        """Create rows under parents, inside a unit of work in which the boards are locked.

        Return the new rows with nothing but their ids. Raises NeighbourMoved, ColumnFull and
        Unprocessable.
        """
        connection = Tortoise.get_connection("default")._connection
        its = {row.id: row for row in parents}
        rows = []
        for values in wanted:
            parent = its[values.pop(self.resource.parent_id)]
            values["id"] = uuid7()
            change = RowChange(
                self, access.credentials, access.operations, parent.id, values, IfMatch(omitted())
            )
            await change.write_row(connection, parent, parent.deciding_board)
            still_working()
            rows.append(self.resource.model(id=values["id"]))
        return rows

    @cached_property
    def read_again(self) -> "Write":
        """The write that changes nothing, and so returns the record as it is."""
        return self if self.kind == "update" else Write(self.resource, "update", self.schema)

    @property
    def version(self) -> str:
        """The statement for the version of the row `$1`."""
        return f"SELECT version FROM {self.resource.table} WHERE id = $1"  # noqa: S608

    @property
    def count_change(self) -> str:
        """The statement that counts a change of the row `$1`, which isn't in its own columns, by
        `$2`."""
        return (
            f"UPDATE {self.resource.table} "  # noqa: S608  # the registry's name
            "SET version = version + 1, updated_at = greatest(now(), updated_at), updated_by = $2 "
            "WHERE id = $1"
        )

    def _headers(self, path: str, row: Row) -> dict[str, str]:
        if row["record"] is None:
            return {}
        location = {"Location": f"{path}/{row['id']}"} if self.kind == "create" else {}
        return {"ETag": f'"{row["version"]}"', **location}

    def _gap(self, way: str) -> str:
        """Return the query for a gap, whose last parameters are the caller and the request's id."""
        gap = gap_query(self.resource, way, is_new=self.kind == "create")
        first = 3 if way == "end" else 4
        origin = ORIGIN.format(actor=f"${first}::uuid", request_id=f"${first + 1}::text")
        return f"SELECT gap.*, {origin} FROM ({gap}) AS gap"  # noqa: S608  # our names

    def _statement(
        self, is_admin: bool, operations: BoardRights, knows_version: bool, *names: str
    ) -> str:
        """Return the statement that writes the columns of those names.

        Its parameters: the caller, the time, the row, or the parent of a new one, the request's id,
        then the version that the row must have, if one is known, the values, and a number. It
        returns the number as `turn`, the JSON as `record`, and the row's `id` and `version`.
        """
        table, first = self.resource.table, 6 if knows_version else 5
        numbered = {
            name: f"${number}::{self._type_of(name)}" for number, name in enumerate(names, first)
        }
        numbered |= GIVES.get(self.kind, {})
        condition = "rows.id = $3"
        if knows_version:
            condition += " AND rows.version = $5"
        if self.kind == "create":
            written = self._insert(numbered)
        elif self.kind == "remove":
            written = f"DELETE FROM {table} AS rows WHERE {condition} RETURNING rows.*"  # noqa: S608
        else:
            if self.resource.has_trash:
                condition += " AND rows.deleted_at IS NULL"
            assignments = [f'"{name}" = {value}' for name, value in numbered.items()]
            if assignments and self.kind != "discard":
                old = ", ".join(f'rows."{name}"' for name in numbered)
                # Here, since the found row may be older than another change of the same batch.
                differs = f"ROW({old}) IS DISTINCT FROM ROW({', '.join(numbered.values())})"
                assignments += [
                    f"version = rows.version + ({differs})::int",
                    "updated_at = greatest(rows.updated_at, "
                    f"CASE WHEN {differs} THEN $2::timestamptz END)",
                ]
                if self._has_authors:
                    assignments.append(
                        f"updated_by = CASE WHEN {differs} THEN $1 ELSE rows.updated_by END"
                    )
            written = f"""
                UPDATE {table} AS rows SET {", ".join(assignments)}
                WHERE {condition} RETURNING rows.*
            """  # noqa: S608  # the registry's names
            if not assignments:
                written = f"SELECT * FROM {table} AS rows WHERE {condition}"  # noqa: S608
        return f"""
            WITH known AS (SELECT $1::uuid, $2::timestamptz, $3::uuid), written AS ({written})
            SELECT ${first + len(names)}::int AS turn, rows.id, rows.version,
                {self._record(is_admin, operations)} AS record,
                {ORIGIN.format(actor="$1", request_id="$4::text")}
            FROM written AS rows {"" if self.status == 204 else self.resource.hooks.computed_join}
        """  # noqa: S608

    @property
    def _has_authors(self) -> bool:
        return issubclass(self.resource.model, Authored)

    def _type_of(self, name: str) -> str:
        """Return the SQL type of a column, without the length that a cast would cut a value to."""
        column = self.resource.model._meta.fields_map[name]
        return str(column.get_for_dialect("postgres", "SQL_TYPE")).partition("(")[0]

    def _insert(self, values: dict[str, str]) -> str:
        resource = self.resource
        values = resource.hooks.server_values_sql(resource, "$3", "$2") | values | {
            resource.parent_id: "$3", "created_at": "$2", "updated_at": "$2", "version": "1",
        }  # fmt: skip
        if self._has_authors:
            values |= dict.fromkeys(AUTHORS, "$1")
        columns = ", ".join(f'"{name}"' for name in values)
        return f"""
            INSERT INTO {resource.table} ({columns}) VALUES ({", ".join(values.values())})
            RETURNING *
        """  # noqa: S608  # the registry's names

    def _record(self, is_admin: bool, operations: BoardRights) -> str:
        if self.status == 204:
            return "NULL::bytea"
        resource, place = self.resource, {}
        if resource.order == "rank":
            place["position"] = position_of(resource, "rows", is_written=True)
        access = Access(resource.read, User(is_admin=is_admin), operations)
        fields = fields_of(resource, access, **place)
        shown = f"SELECT row_to_json(shown)::text FROM (SELECT {fields}) AS shown"  # noqa: S608
        return f"(SELECT convert_to(({shown}), 'UTF8'))"


class RowChange(Change):
    """The change of a record, or a new one, whose parent is the row that decides then."""

    def __init__(
        self,
        write: Write,
        caller: Credentials,
        operations: BoardRights,
        row_id: UUID,
        values: dict[str, Any],
        if_match: IfMatch,
        *,
        is_fast: bool = False,
    ) -> None:
        # A route has noted that the session is in use.
        super().__init__(write.right, caller, write.scope, row_id, is_use_noted=not is_fast)
        self.write = write
        self.operations = operations
        self.place = {name: values.pop(name) for name in MOVE_TARGETS if name in values}
        linked = write.resource.hooks.linked
        self.linked = {name: values.pop(name) for name in linked if name in values}
        self.match_labels = values.pop("match_labels", False)
        self.dropped: dict[str, list[UUID]] = {}
        self.kept: Kept = {}
        self.values = values
        self.if_match = if_match

    async def check(self, row: Any) -> None:
        """Raise VersionConflict for a row that isn't as the caller knows it, and Forbidden for a
        value that only admins change."""
        resource = self.write.resource
        guarded = resource.admin_only if self.write.kind == "update" else ()
        if any(self.values.get(name, getattr(row, name)) != getattr(row, name) for name in guarded):
            judge(ADMIN, self.caller, Found(row))
        if not self.if_match.holds(row):
            caller = User(id=self.caller.user_id, is_admin=self.caller.is_admin)
            access = Access(resource.read, caller, self.operations)
            raise VersionConflict(await serialize(resource, row, access))

    def target(self, row: Any) -> tuple[Scope, UUID] | None:
        """Return the parent that a row moves to, if it isn't the one that it has."""
        scope = self.write.resource.parent
        return (scope, self.values[scope_id]) if scope and (scope_id := self._leaves(row)) else None

    def _leaves(self, row: Any) -> str:
        """Return the column of the parent, if another one is named than the row has."""
        name = self.write.resource.parent_id if self.write.kind == "update" else ""
        return name if name in self.values and self.values[name] != getattr(row, name) else ""

    def _fills(self, row: Any) -> UUID | None:
        """Return the parent that gets another row to show by this, if that may be one too many."""
        resource, kind = self.write.resource, self.write.kind
        if kind == "create":
            return self.row_id if getattr(row, "task_limit", None) else None
        archived = getattr(row, "archived_at", None) is not None
        if kind == "unarchive":
            return getattr(row, resource.parent_id) if archived and resource.parent else None
        return None if archived else self.values.get(self._leaves(row))

    def is_long(self, row: Any) -> bool:
        resource = self.write.resource
        if self.write.kind == "remove":
            return resource.has_trash
        spreading = self.values.keys() & resource.hooks.spreading
        return any(self.values[name] != row[name] for name in spreading)

    def needs_several_statements(self, row: Any) -> bool:
        return bool(self.place or self.linked or self._leaves(row) or self._fills(row))

    def statement(self, row: Any) -> tuple[str, tuple[Any, ...]]:
        values, texts = self.values, self.write.texts & self.values.keys()
        if texts and all(values[name] == getattr(row, name) for name in texts):
            # PostgreSQL computes the words of texts that are written, changed or not, which takes
            # half of an edit's time. Whether they are still the same, the version tells.
            values = {name: value for name, value in values.items() if name not in texts}
            return self._statement(row, values, knows_version=True)
        return self._statement(row, values)

    def _statement(
        self, row: Any, values: dict[str, Any], *, knows_version: bool = False
    ) -> tuple[str, tuple[Any, ...]]:
        caller, knows_version = self.caller, knows_version or self.if_match.names_version
        known = [caller.user_id, datetime.now(UTC), self.row_id, self.request_id]
        if knows_version:
            known.append(row.version)
        statement = self.write.statement(caller.is_admin, self.operations, knows_version, *values)
        return statement, (*known, *values.values())

    async def write_alone(self, access: Access) -> Row:
        """Write it in the unit of work of its request. Raises what `Access.change` and `run` do."""
        resource, parent_id = self.write.resource, self.write.resource.parent_id
        targets = [(self.scope, self.row_id)]
        if self.write.kind == "update" and resource.parent and parent_id in self.values:
            targets.append((resource.parent, self.values[parent_id]))
        async with access.change(*targets) as rows:
            self.caller = access.credentials
            await self.check(rows[0])
            connection = Tortoise.get_connection("default")._connection
            return await self.run(connection, rows[0], rows[-1].deciding_board)

    async def run(self, connection: Connection, row: Any, board: UUID | None) -> Row | None:
        """Write the record and what is linked to it, and return it as it is then, with what it lost
        on its way to another board.

        Raises NeighbourMoved, ColumnFull, and Unprocessable for what can't be linked.
        """
        written = await self.write_row(connection, row, cast(UUID, board))
        if written is None:
            return None
        if self.linked or self.kept:
            again = self.write.read_again.statement(self.caller.is_admin, self.operations, False)
            now = datetime.now(UTC)
            known = (self.caller.user_id, now, written["id"], self.request_id)
            written = await connection.fetchrow(again, *known, 0)
        if self.dropped:
            more = json.dumps(self.dropped, default=str, separators=(",", ":")).encode()
            written = {**written, "record": written["record"][:-1] + b"," + more[1:]}
        return written

    async def write_row(self, connection: Connection, row: Any, board: UUID) -> Row | None:
        """Look for the gap that the record goes to, write it, and then what is linked to it."""
        write, resource, values, linked = self.write, self.write.resource, self.values, self.linked
        is_new, leaves = write.kind == "create", self._leaves(row)
        self.dropped, self.kept = {}, {}  # not those of an attempt that was rolled back
        if filled := self._fills(row):
            await resource.hooks.check_room(filled, 1)
        is_leaving = leaves and board != row.deciding_board
        if is_leaving:  # what it had there can't be meant for another board
            linked = {name: ids for name, ids in linked.items() if {*ids} != {*getattr(row, name)}}
        version = None
        if linked:
            await resource.hooks.check_linked(linked, board)
            if not is_new:  # the found one may be older than another change of the same batch
                version = await connection.fetchval(self.write.version, self.row_id)
        if self.place or leaves:
            [(way, at)] = self.place.items() or [("end", None)]
            row_id = values["id"] if is_new else self.row_id
            parent = self.row_id if is_new else values.get(resource.parent_id)
            place = (row_id, parent, *([at] if self.place else []))
            origin = (self.caller.user_id, self.request_id)
            gap = await connection.fetchrow(write.gap(way), *place, *origin)
            if gap is None:
                raise NeighbourMoved(field=way)
            if gap["moves"]:
                parent = parent or getattr(row, resource.parent_id)
                rank = await rank_between(resource, parent, row_id, gap["low"], gap["high"])
                values = {**values, "rank": rank}
            if is_leaving:
                self.dropped, self.kept = await resource.hooks.leave_board(
                    [row_id], board, match_labels=self.match_labels
                )
        statement, known = self._statement(row, values)
        written = await connection.fetchrow(statement, *known, 0)
        if written is not None and self.kept:
            await resource.hooks.join_board(self.kept, board)
        if written is not None and linked:
            changed = await resource.hooks.write_linked([written["id"]], linked, board)
            if changed and written["version"] == version:
                await connection.execute(
                    self.write.count_change, written["id"], self.caller.user_id
                )
        return written


def write_of(resource: Resource, kind: Kind, schema: Any = None) -> Write | None:
    """Make the operation that writes in SQL, or None for a resource that does it in Python."""
    hook = {"create": "add", "update": "change", "discard": "remove"}.get(kind, kind)
    if resource.board is None or resource.hooks.overrides(hook):
        if resource.order == "rank":
            raise TypeError(f"{resource.path}: what has an order is written in SQL, not by {hook}")
        return None
    if kind == "create" and resource.parent is None:
        return None
    return Write(resource, kind, schema)
