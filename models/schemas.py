"""The schemas of requests and responses: made from the tables, field by field, by allow-list."""

import re
import unicodedata
from collections.abc import Mapping
from contextvars import copy_context
from datetime import UTC, date, datetime
from enum import Enum
from importlib.resources import files
from itertools import combinations
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self
from uuid import UUID

from annotated_types import MaxLen
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    create_model,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError
from tortoise import Model, Tortoise
from tortoise.contrib.pydantic import pydantic_model_creator

from models import tables
from models.enums import EventKind, NotificationKind, Role, TokenScope
from models.fields import POSITION, TEXT

# Before this, foreign keys have no `…_id` column that a schema could name. It leaves a Tortoise
# without a database as the present one, so it runs in a context of its own.
copy_context().run(Tortoise.init_models, ["models.tables"], "models")

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
RFC_3339_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TIMES = TypeAdapter(datetime)


def to_time(value: object, kind: str = "an") -> datetime:
    """Read an RFC 3339 time with an offset, but not a number or a plain date, as one in UTC."""
    if not (isinstance(value, str) and RFC_3339.fullmatch(value)):
        raise PydanticCustomError(
            "time",
            f"Must be {kind} RFC 3339 time with an offset, such as 2026-05-01T12:00:00+02:00.",
        )
    try:
        # PostgreSQL returns the years 1 to 9999 as such.
        return TIMES.validate_python(value).astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("time", "Must be in the years 1 to 9999 in UTC.") from None


def to_day_or_time(value: object) -> date | datetime:
    """Read a day that ends in the years 1 to 9999 in any time zone, or a time."""
    if not (isinstance(value, str) and RFC_3339_DAY.fullmatch(value)):
        return to_time(value, "a day, such as 2026-05-01, or an")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("time", "There is no such day.") from None
    # asyncpg stores the first and the last one as infinite.
    if day in (date.min, date.max):
        raise PydanticCustomError("time", "Must be from 0001-01-02 to 9999-12-30.")
    return day


Time = Annotated[datetime, BeforeValidator(to_time)]
# In this order, or pydantic would write a time as a day.
DayOrTime = Annotated[datetime | date, BeforeValidator(to_day_or_time)]
TIME_ZONES = frozenset(files("tzdata").joinpath("zones").read_text().split())


def check_time_zone(value: str) -> str:
    """Refuse what isn't the name of a time zone."""
    if value not in TIME_ZONES:
        raise PydanticCustomError(
            "time_zone", "Must be the name of an IANA time zone, such as Europe/Berlin."
        )
    return value


# What shows nothing: the Braille blank, and of Unicode's Default_Ignorable_Code_Point what isn't a
# format character. With letters and marks of these two names could look the same.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


def check_visible(value: str) -> str:
    """Refuse text of which nothing can be seen."""
    if all(
        unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
        or INVISIBLE.match(character)
        for character in value
    ):
        raise PydanticCustomError("blank", "Must contain a visible character.")
    return value


def check_username(value: str) -> str:
    """Refuse all but letters (with their marks) and digits of any script, `.`, `_` and `-`."""
    kinds = [unicodedata.category(character) for character in value]
    if INVISIBLE.search(value) or not all(
        kind[0] in "LM" or kind == "Nd" or character in "._-"
        for character, kind in zip(value, kinds, strict=True)
    ):
        raise PydanticCustomError(
            "username", "Must contain only letters, digits, '.', '_' and '-'."
        )
    if not any(kind[0] == "L" or kind == "Nd" for kind in kinds):
        raise PydanticCustomError("username", "Must contain a letter or a digit.")
    return value


def check_email(value: str) -> str:
    """Refuse characters that show nothing; the rest is the column's pattern."""
    if INVISIBLE.search(value) or any(unicodedata.category(c)[0] == "C" for c in value):
        raise PydanticCustomError("email", "Must not contain invisible characters.")
    return value


def values_of(body: BaseModel) -> dict[str, Any]:
    """Return the values to write: those sent, and the defaults of the rest but of what is kept."""
    values = {
        name: getattr(body, name)
        for name, field in type(body).model_fields.items()
        if name in body.model_fields_set or field.default_factory is None
    }
    if "due_date" in values:
        is_day = type(values["due_date"]) is date
        # With a day, a trigger sets `due_date`.
        values["due_day"] = values.pop("due_date") if is_day else None
    return values


