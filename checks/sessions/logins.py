"""A client in a process of its own, so that its work is nobody else's.

`python -m checks.sessions.logins ADDRESS LOGINS` registers somebody, then signs them in so many
times at once for each line that it is sent, and answers with how often that succeeded.
"""

import asyncio
import ssl
import sys
import time

import httpx

PASSWORD = "a harbour at dusk"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # which takes long to make, and isn't used


async def main(address: str, logins: int) -> None:
    name = f"many{time.time_ns()}"
    account = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    login = {"username": name, "password": PASSWORD}

    def client() -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=logins)
        return httpx.AsyncClient(base_url=address, limits=limits, timeout=60, verify=NO_TLS)

    async with client() as one:
        (await one.post("/api/auth/register", json=account)).raise_for_status()
    print("ready", flush=True)
    while sys.stdin.readline():
        async with client() as many:
            answers = await asyncio.gather(
                *(many.post("/api/auth/login", json=login) for _ in range(logins))
            )
        print(sum(answer.is_success for answer in answers), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
