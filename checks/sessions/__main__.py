"""Ended sessions, passwords, limits and secrets on a server with some workers: `make sessions`."""

import asyncio

from checks.report import run
from checks.serving import server
from checks.sessions.canaries import check_canaries
from checks.sessions.limits import check_limits, check_no_limit
from checks.sessions.revocation import check_revocation
from checks.sessions.timing import check_alike, check_waiting
from checks.sessions.workers import WORKERS, Crowd


async def check_workers() -> None:
    with server(WORKERS=str(WORKERS)) as running:
        await check_revocation(running)
        async with Crowd(running) as crowd:
            await check_no_limit(crowd)
            await check_alike(crowd)


def main() -> None:
    asyncio.run(check_limits())
    asyncio.run(check_workers())
    check_canaries()
    check_waiting()  # The last, since a machine with other work to do may fail it.


if __name__ == "__main__":
    run(main)
