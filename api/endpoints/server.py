"""The server: its setup, background jobs and status."""

from datetime import UTC, datetime
from typing import Any, Literal

from fastapi import Request
from pydantic import BaseModel, Field
from tortoise import Tortoise

from api import logs
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


class RequestError(BaseModel):
    """A request that was answered with a 5xx."""

    at: datetime
    request_id: str = Field(description="The id to look for in the log.", examples=["4f2a9c"])
    status: int = Field(examples=[503])
    method: str | None = Field(examples=["GET"])
    route: str | None = Field(examples=["/api/tasks"])


class ServerStatus(BaseModel):
    """The server's status."""

    database_bytes: int = Field(description="The size of the database.", examples=[12_345_678])
    errors: list[RequestError] = Field(
        description="The newest 20 errors of the process that answers, since it started."
    )


async def get_status(access: CurrentAccess) -> ServerStatus:
    """Return the server's status: its newest errors, and the size of its database."""
    access.require(ADMIN)
    [row] = await Tortoise.get_connection("default").execute_query_dict(
        "SELECT pg_database_size(current_database()) AS size"
    )
    return ServerStatus(
        database_bytes=row["size"],
        errors=[
            RequestError(
                at=datetime.fromtimestamp(line.ended, UTC),
                request_id=line.request_id,
                status=line.status,
                method=line.method,
                route=line.route,
            )
            for line in reversed(logs.errors)
            if line.status
        ],
    )
