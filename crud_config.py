"""The table of records: who may do what, and how a row leads to its board.

Each row becomes six routes, and more for a parent, an order and a trash. `board` is the way from a
row to the board that decides; a list shows exactly what can be read one by one. Admins may do all.
"""

from api.access.rights import (
    ADMIN,
    AUTHOR,
    AUTHOR_OR_MODERATOR,
    COMMENTER,
    CREATOR,
    MEMBER,
    MODERATOR,
    READER,
    SELF,
    SIGNED_IN,
)
from api.resources.hooks import Boards, Columns, Comments, Ordered, Tasks, Users
from api.resources.resource import TEXTS, TIMES, Registry, Resource
from models import schemas
from models.tables import Board, BoardComment, Column, Comment, Label, Subtask, Task, User

# fmt: off
RESOURCES = Registry(
    Resource(User,    "users",    schemas.user,    board=None, part_of="username", hooks=Users(),
             list=SIGNED_IN, read=SIGNED_IN, create=ADMIN,     update=SELF,      delete=SELF,
             self_only=("email", "disabled_at"), admin_only=("is_admin",), filters=("is_admin",),
             sort=("registered_at",)),
    Resource(Board,   "boards",   schemas.board,   board="self",              hooks=Boards(),
             list=READER,    read=READER,    create=SIGNED_IN, update=MODERATOR, delete=CREATOR,
             filters=("is_public", "is_template"), sort=("title", *TIMES), search=TEXTS),
    Resource(Column,  "columns",  schemas.column,  board="board",             hooks=Columns(),
             list=READER,    read=READER,    create=MEMBER,    update=MEMBER,    delete=MEMBER,
             filters=("board_id",), sort=("title", *TIMES), search=("title",)),
    Resource(Task,    "tasks",    schemas.task,    board="column.board",      hooks=Tasks(),
             list=READER,    read=READER,    create=MEMBER,    update=MEMBER,    delete=MEMBER,
             filters=("board_id", "column_id", "status", "priority", "due_date"),
             related={"assignee_id": "assignments__membership__user_id",
                      "label_id": "labellings__label_id"}, search=TEXTS,
             sort=("title", "due_date", "priority", "status", *TIMES)),
    Resource(Subtask, "subtasks", schemas.subtask, board="task.column.board", hooks=Ordered(),
             list=READER,    read=READER,    create=MEMBER,    update=MEMBER,    delete=MEMBER,
             filters=("board_id", "task_id", "is_completed"), sort=TIMES, search=("title",)),
    Resource(Comment, "comments", schemas.comment, board="task.column.board", hooks=Comments(),
             list=READER, read=READER, create=COMMENTER, update=AUTHOR, delete=AUTHOR_OR_MODERATOR,
             filters=("board_id", "task_id", "user_id"), sort=TIMES, search=("content",)),
    Resource(BoardComment, "board-comments", schemas.board_comment, board="board", hooks=Comments(),
             list=READER, read=READER, create=COMMENTER, update=AUTHOR, delete=AUTHOR_OR_MODERATOR,
             filters=("board_id", "user_id"), sort=TIMES, search=("content",)),
    Resource(Label,   "labels",   schemas.label,   board="board",
             list=READER,    read=READER,    create=MEMBER,    update=MEMBER,    delete=MEMBER,
             filters=("board_id",), sort=("name", *TIMES), part_of="name"),
)
# fmt: on
