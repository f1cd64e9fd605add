"""A board or a task with all that is on it, in one answer."""

from typing import Any
from uuid import UUID

from fastapi import Request

from api.access.gate import Access
from api.db.executor import BatchExecutor
from api.http.route import CurrentAccess
from api.resources.operations import compiled
from api.resources.reads import Read
from api.resources.representation import fields_of
from api.resources.resource import Resource
from crud_config import RESOURCES
from models import schemas

boards = RESOURCES.at("boards")
columns = RESOURCES.at("columns")
tasks = RESOURCES.at("tasks")
labels = RESOURCES.at("labels")
subtasks = RESOURCES.at("subtasks")
comments = RESOURCES.at("comments")


def list_of(statement: str) -> str:
    """Return the rows of a statement as a list in JSON."""
    return f"array_to_json(ARRAY(SELECT row_to_json(each) FROM ({statement}) AS each))"  # noqa: S608


class FullRead(Read):
    """A row with all that is on it, in one statement."""

    def __init__(self, resource: Resource) -> None:
        super().__init__(resource, is_list=False)
        self.is_tagged = True
        self.pipeline = BatchExecutor(connections=3, most=2)


MEMBERS = """
    SELECT users.id, username, avatar_url, role
    FROM board_users JOIN users ON users.id = user_id
"""


class FullBoardRead(FullRead):
    """The whole board."""

    def fields(self, access: Access, **computed: str) -> str:
        place = "row_number() OVER (ORDER BY rank) - 1"
        members = f"{MEMBERS} WHERE board_id = rows.id ORDER BY board_users.id"
        cards = f"""
            SELECT {fields_of(tasks, access, position="row_number() OVER (ORDER BY rows.rank) - 1")}
            FROM tasks AS rows {tasks.hooks.computed_join}
            WHERE column_id = stack.id AND {tasks.is_shown("rows")} ORDER BY rows.rank
        """  # noqa: S608  # the registry's names
        stacks = f"""
            SELECT {fields_of(columns, access, "stack", position=place)}, {list_of(cards)} AS tasks
            FROM columns AS stack WHERE board_id = rows.id AND {columns.is_shown("stack")}
            ORDER BY rank
        """  # noqa: S608
        borne = f"""
            SELECT {fields_of(labels, access, "labels")}
            FROM labels WHERE board_id = rows.id ORDER BY id
        """  # noqa: S608
        return f"""
            {super().fields(access, **computed)},
            {list_of(members)} AS members, {list_of(borne)} AS labels, {list_of(stacks)} AS columns
        """


class FullTaskRead(FullRead):
    """A task with all that is on it."""

    def fields(self, access: Access, **computed: str) -> str:
        place = "row_number() OVER (ORDER BY rank) - 1"
        assignees = f"""
            {MEMBERS} JOIN task_assignees ON membership_id = board_users.id
            WHERE task_id = rows.id ORDER BY task_assignees.id
        """
        borne = f"""
            SELECT {fields_of(labels, access, "labels")}
            FROM labels JOIN task_labels ON label_id = labels.id WHERE task_id = rows.id
            ORDER BY label_id
        """  # noqa: S608  # the registry's names
        steps = f"""
            SELECT {fields_of(subtasks, access, "step", position=place)}
            FROM subtasks AS step WHERE task_id = rows.id ORDER BY rank
        """  # noqa: S608
        said = f"""
            SELECT {fields_of(comments, access, "comments")}
            FROM comments WHERE task_id = rows.id ORDER BY id
        """  # noqa: S608
        return f"""
            {super().fields(access, **computed)},
            (SELECT title FROM boards WHERE id = home.board_id) AS board_title,
            home.title AS column_title,
            {list_of(borne)} AS labels, {list_of(assignees)} AS assignees,
            {list_of(steps)} AS subtasks, {list_of(said)} AS comments
        """  # noqa: S608


read_board, read_task = FullBoardRead(boards), FullTaskRead(tasks)


@compiled("full", boards, read_board, shown=schemas.FullBoard)
async def get_full_board(board_id: UUID, request: Request, access: CurrentAccess) -> Any:
    """Return a board with its members, labels, columns and tasks, all as of the same moment.

    Subtasks and comments have lists of their own.
    """
    return await read_board.respond(request, access, row_id=board_id)


@compiled("full", tasks, read_task, shown=schemas.FullTask)
async def get_full_task(task_id: UUID, request: Request, access: CurrentAccess) -> Any:
    """Return a task with its labels, assignees, subtasks and comments, and the titles of its column
    and board, all as of the same moment."""
    return await read_task.respond(request, access, row_id=task_id)
