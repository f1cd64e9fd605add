"""Nested lists, such as a board's columns: one for each row of the registry that has a parent."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Request

from api.access.gate import Access
from api.access.rights import VIEWER
from api.http.route import router
from api.resources.operations import compiled
from api.resources.pagination import PageOf, answers_with_list_of
from api.resources.reads import Read
from api.resources.resource import Resource
from crud_config import RESOURCES

nested_lists = router()


def add_list(resource: Resource, parent: Resource) -> None:
    """Add the route of the list of a parent's rows."""
    read = Read(resource, is_under=True)

    @compiled("children", resource, read)
    async def endpoint(
        parent_id: Annotated[UUID, Path(alias=f"{parent.name}_id")],
        request: Request,
        page: PageOf,
        access: Annotated[Access, Depends(VIEWER)],
    ) -> Any:
        return await read.respond(request, access, row_id=parent_id, page=page)

    order = "in their order" if resource.order == "rank" else "the oldest first"
    endpoint.__doc__ = f"Return the {resource.path} of a {parent.name}, {order}."
    nested_lists.add_api_route(
        f"/{parent.path}/{{{parent.name}_id}}/{resource.path}",
        endpoint,
        methods=["GET"],
        tags=[resource.path],
        summary=f"List a {parent.name}'s {resource.path}",
        name=f"list_{parent.name}_{resource.path}",
        **answers_with_list_of(resource.schemas.response),
    )


for resource in RESOURCES:
    if resource.parent:
        [parent] = [each for each in RESOURCES if each.model is resource.parent.model]
        add_list(resource, parent)
