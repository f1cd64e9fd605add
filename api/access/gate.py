"""Who may do what: rights as values, the rule that scopes a query, and the decision.

Nothing else decides. A route declares its right as a dependency, `Depends(MODERATOR)`, and gets an
`Access` through which it reaches rows: only those that its caller can see (others don't exist,
404), and, to change them, only with that right (403).
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from fastapi import Request
from tortoise import Model
from tortoise.expressions import F, Q, Subquery
from tortoise.queryset import QuerySet

from api.auth.api_tokens import find_token
from api.auth.sessions import bearer_of, find_session
from api.db.connection import keep, unit_of_work
from api.db.deadline import Line
from api.db.expressions import Condition, Sql
from api.problems import (
    BoardBusy,
    Forbidden,
    InvalidToken,
    MissingScope,
    NotFound,
    SessionRequired,
    Unauthorized,
)
from api.settings import settings
from models.enums import Role, TokenScope
from models.tables import ApiToken, Board, BoardUser, Session, User

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
RANKS = {Role.MEMBER: 1, Role.MODERATOR: 2, Role.CREATOR: 3}


@dataclass(frozen=True)
class Right:
    """What a caller must be. `rank` orders the rights on a board: 0 can see it, 3 created it.

    `by_token` says whether a script with an API token may have it, too.
    """

    name: str
    who: str
    rank: int | None = None
    by_token: bool = True

    async def __call__(self, request: Request) -> "Access":
        """As a dependency of a route: the caller's access with this right."""
        state = request.state
        return Access(self, state.user, request.app.state.operations, state.credentials)

    async def sign_in(self, request: Request) -> User | None:
        """Who is calling, if this right asks for that.

        Raises Unauthorized without a session; with an API token instead of one InvalidToken,
        SessionRequired, or MissingScope.
        """
        request.state.credentials = None
        if self is ANYONE:
            return None
        if (secret := bearer_of(request)) is not None:
            request.state.credentials = token = await find_token(secret)
            return self._admit(token, request.method)
        if session := await find_session(request):
            request.state.credentials = session
            return session.user
        raise Unauthorized()

    def _admit(self, token: ApiToken, method: str) -> User:
        """The user for whom the token acts, who is an admin only if it may act as one."""
        if not self.by_token:
            raise SessionRequired()
        user = token.user
        needed = [TokenScope.READ if method in SAFE_METHODS else TokenScope.WRITE]
        if self is ADMIN and user.is_admin:
            needed.append(TokenScope.ADMIN)
        for scope in needed:
            if scope not in token.scopes:
                raise MissingScope(scope)
        user.is_admin = user.is_admin and TokenScope.ADMIN in token.scopes
        if self is SELF and not user.is_admin:  # by what somebody signs in is theirs to change
            raise SessionRequired()
        return user

    @property
    def roles(self) -> list[Role]:
        """The roles that hold this right on a board."""
        return [role for role, rank in RANKS.items() if self.rank is not None and rank >= self.rank]


ANYONE = Right("ANYONE", "Anyone, without a session.")
SIGNED_IN = Right("SIGNED_IN", "Anyone who is signed in.")
IN_SESSION = Right(
    "IN_SESSION", "Anyone who is signed in, but no script with an API token.", by_token=False
)
SELF = Right("SELF", "The user themself, and admins.")
ADMIN = Right("ADMIN", "Admins.")
ADMIN_IN_SESSION = Right(
    "ADMIN_IN_SESSION", "Admins, but no script with an API token.", by_token=False
)
VIEWER = Right("VIEWER", "Who can see the board: everyone if it is public, else its members.", 0)
MEMBER = Right("MEMBER", "The board's members, of any role.", 1)
MODERATOR = Right("MODERATOR", "The board's MODERATORs and its CREATOR.", 2)
CREATOR = Right("CREATOR", "The board's CREATOR.", 3)
AUTHOR = Right("AUTHOR", "Who wrote it, while they are a member of the board.", 1)
AUTHOR_OR_MODERATOR = Right(
    "AUTHOR_OR_MODERATOR",
    "Who wrote it, while they are a member of the board; its MODERATORs and its CREATOR.",
    1,
)
MEMBER_REMOVAL = Right(
    "MEMBER_REMOVAL",
    "The member themself, to leave; MODERATORs, to remove a MEMBER; the CREATOR, to remove anyone.",
    0,
)


