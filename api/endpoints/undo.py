"""Undo: put back what an event changed, by the operation that a client would call for that."""

from typing import Any, cast
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, TypeAdapter, ValidationError
from tortoise.expressions import Q, Subquery

from api.access.gate import Access
from api.db.connection import shared_unit_of_work
from api.endpoints import assignments, members
from api.http.route import CurrentAccess
from api.problems import ChangedSince, NotFound, NotRevertible, Unprocessable
from api.resources.pagination import Number
from api.resources.representation import serialize
from api.resources.resource import Resource
from api.resources.router import restore
from api.resources.writes import Write
from crud_config import RESOURCES
from models import schemas
from models.schemas import values_of
from models.tables import BoardUser, Event, Task, TaskLabel

boards = RESOURCES.at("boards")
BY_NAME = {resource.name: resource for resource in RESOURCES}


class Place(BaseModel):
    """The place that a move logs, beside the parent."""

    position: int
    after_id: UUID | None


# An event of a link has one field, an id.
LINKED = TypeAdapter(tuple[UUID])
# For each change of a link: the task's field, whether the id is in it afterwards, and the opposite
# operation.
LINKS = {
    "assigned": ("assignee_ids", True, assignments.unassign_task),
    "unassigned": ("assignee_ids", False, assignments.assign_task),
    "labeled": ("label_ids", True, assignments.unlabel_task),
    "unlabeled": ("label_ids", False, assignments.label_task),
}
# The writes that put back what happened to a record as a whole.
OPPOSITES = {"archived": "unarchive", "unarchived": "archive", "restored": "discard"}
# These have both `before` and `after`; a missing one is in the log of another board.
CHANGES = ("updated", "moved", "archived", "unarchived")


async def revert_event(event_id: Number, request: Request, access: CurrentAccess) -> Response:
    """Revert an event: put back fields, a place, a link or a role, restore from the trash, or
    delete what was created. It takes the right to do so by hand, and is an event itself.

    409 if the record has changed since, or for a kind of event that can't be put back. 204 if there
    is no record afterwards.
    """
    event = await Event.get_or_none(id=event_id)
    if event is None or (event.board_id is None and not access.user.is_admin):
        raise NotFound()
    if event.board_id is None:
        raise NotRevertible()
    async with shared_unit_of_work(), access.change((boards.with_trash, event.board_id)):
        try:
            return await _revert(event, request, access)
        except NotFound:  # of the record, or of what belongs to it
            raise ChangedSince() from None
        except Unprocessable as error:  # such as of an assignee who is a VIEWER now
            raise ChangedSince(error.errors[0].detail) from None
        except ValidationError:  # written by hand, perhaps before there was a limit
            raise NotRevertible() from None


async def _revert(event: Event, request: Request, access: Access) -> Response:
    """Do the opposite, where the record is as the event left it. The board is locked, and nothing
    here locks another one: two that did so could wait for each other."""
    if event.before is None and event.after is None:  # of what was deleted for good, or forgotten
        raise NotRevertible()
    record, _, verb = event.kind.partition(".")
    if record == "member":
        return await _revert_membership(event, verb, access)
    resource = BY_NAME[record]
    on_board = {resource.board_id: event.board_id}
    if verb == "deleted" and resource.has_trash:
        access.require(resource.delete, await access.role_on(cast(UUID, event.board_id)))
        if not await resource.model.filter(**on_board).filter(id=event.record_id).exists():
            raise ChangedSince()
        return await restore(resource, event.record_id, access.with_right(resource.delete))
    is_half = verb in CHANGES and None in (event.before, event.after)
    if verb in ("deleted", "purged") or is_half:
        raise NotRevertible()
    row = await access.visible(resource).filter(**on_board).get_or_none(id=event.record_id)
    if row is None:
        raise ChangedSince()
    shown = await serialize(resource, row, access)
    if verb in LINKS:
        field, is_linked, operation = LINKS[verb]
        [linked] = LINKED.validate_python([*(event.after or event.before).values()])
        if (str(linked) in shown[field]) is not is_linked:
            raise ChangedSince()
        right = access.operations[operation.__name__]
        await operation(row.id, linked, access.with_right(right))
        shown = await serialize(resource, row, access)
        return JSONResponse(shown, headers={"ETag": f'"{shown["version"]}"'})
    left = {k: v for k, v in (event.after or {}).items() if k not in Place.model_fields}
    if any(shown.get(name) != value for name, value in left.items()):
        raise ChangedSince()
    values: dict[str, Any] = {}
    if verb == "created":
        if row.version > 1 or await _has_more_since(event, row):
            raise ChangedSince()
        write = Write(resource, "discard" if resource.has_trash else "remove")
    elif verb in OPPOSITES:
        write = Write(resource, OPPOSITES[verb])  # type: ignore[arg-type]
    else:
        write = Write(resource, "update", resource.schemas.patch)
        values = await _values_before(event, resource, row, access)
    return await write.respond(
        request, access.with_right(write.right), row_id=row.id, values=values
    )


