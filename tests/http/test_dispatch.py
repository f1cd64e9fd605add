"""The route index finds the route that the router finds, and its parameters."""

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import Receive, Scope, Send

from api.http.dispatch import RouteIndex
from tests.conftest import Client


def application(*paths: str) -> FastAPI:
    """Return an application whose endpoints say by which route they were reached."""
    app, router = FastAPI(redirect_slashes=False), APIRouter(prefix="/api")
    for path in paths:

        def endpoint(path: str = path) -> Any:
            async def answer() -> str:
                return path

            return answer

        (router if path.startswith("/in") else app).add_api_route(path, endpoint())
    app.include_router(router)
    return app


PATHS = ("/a/{x}", "/a/b", "/{y}/b", "/a/{x}.svg", "/in/{x}/c", "/in/d/{z}", "/in/d/c", "/")


@pytest.mark.parametrize(
    "path",
    [
        "/a/b", "/a/c", "/c/b", "/c/d", "/a/c.svg", "/api/in/x/c", "/api/in/d/x", "/api/in/d/c",
        "/",
        "/a", "/a/b/", "//", "/a/", "/a/b\n", "/{}/b", "/a/{}", "/api/in/{}/c",
    ],
)  # fmt: skip
async def test_the_route_is_that_of_the_router(path: str) -> None:
    app = application(*PATHS)
    router, found = app.router.middleware_stack, []

    async def otherwise(scope: Scope, receive: Receive, send: Send) -> None:
        found.append("router")
        await router(scope, receive, send)

    def scope() -> dict[str, Any]:
        return {
            "type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"",
            "root_path": "", "app": app, "fastapi_middleware_astack": None,
        }  # fmt: skip

    async def called(routes: Any) -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        own = scope()
        try:
            await routes(own, receive, send)
        except Exception as error:
            return [type(error)]
        return [own.get("path_params"), own.get("endpoint"), *sent]

    expected = await called(router)
    assert await called(RouteIndex(iter_route_contexts(app.routes), otherwise)) == expected
    answered = len(expected) > 1 and expected[2]["status"] == 200
    assert found == ([] if answered else ["router"])


async def test_a_405_lists_the_allowed_methods(ada: Client) -> None:
    answer = await ada.request("TRACE", "/api/boards")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"
