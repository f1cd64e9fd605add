"""Servers, and load on them: wrk for many clients, others for a single one and for a pace."""

import asyncio
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import psutil

from bench.contenders import Contender
from embedded_postgres.programs import program
from tests.helpers.serving import free_port

ROOT = Path(__file__).parent.parent
CLIENTS = 32  # that keep a pace
START_SECONDS = 180  # on a busy machine, where others start at the same time
# Those of Corkboard's own connections.
OPTIONS = quote("-c jit=off -c synchronize_seqscans=off")


class Request(NamedTuple):
    """What is asked of a server; the body is JSON, or empty."""

    method: str
    path: str
    body: str = ""


class Credentials(NamedTuple):
    """The header by which a server knows who asks."""

    name: str
    value: str


class Running(NamedTuple):
    """A server that is ready, and how many seconds that took."""

    port: int
    process: psutil.Popen
    seconds: float

    def memory(self) -> float:
        """Return the MB of the server's process, or of the largest of its processes."""
        family = [self.process, *self.process.children(recursive=True)]
        return max(process.memory_info().rss for process in family) / 1e6


@contextmanager
def serving(contender: Contender, **environment: str) -> Iterator[Running]:
    """Yield a contender, started with the environment of this process and the variables given."""
    port = free_port()
    with tempfile.TemporaryFile("w+") as log:
        begin = time.perf_counter()
        process = psutil.Popen(
            contender.command,
            cwd=ROOT,
            env={**os.environ, **environment, "PORT": str(port)},
            stdout=log,
            stderr=log,
        )
        try:
            while not answers(port, contender.health):
                if process.poll() is not None or time.perf_counter() > begin + START_SECONDS:
                    log.seek(0)
                    raise SystemExit(f"{contender.name} doesn't start:\n{log.read()[-3000:]}")
                time.sleep(0.002)
            yield Running(port, process, time.perf_counter() - begin)
        finally:
            try:
                with suppress(psutil.NoSuchProcess):
                    process.terminate()
                process.wait(10)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait()


def answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, HTTPException):
        connection.request("GET", path)
        return connection.getresponse().status == 200
    return False


class Figures(NamedTuple):
    """What came of a load: requests per second, and milliseconds."""

    rps: float
    p50: float
    p99: float


def wrk(
    port: int,
    requests: Sequence[Request],
    credentials: Credentials,
    clients: int,
    seconds: int,
) -> Figures:
    """Return what a server does for clients that send the requests in turn for so many seconds.

    Ends everything when any of them fails.
    """
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("".join(" ".join(request).rstrip() + "\n" for request in requests))
        file.flush()
        ended = subprocess.run(
            [
                "wrk", "-t1", f"-c{clients}", f"-d{seconds}", "--timeout", "30s",
                "-s", ROOT / "bench" / "requests.lua", f"http://127.0.0.1:{port}",
                "--", *credentials, file.name,
            ],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
    if ended.returncode:
        raise SystemExit(f"wrk failed:\n{ended.stdout}{ended.stderr}")
    said = json.loads(ended.stderr.splitlines()[-1])
    if not said["failed"] and not said["requests"]:  # a slow one on a busy machine
        return wrk(port, requests, credentials, clients, 2 * seconds)
    if said["failed"]:
        raise SystemExit(
            f"{said['failed']} of {said['requests']} requests failed, the first of which is "
            f"{requests[0].method} {requests[0].path}:\n{ended.stdout}"
        )
    return Figures(said["requests"] / said["seconds"], said["p50"], said["p99"])


class Client:
    """One client, who waits for each answer."""

    def __init__(self, port: int, credentials: Credentials) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = dict([credentials, ("Content-Type", "application/json")])

    def ask(self, request: Request) -> float:
        """Measure the milliseconds until the whole answer is here."""
        begin = time.perf_counter()
        self.answer(request)
        return (time.perf_counter() - begin) * 1000

    def answer(self, request: Request) -> bytes:
        """Return the answer's body; one that isn't 2xx ends everything."""
        body = request.body.encode() or None
        self.connection.request(request.method, request.path, body, self.headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status // 100 != 2:
            raise SystemExit(f"{request}: {response.status} {text[:1000].decode()}")
        return text


async def paced(
    port: int, requests: Sequence[Request], credentials: Credentials, rate: float, seconds: float
) -> list[float]:
    """Send requests at a steady rate, whether or not those before are answered.

    Milliseconds of each, from the moment when it was due.
    """
    begin = time.perf_counter() + 0.1
    due = iter([begin + number / rate for number in range(int(rate * seconds))])
    turns = iter(range(int(rate * seconds)))
    taken: list[float] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for moment, turn in zip(due, turns, strict=False):
            await asyncio.sleep(moment - time.perf_counter())
            method, path, body = requests[turn % len(requests)]
            content = body.encode()
            writer.write(
                f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{': '.join(credentials)}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode()
                + content
            )
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line[15:])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            )
            answer = await reader.readexactly(length)
            taken.append((time.perf_counter() - moment) * 1000)
            if not head.startswith(b"HTTP/1.1 2"):
                raise SystemExit(f"{method} {path}: {(head + answer)[:1000].decode()}")
        writer.close()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return taken


def pgbench(
    url: str, scripts: Sequence[str], values: dict[str, Any], clients: int, seconds: int
) -> float:
    """Measure the transactions per second of scripts in which the values stand by their names."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, script in enumerate(scripts):
            files.append(Path(folder, f"{number}.sql"))
            files[-1].write_text(script)
        command: list[str | Path] = [
            program("pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}",
            f"--time={seconds}", *(f"--file={file}" for file in files),
            *(f"--define={name}={value}" for name, value in values.items()),
            f"{url}&options={OPTIONS}",
        ]  # fmt: skip
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode or "failed transactions: 0 " not in ended.stdout:
        raise SystemExit(f"pgbench failed:\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    [line] = [line for line in ended.stdout.splitlines() if line.startswith("tps = ")]
    return float(line.split()[2])
