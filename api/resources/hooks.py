"""Hooks: work that a table needs beyond the registry, with its description in Swagger."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import Query
from tortoise import Tortoise
from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet
from uuid_utils.compat import uuid7

from api.access.gate import Access
from api.access.scope import SHOWN, Scope
from api.auth.passwords import check_password, confirm_password, hash_password
from api.auth.rate_limits import count_email
from api.db.deadline import deadline_paused, still_working
from api.db.expressions import TIME
from api.db.origin import present_origin
from api.problems import (
    AlreadyExists,
    ColumnFull,
    Conflict,
    Forbidden,
    LastAdmin,
    ParentDeleted,
    SharedBoards,
    WrongPassword,
)
from api.resources.links import Link
from api.resources.siblings import position_of, rank_at_end, ranks_after_all
from api.settings import settings
from models.enums import Role, TokenScope
from models.fields import AVATAR_URL
from models.ranks import ranks_at_end
from models.schemas import omitted
from models.tables import (
    ApiToken,
    Authored,
    Board,
    BoardUser,
    Column,
    Task,
    User,
    unique_key,
)

# The advisory lock that makes "is this the last admin?" one question at a time.
ADMINS_LOCK = 20_260_502

# Makes a member of each board of $1, none of which has a CREATOR, its CREATOR.
HAND_OVER = """
    UPDATE board_users SET role = 'CREATOR' WHERE id IN (
        SELECT DISTINCT ON (board_id) heirs.id
        FROM board_users AS heirs JOIN users ON users.id = user_id
        WHERE board_id = ANY ($1) AND role <> 'VIEWER'
        ORDER BY board_id, disabled_at IS NOT NULL, role <> 'MODERATOR', heirs.id
    )
