"""A picture from a name: a mirrored grid of five by five in a colour of its own."""

from functools import lru_cache
from hashlib import sha256
from typing import Annotated

from fastapi import Path, Response

SIZE, CELL = 5, 20


@lru_cache(maxsize=2_000)
def draw(name: str) -> str:
    """Draw the picture as SVG. Nothing of the name itself is in it."""
    digest = sha256(name.encode()).digest()
    hue = int.from_bytes(digest[:2], "big") % 360
    bits = int.from_bytes(digest[2:6], "big")
    half = (SIZE + 1) // 2
    squares = [
        f"M{column * CELL} {row * CELL}h{CELL}v{CELL}h-{CELL}z"
        for row in range(SIZE)
        for column in range(SIZE)
        if bits >> (row * half + min(column, SIZE - 1 - column)) & 1
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE * CELL} {SIZE * CELL}">'
        f'<path fill="hsl({hue} 45% 92%)" d="M0 0h{SIZE * CELL}v{SIZE * CELL}H0z"/>'
        f'<path fill="hsl({hue} 55% 45%)" d="{"".join(squares)}"/></svg>'
    )


CONTENT = {"image/svg+xml": {"schema": {"type": "string"}}}


async def get_avatar(
    name: Annotated[str, Path(max_length=150, description="A username.", examples=["ada"])],
) -> Response:
    """Return the picture drawn from a name. The same name always gives the same picture, whether or
    not a user has it."""
    return Response(
        draw(name), media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
    )