async def _has_more_since(event: Event, row: Any) -> bool:
    """Return whether anything was added under a new record by another request."""
    if event.record == "label":
        return await TaskLabel.exists(label_id=row.id)
    tasks = Task.filter(column_id=row.id).values("id")
    under = {
        "board": Q(board_id=row.id),
        "column": Q(task_id__in=Subquery(tasks)),
        "task": Q(task_id=row.id),
    }
    if event.record not in under:
        return False
    # What came with it, such as with a copy, is of the same request.
    other = Q(request_id__not=event.request_id or "") | Q(actor_id__not=event.actor_id)
    later = Event.filter(under[event.record], other, id__gt=event.id, record_id__not=row.id)
    return await later.exists()


async def _values_before(
    event: Event, resource: Resource, row: Any, access: Access
) -> dict[str, Any]:
    """Return what an update or a move has to write. Raises ChangedSince for a parent that is gone
    or on another board, and for a row that has moved since and isn't back."""
    before = {k: v for k, v in event.before.items() if k not in Place.model_fields}
    values = values_of(resource.schemas.patch.model_validate(before))
    parent: Any = resource.parent
    parent_id: Any = values.get(resource.parent_id)
    if parent and parent_id:
        there = {parent.board_id: event.board_id}
        if not await access.visible(parent).filter(**there).filter(id=parent_id).exists():
            raise ChangedSince()
    if event.kind.endswith(".moved"):
        place = Place.model_validate(event.before)
        later = Event.filter(id__gt=event.id, record_id=event.record_id, kind=event.kind)
        shown = {"archived_at": None} if resource.has_trash else {}
        if await later.exists():
            present = resource.children_of(getattr(row, resource.parent_id))
            earlier = present.filter(**shown, rank__lt=row.rank)
            neighbour = await earlier.order_by("-rank").first()
            if (neighbour and neighbour.id) != Place.model_validate(event.after).after_id:
                raise ChangedSince()
        siblings = resource.children_of(parent_id).filter(**shown)
        if place.after_id and await siblings.filter(id=place.after_id).exists():
            values["after"] = place.after_id
        else:
            values["position"] = place.position
    return values


async def _revert_membership(event: Event, verb: str, access: Access) -> Response:
    board_id, user_id = event.board_id, event.record_id
    before, after = event.before or {}, event.after or {}
    held = await BoardUser.get_or_none(board_id=board_id, user_id=user_id)
    if (held and held.role) != after.get("role"):
        raise ChangedSince()

    def access_to(operation: Any) -> Access:
        return access.with_right(access.operations[operation.__name__])

    if verb == "added":
        operation: Any = members.remove_board_user
        await operation(board_id, user_id, access_to(operation))
        return Response(status_code=204)
    if verb == "updated":
        operation = members.update_board_user
        body: Any = schemas.MemberUpdate(**before)
        member = await operation(board_id, user_id, body, access_to(operation))
    else:
        operation = members.add_board_user
        body = schemas.MemberCreate(**before)
        member = await operation(board_id, body, Response(), access_to(operation))
    return Response(member.model_dump_json(), media_type="application/json")
