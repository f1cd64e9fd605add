"""Answer what happens on boards: since a cursor, as it happens, and who watches."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query, Request, Response
from pydantic import BeforeValidator
from starlette.types import Receive
from tortoise import Tortoise

from api.access.gate import BOARDS
from api.db.deadline import deadline_paused
from api.http.route import CurrentAccess
from api.live.hub import Client, Hub
from api.live.log import CURSOR, CURSORS, Cursor, read_after, read_logs
from api.live.stream import EventStream, Stream
from api.resources.pagination import check_digits
from crud_config import RESOURCES
from models import schemas
from models.schemas import omitted

users = RESOURCES.at("users")

MAX_CHANGES = 100  # in a response
MAX_BOARDS = 50  # of a stream
MAX_WAIT = 25  # seconds; proxies often wait 30
PRESENT_SECONDS = 10  # a process that was killed counts until then

PRESENT = f"""
    SELECT DISTINCT jsonb_array_elements_text(watching -> $1::text)::uuid AS id FROM presence
    WHERE seen_at > now() - interval '{PRESENT_SECONDS} seconds'
"""  # noqa: S608  # our own
CONTENT = {"text/event-stream": {"schema": {"type": "string"}}}


async def get_changes(
    board_id: UUID,
    request: Request,
    access: CurrentAccess,
    after: Annotated[
        str,
        Query(
            default_factory=omitted,
            pattern=CURSOR,
            description="The last `cursor`.",
        ),
    ],
    wait: Annotated[
        int,
        Query(ge=0, le=MAX_WAIT, description="Seconds to wait for a change."),
        BeforeValidator(check_digits),
    ] = 0,
) -> Any:
    """Return what has happened on a board since `after`, at most 100 events.

    Without `after`, it is only the present cursor: ask for it before you load the board.
    """
    await access.read(BOARDS, board_id)
    log = (await read_logs([board_id]))[board_id]
    present = Cursor(log.epoch, (log.head,))
    if not after:
        return _changes(present)
    known = Cursor.parse(after)
    [position] = known.positions
    if not log.goes_on_from(known.epoch, position):
        return _changes(present, resync=True)
    loop = asyncio.get_running_loop()
    ends = loop.time() + wait
    client = Client(access.credentials, {board_id: position}, {board_id: log.head})
    with _watching(request, client) if wait else nullcontext():
        while True:
            client.has_news.clear()
            _, events = await read_after(board_id, position, MAX_CHANGES)
            # Not before: whoever loses the board learns nothing of what happens from then on.
            await access.read(BOARDS, board_id)
            if events or client.has_ended or loop.time() >= ends:
                cursor = known._replace(positions=(events[-1].id,)) if events else known
                return _changes(cursor, [event.json for event in events])
            with deadline_paused(), suppress(TimeoutError):
                async with asyncio.timeout_at(ends):
                    await client.has_news.wait()


async def stream_events(
    request: Request,
    access: CurrentAccess,
    board: Annotated[
        list[UUID],
        Query(default_factory=list, max_length=MAX_BOARDS, description="The boards to watch."),
    ],
    last_event_id: Annotated[
        str,
        Header(default_factory=omitted, pattern=CURSORS, description="An `id`, to go on from."),
    ],
    from_id: Annotated[
        str,
        Query(
            default_factory=omitted,
            alias="last_event_id",
            pattern=CURSORS,
            description="The header's value, if it can't be sent.",
        ),
    ],
) -> Any:
    """Send what happens on boards, and your notifications, as server-sent events.

    `change`: an event. `resync`: load `board_id` anew. `gone`: you can't
    see `board_id` any more. `notification`: one of yours. `unread`: the number of your unread ones.
    """
    hub: Hub = request.app.state.hub
    given = last_event_id or from_id
    known = Cursor.parse(given) if given else None
    stream = await Stream.opened(hub, access.credentials, sorted({*board}), known)
    if request.scope.get("asked") == "HEAD":
        stream.end()
    return EventStream(stream)


async def get_presence(board_id: UUID, access: CurrentAccess) -> Any:
    """Return those whom you can see and who have a stream of a board now."""
    await access.read(BOARDS, board_id)
    found = await Tortoise.get_connection("default").execute_query_dict(PRESENT, [str(board_id)])
    ids = [row["id"] for row in found]
    return schemas.Presence(
        users=await access.visible(users).filter(id__in=ids).order_by("username_key")
    )


@contextmanager
def _watching(request: Request, client: Client) -> Iterator[None]:
    """Tell a client in here what happens, and when it has gone. Raises StreamsOpen."""
    gone = asyncio.create_task(_until_gone(request.receive))
    gone.add_done_callback(lambda _: client.end())
    try:
        with request.app.state.hub.watching(client):
            yield
    finally:
        gone.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _changes(cursor: Cursor, events: Sequence[bytes] = (), *, resync: bool = False) -> Response:
    """Return the response, in which events are as the database wrote them."""
    body = b'{"changes":[%b],"cursor":"%b","resync":%b}' % (
        b",".join(events), str(cursor).encode(), b"true" if resync else b"false",
    )  # fmt: skip
    return Response(body, media_type="application/json")
