"""A team's boards to look at, and as many tasks as a test of speed needs."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from math import ceil
from typing import Any, NamedTuple
from uuid import UUID

import click
from pydantic import SecretStr
from tortoise.expressions import Q
from uuid_utils.compat import uuid7

from api.auth.passwords import hash_password
from api.db.connection import database, unit_of_work
from api.db.dsn import connect
from api.resources.hooks import Users, drawn_avatar
from api.settings import settings
from models.enums import Priority, Role, Status
from models.ranks import ranks_at_end
from models.tables import (
    Board,
    BoardUser,
    Column,
    Comment,
    Label,
    Subtask,
    Task,
    TaskAssignee,
    TaskLabel,
    User,
)

PASSWORD = "paper boats on the canal"  # noqa: S105  # no secret: it is printed
PEOPLE = ("mira", "jonas", "priya", "tomasz", "aiko", "leila", "samuel")
ADMIN = "mira"

CREATOR, MODERATOR, MEMBER = Role.CREATOR, Role.MODERATOR, Role.MEMBER
LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH
TODO, DOING, DONE, REJECT = Status.TODO, Status.IN_PROGRESS, Status.DONE, Status.REJECT


class Card(NamedTuple):
    """A task, due in so many days; its subtasks, done and left; its comments, each by a member."""

    title: str
    description: str | None = None
    priority: Priority = LOW
    due: int | None = None
    color: str | None = None
    status: Status | None = None  # the column's, where it is None
    assignees: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()


class Lane(NamedTuple):
    """A column, and the status of the tasks in it."""

    title: str
    status: Status
    color: str | None
    cards: tuple[Card, ...]


class Plan(NamedTuple):
    """A board, its members and their roles, the colors of its labels, and its columns."""

    title: str
    description: str
    is_public: bool
    color: str
    roles: dict[str, Role]
    labels: dict[str, str]
    lanes: tuple[Lane, ...]


# fmt: off
BOARDS = (
    Plan("Mobile app 2.0", "All that lies between us and the stores.", True, "#2f80ed",
         {"mira": CREATOR, "jonas": MODERATOR, "priya": MEMBER, "aiko": MEMBER, "tomasz": MEMBER},
         {"Bug": "#eb5757", "Design": "#9b51e0", "Offline": "#2f80ed", "Store": "#f2994a"}, (
        Lane("Ideas", TODO, None, (
            Card("Dark theme", "A third of those who answered the survey asked for it.", MEDIUM,
                 labels=("Design",),
                 comments=(("aiko", "I have drawn the start page. @jonas, may I show you?"),
                           ("jonas", "Please do, today after lunch."))),
            Card("Widget with today's list", color="#9b51e0", labels=("Design",)),
            Card("Sign in by QR code", "Nobody could say what for.", status=REJECT,
                 comments=(("jonas", "Let's come back to it when somebody asks."),)),
        )),
        Lane("Next", TODO, "#f2c94c", (
            Card("Screenshots for the stores", "Six per language, phone and tablet.", HIGH, 6,
                 assignees=("aiko", "jonas"), labels=("Design", "Store"),
                 done=("Agree on the six",), left=("English", "Polish", "Japanese"),
                 comments=(("aiko", "@tomasz, can you check the Polish ones on Friday?"),)),
            Card("Shorten the first-run tour", "Four screens are three too many.", MEDIUM, 9,
                 assignees=("mira",), labels=("Design",)),
            Card("Answer the store's questions", "They close the review without it.", HIGH, -3,
                 "#eb5757", assignees=("jonas",), labels=("Store",),
                 comments=(("mira", "@jonas, they have written again. Do you need help?"),
                           ("jonas", "Only the part about encryption. @priya?"))),
        )),
        Lane("In progress", DOING, "#2f80ed", (
            Card("Keep changes made offline", "They wait on the phone until there is a connection. "
                 "When both sides changed an item, the later one wins and the other is shown.",
                 HIGH, 2, "#eb5757", assignees=("priya", "aiko"), labels=("Offline",),
                 done=("Queue them on the phone", "Send them in order"),
                 left=("Show what lost", "Try it on a train"),
                 comments=(("priya", "The queue survives a restart now."),
                           ("mira", "Lovely! Is the train this week?"),
                           ("priya", "Tomorrow, with @aiko on the other phone."))),
            Card("Larger touch targets", "At least 44 points everywhere.", MEDIUM, 0,
                 assignees=("tomasz",), labels=("Design",),
                 done=("Lists", "Toolbar"), left=("Calendar",)),
            Card("Crash when a photo is very wide", None, HIGH, -1, "#eb5757",
                 assignees=("tomasz",), labels=("Bug",),
                 comments=(("tomasz", "Panoramas. I have a fix, but no test for it yet."),
                           ("priya", "@tomasz There are three in the shared folder."))),
        )),
        Lane("Done", DONE, "#27ae60", (
            Card("Start faster", "From 2.4 s to 0.9 s on our oldest phone.", HIGH, -8,
                 assignees=("priya",), done=("Measure", "Load the lists later", "Measure again"),
                 comments=(("mira", "Feels like another app. Thank you, @priya!"),)),
            Card("New icon", None, LOW, -15, "#9b51e0", assignees=("aiko",),
                 labels=("Design", "Store")),
            Card("Lists were empty after a flight", None, MEDIUM, -5,
                 assignees=("priya", "tomasz"), labels=("Bug", "Offline")),
        )),
    )),
    Plan("Hiring a second designer", "Candidates' names stay on this board.", False, "#9b51e0",
         {"mira": CREATOR, "leila": MODERATOR, "jonas": MEMBER},
         {"Interview": "#9b51e0", "Waiting": "#f2994a"}, (
        Lane("To do", TODO, None, (
            Card("Book rooms for the second interviews", None, MEDIUM, 4,
                 assignees=("jonas",), labels=("Interview",)),
            Card("Agree on the exercise", "Two hours at most, and paid.", HIGH, 1,
                 assignees=("leila", "mira"), labels=("Interview",),
                 done=("Collect ideas",), left=("Choose one", "Try it ourselves"),
                 comments=(("jonas", "I would like the one with the timetable."),
                           ("leila", "So would I. @mira?"))),
            Card("Reply to the first three", "They have waited for a week.", HIGH, -2, "#eb5757",
                 assignees=("leila",), labels=("Waiting",),
                 comments=(("mira", "@leila, I can do one of them today."),)),
        )),
        Lane("In progress", DOING, "#f2994a", (
            Card("Read the portfolios", "Two of us for each, without talking first.", HIGH, 0,
                 assignees=("leila", "jonas"),
                 done=("The first ten", "The next ten"), left=("The rest",),
                 comments=(("leila", "Twenty down, eleven to go."),)),
        )),
        Lane("Done", DONE, "#27ae60", (
            Card("Write the advert", None, MEDIUM, -20, assignees=("mira",),
                 done=("Draft", "Salary", "Publish")),
            Card("Ask an agency", "Too dear for one position.", LOW, -25, status=REJECT),
        )),
    )),
    Plan("Customer support", "What customers wait for, the oldest first.", True, "#27ae60",
         {"leila": CREATOR, "samuel": MODERATOR, "aiko": MEMBER, "priya": MEMBER},
         {"Bug": "#eb5757", "Billing": "#27ae60", "Question": "#2f80ed"}, (
        Lane("New", TODO, "#eb5757", (
            Card("Invoice shows last year's address", "Three since Monday.", HIGH, 0,
                 assignees=("samuel",), labels=("Bug", "Billing"),
                 comments=(("leila", "A fourth one. @samuel, do you have all you need?"),
                           ("samuel", "Yes, I can see it here, too."))),
            Card("How do I leave a shared list?", "Belongs in the help pages, too.", LOW, 2,
                 labels=("Question",)),
            Card("Two accounts with one address", None, MEDIUM, -6, assignees=("aiko",),
                 labels=("Question",), left=("Ask which one to keep", "Join them")),
        )),
        Lane("With us", DOING, "#2f80ed", (
            Card("Export stops at 1,000 rows", "Came with a file to try it on.", HIGH, -2,
                 assignees=("priya", "samuel"), labels=("Bug",),
                 done=("Reproduce it",), left=("Fix it", "Write to the customer"),
                 comments=(("samuel", "It's the page size, not the export."),
                           ("aiko", "Then @priya can fix it tomorrow."))),
        )),
        Lane("Solved", DONE, "#27ae60", (
            Card("Refund a double payment", None, HIGH, -4, assignees=("leila",),
                 labels=("Billing",), done=("Refund", "Apologise")),
            Card("Reminders came an hour early", "The clocks had changed.", MEDIUM, -11,
                 assignees=("priya",), labels=("Bug",)),
        )),
    )),
)

# The columns of each board in the large set: title, status, and how many tasks at most.
LARGE = (("Backlog", TODO, 300), ("Ready", TODO, 100), ("In progress", DOING, 50),
         ("Done", DONE, 300), ("Won't do", REJECT, 50))
LARGE_ROLES = (CREATOR, MODERATOR, MEMBER, MEMBER)
MEMBERS = len(LARGE_ROLES)
MEMBERSHIP_IDS = """
SELECT nextval(pg_get_serial_sequence('board_users', 'id'))::int FROM generate_series(1, $1)
"""
PRODUCTS = ("Billing", "Search", "Accounts", "Reports", "Mobile app", "Imports", "Help pages")
VERBS = ("Test", "Document", "Simplify", "Speed up", "Translate", "Repair", "Replace", "Review")
THINGS = ("the start page", "error messages", "the e-mail footer", "the export", "old invoices",
          "the settings", "sign-in", "the nightly job", "keyboard shortcuts")
NOTES = (None, "Asked for twice this month.", "Small, but it annoys every day.")
LABELS = (("Bug", "#eb5757"), ("Feature", "#2f80ed"), ("Customer", "#27ae60"), ("Later", "#828282"))
REMARKS = ("@{}, can you have a look?", "This waits for @{}.", "It works for me now. Thanks, @{}!")

# How COPY is to fill each table, parents first; PostgreSQL fills in the rest.
COPIED = {
    "boards": ("id", "title", "description", "is_public"),
    "board_users": ("id", "board_id", "user_id", "role"),
    "labels": ("id", "board_id", "name", "color"),
    "columns": ("id", "board_id", "title", "rank"),
    "tasks": ("id", "column_id", "title", "description", "rank", "due_date", "priority",
              "status"),
    "subtasks": ("id", "task_id", "title", "rank", "is_completed"),
    "comments": ("id", "task_id", "user_id", "content"),
    "task_labels": ("task_id", "label_id"),
    "task_assignees": ("task_id", "membership_id"),
}
# fmt: on


def fixed_id(group: int, number: int) -> UUID:
    """Return the id of a person (group 0), or of a board in the large set of `group` tasks.

    It is the same on each run, so that what was added is found again: a UUIDv7 of one moment.
    """
    return UUID(int=0x019B0000_0000_7000_8000_000000000000 + (group << 32) + number)


def in_group(group: int) -> Q:
    """Return the rule for the rows whose ids are of this group."""
    return Q(id__gte=fixed_id(group, 0), id__lt=fixed_id(group + 1, 0))


async def load_demo(url: str, tasks: int | None) -> None:
    """Add the team with its boards and, on boards of their own, so many `tasks`; nothing twice.

    Raises ClickException in production: an admin with a password that is public comes with it.
    """
    if settings().environment == "production":
        raise click.ClickException(
            "The demo has an admin whose password is public, so ENVIRONMENT=production refuses it."
        )
    async with database(url):
        if await User.filter(in_group(0)).exists():
            click.echo("The demo's team is here already; nothing was added to it.")
        else:
            await add_team()
        team = await User.filter(in_group(0)).order_by("id")
        if tasks and await Board.filter(in_group(tasks)).exists():
            click.echo(f"The boards with {tasks:,} tasks are here already; nothing was added.")
        elif tasks:
            await copy_large_set(url, tasks, team)
        await show(team)


async def add_team() -> None:
    """Add the people and their boards, all or nothing."""
    hashed_password = await hash_password(SecretStr(PASSWORD))
    async with unit_of_work():
        team = {
            name: await add_person(fixed_id(0, number), name, hashed_password)
            for number, name in enumerate(PEOPLE)
        }
        for plan in BOARDS:
            await add_board(plan, team)
    click.echo(f"{len(PEOPLE)} people and {len(BOARDS)} boards were added.")


async def add_person(id: UUID, name: str, hashed_password: str) -> User:
    """Add someone called `name`, or nearly so where somebody else has that name or its address."""
    username = name
    while True:
        values = await Users().before_transaction(
            {
                "username": username,
                "email": f"{username}@example.com",
                "is_admin": name == ADMIN,
                "hashed_password": hashed_password,
            }
        )
        taken = Q(username_key=values["username_key"]) | Q(email_key=values["email_key"])
        if not await User.filter(taken).exists():
            return await User.create(id=id, avatar_url=drawn_avatar(username), **values)
        click.echo(f"Somebody else is {username}; the demo's becomes {username}-demo.")
        username += "-demo"


async def add_board(plan: Plan, team: dict[str, User]) -> None:
    """Add a board with all that is on it, its dates counted from today."""
    today = datetime.now(UTC).date()
    board = await Board.create(
        title=plan.title, description=plan.description, is_public=plan.is_public, color=plan.color
    )
    members = {
        name: await BoardUser.create(board=board, user=team[name], role=role)
        for name, role in plan.roles.items()
    }
    labels = {
        name: await Label.create(board=board, name=name, color=color)
        for name, color in plan.labels.items()
    }
    for lane in plan.lanes:
        column = await Column.create(board=board, title=lane.title, color=lane.color)
        for card in lane.cards:
            task = await Task.create(
                column=column,
                title=card.title,
                description=card.description,
                due_day=None if card.due is None else today + timedelta(days=card.due),
                priority=card.priority,
                status=card.status or lane.status,
                color=card.color,
            )
            for name in card.assignees:
                await TaskAssignee.create(task=task, membership=members[name])
            for name in card.labels:
                await TaskLabel.create(task=task, label=labels[name])
            for title in card.done + card.left:
                await Subtask.create(task=task, title=title, is_completed=title in card.done)
            for name, content in card.comments:
                await Comment.create(task=task, user=team[name], content=content)


async def copy_large_set(url: str, tasks: int, team: list[User]) -> None:
    """Add boards that hold so many tasks, all or nothing."""
    # A connection of its own, because the pool's give up on what takes as long as this may.
    connection = await connect(url)
    try:
        with click.progressbar(length=tasks, label=f"Adding {tasks:,} tasks") as bar:
            async with connection.transaction():
                # Known beforehand, since assignments refer to them.
                ids = await connection.fetch(MEMBERSHIP_IDS, MEMBERS * boards_for(tasks))
                for rows in large_boards(tasks, team, [id for [id] in ids]):
                    for table, columns in COPIED.items():
                        await connection.copy_records_to_table(
                            table, records=rows[table], columns=columns
                        )
                    bar.update(len(rows["tasks"]))
        await connection.execute(f"ANALYZE {', '.join(COPIED)}")
    finally:
        await connection.close()


def boards_for(tasks: int) -> int:
    """Return how many boards it takes for so many tasks."""
    return ceil(tasks / sum(most for _, _, most in LARGE))


def large_boards(
    tasks: int, team: list[User], membership_ids: list[int]
) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    """Yield the rows for each table, a board at a time, until there are so many tasks."""
    now = datetime.now(UTC)
    numbers = iter(range(tasks))
    ranks = ranks_at_end(None, max(most for *_, most in LARGE))
    for board in range(boards_for(tasks)):
        rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COPIED}
        board_id = fixed_id(tasks, board)
        title = f"{PRODUCTS[board % 7]} {board // 7 + 1}"
        note = f"One of the boards with {tasks:,} tasks."
        rows["boards"].append((board_id, title, note, board % 3 == 0))
        people = [team[(board + turn) % len(team)] for turn in range(min(MEMBERS, len(team)))]
        memberships = membership_ids[board * MEMBERS :][: len(people)]
        for membership, person, role in zip(memberships, people, LARGE_ROLES, strict=False):
            rows["board_users"].append((membership, board_id, person.id, role))
        labels = [(uuid7(), board_id, *label) for label in LABELS]
        rows["labels"] += labels
        for rank, (column, status, most) in zip(ranks, LARGE, strict=False):
            column_id = uuid7()
            rows["columns"].append((column_id, board_id, column, rank))
            for rank, number in zip(ranks, islice(numbers, most), strict=False):
                id = uuid7()
                title = f"{VERBS[number % 8]} {THINGS[number % 9]} (#{number + 1})"
                about = NOTES[number % 3]
                due = now + timedelta(days=number % 61 - 30) if number % 4 else None
                priority = (LOW, MEDIUM, LOW, HIGH, LOW)[number % 5]
                rows["tasks"].append((id, column_id, title, about, rank, due, priority, status))
                if number % 2:
                    rows["subtasks"].append((uuid7(), id, "Tell the others", rank, status == DONE))
                if number % 3:
                    rows["task_labels"].append((id, labels[number % len(labels)][0]))
                if number % 7:
                    rows["task_assignees"].append((id, memberships[number % len(people)]))
                if number % 5 == 0:
                    author, other = (people[n % len(people)] for n in (number, number + 1))
                    content = REMARKS[number % 3].format(other.username)
                    rows["comments"].append((uuid7(), id, author.id, content))
        yield rows


async def show(team: list[User]) -> None:
    """Print who can sign in, and on how many boards they have which role."""
    memberships = BoardUser.filter(user_id__in=[person.id for person in team])
    held = Counter(await memberships.values_list("user_id", "role"))
    click.echo(f"\nThe board: {settings().address}\nSign in with the password: {PASSWORD}\n")
    click.echo("name         creator  moderator  member")
    for person in team:
        creator, moderator, member = (held[person.id, r] for r in (CREATOR, MODERATOR, MEMBER))
        admin = "  admin" if person.is_admin else ""
        click.echo(f"{person.username:<12} {creator:>7}  {moderator:>9}  {member:>6}{admin}")
