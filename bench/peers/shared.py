"""What the Python peers read from the environment, and the check of the token in the cookie."""

import json
import os
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

COOKIE = "__Host-session"
IDLE = timedelta(hours=24)
# What a user typed, as PostgreSQL looks for it; the last word may be unfinished.
SOUGHT = """(websearch_to_tsquery('simple', {0}) || websearch_to_tsquery('russian', {0})
    || to_tsquery('simple', quote_literal({0}) || ':*'))"""
# What the caller may change on a board, by their role there or None.
OPERATIONS: dict[str | None, list[str]] = {
    role or None: names for role, names in json.loads(os.environ["OPERATIONS"]).items()
}
PORT = int(os.environ["PORT"])

_url = urlsplit(os.environ["DATABASE_URL"])
_given = {name: values[0] for name, values in parse_qs(_url.query).items()}
DATABASE: dict[str, Any] = {
    "user": _url.username or "postgres",
    "password": _url.password or "",
    "database": _url.path.lstrip("/"),
    "host": _url.hostname or _given["host"],
    "port": int(_url.port or _given.get("port") or 5432),
}
POOL = 10


def hash_of(authorization: str) -> str:
    """Return what is stored of an API token, from the header that contains it."""
    return sha256(authorization.removeprefix("Bearer ").encode()).hexdigest()


def claims_of(token: str | None) -> dict[str, Any]:
    """Return what the token says. Raises InvalidTokenError."""
    key = os.environ["JWT_SECRET"]
    claims: dict[str, Any] = jwt.decode(
        token or "", key, algorithms=["HS256"], issuer="corkboard", options={"require": ["jti"]}
    )
    return claims
