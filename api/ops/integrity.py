"""The rules that every database must keep at every moment, checked on the rows themselves."""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import asyncpg
import click
from tortoise import Model

from api.db.connection import migrations_of
from api.db.dsn import connect
from api.db.errors import DatabaseError
from api.db.schema import expected_schema, schema_of
from api.resources.hooks import Ordered
from crud_config import RESOURCES
from models import tables
from models.tables import unique_key

EXAMPLES = 3
EXAMPLE_LENGTH = 100

MODELS = [
    model
    for model in vars(tables).values()
    if isinstance(model, type) and issubclass(model, Model) and model._meta.db_table
]

ONE_CREATOR = """
SELECT boards.id FROM boards
LEFT JOIN board_users ON board_id = boards.id AND role = 'CREATOR'
GROUP BY boards.id HAVING count(board_users.id) <> 1
"""

# What sorts otherwise than its number does, or is none.
WRONG_RANKS = "SELECT id FROM {table} WHERE rank !~ '^[0-9a-f]{{13,}}$'"

WRONG_ASSIGNEES = """
SELECT task_id FROM task_assignees
JOIN tasks ON tasks.id = task_id JOIN columns ON columns.id = column_id
JOIN board_users ON board_users.id = membership_id
WHERE board_users.board_id <> columns.board_id OR role = 'VIEWER'
"""

FOREIGN_LABELS = """
SELECT task_id FROM task_labels
JOIN tasks ON tasks.id = task_id JOIN columns ON columns.id = column_id
JOIN labels ON labels.id = label_id
WHERE labels.board_id <> columns.board_id
"""

# What triggers keep in the row of a task, beside the rows that it says it of.
WRONG_CARDS = """
SELECT id FROM tasks WHERE (
    label_ids, assignee_ids, subtask_count, completed_subtask_count, comment_count
) IS DISTINCT FROM (
    ARRAY(SELECT label_id FROM task_labels WHERE task_id = tasks.id ORDER BY label_id),
    ARRAY(
        SELECT user_id FROM task_assignees JOIN board_users ON board_users.id = membership_id
        WHERE task_id = tasks.id ORDER BY task_assignees.id
    ),
    (SELECT count(*) FROM subtasks WHERE task_id = tasks.id),
    (SELECT count(*) FROM subtasks WHERE task_id = tasks.id AND is_completed),
    (SELECT count(*) FROM comments WHERE task_id = tasks.id)
)
"""

WRONG_DUE_DATES = """
SELECT tasks.id FROM tasks
JOIN columns ON columns.id = column_id JOIN boards ON boards.id = board_id
WHERE due_day IS NOT NULL AND due_date IS DISTINCT FROM end_of_day(due_day, time_zone)
"""

REMEMBERED = """
SELECT id FROM events WHERE num_nonnulls(before, after) > 0 AND (
    task_id IN (SELECT record_id FROM events WHERE kind = 'task.purged')
    OR board_id IN (SELECT record_id FROM events WHERE kind = 'board.purged')
    OR (record = 'subtask' AND record_id NOT IN (SELECT id FROM subtasks))
    OR (record = 'comment' AND record_id NOT IN (SELECT id FROM comments))
)
"""

ONE_EPOCH = "SELECT count(*) FROM event_log HAVING count(*) <> 1"

ORPHANS = """
SELECT '{table} ' || child.{key} FROM {table} AS child
LEFT JOIN {parent} AS parent ON parent.{parent_key} = child.{reference}
WHERE child.{reference} IS NOT NULL AND parent.{parent_key} IS NULL
"""

UNCHECKED_CONSTRAINTS = """
SELECT conrelid::regclass || ' ' || conname FROM pg_constraint
WHERE NOT convalidated AND connamespace = quote_ident(current_schema())::regnamespace
"""

INVALID_INDEXES = """
SELECT indexrelid::regclass FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT (indisvalid AND indisready) AND relnamespace = quote_ident(current_schema())::regnamespace
"""

SEQUENCES = """
SELECT quote_ident(own.relname), quote_ident(attname), quote_ident(owner.relname)
FROM pg_class AS own JOIN pg_depend ON classid = 'pg_class'::regclass AND objid = own.oid
JOIN pg_class AS owner ON owner.oid = refobjid
JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
WHERE own.relkind = 'S' AND deptype IN ('a', 'i')
    AND own.relnamespace = quote_ident(current_schema())::regnamespace ORDER BY 1
"""

# The number that a sequence gives next is one that it hasn't given yet.
BEHIND = """
SELECT '{sequence}' FROM {sequence}
WHERE (SELECT max({column}) FROM {table}) > last_value - CASE WHEN is_called THEN 0 ELSE 1 END
"""


class Finding(NamedTuple):
    """A rule, the number of rows that break it, and a few of them."""

    claim: str
    broken: int
    examples: list[str]
    noun: str = "row"

    def __str__(self) -> str:
        if not self.broken:
            return f"ok     {self.claim}"
        more = ", …" if self.broken > len(self.examples) else ""
        count = f"{self.broken:,} {self.noun}{'' if self.broken == 1 else 's'}"
        return f"WRONG  {self.claim}: {count}, e.g. {', '.join(self.examples)}{more}"


