"""What the FastAPI peers receive and send."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field


class FromRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Record(FromRow):
    id: UUID
    created_at: datetime
    updated_at: datetime
    version: int


class TaskIn(BaseModel):
    title: str = Field(min_length=1, max_length=255)
    description: str | None = Field(None, max_length=10_000)
    due_date: datetime | None = None
    priority: Literal["LOW", "MEDIUM", "HIGH"] = "LOW"
    status: Literal["TODO", "IN_PROGRESS", "DONE", "REJECT"] = "TODO"
    color: str | None = Field(None, pattern="^#[0-9a-fA-F]{6}$")


class TaskCreate(TaskIn):
    column_id: UUID


class TaskPlaced(TaskCreate):
    position: int


class Move(BaseModel):
    position: int = Field(ge=0)


class Task(Record):
    column_id: UUID
    title: str
    description: str | None
    position: int
    due_date: datetime | None
    priority: str
    status: str
    color: str | None
    board_id: UUID
    label_ids: list[UUID]
    assignee_ids: list[UUID]
    subtask_count: int
    completed_subtask_count: int
    comment_count: int


class SubtaskIn(BaseModel):
    task_id: UUID
    title: str = Field(min_length=1, max_length=255)
    is_completed: bool = False


class Subtask(Record):
    task_id: UUID
    title: str
    is_completed: bool


class CommentIn(BaseModel):
    task_id: UUID
    content: str = Field(min_length=1, max_length=10_000)


class CommentBy(CommentIn):
    user_id: UUID


class Author(FromRow):
    id: UUID
    username: str
    avatar_url: str


class Comment(Record):
    task_id: UUID
    user_id: UUID | None
    content: str
    author: Author | None = Field(validation_alias=AliasChoices("author", "user"))


class Membership(FromRow):
    user_id: UUID
    board_id: UUID
    role: str


class BoardRow(Record):
    title: str
    description: str | None
    is_public: bool
    viewers_can_comment: bool
    color: str | None


class Board(BoardRow):
    my_role: str | None
    operations: list[str]


class Label(Record):
    board_id: UUID
    name: str
    color: str | None


class Member(FromRow):
    id: UUID = Field(validation_alias=AliasPath("user", "id"))
    username: str = Field(validation_alias=AliasPath("user", "username"))
    avatar_url: str = Field(validation_alias=AliasPath("user", "avatar_url"))
    role: str


class FullColumn(Record):
    board_id: UUID
    title: str
    position: int
    color: str | None
    tasks: list[Task]


class FullBoard(Board):
    members: list[Member]
    labels: list[Label]
    columns: list[FullColumn]
