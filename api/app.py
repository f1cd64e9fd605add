"""The application: what it is put together from. No endpoint is here."""

import asyncio
import gc
import multiprocessing
import os
import re
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Response
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.rights import SAFE_METHODS, BoardRights
from api.auth.passwords import warm_up
from api.db.connection import database
from api.db.jobs import BackgroundJob, background_jobs
from api.endpoints.history import purge_events
from api.endpoints.notifications import notify_of_due_dates, purge_notifications
from api.endpoints.trash import purge_trash
from api.http.backlog import Backlog
from api.http.compression import Compression
from api.http.dispatch import RouteIndex
from api.http.error_handlers import add_error_handlers
from api.http.idempotency import purge_keys
from api.http.openapi import build_document
from api.http.pages import add_pages
from api.http.proxies import Proxies, RootPath
from api.http.request_ids import HEADER, RequestIds
from api.http.request_log import RequestLog
from api.http.route import Route, declared_right, log_refused_origin
from api.http.security_headers import HeadAsGet, ResponseHeaders
from api.live.notifier import live_updates
from api.logs import flush
from api.resources.fast_path import FastPath, compiled_routes, raising
from api.resources.operations import Compiled
from api.resources.router import ResourceRouter
from api.resources.search import flush_search_index, search_index_dirty
from api.settings import settings
from crud_config import RESOURCES
from routes import ROUTES

JOBS = (
    BackgroundJob("notify_of_due_dates", notify_of_due_dates, seconds=60),
    BackgroundJob("purge_notifications", purge_notifications, seconds=3600),
    BackgroundJob("purge_trash", purge_trash, seconds=3600),
    BackgroundJob("purge_events", purge_events, seconds=3600),
    BackgroundJob("purge_idempotency_keys", purge_keys, seconds=3600),
    BackgroundJob("index_search", flush_search_index, seconds=1, wanted=search_index_dirty),
)

# Of the headers that a page wants to send, whose names are repeated to its browser.
NAMES = re.compile(r"[\w!#$%&'*+.^`|~, -]{0,1000}", re.ASCII)


class CORS(CORSMiddleware):
    """Starlette's, which answers the preflight of a stranger's page without an error of its own.

    The browser refuses the page all the same: nothing in the answer allows it.
    """

    def is_allowed_origin(self, origin: str) -> bool:
        """Tell whether the settings trust pages of an origin."""
        return settings().trusts(origin)

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return what a browser's question beforehand is answered with."""
        origin = request_headers["origin"]
        if not self.is_allowed_origin(origin):
            log_refused_origin(origin)
        allowed = super().preflight_response(request_headers)
        asked = request_headers.get("access-control-request-headers", "")
        is_sane = NAMES.fullmatch(asked) and allowed.status_code == 200
        return allowed if is_sane else Response(status_code=204)


def cors_around(app: ASGIApp) -> CORS:
    """Return the application for the pages of the origins that are trusted."""
    return CORS(
        app,
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["*"],  # the origin is what decides
        expose_headers=["ETag", "Link", "Location", "Retry-After", "X-Total-Count", HEADER],
        max_age=600,
    )


class Corkboard(FastAPI):
    """FastAPI with our document, with our headers on every answer, its own 500 included, and with
    the fast path before it."""

    fast_path: FastPath
    outermost: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.outermost(scope, receive, send)
        finally:
            if scope.get("method", "GET") not in SAFE_METHODS:
                search_index_dirty.set()

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the fast path first, but where something runs that it would skip."""
        skips = self.user_middleware or self.dependency_overrides
        await (self.regular_path if skips else self.fast_path)(scope, receive, send)

    async def regular_path(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request through the middleware and the routes to an endpoint."""
        await super().__call__(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        inside = super().build_middleware_stack()
        return ResponseHeaders(cors_around(inside))

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, made once."""
        if not self.openapi_schema:
            self.openapi_schema = build_document(self)
        return self.openapi_schema


def fast_path(app: Corkboard, contexts: Sequence[Any]) -> FastPath:
    """Make what answers in one statement, before the routes are looked at."""
    cors = cors_around(app.regular_path)
    return FastPath(app.regular_path, compiled_routes(contexts), app.state.operations, cors)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    """Connect to the database from start to stop."""
    url = settings().database_url
    if url is None:
        raise RuntimeError("DATABASE_URL is not set; start with `python -m api serve`.")
    if launcher := multiprocessing.parent_process():
        # A worker whose launcher was killed would keep the port, and answer without a database.
        asyncio.get_running_loop().add_reader(
            launcher.sentinel, os.kill, os.getpid(), signal.SIGTERM
        )
    warm_up()
    async with (
        database(url, settings().database_pool),
        background_jobs(JOBS),
        live_updates() as hub,
    ):
        app.state.hub = hub
        # What exists now lives as long as the process: collecting garbage needn't look at it again.
        gc.collect()
        gc.freeze()
        yield {"end_streams": hub.end}
    flush()


def check_rights(app: FastAPI) -> list[Any]:
    """Return the routes as FastAPI sees them. Raises TypeError when one declares no right, or
    another one than its statement checks.

    So such an app doesn't start. The operations that change something on a board are noted, each
    with its right.
    """
    app.state.operations = BoardRights()
    contexts = [*iter_route_contexts(app.routes)]
    for context in contexts:
        route = context.original_route
        if isinstance(route, APIRoute):
            if not isinstance(route, Route):
                raise TypeError(f"{context.path} is no api.http.route.Route")
            right = declared_right(route.dependant)
            compiled: Compiled | None = getattr(route.endpoint, "compiled", None)
            if compiled and compiled.right != right:
                checked = compiled.right.name
                raise TypeError(f"{context.path} declares {right.name}, but checks {checked}")
            if right.rank is not None and not SAFE_METHODS & (route.methods or set()):
                app.state.operations[route.name] = right
    return contexts


def create_app() -> FastAPI:
    """Return the application with all its routes, each with a declared right."""
    app = Corkboard(
        title="Corkboard",
        version="1.0.0",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.router.route_class = Route
    # Written by hand first: `/api/users/{user_id}/boards` before what is generated.
    for endpoint in ROUTES:
        endpoint.add_to(app.router)
    for resource in RESOURCES:
        # To include the router would analyse each of its routes once more.
        app.router.routes += ResourceRouter(resource, dependency_overrides_provider=app).routes
    add_pages(app)
    add_error_handlers(app)
    contexts = check_rights(app)
    routes = RouteIndex(contexts, app.router.middleware_stack)
    app.router.middleware_stack = raising(routes)  # type: ignore[assignment]
    app.fast_path = fast_path(app, contexts)
    answer = RequestLog(Backlog(Compression(RootPath(app.answer)), app.regular_path))
    outermost: Any = HeadAsGet(RequestIds(answer))
    app.outermost = Proxies(outermost, settings().trusted_proxies)
    return app
