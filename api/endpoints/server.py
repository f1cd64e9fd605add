"""The server itself: its setup, and its background jobs."""

from typing import Any, Literal

from fastapi import Request
from pydantic import BaseModel, Field

from api.access.rights import ADMIN
from api.http.route import CurrentAccess
from api.resources.pagination import PageOf
from api.settings import settings
from models.tables import Job


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


async def list_jobs(page: PageOf, access: CurrentAccess) -> Any:
    """Return the background jobs, by their names."""
    access.require(ADMIN)
    return await page.fetch(Job.all(), "name")
