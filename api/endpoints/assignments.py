"""The assignees and the labels of a task."""

from typing import Any
from uuid import UUID

from tortoise.expressions import Subquery

from api.endpoints.members import find_membership, member_of
from api.http.route import CurrentAccess
from api.problems import NotFound, invalid
from api.resources.pagination import PageOf
from api.resources.representation import serialize_all
from crud_config import RESOURCES
from models.enums import Role
from models.tables import Column, Label, TaskAssignee, TaskLabel

tasks = RESOURCES.at("tasks")
labels = RESOURCES.at("labels")


async def _board_of(task: Any) -> UUID:
    column = await Column.get(id=task.column_id)
    return column.board_id


async def _change(task: Any, **links: list[UUID]) -> None:
    await tasks.hooks.change_all(tasks, [task], links)


async def list_task_assignees(task_id: UUID, page: PageOf, access: CurrentAccess) -> Any:
    """Return the members whom a task is assigned to, in the order in which they were assigned."""
    await access.read(tasks, task_id)
    rows = TaskAssignee.filter(task_id=task_id).select_related("membership__user")
    return [member_of(row.membership) for row in await page.fetch(rows)]


async def assign_task(task_id: UUID, user_id: UUID, access: CurrentAccess) -> None:
    """Assign a task to a member of its board, but no VIEWER (422). Assigning it again changes
    nothing.

    When a member leaves the board or becomes a VIEWER, their assignments end.
    """
    async with access.change((tasks, task_id)) as [task]:
        membership = await find_membership(await _board_of(task), user_id)
        if membership.role is Role.VIEWER:
            detail = "A VIEWER can't be assigned to a task. Make them a MEMBER first."
            raise invalid(detail, "not_assignable", parameter="user_id")
        await _change(task, add_assignee_ids=[user_id])


async def unassign_task(task_id: UUID, user_id: UUID, access: CurrentAccess) -> None:
    """End the assignment of a task to a member."""
    async with access.change((tasks, task_id)) as [task]:
        membership = await find_membership(await _board_of(task), user_id)
        if not await TaskAssignee.exists(task_id=task_id, membership_id=membership.id):
            raise NotFound("The task is not assigned to this user.")
        await _change(task, remove_assignee_ids=[user_id])


async def list_task_labels(task_id: UUID, page: PageOf, access: CurrentAccess) -> Any:
    """Return the labels of a task, the oldest label first."""
    await access.read(tasks, task_id)
    borne = TaskLabel.filter(task_id=task_id).values("label_id")
    rows = await page.fetch(Label.filter(id__in=Subquery(borne)))
    return await serialize_all(labels, rows, access)


async def label_task(task_id: UUID, label_id: UUID, access: CurrentAccess) -> None:
    """Add a label of the board to a task. Adding it again changes nothing."""
    async with access.change((tasks, task_id)) as [task]:
        if not await Label.exists(id=label_id, board_id=await _board_of(task)):
            raise NotFound("The board has no such label.")
        await _change(task, add_label_ids=[label_id])


async def unlabel_task(task_id: UUID, label_id: UUID, access: CurrentAccess) -> None:
    """Remove a label from a task. The label itself stays."""
    async with access.change((tasks, task_id)) as [task]:
        if not await TaskLabel.exists(task_id=task_id, label_id=label_id):
            raise NotFound("The task doesn't have this label.")
        await _change(task, remove_label_ids=[label_id])
