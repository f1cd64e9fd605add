"""Say who writes, and in which request, for the triggers of the event log to note."""

from contextvars import ContextVar
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg


class Origin(NamedTuple):
    """The user who writes, and the request; neither for the server's own work."""

    actor: UUID | None = None
    request_id: str | None = None


NOBODY = Origin()
present_origin: ContextVar[Origin] = ContextVar("present_origin", default=NOBODY)

# The same for a statement that writes for somebody, in SQL. It must be where PostgreSQL evaluates
# it: in a query of the statement that nothing refers to, it doesn't. The triggers run after that.
ORIGIN = (
    "set_config('corkboard.actor', {actor}::text, true) AS actor, "
    "set_config('corkboard.request', {request_id}, true) AS request_id"
)


def act_as(actor: UUID | None) -> None:
    """Make somebody the one who writes in the units of work that begin from now on."""
    present_origin.set(present_origin.get()._replace(actor=actor))


class Connection(asyncpg.Connection):
    """asyncpg's connection, whose transactions begin by saying who writes in them."""

    async def execute(
        self,
        query: str,
        *args: Any,
        timeout: float | None = None,  # noqa: ASYNC109  # as asyncpg calls it
    ) -> str:
        """Execute a statement; a BEGIN says the present origin in the same round trip."""
        origin = present_origin.get()
        if query == "BEGIN;" and any(origin):
            names = ("corkboard.actor", "corkboard.request")
            # Neither an id of ours nor one that `RequestIds` takes over has a quote in it.
            query += "".join(
                f"SET LOCAL {name} = '{value}';"
                for name, value in zip(names, origin, strict=True)
                if value
            )
        return str(await super().execute(query, *args, timeout=timeout))
