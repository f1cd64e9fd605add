"""Sessions: a row in the database, and the signed cookie that names it."""

import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import jwt
from fastapi import Request, Response
from tortoise import Model, Tortoise
from tortoise.queryset import QuerySet
from uuid_utils.compat import uuid7

from api.problems import AccountDisabled
from api.settings import settings
from models.tables import Session, User

ISSUER = "corkboard"
CLAIMS = ["sub", "is_admin", "jti", "iat", "exp", "iss"]
# A session's last use is written down at most this often, so that reading stays reading: well below
# the shortest time that a session may idle, an hour.
LAST_USED_PRECISION = timedelta(minutes=10)

# Each cookie of our name costs a signature, and an address sends as many as fit into its headers.
MOST_COOKIES = 10

# A few at a time, so that no sign-in takes long, and none that another sweeps out just now. In the
# event log nobody has ended them.
DELETE_EXPIRED = """
    DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE expires_at <= $1 OR last_used_at <= $2
        LIMIT 100 FOR UPDATE SKIP LOCKED
    ) RETURNING set_config('corkboard.actor', '', true)
"""

_jwt = jwt.PyJWT({"enforce_minimum_key_length": True})


def issue_token(session: Session, user: User) -> str:
    """Return the signed token for a session, which says whose it is until it ends."""
    claims = {
        "sub": str(user.id),
        "is_admin": user.is_admin,
        "jti": str(session.id),
        "iat": session.created_at,
        "exp": session.expires_at,
        "iss": ISSUER,
    }
    return _jwt.encode(claims, settings().jwt_secret.get_secret_value(), algorithm="HS256")


class SessionClaims(NamedTuple):
    """The claims of a session token: whose session it is, and whether they were an admin then."""

    session_id: UUID
    user_id: UUID
    is_admin: bool
    expires_at: float


def decode_session_token(token: str) -> SessionClaims | None:
    """Decode a session token, or return None for any other."""
    try:
        named = _decode_cached(token, settings().jwt_secret.get_secret_value())
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        return None
    return named if named.expires_at > time.time() else None


# Caches good tokens only: others raise, and take no place here.
@lru_cache(maxsize=10_000)
def _decode_cached(token: str, secret: str) -> SessionClaims:
    claims = _jwt.decode(
        token,
        secret,
        algorithms=["HS256"],
        issuer=ISSUER,
        options={"require": CLAIMS, "verify_iat": False},
    )
    # A time, but none from which on the token counts: the clocks of two servers may differ.
    float(claims["iat"])
    return SessionClaims(
        UUID(claims["jti"]), UUID(claims["sub"]), claims["is_admin"] is True, float(claims["exp"])
    )


