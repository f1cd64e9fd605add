"""The demo: what it adds can be used at once, is consistent, and is added only once."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg
import click
import pytest
from pydantic import SecretStr

from api.auth.passwords import check_password
from api.db.connection import database
from api.ops import demo
from api.ops.demo import load_demo
from api.ops.integrity import check
from api.settings import settings
from models.tables import User, unique_key
from tests.conftest import World

APP, HIRING, SUPPORT = "Mobile app 2.0", "Hiring a second designer", "Customer support"
ROLES = {
    "mira": {APP: "CREATOR", HIRING: "CREATOR"},
    "jonas": {APP: "MODERATOR", HIRING: "MEMBER"},
    "priya": {APP: "MEMBER", SUPPORT: "MEMBER"},
    "tomasz": {APP: "MEMBER"},
    "aiko": {APP: "MEMBER", SUPPORT: "MEMBER"},
    "leila": {HIRING: "MODERATOR", SUPPORT: "CREATOR"},
    "samuel": {SUPPORT: "MODERATOR"},
}


@pytest.fixture
async def printed(database_url: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what loading the team printed."""
    await load_demo(database_url, None)
    return capsys.readouterr().out


@pytest.fixture
async def connection(database_url: str) -> Any:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


def sign_in_names(printed: str) -> list[str]:
    table = printed.split("\nname ")[1].splitlines()[1:]
    return [line.split()[0] for line in table]


async def test_all_sign_in_with_the_printed_password_and_find_boards(
    printed: str, world: World
) -> None:
    [password] = [line for line in printed.splitlines() if line.startswith("Sign in with")]
    assert sign_in_names(printed) == list(ROLES)
    for name, roles in ROLES.items():
        client = world.client()
        login = {"username": name, "password": password.split(": ")[1]}
        user = (await client.post("/api/auth/login", json=login)).json()
        assert user["is_admin"] == (name == "mira")
        own = (await client.get(f"/api/users/{user['id']}/boards")).json()
        assert {board["title"]: board["role"] for board in own} == roles
        seen = {board["title"] for board in (await client.get("/api/boards")).json()}
        assert seen == {APP, SUPPORT, *roles}
        for board in own:
            assert (await client.get(f"/api/boards/{board['id']}/columns")).json()


@pytest.mark.parametrize("name", ROLES)
def test_the_password_is_one_that_the_rules_allow(name: str) -> None:
    assert len(demo.PASSWORD) >= 8
    check_password(SecretStr(demo.PASSWORD), name, field="password")


async def test_every_kind_of_thing_occurs(printed: str, connection: asyncpg.Connection) -> None:
    async def values(query: str) -> set[Any]:
        return {value for [value] in await connection.fetch(query)}

    assert await values("SELECT role FROM board_users") == {"CREATOR", "MODERATOR", "MEMBER"}
    assert await values("SELECT is_public FROM boards") == {True, False}
    assert await values("SELECT priority FROM tasks") == {"LOW", "MEDIUM", "HIGH"}
    assert await values("SELECT status FROM tasks") == {"TODO", "IN_PROGRESS", "DONE", "REJECT"}
    assert await values("SELECT is_completed FROM subtasks") == {True, False}
    assert await values("SELECT due_date < now() FROM tasks") == {True, False, None}
    assert await values("SELECT user_id IS NULL FROM comments") == {False}


# What each board shows at once: open cards by when they are due, and how far their checklists are.
OPEN_CARDS = """
SELECT boards.title AS board, tasks.title,
    sign((due_date AT TIME ZONE 'UTC')::date - (boards.created_at AT TIME ZONE 'UTC')::date) AS due,
    (SELECT count(*) FROM task_assignees WHERE task_id = tasks.id) AS assignees,
    (SELECT count(*) FROM subtasks WHERE task_id = tasks.id AND is_completed) AS completed,
    (SELECT count(*) FROM subtasks WHERE task_id = tasks.id AND NOT is_completed) AS left
FROM tasks JOIN columns ON columns.id = column_id JOIN boards ON boards.id = board_id
WHERE status IN ('TODO', 'IN_PROGRESS')
"""


@pytest.mark.parametrize("board", [APP, HIRING, SUPPORT])
async def test_each_board_has_overdue_assigned_and_half_done_cards(
    printed: str, connection: asyncpg.Connection, board: str
) -> None:
    cards = [card for card in await connection.fetch(OPEN_CARDS) if card["board"] == board]
    assert {card["due"] for card in cards} >= {-1, 0, 1}
    assert len([card for card in cards if card["assignees"]]) > len(cards) / 2
    assert max(card["assignees"] for card in cards) > 1
    assert [card for card in cards if card["completed"] and card["left"]]


async def test_each_label_has_a_color_and_is_on_a_card(
    printed: str, connection: asyncpg.Connection
) -> None:
    labels = await connection.fetch(
        "SELECT board_id, color, (SELECT count(*) FROM task_labels WHERE label_id = labels.id) "
        "AS cards FROM labels"
    )
    assert len({label["board_id"] for label in labels}) == 3
    assert [label for label in labels if not label["color"] or not label["cards"]] == []


