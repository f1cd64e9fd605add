"""Ranks: texts that keep siblings in order, so that a move writes nothing but the row that moves.

A rank is a number in hexadecimal: 13 digits, which are the time in microseconds where a row was put
at the end, and any number of digits after the point. Texts of such digits are in the order of their
numbers, and between two of them there is always room for another. Nobody but the server sees them.
"""

import time

WIDTH = 13
STEP = 16**6  # from the first rank to one before it, which leaves room for 100 million

# What a new row gets at the end, in SQL, where `{now}` is the time and `{last}` a query for the
# last rank. Only where a clock went back it is the number after that one.
AT_END = f"""greatest(
    lpad(to_hex((extract(epoch FROM {{now}}::timestamptz) * 1000000)::bigint), {WIDTH}, '0'),
    (
        SELECT CASE WHEN last < '{"f" * WIDTH}' THEN lpad(to_hex(
            ('x' || lpad(left(last, {WIDTH}), 16, '0'))::bit(64)::bigint + 1
        ), {WIDTH}, '0') ELSE last || '1' END FROM (SELECT ({{last}}) AS last) AS ranks
    )
)"""  # noqa: S608  # no value is in it


def rank_now() -> str:
    """Return the rank of what is put at the end now."""
    return _text(time.time_ns() // 1000, WIDTH)


def ranks_at_end(last: str | None, count: int = 1) -> list[str]:
    """Return so many ranks in ascending order after the last one."""
    first = int(rank_now(), 16)
    if last is not None:
        first = max(first, int(last[:WIDTH], 16) + 1)
    if first + count > 16**WIDTH:  # no more such numbers
        digits = len(f"{count:x}")
        return [(last or "") + _text(n, digits) for n in range(1, count + 1)]
    return [_text(first + n, WIDTH) for n in range(count)]


def ranks_between(low: str | None, high: str, count: int = 1) -> list[str]:
    """Return so many ranks in ascending order between two; None stands for the beginning."""
    length = max(WIDTH, len(low or ""), len(high))
    last = _number(high, length)
    first = max(0, last - STEP * 16 ** (length - WIDTH) * (count + 1))
    if low is not None:
        first = _number(low, length)
    if first >= last:
        raise ValueError(f"The rank {low} doesn't come before {high}.")
    while last - first <= count:
        first, last, length = first * 16, last * 16, length + 1
    return [_text(first + (last - first) * n // (count + 1), length) for n in range(1, count + 1)]


def _number(rank: str, length: int) -> int:
    """Return the number of a rank with so many digits in all, without its point."""
    return int(rank.ljust(length, "0"), 16)


def _text(number: int, length: int) -> str:
    return f"{number:0{length}x}"