def columns_of(schema: type[BaseModel]) -> set[str]:
    """Return the fields of a body, and what else `values_of` writes of it."""
    fields = {*schema.model_fields}
    return fields | {"due_day"} if "due_date" in fields else fields


def to_integer(value: object) -> object:
    """Return 3.0 as 3: JSON Schema counts it as an integer, as JSON knows numbers only."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


VALIDATORS: dict[str, tuple[Any, ...]] = {
    "username": (AfterValidator(check_username),),
    "email": (AfterValidator(check_email),),
    **dict.fromkeys(("title", "name", "content"), (AfterValidator(check_visible),)),
    **dict.fromkeys(("position", "task_limit"), (BeforeValidator(to_integer),)),
    "time_zone": (AfterValidator(check_time_zone),),
}

# What a record shows and takes that isn't a column of its table.
DERIVED = {"position": POSITION}
# What columns are in JSON where that isn't their own type.
IN_JSON: dict[str, Any] = {"due_date": DayOrTime | None}

COUNT: dict[str, Any] = {"ge": 0, "examples": [3]}

REQUEST_CONFIG = ConfigDict(extra="forbid")
RESPONSE_CONFIG = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)


class RequestModel(BaseModel):
    """A body that a client sends. Unknown fields are refused."""

    model_config = REQUEST_CONFIG


def omitted() -> Any:
    """Return the default of what may be left out but not be null; a plain None would allow that."""
    return None


class ChangeModel(RequestModel):
    """A body that changes a record, and may hold all that was read of it.

    `read_only` fields, which only the server sets, are ignored. `id` and `version` say what was
    edited; examples of bodies would be refused with them, so that they aren't documented there.
    """

    read_only: ClassVar[frozenset[str]] = frozenset()

    id: SkipJsonSchema[UUID] = Field(default_factory=omitted)
    version: SkipJsonSchema[Annotated[int, Field(strict=True), BeforeValidator(to_integer)]] = (
        Field(default_factory=omitted)
    )

    @model_validator(mode="before")
    @classmethod
    def ignore_read_only(cls, body: Any) -> Any:
        """Take out what only the server sets."""
        if isinstance(body, dict) and not cls.read_only.isdisjoint(body):
            return {name: value for name, value in body.items() if name not in cls.read_only}
        return body


UNUSED = ("nullable", "readOnly")


def _columns(
    model: type[Model],
    names: tuple[str, ...],
    nullable: tuple[str, ...] = (),
    keep_if_omitted: tuple[str, ...] = (),
    checked: bool = False,
) -> dict[str, tuple[Any, Any]]:
    """Return each named column's type, description and, if `checked`, limits.

    They come from Tortoise's generator. What is sent isn't checked: it is in the table already.
    """
    own = tuple(name for name in names if name not in DERIVED)
    # A name of its own for each: Tortoise keeps what it generates by name.
    generated = (
        DERIVED
        | pydantic_model_creator(
            model, name=f"{model.__name__}({','.join(own)})", include=own
        ).model_fields
    )
    if unknown := set(names) - set(generated):
        raise LookupError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    columns = {}
    for name in names:
        column = generated[name]
        kind: Any = IN_JSON.get(name, column.annotation)
        # An enum says itself how long it may be.
        is_enum = isinstance(kind, type) and issubclass(kind, Enum)
        for limit in (*column.metadata, *VALIDATORS.get(name, ())) if checked else ():
            if not (is_enum and isinstance(limit, MaxLen)):
                kind = Annotated[kind, limit]
        default = {} if column.is_required() else {"default": column.default}
        if name in nullable:
            kind, default = kind | None, {"default": None}
        if name in keep_if_omitted:
            default = {"default_factory": omitted}
        # Tortoise notes OpenAPI 3.0's `nullable`, which in 3.1 the type says, and `readOnly`, which
        # only columns are that no request has.
        extra = column.json_schema_extra
        columns[name] = (
            kind,
            Field(
                **default,
                title=column.title,
                description=column.description,
                examples=column.examples,
                json_schema_extra={k: v for k, v in extra.items() if k not in UNUSED}
                if isinstance(extra, dict)
                else None,
            ),
        )
    return columns


def _response_model(
    name: str, model: type[Model], /, *names: str, nullable: tuple[str, ...] = (), **others: Any
) -> Any:
    """Return a schema of an answer that holds the columns `names` and `others`.

    A column in `nullable` may be hidden from the reader as null.
    """
    columns = _columns(model, names, nullable)
    return create_model(name, __config__=RESPONSE_CONFIG, **columns, **others)  # type: ignore[call-overload]


def _with(base: Any, name: str, **others: Any) -> Any:
    """Return a schema of a response that contains what `base` does, and `others`.

    One of them with a default may be absent.
    """

    def extend(schema: dict[str, Any]) -> None:
        schema["allOf"] = [{"$ref": f"#/components/schemas/{base.__name__}"}]
        schema["properties"] = {each: schema["properties"][each] for each in others}
        schema["required"] = [each for each in others if model.model_fields[each].is_required()]

    model = create_model(name, __base__=base, **others)
    model.model_config["json_schema_extra"] = extend
    model.model_rebuild(force=True)
    return model


def _request_model(
    name: str,
    model: type[Model],
    *names: str,
    nullable: tuple[str, ...] = (),
    keep_if_omitted: tuple[str, ...] = (),
    base: type[RequestModel] = RequestModel,
    **others: Any,
) -> Any:
    """Return a schema of a body that may hold the columns `names` and `others`.

    A column in `nullable` may be null or left out. One in `keep_if_omitted` may be left out
    without a default taking its place: it is then absent from `model_fields_set`, and the server
    keeps its value.
    """
    columns = _columns(model, names, nullable, keep_if_omitted, checked=True)
    return create_model(name, __base__=base, **columns, **others)  # type: ignore[call-overload]


MOVE_TARGETS = ("before", "after", "position")
NEIGHBOUR = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"


class Move(RequestModel):
    """The place that a record moves to."""

    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "examples": [{"position": 0}, {"before": NEIGHBOUR}, {"after": NEIGHBOUR}],
            "not": {"anyOf": [{"required": [*two]} for two in combinations(MOVE_TARGETS, 2)]},
        }
    )

    # May be left out, but not be null.
    before: UUID = Field(
        default_factory=omitted, description="The neighbour to move it right before."
    )
    after: UUID = Field(
        default_factory=omitted, description="The neighbour to move it right after."
    )

    @model_validator(mode="after")
    def names_one_place(self) -> Self:
        """Refuse a body that names no place at all, or several."""
        places = len(self.model_fields_set.intersection(MOVE_TARGETS))
        if places > 1 or not self.model_fields_set:
            raise PydanticCustomError(
                "one_place", "Send exactly one of before, after and position."
            )
        return self


def _list_of(schema: Any) -> Any:
    return list[schema]


MAX_BULK_IDS = 200
MAX_LINKS = 200  # of one kind that a body names
MAX_BULK_LINKS = 20  # where it names them for many records


def check_unique(values: list[Any]) -> list[Any]:
    """Refuse a value that is named twice."""
    if len(set(values)) < len(values):
        raise PydanticCustomError("unique", "Each value may be given only once.")
    return values


def ids_of(what: str, most: int = MAX_LINKS) -> Any:
    """Return the field of the ids of what a record is linked to, which may be left out."""
    return (
        Annotated[list[UUID], AfterValidator(check_unique)],
        Field(
            default_factory=omitted,
            max_length=most,
            examples=[[]],
            json_schema_extra={"uniqueItems": True},
            description=f"The ids of {what}.",
        ),
    )


class BulkPatch(RequestModel):
    """The records to change, and the values to give them."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 2})

    ids: Annotated[list[UUID], AfterValidator(check_unique)] = Field(
        min_length=1,
        max_length=MAX_BULK_IDS,
        json_schema_extra={"uniqueItems": True},
        description=f"The ids of the records to change: 1 to {MAX_BULK_IDS}.",
    )

    @model_validator(mode="after")
    def names_a_value(self) -> Self:
        """Refuse a body that says nothing of what to change."""
        if self.model_fields_set == {"ids"}:
            raise PydanticCustomError("no_value", "Send at least one field to change.")
        return self


