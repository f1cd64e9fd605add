"""The problems that requests are answered with (RFC 9457): each has a type, a status and a page."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, Field

# The token of an invitation, in a path that would otherwise be shown in problems and logs, also one
# that is nearly right.
SECRET = re.compile(r"^(/+(?:api/+)?invitations/+)[^/?]+", re.IGNORECASE)
NO_PATH = "There is no such path."
MAX_POINTER = 200
MAX_ERRORS = 50
UNKNOWN_PARAMETER = "There is no such parameter, or it was given more than once."

# Under which a route's declared response lists the slugs of its problems, for the documentation.
PROBLEMS = "x-problems"


def without_secret(path: str) -> str:
    """The path, in which the token of an invitation is not to be read."""
    return SECRET.sub(r"\1{token}", path)


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
    request_id: str | None = Field(
        None, description="The response's `X-Request-ID`: that of the request, or a new one."
    )
    scope: str | None = Field(None, description="With `missing-scope`: which one.")
    errors: list[FieldError] | None = Field(None, description="With a 422 or 409: what is wrong.")


class ApiError(Exception):
    """An answer that is no success; subclasses say which.

    `slug` makes the problem's `type`, which is the path of the page that explains it: `detail`, and
    the `advice` to who writes a client.
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
    detail = "The body is not JSON in UTF-8."
    advice = (
        "Send one JSON value, whole, within five seconds, nested at most 32 levels deep, and with "
        "at most 20,000 commas and opening brackets. NaN and Infinity are no JSON."
    )


class MalformedRequest(ApiError):
    status, slug = 400, "malformed-request"
    detail = "This is no HTTP request."
    advice = "Something between the client and the server spoils the request."


class Unauthorized(ApiError):
    status, slug = 401, "unauthorized"
    detail = "Sign in first: there is no session, or it has ended."
    advice = "Let the user sign in, then send the request again."

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Cookie"})


class InvalidToken(ApiError):
    status, slug = 401, "invalid-token"
    detail = "The API token is unknown, was revoked, or has expired."
    advice = "Make another one. What comes with a token isn't looked for a session."

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


class WrongCredentials(Unauthorized):
    status, slug = 401, "wrong-credentials"
    detail = "The username or the password is wrong."
    advice = "Which of them is not told, so that nobody learns who has an account."


class Forbidden(ApiError):
    status, slug = 403, "forbidden"
    detail = "You don't have the right to do this."
    advice = "The description of each operation says who may."


class MissingScope(ApiError):
    status, slug = 403, "missing-scope"
    detail = "The API token isn't good for this: it lacks a scope."
    advice = "`scope` names the one that is missing; make a token that has it."

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"The API token isn't good for this: it lacks the scope '{scope}'.",
            members={"scope": scope},
        )


class SessionRequired(ApiError):
    status, slug = 403, "session-required"
    detail = "This can't be done with an API token: sign in."
    advice = "Sessions, passwords and tokens are for their owner alone, not for scripts."


class WrongPassword(Forbidden):
    status, slug = 403, "wrong-password"
    detail = "The current password is wrong."
    advice = "Ask for it again; the session is still good."


class AccountDisabled(ApiError):
    status, slug = 403, "account-disabled"
    detail = "This account is disabled."
    advice = "An admin can enable it again; nothing of it was deleted."


class RegistrationClosed(ApiError):
    status, slug = 403, "registration-closed"
    detail = "Registration is closed, or open to those with a valid invitation only."
    advice = "Send the token of a valid invitation, or ask an admin for an account."


class CrossOrigin(ApiError):
    status, slug = 403, "cross-origin"
    detail = "A page of another origin may not change anything here, unless CORS_ORIGINS names it."
    advice = "Name the frontend's origin in the server's setting CORS_ORIGINS."


class NotFound(ApiError):
    status, slug = 404, "not-found"
    detail = "There is no such thing, or you can't see it."
    advice = "It was deleted, or was never there, or is on a board that you can't see."


class MethodNotAllowed(ApiError):
    status, slug = 405, "method-not-allowed"
    detail = "This path does not know that method; the header Allow names those that it does."
    advice = "Look the operation up in the documentation."


class RequestTimeout(ApiError):
    status, slug = 408, "timeout"
    detail = "No request came within 5 seconds."
    advice = "Connect anew."


class Conflict(ApiError):
    status, slug = 409, "conflict"
    detail = "That does not go with what is there already."
    advice = "Read what is there again."

    def __init__(self, detail: str | None = None, field: str = "") -> None:
        pointer = f"/{field}" if field else ""
        code = self.slug.replace("-", "_")
        error = FieldError(pointer=pointer, detail=detail or self.detail, code=code)
        super().__init__(detail, errors=[error])


class AlreadyExists(Conflict):
    status, slug = 409, "already-exists"
    detail = "This must be unique, and is taken."
    advice = "`errors` names the field; ask for another value."


class ParentDeleted(Conflict):
    status, slug = 409, "parent-deleted"
    detail = "What this belongs to was deleted meanwhile."
    advice = "Read the list again."


class NeighbourMoved(Conflict):
    status, slug = 409, "neighbour-moved"
    detail = "That neighbour isn't where the record is to go; somebody may have moved it."
    advice = "Read the list again, and let the user place the record anew."


