"""The order of siblings: the place of a row among the rows of the same parent, and how it moves.

Ranks are made under the board's lock, and among all rows of the parent, so that those in the trash
keep their places, too.
"""

from typing import Any, NamedTuple
from uuid import UUID

from tortoise import Tortoise
from tortoise.queryset import QuerySet

from api.access.scope import Scope
from api.problems import Misplaced
from models.ranks import AT_END, ranks_at_end, ranks_between

# A rank that would be longer, after some 200 moves into the same gap, is made anew together with
# those of so many neighbours on either side.
MAX_LENGTH = 64
NEIGHBOURS = 32


def position_of(scope: Scope, row: str, *, is_written: bool = False) -> str:
    """The position of a row, in SQL: how many of its siblings stand before it.

    A row that the same statement writes isn't counted, since others see it where it was before.
    """
    table, parent = scope.model._meta.db_table, scope.parent_id
    kept = "AND other.deleted_at IS NULL" if scope.has_trash else ""
    before = f"""
        SELECT count(*) FROM "{table}" AS other
        WHERE other.{parent} = {row}.{parent} AND other.rank < {row}.rank {kept}
    """  # noqa: S608  # the registry's names
    # Taken off, since to leave it out PostgreSQL would have to look at all rows, not at an index.
    itself = f" - ({before} AND other.id = {row}.id)" if is_written else ""
    return f"(({before}){itself})"


def with_positions(scope: Scope) -> str:
    """Return a JOIN of `rows` with their positions, as `placed.position`, in SQL.

    The siblings of all rows with the same parent are counted once.
    """
    table, parent = scope.model._meta.db_table, scope.parent_id
    kept = "FILTER (WHERE deleted_at IS NULL)" if scope.has_trash else ""
    return f"""
        JOIN (
            SELECT {parent} AS parent, rank, count(*) {kept} OVER (
                PARTITION BY {parent} ORDER BY rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS position
            FROM "{table}" WHERE {parent} IN (SELECT {parent} FROM rows)
        ) AS placed ON placed.parent = rows.{parent} AND placed.rank = rows.rank
    """  # noqa: S608  # the registry's names


# What stands in `Gap` for the beginning and the end: all ranks sort between them.
BEGINNING, END = "", "g"


class Gap(NamedTuple):
    """The place between two neighbours of a parent, in which a row gets its rank."""

    parent: UUID
    low: str
    high: str

    @property
    def rank(self) -> str | None:
        """The rank in the middle; None if it would be so long that ranks must be made anew."""
        if self.high == END:
            [rank] = ranks_at_end(self.low or None)
        else:
            [rank] = ranks_between(self.low or None, self.high)
        return rank if len(rank) <= MAX_LENGTH else None


def gap_query(scope: Scope, way: str) -> str:
    """A query for the gap that a move is to: by `position`, `before`, `after`, or to the `end`.

    Its parameters: the caller, the row, the parent that it moves to or NULL, the position or the
    neighbour if there is one, and its turn. It finds whether the row moves at all, and the gap, or
    nothing if there is no such neighbour.
    """
    table, parent = scope.model._meta.db_table, scope.parent_id
    kept = "AND deleted_at IS NULL" if scope.has_trash else ""
    # By subqueries, not a JOIN, so that they are read in the order of their index.
    siblings = f'FROM "{table}" WHERE {parent} = (SELECT parent FROM own)'  # noqa: S608
    others = f"{siblings} AND id <> (SELECT id FROM own)"  # noqa: S608
    last, first = f"(SELECT max(rank) {others})", f"(SELECT min(rank) {others})"
    following = f"(SELECT min(rank) {others} AND rank > anchor.rank)"
    preceding = f"(SELECT max(rank) {others} AND rank < anchor.rank)"
    # The rank beside which the row is to go, and from that the ranks that it goes between.
    anchor = f"SELECT rank {siblings} {kept} AND id = $4"
    low, high = "anchor.rank", following
    if way == "position":
        # Counted among all, the row itself, too, so that only the index is read.
        earlier = f"(SELECT count(*) {siblings} {kept} AND rank < own.place)"
        anchor = f"""SELECT (
            SELECT rank {siblings} {kept} AND $4::int > 0 ORDER BY rank LIMIT 1
            OFFSET (SELECT greatest($4 - (own.is_new OR {earlier} >= $4)::int, 0) FROM own)
        ) AS rank"""  # noqa: S608
        beyond = "anchor.rank IS NULL AND $4::int > 0"
        low = f"CASE WHEN {beyond} THEN {last} ELSE anchor.rank END"
        high = f"CASE WHEN $4::int = 0 THEN {first} ELSE {following} END"
    elif way == "before":
        low, high = preceding, "anchor.rank"
    elif way == "end":
        anchor, low, high = "SELECT NULL::text AS rank", last, "NULL"
    return f"""
        WITH own AS (
            SELECT id, rank AS place, coalesce($3::uuid, {parent}) AS parent,
                coalesce($3::uuid <> {parent}, false) AS is_new
            FROM "{table}" WHERE id = $2 AND $1::uuid IS NOT NULL
        ), anchor AS MATERIALIZED ({anchor})
        SELECT ${4 if way == "end" else 5}::int,
            {"own.is_new" if way == "end" else "true"}, own.parent,
            coalesce({low}, '{BEGINNING}'), coalesce({high}, '{END}')
        FROM own, anchor
    """  # noqa: S608


