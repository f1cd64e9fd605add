"""The table of records: who may do what, and where the decision comes from.

Each row becomes five routes (list, read, create, update, delete). `board` is the way from a row to
the board that decides; a list shows exactly what can be read one by one. Admins may do everything.
"""

from api.access import ADMIN, CREATOR, MEMBER, MODERATOR, SELF, SIGNED_IN, VIEWER
from api.crud import Registry, Resource
from api.records import Boards, Ordered, Users
from models import schemas
from models.tables import Board, Column, Subtask, Task, User

# fmt: off
RESOURCES = Registry(
    Resource(User,    "users",    schemas.user,    board=None,                records=Users(),
             list=SIGNED_IN, read=SIGNED_IN, create=ADMIN,     update=SELF,      delete=SELF,
             private=("email",), admin_only=("is_admin",)),
    Resource(Board,   "boards",   schemas.board,   board="self",              records=Boards(),
             list=VIEWER,    read=VIEWER,    create=SIGNED_IN, update=MODERATOR, delete=CREATOR),
    Resource(Column,  "columns",  schemas.column,  board="board",             records=Ordered(),
             list=VIEWER,    read=VIEWER,    create=MEMBER,    update=MEMBER,    delete=MEMBER),
    Resource(Task,    "tasks",    schemas.task,    board="column.board",      records=Ordered(),
             list=VIEWER,    read=VIEWER,    create=MEMBER,    update=MEMBER,    delete=MEMBER),
    Resource(Subtask, "subtasks", schemas.subtask, board="task.column.board",
             list=VIEWER,    read=VIEWER,    create=MEMBER,    update=MEMBER,    delete=MEMBER),
)
# fmt: on