"""


# The links that rows are to have on the board that they go to: each row, and what it is linked to.
Kept = Mapping[Link, Sequence[tuple[UUID, UUID]]]


def no_choice() -> dict[str, Any]:
    """Read nothing: a removal takes nothing else."""
    return {}


def count_change(row: Any) -> None:
    """Note that the present caller changes a row, which is then saved."""
    row.version += 1
    if isinstance(row, Authored):
        row.updated_by = present_origin.get().actor


class Hooks:
    """Hooks of a table that needs nothing beyond the registry, and the base of all others.

    - `conflicts`, `removal_conflicts`: the errors with 409 of writing and of deleting
    - `restore_conflicts`: those of taking out of the trash or the archive, beside that for a parent
    - `refusals`: the errors with 403 of changing a row, if there are several
    - `computed_join`: the JOIN that `computed_sql` needs
    - `linked`: the fields of bodies that are written to other tables
    - `spreading`: the columns whose change writes any number of other rows
    - `removal`: a dependency that reads what else `remove` takes
    - `exact`: the columns by whose whole value rows are found, with what Swagger says of each
    - `notes`: what Swagger says of `add`, `change`, `change_all`, `remove`, `restore` and of lists

    Rows are written by one statement. A class that overrides `add`, `change` or `remove` writes
    them in Python instead, inside a unit of work in which the board is locked and the right is
    decided.
    """

    conflicts: tuple[type[Conflict], ...] = (ParentDeleted,)
    removal_conflicts: tuple[type[Conflict], ...] = (ParentDeleted,)
    restore_conflicts: tuple[type[Conflict], ...] = ()
    refusals: tuple[type[Forbidden], ...] = ()
    computed_join = ""
    linked: Collection[str] = ()
    spreading: Collection[str] = ()
    removal: Callable[..., dict[str, Any]] = staticmethod(no_choice)
    exact: Mapping[str, str] = MappingProxyType({})
    notes: Mapping[str, str] = MappingProxyType({})

    def overrides(self, *hooks: str) -> bool:
        """Tell whether any of the hooks does something else than it does here."""
        return any(getattr(type(self), hook) is not getattr(Hooks, hook) for hook in hooks)

    async def before_transaction(
        self, values: dict[str, Any], caller: User | None = None, host: str = ""
    ) -> dict[str, Any]:
        """Do what is slow and needs no transaction, before one begins.

        `host` is where a change in Python was sent, by its `Host` header, with the sub-path.
        """
        return values

    async def confirm(
        self, values: dict[str, Any], caller: User, row_id: UUID, *, removal: bool = False
    ) -> dict[str, Any]:
        """Ask for what a change or a removal of the row takes beyond the right to it.

        It takes that out of the values, and returns by which columns it decided: they must be the
        same still when the row is written.
        """
        return {}

    def server_values_sql(self, scope: Scope, parent: str, now: str) -> dict[str, str]:
        """Return what a new row gets beyond its values, in SQL.

        The caller is `$1`; `parent` and `now` are the parent's id and the time.
        """
        return {}

    async def check_room(self, parent: UUID, more: int) -> None:
        """Raise Conflict unless a parent, whose board is locked, takes so many more rows."""

    async def leave_board(
        self, ids: Sequence[UUID], board: UUID, *, match_labels: bool
    ) -> tuple[dict[str, list[UUID]], Kept]:
        """Take off rows that are about to go to another board what links them to the old one.

        Return what can't go along, by the fields of the answer, and what `join_board` gets: the log
        of each board has only what is its own.
        """
        return {}, {}

    async def join_board(self, kept: Kept, board: UUID) -> None:
        """Link rows that have come to another board to what they are linked to there.

        Nobody is notified of that: who is assigned has been before.
        """
        connection = Tortoise.get_connection("default")
        await connection.execute_script("SET LOCAL corkboard.moves = 'on'")
        for link, its in kept.items():
            await link.restore(its, board)
        await connection.execute_script("SET LOCAL corkboard.moves = 'off'")

    async def check_linked(self, values: Mapping[str, Any], board: UUID) -> None:
        """Raise Unprocessable for values of `linked` that can't be written on a board."""

    async def write_linked(
        self, ids: Sequence[UUID], values: Mapping[str, Any], board: UUID
    ) -> set[UUID]:
        """Write the values of `linked` for rows on a board, and return the rows that changed."""
        return set()

    async def add(self, scope: Scope, values: dict[str, Any], caller: User | None) -> Any:
        """Add a row."""
        return await scope.model.create(**values)

    async def change(self, scope: Scope, row: Any, values: dict[str, Any]) -> None:
        """Write the values to a row, if any of them is another than it has."""
        if any(getattr(row, name) != value for name, value in values.items()):
            count_change(row)
            # But not what triggers keep, which may have changed since the row was read.
            written = [
                name
                for name, field in scope.model._meta.fields_map.items()
                if field.has_db_field and not field.pk and not getattr(field, "is_derived", False)
            ]
            await row.update_from_dict(values).save(update_fields=written)

    async def change_all(
        self, scope: Scope, rows: Sequence[Any], values: dict[str, Any]
    ) -> Mapping[UUID, Mapping[str, Any]]:
        """Write the same values to all rows, and return what the answer says beyond the records, by
        row."""
        for row in rows:
            await self.change(scope, row, values)
            still_working()
        return {}

    async def remove(self, scope: Scope, row: Any) -> None:
        """Delete a row for good."""
        await row.delete()

    async def searches_everyone(self, access: Access, guarded: Sequence[str]) -> bool:
        """Tell whether a list with those filters, of `exact` and of `admin_only`, looks among all
        rows, not only among those that the caller can see."""
        return False

    async def restore(self, scope: Scope, row: Any) -> None:
        """Take a row out of the trash."""
        row.deleted_at = None
        await row.save(update_fields=["deleted_at"])

    def computed_sql(self, scope: Scope, access: Access, row: str) -> dict[str, str]:
        """Return what responses show beyond the columns, in SQL, of the row of that name with what
        is `computed_join`; the caller is `$1`."""
        return {}


