"""The one statement of each request, for the floor and for the servers in Go and Bun.

Its first two parameters say who asks: the session's id and its user's, or the hash of an API token
and the scope that the request needs. All others are text, and named in `values`: `path` is the id
in the path, `new` a new UUID, and the others come from the query or the body.
"""

import json
from collections.abc import Iterator
from typing import Any

from bench.peers.tables import FIELDS, TASK

CALLERS = {
    "session": """WITH caller AS (
        SELECT users.id, is_admin FROM sessions JOIN users ON users.id = user_id
        WHERE sessions.id = $1::text::uuid AND user_id = $2::text::uuid AND expires_at > now()
            AND last_used_at > now() - interval '24 hours')""",
    "token": """WITH caller AS (
        SELECT users.id, is_admin AND 'admin' = ANY (scopes) AS is_admin
        FROM api_tokens JOIN users ON users.id = user_id
        WHERE token_hash = $1::text AND $2::text = ANY (scopes) AND expires_at > now())""",
}
ME = "(SELECT id FROM caller)"
ADMIN = "(SELECT is_admin FROM caller)"  # null when there is no session
MEMBER = f"EXISTS (SELECT FROM board_users WHERE board_id = boards.id AND user_id = {ME})"
SIGNED_IN = f"{ADMIN} IS NOT NULL"
MAY_READ = f"{SIGNED_IN} AND (is_public OR {ADMIN} OR {MEMBER})"
MAY_WRITE = f"({ADMIN} OR {MEMBER})"
KEPT = "tasks.deleted_at IS NULL AND columns.deleted_at IS NULL AND boards.deleted_at IS NULL"
ON_BOARD = "JOIN columns ON columns.id = column_id JOIN boards ON boards.id = board_id"
# All tasks of a column, whose order counts them.
CARDS = f"""SELECT {FIELDS.format(position="row_number() OVER (ORDER BY rank) - 1")}
    FROM tasks WHERE column_id = columns.id AND tasks.deleted_at IS NULL ORDER BY rank"""
MEMBERS = """SELECT users.id, username, avatar_url, role
    FROM board_users JOIN users ON users.id = user_id
    WHERE board_id = boards.id ORDER BY board_users.id"""
LABELS = """SELECT id, board_id, name, color, created_at, updated_at, version
    FROM labels WHERE board_id = boards.id ORDER BY id"""
AUTHOR = f"""(SELECT row_to_json(author)
    FROM (SELECT id, username, avatar_url FROM users WHERE id = {ME}) AS author)"""
TIMES = "'created_at', {0}.created_at, 'updated_at', {0}.updated_at, 'version', {0}.version"


def list_of(statement: str) -> str:
    return f"(SELECT coalesce(json_agg(each), '[]') FROM ({statement}) AS each)"


def one_of(statement: str) -> str:
    return f"SELECT row_to_json(shown)::text FROM ({statement}) AS shown"


STACKS = f"""SELECT id, board_id, title, position, color, created_at, updated_at, version,
    {list_of(CARDS)} AS tasks
    FROM columns WHERE board_id = boards.id AND deleted_at IS NULL ORDER BY position"""
VISIBLE = f"FROM tasks {ON_BOARD} WHERE {KEPT} AND {MAY_READ}"
SOUGHT = """(websearch_to_tsquery('simple', $4::text) || websearch_to_tsquery('russian', $4::text)
    || to_tsquery('simple', quote_literal($4::text) || ':*'))"""


def tasks_where(condition: str, *, order: str) -> str:
    tasks = f"{TASK} {VISIBLE} AND {condition} ORDER BY {order} LIMIT $3::text::int"
    return f"SELECT {list_of(tasks)}::text WHERE {SIGNED_IN}"


