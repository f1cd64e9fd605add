"""The fast path: what is asked most is answered by one statement, before the routes are looked at.

A request takes it with a session's cookie or an API token, and nothing unusual about it. The
statement looks up the session or token, applies the rule and builds the JSON, and the answer is the
endpoint's, byte for byte. Whatever isn't answered here goes to the endpoint, which knows what to
say: that the session is over, that there is no such record, that a parameter is wrong. What fails
here, because the database can't be reached for instance, is raised where the errors of endpoints
become answers.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.utils import get_dependant
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.rights import BoardRights, Right
from api.auth.credentials import credentials_in
from api.auth.rate_limits import Limit
from api.db.deadline import SECONDS
from api.http import idempotency
from api.http.backlog import require_room
from api.http.preconditions import IfNoneMatch
from api.http.route import (
    SHORT_BODY,
    JSONRequest,
    Route,
    calls,
    declared_right,
    refuse_cross_origin,
    resolve_me,
)
from api.http.security_headers import default_headers
from api.resources.operations import Call, Compiled, Operation, RawResponse

ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EXAMPLE_ID = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"
JSON = (b"content-type", b"application/json")


Key = tuple[str, ...]  # the method and the parts of the path, in which `{id}` stands for any id


def compiled_routes(contexts: Sequence[Any]) -> Iterator[tuple[Key, str, Operation]]:
    """Find the operations that may answer in the place of their routes, each with key and path.

    The endpoint must be marked as compiled, and the route must be nothing but that: the first one
    that matches, with the right that the operation checks, and without other dependencies or
    limits than those of the endpoint's own signature.
    """
    for context in contexts:
        compiled: Compiled | None = getattr(context.endpoint, "compiled", None)
        if not (compiled and compiled.operation) or compiled.endpoint is not context.endpoint:
            continue
        [method] = context.methods or {""}
        path = context.path or ""
        own = get_dependant(path=path, call=compiled.endpoint)
        found = [*calls(context.dependant)]
        added = Counter(found) - Counter(calls(own))
        example = re.sub(r"{\w+}", EXAMPLE_ID, path)
        if (
            type(context.original_route) is Route
            and added.keys() <= {IfNoneMatch, compiled.right}
            and not any(isinstance(call, Limit) for call in found)
            and declared_right(context.dependant) == compiled.right
            and type(compiled.right) is Right
            and shows_plainly(context, compiled)
            and next(each for each in contexts if may_answer(each, method, example)) is context
        ):
            key = (method, *re.sub(r"{\w+}", "{id}", path).split("/"))
            yield key, path, compiled.operation


def shows_plainly(context: Any, compiled: Compiled) -> bool:
    """Tell whether a route answers with the model of its operation, and with all of it."""
    return (
        context.response_model == (None if compiled.name == "delete" else compiled.shown)
        and context.status_code in (None, {"create": 201, "delete": 204}.get(compiled.name, 200))
        and (compiled.name == "delete" or isinstance(context.response_class, DefaultPlaceholder))
        and not any(
            getattr(context, f"response_model_{word}")
            for word in ("include", "exclude", "exclude_unset", "exclude_defaults", "exclude_none")
        )
    )


def may_answer(context: Any, method: str, path: str) -> bool:
    """Tell whether a route could answer that request. A mounted application is taken to do so."""
    pattern = getattr(context, "path_regex", None)
    matches = pattern is None or bool(pattern.match(path))
    return matches and method in (context.methods or {method})


class FastPath:
    """Answers what it can, and leaves everything else to the application."""

    def __init__(
        self,
        app: ASGIApp,
        routes: Iterable[tuple[Key, str, Operation]],
        rights: BoardRights,
        cors: CORSMiddleware,
    ) -> None:
        self.app = app
        self.operations: dict[Key, Operation] = {}
        self.templates: dict[Key, str] = {}
        for key, path, operation in routes:
            self.operations[key], self.templates[key] = operation, path
        self.rights = rights
        self.cors = cors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                answer = await self._answer(scope, receive)
            except Exception as error:
                scope["error"] = error
            else:
                if answer:
                    await self._send(answer, scope, send)
                    return
        await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> RawResponse | None:
        parts, row_id = scope["path"].split("/"), ""
        if len(parts) > 3:
            row_id, parts[3] = parts[3], "{id}"
            if not ID.fullmatch(row_id):
                return None
        key = (scope["method"], *parts)
        operation = self.operations.get(key)
        if operation is None:
            return None
        scope["template"] = self.templates[key]
        headers = dict(scope["headers"])
        if len(headers) < len(scope["headers"]):
            return None
        caller = credentials_in(scope["headers"])
        if caller is None:
            return None
        require_room(caller.user_id)
        resolve_me(scope, caller.user_id)
        body = None
        if scope["method"] != "GET":
            if idempotency.NAME in headers:
                return None
            request = scope["request"] = JSONRequest(scope, receive)
            refuse_cross_origin(request)
            if scope["method"] != "DELETE":
                # Before a longer body is read, the endpoint looks the session up.
                if not request.is_short or await request.read(SHORT_BODY):
                    return None
                body = await request.json()
        # An endpoint that answers instead shares this deadline.
        ends = scope["ends"] = asyncio.get_running_loop().time() + SECONDS
        answer = await operation.answer(
            Call(
                scope["path"],
                row_id,
                scope["query_string"],
                headers,
                caller,
                self.rights,
                body,
                ends,
                scope,
            )
        )
        if answer:  # so that the session was found
            scope["answered"] = caller.user_id
        return answer

    async def _send(self, answer: RawResponse, scope: Scope, send: Send) -> None:
        headers = [*default_headers(), *answer.headers]
        if answer.body:
            headers += [JSON, (b"content-length", b"%d" % len(answer.body))]
        send = partial(self.cors.send, send=send, request_headers=Headers(scope=scope))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})


def raising(routes: ASGIApp) -> ASGIApp:
    """Return the routes, which first raise what went wrong on the fast path."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if error := scope.get("error"):
            raise error
        await routes(scope, receive, send)

    return app
