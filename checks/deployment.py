"""The image and the compose file: `make deployment`.

No container runs here. Both files are linted; then their own words (the Dockerfile's COPY, ENV,
HEALTHCHECK and CMD, the compose file's environment) start the server and its PostgreSQL 16.
"""

import asyncio
import contextlib
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from ruamel.yaml import YAML

from checks.report import check, fail, run
from embedded_postgres.programs import command_in, system_user
from embedded_postgres.programs import run as run_program
from tests.helpers.serving import free_port

TOOLS = Path(sys.executable).parent
ACCOUNT = {"username": "ada", "email": "ada@example.com", "password": "a harbour at dusk"}
# Characters that mean something in an address.
DATABASE_PASSWORD = f"{secrets.token_urlsafe(16)}@:/?#%"
START_SECONDS = 30
STOP_SECONDS = 10  # what Docker allows

Environment = dict[str, str]


class Image:
    """What a Dockerfile says, one stage of it."""

    def __init__(self, dockerfile: Path) -> None:
        text = re.sub(r"^\s*#.*\n", "", dockerfile.read_text(), flags=re.MULTILINE)
        lines = text.replace("\\\n", "").splitlines()
        self.instructions = [line.split(maxsplit=1) for line in lines if line.strip()]
        pairs = [pair.split("=", 1) for line in self.all("ENV") for pair in shlex.split(line)]
        self.environment = dict(pairs)
        self.command: list[str] = json.loads(self.last("CMD"))
        self.health_command: list[str] = json.loads(self.last("HEALTHCHECK").partition("CMD ")[2])

    def all(self, name: str) -> list[str]:
        return [rest for instruction, rest in self.instructions if instruction == name]

    def last(self, name: str) -> str:
        return ["", *self.all(name)][-1]

    def lay_out(self, folder: Path) -> None:
        """Copy into `folder` what the image has in its working folder."""
        for line in self.all("COPY"):
            *sources, target = line.split()
            for source in map(Path, sources):
                if source.is_dir():
                    ignored = shutil.ignore_patterns("__pycache__")
                    shutil.copytree(source, folder / target, ignore=ignored)
                else:
                    shutil.copy(source, folder / target)


def filled_in(value: str, environment: Environment) -> str:
    """A value of the compose file with its `${NAME}`, `${NAME:-default}` and `${NAME:?reason}`."""

    def fill(match: re.Match[str]) -> str:
        name, sign, rest = match.groups()
        return environment.get(name) or (rest if sign == ":-" else "")

    return re.sub(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}", fill, value)


def lines_of(file: str) -> Environment:
    """The settings in a file such as `.env`."""
    lines = Path(file).read_text().splitlines()
    pairs = [line.partition("=") for line in lines if "=" in line and line[0] != "#"]
    return {name: value for name, _, value in pairs}


def lint() -> None:
    for what, command in {
        "hadolint has nothing to say about the Dockerfile": ["hadolint", "Dockerfile"],
        "the compose file fits its schema": [
            "check-jsonschema", "--builtin-schema=vendor.compose-spec", "docker-compose.yml",
        ],
    }.items():  # fmt: skip
        command[0] = str(TOOLS / command[0])
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        check(done.returncode == 0, what, done.stdout + done.stderr)


@contextmanager
def postgres(folder: Path, environment: Environment) -> Iterator[int]:
    """A PostgreSQL as its image makes it from this environment; the port on loopback."""
    folder.chmod(0o711)  # for the user who reads the password's file
    data = folder / "postgres"
    data.mkdir(mode=0o700)
    password = data.with_name("password")
    password.write_text(environment["POSTGRES_PASSWORD"])
    if os.geteuid() == 0:  # whom PostgreSQL refuses
        owner = system_user()
        for path in (data, password):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    port = free_port()
    user = environment["POSTGRES_USER"]
    options = shlex.split(environment["POSTGRES_INITDB_ARGS"])
    run_program(
        **command_in(
            # By a path from its working directory: the folders above may be closed to its user.
            data, "initdb", f"--username={user}", f"--pwfile=../{password.name}",
            "--auth=scram-sha-256", *options,
        )
    )  # fmt: skip

    async def create_database() -> None:
        server = await asyncpg.connect(
            host="127.0.0.1", port=port, user=user, database="postgres",
            password=environment["POSTGRES_PASSWORD"],
        )  # fmt: skip
        await server.execute(f'CREATE DATABASE "{environment["POSTGRES_DB"]}"')
        await server.close()

    with (folder / "postgres.log").open("w") as log:
        server = subprocess.Popen(
            **command_in(data, "postgres", "-h", "127.0.0.1", "-p", str(port), "-k", ""),
            stderr=log,
        )
    try:
        for _ in range(100):
            with contextlib.suppress(OSError, asyncpg.CannotConnectNowError):
                asyncio.run(create_database())
                break
            time.sleep(0.1)
        else:
            fail("PostgreSQL doesn't start", (folder / "postgres.log").read_text())
        yield port
    finally:
        server.send_signal(signal.SIGINT)  # which waits for nobody
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
        server.kill()


