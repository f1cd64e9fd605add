"""The tables, for SQLAlchemy."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    ForeignKey,
    ScalarSelect,
    Select,
    String,
    Uuid,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    column_property,
    mapped_column,
    relationship,
    selectinload,
)
from uuid_utils.compat import uuid7

from bench.peers.shared import DATABASE, OPERATIONS


def url() -> str:
    name = DATABASE["database"]
    given = "&".join(f"{key}={DATABASE[key]}" for key in ("host", "port"))
    return f"postgresql+asyncpg://{DATABASE['user']}:{DATABASE['password']}@/{name}?{given}"


def now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: DateTime(timezone=True)}  # noqa: RUF012
    __allow_unmapped__ = True


class Record:
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1)


class User(Base):
    __tablename__ = "users"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    username: Mapped[str]
    avatar_url: Mapped[str]
    is_admin: Mapped[bool] = mapped_column(default=False)


class ApiToken(Base):
    __tablename__ = "api_tokens"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    token_hash: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String))
    expires_at: Mapped[datetime]
    user: Mapped[User] = relationship()


class Session(Base):
    __tablename__ = "sessions"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    user: Mapped[User] = relationship()


class BoardUser(Base):
    __tablename__ = "board_users"
    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str]
    user: Mapped[User] = relationship()
    username: AssociationProxy[str] = association_proxy("user", "username")
    avatar_url: AssociationProxy[str] = association_proxy("user", "avatar_url")


class Subtask(Record, Base):
    __tablename__ = "subtasks"
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    title: Mapped[str]
    is_completed: Mapped[bool] = mapped_column(default=False)


class Comment(Record, Base):
    __tablename__ = "comments"
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    content: Mapped[str]
    author: Mapped[User | None] = relationship(lazy="joined")


class Label(Record, Base):
    __tablename__ = "labels"
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    name: Mapped[str]
    color: Mapped[str | None]


class TaskLabel(Base):
    __tablename__ = "task_labels"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    label_id: Mapped[UUID] = mapped_column(ForeignKey("labels.id"))


class TaskAssignee(Base):
    __tablename__ = "task_assignees"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("board_users.id"))
    membership: Mapped[BoardUser] = relationship()


class Task(Record, Base):
    __tablename__ = "tasks"
    column_id: Mapped[UUID] = mapped_column(ForeignKey("columns.id"))
    title: Mapped[str]
    description: Mapped[str | None]
    position: Mapped[int]
    due_date: Mapped[datetime | None]
    priority: Mapped[str] = mapped_column(default="LOW")
    status: Mapped[str] = mapped_column(default="TODO")
    color: Mapped[str | None]
    deleted_at: Mapped[datetime | None]

    column: Mapped["Column"] = relationship(back_populates="tasks")


class Column(Record, Base):
    __tablename__ = "columns"
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id"))
    title: Mapped[str]
    position: Mapped[int]
    color: Mapped[str | None]
    deleted_at: Mapped[datetime | None]

    board: Mapped["Board"] = relationship(back_populates="columns")
    tasks: Mapped[list[Task]] = relationship(back_populates="column", order_by=Task.position)


class Board(Record, Base):
    __tablename__ = "boards"
    title: Mapped[str]
    description: Mapped[str | None]
    is_public: Mapped[bool] = mapped_column(default=True)
    viewers_can_comment: Mapped[bool] = mapped_column(default=False)
    color: Mapped[str | None]
    deleted_at: Mapped[datetime | None]

    # In an answer, what one user is and may change there.
    my_role: str | None
    operations: list[str]

    members: Mapped[list[BoardUser]] = relationship(order_by=BoardUser.id)
    labels: Mapped[list[Label]] = relationship(order_by=Label.id)
    columns: Mapped[list[Column]] = relationship(back_populates="board", order_by=Column.position)

    def seen_by(self, user_id: UUID) -> "Board":
        """Set the user's role there, from the members that are loaded."""
        self.my_role = next((each.role for each in self.members if each.user_id == user_id), None)
        self.operations = OPERATIONS[self.my_role]
        return self


def value_of_task(statement: Select[Any]) -> ScalarSelect[Any]:
    return statement.correlate(Task).scalar_subquery()


def ids_of_task(statement: Select[Any]) -> Any:
    return column_property(func.array(value_of_task(statement), type_=ARRAY(Uuid)))


def count_of(table: type[Comment] | type[Subtask], *filters: ColumnElement[bool]) -> Any:
    rows = select(func.count()).where(table.task_id == Task.id, *filters)
    return column_property(value_of_task(rows))


# What a task shows of other tables.
Task.board_id = column_property(
    value_of_task(select(Column.board_id).where(Column.id == Task.column_id))
)
Task.label_ids = ids_of_task(
    select(TaskLabel.label_id).where(TaskLabel.task_id == Task.id).order_by(TaskLabel.label_id)
)
Task.assignee_ids = ids_of_task(
    select(BoardUser.user_id)
    .select_from(TaskAssignee)
    .join(TaskAssignee.membership)
    .where(TaskAssignee.task_id == Task.id)
    .order_by(TaskAssignee.id)
)
Task.subtask_count = count_of(Subtask)
Task.completed_subtask_count = count_of(Subtask, Subtask.is_completed)
Task.comment_count = count_of(Comment)


# Not mapped, since nothing but the search looks at it.
WORDS: ColumnElement[Any] = literal_column("tasks.words", TSVECTOR)


def search_text(text: str) -> ColumnElement[Any]:
    """Return what a user typed as PostgreSQL looks for it; the last word may be unfinished."""
    begun = func.to_tsquery("simple", func.quote_literal(text).op("||")(":*"))
    whole = [func.websearch_to_tsquery(language, text) for language in ("simple", "russian")]
    query: ColumnElement[Any] = whole[0].op("||")(whole[1]).op("||")(begun)
    return query


# What is loaded with a board to send it as a whole.
WHOLE = (
    selectinload(Board.members).joinedload(BoardUser.user),
    selectinload(Board.labels),
    selectinload(Board.columns.and_(Column.deleted_at.is_(None))).selectinload(
        Column.tasks.and_(Task.deleted_at.is_(None))
    ),
)
