"""The event log as history, and how long it is kept."""

from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta

from api.db.periodic import BATCH, delete_in_batches, run_periodically
from api.settings import settings

FIRST_SECONDS, PURGE_SECONDS = 60, 3600

# Of the oldest, so that the purge doesn't read what it keeps.
EXPIRED = f"""id IN (
    SELECT id FROM (SELECT id, created_at FROM events ORDER BY id LIMIT {BATCH}) AS oldest
    WHERE created_at <= $1
)"""  # noqa: S608  # our names


async def purge_events() -> None:
    """Delete the events that are older than EVENT_DAYS."""
    before = datetime.now(UTC) - timedelta(days=settings().event_days)
    await delete_in_batches("events", EXPIRED, before)


def event_purger() -> AbstractAsyncContextManager[None]:
    """Purge the event log soon, and then every hour."""
    complaint = "The event log could not be purged"
    return run_periodically(purge_events, complaint, seconds=PURGE_SECONDS, first=FIRST_SECONDS)
