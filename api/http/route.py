"""The route that every endpoint has: it checks its caller before it looks at the request's body."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from itertools import islice
from typing import Annotated, Any, get_origin
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic_core import from_json
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from api.access.gate import Access
from api.access.rights import ANYONE, SAFE_METHODS, Right
from api.auth.rate_limits import Limit
from api.auth.sessions import bearer_token
from api.db.changes import tell_of_changes
from api.db.deadline import deadline, deadline_paused
from api.db.origin import act_as
from api.http.backlog import require_room
from api.http.idempotency import HEADER, KeyedRequest, takes_key
from api.http.preconditions import IfNoneMatch, unless_known
from api.http.proxies import without_root
from api.logs import log
from api.problems import (
    MAX_ERRORS,
    NO_PATH,
    ApiError,
    BadRequest,
    CrossOrigin,
    FieldError,
    NotFound,
    TooLarge,
    Unprocessable,
    UnsupportedMediaType,
    invalid,
    unknown_parameter,
)
from api.settings import origin_of, settings

MAX_BODY = 1_000_000
SHORT_BODY = 16_384  # is read before anything is known of its sender
MAX_DEPTH = 32
# Of `,`, `[` and `{` in a body, in texts or between values: each value may cost a microsecond.
MAX_SEPARATORS = 20_000
MAX_FIELDS = 100  # of an object in a body
BODY_SECONDS = 5  # less than a server that stops waits for its requests
USER_PARAMETERS = ("user_id", "assignee_id")  # in which `me` stands for the caller
MAX_LOGGED_ORIGINS = 100
refused_origins: set[str] = set()
ME = re.compile(rf"(?<![^&])({'|'.join(USER_PARAMETERS)})=me(?![^&])".encode())


def calls(dependant: Dependant) -> Iterator[Any]:
    """Yield what a route depends on, directly or not."""
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from calls(dependency)


def depends_on(dependant: Dependant, dependency: Any) -> bool:
    """Tell whether a route has that dependency, or one of its dependencies has."""
    return dependency in calls(dependant)


def declared_right(dependant: Dependant) -> Right:
    """Return the right that a route declares. Raises TypeError for none or several."""
    rights = [call for call in calls(dependant) if isinstance(call, Right)]
    if len(rights) != 1:
        raise TypeError(f"{dependant.call} declares {len(rights)} rights; each route declares one")
    return rights[0]


async def current_access(request: Request) -> Access:
    """Return the caller's `Access`, which the route made with the right that it declares."""
    access: Access = request.state.access
    return access


CurrentAccess = Annotated[Access, Depends(current_access)]


def refuse_cross_origin(request: Request) -> None:
    """Let only pages of our own and of trusted origins change anything. Raises CrossOrigin.

    Cookies are what is at stake, and a request with an API token isn't looked at for one. A browser
    says where a request comes from in `Sec-Fetch-Site`, an older one in `Origin`; a
    client that sends neither is no browser, and nobody's cookie is at stake. A page that came by
    HTTP isn't ours where we are reached by HTTPS; the other way round, a proxy hasn't told us.
    """
    if request.method in SAFE_METHODS or bearer_token(request) is not None:
        return
    origin = request.headers.get("origin")
    if origin is not None and settings().trusts(origin):
        return
    site = request.headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return
    if site is None:
        is_secure = settings().cookie_secure or request.scope["scheme"] == "https"
        host = request.headers.get("host", "")
        own = [origin_of(scheme, host) for scheme in ("https", *(() if is_secure else ("http",)))]
        if origin is None or origin.lower() in own:
            return
    log_refused_origin(origin)
    raise CrossOrigin()


def log_refused_origin(origin: str | None) -> None:
    """Tell, once for each origin, how to trust it. An odd one isn't repeated."""
    if origin in refused_origins or len(refused_origins) >= MAX_LOGGED_ORIGINS:
        return
    if origin and re.fullmatch(r"https?://[\w.:\[\]-]{1,100}", origin, re.ASCII):
        refused_origins.add(origin)
        log.warning(
            "A page of %s was refused. If it is yours, add this origin to CORS_ORIGINS.", origin
        )


def resolve_me(scope: Scope, caller: UUID) -> None:
    """Put the caller's id in the place of `me` in the path's parameters and in the query."""
    in_path = scope.get("path_params", {})
    in_path.update({name: str(caller) for name in USER_PARAMETERS if in_path.get(name) == "me"})
    scope["query_string"] = ME.sub(rb"\1=%b" % str(caller).encode(), scope["query_string"])


