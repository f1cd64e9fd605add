"""Records as responses show them: JSON that PostgreSQL writes."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tortoise import Tortoise
from tortoise.fields import (
    BooleanField,
    CharField,
    DateField,
    DatetimeField,
    IntField,
    JSONField,
    TextField,
    UUIDField,
)

from api.access.gate import Access
from api.access.rights import BoardRights
from api.db.expressions import TIME
from api.resources.resource import Resource
from api.resources.siblings import with_positions
from models.fields import LinkedIds
from models.tables import User

# PostgreSQL writes columns of these kinds as pydantic does; decimals, for one, it doesn't.
SAME_IN_JSON = (
    UUIDField, CharField, TextField, BooleanField, IntField, DatetimeField, DateField, JSONField,
    LinkedIds,
)  # fmt: skip


def check_representation(resource: Resource) -> None:
    """Raise TypeError for a record that PostgreSQL would write otherwise than pydantic."""
    hooks = resource.schemas.response.__pydantic_decorators__
    if hooks.field_serializers or hooks.model_serializers or hooks.computed_fields:
        raise TypeError(f"{resource.path}: the schema of its responses runs Python")
    access = Access(resource.read, User(), BoardRights())
    computed = resource.hooks.computed_sql(resource, access, "rows")
    for name in resource.schemas.response.model_fields:
        column = resource.model._meta.fields_map.get(name)
        if name not in computed and not isinstance(column, SAME_IN_JSON):
            raise TypeError(f"{resource.path}: `computed_sql` must say how JSON shows `{name}`")


def fields_of(resource: Resource, access: Access, row: str = "rows", **computed: str) -> str:
    """Return the list of a SELECT of all fields that responses show of `row`, the name of a row.

    `computed` are fields that are computed otherwise here than for a single row. The caller is
    `$1`.
    """
    computed = resource.hooks.computed_sql(resource, access, row) | computed
    fields = []
    for name in resource.schemas.response.model_fields:
        text = f'{row}."{name}"'
        if isinstance(resource.model._meta.fields_map.get(name), DatetimeField):
            text = TIME.format(text)
        text = computed.get(name, text)
        if name in resource.self_only and not access.user.is_admin:
            text = f"CASE WHEN {row}.id = $1 THEN {text} END"
        fields.append(f'{text} AS "{name}"')
    return ", ".join(fields)


async def serialize_all(resource: Resource, rows: Sequence[Any], access: Access) -> list[Any]:
    """Return rows that the caller may see, as responses show them, in their order."""
    places = with_positions(resource) if resource.order == "rank" else ""
    placed = {"position": "placed.position"} if places else {}
    _, found = await Tortoise.get_connection("default").execute_query(
        f"""
        WITH rows AS MATERIALIZED (
            SELECT * FROM "{resource.model._meta.db_table}" WHERE id = ANY ($2)
        )
        SELECT id, row_to_json(shown)::text AS record
        FROM (
            SELECT {fields_of(resource, access, **placed)}
            FROM (SELECT $1::uuid) AS caller, rows {resource.hooks.computed_join} {places}
        ) AS shown
        """,  # noqa: S608  # the registry's names
        [access.user.id, [row.id for row in rows]],
    )
    records: dict[UUID, Any] = {each["id"]: json.loads(each["record"]) for each in found}
    return [records[row.id] for row in rows]


async def serialize(resource: Resource, row: Any, access: Access) -> Any:
    """Return a row that the caller may see, as responses show it."""
    [record] = await serialize_all(resource, [row], access)
    return record
