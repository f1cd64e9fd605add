"""Finding records by what a user types: by words, the best match first, or by a part of a name.

The words of a table are in its column `words`, which PostgreSQL keeps itself (see the migration
"text_forms"); the ORM doesn't know it. Its functions `folded` and `spaced` give what is typed the
form in which words and names are stored.
"""

import asyncio
import re
from string import punctuation
from typing import Annotated, Any, ClassVar
from unicodedata import normalize

from fastapi import Query
from tortoise import Tortoise
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from api.db.expressions import Condition, Sql
from models.fields import TITLE
from models.schemas import omitted

MAX_SEARCH_LENGTH = 200  # characters to look for
TEXT_RULES: dict[str, Any] = {
    "min_length": 1,
    "max_length": MAX_SEARCH_LENGTH,
    "pattern": TITLE["pattern"],
}
MOST_MATCHES = 1_000  # of which the best come first; a word may be in every tenth of all tasks
MOST_SCANNED = 10_000  # names
# With as many matches of the words as typed, words that only begin so aren't looked for.
MIN_EXACT_MATCHES = 50
LANGUAGES = ("simple", "russian")  # the words, and their stems; Latin ones are English
# The indexes replace these with blanks, too: PostgreSQL would see addresses and tags in them.
PUNCTUATION_TO_SPACE = dict.fromkeys(map(ord, punctuation), " ")
PART = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


class Search:
    """A way to find rows of a table.

    `order` is that of what it finds, `column_types` the types of what it adds to the rows for that.
    """

    order: ClassVar[tuple[str, ...]]
    column_types: ClassVar[dict[str, type]]

    def __init__(self, *columns: str) -> None:
        self.columns = columns

    @property
    def parameter(self) -> Any:
        """The type of the parameter `q`."""
        return Annotated[str, Query(default_factory=omitted, description=self.text, **TEXT_RULES)]

    @property
    def text(self) -> str:
        """The description in Swagger."""
        raise NotImplementedError

    def texts(self, search_text: str) -> tuple[str | None, ...]:
        """Return the texts that are parameters of the query; None for what it needn't have."""
        raise NotImplementedError

    def of(self, rows: QuerySet[Any], *texts: Any) -> QuerySet[Any]:
        """Return those of the rows that it finds by these texts, with what puts them in order."""
        raise NotImplementedError


class FullTextSearch(Search):
    """By the words of some columns."""

    order = ("-relevance", "id")
    column_types: ClassVar = {"relevance": float}

    @property
    def text(self) -> str:
        where = " and ".join(f"`{column}`" for column in self.columns)
        return f"Words to find in {where}, exact ones first."

    def texts(self, search_text: str) -> tuple[str | None, ...]:
        terms, *begun = terms_of(normalize("NFKC", search_text))
        return terms, *begun, None if terms.isascii() else terms

    def of(self, rows: QuerySet[Any], *texts: Any) -> QuerySet[Any]:
        table = rows.model._meta.db_table
        words = f'"{table}"."words"'
        terms, *beginning, accented = texts
        whole, begun = in_all_languages(terms), beginning_of(*beginning)
        if accented:
            whole = Sql("({} || {})", whole, in_all_languages(accented, with_accents=True))
        # Without an order PostgreSQL stops at the first of them. Which those are stays the same
        # from page to page, because nothing that differs between pages stands in here. As an array
        # they are fetched by their ids, whatever order is asked for.
        found, query = Sql("ARRAY({})", _ids(rows, MOST_MATCHES, f"{words} @@ {{}}", whole)), whole
        if begun:
            query = Sql("({} || {})", whole, begun)
            others = f"{words} @@ {{}} AND NOT {words} @@ {{}}"
            more = _ids(rows, MOST_MATCHES - MIN_EXACT_MATCHES, others, begun, whole)
            # To look for beginnings takes longest; OFFSET has the others looked for once only.
            found = Sql(
                "(SELECT CASE WHEN cardinality(ids) < {} THEN ids || ARRAY({}) ELSE ids END "
                "FROM (SELECT {} AS ids OFFSET 0) AS whole)::uuid[]",
                MIN_EXACT_MATCHES,
                more,
                found,
            )
        chosen = Condition(Sql(f'"{table}"."id" = ANY ({{}})', found))
        return rows.model.filter(chosen).annotate(
            relevance=Sql(f"ts_rank({words}, {{}})::float8", query)
        )


