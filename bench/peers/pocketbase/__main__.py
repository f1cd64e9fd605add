"""Fills PocketBase with the data in DATABASE_URL, and starts it."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import asyncpg

from bench.peers.pocketbase import PASSWORD, SUPERUSER

PROGRAM = "bench/peers/.venv/bin/pocketbase"
TIME = 'YYYY-MM-DD HH24:MI:SS.MS"Z"'
# By table: its columns, and the statement that reads them.
DATA = {
    "users": (
        "id, email, verified, password, tokenKey, created, updated",
        "SELECT id::text, email, true, 'x', md5(id::text) || md5(random()::text), '', '' "
        "FROM users",
    ),
    "boards": ("id, title, is_public", "SELECT id::text, title, is_public FROM boards"),
    "members": (
        "id, board, user, role",
        "SELECT gen_random_uuid()::text, board_id::text, user_id::text, role FROM board_users",
    ),
    "columns": ("id, board, title", "SELECT id::text, board_id::text, title FROM columns"),
    "tasks": (
        "id, column, title, description, position, due_date, priority, status, color, created, "
        "updated",
        f"""SELECT id::text, column_id::text, title, coalesce(description, ''), position,
            coalesce(to_char(due_date AT TIME ZONE 'UTC', '{TIME}'), ''), priority, status,
            coalesce(color, ''), to_char(created_at AT TIME ZONE 'UTC', '{TIME}'),
            to_char(updated_at AT TIME ZONE 'UTC', '{TIME}') FROM tasks""",
    ),
}


async def read() -> dict[str, list[tuple[Any, ...]]]:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    try:
        return {
            table: [tuple(row) for row in await connection.fetch(statement)]
            for table, (_, statement) in DATA.items()
        }
    finally:
        await connection.close()


def fill(file: Path, data: dict[str, list[tuple[Any, ...]]]) -> None:
    with sqlite3.connect(file) as connection:
        for table, rows in data.items():
            columns, _ = DATA[table]
            quoted = ", ".join(f'"{name}"' for name in columns.split(", "))
            places = ", ".join("?" * len(rows[0]))
            connection.executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({places})', rows)
        connection.execute("ANALYZE")


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # through `finally`
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "migrations").mkdir()
        shutil.copy(Path(__file__).with_name("tables.js"), folder / "migrations" / "1_tables.js")
        command = [
            PROGRAM, f"--dir={folder / 'data'}", f"--migrationsDir={folder / 'migrations'}",
            "--automigrate=0", "--hooksWatch=0",
        ]  # fmt: skip
        subprocess.run([*command, "migrate", "up"], check=True)
        subprocess.run([*command, "superuser", "upsert", SUPERUSER, PASSWORD], check=True)
        fill(folder / "data" / "data.db", asyncio.run(read()))
        server = subprocess.Popen([*command, "serve", f"--http=127.0.0.1:{os.environ['PORT']}"])
        try:
            server.wait()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
