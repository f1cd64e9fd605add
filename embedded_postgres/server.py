"""Run PostgreSQL on a folder, for as long as somebody uses it.

The wheel's own start and stop are left aside: they take the locale from the environment, count
users that were killed, trust a stale `postmaster.pid` and don't quote paths.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from embedded_postgres.programs import (
    PostgresError,
    command_in,
    environment,
    program,
    run,
    system_user,
)

if TYPE_CHECKING:
    import psutil

PORT = 5432  # only part of the socket's name: nothing listens on the network
SOCKET = f".s.PGSQL.{PORT}"
LONGEST_SOCKET = 103  # bytes, on macOS; Linux takes 107
PATIENCE_SECONDS = 10
WATCH_SECONDS = 0.2
MAX_LOG = 10_000_000  # bytes
STOP_SECONDS = 6  # PostgreSQL itself takes 5 to kill processes that don't obey the second signal

# In its log errors stand without the rows and the statements that they are about, which hold
# people's addresses and hashes.
LOGGING = ["-c", "log_error_verbosity=terse", "-c", "log_min_error_statement=panic"]

CREATE_DATABASE = r"""
SELECT lower('Ж') = 'ж';
SELECT 'CREATE DATABASE corkboard' WHERE lower('Ж') = 'ж'
    AND NOT EXISTS (SELECT FROM pg_database WHERE datname = 'corkboard') \gexec
"""


@contextmanager
def embedded_postgres(data: Path) -> Iterator[str]:
    """Run PostgreSQL 16 on the folder `data` and yield the URL of its database `corkboard`.

    The URL reads `postgres://postgres@/corkboard?port=5432&host=/folder/of/the/socket`. Several
    processes may use one folder at once; while any does, a PostgreSQL that died is started again.
    The last to leave stops it, undisturbed by SIGTERM and SIGINT. One that outlived its users is
    taken over. For root, PostgreSQL runs as the folder's owner, which is `pgserver` for a folder
    made here.

    PostgreSQL listens in its data folder. Where its path is too long for a socket, each
    user has a link to it, in a temporary folder of its own.
    Raises PostgresError when the folder can't be used or PostgreSQL doesn't start.
    """
    data = data.resolve()
    data.parent.mkdir(parents=True, exist_ok=True)
    with locked(data.parent):
        initialise(data)
    cluster = Cluster(data)
    # All users share a lock on the folder. The system takes it back however one of them ends.
    users = os.open(data, os.O_RDONLY)
    try:
        with locked(data.parent):
            fcntl.flock(users, fcntl.LOCK_SH)
            server = cluster.start()
            folder = cluster.socket_folder(server)
            create_database(folder, server.port)
        with watched(cluster):
            yield f"postgres://postgres@/corkboard?port={server.port}&host={quote(str(folder))}"
    finally:
        with undisturbed(), locked(data.parent), suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # blocked while there are others
            cluster.stop()
        cluster.remove_link()
        os.close(users)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time initialise, start or stop what is in `folder`."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def watched(cluster: "Cluster") -> Iterator[None]:
    """Start PostgreSQL again within a moment whenever it dies."""
    leaving = threading.Event()

    def watch() -> None:
        import psutil

        while not leaving.wait(WATCH_SECONDS):
            # Whatever goes wrong now, such as having no file descriptor left, may be over soon.
            with suppress(PostgresError, OSError, psutil.Error):
                if cluster.is_dead():
                    with locked(cluster.data.parent):
                        cluster.child = None
                        cluster.start()
                if cluster.has_long_log():
                    with locked(cluster.data.parent):
                        cluster.shorten_log()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        leaving.set()
        watcher.join()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ignore SIGTERM and SIGINT, which only ever interrupt the main thread."""
    main = threading.current_thread() is threading.main_thread()
    numbers = [signal.SIGTERM, signal.SIGINT] if main else []
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