def bearer_token_in(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Return what a request bears instead of a cookie, or None if it bears nothing.

    A browser sends this only for a page that is allowed to, other than what it sends by itself:
    cookies, and the passwords of other schemes, which mean nothing here.
    """
    given = [value.decode("latin-1") for name, value in headers if name == b"authorization"]
    borne = [value[6:].strip() for value in given if re.match(r"bearer(\s|$)", value, re.I)]
    return None if not borne else borne[0] if len(given) == 1 else ""


def bearer_token(request: Request) -> str | None:
    """Return what a request bears instead of a cookie, or None if it bears nothing."""
    return bearer_token_in(request.scope["headers"])


def session_claims(request: Request) -> SessionClaims | None:
    """Return what the request's cookie says, if it is ours.

    With an API token, a request isn't looked at for a cookie.
    """
    if bearer_token(request) is not None:
        return None
    return session_claims_in(request.scope["headers"])


def session_claims_in(headers: Iterable[tuple[bytes, bytes]]) -> SessionClaims | None:
    """Return what the session's cookie says, if a request's headers hold one that is ours.

    Others on the same host, or on one beside it, may set cookies of the same name. Of several, it
    is the one whose signature is good; of two good ones nobody knows which the user meant.

    The header is read here because Starlette's parser takes a time that grows with the square of a
    cookie's length on some Pythons, and takes a name with U+00A0 or U+0085 around it for the name
    itself, which lets another host get around the prefix `__Host-`.
    """
    # Between cookies is a `;`, with spaces and tabs around. A header may hold 60,000 of them, which
    # a pattern passes over faster than a loop.
    pattern = rb"(?:^|;)[ \t]*" + re.escape(settings().session_cookie.encode()) + rb"=([^;]*)"
    tokens = {
        token.strip(b" \t")
        for name, value in headers
        if name == b"cookie"
        for token in re.findall(pattern, value)
    }
    if len(tokens) > MOST_COOKIES:
        return None
    found = {named for token in tokens if (named := decode_session_token(token.decode("latin-1")))}
    return found.pop() if len(found) == 1 else None


async def with_user(table: type[Model], condition: str, values: list[Any]) -> Any:
    """Return the row for which a condition on `row` is true, with its user, or None.

    Each request asks for it, and the ORM takes longer to write such a query than PostgreSQL to
    answer it.
    """
    connection = Tortoise.get_connection("default")
    _, found = await connection.execute_query(_query_with_user(table, condition), values)
    if not found:
        return None
    [record] = found
    its, users = table._meta.fields_db_projection, User._meta.fields_db_projection
    row: Any = table._init_from_db(**dict(zip(its.values(), record.values(), strict=False)))
    row.user = User._init_from_db(
        **dict(zip(users.values(), [*record.values()][len(its) :], strict=True))
    )
    return row


@lru_cache
def _query_with_user(table: type[Model], condition: str) -> str:
    columns = [f'row."{name}"' for name in table._meta.fields_db_projection.values()]
    columns += [f'users."{name}"' for name in User._meta.fields_db_projection.values()]
    return f"""
        SELECT {", ".join(columns)} FROM "{table._meta.db_table}" AS row
        JOIN users ON users.id = row.user_id WHERE {condition}
    """  # noqa: S608  # our names


def live_sessions(user: User) -> QuerySet[Session]:
    """Return the user's sessions that have neither been idle too long nor reached their end."""
    now = datetime.now(UTC)
    oldest = now - settings().session_idle
    return Session.filter(user_id=user.id, expires_at__gt=now, last_used_at__gt=oldest)


async def find_session(request: Request) -> Session | None:
    """Return the caller's session with its user, as their rows are, whatever the token claims."""
    named = session_claims(request)
    if named is None:
        return None
    now = datetime.now(UTC)
    session: Session | None = await with_user(
        Session,
        "row.id = $1 AND row.user_id = $2 AND row.expires_at > $3 AND row.last_used_at > $4",
        [named.session_id, named.user_id, now, now - settings().session_idle],
    )
    if session is None:
        return None
    if session.last_used_at < now - LAST_USED_PRECISION:
        await Session.filter(id=session.id).update(last_used_at=now)
    return session


async def open_session(user: User, response: Response, request: Request | None = None) -> None:
    """Sign the user in, inside a unit of work: a new session, and its cookie on the response.

    It ends the session that the request came with, whose cookie the browser loses by that.
    Raises AccountDisabled. The account is locked, so that none is opened while it is disabled.
    """
    enabled = User.filter(id=user.id, disabled_at__isnull=True).select_for_update(no_key=True)
    if await enabled.only("id").first() is None:
        raise AccountDisabled()
    if request and (replaced := session_claims(request)):
        await Session.filter(id=replaced.session_id).delete()
    now = datetime.now(UTC).replace(microsecond=0)
    life = settings().session_life
    agent = request.headers.get("user-agent", "") if request else ""
    session = await Session.create(
        id=uuid7(),
        user_id=user.id,
        created_at=now,
        last_used_at=now,
        expires_at=now + life,
        user_agent="".join(filter(str.isprintable, agent))[:256] or None,
    )
    # Whoever signs in sweeps out what has ended, anybody's, so that no job has to.
    await Tortoise.get_connection("default").execute_query(
        DELETE_EXPIRED, [now, now - settings().session_idle]
    )
    _set_cookie(response, issue_token(session, user), life)


def clear_cookie(response: Response) -> None:
    """Make the browser forget the session's cookie."""
    _set_cookie(response, "", timedelta())


def _set_cookie(response: Response, value: str, life: timedelta) -> None:
    response.set_cookie(
        settings().session_cookie,
        value,
        max_age=int(life.total_seconds()),
        path="/",
        secure=settings().cookie_secure,
        httponly=True,
        samesite="Lax",  # type: ignore[arg-type]  # written as browsers show it
    )
