"""The one place that turns exceptions into problem+json."""

import json
import re
from typing import Any

import asyncpg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from tortoise.exceptions import DBConnectionError, IntegrityError

from api.db.errors import DATABASE_TROUBLE
from api.http.preconditions import ETAGS
from api.logs import warn_rarely
from api.problems import (
    MAX_ERRORS,
    MAX_POINTER,
    NO_PATH,
    UNKNOWN_PARAMETER,
    AlreadyExists,
    ApiError,
    BadRequest,
    FieldError,
    InternalError,
    MethodNotAllowed,
    NotFound,
    ParentDeleted,
    Problem,
    Unavailable,
    Unprocessable,
    invalid,
    without_secret,
)
from models.fields import PATTERN_HINTS
from models.tables import CONSTRAINTS

MAX_INSTANCE = 500


def problem_response(request: Request, error: ApiError) -> Response:
    """Return the error as problem+json, and log the reason of a 503."""
    if error.status == 503:
        reason = request.scope["reason"] = getattr(error, "reason", error.slug)
        warn_rarely(reason, f"A request was answered 503: {reason}")
    root = request.scope.get("root", "")
    problem = Problem(
        type=root + error.type(),
        title=error.title(),
        status=error.status,
        detail=error.message,
        instance=(root + without_secret(request.url.path))[:MAX_INSTANCE],
        request_id=request.scope.get("request_id"),
        errors=list(error.errors[:MAX_ERRORS]) or None,
    )
    body = problem.model_dump(exclude_none=True) | error.members
    headers = {**error.headers, "Cache-Control": "no-store"}
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = _allowed_methods(request)
    return Response(
        # ASCII, because a path or a field's name may hold what UTF-8 can't encode.
        json.dumps(body).encode("ascii"),
        error.status,
        headers,
        "application/problem+json",
    )


HINTS = {
    "missing": "This is required.",
    "extra_forbidden": "This field does not exist, or can't be set here.",
    "unknown": UNKNOWN_PARAMETER,
    "model_attributes_type": "Must be a JSON object.",
    "uuid_type": "Must be a UUID.",
    "uuid_parsing": "Must be a UUID.",
    "string_unicode": "Must be text that can be encoded as UTF-8.",
}


HINTS_ON_PATTERNS = {**PATTERN_HINTS, ETAGS: 'Must be * or ETags in quotes, such as "3".'}


def _field_error(error: dict[str, Any]) -> FieldError:
    where, *path = error["loc"]
    kind = error["type"]
    context = error.get("ctx", {})
    detail = HINTS.get(kind) or HINTS_ON_PATTERNS.get(context.get("pattern", ""))
    # pydantic calls a SecretStr a "Value".
    counted = "characters" if context.get("field_type", "Value") == "Value" else "items"
    if "min_length" in context:
        detail = f"Must have at least {context['min_length']} {counted}."
    elif "max_length" in context:
        detail = f"Must have at most {context['max_length']} {counted}."
    elif kind == "literal_error":
        # The values of an enum, not how Python writes its members.
        detail = "Must be " + re.sub(r"<[\w.]+: ('\w+')>", r"\1", context["expected"]) + "."
    detail = detail or error["msg"].replace("Input should be", "Must be")
    if where != "body":
        if kind == "time":
            detail += " In an address, write %2B for the +, or use Z."
        return FieldError(parameter=str(path[0])[:MAX_POINTER], detail=detail, code=kind)
    keys = (str(key).replace("~", "~0").replace("/", "~1") for key in path)
    pointer = "".join(f"/{key}" for key in keys)[:MAX_POINTER]
    return FieldError(pointer=pointer, detail=detail, code=kind)


def _from_validation(error: RequestValidationError) -> ApiError:
    errors = error.errors()
    if any(e["type"] == "json_invalid" for e in errors):
        return BadRequest()
    return Unprocessable([_field_error(e) for e in errors[:MAX_ERRORS]])


def _from_http(error: HTTPException) -> ApiError:
    """Return what the framework raises itself, for unknown paths and methods."""
    if error.status_code == 404:
        return NotFound(NO_PATH)
    if error.status_code == 405:
        return MethodNotAllowed()
    return InternalError()


def _allowed_methods(request: Request) -> str:
    """Return every method that the path knows; the framework names only those of one route."""
    methods: set[str] = set()
    for context in iter_route_contexts(request.app.routes):
        if context.path_regex.match(request.url.path):
            methods |= context.methods or set()
    if "GET" in methods:
        methods.add("HEAD")  # which is answered as GET
    return ", ".join(sorted(methods))


def _from_integrity(error: IntegrityError) -> ApiError:
    """Explain a violated constraint, by its name only, since PostgreSQL's text shows the row."""
    constraint = getattr(error.args[0], "constraint_name", None)
    if constraint in CONSTRAINTS:
        field, detail = CONSTRAINTS[constraint]
        return AlreadyExists(detail, field)
    if constraint == "boards_time_zone_check":  # by an older PostgreSQL than the package tzdata
        detail = "The server's PostgreSQL doesn't know this time zone."
        return invalid(detail, "time_zone", field="time_zone")
    if isinstance(error.args[0], asyncpg.ForeignKeyViolationError):
        return ParentDeleted()
    # Its text, and that of what it came from, would show the row in the server's log.
    raise RuntimeError(f"{type(error.args[0]).__name__}: {constraint}") from None


def explain(error: ValidationError | IntegrityError | ApiError) -> str:
    """Return what is wrong, line by line, for the command line."""
    if isinstance(error, ValidationError):
        found = [_field_error({**e, "loc": ("body", *e["loc"])}) for e in error.errors()]
    else:
        answer = _from_integrity(error) if isinstance(error, IntegrityError) else error
        found = [*answer.errors] or [FieldError(pointer="", detail=answer.message, code="")]
    return "\n".join(map(str, found))


def _from_trouble(error: Exception) -> Unavailable:
    """Return that the database has trouble, with its reason for the log, which names no row."""
    told = error.args[:1] if isinstance(error, asyncpg.PostgresError | DBConnectionError) else ()
    return Unavailable(": ".join(map(str, (type(error).__name__, *told))))


def add_error_handlers(app: FastAPI) -> None:
    """Make every exception answer as problem+json."""

    def handles(kind: type[Exception], convert: Any) -> None:
        async def handle(request: Request, error: Exception) -> Response:
            return problem_response(request, convert(error))

        app.add_exception_handler(kind, handle)

    handles(ApiError, lambda error: error)
    handles(RequestValidationError, _from_validation)
    handles(HTTPException, _from_http)
    handles(IntegrityError, _from_integrity)
    for kind in DATABASE_TROUBLE:
        handles(kind, _from_trouble)
    handles(Exception, lambda error: InternalError())
