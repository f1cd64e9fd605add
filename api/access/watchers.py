"""Ask whether those who watch boards may still see them, for many at once."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from tortoise import Tortoise

from api.access.gate import BOARDS
from api.auth.credentials import Credentials

# What stands for the parameters of `Scope.found_by_id`.
PARAMETERS = {
    "$1": "watcher.user_id",
    "$2": "watcher.row_id",
    "$3": "$5::timestamptz",
    "$4": "watcher.board_id",
    "$5": "watcher.turn",
}


class Watcher(NamedTuple):
    """A caller and a board that they watch; None if they wait for what is their own only."""

    caller: Credentials
    board_id: UUID | None


async def who_may_watch(watchers: Iterable[Watcher]) -> dict[Watcher, bool | None]:
    """Tell for each whether they can see their board; None for who has been signed out.

    That is also an admin who is none any more: they may come again as who they are.
    """
    answers: dict[Watcher, bool | None] = dict.fromkeys(watchers)
    connection, now = Tortoise.get_connection("default"), datetime.now(UTC)
    for kind, is_admin in {(each.caller.kind, each.caller.is_admin) for each in answers}:
        its = [w for w in answers if (w.caller.kind, w.caller.is_admin) == (kind, is_admin)]
        values = [
            [watcher.caller.user_id for watcher in its],
            [watcher.caller.row_id for watcher in its],
            [watcher.board_id for watcher in its],
            [*range(len(its))],
        ]
        one = BOARDS.found_by_id(kind, None, is_admin=is_admin)
        _, rows = await connection.execute_query(_for_many(one), [*values, now])
        for row in rows:
            if row["acts_as_admin"] or not is_admin:
                answers[its[row["turn"]]] = row["sees"]
    return answers


@lru_cache
def _for_many(statement: str) -> str:
    """Return a statement that finds for each watcher what that one finds for a caller."""
    one = re.sub(r"\$\d", lambda found: PARAMETERS[found[0]], statement)
    return f"""
        SELECT found.turn, found.acts_as_admin, found.id IS NOT NULL AS sees
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[])
            AS watcher (user_id, row_id, board_id, turn)
        CROSS JOIN LATERAL ({one}) AS found
    """  # noqa: S608  # our own statement
