"""The assignees and the labels of a task."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from tortoise.expressions import Subquery

from api.access.gate import Access
from api.access.rights import MEMBER, VIEWER
from api.endpoints.members import find_membership, member_of
from api.http.route import router
from api.problems import NotFound
from api.resources.pagination import PageOf, answers_with_list_of
from api.resources.representation import serialize_all
from crud_config import RESOURCES
from models import schemas
from models.tables import Column, Label, TaskAssignee, TaskLabel

assignments = router("tasks")
tasks = RESOURCES.at("tasks")
labels = RESOURCES.at("labels")


async def _board_of(task: Any) -> UUID:
    column = await Column.get(id=task.column_id)
    return column.board_id


@assignments.get(
    "/tasks/{task_id}/assignees",
    summary="List a task's assignees",
    **answers_with_list_of(schemas.Member),
)
async def list_task_assignees(
    task_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """Return the members whom a task is assigned to, in the order in which they were assigned."""
    await access.read(tasks, task_id)
    rows = TaskAssignee.filter(task_id=task_id).select_related("membership__user")
    return [member_of(row.membership) for row in await page.fetch(rows)]


@assignments.put(
    "/tasks/{task_id}/assignees/{user_id}",
    summary="Assign a task",
    status_code=204,
    response_class=Response,
)
async def assign_task(
    task_id: UUID, user_id: UUID, access: Annotated[Access, Depends(MEMBER)]
) -> None:
    """Assign a task to a member of its board. Assigning it again changes nothing. The task's
    `version` doesn't change.

    When a member leaves the board, their assignments end.
    """
    async with access.change((tasks, task_id)) as [task]:
        membership = await find_membership(await _board_of(task), user_id)
        await TaskAssignee.get_or_create(task_id=task_id, membership_id=membership.id)


@assignments.delete(
    "/tasks/{task_id}/assignees/{user_id}",
    summary="Unassign a task",
    status_code=204,
    response_class=Response,
)
async def unassign_task(
    task_id: UUID, user_id: UUID, access: Annotated[Access, Depends(MEMBER)]
) -> None:
    """End the assignment of a task to a member."""
    async with access.change((tasks, task_id)) as [task]:
        membership = await find_membership(await _board_of(task), user_id)
        assigned = TaskAssignee.filter(task_id=task_id, membership_id=membership.id)
        if not await assigned.delete():
            raise NotFound("The task is not assigned to this user.")


@assignments.get(
    "/tasks/{task_id}/labels",
    summary="List a task's labels",
    **answers_with_list_of(labels.schemas.response),
)
async def list_task_labels(
    task_id: UUID, page: PageOf, access: Annotated[Access, Depends(VIEWER)]
) -> Any:
    """Return the labels of a task, the oldest label first."""
    await access.read(tasks, task_id)
    borne = TaskLabel.filter(task_id=task_id).values("label_id")
    rows = await page.fetch(Label.filter(id__in=Subquery(borne)))
    return await serialize_all(labels, rows, access)


@assignments.put(
    "/tasks/{task_id}/labels/{label_id}",
    summary="Add a label to a task",
    status_code=204,
    response_class=Response,
)
async def label_task(
    task_id: UUID, label_id: UUID, access: Annotated[Access, Depends(MEMBER)]
) -> None:
    """Add a label of the board to a task. Adding it again changes nothing. The task's `version`
    doesn't change."""
    async with access.change((tasks, task_id)) as [task]:
        if not await Label.exists(id=label_id, board_id=await _board_of(task)):
            raise NotFound("The board has no such label.")
        await TaskLabel.get_or_create(task_id=task_id, label_id=label_id)


@assignments.delete(
    "/tasks/{task_id}/labels/{label_id}",
    summary="Remove a label from a task",
    status_code=204,
    response_class=Response,
)
async def unlabel_task(
    task_id: UUID, label_id: UUID, access: Annotated[Access, Depends(MEMBER)]
) -> None:
    """Remove a label from a task. The label itself stays."""
    async with access.change((tasks, task_id)):
        if not await TaskLabel.filter(task_id=task_id, label_id=label_id).delete():
            raise NotFound("The task doesn't have this label.")
