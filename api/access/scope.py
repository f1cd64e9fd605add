"""The rows of a table that a caller can see, as queries: the rule behind lists and single reads."""

from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from tortoise import Model
from tortoise.expressions import F, Q, Subquery
from tortoise.queryset import QuerySet

from api.access.rights import CREATOR, SIGNED_IN, Right
from api.auth.credentials import are_good
from api.db.expressions import Condition, Sql, sql_of
from api.settings import settings
from models.enums import TokenScope
from models.tables import Board, BoardUser, Record, User

# What has a place among its siblings.
SHOWN = "{0}.deleted_at IS NULL AND {0}.archived_at IS NULL"


def boards_open_to(user: User, right: Right) -> Q:
    """Return the rule for the boards, in the trash or not, where the user has the right."""
    if user.is_admin:
        return Q()
    held = BoardUser.filter(user_id=user.id, role__in=right.roles).values("board_id")
    # For an array the planner assumes few boards, and starts with them if few are public.
    rule: Q = Condition(Sql('"boards"."id" = ANY (ARRAY({}))', Subquery(held)))
    return Q(is_public=True) | rule if right.rank == 0 else rule


def users_shown_to(user: User) -> Q:
    """Return the rule for the users whom the user can see.

    That is everyone, unless USER_DIRECTORY is `shared`: then the user, and those with whom they
    share a board that isn't in the trash.
    """
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
        """Tell whether its rows go to the trash before they go for good."""
        return "deleted_at" in self.model._meta.fields_map

    @cached_property
    def not_in_trash(self) -> Q:
        """The rule for the rows that aren't in the trash, nor under a row that is.

        It leaves out the board, which is looked at in any case.
        """
        return Q(*(Q(**{f"{way}deleted_at__isnull": True}) for way in self._ways))  # type: ignore[arg-type]

    @cached_property
    def has_archive(self) -> bool:
        """Tell whether lists leave out its rows once they, or what is above them, are archived."""
        return issubclass(self.model, Record)

    def archived(self, yes: bool, under: UUID | None = None) -> Q:
        """Return the rule for the rows that are archived, or lie under one that is; or, with False,
        the rule for all others.

        With `under`, it is for the rows of that parent, which is looked at once for all of them.
        """
        own = [Q(archived_at__isnull=not yes)] if self.has_trash else []
        if self.parent is None:
            return Q(*own)
        if not yes and not under:
            on_board = ~self._on(Q(archived_at__isnull=False))  # which are few, and found once
            return Q(*(Q(**{f"{way}archived_at__isnull": True}) for way in self._ways), on_board)  # type: ignore[arg-type]
        parents = self.parent.model.filter(self.parent.archived(yes))
        ids = Subquery((parents.filter(id=under) if under else parents).values("id"))
        if not yes:
            return Q(*own, Condition(Sql("EXISTS ({})", ids)))
        # For an array PostgreSQL begins with what is archived, and not with all that can be seen.
        above = Condition(Sql(f'{self.table}."{self.parent_id}" = ANY (ARRAY({{}}))', ids))
        return Q(*own, above, join_type=Q.OR)

    def is_shown(self, row: str) -> str:
        """Return the condition, in SQL, for a row to have a place among its siblings: that it is
        neither in the trash nor archived."""
        if not self.has_trash:
            return "true"
        return SHOWN.format(row)

    @cached_property
    def _ways(self) -> list[str]:
        """The ways by which queries reach what may be in the trash or archived.

        That is a row, and those above it but the board.
        """
        found, scope, way = [], self, ""
        while scope.parent:
            if scope.has_trash:
                found.append(way)
            way += f"{scope.parent_id.removesuffix('_id')}__"
            scope = scope.parent
        return found

    def visible_to(self, user: User) -> QuerySet[Any]:
        """Return the rows that the user can see: the one rule behind lists and single reads."""
        return self.model.filter(self.rule_for(user))

    def rule_for(self, user: User) -> Q:
        """Return the rule for the rows that the user can see."""
        if self.board is None:
            return users_shown_to(user) if self.model is User else Q()
        return (
            self._on(boards_open_to(user, self.read) & Q(deleted_at__isnull=True))
            & self.not_in_trash
        )

    @cached_property
    def lock_statement(self) -> str:
        """The statement that locks the board of the row `$1`, unless another has locked it.

        It returns the board's id if it did.
        """
        scope, joins = self, ""
        while scope.parent:
            lower, upper = scope.table, scope.parent.table
            joins += f" JOIN {upper} ON {upper}.id = {lower}.{scope.parent_id}"
            scope = scope.parent
        return f"""
            SELECT boards.id FROM {self.table}{joins} WHERE {self.table}.id = $1
            FOR NO KEY UPDATE OF boards SKIP LOCKED
        """  # noqa: S608  # our names

    @property
    def row_lock_statement(self) -> str:
        """The statement that waits for the row `$1` and locks it."""
        return f"SELECT FROM {self.table} WHERE id = $1 FOR NO KEY UPDATE"  # our names

    @property
    def table(self) -> str:
        """The name of the table, in quotes."""
        return f'"{self.model._meta.db_table}"'

    def found_by_id(
        self, kind: str, needed: TokenScope | None, *, is_admin: bool, is_use_noted: bool = True
    ) -> str:
        """Return the statement for the row `$4`, if a caller can see it.

        Its other parameters are those of `are_good`, and a number that each row repeats as `turn`.
        It returns nothing if the credentials aren't good; else one row, whose `id` is NULL if the
        caller can't see it, with `acts_as_admin`, `deciding_board`, NULL for rows of no
        board, `caller_role` there, and `caller_comments`, true for a VIEWER who may.
        """
        key = (
            kind,
            needed,
            is_admin,
            is_use_noted,
            settings().user_directory,
            settings().trash_life,
        )
        if key not in self._statements:
            self._statements[key] = self._found_by_id(kind, needed, is_admin, is_use_noted)
        return self._statements[key]

    @cached_property
    def _statements(self) -> dict[Any, str]:
        return {}

    def _found_by_id(
        self, kind: str, needed: TokenScope | None, is_admin: bool, is_use_noted: bool
    ) -> str:
        caller, row_id = UUID(int=1), UUID(int=2)  # stand for the parameters
        rows = self.visible_to(User(id=caller, is_admin=is_admin)).filter(id=row_id)
        board = "NULL::uuid"
        if self.board:
            rows, board = rows.annotate(deciding=F(self.board_id)), "found.deciding"
        credentials = are_good(kind, needed, None, is_use_noted=is_use_noted)
        return f"""
            SELECT $5::int AS turn, caller.acts_as_admin, found.*, {board} AS deciding_board,
                membership.role AS caller_role,
                membership.role = 'VIEWER' AND (
                    SELECT viewers_can_comment FROM boards WHERE boards.id = {board}
                ) AS caller_comments
            FROM ({credentials}) AS caller
            LEFT JOIN ({sql_of(rows, {str(caller): "$1", str(row_id): "$4"})}) AS found ON true
            LEFT JOIN board_users AS membership
                ON membership.board_id = {board} AND membership.user_id = $1
        """  # noqa: S608  # our names

    def _on(self, boards: Q) -> Q:
        """Return the rule for the rows on those boards."""
        if self.board == "self":
            return boards
        found: Any = Subquery(Board.filter(boards).values("id"))
        return Q(**{f"{self.board_id}__in": found})


@dataclass(frozen=True)
class Trash(Scope):
    """The rows of a table that are in the trash. `read` is the right to delete: it also restores.

    Each has its own `deleted_at`: what only lies under another isn't among them.
    """

    def rule_for(self, user: User) -> Q:
        """Return the rule for the rows in the trash that the user may restore, while there is time.

        While their board is there, too, they are for its CREATOR, as it is.
        """
        boards = boards_open_to(user, self.read)
        if self.board != "self":
            boards &= Q(deleted_at__isnull=True) | boards_open_to(user, CREATOR)
        seconds = settings().trash_life.total_seconds()
        deleted_at = f'{self.table}."deleted_at"'
        in_time = Condition(Sql(f"{deleted_at} > now() - interval '{seconds} seconds'"))
        return self._on(boards) & in_time


@dataclass(frozen=True)
class WithTrash(Scope):
    """The rows of a table, with those in its trash."""

    _: KW_ONLY
    trash: Trash

    def rule_for(self, user: User) -> Q:
        """Return the rule for the rows that the user can see or restore."""
        return super().rule_for(user) | self.trash.rule_for(user)
