"""The standard operations: a row of the table becomes five routes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Response
from fastapi.datastructures import Default
from fastapi.responses import JSONResponse
from fastapi_crudrouter.core import CRUDGenerator

from api.access import ADMIN, Access, Right, Scope
from api.database import unit_of_work
from api.paging import LINK_HEADER, PageOf
from api.records import Records
from api.routing import Route
from models.schemas import Schemas, values_of

LOCATION_HEADER = {
    "Location": {
        "description": "The path of the new record.",
        "required": True,
        "schema": {"type": "string"},
    }
}


@dataclass(frozen=True)
class Resource(Scope):
    """A row of the table: a record, the way to its board, and the least right for each operation.

    `path` is where it is served, `records` how its rows are written, `private` which fields are
    null for all but the user themself and admins, and `admin_only` which only admins change.
    """

    path: str
    schemas: Schemas
    list: Right = field(kw_only=True)
    create: Right = field(kw_only=True)
    update: Right = field(kw_only=True)
    delete: Right = field(kw_only=True)
    records: Records = field(kw_only=True, default=Records())
    private: tuple[str, ...] = field(kw_only=True, default=())
    admin_only: tuple[str, ...] = field(kw_only=True, default=())

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("list", "read", "create", "update", "delete"):
            if not isinstance(getattr(self, name), Right):
                raise TypeError(f"{self.path}: {name} is no right")
        if self.list != self.read:
            raise TypeError(f"{self.path}: a list holds what can be read; the rights must be one")

    @property
    def name(self) -> str:
        """What one record is called, such as `task`."""
        return self.model.__name__.lower()

    def present(self, row: Any, access: Access) -> Any:
        """The row as its reader may see it."""
        record = self.schemas.sent.model_validate(row)
        if self.private and not access.is_self(row):
            for name in self.private:
                setattr(record, name, None)
        return record


class Registry(tuple[Resource, ...]):
    """The table: its rows in order, each also by the path that it is served at."""

    def __new__(cls, *resources: Resource) -> "Registry":
        return super().__new__(cls, resources)

    def at(self, path: str) -> Resource:
        """The row that is served at `path`. Raises KeyError."""
        return {resource.path: resource for resource in self}[path]


def _described(text: str, *rules: Callable[..., Any]) -> str:
    """The text, followed by what the record's own rules say in their docstrings."""
    return " ".join([text, *(" ".join(rule.__doc__.split()) for rule in rules if rule.__doc__)])