class Ordered(Hooks):
    """Rows in an order among those of the same parent. Only a row that moves is written."""

    notes: Mapping[str, str] = MappingProxyType(
        {
            "add": "Without `position` it goes to the end; with one, the others shift.",
            "change": "Without `position` it stays where it is, or goes to the end of a new "
            "parent.",
            "change_all": "Those that move go to the end of their new parent, in the order of "
            "`ids`.",
        }
    )

    def server_values_sql(self, scope: Scope, parent: str, now: str) -> dict[str, str]:
        return {"rank": rank_at_end(scope, parent, now)}

    def computed_sql(self, scope: Scope, access: Access, row: str) -> dict[str, str]:
        return {"position": position_of(scope, row)}

    async def change_all(
        self, scope: Scope, rows: Sequence[Any], values: dict[str, Any]
    ) -> Mapping[UUID, Mapping[str, Any]]:
        parent = values.get(scope.parent_id)
        moved = [row for row in rows if parent and getattr(row, scope.parent_id) != parent]
        if parent and moved:
            ranks = await ranks_after_all(scope, parent, len(moved))
            for row, rank in zip(moved, ranks, strict=True):
                row.rank = rank
        return await super().change_all(scope, rows, values)


# Whether a column has more tasks than its limit, with so many more; no task beyond that is counted.
OVER_LIMIT = f"""(
    {{0}}.task_limit IS NOT NULL AND {{0}}.task_limit < {{1}} + (
        SELECT count(*) FROM (
            SELECT FROM tasks WHERE column_id = {{0}}.id AND {SHOWN.format("tasks")}
            LIMIT {{0}}.task_limit + 1
        ) AS counted
    )
)"""  # noqa: S608
FULL_COLUMN = f"""
    SELECT FROM columns AS home JOIN boards ON boards.id = home.board_id
    WHERE home.id = $1 AND NOT limits_are_advisory AND {OVER_LIMIT.format("home", "$2::int")}
"""


LABELS = Link("task_labels", "task_id", "label_id", "labels", "id", "label")
MEMBERS = "(SELECT * FROM board_users WHERE role <> 'VIEWER')"
ASSIGNEES = Link(
    "task_assignees", "task_id", "membership_id", MEMBERS, "user_id", "assignable member"
)
# What is done with the ids in each of these fields.
LINK_FIELDS = {
    "label_ids": (LABELS, Link.replace),
    "add_label_ids": (LABELS, Link.add),
    "remove_label_ids": (LABELS, Link.remove),
    "assignee_ids": (ASSIGNEES, Link.replace),
    "add_assignee_ids": (ASSIGNEES, Link.add),
    "remove_assignee_ids": (ASSIGNEES, Link.remove),
}
SAME_NAME = "folded(there.name, true) = folded(here.name, true)"
SAME_USER = "there.user_id = here.user_id"
LOSSES = " On another board {} labels, and the assignees who can't be assigned there."
ADD_SUBTASKS = """
    INSERT INTO subtasks (id, task_id, title, rank, is_completed, created_at, updated_at, version)
    SELECT id, $1, title, rank, false, now(), now(), 1
    FROM unnest($2::uuid[], $3::text[], $4::text[]) AS made (id, title, rank)
"""