def boards_open_to(user: User, right: Right) -> Q:
    """The rule for the boards, in the trash or not, where the user has the right."""
    if user.is_admin:
        return Q()
    held = BoardUser.filter(user_id=user.id, role__in=right.roles).values("board_id")
    # As an array, PostgreSQL takes them for few, and begins with them if hardly any is public.
    rule: Q = Condition(Sql('"boards"."id" = ANY (ARRAY({}))', Subquery(held)))
    return Q(is_public=True) | rule if right.rank == 0 else rule


def users_shown_to(user: User) -> Q:
    """The rule for the users whom the user can see: everyone, unless the setting USER_DIRECTORY
    is `shared`; then themself, and those they share a board with that isn't in the trash."""
    if user.is_admin or settings().user_directory == "everyone":
        return Q()
    mine = BoardUser.filter(user_id=user.id, board__deleted_at__isnull=True).values("board_id")
    # Arrays for the same reason as above.
    on_mine = Condition(Sql('"board_users"."board_id" = ANY (ARRAY({}))', Subquery(mine)))
    shared = Subquery(BoardUser.filter(on_mine).values("user_id"))
    rule: Q = Condition(Sql('"users"."id" = ANY (ARRAY({}))', shared))
    return Q(id=user.id) | rule


@dataclass(frozen=True)
class Scope:
    """A table, and how its rows are seen: by whom, and on which board.

    `board` is the way from a row to the board that decides ("column.board"), "self" for boards
    themselves, None for rows that belong to no board.
    """

    model: type[Model]
    _: KW_ONLY
    board: str | None
    read: Right

    def __post_init__(self) -> None:
        # Nothing but a board tells who may read a row.
        fits = self.read is SIGNED_IN if self.board is None else self.read.rank is not None
        if not fits:
            name = self.model.__name__
            raise TypeError(f"{name}: the right to read and the way to a board differ")

    @cached_property
    def board_id(self) -> str:
        """The name under which queries know the id of a row's board, or its own if it has none."""
        return "id" if self.board in (None, "self") else f"{self.board}_id".replace(".", "__")

    @cached_property
    def parent(self) -> "Scope | None":
        """The table of the rows that these belong to, if they belong to any."""
        if self.board in (None, "self"):
            return None
        field, _, rest = str(self.board).partition(".")
        model: Any = self.model._meta.fields_map[field]
        return Scope(model.related_model, board=rest or "self", read=self.read)

    @cached_property
    def parent_id(self) -> str:
        """The column that holds the parent's id."""
        return f"{str(self.board).partition('.')[0]}_id"

    @cached_property
    def has_trash(self) -> bool:
        """Whether its rows go to the trash before they go for good."""
        return "deleted_at" in self.model._meta.fields_map

    @cached_property
    def is_kept(self) -> Q:
        """The rule for the rows that aren't in the trash, nor under a row that is.

        It leaves out the board, which is looked at in any case.
        """
        rule, scope, way = Q(), self, ""
        while scope.parent:
            if scope.has_trash:
                rule &= Q(**{f"{way}deleted_at__isnull": True})  # type: ignore[arg-type]
            way += f"{scope.parent_id.removesuffix('_id')}__"
            scope = scope.parent
        return rule

    def visible_to(self, user: User) -> QuerySet[Any]:
        """The rows that the user can see: the one rule behind lists and single reads."""
        return self.model.filter(self.rule_for(user))

    def rule_for(self, user: User) -> Q:
        """The rule for the rows that the user can see."""
        if self.board is None:
            return users_shown_to(user) if self.model is User else Q()
        return self._on(boards_open_to(user, self.read) & Q(deleted_at__isnull=True)) & self.is_kept

    def held_by(
        self,
        right: Right,
        credentials: str,
        *,
        is_admin: bool,
        keep: bool = False,
        target: str | None = None,
    ) -> str:
        """What `Access.change` does for one row, in SQL, for a right that a role is enough for.

        It finds the row whose id is `$4`, and its parent's, if the query `credentials` finds that
        those of the caller `$1` are good, and the caller has the right on its board or is an admin.
        The board, the membership and what is between the board and the row are locked then, with
        `keep` the row, too, and the parent whose id is `target`, which must be on the same board.
        Nobody is waited for: where another has locked any of them, it finds nothing.
        """
        scopes: list[Scope] = [self]
        while scopes[-1].parent:
            scopes.append(scopes[-1].parent)
        row, *_ = tables = [f'"{scope.model._meta.db_table}"' for scope in scopes]
        joins = [
            f"JOIN {upper} ON {upper}.id = {lower}.{scope.parent_id}"
            for scope, lower, upper in zip(scopes, tables, tables[1:], strict=False)
        ]
        kept = [
            f"{table}.deleted_at IS NULL"
            for scope, table in zip(scopes, tables, strict=True)
            if scope.has_trash
        ]
        parent = f"{row}.{self.parent_id}" if self.parent else "NULL"
        shared = tables[0 if keep else 1 : -1]
        if target and len(scopes) == 3:
            joins.append(
                f"JOIN {tables[1]} AS target ON target.id = {target} "
                f"AND target.{scopes[1].parent_id} = {tables[-1]}.id"
            )
            kept += ["target.deleted_at IS NULL"] if scopes[1].has_trash else []
            shared.append("target")
        elif target:
            kept.append(f"{parent} = {target}")
        if not is_admin:
            roles = ", ".join(f"'{role}'" for role in right.roles)
            joins.append(
                f"JOIN board_users AS membership ON membership.board_id = {tables[-1]}.id "
                f"AND membership.user_id = $1 AND membership.role IN ({roles})"
            )
            shared.append("membership")
        sharing = f"FOR SHARE OF {', '.join(shared)} SKIP LOCKED" if shared else ""
        return f"""
            SELECT {row}.id, {parent} AS parent FROM {row} {" ".join(joins)}
            WHERE {row}.id = $4 AND {" AND ".join(kept)} AND EXISTS ({credentials})
            FOR NO KEY UPDATE OF {tables[-1]} SKIP LOCKED {sharing}
        """  # noqa: S608  # our names

    async def board_of(self, row_id: UUID, user: User, right: Right) -> UUID | None:
        """The board of a row, if the user has the right there."""
        rows = self.model.filter(self._on(boards_open_to(user, right)), id=row_id)
        board: Any = await rows.first().values_list(self.board_id, flat=True)
        return board

    def _on(self, boards: Q) -> Q:
        """The rule for the rows on those boards."""
        if self.board == "self":
            return boards
        found: Any = Subquery(Board.filter(boards).values("id"))
        return Q(**{f"{self.board_id}__in": found})


