"""`python -m api check`, `backup` and `restore`: what they find, keep, bring back and refuse."""

import asyncio
import os
import shutil
import signal
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import asyncpg
import pytest

from api.db.errors import DatabaseError
from api.ops.backup import BackupError, backup, environment_for, refuse_other_files, restore
from api.ops.demo import PASSWORD as DEMO_PASSWORD
from api.ops.demo import load_demo
from api.ops.integrity import check
from tests.conftest import PASSWORD, World, new_database, with_database
from tests.helpers.command_line import is_one_line, run, start
from tests.helpers.database import sql
from tests.helpers.serving import Server, checkout

ONE_CREATOR = "each board has exactly one creator"
RANKS = "the ranks of {} are hexadecimal numbers"
KEYS = "unique keys are those of the names and e-mails"
SCHEMA = "the schema is that of a fresh database"
ASSIGNEES = "tasks are assigned to members of their board, not to VIEWERs"
CARDS = "tasks hold what is on their cards"
DUE_DATES = "tasks due on a day are due until its end"
FORGOTTEN = "the event log holds no values of what was deleted for good"
REFERENCES = "whatever a row refers to is there"

ONE_BOARD = "(SELECT id FROM boards ORDER BY id LIMIT 1)"
LAST_COLUMN = f"(SELECT max(rank) FROM columns WHERE board_id = {ONE_BOARD})"
UNHELD = "SET session_replication_role = replica;"  # no foreign key is looked after

DEFECTS = [
    (ONE_CREATOR, f"DELETE FROM board_users WHERE role = 'CREATOR' AND board_id = {ONE_BOARD}"),
    (ONE_CREATOR, "DROP INDEX board_users_creator_key; UPDATE board_users SET role = 'CREATOR' "
                  f"WHERE role = 'MODERATOR' AND board_id = {ONE_BOARD}"),
    (RANKS.format("columns"), f"UPDATE columns SET rank = rank || 'Z' WHERE rank = {LAST_COLUMN}"),
    (RANKS.format("tasks"), "UPDATE tasks SET rank = right(rank, 12)"),
    (RANKS.format("subtasks"), "UPDATE subtasks SET rank = rank || '.5'"),
    (ASSIGNEES,
     "INSERT INTO task_assignees (task_id, membership_id) SELECT tasks.id, board_users.id "
     "FROM tasks JOIN columns ON columns.id = column_id, board_users "
     "WHERE columns.board_id <> board_users.board_id LIMIT 1"),
    (ASSIGNEES, "UPDATE board_users SET role = 'VIEWER' WHERE role = 'MODERATOR'"),
    ("tasks bear labels of their board",
     "INSERT INTO labels (id, board_id, name) "
     f"SELECT gen_random_uuid(), id, 'x' FROM {ONE_BOARD} AS board; "
     "INSERT INTO task_labels (task_id, label_id) SELECT tasks.id, labels.id "
     "FROM tasks JOIN columns ON columns.id = column_id, labels "
     "WHERE columns.board_id <> labels.board_id LIMIT 1"),
    (CARDS, "UPDATE tasks SET comment_count = comment_count + 1"),
    (CARDS, f"{UNHELD} UPDATE subtasks SET is_completed = NOT is_completed"),
    (CARDS, "UPDATE tasks SET label_ids = '{}'"),
    (CARDS, "UPDATE tasks SET assignee_ids = assignee_ids || gen_random_uuid()"),
    (DUE_DATES, f"{UNHELD} UPDATE tasks SET due_date = now()"),
    (FORGOTTEN, "UPDATE events SET record_id = gen_random_uuid() WHERE kind = 'subtask.created'"),
    (FORGOTTEN, "UPDATE events SET record_id = gen_random_uuid() WHERE kind = 'comment.created'"),
    (FORGOTTEN,
     "DELETE FROM tasks WHERE id = (SELECT min(id::text)::uuid FROM tasks); "
     "UPDATE events SET after = '{}' WHERE task_id NOT IN (SELECT id FROM tasks)"),
    ("the event log has one epoch", "DELETE FROM event_log"),
    (KEYS, "UPDATE users SET username_key = 'MIRA' WHERE username = 'mira'"),
    (KEYS, "UPDATE users SET email_key = 'x' WHERE username = 'aiko'"),
    (REFERENCES, f"{UNHELD} DELETE FROM tasks WHERE title = 'Read the portfolios'"),
    (REFERENCES, f"{UNHELD} DELETE FROM columns WHERE rank = {LAST_COLUMN} "
                 f"AND board_id = {ONE_BOARD}"),
    (REFERENCES, f"{UNHELD} DELETE FROM boards WHERE id = {ONE_BOARD}"),
    (REFERENCES, f"{UNHELD} DELETE FROM users WHERE username = 'aiko'"),
    (REFERENCES, f"{UNHELD} INSERT INTO sessions VALUES (gen_random_uuid(), now(), now(), "
                 "now() + interval '1 day', gen_random_uuid())"),
    ("sessions end after they begin", "INSERT INTO sessions SELECT gen_random_uuid(), now(), "
                                      "now(), now(), id FROM users LIMIT 1"),
    ("all constraints were checked", "ALTER TABLE tasks DROP CONSTRAINT tasks_title_check, "
                                     "ADD CONSTRAINT tasks_title_check CHECK (title <> '') "
                                     "NOT VALID"),
    ("all indexes are valid", "UPDATE pg_index SET indisvalid = false "
                              "WHERE indexrelid = 'comments_user_id_idx'::regclass"),
    ("no sequence is behind its table's ids",
     "SELECT setval('board_users_id_seq', max(id) - 1) FROM board_users"),
    ("no sequence is behind its table's ids",
     "SELECT setval('board_users_id_seq', max(id), false) FROM board_users"),
    ("no sequence is behind its table's ids", "SELECT setval('aerich_id_seq', 1, false)"),
    ("no migration is from a later version", "INSERT INTO aerich (version, app, content) "
                                             "VALUES ('9_add_labels.py', 'models', '{}')"),
]  # fmt: skip
WITHOUT_CONSTRAINT = [
    defect for claim, defect in DEFECTS if claim == ONE_CREATOR and "DROP" in defect
]


