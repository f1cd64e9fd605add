"""Writing the short way: values of a record's own columns, and new records without an order.

Each statement locks the board and what decides, looks whether the caller may, and writes. It waits
for nobody: where something is locked by another it writes nothing, and is sent again when its turn
comes on that board, among all writers of this process.
"""

import asyncio
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from api.access.board_lock import in_turn
from api.access.gate import Access
from api.access.rights import CREATOR, MEMBER, MODERATOR, Operations
from api.auth.credentials import are_good
from api.db.deadline import deadline, time_left
from api.db.executor import Pipeline, Row
from api.resources.operations import Answer, Asked
from api.resources.representation import fields_of
from api.resources.resource import Resource
from api.resources.siblings import Gap, gap_query, is_still, position_of
from models.enums import TokenScope
from models.schemas import PLACES, values_of
from models.tables import User

BY_ROLE = (MEMBER, MODERATOR, CREATOR)  # rights that a role on the board is enough for
# What is written here besides what is sent; a new record isn't in the trash.
WRITTEN = ("id", "created_at", "updated_at", "version", "deleted_at")
VERSION = re.compile(rb'"([1-9][0-9]{0,8})"')
# After these nothing of what went together is written, and each is answered by its endpoint.
REFUSED = (
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.DataError,
    asyncpg.TransactionRollbackError,
)


# One connection, so that what this process writes at the same time doesn't lock itself out.
PIPELINE = Pipeline(connections=1, most=8)


class StillLocked(TimeoutError):
    """The endpoint must answer: nothing was written in one's turn, so that no line has moved."""