def _ids(rows: QuerySet[Any], most: int, condition: str, *queries: Sql) -> Subquery:
    return Subquery(rows.filter(Condition(Sql(condition, *queries))).limit(most).values("id"))


def terms_of(search_text: str) -> tuple[str, str | None, str | None]:
    """Return what a user typed as terms, and if the last word may be unfinished, those before it
    and its beginning.

    Whatever they type is a query: what is left of it here is words, `or`, quotes and `-`.
    """
    terms: list[str] = []
    last = ""
    for sign, quoted, plain in PART.findall(search_text):
        words = (quoted or plain).translate(PUNCTUATION_TO_SPACE).split()
        if words:
            text = " ".join(words)
            is_or = plain and not sign and text.lower() == "or"
            # In quotes, the letters that `spaced` parts stay together.
            terms.append(text if is_or else f'{sign}"{text}"')
            last = text if not sign and plain else ""
    whole = " ".join(terms)
    if not last:
        return whole, None, None
    # With a blank, since nothing else may be left of it.
    return whole, " ".join(terms[:-1]) or None, f"' {last}':*"


def beginning_of(head: str | None, begun: str | None) -> Sql | None:
    """Return the `tsquery` of terms whose last word is unfinished, if there is one."""
    if begun is None:
        return None
    beginning = Sql("to_tsquery('simple', spaced(folded({}, false)))", begun)
    if head is not None:
        beginning = Sql("({} && {})", in_all_languages(head), beginning)
    return beginning


def in_all_languages(terms: str, *, with_accents: bool = False) -> Sql:
    """Return the `tsquery` of terms."""
    typed = f"spaced(folded({{}}, {with_accents}))"
    both = " || ".join(f"websearch_to_tsquery('{language}', {typed})" for language in LANGUAGES)
    return Sql(f"({both})", *[terms] * len(LANGUAGES))


class NameSearch(Search):
    """By a part of a name, in any case and without accents.

    The names that begin with it come first, and of these the ones with the same accents.
    """

    order = ("inner", "key", "id")
    column_types: ClassVar = {"inner": int, "key": str}

    @property
    def text(self) -> str:
        return (
            f"A part of `{self.columns[0]}`; one letter: its beginning. Those that begin with it "
            f"come first, then those among the oldest {MOST_SCANNED:,}."
        )

    def texts(self, search_text: str) -> tuple[str | None, ...]:
        search_text = normalize("NFKC", search_text)
        # One letter is in too many names.
        return search_text, search_text if search_text[1:] else None

    def of(self, rows: QuerySet[Any], *texts: Any) -> QuerySet[Any]:
        beginning, part = texts
        # As in the index. In the collation "C" it serves for both the beginning and the order.
        table = rows.model._meta.db_table
        name = f'"{table}"."{self.columns[0]}"'
        key = f'folded({name}, false) COLLATE "C"'
        # Of invisible characters alone nothing is left, with which every name begins.
        typed = "nullif(folded({}, false), '')"
        begins = f"{key} ^@ {typed}"
        found: Q = Condition(Sql(begins, beginning))
        if part:
            # No index finds them, so the bound is on what is looked at.
            one_of = f'"{table}"."id" = ANY (ARRAY({{}}))'
            oldest = Subquery(rows.order_by("id").limit(MOST_SCANNED).values("id"))
            has_part = Condition(Sql(f"strpos({key}, {typed}) > 0", part))
            # In an array for PostgreSQL to begin with them, and not with all names.
            scanned = Condition(Sql(one_of, oldest))
            ids = Subquery(rows.model.filter(scanned, has_part).values("id"))
            found |= Condition(Sql(one_of, ids))
        begins_so = f"folded({name}, true) ^@ folded({{}}, true)"
        inner = Sql(f"(NOT {begins})::int + (NOT {begins_so})::int", beginning, beginning)
        return rows.filter(found).annotate(inner=inner, key=Sql(key))


# Set when this process has written anything, so that a server at rest has nothing to do.
search_index_dirty = asyncio.Event()


async def flush_search_index() -> None:
    """Put the words of what was written into their indexes.

    PostgreSQL gathers them first. Who then writes what makes them too many waits until all are put
    there, 40 ms for the words of 7,000 tasks, unless somebody else is at it, as here.
    """
    if search_index_dirty.is_set():
        search_index_dirty.clear()
        await Tortoise.get_connection("default").execute_query(
            r"SELECT gin_clean_pending_list(oid) FROM pg_class "
            r"WHERE relname LIKE '%\_words\_idx' AND pg_table_is_visible(oid)"
        )
