"""The schema that the migrations make, and databases that have another."""

from collections.abc import AsyncIterator
from importlib import import_module

import asyncpg
import pytest

from api.db.connection import RENAMED, known_migrations, migrate, migrations_of
from api.db.errors import DatabaseError
from api.db.schema import expected_schema, schema_of
from api.ops.integrity import check
from models.tables import fold, unique_key
from tests.conftest import Client, new_database
from tests.helpers.command_line import run
from tests.helpers.database import sql

CLAIM = "the schema is that of a fresh database"

# One of each kind of object, and of what can be different in it.
DIFFERENCES = [
    ("DROP TABLE comments CASCADE", "missing: table comments", False),
    ("CREATE TABLE extra ()", "not expected: table extra", True),
    ("ALTER TABLE rate_limits SET LOGGED", "missing: table rate_limits unlogged", True),
    ("CREATE VIEW extra AS SELECT 1", "not expected: view extra AS SELECT 1", True),
    ("ALTER TABLE tasks DROP COLUMN priority CASCADE", "missing: column tasks.priority", True),
    ("ALTER TABLE users ALTER email TYPE text", "not expected: column users.email text", True),
    ("ALTER TABLE boards ALTER color SET NOT NULL", "column boards.color character varying(7) NOT",
     True),
    ("ALTER TABLE tasks ALTER priority SET DEFAULT 'HIGH'", "DEFAULT 'HIGH'", True),
    ("ALTER TABLE tasks ALTER priority DROP DEFAULT", "column tasks.priority", True),
    ("ALTER TABLE api_tokens ALTER token_hash TYPE VARCHAR(64) COLLATE \"C\"", "COLLATE C", True),
    ("ALTER TABLE subtasks ALTER words DROP EXPRESSION",
     "not expected: column subtasks.words tsvector", True),
    ("ALTER TABLE tasks DROP CONSTRAINT tasks_title_check",
     "missing: constraint tasks.tasks_title_check CHECK (title <> '')", True),
    ("ALTER TABLE columns DROP CONSTRAINT columns_board_id_fkey, ADD CONSTRAINT "
     "columns_board_id_fkey FOREIGN KEY (board_id) REFERENCES boards",
     "missing: constraint columns.columns_board_id_fkey FOREIGN KEY", True),
    ("DROP INDEX tasks_due_date_id_idx", "missing: index tasks_due_date_id_idx", True),
    ("DROP INDEX tasks_words_idx; CREATE INDEX tasks_words_idx ON tasks USING gin (words)",
     "not expected: index tasks_words_idx ON tasks USING gin (words)", True),
    ("DROP INDEX board_users_creator_key; "
     "CREATE INDEX board_users_creator_key ON board_users (board_id) WHERE role = 'CREATOR'",
     "missing: index board_users_creator_key UNIQUE ON", True),
    ("CREATE FUNCTION extra() RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "not expected: function extra() RETURNS integer", True),
    ("CREATE TRIGGER extra BEFORE UPDATE ON tasks FOR EACH ROW "
     "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
     "not expected: trigger extra BEFORE UPDATE ON tasks", True),
    ("ALTER TABLE tasks DISABLE TRIGGER ALL", "internal trigger", True),
    ("ALTER TABLE users DISABLE TRIGGER ALL",
     'not expected: internal trigger "RI_FKey_cascade_del" of constraint sessions_user_id_fkey '
     "ON users (D)", True),
    ("ALTER TABLE boards ENABLE ROW LEVEL SECURITY",
     "not expected: table boards ROW LEVEL SECURITY", True),
    ("ALTER TABLE boards FORCE ROW LEVEL SECURITY",
     "not expected: table boards FORCE ROW LEVEL SECURITY", True),
    ("CREATE RULE extra AS ON DELETE TO tasks DO INSTEAD NOTHING",
     "not expected: rule extra AS ON DELETE TO tasks DO INSTEAD NOTHING", True),
    ("INSERT INTO pg_db_role_setting SELECT oid, 0, '{session_replication_role=replica}' "
     "FROM pg_database WHERE datname = current_database()",
     "not expected: session_replication_role replica", True),
    ("ALTER SEQUENCE board_users_id_seq INCREMENT 2", "sequence board_users_id_seq", True),
    ("ALTER TABLE task_labels ALTER id DROP DEFAULT, ALTER id ADD GENERATED ALWAYS AS IDENTITY "
     "(SEQUENCE NAME other)", "column task_labels.id integer NOT NULL", True),
]  # fmt: skip

# Early databases: migrations were changed, and named anew, after these had had them.
EARLY = {
    "invitations": ["ALTER TABLE invitations DROP COLUMN by_admin"],
    "indexes": [
        *(
            f"DROP INDEX tasks_status_{name}_id_idx"
            for name in ("priority", "due_date", "created_at", "updated_at")
        ),
        "CREATE INDEX tasks_priority_status_id_idx ON tasks (priority, status, id)",
    ],
    "words": [
        f"ALTER TABLE {table} DROP COLUMN words, ADD words TSVECTOR GENERATED ALWAYS AS "
        f"(ts_delete({vectors}, '|')) STORED"
        for table, columns in {
            "boards": ["title", "description"], "columns": ["title"], "comments": ["content"],
            "subtasks": ["title"], "tasks": ["title", "description"],
        }.items()
        for vectors in [" || '|:200'::tsvector || ".join(
            f"setweight(to_tsvector('{language}', translate(coalesce({column}, ''), "
            r"""'!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', """
            f"repeat(' ', 32))), '{weight}')"
            for column, weight in zip(columns, "AB", strict=False)
            for language in ("simple", "russian")
        )]
    ],
    "keys": [
        "ALTER TABLE users ALTER username_key TYPE VARCHAR(600), "
        "ALTER email_key TYPE VARCHAR(1020)",
    ],
    "names": [f"UPDATE aerich SET version = '{old}' WHERE version = '{new}'"
              for old, new in RENAMED.items()],
}  # fmt: skip


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_a_fresh_database_has_the_schema_of_the_file(connection: asyncpg.Connection) -> None:
    found = await schema_of(connection)
    assert found == expected_schema(), "If that is meant: make schema"
    assert len(set(found)) == len(found)


async def test_the_schema_is_the_same_by_any_name_and_owner(
    postgres_url: str, other_url: str
) -> None:
    await sql(
        other_url,
        'CREATE ROLE "an owner" LOGIN',
        'CREATE SCHEMA "a.schema" AUTHORIZATION "an owner"',
        f"ALTER DATABASE {other_url.split('/')[3].split('?')[0]} "
        'SET search_path TO "a.schema", public',
        "SELECT 1",
    )
    try:
        url = other_url.replace("postgres@", "an%20owner@")
        await migrate(url)
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT current_schema()") == "a.schema"
        assert await schema_of(connection) == expected_schema()
        await connection.close()
    finally:
        await sql(other_url, 'DROP OWNED BY "an owner" CASCADE', 'DROP ROLE "an owner"', "SELECT 1")


@pytest.mark.parametrize(("change", "named", "finished"), DIFFERENCES)
async def test_each_difference_of_the_schema_is_found_and_named(
    database_url: str,
    capsys: pytest.CaptureFixture[str],
    change: str,
    named: str,
    finished: bool,
) -> None:
    await sql(database_url, *change.split(";"))
    if finished:
        assert not await check(database_url)
    else:
        with pytest.raises(DatabaseError, match="could not be finished"):
            await check(database_url)
    lines = capsys.readouterr().out.splitlines()
    [wrong] = [line for line in lines if line.startswith("WRONG")]
    assert wrong.startswith(f"WRONG  {CLAIM}: ")
    connection = await asyncpg.connect(database_url)
    found, expected = set(await schema_of(connection)), set(expected_schema())
    await connection.close()
    told = [f"missing: {line}" for line in expected - found]
    told += [f"not expected: {line}" for line in found - expected]
    assert any(named in line for line in told), told
    assert f"{len(told)} difference" in wrong


async def test_a_long_difference_is_cut_short(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await sql(database_url, "ALTER TABLE boards DROP COLUMN words")
    assert not await check(database_url)
    assert len(max(capsys.readouterr().out.splitlines(), key=len)) < 400


# Those that touch what the migration that mends early databases makes, the latest first.
LATER_CHANGES = [
    name
    for end in ("_text_forms.py", "_fewer_indexes.py")
    for name in known_migrations()
    if name.endswith(end)
]


@pytest.fixture
async def early_url(postgres: asyncpg.Connection, postgres_url: str) -> AsyncIterator[str]:
    """Yield a database as it was before the migration that mends early ones."""
    async with new_database(postgres, postgres_url) as url:
        for name in LATER_CHANGES:
            later = import_module(f"migrations.models.{name.removesuffix('.py')}")
            await sql(
                url,
                await later.downgrade(None),
                f"DELETE FROM aerich WHERE version = '{name}'",
                "SELECT 1",
            )
        await sql(url, "DELETE FROM aerich WHERE version LIKE '%_mend_schema.py'", "SELECT 1")
        yield url


@pytest.mark.parametrize("what", [*EARLY, "all"])
async def test_a_database_that_began_early_is_mended(early_url: str, what: str) -> None:
    name, email = "\ufdfa" * 20, "\ufdfa" * 30 + "@example.com"
    for statements in [EARLY[what]] if what in EARLY else EARLY.values():
        await sql(early_url, *statements, "SELECT 1")
    if what in ("keys", "all"):
        await sql(
            early_url,
            "INSERT INTO users (id, username, username_key, email, email_key, avatar_url, "
            f"hashed_password) VALUES (gen_random_uuid(), '{name}', '{fold(name)}', '{email}', "
            f"'{fold(email)}', '/', '')",
            "SELECT 1",
        )
    connection = await asyncpg.connect(early_url)
    assert (await migrations_of(connection)).unknown == []
    assert what == "names" or await schema_of(connection) != expected_schema()
    applied = [name.split("_", 2)[2] for name in await migrate(early_url)]
    assert applied == ["mend_schema.py", "fewer_indexes.py", "text_forms.py"]
    assert await schema_of(connection) == expected_schema()
    assert await migrations_of(connection) == ([], [])
    if what in ("keys", "all"):
        [keys] = await connection.fetch("SELECT username_key, email_key FROM users")
        assert list(keys) == [unique_key(name), unique_key(email)]
        assert all(key.startswith("sha256:") for key in keys)
    await connection.close()


LATER = (
    "INSERT INTO aerich (version, app, content) VALUES ('99_20300101000000_later.py', 'models', "
    "'{}')"
)


@pytest.mark.parametrize("command", ["serve", "migrate", "demo"])
async def test_an_older_program_refuses_a_newer_database(database_url: str, command: str) -> None:
    await sql(database_url, LATER, "SELECT 1")
    done = await run(command, url=database_url)
    assert done.returncode == 1
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert "from a newer version" in line
    assert "99_20300101000000_later.py" in line


async def test_an_older_server_on_a_newer_database_is_not_ready(
    anonymous: Client, database_url: str
) -> None:
    assert (await anonymous.get("/health/ready")).status_code == 200
    await sql(database_url, LATER, "SELECT 1")
    assert (await anonymous.get("/health/ready")).status_code == 503
    assert (await anonymous.get("/health/live")).status_code == 200
