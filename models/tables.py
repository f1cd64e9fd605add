"""The tables. What PostgreSQL can hold itself (CHECKs, deferred and partial unique constraints) is
written by hand in the migrations, since the ORM has no words for it."""

import unicodedata
from hashlib import sha256
from typing import Any
from uuid import UUID

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from uuid_utils.compat import uuid7

from models.enums import EventKind, NotificationKind, Priority, Role, Status
from models.fields import (
    AVATAR_URL,
    CONTENT,
    EMAIL,
    USER_AGENT,
    USERNAME,
    Actor,
    ChangedAt,
    Count,
    Flag,
    LinkedIds,
    Rank,
    SortKey,
    TaskLimit,
    Text,
    Version,
    color,
    description,
    time_zone,
    title,
)


def fold(text: str) -> str:
    """Return the text without case and compatibility forms: equal for what looks the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def unique_key(text: str) -> str:
    """Return the form of a name or an e-mail that must be unique, at most 255 characters.

    Every e-mail holds an `@`. No name folds into one, nor into the `:` of a hash, so that a key is
    that of a name, of an e-mail, or a hash, and never two of these.
    """
    key = fold(text)
    # One character may fold into 18, and an index holds no row of several kilobytes.
    return key if len(key) <= 255 else f"sha256:{sha256(key.encode()).hexdigest()}"


def is_email(text: str) -> bool:
    """Return whether a name that somebody goes by can only be an e-mail, not a username."""
    return "@" in fold(text)


def orders(table: str, *columns: str) -> list[Index]:
    """Return an index for each order that a list is read in besides that of ids."""
    return [Index(fields=(name, "id"), name=f"{table}_{name}_id_idx") for name in columns]


class Identified(Model):
    """A row with an id that the server makes in time order (UUIDv7)."""

    id = fields.UUIDField(primary_key=True, default=uuid7)

    class Meta:
        abstract = True


class Record(Identified):
    """A row that says when it was made and when its own fields were last changed."""

    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = ChangedAt()
    version = Version()

    class Meta:
        abstract = True


class Authored(Record):
    """A record that says who made it and who last changed its own fields."""

    created_by = Actor()
    updated_by = Actor()

    class Meta:
        abstract = True


class User(Identified):
    username = Text(150, rules=USERNAME)
    username_key = fields.CharField(max_length=255, unique=True)
    email = Text(255, rules=EMAIL)
    email_key = fields.CharField(max_length=255, unique=True)
    avatar_url = Text(2048, rules=AVATAR_URL)
    is_admin = Flag("Whether the user may do everything, on every board.", default=False)
    disabled_at = fields.DatetimeField(
        null=True,
        description="Since when the user can't sign in; null while they can. Shown to admins, null "
        "for all others.",
    )
    due_in_3_days = Flag("Whether to be notified 3 days before a task is due.", default=True)
    due_in_1_day = Flag("Whether to be notified a day before a task is due.", default=True)
    hashed_password = fields.CharField(max_length=255)
    registered_at = fields.DatetimeField(auto_now_add=True)
    version = Version()

    class Meta:
        table = "users"
        indexes = orders("users", "registered_at")


class Discarded(Authored):
    """A record that can be archived, and that goes to the trash before it goes for good.

    Its own row alone says so: what lies under it is gone with it, and back with it.
    """

    deleted_at = fields.DatetimeField(null=True)
    archived_at = fields.DatetimeField(null=True, description="When it was archived, or null.")

    class Meta:
        abstract = True


class Board(Discarded):
    title = title("Website launch")
    title_order = SortKey()
    description = description("Everything that must be done before the first of May.")
    is_public = Flag("Whether every signed-in user may read the board.", default=True)
    is_template = Flag("Whether the board is there to be copied.", default=False)
    viewers_can_comment = Flag("Whether VIEWERs may comment.", default=False)
    color = color()
    limits_are_advisory = Flag("Whether `task_limit` only warns.", default=False)
    time_zone = time_zone()

    class Meta:
        table = "boards"
        indexes = [
            Index(fields=("is_public",), name="boards_is_public_idx"),
            *orders("boards", "title_order", "created_at", "updated_at"),
        ]


class BoardUser(Model):
    """A membership: which user holds which role on which board. Ids tell the order of joining."""

    id = fields.IntField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", related_name="memberships", on_delete=fields.CASCADE
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="memberships", on_delete=fields.CASCADE
    )
    role = fields.CharEnumField(Role, max_length=16, description="What the member may do.")

    board_id: UUID
    user_id: UUID

    class Meta:
        table = "board_users"
        unique_together = (("user", "board"),)
        indexes = [Index(fields=("board_id", "id"), name="board_users_board_id_id_idx")]


class Column(Discarded):
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", related_name="columns", on_delete=fields.CASCADE
    )
    title = title("In progress")
    title_order = SortKey()
    rank = Rank()
    color = color()
    task_limit = TaskLimit()

    board_id: UUID

    class Meta:
        table = "columns"
        indexes = [
            Index(fields=("board_id",), name="columns_board_id_idx"),
            *orders("columns", "title_order", "created_at", "updated_at"),
        ]


class Task(Discarded):
    column: fields.ForeignKeyRelation[Column] = fields.ForeignKeyField(
        "models.Column", related_name="tasks", on_delete=fields.CASCADE
    )
    title = title("Write the press release")
    title_order = SortKey()
    description = description("Two paragraphs and a quote.")
    rank = Rank()
    due_date = fields.DatetimeField(
        null=True, description="A time, or a day, which ends in the board's `time_zone`."
    )
    # If it is a day: a trigger then sets `due_date` to its end.
    due_day = fields.DateField(null=True)
    priority = fields.CharEnumField(
        Priority, default=Priority.LOW, max_length=16, description="How urgent it is."
    )
    status = fields.CharEnumField(
        Status, default=Status.TODO, max_length=16, description="How far it has come."
    )
    color = color()
    label_ids = LinkedIds()
    assignee_ids = LinkedIds()
    subtask_count = Count()
    completed_subtask_count = Count()
    comment_count = Count()

    column_id: UUID

    class Meta:
        table = "tasks"
        indexes = orders("tasks", "due_date", "updated_at")


class Subtask(Authored):
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "models.Task", related_name="subtasks", on_delete=fields.CASCADE
    )
    title = title("Ask for a quote")
    rank = Rank()
    is_completed = Flag("Whether the subtask is done.", default=False)

    task_id: UUID

    class Meta:
        table = "subtasks"
        indexes = [
            Index(fields=("task_id", "id"), name="subtasks_task_id_id_idx"),
            *orders("subtasks", "created_at", "updated_at"),
        ]


class Comment(Record):
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "models.Task", related_name="comments", on_delete=fields.CASCADE
    )
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="comments", null=True, on_delete=fields.SET_NULL
    )
    content = Text(10_000, rules=CONTENT)

    task_id: UUID
    user_id: UUID | None

    class Meta:
        table = "comments"
        indexes = [
            Index(fields=("task_id", "id"), name="comments_task_id_id_idx"),
            Index(fields=("user_id",), name="comments_user_id_idx"),
            *orders("comments", "created_at", "updated_at"),
        ]


class BoardComment(Record):
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", related_name="comments", on_delete=fields.CASCADE
    )
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="board_comments", null=True, on_delete=fields.SET_NULL
    )
    content = Text(10_000, rules=CONTENT)

    board_id: UUID
    user_id: UUID | None

    class Meta:
        table = "board_comments"
        indexes = [
            Index(fields=("board_id", "id"), name="board_comments_board_id_id_idx"),
            Index(fields=("user_id",), name="board_comments_user_id_idx"),
            *orders("board_comments", "created_at", "updated_at"),
        ]


class Label(Authored):
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", related_name="labels", on_delete=fields.CASCADE
    )
    name = title("Urgent")
    name_order = SortKey()
    color = color()

    board_id: UUID

    class Meta:
        table = "labels"
        indexes = [
            Index(fields=("board_id", "id"), name="labels_board_id_id_idx"),
            *orders("labels", "name_order", "created_at", "updated_at"),
        ]


class TaskLabel(Model):
    """A label that a task bears."""

    id = fields.IntField(primary_key=True)
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "models.Task", related_name="labellings", on_delete=fields.CASCADE
    )
    label: fields.ForeignKeyRelation[Label] = fields.ForeignKeyField(
        "models.Label", related_name="labellings", on_delete=fields.CASCADE
    )

    task_id: UUID
    label_id: UUID

    class Meta:
        table = "task_labels"
        unique_together = (("task", "label"),)
        indexes = [Index(fields=("label_id",), name="task_labels_label_id_idx")]


class TaskAssignee(Model):
    """The assignment of a task to a membership, with which it ends when the member leaves."""

    id = fields.IntField(primary_key=True)
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "models.Task", related_name="assignments", on_delete=fields.CASCADE
    )
    membership: fields.ForeignKeyRelation[BoardUser] = fields.ForeignKeyField(
        "models.BoardUser", related_name="assignments", on_delete=fields.CASCADE
    )

    task_id: UUID
    membership_id: int

    class Meta:
        table = "task_assignees"
        unique_together = (("task", "membership"),)
        indexes = [Index(fields=("membership_id",), name="task_assignees_membership_id_idx")]


class Invitation(Identified):
    """A link by which whoever has it joins a board. Its token is known by its hash only."""

    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", related_name="invitations", on_delete=fields.CASCADE
    )
    inviter: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="invitations", on_delete=fields.CASCADE
    )
    role = fields.CharEnumField(Role, max_length=16, description="As what they join.")
    # Whether it was made by the right of an admin, not by a role on the board.
    by_admin = fields.BooleanField(default=False)
    token_hash = fields.CharField(max_length=64, unique=True)
    max_uses = fields.IntField(null=True, description="How many may join; null for any number.")
    uses = fields.IntField(default=0, description="How many have joined.")
    created_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField()

    board_id: UUID
    inviter_id: UUID

    class Meta:
        table = "invitations"
        indexes = [
            Index(fields=("board_id", "id"), name="invitations_board_id_id_idx"),
            Index(fields=("inviter_id",), name="invitations_inviter_id_idx"),
        ]


class Session(Identified):
    """A sign-in. Its id is the token's `jti`; a request counts only while its row is here."""

    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="sessions", on_delete=fields.CASCADE
    )
    created_at = fields.DatetimeField(auto_now_add=True)
    # To ten minutes, so that reading stays reading.
    last_used_at = fields.DatetimeField(auto_now_add=True)
    expires_at = fields.DatetimeField()
    user_agent = Text(256, null=True, rules=USER_AGENT)

    user_id: UUID

    class Meta:
        table = "sessions"
        indexes = [
            Index(fields=("user_id",), name="sessions_user_id_idx"),
            Index(fields=("expires_at",), name="sessions_expires_at_idx"),
            Index(fields=("last_used_at",), name="sessions_last_used_at_idx"),
        ]


