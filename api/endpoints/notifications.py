"""Notifications: the list, what is read, mutes and settings."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from tortoise import Tortoise

from api.access.gate import BOARDS
from api.db.connection import unit_of_work
from api.db.jobs import BATCH, among_oldest, delete_in_batches
from api.http.route import CurrentAccess
from api.live.notifications import count, listed, notifications_in
from api.problems import NotFound
from api.resources.pagination import (
    Number,
    PageOf,
    decode_cursor,
    encode_cursor,
    total_of,
)
from api.settings import settings
from models import schemas
from models.schemas import omitted
from models.tables import Mute, Notification, User

ORDER = ("is_unread", "newest", "id")

LAST_RUN = "SELECT notified_until AS since, now() AS until FROM event_log"
END_RUN = "UPDATE event_log SET notified_until = $1"
AHEAD = {
    "due_in_3_days": timedelta(days=3),
    "due_in_1_day": timedelta(days=1),
    "overdue": timedelta(),
}
# Each run looks back this far, for what was committed after an earlier run had looked.
LOOK_BACK = timedelta(minutes=2)
# A few assignments each time, in the order of an index, since any number may be due at one moment.
# Rows that are being deleted are skipped; a unique index keeps a second run from notifying twice.
NOTIFY = f"""
    WITH batch AS MATERIALIZED (
        SELECT due_date, due_day, task_id, membership_id
        FROM tasks JOIN task_assignees ON task_id = tasks.id
        WHERE (due_date, tasks.id) >= ($3::timestamptz, $4::uuid) AND due_date <= $2
            AND (due_date, tasks.id, membership_id) > ($3, $4, $5::int)
            AND deleted_at IS NULL AND archived_at IS NULL AND status IN ('TODO', 'IN_PROGRESS')
        ORDER BY due_date, tasks.id, membership_id LIMIT {BATCH}
    ),
    told AS (
        INSERT INTO notifications (user_id, kind, board_id, task_id, due_date, due_day)
        SELECT users.id, $1::varchar, boards.id, tasks.id, batch.due_date, batch.due_day
        FROM batch JOIN tasks ON tasks.id = batch.task_id
        JOIN columns ON columns.id = column_id JOIN boards ON boards.id = columns.board_id
        JOIN board_users ON board_users.id = membership_id JOIN users ON users.id = user_id
        WHERE num_nonnulls(columns.deleted_at, boards.deleted_at, columns.archived_at,
                boards.archived_at, disabled_at) = 0
            AND ($1 <> 'due_in_3_days' OR due_in_3_days)
            AND ($1 <> 'due_in_1_day' OR due_in_1_day)
            AND NOT EXISTS (
                SELECT FROM mutes WHERE mutes.board_id = boards.id AND mutes.user_id = users.id
            )
        ORDER BY batch.due_date, tasks.id, membership_id
        FOR KEY SHARE OF tasks, boards, users SKIP LOCKED
        ON CONFLICT DO NOTHING
    )
    SELECT due_date, task_id, membership_id
    FROM batch ORDER BY due_date DESC, task_id DESC, membership_id DESC LIMIT 1
"""  # noqa: S608  # our names


async def list_notifications(page: PageOf, access: CurrentAccess) -> Any:
    """Return your notifications, the unread first. Notifications of one task are together.

    They are about boards and tasks that you can see; at most the newest 1,000 unread and the newest
    1,000 read ones.
    """
    user, place = access.user, [None, None, None]
    if page.cursor is not None:
        place = decode_cursor(ORDER, (int, int, int), page.cursor)
    rows = await Tortoise.get_connection("default").execute_query_dict(
        listed(is_admin=user.is_admin), [user.id, *place, page.limit + 1]
    )
    if len(rows) > page.limit:
        del rows[page.limit :]
        page.link_next(encode_cursor(ORDER, [rows[-1][name] for name in ORDER]))
    if page.is_counted:
        total = await count(user.id, is_admin=user.is_admin, unread_only=False)
        page.response.headers["X-Total-Count"] = total_of(total)
    return notifications_in(rows)


async def count_notifications(access: CurrentAccess) -> Any:
    """Return the number of your unread notifications, up to 1,000."""
    user = access.user
    return schemas.NotificationCount(unread=await count(user.id, is_admin=user.is_admin))


async def read_notification(notification_id: Number, access: CurrentAccess) -> None:
    """Mark a notification of yours as read."""
    mine = Notification.filter(id=notification_id, user_id=access.user.id)
    async with unit_of_work():
        await mine.filter(read_at__isnull=True).update(read_at=datetime.now(UTC))
        if not await mine.exists():
            raise NotFound()


async def read_notifications(
    access: CurrentAccess,
    task_id: Annotated[UUID, Query(default_factory=omitted, description="Only those of a task.")],
) -> None:
    """Mark all your notifications as read."""
    unread = Notification.filter(user_id=access.user.id, read_at__isnull=True)
    if task_id:
        unread = unread.filter(task_id=task_id)
    async with unit_of_work():
        await unread.update(read_at=datetime.now(UTC))


async def mute_board(board_id: UUID, access: CurrentAccess) -> None:
    """Stop your notifications of a board. Those that you have stay."""
    async with access.change((BOARDS, board_id)):
        await Mute.get_or_create(board_id=board_id, user_id=access.user.id)


async def unmute_board(board_id: UUID, access: CurrentAccess) -> None:
    """Get notifications of a board again."""
    async with access.change((BOARDS, board_id)):
        await Mute.filter(board_id=board_id, user_id=access.user.id).delete()


async def get_notification_settings(access: CurrentAccess) -> Any:
    """Return your notification settings, and the boards that you have muted."""
    user = await User.get(id=access.user.id)
    muted = Mute.filter(user_id=user.id).values_list("board_id", flat=True)
    boards = access.visible(BOARDS).filter(id__in=await muted)
    return schemas.NotificationSettings(
        due_in_3_days=user.due_in_3_days,
        due_in_1_day=user.due_in_1_day,
        muted_board_ids=await boards.order_by("id").values_list("id", flat=True),
    )


async def update_notification_settings(
    body: schemas.NotificationSettingsUpdate, access: CurrentAccess
) -> Any:
    """Set whether you are notified 3 days and 1 day before a task is due."""
    async with unit_of_work():
        await User.filter(id=access.user.id).update(**body.model_dump())
    return await get_notification_settings(access)


async def notify_of_due_dates() -> None:
    """Notify assignees of due dates that approach or have passed."""
    connection = Tortoise.get_connection("default")
    [run] = await connection.execute_query_dict(LAST_RUN)
    for kind, ahead in AHEAD.items():
        place = [run["since"] + ahead - LOOK_BACK, UUID(int=0), 0]
        while place:
            values = [kind, run["until"] + ahead, *place]
            last = await connection.execute_query_dict(NOTIFY, values)
            place = [*last[0].values()] if last else []
    await connection.execute_query(END_RUN, [run["until"]])


async def purge_notifications() -> None:
    """Delete the notifications that are older than EVENT_DAYS."""
    before = datetime.now(UTC) - timedelta(days=settings().event_days)
    await delete_in_batches("notifications", among_oldest("notifications"), before)
