"""A whole board in one answer."""

from typing import Any
from uuid import UUID

from fastapi import Request

from api.access.gate import Access
from api.db.executor import BatchExecutor
from api.http.route import CurrentAccess
from api.resources.operations import compiled
from api.resources.reads import Read
from api.resources.representation import fields_of
from crud_config import RESOURCES
from models import schemas

boards = RESOURCES.at("boards")
columns = RESOURCES.at("columns")
tasks = RESOURCES.at("tasks")
labels = RESOURCES.at("labels")


def list_of(statement: str) -> str:
    """Return the rows of a statement as a list in JSON."""
    return f"array_to_json(ARRAY(SELECT row_to_json(each) FROM ({statement}) AS each))"  # noqa: S608


class FullBoardRead(Read):
    """The whole board in one statement."""

    def __init__(self) -> None:
        super().__init__(boards, is_list=False)
        self.is_tagged = True
        self.pipeline = BatchExecutor(connections=3, most=2)

    def fields(self, access: Access, **computed: str) -> str:
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
            {super().fields(access, **computed)},
            {list_of(members)} AS members, {list_of(borne)} AS labels, {list_of(stacks)} AS columns
        """


read = FullBoardRead()


@compiled("full", boards, read, shown=schemas.FullBoard)
async def get_full_board(board_id: UUID, request: Request, access: CurrentAccess) -> Any:
    """Return a board with its members, labels, columns and tasks, all as of the same moment.

    Each task contains the number of its subtasks and comments, and the ids of its labels and
    assignees. Subtasks and comments have lists of their own.
    """
    return await read.respond(request, access, row_id=board_id)
