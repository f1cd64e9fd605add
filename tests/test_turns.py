"""Writers of one process take turns at a board, so that they don't wait with a connection each."""

import asyncio
import gc
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from api.access import _turns, in_turn
from api.deadline import LAST_SECONDS, SECONDS, deadline, time_left
from tests.conftest import Client, World

NOW = 0.05  # seconds in which whoever need not wait has begun


@pytest.fixture
def board() -> Iterator[UUID]:
    """A board's id, of which nothing is left behind."""
    yield uuid4()
    gc.collect()
    assert not _turns


class Writer:
    """Takes a turn, and keeps it until told to end."""

    def __init__(self, *ids: UUID) -> None:
        self.begun, self.ends = asyncio.Event(), asyncio.Event()
        self.error: BaseException | None = None
        self.left: float | None = None
        self.task = asyncio.create_task(self.write({*ids}))

    async def write(self, ids: set[UUID]) -> None:
        async with deadline(), in_turn(ids):
            self.left = time_left()
            self.begun.set()
            await self.ends.wait()
            if self.error:
                raise self.error

    async def has_begun(self) -> bool:
        await asyncio.wait([self.task], timeout=NOW)
        return self.begun.is_set()

    async def end(self, error: BaseException | None = None) -> None:
        self.error = error
        self.ends.set()
        await asyncio.wait([self.task])


async def without_deadline(board: UUID) -> tuple[asyncio.Event, asyncio.Task[None]]:
    """Somebody who has the turn until the event is set, however long that takes."""
    ends = asyncio.Event()

    async def write() -> None:
        async with in_turn({board}):
            await ends.wait()

    task = asyncio.create_task(write())
    await asyncio.sleep(0)
    return ends, task


async def test_one_writes_at_a_time_in_the_order_of_coming(board: UUID) -> None:
    writers = [Writer(board) for _ in range(3)]
    for number, writer in enumerate(writers):
        assert [await other.has_begun() for other in writers[number:]] == [
            True, *[False] * (2 - number)
        ]  # fmt: skip
        await writer.end()


async def test_who_comes_after_one_has_ended_waits_for_those_who_came_before(board: UUID) -> None:
    first, second = Writer(board), Writer(board)
    assert await first.has_begun()
    await first.end()
    assert await second.has_begun()
    third = Writer(board)
    assert not await third.has_begun()
    await second.end()
    assert await third.has_begun()
    await third.end()


async def test_who_writes_to_two_boards_waits_for_both(board: UUID) -> None:
    other = uuid4()
    writers = [Writer(board), Writer(other)]
    both, another = Writer(board, other), Writer(uuid4())
    assert await another.has_begun()
    for writer in writers:
        assert not await both.has_begun()
        await writer.end()
    assert await both.has_begun()
    await both.end()
    await another.end()


@pytest.mark.parametrize("error", [TimeoutError, asyncio.CancelledError, ValueError])
async def test_who_waits_behind_one_that_failed_goes_on(
    board: UUID, error: type[BaseException]
) -> None:
    ahead, behind = Writer(board), Writer(board)
    assert await ahead.has_begun()
    await ahead.end(error())
    assert await behind.has_begun()
    await behind.end()


async def test_who_waits_too_long_gives_up(board: UUID) -> None:
    ahead, writing = await without_deadline(board)
    behind = Writer(board)
    await asyncio.wait([behind.task])
    assert isinstance(behind.task.exception(), TimeoutError)
    ahead.set()
    await writing


async def test_whose_turn_comes_at_the_last_moment_has_a_moment_left(board: UUID) -> None:
    ahead, writing = await without_deadline(board)
    behind = Writer(board)
    await asyncio.wait([behind.task], timeout=SECONDS - 0.15)
    ahead.set()
    await writing
    assert await behind.has_begun()
    assert behind.left is not None
    assert behind.left > LAST_SECONDS - 0.1
    await behind.end()


async def test_who_may_not_write_waits_for_nobody(world: World, ada: Client, bob: Client) -> None:
    """Nor does anybody wait for them: strangers can't hold a public board up."""
    board = await world.board(ada.user, is_public=True)
    ends, holder = await without_deadline(board.id)
    try:
        begin = asyncio.get_running_loop().time()
        response = await bob.put(f"/api/boards/{board.id}", json={"title": "x"})
        assert response.status_code == 403
        assert asyncio.get_running_loop().time() - begin < SECONDS / 2
        waiting = await ada.put(f"/api/boards/{board.id}", json={"title": "x"})
        assert waiting.status_code == 503
    finally:
        ends.set()
        await holder
