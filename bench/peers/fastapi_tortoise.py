"""FastAPI and Tortoise ORM as their documentations show them.

A dependency for the caller, response models, and prefetch_related for what is nested.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import jwt
import uvicorn
from fastapi import Cookie, Depends, FastAPI, HTTPException
from tortoise.contrib.fastapi import RegisterTortoise
from tortoise.expressions import Q, Subquery
from tortoise.functions import Count
from tortoise.query_utils import Prefetch

from bench.peers import schemas
from bench.peers.shared import COOKIE, DATABASE, IDLE, POOL, PORT, claims_of
from bench.peers.tortoise_models import (
    Board,
    BoardUser,
    Column,
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


app = FastAPI(lifespan=lifespan)


async def current_user(token: Annotated[str | None, Cookie(alias=COOKIE)] = None) -> User:
    try:
        claims = claims_of(token)
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    now = datetime.now(UTC)
    session = await Session.get_or_none(
        id=claims["jti"], user_id=claims["sub"], expires_at__gt=now, last_used_at__gt=now - IDLE
    ).select_related("user")
    if session is None:
        raise HTTPException(401)
    return session.user


Caller = Annotated[User, Depends(current_user)]


async def check(board: Board, user: User, *, writes: bool = False) -> None:
    """Raises HTTPException unless the user may read the board or, as a member, write there."""
    if board.is_public and not writes:
        return
    if not await BoardUser.exists(board=board, user=user):
        raise HTTPException(403 if board.is_public else 404)


async def find_task(task_id: UUID, user: User, *, writes: bool = False) -> Task:
    task = await Task.get_or_none(
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
    return await find_task(task_id, user)


@app.get("/api/columns/{column_id}/tasks", response_model=list[schemas.Task])
async def list_tasks(column_id: UUID, user: Caller, limit: int = 50) -> Any:
    column = await Column.get_or_none(
        id=column_id, deleted_at__isnull=True, board__deleted_at__isnull=True
    ).select_related("board")
    if column is None:
        raise HTTPException(404)
    await check(column.board, user)
    tasks = Task.filter(column=column, deleted_at__isnull=True)
    return await tasks.order_by("position").limit(limit)


@app.get("/api/boards", response_model=list[schemas.Board])
async def list_boards(user: Caller, limit: int = 50) -> Any:
    joined = BoardUser.filter(user=user)
    return (
        await Board.filter(
            Q(is_public=True) | Q(id__in=Subquery(joined.values("board_id"))),
            deleted_at__isnull=True,
        )
        .order_by("id")
        .limit(limit)
        .prefetch_related(Prefetch("memberships", joined, to_attr="own"))
    )


@app.get("/api/boards/{board_id}/full", response_model=schemas.FullBoard)
async def get_full_board(board_id: UUID, user: Caller) -> Any:
    tasks = (
        Task.filter(deleted_at__isnull=True)
        .order_by("position")
        .annotate(
            subtasks=Count("all_subtasks", distinct=True),
            subtasks_completed=Count(
                "all_subtasks", distinct=True, _filter=Q(all_subtasks__is_completed=True)
            ),
            comments=Count("all_comments", distinct=True),
        )
        .prefetch_related(
            Prefetch("assignments", TaskAssignee.all().order_by("id").select_related("membership")),
            Prefetch("labellings", TaskLabel.all().order_by("label_id")),
        )
    )
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
    if board is None or not (board.is_public or board.own):
        raise HTTPException(404)
    return board


@app.put("/api/tasks/{task_id}", response_model=schemas.Task)
async def update_task(task_id: UUID, body: schemas.TaskIn, user: Caller) -> Any:
    task = await find_task(task_id, user, writes=True)
    task.update_from_dict({**body.model_dump(), "version": task.version + 1})
    await task.save(update_fields=[*schemas.TaskIn.model_fields, "version", "updated_at"])
    return task


@app.post("/api/subtasks", response_model=schemas.Subtask, status_code=201)
async def create_subtask(body: schemas.SubtaskIn, user: Caller) -> Any:
    await find_task(body.task_id, user, writes=True)
    return await Subtask.create(**body.model_dump())


if __name__ == "__main__":
    uvicorn.run(app, port=PORT, access_log=False, log_level="warning")
