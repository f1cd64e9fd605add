"""Requests that take the fast path, and the same requests to the endpoint."""

from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from api.resources.fast_path import FastPath
from tests.conftest import Client, World


def fast_path_of(world: World) -> FastPath:
    return world.app.fast_path  # type: ignore[attr-defined]


def noted(world: World, monkeypatch: pytest.MonkeyPatch, what: str) -> list[str]:
    """Return the paths or the methods of the requests that come to an endpoint."""
    found: list[str] = []
    fast_path = fast_path_of(world)
    app = fast_path.app

    async def note(scope: Scope, receive: Receive, send: Send) -> None:
        if "error" not in scope:  # which the fast path has raised
            found.append(scope[what])
        await app(scope, receive, send)

    monkeypatch.setattr(fast_path, "app", note)
    return found


async def by_endpoint(
    world: World, client: Client, path: str, method: str = "GET", **options: Any
) -> Any:
    fast_path = fast_path_of(world)
    operations, fast_path.operations = fast_path.operations, {}
    try:
        return await client.request(method, path, **options)
    finally:
        fast_path.operations = operations


async def as_script(client: Client, *scopes: str) -> Client:
    """Let an API token with these scopes speak for the client, once it was seen."""
    body = {"name": "Script", "scopes": scopes}
    token = (await client.post("/api/auth/tokens", json=body)).json()["token"]
    client.cookies.clear()
    client.headers["Authorization"] = f"Bearer {token}"
    assert (await client.get("/api/auth/me")).status_code == 200
    return client
