"""The table of routes: what there is to know of an endpoint written by hand, in one row."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, get_origin

from fastapi import APIRouter, Depends, Response
from fastapi.datastructures import Default
from fastapi.responses import JSONResponse

from api.access.rights import Right
from api.auth.rate_limits import Limit
from api.http.preconditions import ETAG_HEADER, IfNoneMatch
from api.problems import ApiError, answers_with
from api.resources.pagination import LIST_HEADERS
from api.resources.router import LOCATION_HEADER


@dataclass(frozen=True)
class Endpoint:
    """A row of the table: an endpoint, the requests that it answers, and the right to call it.

    Swagger shows the docstring of `function` and, under `tag`, the `summary`. `answer` is the
    response's schema. `errors` are the errors that don't follow from method, path, right and body.

    A 201 has a `Location`, and a list has `Link` and `ETag`; `headers` are further headers. If it
    `may_exist`, a 200 answers for what is there already; if it `may_be_empty`, a 204 where there is
    nothing to show. If it `has_etag`, a response has an `ETag`
    and takes `If-None-Match`. `limit` names a rate limit, and `content` describes a response that
    isn't JSON.
    """

    method: str
    path: str
    right: Right
    function: Callable[..., Any]
    status: int
    tag: str
    summary: str
    answer: Any = None
    _: KW_ONLY
    errors: tuple[type[ApiError], ...] = ()
    headers: dict[str, Any] = field(default_factory=dict)
    has_etag: bool = False
    may_exist: bool = False
    may_be_empty: bool = False
    limit: str = ""
    content: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.right, Right):
            raise TypeError(f"{self.method} {self.path} declares no right")

    def add_to(self, router: APIRouter) -> None:
        """Add the route to a router."""
        dependencies = [Depends(self.right)]
        headers = self.headers
        if self.status == 201:
            headers = LOCATION_HEADER | headers
        if get_origin(self.answer) is list:
            headers = LIST_HEADERS | headers
        if self.has_etag:
            headers = ETAG_HEADER | headers
            dependencies.append(Depends(IfNoneMatch))
        if self.limit:
            dependencies.append(Depends(Limit(self.limit)))
        success = {"content": self.content, "headers": headers}
        router.add_api_route(
            self.path,
            self.function,
            methods=[self.method],
            status_code=self.status,
            tags=[self.tag],
            summary=self.summary,
            dependencies=dependencies,
            response_model=self.answer,
            response_class=Default(JSONResponse) if self.answer else Response,
            responses={
                self.status: {name: part for name, part in success.items() if part},
                **({200: {"model": self.answer}} if self.may_exist else {}),
                **({204: {}} if self.may_be_empty else {}),
                **answers_with(*self.errors),
            },
        )