def new_password(example: str) -> Any:
    """Return the field of a password that is set."""
    return Field(
        min_length=8,
        max_length=128,
        description="Must not be a common password or contain the username.",
        examples=[example],
    )


FIRST_PASSWORD = (SecretStr, new_password("a harbour at dusk"))
OTHER_PASSWORD = new_password("a lighthouse at dawn")
GIVEN_PASSWORD = Field(max_length=128, examples=["a harbour at dusk"])


def given_once_more(purpose: str) -> Any:
    """Return the field of a user's own password, which only some requests need."""
    return (
        SecretStr,
        Field(
            default_factory=omitted,
            max_length=128,
            examples=["a harbour at dusk"],
            description=f"Your password. Required to {purpose}, not for admins to do so for "
            "others.",
        ),
    )


class Schemas(NamedTuple):
    """The schemas of a record: of responses, and of requests to create, replace, patch and move it.

    `changed` is sent after a change. `move` is None for records that have no place among others,
    `create_many` and `patch_many` for those that are only written one by one, `delete` for those
    whose deletion takes no body.
    """

    response: Any
    create: Any = None
    update: Any = None
    patch: Any = None
    move: Any = None
    create_many: Any = None
    patch_many: Any = None
    delete: Any = None
    changed: Any = None


Fields = Mapping[str, Any]
NO_FIELDS: Fields = MappingProxyType({})


