"""Leftovers of the checks: the last step of `.ci/run`, whose TMPDIR is empty before it."""

import tempfile
from pathlib import Path

import psutil

FOLDER = tempfile.gettempdir()
IN_MEMORY = f"/{Path(FOLDER).name}-"  # the tests' own


def test_nothing_still_runs() -> None:
    left = []
    for process in psutil.process_iter(["status", "cwd", "cmdline"]):
        cwd, command = process.info["cwd"] or "", " ".join(process.info["cmdline"] or [])
        # What has ended, but nobody waited for, is a zombie and runs no more.
        ours = any(each in f"{cwd} {command}" for each in (FOLDER, IN_MEMORY))
        if ours and process.info["status"] != psutil.STATUS_ZOMBIE:
            left.append(f"{process.pid} {command}")
    assert left == []


def test_no_database_is_left_in_memory() -> None:
    assert [*Path("/dev/shm").glob(f"{Path(FOLDER).name}-*")] == []
