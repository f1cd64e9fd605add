"""Boards, and tasks of English and Russian words, made by PostgreSQL itself."""

import time
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

CALLER = "caller"
ADMIN = "admin"
NEWCOMER = "newcomer"  # a member of few boards
TOKEN = "corkboard_" + "x" * 43  # the caller's API token
USERS = 1_000  # besides the caller and the admin
MEMBERSHIPS = 20  # of the caller
WRITTEN = 20_000  # rows, to tell what writing costs

ENGLISH = (
    "plan", "draft", "review", "release", "budget", "meeting", "customer", "report", "design",
    "server", "invoice", "contract", "website", "picture", "deploy", "testing", "backup", "travel",
    "training", "support", "question", "answer", "window", "garden", "printer", "keyboard",
)  # fmt: skip
RUSSIAN = (
    "план", "черновик", "проверка", "выпуск", "бюджет", "встреча", "клиент", "отчёт", "макет",
    "сервер", "счёт", "договор", "страница", "картинка", "запуск", "испытание", "копия", "поездка",
    "обучение", "поддержка", "вопрос", "ответ", "окно", "сад", "принтер", "клавиатура",
)  # fmt: skip
VOCABULARY = 3_000  # words of each language; the rest are numbered

TABLES = "users, boards, board_users, columns, tasks, subtasks, comments, labels, task_labels"

FUNCTIONS = """
CREATE FUNCTION pg_temp.id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(1760000000000 + n * 20), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
        || '8' || lpad(to_hex(n), 15, '0'))::uuid
$$;
CREATE FUNCTION pg_temp.rank(place bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT lpad(to_hex(1760000000000000 + place * 1000000), 13, '0')
$$;
CREATE FUNCTION pg_temp.text(n int, many int, words text[]) RETURNS text LANGUAGE sql VOLATILE AS $$
    -- A few words are in many texts, and most in few.
    SELECT string_agg(words[(10 * (cardinality(words) / 10) ^ random())::int], ' ')
    FROM generate_series(1, many + n * 0)
$$;
CREATE FUNCTION pg_temp.english() RETURNS text[] LANGUAGE sql IMMUTABLE AS
    $$ SELECT '{english}'::text[] $$;
CREATE FUNCTION pg_temp.russian() RETURNS text[] LANGUAGE sql IMMUTABLE AS
    $$ SELECT '{russian}'::text[] $$;
"""

