"""Nested lists, such as a board's columns: one for each row of the registry that has a parent."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Request

from api.access.rights import READER
from api.endpoints.endpoint import Endpoint
from api.http.route import CurrentAccess
from api.resources.filters import ListQuery
from api.resources.operations import compiled
from api.resources.pagination import PageOf
from api.resources.reads import Read
from api.resources.resource import Resource
from crud_config import RESOURCES


def nested_list(resource: Resource, parent: Resource) -> Endpoint:
    """Return the endpoint that lists a parent's rows."""
    sent: Any = resource.schemas.response
    read = Read(resource, is_under=True)

    @compiled("children", resource, read)
    async def endpoint(
        parent_id: Annotated[UUID, Path(alias=f"{parent.name}_id")],
        request: Request,
        page: PageOf,
        selection: Annotated[ListQuery, read.selector.dependency],
        access: CurrentAccess,
    ) -> Any:
        return await read.respond(request, access, row_id=parent_id, page=page, selection=selection)

    order = "in their order" if resource.order == "rank" else "the oldest first"
    endpoint.__name__ = f"list_{parent.name}_{resource.name}s"
    endpoint.__doc__ = f"Return the {resource.noun}s of a {parent.noun}, {order}."
    return Endpoint(
        "GET",
        f"/api/{parent.path}/{{{parent.name}_id}}/{resource.path}",
        READER,
        endpoint,
        200,
        resource.path,
        f"List a {parent.noun}'s {resource.noun}s",
        list[sent],
    )


NESTED_LISTS = [
    nested_list(resource, parent)
    for resource in RESOURCES
    for parent in RESOURCES
    if resource.parent and resource.parent.model is parent.model
]
