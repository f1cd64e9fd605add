"""Copies of boards, columns and tasks, with what is under them."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Response
from tortoise import Model, Tortoise
from uuid_utils.compat import uuid7

from api.access.gate import Access
from api.access.rights import MODERATOR
from api.db.deadline import still_working
from api.http.preconditions import etag
from api.http.route import CurrentAccess
from api.resources.representation import serialize
from api.resources.resource import Resource
from api.resources.writes import GIVEN, Write
from api.settings import settings
from crud_config import RESOURCES
from models.schemas import Copy, columns_of
from models.tables import Label, Task

# The ids of what is copied, each with that of its copy.
Copied = Mapping[UUID, UUID]

COPY_MEMBERS = """
    INSERT INTO board_users (board_id, user_id, role)
    SELECT $2, user_id, CASE role WHEN 'CREATOR' THEN 'MODERATOR' ELSE role END
    FROM board_users WHERE board_id = $1 AND user_id <> $3 ORDER BY id
"""
COPY_LABELS = """
    INSERT INTO task_labels (task_id, label_id)
    SELECT tasks.new, coalesce(labels.new, label_id)
    FROM task_labels JOIN unnest($1::uuid[], $2::uuid[]) AS tasks (old, new) ON tasks.old = task_id
    LEFT JOIN unnest($3::uuid[], $4::uuid[]) AS labels (old, new) ON labels.old = label_id
"""
# To those who are members of the new board, if there is one.
COPY_ASSIGNEES = """
    INSERT INTO task_assignees (task_id, membership_id)
    SELECT tasks.new, there.id
    FROM task_assignees
    JOIN unnest($1::uuid[], $2::uuid[]) AS tasks (old, new) ON tasks.old = task_id
    JOIN board_users AS here ON here.id = membership_id
    JOIN board_users AS there
        ON there.user_id = here.user_id AND there.board_id = coalesce($3, here.board_id)
    ORDER BY task_assignees.id
"""
ABOUT_BOARDS = (
    "You become its CREATOR. It is public if the board is, unless the server makes new boards "
    "private. Copying `members` requires MODERATOR; the CREATOR becomes a MODERATOR."
)


async def execute(statement: str, *values: Any) -> Any:
    """Execute a statement that may take a while, and return its rows."""
    _, rows = await Tortoise.get_connection("default").execute_query(statement, [*values])
    still_working()
    return rows


def written_columns(resource: Resource) -> set[str]:
    """Return the columns that not every new record gets by itself."""
    fields = resource.model._meta.fields_map
    names = resource.model._meta.db_fields - GIVEN
    return {name for name in names if not getattr(fields[name], "is_derived", False)}


async def copy_row(resource: Resource, row: Any, body: Any, access: Access) -> Any:
    """Add a record with what clients can write of another one: right after it, or a new board."""
    names = written_columns(resource) & columns_of(resource.schemas.create)
    values = {name: getattr(row, name) for name in names} | {"title": body.title or row.title}
    if resource.parent:
        parent: Any = await resource.parent.model.get(id=values[resource.parent_id])
        parent.deciding_board = row.deciding_board
        write = Write(resource, "create", resource.schemas.create)
        if row.archived_at is None:  # else it has no place that could be named
            values["after"] = row.id
        [new] = await write.create_many(access, [parent], [values])
        return new
    await access.confirm()
    is_public = row.is_public and settings().default_board_visibility == "public"
    values |= {"is_public": is_public, "is_template": False}
    new = await resource.hooks.add(resource, values, access.user)
    access.changed_boards = {new.id}  # nothing of the other one has
    if "members" in body.include:
        access.require(MODERATOR, await access.role_on(row.id))
        await execute(COPY_MEMBERS, row.id, new.id, access.user.id)
    return new


async def copy_children(resource: Resource, parents: Copied) -> Copied:
    """Copy the records under parents, in their order, but what is archived or in the trash."""
    table, parent_id = resource.table, resource.parent_id
    rows = await execute(
        f"""
        SELECT id, {parent_id} FROM {table}
        WHERE {parent_id} = ANY ($1) AND {resource.is_shown(table)} ORDER BY id
        """,  # noqa: S608  # the registry's names
        [*parents],
    )
    copied = {row["id"]: uuid7() for row in rows}
    names = ", ".join(written_columns(resource) - {parent_id})
    await execute(
        f"""
        INSERT INTO {table} (id, {parent_id}, created_at, updated_at, version, {names})
        SELECT copied.new, copied.parent, now(), now(), 1, {names}
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS copied (old, new, parent)
        JOIN {table} ON id = copied.old
        """,  # noqa: S608  # the registry's names
        [*copied],
        [*copied.values()],
        [parents[row[parent_id]] for row in rows],
    )
    return copied


def copy_of(path: str) -> Any:
    """Return the endpoint that copies a record."""
    resource = RESOURCES.at(path)

    async def endpoint(
        item_id: Annotated[UUID, Path(alias=f"{resource.name}_id")],
        body: Copy,
        response: Response,
        access: CurrentAccess,
    ) -> Any:
        async with access.change((resource, item_id)) as [row]:
            new = await copy_row(resource, row, body, access)
            copied: dict[type[Model], Copied] = {resource.model: {row.id: new.id}}
            for each in RESOURCES:  # parents before their children
                parents = copied.get(each.parent.model) if each.parent else None
                if parents and each.path in ("columns", *body.include):
                    copied[each.model] = await copy_children(each, parents)
            tasks, labels = copied.get(Task, {}), copied.get(Label, {})
            known = [*tasks], [*tasks.values()]
            if "labels" in body.include:
                await execute(COPY_LABELS, *known, [*labels], [*labels.values()])
            if "members" in body.include:
                await execute(COPY_ASSIGNEES, *known, None if resource.parent else new.id)
            record = await serialize(resource, new, access)
        response.headers["Location"] = f"/api/{path}/{new.id}"
        response.headers["ETag"] = etag(new)
        return record

    endpoint.__name__ = f"copy_{resource.name}"
    endpoint.__doc__ = (
        f"Copy a {resource.noun} without comments, and what is archived or in the trash. "
        + (
            "The copy comes after it, or last if it is archived."
            if resource.parent
            else ABOUT_BOARDS
        )
    )
    return endpoint


copy_board, copy_column, copy_task = map(copy_of, ("boards", "columns", "tasks"))
