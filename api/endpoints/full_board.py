"""A whole board in one answer."""

from collections import defaultdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from tortoise import Tortoise
from tortoise.functions import Count

from api.access.gate import Access
from api.access.rights import VIEWER, Right
from api.db.connection import unit_of_work
from api.db.executor import Pipeline
from api.endpoints.members import member_of
from api.http.preconditions import LISTING_ETAG_HEADER, IfNoneMatch
from api.http.route import router
from api.resources.plain import Operation
from api.resources.plain_reads import Read, fields_of, is_shown_alike
from api.resources.router import compiled
from crud_config import RESOURCES
from models import schemas
from models.tables import (
    BoardUser,
    Column,
    Comment,
    Label,
    Subtask,
    Task,
    TaskAssignee,
    TaskLabel,
)

full = router("boards")
boards = RESOURCES.at("boards")
columns = RESOURCES.at("columns")
tasks = RESOURCES.at("tasks")
labels = RESOURCES.at("labels")


@full.get(
    "/boards/{board_id}/full",
    response_model=schemas.FullBoard,
    responses={200: {"headers": LISTING_ETAG_HEADER}},
    dependencies=[Depends(IfNoneMatch)],
)
@compiled("full", boards, shown=schemas.FullBoard)
async def get_full_board(board_id: UUID, access: Annotated[Access, Depends(VIEWER)]) -> Any:
    """A board with its members, labels and columns, and their tasks, all as of one moment.

    Each task comes with the numbers of its subtasks and comments, and with the ids of its labels
    and of the members it is assigned to. Subtasks and comments themselves have lists of their own.
    """
    async with unit_of_work():
        await Tortoise.get_connection("default").execute_query(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
        )
        board = await access.read(boards, board_id)
        members = await BoardUser.filter(board_id=board_id).order_by("id").select_related("user")
        cards = await _tasks(board_id, access)
        found = await Column.filter(columns.is_kept, board_id=board_id).order_by("rank")
        return schemas.FullBoard(
            **(await boards.present(board, access)).model_dump(),
            members=[member_of(row) for row in members],
            labels=await labels.present_all(
                await Label.filter(board_id=board_id).order_by("id"), access
            ),
            columns=[
                schemas.FullColumn(**record.model_dump(), tasks=cards[record.id])
                for record in await columns.present_all(found, access)
            ],
        )


async def _tasks(board_id: UUID, access: Access) -> dict[UUID, list[Any]]:
    """The tasks of a board in their order, by column."""
    steps = Subtask.filter(task__column__board_id=board_id).group_by("task_id", "is_completed")
    done: dict[UUID, dict[bool, int]] = defaultdict(dict)
    for task, completed, number in await steps.annotate(number=Count("id")).values_list(
        "task_id", "is_completed", "number"
    ):
        done[task][completed] = number
    comments = Comment.filter(task__column__board_id=board_id).group_by("task_id")
    said = dict(await comments.annotate(number=Count("id")).values_list("task_id", "number"))
    assigned = TaskAssignee.filter(membership__board_id=board_id).order_by("id")
    assignees: dict[UUID, list[UUID]] = defaultdict(list)
    for task, user in await assigned.values_list("task_id", "membership__user_id"):
        assignees[task].append(user)
    borne = TaskLabel.filter(label__board_id=board_id).order_by("label_id")
    marks: dict[UUID, list[UUID]] = defaultdict(list)
    for task, label in await borne.values_list("task_id", "label_id"):
        marks[task].append(label)
    cards: dict[UUID, list[Any]] = defaultdict(list)
    rows = await Task.filter(tasks.is_kept, column__board_id=board_id).order_by("rank")
    for record in await tasks.present_all(rows, access):
        card = schemas.FullTask(
            **record.model_dump(),
            subtasks=sum(done[record.id].values()),
            subtasks_completed=done[record.id].get(True, 0),
            comments=said.get(record.id, 0),
            assignees=assignees[record.id],
            labels=marks[record.id],
        )
        cards[record.column_id].append(card)
    return cards


class FullBoardRead(Read):
    """The whole board in one statement."""

    def __init__(self, operations: dict[str, Right], pipeline: Pipeline) -> None:
        super().__init__(boards, operations, pipeline, is_list=False)
        self.is_tagged = True

    def fields(self, access: Access, goes_on: bool) -> str:
        place = "row_number() OVER (ORDER BY rank) - 1"
        members = """
            SELECT users.id, username, avatar_url, role
            FROM board_users JOIN users ON users.id = user_id
            WHERE board_id = rows.id ORDER BY board_users.id
        """
        assignees = """
            SELECT user_id FROM task_assignees JOIN board_users ON board_users.id = membership_id
            WHERE task_id = card.id ORDER BY task_assignees.id
        """
        marks = "SELECT label_id FROM task_labels WHERE task_id = card.id ORDER BY label_id"
        cards = f"""
            SELECT {fields_of(tasks, access, "card", position=place)},
                steps.total AS subtasks, steps.completed AS subtasks_completed,
                (SELECT count(*) FROM comments WHERE task_id = card.id) AS comments,
                ARRAY({assignees}) AS assignees,
                ARRAY({marks}) AS labels
            FROM tasks AS card, LATERAL (
                SELECT count(*) AS total, count(*) FILTER (WHERE is_completed) AS completed
                FROM subtasks WHERE task_id = card.id
            ) AS steps WHERE column_id = stack.id AND deleted_at IS NULL ORDER BY rank
        """  # noqa: S608  # the registry's names
        stacks = f"""
            SELECT {fields_of(columns, access, "stack", position=place)}, {list_of(cards)} AS tasks
            FROM columns AS stack WHERE board_id = rows.id AND deleted_at IS NULL ORDER BY rank
        """  # noqa: S608
        borne = f"""
            SELECT {fields_of(labels, access, "labels")}
            FROM labels WHERE board_id = rows.id ORDER BY id
        """  # noqa: S608
        return f"""
            {super().fields(access, goes_on)},
            {list_of(members)} AS members, {list_of(borne)} AS labels, {list_of(stacks)} AS columns
        """


def full_board_of(operations: dict[str, Right], pipeline: Pipeline) -> Operation | None:
    """Make the fast path of the whole board, if it shows all that the endpoint shows."""
    shown = all(map(is_shown_alike, (boards, columns, tasks, labels)))
    return FullBoardRead(operations, pipeline) if shown else None


def list_of(statement: str) -> str:
    """The rows of a statement as a list in JSON."""
    return f"array_to_json(ARRAY(SELECT row_to_json(each) FROM ({statement}) AS each))"  # noqa: S608
