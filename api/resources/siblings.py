"""The order of siblings: the place of a row among the rows of the same parent, and how it moves.

Ranks are made under the board's lock, and among all rows of the parent, so that those in the trash
and the archived ones keep their places, too.
"""

from typing import Any
from uuid import UUID

from tortoise import Tortoise

from api.access.scope import Scope
from models.ranks import AT_END, ranks_at_end, ranks_between

# A rank that would be longer, after some 200 moves into the same gap, is made anew together with
# those of so many neighbours on either side.
MAX_LENGTH = 64
NEIGHBOURS = 32


def position_of(scope: Scope, row: str, *, is_written: bool = False) -> str:
    """Return the position of a row, in SQL: how many of its siblings stand before it.

    A row that the same statement writes isn't counted, since others see it where it was before.
    """
    table, parent = scope.model._meta.db_table, scope.parent_id
    before = f"""
        SELECT count(*) FROM "{table}" AS other
        WHERE other.{parent} = {row}.{parent} AND other.rank < {row}.rank
            AND {scope.is_shown("other")}
    """  # noqa: S608  # the registry's names
    # Subtracted: to leave the row out, PostgreSQL would have to read all rows, not only an index.
    itself = f" - ({before} AND other.id = {row}.id)" if is_written else ""
    return f"(({before}){itself})"


def with_positions(scope: Scope) -> str:
    """Return a JOIN of `rows` with their positions, as `placed.position`, in SQL.

    The siblings of all rows with the same parent are counted once.
    """
    table, parent = scope.model._meta.db_table, scope.parent_id
    return f"""
        JOIN (
            SELECT {parent} AS parent, rank,
                count(*) FILTER (WHERE {scope.is_shown("other")}) OVER (
                    PARTITION BY {parent} ORDER BY rank
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ) AS position
            FROM "{table}" AS other WHERE {parent} IN (SELECT {parent} FROM rows)
        ) AS placed ON placed.parent = rows.{parent} AND placed.rank = rows.rank
    """  # noqa: S608  # the registry's names


# What stands for the beginning and the end of a gap: all ranks sort between them.
BEGINNING, END = "", "g"


def gap_query(scope: Scope, way: str, *, is_new: bool) -> str:
    """Return a query for the ranks around a new place: `position`, `before`, `after` or `end`.

    `moves` is false if the row is there already: no sibling that is shown stands between.
    Its parameters: the row, or the id that a new one gets; the parent that it goes to, or NULL for
    the one that it has; and the position or the neighbour, if there is one. It finds nothing if
    there is no such neighbour.
    """
    table, parent = scope.table, scope.parent_id
    shown = scope.is_shown(table)
    # By subqueries, not a JOIN, so that they are read in the order of their index.
    siblings = f"FROM {table} WHERE {parent} = (SELECT parent FROM own)"  # noqa: S608
    others = f"{siblings} AND id <> $1"
    last, first = f"(SELECT max(rank) {others})", f"(SELECT min(rank) {others})"
    following = f"(SELECT min(rank) {others} AND rank > anchor.rank)"
    preceding = f"(SELECT max(rank) {others} AND rank < anchor.rank)"
    # The rank beside which the row is to go, and from that the ranks that it goes between.
    anchor = f"SELECT rank {siblings} AND {shown} AND id = $3"
    low, high = "anchor.rank", following
    if way == "position":
        # Counted among all, the row itself, too, so that only the index is read.
        earlier = f"(SELECT count(*) {siblings} AND {shown} AND rank < own.place)"
        anchor = f"""SELECT (
            SELECT rank {siblings} AND {shown} AND $3::int > 0 ORDER BY rank LIMIT 1
            OFFSET (SELECT greatest($3 - (own.is_added OR {earlier} >= $3)::int, 0) FROM own)
        ) AS rank"""  # noqa: S608
        beyond = "anchor.rank IS NULL AND $3::int > 0"
        low = f"CASE WHEN {beyond} THEN {last} ELSE anchor.rank END"
        high = f"CASE WHEN $3::int = 0 THEN {first} ELSE {following} END"
    elif way == "before":
        low, high = preceding, "anchor.rank"
    elif way == "end":
        anchor, low, high = "SELECT NULL::text AS rank", last, "NULL"
    own = f"""
        SELECT rank AS place, coalesce($2::uuid, {parent}) AS parent,
            coalesce($2::uuid <> {parent}, false) AS is_new,
            coalesce($2::uuid <> {parent}, false) OR NOT ({shown}) AS is_added
        FROM {table} WHERE id = $1
    """  # noqa: S608  # the registry's names
    if is_new:
        own = "SELECT ''::text AS place, $2::uuid AS parent, true AS is_new, true AS is_added"
    return f"""
        WITH own AS ({own}), anchor AS MATERIALIZED ({anchor}), gap AS MATERIALIZED (
            SELECT coalesce({low}, '{BEGINNING}') AS low, coalesce({high}, '{END}') AS high
            FROM own, anchor
        )
        SELECT low, high, is_new OR EXISTS (
            SELECT {others} AND {shown} AND rank BETWEEN least(place, high) AND greatest(place, low)
        ) AS moves
        FROM gap, own
    """  # noqa: S608  # the registry's names


