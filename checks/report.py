"""What a check says, and how it ends."""

import signal
import sys
from collections.abc import Callable
from typing import NoReturn

# A run of a few rounds, beside whatever else the machine does: it is about what happens, not how
# fast, so figures are judged less strictly.
QUICK = "1" in sys.argv[1:]
QUICK_SLACK = 4

passed = 0
MOST_SEEN = 3000  # characters


def check(truth: object, what: str, seen: object = "") -> None:
    """Count and say what holds; end everything, with what was seen instead, if it doesn't."""
    global passed
    if not truth:
        fail(f"FAILED  {what}", seen)
    passed += 1
    print(f"ok      {what}", flush=True)


def note(what: str) -> None:
    """Say what was seen, and isn't judged."""
    print(f"        {what}", flush=True)


def measure(what: str, figure: float, *, at_most: float, unit: str = "") -> None:
    """Say a figure beside the one allowed; end everything if it is (much) larger."""
    seen = f"{figure:.3g} {unit}".rstrip()
    allowed = at_most * (QUICK_SLACK if QUICK else 1)
    check(figure <= allowed, f"{what}: {seen}, at most {allowed:g}")


def fail(message: str, seen: object = "") -> NoReturn:
    """End with a message and the status 1; servers and folders are tidied up on the way."""
    text = str(seen)
    if len(text) > MOST_SEEN:
        text = f"{text[: MOST_SEEN // 2]}\n[…]\n{text[-MOST_SEEN // 2 :]}"
    raise SystemExit(f"{message}\n{text}".rstrip())


def run(checks: Callable[[], None]) -> None:
    """Run the checks; a signal ends them as a failure does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    checks()
    print(f"{passed} passed, 0 failed")