class ApiToken(Identified):
    """A key by which a script acts for a user. Its secret is known by its hash only."""

    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="api_tokens", on_delete=fields.CASCADE
    )
    name = title("Nightly export")
    token_hash = fields.CharField(max_length=64, unique=True)
    scopes = ArrayField("text")
    created_at = fields.DatetimeField(auto_now_add=True)
    # To ten minutes, as that of a session.
    last_used_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField()

    user_id: UUID

    class Meta:
        table = "api_tokens"
        indexes = [Index(fields=("user_id", "id"), name="api_tokens_user_id_id_idx")]


class IdempotencyKey(Model):
    """A request that was done, and how it was answered; without a body if that isn't kept."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="idempotency_keys", on_delete=fields.CASCADE
    )
    key = fields.CharField(max_length=255)
    request_hash = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()
    # From here on null while the request runs, which nobody else sees.
    status = fields.SmallIntField(null=True)
    body = fields.TextField(null=True)
    etag = fields.CharField(max_length=64, null=True)
    location = fields.CharField(max_length=255, null=True)
    board_ids = ArrayField("uuid", null=True)

    class Meta:
        table = "idempotency_keys"
        unique_together = (("user", "key"),)
        indexes = [Index(fields=("created_at",), name="idempotency_keys_created_at_idx")]


class Event(Model):
    """A change of a row, written by the triggers of its table (migration "events").

    What it names may be gone. Those of a board have ids in the order of their commits.
    """

    id = fields.BigIntField(primary_key=True)
    board_id = fields.UUIDField(null=True)
    task_id = fields.UUIDField(null=True)
    actor_id = fields.UUIDField(null=True)
    kind = fields.CharEnumField(EventKind, max_length=40, description="What happened.")
    record = fields.CharField(max_length=20)
    record_id = fields.UUIDField()
    before: Any = fields.JSONField(null=True)
    after: Any = fields.JSONField(null=True)
    request_id = fields.CharField(max_length=128, null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "events"


class EventLog(Model):
    """The name of the present log, another one after a restore, and up to when assignees have been
    notified of due dates: its only row."""

    epoch = fields.UUIDField(primary_key=True)
    notified_until = fields.DatetimeField()

    class Meta:
        table = "event_log"


class Notification(Model):
    """A notification, written by a trigger of the event log (migration "notifications") or, for
    due dates, by a job."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="notifications", on_delete=fields.CASCADE
    )
    kind = fields.CharEnumField(NotificationKind, max_length=16)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", related_name="notifications", on_delete=fields.CASCADE
    )
    task: fields.ForeignKeyNullableRelation[Task] = fields.ForeignKeyField(
        "models.Task", related_name="notifications", null=True, on_delete=fields.CASCADE
    )
    # These may be gone.
    comment_id = fields.UUIDField(null=True)
    event_id = fields.BigIntField(null=True)
    actor_id = fields.UUIDField(null=True)
    due_date = fields.DatetimeField(null=True)
    # If the task was due on a day: that day, since its board's time zone may change.
    due_day = fields.DateField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)
    read_at = fields.DatetimeField(null=True)

    user_id: UUID
    board_id: UUID
    task_id: UUID | None

    class Meta:
        table = "notifications"
        indexes = [
            Index(fields=("user_id", "id"), name="notifications_user_id_id_idx"),
            Index(fields=("board_id",), name="notifications_board_id_idx"),
        ]


