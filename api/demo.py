"""A team's boards to look at, and as many tasks as a test of speed needs."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import click
from pydantic import SecretStr
from tortoise.expressions import Q
from tortoise.functions import Count
from uuid_utils.compat import uuid7

from api.database import ACQUIRE_SECONDS, database, unit_of_work
from api.passwords import hash_password
from api.records import drawn_avatar
from api.settings import settings
from models.enums import Priority, Role, Status
from models.tables import Board, BoardUser, Column, Comment, Subtask, Task, User, unique_key

PASSWORD = "paper boats on the canal"  # noqa: S105  # everyone may know it
PEOPLE = ("mira", "jonas", "priya", "tomasz", "aiko", "leila", "samuel")
ADMIN = "mira"

LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH
TODO, DOING, DONE, REJECT = Status.TODO, Status.IN_PROGRESS, Status.DONE, Status.REJECT


class Card(NamedTuple):
    """A task: due so many days from today, with its subtasks done and left, and who said what."""

    title: str
    description: str | None = None
    priority: Priority = LOW
    due: int | None = None
    status: Status | None = None  # its column's
    color: str | None = None
    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()


class Lane(NamedTuple):
    """A column, and the status of the tasks in it."""

    title: str
    status: Status
    color: str | None
    cards: tuple[Card, ...] = ()


class Plan(NamedTuple):
    """A board."""

    title: str
    description: str
    is_public: bool
    color: str
    roles: dict[str, Role]
    lanes: tuple[Lane, ...]


# fmt: off
APP = Plan(
    "Mobile app 2.0", "Everything between us and the release in the stores.", True, "#2f80ed",
    {"mira": Role.CREATOR, "jonas": Role.MODERATOR, "priya": Role.MEMBER, "aiko": Role.MEMBER,
     "tomasz": Role.MEMBER},
    (
        Lane("Ideas", TODO, None, (
            Card("Dark theme", "Asked for by a third of those who answered the survey.", MEDIUM),
            Card("Widget with today's list", color="#9b51e0"),
            Card("Sign in by QR code", "Nobody could say what it is for.", status=REJECT,
                 comments=(("jonas", "Closing this until someone asks for it again."),)),
        )),
        Lane("Next", TODO, "#f2c94c", (
            Card("Screenshots for the stores", "Six per language, phones and tablets.", HIGH, 6,
                 left=("Agree on the six screens", "English", "Polish", "Japanese")),
            Card("Shorten the first-run tour", "Four screens are three too many.", MEDIUM, 9),
            Card("Ask testers for a second round", due=12),
        )),
        Lane("In progress", DOING, "#2f80ed", (
            Card("Keep changes made offline",
                 "Edits wait on the phone and are sent once there is a connection. When both sides "
                 "changed the same item, the later one wins and the other is shown.",
                 HIGH, 2, color="#eb5757",
                 done=("Queue edits on the phone", "Send them in order"),
                 left=("Show what lost", "Try it on the train"),
                 comments=(("priya", "The queue survives a restart now."),
                           ("mira", "Lovely. Is the train test still on for this week?"),
                           ("priya", "Yes, with aiko on the other phone."))),
            Card("Larger touch targets", "At least 44 points everywhere.", MEDIUM, 0,
                 done=("Lists", "Toolbar"), left=("Calendar",)),
            Card("Crash when a photo is very wide", None, HIGH, -1, color="#eb5757",
                 comments=(("tomasz", "Happens with panoramas; I have a fix, not yet a test."),)),
        )),
        Lane("Review", DOING, None, (
            Card("Polish translation", "Read by a second pair of eyes.", LOW, 3,
                 done=("Menus", "Messages"), left=("Store page",)),
        )),
        Lane("Done", DONE, "#27ae60", (
            Card("Faster start", "From 2.4 s to 0.9 s on the oldest phone we have.", HIGH, -8,
                 done=("Measure", "Load the lists later", "Measure again")),
            Card("New icon", None, LOW, -15, color="#9b51e0"),
        )),
    ),
)
HIRING = Plan(
    "Hiring a second designer", "Names of candidates stay on this board.", False, "#9b51e0",
    {"mira": Role.CREATOR, "leila": Role.MODERATOR, "jonas": Role.MEMBER},
    (
        Lane("To do", TODO, None, (
            Card("Book rooms for the second interviews", None, MEDIUM, 4),
            Card("Agree on the exercise", "Two hours at most, and paid.", HIGH, 1,
                 done=("Collect ideas",), left=("Choose one", "Try it ourselves")),
        )),
        Lane("In progress", DOING, "#f2994a", (
            Card("Read the portfolios", "Two of us read each one, without talking first.", HIGH, 0,
                 done=("First ten", "Second ten"), left=("The rest",),
                 comments=(("leila", "Twenty down, eleven to go."),)),
        )),
        Lane("Done", DONE, "#27ae60", (
            Card("Write the advert", None, MEDIUM, -20, done=("Draft", "Salary range", "Publish")),
            Card("Ask an agency", "Too dear for one position.", LOW, -25, REJECT),
        )),
    ),
)
SUPPORT = Plan(
    "Customer support", "What customers wait for. The oldest first, please.", True, "#27ae60",
    {"leila": Role.CREATOR, "samuel": Role.MODERATOR, "aiko": Role.MEMBER, "priya": Role.MEMBER},
    (
        Lane("New", TODO, "#eb5757", (
            Card("Invoice shows last year's address", "Three customers since Monday.", HIGH, 0),
            Card("How do I leave a shared list?", "Belongs into the help pages, too.", LOW, 2),
        )),
        Lane("With us", DOING, "#2f80ed", (
            Card("Export stops at 1,000 rows", "Reported with a file to try it on.", HIGH, -2,
                 done=("Reproduce it",), left=("Fix it", "Write to the customer"),
                 comments=(("samuel", "It's the page size, not the export."),
                           ("aiko", "Then I can have it fixed tomorrow."))),
        )),
        Lane("Waiting for the customer", DOING, None, (
            Card("Can't sign in from the office", "We asked for the proxy's name.", MEDIUM, 5),
        )),
        Lane("Solved", DONE, "#27ae60", (
            Card("Refund for a double payment", None, HIGH, -4, done=("Refund", "Apologise")),
            Card("Reminders came an hour early", "Clocks had changed.", MEDIUM, -11),
        )),
    ),
)
# fmt: on

# What must be found again has fixed ids: UUIDv7s of one moment, told apart by their last bits.
FIRST_ID = UUID("019b0000-0000-7000-8000-000000000000")


def fixed_id(group: int, number: int) -> UUID:
    """The id of a person (group 0), or of a board in the large set of `group` tasks."""
    return UUID(int=FIRST_ID.int + (group << 32) + number)


async def load_demo(url: str, tasks: int | None) -> None:
    """Add the team and its boards, and with `tasks` boards that hold so many; neither twice.

    Everyone's password is public, so it raises ClickException in production.
    """
    if settings().environment == "production":
        raise click.ClickException(
            "The demo's people have a password that everyone knows, and one of them is an admin. "
            "It is not for production (ENVIRONMENT=production)."
        )
    async with database(url):
        team = User.filter(id__gte=fixed_id(0, 0), id__lt=fixed_id(1, 0)).order_by("id")
        if await team.exists():
            click.echo("The demo's team is here already; nothing was added to it.")
        else:
            await _add_team()
        people = await team
        if tasks:
            await _add_large_set(url, tasks, [person.id for person in people])
        await _show(people)


async def _add_team() -> None:
    hashed = await hash_password(SecretStr(PASSWORD))
    async with unit_of_work():
        people = {
            name: await _add_person(fixed_id(0, number), name, hashed)
            for number, name in enumerate(PEOPLE)
        }
        for plan in (APP, HIRING, SUPPORT):
            await _add_board(plan, people)
    click.echo("A team and its three boards were added.")


async def _add_person(id: UUID, name: str, hashed_password: str) -> User:
    """Under the name with a number behind it where somebody else has it already."""
    for username in (name, *(f"{name}{number}" for number in range(2, 1000))):
        email = f"{username}@example.com"
        keys = {"username_key": unique_key(username), "email_key": unique_key(email)}
        if not await User.filter(Q(**keys, join_type=Q.OR)).exists():
            break
    if username != name:
        click.echo(f"Somebody else is '{name}' here, so the demo's is '{username}'.")
    return await User.create(
        id=id,
        username=username,
        email=email,
        **keys,
        avatar_url=drawn_avatar(username),
        is_admin=name == ADMIN,
        hashed_password=hashed_password,
    )


async def _add_board(plan: Plan, people: dict[str, User]) -> None:
    today = datetime.now(UTC).replace(hour=16, minute=0, second=0, microsecond=0)
    board = await Board.create(
        title=plan.title,
        description=plan.description,
        is_public=plan.is_public,
        color=plan.color,
    )
    for name, role in plan.roles.items():
        await BoardUser.create(board=board, user=people[name], role=role)
    for place, lane in enumerate(plan.lanes):
        column = await Column.create(
            board=board, title=lane.title, position=place, color=lane.color
        )
        for position, card in enumerate(lane.cards):
            task = await Task.create(
                column=column,
                title=card.title,
                description=card.description,
                position=position,
                due_date=None if card.due is None else today + timedelta(days=card.due),
                priority=card.priority,
                status=card.status or lane.status,
                color=card.color,
            )
            for title in card.done + card.left:
                await Subtask.create(task=task, title=title, is_completed=title in card.done)
            for name, content in card.comments:
                await Comment.create(task=task, user=people[name], content=content)
