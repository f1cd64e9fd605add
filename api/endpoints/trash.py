"""The trash: its lists, and the deletion for good of what has been in it for too long."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise import Tortoise

from api.http.route import CurrentAccess
from api.resources.pagination import PageOf
from api.settings import settings
from crud_config import RESOURCES
from models import schemas

boards = RESOURCES.at("boards")
columns = RESOURCES.at("columns")
tasks = RESOURCES.at("tasks")

# Until a row is purged nobody can have seen it for so long, so that no restoring meets a purge.
PURGE_MARGIN = timedelta(hours=1)

# The lowest first, since a row takes what is under it along. A few at a time, on boards that nobody
# is writing to: others are purged the next time.
# PostgreSQL looks for each id of an array in an index, however many it expects there to be.
PURGE = """
    WITH expired_boards AS (SELECT id, id AS board_id FROM boards WHERE deleted_at <= $1),
    expired_columns AS (
        SELECT id, board_id FROM columns WHERE deleted_at <= $1
        UNION SELECT id, board_id FROM columns
        WHERE board_id = ANY (ARRAY(SELECT id FROM expired_boards))
    ),
    expired_tasks AS (
        SELECT id, column_id FROM tasks WHERE deleted_at <= $1
        UNION SELECT id, column_id FROM tasks
        WHERE column_id = ANY (ARRAY(SELECT id FROM expired_columns))
    ),
    expired AS MATERIALIZED ({expired}),
    locked AS MATERIALIZED (
        SELECT id FROM boards WHERE id = ANY (ARRAY(SELECT board_id FROM expired))
        ORDER BY id LIMIT 20 FOR NO KEY UPDATE SKIP LOCKED
    )
    DELETE FROM {table} WHERE id = ANY (ARRAY(
        SELECT id FROM {table} WHERE id = ANY (ARRAY(
            SELECT id FROM expired WHERE board_id IN (SELECT id FROM locked) LIMIT 1000
        )) FOR UPDATE SKIP LOCKED
    ))
"""
EXPIRED = {
    "tasks": """
        SELECT id, (SELECT board_id FROM columns WHERE columns.id = column_id) AS board_id
        FROM expired_tasks
    """,
    "columns": "SELECT * FROM expired_columns",
    "boards": "SELECT * FROM expired_boards",
}


def _trashed(row: Any) -> Any:
    return schemas.Trashed(
        id=row.id,
        title=row.title,
        kind=type(row).__name__.lower(),
        column_id=getattr(row, "column_id", None),
        deleted_at=row.deleted_at,
        purged_at=row.deleted_at + settings().trash_life,
    )


async def list_trash(page: PageOf, access: CurrentAccess) -> Any:
    """Return the boards in the trash that you may restore, the most recently deleted first."""
    rows = await page.fetch(access.visible(boards.trash), "-deleted_at", "-id")
    return [_trashed(row) for row in rows]


async def list_board_trash(board_id: UUID, page: PageOf, access: CurrentAccess) -> Any:
    """Return the columns and tasks of a board that are in the trash, the most recently deleted
    first.

    The tasks of a deleted column aren't listed: they are restored or deleted with the column.
    """
    await access.read(boards, board_id)
    rows = await page.fetch_all(
        [
            access.visible(columns.trash).filter(board_id=board_id),
            access.visible(tasks.trash).filter(column__board_id=board_id),
        ],
        "-deleted_at",
        "-id",
    )
    return [_trashed(row) for row in rows]


async def purge_trash() -> None:
    """Delete for good what has been in the trash for too long, with all that is under it."""
    before = datetime.now(UTC) - settings().trash_life - PURGE_MARGIN
    connection = Tortoise.get_connection("default")
    for table, expired in EXPIRED.items():
        statement = PURGE.format(table=table, expired=expired)
        while (await connection.execute_query(statement, [before]))[0]:
            pass
