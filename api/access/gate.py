"""Let a caller reach the rows that they can see, and change them only with the route's right.

For routes; generated writes are decided in `api.access.writer`. Both call `judge`. What a caller
can't see doesn't exist for them (404); what they can see but not change is forbidden (403).
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from copy import copy
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from tortoise import Tortoise
from tortoise.queryset import QuerySet

from api.access.board_lock import board_turn
from api.access.rights import (
    ANYONE,
    CREATOR,
    IN_SESSION,
    MODERATOR,
    READER,
    SELF,
    SIGNED_IN,
    BoardRights,
    Found,
    Right,
    allows,
    judge,
)
from api.access.scope import Scope
from api.auth.credentials import Credentials
from api.auth.sessions import with_user
from api.db.connection import lock_row, unit_of_work
from api.problems import (
    ApiError,
    Forbidden,
    InvalidToken,
    NotFound,
    Unauthorized,
)
from models.enums import Role
from models.tables import ApiToken, Board, BoardUser, Session, User

# A row of a table, by its id.
Target = tuple[Scope, UUID]
BOARDS = Scope(Board, board="self", read=READER)

# Whoever changes something on several boards locks them in this order, so that nobody deadlocks.
LOCK_BOARDS = "SELECT FROM boards WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE"


def found_in(record: Any, row: Any) -> Found:
    """Return what `Scope.found_by_id` says of a row."""
    role = record["caller_role"]
    is_commenter = bool(record["caller_comments"])
    return Found(row, record["deciding_board"], role and Role(role), is_commenter)


def signed_out(kind: str) -> ApiError:
    """Return what is raised for a session or an API token that ended while its caller waited."""
    return InvalidToken() if kind == "token" else Unauthorized()


class RowMoved(Exception):
    """A row went, or to another board, while a change waited for its turn: it begins again."""


class Access:
    """Reaches rows for the caller of one request, with the right that its route declares."""

    def __init__(
        self,
        right: Right,
        user: User | None,
        operations: BoardRights,
        credentials: Session | ApiToken | None = None,
    ) -> None:
        self.right = right
        self._user = user
        self.operations = operations
        self._credentials = credentials
        self.has_decided = right in (ANYONE, SIGNED_IN, IN_SESSION)  # which the route has done
        self.changed_boards: set[UUID] = set()  # of which the answer may show something

    def with_right(self, right: Right) -> "Access":
        """Return the same for another right: that of an operation which is a part of this one."""
        other = copy(self)
        other.right = right
        return other

    @property
    def user(self) -> User:
        """The caller. Raises Unauthorized on a route that asks for no session."""
        if self._user is None:
            raise Unauthorized()
        return self._user

    @property
    def credentials(self) -> Credentials:
        """By what the caller is known to statements, which decide. Raises Unauthorized."""
        self.has_decided = True
        held = self._credentials
        if held is None:
            raise Unauthorized()
        kind: Literal["session", "token"] = "token" if isinstance(held, ApiToken) else "session"
        return Credentials(kind, held.id, self.user.id, self.user.is_admin)

    def require(self, right: Right, role: Role | None = None) -> None:
        """Raise Forbidden unless the caller has the right."""
        self.has_decided = True
        if not allows(right, self.user, Found(None, role=role)):
            raise Forbidden()

    def is_self(self, user: Any) -> bool:
        """Tell whether the caller may see and do what is for that user alone."""
        return allows(SELF, self.user, Found(user))

    def visible(self, scope: Scope) -> QuerySet[Any]:
        """Return the rows of a table that the caller can see."""
        return scope.visible_to(self.user)

    async def sees_boards(self, ids: Collection[UUID]) -> bool:
        """Tell whether the caller can see all of these boards."""
        return await self.visible(BOARDS).filter(id__in=ids).count() == len(ids)

    async def read(self, scope: Scope, row_id: UUID) -> Any:
        """Return a row that the caller can see. Raises NotFound, or Forbidden without the right."""
        target = (scope, row_id)
        found = (await self._find([target])).get(target)
        return judge(self.right if self.right.rank else SIGNED_IN, self.user, found).row

    @asynccontextmanager
    async def change(self, *targets: Target) -> AsyncIterator[list[Any]]:
        """Yield a unit of work on rows that the caller may change, each with its board locked.

        The boards are locked in the order of their ids, and rows and roles are read after that:
        what is decided stays true until the commit. Raises Unauthorized or InvalidToken for a
        caller who was signed out while we waited, NotFound for the first row that they can't see,
        Forbidden for the first that the route's right doesn't reach.
        """
        while True:
            seen = await self._find(targets)
            if not seen.keys() >= set(targets):
                raise NotFound()
            self._refuse_at_once(seen.values())
            boards = {found.board for found in seen.values() if found.board}
            turns = {found.board or row_id for (_, row_id), found in seen.items()}
            with suppress(RowMoved):
                async with board_turn(turns), unit_of_work():
                    await self._lock(seen, boards)
                    # Only now, in statements that see what was committed while we waited.
                    held = await self._find(targets)
                    if any(t not in held or held[t].board != seen[t].board for t in targets):
                        raise RowMoved
                    self.changed_boards |= boards
                    yield [judge(self.right, self.user, held[target]).row for target in targets]
                    return

    async def _lock(self, seen: Mapping[Target, Found], boards: Collection[UUID]) -> None:
        """Lock the boards, and the rows that are on none."""
        connection = Tortoise.get_connection("default")
        if boards:
            await connection.execute_query(LOCK_BOARDS, [[*boards]])
        for (scope, row_id), found in seen.items():
            if found.board is None:
                await connection.execute_query(scope.row_lock_statement, [row_id])

    def _refuse_at_once(self, seen: Iterable[Found]) -> None:
        """Raise Forbidden before waiting for the lock if a role is too low in any case."""
        asks = self.right.rank and not self.user.is_admin
        if asks and not all(map(self.right.is_held, seen)):
            raise Forbidden()

    async def confirm(self) -> None:
        """Decide anew, inside a unit of work, for a right that no board decides.

        Raises Unauthorized or InvalidToken for a caller who was signed out while we waited,
        Forbidden for one who was demoted. The account stays as it is until the commit.
        """
        await lock_row(self.user, "SHARE")
        await self.check_credentials()
        self.require(self.right)

    async def check_credentials(self) -> None:
        """Read the session or API token again, with its user, inside a unit of work.

        They may have changed while we waited for a lock. Whoever is deleted or disabled, or gets a
        new password, loses both. A demotion counts, but nobody becomes an admin: an admin's token
        may be one that doesn't act as an admin. Raises Unauthorized or InvalidToken.
        """
        was_admin, held = self.user.is_admin, self._credentials
        found = held and await with_user(type(held), "row.id = $1", [held.id])
        if not found:
            raise signed_out("token" if isinstance(held, ApiToken) else "session")
        self._user = found.user
        self._user.is_admin = self._user.is_admin and was_admin

    async def require_removal(self, board_id: UUID, member: UUID, role: Role | None) -> None:
        """Raise Forbidden unless the caller may remove a member of that role from the board."""
        if member != self.user.id:  # anyone may leave
            right = CREATOR if role in MODERATOR.roles else MODERATOR
            self.require(right, await self.role_on(board_id))

    async def role_on(self, board_id: UUID) -> Role | None:
        """Return the caller's role on a board."""
        held = await BoardUser.get_or_none(board_id=board_id, user_id=self.user.id)
        return held.role if held else None

    def operations_of(self, role: Role | None, *, is_commenter: bool = False) -> list[str]:
        """Return the operations that change something on a board where the caller has that role.

        Those that depend on whose the record is are among them.
        """
        held = Found(None, role=role, is_commenter=is_commenter)
        return [
            operation
            for operation, right in self.operations.items()
            if self.user.is_admin or right is READER or right.is_held(held)
        ]

    async def _find(self, targets: Sequence[Target]) -> dict[Target, Found]:
        """Return those of the rows that the caller can see.

        Raises Unauthorized or InvalidToken for a caller who was signed out. A demotion counts.
        """
        connection = Tortoise.get_connection("default")
        found: dict[Target, Found] = {}
        for scope, ids in _by_scope(targets).items():
            caller = self.credentials
            # The route has looked for the scope of a token, which doesn't change.
            statement = scope.found_by_id(caller.kind, None, is_admin=caller.is_admin)
            known = (caller.user_id, caller.row_id, datetime.now(UTC))
            async with connection.acquire_connection() as its:
                records = await its.fetchmany(statement, [(*known, each, 0) for each in ids])
            if len(records) < len(ids):
                raise signed_out(caller.kind)
            if caller.is_admin and not all(record["acts_as_admin"] for record in records):
                self.user.is_admin = False
                return await self._find(targets)
            for record in records:
                if record["id"]:
                    row: Any = scope.model._init_from_db(**record)
                    row.deciding_board = record["deciding_board"]
                    found[scope, row.id] = found_in(record, row)
        return found


def _by_scope(targets: Iterable[Target]) -> dict[Scope, list[UUID]]:
    found: dict[Scope, list[UUID]] = {}
    for scope, row_id in targets:
        found.setdefault(scope, []).append(row_id)
    return found