@pytest.fixture(scope="module")
async def demo_template(postgres: asyncpg.Connection, postgres_url: str) -> AsyncIterator[str]:
    """Yield the name of a database with the demo's team in it."""
    async with new_database(postgres, postgres_url) as url:
        with redirect_stdout(StringIO()):
            await load_demo(url, None)
        yield urlsplit(url).path[1:]


@pytest.fixture
async def demo_url(
    postgres: asyncpg.Connection, postgres_url: str, demo_template: str
) -> AsyncIterator[str]:
    """Yield a database with the demo's team in it."""
    async with new_database(postgres, postgres_url, demo_template) as url:
        yield url


async def contents(url: str) -> dict[str, list[asyncpg.Record]]:
    """Return all rows that a backup brings back, in order."""
    tables = (
        "users", "boards", "board_users", "columns", "tasks", "subtasks", "comments", "labels",
        "task_labels", "task_assignees",
    )  # fmt: skip
    return {table: await sql(url, f"SELECT * FROM {table} ORDER BY id") for table in tables}


async def backed_up(url: str, file: Path) -> Path:
    await asyncio.to_thread(backup, url, file)
    return file


async def somebody_waits(url: str) -> None:
    """Come back when something on the server waits for a lock."""
    async with asyncio.timeout(60):
        while not await sql(  # noqa: ASYNC110  # another process tells
            url, "SELECT FROM pg_locks WHERE NOT granted"
        ):
            await asyncio.sleep(0.01)


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_a_whole_database_is_found_whole(
    demo_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await check(demo_url)
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} == {"ok"}
    assert {f"ok     {claim}" for claim, _ in [*DEFECTS, (SCHEMA, "")]} <= set(lines)


@pytest.mark.parametrize(("claim", "defect"), DEFECTS)
async def test_each_defect_is_found_and_nothing_else(
    demo_url: str, capsys: pytest.CaptureFixture[str], claim: str, defect: str
) -> None:
    await sql(demo_url, *defect.split(";"))
    assert not await check(demo_url)
    wrong = [line for line in capsys.readouterr().out.splitlines() if line[:2] != "ok"]
    # What a constraint would have refused takes another schema.
    claims = ([SCHEMA] if defect in WITHOUT_CONSTRAINT else []) + [claim]
    assert [line.split(": ")[0] for line in wrong] == [f"WRONG  {claim}" for claim in claims]