def is_still(gap_low: str, gap_high: str, scope: Scope, row: str, parent: str) -> str:
    """Return in SQL whether the neighbours of a gap are there, and nothing is between."""
    siblings = f'SELECT FROM "{scope.model._meta.db_table}" AS other WHERE other.{scope.parent_id}'
    return f"""
        NOT EXISTS (
            {siblings} = {parent} AND other.id <> {row}.id
            AND other.rank > {gap_low} AND other.rank < {gap_high}
        )
        AND ({gap_low} = '{BEGINNING}' OR EXISTS ({siblings} = {parent} AND other.rank = {gap_low}))
        AND ({gap_high} = '{END}' OR EXISTS ({siblings} = {parent} AND other.rank = {gap_high}))
    """


def rank_at_end(scope: Scope, parent: str, now: str) -> str:
    """The rank of a row that is added to a parent, in SQL."""
    table, parent_id = scope.model._meta.db_table, scope.parent_id
    last = f'SELECT max(rank) FROM "{table}" WHERE {parent_id} = {parent}'  # noqa: S608
    return AT_END.format(now=now, last=last)


class Siblings:
    """The rows of a parent, among which a row gets its place: a new one, or the one with `row_id`.

    `beside` are those that can be seen, `others` all but the row itself.
    """

    def __init__(self, scope: Scope, parent: UUID, row_id: UUID | None = None) -> None:
        self._model = scope.model
        rows = scope.model.filter(**{scope.parent_id: parent})
        self._all = rows.order_by("rank")
        self._shown = self._all.filter(deleted_at__isnull=True) if scope.has_trash else self._all
        self._row_id = row_id

    async def ranks_at_end(self, count: int = 1) -> list[str]:
        """Return the ranks of so many rows after all others."""
        return ranks_at_end(await _first(self._others(self._all).order_by("-rank")), count)

    async def rank_at(self, position: int) -> str:
        """Return the rank of a position; one beyond the end means the end."""
        low = None
        if position:
            low = await _first(self._others(self._shown).offset(position - 1))
            if low is None:
                [rank] = await self.ranks_at_end()
                return rank
        return await self._rank_after(low)

    async def rank_beside(self, before: UUID | None = None, after: UUID | None = None) -> str:
        """Return the rank right before or after a sibling. Raises Misplaced if there is none."""
        rank = await _first(self._shown.filter(id=before or after))
        if rank is None:
            raise Misplaced(field="after" if after else "before")
        if after:
            return await self._rank_after(rank)
        low = await _first(self._others(self._all).filter(rank__lt=rank).order_by("-rank"))
        return await self._rank_between(low, rank)

    async def _rank_after(self, low: str | None) -> str:
        rows = self._others(self._all)
        high = await _first(rows if low is None else rows.filter(rank__gt=low))
        return await self._rank_between(low, high)

    async def _rank_between(self, low: str | None, high: str | None) -> str:
        [rank] = ranks_at_end(low) if high is None else ranks_between(low, high)
        return rank if len(rank) <= MAX_LENGTH else await self._shorten(low, high)

    async def _shorten(self, low: str | None, high: str | None) -> str:
        """Make the ranks around a gap anew, and return one in the gap."""
        rows = self._others(self._all)
        most = NEIGHBOURS + 1
        below = await rows.filter(rank__lte=low or "").order_by("-rank").limit(most)
        above = await rows.filter(rank__gte=high).limit(most) if high else []
        start = below.pop().rank if len(below) == most else None
        end = above.pop().rank if len(above) == most else None
        moved = [*reversed(below), *above]
        count = len(moved) + 1
        ranks = ranks_at_end(start, count) if end is None else ranks_between(start, end, count)
        rank = ranks.pop(len(below))
        connection = Tortoise.get_connection("default")
        # One of the new ranks may be that which the row that moves still has.
        await connection.execute_query("SET CONSTRAINTS ALL DEFERRED")
        await connection.execute_query(
            f"""
            UPDATE "{self._model._meta.db_table}" AS rows SET rank = made.rank
            FROM unnest($1::uuid[], $2::text[]) AS made (id, rank) WHERE rows.id = made.id
            """,  # noqa: S608
            [[row.id for row in moved], ranks],
        )
        return rank

    def _others(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.exclude(id=self._row_id) if self._row_id else rows


async def _first(rows: QuerySet[Any]) -> str | None:
    """Return the first rank."""
    rank: Any = await rows.first().values_list("rank", flat=True)
    return rank
