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

from api.deadline import clock_stopped
from api.problems import invalid
from models.tables import fold

Result = TypeVar("Result")

# Argon2id with OWASP's parameters: 19 MiB, two passes, one lane.
_context = CryptContext(
    schemes=["argon2"],
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
    """Passwords so common that they are guessed first, in lower case."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 8)


def _text(password: SecretStr) -> str:
    # The same password typed on another keyboard may come in another Unicode form.
    return unicodedata.normalize("NFKC", password.get_secret_value())


def check_password(password: SecretStr, username: str, *, field: str) -> None:
    """Raises Unprocessable, about `field`, for a password that is common or holds the username."""
    text = fold(password.get_secret_value())
    if fold(username) in text:
        raise invalid("Must not hold the username.", "password_username", field=field)
    if text in common_passwords():
        raise invalid("This is one of the most common passwords.", "password_common", field=field)


async def hash_password(password: SecretStr) -> str:
    """The hash to store, made in a thread."""
    return await _in_thread(_context.hash, _text(password))


async def verify_password(password: SecretStr, hashed: str | None) -> tuple[bool, str | None]:
    """Whether the password is right, and a new hash where the stored one has old parameters.

    Without a stored hash the same work is done for nothing, so that time tells nothing.
    """

    def verify() -> tuple[bool, str | None]:
        right, renewed = _context.verify_and_update(_text(password), hashed or _dummy_hash())
        return right and hashed is not None, renewed if hashed else None

    return await _in_thread(verify)


async def _in_thread(function: Callable[..., Result], *args: object) -> Result:
    with clock_stopped():
        return await anyio.to_thread.run_sync(function, *args, limiter=_limiter())


def warm_up() -> None:
    """Do what the first sign-in would otherwise wait for."""
    _dummy_hash()
    common_passwords()