def schemas_of(
    model: type[Model],
    *,
    response: str,
    create: str,
    update: str,
    keep_if_omitted: tuple[str, ...] = (),
    nullable_in_response: tuple[str, ...] = (),
    generated_if_null: tuple[str, ...] = (),
    move: str = "",
    patch_many: str = "",
    by_setting: tuple[str, ...] = (),
    computed: Fields = NO_FIELDS,
    on_create: Fields = NO_FIELDS,
    on_change: Fields = NO_FIELDS,
    on_patch_many: Fields = NO_FIELDS,
    on_move: Fields = NO_FIELDS,
    moved: Fields = NO_FIELDS,
    delete: Any = None,
) -> Schemas:
    """Return the schemas of a record, each an allow-list of its table's columns.

    Replacing a record leaves a column in `keep_if_omitted` as it is when it is left out, as
    patching does with all; both ignore what only responses hold. The server makes a value for one
    in `generated_if_null` that is null then. One in `nullable_in_response` may be sent as null. The
    default of one in `by_setting` is a setting's, so that no schema names it. `computed` are the
    fields beyond the columns that are sent, `moved` those after some moves; `on_create`,
    `on_change` and `on_patch_many` are those that are received then, `on_move` those with any
    change. `delete` is the body of a deletion.
    """
    name = model.__name__
    chosen = (*(column for column in keep_if_omitted if column in DERIVED), *by_setting)
    replaced, places, shared = tuple(update.split()), tuple(move.split()), tuple(patch_many.split())
    shown = _response_model(
        name, model, *response.split(), nullable=nullable_in_response, **computed
    )
    created = _request_model(
        f"{name}Create", model, *create.split(), keep_if_omitted=chosen, **on_create
    )
    after = _with(shown, f"Changed{name}", **moved) if moved else shown
    change: Any = type(f"{name}Change", (ChangeModel,), {})
    change.read_only = frozenset(after.model_fields) - {
        *replaced, *on_change, *ChangeModel.model_fields,
    }  # fmt: skip
    changed = {"nullable": generated_if_null, "base": change, **on_change, **on_move}
    return Schemas(
        shown,
        created,
        _request_model(
            f"{name}Update", model, *replaced, keep_if_omitted=keep_if_omitted, **changed
        ),
        _request_model(f"{name}Patch", model, *replaced, keep_if_omitted=replaced, **changed),
        _request_model(f"{name}Move", model, *places, keep_if_omitted=places, base=Move, **on_move)
        if places
        else None,
        _bulk_model(f"{name}sCreate", created) if shared else None,
        _request_model(
            f"{name}sPatch",
            model,
            *shared,
            keep_if_omitted=shared,
            base=BulkPatch,
            **on_patch_many,
            **on_move,
        )
        if shared
        else None,
        delete,
        after,
    )