async def test_what_is_wrong_is_counted_and_named(
    demo_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await sql(demo_url, "UPDATE users SET email_key = username WHERE username <> 'mira'")
    boards = await sql(demo_url, "DELETE FROM board_users RETURNING board_id")
    assert not await check(demo_url)
    keys, creators = "", ""
    for line in capsys.readouterr().out.splitlines():
        keys = line if KEYS in line else keys
        creators = line if ONE_CREATOR in line else creators
    assert "6 rows" in keys
    assert keys.endswith(", …")
    assert "3 rows" in creators
    assert all(str(board) in creators for [board] in boards)


async def test_a_database_without_tables_or_case_is_told_apart(
    postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    url = with_database(postgres_url, "caseless_too")
    server = with_database(postgres_url, "postgres")
    await sql(server, "CREATE DATABASE caseless_too TEMPLATE template0 LOCALE 'C'")
    with pytest.raises(DatabaseError, match="api migrate"):
        await check(url)
    await sql(server, "DROP DATABASE caseless_too")
    locale, migrations = capsys.readouterr().out.splitlines()
    assert locale.startswith("WRONG  the locale")
    assert "_init.py" in migrations


async def test_the_status_tells_whether_all_is_well(demo_url: str) -> None:
    assert (await run("check", url=demo_url)).returncode == 0
    await sql(demo_url, f"DELETE FROM board_users WHERE board_id = {ONE_BOARD}")
    done = await run("check", url=demo_url)
    assert (done.returncode, done.stderr) == (1, "")
    process = await start("check", url=demo_url)
    told = (done.stdout.encode(), done.stderr.encode())
    assert (await process.communicate(), process.returncode) == (told, 1)


async def test_a_check_that_cannot_be_finished_ends_in_a_line(demo_url: str) -> None:
    await sql(demo_url, "DROP TABLE comments")
    done = await run("check", url=demo_url)
    assert done.returncode == 1
    assert is_one_line(done.stderr)
    assert '"comments" does not exist' in done.stderr


async def test_a_fresh_database_is_whole_though_nobody_is_an_admin(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await check(database_url)
    assert capsys.readouterr().out.splitlines()[-1] == "note   nobody is an admin"


async def test_a_backup_under_load_has_all_acknowledged_writes(
    world: World, database_url: str, other_url: str, folder: Path
) -> None:
    people = [await world.person(name) for name in ("ada", "bob", "eve")]
    acknowledged: list[str] = []
    under_way, stop = asyncio.Event(), asyncio.Event()

    async def write(person: Any) -> None:
        board = (await person.post("/api/boards", json={"title": "x"})).json()["id"]
        body = {"board_id": board, "title": "To do"}
        column = (await person.post("/api/columns", json=body)).json()["id"]
        while not stop.is_set():
            task = {"column_id": column, "title": "x", "position": 0}
            answer = await person.post("/api/tasks", json=task)
            assert answer.status_code == 201
            acknowledged.append(answer.json()["id"])
            if len(acknowledged) == 20:
                under_way.set()

    writers = [asyncio.create_task(write(person)) for person in people]
    await under_way.wait()
    before = set(acknowledged)
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("LOCK TABLE invitations")  # for which the backup waits
        making = asyncio.create_task(run("backup", folder / "b", url=database_url))
        await somebody_waits(database_url)
        count = len(acknowledged)
        async with asyncio.timeout(60):
            # Nobody else has to wait for it.
            while len(acknowledged) < count + 20:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await connection.close()
    made = await making
    stop.set()
    await asyncio.gather(*writers)
    assert made.returncode == 0, made.stderr

    done = await run("restore", folder / "b", url=other_url)
    assert done.returncode == 0, done.stderr
    assert "WRONG" not in done.stdout
    assert done.stdout.count("ok ") == 20
    restored = {str(id) for [id] in await sql(other_url, "SELECT id FROM tasks")}
    assert before <= restored <= set(acknowledged)


async def test_a_restore_replaces_all_rows_and_ends_all_sessions(
    world: World, database_url: str, folder: Path
) -> None:
    ada = await world.person("ada")
    board = (await ada.post("/api/boards", json={"title": "Ж"})).json()
    token = {"name": "Script", "scopes": ["read"]}
    secret = (await ada.post("/api/auth/tokens", json=token)).json()["token"]
    link = (await ada.post(f"/api/boards/{board['id']}/invitations", json={})).json()["token"]
    before = await contents(database_url)
    log = "SELECT id, kind, before, after, request_id FROM events WHERE kind = 'board.created'"
    [event], [epoch] = await sql(database_url, log), await sql(database_url, "TABLE event_log")
    await backed_up(database_url, folder / "b")
    await sql(database_url, "DELETE FROM users", "DELETE FROM boards", "DELETE FROM events")
    assert (await ada.get("/api/boards")).status_code == 401

    done = await run("restore", folder / "b", url=database_url)
    assert done.returncode == 0, done.stderr
    assert "All users are signed out." in done.stdout
    assert await contents(database_url) == before
    assert await sql(database_url, log) == [event]
    assert await sql(database_url, "TABLE event_log") != [epoch]
    assert (await ada.get("/api/boards")).status_code == 401
    bearer = {"Authorization": f"Bearer {secret}"}
    assert (await ada.get("/api/boards", headers=bearer)).status_code == 401
    assert (await ada.get(f"/api/invitations/{link}")).status_code == 404
    login = {"username": "ada", "password": PASSWORD}
    assert (await ada.post("/api/auth/login", json=login)).status_code == 200
    assert (await ada.get(f"/api/boards/{board['id']}")).json() == board
    assert (await ada.post("/api/boards", json={"title": "y"})).status_code == 201


async def test_a_backup_of_an_older_version_is_migrated(
    other_url: str, database_url: str, folder: Path
) -> None:
    older = checkout(folder)
    files = older.glob("migrations/models/[0-9]*_*.py")
    later = [file for file in files if int(file.name.split("_")[0]) > 1]
    assert later
    for file in later:
        file.unlink()
    assert (await run("migrate", url=other_url, cwd=older)).returncode == 0
    values = "gen_random_uuid(), 'ada', 'ada', 'a@b', 'a@b', '/', false, '', now()"
    await sql(other_url, f"INSERT INTO users VALUES ({values})")
    await backed_up(other_url, folder / "b")

    done = await run("restore", folder / "b", url=database_url)
    assert done.returncode == 0, done.stderr
    for file in later:
        assert f"Migrated: {file.name}" in done.stdout
    assert [name for [name] in await sql(database_url, "SELECT username FROM users")] == ["ada"]


async def test_a_backup_of_a_newer_version_changes_nothing(
    other_url: str, demo_url: str, folder: Path
) -> None:
    await sql(
        demo_url,
        "INSERT INTO aerich (version, app, content) "
        "VALUES ('99_20300101000000_later.py', 'models', '{}')",
        "SELECT 1",
    )
    file = await backed_up(demo_url, folder / "b")
    done = await run("restore", file, url=other_url)
    assert (done.returncode, done.stdout) == (1, "")
    assert is_one_line(done.stderr)
    assert "from a newer version" in done.stderr
    assert "99_20300101000000_later.py" in done.stderr
    assert await sql(other_url, "SELECT FROM pg_tables WHERE schemaname = 'public'") == []


async def test_a_database_that_knows_no_case_is_not_filled(
    postgres: asyncpg.Connection, postgres_url: str, demo_rows: Path
) -> None:
    async with new_database(postgres, postgres_url, "template0 LOCALE 'C'") as url:
        done = await run("restore", demo_rows, url=url)
        assert done.returncode == 1
        assert is_one_line(done.stderr)
        assert "locale" in done.stderr
        assert await sql(url, "SELECT FROM pg_tables WHERE schemaname = 'public'") == []


async def test_a_database_with_rows_is_refused_and_keeps_them(demo_url: str, folder: Path) -> None:
    file = await backed_up(demo_url, folder / "b")
    before = await contents(demo_url)
    done = await run("restore", file, url=demo_url)
    assert done.returncode == 1
    assert is_one_line(done.stderr)
    assert "not empty: its table users has rows" in done.stderr
    assert await contents(demo_url) == before


async def test_who_registers_at_the_last_moment_is_not_lost(
    database_url: str, other_url: str, demo_rows: Path
) -> None:
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()
    values = "gen_random_uuid(), 'ada', 'ada', 'a@b', 'a@b', '/', false, '', now()"
    await connection.execute(f"INSERT INTO users VALUES ({values})")
    restoring = asyncio.create_task(asyncio.to_thread(restore, database_url, demo_rows))
    await somebody_waits(other_url)
    await transaction.commit()
    with pytest.raises(BackupError, match="not empty"):
        await restoring
    assert await connection.fetchval("SELECT username FROM users") == "ada"
    await connection.close()


@pytest.fixture
async def demo_rows(
    postgres: asyncpg.Connection,
    postgres_url: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> Path:
    """Return a backup with the demo's team in it; its database is gone."""
    async with new_database(postgres, postgres_url) as url:
        await load_demo(url, None)
        file = await backed_up(url, folder / "demo")
    capsys.readouterr()
    return file


def harm(file: Path, damage: str) -> None:
    whole = file.read_bytes()
    changed = whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:]
    file.write_bytes(whole[:-40] if damage == "cut" else changed)


@pytest.mark.parametrize("damage", ["cut", "changed"])
async def test_a_damaged_backup_changes_nothing(
    demo_rows: Path, database_url: str, damage: str
) -> None:
    harm(demo_rows, damage)
    done = await run("restore", demo_rows, url=database_url)
    assert done.returncode == 1
    assert is_one_line(done.stderr)
    assert "is damaged, so nothing was restored" in done.stderr
    assert not any((await contents(database_url)).values())
    assert await check(database_url)


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "can't be read: No such file"), (b"", "no backup"), (b"PGDMP", "no backup"),
     (b"SELECT 1;\n", "no backup")],
)  # fmt: skip
async def test_what_is_no_backup_is_refused(
    other_url: str, tmp_path: Path, content: bytes | None, why: str
) -> None:
    file = tmp_path / "b"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BackupError, match=why):
        refuse_other_files(file)


