"""Find what still runs in the temporary folder, or lies in memory: the last step of `.ci/run`."""

import tempfile
from pathlib import Path

import psutil

from checks.report import check, run


def main() -> None:
    folder = tempfile.gettempdir()
    in_memory = f"/{Path(folder).name}-"  # the tests' own
    left = []
    for process in psutil.process_iter(["status", "cwd", "cmdline"]):
        cwd, command = process.info["cwd"] or "", " ".join(process.info["cmdline"] or [])
        # What has ended, but nobody waited for, is a zombie and runs no more.
        ours = any(each in f"{cwd} {command}" for each in (folder, in_memory))
        if ours and process.info["status"] != psutil.STATUS_ZOMBIE:
            left.append(f"{process.pid} {command}")
    check(not left, "nothing still runs", "\n".join(left))
    lies = [*map(str, Path("/dev/shm").glob(f"{Path(folder).name}-*"))]
    check(not lies, "no database is left in memory", "\n".join(lies))


if __name__ == "__main__":
    run(main)