def rank_at_end(scope: Scope, parent: str, now: str) -> str:
    """Return the rank of a row that is added to a parent, in SQL."""
    table, parent_id = scope.model._meta.db_table, scope.parent_id
    last = f'SELECT max(rank) FROM "{table}" WHERE {parent_id} = {parent}'  # noqa: S608
    return AT_END.format(now=now, last=last)


async def rank_between(scope: Scope, parent: UUID, row_id: UUID, low: str, high: str) -> str:
    """Return a rank in a gap among a parent's rows, for the row with that id."""
    [rank] = ranks_at_end(low or None) if high == END else ranks_between(low or None, high)
    if len(rank) <= MAX_LENGTH:
        return rank
    return await _make_room(scope, parent, row_id, low, high)


async def ranks_after_all(scope: Scope, parent: UUID, count: int) -> list[str]:
    """Return the ranks of so many rows after all others of a parent."""
    rows = scope.model.filter(**{scope.parent_id: parent}).order_by("-rank")
    last: Any = await rows.first().values_list("rank", flat=True)
    return ranks_at_end(last, count)


async def _make_room(scope: Scope, parent: UUID, row_id: UUID, low: str, high: str) -> str:
    """Make the ranks around a gap anew, and return one in the gap."""
    rows = scope.model.filter(**{scope.parent_id: parent}).exclude(id=row_id)
    most = NEIGHBOURS + 1
    below: list[Any] = await rows.filter(rank__lte=low).order_by("-rank").limit(most)
    above: list[Any] = await rows.filter(rank__gte=high).order_by("rank").limit(most)
    start = below.pop().rank if len(below) == most else None
    end = above.pop().rank if len(above) == most else None
    moved = [*reversed(below), *above]
    count = len(moved) + 1
    ranks = ranks_at_end(start, count) if end is None else ranks_between(start, end, count)
    rank = ranks.pop(len(below))
    connection = Tortoise.get_connection("default")
    # One of the new ranks may be that which the row that moves still has. None of these moves.
    await connection.execute_script(
        "SET CONSTRAINTS ALL DEFERRED; SET LOCAL corkboard.renumbers = 'on'"
    )
    await connection.execute_query(
        f"""
        UPDATE {scope.table} AS rows SET rank = made.rank
        FROM unnest($1::uuid[], $2::text[]) AS made (id, rank) WHERE rows.id = made.id
        """,  # noqa: S608  # the registry's names
        [[row.id for row in moved], ranks],
    )
    await connection.execute_script("SET LOCAL corkboard.renumbers = 'off'")
    return rank
