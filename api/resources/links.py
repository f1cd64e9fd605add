"""Links from rows to others of their board, such as a task's labels, which bodies name by ids."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from tortoise import Tortoise

from api.problems import invalid


class Link(NamedTuple):
    """The table that holds links of one kind, and the table of what can be linked.

    Each method takes the ids of rows, what is linked to them, and the board of both, which is
    locked.
    """

    table: str
    owner: str  # the column with the row that has the link
    column: str  # the column with the id of what it is linked to
    source: str  # the table of that, or a query, with a `board_id`
    key: str  # the column of `source` that bodies name
    noun: str  # what errors call one of them

    async def require(self, field: str, ids: Sequence[UUID], board: UUID) -> None:
        """Raise Unprocessable for the first of the ids that names nothing on the board."""
        found = await _column(
            f"SELECT {self.key} FROM {self.source} WHERE board_id = $1 AND {self.key} = ANY ($2)",  # noqa: S608  # our names
            board,
            ids,
        )
        for each in ids:
            if each not in found:
                raise invalid(f"The board has no {self.noun} {each}.", "not_on_board", field=field)

    async def add(self, rows: Sequence[UUID], ids: Sequence[UUID], board: UUID) -> set[UUID]:
        """Link all rows to all that the ids name, and return the rows that weren't yet."""
        return await _column(f"WITH chosen AS ({self._chosen}) {self._insert}", rows, ids, board)

    async def remove(self, rows: Sequence[UUID], ids: Sequence[UUID], board: UUID) -> set[UUID]:
        """End the links to what the ids name, and return the rows that had any."""
        statement = f"WITH chosen AS ({self._chosen}) {self._delete('IN')}"
        return await _column(statement, rows, ids, board)

    async def replace(self, rows: Sequence[UUID], ids: Sequence[UUID], board: UUID) -> set[UUID]:
        """Link rows to what the ids name and to nothing else; return the rows that changed."""
        return await _column(
            f"""
            WITH chosen AS ({self._chosen}), removed AS ({self._delete("NOT IN")}),
                added AS ({self._insert})
            SELECT {self.owner} FROM removed UNION SELECT {self.owner} FROM added
            """,  # noqa: S608  # our names
            rows,
            ids,
            board,
        )

    async def end(
        self, rows: Sequence[UUID], board: UUID, same: str
    ) -> tuple[list[UUID], list[tuple[UUID, UUID]]]:
        """End the links of rows that are about to go to a board.

        `same` says in SQL what is the same `here` and `there`. Return what has no such thing there,
        and each row with what it is to be linked to there.
        """
        _, ended = await Tortoise.get_connection("default").execute_query(
            f"""
            WITH old AS (
                SELECT links.id, {self.owner} AS owner, here.{self.key} AS key, (
                    SELECT there.{self.key} FROM {self.source} AS there
                    WHERE there.board_id = $2 AND {same} ORDER BY there.id LIMIT 1
                ) AS successor
                FROM {self.table} AS links JOIN {self.source} AS here ON here.id = {self.column}
                WHERE {self.owner} = ANY ($1) AND here.board_id <> $2
            ), ended AS (
                DELETE FROM {self.table} WHERE id IN (SELECT id FROM old)
            )
            SELECT owner, key, successor FROM old ORDER BY id
            """,  # noqa: S608  # our names
            [rows, board],
        )
        lost = dict.fromkeys(each["key"] for each in ended if each["successor"] is None)
        kept = [(each["owner"], each["successor"]) for each in ended if each["successor"]]
        return [*lost], kept

    async def restore(self, kept: Sequence[tuple[UUID, UUID]], board: UUID) -> None:
        """Link each row, now on the board, to what it is to be linked to there."""
        await _column(
            f"""
            INSERT INTO {self.table} ({self.owner}, {self.column})
            SELECT owner, there.id
            FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS kept (owner, key, place)
            JOIN {self.source} AS there ON there.board_id = $3 AND there.{self.key} = kept.key
            ORDER BY place ON CONFLICT DO NOTHING RETURNING {self.owner}
            """,  # noqa: S608  # our names
            [owner for owner, _ in kept],
            [key for _, key in kept],
            board,
        )

    @property
    def _chosen(self) -> str:
        return f"""
            SELECT id, array_position($2::uuid[], {self.key}) AS place FROM {self.source}
            WHERE board_id = $3 AND {self.key} = ANY ($2)
        """  # noqa: S608  # our names

    @property
    def _insert(self) -> str:
        return f"""
            INSERT INTO {self.table} ({self.owner}, {self.column})
            SELECT owner, chosen.id FROM unnest($1::uuid[]) AS owner, chosen ORDER BY place
            ON CONFLICT DO NOTHING RETURNING {self.owner}
        """  # noqa: S608  # our names

    def _delete(self, operator: str) -> str:
        return f"""
            DELETE FROM {self.table}
            WHERE {self.owner} = ANY ($1) AND {self.column} {operator} (SELECT id FROM chosen)
            RETURNING {self.owner}
        """  # noqa: S608  # our names


async def _column(statement: str, *values: Any) -> set[UUID]:
    """Return the first column of a statement."""
    _, rows = await Tortoise.get_connection("default").execute_query(statement, [*values])
    return {row[0] for row in rows}
