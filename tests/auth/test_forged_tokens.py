"""Tokens that nobody here issued, and pages of other origins, on every operation."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from fastapi import FastAPI

from api.access.rights import ANYONE
from api.settings import settings
from tests.conftest import Client
from tests.helpers.openapi import resolved

UNKNOWN = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def signed(claims: dict[str, Any], headers: dict[str, Any] | None = None) -> str:
    """Return a token with our key, whatever its claims are."""
    text = json.dumps(claims, default=lambda time: int(time.timestamp())).encode()
    return jwt.api_jws.encode(
        text, settings().jwt_secret.get_secret_value(), "HS256", headers=headers
    )


def forgeries(good: str) -> dict[str, str]:
    """Return each kind of forgery, made from a good token."""
    claims = jwt.decode(good, options={"verify_signature": False})
    header, body, signature = good.split(".")
    secret = settings().jwt_secret.get_secret_value()
    changed: dict[str, dict[str, Any]] = {
        "another session": {"jti": str(uuid4())}, "session is a number": {"jti": 1},
        "session is null": {"jti": None}, "session is a list": {"jti": [claims["jti"]]},
        "session is no uuid": {"jti": "1' OR '1'='1"}, "another user": {"sub": str(uuid4())},
        "user is a number": {"sub": 1}, "user is null": {"sub": None},
        "expired": {"exp": datetime.now(UTC) - timedelta(seconds=1)},
        "expiry is text": {"exp": "x"}, "expiry is null": {"exp": None},
        "another server's": {"iss": "another"},
        "issuer is a list": {"iss": ["corkboard"]}, "issued at no time": {"iat": "x"}, "not yet": {
            "nbf": datetime.now(UTC) + timedelta(days=1)}, "for somebody else": {"aud": "another"},
    }  # fmt: skip
    tokens = {name: signed({**claims, **change}) for name, change in changed.items()}
    for claim in claims:
        tokens[f"without {claim}"] = signed({k: v for k, v in claims.items() if k != claim})
    admin = part({**claims, "is_admin": True})
    return tokens | {
        "no algorithm": f"{part({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        "No algorithm": f"{part({'alg': 'None'})}.{body}.{signature}",
        "HS512": jwt.encode(claims, secret * 2, "HS512"),
        "HS384 in the header": f"{part({'alg': 'HS384'})}.{body}.{signature}",
        "RS256 in the header": f"{part({'alg': 'RS256'})}.{body}.{signature}",
        "another key": jwt.encode(claims, "x" * 64, "HS256"),
        "a key of its own": f"{part({'alg': 'HS256', 'jwk': {'kty': 'oct', 'k': 'eA'}})}.{body}.x",
        "kid to a file": f"{part({'alg': 'HS256', 'kid': '../../dev/null'})}.{body}.{signature}",
        "kid with SQL": f"{part({'alg': 'HS256', 'kid': chr(39) + ' OR 1=1'})}.{body}.{signature}",
        "jku": f"{part({'alg': 'HS256', 'jku': 'https://evil.example/k'})}.{body}.{signature}",
        "critical header": signed(claims, {"crit": ["x"], "x": 1}),
        "claims exchanged": f"{header}.{admin}.{signature}",
        "signature missing": f"{header}.{body}.",
        "signature cut": f"{header}.{body}.{signature[:-3]}",
        "no claims": f"{header}.{part([])}.{signature}",
        "not even a token": "x",
        "two dots": "..",
        "8 KB": f"{header}.{body}.{'x' * 8000}",
        "8 KB of header": f"{part({'alg': 'HS256', 'x': 'x' * 6000})}.{body}.{signature}",
    }


def requests(application: FastAPI) -> list[tuple[str, str, str]]:
    """Return each operation with a path that could be: method, path, right."""
    return [
        (method.upper(), re.sub(r"\{\w+\}", UNKNOWN, path), operation["x-right"])
        for path, item in resolved(application.openapi())["paths"].items()
        for method, operation in item.items()
    ]


@pytest.mark.parametrize(
    "everything", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["some", "everything"]
)
async def test_no_forged_token_is_accepted_by_any_operation(
    application: FastAPI, ada: Client, everything: bool
) -> None:
    """Each of them by some operations, and each operation is asked with some of them."""
    good = ada.cookies["session"]
    forged = forgeries(good)
    assert len(forged) >= 30
    private = [request for request in requests(application) if request[2] != ANYONE.name]
    assert len(private) == 124
    asked = 0
    for number, (name, token) in enumerate(forged.items()):
        ada.cookies.set("session", token)
        for method, path, _ in private if everything else private[number % 10 :: 10]:
            asked += 1
            response = await ada.request(method, path, json={})
            assert response.status_code == 401, (name, method, path)
            assert token not in response.text
    assert asked >= len(forged) * (84 if everything else 8)
    ada.cookies.set("session", good)
    assert (await ada.get("/api/auth/me")).status_code == 200


# As Go's net/http decides (CrossOriginProtection): headers, and whether they may change things.
ORIGINS = [
    ({}, True),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, True),
    ({"Sec-Fetch-Site": "none", "Origin": "https://evil.example"}, True),
    ({"Sec-Fetch-Site": "same-site", "Origin": "http://corkboard.test"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "http://corkboard.test"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "https://kanban.example"}, True),
    ({"Sec-Fetch-Site": "same-site", "Origin": "https://kanban.example"}, True),
    ({"Origin": "http://corkboard.test"}, True),
    ({"Origin": "https://corkboard.test"}, True),
    ({"Origin": "http://corkboard.test:8080"}, False),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "null"}, False),
]


@pytest.mark.parametrize(("headers", "allowed"), ORIGINS, ids=str)
async def test_every_write_refuses_pages_of_other_origins(
    application: FastAPI, anonymous: Client, headers: dict[str, str], allowed: bool
) -> None:
    writes = [request for request in requests(application) if request[0] != "GET"]
    assert len(writes) == 77
    for method, path, _ in writes:
        response = await anonymous.request(method, path, json={}, headers=headers)
        refused = response.status_code == 403 and "cross-origin" in response.json()["type"]
        assert refused is not allowed, (method, path)
        assert response.status_code != 500
