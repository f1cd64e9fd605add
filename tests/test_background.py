"""Work beside the requests goes on whatever happens to the database, and never ends the server."""

import asyncio

import pytest

from api.background import repeated


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

    async with repeated(work, "No tea", seconds=0.01, first=0):
        await asyncio.sleep(0.5)
    assert done > 2 if goes_on else done == 1
    assert complaint in caplog.text
    assert bool(caplog.text) == bool(complaint)
    ended = done
    await asyncio.sleep(0.1)
    assert done == ended


async def test_the_end_is_the_end_even_if_the_driver_takes_it_for_a_timeout() -> None:
    async def work() -> None:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            raise TimeoutError from None

    async with asyncio.timeout(5):
        async with repeated(work, "No tea", seconds=0.01, first=0):
            await asyncio.sleep(0.1)
