"""Rights as values: what a caller must be, and whether they are.

A right is declared in `routes.py` or `crud_config.py`, and is a dependency of its route.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from fastapi import Request

from api.auth.api_tokens import find_token
from api.auth.sessions import bearer_token, find_session
from api.problems import (
    Forbidden,
    MissingScope,
    NotFound,
    SessionRequired,
    Unauthorized,
)
from models.enums import Role, TokenScope
from models.tables import ApiToken, User

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
RANKS = {Role.VIEWER: 0, Role.MEMBER: 1, Role.MODERATOR: 2, Role.CREATOR: 3}


@dataclass(frozen=True)
class Right:
    """A demand on the caller. `rank` orders the rights on a board: 0 can see it, 3 created it.

    `by_commenters`: VIEWERs have it, too, where the board lets them comment. Without `by_token`, no
    API token has it. SELF takes an admin's token only.
    """

    name: str
    who: str
    rank: int | None = None
    by_commenters: bool = False
    by_token: bool = True

    async def __call__(self, request: Request) -> Any:
        """Return the `Access` that the route has made, as FastAPI's dependency."""
        return request.state.access

    async def sign_in(self, request: Request) -> User | None:
        """Return who is calling, if this right asks for that.

        Raises Unauthorized without a session; with an API token instead of one InvalidToken,
        SessionRequired, or MissingScope.
        """
        request.state.credentials = None
        if self is ANYONE:
            return None
        if (secret := bearer_token(request)) is not None:
            request.state.credentials = token = await find_token(secret)
            return self._admit(token, request.method)
        if session := await find_session(request):
            request.state.credentials = session
            return session.user
        raise Unauthorized()

    def _admit(self, token: ApiToken, method: str) -> User:
        """Return the user for whom the token acts, who is an admin only if it may act as one."""
        if not self.by_token:
            raise SessionRequired()
        user = token.user
        needed = [TokenScope.READ if method in SAFE_METHODS else TokenScope.WRITE]
        if self is ADMIN and user.is_admin:
            needed.append(TokenScope.ADMIN)
        for scope in needed:
            if scope not in token.scopes:
                raise MissingScope(scope)
        user.is_admin = user.is_admin and TokenScope.ADMIN in token.scopes
        if self is SELF and not user.is_admin:  # how its owner signs in, no token may change
            raise SessionRequired()
        return user

    @property
    def roles(self) -> list[Role]:
        """The roles that hold this right on every board."""
        return [role for role, rank in RANKS.items() if self.rank is not None and rank >= self.rank]

    def is_held(self, found: "Found") -> bool:
        """Tell whether a caller's role holds this right on the board of a row."""
        return found.role in self.roles or (self.by_commenters and found.is_commenter)


ANYONE = Right("ANYONE", "Anyone, without signing in.")
SIGNED_IN = Right("SIGNED_IN", "Anyone who is signed in.")
IN_SESSION = Right("IN_SESSION", "Anyone who is signed in, without an API token.", by_token=False)
SELF = Right("SELF", "The user, and admins.")
ADMIN = Right("ADMIN", "Admins.")
ADMIN_IN_SESSION = Right("ADMIN_IN_SESSION", "Admins, without an API token.", by_token=False)
READER = Right("READER", "Anyone who can see the board.", 0)
COMMENTER = Right(
    "COMMENTER",
    "MEMBERs and above; VIEWERs where the board lets them.",
    1,
    by_commenters=True,
)
MEMBER = Right("MEMBER", "MEMBERs and above.", 1)
MODERATOR = Right("MODERATOR", "MODERATORs and above.", 2)
CREATOR = Right("CREATOR", "The CREATOR.", 3)
AUTHOR = Right("AUTHOR", "The author, while they may comment.", 1, by_commenters=True)
AUTHOR_OR_MODERATOR = Right(
    "AUTHOR_OR_MODERATOR",
    "The author, while they may comment; MODERATORs and above.",
    1,
    by_commenters=True,
)
MEMBER_REMOVAL = Right(
    "MEMBER_REMOVAL",
    "Members, to leave; MODERATORs, to remove those below; the CREATOR, anyone.",
    0,
)


class BoardRights(dict[str, Right]):
    """The operations of one application that change something on a board, each with its right."""

    # By identity: it is filled before anything is asked, and then stays as it is.
    __hash__ = object.__hash__  # type: ignore[assignment]


class Caller(Protocol):
    """A user, as far as rights look at them."""

    @property
    def id(self) -> Any: ...

    @property
    def is_admin(self) -> bool: ...


class Found(NamedTuple):
    """A row that a caller can see, its board, and the caller's role there.

    `is_commenter` is a VIEWER whom the board lets comment.
    """

    row: Any
    board: UUID | None = None
    role: Role | None = None
    is_commenter: bool = False


def judge(right: Right, caller: Caller, found: Found | None) -> Found:
    """Decide whether a caller may do something to a row that requires this right, and return it.

    Raises NotFound for a row that they can't see, Forbidden for one that the right doesn't reach.
    """
    if found is None:
        raise NotFound()
    if not allows(right, caller, found):
        raise Forbidden()
    return found


def allows(right: Right, user: Caller, found: Found) -> bool:
    """Tell whether a user who can see a row has the right to it."""
    if user.is_admin or right in (SIGNED_IN, IN_SESSION) or right.rank == 0:
        return True
    if right is SELF:
        return bool(found.row.id == user.id)
    if right is AUTHOR_OR_MODERATOR and found.role in MODERATOR.roles:
        return True
    if right in (AUTHOR, AUTHOR_OR_MODERATOR) and found.row.user_id != user.id:
        return False
    return right.is_held(found)
