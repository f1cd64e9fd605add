"""By what a caller is known before the database is asked: a session's cookie or an API token."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple
from uuid import UUID

from api.auth.api_tokens import hash_of, known_tokens
from api.auth.sessions import LAST_USED_PRECISION, bearer_token_in, session_claims_in
from models.enums import TokenScope


class Credentials(NamedTuple):
    """The row that a request names by its cookie or token, and whose it was when it was last read.

    Whether the row is still there, and what it allows, only a statement with `are_good` tells.
    """

    kind: Literal["session", "token"]
    row_id: UUID
    user_id: UUID
    is_admin: bool

    @property
    def id(self) -> UUID:
        """The caller's id, as that of a user."""
        return self.user_id


def credentials_in(headers: Iterable[tuple[bytes, bytes]]) -> Credentials | None:
    """Return a request's credentials, or None if it has none, bad ones, or a token not seen yet."""
    secret = bearer_token_in(headers)
    if secret is not None:
        token = known_tokens.get(hash_of(secret))
        return token and Credentials("token", *token)
    session = session_claims_in(headers)
    return session and Credentials("session", session.session_id, session.user_id, session.is_admin)


@lru_cache
def are_good(
    kind: str, scope: TokenScope | None, is_admin: bool | None, *, is_use_noted: bool = False
) -> str:
    """Return a query for a row if credentials are good, with whether the caller acts as an admin.

    Its parameters are the user `$1`, the row `$2` and the time `$3`. The row must be there and,
    unless this request has noted its use, the last use so recent that it needn't be noted. A token
    must have the scope, if one is needed. The caller must act as an admin, or not, as `is_admin`
    says; None allows both.
    """
    table, acts_as_admin, scopes = "sessions", "users.is_admin", ""
    if kind == "token":
        table = "api_tokens"
        acts_as_admin = f"(users.is_admin AND '{TokenScope.ADMIN}' = ANY (api_tokens.scopes))"
        scopes = f"AND '{scope}' = ANY (api_tokens.scopes)" if scope else ""
    admin = "" if is_admin is None else f"AND {acts_as_admin} = {is_admin}"
    precision = f"interval '{LAST_USED_PRECISION.total_seconds()} seconds'"
    last_use = f"AND {table}.last_used_at >= $3::timestamptz - {precision}"
    noted = "" if is_use_noted else last_use
    return f"""
        SELECT {acts_as_admin} AS acts_as_admin
        FROM {table} JOIN users ON users.id = {table}.user_id
        WHERE {table}.id = $2 AND {table}.user_id = $1 AND {table}.expires_at > $3
        {noted} {scopes} {admin}
    """  # noqa: S608  # our names
