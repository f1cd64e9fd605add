"""The servers that are measured side by side."""

import sys
from pathlib import Path
from typing import NamedTuple

SCENARIOS = (
    "task", "token task", "admin task", "column", "boards", "full100", "full4000", "members",
    "role", "mine", "sorted", "search", "put", "token put", "admin put", "move", "long move",
    "post", "comment", "new",
)  # fmt: skip


class Contender(NamedTuple):
    """A server that answers the same requests."""

    name: str  # as the table shows it
    command: list[str]  # run from the repository's root with DATABASE_URL, JWT_SECRET, PORT
    kind: str  # "ours", "floor", "anchor", "pocketbase", "fastify" or "framework"
    tables: str = "dense"  # "ours", or which of the others'
    health: str = "/health"
    scenarios: frozenset[str] = frozenset(SCENARIOS)  # those it answers


OURS = Contender(
    "Corkboard", [sys.executable, "-m", "api", "serve"], "ours", "ours", "/health/ready"
)
PEERS = "bench/peers"
PYTHON = [f"{PEERS}/.venv/bin/python", "-m"]
FLOOR = [sys.executable, "-m", "bench.peers.floor"]
# The program of this platform, without its package's script that puts it elsewhere.
BUN = [*map(str, Path(PEERS, "bun/node_modules/@oven").glob("*/bin/bun"))]

CONTENDERS: tuple[Contender, ...] = (
    OURS,
    Contender("Go", [f"{PEERS}/go/build/server"], "anchor", "ranks"),
    Contender("Bun", [*BUN, f"{PEERS}/bun/server.ts"], "anchor", "ranks"),
    Contender(
        "PocketBase (SQLite)",
        [sys.executable, "-m", "bench.peers.pocketbase"],
        "pocketbase",
        health="/api/health",
        scenarios=frozenset({"task", "column", "put", "new"}),
    ),
    Contender("Fastify + pg", ["node", f"{PEERS}/fastify/server.js"], "fastify"),
    Contender("the floor, with PyJWT", FLOOR, "floor", "ranks"),
    Contender("the floor, cheapest safe token check", [*FLOOR, "remember"], "floor", "ranks"),
    *(
        Contender(name, [*PYTHON, f"bench.peers.{module}"], "framework")
        for name, module in {
            "FastAPI + Tortoise": "fastapi_tortoise",
            "FastAPI + FastCRUD": "fastapi_fastcrud",
            "Litestar + Advanced Alchemy": "litestar_alchemy",
            "Django REST Framework": "django_rest",
        }.items()
    ),
)
