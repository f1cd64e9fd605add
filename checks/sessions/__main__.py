"""Ended sessions, passwords, limits and secrets on a server with four workers: `make sessions`."""

import asyncio

from checks.chaos import server
from checks.report import run
from checks.sessions.limits import check_limits, check_no_limit
from checks.sessions.revocation import check_revocation
from checks.sessions.workers import WORKERS, Crowd


async def check_workers() -> None:
    with server(WORKERS=str(WORKERS)) as running:
        await check_revocation(running)
        async with Crowd(running) as crowd:
            await check_no_limit(crowd)


def main() -> None:
    asyncio.run(check_limits())
    asyncio.run(check_workers())


if __name__ == "__main__":
    run(main)