class ParentInTrash(Conflict):
    status, slug = 409, "parent-in-trash"
    detail = "What this belongs to is in the trash."
    advice = "Restore that first: the column, or the board."


class LimitReached(Conflict):
    status, slug = 409, "limit-reached"
    detail = "There are as many of these as there may be."
    advice = "Revoke those that are no longer needed."


class CreatorRequired(Conflict):
    status, slug = 409, "creator-required"
    detail = "A board has a CREATOR: hand it over to another member first."
    advice = "`PUT /api/boards/{board_id}/users/{user_id}` with the role CREATOR hands it over."


class NotAModerator(Conflict):
    status, slug = 409, "not-a-moderator"
    detail = "Only a MODERATOR can be made CREATOR."
    advice = "Make them a MODERATOR first; then hand the board over."


class SharedBoards(Conflict):
    status, slug = 409, "creator-of-shared-boards"
    detail = "Others are members of boards that this user created."
    advice = (
        "`detail` names some. Send `boards=hand_over` in the query to make other members their "
        "CREATORs, or `boards=delete` to delete them."
    )


class LastAdmin(Conflict):
    status, slug = 409, "last-admin"
    detail = "This is the last admin who isn't disabled. Make somebody else an admin first."
    advice = (
        "`PATCH /api/users/{user_id}` with `is_admin` makes somebody an admin, and "
        "`POST /api/users/{user_id}/enable` enables one who is disabled."
    )


class VersionConflict(ApiError):
    status, slug = 412, "version-conflict"
    detail = "This was changed since you read it; `current` is how it is now."
    advice = (
        "Put the user's changes on `current`, and send it again with an `If-Match` of its "
        "`version` in quotes."
    )

    def __init__(self, record: Any) -> None:
        super().__init__(members={"current": record})


class TooLarge(ApiError):
    status, slug = 413, "too-large"
    detail = "The body is larger than 1 MB, or than 16 KB where no session is needed."
    advice = "Nothing that an operation takes is as large as that."


class UnsupportedMediaType(ApiError):
    status, slug = 415, "unsupported-media-type"
    detail = "Send the body as JSON, with Content-Type: application/json."
    advice = "Set the header; `fetch` takes a text for `text/plain`."


class Unprocessable(ApiError):
    status, slug = 422, "invalid"
    detail = "Something in the request is missing or wrong; see errors."
    advice = "Each of `errors` names a field of the body by its `pointer`, or a `parameter`."


class TooManyRequests(ApiError):
    status, slug = 429, "too-many-requests"
    detail = "That was tried too often; wait for the seconds that Retry-After names."
    advice = "Tell the user when to try again."

    def __init__(self, seconds: int) -> None:
        super().__init__(headers={"Retry-After": str(seconds)})


class HeadTooLong(ApiError):
    status, slug = 431, "head-too-long"
    detail = "The address and the headers are longer than 64 KB."
    advice = "Send fewer cookies, headers or parameters."


class InternalError(ApiError):
    status, slug = 500, "internal-error"
    detail = "Something went wrong here; it is in the server's log."
    advice = "Tell who runs the server."


class Unavailable(ApiError):
    status, slug = 503, "unavailable"
    detail = "The database can't be reached or is too busy. A change may have been made or not."
    advice = "Read what is there now before you send a change again."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class BoardBusy(Unavailable):
    status, slug = 503, "board-busy"
    detail = "Too many requests are waiting to change this board or account. Nothing was changed."
    advice = "Send the request again after the seconds that Retry-After names."


class ResponsesWaiting(ApiError):
    status, slug = 503, "responses-waiting"
    detail = "Too much of the responses to earlier requests still waits for its readers."
    advice = "Read what was answered, or close those connections, before you ask for more."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


class VersionNotSupported(ApiError):
    status, slug = 505, "version-not-supported"
    detail = "The server speaks HTTP/1.1 and HTTP/1.0, and no other version."
    advice = "Send the request in HTTP/1.1, or through a proxy that does."


def kinds(kind: type[ApiError] = ApiError) -> Iterator[type[ApiError]]:
    """Every kind of problem."""
    for each in kind.__subclasses__():
        yield each
        yield from kinds(each)


def answers_with(*kinds: type[ApiError]) -> dict[int | str, dict[str, Any]]:
    """What a route declares as its `responses` to say which problems it may answer with."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        found.setdefault(kind.status, {PROBLEMS: []})[PROBLEMS].append(kind.slug)
    return found


def invalid(detail: str, code: str, *, field: str = "", parameter: str = "") -> Unprocessable:
    """A 422 about one field of the body, or one parameter."""
    place = {"parameter": parameter} if parameter else {"pointer": f"/{field}"}
    return Unprocessable(errors=[FieldError(**place, detail=detail, code=code)])


def unknown_parameter(name: str) -> FieldError:
    """What is wrong with a query parameter that an operation doesn't have."""
    return FieldError(parameter=name[:MAX_POINTER], detail=UNKNOWN_PARAMETER, code="unknown")


# The former names, which api/resources imports.
ChangedMeanwhile = VersionConflict
Gone = ParentDeleted
Misplaced = NeighbourMoved
Taken = AlreadyExists
