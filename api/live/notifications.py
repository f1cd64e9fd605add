"""Notifications, as far as their user may still see what they are about."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from tortoise import Tortoise

from api.access.gate import BOARDS
from api.access.rights import READER
from api.access.scope import Scope
from api.db.expressions import sql_of
from models import schemas
from models.tables import Task, User

TASKS = Scope(Task, board="column.board", read=READER)
MOST = 1000  # that are listed, of the unread ones and of the others each

SHOWN = """
    its.id, its.kind, its.board_id, boards.title AS board_title, its.task_id,
    tasks.title AS task_title, its.comment_id, its.event_id, its.due_date, its.created_at,
    its.read_at, actors.id AS actor_id, actors.username, actors.avatar_url
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
    return f"(EXISTS ({board}) AND (its.task_id IS NULL OR EXISTS ({task})))"


@lru_cache
def listed(*, is_admin: bool) -> str:
    """Return the statement for a page of `$5` notifications of a user.

    Those of a task follow each other, the unread before the others, each with the group of its
    newest. The page begins after such a place, `$2`, `$3` and `$4`.
    """
    return f"""
        WITH mine AS (
            SELECT its.*, (read_at IS NULL)::int AS is_unread, max(id) OVER (
                PARTITION BY read_at IS NULL, coalesce(task_id, board_id)
            ) AS newest
            FROM (({UNREAD}) UNION ALL ({READ})) AS its WHERE {is_visible(is_admin=is_admin)}
        )
        SELECT {SHOWN}, is_unread, newest FROM mine AS its {WITH_TITLES}
        WHERE $2::int IS NULL OR (is_unread, newest, its.id) < ($2, $3::bigint, $4::bigint)
        ORDER BY is_unread DESC, newest DESC, its.id DESC LIMIT $5
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
        found.append(schemas.Notification(**its, actor=actor if actor["id"] else None))
    return found
