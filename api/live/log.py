"""The log of events, as those read it who go on from what they know."""

from collections.abc import Iterable
from typing import Any, NamedTuple, Self
from uuid import UUID

from tortoise import Tortoise

from api.db.expressions import TIME

CURSOR = r"^[0-9a-f]{8}\.\d{1,18}$"
CURSORS = r"^[0-9a-f]{8}(\.\d{1,18})*(~\d{1,18})?$"
MAX_BYTES = 1_000_000  # that are read at once

EVENT = f"""
    json_build_object(
        'id', events.id, 'kind', kind, 'record', record, 'record_id', record_id,
        'board_id', board_id, 'task_id', task_id, 'actor_id', actor_id,
        'before', before, 'after', after, 'request_id', request_id,
        'created_at', {TIME.format("created_at")}
    )::text
"""
# What came after `forgotten` is still there, of every board.
STATE = """
    SELECT left(epoch::text, 8) AS epoch,
        coalesce((SELECT min(id) FROM events), 1) - 1 AS forgotten
    FROM event_log
"""
HEAD = "greatest(forgotten, (SELECT max(events.id) FROM events WHERE board_id = {0}))"
HEADS = f"""
    SELECT board.id AS board_id, epoch, forgotten, {HEAD.format("board.id")} AS head
    FROM ({STATE}) AS log LEFT JOIN unnest($1::uuid[]) AS board (id) ON true
"""  # noqa: S608  # our own
# One event after the other, so that none is written that isn't sent: they may be long.
AFTER = f"""
    WITH RECURSIVE page AS (
        SELECT 0 AS number, 0 AS size, $2::bigint AS id, NULL AS text
        UNION ALL
        SELECT number + 1, size + octet_length(found.text), found.id, found.text
        FROM page CROSS JOIN LATERAL (
            SELECT events.id, {EVENT} AS text FROM events
            WHERE board_id = $1 AND events.id > page.id ORDER BY events.id LIMIT 1
        ) AS found
        WHERE number < $3 AND size <= $4
    )
    SELECT epoch, forgotten, {HEAD.format("$1")} AS head, page.id, page.text
    FROM ({STATE}) AS log LEFT JOIN page ON page.number > 0
    ORDER BY page.number
"""  # noqa: S608  # our own


class Event(NamedTuple):
    """An event: its id, and its JSON."""

    id: int
    json: bytes


class Cursor(NamedTuple):
    """The last events that a client knows, of one board or several in the order of their ids, and
    up to where it knows all of its notifications.

    Of one board, ids are in the order of commits, since its lock is taken before an id is drawn. A
    restore begins another epoch, in which they are other events.
    """

    epoch: str
    positions: tuple[int, ...]
    notified: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a cursor that a client sends back."""
        text, _, notified = text.partition("~")
        epoch, *positions = text.split(".")
        return cls(epoch, tuple(map(int, positions)), int(notified) if notified else None)

    def __str__(self) -> str:
        notified = "" if self.notified is None else f"~{self.notified}"
        return ".".join(map(str, (self.epoch, *self.positions))) + notified


class Log(NamedTuple):
    """The reach of a board's log: the last forgotten event, and the newest."""

    epoch: str
    forgotten: int
    head: int

    def goes_on_from(self, epoch: str, position: int) -> bool:
        """Tell whether all is there that came after an event.

        A client may also know events that were lost, with a server that another one replaced.
        """
        return epoch == self.epoch and self.forgotten <= position <= self.head


async def read_logs(boards: Iterable[UUID]) -> dict[UUID | None, Log]:
    """Return how far the log of each board reaches; without boards, that of none."""
    _, rows = await Tortoise.get_connection("default").execute_query(HEADS, [[*boards]])
    return logs_in(rows)


def logs_in(rows: Iterable[Any]) -> dict[UUID | None, Log]:
    """Return what the rows of HEADS say."""
    return {row["board_id"]: _log(row) for row in rows}


async def read_after(
    board_id: UUID, position: int, most: int, most_bytes: int = MAX_BYTES
) -> tuple[Log, list[Event]]:
    """Return the first events of a board after a position, until one of them passes so many bytes.

    There are more if the last one isn't the log's head.
    """
    _, rows = await Tortoise.get_connection("default").execute_query(
        AFTER, [board_id, position, most, most_bytes]
    )
    return _log(rows[0]), [Event(row["id"], row["text"].encode()) for row in rows if row["id"]]


def _log(row: Any) -> Log:
    return Log(row["epoch"], row["forgotten"], row["head"])
