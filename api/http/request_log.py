"""A line in the log for each request: what it asked for, how it ended, and how long it took."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.db.clock import new_clock
from api.http.backlog import caller_of
from api.logs import RequestLine, log, log_request


class RequestLog:
    """Logs each request, without anything that its sender chose but the method and the id.

    An error that nobody expected is logged here, too: once, with the route and the id.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begin = time.perf_counter()
        status: int | None = None

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        clock = new_clock()
        try:
            await self.app(scope, receive, send_and_note)
        except Exception:
            if status is None:  # so that the server itself answers
                raise
            request = {"request_id": scope["request_id"], "route": route_of(scope)}
            log.exception("A request failed", extra=request)
        finally:
            log_request(
                RequestLine(
                    time.time(),
                    scope["request_id"],
                    status,
                    scope.get("client"),
                    scope.get("asked", scope["method"]),
                    route_of(scope),
                    time.perf_counter() - begin,
                    clock.seconds,
                    caller_of(scope),
                    scope.get("reason"),
                )
            )


def route_of(scope: Scope) -> str | None:
    """Return the template of the path that was found, such as `/api/tasks/{task_id}`."""
    template: str | None = getattr(scope.get("route"), "path", None) or scope.get("template")
    return template
