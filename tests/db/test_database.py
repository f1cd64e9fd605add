"""What PostgreSQL itself holds, and how the migrations get there."""

import asyncio
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import TransactionWrapper
from uuid_utils.compat import uuid7

from api.db.connection import (
    MIGRATION_LOCK,
    MIGRATIONS,
    migrate,
    migrations_of,
    unit_of_work,
)
from api.db.errors import DatabaseError
from api.db.executor import BatchExecutor
from api.resources.resource import sort_key
from crud_config import RESOURCES
from models import tables
from models.tables import Board, BoardUser, Column, Label, Task
from tests.conftest import Client, World, with_database
from tests.helpers.database import connection_pool, pool_is_whole

CONSTRAINTS = {
    "users": {
        "CHECK ((char_length((username)::text) >= 3) AND (char_length((username)::text) <= 150))",
    },
    "boards": {
        "CHECK (((color)::text ~ '^#[0-9a-fA-F]{6}$'::text))",
        "CHECK (is_time_zone((time_zone)::text))",
    },
    "board_users": {
        "UNIQUE (user_id, board_id)",
        "FOREIGN KEY (board_id) REFERENCES boards(id) ON DELETE CASCADE",
        "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE",
        "CHECK (((role)::text = ANY ((ARRAY['CREATOR'::character varying, "
        "'MODERATOR'::character varying, 'MEMBER'::character varying, "
        "'VIEWER'::character varying])::text[])))",
    },
    "columns": {
        "UNIQUE (board_id, rank) INCLUDE (deleted_at, archived_at) DEFERRABLE",
        "CHECK (((task_limit >= 1) AND (task_limit <= 10000)))",
        "FOREIGN KEY (board_id) REFERENCES boards(id) ON DELETE CASCADE",
        "CHECK (((color)::text ~ '^#[0-9a-fA-F]{6}$'::text))",
    },
    "tasks": {
        "UNIQUE (column_id, rank) INCLUDE (deleted_at, archived_at) DEFERRABLE",
        "FOREIGN KEY (column_id) REFERENCES columns(id) ON DELETE CASCADE",
        "CHECK (((color)::text ~ '^#[0-9a-fA-F]{6}$'::text))",
        "CHECK (((priority)::text = ANY ((ARRAY['LOW'::character varying, "
        "'MEDIUM'::character varying, 'HIGH'::character varying])::text[])))",
        "CHECK (((status)::text = ANY ((ARRAY['TODO'::character varying, "
        "'IN_PROGRESS'::character varying, 'DONE'::character varying, "
        "'REJECT'::character varying])::text[])))",
    },
    "subtasks": {
        "UNIQUE (task_id, rank) DEFERRABLE",
        "FOREIGN KEY (task_id) REFERENCES tasks(id) ON DELETE CASCADE",
    },
    "comments": {
        "FOREIGN KEY (task_id) REFERENCES tasks(id) ON DELETE CASCADE",
        "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL",
    },
    "invitations": {
        "UNIQUE (token_hash)",
        "FOREIGN KEY (board_id) REFERENCES boards(id) ON DELETE CASCADE",
        "FOREIGN KEY (inviter_id) REFERENCES users(id) ON DELETE CASCADE",
        "CHECK (((role)::text = ANY ((ARRAY['MODERATOR'::character varying, "
        "'MEMBER'::character varying, 'VIEWER'::character varying])::text[])))",
        "CHECK (((uses >= 0) AND (uses <= max_uses)))",
        "CHECK ((char_length((token_hash)::text) = 64))",
    },
    "sessions": {"FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE"},
}  # fmt: skip

COLUMNS = {
    "users": "id username email avatar_url is_admin disabled_at hashed_password registered_at",
    "boards": "id title description is_public is_template color time_zone "
    "created_at updated_at deleted_at "
    "viewers_can_comment",
    "board_users": "id board_id user_id role",
    "columns": "id board_id title rank color created_at updated_at deleted_at",
    "tasks": "id column_id title description rank due_date due_day priority status color "
    "created_at updated_at deleted_at",
    "subtasks": "id task_id title rank is_completed created_at updated_at",
    "comments": "id task_id user_id content created_at updated_at",
    "invitations": "id board_id inviter_id role token_hash max_uses uses created_at expires_at",
    "sessions": "id user_id created_at last_used_at expires_at",
}