class Mute(Model):
    """A board of which a user isn't notified."""

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="mutes", on_delete=fields.CASCADE
    )
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "models.Board", related_name="mutes", on_delete=fields.CASCADE
    )

    board_id: UUID

    class Meta:
        table = "mutes"
        unique_together = (("board", "user"),)
        indexes = [Index(fields=("user_id",), name="mutes_user_id_idx")]


class Presence(Model):
    """The boards that users watch by streams of one process; the table is UNLOGGED."""

    id = fields.UUIDField(primary_key=True)
    seen_at = fields.DatetimeField()
    watching: Any = fields.JSONField()  # the ids of users, by those of boards

    class Meta:
        table = "presence"


class Job(Model):
    """A background job, as its last run left it; the table is UNLOGGED."""

    name = fields.CharField(max_length=40, primary_key=True)
    due_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True, description="When its last run began.")
    seconds = fields.FloatField(null=True)
    error = fields.CharField(max_length=100, null=True)

    class Meta:
        table = "jobs"


class RateLimit(Model):
    """The number of attempts at something limited in its present window; the table is UNLOGGED."""

    key = fields.CharField(max_length=255, primary_key=True)
    attempts = fields.IntField()
    ends_at = fields.DatetimeField()

    class Meta:
        table = "rate_limits"
        indexes = [Index(fields=("ends_at",), name="rate_limits_ends_at_idx")]


# Which field clashes when PostgreSQL refuses a row, and what to say of it.
CONSTRAINTS = {
    "users_username_key_key": ("username", "This username is already taken."),
    "users_email_key_key": ("email", "This e-mail address is already taken."),
    "uid_board_users_user_id_11b7d6": ("user_id", "This user is already a member of the board."),
}
