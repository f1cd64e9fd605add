"""Work beside the requests goes on whatever happens to the database, and never ends the server."""

import asyncio

import pytest

from api.db.periodic import run_periodically


async def some_turns() -> None:
    """Let everything go on that waits for nothing."""
    for _ in range(100):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("error", "goes_on", "complaint"),
    [
        (None, True, ""),
        (ConnectionRefusedError(), True, "No tea now: ConnectionRefusedError"),
        (ZeroDivisionError(), False, "No tea: ZeroDivisionError"),
    ],
)
async def test_work_is_repeated_though_not_soon_if_that_is_hopeless(
    error: Exception | None, goes_on: bool, complaint: str, caplog: pytest.LogCaptureFixture
) -> None:
    done = 0

    async def work() -> None:
        nonlocal done
        done += 1
        if error:
            raise error

    async with run_periodically(work, "No tea", seconds=0, first=0):
        await some_turns()
    assert done > 2 if goes_on else done == 1
    assert complaint in caplog.text
    assert bool(caplog.text) == bool(complaint)
    ended = done
    await some_turns()
    assert done == ended


async def test_cancellation_ends_it_even_if_raised_as_a_timeout() -> None:
    working = asyncio.Event()

    async def work() -> None:
        working.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise TimeoutError from None

    async with asyncio.timeout(30):
        async with run_periodically(work, "No tea", seconds=0, first=0):
            await working.wait()
