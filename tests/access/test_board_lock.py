"""Writers of one process take turns at a board, so that they don't wait with a connection each."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from api.access import board_lock
from api.access.board_lock import board_turn
from api.db import deadline
from api.problems import BoardBusy, NotFound
from models.tables import Board
from tests.conftest import Client, World

PATIENCE = 30.0  # seconds for what comes at once, unless the machine is very busy
MOMENT = 5.0  # seconds that are left to a writer: more than it ever waits here


@pytest.fixture
def patience() -> dict[str, float]:
    """Return the real deadlines."""
    return {}


@pytest.fixture
def board() -> Iterator[UUID]:
    """Yield a board's id, of which nothing is left behind."""
    yield uuid4()
    gc.collect()
    assert not board_lock._lines


class Writer:
    """Takes a turn, and keeps it until told to end."""

    def __init__(self, *ids: UUID, seconds: float = MOMENT) -> None:
        self.begun, self.ends = asyncio.Event(), asyncio.Event()
        self.error: BaseException | None = None
        self.left: float | None = None
        self.seconds = seconds
        self.task = asyncio.create_task(self.write({*ids}))

    async def write(self, ids: set[UUID]) -> None:
        ends = asyncio.get_running_loop().time() + self.seconds
        async with deadline.deadline(ends), board_turn(ids):
            self.left = deadline.time_left()
            self.begun.set()
            await self.ends.wait()
            if self.error:
                raise self.error

    async def begins(self) -> float:
        """Wait for its turn, and return the seconds that are left to it then."""
        async with asyncio.timeout(PATIENCE):
            await self.begun.wait()
        assert self.left is not None
        return self.left

    async def waits(self) -> bool:
        """Tell whether it is still in line once everything that can happen has happened."""
        for _ in range(20):
            await asyncio.sleep(0)
        return not self.begun.is_set()

    async def end(self, error: BaseException | None = None) -> None:
        self.error = error
        self.ends.set()
        await asyncio.wait([self.task])


async def end(*writers: Writer) -> None:
    for writer in writers:
        await writer.begins()
        await writer.end()


async def test_one_writes_at_a_time_in_the_order_of_coming(board: UUID) -> None:
    writers = [Writer(board) for _ in range(3)]
    for number, writer in enumerate(writers):
        await writer.begins()
        assert all([await other.waits() for other in writers[number + 1 :]])
        await writer.end()


async def test_the_newest_writer_waits_for_all_before_it(board: UUID) -> None:
    first, second = Writer(board), Writer(board)
    await end(first)
    await second.begins()
    third = Writer(board)
    assert await third.waits()
    await end(second, third)


async def test_a_writer_to_two_boards_waits_for_both(board: UUID) -> None:
    other = uuid4()
    writers = [Writer(board), Writer(other)]
    both, another = Writer(board, other), Writer(uuid4())
    await another.begins()
    for writer in writers:
        assert await both.waits()
        await end(writer)
    await end(both, another)


@pytest.mark.parametrize("error", [TimeoutError, asyncio.CancelledError, ValueError])
async def test_the_line_goes_on_behind_one_that_failed(
    board: UUID, error: type[BaseException]
) -> None:
    ahead, behind = Writer(board), Writer(board)
    await ahead.begins()
    await ahead.end(error())
    await end(behind)


async def test_a_writer_gives_up_when_the_line_stands_still(board: UUID) -> None:
    ahead = Writer(board, seconds=2 * PATIENCE)
    await ahead.begins()
    behind = Writer(board, seconds=0.01)
    await asyncio.wait([behind.task], timeout=PATIENCE)
    assert isinstance(behind.task.exception(), TimeoutError)
    await ahead.end()


async def test_a_turn_at_the_last_moment_leaves_a_moment(
    board: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "MIN_SECONDS_LEFT", 2 * MOMENT)
    ahead, behind = Writer(board), Writer(board)
    await ahead.begins()
    await ahead.end(TimeoutError())
    assert await behind.begins() > MOMENT
    await behind.end()


@pytest.mark.parametrize(
    ("error", "moves"), [(None, True), (NotFound(), True), (TimeoutError(), False)]
)
async def test_who_waits_has_time_while_the_line_moves(
    board: UUID, error: Exception | None, moves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer moves it, whichever; a database that doesn't answer doesn't."""
    monkeypatch.setattr(deadline, "SECONDS", 2 * PATIENCE)
    monkeypatch.setattr(deadline, "LINE_SECONDS", 3 * PATIENCE)
    first, second, third = (Writer(board) for _ in range(3))
    await first.begins()
    await first.end(error)
    assert (await second.begins() > MOMENT) == moves
    await second.end(TimeoutError())
    assert (await third.begins() > MOMENT) == moves
    await third.end()


async def test_nobody_waits_longer_than_the_longest_wait(
    board: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "SECONDS", 3 * PATIENCE)
    monkeypatch.setattr(deadline, "LINE_SECONDS", 2 * MOMENT)
    first, second = Writer(board), Writer(board)
    await first.begins()
    await first.end()
    assert MOMENT < await second.begins() <= 2 * MOMENT
    await second.end()


async def test_a_line_has_an_end(board: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_lock, "MAX_LINE", 2)
    writers = [Writer(board) for _ in range(4)]
    await writers[0].begins()
    assert await writers[2].waits()
    assert isinstance(writers[3].task.exception(), BoardBusy)
    elsewhere = Writer(uuid4())
    await end(*writers[:3], elsewhere)
    await end(Writer(board))


@pytest.fixture
async def held(world: World, ada: Client, database_url: str) -> AsyncIterator[Board]:
    """Yield a public board of ada's, which somebody else has locked."""
    board = await world.board(ada.user, is_public=True)
    connection = await asyncpg.connect(database_url)
    async with connection.transaction():
        await connection.execute("SELECT FROM boards WHERE id = $1 FOR UPDATE", board.id)
        yield board
    await connection.close()


async def put(client: Client, board: Board) -> httpx.Response:
    return await client.put(f"/api/boards/{board.id}", json={"title": "x"})


async def test_who_may_not_write_waits_for_nobody(held: Board, ada: Client, bob: Client) -> None:
    """Nor does anybody wait for them: strangers can't hold a public board up."""
    assert (await put(bob, held)).status_code == 403
    answer = await put(ada, held)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")


async def test_a_line_that_is_too_long_is_a_503_that_says_so(
    held: Board, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_lock, "MAX_LINE", 0)
    answer = await put(ada, held)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/board-busy")
    assert answer.headers["retry-after"] == "1"
    assert (await Board.get(id=held.id)).title == "Website launch"
