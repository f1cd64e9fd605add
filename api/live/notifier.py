"""Processes tell each other which boards have changed, on a connection of their own.

What NOTIFY carries is a hint: a process compares the boards that its clients watch with the log
each second, too, so that nothing is lost with a connection, nor by a pooler, which takes no LISTEN.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from math import inf
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from api.db.changes import listeners
from api.db.dsn import CONNECT_SECONDS, connect
from api.db.errors import DATABASE_TROUBLE
from api.live.hub import Hub
from api.live.log import HEADS, logs_in
from api.logs import log
from api.settings import settings

CHANNEL = "corkboard_boards"
# Changes of so long go in one NOTIFY: each takes a lock on all that are committed.
NOTIFY_SECONDS = 0.02
MAX_NOTIFIED = 200  # ids in a message, of which PostgreSQL takes 8,000 bytes
POLL_SECONDS = 1.0
ANSWER_SECONDS = 2.0  # after which the connection counts as lost
RETRY_SECONDS = 1.0
CHECK_SECONDS = 60.0
IDLE_SECONDS = 60.0
PRESENCE_SECONDS, MIN_PRESENCE_SECONDS = 3.0, 0.5

# Nobody waits until what is only a hint is on the disk.
NOTIFY = "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)"
# One row for each process: which users have streams, by board.
KEEP_PRESENCE = """
    WITH stale AS (DELETE FROM presence WHERE seen_at < now() - interval '1 minute')
    INSERT INTO presence (id, seen_at, watching) VALUES ($1, now(), $2)
    ON CONFLICT (id) DO UPDATE SET seen_at = EXCLUDED.seen_at, watching = EXCLUDED.watching
"""
FORGET_PRESENCE = "DELETE FROM presence WHERE id = $1"


class Notifier:
    """Connects a process with the others while somebody here writes or watches."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._id = uuid4()
        self._polled = self._checked = self._kept = -inf
        self._is_present = False

    async def run(self) -> None:
        """Connect whenever there is work, and again when the connection is lost."""
        has_complained = False
        while True:
            await self._hub.has_work.wait()
            await asyncio.sleep(NOTIFY_SECONDS)
            try:
                async with self._connected() as connection:
                    has_complained = False
                    await self._work(connection)
            except Exception as error:
                if not has_complained:
                    log.warning(
                        "What other processes change is late here: %s", type(error).__name__
                    )
                has_complained = True
                self._hub.has_work.set()  # what is left of it
                await asyncio.sleep(RETRY_SECONDS)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        """Listen on a connection that is no pool's."""
        connection = await connect(
            settings().direct_url or "",
            timeout=CONNECT_SECONDS,
            command_timeout=ANSWER_SECONDS,
            statement_cache_size=0,  # for a pooler without DATABASE_DIRECT_URL
            server_settings={"application_name": "corkboard-live"},
        )
        try:
            if settings().database_pooler != "transaction" or settings().database_direct_url:
                await connection.add_listener(CHANNEL, self._hear)
            self._polled = -inf
            yield connection
        finally:
            try:
                if self._is_present:
                    await connection.execute(FORGET_PRESENCE, self._id)
                await connection.close(timeout=ANSWER_SECONDS)
            except DATABASE_TROUBLE:
                connection.terminate()

    async def _work(self, connection: Any) -> None:
        """Tell and look until there is nothing to do for a while."""
        hub = self._hub
        while True:
            hub.has_work.clear()
            while hub.changed:
                some = [hub.changed.pop().hex for _ in range(min(len(hub.changed), MAX_NOTIFIED))]
                await connection.execute(NOTIFY, CHANNEL, " ".join(some))
            if hub.clients:
                await self._look(connection)
            await self._keep_presence(connection)
            is_busy = hub.clients or hub.has_moved
            try:
                async with asyncio.timeout(POLL_SECONDS if is_busy else IDLE_SECONDS):
                    await hub.has_work.wait()
            except TimeoutError:
                if not is_busy:
                    return
            await asyncio.sleep(NOTIFY_SECONDS)

    async def _look(self, connection: Any) -> None:
        """Look for what nobody told, and for those who may not watch any more."""
        now = monotonic()
        if now - self._polled >= POLL_SECONDS:
            self._polled = now
            self._hub.compare(logs_in(await connection.fetch(HEADS, [*self._hub.boards])))
            self._hub.look_for_notifications()
        if now - self._checked >= CHECK_SECONDS:
            self._checked = now
            await self._hub.check_all()

    async def _keep_presence(self, connection: Any) -> None:
        hub, age = self._hub, monotonic() - self._kept
        is_due = age >= (MIN_PRESENCE_SECONDS if hub.has_moved else PRESENCE_SECONDS)
        if is_due and (hub.has_moved or hub.clients):
            hub.has_moved = False
            self._kept, self._is_present = monotonic(), True
            watching = {str(board): [*map(str, users)] for board, users in hub.present().items()}
            await connection.execute(KEEP_PRESENCE, self._id, json.dumps(watching))

    def _hear(self, connection: Any, pid: int, _: str, payload: str) -> None:
        if pid != connection.get_server_pid():
            with suppress(ValueError):  # not ours
                self._hub.look_at([UUID(each) for each in payload.split()])


@asynccontextmanager
async def live_updates() -> AsyncIterator[Hub]:
    """Yield a hub that learns of all changes, by this process and by others."""
    hub = Hub()
    listeners.add(hub.tell)
    task = asyncio.create_task(Notifier(hub).run())
    try:
        yield hub
    finally:
        listeners.discard(hub.tell)
        hub.end()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
