"""The bytes of responses that wait for slow readers: how many may, of one caller and in all."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, nullcontext

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.rights import SAFE_METHODS
from api.problems import ResponsesWaiting

# A shorter response isn't counted: the kernel takes it, and a connection has only one of them.
LARGE = 65_536
# Of one caller: a few downloads of whole boards at a time, over a slow line.
MAX_OF_CALLER = 32_000_000
# Of everybody, in one process. Beyond it only large responses are refused.
MAX_IN_ALL = 256_000_000

waiting: Counter[Hashable] = Counter()  # bytes, by caller


def require_room(caller: Hashable) -> None:
    """Raise ResponsesWaiting for who doesn't read the responses to earlier requests."""
    if waiting[caller] > MAX_OF_CALLER:
        raise ResponsesWaiting()


def caller_of(scope: Scope) -> Hashable | None:
    """Return the account that is answered, or None if its row wasn't looked up.

    What a cookie says is not enough: its session may have ended. Without an account the only large
    responses are the kept pages, of which all who wait share the same bytes.
    """
    user = scope.get("state", {}).get("user")
    return user.id if user else scope.get("answered")


@contextmanager
def counted(caller: Hashable, size: int) -> Iterator[None]:
    """Count these bytes as waiting."""
    waiting[caller] += size
    try:
        yield
    finally:
        waiting[caller] -= size
        if not waiting[caller]:
            del waiting[caller]


class Backlog:
    """Counts large responses until they are read, and refuses those that find no room.

    `refuse` is the application that answers with the error which it finds in the scope.
    """

    def __init__(self, app: ASGIApp, refuse: ASGIApp) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        error: ResponsesWaiting | None = None

        async def send_if_room(message: Message) -> None:
            nonlocal start, error
            if message["type"] == "http.response.start":
                start = message
                return
            size = len(message.get("body", b""))
            caller = caller_of(scope) if size > LARGE else None
            # What has changed something is answered all the same.
            if caller and start and scope["method"] in SAFE_METHODS:
                try:
                    require_room(caller)
                    if waiting.total() > MAX_IN_ALL:
                        raise ResponsesWaiting()
                except ResponsesWaiting as found:
                    error = found
            if error:
                return
            # From now on: already the start waits where an earlier response isn't read.
            with counted(caller, size) if caller else nullcontext():
                if start:
                    await send(start)
                    start = None
                if not caller:
                    await send(message)
                    return
                await send({**message, "more_body": True})
                # The server takes this once the connection has taken what was sent before.
                more = message.get("more_body", False)
                await send({"type": "http.response.body", "body": b"", "more_body": more})

        await self.app(scope, receive, send_if_room)
        if error:
            scope["error"] = error
            await self.refuse(scope, receive, send)
