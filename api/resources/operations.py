"""BoardRights that are compiled: each knows its statements, and answers without its endpoint."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, Protocol

from starlette.types import Scope

from api.access.rights import BoardRights, Right
from api.auth.credentials import Credentials
from api.resources.resource import Resource


class Call(NamedTuple):
    """A request, as far as an operation looks at it."""

    path: str
    row_id: str  # what the path names, if it names anything
    query: bytes
    headers: dict[bytes, bytes]
    caller: Credentials
    operations: BoardRights
    body: Any  # parsed
    ends: float  # when there must be an answer, by the loop's clock
    scope: Scope


class RawResponse(NamedTuple):
    """An operation's own part of a response; the headers of all responses come on top."""

    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    status: int = 200


class Operation(Protocol):
    """Something that can be asked for in one statement."""

    async def answer(self, asked: Call) -> RawResponse | None:
        """Return the answer, or None if the endpoint must give it."""


class Compiled(NamedTuple):
    """An endpoint in whose place the fast path may answer, and which operation it is."""

    endpoint: Callable[..., Any]
    name: Literal["list", "read", "children", "full", "create", "update", "delete"]
    resource: Resource
    operation: Operation | None  # None where only the endpoint can answer
    shown: Any  # the model of the response

    @property
    def right(self) -> Right:
        """The right that the fast path checks."""
        right: Right = getattr(self.resource, self.name, self.resource.read)
        return right


def compiled(
    name: Any, resource: Resource, operation: Operation | None, shown: Any = None
) -> Callable[..., Any]:
    """Mark an endpoint as one in whose place the fast path may answer."""
    sent: Any = resource.schemas.response
    shown = shown or (list[sent] if name in ("list", "children") else sent)

    def mark(endpoint: Any) -> Any:
        # With the endpoint itself, since `functools.wraps` hands marks on to what wraps it.
        endpoint.compiled = Compiled(endpoint, name, resource, operation, shown)
        return endpoint

    return mark
