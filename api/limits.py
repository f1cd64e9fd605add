"""Rate limits, counted in PostgreSQL so that they hold over all processes."""

from datetime import UTC, datetime, timedelta

from fastapi import Request
from tortoise import Tortoise

from api.errors import TooManyRequests
from api.settings import rate_of, settings
from models.tables import RateLimit

COUNT = """
    INSERT INTO rate_limits AS present (key, attempts, ends_at) VALUES ($1, 1, $2)
    ON CONFLICT (key) DO UPDATE SET
        attempts = CASE WHEN present.ends_at <= $3 THEN 1 ELSE present.attempts + 1 END,
        ends_at = CASE WHEN present.ends_at <= $3 THEN $2 ELSE present.ends_at END
    RETURNING attempts, ends_at
"""


class Limit:
    """How often one address may try something; a dependency that routes check before all else."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self) -> None:
        """As a dependency it only marks a route; `api.routing.Route` calls `check` first of all."""

    async def check(self, request: Request) -> None:
        """Count an attempt from the request's address. Raises TooManyRequests."""
        address = request.client.host if request.client else ""
        await self.count(address)

    async def count(self, key: str) -> None:
        """Count an attempt by `key`. Raises TooManyRequests."""
        rate = rate_of(getattr(settings(), f"rate_limit_{self.name}"))
        if rate is None:
            return
        allowed, seconds = rate
        now = datetime.now(UTC)
        [row] = await Tortoise.get_connection("default").execute_query_dict(
            COUNT, [f"{self.name}:{key}"[:255], now + timedelta(seconds=seconds), now]
        )
        if row["attempts"] == 1:
            # Whoever opens a window sweeps out the spent ones, so that no job has to.
            await RateLimit.filter(ends_at__lte=now).delete()
        if row["attempts"] > allowed:
            raise TooManyRequests(max(1, round((row["ends_at"] - now).total_seconds())))