@dataclass(frozen=True)
class Trash(Scope):
    """The rows of a table that are in the trash, for those who may delete them: `read`.

    Each has its own `deleted_at`: what only lies under another isn't among them.
    """

    def rule_for(self, user: User) -> Q:
        """The rule for the rows in the trash that the user may restore, while there is time.

        While their board is there, too, they are for its CREATOR, as it is.
        """
        boards = boards_open_to(user, self.read)
        if self.board != "self":
            boards &= Q(deleted_at__isnull=True) | boards_open_to(user, CREATOR)
        oldest = datetime.now(UTC) - settings().trash_life
        return self._on(boards) & Q(deleted_at__gt=oldest)


@dataclass(frozen=True)
class WithTrash(Scope):
    """The rows of a table, with those in its trash."""

    _: KW_ONLY
    trash: Trash

    def rule_for(self, user: User) -> Q:
        """The rule for the rows that the user can see or restore."""
        return super().rule_for(user) | self.trash.rule_for(user)


# A row of a table, by its id.
Target = tuple[Scope, UUID]


def allows(right: Right, user: User, role: Role | None, row: Any) -> bool:
    """Whether the user, who can see `row` and holds `role` on its board, has the right to it."""
    if user.is_admin or right in (SIGNED_IN, IN_SESSION) or right.rank == 0:
        return True
    if right is SELF:
        return bool(row.id == user.id)
    if right is AUTHOR_OR_MODERATOR and role in MODERATOR.roles:
        return True
    if right in (AUTHOR, AUTHOR_OR_MODERATOR) and row.user_id != user.id:
        return False
    return role in right.roles


