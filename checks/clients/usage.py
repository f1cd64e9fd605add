"""How a program uses the generated Python client: checked by mypy, and run against a server."""

# Generated beside this file while the check runs; without it there is nothing to check.
# mypy: disable-error-code="import-not-found"

import sys

from corkboard_client import AuthenticatedClient
from corkboard_client.api.auth import get_me, logout_user, register_user
from corkboard_client.api.boards import create_board, get_board, list_boards
from corkboard_client.api.columns import create_column
from corkboard_client.api.members import get_role
from corkboard_client.api.tasks import create_task, update_task
from corkboard_client.models import (
    Board,
    BoardCreate,
    Column,
    ColumnCreate,
    Membership,
    Priority,
    Problem,
    Registration,
    Role,
    Task,
    TaskCreate,
    TaskUpdate,
    User,
)


def use(address: str) -> None:
    # Its cookies are what signs in; the token is a must of the generator's, and is sent as nothing
    # that the server knows.
    with AuthenticatedClient(address, token="unused", auth_header_name="X-Unused") as api:
        refused = get_me.sync(client=api)
        assert isinstance(refused, Problem)
        assert refused.status == 401

        account = Registration("ada", "ada@example.com", password="a harbour at dusk")
        ada = register_user.sync(client=api, body=account)
        assert isinstance(ada, User)
        assert ada.email == "ada@example.com"

        board = create_board.sync(client=api, body=BoardCreate("Website launch", is_public=False))
        assert isinstance(board, Board)
        assert board.description is None
        assert list_boards.sync(client=api, limit=10) == [board]
        assert get_board.sync(board.id, client=api) == board

        role = get_role.sync(client=api, user_id=ada.id, board_id=board.id)
        assert isinstance(role, Membership)
        assert role.role is Role.CREATOR

        column = create_column.sync(client=api, body=ColumnCreate(board.id, "To do"))
        assert isinstance(column, Column)
        assert column.position == 0
        new = TaskCreate(column.id, "Press release", priority=Priority.HIGH)
        task = create_task.sync(client=api, body=new)
        assert isinstance(task, Task)
        assert task.due_date is None
        renamed = update_task.sync(task.id, client=api, body=TaskUpdate(column.id, "Paper"))
        assert isinstance(renamed, Task)
        assert renamed.priority is Priority.LOW

        assert logout_user.sync_detailed(client=api).status_code == 204
        assert isinstance(get_me.sync(client=api), Problem)


if __name__ == "__main__":
    use(sys.argv[1])