def serve(image: Image, app: Path, environment: Environment, log: Path) -> None:
    """Start the server, use it, and stop it."""
    address = f"http://127.0.0.1:{environment['PORT']}"
    before = sorted(app.rglob("*"))
    with log.open("w") as output:
        server = subprocess.Popen(
            image.command, cwd=app, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not healthy(image, environment):
            if server.poll() is not None or time.monotonic() > deadline:
                fail("The server doesn't get ready", log.read_text())
        ready = httpx.get(f"{address}/health/ready")
        check(ready.status_code == 200, "the server gets ready, and HEALTHCHECK sees it")

        with httpx.Client(base_url=address) as client:
            answer = client.post("/api/auth/register", json=ACCOUNT)
            check(answer.status_code == 201, "registering answers 201", answer.text)
            cookie, *attributes = answer.headers["Set-Cookie"].split("; ")
            check(cookie.startswith("__Host-session="), "the cookie is __Host-session", cookie)
            expected = {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"}
            found = {a for a in attributes if not a.startswith("Max-Age=")}
            check(found == expected, "it is Secure, HttpOnly and Lax, and has no Domain", found)
            me = client.get("/api/auth/me", headers={"Cookie": cookie})
            check(me.status_code == 200, "it signs in", me.text)

            # While a client still holds its connection.
            server.terminate()
            try:
                status = server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                status = None
        check(status == 0, "SIGTERM ends it with the status 0, in time", status)
        check(not healthy(image, environment), "HEALTHCHECK sees that it is gone")
    finally:
        server.kill()
    told = log.read_text()
    for name in ("JWT_SECRET", "PGPASSWORD"):
        check(environment[name] not in told, f"its log is silent about {name}")
    check(sorted(app.rglob("*")) == before, "it writes no file")


def healthy(image: Image, environment: Environment) -> bool:
    """What HEALTHCHECK finds."""
    command = image.health_command
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=10)
    return done.returncode == 0


def refuse(image: Image, app: Path, safe: Environment, example: str) -> None:
    """What the server doesn't start with in production, and what it says then."""
    short = secrets.token_urlsafe(48)[:31]
    unsafe: dict[str, Environment] = {
        "a missing JWT_SECRET": {},
        "a blank JWT_SECRET": {"JWT_SECRET": ""},
        "a short JWT_SECRET": {"JWT_SECRET": short},
        "the example JWT_SECRET": {"JWT_SECRET": example},
        "COOKIE_SECURE=false": {"COOKIE_SECURE": "false"},
        "* in CORS_ORIGINS": {"CORS_ORIGINS": "https://kanban.example,*"},
    }
    for what, change in unsafe.items():
        environment = safe | change
        if not change:
            del environment["JWT_SECRET"]
        try:
            done = subprocess.run(
                image.command, cwd=app, env=environment, capture_output=True, text=True,
                check=False, timeout=20,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            fail(f"Production starts with {what}")
        said = done.stdout + done.stderr
        secret = environment.get("JWT_SECRET") or "Traceback"
        plain = len(said.splitlines()) == 1 and "Traceback" not in said and secret not in said
        check(done.returncode != 0 and plain, f"production refuses {what}", said)
        print(f"        {said.strip()}")


def main() -> None:
    lint()
    image = Image(Path("Dockerfile"))
    check(image.last("USER").split(":")[0] not in ("", "root", "0"), "the image's user isn't root")
    check(not image.all("ENTRYPOINT"), "nothing stands between a signal and the server")
    sent = {line[1:] for line in Path(".dockerignore").read_text().splitlines() if line[0] == "!"}
    copied = {source for line in image.all("COPY") for source in line.split()[:-1]}
    check(sent == copied, ".dockerignore lets through exactly what is copied", sent ^ copied)

    services: dict[str, Any] = YAML(typ="safe").load(Path("docker-compose.yml"))["services"]
    example = lines_of(".env.example")
    settings = example | {
        "ENVIRONMENT": "production",
        "COOKIE_SECURE": "true",
        "CORS_ORIGINS": "https://kanban.example",
        "JWT_SECRET": secrets.token_urlsafe(48),
        "POSTGRES_PASSWORD": DATABASE_PASSWORD,
    }
    database, api = (
        {n: filled_in(v, settings) for n, v in services[name]["environment"].items()}
        for name in ("database", "api")
    )
    environment = image.environment | settings | api
    listens = (environment["HOST"], environment["PORT"])
    check(listens == ("0.0.0.0", "8080"), "it listens for others than its container", listens)
    port = filled_in(services["api"]["ports"][0], settings | {"PORT": "9000"})
    check(port == "127.0.0.1:9000:8080", "PORT of `.env` is the one outside", port)

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        app = folder / "app"
        app.mkdir()
        image.lay_out(app)
        with postgres(folder, database) as database_port:
            # The names that containers have for each other, and a port that is free here.
            url = environment["DATABASE_URL"].replace("database:5432", f"127.0.0.1:{database_port}")
            environment |= {
                "DATABASE_URL": url,
                "PORT": str(free_port()),
                "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}",
            }
            serve(image, app, environment, folder / "log")
            refuse(image, app, environment, example["JWT_SECRET"])


if __name__ == "__main__":
    run(main)
