"""A backup of the database in one file, and its way back, by PostgreSQL's own programs."""

import asyncio
import os
import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from api.db.connection import (
    MIGRATION_LOCK,
    RENAMED,
    known_migrations,
    refuse_without_case,
)
from api.db.dsn import CONNECT_SECONDS, Dsn, connect
from api.db.errors import DatabaseError
from api.db.schema import expected_schema
from api.ops.integrity import MODELS
from api.settings import settings
from embedded_postgres.programs import environment, program

FUNCTIONS = [
    line.split()[1].partition("(")[0] for line in expected_schema() if line.startswith("function ")
]
TABLES = ["aerich", *(model._meta.db_table for model in MODELS)]
# They have rows of their own where nobody has done anything yet.
NEVER_EMPTY = ["aerich", "rate_limits", "event_log", "presence", "jobs"]

# The options of a URL whose variables have other names.
VARIABLES = {
    "application_name": "PGAPPNAME",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}

# One transaction, from the question whether the database is empty to the end, so that whoever
# uses it at the same time sees all or nothing of it, and loses no row.
BEGIN = rf"""
\set ON_ERROR_STOP on
\set VERBOSITY terse
BEGIN;
SET LOCAL client_min_messages = error;
SELECT pg_advisory_xact_lock({MIGRATION_LOCK});
DO $$
DECLARE
    name text;
    filled boolean;
BEGIN
    FOREACH name IN ARRAY '{{{",".join(TABLES)}}}'::text[] LOOP
        CONTINUE WHEN to_regclass(quote_ident(name)) IS NULL;
        EXECUTE format('LOCK TABLE %I', name);
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
        IF filled AND name <> ALL ('{{{",".join(NEVER_EMPTY)}}}') THEN
            RAISE 'The database is not empty: its table % has rows. Restore into a new one', name;
        END IF;
    END LOOP;
END $$;
DROP TABLE IF EXISTS {", ".join(TABLES)};
DROP FUNCTION IF EXISTS {", ".join(FUNCTIONS)};
"""  # noqa: S608  # our names
# What was ended or revoked since the backup must not come back to life, and no place in the log of
# before may be taken for one in the log from here on. An older backup has no more than sessions.
# What a newer program has written can't be used by this one.
COMMIT = """
RESET search_path;
DELETE FROM sessions;
DO $$
DECLARE
    later text;
BEGIN
    IF to_regclass('invitations') IS NOT NULL THEN DELETE FROM invitations; END IF;
    IF to_regclass('api_tokens') IS NOT NULL THEN DELETE FROM api_tokens; END IF;
    IF to_regclass('event_log') IS NOT NULL THEN
        UPDATE event_log SET epoch = gen_random_uuid();
    END IF;
    SELECT max(version) INTO later FROM aerich WHERE version <> ALL ('{{{known}}}');
    IF later IS NOT NULL THEN
        RAISE 'The backup is from a newer version of Corkboard: it has had the migration %, '
            'which this one doesn''t know', later;
    END IF;
END $$;
ANALYZE;
COMMIT;
"""


class BackupError(DatabaseError):
    """There is no backup, or no way back from it; the message says why."""


