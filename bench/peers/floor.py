"""The least that Python can do: no framework, and one statement for each request.

`python -m bench.peers.floor [remember]`; with `remember` a token's signature is checked once only.
"""

import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import jwt
import uvicorn
from asyncpg import Pool
from pydantic_core import from_json
from uuid_utils.compat import uuid7

MOST_TOKENS = 10_000

SESSION = """EXISTS (SELECT FROM sessions JOIN users ON users.id = user_id
    WHERE sessions.id = $1 AND user_id = $2 AND expires_at > now()
    AND last_used_at > now() - interval '24 hours')"""
MEMBER = "EXISTS (SELECT FROM board_users WHERE board_id = boards.id AND user_id = $2)"
KEPT = "tasks.deleted_at IS NULL AND columns.deleted_at IS NULL AND boards.deleted_at IS NULL"
ON_BOARD = "JOIN columns ON columns.id = column_id JOIN boards ON boards.id = board_id"
TASK = """SELECT tasks.id, column_id, tasks.title, tasks.description, tasks.position, due_date,
    priority, status, tasks.color, tasks.created_at, tasks.updated_at, tasks.version"""

# What the caller may change on a board in each role, "" for none.
OPERATIONS = {
    role: f"'{json.dumps(names, separators=(',', ':'))}'::json"
    for role, names in json.loads(os.environ["OPERATIONS"]).items()
}
CASES = " ".join(f"WHEN '{role}' THEN {names}" for role, names in OPERATIONS.items() if role)
BOARD = f"""SELECT boards.id, title, description, is_public, color, created_at, updated_at, version,
    own.role AS my_role, CASE own.role {CASES} ELSE {OPERATIONS[""]} END AS operations"""
BOARDS = """FROM boards
    LEFT JOIN board_users AS own ON own.board_id = boards.id AND own.user_id = $2
    WHERE boards.deleted_at IS NULL AND (is_public OR own.role IS NOT NULL)"""


def list_of(statement: str) -> str:
    return f"(SELECT coalesce(json_agg(each), '[]') FROM ({statement}) AS each)"


STACKED = """FROM tasks WHERE column_id = columns.id AND tasks.deleted_at IS NULL
    ORDER BY tasks.position"""
MEMBERS = """SELECT users.id, username, avatar_url, role
    FROM board_users JOIN users ON users.id = user_id
    WHERE board_id = boards.id ORDER BY board_users.id"""
LABELS = """SELECT id, board_id, name, color, created_at, updated_at, version
    FROM labels WHERE board_id = boards.id ORDER BY id"""
CARDS = f"""{TASK},
    (SELECT count(*) FROM subtasks WHERE task_id = tasks.id) AS subtasks,
    (SELECT count(*) FROM subtasks WHERE task_id = tasks.id AND is_completed)
        AS subtasks_completed,
    (SELECT count(*) FROM comments WHERE task_id = tasks.id) AS comments,
    ARRAY(SELECT user_id FROM task_assignees JOIN board_users ON board_users.id = membership_id
        WHERE task_id = tasks.id ORDER BY task_assignees.id) AS assignees,
    ARRAY(SELECT label_id FROM task_labels WHERE task_id = tasks.id ORDER BY label_id) AS labels
    {STACKED}"""
STACKS = f"""SELECT id, board_id, title, position, color, created_at, updated_at, version,
    {list_of(CARDS)} AS tasks
    FROM columns WHERE board_id = boards.id AND deleted_at IS NULL ORDER BY position"""

