"""SQL that the ORM has no words for in its queries, and the SQL of its queries."""

import re
from collections.abc import Mapping
from typing import Any

from pypika_tortoise.context import SqlContext
from pypika_tortoise.terms import Criterion, Term, ValueWrapper
from tortoise.expressions import Q, ResolveContext
from tortoise.query_utils import QueryModifier
from tortoise.queryset import QuerySet

# As pydantic writes a time; asyncpg stores the first and the last that there is as infinite.
TIME = """CASE {0} WHEN '-infinity' THEN '0001-01-01T00:00:00Z'
    WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z'
    ELSE replace(to_char({0}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z') END"""


class Sql(Criterion):
    """A piece of SQL that the ORM has no words for; each `{}` in it stands for a value."""

    def __init__(self, text: str, *values: object) -> None:
        super().__init__()
        self.text = text
        self.values = [v if isinstance(v, Term) else ValueWrapper(v) for v in values]

    def get_sql(self, ctx: SqlContext) -> str:
        inner = ctx.copy(with_alias=False)
        sql = self.text.format(*(value.get_sql(inner) for value in self.values))
        return f'{sql} "{self.alias}"' if ctx.with_alias and self.alias else sql


class Condition(Q):
    """A condition on rows, in SQL."""

    __slots__ = ("sql",)

    def __init__(self, sql: Sql) -> None:
        super().__init__()
        self.sql = sql

    def resolve(self, resolve_context: ResolveContext) -> QueryModifier:
        return QueryModifier(where_criterion=self.sql)


def sql_of(rows: QuerySet[Any], parameters: Mapping[str, str]) -> str:
    """Return the SQL of a query, with its values in it.

    A value whose text is in `parameters` stands for a parameter, such as `$1`. All others come from
    the registry.
    """
    rows.sql()
    text, values = rows.query.get_parameterized_sql()
    literals = [
        parameters.get(str(each)) or (f"'{each}'" if isinstance(each, str) else f"{each}".lower())
        for each in values
    ]
    return re.sub(r"\$(\d+)", lambda found: literals[int(found[1]) - 1], text)