def _bulk_model(name: str, created: Any) -> Any:
    """Return the schema of a body that creates several records."""
    items = Field(min_length=1, max_length=MAX_BULK_IDS)
    return create_model(name, __base__=RequestModel, items=(_list_of(created), items))


Copy = _request_model(
    "Copy",
    tables.Board,
    "title",
    keep_if_omitted=("title",),
    include=(
        Annotated[
            list[Literal["tasks", "subtasks", "labels", "members"]], AfterValidator(check_unique)
        ],
        Field(
            default=["tasks", "subtasks", "labels"],
            json_schema_extra={"uniqueItems": True},
            description="What to copy. `members`: those of a board, and the assignees of tasks.",
        ),
    ),
)
UserDelete = create_model(
    "UserDelete", __base__=RequestModel, current_password=given_once_more("delete your own account")
)
user = schemas_of(
    tables.User,
    response="id username email avatar_url is_admin disabled_at registered_at version",
    create="username email is_admin",
    update="username email avatar_url is_admin",
    keep_if_omitted=("is_admin",),
    nullable_in_response=("email",),
    generated_if_null=("avatar_url",),
    on_change={"current_password": given_once_more("change your own e-mail address")},
    on_create={"password": FIRST_PASSWORD},
    delete=UserDelete,
)
board = schemas_of(
    tables.Board,
    response="id title description is_public is_template viewers_can_comment color "
    "limits_are_advisory time_zone archived_at created_at updated_at created_by updated_by version",
    create="title description is_public is_template viewers_can_comment color limits_are_advisory "
    "time_zone",
    update="title description is_public is_template viewers_can_comment color limits_are_advisory "
    "time_zone",
    keep_if_omitted=("is_public", "viewers_can_comment", "time_zone"),
    by_setting=("is_public",),
    computed={
        "my_role": (
            Role | None,
            Field(description="Your role on the board; null if you aren't a member."),
        ),
        "operations": (
            list[str],
            Field(
                description="The operations that you may use on the board and everything in it. "
                "MEMBERs and VIEWERs may change and delete only their own comments, and remove "
                "only themself.",
                examples=[["update_board", "create_column"]],
            ),
        ),
    },
)
MATCH_LABELS = {
    "match_labels": (
        Annotated[bool, Field(strict=True)],
        Field(
            default_factory=omitted,
            examples=[True],
            description="Keep labels by their names on another board.",
        ),
    )
}
DROPPED = {
    f"dropped_{kind}_ids": (
        list[UUID],
        Field(default_factory=omitted, description=f"The {kind}s that it lost by moving."),
    )
    for kind in ("label", "assignee")
}
column = schemas_of(
    tables.Column,
    response="id board_id title position color task_limit archived_at created_at "
    "updated_at created_by updated_by version",
    create="board_id title position color task_limit",
    update="board_id title position color task_limit",
    move="board_id position",
    keep_if_omitted=("board_id", "position"),
    on_move=MATCH_LABELS,
    moved=DROPPED,
    computed={
        "over_limit": (
            bool,
            Field(description="Whether it has more tasks than that.", examples=[False]),
        )
    },
)
LINKS = {"label_ids": ids_of("all its labels"), "assignee_ids": ids_of("all its assignees")}
NewSubtask = _request_model("NewSubtask", tables.Subtask, "title")
task = schemas_of(
    tables.Task,
    response="id column_id title description position due_date priority status color "
    "archived_at created_at updated_at created_by updated_by version",
    create="column_id title description position due_date priority status color",
    update="column_id title description position due_date priority status color",
    move="column_id position",
    patch_many="column_id title description due_date priority status color",
    keep_if_omitted=("position",),
    on_create=LINKS
    | {
        "subtasks": (
            _list_of(NewSubtask),
            Field(default_factory=omitted, max_length=MAX_LINKS, description="In their order."),
        )
    },
    on_change=LINKS,
    on_move=MATCH_LABELS,
    moved=DROPPED,
    on_patch_many={
        f"{verb}_{kind}_ids": ids_of(f"the {kind}s to {verb}", MAX_BULK_LINKS)
        for kind in ("label", "assignee")
        for verb in ("add", "remove")
    }
    | {name: ids_of("all of them", MAX_BULK_LINKS) for name in LINKS},
    computed={
        "due_is_day": (bool, Field(examples=[True])),
        "board_id": (UUID, Field(description="The board of its column.")),
        "label_ids": (list[UUID], Field(description="The oldest label first.")),
        "assignee_ids": (list[UUID], Field(description="In the order of assignment.")),
        **dict.fromkeys(
            ("subtask_count", "completed_subtask_count", "comment_count"), (int, Field(**COUNT))
        ),
    },
)
subtask = schemas_of(
    tables.Subtask,
    response="id task_id title position is_completed created_at updated_at created_by updated_by "
    "version",
    create="task_id title position is_completed",
    update="task_id title position is_completed",
    move="task_id position",
    keep_if_omitted=("task_id", "position"),
)

