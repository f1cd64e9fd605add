"""Commands of `python -m api`, in this process or in one of their own."""

import asyncio
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from api.__main__ import main
from api.settings import settings


def call(*arguments: str, url: str) -> subprocess.CompletedProcess[str]:
    """Run a command in this process, which takes a tenth of the time of one that starts."""
    output, errors, status = StringIO(), StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output), redirect_stderr(errors):
        patch.setenv("DATABASE_URL", url)
        patch.setattr("sys.argv", ["api", *arguments])
        patch.setattr("signal.signal", lambda *_: None)  # which only a main thread may set
        settings.cache_clear()
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
    settings.cache_clear()
    return subprocess.CompletedProcess(arguments, status, output.getvalue(), errors.getvalue())


async def start(*arguments: str | Path, url: str, cwd: Path | None = None) -> Any:
    """Start `python -m api …` on the database at `url`, as a process of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "api", *arguments,
        cwd=cwd, env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


async def run(
    *arguments: str | Path, url: str, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command; that of another checkout as a process."""
    if not cwd:
        return await asyncio.to_thread(call, *map(str, arguments), url=url)
    process = await start(*arguments, url=url, cwd=cwd)
    try:
        async with asyncio.timeout(120):
            output, errors = await process.communicate()
    except TimeoutError:  # such as of a server that should have refused to start
        process.kill()
        raise
    return subprocess.CompletedProcess(
        arguments, process.returncode, output.decode(), errors.decode()
    )


def is_one_line(text: str) -> bool:
    return text.endswith(".\n") and text.count("\n") == 1 and "Traceback" not in text