IN_TRASH = "WHERE (deleted_at IS NOT NULL"
KEPT = "WHERE (deleted_at IS NULL"

# Every foreign key, and every order in which a list is read.
INDEXED = {
    "board_users": {"board_id, id", "user_id, board_id"},
    "users": {"registered_at, id"},
    "boards": {f"deleted_at) {IN_TRASH}", "title_order, id", "created_at, id", "updated_at, id"},
    "columns": {
        "board_id",
        "board_id, rank) INCLUDE (deleted_at, archived_at",
        f"deleted_at) {IN_TRASH}",
        "title_order, id",
        "created_at, id",
        "updated_at, id",
    },
    "tasks": {
        "column_id, rank) INCLUDE (deleted_at, archived_at",
        f"deleted_at) {IN_TRASH}",
        "due_date, id",
        "updated_at, id",
    },
    "subtasks": {"task_id, rank", "task_id, id", "created_at, id", "updated_at, id"},
    "comments": {"task_id, id", "user_id", "created_at, id", "updated_at, id"},
    "labels": {"board_id, id", "name_order, id", "created_at, id", "updated_at, id"},
    "invitations": {"board_id, id", "inviter_id"},
    "sessions": {"user_id", "expires_at", "last_used_at"},
}


@pytest.fixture
async def connection(database_url: str) -> object:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


def bare(definition: str) -> str:
    """Return a constraint's definition without its brackets, of which PostgreSQL is generous."""
    return definition.replace("(", "").replace(")", "")


@pytest.mark.parametrize("table", CONSTRAINTS)
async def test_postgresql_holds_each_constraint(connection: asyncpg.Connection, table: str) -> None:
    rows = await connection.fetch(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = $1::regclass AND convalidated",
        table,
    )
    held = {bare(row[0]) for row in rows}
    assert {bare(wanted) for wanted in CONSTRAINTS[table]} <= held


async def test_each_conflict_that_is_explained_is_a_constraint(
    connection: asyncpg.Connection,
) -> None:
    rows = await connection.fetch(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indisunique"
    )
    assert set(tables.CONSTRAINTS) <= {row[0] for row in rows}


@pytest.mark.parametrize("table", COLUMNS)
async def test_each_table_has_its_columns(connection: asyncpg.Connection, table: str) -> None:
    rows = await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = $1", table
    )
    assert set(COLUMNS[table].split()) <= {row[0] for row in rows}


async def test_a_board_has_at_most_one_creator(connection: asyncpg.Connection) -> None:
    [definition] = await connection.fetchrow(
        "SELECT indexdef FROM pg_indexes WHERE indexname = 'board_users_creator_key'"
    )
    assert "UNIQUE" in definition
    assert "(board_id) WHERE ((role)::text = 'CREATOR'::text)" in definition


@pytest.mark.parametrize("table", INDEXED)
async def test_each_foreign_key_and_order_has_its_index(
    connection: asyncpg.Connection, table: str
) -> None:
    rows = await connection.fetch("SELECT indexdef FROM pg_indexes WHERE tablename = $1", table)
    found = {row[0].partition("btree (")[2].removesuffix(")") for row in rows}
    assert INDEXED[table] <= found