Author = _response_model("Author", tables.User, "id", "username", "avatar_url")
AUTHOR = {
    "author": (Author | None, Field(description="null once the account is deleted.")),
}
comment = schemas_of(
    tables.Comment,
    response="id task_id user_id content created_at updated_at version",
    create="task_id content",
    update="content",
    computed=AUTHOR,
)
board_comment = schemas_of(
    tables.BoardComment,
    response="id board_id user_id content created_at updated_at version",
    create="board_id content",
    update="content",
    computed=AUTHOR,
)
label = schemas_of(
    tables.Label,
    response="id board_id name color created_at updated_at created_by updated_by version",
    create="board_id name color",
    update="name color",
)

ROLE = _columns(tables.BoardUser, ("role",))["role"]
Member = _response_model("Member", tables.User, "id", "username", "avatar_url", role=ROLE)
MemberBoard = _with(board.response, "MemberBoard", role=ROLE)
Membership = _response_model("Membership", tables.BoardUser, "user_id", "board_id", "role")
Session = _response_model(
    "Session",
    tables.Session,
    "id",
    "created_at",
    "last_used_at",
    "expires_at",
    "user_agent",
    current=(bool, Field(description="Whether this is the current session.", examples=[True])),
)

ApiToken = _response_model(
    "ApiToken",
    tables.ApiToken,
    "id",
    "name",
    "created_at",
    "last_used_at",
    "expires_at",
    scopes=(
        list[TokenScope],
        Field(description="What the token may be used for.", examples=[["read", "write"]]),
    ),
)
NewApiToken = _with(
    ApiToken,
    "NewApiToken",
    token=(
        str,
        Field(
            description="The secret, for the header `Authorization: Bearer …`. Shown only once.",
            examples=["corkboard_mVxqT2mD0sZtq2nJ5m1mYk7d1mC8yqk5p7h0nUe3b1o"],
        ),
    ),
)


# What an event was about, once it is reverted.
Reverted = (
    board.response
    | column.response
    | task.response
    | subtask.response
    | comment.response
    | board_comment.response
    | label.response
    | Member
)