class ResourceRouter(CRUDGenerator[Any]):
    """The five routes of one row of the table."""

    _base_path = "/api/"

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        super().__init__(
            resource.schemas.sent,
            create_schema=resource.schemas.create,
            update_schema=resource.schemas.update,
            prefix=resource.path,
            tags=[resource.path],
            delete_all_route=False,
            route_class=Route,
        )

    def _add_api_route(
        self, path: str, endpoint: Callable[..., Any], *_: Any, **options: Any
    ) -> None:
        """The library's hook: every route gets its path, name, statuses and text here."""
        [method] = options["methods"]
        sent: Any = self.resource.schemas.sent
        responses: dict[int | str, dict[str, Any]] = {} if method == "GET" else {409: {}}
        if method == "POST":
            responses |= {404: {}, 201: {"headers": LOCATION_HEADER}}
        elif not path:
            sent = list[sent]  # the library says "or null"
            responses |= {200: {"headers": LINK_HEADER}}
        self.add_api_route(
            path.replace("item", self.resource.name),
            endpoint,
            methods=[method],
            status_code={"POST": 201, "DELETE": 204}.get(method, 200),
            response_model=None if method == "DELETE" else sent,
            response_class=Response if method == "DELETE" else Default(JSONResponse),
            responses=responses,
            name=endpoint.__name__,
        )

    def _endpoint(self, name: str, function: Callable[..., Any], text: str, *rules: Any) -> Any:
        function.__name__ = name
        function.__doc__ = _described(text, *rules)
        return function

    def _id(self) -> Any:
        return Annotated[UUID, Path(alias=f"{self.resource.name}_id")]

    def _get_all(self, *_: Any, **__: Any) -> Callable[..., Any]:
        resource = self.resource

        async def endpoint(
            page: PageOf, access: Annotated[Access, Depends(resource.list)]
        ) -> list[Any]:
            rows = await page.of(access.visible(resource))
            return [resource.present(row, access) for row in rows]

        return self._endpoint(
            f"list_{resource.path}",
            endpoint,
            f"All {resource.path} that you can read, the oldest first, page by page.",
        )

    def _get_one(self, *_: Any, **__: Any) -> Callable[..., Any]:
        resource = self.resource

        async def endpoint(
            item_id: self._id(),  # type: ignore[valid-type]
            access: Annotated[Access, Depends(resource.read)],
        ) -> Any:
            return resource.present(await access.read(resource, item_id), access)

        return self._endpoint(f"get_{resource.name}", endpoint, f"One {resource.name} by its id.")

    def _create(self, *_: Any, **__: Any) -> Callable[..., Any]:
        resource = self.resource
        parent, records = resource.parent, resource.records

        async def endpoint(
            body: resource.schemas.create,  # type: ignore[name-defined]
            response: Response,
            access: Annotated[Access, Depends(resource.create)],
        ) -> Any:
            values = values_of(body)
            if parent is None:
                access.require(resource.create)  # before the work of preparing
            values = await records.prepare(values, access.user)
            async with (
                access.change((parent, values[resource.parent_id])) if parent else unit_of_work()
            ):
                if parent is None:
                    await access.confirm()
                row = await records.add(resource, values, access.user)
            response.headers["Location"] = f"{self.prefix}/{row.id}"
            return resource.present(row, access)

        return self._endpoint(
            f"create_{resource.name}",
            endpoint,
            f"Create a {resource.name}."
            if parent is None
            else f"Create a {resource.name} in the "
            f"{parent.model.__name__.lower()} that `{resource.parent_id}` names.",
            records.add,
        )

    def _update(self, *_: Any, **__: Any) -> Callable[..., Any]:
        resource = self.resource
        records = resource.records
        # What may be left out without a default taking its place.
        fields = resource.schemas.update.model_fields
        kept = next((name for name, field in fields.items() if field.default_factory), None)
        moves = resource.parent is not None and (
            resource.parent_id in resource.schemas.update.model_fields
        )

        async def endpoint(
            item_id: self._id(),  # type: ignore[valid-type]
            body: resource.schemas.update,  # type: ignore[name-defined]
            access: Annotated[Access, Depends(resource.update)],
        ) -> Any:
            values = values_of(body)
            targets: list[tuple[Scope, UUID]] = [(resource, item_id)]
            if moves and resource.parent:
                targets.append((resource.parent, values[resource.parent_id]))
            values = await records.prepare(values, access.user)
            async with access.change(*targets) as [row, *_]:
                if any(values.get(name, old) != old for name, old in self._guarded(row)):
                    access.require(ADMIN)
                await records.change(resource, row, values)
            return resource.present(row, access)

        return self._endpoint(
            f"update_{resource.name}",
            endpoint,
            f"Replace a {resource.name}. Send the fields below only, without `id` and times: an "
            "optional one that you leave out returns to its default"
            + (f", except `{kept}`, which keeps its value." if kept else ".")
            + (f" Another `{resource.parent_id}` moves it there, which takes the same right on "
               "both boards." if moves else ""),
            records.change,
        )  # fmt: skip

    def _guarded(self, row: Any) -> list[tuple[str, Any]]:
        return [(name, getattr(row, name)) for name in self.resource.admin_only]

    def _delete_one(self, *_: Any, **__: Any) -> Callable[..., Any]:
        resource = self.resource

        async def endpoint(
            item_id: self._id(),  # type: ignore[valid-type]
            access: Annotated[Access, Depends(resource.delete)],
        ) -> None:
            async with access.change((resource, item_id)) as [row]:
                await resource.records.remove(resource, row)

        return self._endpoint(
            f"delete_{resource.name}",
            endpoint,
            f"Delete a {resource.name} with all that belongs to it.",
            resource.records.remove,
        )

    def _delete_all(self, *_: Any, **__: Any) -> Callable[..., Any]:
        raise NotImplementedError("no route deletes everything")
