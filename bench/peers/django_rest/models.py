"""The tables, for Django."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from uuid_utils.compat import uuid7

from bench.peers.shared import OPERATIONS


class Record(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.IntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class User(models.Model):
    id = models.UUIDField(primary_key=True)
    username = models.CharField(max_length=150)
    avatar_url = models.CharField(max_length=2048)
    is_admin = models.BooleanField(default=False)

    is_authenticated = True

    class Meta:
        managed = False
        db_table = "users"


class ApiToken(models.Model):
    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE)
    token_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.TextField())
    expires_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "api_tokens"


class Session(models.Model):
    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "sessions"


class Board(Record):
    title = models.CharField(max_length=255)
    description = models.CharField(max_length=10_000, null=True, blank=True)
    is_public = models.BooleanField(default=True)
    viewers_can_comment = models.BooleanField(default=False)
    color = models.CharField(max_length=7, null=True, blank=True)
    deleted_at = models.DateTimeField(null=True)

    own: list[Any]  # the caller's membership, where it is prefetched

    class Meta:
        managed = False
        db_table = "boards"

    @property
    def my_role(self) -> str | None:
        return self.own[0].role if self.own else None

    @property
    def operations(self) -> list[str]:
        return OPERATIONS[self.my_role]


class BoardUser(models.Model):
    id = models.AutoField(primary_key=True)
    board = models.ForeignKey(Board, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.CASCADE)
    role = models.CharField(max_length=16)

    class Meta:
        managed = False
        db_table = "board_users"


class Column(Record):
    board = models.ForeignKey(Board, models.CASCADE, related_name="columns")
    title = models.CharField(max_length=255)
    position = models.IntegerField()
    color = models.CharField(max_length=7, null=True, blank=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "columns"


class Label(Record):
    board = models.ForeignKey(Board, models.CASCADE, related_name="labels")
    name = models.CharField(max_length=255)
    color = models.CharField(max_length=7, null=True, blank=True)

    class Meta:
        managed = False
        db_table = "labels"


class Task(Record):
    class Priority(models.TextChoices):
        LOW = "LOW"
        MEDIUM = "MEDIUM"
        HIGH = "HIGH"

    class Status(models.TextChoices):
        TODO = "TODO"
        IN_PROGRESS = "IN_PROGRESS"
        DONE = "DONE"
        REJECT = "REJECT"

    column = models.ForeignKey(Column, models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=255)
    description = models.CharField(max_length=10_000, null=True, blank=True)
    position = models.IntegerField()
    due_date = models.DateTimeField(null=True, blank=True)
    priority = models.CharField(max_length=16, choices=Priority, default=Priority.LOW)
    status = models.CharField(max_length=16, choices=Status, default=Status.TODO)
    color = models.CharField(max_length=7, null=True, blank=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "tasks"


class Subtask(Record):
    task = models.ForeignKey(Task, models.CASCADE, related_name="subtasks")
    title = models.CharField(max_length=255)
    is_completed = models.BooleanField(default=False)

    class Meta:
        managed = False
        db_table = "subtasks"


class Comment(Record):
    task = models.ForeignKey(Task, models.CASCADE, related_name="comments")
    user = models.ForeignKey(User, models.CASCADE, null=True)
    content = models.CharField(max_length=10_000)

    class Meta:
        managed = False
        db_table = "comments"


class TaskLabel(models.Model):
    id = models.AutoField(primary_key=True)
    task = models.ForeignKey(Task, models.CASCADE, related_name="labellings")
    label = models.ForeignKey(Label, models.CASCADE)

    class Meta:
        managed = False
        db_table = "task_labels"


class TaskAssignee(models.Model):
    id = models.AutoField(primary_key=True)
    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments")
    membership = models.ForeignKey(BoardUser, models.CASCADE)

    class Meta:
        managed = False
        db_table = "task_assignees"