FullTask = _with(
    task.response,
    "FullTask",
    board_title=(str, Field(examples=["Website launch"])),
    column_title=(str, Field(examples=["In progress"])),
    labels=(_list_of(label.response), Field(description="The oldest first.")),
    assignees=(_list_of(Member), Field(description="In the order of assignment.")),
    subtasks=(_list_of(subtask.response), Field(description="In their order.")),
    comments=(_list_of(comment.response), Field(description="The oldest first.")),
)
FullColumn = _with(
    column.response,
    "FullColumn",
    tasks=(_list_of(task.response), Field(description="In their order.")),
)
FullBoard = _with(
    board.response,
    "FullBoard",
    members=(_list_of(Member), Field(description="In the order in which they joined.")),
    labels=(_list_of(label.response), Field(description="The oldest first.")),
    columns=(_list_of(FullColumn), Field(description="In their order.")),
)
SearchResults = create_model(
    "SearchResults",
    boards=_list_of(board.response),
    tasks=_list_of(task.response),
    comments=_list_of(comment.response),
)
INVITED_ROLE = (Role, Field(description="The role of those who join."))
Invitation = _response_model(
    "Invitation",
    tables.Invitation,
    "id",
    "board_id",
    "inviter_id",
    "max_uses",
    "uses",
    "created_at",
    "expires_at",
    role=INVITED_ROLE,
    is_active=(
        bool,
        Field(
            description="Whether people can join with it. They can't while its inviter may not add "
            "members to the board, or is disabled.",
            examples=[True],
        ),
    ),
)
INVITATION = "mVxqT2mD0sZtq2nJ5m1mYk7d1mC8yqk5p7h0nUe3b1o"
NewInvitation = _with(
    Invitation,
    "NewInvitation",
    token=(
        str,
        Field(
            description="The secret part of the link: anyone who has it may join. Shown only once.",
            examples=[INVITATION],
        ),
    ),
)
OpenInvitation = _response_model(
    "OpenInvitation",
    tables.Invitation,
    "board_id",
    "expires_at",
    role=INVITED_ROLE,
    board_title=(str, Field(description="The title of the board.", examples=["Website launch"])),
)
Event = _response_model(
    "Event",
    tables.Event,
    *("id", "record_id", "board_id", "task_id", "actor_id", "created_at"),
    kind=(EventKind, ...),
    record=(str, Field(examples=["task"])),
    request_id=(str | None, Field(examples=["5f"])),
    before=(dict[str, Any] | None, Field(examples=[{"title": "x"}])),
    after=(dict[str, Any] | None, Field(examples=[{"title": "y"}])),
)
ChangeList = create_model(
    "ChangeList",
    changes=(_list_of(Event), Field(description="In their order.")),
    cursor=(
        str,
        Field(description="The next `after`.", examples=["0ddba11c.42"]),
    ),
    resync=(bool, Field(description="Whether to load the board anew.", examples=[False])),
)
Notification = _response_model(
    "Notification",
    tables.Notification,
    *("id", "board_id", "task_id", "created_at", "read_at"),
    kind=(NotificationKind, ...),
    board_title=(str, Field(description="Its title now.", examples=["Website launch"])),
    task_title=(
        str | None,
        Field(description="Its title now.", examples=["Write the press release"]),
    ),
    comment_id=(UUID | None, Field(description="The comment, on the task or the board.")),
    event_id=(int | None, Field(description="The event; null for due dates.", examples=[42])),
    due_date=(
        datetime | date | None,
        Field(description="The due date, for `due_in_3_days`, `due_in_1_day` and `overdue`."),
    ),
    due_is_day=(bool, Field(examples=[True])),
    actor=(
        Author | None,
        Field(
            description="The user who did it; null for due dates, SQL by hand and deleted accounts."
        ),
    ),
)
NotificationCount = create_model("NotificationCount", unread=(int, Field(**COUNT)))
NotificationSettings = _response_model(
    "NotificationSettings",
    tables.User,
    *("due_in_3_days", "due_in_1_day"),
    muted_board_ids=(_list_of(UUID), Field(description="The boards that you have muted.")),
)
NotificationSettingsUpdate = _request_model(
    "NotificationSettingsUpdate", tables.User, "due_in_3_days", "due_in_1_day"
)
Job = _response_model(
    "Job",
    tables.Job,
    "started_at",
    name=(str, Field(examples=["purge_trash"])),
    seconds=(float | None, Field(description="The duration of the last run.", examples=[0.02])),
    error=(
        str | None,
        Field(description="The last run's kind of error, or null.", examples=["TimeoutError"]),
    ),
)
Presence = create_model("Presence", users=(_list_of(Author), Field(description="By their names.")))
Trashed = _response_model(
    "Trashed",
    tables.Task,
    "id",
    "title",
    kind=(
        Literal["board", "column", "task"],
        Field(description="The kind of record.", examples=["task"]),
    ),
    column_id=(UUID | None, Field(description="The column of a task; otherwise null.")),
    deleted_at=(datetime, Field(description="When it was deleted.")),
    purged_at=(datetime, Field(description="When it will be deleted permanently.")),
)


