"""The server itself, for frontends before anybody signs in."""

from typing import Literal

from fastapi import Request
from pydantic import BaseModel, Field

from api.settings import settings


class Server(BaseModel):
    """The setup of this server."""

    version: str = Field(description="The version of Corkboard.", examples=["1.0.0"])
    registration: Literal["open", "invitation", "closed"] = Field(
        description="Who may register: anyone, people with an invitation, or nobody."
    )
    email: bool = Field(description="Whether the server can send e-mail.", examples=[False])
    root_path: str = Field(
        description="The path that a proxy puts before all others.", examples=["/corkboard"]
    )


async def get_server(request: Request) -> Server:
    """Return what a frontend must know of the server before anybody signs in."""
    return Server(
        version=request.app.version,
        registration=settings().registration,
        email=False,
        root_path=request.scope["root"],
    )