class Tasks(Ordered):
    """Tasks, which bear labels of their board and are assigned to its members."""

    conflicts = (ParentDeleted, ColumnFull)
    restore_conflicts = (ColumnFull,)
    computed_join = "JOIN columns AS home ON home.id = rows.column_id"
    linked = (*LINK_FIELDS, "subtasks")
    notes = MappingProxyType(
        {
            **Ordered.notes,
            "change": "Without `position` it stays where it is, or goes to the end of a new "
            "column." + LOSSES.format("it loses its"),
            "change_all": "In a new column they go to the end, in the order of `ids`."
            + LOSSES.format("they lose their"),
            "list": "Filters by `due_date` compare with a day's beginning or end in UTC: send a "
            "time for another time zone.",
        }
    )

    def computed_sql(self, scope: Scope, access: Access, row: str) -> dict[str, str]:
        time = TIME.format(f"{row}.due_date")
        return super().computed_sql(scope, access, row) | {
            "board_id": "home.board_id",
            "due_date": f"coalesce(to_char({row}.due_day, 'YYYY-MM-DD'), {time})",
            "due_is_day": f"{row}.due_day IS NOT NULL",
        }

    async def check_room(self, parent: UUID, more: int) -> None:
        connection = Tortoise.get_connection("default")
        if (await connection.execute_query(FULL_COLUMN, [parent, more]))[1]:
            raise ColumnFull()

    async def check_linked(self, values: Mapping[str, Any], board: UUID) -> None:
        for field, (link, _) in LINK_FIELDS.items():
            if field in values:
                await link.require(field, values[field], board)

    async def write_linked(
        self, ids: Sequence[UUID], values: Mapping[str, Any], board: UUID
    ) -> set[UUID]:
        changed: set[UUID] = set()
        for field, (link, write) in LINK_FIELDS.items():
            if field in values:
                changed |= await write(link, ids, values[field], board)
        titles = [each.title for each in values.get("subtasks", ())]
        if titles:
            made = [uuid7() for _ in titles]
            connection = Tortoise.get_connection("default")
            for task in ids:
                await connection.execute_query(
                    ADD_SUBTASKS, [task, made, titles, ranks_at_end(None, len(titles))]
                )
        return changed

    async def change_all(
        self, scope: Scope, rows: Sequence[Any], values: dict[str, Any]
    ) -> Mapping[UUID, Mapping[str, Any]]:
        match_labels = values.pop("match_labels", False)
        linked = {name: values.pop(name) for name in self.linked if name in values}
        versions = {row.id: row.version for row in rows}
        target = values.get("column_id")
        added = [row for row in rows if row.column_id != target and row.archived_at is None]
        if target and added:
            await self.check_room(target, len(added))
        columns = Column.filter(id__in={target, *(row.column_id for row in rows)})
        boards = dict(await columns.values_list("id", "board_id"))
        leaving = [row for row in rows if target and boards[row.column_id] != boards[target]]
        lost: dict[str, list[UUID]] = {}
        kept: Kept = {}
        if leaving:
            ids = [row.id for row in leaving]
            lost, kept = await self.leave_board(ids, boards[target], match_labels=match_labels)
        if values:
            await super().change_all(scope, rows, values)
        if kept:
            await self.join_board(kept, boards[target])
        for board in {*boards.values()}:
            its = [row for row in rows if boards[row.column_id] == board]
            await self.check_linked(linked, board)
            changed = await self.write_linked([row.id for row in its], linked, board)
            for row in its:
                if row.id in changed and row.version == versions[row.id]:
                    count_change(row)
                    await row.save(update_fields=["version", "updated_at", "updated_by"])
        return {
            row.id: {
                field: [
                    each for each in getattr(row, field.removeprefix("dropped_")) if each in ids
                ]
                for field, ids in lost.items()
            }
            for row in leaving
        }

    async def restore(self, scope: Scope, row: Any) -> None:
        if row.archived_at is None:
            await self.check_room(row.column_id, 1)
        await super().restore(scope, row)

    async def leave_board(
        self, ids: Sequence[UUID], board: UUID, *, match_labels: bool
    ) -> tuple[dict[str, list[UUID]], Kept]:
        same = SAME_NAME if match_labels else "false"
        labels, kept_labels = await LABELS.end(ids, board, same)
        assignees, kept_assignees = await ASSIGNEES.end(ids, board, SAME_USER)
        lost = {"dropped_label_ids": labels, "dropped_assignee_ids": assignees}
        kept = {LABELS: kept_labels, ASSIGNEES: kept_assignees}
        return lost, {link: its for link, its in kept.items() if its}


