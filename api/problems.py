"""The problems (RFC 9457), which are the bodies of errors: each has a type, a status and a page."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

# The token of an invitation, in a path that would otherwise be shown in problems and logs, also one
# that is nearly right.
SECRET = re.compile(r"^(/+(?:api/+)?invitations/+)[^/?]+", re.IGNORECASE)
NO_PATH = "This path does not exist."
MAX_POINTER = 200
MAX_ERRORS = 50
UNKNOWN_PARAMETER = "This parameter does not exist, or was given more than once."

# The key under which a route's declared response lists the slugs of its problems.
PROBLEMS = "x-problems"


def without_secret(path: str) -> str:
    """Return the path without the token of an invitation."""
    return SECRET.sub(r"\1{token}", path)


class FieldError(BaseModel):
    """A mistake in a request, and where it is."""

    pointer: str | SkipJsonSchema[None] = Field(
        None, description="The field of the body, as a JSON pointer."
    )
    parameter: str | SkipJsonSchema[None] = Field(
        None, description="The name of a parameter in the query, the path or a header."
    )
    detail: str = Field(description="What is wrong, for people.")
    code: str = Field(description="What is wrong, for programs.")

    def __str__(self) -> str:
        place = self.parameter or (self.pointer or "").removeprefix("/")
        return f"{place}: {self.detail}" if place else self.detail


class Problem(BaseModel):
    """The body of every error (RFC 9457), as `application/problem+json`."""

    type: str = Field(
        description="The kind of error, for programs: the path of the page that explains it."
    )
    title: str = Field(description="The kind of error, for people.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What went wrong, for people.")
    instance: str = Field(description="The path of the request.")
    request_id: str | SkipJsonSchema[None] = Field(
        None, description="The same as the response's `X-Request-ID`."
    )
    scope: str | SkipJsonSchema[None] = Field(
        None, description="Only with `missing-scope`: the scope that the token lacks."
    )
    errors: list[FieldError] | SkipJsonSchema[None] = Field(
        None, description="Only with status 409 and 422: each mistake."
    )


class ApiError(Exception):
    """An error that a request is answered with; each subclass is a kind of problem.

    `slug` makes the problem's `type`, the path of a page that shows `detail` and, for the authors
    of clients, `advice`.
    """

    status: ClassVar[int]
    slug: ClassVar[str]
    detail: ClassVar[str]
    advice: ClassVar[str]

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
        members: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail or self.detail)
        self.message = detail or self.detail
        self.errors = errors
        self.headers = headers or {}
        self.members = members or {}

    @classmethod
    def title(cls) -> str:
        return cls.slug.replace("-", " ").capitalize()

    @classmethod
    def type(cls) -> str:
        return f"/problems/{cls.slug}"


class BadRequest(ApiError):
    status, slug = 400, "malformed-body"
    detail = "The body is not valid JSON in UTF-8."
    advice = (
        "Send one complete JSON value within five seconds, nested at most 32 levels deep, with at"
        " most 20,000 commas and opening brackets. NaN and Infinity are not JSON."
    )


class MalformedRequest(ApiError):
    status, slug = 400, "malformed-request"
    detail = "The request is not valid HTTP."
    advice = "Check the client, and the proxies between it and the server."


class Unauthorized(ApiError):
    status, slug = 401, "unauthorized"
    detail = "You are not signed in, or your session has ended."
    advice = "Ask the user to sign in, then send the request again."

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Cookie"})


class InvalidToken(ApiError):
    status, slug = 401, "invalid-token"
    detail = "The API token is unknown, revoked or expired."
    advice = "Create another token. A request with a token is not checked for a session cookie."

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


class WrongCredentials(Unauthorized):
    status, slug = 401, "wrong-credentials"
    detail = "The username or the password is wrong."
    advice = "We don't say which one, so that nobody can find out who has an account."


class Forbidden(ApiError):
    status, slug = 403, "forbidden"
    detail = "You don't have the right to do this."
    advice = "The description of each operation says who may call it."


class MissingScope(ApiError):
    status, slug = 403, "missing-scope"
    detail = "The API token lacks a scope that this operation needs."
    advice = "`scope` names the missing one. Create a token that has it."

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"The API token lacks the scope '{scope}', which this operation needs.",
            members={"scope": scope},
        )


class SessionRequired(ApiError):
    status, slug = 403, "session-required"
    detail = "This can't be done with an API token. Sign in instead."
    advice = (
        "Sessions, passwords and tokens are managed by their owner in a session, never by a script."
    )


class WrongPassword(Forbidden):
    status, slug = 403, "wrong-password"
    detail = "The current password is wrong."
    advice = "Ask for the password again. The session is still valid."


class AccountDisabled(ApiError):
    status, slug = 403, "account-disabled"
    detail = "This account is disabled."
    advice = "An admin can enable it again. Nothing in it was deleted."


class RegistrationClosed(ApiError):
    status, slug = 403, "registration-closed"
    detail = "Registration is closed, or requires a valid invitation."
    advice = "Send the token of a valid invitation, or ask an admin for an account."


class CrossOrigin(ApiError):
    status, slug = 403, "cross-origin"
    detail = (
        "Pages of another origin can't change anything here, unless CORS_ORIGINS lists that origin."
    )
    advice = "Add the frontend's origin to the server's setting CORS_ORIGINS."


class NotFound(ApiError):
    status, slug = 404, "not-found"
    detail = "Not found, or you don't have access to it."
    advice = "It was deleted, it never existed, or it is on a board that you can't see."


class MethodNotAllowed(ApiError):
    status, slug = 405, "method-not-allowed"
    detail = (
        "This path does not support that method. The header Allow lists the methods it supports."
    )
    advice = "Look the operation up in the documentation."


class RequestTimeout(ApiError):
    status, slug = 408, "timeout"
    detail = "No complete request arrived within 5 seconds."
    advice = "Open a new connection and send the request again."


class Conflict(ApiError):
    status, slug = 409, "conflict"
    detail = "The request conflicts with the current state."
    advice = "Read the current state, then try again."

    def __init__(self, detail: str | None = None, field: str = "") -> None:
        pointer = f"/{field}" if field else ""
        code = self.slug.replace("-", "_")
        error = FieldError(pointer=pointer, detail=detail or self.detail, code=code)
        super().__init__(detail, errors=[error])


class AlreadyExists(Conflict):
    status, slug = 409, "already-exists"
    detail = "This value is taken already."
    advice = "`errors` names the field. Ask the user for another value."


class ParentDeleted(Conflict):
    status, slug = 409, "parent-deleted"
    detail = "The parent was deleted in the meantime."
    advice = "Read the list again."


class NeighbourMoved(Conflict):
    status, slug = 409, "neighbour-moved"
    detail = "The neighbour isn't in the target list any more."
    advice = "Read the list again, and let the user choose another place."


class ParentInTrash(Conflict):
    status, slug = 409, "parent-in-trash"
    detail = "The parent is in the trash."
    advice = "Restore the parent first: the column, or the board."


class ColumnFull(Conflict):
    status, slug = 409, "column-full"
    detail = "The column has as many tasks as it may."
    advice = (
        "Move a task out of the column, or raise its `task_limit`. Where the board's "
        "`limits_are_advisory` is true, limits refuse nothing."
    )


class ChangedSince(Conflict):
    status, slug = 409, "changed-since"
    detail = "The record has changed since this event."
    advice = "Read the record, and let the user change it."


class NotRevertible(Conflict):
    status, slug = 409, "not-revertible"
    detail = "This event can't be reverted."
    advice = (
        "Records that were deleted permanently can't come back; accounts, invitations and moves to "
        "another board are changed by their own operations."
    )


class LimitReached(Conflict):
    status, slug = 409, "limit-reached"
    detail = "The limit has been reached. Revoke an API token or an invitation first."
    advice = (
        "A user has at most 50 API tokens, a board at most 100 invitations. Revoke some of them."
    )


class CreatorRequired(Conflict):
    status, slug = 409, "creator-required"
    detail = "A board always has a CREATOR. Hand it over to another member first."
    advice = (
        "`PUT /api/boards/{board_id}/users/{user_id}` with the role CREATOR hands the board over."
    )


class NotAModerator(Conflict):
    status, slug = 409, "not-a-moderator"
    detail = "Only a MODERATOR can become the CREATOR."
    advice = "Make the member a MODERATOR first, then hand the board over."


class SharedBoards(Conflict):
    status, slug = 409, "creator-of-shared-boards"
    detail = "This user created boards that have other members."
    advice = (
        "`detail` names some of the boards. Send `boards=hand_over` in the query to make other "
        "members their CREATORs, or `boards=delete` to delete the boards."
    )


class LastAdmin(Conflict):
    status, slug = 409, "last-admin"
    detail = "This is the last admin who isn't disabled. Make another user an admin first."
    advice = (
        "`PATCH /api/users/{user_id}` with `is_admin` makes a user an admin, and `POST "
        "/api/users/{user_id}/enable` enables an admin who is disabled."
    )


class InProgress(Conflict):
    status, slug = 409, "in-progress"
    detail = "The same request is still running."
    advice = "Send the request again a second later, with the same key."


class AlreadyDone(Conflict):
    status, slug = 409, "already-done"
    detail = "Already done; the response isn't kept."
    advice = (
        "A response that is long or contains a secret isn't kept. `Location` is the path of the "
        "new record."
    )

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self.headers = headers


class VersionConflict(ApiError):
    status, slug = 412, "version-conflict"
    detail = "The record has changed since you read it; see `current`."
    advice = (
        "Apply the user's changes to `current`, and send the request again with its `version`, in"
        " quotes, as `If-Match`."
    )

    def __init__(self, record: Any) -> None:
        super().__init__(members={"current": record})


class TooLarge(ApiError):
    status, slug = 413, "too-large"
    detail = "The body is larger than 1 MB, or than 16 KB where no session is needed."
    advice = "No operation accepts a body this large."


class UnsupportedMediaType(ApiError):
    status, slug = 415, "unsupported-media-type"
    detail = "Send the body as JSON, with Content-Type: application/json."
    advice = "Set the header. `fetch` sends strings as `text/plain` by default."


class Unprocessable(ApiError):
    status, slug = 422, "invalid"
    detail = "Something is missing or invalid; see errors."
    advice = (
        "Each entry of `errors` names a field of the body in `pointer`, or a parameter in "
        "`parameter`. `detail` is the first of them in words."
    )

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(str(errors[0]), errors=errors)


class KeyReused(ApiError):
    status, slug = 422, "key-reused"
    detail = "Another request was sent with this Idempotency-Key."
    advice = (
        "Make a new key for each change. Method, path, query, body, `If-Match`, and whether you act"
        " as an admin must be the same to get the first response."
    )

    def __init__(self) -> None:
        error = FieldError(parameter="Idempotency-Key", detail=self.detail, code="key_reused")
        super().__init__(errors=[error])


class TooManyRequests(ApiError):
    status, slug = 429, "too-many-requests"
    detail = "Too many attempts; retry after `Retry-After` seconds."
    advice = "Tell the user when they can try again."

    def __init__(self, seconds: int) -> None:
        super().__init__(headers={"Retry-After": str(seconds)})


class HeadTooLong(ApiError):
    status, slug = 431, "head-too-long"
    detail = "The URL and the headers together are longer than 64 KB."
    advice = "Send fewer cookies, headers or parameters."


class InternalError(ApiError):
    status, slug = 500, "internal-error"
    detail = "Something went wrong on the server. The server's log has the details."
    advice = "Report it to the administrator of the server."


class Unavailable(ApiError):
    status, slug = 503, "unavailable"
    detail = "The database is unreachable or too busy. A change may or may not have been made."
    advice = (
        "Send the change again with the same `Idempotency-Key`. Without one, read the current state"
        " first."
    )

    def __init__(self, reason: str = "") -> None:
        super().__init__(headers={"Retry-After": "1"})
        self.reason = reason or self.slug  # for the log


class BoardBusy(Unavailable):
    status, slug = 503, "board-busy"
    detail = "Too many requests are waiting to change this board or account. Nothing was changed."
    advice = "Send the request again after the number of seconds in Retry-After."


class ResponsesWaiting(ApiError):
    status, slug = 503, "responses-waiting"
    detail = "Too many bytes of responses are still unread."
    advice = "Read those responses, or close their connections, before you send more requests."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


class StreamsOpen(ApiError):
    status, slug = 503, "streams-open"
    detail = "Too many streams and long polls are open."
    advice = "Close some of them: one stream can watch 50 boards."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


class VersionNotSupported(ApiError):
    status, slug = 505, "version-not-supported"
    detail = "The server supports HTTP/1.1 and HTTP/1.0 only."
    advice = "Send the request as HTTP/1.1, or through a proxy that does."


def kinds(kind: type[ApiError] = ApiError) -> Iterator[type[ApiError]]:
    """Yield every kind of problem."""
    for each in kind.__subclasses__():
        yield each
        yield from kinds(each)


def answers_with(*kinds: type[ApiError]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that may answer with these problems."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        found.setdefault(kind.status, {PROBLEMS: []})[PROBLEMS].append(kind.slug)
    return found


def invalid(detail: str, code: str, *, field: str = "", parameter: str = "") -> Unprocessable:
    """Make a 422 about one field of the body, or one parameter."""
    place = {"parameter": parameter} if parameter else {"pointer": f"/{field}"}
    return Unprocessable([FieldError(**place, detail=detail, code=code)])


def unknown_parameter(name: str) -> FieldError:
    """Describe a query parameter that an operation doesn't have."""
    return FieldError(parameter=name[:MAX_POINTER], detail=UNKNOWN_PARAMETER, code="unknown")
