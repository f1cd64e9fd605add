"""What lies directly under a record: a board's columns, a column's tasks, a task's subtasks."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends

from api.access import VIEWER, Access
from api.crud import Resource
from api.paging import LINK_HEADER, Page, PageOf
from api.routing import router
from crud_config import RESOURCES

listings = router("listings")
columns = RESOURCES.at("columns")
tasks = RESOURCES.at("tasks")
subtasks = RESOURCES.at("subtasks")


def _answers_with(resource: Resource) -> dict[str, Any]:
    sent: Any = resource.schemas.sent
    return {"response_model": list[sent], "responses": {200: {"headers": LINK_HEADER}}}


async def _children(
    resource: Resource, parent_id: UUID, page: Page, order: str, access: Access
) -> list[Any]:
    if resource.parent is None:
        raise TypeError(f"{resource.path} have no parent")
    await access.read(resource.parent, parent_id)
    rows = await page.of(resource.model.filter(**{resource.parent_id: parent_id}), order)
    return [resource.present(row, access) for row in rows]


@listings.get("/boards/{board_id}/columns", **_answers_with(columns))
async def list_board_columns(
    board_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """The columns of a board, in the order of their positions."""
    return await _children(columns, board_id, page, "position", access)


@listings.get("/columns/{column_id}/tasks", **_answers_with(tasks))
async def list_column_tasks(
    column_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """The tasks of a column, in the order of their positions."""
    return await _children(tasks, column_id, page, "position", access)


@listings.get("/tasks/{task_id}/subtasks", **_answers_with(subtasks))
async def list_task_subtasks(
    task_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """The subtasks of a task, the oldest first."""
    return await _children(subtasks, task_id, page, "id", access)
