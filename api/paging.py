"""Keyset paging: `limit`, an opaque `cursor`, and the `Link` header that holds the next one."""

import base64
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from tortoise.fields import UUIDField
from tortoise.queryset import QuerySet

from api.errors import invalid

LINK_HEADER = {
    "Link": {
        "description": 'While there is more: `<path>; rel="next"`, the address of the next page.',
        "schema": {"type": "string"},
    }
}


def encode_cursor(field: str, value: object) -> str:
    """An opaque name of the place after the row whose `field` has that value."""
    return base64.urlsafe_b64encode(f"{field}:{value}".encode()).decode().rstrip("=")


def decode_cursor(field: str, kind: type[UUID] | type[int], cursor: str) -> UUID | int:
    """The value of `field` after which the page begins. Raises Unprocessable."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        name, _, text = base64.b64decode(padded, b"-_", validate=True).decode().partition(":")
        value = kind(text)
        if name == field and (kind is UUID or 0 <= int(value) <= 2_147_483_647):
            return value
    except ValueError:
        pass
    raise invalid("Must be a cursor from this list's Link header.", "cursor", parameter="cursor")


class Page:
    """Which part of a list is asked for; it also writes the `Link` to what comes after."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=200, description="How many to send at most.")] = 50,
        cursor: Annotated[
            str | None,
            Query(max_length=200, description="Where to go on: from the `Link` of the last page."),
        ] = None,
    ) -> None:
        self.request = request
        self.response = response
        self.limit = limit
        self.cursor = cursor

    async def of(self, query: QuerySet[Any], field: str = "id") -> list[Any]:
        """This page of the query's rows, in the order of `field`, which must be unique in them."""
        query = query.order_by(field)
        if self.cursor is not None:
            column = query.model._meta.fields_map[field]
            kind = UUID if isinstance(column, UUIDField) else int
            query = query.filter(**{f"{field}__gt": decode_cursor(field, kind, self.cursor)})
        rows = await query.limit(self.limit + 1)  # one more tells whether there is more
        if len(rows) > self.limit:
            rows.pop()
            self._link_next(encode_cursor(field, getattr(rows[-1], field)))
        return rows

    def _link_next(self, cursor: str) -> None:
        given = {k: v for k, v in self.request.query_params.items() if k != "cursor"}
        query = urlencode({**given, "cursor": cursor})
        self.response.headers["Link"] = f'<{self.request.url.path}?{query}>; rel="next"'


PageOf = Annotated[Page, Depends()]
