"""The Dockerfile and the compose file, without containers: their commands run as processes."""

import json
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.settings import EXAMPLE_SECRET
from checks.conftest import free_port
from embedded_postgres.server import embedded_postgres

pytestmark = pytest.mark.deployment
TOOLS = Path(sys.executable).parent
ACCOUNT = {"username": "ada", "email": "ada@example.com", "password": "a harbour at dusk"}
START_SECONDS = 30
STOP_SECONDS = 10  # what Docker allows

DOCKERFILE = Path("Dockerfile").read_text().replace("\\\n", "")
COPIED = re.findall(r"^COPY (\S+) \S+$", DOCKERFILE, re.MULTILINE)


def json_after(words: str) -> list[str]:
    """Return the last list in the Dockerfile after an instruction."""
    found: list[str] = json.loads(re.findall(rf"^{words} (\[.*\])$", DOCKERFILE, re.MULTILINE)[-1])
    return found


COMMAND, HEALTH_COMMAND = json_after("CMD"), json_after("HEALTHCHECK .*CMD")

Environment = dict[str, str]


def test_the_dockerfile_and_the_compose_file_are_sound() -> None:
    subprocess.run([TOOLS / "hadolint", "Dockerfile"], check=True)
    schema = "--builtin-schema=vendor.compose-spec"
    subprocess.run([TOOLS / "check-jsonschema", schema, "docker-compose.yml"], check=True)


def test_the_image_has_what_is_sent_and_no_root() -> None:
    ignored = Path(".dockerignore").read_text().splitlines()
    assert {line[1:] for line in ignored if line[0] == "!"} == set(COPIED)
    [user] = re.findall(r"^USER (\d+)", DOCKERFILE, re.MULTILINE)
    assert user != "0"
    # Nothing stands between a signal and the server.
    assert "ENTRYPOINT" not in DOCKERFILE


def test_only_the_hosts_port_is_from_the_environment_file() -> None:
    compose = Path("docker-compose.yml").read_text()
    for line in ("HOST: 0.0.0.0\n", 'PORT: "8080"\n', "- 127.0.0.1:${PORT:-8080}:8080\n"):
        assert f"      {line}" in compose


@pytest.fixture
def app(folder: Path) -> Path:
    """Lay out the image's working directory."""
    app = folder / "app"
    app.mkdir()
    for name in COPIED:
        if Path(name).is_dir():
            shutil.copytree(name, app / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(name, app / name)
    return app


@pytest.fixture
def environment(folder: Path) -> Iterator[Environment]:
    """Return the image's and the compose file's environment, with a database and a free port."""
    [line] = re.findall(r"^ENV (.*)$", DOCKERFILE, re.MULTILINE)
    image = dict(pair.split("=", 1) for pair in shlex.split(line))
    assert (image["HOST"], image["PORT"]) == ("0.0.0.0", "8080")
    with embedded_postgres(folder / "data") as url:
        yield image | {
            "ENVIRONMENT": "production",
            "CORS_ORIGINS": "https://kanban.example",
            "JWT_SECRET": secrets.token_urlsafe(48),
            "DATABASE_URL": url,
            "PORT": str(free_port()),
            "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}",
        }


def healthy(environment: Environment) -> bool:
    """Tell what HEALTHCHECK finds."""
    done = subprocess.run(
        HEALTH_COMMAND, env=environment, capture_output=True, check=False, timeout=10
    )
    return done.returncode == 0


def test_the_images_command_serves_until_it_is_stopped(
    app: Path, environment: Environment, folder: Path
) -> None:
    address = f"http://127.0.0.1:{environment['PORT']}"
    before = sorted(app.rglob("*"))
    log = folder / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            COMMAND, cwd=app, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not healthy(environment):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
        with httpx.Client(base_url=address) as client:
            assert client.get("/health/ready").status_code == 200
            answer = client.post("/api/auth/register", json=ACCOUNT)
            assert answer.status_code == 201, answer.text
            cookie, *attributes = answer.headers["Set-Cookie"].split("; ")
            assert cookie.startswith("__Host-session=")
            found = {name for name in attributes if not name.startswith("Max-Age=")}
            assert found == {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"}
            me = client.get("/api/auth/me", headers={"Cookie": cookie})
            assert me.status_code == 200, me.text
            # While a client still has its connection.
            server.terminate()
            assert server.wait(STOP_SECONDS) == 0
        assert not healthy(environment)
    finally:
        server.kill()
    assert environment["JWT_SECRET"] not in log.read_text()
    assert sorted(app.rglob("*")) == before, "it writes no file"


@pytest.mark.parametrize(
    "unsafe",
    [
        {"JWT_SECRET": None},
        {"JWT_SECRET": ""},
        {"JWT_SECRET": secrets.token_urlsafe(48)[:31]},
        {"JWT_SECRET": EXAMPLE_SECRET},
        {"COOKIE_SECURE": "false"},
        {"CORS_ORIGINS": "https://kanban.example,*"},
    ],
    ids=["no secret", "a blank one", "a short one", "the example's", "cookies", "origins"],
)
def test_production_refuses_unsafe_settings_in_a_line(
    app: Path, unsafe: dict[str, str | None]
) -> None:
    safe = {"ENVIRONMENT": "production", "JWT_SECRET": secrets.token_urlsafe(48)}
    given = {name: value for name, value in (safe | unsafe).items() if value is not None}
    done = subprocess.run(
        COMMAND, cwd=app, env={"PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"} | given,
        capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert len(said.splitlines()) == 1
    assert "Traceback" not in said
    assert not given.get("JWT_SECRET") or given["JWT_SECRET"] not in said
