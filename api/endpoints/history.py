"""The event log as history, and how long it is kept."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from tortoise.expressions import Q, Subquery

from api.access.gate import BOARDS
from api.access.rights import ADMIN
from api.db.jobs import among_oldest, delete_in_batches
from api.http.route import CurrentAccess
from api.resources.filters import MOST_VALUES
from api.resources.pagination import PageOf
from api.settings import settings
from crud_config import RESOURCES
from models.enums import EventKind
from models.schemas import Time, omitted
from models.tables import Event

boards = RESOURCES.at("boards")
tasks = RESOURCES.at("tasks")

ONE_OF = Query(default_factory=omitted, max_length=MOST_VALUES)
Ids = Annotated[list[UUID], ONE_OF]
Moment = Annotated[Time, Query(default_factory=omitted)]


def event_filters(
    kind: Annotated[list[EventKind], ONE_OF],
    actor_id: Ids,
    created_at__lt: Moment,
    created_at__lte: Moment,
    created_at__gt: Moment,
    created_at__gte: Moment,
) -> Q:
    """Read which events are asked for."""
    given: dict[str, Any] = {
        "kind__in": kind,
        "actor_id__in": actor_id,
        "created_at__lt": created_at__lt,
        "created_at__lte": created_at__lte,
        "created_at__gt": created_at__gt,
        "created_at__gte": created_at__gte,
    }
    return Q(**{name: value for name, value in given.items() if value is not None})


EventFilters = Annotated[Q, Depends(event_filters)]


async def list_board_events(
    board_id: UUID, page: PageOf, filters: EventFilters, access: CurrentAccess
) -> Any:
    """Return a board's events, the newest first."""
    await access.read(boards, board_id)
    return await page.fetch(Event.filter(filters, board_id=board_id), "-id")


async def list_task_events(
    task_id: UUID, page: PageOf, filters: EventFilters, access: CurrentAccess
) -> Any:
    """Return the events of a task and what belongs to it, the newest first, on boards that you can
    see."""
    await access.read(tasks, task_id)
    seen = Subquery(access.visible(BOARDS).values("id"))
    return await page.fetch(Event.filter(filters, task_id=task_id, board_id__in=seen), "-id")


async def list_events(
    page: PageOf, filters: EventFilters, access: CurrentAccess, board_id: Ids
) -> Any:
    """Return all events, the newest first."""
    access.require(ADMIN)
    events = Event.filter(filters)
    return await page.fetch(events.filter(board_id__in=board_id) if board_id else events, "-id")


async def purge_events() -> None:
    """Delete the events that are older than EVENT_DAYS."""
    before = datetime.now(UTC) - timedelta(days=settings().event_days)
    await delete_in_batches("events", among_oldest("events"), before)