# For each request, of whose path ids are shown as *, and the first parameter of the query: the
# values after the caller's two, and the statement.
READS = {
    "GET /api/tasks/*": ("path", one_of(f"{TASK} {VISIBLE} AND tasks.id = $3::text::uuid")),
    "GET /api/columns/*/tasks?limit": (
        "path limit",
        f"""SELECT {list_of(f"{CARDS} LIMIT $4::text::int")}::text
        FROM columns JOIN boards ON boards.id = board_id WHERE columns.id = $3::text::uuid
            AND columns.deleted_at IS NULL AND boards.deleted_at IS NULL AND {MAY_READ}""",
    ),
    "GET /api/boards/*/users": (
        "path",
        f"""SELECT {list_of(MEMBERS)}::text FROM boards
        WHERE boards.id = $3::text::uuid AND deleted_at IS NULL AND {MAY_READ}""",
    ),
    "GET /api/roles?user_id": (
        "user_id board_id",
        one_of(
            f"""SELECT user_id, board_id, role
            FROM board_users AS theirs JOIN boards ON boards.id = theirs.board_id
            WHERE theirs.user_id = $3::text::uuid AND board_id = $4::text::uuid
                AND deleted_at IS NULL AND {MAY_READ}"""
        ),
    ),
    "GET /api/tasks?assignee_id": (
        "limit assignee_id",
        tasks_where(
            """tasks.id IN (SELECT task_id FROM task_assignees
                JOIN board_users ON board_users.id = membership_id
                WHERE user_id = $4::text::uuid)""",
            order="tasks.id",
        ),
    ),
    "GET /api/tasks?board_id": (
        "limit board_id status",
        tasks_where("board_id = $4::text::uuid AND status = $5::text", order="due_date, tasks.id"),
    ),
    "GET /api/tasks?q": (
        "limit q",
        tasks_where(f"words @@ {SOUGHT}", order=f"ts_rank(words, {SOUGHT}) DESC, tasks.id"),
    ),
}
WRITES = {
    "PUT /api/tasks/*": (
        "path title description due_date priority status color",
        f"""UPDATE tasks SET title = $4::text, description = $5::text,
            due_date = $6::text::timestamptz, priority = $7::text, status = $8::text,
            color = $9::text, updated_at = now(), version = tasks.version + 1
        FROM columns JOIN boards ON boards.id = board_id
        WHERE tasks.id = $3::text::uuid AND columns.id = column_id AND {KEPT} AND {MAY_WRITE}
        RETURNING (SELECT row_to_json(shown) FROM ({TASK}) AS shown)::text""",
    ),
    "POST /api/tasks/*/move": (
        "path position",
        f"""SELECT move_task(boards.id, tasks.id, $4::text::int)::text FROM tasks {ON_BOARD}
        WHERE tasks.id = $3::text::uuid AND {KEPT} AND {MAY_WRITE}""",
    ),
    "POST /api/tasks": (
        "column_id new title description due_date priority status color",
        f"""SELECT add_task(boards.id, json_populate_record(NULL::tasks, json_build_object(
                'id', $4::text, 'column_id', $3::text, 'title', $5::text,
                'description', $6::text, 'due_date', $7::text, 'priority', $8::text,
                'status', $9::text, 'color', $10::text)))::text
        FROM columns JOIN boards ON boards.id = board_id WHERE columns.id = $3::text::uuid
            AND columns.deleted_at IS NULL AND boards.deleted_at IS NULL AND {MAY_WRITE}""",
    ),
    "POST /api/subtasks": (
        "task_id new title is_completed",
        f"""INSERT INTO subtasks (id, task_id, title, is_completed, created_at, updated_at)
        SELECT $4::text::uuid, tasks.id, $5::text, $6::text::boolean, now(), now()
        FROM tasks {ON_BOARD} WHERE tasks.id = $3::text::uuid AND {KEPT} AND {MAY_WRITE}
        RETURNING json_build_object('id', id, 'task_id', task_id, 'title', title,
            'is_completed', is_completed, {TIMES.format("subtasks")})::text""",
    ),
    "POST /api/comments": (
        "task_id new content",
        f"""INSERT INTO comments (id, task_id, user_id, content, created_at, updated_at)
        SELECT $4::text::uuid, tasks.id, {ME}, $5::text, now(), now()
        FROM tasks {ON_BOARD} WHERE tasks.id = $3::text::uuid AND {KEPT} AND {MAY_WRITE}
        RETURNING json_build_object('id', id, 'task_id', task_id, 'user_id', user_id,
            'content', content, {TIMES.format("comments")}, 'author', {AUTHOR})::text""",
    ),
}


def of_boards(operations: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    """Return the requests that show what the caller may change, by their role or "" for none."""
    shown = {role: f"'{json.dumps(names)}'::json" for role, names in operations.items()}
    cases = " ".join(f"WHEN '{role}' THEN {names}" for role, names in shown.items() if role)
    board = f"""SELECT boards.id, title, description, is_public, viewers_can_comment, color,
        created_at, updated_at, version, own.role AS my_role,
        CASE own.role {cases} ELSE {shown[""]} END AS operations"""
    boards = f"""FROM boards
        LEFT JOIN board_users AS own ON own.board_id = boards.id AND own.user_id = {ME}
        WHERE boards.deleted_at IS NULL AND {SIGNED_IN}
            AND (is_public OR {ADMIN} OR own.role IS NOT NULL)"""
    return {
        "GET /api/boards?limit": (
            "limit",
            f"SELECT {list_of(f'{board} {boards} ORDER BY boards.id LIMIT $3::text::int')}::text "
            f"WHERE {SIGNED_IN}",
        ),
        "GET /api/boards/*/full": (
            "path",
            one_of(
                f"""{board}, {list_of(MEMBERS)} AS members, {list_of(LABELS)} AS labels,
                {list_of(STACKS)} AS columns {boards} AND boards.id = $3::text::uuid"""
            ),
        ),
    }


def statements(operations: dict[str, list[str]]) -> dict[str, Any]:
    """Return all of it, by request."""
    return dict(_described(READS | of_boards(operations) | WRITES))


def _described(requests: dict[str, tuple[str, str]]) -> Iterator[tuple[str, Any]]:
    for request, (values, statement) in requests.items():
        yield (
            request,
            {
                "values": values.split(),
                "scope": "read" if request.startswith("GET") else "write",
                "status": 201 if request.startswith("POST") and "move" not in request else 200,
                **{kind: f"{caller} {statement}" for kind, caller in CALLERS.items()},
            },
        )
