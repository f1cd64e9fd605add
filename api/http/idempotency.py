"""`Idempotency-Key`: a request that is sent again is answered as before, and writes nothing twice.

The key is a row, written in the transaction of what the request changes: after a crash there are
both or neither. A lock that ends with that transaction tells those that come meanwhile.
"""

import hmac
import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from fastapi import Request, Response
from tortoise import Tortoise
from tortoise.exceptions import IntegrityError

from api.access.gate import Access
from api.access.rights import SAFE_METHODS
from api.db.connection import shared_unit_of_work, unit_of_work
from api.db.jobs import delete_in_batches
from api.problems import AlreadyDone, ApiError, InProgress, KeyReused, NotFound, invalid
from api.settings import settings

HEADER = "Idempotency-Key"
NAME = HEADER.lower().encode()
KEY = "^[!-~]{1,255}$"
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "description": "A new random value for each change. Sent again with the same key within 24 "
    "hours, the request changes nothing, and gets the first response.",
    "schema": {"type": "string", "pattern": KEY},
}
LIFE = timedelta(hours=24)
MAX_BODY = 200_000  # of a response that is kept; a short request may have a long one

# No row if another request has the key: one that runs, or one that was answered.
CLAIM = """
    INSERT INTO idempotency_keys (user_id, key, request_hash, created_at)
    SELECT $1::uuid, $2::varchar, $3, $4::timestamptz
    WHERE pg_try_advisory_xact_lock(hashtextextended($1::text || $2, 0))
    ON CONFLICT (user_id, key) DO UPDATE
    SET request_hash = EXCLUDED.request_hash, created_at = EXCLUDED.created_at
    WHERE idempotency_keys.created_at <= $5
    RETURNING id
"""
KEEP = """
    UPDATE idempotency_keys SET status = $3, body = $4, etag = $5, location = $6, board_ids = $7
    WHERE user_id = $1 AND key = $2
"""
FIND = "SELECT * FROM idempotency_keys WHERE user_id = $1 AND key = $2 AND created_at > $3"


def takes_key(method: str, path: str) -> bool:
    """Tell whether an operation looks at the header."""
    return method not in SAFE_METHODS and not path.startswith("/api/auth/")


class KeyedRequest:
    """A request with a key: what is done with it is done once."""

    def __init__(self, request: Request, access: Access) -> None:
        """Read the key. Raises Unprocessable."""
        match request.headers.getlist(HEADER):
            case [key] if re.fullmatch(KEY, key):
                self._key = (access.user.id, key)
            case _:
                detail = "Must be one value of 1 to 255 visible ASCII characters."
                raise invalid(detail, "idempotency_key", parameter=HEADER)
        self._access = access
        self._hash = _hash_of(request, access)

    async def answer(self, respond: Callable[[], Awaitable[Response]]) -> Response:
        """Answer as the first time, or respond and keep that.

        Raises InProgress, KeyReused, AlreadyDone, and NotFound for an answer about a board that the
        caller can't see any more.
        """
        if earlier := await self._earlier_answer():
            return earlier
        try:
            async with shared_unit_of_work(self._claim):
                response = await respond()
                await self._keep(response)
                return response
        except (ApiError, IntegrityError):
            # Perhaps because the same request was answered since we looked.
            if earlier := await self._earlier_answer():
                return earlier
            raise

    async def _earlier_answer(self) -> Response | None:
        rows = await Tortoise.get_connection("default").execute_query_dict(
            FIND, [*self._key, datetime.now(UTC) - LIFE]
        )
        if not rows:
            return None
        [row] = rows
        if row["request_hash"] != self._hash:
            raise KeyReused()
        if row["status"] == 204:
            return Response(status_code=204)
        if not await self._access.sees_boards(row["board_ids"]):
            raise NotFound()
        headers = {"ETag": row["etag"], "Location": row["location"]}
        headers = {name: value for name, value in headers.items() if value}
        if row["body"] is None:
            raise AlreadyDone(headers)
        return Response(row["body"], row["status"], headers, "application/json")

    async def _claim(self) -> None:
        now = datetime.now(UTC)
        claimed = await Tortoise.get_connection("default").execute_query_dict(
            CLAIM, [*self._key, self._hash, now, now - LIFE]
        )
        if not claimed:
            raise InProgress()

    async def _keep(self, response: Response) -> None:
        headers, body = response.headers, bytes(response.body)
        is_kept = headers.get("Cache-Control") != "no-store" and len(body) <= MAX_BODY
        answer = [
            response.status_code,
            body.decode() if is_kept else None,
            headers.get("ETag"),
            headers.get("Location"),
            [*self._access.changed_boards],
        ]
        async with unit_of_work() as client:
            await client.execute_query(KEEP, [*self._key, *answer])


def _hash_of(request: Request, access: Access) -> str:
    """Return a hash of what the request asks for.

    It isn't made without the server's secret: a body may contain a password. To act as an admin is
    to ask for something else, since an answer may show what only admins see.
    """
    scope = request.scope
    asked = [
        *(scope["method"], scope["path"], scope["query_string"].decode("latin-1")),
        *(request.headers.get("If-Match"), access.user.is_admin),
    ]
    body = getattr(request, "_body", b"")  # which the route has read
    secret = settings().jwt_secret.get_secret_value().encode()
    return hmac.new(secret, json.dumps(asked).encode() + body, sha256).hexdigest()


async def purge_keys() -> None:
    """Delete the keys that are older than a day."""
    await delete_in_batches("idempotency_keys", "created_at <= $1", datetime.now(UTC) - LIFE)