def is_nested_too_deep(value: Any) -> bool:
    """Tell whether arrays and objects contain each other more than 32 levels deep."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [each for each in level if isinstance(each, dict | list)]
        if not level:
            return False
        level = [
            inner for each in level for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return True


class JSONRequest(Request):
    """A request whose body is at most 1 MB of strict JSON: UTF-8, no NaN, no deep nesting."""

    _is_read = False
    _problem: ApiError | None = None

    @property
    def is_short(self) -> bool:
        """Tell whether the body says of itself that it has at most 16 KB."""
        length = self.headers.get("content-length", "")
        return length.isdecimal() and int(length) <= SHORT_BODY

    async def read(self, most: int) -> ApiError | None:
        """Read the body and parse it, once. Return what is wrong, to be raised
        once the caller is known."""
        if not self._is_read:
            self._is_read = True
            try:
                await self._read(most)
            except ApiError as error:
                self._problem = error
        return self._problem

    @property
    def cookies(self) -> dict[str, str]:
        """Return none: `api.auth.sessions` reads the only one that there is. FastAPI asks for them
        on every request, and Starlette's parser is slow with some."""
        return {}

    @property
    def has_body(self) -> bool:
        """Tell whether anything was sent as a body."""
        headers = self.headers
        return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"

    async def _read(self, most: int) -> None:
        media_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not re.fullmatch(r"application/([\w.-]+\+)?json", media_type):
            raise UnsupportedMediaType()
        encodings = self.headers.getlist("content-encoding")
        if any(each.strip().lower() != "identity" for each in encodings):
            raise UnsupportedMediaType(
                "Send the body uncompressed, without Content-Encoding.",
                headers={"Accept-Encoding": "identity"},
            )
        body = bytearray()
        try:
            with deadline_paused():
                async with asyncio.timeout(BODY_SECONDS):
                    async for chunk in self.stream():
                        body += chunk
                        if len(body) > most:
                            raise TooLarge()
            if sum(map(body.count, b",[{")) > MAX_SEPARATORS:
                raise BadRequest(
                    f"The body contains more than {MAX_SEPARATORS:,} commas and opening brackets."
                )
            self._body = bytes(body)
            self._json = from_json(self._body, allow_inf_nan=False)
            without_root(self._json, self.scope.get("root", ""))
            if self._json is None:
                raise invalid("Must be a JSON object.", "model_attributes_type")
        except TimeoutError:
            raise BadRequest(f"The body did not arrive within {BODY_SECONDS} seconds.") from None
        except (ValueError, ClientDisconnect):
            raise BadRequest() from None
        if is_nested_too_deep(self._json):
            raise BadRequest(f"The body is nested more than {MAX_DEPTH} levels deep.")
        if isinstance(self._json, dict) and len(self._json) > MAX_FIELDS:
            # Each unknown one would become an error, which takes a while for a megabyte of them.
            raise invalid(f"Must have at most {MAX_FIELDS} fields.", "too_many_fields")


class Route(APIRoute):
    """A route that checks, in this order: origin, rate, session, body, parameters, rights."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        right = declared_right(self.dependant)
        limits = [call for call in calls(self.dependant) if isinstance(call, Limit)]
        known = {
            parameter.alias: get_origin(parameter.field_info.annotation) is list
            for parameter in _query_parameters(self.dependant)
        }
        tagged = depends_on(self.dependant, IfNoneMatch)
        takes_body = self.body_field is not None
        most = SHORT_BODY if right is ANYONE else MAX_BODY
        needs_body = self.body_field is not None and self.body_field.field_info.is_required()
        may_have_key = any(takes_key(method, self.path) for method in self.methods or ())

        async def handle_checked(request: Request) -> Response:
            # The fast path may have read its body.
            request = request.scope.get("request") or JSONRequest(request.scope, request.receive)
            if request.scope["path"].endswith("\n"):  # which a path's pattern lets pass
                raise NotFound(NO_PATH)
            refuse_cross_origin(request)
            async with deadline(request.scope.get("ends")):
                for limit in limits:
                    await limit.check(request)
                reads = needs_body or (takes_body and request.has_body)
                if reads and not request.is_short:
                    await right.sign_in(request)  # or strangers would have long bodies parsed
                # The body first, which may take its time: a session that ended meanwhile is over.
                problem = await request.read(most) if reads else None
                user = request.state.user = await right.sign_in(request)
                access = request.state.access = Access(
                    right, user, request.app.state.operations, request.state.credentials
                )
                if user:
                    act_as(user.id)
                    require_room(user.id)
                    resolve_me(request.scope, user.id)
                if problem:
                    raise problem
                if wrong := _wrong_parameters(request, known):
                    raise Unprocessable(wrong)

                async def respond() -> Response:
                    response = await handle(request)
                    if not access.has_decided:
                        raise TypeError(f"{self.path}: the endpoint never asked for {right.name}")
                    return response

                if may_have_key and HEADER in request.headers:
                    response = await KeyedRequest(request, access).answer(respond)
                else:
                    response = await respond()
                tell_of_changes(access.changed_boards)
            return unless_known(request, response) if tagged else response

        return handle_checked


def _wrong_parameters(request: Request, known: dict[str, bool]) -> list[FieldError]:
    """Find parameters that the route doesn't know, or that are given twice but take one value."""
    given = Counter(name for name, _ in request.query_params.multi_items())
    wrong = (
        name
        for name, times in given.items()
        if name not in known or (times > 1 and not known[name])
    )
    return [unknown_parameter(name) for name in islice(wrong, MAX_ERRORS)]


def _query_parameters(dependant: Dependant) -> Iterator[Any]:
    yield from dependant.query_params
    for dependency in dependant.dependencies:
        yield from _query_parameters(dependency)
