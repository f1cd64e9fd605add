"""`make run` from outside: starting, stopping, dying, and the command line beside it."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
import pytest

from api.logs import FLUSH_SECONDS
from tests.helpers.serving import Server, checkout

ADA = {"username": "ada", "email": "ada@example.com", "password": "a harbour at dusk"}
LOGIN = {"username": "ada", "password": "a harbour at dusk"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Yield a copy in which ada is registered. Each test leaves it as it likes."""
    with TemporaryDirectory() as folder:
        server = Server(checkout(Path(folder)), LANG="C", LC_ALL="C", WORKERS="1")
        with server:
            assert server.patient_client().post("/api/auth/register", json=ADA).status_code == 201
            yield server


def up(server: Server, workers: str = "1") -> None:
    """Start the server, unless it runs with so many workers already."""
    if server.environment.get("WORKERS") != workers:
        down(server)
        server.environment["WORKERS"] = workers
    if server.process.poll() is not None:
        server.start()


def down(server: Server) -> None:
    if server.process.poll() is None:
        server.stop()


def ada_is_there(server: Server) -> bool:
    return server.patient_client().post("/api/auth/login", json=LOGIN).status_code == 200


def test_the_environment_is_made_with_a_fresh_secret(server: Server) -> None:
    env = (server.folder / ".env").read_text()
    example = (server.folder / ".env.example").read_text()
    secrets = {text.partition("JWT_SECRET=")[2].partition("\n")[0] for text in (env, example)}
    assert len(secrets) == 2
    assert all(len(secret) >= 32 for secret in secrets)
    assert (server.folder / ".env").stat().st_mode & 0o077 == 0
    assert env.replace(secrets.pop(), "").replace(secrets.pop(), "").startswith("# Settings")


def test_the_addresses_are_told(server: Server) -> None:
    told = server.log.read_text()
    assert f"{server.address}/api" in told
    assert f"{server.address}/docs" in told


# Each test that stops it sends SIGTERM.
@pytest.mark.parametrize("by_keyboard", [pytest.param(False, marks=pytest.mark.slow), True])
def test_a_signal_stops_all_and_the_data_stays(server: Server, by_keyboard: bool) -> None:
    up(server)
    login = server.patient_client().post("/api/auth/login", json=LOGIN)
    watching = httpx.stream(
        "GET", f"{server.address}/api/events/stream", cookies=login.cookies, timeout=60
    )
    with watching as stream:
        server.stop(by_keyboard=by_keyboard)
        assert "".join(stream.iter_text()).startswith("retry: ")  # and came to its end
    server.log.write_text("")
    up(server)
    assert ada_is_there(server)
    told = server.log.read_text()
    assert "Swagger:" in told
    assert "Installing" not in told  # nor is anything migrated the second time
    assert "Migrated" not in told


# The launcher of several workers is killed below.
@pytest.mark.slow
@pytest.mark.parametrize("all_of_it", [pytest.param(False, marks=pytest.mark.slow), True])
def test_data_survives_a_kill(server: Server, all_of_it: bool) -> None:
    up(server)
    server.kill(all_of_it=all_of_it)
    up(server)
    assert ada_is_there(server)


def test_case_is_folded_in_every_script_with_lang_c(server: Server) -> None:
    ivan = {"username": "иван", "email": "ivan@example.com", "password": "a harbour at dusk"}
    shouting = {**ivan, "username": "ИВАН", "email": "other@example.com"}
    up(server)
    assert server.patient_client().post("/api/auth/register", json=ivan).status_code == 201
    assert server.patient_client().post("/api/auth/register", json=shouting).status_code == 409


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_the_log_hides_the_tokens_of_invitations(server: Server, workers: str) -> None:
    up(server, workers)
    ada, stranger = server.patient_client(), server.patient_client()
    ada.post("/api/auth/login", json=LOGIN).raise_for_status()
    board = ada.post("/api/boards", json={"title": "x"}).json()["id"]
    link = ada.post(f"/api/boards/{board}/invitations", json={}).json()
    path = f"/api/invitations/{link['token']}"
    for _ in range(4):
        assert stranger.get(path).status_code == 200
        assert stranger.post(f"{path}/accept").status_code == 401
        assert ada.post(f"{path}/accept").status_code == 409
        assert stranger.get(f"{path}?{link['id']}").status_code == 422
    time.sleep(2 * FLUSH_SECONDS)
    told = server.log.read_text()
    for line in (
        "method=GET route=/api/invitations/{token} status=200",
        "method=POST route=/api/invitations/{token}/accept status=409",
        "method=GET route=/api/invitations/{token} status=422",
    ):
        assert told.count(line) == 4
    assert link["token"] not in told
    assert link["id"] not in told


