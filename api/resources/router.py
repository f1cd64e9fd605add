"""The standard operations: the routes that a row of the table becomes."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Body, Depends, Path, Query, Request, Response
from fastapi.datastructures import Default
from fastapi.responses import JSONResponse
from fastapi_crudrouter.core import CRUDGenerator
from pydantic import AfterValidator

from api.access.gate import Access
from api.access.rights import ADMIN
from api.access.scope import Scope
from api.db.connection import unit_of_work
from api.http.preconditions import ETAG_HEADER, IfMatch, etag
from api.http.route import Route
from api.problems import (
    Forbidden,
    NeighbourMoved,
    ParentInTrash,
    VersionConflict,
    WrongPassword,
    answers_with,
)
from api.resources.filters import Flag, ListQuery
from api.resources.operations import compiled
from api.resources.pagination import LIST_HEADERS, PageOf
from api.resources.reads import Read
from api.resources.representation import check_representation, serialize, serialize_all
from api.resources.resource import Resource
from api.resources.writes import Write, write_of
from models.schemas import MAX_BULK_IDS, ChangeModel, check_unique, values_of

LOCATION_HEADER = {
    "Location": {
        "description": "The path of the new record.",
        "required": True,
        "schema": {"type": "string"},
    }
}


def _require_same(row: Any, expected: dict[str, Any]) -> None:
    """Raise WrongPassword when a password was changed while it was checked."""
    if any(getattr(row, name) != value for name, value in expected.items()):
        raise WrongPassword()


async def restore(resource: Resource, row_id: UUID, access: Access) -> Response:
    """Take a row out of the trash, and show it."""
    async with access.change((resource.trash, row_id)) as [row]:
        if parent := resource.parent:
            parents = access.visible(parent).filter(id=getattr(row, resource.parent_id))
            if not await parents.exists():
                raise ParentInTrash()
        await resource.hooks.restore(resource, row)
        return JSONResponse(await serialize(resource, row, access), headers={"ETag": etag(row)})


class ResourceRouter(CRUDGenerator[Any]):
    """The routes of one row of the table."""

    _base_path = "/api/"

    def __init__(self, resource: Resource, **options: Any) -> None:
        check_representation(resource)
        self.resource = resource
        super().__init__(
            resource.schemas.response,
            create_schema=resource.schemas.create,
            update_schema=resource.schemas.update,
            prefix=resource.path,
            tags=[resource.path],
            delete_all_route=False,
            route_class=Route,
            **options,
        )
        self._add_api_route("/{item_id}", self._patch(), methods=["PATCH"])
        if resource.schemas.patch_many:
            self._add_api_route("/bulk", self._create_many(), methods=["POST"])
            self._add_api_route("", self._patch_many(), methods=["PATCH"])
            self._add_api_route("", self._delete_many(), methods=["DELETE"])
        if resource.schemas.move:
            self._add_api_route("/{item_id}/move", self._move(), methods=["POST"])
        if resource.has_trash:
            self._add_api_route("/{item_id}/restore", self._restore(), methods=["POST"])
            self._add_api_route("/{item_id}/archive", self._archive(), methods=["POST"])
            self._add_api_route("/{item_id}/unarchive", self._archive(undo=True), methods=["POST"])

    def _add_api_route(
        self, path: str, endpoint: Callable[..., Any], *_: Any, **options: Any
    ) -> None:
        """Add a route with its name, statuses and text; the library calls this for its own."""
        [method] = options["methods"]
        is_new = path in ("", "/bulk")
        status = {"POST": 201 if is_new else 200, "DELETE": 204}.get(method, 200)
        resource = self.resource
        sent: Any = resource.schemas.response
        answer: Any = sent
        headers: dict[str, Any] = ETAG_HEADER
        if (method, path) == ("POST", ""):
            headers = LOCATION_HEADER | ETAG_HEADER
        elif is_new:
            answer, headers = list[sent], LIST_HEADERS if method == "GET" else {}
        if method in ("PUT", "PATCH") or path.endswith("/move"):
            changed: Any = resource.schemas.changed
            answer = list[changed] if is_new else changed
        responses: dict[int | str, dict[str, Any]] = {}
        if method != "DELETE":
            responses |= {status: {"headers": headers}}
        if path.endswith("/restore"):
            in_trash = (ParentInTrash,) if resource.parent else ()
            responses |= answers_with(*in_trash, *resource.hooks.restore_conflicts)
        elif resource.hooks.exact and (method, path) == ("GET", ""):
            responses |= answers_with(Forbidden)
        elif method != "GET":
            misplaced = (NeighbourMoved,) if path.endswith("/move") else ()
            refusals = resource.hooks.refusals if path == "/{item_id}" else ()
            hooks = resource.hooks
            conflicts = hooks.removal_conflicts if method == "DELETE" else hooks.conflicts
            if path.endswith("archive"):
                conflicts = hooks.restore_conflicts if path.endswith("/unarchive") else ()
            responses |= answers_with(*conflicts, *misplaced, *refusals)
            responses |= {404: {}} if is_new else {412: {"model": sent}}
        self.add_api_route(
            path.replace("item", resource.name),
            endpoint,
            methods=[method],
            status_code=status,
            response_model=None if method == "DELETE" else answer,
            # What only some answers hold isn't null in the others.
            response_model_exclude_unset=(method, path) == ("PATCH", ""),
            response_class=Response if method == "DELETE" else Default(JSONResponse),
            responses=responses,
            name=endpoint.__name__,
            operation_id=endpoint.__name__,
        )

    def _endpoint(self, name: str, function: Callable[..., Any], text: str, about: str = "") -> Any:
        """Name a route, and describe it by a text and what the record's own notes say."""
        function.__name__ = name
        function.__doc__ = f"{text} {self.resource.hooks.notes.get(about, '')}".rstrip()
        return function

    def _id(self) -> Any:
        return Annotated[UUID, Path(alias=f"{self.resource.name}_id")]

    def _get_all(self, *_: Any, **__: Any) -> Callable[..., Any]:
        resource = self.resource
        hooks, read = resource.hooks, Read(resource)

        # Without exact values a list holds what can be seen, unless the record says otherwise.
        asks = hooks.overrides("searches_everyone") and not hooks.exact

        @compiled("list", resource, None if asks else read)
        async def endpoint(
            request: Request,
            page: PageOf,
            selection: Annotated[ListQuery, read.selector.dependency],
            access: Annotated[Access, Depends(resource.list)],
        ) -> Any:
            return await read.respond(request, access, page=page, selection=selection)

        return self._endpoint(
            f"list_{resource.name}s",
            endpoint,
            f"Return the {resource.noun}s that you can read, the oldest first unless you sort or "
            "search." + self._about_time(),
            "list",
        )

    def _get_one(self, *_: Any, **__: Any) -> Callable[..., Any]:
        resource = self.resource
        read = Read(resource, is_list=False)

        @compiled("read", resource, read)
        async def endpoint(
            item_id: self._id(),  # type: ignore[valid-type]
            request: Request,
            access: Annotated[Access, Depends(resource.read)],
        ) -> Any:
            return await read.respond(request, access, row_id=item_id)

        return self._endpoint(f"get_{resource.name}", endpoint, f"Return one {resource.noun}.")

    def _create(self, *_: Any, **__: Any) -> Callable[..., Any]:
        resource = self.resource
        hooks, parent = resource.hooks, resource.parent
        write = write_of(resource, "create", resource.schemas.create)

        @compiled("create", resource, write)
        async def create(
            body: resource.schemas.create,  # type: ignore[name-defined]
            request: Request,
            access: Annotated[Access, Depends(resource.create)],
        ) -> Any:
            values = await hooks.before_transaction(values_of(body), access.user)
            return await cast(Write, write).respond(request, access, values=values)

        async def create_in_python(
            body: resource.schemas.create,  # type: ignore[name-defined]
            response: Response,
            access: Annotated[Access, Depends(resource.create)],
        ) -> Any:
            values = values_of(body)
            if parent is None:
                access.require(resource.create)  # before the work of preparing
            values = await hooks.before_transaction(values, access.user)
            async with (
                access.change((parent, values[resource.parent_id])) if parent else unit_of_work()
            ):
                if parent is None:
                    await access.confirm()
                row = await hooks.add(resource, values, access.user)
                if resource.board == "self":
                    access.changed_boards.add(row.id)
                record = await serialize(resource, row, access)
            response.headers["Location"] = f"{self.prefix}/{row.id}"
            response.headers["ETag"] = etag(row)
            return record

        return self._endpoint(
            f"create_{resource.name}",
            create if write else create_in_python,
            f"Create a {resource.noun}."
            if parent is None
            else f"Create a {resource.noun}. `{resource.parent_id}` is the "
            f"{parent.model.__name__.lower()} that it belongs to.",
            "add",
        )

    def _update(self, *_: Any, **__: Any) -> Callable[..., Any]:
        resource = self.resource
        # What may be left out without a default taking its place.
        fields = resource.schemas.update.model_fields
        shown = resource.schemas.response.model_fields
        kept = [
            f"`{name}`"
            for name, field in fields.items()
            if field.default_factory and name in shown and name not in ChangeModel.model_fields
        ]
        return self._endpoint(
            f"update_{resource.name}",
            self._change(resource.schemas.update),
            f"Replace a {resource.noun}: an optional field that you leave out is reset to its "
            "default"
            + (f", except {' and '.join(kept)}, which it keeps." if kept else ".")
            + self._about_moving(),
            "change",
        )

    def _patch(self) -> Callable[..., Any]:
        resource = self.resource
        return self._endpoint(
            f"patch_{resource.name}",
            self._change(resource.schemas.patch),
            f"Change the fields of a {resource.noun} that you send, and keep the others."
            + self._about_moving(),
            "change",
        )

    def _move(self) -> Callable[..., Any]:
        resource = self.resource
        destination = self._destination()
        text = (
            f"Move a {resource.noun} right before a neighbour, right after one, or to a `position`."
            + (
                f" `{destination}` moves it to another parent; alone, to the end there."
                if destination
                else ""
            )
            + " 409 if the neighbour isn't there."
        )
        return self._endpoint(f"move_{resource.name}", self._change(resource.schemas.move), text)

    def _create_many(self) -> Callable[..., Any]:
        resource = self.resource
        parent = cast(Scope, resource.parent)
        write = Write(resource, "create", resource.schemas.create)

        async def endpoint(
            body: resource.schemas.create_many,  # type: ignore[name-defined]
            access: Annotated[Access, Depends(resource.create)],
        ) -> Any:
            wanted = [values_of(each) for each in body.items]
            parents = dict.fromkeys(values[resource.parent_id] for values in wanted)
            async with access.change(*((parent, each) for each in parents)) as rows:
                created = await write.create_many(access, rows, wanted)
                return await serialize_all(resource, created, access)

        return self._endpoint(
            f"create_{resource.name}s",
            endpoint,
            f"Create up to {MAX_BULK_IDS} {resource.noun}s, one after the other. Either all are "
            "created or none. The response has the order of `items`.",
        )

    def _delete_many(self) -> Callable[..., Any]:
        resource = self.resource

        async def endpoint(
            ids: Annotated[
                list[UUID],
                Query(
                    alias="id",
                    min_length=1,
                    max_length=MAX_BULK_IDS,
                    description=f"1 to {MAX_BULK_IDS} of these.",
                    json_schema_extra={"uniqueItems": True},
                ),
                AfterValidator(check_unique),
            ],
            access: Annotated[Access, Depends(resource.delete)],
        ) -> None:
            async with access.change(*((resource, row_id) for row_id in ids)):
                await resource.model.filter(id__in=ids).update(deleted_at=datetime.now(UTC))

        return self._endpoint(
            f"delete_{resource.name}s",
            endpoint,
            f"Move up to {MAX_BULK_IDS} {resource.noun}s to the trash. Either all go or none.",
        )

    def _patch_many(self) -> Callable[..., Any]:
        resource = self.resource
        hooks, destination = resource.hooks, self._destination()

        async def endpoint(
            body: resource.schemas.patch_many,  # type: ignore[name-defined]
            access: Annotated[Access, Depends(resource.update)],
        ) -> Any:
            values = values_of(body)
            ids = values.pop("ids")
            targets: list[tuple[Scope, UUID]] = [(resource, row_id) for row_id in ids]
            if resource.parent and destination in values:
                targets.append((resource.parent, values[destination]))
            async with access.change(*targets) as rows:
                rows = rows[: len(ids)]
                more = await hooks.change_all(resource, rows, values)
                records = await serialize_all(resource, rows, access)
                return [
                    each | more.get(row.id, {}) for row, each in zip(rows, records, strict=True)
                ]

        return self._endpoint(
            f"patch_{resource.name}s",
            endpoint,
            f"Apply the same values to up to {MAX_BULK_IDS} {resource.noun}s. Either all change or "
            "none; `If-Match` is ignored. The response has the order of `ids`.",
            "change_all",
        )

    def _about_time(self) -> str:
        """Say how long a list takes, where that depends on the order."""
        resource = self.resource
        if set(resource.sort) < set(resource.indexed):
            return ""
        orders = ", ".join(f"`{name}`" for name in resource.indexed)
        return (
            f" Sorting by {orders} is fast for any number of {resource.noun}s. Other orders take "
            "longer the more of them you can see; filter by board or parent then."
        )

    def _about_moving(self) -> str:
        parent_id = self._destination()
        return (
            f" A new `{parent_id}` moves it there, which requires the right on both boards."
            if parent_id
            else ""
        )

    def _destination(self) -> str | None:
        """Return the field by which a record moves to another parent, if it can."""
        resource = self.resource
        fields = resource.schemas.update.model_fields
        return resource.parent_id if resource.parent and resource.parent_id in fields else None

    def _change(self, schema: Any) -> Callable[..., Any]:
        """Return the endpoint that writes the values of a body to a record."""
        resource = self.resource
        hooks, destination = resource.hooks, self._destination()
        write = write_of(resource, "update", schema)

        @compiled("update", resource, write, resource.schemas.changed)
        async def change(
            item_id: self._id(),  # type: ignore[valid-type]
            body: schema,
            request: Request,
            if_match: Annotated[IfMatch, Depends()],
            access: Annotated[Access, Depends(resource.update)],
        ) -> Any:
            values = if_match.values_of(body, item_id)
            values = await hooks.before_transaction(values, access.user)
            return await cast(Write, write).respond(
                request, access, row_id=item_id, values=values, if_match=if_match
            )

        async def change_in_python(
            item_id: self._id(),  # type: ignore[valid-type]
            body: schema,
            request: Request,
            response: Response,
            if_match: Annotated[IfMatch, Depends()],
            access: Annotated[Access, Depends(resource.update)],
        ) -> Any:
            values = if_match.values_of(body, item_id)
            targets: list[tuple[Scope, UUID]] = [(resource, item_id)]
            if resource.parent and destination in values:
                targets.append((resource.parent, values[destination]))
            expected = await hooks.confirm(values, access.user, item_id)
            host = request.headers.get("host", "") + request.scope["root"]
            values = await hooks.before_transaction(values, access.user, host)
            async with access.change(*targets) as [row, *_]:
                _require_same(row, expected)
                if any(values.get(name, old) != old for name, old in self._guarded(row)):
                    access.require(ADMIN)
                if not if_match.holds(row):
                    raise VersionConflict(await serialize(resource, row, access))
                if values:
                    await hooks.change(resource, row, values)
                record = await serialize(resource, row, access)
            response.headers["ETag"] = etag(row)
            return record

        return change if write else change_in_python

    def _guarded(self, row: Any) -> list[tuple[str, Any]]:
        return [(name, getattr(row, name)) for name in self.resource.admin_only]

    def _delete_one(self, *_: Any, **__: Any) -> Callable[..., Any]:
        resource = self.resource
        hooks = resource.hooks
        remove, discard = write_of(resource, "remove"), Write(resource, "discard")

        @compiled("delete", resource, remove)
        async def delete(
            item_id: self._id(),  # type: ignore[valid-type]
            request: Request,
            if_match: Annotated[IfMatch, Depends()],
            access: Annotated[Access, Depends(resource.delete)],
        ) -> Any:
            return await cast(Write, remove).respond(
                request, access, row_id=item_id, if_match=if_match
            )

        @compiled("delete", resource, discard)
        async def delete_or_discard(
            item_id: self._id(),  # type: ignore[valid-type]
            request: Request,
            if_match: Annotated[IfMatch, Depends()],
            access: Annotated[Access, Depends(resource.delete)],
            permanent: Annotated[
                Flag, Query(description="true deletes it permanently, also from the trash.")
            ] = False,
        ) -> Any:
            write = cast(Write, remove) if permanent else discard
            return await write.respond(request, access, row_id=item_id, if_match=if_match)

        async def delete_in_python(
            item_id: self._id(),  # type: ignore[valid-type]
            if_match: Annotated[IfMatch, Depends()],
            choices: Annotated[dict[str, Any], Depends(hooks.removal)],
            access: Annotated[Access, Depends(resource.delete)],
            body: Annotated[
                resource.schemas.delete,  # type: ignore[name-defined]
                Body(default_factory=resource.schemas.delete),
            ],
        ) -> None:
            values = values_of(body)
            expected = await hooks.confirm(values, access.user, item_id, removal=True)
            async with access.change((resource, item_id)) as [row]:
                _require_same(row, expected)
                if not if_match.holds(row):
                    raise VersionConflict(await serialize(resource, row, access))
                await hooks.remove(resource, row, **choices)

        text = (
            f"Move a {resource.noun} with everything in it to the trash. It can be restored for 30 "
            "days (TRASH_DAYS)."
            if resource.has_trash
            else f"Delete a {resource.noun} permanently."
        )
        return self._endpoint(
            f"delete_{resource.name}",
            delete_in_python
            if remove is None
            else delete_or_discard
            if resource.has_trash
            else delete,
            text,
            "remove",
        )

    def _restore(self) -> Callable[..., Any]:
        resource = self.resource
        parent = resource.parent

        async def endpoint(
            item_id: self._id(),  # type: ignore[valid-type]
            access: Annotated[Access, Depends(resource.delete)],
        ) -> Any:
            return await restore(resource, item_id, access)

        text = f"Restore a {resource.noun} with everything in it from the trash."
        if resource.order == "rank":
            text += " It returns to its place."
        text += f" 409 while its {parent.model.__name__.lower()} is in the trash." if parent else ""
        return self._endpoint(f"restore_{resource.name}", endpoint, text, "restore")

    def _archive(self, *, undo: bool = False) -> Callable[..., Any]:
        resource = self.resource
        write = Write(resource, "unarchive" if undo else "archive")

        async def endpoint(
            item_id: self._id(),  # type: ignore[valid-type]
            request: Request,
            if_match: Annotated[IfMatch, Depends()],
            access: Annotated[Access, Depends(resource.update)],
        ) -> Any:
            return await write.respond(request, access, row_id=item_id, if_match=if_match)

        if not undo:
            text = f"Archive a {resource.noun}: lists leave it out, with everything in it."
            return self._endpoint(f"archive_{resource.name}", endpoint, text)
        text = f"Take a {resource.noun} out of the archive."
        if resource.order == "rank":
            text += " It returns to its place."
        return self._endpoint(f"unarchive_{resource.name}", endpoint, text)

    def _delete_all(self, *_: Any, **__: Any) -> Callable[..., Any]:
        raise NotImplementedError("no route deletes everything")
