"""API tokens: a row in the database, and the secret by which a script names it."""

import secrets
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from tortoise.queryset import QuerySet

from api.auth.sessions import LAST_USED_PRECISION, with_user
from api.problems import InvalidToken
from models.enums import TokenScope
from models.tables import ApiToken, User

MAX_TOKENS_PER_USER = 50  # of one user
PREFIX = "corkboard_"  # so that a secret that leaked is known for what it is


# Whose the tokens are that were seen here, and whether they act as an admin, by their hashes. The
# row is looked up for each request all the same.
known_tokens: dict[str, tuple[UUID, UUID, bool]] = {}
MOST_KNOWN = 10_000


def new_secret() -> str:
    """Return a secret that nobody guesses."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Return what is kept of a secret. It is random, so that a fast hash does."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def live_tokens(user: User) -> QuerySet[ApiToken]:
    """Return the user's tokens that haven't expired."""
    return ApiToken.filter(user_id=user.id, expires_at__gt=datetime.now(UTC))


async def find_token(secret: str) -> ApiToken:
    """Return the token with that secret, and its user. Raises InvalidToken."""
    now = datetime.now(UTC)
    token: ApiToken | None = await with_user(
        ApiToken, "row.token_hash = $1 AND row.expires_at > $2", [hash_of(secret), now]
    )
    if token is None:
        raise InvalidToken()
    known_tokens[token.token_hash] = (
        token.id,
        token.user_id,
        token.user.is_admin and TokenScope.ADMIN in token.scopes,
    )
    if len(known_tokens) > MOST_KNOWN:
        del known_tokens[next(iter(known_tokens))]
    if token.last_used_at is None or token.last_used_at < now - LAST_USED_PRECISION:
        await ApiToken.filter(id=token.id).update(last_used_at=now)
    return token
