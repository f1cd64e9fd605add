"""Litestar and Advanced Alchemy as their documentations show them.

An authentication middleware, the plugin's session, a service for each table, and msgspec structs
for what is received and sent.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import jwt
import msgspec
import uvicorn
from advanced_alchemy.extensions.litestar import (
    AsyncSessionConfig,
    EngineConfig,
    SQLAlchemyAsyncConfig,
    SQLAlchemyPlugin,
)
from advanced_alchemy.extensions.litestar.providers import create_service_dependencies
from advanced_alchemy.filters import LimitOffset, OrderBy
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from litestar import Litestar, Request, get, post, put
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.middleware.base import DefineMiddleware
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import joinedload, selectinload

from bench.peers.shared import COOKIE, IDLE, POOL, PORT, claims_of
from bench.peers.sqlalchemy_models import (
    WHOLE,
    Board,
    BoardUser,
    Column,
    Session,
    Subtask,
    Task,
    now,
    url,
)

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class TaskIn(msgspec.Struct):
    title: Title
    description: Annotated[str, msgspec.Meta(max_length=10_000)] | None = None
    due_date: datetime | None = None
    priority: Literal["LOW", "MEDIUM", "HIGH"] = "LOW"
    status: Literal["TODO", "IN_PROGRESS", "DONE", "REJECT"] = "TODO"
    color: Annotated[str, msgspec.Meta(pattern="^#[0-9a-fA-F]{6}$")] | None = None


class SubtaskIn(msgspec.Struct):
    task_id: UUID
    title: Title
    is_completed: bool = False


class Record(msgspec.Struct):
    id: UUID
    created_at: datetime
    updated_at: datetime
    version: int


class TaskOut(Record):
    column_id: UUID
    title: str
    description: str | None
    position: int
    due_date: datetime | None
    priority: str
    status: str
    color: str | None


class SubtaskOut(Record):
    task_id: UUID
    title: str
    is_completed: bool


class BoardOut(Record):
    title: str
    description: str | None
    is_public: bool
    color: str | None
    my_role: str | None
    operations: list[str]


class LabelOut(Record):
    board_id: UUID
    name: str
    color: str | None


class MemberOut(msgspec.Struct):
    user_id: UUID = msgspec.field(name="id")
    username: str
    avatar_url: str
    role: str


class FullTaskOut(TaskOut):
    subtasks: int
    subtasks_completed: int
    comments: int
    assignees: list[UUID]
    labels: list[UUID]


class FullColumnOut(Record):
    board_id: UUID
    title: str
    position: int
    color: str | None
    tasks: list[FullTaskOut]


class FullBoardOut(BoardOut):
    members: list[MemberOut]
    labels: list[LabelOut]
    columns: list[FullColumnOut]


class SessionService(SQLAlchemyAsyncRepositoryService[Session]):
    class Repo(SQLAlchemyAsyncRepository[Session]):
        model_type = Session

    repository_type = Repo


class BoardService(SQLAlchemyAsyncRepositoryService[Board]):
    class Repo(SQLAlchemyAsyncRepository[Board]):
        model_type = Board

    repository_type = Repo


class ColumnService(SQLAlchemyAsyncRepositoryService[Column]):
    class Repo(SQLAlchemyAsyncRepository[Column]):
        model_type = Column

    repository_type = Repo


class TaskService(SQLAlchemyAsyncRepositoryService[Task]):
    class Repo(SQLAlchemyAsyncRepository[Task]):
        model_type = Task

    repository_type = Repo


class SubtaskService(SQLAlchemyAsyncRepositoryService[Subtask]):
    class Repo(SQLAlchemyAsyncRepository[Subtask]):
        model_type = Subtask

    repository_type = Repo


alchemy = SQLAlchemyAsyncConfig(
    connection_string=url(),
    engine_config=EngineConfig(pool_size=POOL, max_overflow=0),
    session_config=AsyncSessionConfig(expire_on_commit=False),
    before_send_handler="autocommit",
)


class Authentication(AbstractAuthenticationMiddleware):
    async def authenticate_request(self, connection: ASGIConnection) -> AuthenticationResult:
        try:
            claims = claims_of(connection.cookies.get(COOKIE))
        except jwt.InvalidTokenError:
            raise NotAuthorizedException from None
        sessions = SessionService(alchemy.provide_session(connection.app.state, connection.scope))
        session = await sessions.get_one_or_none(
            Session.id == UUID(claims["jti"]),
            Session.user_id == UUID(claims["sub"]),
            Session.expires_at > now(),
            Session.last_used_at > now() - IDLE,
            load=[joinedload(Session.user, innerjoin=True)],
        )
        if session is None:
            raise NotAuthorizedException
        return AuthenticationResult(user=session.user, auth=claims)


def on_board(user_id: UUID, *, writes: bool = False) -> ColumnElement[bool]:
    """Boards that the user may read or, as a member, write to."""
    is_member = Board.members.any(BoardUser.user_id == user_id)
    allowed = is_member if writes else or_(Board.is_public, is_member)
    return Board.deleted_at.is_(None) & allowed


async def find_task(
    tasks: TaskService, task_id: UUID, user_id: UUID, *, writes: bool = False
) -> Task:
    column = Column.deleted_at.is_(None) & Column.board.has(on_board(user_id, writes=writes))
    task = await tasks.get_one_or_none(
        Task.id == task_id, Task.deleted_at.is_(None), Task.column.has(column)
    )
    if task is None:
        raise NotFoundException
    return task


@get("/health", exclude_from_auth=True)
async def health() -> dict[str, str]:
    return {}


@get("/api/tasks/{task_id:uuid}", dependencies=create_service_dependencies(TaskService, "tasks"))
async def get_task(task_id: UUID, tasks: TaskService, request: Request) -> TaskOut:
    task = await find_task(tasks, task_id, request.user.id)
    return tasks.to_schema(task, schema_type=TaskOut)


@get(
    "/api/columns/{column_id:uuid}/tasks",
    dependencies={
        **create_service_dependencies(ColumnService, "columns"),
        **create_service_dependencies(TaskService, "tasks"),
    },
)
async def list_tasks(
    column_id: UUID,
    columns: ColumnService,
    tasks: TaskService,
    request: Request,
    limit: int = 50,
) -> Sequence[TaskOut]:
    column = await columns.get_one_or_none(
        Column.id == column_id,
        Column.deleted_at.is_(None),
        Column.board.has(on_board(request.user.id)),
    )
    if column is None:
        raise NotFoundException
    found = await tasks.list(
        Task.column_id == column_id,
        Task.deleted_at.is_(None),
        OrderBy("position"),
        LimitOffset(limit, 0),
    )
    return tasks.to_schema(found, schema_type=TaskOut).items


@get("/api/boards", dependencies=create_service_dependencies(BoardService, "boards"))
async def list_boards(
    boards: BoardService, request: Request, limit: int = 50
) -> Sequence[BoardOut]:
    user_id = request.user.id
    found = await boards.list(
        on_board(user_id),
        OrderBy("id"),
        LimitOffset(limit, 0),
        load=[selectinload(Board.members.and_(BoardUser.user_id == user_id))],
    )
    shown = [board.seen_by(user_id) for board in found]
    return boards.to_schema(shown, schema_type=BoardOut).items


@get(
    "/api/boards/{board_id:uuid}/full",
    dependencies=create_service_dependencies(BoardService, "boards"),
)
async def get_full_board(board_id: UUID, boards: BoardService, request: Request) -> FullBoardOut:
    user_id = request.user.id
    board = await boards.get_one_or_none(Board.id == board_id, on_board(user_id), load=WHOLE)
    if board is None:
        raise NotFoundException
    return boards.to_schema(board.seen_by(user_id), schema_type=FullBoardOut)


@put("/api/tasks/{task_id:uuid}", dependencies=create_service_dependencies(TaskService, "tasks"))
async def update_task(task_id: UUID, data: TaskIn, tasks: TaskService, request: Request) -> TaskOut:
    task = await find_task(tasks, task_id, request.user.id, writes=True)
    for name, value in {**msgspec.structs.asdict(data), "version": Task.version + 1}.items():
        setattr(task, name, value)
    return tasks.to_schema(await tasks.update(task), schema_type=TaskOut)


@post(
    "/api/subtasks",
    dependencies={
        **create_service_dependencies(TaskService, "tasks"),
        **create_service_dependencies(SubtaskService, "subtasks"),
    },
)
async def create_subtask(
    data: SubtaskIn, tasks: TaskService, subtasks: SubtaskService, request: Request
) -> SubtaskOut:
    await find_task(tasks, data.task_id, request.user.id, writes=True)
    return subtasks.to_schema(await subtasks.create(data), schema_type=SubtaskOut)


app = Litestar(
    [
        health,
        get_task,
        list_tasks,
        list_boards,
        get_full_board,
        update_task,
        create_subtask,
    ],
    middleware=[DefineMiddleware(Authentication)],
    plugins=[SQLAlchemyPlugin(alchemy)],
)

if __name__ == "__main__":
    uvicorn.run(app, port=PORT, access_log=False, log_level="warning")
