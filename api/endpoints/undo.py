"""Undo: put back what an event changed, by the operation that a client would call for that."""

from typing import Any, cast
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError

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
from models.tables import BoardUser, Event

boards = RESOURCES.at("boards")
BY_NAME = {resource.name: resource for resource in RESOURCES}

# What a move logs of the place, beside the parent.
PLACE = ("position", "after_id")
# For each change of a link: the field of the task that holds it afterwards or not, and what ends it
# or makes it again.
LINKS = {
    "assigned": ("assignee_ids", True, assignments.unassign_task),
    "unassigned": ("assignee_ids", False, assignments.assign_task),
    "labeled": ("label_ids", True, assignments.unlabel_task),
    "unlabeled": ("label_ids", False, assignments.label_task),
}
# The writes that put back what happened to a record as a whole.
OPPOSITES = {"archived": "unarchive", "unarchived": "archive", "restored": "discard"}


async def revert_event(event_id: Number, request: Request, access: CurrentAccess) -> Response:
    """Put back what an event changed: values, a place, or what was deleted to the trash. What was
    created goes. It takes the right to do so without the event, and is an event itself.

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
        except (NotFound, Unprocessable):  # of the record, or of what belongs to it
            raise ChangedSince() from None
        except ValidationError:  # written by hand, perhaps before there was a limit
            raise NotRevertible() from None


async def _revert(event: Event, request: Request, access: Access) -> Response:
    """Do the opposite, where the record is as the event left it. The board is locked."""
    record, _, verb = event.kind.partition(".")
    if record == "member":
        return await _revert_membership(event, verb, access)
    resource = BY_NAME[record]
    if verb == "deleted" and resource.has_trash:
        access.require(resource.delete, await access.role_on(cast(UUID, event.board_id)))
        return await restore(resource, event.record_id, access.with_right(resource.delete))
    is_half = verb in ("updated", "moved") and (event.before is None) is not (event.after is None)
    if verb in ("deleted", "purged") or is_half:  # the log of another board has the other half
        raise NotRevertible()
    on_board = {resource.board_id: event.board_id}
    row = await access.visible(resource).filter(**on_board).get_or_none(id=event.record_id)
    if row is None:
        raise ChangedSince()
    shown = await serialize(resource, row, access)
    if verb in LINKS:
        field, is_linked, operation = LINKS[verb]
        [linked] = (event.after or event.before).values()
        if (linked in shown[field]) is not is_linked:
            raise ChangedSince()
        right = access.operations[operation.__name__]
        await operation(row.id, UUID(linked), access.with_right(right))
        shown = await serialize(resource, row, access)
        return JSONResponse(shown, headers={"ETag": f'"{shown["version"]}"'})
    left = event.after or {}
    if any(shown.get(name) != value for name, value in left.items() if name not in PLACE):
        raise ChangedSince()
    values: dict[str, Any] = {}
    if verb == "created":
        if row.version > 1:
            raise ChangedSince()
        write = Write(resource, "discard" if resource.has_trash else "remove")
    elif verb in OPPOSITES:
        write = Write(resource, OPPOSITES[verb])  # type: ignore[arg-type]
    else:
        write = Write(resource, "update", resource.schemas.patch)
        values = await _values_before(event, resource)
    return await write.respond(
        request, access.with_right(write.right), row_id=row.id, values=values
    )


async def _values_before(event: Event, resource: Resource) -> dict[str, Any]:
    """Return what an update or a move has to write. Raises ChangedSince for another move since."""
    before = {name: value for name, value in event.before.items() if name not in PLACE}
    values = values_of(resource.schemas.patch.model_validate(before))
    if PLACE[0] in event.before:
        later = Event.filter(id__gt=event.id, record_id=event.record_id, kind=event.kind)
        if await later.exists():
            raise ChangedSince()
        neighbour = event.before["after_id"]
        siblings = resource.children_of(values[resource.parent_id])
        if resource.has_trash:
            siblings = siblings.filter(archived_at__isnull=True)
        if neighbour and await siblings.filter(id=neighbour).exists():
            values["after"] = UUID(neighbour)
        else:
            values["position"] = event.before["position"]
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
