"""FastAPI, SQLAlchemy and FastCRUD as their documentations show them.

FastCRUD objects with joins; what is nested deeper, in a whole board, by SQLAlchemy's selectinload.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import jwt
import uvicorn
from fastapi import Cookie, Depends, FastAPI, Header, HTTPException, Request
from fastcrud import FastCRUD, JoinConfig
from pydantic import BaseModel
from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import joinedload

from bench.peers import schemas
from bench.peers.shared import COOKIE, IDLE, OPERATIONS, POOL, PORT, claims_of, hash_of
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
    User,
    search_text,
    url,
)

engine = create_async_engine(url(), pool_size=POOL, max_overflow=0)
make_session = async_sessionmaker(engine, expire_on_commit=False)

boards = FastCRUD(Board)
columns = FastCRUD(Column)
comments = FastCRUD(Comment)
members = FastCRUD(BoardUser)
sessions = FastCRUD(Session)
subtasks = FastCRUD(Subtask)
tasks = FastCRUD(Task)
tokens = FastCRUD(ApiToken)

app = FastAPI()


class Identified(BaseModel):
    id: UUID


class Account(schemas.Author):
    is_admin: bool


class Scopes(BaseModel):
    scopes: list[str]


class Role(BaseModel):
    role: str | None


class OnBoard(Identified):
    board_id: UUID


class Access(BaseModel):
    is_public: bool


async def get_session() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_session)]
WITH_USER: dict[str, Any] = {
    "join_model": User,
    "join_type": "inner",
    "join_prefix": "user_",
    "join_schema_to_select": Account,
}


def account_of(found: dict[str, Any]) -> Account:
    return Account(**{name: found[f"user_{name}"] for name in Account.model_fields})


async def current_user(
    db: Db,
    request: Request,
    token: Annotated[str | None, Cookie(alias=COOKIE)] = None,
    authorization: Annotated[str | None, Header()] = None,
) -> Account:
    now = datetime.now(UTC)
    if authorization is not None:
        found = await tokens.get_joined(
            db,
            schema_to_select=Scopes,
            token_hash=hash_of(authorization),
            expires_at__gt=now,
            **WITH_USER,
        )
        needed = "read" if request.method == "GET" else "write"
        if found is None or needed not in found["scopes"]:
            raise HTTPException(401)
        user = account_of(found)
        user.is_admin = user.is_admin and "admin" in found["scopes"]
        return user
    try:
        claims = claims_of(token)
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    found = await sessions.get_joined(
        db,
        schema_to_select=Identified,
        id=UUID(claims["jti"]),
        user_id=UUID(claims["sub"]),
        expires_at__gt=now,
        last_used_at__gt=now - IDLE,
        **WITH_USER,
    )
    if found is None:
        raise HTTPException(401)
    return account_of(found)


Caller = Annotated[Account, Depends(current_user)]
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


def visible_to(user: Account) -> Any:
    return true() if user.is_admin else or_(Board.is_public, BoardUser.id.is_not(None))


def membership_of(user: Account) -> JoinConfig:
    return JoinConfig(
        model=BoardUser,
        join_on=(BoardUser.board_id == Board.id) & (BoardUser.user_id == user.id),
        join_prefix="my_",
        schema_to_select=Role,
    )


def checked(found: Any, user: Account, *, writes: bool = False) -> dict[str, Any]:
    """Raise HTTPException unless something is found and the user may write where they want to."""
    if found is None:
        raise HTTPException(404)
    if writes and not (found["my_role"] or user.is_admin):
        raise HTTPException(403)
    return dict(found)


async def find_board(db: AsyncSession, board_id: UUID, user: Account) -> dict[str, Any]:
    found = await boards.get_joined(
        db,
        schema_to_select=Identified,
        joins_config=[membership_of(user)],
        where=visible_to(user),
        id=board_id,
        deleted_at=None,
    )
    return checked(found, user)


async def find_column(
    db: AsyncSession, column_id: UUID, user: Account, *, writes: bool = False
) -> dict[str, Any]:
    found = await columns.get_joined(
        db,
        schema_to_select=OnBoard,
        joins_config=[ON_BOARD, membership_of(user)],
        where=visible_to(user),
        id=column_id,
        deleted_at=None,
    )
    return checked(found, user, writes=writes)


async def find_task(
    db: AsyncSession,
    task_id: UUID,
    user: Account,
    *,
    schema: type[BaseModel] = schemas.Task,
    writes: bool = False,
) -> dict[str, Any]:
    found = await tasks.get_joined(
        db,
        schema_to_select=schema,
        joins_config=[IN_COLUMN, ON_BOARD, membership_of(user)],
        where=visible_to(user),
        id=task_id,
        deleted_at=None,
    )
    return checked(found, user, writes=writes)


@app.get("/health")
async def health() -> dict[str, str]:
    return {}


@app.get("/api/tasks/{task_id}", response_model=schemas.Task)
async def get_task(task_id: UUID, db: Db, user: Caller) -> Any:
    return await find_task(db, task_id, user)


@app.get("/api/columns/{column_id}/tasks", response_model=list[schemas.Task])
async def list_tasks(column_id: UUID, db: Db, user: Caller, limit: int = 50) -> Any:
    await find_column(db, column_id, user)
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
async def list_boards(db: Db, user: Caller, limit: int = 50) -> Any:
    found = await boards.get_multi_joined(
        db,
        schema_to_select=schemas.BoardRow,
        joins_config=[membership_of(user)],
        where=visible_to(user),
        limit=limit,
        sort_columns="id",
        return_total_count=False,
        deleted_at=None,
    )
    return [{**row, "operations": OPERATIONS[row["my_role"]]} for row in found["data"]]


@app.get("/api/boards/{board_id}/full", response_model=schemas.FullBoard)
async def get_full_board(board_id: UUID, db: Db, user: Caller) -> Any:
    board = await db.scalar(
        select(Board).where(Board.id == board_id, Board.deleted_at.is_(None)).options(*WHOLE)
    )
    if board is None:
        raise HTTPException(404)
    seen = board.seen_by(user.id)
    if not (seen.is_public or seen.my_role or user.is_admin):
        raise HTTPException(404)
    return seen


@app.get("/api/boards/{board_id}/users", response_model=list[schemas.Member])
async def list_members(board_id: UUID, db: Db, user: Caller) -> Any:
    await find_board(db, board_id, user)
    found = select(BoardUser).where(BoardUser.board_id == board_id).order_by(BoardUser.id)
    return (await db.scalars(found.options(joinedload(BoardUser.user)))).all()


@app.get("/api/roles", response_model=schemas.Membership)
async def get_role(user_id: UUID, board_id: UUID, db: Db, user: Caller) -> Any:
    await find_board(db, board_id, user)
    found = await members.get(
        db, schema_to_select=schemas.Membership, user_id=user_id, board_id=board_id
    )
    if found is None:
        raise HTTPException(404)
    return found


@app.get("/api/tasks", response_model=list[schemas.Task])
async def list_all_tasks(
    db: Db,
    user: Caller,
    assignee_id: UUID | None = None,
    board_id: UUID | None = None,
    status: str | None = None,
    q: str | None = None,
    sort: Literal["due_date"] | None = None,
    limit: int = 50,
) -> Any:
    conditions = [visible_to(user)]
    if assignee_id:
        assigned = select(TaskAssignee.task_id).join(TaskAssignee.membership)
        conditions.append(Task.id.in_(assigned.where(BoardUser.user_id == assignee_id)))
    if board_id:
        conditions.append(Column.board_id == board_id)
    if status:
        conditions.append(Task.status == status)
    if q:
        # Its order is none of a column's, as FastCRUD's lists need.
        query = search_text(q)
        rows = (
            select(Task)
            .join(Column, Task.column_id == Column.id)
            .join(Board, Column.board_id == Board.id)
            .outerjoin(BoardUser, (BoardUser.board_id == Board.id) & (BoardUser.user_id == user.id))
            .where(
                *conditions,
                Task.deleted_at.is_(None),
                Column.deleted_at.is_(None),
                Board.deleted_at.is_(None),
                WORDS.op("@@")(query),
            )
            .order_by(func.ts_rank(WORDS, query).desc(), Task.id)
            .limit(limit)
        )
        return (await db.scalars(rows)).all()
    found = await tasks.get_multi_joined(
        db,
        schema_to_select=schemas.Task,
        joins_config=[IN_COLUMN, ON_BOARD, membership_of(user)],
        where=and_(*conditions),
        limit=limit,
        sort_columns=[*([sort] if sort else []), "id"],
        return_total_count=False,
        deleted_at=None,
    )
    return found["data"]


@app.put("/api/tasks/{task_id}", response_model=schemas.Task)
async def update_task(task_id: UUID, body: schemas.TaskIn, db: Db, user: Caller) -> Any:
    task = await find_task(db, task_id, user, writes=True)
    return task | await tasks.update(
        db,
        {**body.model_dump(), "version": Task.version + 1},
        return_columns=tasks.model_col_names,
        id=task_id,
    )


async def lock_and_count(db: AsyncSession, board_id: UUID, column_id: UUID) -> int:
    """Lock the board, and return how many tasks are in the column."""
    lock = select(Board.id).where(Board.id == board_id).with_for_update(key_share=True)
    await db.execute(lock)
    return await tasks.count(db, column_id=column_id, deleted_at=None)


@app.post("/api/tasks", response_model=schemas.Task, status_code=201)
async def create_task(body: schemas.TaskCreate, db: Db, user: Caller) -> Any:
    column = await find_column(db, body.column_id, user, writes=True)
    end = await lock_and_count(db, column["board_id"], body.column_id)
    row = schemas.TaskPlaced(**body.model_dump(), position=end)
    return await tasks.create(db, row, schema_to_select=schemas.Task, return_as_model=True)


@app.post("/api/tasks/{task_id}/move", response_model=schemas.Task)
async def move_task(task_id: UUID, body: schemas.Move, db: Db, user: Caller) -> Any:
    task = await find_task(db, task_id, user, writes=True)
    column_id = task["column_id"]
    count = await lock_and_count(db, task["board_id"], column_id)
    locked = await tasks.get(db, schema_to_select=schemas.TaskPlaced, id=task_id)
    old, place = locked["position"], min(body.position, count - 1)
    if place > old:
        between, step = {"position__gt": old, "position__lte": place}, -1
    else:
        between, step = {"position__gte": place, "position__lt": old}, 1
    if place != old:  # or FastCRUD complains that there is nothing to update
        await tasks.update(
            db,
            {"position": Task.position + step},
            allow_multiple=True,
            commit=False,
            column_id=column_id,
            deleted_at=None,
            **between,
        )
    return task | await tasks.update(
        db,
        {"position": place, "version": Task.version + 1},
        return_columns=tasks.model_col_names,
        id=task_id,
    )


@app.post("/api/subtasks", response_model=schemas.Subtask, status_code=201)
async def create_subtask(body: schemas.SubtaskIn, db: Db, user: Caller) -> Any:
    await find_task(db, body.task_id, user, schema=Identified, writes=True)
    return await subtasks.create(db, body, schema_to_select=schemas.Subtask, return_as_model=True)


@app.post("/api/comments", response_model=schemas.Comment, status_code=201)
async def create_comment(body: schemas.CommentIn, db: Db, user: Caller) -> Any:
    await find_task(db, body.task_id, user, schema=Identified, writes=True)
    row = schemas.CommentBy(**body.model_dump(), user_id=user.id)
    made = await comments.create(db, row, schema_to_select=schemas.Comment)
    return {**made, "author": user}


if __name__ == "__main__":
    uvicorn.run(app, port=PORT, access_log=False, log_level="warning")
