"""The version of a thing that a client has seen: `ETag`, `If-Match` and `If-None-Match`."""

import re
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Header, Request, Response
from pydantic import BaseModel
from starlette.datastructures import MutableHeaders

from api.problems import invalid
from models.schemas import omitted, values_of

# `*`, or a list of entity tags (RFC 9110, 8.8.3).
ETAGS = r'^(\*|(W/)?"[^"]*"([ \t]*,[ \t]*(W/)?"[^"]*")*)$'

# What a proxy that compresses responses adds to a tag: Apache's `"1-gzip"`, Jetty's `"1--gzip"`.
COMPRESSED = re.compile('(?:--?|;)(?:gzip|br|deflate|zstd)"')

ETAG_HEADER = {
    "ETag": {
        "description": "Of a record: its `version` in quotes, to send as `If-Match`. Of any other "
        "response: a hash of it, to send as `If-None-Match`.",
        "required": True,
        "schema": {"type": "string"},
    }
}
LISTING_ETAG_HEADER = ETAG_HEADER


def etag(record: Any) -> str:
    """Return the entity tag of a record: its version."""
    return f'"{record.version}"'


def tags_in(header: str) -> list[str]:
    """Return the tags that a header names, as the server gave them.

    A proxy that compresses responses makes the tags weak or adds a suffix to them.
    """
    return re.findall(r'\*|"[^"]*"', COMPRESSED.sub('"', header))


class IfMatch:
    """A dependency of routes that change a record: which version of it the client has seen."""

    def __init__(
        self,
        tags: Annotated[
            str,
            Header(
                default_factory=omitted,
                alias="If-Match",
                pattern=ETAGS,
                description="The `ETag` of the record that you read. If the record has changed "
                "since, nothing happens, and the response is 412 with the present record.",
            ),
        ],
    ) -> None:
        # Compared weakly, unlike in RFC 9110: only a proxy has made the tag weak, and a version is
        # the same in any coding.
        named = ["*"] if tags is None else tags_in(tags)
        self.tags = None if "*" in named else named
        self.version: int | None = None

    def values_of(self, body: BaseModel, row_id: Any) -> dict[str, Any]:
        """Return the values to write to a row, without the version that the body names.

        Raises Unprocessable if the body names the id of another row.
        """
        values = values_of(body)
        if str(values.pop("id", row_id)) != str(row_id):
            raise invalid("This is the id of another record.", "other_record", field="id")
        self.version = values.pop("version", None)
        return values

    @property
    def names_version(self) -> bool:
        """Tell whether the client has said which version it has seen."""
        return self.tags is not None or self.version is not None

    def holds(self, record: Any) -> bool:
        """Tell whether the record is as the client knows it, or the client doesn't care."""
        return (self.tags is None or etag(record) in self.tags) and (
            self.version in (None, record.version)
        )


class IfNoneMatch:
    """A dependency of routes whose answer is tagged as a whole, and isn't sent twice.

    It only documents the header; `api.http.route.Route` calls `unless_known` last of all.
    """

    def __init__(
        self,
        tags: Annotated[
            str,
            Header(
                default_factory=omitted,
                alias="If-None-Match",
                pattern=ETAGS,
                description="The `ETag` of the response that you have. If nothing has changed, the "
                "response is 304, without a body.",
            ),
        ],
    ) -> None:
        pass


def tag_of(link: str, body: bytes) -> str:
    """Return the entity tag of an answer as a whole."""
    digest = sha256(link.encode() + b"\n" + body).hexdigest()[:32]
    return f'"{digest}"'


def is_known(tag: str, known: str) -> bool:
    """Tell whether `If-None-Match` names the tag."""
    tags = tags_in(known)
    return "*" in tags or tag in tags


def unless_known(request: Request, response: Response) -> Response:
    """Return the response with an ETag of its own, or a 304 if the client has just that already."""
    if "ETag" not in response.headers:
        tag = tag_of(response.headers.get("Link", ""), bytes(response.body))
        response.headers["ETag"] = tag
    if not is_known(response.headers["ETag"], request.headers.get("If-None-Match", "")):
        return response
    # The client takes these headers in the place of those that it has.
    kept = MutableHeaders(response.headers)
    for name in ("Content-Type", "Content-Length", "Content-Encoding"):
        del kept[name]
    return Response(status_code=304, headers=kept)
