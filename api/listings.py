"""What lies directly under a record: a board's columns, a column's tasks, a task's subtasks."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends

from api.access import VIEWER, Access
from api.crud import Resource
from api.paging import LINK_HEADER, Page, PageOf
from api.routing import router
from crud_config import RESOURCES
from models import schemas

listings = router("listings")
LISTED: dict[str, Any] = {"responses": {200: {"headers": LINK_HEADER}}}


async def _children(resource: Resource, parent_id: UUID, page: Page, order: str, access: Access) -> Any:
    assert resource.parent  # the three below have one
    await access.read(resource.parent, parent_id)
    rows = await page.of(resource.model.filter(**{resource.parent_id: parent_id}), order)
    return [resource.present(row, access) for row in rows]


@listings.get("/boards/{board_id}/columns", response_model=list[schemas.column.sent], **LISTED)
async def list_board_columns(
    board_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """The columns of a board, in the order of their positions."""
    return await _children(RESOURCES.at("columns"), board_id, page, "position", access)


@listings.get("/columns/{column_id}/tasks", response_model=list[schemas.task.sent], **LISTED)
async def list_column_tasks(
    column_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """The tasks of a column, in the order of their positions."""
    return await _children(RESOURCES.at("tasks"), column_id, page, "position", access)


@listings.get("/tasks/{task_id}/subtasks", response_model=list[schemas.subtask.sent], **LISTED)
async def list_task_subtasks(
    task_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """The subtasks of a task, the oldest first."""
    return await _children(RESOURCES.at("subtasks"), task_id, page, "id", access)
