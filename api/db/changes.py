"""Tell others of this process which boards have changed, once that is committed."""

from collections.abc import Callable, Collection
from uuid import UUID

listeners: set[Callable[[Collection[UUID]], None]] = set()


def tell_of_changes(boards: Collection[UUID]) -> None:
    """Tell of boards on which something may have been changed by a committed transaction."""
    for listener in listeners:
        listener(boards)
