"""Serve, and print how long the event loop was held up, at most: without and with logins.

Each line is a round: milliseconds without; with; how many of the latter were its own work, and not
a wait for a processor; and the logins that succeeded. `python -m checks.sessions.loop PORT LOGINS
ROUNDS`, with the settings in the environment.
"""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE

import uvicorn

from api.app import create_app

TICK = 0.005  # seconds


class Ticker:
    """Notes by how much each tick is late."""

    def __init__(self) -> None:
        self.late: list[tuple[float, float]] = []  # milliseconds: in all, and at work

    async def run(self) -> None:
        while True:
            before, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK)
            late, work = time.perf_counter() - before - TICK, time.thread_time() - worked
            self.late.append((late * 1000, work * 1000))

    def longest(self) -> tuple[float, float]:
        """Return the longest since it was last asked."""
        longest = max(self.late)
        self.late.clear()
        return longest


async def main(port: int, logins: int, rounds: int) -> None:
    server = uvicorn.Server(uvicorn.Config(create_app(), port=port, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.1)
    command = ["-m", "checks.sessions.logins", f"http://127.0.0.1:{port}", str(logins)]
    client = await asyncio.create_subprocess_exec(sys.executable, *command, stdin=PIPE, stdout=PIPE)
    assert client.stdin
    assert client.stdout
    await client.stdout.readline()
    ticker = Ticker()
    ticking = asyncio.create_task(ticker.run())
    for _ in range(rounds):
        await asyncio.sleep(1)
        idle, _ = ticker.longest()
        client.stdin.write(b"\n")
        succeeded = int(await client.stdout.readline())
        await asyncio.sleep(2 * TICK)  # for the tick that was late
        busy, work = ticker.longest()
        # Not on stdout, where the log of requests is.
        print(f"{idle:.1f} {busy:.1f} {work:.1f} {succeeded}", file=sys.stderr)
    client.stdin.close()
    await client.wait()
    ticking.cancel()
    server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