STATEMENTS = {
    "task": f"""
        SELECT row_to_json(shown) FROM ({TASK} FROM tasks {ON_BOARD}
            WHERE tasks.id = $3 AND {KEPT} AND (is_public OR {MEMBER}) AND {SESSION}) AS shown""",
    "column": f"""
        SELECT {list_of(f"{TASK} {STACKED} LIMIT 20")}
        FROM columns JOIN boards ON boards.id = board_id
        WHERE columns.id = $3 AND columns.deleted_at IS NULL AND boards.deleted_at IS NULL
            AND (is_public OR {MEMBER}) AND {SESSION}""",
    "boards": f"""
        SELECT {list_of(f"{BOARD} {BOARDS} ORDER BY boards.id LIMIT 50")} WHERE {SESSION}""",
    "put": f"""
        UPDATE tasks SET title = $4, description = $5, due_date = $6::text::timestamptz,
            priority = $7, status = $8, color = $9, updated_at = now(), version = tasks.version + 1
        FROM columns JOIN boards ON boards.id = board_id
        WHERE tasks.id = $3 AND columns.id = column_id AND {KEPT} AND {MEMBER} AND {SESSION}
        RETURNING json_build_object('id', tasks.id, 'column_id', column_id, 'title', tasks.title,
            'description', tasks.description, 'position', tasks.position, 'due_date', due_date,
            'priority', priority, 'status', status, 'color', tasks.color,
            'created_at', tasks.created_at, 'updated_at', tasks.updated_at,
            'version', tasks.version)""",
    "post": f"""
        INSERT INTO subtasks (id, task_id, title, is_completed, created_at, updated_at)
        SELECT $4, tasks.id, $5, $6, now(), now() FROM tasks {ON_BOARD}
        WHERE tasks.id = $3 AND {KEPT} AND {MEMBER} AND {SESSION}
        RETURNING json_build_object('id', id, 'task_id', task_id, 'title', title,
            'is_completed', is_completed, 'created_at', created_at, 'updated_at', updated_at,
            'version', version)""",
    "full": f"""
        SELECT row_to_json(shown) FROM ({BOARD}, {list_of(MEMBERS)} AS members,
            {list_of(LABELS)} AS labels, {list_of(STACKS)} AS columns
            {BOARDS} AND boards.id = $3 AND {SESSION}) AS shown""",
}
HEADERS = [(b"content-type", b"application/json")]

pool: Pool
verified: dict[str, Any] = {}
remembers = sys.argv[1:] == ["remember"]


def claims_of(scope: Any) -> Any:
    """What the token in the request's cookie says. Raises InvalidTokenError."""
    cookie = dict(scope["headers"]).get(b"cookie", b"").decode()
    token = cookie.partition("=")[2]
    claims = verified.get(token) if remembers else None
    if claims is None:
        key = os.environ["JWT_SECRET"]
        claims = jwt.decode(token, key, algorithms=["HS256"], issuer="corkboard")
        if remembers and len(verified) < MOST_TOKENS:
            verified[token] = claims
    elif claims["exp"] <= time.time():
        raise jwt.ExpiredSignatureError
    return claims


async def body_of(receive: Any) -> Any:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return from_json(body)


async def asked(scope: Any, receive: Any) -> tuple[str, list[Any]]:
    """The statement that a request asks for, and its parameters after the session's."""
    _, _, kind, *rest = scope["path"].split("/")
    match scope["method"], kind, rest:
        case "GET", "tasks", [row]:
            return "task", [row]
        case "GET", "columns", [row, "tasks"]:
            return "column", [row]
        case "GET", "boards", []:
            return "boards", []
        case "GET", "boards", [row, "full"]:
            return "full", [row]
        case "PUT", "tasks", [row]:
            body = await body_of(receive)
            names = "title", "description", "due_date", "priority", "status", "color"
            return "put", [row, *map(body.get, names)]
        case "POST", "subtasks", []:
            body = await body_of(receive)
            values = body["task_id"], uuid7(), body["title"], body.get("is_completed", False)
            return "post", [*values]
    raise LookupError


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        async with connected():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] == "/health":
        status, text = 200, "{}"
    else:
        try:
            claims = claims_of(scope)
            name, values = await asked(scope, receive)
            async with pool.acquire() as connection:
                text = await connection.fetchval(
                    STATEMENTS[name], claims["jti"], claims["sub"], *values
                )
            status = (201 if name == "post" else 200) if text else 404
        except jwt.InvalidTokenError:
            status, text = 401, None
    await send({"type": "http.response.start", "status": status, "headers": HEADERS})
    await send({"type": "http.response.body", "body": (text or "null").encode()})


async def _leave_as_is(_: object) -> None:
    return None


@asynccontextmanager
async def connected() -> AsyncIterator[None]:
    global pool
    async with asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=10, max_size=10, reset=_leave_as_is,
        server_settings={"jit": "off", "timezone": "UTC"},
    ) as pool:  # fmt: skip
        yield


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["PORT"]), access_log=False, log_level="warning")
