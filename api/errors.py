"""The errors, each with its status, and the one place that turns exceptions into problem+json."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, ClassVar

import asyncpg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from tortoise.exceptions import DBConnectionError, IntegrityError, TransactionManagementError

from models.fields import PATTERN_HINTS
from models.tables import CONSTRAINTS

NO_PATH = "There is no such path."
MAX_ERRORS = 50
MAX_POINTER = 200
MAX_INSTANCE = 500


class FieldError(BaseModel):
    """One thing that is wrong with a request, and where."""

    pointer: str | None = Field(None, description="A JSON pointer into the body.")
    parameter: str | None = Field(None, description="The name of a query or path parameter.")
    detail: str = Field(description="What is wrong, in plain English.")
    code: str = Field(description="What is wrong, for programs.")


class Problem(BaseModel):
    """Every error answers with this (RFC 9457), as `application/problem+json`."""

    type: str = Field(description="A stable path that names the kind of error.")
    title: str = Field(description="The kind of error, in a few words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened, in plain English.")
    instance: str = Field(description="The path that was asked for.")
    errors: list[FieldError] | None = Field(None, description="With a 422 or 409: what is wrong.")


class ApiError(Exception):
    """An answer that is no success; subclasses say which."""

    status: ClassVar[int]
    slug: ClassVar[str]
    detail: ClassVar[str]

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.detail)
        self.message = detail or self.detail
        self.errors = errors
        self.headers = headers or {}

    @classmethod
    def title(cls) -> str:
        return cls.slug.replace("-", " ").capitalize()


class BadRequest(ApiError):
    status, slug = 400, "malformed-body"
    detail = "The body is not JSON in UTF-8."


class Unauthorized(ApiError):
    status, slug = 401, "unauthorized"
    detail = "Sign in first: there is no session, or it has ended."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Cookie"})


class Forbidden(ApiError):
    status, slug = 403, "forbidden"
    detail = "You may see this, but not change it so."


class CrossOrigin(ApiError):
    status, slug = 403, "cross-origin"
    detail = "A page of another origin may not change anything here, unless CORS_ORIGINS names it."


class NotFound(ApiError):
    status, slug = 404, "not-found"
    detail = "There is no such thing, or you can't see it."


class MethodNotAllowed(ApiError):
    status, slug = 405, "method-not-allowed"
    detail = "This path does not know that method; the header Allow names those that it does."


class Conflict(ApiError):
    status, slug = 409, "conflict"
    detail = "That does not go with what is there already."

    def __init__(self, detail: str, code: str, field: str | None = None) -> None:
        pointer = f"/{field}" if field else ""
        super().__init__(detail, errors=[FieldError(pointer=pointer, detail=detail, code=code)])


class TooLarge(ApiError):
    status, slug = 413, "too-large"
    detail = "The body is larger than 1 MB."


class UnsupportedMediaType(ApiError):
    status, slug = 415, "unsupported-media-type"
    detail = "Send the body as JSON, with Content-Type: application/json."


class Unprocessable(ApiError):
    status, slug = 422, "invalid"
    detail = "Something in the request is missing or wrong; see errors."


class TooManyRequests(ApiError):
    status, slug = 429, "too-many-requests"
    detail = "That was tried too often; wait for the seconds that Retry-After names."

    def __init__(self, seconds: int) -> None:
        super().__init__(headers={"Retry-After": str(seconds)})


class InternalError(ApiError):
    status, slug = 500, "internal-error"
    detail = "Something went wrong here; it is in the server's log."


class Unavailable(ApiError):
    status, slug = 503, "unavailable"
    detail = "The database can't be reached or is too busy. A change may have been made or not."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


def invalid(detail: str, code: str, *, field: str = "", parameter: str = "") -> Unprocessable:
    """A 422 about one field of the body, or one parameter."""
    place = {"parameter": parameter} if parameter else {"pointer": f"/{field}"}
    return Unprocessable(errors=[FieldError(**place, detail=detail, code=code)])


def unknown_parameter(name: str) -> FieldError:
    """What is wrong with a query parameter that an operation doesn't have."""
    return FieldError(parameter=name[:MAX_POINTER], detail=HINTS["unknown"], code="unknown")


