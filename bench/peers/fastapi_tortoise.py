"""FastAPI and Tortoise ORM as their documentations show them.

A dependency for the caller, response models, and prefetch_related for what is nested.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import jwt
import uvicorn
from fastapi import Cookie, Depends, FastAPI, Header, HTTPException, Request
from tortoise import connections
from tortoise.contrib.fastapi import RegisterTortoise
from tortoise.expressions import F, Q, RawSQL, Subquery
from tortoise.query_utils import Prefetch
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from bench.peers import schemas
from bench.peers.shared import COOKIE, DATABASE, IDLE, POOL, PORT, SOUGHT, claims_of, hash_of
from bench.peers.tortoise_models import (
    ApiToken,
    Board,
    BoardUser,
    Column,
    Comment,
    Label,
    Session,
    Subtask,
    Task,
    TaskAssignee,
    TaskLabel,
    User,
)

CONFIG = {
    "connections": {
        "default": {
            "engine": "tortoise.backends.asyncpg",
            "credentials": {**DATABASE, "minsize": POOL, "maxsize": POOL},
        }
    },
    "apps": {"models": {"models": ["bench.peers.tortoise_models"]}},
    "use_tz": True,
    "timezone": "UTC",
}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with RegisterTortoise(app, config=CONFIG):
        yield


# By hand, since the ORM knows no such expression of a column that it doesn't map.
SEARCH = f"""SELECT id, ts_rank(words, {SOUGHT.format("$1::text")})::float8 AS rank FROM tasks
    WHERE words @@ {SOUGHT.format("$1::text")}"""

app = FastAPI(lifespan=lifespan)


async def current_user(
    request: Request,
    token: Annotated[str | None, Cookie(alias=COOKIE)] = None,
    authorization: Annotated[str | None, Header()] = None,
) -> User:
    now = datetime.now(UTC)
    if authorization is not None:
        found = await ApiToken.get_or_none(
            token_hash=hash_of(authorization), expires_at__gt=now
        ).select_related("user")
        needed = "read" if request.method == "GET" else "write"
        if found is None or needed not in found.scopes:
            raise HTTPException(401)
        found.user.is_admin = found.user.is_admin and "admin" in found.scopes
        return found.user
    try:
        claims = claims_of(token)
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    session = await Session.get_or_none(
        id=claims["jti"], user_id=claims["sub"], expires_at__gt=now, last_used_at__gt=now - IDLE
    ).select_related("user")
    if session is None:
        raise HTTPException(401)
    return session.user


Caller = Annotated[User, Depends(current_user)]


async def check(board: Board, user: User, *, writes: bool = False) -> None:
    """Raise HTTPException unless the user may read the board or, as a member, write there."""
    if user.is_admin or (board.is_public and not writes):
        return
    if not await BoardUser.exists(board=board, user=user):
        raise HTTPException(403 if board.is_public else 404)


def visible_to(user: User, board: str = "") -> Q:
    """Return the boards that the user may read, or what is on them."""
    kept = Q(**{f"{board}deleted_at__isnull": True})
    if user.is_admin:
        return kept
    joined = Subquery(BoardUser.filter(user=user).values("board_id"))
    return kept & (Q(**{f"{board}is_public": True}) | Q(**{f"{board}id__in": joined}))


async def find_board(board_id: UUID, user: User) -> Board:
    board = await Board.get_or_none(id=board_id, deleted_at__isnull=True)
    if board is None:
        raise HTTPException(404)
    await check(board, user)
    return board


async def find_column(column_id: UUID, user: User, *, writes: bool = False) -> Column:
    column = await Column.get_or_none(
        id=column_id, deleted_at__isnull=True, board__deleted_at__isnull=True
    ).select_related("board")
    if column is None:
        raise HTTPException(404)
    await check(column.board, user, writes=writes)
    return column


def count_of(table: str, condition: str = "") -> RawSQL:
    # By hand, since Count would join all that it counts, and groups.
    return RawSQL(f"(SELECT count(*) FROM {table} WHERE task_id = tasks.id {condition})")


def cards() -> QuerySet[Task]:
    """Return all tasks with what answers show of other tables."""
    return (
        Task.all()
        .annotate(
            on_board=F("column__board_id"),
            subtask_count=count_of("subtasks"),
            completed_subtask_count=count_of("subtasks", "AND is_completed"),
            comment_count=count_of("comments"),
        )
        .prefetch_related(
            Prefetch("assignments", TaskAssignee.all().order_by("id").select_related("membership")),
            Prefetch("labellings", TaskLabel.all().order_by("label_id")),
        )
    )


async def find_task(
    tasks: QuerySet[Task], task_id: UUID, user: User, *, writes: bool = False
) -> Task:
    task = await tasks.get_or_none(
        id=task_id,
        deleted_at__isnull=True,
        column__deleted_at__isnull=True,
        column__board__deleted_at__isnull=True,
    ).select_related("column__board")
    if task is None:
        raise HTTPException(404)
    await check(task.column.board, user, writes=writes)
    return task


@app.get("/health")
async def health() -> dict[str, str]:
    return {}


@app.get("/api/tasks/{task_id}", response_model=schemas.Task)
async def get_task(task_id: UUID, user: Caller) -> Any:
    return await find_task(cards(), task_id, user)


@app.get("/api/columns/{column_id}/tasks", response_model=list[schemas.Task])
async def list_tasks(column_id: UUID, user: Caller, limit: int = 50) -> Any:
    column = await find_column(column_id, user)
    tasks = cards().filter(column=column, deleted_at__isnull=True)
    return await tasks.order_by("position").limit(limit)


@app.get("/api/boards", response_model=list[schemas.Board])
async def list_boards(user: Caller, limit: int = 50) -> Any:
    joined = BoardUser.filter(user=user)
    return (
        await Board.filter(visible_to(user))
        .order_by("id")
        .limit(limit)
        .prefetch_related(Prefetch("memberships", joined, to_attr="own"))
    )


@app.get("/api/boards/{board_id}/full", response_model=schemas.FullBoard)
async def get_full_board(board_id: UUID, user: Caller) -> Any:
    tasks = cards().filter(deleted_at__isnull=True).order_by("position")
    columns = (
        Column.filter(deleted_at__isnull=True)
        .order_by("position")
        .prefetch_related(Prefetch("all_tasks", tasks, to_attr="tasks"))
    )
    board = await Board.get_or_none(id=board_id, deleted_at__isnull=True).prefetch_related(
        Prefetch(
            "memberships", BoardUser.all().order_by("id").select_related("user"), to_attr="members"
        ),
        Prefetch("memberships", BoardUser.filter(user=user), to_attr="own"),
        Prefetch("all_labels", Label.all().order_by("id"), to_attr="labels"),
        Prefetch("all_columns", columns, to_attr="columns"),
    )
    if board is None or not (board.is_public or board.own or user.is_admin):
        raise HTTPException(404)
    return board


@app.get("/api/boards/{board_id}/users", response_model=list[schemas.Member])
async def list_members(board_id: UUID, user: Caller) -> Any:
    board = await find_board(board_id, user)
    return await BoardUser.filter(board=board).order_by("id").select_related("user")


@app.get("/api/roles", response_model=schemas.Membership)
async def get_role(user_id: UUID, board_id: UUID, user: Caller) -> Any:
    board = await find_board(board_id, user)
    membership = await BoardUser.get_or_none(board=board, user_id=user_id)
    if membership is None:
        raise HTTPException(404)
    return membership


@app.get("/api/tasks", response_model=list[schemas.Task])
async def list_all_tasks(
    user: Caller,
    assignee_id: UUID | None = None,
    board_id: UUID | None = None,
    status: str | None = None,
    q: str | None = None,
    sort: Literal["due_date"] | None = None,
    limit: int = 50,
) -> Any:
    tasks = cards().filter(
        visible_to(user, "column__board__"),
        deleted_at__isnull=True,
        column__deleted_at__isnull=True,
    )
    if assignee_id:
        assigned = TaskAssignee.filter(membership__user_id=assignee_id)
        tasks = tasks.filter(id__in=Subquery(assigned.values("task_id")))
    if board_id:
        tasks = tasks.filter(column__board_id=board_id)
    if status:
        tasks = tasks.filter(status=status)
    if q:
        found = await connections.get("default").execute_query_dict(SEARCH, [q])
        ranks = {row["id"]: row["rank"] for row in found}
        rows = await tasks.filter(id__in=[*ranks])
        return sorted(rows, key=lambda task: (-ranks[task.id], task.id))[:limit]
    return await tasks.order_by(*[sort] if sort else [], "id").limit(limit)


@app.put("/api/tasks/{task_id}", response_model=schemas.Task)
async def update_task(task_id: UUID, body: schemas.TaskIn, user: Caller) -> Any:
    task = await find_task(cards(), task_id, user, writes=True)
    task.update_from_dict({**body.model_dump(), "version": task.version + 1})
    await task.save(update_fields=[*schemas.TaskIn.model_fields, "version", "updated_at"])
    return task


@app.post("/api/subtasks", response_model=schemas.Subtask, status_code=201)
async def create_subtask(body: schemas.SubtaskIn, user: Caller) -> Any:
    await find_task(Task.all(), body.task_id, user, writes=True)
    return await Subtask.create(**body.model_dump())


@app.post("/api/comments", response_model=schemas.Comment, status_code=201)
async def create_comment(body: schemas.CommentIn, user: Caller) -> Any:
    await find_task(Task.all(), body.task_id, user, writes=True)
    return await Comment.create(**body.model_dump(), user=user)


@app.post("/api/tasks", response_model=schemas.Task, status_code=201)
async def create_task(body: schemas.TaskCreate, user: Caller) -> Any:
    column = await find_column(body.column_id, user, writes=True)
    async with in_transaction():
        await Board.select_for_update(no_key=True).get(id=column.board_id)
        end = await Task.filter(column=column, deleted_at__isnull=True).count()
        task = await Task.create(**body.model_dump(), position=end)
    return await cards().get(id=task.id)


@app.post("/api/tasks/{task_id}/move", response_model=schemas.Task)
async def move_task(task_id: UUID, body: schemas.Move, user: Caller) -> Any:
    task = await find_task(cards(), task_id, user, writes=True)
    async with in_transaction():
        await Board.select_for_update(no_key=True).get(id=task.column.board_id)
        await task.refresh_from_db(["column_id", "position"])
        others = Task.filter(column_id=task.column_id, deleted_at__isnull=True)
        old, place = task.position, min(body.position, await others.count() - 1)
        if place > old:
            shifted = others.filter(position__gt=old, position__lte=place)
            await shifted.update(position=F("position") - 1)
        else:
            shifted = others.filter(position__gte=place, position__lt=old)
            await shifted.update(position=F("position") + 1)
        task.position, task.version = place, task.version + 1
        await task.save(update_fields=["position", "version", "updated_at"])
    return task


if __name__ == "__main__":
    uvicorn.run(app, port=PORT, access_log=False, log_level="warning")