class Write:
    """A kind of request: to change a record, or to add one to its parent."""

    def __init__(self, resource: Resource, schema: Any) -> None:
        self.resource = resource
        self.schema = schema
        self.is_new = schema is resource.schemas.create
        self.statement = lru_cache(maxsize=100)(self._add if self.is_new else self._change)

    async def answer(self, asked: Asked) -> Answer | None:
        if asked.query:
            return None
        try:
            values = values_of(self.schema.model_validate(asked.body))
        except ValidationError:
            return None
        move = self._move_in(values)
        if not move and not self.resource.records.is_own(values):
            return None
        row_id = asked.row_id or values.pop(self.resource.parent_id)
        if self.is_new:
            values["id"] = uuid7()
        elif b"if-match" in asked.headers:
            version = VERSION.fullmatch(asked.headers[b"if-match"])
            if version is None:
                return None
            values["version"] = int(version[1])
        try:
            rows = await self._write(asked, row_id, values, move, asked.ends)
            if not rows and (board := await self._board_of(row_id, asked)):
                # Perhaps it was locked. A long way for each would keep it so.
                async with deadline(asked.ends), in_turn({board}):
                    # The endpoint, too, has the time that waiting in line has given.
                    ends = asyncio.get_running_loop().time() + (time_left() or 0)
                    asked.scope["ends"] = ends
                    rows = await self._write(asked, row_id, values, move, ends)
                    if not rows:
                        raise StillLocked
        except (*REFUSED, StillLocked):
            return None
        if not rows:
            return None
        [[_, record, made, version]] = rows
        headers = [(b"etag", b'"%d"' % version)]
        if self.is_new:
            headers.append((b"location", f"{asked.path}/{made}".encode()))
        return Answer(headers, record, 201 if self.is_new else 200)

    def _move_in(self, values: dict[str, Any]) -> dict[str, Any] | None:
        """Take out of the values to which place among others the row is to move, if it is."""
        resource = self.resource
        if self.is_new or resource.order != "rank":
            return None
        place = {name: values.pop(name) for name in PLACES if name in values}
        # A PUT names the parent in any case, mostly the one that there is.
        named = resource.parent_id in values and self.schema is not resource.schemas.update
        if not place and not named:
            return None
        return {"parent": values.pop(resource.parent_id, None), **place}

    async def _write(
        self,
        asked: Asked,
        row_id: Any,
        values: dict[str, Any],
        move: dict[str, Any] | None,
        ends: float,
    ) -> list[Row]:
        caller = asked.caller
        if move:
            way, at = next(((k, v) for k, v in move.items() if k in PLACES), ("end", None))
            query = gap_query(self.resource, way)
            known = [] if way == "end" else [at]
            found = await PIPELINE.rows_of(
                query, caller.user_id, row_id, move["parent"], *known, ends=ends
            )
            if not found:
                raise StillLocked
            [[_, moves, *between]] = found
            gap = Gap(*between)
            if gap.rank is None:
                raise StillLocked
            if moves:
                values = {**values, **gap._asdict(), "rank": gap.rank}
        statement = self.statement(caller.kind, caller.is_admin, *values)
        known = [caller.user_id, caller.row_id, datetime.now(UTC), row_id]
        return await PIPELINE.rows_of(statement, *known, *values.values(), ends=ends)

    async def _board_of(self, row_id: Any, asked: Asked) -> UUID | None:
        scope = self.resource.parent if self.is_new else self.resource
        right = self.resource.create if self.is_new else self.resource.update
        if scope is None:
            return None
        async with deadline(asked.ends):
            caller = User(id=asked.caller.user_id, is_admin=asked.caller.is_admin)
            return await scope.board_of(row_id, caller, right)

    def _change(self, kind: str, is_admin: bool, *names: str) -> str:
        """The statement that writes the columns of those names, if it is still of that `version`.

        Its parameters: the caller, the session or token, the time, the row, the values, and its
        turn. A value of the parent's id is no other than it has; `parent`, `low` and `high` are the
        gap that it moves to.
        """
        resource = self.resource
        numbered = {name: f"${number}" for number, name in enumerate(names, 5)}
        conditions, assignments = ["rows.id = held.id"], ["version = rows.version + 1"]
        if resource.has_trash:
            conditions.append("rows.deleted_at IS NULL")
        conditions.append(f"rows.{resource.parent_id} = held.parent")
        target = None
        if "rank" in numbered:
            parent = target = f"{numbered.pop('parent')}::uuid"
            low, high = (f"{numbered.pop(name)}::text" for name in ("low", "high"))
            conditions.append(is_still(low, high, resource, "rows", parent))
            assignments.append(f"{resource.parent_id} = {parent}")
        for name, value in numbered.items():
            if name in (resource.parent_id, "version"):
                conditions.append(f"rows.{name} = {value}")
            else:
                assignments.append(f'"{name}" = {value}')
        return self._answering(
            resource.held_by(
                resource.update,
                are_good(kind, TokenScope.WRITE, is_admin or None),
                is_admin=is_admin,
                target=target,
            ),
            f"""
            UPDATE "{resource.model._meta.db_table}" AS rows
            SET updated_at = greatest($3, rows.updated_at), {", ".join(assignments)} FROM held
            WHERE {" AND ".join(conditions)} RETURNING rows.*
            """,  # noqa: S608  # the registry's names
            5 + len(names),
        )

    def _add(self, kind: str, is_admin: bool, *names: str) -> str:
        """The statement that adds a record with the columns of those names.

        Its parameters: the caller, the session or token, the time, the parent, the values with the
        new id, and its turn.
        """
        resource = self.resource
        if resource.parent is None:
            raise TypeError(f"{resource.path} have no parent")
        made = resource.records.made(resource)
        columns = ", ".join(f'"{name}"' for name in (*names, *made))
        values = ", ".join([*(f"${number}" for number in range(5, 5 + len(names))), *made.values()])
        return self._answering(
            resource.parent.held_by(
                resource.create,
                are_good(kind, TokenScope.WRITE, is_admin or None),
                is_admin=is_admin,
                keep=True,
            ),
            f"""
            INSERT INTO "{resource.model._meta.db_table}"
                ({columns}, {resource.parent_id}, created_at, updated_at, version)
            SELECT {values}, held.id, $3, $3, 1 FROM held RETURNING *
            """,  # noqa: S608  # the registry's names
            5 + len(names),
        )

    def _answering(self, held: str, written: str, turn: int) -> str:
        place = {}
        if self.resource.order == "rank":
            place["position"] = position_of(self.resource, "rows", is_written=True)
        fields = fields_of(self.resource, Access(self.resource.read, User(), Operations()), **place)
        return f"""
            WITH held AS ({held}), written AS ({written})
            SELECT ${turn}::int, convert_to(row_to_json(shown)::text, 'UTF8'), id, version
            FROM (SELECT {fields} FROM written AS rows) AS shown
        """  # noqa: S608


def is_written_alike(resource: Resource) -> bool:
    """Whether the statements here write all columns that the ORM would."""
    sent = {*resource.schemas.create.model_fields, *resource.schemas.update.model_fields}
    return resource.model._meta.db_fields <= {*sent, *resource.records.made(resource), *WRITTEN}


def write_of(resource: Resource, schema: Any) -> Write | None:
    """Make the fast path of an operation that writes, if it does all that the endpoint does."""
    is_new = schema is resource.schemas.create
    right = resource.create if is_new else resource.update
    if (
        resource.parent is None
        or right not in BY_ROLE
        or resource.admin_only
        or resource.records.runs_python("prepare", "confirm", "add" if is_new else "change")
        or not is_written_alike(resource)
    ):
        return None
    return Write(resource, schema)
