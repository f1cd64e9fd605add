"""Litestar and Advanced Alchemy as their documentations show them.

An authentication middleware, the plugin's session, a service for each table, and msgspec structs
for what is received and sent.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple
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
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import joinedload, load_only, selectinload

from bench.peers.shared import COOKIE, IDLE, POOL, PORT, claims_of, hash_of
from bench.peers.sqlalchemy_models import (
    WHOLE,
    WORDS,
    ApiToken,
    Board,
    BoardUser,
    Column,
    Comment,
    Session,
    Subtask,
    Task,
    TaskAssignee,
    now,
    search_text,
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


class TaskCreate(TaskIn, kw_only=True):
    column_id: UUID


class Move(msgspec.Struct):
    position: Annotated[int, msgspec.Meta(ge=0)]


class CommentIn(msgspec.Struct):
    task_id: UUID
    content: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]


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
    board_id: UUID
    label_ids: list[UUID]
    assignee_ids: list[UUID]
    subtask_count: int
    completed_subtask_count: int
    comment_count: int


class SubtaskOut(Record):
    task_id: UUID
    title: str
    is_completed: bool


class AuthorOut(msgspec.Struct):
    id: UUID
    username: str
    avatar_url: str


class CommentOut(Record):
    task_id: UUID
    user_id: UUID | None
    content: str
    author: AuthorOut | None


class MembershipOut(msgspec.Struct):
    user_id: UUID
    board_id: UUID
    role: str


class BoardOut(Record):
    title: str
    description: str | None
    is_public: bool
    viewers_can_comment: bool
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


class FullColumnOut(Record):
    board_id: UUID
    title: str
    position: int
    color: str | None
    tasks: list[TaskOut]


class FullBoardOut(BoardOut):
    members: list[MemberOut]
    labels: list[LabelOut]
    columns: list[FullColumnOut]


class ApiTokenService(SQLAlchemyAsyncRepositoryService[ApiToken]):
    class Repo(SQLAlchemyAsyncRepository[ApiToken]):
        model_type = ApiToken

    repository_type = Repo


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


class CommentService(SQLAlchemyAsyncRepositoryService[Comment]):
    class Repo(SQLAlchemyAsyncRepository[Comment]):
        model_type = Comment

    repository_type = Repo


class BoardUserService(SQLAlchemyAsyncRepositoryService[BoardUser]):
    class Repo(SQLAlchemyAsyncRepository[BoardUser]):
        model_type = BoardUser

    repository_type = Repo


alchemy = SQLAlchemyAsyncConfig(
    connection_string=url(),
    engine_config=EngineConfig(pool_size=POOL, max_overflow=0),
    session_config=AsyncSessionConfig(expire_on_commit=False),
    before_send_handler="autocommit",
)


class Caller(NamedTuple):
    id: UUID
    is_admin: bool


class Authentication(AbstractAuthenticationMiddleware):
    async def authenticate_request(self, connection: ASGIConnection) -> AuthenticationResult:
        db = alchemy.provide_session(connection.app.state, connection.scope)
        if authorization := connection.headers.get("authorization"):
            token = await ApiTokenService(db).get_one_or_none(
                ApiToken.token_hash == hash_of(authorization),
                ApiToken.expires_at > now(),
                load=[joinedload(ApiToken.user, innerjoin=True)],
            )
            needed = "read" if connection.scope["method"] == "GET" else "write"
            if token is None or needed not in token.scopes:
                raise NotAuthorizedException
            is_admin = token.user.is_admin and "admin" in token.scopes
            return AuthenticationResult(user=Caller(token.user_id, is_admin), auth=token)
        try:
            claims = claims_of(connection.cookies.get(COOKIE))
        except jwt.InvalidTokenError:
            raise NotAuthorizedException from None
        session = await SessionService(db).get_one_or_none(
            Session.id == UUID(claims["jti"]),
            Session.user_id == UUID(claims["sub"]),
            Session.expires_at > now(),
            Session.last_used_at > now() - IDLE,
            load=[joinedload(Session.user, innerjoin=True)],
        )
        if session is None:
            raise NotAuthorizedException
        user = Caller(session.user_id, session.user.is_admin)
        return AuthenticationResult(user=user, auth=claims)


def on_board(user: Caller, *, writes: bool = False) -> ColumnElement[bool]:
    """Return boards that the user may read or, as a member, write to."""
    kept = Board.deleted_at.is_(None)
    if user.is_admin:
        return kept
    is_member = Board.members.any(BoardUser.user_id == user.id)
    return kept & (is_member if writes else or_(Board.is_public, is_member))


def in_column(user: Caller, *, writes: bool = False) -> ColumnElement[bool]:
    return Column.deleted_at.is_(None) & Column.board.has(on_board(user, writes=writes))


async def find_board(boards: BoardService, board_id: UUID, user: Caller) -> Board:
    board = await boards.get_one_or_none(Board.id == board_id, on_board(user))
    if board is None:
        raise NotFoundException
    return board


async def find_column(
    columns: ColumnService, column_id: UUID, user: Caller, *, writes: bool = False
) -> Column:
    column = await columns.get_one_or_none(Column.id == column_id, in_column(user, writes=writes))
    if column is None:
        raise NotFoundException
    return column


async def find_task(
    tasks: TaskService, task_id: UUID, user: Caller, *options: Any, writes: bool = False
) -> Task:
    task = await tasks.get_one_or_none(
        Task.id == task_id,
        Task.deleted_at.is_(None),
        Task.column.has(in_column(user, writes=writes)),
        load=options,
    )
    if task is None:
        raise NotFoundException
    return task


async def lock_and_count(tasks: TaskService, board_id: UUID, column_id: UUID) -> int:
    """Lock the board, and return how many tasks are in the column."""
    lock = select(Board.id).where(Board.id == board_id).with_for_update(key_share=True)
    await tasks.repository.session.execute(lock)
    return await tasks.count(Task.column_id == column_id, Task.deleted_at.is_(None))


@get("/health", exclude_from_auth=True)
async def health() -> dict[str, str]:
    return {}


@get("/api/tasks/{task_id:uuid}", dependencies=create_service_dependencies(TaskService, "tasks"))
async def get_task(task_id: UUID, tasks: TaskService, request: Request) -> TaskOut:
    task = await find_task(tasks, task_id, request.user)
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
    await find_column(columns, column_id, request.user)
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
        on_board(request.user),
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
    board = await boards.get_one_or_none(Board.id == board_id, on_board(request.user), load=WHOLE)
    if board is None:
        raise NotFoundException
    return boards.to_schema(board.seen_by(user_id), schema_type=FullBoardOut)


@get(
    "/api/boards/{board_id:uuid}/users",
    dependencies={
        **create_service_dependencies(BoardService, "boards"),
        **create_service_dependencies(BoardUserService, "members"),
    },
)
async def list_members(
    board_id: UUID, boards: BoardService, members: BoardUserService, request: Request
) -> Sequence[MemberOut]:
    await find_board(boards, board_id, request.user)
    found = await members.list(
        BoardUser.board_id == board_id, OrderBy("id"), load=[joinedload(BoardUser.user)]
    )
    return members.to_schema(found, schema_type=MemberOut).items


@get(
    "/api/roles",
    dependencies={
        **create_service_dependencies(BoardService, "boards"),
        **create_service_dependencies(BoardUserService, "members"),
    },
)
async def get_role(
    user_id: UUID,
    board_id: UUID,
    boards: BoardService,
    members: BoardUserService,
    request: Request,
) -> MembershipOut:
    await find_board(boards, board_id, request.user)
    found = await members.get_one_or_none(
        BoardUser.board_id == board_id, BoardUser.user_id == user_id
    )
    if found is None:
        raise NotFoundException
    return members.to_schema(found, schema_type=MembershipOut)


@get("/api/tasks", dependencies=create_service_dependencies(TaskService, "tasks"))
async def list_all_tasks(
    tasks: TaskService,
    request: Request,
    assignee_id: UUID | None = None,
    board_id: UUID | None = None,
    status: str | None = None,
    q: str | None = None,
    sort: Literal["due_date"] | None = None,
    limit: int = 50,
) -> Sequence[TaskOut]:
    conditions = [Task.deleted_at.is_(None), Task.column.has(in_column(request.user))]
    order: list[Any] = [OrderBy(sort)] if sort else []
    if assignee_id:
        assigned = select(TaskAssignee.task_id).join(TaskAssignee.membership)
        conditions.append(Task.id.in_(assigned.where(BoardUser.user_id == assignee_id)))
    if board_id:
        conditions.append(Task.column.has(Column.board_id == board_id))
    if status:
        conditions.append(Task.status == status)
    if q:
        query = search_text(q)
        conditions.append(WORDS.op("@@")(query))
        ranked = select(Task).order_by(func.ts_rank(WORDS, query).desc())
        found = await tasks.list(
            *conditions, OrderBy("id"), LimitOffset(limit, 0), statement=ranked
        )
    else:
        found = await tasks.list(*conditions, *order, OrderBy("id"), LimitOffset(limit, 0))
    return tasks.to_schema(found, schema_type=TaskOut).items


@put("/api/tasks/{task_id:uuid}", dependencies=create_service_dependencies(TaskService, "tasks"))
async def update_task(task_id: UUID, data: TaskIn, tasks: TaskService, request: Request) -> TaskOut:
    task = await find_task(tasks, task_id, request.user, writes=True)
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
    await find_task(tasks, data.task_id, request.user, load_only(Task.id), writes=True)
    return subtasks.to_schema(await subtasks.create(data), schema_type=SubtaskOut)


@post(
    "/api/comments",
    dependencies={
        **create_service_dependencies(TaskService, "tasks"),
        **create_service_dependencies(CommentService, "comments"),
    },
)
async def create_comment(
    data: CommentIn, tasks: TaskService, comments: CommentService, request: Request
) -> CommentOut:
    await find_task(tasks, data.task_id, request.user, load_only(Task.id), writes=True)
    row = {**msgspec.structs.asdict(data), "user_id": request.user.id}
    return comments.to_schema(await comments.create(row), schema_type=CommentOut)


@post(
    "/api/tasks",
    dependencies={
        **create_service_dependencies(ColumnService, "columns"),
        **create_service_dependencies(TaskService, "tasks"),
    },
)
async def create_task(
    data: TaskCreate, columns: ColumnService, tasks: TaskService, request: Request
) -> TaskOut:
    column = await find_column(columns, data.column_id, request.user, writes=True)
    end = await lock_and_count(tasks, column.board_id, column.id)
    row = {**msgspec.structs.asdict(data), "position": end}
    return tasks.to_schema(await tasks.create(row), schema_type=TaskOut)


@post(
    "/api/tasks/{task_id:uuid}/move",
    status_code=200,
    dependencies=create_service_dependencies(TaskService, "tasks"),
)
async def move_task(task_id: UUID, data: Move, tasks: TaskService, request: Request) -> TaskOut:
    task = await find_task(tasks, task_id, request.user, writes=True)
    count = await lock_and_count(tasks, task.board_id, task.column_id)
    db = tasks.repository.session
    await db.refresh(task, ["position", "version"])
    old, place = task.position, min(data.position, count - 1)
    if place > old:
        between, step = (Task.position > old) & (Task.position <= place), -1
    else:
        between, step = (Task.position >= place) & (Task.position < old), 1
    await db.execute(
        update(Task)
        .where(Task.column_id == task.column_id, Task.deleted_at.is_(None), between)
        .values(position=Task.position + step, updated_at=Task.updated_at)
        .execution_options(synchronize_session=False)
    )
    task.position, task.version = place, task.version + 1
    return tasks.to_schema(await tasks.update(task), schema_type=TaskOut)


app = Litestar(
    [
        health,
        get_task,
        list_tasks,
        list_boards,
        get_full_board,
        list_members,
        get_role,
        list_all_tasks,
        update_task,
        move_task,
        create_task,
        create_subtask,
        create_comment,
    ],
    middleware=[DefineMiddleware(Authentication)],
    plugins=[SQLAlchemyPlugin(alchemy)],
)

if __name__ == "__main__":
    uvicorn.run(app, port=PORT, access_log=False, log_level="warning")