def create_admin(
    server: Server, name: str, password: str = "a harbour at dusk"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [".venv/bin/python", "-m", "api", "create-admin", name, f"{name}@example.com"],
        cwd=server.folder, env={**server.environment, "ADMIN_PASSWORD": password},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.slow  # the next one makes none, by the same command
def test_an_admin_is_made_with_the_server_up_and_down(server: Server) -> None:
    down(server)
    assert create_admin(server, "offline").returncode == 0
    assert server.processes() == []
    up(server)
    assert create_admin(server, "online").returncode == 0
    for name in ("offline", "online"):
        login = {**LOGIN, "username": name}
        user = server.patient_client().post("/api/auth/login", json=login).json()
        assert user["is_admin"] is True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "password", "reason"),
    [
        ("ada", "a harbour at dusk", "taken"),
        # Over HTTP, too: tests/auth/test_passwords.py and tests/resources/test_users.py.
        pytest.param("x", "a harbour at dusk", "3", marks=pytest.mark.slow),
        pytest.param("zoe", "password1", "common", marks=pytest.mark.slow),
    ],
)
def test_an_admin_that_cannot_be_is_refused_in_a_line(
    server: Server, name: str, password: str, reason: str
) -> None:
    done = create_admin(server, name, password)
    assert done.returncode == 1
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert password not in done.stderr


@pytest.mark.slow
def test_a_taken_port_is_told_and_leaves_nothing_running(server: Server) -> None:
    up(server)
    second = subprocess.run(
        ["make", "run", f"PORT={server.port}"], cwd=server.folder, env=server.environment,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert second.returncode != 0
    assert "address already in use. Try make run PORT=9000." in second.stderr
    assert "API:" not in second.stdout
    assert ada_is_there(server)


# Several workers serve in `make deployment` and `make chaos`, too.
@pytest.mark.slow
def test_several_workers_serve_and_stop_together(server: Server) -> None:
    up(server, workers="2")
    assert all(ada_is_there(server) for _ in range(4))
    assert len([p for p in server.processes() if "multiprocessing" in " ".join(p.cmdline())]) >= 2
    down(server)


def workers_of(server: Server) -> list[psutil.Process]:
    found = [p for p in server.processes() if "spawn_main" in " ".join(p.cmdline())]
    return [p for p in found if p.net_connections()]


@pytest.mark.slow
def test_connections_are_spread_over_workers_and_survive_one(server: Server) -> None:
    up(server, workers="4")
    assert ada_is_there(server)
    with ExitStack() as stack:
        for _ in range(64):
            client = stack.enter_context(httpx.Client(base_url=server.address, timeout=60))
            assert client.get("/health/live").status_code == 200
        shares = [
            sum(each.status == "ESTABLISHED" for each in worker.net_connections())
            for worker in workers_of(server)
        ]
    assert len(shares) == 4
    assert max(shares) <= 32, shares
    workers_of(server)[0].kill()
    # Those that would have been its wait for the one that takes its place.
    for _ in range(64):
        assert httpx.get(f"{server.address}/health/live", timeout=60).status_code == 200
    assert len(workers_of(server)) == 4


@pytest.mark.slow  # tests/embedded_postgres/test_server.py kills it, too
def test_a_postgresql_that_died_is_started_again(server: Server) -> None:
    up(server)
    [postmaster] = [p for p in server.processes() if "-D" in p.cmdline()]
    postmaster.kill()
    assert ada_is_there(server)
    assert [p for p in server.processes() if "-D" in p.cmdline()] != [postmaster]


@pytest.mark.slow
def test_workers_end_when_their_launcher_is_killed(server: Server) -> None:
    """They would keep the port, and answer without a database."""
    up(server, workers="2")
    server.kill(all_of_it=False)
    deadline = time.monotonic() + 60
    while any("multiprocessing" in " ".join(p.cmdline()) for p in server.processes()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    up(server)
    assert ada_is_there(server)


@pytest.mark.slow  # a rare kind of fault
def test_without_a_tty_or_a_home_it_starts_too(server: Server) -> None:
    home = server.environment.pop("HOME", None)
    down(server)
    up(server)
    assert ada_is_there(server)
    down(server)
    if home:
        server.environment["HOME"] = home