class Register(RequestModel):
    # A whole example: with a token that is nobody's, nobody could register.
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "username": "ada",
                    "email": "ada@example.com",
                    "password": "a harbour at dusk",
                }
            ]
        }
    )


Registration = _request_model(
    "Registration",
    tables.User,
    "username",
    "email",
    base=Register,
    password=FIRST_PASSWORD,
    # May be left out, but not be null.
    invitation=(
        str,
        Field(
            default_factory=omitted,
            max_length=200,
            description="The token from an invitation link, to join its board.",
            examples=[INVITATION],
        ),
    ),
)


class PasswordChange(RequestModel):
    current_password: Annotated[SecretStr, GIVEN_PASSWORD]
    new_password: Annotated[SecretStr, OTHER_PASSWORD]


class PasswordReset(RequestModel):
    new_password: Annotated[SecretStr, OTHER_PASSWORD]


class Credentials(RequestModel):
    username: Annotated[
        str,
        Field(
            max_length=255,
            pattern=TEXT["pattern"],
            description="The username or the e-mail address. Blanks around it are ignored.",
            examples=["ada"],
        ),
    ]
    password: Annotated[SecretStr, GIVEN_PASSWORD]


DAY = 86_400


# In which people become members; a CREATOR is made by handing the board over.
JoiningRole = Literal[Role.VIEWER, Role.MEMBER, Role.MODERATOR]


class InvitationCreate(RequestModel):
    role: Annotated[JoiningRole, Field(description="The role of those who join.")] = Role.MEMBER
    expires_in: Annotated[
        int,
        Field(ge=60, le=30 * DAY, strict=True, description="Lifetime in seconds."),
        BeforeValidator(to_integer),
    ] = 7 * DAY
    max_uses: Annotated[
        Annotated[int, Field(ge=1, le=1000, strict=True), BeforeValidator(to_integer)] | None,
        Field(description="How many users may join; null: any number.", examples=[1]),
    ] = None


ApiTokenCreate = _request_model(
    "ApiTokenCreate",
    tables.ApiToken,
    "name",
    scopes=(
        Annotated[list[TokenScope], AfterValidator(check_unique)],
        Field(
            min_length=1,
            max_length=3,
            json_schema_extra={"uniqueItems": True},
            description="`read`: read; `write`: change; `admin`: use your rights as an admin. None "
            "includes another.",
            examples=[["read", "write"]],
        ),
    ),
    expires_in=(
        Annotated[int, Field(ge=60, le=365 * DAY, strict=True), BeforeValidator(to_integer)],
        Field(90 * DAY, description="Lifetime in seconds."),
    ),
)


class MemberUpdate(RequestModel):
    role: Annotated[
        Role,
        Field(
            description="CREATOR hands the board over; the member must be a MODERATOR.",
            examples=[Role.MODERATOR],
        ),
    ]


USER_KEYS = ("user_id", "username", "email")


class MemberCreate(RequestModel):
    """The user to add: exactly one of `user_id`, `username` and `email`."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [way]} for way in USER_KEYS],
            "examples": [{"username": "grace", "role": "MEMBER"}],
        }
    )

    # May be left out, but not be null.
    user_id: UUID = Field(default_factory=omitted, description="The user's id.")
    username: str = Field(
        default_factory=omitted,
        max_length=150,
        pattern=TEXT["pattern"],
        description="The username.",
    )
    email: str = Field(
        default_factory=omitted,
        max_length=255,
        pattern=TEXT["pattern"],
        description="The e-mail address.",
    )
    role: JoiningRole = Field(Role.MEMBER, description="Their role.")

    @property
    def named_user(self) -> tuple[str, Any]:
        """The field that says whom to add, and its value."""
        [way] = self.model_fields_set.intersection(USER_KEYS)
        return way, getattr(self, way)

    @model_validator(mode="after")
    def names_one_user(self) -> Self:
        """Refuse a body that names nobody, or somebody in several ways."""
        if len(self.model_fields_set.intersection(USER_KEYS)) != 1:
            raise PydanticCustomError(
                "one_user", "Send exactly one of user_id, username and email."
            )
        return self