async def check(url: str) -> bool:
    """Print a line for every invariant of the database at `url`; whether all of them hold.

    It changes nothing, sees one moment of a database in use, and keeps no more than a few rows in
    memory. Raises DatabaseError when it can't be finished.
    """
    whole = True
    connection = await connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            async for finding in findings(connection):
                click.echo(finding)
                whole = whole and not finding.broken
            if not await connection.fetchval("SELECT EXISTS (SELECT FROM users WHERE is_admin)"):
                click.echo("note   nobody is an admin")
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        # Only the first part: PostgreSQL's details may quote rows.
        raise DatabaseError(f"The check could not be finished: {error.args[0]}.") from error
    finally:
        await connection.close()
    return whole


async def findings(connection: asyncpg.Connection) -> AsyncIterator[Finding]:
    """Yield what the check finds, one invariant after another."""
    caseless = await connection.fetchval("SELECT lower('Ж') <> 'ж'")
    yield Finding("the locale knows upper and lower case", int(caseless), ["lower('Ж')"])

    pending, unknown = await migrations_of(connection)
    yield Finding("no migration is missing", len(pending), pending[:EXAMPLES], "migration")
    if pending:
        raise DatabaseError("The rest can't be checked before: .venv/bin/python -m api migrate")
    later = "no migration is from a later version"
    yield Finding(later, len(unknown), unknown[:EXAMPLES], "migration")
    yield await wrong_schema(connection)

    yield await find(connection, "each board has exactly one creator", ONE_CREATOR)
    for resource in RESOURCES:
        if isinstance(resource.hooks, Ordered):
            table = resource.model._meta.db_table
            wrong = WRONG_RANKS.format(table=table)
            yield await find(connection, f"the ranks of {table} are hexadecimal numbers", wrong)
    claim = "tasks are assigned to members of their board, not to VIEWERs"
    yield await find(connection, claim, WRONG_ASSIGNEES)
    yield await find(connection, "tasks bear labels of their board", FOREIGN_LABELS)
    yield await find(connection, "tasks hold what is on their cards", WRONG_CARDS)
    yield await find(connection, "tasks due on a day are due until its end", WRONG_DUE_DATES)
    claim = "the event log holds no values of what was deleted for good"
    yield await find(connection, claim, REMEMBERED)
    yield await find(connection, "the event log has one epoch", ONE_EPOCH)
    yield await wrong_keys(connection)
    yield await find(connection, "whatever a row refers to is there", orphans())
    ended = "SELECT id FROM sessions WHERE expires_at <= created_at"
    yield await find(connection, "sessions end after they begin", ended)
    yield await find(connection, "all constraints were checked", UNCHECKED_CONSTRAINTS)
    yield await find(connection, "all indexes are valid", INVALID_INDEXES)
    behind = [
        BEHIND.format(sequence=sequence, column=column, table=table)
        for sequence, column, table in await connection.fetch(SEQUENCES)
    ]
    claim = "no sequence is behind its table's ids"
    yield await find(connection, claim, " UNION ALL ".join(behind) or "SELECT WHERE false")


async def find(connection: asyncpg.Connection, claim: str, broken: str, *values: object) -> Finding:
    """Look for what the query `broken` selects: one column that names what breaks the claim."""
    rows = await connection.fetch(
        f"SELECT name::text, count(*) OVER () FROM ({broken}) AS broken (name) "  # noqa: S608
        f"LIMIT {EXAMPLES}",
        *values,
    )
    return Finding(claim, rows[0]["count"] if rows else 0, [row["name"] for row in rows])


async def wrong_schema(connection: asyncpg.Connection) -> Finding:
    """Compare the schema with that of a fresh database (migrations/schema.txt)."""
    expected, found = set(expected_schema()), set(await schema_of(connection))
    differences = [f"missing: {line}" for line in sorted(expected - found)]
    differences += [f"not expected: {line}" for line in sorted(found - expected)]
    examples = [
        line if len(line) <= EXAMPLE_LENGTH else f"{line[:EXAMPLE_LENGTH]}…"
        for line in differences[:EXAMPLES]
    ]
    claim = "the schema is that of a fresh database"
    return Finding(claim, len(differences), examples, "difference")


async def wrong_keys(connection: asyncpg.Connection) -> Finding:
    """Find users whose unique keys aren't made from their names, which only Python can tell."""
    count, examples = 0, []
    query = "SELECT id, username, username_key, email, email_key FROM users"
    async for id, username, username_key, email, email_key in connection.cursor(
        query, prefetch=1_000
    ):
        if (unique_key(username), unique_key(email)) != (username_key, email_key):
            count += 1
            examples += [str(id)] if count <= EXAMPLES else []
    return Finding("unique keys are those of the names and e-mails", count, examples)


def orphans() -> str:
    """Return the query for the rows whose foreign key leads nowhere, in all tables."""
    references: list[tuple[type[Model], str, type[Model]]] = []
    for model in MODELS:
        for name in sorted(model._meta.fk_fields):
            field: Any = model._meta.fields_map[name]
            references.append((model, field.source_field, field.related_model))
    return " UNION ALL ".join(
        ORPHANS.format(
            table=model._meta.db_table,
            key=model._meta.db_pk_column,
            reference=column,
            parent=parent._meta.db_table,
            parent_key=parent._meta.db_pk_column,
        )
        for model, column, parent in references
    )