FILL = """
INSERT INTO users (id, username, username_key, email, email_key, avatar_url, hashed_password,
    is_admin, version)
SELECT pg_temp.id(1, n), name, name, name || '@example.com', name || '@example.com',
    '/api/avatars/x.svg', 'x', name = '{admin}', 1
FROM generate_series(0, {users} + 1) AS n,
    LATERAL (SELECT CASE n WHEN 0 THEN '{caller}' WHEN 1 THEN '{admin}'
        ELSE 'somebody-' || n END AS name) AS named;

INSERT INTO api_tokens (id, user_id, name, token_hash, scopes, expires_at)
VALUES (pg_temp.id(8, 0), pg_temp.id(1, 0), 'A script', encode(sha256('{token}'), 'hex'),
    ARRAY['read', 'write'], now() + interval '1 year');

INSERT INTO boards (id, title, description, is_public)
SELECT pg_temp.id(2, n),
    CASE WHEN random() < 0.1 THEN 'Harbour ' ELSE '' END || pg_temp.text(n, 3, pg_temp.english()),
    pg_temp.text(n, 10, pg_temp.russian()), n % 2 = 0
FROM generate_series(1, {boards}) AS n;

INSERT INTO board_users (board_id, user_id, role)
SELECT pg_temp.id(2, n), pg_temp.id(1, 2 + (n * 7 + k * 13) % {users}),
    CASE k WHEN 0 THEN 'CREATOR' ELSE 'MEMBER' END
FROM generate_series(1, {boards}) AS n, generate_series(0, 3) AS k;
INSERT INTO board_users (board_id, user_id, role)
SELECT pg_temp.id(2, n * ({boards} / {memberships}) - 1), pg_temp.id(1, 0), 'MEMBER'
FROM generate_series(1, {memberships}) AS n;

INSERT INTO columns (id, board_id, title, rank)
SELECT pg_temp.id(3, n), pg_temp.id(2, n % {boards} + 1),
    (ARRAY['Ideas', 'To do', 'Doing', 'Review', 'Done'])[n / {boards} + 1],
    pg_temp.rank(n / {boards})
FROM generate_series(0, {boards} * 5 - 1) AS n;

-- In the order of time they are on all boards in turn.
INSERT INTO tasks (id, column_id, title, description, rank, due_date, priority, status, color,
    created_at, updated_at, version)
SELECT pg_temp.id(4, n), pg_temp.id(3, n % ({boards} * 5)),
    CASE WHEN a < 0.1 THEN 'Harbour ' WHEN n % ({tasks} / 20) = 7 THEN 'Zeppelin ' ELSE '' END
        || pg_temp.text(n, 3, vocabulary),
    CASE WHEN b < 0.75 THEN pg_temp.text(n, 15, vocabulary)
        || CASE WHEN b < 0.05 THEN ' launch' ELSE '' END
        || CASE WHEN c < 0.013 THEN ' lighthouse' ELSE '' END
        || CASE WHEN d < 0.0013 THEN ' ларёк' ELSE '' END END,
    pg_temp.rank(n / ({boards} * 5)),
    CASE WHEN c < 0.75 THEN '2026-01-01'::timestamptz + random() * interval '365 days' END,
    (ARRAY['LOW', 'LOW', 'LOW', 'MEDIUM', 'HIGH'])[floor(d * 5)::int + 1],
    CASE WHEN f < 0.01 THEN 'REJECT'
        WHEN n < {tasks} / 2 THEN 'DONE'  -- the old ones
        ELSE (ARRAY['TODO', 'IN_PROGRESS', 'DONE'])[floor(e * 3)::int + 1] END,
    NULL, created, created + random() * interval '30 days', 1
FROM (
    SELECT n, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e,
        random() AS f, '2025-11-01'::timestamptz + n * interval '1 second' AS created
    FROM generate_series(0, {tasks} - 1) AS n OFFSET 0
) AS numbers,
    LATERAL (SELECT CASE n % 3 WHEN 0 THEN pg_temp.russian()
        ELSE pg_temp.english() END AS vocabulary) AS given;

INSERT INTO subtasks (id, task_id, rank, title, is_completed, created_at, updated_at)
SELECT pg_temp.id(5, n), pg_temp.id(4, n * 3), pg_temp.rank(0),
    CASE WHEN random() < 0.1 THEN 'Harbour ' ELSE '' END || pg_temp.text(n, 3, pg_temp.english()),
    random() < 0.5, created, created + random() * interval '30 days'
FROM generate_series(0, {tasks} / 3 - 1) AS n,
    LATERAL (SELECT '2025-11-01'::timestamptz + n * interval '1 second' AS created) AS times;

INSERT INTO comments (id, task_id, user_id, content, created_at, updated_at)
SELECT pg_temp.id(6, n), pg_temp.id(4, n * 3 + 1), pg_temp.id(1, 2 + n % {users}),
    CASE WHEN random() < 0.1 THEN 'Harbour ' ELSE '' END || pg_temp.text(n, 10, pg_temp.russian()),
    created, created + random() * interval '30 days'
FROM generate_series(0, {tasks} / 3 - 1) AS n,
    LATERAL (SELECT '2025-11-01'::timestamptz + n * interval '1 second' AS created) AS times;

INSERT INTO labels (id, board_id, name)
SELECT pg_temp.id(7, n), pg_temp.id(2, n % {boards} + 1),
    (ARRAY['Urgent', 'Later', 'Bug', 'Question', 'Idea'])[n / {boards} + 1]
FROM generate_series(0, {boards} * 5 - 1) AS n;

INSERT INTO task_labels (task_id, label_id)
SELECT tasks.id, pg_temp.id(7, (n % 5) * {boards} + (n % ({boards} * 5)) % {boards})
FROM generate_series(0, {tasks} - 1, 2) AS n JOIN tasks ON tasks.id = pg_temp.id(4, n);

INSERT INTO task_assignees (task_id, membership_id)
SELECT tasks.id, membership
FROM tasks JOIN columns ON columns.id = column_id
JOIN (SELECT board_id, max(id) AS membership FROM board_users GROUP BY 1) AS last USING (board_id)
WHERE hashtext(tasks.id::text) % 3 = 0
"""


