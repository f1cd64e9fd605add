"""FastAPI, SQLAlchemy and FastCRUD as their documentations show them.

FastCRUD objects with joins; what is nested deeper, in a whole board, by SQLAlchemy's selectinload.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import jwt
import uvicorn
from fastapi import Cookie, Depends, FastAPI, HTTPException
from fastcrud import FastCRUD, JoinConfig
from pydantic import BaseModel
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bench.peers import schemas
from bench.peers.shared import COOKIE, IDLE, OPERATIONS, POOL, PORT, claims_of
from bench.peers.sqlalchemy_models import (
    WHOLE,
    Board,
    BoardUser,
    Column,
    Session,
    Subtask,
    Task,
    User,
    url,
)

engine = create_async_engine(url(), pool_size=POOL, max_overflow=0)
make_session = async_sessionmaker(engine, expire_on_commit=False)

boards = FastCRUD(Board)
columns = FastCRUD(Column)
sessions = FastCRUD(Session)
subtasks = FastCRUD(Subtask)
tasks = FastCRUD(Task)

app = FastAPI()


class Identified(BaseModel):
    id: UUID


class Role(BaseModel):
    role: str | None


class Access(BaseModel):
    is_public: bool


async def get_session() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_session)]


async def current_user(db: Db, token: Annotated[str | None, Cookie(alias=COOKIE)] = None) -> UUID:
    try:
        claims = claims_of(token)
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    now = datetime.now(UTC)
    found = await sessions.get_joined(
        db,
        schema_to_select=Identified,
        join_model=User,
        join_type="inner",
        join_prefix="user_",
        join_schema_to_select=Identified,
        id=UUID(claims["jti"]),
        user_id=UUID(claims["sub"]),
        expires_at__gt=now,
        last_used_at__gt=now - IDLE,
    )
    if found is None:
        raise HTTPException(401)
    user_id: UUID = found["user_id"]
    return user_id


Caller = Annotated[UUID, Depends(current_user)]
IN_COLUMN = JoinConfig(
    model=Column,
    join_on=Task.column_id == Column.id,
    join_type="inner",
    join_prefix="column_",
    schema_to_select=Identified,
    filters={"deleted_at": None},
)
ON_BOARD = JoinConfig(
    model=Board,
    join_on=Column.board_id == Board.id,
    join_type="inner",
    join_prefix="board_",
    schema_to_select=Access,
    filters={"deleted_at": None},
)
VISIBLE = or_(Board.is_public, BoardUser.id.is_not(None))


def membership_of(user_id: UUID) -> JoinConfig:
    return JoinConfig(
        model=BoardUser,
        join_on=(BoardUser.board_id == Board.id) & (BoardUser.user_id == user_id),
        join_prefix="my_",
        schema_to_select=Role,
    )


async def find_task(
    db: AsyncSession, task_id: UUID, user_id: UUID, *, writes: bool = False
) -> dict[str, Any]:
    found: dict[str, Any] | None = await tasks.get_joined(
        db,
        schema_to_select=schemas.Task,
        joins_config=[IN_COLUMN, ON_BOARD, membership_of(user_id)],
        where=VISIBLE,
        id=task_id,
        deleted_at=None,
    )
    if found is None:
        raise HTTPException(404)
    if writes and not found["my_role"]:
        raise HTTPException(403)
    return found


@app.get("/health")
async def health() -> dict[str, str]:
    return {}


@app.get("/api/tasks/{task_id}", response_model=schemas.Task)
async def get_task(task_id: UUID, db: Db, user_id: Caller) -> Any:
    return await find_task(db, task_id, user_id)


@app.get("/api/columns/{column_id}/tasks", response_model=list[schemas.Task])
async def list_tasks(column_id: UUID, db: Db, user_id: Caller, limit: int = 50) -> Any:
    column = await columns.get_joined(
        db,
        schema_to_select=Identified,
        joins_config=[ON_BOARD, membership_of(user_id)],
        where=VISIBLE,
        id=column_id,
        deleted_at=None,
    )
    if column is None:
        raise HTTPException(404)
    found = await tasks.get_multi(
        db,
        limit=limit,
        schema_to_select=schemas.Task,
        sort_columns="position",
        return_total_count=False,
        column_id=column_id,
        deleted_at=None,
    )
    return found["data"]


@app.get("/api/boards", response_model=list[schemas.Board])
async def list_boards(db: Db, user_id: Caller, limit: int = 50) -> Any:
    found = await boards.get_multi_joined(
        db,
        schema_to_select=schemas.BoardRow,
        joins_config=[membership_of(user_id)],
        where=VISIBLE,
        limit=limit,
        sort_columns="id",
        return_total_count=False,
        deleted_at=None,
    )
    return [{**row, "operations": OPERATIONS[row["my_role"]]} for row in found["data"]]


@app.get("/api/boards/{board_id}/full", response_model=schemas.FullBoard)
async def get_full_board(board_id: UUID, db: Db, user_id: Caller) -> Any:
    board = await db.scalar(
        select(Board).where(Board.id == board_id, Board.deleted_at.is_(None)).options(*WHOLE)
    )
    if board is None:
        raise HTTPException(404)
    seen = board.seen_by(user_id)
    if not (seen.is_public or seen.my_role):
        raise HTTPException(404)
    return seen


@app.put("/api/tasks/{task_id}", response_model=schemas.Task)
async def update_task(task_id: UUID, body: schemas.TaskIn, db: Db, user_id: Caller) -> Any:
    await find_task(db, task_id, user_id, writes=True)
    return await tasks.update(
        db,
        {**body.model_dump(), "version": Task.version + 1},
        schema_to_select=schemas.Task,
        return_as_model=True,
        one_or_none=True,
        id=task_id,
    )


@app.post("/api/subtasks", response_model=schemas.Subtask, status_code=201)
async def create_subtask(body: schemas.SubtaskIn, db: Db, user_id: Caller) -> Any:
    await find_task(db, body.task_id, user_id, writes=True)
    return await subtasks.create(db, body, schema_to_select=schemas.Subtask, return_as_model=True)


if __name__ == "__main__":
    uvicorn.run(app, port=PORT, access_log=False, log_level="warning")