def backup(url: str, file: Path) -> None:
    """Write the database at `url`, as it is at this moment, to a new `file` for its owner alone.

    Raises BackupError, and leaves no file.
    """
    refuse_shared_sessions(url)
    if file.exists():
        raise BackupError(f"{file} exists already.")
    if not asyncio.run(has_tables(url)):
        raise BackupError("The database has no tables yet, so there is nothing to back up.")
    partial = file.with_name(f"{file.name}.partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL, 0o600))
        try:
            # To a file, not to stdout: pg_dump seeks back to write its table of contents.
            done = run("pg_dump", "--format=custom", "--no-password", f"--file={partial}", url=url)
            if done.returncode:
                raise BackupError(f"The backup failed: {reason(done.stderr)}")
            if file.exists():
                raise BackupError(f"{file} exists already.")
            partial.rename(file)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        sync(file.parent)
    except FileExistsError:
        raise BackupError(
            f"{partial} exists: another backup is at work, or was cut short. If so, delete it."
        ) from None
    except OSError as error:
        raise BackupError(f"{file} can't be written: {error.strerror}.") from None


def refuse_other_files(file: Path) -> None:
    """Raise BackupError for a file that is no backup of ours."""
    try:
        file.open("rb").close()
    except OSError as error:
        raise BackupError(f"{file} can't be read: {error.strerror}.") from None
    listed = run("pg_restore", "--list", file, stdout=subprocess.PIPE)
    if listed.returncode:
        raise BackupError(f"{file} is no backup, or it is damaged.")
    if not re.search(rb" TABLE \S+ aerich ", listed.stdout):
        raise BackupError(f"{file} is a backup of something else.")


def restore(url: str, file: Path) -> None:
    """Fill the empty database at `url` with the rows and tables of `file`, but for its sessions,
    its API tokens and its invitations.

    Empty is a database without any row of ours; it may have the tables.
    Raises BackupError or DatabaseError, and changes nothing.
    """
    refuse_shared_sessions(url)
    # Its complaints about the URL are better than psql's, and hide the password.
    asyncio.run(refuse_unfit(url))
    commit = COMMIT.format(known=",".join([*known_migrations(), *RENAMED]))
    psql = subprocess.Popen(  # noqa: S603  (no input of anybody's)
        [program("psql"), "--no-psqlrc", "--no-password", "--quiet"],
        env=environment_for(url),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        bufsize=0,
    )
    assert psql.stdin  # noqa: S101  # as mypy can't tell from PIPE
    assert psql.stderr  # noqa: S101
    with psql:
        with suppress(BrokenPipeError):
            psql.stdin.write(BEGIN.encode())
        read = run("pg_restore", "--file=-", "--no-owner", "--no-privileges", "--exit-on-error",
                   file, stdout=psql.stdin)  # fmt: skip
        # Without a COMMIT, the end of its input makes psql undo everything.
        with suppress(BrokenPipeError):
            psql.stdin.write(commit.encode() if read.returncode == 0 else b"")
        psql.stdin.close()
        complaint = psql.stderr.read()
    if read.returncode > 0:
        raise BackupError(f"{file} is damaged, so nothing was restored: {reason(read.stderr)}")
    if read.returncode or psql.returncode:  # A signal ended it when psql went before.
        raise BackupError(f"Nothing was restored: {reason(complaint)}")


def refuse_shared_sessions(url: str) -> None:
    """Raise BackupError for a pooler whose other clients would get the programs' search_path."""
    if settings().database_pooler == "transaction" and url == settings().database_url:
        raise BackupError(
            "PostgreSQL's programs need a session of their own, which a pooler in transaction mode "
            "doesn't give. Set DATABASE_DIRECT_URL to the URL of PostgreSQL itself."
        )


async def refuse_unfit(url: str) -> None:
    """Raise DatabaseError for a database that a backup can't be used in."""
    connection = await connect(url)
    try:
        await refuse_without_case(connection)
    finally:
        await connection.close()


async def has_tables(url: str) -> bool:
    """Tell whether the database at `url` was ever migrated."""
    connection = await connect(url)
    try:
        return bool(await connection.fetchval("SELECT to_regclass('aerich') IS NOT NULL"))
    finally:
        await connection.close()


def run(
    name: str, *arguments: str | Path, url: str | None = None, **options: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run a program of PostgreSQL's, connected to `url`."""
    command: Sequence[str | Path] = [program(name), *arguments]
    return subprocess.run(  # noqa: S603  (no input of anybody's)
        command,
        env=environment_for(url) if url else environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        **options,
    )


def environment_for(url: str) -> dict[str, str]:
    """Return the environment in which PostgreSQL's programs connect to `url`.

    Every user of the machine can read a command line.
    """
    dsn = Dsn.parse(url)
    values = {
        "host": ",".join(host.name for host in dsn.hosts),
        "port": ",".join(str(host.port) for host in dsn.hosts),
        "user": dsn.user,
        "password": dsn.password,
        "database": dsn.database,
        # Each host has as long.
        "connect_timeout": f"{CONNECT_SECONDS:.0f}",
        **dsn.options,
    }
    return {
        # Where asyncpg, too, looks for a server that isn't named.
        "PGHOST": "/run/postgresql,/tmp,localhost",
        **{name: value for name, value in os.environ.items() if name.startswith("PG")},
        **environment(),
        **{VARIABLES.get(name, f"PG{name.upper()}"): each for name, each in values.items() if each},
    }


def reason(stderr: bytes) -> str:
    """Return the one line of a program's complaint that says most."""
    text = stderr.decode(errors="replace").strip()
    found = re.search(r"(?:ERROR|FATAL|error|fatal):\s+(.+?)\.?$", text, re.MULTILINE)
    return (found[1] if found else text or "it was interrupted") + "."


def sync(folder: Path) -> None:
    """Make the folder's list of names survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
