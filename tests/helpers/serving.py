"""A server as its users start it: `make run` in a copy of the checkout."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil

SOURCES = (
    "api", "models", "embedded_postgres", "migrations", "web/dist", "crud_config.py", "routes.py",
    "pyproject.toml", "Makefile", ".env.example", "requirements.txt", "requirements-dev.txt",
)  # fmt: skip


def checkout(folder: Path) -> Path:
    """Return a copy of the checkout, with the packages that are installed already."""
    copy = folder / "corkboard"
    copy.mkdir()
    for name in SOURCES:
        source = Path(name)
        if source.is_dir():
            shutil.copytree(source, copy / name)
        else:
            shutil.copy2(source, copy / name)
    environment = Path(".venv").resolve()
    (copy / ".venv").symlink_to(environment)
    return copy


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Patient(httpx.HTTPTransport):
    """Asks again, as clients do, where a server on a busy machine had no time."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for _ in range(60):
            response = super().handle_request(request)
            if response.status_code != 503:
                break
            response.read()
            time.sleep(int(response.headers["retry-after"]))
        return response


class Server:
    """`make run` in a folder, from start to stop."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        # The settings of the running tests must not reach it.
        kept = {"PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "USER"}
        self.environment = {k: v for k, v in os.environ.items() if k in kept} | environment
        self.log = folder / "server.log"
        self.clients: list[httpx.Client] = []

    def start(self, seconds: float = 120) -> None:
        """Start, and wait until it is ready."""
        begin = time.monotonic()
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                ["make", "run", f"PORT={self.port}"],
                cwd=self.folder, env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        # One client for all attempts, since making one takes as long as ten of them.
        with httpx.Client(base_url=self.address, timeout=60) as client:
            while time.monotonic() < begin + seconds:
                assert self.process.poll() is None, self.log.read_text()
                with suppress(httpx.TransportError):
                    if client.get("/health/ready").status_code == 200:
                        return
                time.sleep(0.02)
        raise AssertionError(self.log.read_text())

    def stop(self, *, by_keyboard: bool = False) -> None:
        """Send SIGTERM to `make`, or what Ctrl-C sends to all, and wait until all has ended."""
        if by_keyboard:
            os.killpg(self.process.pid, signal.SIGINT)
        else:
            self.process.terminate()
        self.process.wait(60)
        for client in self.clients:
            client.close()
        deadline = time.monotonic() + 60
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert self.processes() == []

    def processes(self) -> list[psutil.Process]:
        """Return whatever runs in the folder or on its data."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.status() == psutil.STATUS_ZOMBIE:
                    continue
                if str(self.folder) in " ".join([process.cwd(), *process.cmdline()]):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def kill(self, *, all_of_it: bool) -> None:
        """Kill -9 the server alone, or PostgreSQL's processes, too."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                if all_of_it or "serve" in process.cmdline():
                    process.kill()
        self.process.wait(60)

    def client(self) -> httpx.Client:
        """Return a client that keeps its cookies until the server stops."""
        self.clients.append(httpx.Client(base_url=self.address))
        return self.clients[-1]

    def patient_client(self) -> httpx.Client:
        """Return a client for which no machine is too busy."""
        client = httpx.Client(base_url=self.address, transport=Patient(), timeout=60)
        self.clients.append(client)
        return client

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill(all_of_it=True)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.stop()