async def test_searches_and_computed_orders_use_an_index(
    world: World, ada: Client, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The expressions of the queries are those of the indexes, or these would never be used."""
    column = await world.column(await world.board(ada.user))
    await Task.bulk_create(
        [Task(column=column, title=f"Task {n}", rank=f"{n:013x}") for n in range(2_000)]
    )
    await Label.bulk_create(
        [Label(board_id=column.board_id, name=f"Label {n}") for n in range(2_000)]
    )
    await Tortoise.get_connection("default").execute_query("VACUUM ANALYZE")
    asked: list[tuple[str, list[Any]]] = []
    execute = TransactionWrapper.execute_query  # a search runs in a transaction

    async def note(self: Any, query: str, values: list[Any] | None = None) -> Any:
        asked.append((query, values or []))
        return await execute(self, query, values)

    fetch_rows = BatchExecutor.fetch_rows

    async def note_turn(self: Any, query: str, *values: Any, ends: float) -> Any:
        asked.append((query, [*values, 0]))
        return await fetch_rows(self, query, *values, ends=ends)

    monkeypatch.setattr(TransactionWrapper, "execute_query", note)
    monkeypatch.setattr(BatchExecutor, "fetch_rows", note_turn)
    for path, index in (
        ("tasks?sort=-due_date", "tasks_due_date_id_idx"),
        ("tasks?sort=updated_at", "tasks_updated_at_id_idx"),
        ("tasks?q=77", "tasks_words_idx"),
        ("tasks?q=77&status=DONE&priority=LOW", "tasks_words_idx"),
        ("users?q=ro", "users_username_key_idx"),
        ("labels?q=ur", "labels_name_key_idx"),
    ):
        assert (await admin.get(f"/api/{path}&limit=5")).status_code == 200
        [(query, values)] = [each for each in asked if f'FROM "{path.split("?")[0]}"' in each[0]
                             and "LIMIT" in each[0]][-1:]  # fmt: skip
        async with connection_pool().acquire() as connection, connection.transaction():
            # What there is is little, and quicker to read as a whole.
            await connection.execute("SET LOCAL enable_seqscan = off")
            plan = await connection.fetch(f"EXPLAIN {query}", *values)
        lines = [line[0] for line in plan]
        assert any(index in line for line in lines), (path, lines)
        for name in ("status", "priority"):
            indexed = any("Index Cond" in line and f"(ARRAY[{name}]" in line for line in lines)
            assert indexed == (f"&{name}=" in path), (path, lines)


async def test_lists_say_which_orders_have_an_index(
    connection: asyncpg.Connection, application: FastAPI
) -> None:
    paths = application.openapi()["paths"]
    for resource in RESOURCES:
        rows = await connection.fetch(
            "SELECT indexdef FROM pg_indexes WHERE tablename = $1", resource.model._meta.db_table
        )
        defined = [row[0] for row in rows]
        text = paths[f"/api/{resource.path}"]["get"]["description"]
        says = re.search(r"Sorting by (.*) is fast for any number", text)
        told = re.findall(r"`(\w+)`", says[1]) if says else ["id", *resource.sort]
        for name in ("id", *resource.sort):
            ends = (
                "USING btree (id)"
                if name == "id"
                else f"USING btree ({sort_key(resource.model, name)}, id)"
            )
            has = any(each.endswith(ends) for each in defined)
            assert has == (name in told), (resource.path, name)


async def test_the_rate_limits_are_unlogged(connection: asyncpg.Connection) -> None:
    kind = await connection.fetchval(
        "SELECT relpersistence FROM pg_class WHERE relname = 'rate_limits'"
    )
    assert kind == b"u"


def test_the_migrations_are_those_of_the_models(tmp_path: Path) -> None:
    """aerich, asked for a migration, has nothing to write."""
    shutil.copytree("migrations", tmp_path / "migrations")
    for name in ("api", "models", "crud_config.py"):
        (tmp_path / name).symlink_to(Path(name).resolve())
    (tmp_path / "pyproject.toml").write_text(Path("pyproject.toml").read_text())
    before = set((tmp_path / "migrations").rglob("*.py"))
    command = [sys.executable, "-m", "aerich", "migrate", "--offline", "--no-input"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert set((tmp_path / "migrations").rglob("*.py")) == before, done.stdout
    assert "No changes" in done.stdout, done


def test_a_model_that_changed_makes_that_check_fail(tmp_path: Path) -> None:
    shutil.copytree("migrations", tmp_path / "migrations")
    shutil.copytree("api", tmp_path / "api")
    shutil.copytree("models", tmp_path / "models")
    tables = tmp_path / "models" / "tables.py"
    tables.write_text(
        tables.read_text().replace(
            "class Subtask(Authored):", "class Subtask(Authored):\n    extra = Rank()\n"
        )
    )
    (tmp_path / "pyproject.toml").write_text(Path("pyproject.toml").read_text())
    command = [
        sys.executable,
        "-m",
        "aerich",
        "migrate",
        "--offline",
        "--no-input",
        "--name",
        "extra",
    ]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    [written] = (tmp_path / "migrations").rglob("*_extra.py")
    assert 'ADD "extra"' in written.read_text()


async def test_many_may_migrate_at_once(postgres_url: str) -> None:
    server = await asyncpg.connect(with_database(postgres_url, "postgres"))
    await server.execute("CREATE DATABASE migrated_at_once TEMPLATE template0")
    url = with_database(postgres_url, "migrated_at_once")
    script = (
        "import asyncio, sys; from api.db.connection import migrate;"
        "print(len(asyncio.run(migrate(sys.argv[1]))))"
    )
    running = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, url, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(4)
    ]
    counts = [int((await process.communicate())[0]) for process in running]
    assert sorted(counts) == [0, 0, 0, len(list(MIGRATIONS.glob("models/[0-9]*.py")))]
    connection = await asyncpg.connect(url)
    assert await migrations_of(connection) == ([], [])
    await connection.close()
    await server.execute("DROP DATABASE migrated_at_once")
    await server.close()


async def test_who_waits_for_migrations_says_so_and_gives_up(
    other_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("api.logs._repeated", {})
    holder = await asyncpg.connect(other_url)
    async with holder.transaction():
        await holder.execute("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK)
        waiting = asyncio.create_task(migrate(other_url))
        while "Waiting for another process" not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        monkeypatch.setattr("api.db.connection.MIGRATION_SECONDS", 0)
        with pytest.raises(DatabaseError, match="Another process"):
            await migrate(other_url)
    assert len(await waiting) == len(list(MIGRATIONS.glob("models/[0-9]*.py")))
    await holder.close()


async def test_a_migration_may_take_longer_than_a_request(
    postgres_url: str,
) -> None:
    """One that writes every row of a large table takes minutes."""
    server = await asyncpg.connect(with_database(postgres_url, "postgres"))
    await server.execute("CREATE DATABASE migrated_slowly TEMPLATE template0")
    script = (
        "import asyncio, sys; from api.db import connection; connection.STATEMENT_SECONDS = 0.005;"
        "print(len(asyncio.run(connection.migrate(sys.argv[1]))))"
    )
    url = with_database(postgres_url, "migrated_slowly")
    done = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, url, stdout=asyncio.subprocess.PIPE
    )
    written, _ = await done.communicate()
    assert int(written) == len(list(MIGRATIONS.glob("models/[0-9]*.py")))
    await server.execute("DROP DATABASE migrated_slowly")
    await server.close()


async def test_a_database_that_knows_no_case_is_refused(postgres_url: str) -> None:
    server = await asyncpg.connect(with_database(postgres_url, "postgres"))
    await server.execute("CREATE DATABASE caseless TEMPLATE template0 LOCALE 'C'")
    with pytest.raises(DatabaseError, match="upper and lower case"):
        await migrate(with_database(postgres_url, "caseless"))
    await server.execute("DROP DATABASE caseless")
    await server.close()


async def test_an_exception_undoes_the_unit_of_work(ada: Client) -> None:
    async def fail() -> None:
        async with unit_of_work():
            await Board.create(title="x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await Board.all().count() == 0
    assert pool_is_whole()


async def test_a_transaction_that_fails_to_begin_frees_its_connection(
    ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("api.db.connection.TransactionWrapper.begin", fail)
    for _ in range(15):
        assert (await ada.post("/api/boards", json={"title": "x"})).status_code == 503
    monkeypatch.undo()
    assert pool_is_whole()
    assert (await ada.post("/api/boards", json={"title": "x"})).status_code == 201


async def test_connections_have_timeouts_and_keep_no_state(ada: Client, world: World) -> None:
    pool = connection_pool()
    async with pool.acquire() as connection:
        for name in (
            "statement_timeout",
            "idle_in_transaction_session_timeout",
            "client_connection_check_interval",
        ):
            assert await connection.fetchval(f"SHOW {name}") not in ("0", None)
    board = await world.board(ada.user)
    await ada.put(f"/api/boards/{board.id}", json={"title": "x"})
    async with pool.acquire() as connection:
        assert (
            await connection.fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            == 0
        )


def test_ids_are_in_time_order() -> None:
    ids = [uuid7() for _ in range(50_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {(i.version, i.variant) for i in ids} == {(7, "specified in RFC 4122")}


async def test_the_rows_of_one_board_go_with_it_in_sql_too(
    connection: asyncpg.Connection, ada: Client, world: World
) -> None:
    board = await world.board(ada.user)
    await world.task(await world.column(board))
    await connection.execute("DELETE FROM boards")
    for table in (BoardUser, Column, Task):
        assert await table.all().count() == 0


def test_nothing_but_aerich_makes_tables() -> None:
    sources = [p.read_text() for folder in ("api", "models") for p in Path(folder).glob("*.py")]
    assert not any("generate_schemas" in source for source in sources)
    assert list(Path("migrations").rglob("*_init.py"))