async def test_members_of_each_board_mention_each_other_in_comments(
    printed: str, connection: asyncpg.Connection
) -> None:
    comments = await connection.fetch(
        "SELECT title, username, content FROM users JOIN comments ON user_id = users.id "
        "JOIN (SELECT tasks.id, boards.title FROM tasks JOIN columns ON columns.id = column_id "
        "JOIN boards ON boards.id = board_id) AS cards ON cards.id = task_id"
    )
    for board in (APP, HIRING, SUPPORT):
        here = [comment for comment in comments if comment["title"] == board]
        members = {name for name, roles in ROLES.items() if board in roles}
        authors = {comment["username"] for comment in here}
        mentioned = {name for comment in here for name in re.findall(r"@(\w+)", comment["content"])}
        assert len(authors) > 1
        assert mentioned
        assert authors | mentioned <= members


@pytest.mark.parametrize("tasks", [None, 1, 2_000])
async def test_each_board_has_one_creator(
    database_url: str, connection: asyncpg.Connection, tasks: int | None
) -> None:
    await load_demo(database_url, tasks)
    creators = "SELECT count(*) FROM board_users WHERE role = 'CREATOR' AND board_id = boards.id"
    assert await connection.fetch(f"SELECT FROM boards WHERE ({creators}) <> 1") == []


async def test_a_second_run_changes_nothing_and_says_so(
    printed: str, database_url: str, rows: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    before = await rows()
    await load_demo(database_url, None)
    again = capsys.readouterr().out
    assert await rows() == before
    assert "nothing was added" in again
    assert "nothing was added" not in printed
    assert sign_in_names(again) == sign_in_names(printed)


@pytest.mark.parametrize(
    ("username", "email"),
    [("Mira", "somebody@elsewhere.example"), ("somebody", "MIRA@example.com")],
)
async def test_somebody_with_the_same_name_or_address_is_left_alone(
    database_url: str,
    hashed_password: str,
    rows: Any,
    capsys: pytest.CaptureFixture[str],
    username: str,
    email: str,
) -> None:
    async with database(database_url):
        somebody = await User.create(
            username=username,
            username_key=unique_key(username),
            email=email,
            email_key=unique_key(email),
            avatar_url="/api/avatars/somebody.svg",
            hashed_password=hashed_password,
        )
    [before] = (await rows())["users"]
    await load_demo(database_url, None)
    assert sign_in_names(capsys.readouterr().out) == ["mira-demo", *list(ROLES)[1:]]
    after = await rows()
    assert before in after["users"]
    assert len(after["users"]) == len(ROLES) + 1
    assert somebody.id not in {membership["user_id"] for membership in after["board_users"]}


async def test_production_refuses(
    database_url: str, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await rows()
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("COOKIE_SECURE", "true")
    settings.cache_clear()
    try:
        with pytest.raises(click.ClickException, match="ENVIRONMENT=production"):
            await load_demo(database_url, 10)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert await rows() == before


async def test_a_large_load_adds_exactly_so_many_tasks_and_only_once(
    printed: str, database_url: str, connection: asyncpg.Connection, rows: Any
) -> None:
    team = await rows()
    await load_demo(database_url, 2_000)
    large = await rows()
    assert len(large["tasks"]) - len(team["tasks"]) == 2_000
    assert len(large["subtasks"]) - len(team["subtasks"]) == 1_000
    assert len(large["boards"]) - len(team["boards"]) == 3
    assert len(large["columns"]) - len(team["columns"]) == 15
    assert len(large["labels"]) - len(team["labels"]) == 12
    assert len(large["comments"]) - len(team["comments"]) == 400
    assert len(large["task_labels"]) - len(team["task_labels"]) == 1_333
    assert len(large["task_assignees"]) - len(team["task_assignees"]) == 1_714
    assert large["users"] == team["users"]
    counted = await connection.fetchval("SELECT reltuples FROM pg_class WHERE relname = 'tasks'")
    assert counted == len(large["tasks"])

    await load_demo(database_url, 2_000)
    assert await rows() == large

    await load_demo(database_url, 30)
    assert len((await rows())["tasks"]) == len(large["tasks"]) + 30


async def test_the_demo_breaks_no_rule_of_the_integrity_check(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await load_demo(database_url, 2_000)
    assert await check(database_url), capsys.readouterr().out


async def test_a_large_set_is_the_same_each_time(printed: str, database_url: str) -> None:
    """But for ids, and for dates and ranks, which are counted from now."""
    async with database(database_url):
        team = await User.all().order_by("id")

    def large_set() -> list[Any]:
        return [
            (table, name, value)
            for rows in demo.large_boards(2_000, team, list(range(12)))
            for table, columns in demo.COPIED.items()
            for row in rows[table]
            for name, value in zip(columns, row, strict=True)
            if name not in ("rank", "due_date") and not isinstance(value, UUID)
        ]

    assert large_set() == large_set()


async def test_a_large_load_that_fails_adds_nothing(
    printed: str, database_url: str, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await rows()
    whole = demo.large_boards

    def half(*arguments: Any) -> Iterator[Any]:
        yield from islice(whole(*arguments), 1)
        raise OSError("the connection was lost")

    monkeypatch.setattr(demo, "large_boards", half)
    with pytest.raises(OSError, match="lost"):
        await load_demo(database_url, 2_000)
    assert await rows() == before


async def test_the_progress_bar_is_one_line_where_there_is_no_terminal(
    printed: str, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await load_demo(database_url, 2_000)
    first, *_ = capsys.readouterr().out.splitlines()[1:]
    assert first == "Adding 2,000 tasks"
