"""The tables, for Tortoise ORM."""

from typing import Any
from uuid import UUID

from tortoise import Model, fields
from tortoise.contrib.postgres.fields import ArrayField
from uuid_utils.compat import uuid7

from bench.peers.shared import OPERATIONS


class Record(Model):
    id = fields.UUIDField(primary_key=True, default=uuid7)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)
    version = fields.IntField(default=1)

    class Meta:
        abstract = True


class User(Model):
    id = fields.UUIDField(primary_key=True)
    username = fields.CharField(max_length=150)
    avatar_url = fields.CharField(max_length=2048)
    is_admin = fields.BooleanField(default=False)

    class Meta:
        table = "users"


class ApiToken(Model):
    id = fields.UUIDField(primary_key=True)
    user: Any = fields.ForeignKeyField("models.User", related_name="tokens")
    token_hash = fields.CharField(max_length=64)
    scopes = ArrayField("text")
    expires_at = fields.DatetimeField()

    class Meta:
        table = "api_tokens"


class Session(Model):
    id = fields.UUIDField(primary_key=True)
    user: Any = fields.ForeignKeyField("models.User", related_name="sessions")
    expires_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField()

    class Meta:
        table = "sessions"


class Board(Record):
    title = fields.CharField(max_length=255)
    description = fields.CharField(max_length=10_000, null=True)
    is_public = fields.BooleanField(default=True)
    viewers_can_comment = fields.BooleanField(default=False)
    color = fields.CharField(max_length=7, null=True)
    deleted_at = fields.DatetimeField(null=True)

    own: list["BoardUser"]  # the caller's membership, where it is prefetched

    @property
    def my_role(self) -> str | None:
        return self.own[0].role if self.own else None

    @property
    def operations(self) -> list[str]:
        return OPERATIONS[self.my_role]

    class Meta:
        table = "boards"


class BoardUser(Model):
    id = fields.IntField(primary_key=True)
    board: Any = fields.ForeignKeyField("models.Board", related_name="memberships")
    user: Any = fields.ForeignKeyField("models.User", related_name="memberships")
    role = fields.CharField(max_length=16)

    class Meta:
        table = "board_users"


class Column(Record):
    board: Any = fields.ForeignKeyField("models.Board", related_name="all_columns")
    title = fields.CharField(max_length=255)
    position = fields.IntField()
    color = fields.CharField(max_length=7, null=True)
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "columns"


class Task(Record):
    column: Any = fields.ForeignKeyField("models.Column", related_name="all_tasks")
    title = fields.CharField(max_length=255)
    description = fields.CharField(max_length=10_000, null=True)
    position = fields.IntField()
    due_date = fields.DatetimeField(null=True)
    priority = fields.CharField(max_length=16, default="LOW")
    status = fields.CharField(max_length=16, default="TODO")
    color = fields.CharField(max_length=7, null=True)
    deleted_at = fields.DatetimeField(null=True)

    column_id: UUID
    # As it is annotated: by the name of `board_id`, filters would take it for a column's.
    on_board: UUID
    assignments: fields.ReverseRelation["TaskAssignee"]
    labellings: fields.ReverseRelation["TaskLabel"]

    @property
    def board_id(self) -> UUID:
        return self.on_board

    @property
    def assignee_ids(self) -> list[UUID]:
        return [each.membership.user_id for each in self.assignments]

    @property
    def label_ids(self) -> list[UUID]:
        return [each.label_id for each in self.labellings]

    class Meta:
        table = "tasks"


class Subtask(Record):
    task: Any = fields.ForeignKeyField("models.Task", related_name="all_subtasks")
    title = fields.CharField(max_length=255)
    is_completed = fields.BooleanField(default=False)

    class Meta:
        table = "subtasks"


class Comment(Record):
    task: Any = fields.ForeignKeyField("models.Task", related_name="all_comments")
    user: Any = fields.ForeignKeyField("models.User", related_name="comments", null=True)
    content = fields.CharField(max_length=10_000)

    class Meta:
        table = "comments"


class Label(Record):
    board: Any = fields.ForeignKeyField("models.Board", related_name="all_labels")
    name = fields.CharField(max_length=255)
    color = fields.CharField(max_length=7, null=True)

    class Meta:
        table = "labels"


class TaskLabel(Model):
    id = fields.IntField(primary_key=True)
    task: Any = fields.ForeignKeyField("models.Task", related_name="labellings")
    label: Any = fields.ForeignKeyField("models.Label", related_name="labellings")

    label_id: UUID

    class Meta:
        table = "task_labels"


class TaskAssignee(Model):
    id = fields.IntField(primary_key=True)
    task: Any = fields.ForeignKeyField("models.Task", related_name="assignments")
    membership: Any = fields.ForeignKeyField("models.BoardUser", related_name="assignments")

    class Meta:
        table = "task_assignees"
