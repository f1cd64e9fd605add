"""Passwords: which are allowed, and their hashes."""

import os
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from passlib.context import CryptContext
from pydantic import SecretStr

from api.auth.rate_limits import Limit
from api.db.deadline import deadline_paused
from api.problems import WrongPassword, invalid
from models.tables import User, fold

Result = TypeVar("Result")

# Argon2id with OWASP's parameters: 19 MiB, two passes, one lane. bcrypt is for hashes that were
# copied from another system, which the first sign-in replaces.
_context = CryptContext(
    schemes=["argon2", "bcrypt"],
    deprecated="auto",
    argon2__type="ID",
    argon2__memory_cost=19_456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)


@cache
def _limiter() -> CapacityLimiter:
    # One core stays free for everything else.
    return CapacityLimiter(max(1, (os.cpu_count() or 1) - 1))


@cache
def _dummy_hash() -> str:
    return _context.hash("nobody's password")


@cache
def common_passwords() -> frozenset[str]:
    """Return the passwords so common that they are guessed first, in lower case."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 8)


def _text(password: SecretStr) -> str:
    # The same password typed on another keyboard may come in another Unicode form.
    return unicodedata.normalize("NFKC", password.get_secret_value())


def check_password(password: SecretStr, username: str, *, field: str) -> None:
    """Raise Unprocessable, about `field`, for a password that is common or holds the username."""
    text = fold(password.get_secret_value())
    if fold(username) in text:
        raise invalid("Must not contain the username.", "password_username", field=field)
    if text in common_passwords():
        raise invalid("This is one of the most common passwords.", "password_common", field=field)


async def hash_password(password: SecretStr) -> str:
    """Return the hash to store, made in a thread."""
    return await _in_thread(_context.hash, _text(password))


async def verify_password(password: SecretStr, hashed: str | None) -> tuple[bool, str | None]:
    """Return whether the password is right, and a new hash if the stored one is outdated.

    Without a stored hash, or with one that can't be verified, the same work is done for nothing, so
    that time tells nothing.
    """
    stored = hashed or ""

    def verify() -> tuple[bool, str | None]:
        try:
            right = _context.verify(_secret_for(stored, password), stored)
        except (ValueError, RuntimeError):  # a hash that isn't one, or of a kind not supported
            _context.verify("", _dummy_hash())
            return False, None
        is_outdated = right and _context.needs_update(stored)
        return right, _context.hash(_text(password)) if is_outdated else None

    return await _in_thread(verify)


def _secret_for(hashed: str, password: SecretStr) -> str | bytes:
    """Return the password as a hash of that kind was made from it.

    Raises ValueError for bcrypt's first kind, by which no password is right.
    """
    if hashed.startswith("$2$"):
        raise ValueError("not supported")
    if hashed.startswith("$2"):
        # The other system knew no Unicode forms of ours, and bcrypt looks at 72 bytes.
        return password.get_secret_value().encode()[:72]
    return _text(password)


async def confirm_password(user: User, password: SecretStr | None) -> None:
    """Check the password that users give once more for what only they themselves may do.

    Raises Unprocessable without one, TooManyRequests, and WrongPassword. All such attempts on one
    account count together. The hash must be the same still when the change is written.
    """
    if password is None:
        detail = "This requires your password."
        raise invalid(detail, "password_required", field="current_password")
    await Limit("password").count(f"account:{user.id}")
    right, _ = await verify_password(password, user.hashed_password)
    if not right:
        raise WrongPassword()


async def _in_thread(function: Callable[..., Result], *args: object) -> Result:
    with deadline_paused():
        return await anyio.to_thread.run_sync(function, *args, limiter=_limiter())


def warm_up() -> None:
    """Do what the first sign-in would otherwise wait for."""
    _dummy_hash()
    common_passwords()