async def test_a_backup_of_something_else_is_refused(
    other_url: str, folder: Path, database_url: str
) -> None:
    await sql(other_url, "CREATE TABLE aerich ()")
    file = await backed_up(other_url, folder / "b")
    with pytest.raises(BackupError, match='"sessions" does not exist'):
        await asyncio.to_thread(restore, database_url, file)
    await sql(other_url, "ALTER TABLE aerich RENAME TO songs", "SELECT 1")
    with pytest.raises(BackupError, match="no tables yet"):
        await backed_up(other_url, folder / "c")
    assert not (folder / "c").exists()


async def test_only_the_owner_may_read_a_backup(database_url: str, folder: Path) -> None:
    before = os.umask(0)
    try:
        file = await backed_up(database_url, folder / "b")
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(files(folder)) == ["b"]


@pytest.mark.parametrize("name", ["b", "b.partial"])
async def test_no_file_is_overwritten(database_url: str, folder: Path, name: str) -> None:
    (folder / name).write_text("precious")
    done = await run("backup", folder / "b", url=database_url)
    assert done.returncode == 1
    assert is_one_line(done.stderr)
    assert f"{folder / name} exists" in done.stderr
    assert files(folder) == {name: b"precious"}


async def test_sessions_that_others_use_too_are_refused(
    demo_rows: Path, other_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_POOLER", "transaction")
    for command, file in (("backup", demo_rows.with_name("b")), ("restore", demo_rows)):
        done = await run(command, file, url=other_url)
        assert done.returncode == 1
        assert is_one_line(done.stderr)
        assert "Set DATABASE_DIRECT_URL" in done.stderr
    assert list(files(demo_rows.parent)) == [demo_rows.name]


async def test_a_folder_that_is_not_there_is_told(database_url: str, folder: Path) -> None:
    done = await run("backup", folder / "no" / "b", url=database_url)
    assert done.returncode == 1
    assert is_one_line(done.stderr)
    assert "can't be written: No such file" in done.stderr


@pytest.mark.slow
async def test_a_backup_that_is_cut_short_leaves_no_file_and_says_so(
    database_url: str, folder: Path
) -> None:
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("LOCK TABLE tasks")  # for which the backup waits
        running = await start("backup", folder / "b", url=database_url)
        await somebody_waits(database_url)
        assert list(files(folder)) == ["b.partial"]
        running.send_signal(signal.SIGTERM)
        assert await running.wait() == 128 + signal.SIGTERM
    await connection.close()
    assert files(folder) == {}


SPECIAL = "p%40 ss:w/o?r#d&=+'\"\\$й"


def prepend(file: str, line: str, text: str | None = None) -> str:
    """Put a line before the file's text, or before another one, and return the text."""
    before = Path(file).read_text() if text is None else text
    Path(file).write_text(f"{line}\n{before}")
    return before


@pytest.fixture
async def guarded_url(demo_url: str) -> AsyncIterator[str]:
    """Yield the demo's database over TCP, by a user who needs a password."""
    data = parse_qs(urlsplit(demo_url).query)["host"][0]
    path, hba = f"{data}/.s.PGSQL.5432", f"{data}/pg_hba.conf"
    before = prepend(hba, "local all guarded scram-sha-256")
    literal = SPECIAL.replace("'", "''")
    await sql(
        demo_url,
        f"CREATE ROLE guarded LOGIN SUPERUSER PASSWORD '{literal}'",
        "SELECT pg_reload_conf()",
    )

    async def copy(source: StreamReader, target: StreamWriter) -> None:
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()
        target.close()

    async def forward(reader: StreamReader, writer: StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(path)
        await asyncio.gather(copy(reader, back), copy(there, writer), return_exceptions=True)

    listener = await asyncio.start_server(forward, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    name = urlsplit(demo_url).path
    yield f"postgres://guarded:{quote(SPECIAL, safe='')}@127.0.0.1:{port}{name}"
    listener.close()
    prepend(hba, "", before)
    await sql(demo_url, "REASSIGN OWNED BY guarded TO postgres", "DROP ROLE guarded")
    await sql(demo_url, "SELECT pg_reload_conf()")


async def test_a_password_with_special_characters_is_never_shown(
    guarded_url: str, demo_url: str, folder: Path
) -> None:
    before = await contents(demo_url)
    wrong = guarded_url.replace("ss", "tt")
    output = ""
    for url, command, name, status in (
        (guarded_url, "backup", "b", 0),
        (wrong, "backup", "c", 1),
        (wrong, "restore", "b", 1),
    ):
        done = await run(command, folder / name, url=url)
        assert done.returncode == status, done.stderr
        assert status == 0 or "password authentication failed" in done.stderr
        output += done.stdout + done.stderr
    await sql(demo_url, "DELETE FROM users", "DELETE FROM boards", "DELETE FROM events")
    done = await run("restore", folder / "b", url=guarded_url)
    assert done.returncode == 0, done.stderr
    assert await contents(demo_url) == before
    output += done.stdout + done.stderr
    assert not any(part in output for part in ("s:w", quote("s:w", safe=""), "t:w"))
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://postgres@/corkboard?port=5432&host=/a/b",
         {"USER": "postgres", "DATABASE": "corkboard", "PORT": "5432", "HOST": "/a/b"}),
        ("postgresql://a%40b:c%3Ad%2F%23@db.example:6543/my%20board?sslmode=require",
         {"USER": "a@b", "PASSWORD": "c:d/#", "HOST": "db.example", "PORT": "6543",
          "DATABASE": "my board", "SSLMODE": "require"}),
        ("postgres://[::1]/board?user=u&password=p%26w&dbname=not",
         {"HOST": "::1", "PORT": "5432", "DATABASE": "board", "USER": "u", "PASSWORD": "p&w"}),
        ("postgres://a,b:6000/board?application_name=x&sslrootcert=/c",
         {"HOST": "a,b", "PORT": "5432,6000", "DATABASE": "board", "APPNAME": "x",
          "SSLROOTCERT": "/c", "TARGETSESSIONATTRS": "read-write"}),
        ("postgres:///board", {"HOST": "/run/postgresql,/tmp,localhost", "DATABASE": "board"}),
    ],
)  # fmt: skip
def test_the_programs_connect_to_what_the_url_says(url: str, expected: dict[str, str]) -> None:
    found = {k[2:]: v for k, v in environment_for(url).items() if k.startswith("PG")}
    assert found == {**expected, "CLIENTENCODING": "UTF8", "CONNECT_TIMEOUT": "5"}


def test_the_environment_completes_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGUSER", "somebody")
    monkeypatch.setenv("PGPASSWORD", "from outside")
    found = environment_for("postgres://database:5432/corkboard")
    assert (found["PGUSER"], found["PGPASSWORD"]) == ("somebody", "from outside")
    found = environment_for("postgres://ada:inside@database:5432/corkboard")
    assert (found["PGUSER"], found["PGPASSWORD"]) == ("ada", "inside")


@pytest.mark.slow  # five programs are started; `make chaos` restores the same on each change
async def test_a_lost_data_folder_is_restored_from_a_live_backup(
    folder: Path,
) -> None:
    copy = checkout(folder)
    with Server(copy) as server:
        assert (await run("demo", url="", cwd=copy)).returncode == 0
        assert (await run("backup", "b", url="", cwd=copy)).returncode == 0
    shutil.rmtree(copy / "data")
    done = await run("restore", "b", url="", cwd=copy)
    assert done.returncode == 0, done.stderr
    assert server.processes() == []
    with server:
        login = {"username": "mira", "password": DEMO_PASSWORD}
        assert server.patient_client().post("/api/auth/login", json=login).status_code == 200