class Columns(Ordered):
    """Columns, which may have a limit, and whose tasks go along with them to another board."""

    notes = MappingProxyType(
        {
            **Ordered.notes,
            "change": "Without `position` it stays where it is, or goes to the end of a new "
            "board." + LOSSES.format("its tasks lose their"),
        }
    )

    def computed_sql(self, scope: Scope, access: Access, row: str) -> dict[str, str]:
        over_limit = {"over_limit": OVER_LIMIT.format(row, "0")}
        return super().computed_sql(scope, access, row) | over_limit

    async def leave_board(
        self, ids: Sequence[UUID], board: UUID, *, match_labels: bool
    ) -> tuple[dict[str, list[UUID]], Kept]:
        tasks: Any = Task.filter(column_id__in=ids).values_list("id", flat=True)
        return await Tasks().leave_board(await tasks, board, match_labels=match_labels)


AUTHOR = """(
    SELECT row_to_json(author)
    FROM (SELECT id, username, avatar_url FROM users WHERE id = {row}.user_id) AS author
)"""


class Comments(Hooks):
    """Comments, each with its author, or none once that account is deleted."""

    notes = MappingProxyType({"add": "You are its author."})

    def server_values_sql(self, scope: Scope, parent: str, now: str) -> dict[str, str]:
        return {"user_id": "$1"}

    def computed_sql(self, scope: Scope, access: Access, row: str) -> dict[str, str]:
        return {"author": AUTHOR.format(row=row)}


class Boards(Hooks):
    """Boards, each with a CREATOR from its first moment."""

    computed_join = "LEFT JOIN board_users AS mine ON mine.board_id = rows.id AND mine.user_id = $1"
    spreading = ("time_zone",)
    notes = MappingProxyType(
        {
            "add": "You become its CREATOR. Without `is_public` it is public, unless the server "
            "says otherwise (DEFAULT_BOARD_VISIBILITY)."
        }
    )

    def computed_sql(self, scope: Scope, access: Access, row: str) -> dict[str, str]:
        def allowed(role: Role | None, *, is_commenter: bool = False) -> str:
            operations = access.operations_of(role, is_commenter=is_commenter)
            return f"'{json.dumps(operations, separators=(',', ':'))}'::json"

        cases = " ".join(f"WHEN mine.role = '{each}' THEN {allowed(each)}" for each in Role)
        operations = f"""
            CASE WHEN mine.role = 'VIEWER' AND {row}.viewers_can_comment
                THEN {allowed(Role.VIEWER, is_commenter=True)} {cases} ELSE {allowed(None)} END
        """
        return {"my_role": "mine.role", "operations": operations}

    async def add(self, scope: Scope, values: dict[str, Any], caller: User | None) -> Any:
        values = {"is_public": settings().default_board_visibility == "public"} | values
        board = await super().add(scope, values, caller)
        await BoardUser.create(board=board, user=caller, role=Role.CREATOR)
        return board


Fate = Literal["hand_over", "delete"]
NO_FATE = (
    "This user created boards that have other members: {}. Send `boards=hand_over` to hand them "
    "over to other members, or `boards=delete` to delete them."
)
NO_HEIR = (
    "This user created boards whose other members are all VIEWERs: {}. Make one of them a MEMBER "
    "first, or send `boards=delete` to delete the boards."
)


def fate_of_boards(
    boards: Annotated[
        Fate,
        Query(
            default_factory=omitted,
            description="What happens to the user's boards that have other members. `hand_over`: "
            "the MODERATOR who joined first becomes the CREATOR, or else the MEMBER who joined "
            "first; a disabled user only if there is nobody else, a VIEWER never (409). Boards in "
            "the trash stay there, and the new CREATOR can restore them. `delete`: the boards are "
            "deleted permanently.",
        ),
    ],
) -> dict[str, Any]:
    """Read what becomes of a user's boards."""
    return {"boards": boards}


