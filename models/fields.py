"""Column types whose limits reach Swagger and the validation of every schema made from them."""

from typing import Annotated, Any

from pydantic import Field
from pydantic.fields import FieldInfo
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import SqlDefault

from models.ranks import rank_now


class Text(fields.CharField):
    """Text of at most `max_length` characters; `rules` are arguments of pydantic's Field."""

    def __init__(self, max_length: int, *, rules: dict[str, Any], **options: Any) -> None:
        super().__init__(max_length=max_length, **options)
        self.rules = rules

    @property
    def constraints(self) -> dict[str, Any]:
        return {**super().constraints, **self.rules}


# Not a column: it is counted from the ranks.
POSITION = FieldInfo.from_annotation(
    Annotated[  # type: ignore[arg-type]
        int,
        Field(
            ge=0,
            le=2_147_483_647,
            strict=True,
            title="Position",
            description="The place among its siblings, from 0. Beyond the last: the end.",
            examples=[0],
        ),
    ]
)


class Rank(fields.TextField):
    """The place of a record among its siblings, at the end unless it is said otherwise."""

    def __init__(self) -> None:
        super().__init__(default=rank_now)


class Version(fields.IntField):
    """The version of a record: 1 when it is made, and one more with each edit of its own."""

    def __init__(self) -> None:
        super().__init__(default=1)

    @property
    def constraints(self) -> dict[str, Any]:
        return {
            "description": "Counts the changes, from 1. In quotes it is the `ETag`.",
            "examples": [1],
        }


class LinkedIds(ArrayField):
    """The ids of what a record is linked to by another table. Triggers of that table keep them."""

    is_derived = True

    def __init__(self) -> None:
        super().__init__("uuid", default=list)


class Actor(fields.UUIDField):
    """The user who did it; null for SQL by hand.

    A new row gets who writes in the transaction (`api.db.origin`). It is no foreign key: as in
    events, the id stays when the account goes.
    """

    def __init__(self) -> None:
        actor = "nullif(current_setting('corkboard.actor', true), '')::uuid"
        text = "A user's id, which stays when the account is gone; null for SQL by hand."
        super().__init__(null=True, db_default=SqlDefault(actor), description=text)

    def describe(self, serializable: bool) -> dict[str, Any]:
        kind = "UUIDField" if serializable else type(self)
        return {**super().describe(serializable), "field_type": kind}


class Count(fields.IntField):
    """The number of rows of another table that belong to a record. Its triggers keep it."""

    is_derived = True

    def __init__(self) -> None:
        super().__init__(default=0)


class TaskLimit(fields.IntField):
    """The number of tasks that a column may have, or null for any."""

    def __init__(self) -> None:
        super().__init__(null=True)

    @property
    def constraints(self) -> dict[str, Any]:
        return {
            "ge": 1,
            "le": 10_000,
            "strict": True,
            "description": "How many tasks it may have that aren't archived, or null.",
            "examples": [5],
        }


class SortKey(fields.TextField):
    """The key by which another column is sorted. PostgreSQL makes it (migration "text_forms")."""

    is_derived = True

    def __init__(self) -> None:
        super().__init__(generated=True)


class ChangedAt(fields.DatetimeField):
    """When a record was last changed: at first its `created_at`, to the microsecond."""

    def __init__(self) -> None:
        super().__init__(auto_now=True)

    def to_db_value(self, value: Any, instance: Any) -> Any:
        if getattr(instance, "_saved_in_db", True):
            return super().to_db_value(value, instance)
        instance.updated_at = instance.created_at
        return instance.created_at

    def describe(self, serializable: bool) -> dict[str, Any]:
        # Or the next migration would change the type of a column that it has already.
        kind = "DatetimeField" if serializable else type(self)
        return {**super().describe(serializable), "field_type": kind}


class Flag(fields.BooleanField):
    """true or false, and nothing that only looks like it."""

    def __init__(self, explanation: str, **options: Any) -> None:
        super().__init__(**options)
        self.explanation = explanation

    @property
    def constraints(self) -> dict[str, Any]:
        return {"strict": True, "description": self.explanation, "examples": [self.default]}


# PostgreSQL can't store U+0000, so every text refuses it. U+0085 and U+FEFF are named beside `\s`,
# since one of them belongs to it here, the other in the regular expressions of JSON Schema.
TITLE = {
    "min_length": 1,
    "pattern": r"^[^\x00]*[^\s\x00\x85\ufeff][^\x00]*$",
    "description": "Must not be blank.",
}
TEXT = {"pattern": r"^[^\x00]*$"}
CONTENT = {
    "min_length": 1,
    **TEXT,
    "description": "1 to 10,000 characters.",
    "examples": ["Looks good to me."],
}
TIME_ZONE = {
    "description": "An IANA time zone, in which due days end.",
    "examples": ["Europe/Berlin"],
}
COLOR = {
    "pattern": "^#[0-9a-fA-F]{6}$",
    "description": "A colour, as `#rrggbb`.",
    "examples": ["#2f80ed"],
}
USERNAME = {
    "min_length": 3,
    "json_schema_extra": {"format": "username"},
    "description": "3 to 150 letters and digits of any script, `.`, `_` and `-`. Unique, ignoring "
    "case.",
    "examples": ["ada"],
}
EMAIL = {
    "pattern": r"^[^@\s\x00-\x1f\x7f-\x9f\ufeff]+@[^@\s.\x00-\x1f\x7f-\x9f\ufeff]+"
    r"(\.[^@\s.\x00-\x1f\x7f-\x9f\ufeff]+)*$",
    "description": "Unique, ignoring case. In responses null, unless it is your own or you are an "
    "admin.",
    "examples": ["ada@example.com"],
}
USER_AGENT = {
    "description": "The `User-Agent` of the program that signed in.",
    "examples": ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
}
AVATAR_URL: dict[str, Any] = {
    "pattern": r"^(https://[^\s\x00-\x1f\x85\ufeff\"'<>\\/]+[^\s\x00-\x1f\x85\ufeff\"'<>\\]*"
    r"|/api/avatars/[^\s\x00-\x1f\x85\ufeff\"'<>\\/?#]+\.svg)$",
    "description": "An `https` URL or a path under `/api/avatars/`. null: the picture drawn from "
    "the username.",
    "examples": ["/api/avatars/ada.svg"],
}


def title(example: str) -> Text:
    return Text(255, rules={**TITLE, "examples": [example]})


def description(example: str) -> Text:
    return Text(10_000, null=True, rules={**TEXT, "examples": [example]})


def time_zone() -> Text:
    return Text(64, default="UTC", rules=TIME_ZONE)


def color() -> Text:
    return Text(7, null=True, rules=COLOR)


# What to tell a client whose text doesn't match.
PATTERN_HINTS = {
    TITLE["pattern"]: "Must not be blank or contain the character U+0000.",
    TEXT["pattern"]: "Must not contain the character U+0000.",
    COLOR["pattern"]: "Must be a colour, such as #2f80ed.",
    EMAIL["pattern"]: "Must be an e-mail address.",
    AVATAR_URL["pattern"]: "Must be an https URL or a path under /api/avatars/.",
}