class Sample(NamedTuple):
    """What is asked for: a task half-way down, and a board of the caller's with what is on it."""

    middle: asyncpg.Record
    board: UUID
    column: UUID
    label: UUID
    user: UUID
    caller: UUID


async def fill(connection: asyncpg.Connection, tasks: int) -> None:
    """Empty the database and fill it with so many tasks."""
    await connection.execute(f"TRUNCATE {TABLES} CASCADE")
    await connection.execute("SELECT setseed(0.5)")
    if not await connection.fetchval("SELECT to_regproc('pg_temp.id')"):
        functions = FUNCTIONS
        for language, words in (("{english}", ENGLISH), ("{russian}", RUSSIAN)):
            numbered = [f"{words[n % len(words)]}{n}" for n in range(len(words), VOCABULARY)]
            functions = functions.replace(language, f"{{{','.join([*words, *numbered])}}}")
        await connection.execute(functions)
    names: dict[str, Any] = {
        "tasks": tasks, "boards": tasks // 100, "users": USERS, "caller": CALLER,
        "admin": ADMIN, "token": TOKEN, "memberships": MEMBERSHIPS,
    }  # fmt: skip
    for statement in FILL.format(**names).split(";\n"):
        await connection.execute(statement)
    await connection.execute("VACUUM ANALYZE")


async def sample(connection: asyncpg.Connection) -> Sample:
    middle = await connection.fetchrow(
        "SELECT * FROM tasks WHERE due_date IS NOT NULL "
        "ORDER BY id OFFSET (SELECT count(*) * 3 / 8 FROM tasks) LIMIT 1"
    )
    caller = await connection.fetchval("SELECT id FROM users WHERE username = $1", CALLER)
    board = await connection.fetchval(
        "SELECT board_id FROM board_users WHERE user_id = $1 ORDER BY id LIMIT 1", caller
    )
    column, label, user = [
        await connection.fetchval(query, board)
        for query in (
            "SELECT id FROM columns WHERE board_id = $1 ORDER BY rank OFFSET 1 LIMIT 1",
            "SELECT id FROM labels WHERE board_id = $1 ORDER BY id LIMIT 1",
            "SELECT user_id FROM board_users WHERE board_id = $1 ORDER BY id LIMIT 1",
        )
    ]
    return Sample(middle, board, column, label, user, caller)


# A board like the others, whose tasks are copies of theirs. In the order of FILL's tables.
BOARD = """
INSERT INTO boards (id, title, description, is_public)
SELECT pg_temp.id(2, count(*) + 1), '{title}', NULL, false FROM boards;

CREATE TEMPORARY TABLE new_board AS
    SELECT max(id::text)::uuid AS id, (SELECT count(*) FROM tasks) AS tasks FROM boards;

INSERT INTO board_users (board_id, user_id, role)
SELECT new_board.id, pg_temp.id(1, n), CASE n WHEN 0 THEN 'CREATOR' ELSE 'MEMBER' END
FROM new_board, generate_series(0, 4) AS n WHERE n <> 1;

INSERT INTO columns (id, board_id, title, rank)
SELECT pg_temp.id(3, n + (SELECT count(*) FROM columns)), new_board.id,
    (ARRAY['Ideas', 'To do', 'Doing', 'Review', 'Done'])[n + 1], pg_temp.rank(n)
FROM new_board, generate_series(0, {columns} - 1) AS n;

INSERT INTO tasks (id, column_id, title, description, rank, due_date, priority, status, color,
    created_at, updated_at, version)
SELECT pg_temp.id(4, new_board.tasks + n), columns.id, tasks.title, description,
    pg_temp.rank(n / {columns}), due_date, priority, status, tasks.color, tasks.created_at,
    tasks.updated_at, 1
FROM new_board, generate_series(0, {tasks} - 1) AS n
JOIN tasks ON tasks.id = pg_temp.id(4, n)
JOIN columns ON columns.rank = pg_temp.rank(n % {columns})
WHERE columns.board_id = new_board.id;

CREATE TEMPORARY TABLE new_tasks AS
    SELECT pg_temp.id(4, new_board.tasks + n) AS id, n
    FROM new_board, generate_series(0, {tasks} - 1) AS n;

INSERT INTO subtasks (id, task_id, rank, title, is_completed)
SELECT pg_temp.id(5, n / 3 + (SELECT count(*) FROM subtasks)), id, pg_temp.rank(0), 'Harbour',
    n % 2 = 0
FROM new_tasks WHERE n % 3 = 0;

INSERT INTO comments (id, task_id, user_id, content)
SELECT pg_temp.id(6, n / 3 + (SELECT count(*) FROM comments)), id, pg_temp.id(1, 2), 'Lighthouse'
FROM new_tasks WHERE n % 3 = 1;

INSERT INTO labels (id, board_id, name)
SELECT pg_temp.id(7, n + (SELECT count(*) FROM labels)), new_board.id,
    (ARRAY['Urgent', 'Later', 'Bug', 'Question', 'Idea'])[n + 1]
FROM new_board, generate_series(0, 4) AS n;

INSERT INTO task_labels (task_id, label_id)
SELECT new_tasks.id, labels.id
FROM new_board JOIN labels ON board_id = new_board.id, new_tasks
WHERE n % 2 = 0 AND name = (ARRAY['Urgent', 'Later', 'Bug', 'Question', 'Idea'])[n / 2 % 5 + 1];

INSERT INTO task_assignees (task_id, membership_id)
SELECT new_tasks.id, (SELECT max(id) FROM board_users WHERE board_id = new_board.id)
FROM new_board, new_tasks WHERE n / 5 % 3 = 0
"""


