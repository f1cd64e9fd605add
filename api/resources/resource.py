"""The registry: what there is to know of a record, in one row."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from tortoise import Model
from tortoise.indexes import Index
from tortoise.queryset import QuerySet

from api.access.rights import Right
from api.access.scope import Scope, Trash, WithTrash
from api.resources.hooks import Hooks
from api.resources.search import FullTextSearch, NameSearch, Search
from models.schemas import Schemas

TEXTS = ("title", "description")
TIMES = ("created_at", "updated_at")


def sort_key(model: type[Model], name: str) -> str:
    """Return the column that a list looks at that is sorted by this one."""
    key = f"{name}_order"
    return key if key in model._meta.fields_map else name


@dataclass(frozen=True)
class Resource(Scope):
    """A row of the table: a record, the way to its board, and the least right for each operation.

    - `path`: where it is served, below `/api/`
    - `hooks`: what it needs beyond the registry
    - `filters`, `sort`: the columns that filter and order its lists, which `id` and the times of
      creation and of the last change filter, too
    - `related`: filters by columns of other tables
    - `search`: the columns whose words are found; or `part_of`: the one of which a part is
    - `self_only`: the fields that are null for all but the user and admins
    - `admin_only`: the fields that only admins change and filter by
    """

    path: str
    schemas: Schemas
    list: Right = field(kw_only=True)
    create: Right = field(kw_only=True)
    update: Right = field(kw_only=True)
    delete: Right = field(kw_only=True)
    hooks: Hooks = field(kw_only=True, default=Hooks())
    filters: tuple[str, ...] = field(kw_only=True, default=())
    related: dict[str, str] = field(kw_only=True, default_factory=dict, hash=False)
    sort: tuple[str, ...] = field(kw_only=True, default=())
    search: tuple[str, ...] = field(kw_only=True, default=())
    part_of: str = field(kw_only=True, default="")
    self_only: tuple[str, ...] = field(kw_only=True, default=())
    admin_only: tuple[str, ...] = field(kw_only=True, default=())

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("list", "read", "create", "update", "delete"):
            if not isinstance(getattr(self, name), Right):
                raise TypeError(f"{self.path}: {name} is no right")
        if self.list != self.read:
            raise TypeError(f"{self.path}: a list holds what can be read; the rights must be one")

    @property
    def search_kind(self) -> Search | None:
        """Return how a list is searched, if it can be."""
        if self.search:
            return FullTextSearch(*self.search)
        return NameSearch(self.part_of) if self.part_of else None

    @property
    def name(self) -> str:
        """Return the identifier of one record, such as `board_comment`."""
        return self.path.removesuffix("s").replace("-", "_")

    @property
    def noun(self) -> str:
        """Return what texts call one record, such as `board comment`; several have an `s`."""
        return self.name.replace("_", " ")

    @cached_property
    def order(self) -> str:
        """The column by which its rows stand under their parent."""
        return "rank" if "rank" in self.model._meta.fields_map else "id"

    @cached_property
    def indexed(self) -> tuple[str, ...]:
        """Return `id` and those of `sort` that have an index."""
        found = {index.fields[0] for index in self.model._meta.indexes if isinstance(index, Index)}
        return ("id", *(name for name in self.sort if sort_key(self.model, name) in found))

    @cached_property
    def trash(self) -> Trash:
        """Its rows in the trash, for those who may delete them."""
        return Trash(self.model, board=self.board, read=self.delete)

    @cached_property
    def with_trash(self) -> WithTrash:
        """Its rows, and for those who may delete them those in the trash, too."""
        return WithTrash(self.model, board=self.board, read=self.read, trash=self.trash)

    def children_of(self, parent: UUID) -> QuerySet[Any]:
        """Return the rows that lie directly under a parent, which can be seen."""
        rows = self.model.filter(**{self.parent_id: parent})
        return rows.filter(deleted_at__isnull=True) if self.has_trash else rows


class Registry(tuple[Resource, ...]):
    """The table: its rows in order, each also by the path that it is served at."""

    def __new__(cls, *resources: Resource) -> "Registry":
        return super().__new__(cls, resources)

    def at(self, path: str) -> Resource:
        """Return the row that is served at `path`. Raises KeyError."""
        return {resource.path: resource for resource in self}[path]
