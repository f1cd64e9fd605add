"""The log: each line as text or as JSON, with the time, the level and what is known beside it.

What the program says goes through the standard library's logging, which structlog formats. The line
of a request takes a shorter way, since that one takes four times as long.
"""

import asyncio
import json
import logging
import re
import sys
import time
from collections import deque
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from api.settings import settings

FLUSH_SECONDS = 0.1
REPEAT_SECONDS = 10.0  # at least, between two lines about the same trouble

log = logging.getLogger("corkboard")

# What PostgreSQL and its driver say beside an error quotes rows and parameters.
ROWS = re.compile(r"^(?:DETAIL|HINT):.*\n?|(query argument \$\d+):.*", re.MULTILINE)


def without_excess(_: Any, __: str, line: Any) -> Any:
    """Leave out what belongs in no log, such as what an error of the database says about rows."""
    if "exception" in line:
        line["exception"] = ROWS.sub(r"\1", line["exception"])
    line.pop("color_message", None)  # which uvicorn adds
    return line


def formatter() -> logging.Formatter:
    """Return the format of all lines but those of requests."""
    # Not before: a worker that is slow to say that it lives is replaced.
    import structlog

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", key="time"),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_excess,
            structlog.processors.JSONRenderer()
            if settings().log_format == "json"
            else structlog.dev.ConsoleRenderer(
                colors=False,
                pad_event_to=0,
                timestamp_key="time",
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ],
    )


# For `logging.config.dictConfig`, which uvicorn calls in each worker.
CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": formatter}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "lines",
        }
    },
    "root": {"handlers": ["stdout"], "level": "INFO"},
}

# A proxy may pass on anything as the client's address.
ADDRESS = re.compile(r"[\w.:%-]{1,64}", re.ASCII)

_repeated: dict[str, tuple[float, int]] = {}  # by kind: when it was told, and how often not since


def warn_rarely(kind: str, message: str) -> None:
    """Log a warning, but only one of a kind in `REPEAT_SECONDS`. The next counts those left out."""
    now = time.monotonic()
    told, left_out = _repeated.get(kind, (-REPEAT_SECONDS, 0))
    if now - told < REPEAT_SECONDS:
        _repeated[kind] = told, left_out + 1
    else:
        _repeated[kind] = now, 0
        log.warning(message, extra={"left_out": left_out} if left_out else None)


def address_in(client: tuple[str, int] | None) -> str | None:
    """Return a client's address, if it is one."""
    return client[0] if client and ADDRESS.fullmatch(client[0]) else None


@lru_cache(1)
def second(seconds: int) -> str:
    """Return a time as text. Formatting it takes longer than all else of a line."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


class RequestLine(NamedTuple):
    """The line that is logged for a request."""

    ended: float  # seconds since 1970
    request_id: str
    status: int | None
    client: tuple[str, int] | None
    method: str | None = None
    route: str | None = None
    seconds: float = 0.0
    database_seconds: float = 0.0
    user_id: Any = None
    reason: str | None = None  # of a 503

    def __str__(self) -> str:
        """Return the line in the format that is set."""
        at = f"{second(int(self.ended))}.{int(self.ended % 1 * 1e6):06}Z"
        level = "warning" if self.status is None or self.status >= 500 else "info"
        fields = {
            "request_id": self.request_id,
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "ms": round(self.seconds * 1000, 2),
            "database_ms": round(self.database_seconds * 1000, 2),
            "user_id": self.user_id and str(self.user_id),
            "client": address_in(self.client),
        }
        if self.reason:
            fields["reason"] = self.reason
        if settings().log_format == "json":
            return json.dumps({"time": at, "level": level, "event": "request", **fields})
        named = " ".join([f"{name}={value}" for name, value in fields.items()])
        return f"{at} [{level:<9}] request {named}"


_lines: list[RequestLine] = []  # that wait
errors: deque[RequestLine] = deque(maxlen=20)  # the newest requests of this process with a 5xx


def log_request(line: RequestLine) -> None:
    """Write a line, together with those of the next moment: one by one, they take longer."""
    if not _lines:
        asyncio.get_running_loop().call_later(FLUSH_SECONDS, flush)
    _lines.append(line)
    if line.status is not None and line.status >= 500:
        errors.append(line)


def flush() -> None:
    """Write the lines that wait."""
    sys.stdout.write("".join([f"{line}\n" for line in _lines]))
    sys.stdout.flush()
    _lines.clear()