async def add_board(
    connection: asyncpg.Connection, title: str, tasks: int, columns: int = 5
) -> None:
    """Add a private board of the caller's, on the connection that filled the database.

    The database must contain so many tasks already.
    """
    for statement in BOARD.format(title=title, tasks=tasks, columns=columns).split(";\n"):
        await connection.execute(statement)
    await connection.execute("DROP TABLE new_board, new_tasks")


async def add_newcomer(connection: asyncpg.Connection, boards: int) -> None:
    """Add a user, a member of so many boards that lie far from each other."""
    await connection.execute(
        "INSERT INTO users (id, username, username_key, email, email_key, avatar_url,"
        " hashed_password, is_admin, version) SELECT pg_temp.id(1, count(*)), $1, $1, $2, $2,"
        " '/api/avatars/x.svg', 'x', false, 1 FROM users",
        NEWCOMER,
        f"{NEWCOMER}@example.com",
    )
    await connection.execute(
        "INSERT INTO board_users (board_id, user_id, role) SELECT boards.id, users.id, 'MEMBER'"
        " FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many"
        " FROM boards) AS boards, users WHERE username = $1 AND place % (many / $2) = many / $2 / 2"
        " ORDER BY place LIMIT $2",
        NEWCOMER,
        boards,
    )


BARE = """
CREATE TABLE bare (LIKE tasks INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE bare DROP COLUMN words, DROP COLUMN title_order;
ALTER TABLE bare ADD PRIMARY KEY (id),
    ADD UNIQUE (column_id, rank) INCLUDE (deleted_at, archived_at);
CREATE TABLE whole (LIKE tasks INCLUDING ALL)
"""
COLUMNS = """id, column_id, title, description, rank, due_date, priority, status, color,
    created_at, updated_at, version"""


async def write_costs(connection: asyncpg.Connection, tasks: int) -> list[str]:
    """Return what writing tasks costs with the words and the orders, and without, line by line."""
    what = f"inserting {WRITTEN:,} tasks"
    for statement in BARE.split(";\n"):
        await connection.execute(statement)
    taken: dict[str, float] = {}
    for table in ("bare", "whole"):
        await connection.execute(
            f"INSERT INTO {table} ({COLUMNS}) SELECT {COLUMNS} FROM tasks "
            f"ORDER BY id OFFSET {WRITTEN} LIMIT {WRITTEN}"
        )
        begin = time.perf_counter()
        await connection.execute(
            f"INSERT INTO {table} ({COLUMNS}) SELECT {COLUMNS} "
            f"FROM tasks ORDER BY id LIMIT {WRITTEN}"
        )
        taken[table] = (time.perf_counter() - begin) * 1000
    await connection.execute("DROP TABLE bare, whole")
    bare, whole = taken["bare"], taken["whole"]
    return [
        f"- At {tasks:,} tasks, {what}: {whole:.0f} ms, {whole / bare:.1f} times as long as the"
        f" {bare:.0f} ms that it takes without the words and the indexes for orders."
    ]
