"""The servers that are measured side by side."""

import sys
from typing import NamedTuple

SCENARIOS = ("task", "column", "boards", "full100", "full4000", "put", "post")


class Contender(NamedTuple):
    """A server that answers the same requests."""

    name: str  # as the table shows it
    command: list[str]  # run from the repository's root with DATABASE_URL, JWT_SECRET, PORT
    scenarios: frozenset[str]  # those it answers
    kind: str  # "ours", "floor", "fastify" or "framework"
    health: str = "/health"


ALL = frozenset(SCENARIOS)
OURS = Contender(
    "Corkboard",
    [sys.executable, "-m", "api", "serve"],
    ALL,
    "ours",
    "/health/ready",
)

PEER = ["bench/peers/.venv/bin/python", "-m"]
FLOOR = [sys.executable, "-m", "bench.peers.floor"]

CONTENDERS: tuple[Contender, ...] = (
    OURS,
    Contender("Fastify + pg", ["node", "bench/peers/fastify/server.js"], ALL, "fastify"),
    Contender("the floor, with PyJWT", FLOOR, ALL, "floor"),
    Contender("the floor, cheapest safe token check", [*FLOOR, "remember"], ALL, "floor"),
    *(
        Contender(name, [*PEER, f"bench.peers.{module}"], ALL, "framework")
        for name, module in {
            "FastAPI + Tortoise": "fastapi_tortoise",
            "FastAPI + FastCRUD": "fastapi_fastcrud",
            "Litestar + Advanced Alchemy": "litestar_alchemy",
            "Django REST Framework": "django_rest",
        }.items()
    ),
)
