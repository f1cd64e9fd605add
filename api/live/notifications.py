"""The notifications that a user may still see."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from tortoise import Tortoise

from api.access.gate import BOARDS
from api.access.rights import READER
from api.access.scope import Scope
from api.db.expressions import sql_of
from models import schemas
from models.tables import Task, User

TASKS = Scope(Task, board="column.board", read=READER)
# Ids are drawn before the commit. After this long, no lower id is expected to appear any more.
SETTLED = timedelta(seconds=30)
MOST_READ = 100  # at once
MOST = 1000  # that are listed, of the unread ones and of the others each

SHOWN = """
    its.id, its.kind, its.board_id, boards.title AS board_title, its.task_id,
    tasks.title AS task_title, its.comment_id, its.event_id, its.due_date, its.due_day,
    its.created_at, its.read_at, actors.id AS actor_id, actors.username, actors.avatar_url
"""
WITH_TITLES = """
    JOIN boards ON boards.id = its.board_id LEFT JOIN tasks ON tasks.id = its.task_id
    LEFT JOIN users AS actors ON actors.id = its.actor_id
"""
NEWEST = f"SELECT * FROM notifications WHERE user_id = $1 AND {{0}} ORDER BY id DESC LIMIT {MOST}"  # noqa: S608  # our own
UNREAD, READ = NEWEST.format("read_at IS NULL"), NEWEST.format("read_at IS NOT NULL")


@lru_cache
def is_visible(*, is_admin: bool) -> str:
    """Return the condition, in SQL, for a user `$1` to see what the notification `its` is about.

    That is the board that it was on, and the task where it is now.
    """
    caller, row_id = UUID(int=1), UUID(int=2)  # stand for what is in the parameters
    board, task = [
        sql_of(
            scope.visible_to(User(id=caller, is_admin=is_admin)).filter(id=row_id).only("id"),
            {str(caller): "$1", str(row_id): name},
        )
        for scope, name in ((BOARDS, "its.board_id"), (TASKS, "its.task_id"))
    ]
    # No EXISTS, for which PostgreSQL may read all tasks that the user can see.
    return f"(({board}) IS NOT NULL AND (its.task_id IS NULL OR ({task}) IS NOT NULL))"


@lru_cache
def listed(*, is_admin: bool) -> str:
    """Return the statement for a page of `$5` notifications of a user.

    Notifications of a task are together, unread before read. The page begins after the place `$2`,
    `$3`, `$4`.
    """
    return f"""
        WITH mine AS (
            SELECT its.*, (read_at IS NULL)::int AS is_unread, max(id) OVER (
                PARTITION BY read_at IS NULL, coalesce(task_id, board_id)
            ) AS newest
            FROM (({UNREAD}) UNION ALL ({READ})) AS its WHERE {is_visible(is_admin=is_admin)}
        ),
        page AS (
            SELECT * FROM mine
            WHERE $2::int IS NULL OR (is_unread, newest, id) < ($2, $3::bigint, $4::bigint)
            ORDER BY is_unread DESC, newest DESC, id DESC LIMIT $5
        )
        SELECT {SHOWN}, is_unread, newest FROM page AS its {WITH_TITLES}
        ORDER BY is_unread DESC, newest DESC, its.id DESC
    """  # noqa: S608  # our own


@lru_cache
def counted(*, is_admin: bool, unread_only: bool) -> str:
    """Return the statement for the number of a user's notifications."""
    rows = UNREAD if unread_only else f"({UNREAD}) UNION ALL ({READ})"
    return f"""
        SELECT count(*) AS number FROM ({rows}) AS its WHERE {is_visible(is_admin=is_admin)}
    """  # noqa: S608  # our own


async def count(user_id: UUID, *, is_admin: bool, unread_only: bool = True) -> int:
    """Return how many notifications a user has, as far as they are listed."""
    statement = counted(is_admin=is_admin, unread_only=unread_only)
    [row] = await Tortoise.get_connection("default").execute_query_dict(statement, [user_id])
    return int(row["number"])


def notifications_in(rows: Iterable[Any]) -> list[Any]:
    """Return notifications as responses show them."""
    found = []
    for row in rows:
        its = dict(row)
        actor = {"id": its.pop("actor_id"), **{k: its.pop(k) for k in ("username", "avatar_url")}}
        day = its.pop("due_day")
        its |= {"due_date": day or its["due_date"], "due_is_day": day is not None}
        found.append(schemas.Notification(**its, actor=actor if actor["id"] else None))
    return found


START = f"""
    SELECT last_value AS newest, coalesce((
        SELECT max(id) FROM notifications
        WHERE created_at < now() - interval '{SETTLED.total_seconds()} seconds'
    ), 0) AS settled
    FROM notifications_id_seq
"""  # noqa: S608  # our own
ARRIVED = f"""
    SELECT id, user_id, created_at, now() AS now FROM notifications
    WHERE id > $1 AND id <> ALL ($2::bigint[]) AND user_id = ANY ($3::uuid[])
    ORDER BY id LIMIT {MOST_READ}
"""  # noqa: S608  # our own


@lru_cache
def arrived(*, is_admin: bool) -> str:
    """Return the statement for a user's notifications above `$2`, without those in `$3`."""
    return f"""
        SELECT {SHOWN}, {is_visible(is_admin=is_admin)} AS is_visible, now() AS now
        FROM (
            SELECT * FROM notifications
            WHERE user_id = $1 AND id > $2 AND id <> ALL ($3::bigint[])
            ORDER BY id LIMIT {MOST_READ}
        ) AS its {WITH_TITLES} ORDER BY its.id
    """  # noqa: S608  # our own


class Inbox:
    """The notifications that are known: all up to `floor`, and a few after it.

    Of one user they may be committed in another order than that of their ids.
    """

    def __init__(self, floor: int) -> None:
        self.floor = floor
        self._seen: dict[int, datetime] = {}

    @classmethod
    async def opened(cls, known: int | None = None) -> tuple[Self, bool]:
        """Return an inbox that goes on after what is known, if it can, and whether it does."""
        [start] = await Tortoise.get_connection("default").execute_query_dict(START)
        goes_on = known is not None and known <= start["newest"]
        return cls(known if known is not None and goes_on else start["settled"]), goes_on

    async def read_users(self, users: Collection[UUID]) -> tuple[set[UUID], bool]:
        """Return those of the users who have new notifications, and whether there may be more."""
        rows = await self._read(ARRIVED, [self.floor, [*self._seen], [*users]])
        return {row["user_id"] for row in rows}, len(rows) == MOST_READ

    async def read(self, user_id: UUID, *, is_admin: bool) -> tuple[list[Any], bool]:
        """Return new notifications that the user may see, and whether there may be more."""
        statement = arrived(is_admin=is_admin)
        rows = await self._read(statement, [user_id, self.floor, [*self._seen]])
        visible = notifications_in(row for row in rows if row["is_visible"])
        return visible, len(rows) == MOST_READ

    async def _read(self, statement: str, values: Sequence[Any]) -> list[Any]:
        rows = await Tortoise.get_connection("default").execute_query_dict(statement, [*values])
        for row in rows:
            self._seen[row["id"]] = row["created_at"]
        if rows:
            now = rows[0]["now"]
            old = [number for number, at in self._seen.items() if at < now - SETTLED]
            self.floor = max([self.floor, *old])
            self._seen = {n: at for n, at in self._seen.items() if n > self.floor}
        return rows