def problem_response(request: Request, error: ApiError) -> Response:
    """The error as problem+json."""
    problem = Problem(
        type=f"/problems/{error.slug}",
        title=error.title(),
        status=error.status,
        detail=error.message,
        instance=request.url.path[:MAX_INSTANCE],
        errors=list(error.errors[:MAX_ERRORS]) or None,
    )
    body = problem.model_dump(exclude_none=True)
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
    "extra_forbidden": "There is no such field, or it can't be set here.",
    "unknown": "There is no such parameter, or it was given more than once.",
    "model_attributes_type": "Must be a JSON object.",
    "uuid_type": "Must be a UUID.",
    "uuid_parsing": "Must be a UUID.",
    "string_unicode": "Must be text that UTF-8 can hold.",
}


def _field_error(error: dict[str, Any]) -> FieldError:
    where, *path = error["loc"]
    kind = error["type"]
    context = error.get("ctx", {})
    detail = HINTS.get(kind) or PATTERN_HINTS.get(context.get("pattern", ""))
    if "min_length" in context:
        detail = f"Must have at least {context['min_length']} characters."
    elif "max_length" in context:
        detail = f"Must have at most {context['max_length']} characters."
    detail = detail or error["msg"].replace("Input should be", "Must be")
    if where != "body":
        return FieldError(parameter=str(path[0])[:MAX_POINTER], detail=detail, code=kind)
    keys = (str(key).replace("~", "~0").replace("/", "~1") for key in path)
    pointer = "".join(f"/{key}" for key in keys)[:MAX_POINTER]
    return FieldError(pointer=pointer, detail=detail, code=kind)


def _from_validation(error: RequestValidationError) -> ApiError:
    errors = error.errors()
    if any(e["type"] == "json_invalid" for e in errors):
        return BadRequest()
    return Unprocessable(errors=[_field_error(e) for e in errors[:MAX_ERRORS]])


def _from_http(error: HTTPException) -> ApiError:
    """What the framework raises itself, for unknown paths and methods."""
    if error.status_code == 404:
        return NotFound(NO_PATH)
    if error.status_code == 405:
        return MethodNotAllowed()
    return InternalError()


def _allowed_methods(request: Request) -> str:
    """Every method that the path knows; the framework names only those of one route."""
    methods: set[str] = set()
    for context in iter_route_contexts(request.app.routes):
        if context.path_regex.match(request.url.path):
            methods |= context.methods or set()
    return ", ".join(sorted(methods))


def _from_integrity(error: IntegrityError) -> ApiError:
    """A constraint that PostgreSQL held; only its name is read, since the text shows the row."""
    constraint = getattr(error.args[0], "constraint_name", None)
    if constraint in CONSTRAINTS:
        field, detail = CONSTRAINTS[constraint]
        return Conflict(detail, "taken", field)
    if isinstance(error.args[0], asyncpg.ForeignKeyViolationError):
        return Conflict("What this belongs to was deleted meanwhile.", "gone")
    # Its text, and that of what it came from, would show the row in the server's log.
    raise RuntimeError(f"{type(error.args[0]).__name__}: {constraint}") from None


def explain(error: ValidationError | IntegrityError | ApiError) -> str:
    """What is wrong, line by line, for the command line."""
    if isinstance(error, ValidationError):
        found = [_field_error({**e, "loc": ("body", *e["loc"])}) for e in error.errors()]
    else:
        answer = _from_integrity(error) if isinstance(error, IntegrityError) else error
        found = [*answer.errors] or [FieldError(pointer="", detail=answer.message, code="")]
    return "\n".join(f"{(e.pointer or '').strip('/')}: {e.detail}" for e in found)


# Lost or refused connections, timeouts, shutdowns, full or broken disks, deadlocks, transactions
# that may only read because the server is a standby (for now): try again later.
DATABASE_TROUBLE: tuple[type[Exception], ...] = (
    OSError,  # TimeoutError is one
    asyncio.TimeoutError,
    DBConnectionError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.OperatorInterventionError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidTransactionStateError,
    TransactionManagementError,  # which Tortoise makes of it in most places
    asyncpg.InternalClientError,
)


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
        handles(kind, lambda error: Unavailable())
    handles(Exception, lambda error: InternalError())
