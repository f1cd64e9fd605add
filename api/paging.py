"""Keyset paging: `limit`, an opaque `cursor`, and the `Link` header that holds the next one."""

import base64
import hmac
import re
from hashlib import shake_256
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError
from tortoise.fields import UUIDField
from tortoise.queryset import QuerySet

from api.problems import invalid
from api.settings import settings
from api.versions import LISTING_ETAG_HEADER, IfNoneMatch

LINK_HEADER = {
    "Link": {
        "description": 'While there is more: `<path>; rel="next"`, the address of the next page.',
        "schema": {"type": "string"},
    }
}
LIST_HEADERS = LINK_HEADER | LISTING_ETAG_HEADER

TAG_BYTES = 16


def _tag(text: bytes) -> bytes:
    key = b"cursor" + settings().jwt_secret.get_secret_value().encode()
    return hmac.digest(key, text, "sha256")[:TAG_BYTES]


def _masked(text: bytes, tag: bytes) -> bytes:
    """The text under a mask that only our key makes; masking twice gives it back."""
    key = b"mask" + settings().jwt_secret.get_secret_value().encode()
    mask = shake_256(hmac.digest(key, tag, "sha256")).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, mask, strict=True))


def encode_cursor(field: str, value: object) -> str:
    """An opaque name of the place after the row whose `field` has that value.

    It is sealed: the number of a membership would tell how many there are on all boards.
    """
    text = f"{field}:{value}".encode()
    tag = _tag(text)
    return base64.urlsafe_b64encode(tag + _masked(text, tag)).decode().rstrip("=")


def decode_cursor(field: str, kind: type[UUID] | type[int], cursor: str) -> UUID | int:
    """The value of `field` after which the page begins. Raises Unprocessable."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        sealed = base64.b64decode(padded, b"-_", validate=True)
        tag, text = sealed[:TAG_BYTES], _masked(sealed[TAG_BYTES:], sealed[:TAG_BYTES])
        name, _, value = text.decode().partition(":")
        if hmac.compare_digest(tag, _tag(text)) and name == field:
            return kind(value)
    except ValueError:
        pass
    raise invalid("Must be a cursor from this list's Link header.", "cursor", parameter="cursor")


def check_digits(value: object) -> object:
    """Refuse numbers that JSON wouldn't know: `+5`, `05`, `1_0`, `5.0`, other scripts' digits."""
    if isinstance(value, str) and not re.fullmatch("-?(0|[1-9][0-9]*)", value):
        raise PydanticCustomError("int_parsing", "Must be a whole number.")
    return value


class Page:
    """Which part of a list is asked for; it also writes the `Link` to what comes after."""

    def __init__(
        self,
        request: Request,
        response: Response,
        _: Annotated[IfNoneMatch, Depends()],
        limit: Annotated[
            int,
            Query(ge=1, le=200, description="How many to send at most."),
            BeforeValidator(check_digits),
        ] = 50,
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