def initialise(data: Path) -> None:
    """Make a cluster in `data`, unless it holds one."""
    if data.exists() and os.geteuid() not in (0, data.stat().st_uid):
        raise PostgresError(f"{data} belongs to another user.")
    if (data / "PG_VERSION").exists():
        return
    if data.exists() and any(data.iterdir()):
        raise PostgresError(f"{data} holds something else than a database.")
    # Made beside its place and moved there, so that an interrupted start leaves no half of one.
    new = data.with_name(f"{data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if os.geteuid() == 0:
        owner = system_user()
        os.chown(new, owner.pw_uid, owner.pw_gid)
    options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--username=postgres"]
    run(**command_in(new, "initdb", *options))
    new.rename(data)


class Server(NamedTuple):
    """A living PostgreSQL, as its `postmaster.pid` describes it."""

    process: "psutil.Process"
    port: str
    socket_folder: str
    status: str  # starting, ready or stopping


def good_for_socket(folder: Path) -> bool:
    """Tell whether a socket in the folder can be reached by its path, and that written in a URL."""
    socket = f"{folder}/{SOCKET}"
    return len(socket) <= LONGEST_SOCKET and bool(re.fullmatch(r"[A-Za-z0-9_./-]+", socket))


class Cluster:
    """The server on a folder, whoever started it. Callers hold the lock."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.child: subprocess.Popen[Any] | None = None  # the server, if it was started here
        self.link: Path | None = None
        self.log = data / "log"
        self.launched_at = 0  # so many bytes of the log are older than that server

    def has_long_log(self) -> bool:
        return self.log.stat().st_size > MAX_LOG

    def shorten_log(self) -> None:
        """Begin the log anew if it is long, and keep the one before as `log.1`."""
        if self.has_long_log():
            # The server goes on writing to the same file, so that it is copied, not moved.
            shutil.copyfile(self.log, self.log.with_name("log.1"))
            os.truncate(self.log, 0)

    def socket_folder(self, server: Server) -> Path:
        """Return the folder of the server's socket, by a path that is short enough for one."""
        folder = self.data / server.socket_folder
        if good_for_socket(folder):
            return folder
        if not self.link:
            temporary = tempfile.gettempdir()
            if not good_for_socket(Path(temporary, "corkboard-12345678", "data")):
                temporary = "/tmp"  # noqa: S108  # where mkdtemp makes a folder of its own
            self.link = Path(tempfile.mkdtemp(prefix="corkboard-", dir=temporary), "data")
            self.link.symlink_to(folder)
        return self.link

    def remove_link(self) -> None:
        """Remove what `socket_folder` made."""
        if self.link:
            shutil.rmtree(self.link.parent, ignore_errors=True)

    def start(self) -> Server:
        """Return the server that runs, or else a new one, once it is ready."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (server := self.running()) or server.status != "ready":
            late = time.monotonic() > deadline
            if self.child and self.child.poll() is not None:
                log = self.log.read_bytes()[self.launched_at :].decode(errors="replace")
                # The processes of a dead server hold its memory, even where they can't be seen.
                if late or "shared memory block" not in log:
                    raise PostgresError(f"PostgreSQL doesn't start on {self.data}:\n{log[-2000:]}")
                self.child = None
            elif server and server.status == "stopping" and late:
                self.stop()
            elif server or self.child:
                pass  # Recovery takes as long as it takes.
            elif self.is_dead():
                # Both name a process, and what has its number now may be anything.
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                (self.data / f"{SOCKET}.lock").unlink(missing_ok=True)
                self.launch()
            elif late:
                raise PostgresError(f"{self.data} is in use by what is left of a dead PostgreSQL.")
            time.sleep(0.01)
        return server

    def launch(self) -> None:
        """Run a server as a child of this process."""
        socket = ["-h", "", "-p", str(PORT), "-k", "."]
        # With its real path among the arguments, by which `runs_on` may have to tell it.
        options = [*socket, *LOGGING, "-c", f"corkboard.data={self.data}"]
        with self.log.open("ab") as output:
            self.launched_at = output.tell()
            self.child = subprocess.Popen(
                **command_in(self.data, "postgres", *options),
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # out of reach of the terminal's Ctrl-C
            )

    def stop(self) -> None:
        """Stop the server, if one runs: fast, and then at once, which loses no data either."""
        import psutil

        # The fast way can hang for ever when it meets a recovery.
        for number in (signal.SIGINT, signal.SIGQUIT):
            deadline = time.monotonic() + STOP_SECONDS
            if server := self.running():
                with suppress(psutil.NoSuchProcess):
                    server.process.send_signal(number)
                while runs_on(server.process, self.data) and time.monotonic() < deadline:
                    time.sleep(0.01)
        if self.child:
            self.child.send_signal(signal.SIGQUIT)  # in case it has no `postmaster.pid`
            self.child.wait()

    def is_dead(self) -> bool:
        """Tell whether no process of a PostgreSQL runs on the folder."""
        import psutil

        if self.child:
            self.child.poll()  # or it would go on as a zombie
        return self.running() is None and not any(
            runs_on(process, self.data) for process in psutil.process_iter()
        )

    def running(self) -> Server | None:
        """Return the server; None if `postmaster.pid` is missing, damaged or of another process."""
        import psutil

        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            process = psutil.Process(int(lines[0]))
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        if not runs_on(process, self.data):
            return None
        lines += [""] * 8
        return Server(process, lines[3], lines[4], lines[7].strip())


def runs_on(process: "psutil.Process", data: Path) -> bool:
    """Tell whether the process belongs to a PostgreSQL on `data`, and lives."""
    import psutil

    try:
        if process.name() != "postgres":
            return False
        try:
            return process.cwd() == str(data)
        except psutil.AccessDenied:  # as root in a container
            return not {str(data), f"corkboard.data={data}"}.isdisjoint(process.cmdline())
    except psutil.Error:
        return False


def create_database(socket_folder: Path, port: str) -> None:
    """Make the database `corkboard`, unless there is one."""
    options = ["-XAtq", "-h", str(socket_folder), "-p", port, "-U", "postgres"]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = run([program("psql"), *options], input=CREATE_DATABASE)
            break
        except PostgresError as error:
            # It is starting up, in recovery mode and so on when it lost a child, though its
            # `postmaster.pid` says ready.
            if "the database system is" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    if answer.strip() != "t":
        raise PostgresError(
            "The database's locale doesn't know upper and lower case beyond ASCII. "
            "Load a dump of it into a new one, in another folder."
        )
