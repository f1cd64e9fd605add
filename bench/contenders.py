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


OURS = Contender(
    "Corkboard",
    [sys.executable, "-m", "api", "serve"],
    frozenset(SCENARIOS),
    "ours",
    "/health/ready",
)

CONTENDERS: tuple[Contender, ...] = (OURS,)