MAX_LINE = 500  # of those who wait to write to one board

_lines: WeakValueDictionary[UUID, Line] = WeakValueDictionary()


@asynccontextmanager
async def in_turn(ids: set[UUID]) -> AsyncIterator[None]:
    """Let one writer of this process at a time work on what has these ids.

    PostgreSQL's locks decide; this keeps those who wait for a busy board from waiting with a
    connection each, of which everybody else then has none.
    Raises BoardBusy when too many wait already.
    """
    lines = [_lines.setdefault(key, Line()) for key in sorted(ids)]
    if any(len(line) >= MAX_LINE for line in lines):
        raise BoardBusy()
    async with AsyncExitStack() as held:
        for line in lines:
            await held.enter_async_context(line.turn())
        yield


class Access:
    """What the caller of one request may reach, with the right that its route declares."""

    def __init__(
        self,
        right: Right,
        user: User | None,
        operations: dict[str, Right],
        credentials: Session | ApiToken | None = None,
    ) -> None:
        self.right = right
        self._user = user
        self._operations = operations
        self._credentials = credentials

    @property
    def user(self) -> User:
        """The caller. Raises Unauthorized on a route that asks for no session."""
        if self._user is None:
            raise Unauthorized()
        return self._user

    def require(self, right: Right, role: Role | None = None, row: Any = None) -> None:
        """Raises Forbidden unless the caller has the right."""
        if not allows(right, self.user, role, row):
            raise Forbidden()

    def is_self(self, user: Any) -> bool:
        """Whether the caller may see and do what is for that user alone."""
        return allows(SELF, self.user, None, user)

    def visible(self, scope: Scope) -> QuerySet[Any]:
        """The rows of a table that the caller can see."""
        return scope.visible_to(self.user)

    async def read(self, scope: Scope, row_id: UUID) -> Any:
        """One row that the caller can see. Raises NotFound, and Forbidden if that isn't enough."""
        rows = self.visible(scope)
        if self.right.rank:
            rows = rows.annotate(deciding=F(scope.board_id))
        row = await rows.get_or_none(id=row_id)
        if row is None:
            raise NotFound()
        if self.right.rank:
            self.require(self.right, await self.role_on(row.deciding), row)
        return row

    @asynccontextmanager
    async def change(self, *targets: Target) -> AsyncIterator[list[Any]]:
        """A unit of work on rows that the caller may change, each with its board locked.

        The boards are locked in the order of their ids, and rows and roles are read after that:
        what is decided stays true until the commit. Raises Unauthorized or InvalidToken for a
        caller who was signed out while we waited, NotFound for the first row that they can't see,
        Forbidden for the first that the route's right doesn't reach.
        """
        while True:
            boards = await self._boards_of(targets)
            await self._refuse_at_once({board for board in boards.values() if board})
            turns = {board or row_id for (_, row_id), board in boards.items()}
            async with in_turn(turns), unit_of_work():
                rows = await self._lock(boards)
                await self.check_credentials()
                if rows is None:
                    continue  # a row went, or to another board, while we waited: begin again
                roles = await self.roles_on({board for board in boards.values() if board})
                for target, board in boards.items():
                    self.require(self.right, roles.get(board), rows[target])
                yield [rows[target] for target in targets]
                return

    async def _refuse_at_once(self, boards: set[UUID]) -> None:
        """Raises Forbidden for who has no such right on one of the boards, and needn't wait for it.

        Nobody has to wait for them then, either.
        """
        if self.right.rank and not self.user.is_admin:
            roles = await self.roles_on(boards)
            if not all(roles.get(board) in self.right.roles for board in boards):
                raise Forbidden()

    async def confirm(self) -> None:
        """Decide anew, inside a unit of work, for a right that no board decides.

        Raises Unauthorized or InvalidToken for a caller who was signed out while we waited,
        Forbidden for one who was demoted. The account stays as it is until the commit.
        """
        await keep(self.user, "SHARE")
        await self.check_credentials()
        self.require(self.right)

    async def check_credentials(self) -> None:
        """Read the session or API token again, with its user, inside a unit of work.

        They may have changed while we waited for a lock. Whoever is deleted or disabled, or gets a
        new password, loses both. A demotion counts, but nobody becomes an admin: an admin's token
        may be one that doesn't act as an admin. Raises Unauthorized or InvalidToken.
        """
        was_admin, held = self.user.is_admin, self._credentials
        found = held and await type(held).get_or_none(id=held.id).select_related("user")
        if not found:
            raise InvalidToken() if isinstance(held, ApiToken) else Unauthorized()
        self._user = found.user
        self._user.is_admin = self._user.is_admin and was_admin

    async def require_removal(self, board_id: UUID, member: UUID, role: Role | None) -> None:
        """Raises Forbidden unless the caller may remove a member of that role from the board."""
        if member != self.user.id:  # anyone may leave
            right = MODERATOR if role in (None, Role.MEMBER) else CREATOR
            self.require(right, await self.role_on(board_id))

    async def role_on(self, board_id: UUID) -> Role | None:
        """The caller's role on a board."""
        return (await self.roles_on({board_id})).get(board_id)

    async def roles_on(self, boards: set[UUID]) -> dict[UUID | None, Role]:
        """The caller's roles on the boards that they are a member of."""
        held = BoardUser.filter(board_id__in=boards, user_id=self.user.id)
        return dict(await held.values_list("board_id", "role")) if boards else {}

    def operations_of(self, role: Role | None) -> list[str]:
        """The operations that change something on a board where the caller has that role.

        Those that depend on whose the record is are among them.
        """
        return [
            operation
            for operation, right in self._operations.items()
            if self.user.is_admin or role in right.roles
        ]

    async def _boards_of(self, targets: Sequence[Target]) -> dict[Target, UUID | None]:
        """The board of each row, None for a row of no board. Raises NotFound."""
        found: dict[Target, UUID | None] = {}
        for scope, ids in _by_scope(targets).items():
            rows = self.visible(scope).filter(id__in=ids)
            for row_id, board in await rows.values_list("id", scope.board_id):
                found[scope, row_id] = board if scope.board else None
        if not found.keys() >= set(targets):
            raise NotFound()
        return {target: found[target] for target in targets}

    async def _lock(self, boards: dict[Target, UUID | None]) -> dict[Target, Any] | None:
        """Lock the boards (a row of no board: itself), then read the rows; None if one has gone."""
        if ids := {board for board in boards.values() if board}:
            await Board.filter(id__in=ids).order_by("id").select_for_update(no_key=True).only("id")
        rows: dict[Target, Any] = {}
        for scope, wanted in _by_scope(boards).items():
            query = self.visible(scope).filter(id__in=wanted).order_by("id")
            if scope.board:
                query = query.annotate(deciding=F(scope.board_id))
            else:
                query = query.select_for_update(no_key=True)
            for row in await query:
                if not scope.board or row.deciding == boards[scope, row.id]:
                    rows[scope, row.id] = row
        return rows if rows.keys() == boards.keys() else None


def _by_scope(targets: Iterable[Target]) -> dict[Scope, list[UUID]]:
    found: dict[Scope, list[UUID]] = {}
    for scope, row_id in targets:
        found.setdefault(scope, []).append(row_id)
    return found