class Users(Hooks):
    """Accounts: names are unique in any case, passwords are hashed, and an admin remains."""

    conflicts = (AlreadyExists, LastAdmin)
    removal_conflicts = (LastAdmin, SharedBoards)
    refusals = (Forbidden, WrongPassword)
    removal = staticmethod(fate_of_boards)
    exact = MappingProxyType(
        {
            "username": "",
            "email": "For admins only, unless USER_DIRECTORY=shared.",
        }
    )
    notes = MappingProxyType(
        {
            "add": "The account gets a picture drawn from its username.",
            "change": "Only admins may change `is_admin` (403). The last admin can't be demoted "
            "(409). A demoted admin loses the API tokens with the scope `admin`. Changing your own "
            "e-mail address requires `current_password`: 422 without it, 403 if it is wrong, and "
            "attempts are limited (429). For everyone but admins, a new `email` is limited like "
            "signing in (429), and with USER_DIRECTORY=shared a new `username`, too.",
            "list": "The server may show you only yourself and users you share a board with "
            "(USER_DIRECTORY=shared). Then `username` and `email` find anyone, and are limited "
            "like signing in (429). Otherwise only admins may search by `email` (403). Only admins "
            "may filter by `is_admin` (403).",
            "remove": "The user's boards without other members are deleted, too. For boards with "
            "other members, also in the trash, `boards` must say what happens to them (409). The "
            "last admin who isn't disabled can't be deleted (409). Deleting your own account "
            "requires `current_password`: 422 without it, 403 if it is wrong, and attempts are "
            "limited (429).",
        }
    )

    async def before_transaction(
        self, values: dict[str, Any], caller: User | None = None, host: str = ""
    ) -> dict[str, Any]:
        """Put a hash in the place of the password, and a path in that of an address on this server.

        Raises Unprocessable for an easy password.

        Raises TooManyRequests for a caller, no admin, who names others' e-mail addresses too often,
        or names that the directory doesn't show them: the answer tells which are taken.
        """
        values = dict(values)
        limited = {"email", "username"} if settings().user_directory == "shared" else {"email"}
        for name in ("email", "username"):
            if value := values.get(name):
                key = values[f"{name}_key"] = unique_key(value)
                asker = caller if caller and not caller.is_admin and name in limited else None
                if asker and key != getattr(asker, f"{name}_key"):
                    await count_email(asker)
        if url := values.get("avatar_url"):
            values["avatar_url"] = avatar_address(url, host)
        if password := values.pop("password", None):
            check_password(password, values["username"], field="password")
            values["hashed_password"] = await hash_password(password)
        return values

    async def confirm(
        self, values: dict[str, Any], caller: User, row_id: UUID, *, removal: bool = False
    ) -> dict[str, Any]:
        """Check the password, to change one's own e-mail address and to delete one's own account.

        What it answers is described where `change` and `remove` are.
        """
        password = values.pop("current_password", None)
        if caller.id != row_id:
            return {}
        if values.get("email") == caller.email:
            # One that somebody else is just writing stays, too.
            del values["email"]
        if not removal and "email" not in values:
            return {}
        await confirm_password(caller, password)
        return {"hashed_password": caller.hashed_password}

    async def add(self, scope: Scope, values: dict[str, Any], caller: User | None) -> Any:
        values = {**values, "avatar_url": drawn_avatar(values["username"])}
        return await super().add(scope, values, caller)

    async def change(self, scope: Scope, row: Any, values: dict[str, Any]) -> None:
        if row.is_admin and not values.get("is_admin", True):
            await _keep_an_admin(row)
            # Made an admin again, they make new ones.
            await ApiToken.filter(user_id=row.id, scopes__contains=[TokenScope.ADMIN]).delete()
        name = values.get("username", row.username)
        url = values.get("avatar_url", row.avatar_url)
        # A name that was given up isn't shown any longer, either.
        if url is None or (name != row.username and url.startswith(DRAWN)):
            values = {**values, "avatar_url": drawn_avatar(name)}
        await super().change(scope, row, values)

    async def searches_everyone(self, access: Access, guarded: Sequence[str]) -> bool:
        if not guarded or access.user.is_admin:
            return False
        if "is_admin" in guarded:
            raise Forbidden()
        if settings().user_directory == "shared":
            await count_email(access.user)
            return True
        if "email" in guarded:
            raise Forbidden()
        return False

    async def remove(self, scope: Scope, row: Any, boards: Fate | None = None) -> None:
        await _keep_an_admin(row)
        memberships = BoardUser.filter(user_id=row.id)
        # Every board that they are a member of, because a hand-over may just be making them its
        # CREATOR. Boards before the account, as where something of theirs is written on a board.
        await self._lock_boards(memberships)
        # From here on nobody can make the user a member of another board.
        await User.filter(id=row.id).select_for_update().only("id")
        await self._lock_boards(memberships)
        created = await memberships.filter(role=Role.CREATOR).values_list("board_id", flat=True)
        others = BoardUser.filter(board_id__in=created).exclude(user_id=row.id)
        # Those in the trash, too: an admin may have put them there.
        shared = Board.filter(id__in=Subquery(others.values("board_id")))
        if boards == "hand_over":
            heirs = others.exclude(role=Role.VIEWER)
            inherited = Subquery(heirs.values("board_id"))
            await self._refuse_shared(shared.exclude(id__in=inherited), NO_HEIR)
            await self._hand_over(row, await shared.values_list("id", flat=True))
        elif boards is None:
            await self._refuse_shared(shared, NO_FATE)
        # What belongs to an account may take a while.
        with deadline_paused():
            await Board.filter(
                id__in=Subquery(memberships.filter(role=Role.CREATOR).values("board_id"))
            ).delete()
            await super().remove(scope, row)

    async def _refuse_shared(self, shared: QuerySet[Board], detail: str) -> None:
        """Raise SharedBoards, with some of their titles in `detail`, if there are any."""
        if titles := await shared.order_by("id").limit(5).values_list("title", flat=True):
            raise SharedBoards(detail.format(", ".join(f"'{title}'" for title in titles)))

    async def _hand_over(self, creator: Any, boards: Any) -> None:
        """Make another member of each of the boards, which are locked, its CREATOR."""
        await BoardUser.filter(user_id=creator.id, board_id__in=boards).delete()
        await Tortoise.get_connection("default").execute_query(HAND_OVER, [boards])

    async def _lock_boards(self, memberships: QuerySet[BoardUser]) -> None:
        boards = await memberships.values_list("board_id", flat=True)
        await Board.filter(id__in=boards).order_by("id").select_for_update().only("id")


