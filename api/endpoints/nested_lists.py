"""What lies directly under a record, such as a board's columns."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends

from api.access.gate import Access
from api.access.rights import VIEWER
from api.http.route import router
from api.resources.pagination import Page, PageOf, answers_with_list_of
from api.resources.router import Resource, compiled
from crud_config import RESOURCES

listings = router("listings")
columns = RESOURCES.at("columns")
tasks = RESOURCES.at("tasks")
subtasks = RESOURCES.at("subtasks")
comments = RESOURCES.at("comments")
labels = RESOURCES.at("labels")


async def _children(resource: Resource, parent_id: UUID, page: Page, access: Access) -> Any:
    if resource.parent is None:
        raise TypeError(f"{resource.path} have no parent")
    await access.read(resource.parent, parent_id)
    rows = await page.of(resource.under(parent_id), resource.order)
    return await resource.present_all(rows, access)


@listings.get("/boards/{board_id}/columns", **answers_with_list_of(columns.schemas.sent))
@compiled("children", columns)
async def list_board_columns(
    board_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """The columns of a board, in the order of their positions."""
    return await _children(columns, board_id, page, access)


@listings.get("/columns/{column_id}/tasks", **answers_with_list_of(tasks.schemas.sent))
@compiled("children", tasks)
async def list_column_tasks(
    column_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """The tasks of a column, in the order of their positions."""
    return await _children(tasks, column_id, page, access)


@listings.get("/tasks/{task_id}/subtasks", **answers_with_list_of(subtasks.schemas.sent))
@compiled("children", subtasks)
async def list_task_subtasks(
    task_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """The subtasks of a task, in the order of their positions."""
    return await _children(subtasks, task_id, page, access)


@listings.get("/tasks/{task_id}/comments", **answers_with_list_of(comments.schemas.sent))
@compiled("children", comments)
async def list_task_comments(
    task_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """The comments on a task, the oldest first."""
    return await _children(comments, task_id, page, access)


@listings.get("/boards/{board_id}/labels", **answers_with_list_of(labels.schemas.sent))
@compiled("children", labels)
async def list_board_labels(
    board_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """The labels of a board, the oldest first."""
    return await _children(labels, board_id, page, access)
