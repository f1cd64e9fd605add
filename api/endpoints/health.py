"""The checks of liveness and readiness."""

import asyncio
from typing import Literal

from pydantic import BaseModel
from tortoise import Tortoise

from api.db.connection import migrations_of
from api.problems import Unavailable

READY_SECONDS = 0.6


class Health(BaseModel):
    """The answer of a server that is well; one that isn't answers with an error."""

    status: Literal["ok"]


async def get_live() -> Health:
    """Answer 200 while the process runs. The database isn't checked."""
    return Health(status="ok")


async def get_ready() -> Health:
    """Answer 200 if the database is reachable and its schema is that of this version, otherwise
    503."""
    async with asyncio.timeout(READY_SECONDS):
        async with Tortoise.get_connection("default").acquire_connection() as connection:
            if any(await migrations_of(connection)):
                raise Unavailable("the database has other migrations than this version")
    return Health(status="ok")