DRAWN = "/api/avatars/"


def drawn_avatar(username: str) -> str:
    """Return the path of the picture drawn from a username."""
    return f"{DRAWN}{quote(username, safe='')}.svg"


def avatar_address(url: str, host: str) -> str:
    """Return the path of a picture on this server, or the address of another one."""
    path = url.removeprefix(f"https://{host}")
    return path if path.startswith("/") and re.search(AVATAR_URL["pattern"], path) else url


async def disable(user: User) -> None:
    """Keep a user from signing in, whose account is locked. Raises LastAdmin."""
    if user.disabled_at is None:
        await _keep_an_admin(user)
        await _set_disabled_at(user, datetime.now(UTC))


async def enable(user: User) -> None:
    """Let a user sign in again, whose account is locked."""
    if user.disabled_at is not None:
        await _set_disabled_at(user, None)


async def _set_disabled_at(user: User, moment: datetime | None) -> None:
    # `version` stays: everybody sees it, and `disabled_at` is for admins.
    await User.filter(id=user.id).update(disabled_at=moment)
    user.disabled_at = moment


async def _keep_an_admin(leaving: User) -> None:
    """Raise LastAdmin when the user is the last admin who isn't disabled; only one transaction at
    a time gets to ask."""
    if not leaving.is_admin or leaving.disabled_at:
        return
    await Tortoise.get_connection("default").execute_query(
        "SELECT pg_advisory_xact_lock($1)", [ADMINS_LOCK]
    )
    others = User.filter(is_admin=True, disabled_at__isnull=True).exclude(id=leaving.id)
    if not await others.exists():
        raise LastAdmin()
