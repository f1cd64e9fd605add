"""Undo: an event is put back where the record is as the event left it, by those who may."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tortoise import Tortoise

from models.enums import Role
from models.tables import Board, BoardUser, Event, Task
from tests.access.test_batches import together
from tests.conftest import Client, Rows, World
from tests.helpers.answers import check_problem, titles


class Team:
    """A private board of ada's with a record of each kind, on which bob is a MEMBER."""

    def __init__(self, ada: Client, board: Board) -> None:
        self.ada = ada
        self.board = board
        self.ids: dict[str, str] = {"board": str(board.id)}

    async def do(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: Client | None = None,
        request_id: str | None = None,
    ) -> Event:
        """Make a change, and return its first event."""
        newest = await Event.all().order_by("-id").first()
        path = path.format(**self.ids)
        filled = {
            k: v.format(**self.ids) if isinstance(v, str) else v for k, v in (body or {}).items()
        }
        answer = await (by or self.ada).request(
            method,
            f"/api/{path}",
            json=filled or None,
            headers={"X-Request-ID": request_id or f"after-{newest.id if newest else 0}"},
        )
        assert answer.status_code < 300, answer.text
        event = await Event.filter(id__gt=newest.id if newest else 0).order_by("id").first()
        assert event, path
        return event

    async def revert(self, event: Event, by: Client | None = None) -> httpx.Response:
        return await (by or self.ada).post(f"/api/events/{event.id}/revert")

    async def picture(self) -> Any:
        """Return all that there is on the board, but how often and when it was changed."""

        def bare(part: Any) -> Any:
            if isinstance(part, list):
                return [bare(each) for each in part]
            if not isinstance(part, dict):
                return part
            unequal = (
                "version",
                "updated_at",
                "updated_by",
                "archived_at",
                "deleted_at",
                "purged_at",
            )
            return {k: bare(v) for k, v in part.items() if k not in unequal}

        paths = [f"boards/{self.board.id}/full", f"boards/{self.board.id}/trash",
                 f"boards/{self.board.id}/board-comments"]  # fmt: skip
        paths += [f"tasks/{task}/full" for task in (self.ids["a"], self.ids["b"])]
        answers = [await self.ada.get(f"/api/{path}") for path in paths]
        return [bare(each.json()) if each.status_code == 200 else None for each in answers]


@pytest.fixture
async def team(ada: Client, bob: Client, board: Board, world: World) -> Team:
    team = Team(ada, board)
    await world.join(board, bob.user)
    team.ids["bob"] = bob.id
    for name, path, body in [
        ("open", "columns", {"board_id": "{board}", "title": "Open"}),
        ("done", "columns", {"board_id": "{board}", "title": "Done"}),
        *((name, "tasks", {"column_id": "{open}", "title": name, "due_date": "2026-05-01"})
          for name in "abcd"),
        ("step", "subtasks", {"task_id": "{a}", "title": "Step"}),
        ("next", "subtasks", {"task_id": "{a}", "title": "Next"}),
        ("comment", "comments", {"task_id": "{a}", "content": "Hm"}),
        ("note", "board-comments", {"board_id": "{board}", "content": "Hm"}),
        ("label", "labels", {"board_id": "{board}", "name": "Bug"}),
    ]:  # fmt: skip
        team.ids[name] = str((await team.do("POST", path, body)).record_id)
    await team.do("PUT", "tasks/{b}/assignees/{bob}")
    await team.do("PUT", "tasks/{b}/labels/{label}")
    return team


# Changes whose opposite can be put back, too.
BOTH_WAYS = [
    ("PATCH", "boards/{board}", {"title": "x", "time_zone": "Asia/Tokyo", "is_public": True}),
    ("PATCH", "columns/{open}", {"title": "x", "task_limit": 7, "color": "#000000"}),
    ("PATCH", "tasks/{a}", {"title": "x", "due_date": "2026-06-01T12:00:00Z", "status": "DONE"}),
    ("PATCH", "tasks/{a}", {"due_date": None, "priority": "HIGH", "description": "x"}),
    ("PATCH", "subtasks/{step}", {"is_completed": True, "title": "x"}),
    ("PATCH", "comments/{comment}", {"content": "x"}),
    ("PATCH", "board-comments/{note}", {"content": "x"}),
    ("PATCH", "labels/{label}", {"name": "x", "color": "#000000"}),
    ("POST", "columns/{done}/move", {"position": 0}),
    ("POST", "columns/{open}/move", {"after": "{done}"}),
    ("POST", "tasks/{c}/move", {"position": 0}),
    ("POST", "tasks/{a}/move", {"position": 3}),
    ("POST", "tasks/{b}/move", {"column_id": "{done}"}),
    ("PATCH", "tasks/{b}", {"column_id": "{done}", "title": "x"}),
    ("POST", "subtasks/{next}/move", {"position": 0}),
    ("PATCH", "subtasks/{next}", {"task_id": "{b}"}),
    ("POST", "boards/{board}/archive", None),
    ("POST", "columns/{open}/archive", None),
    ("POST", "tasks/{b}/archive", None),
    ("DELETE", "boards/{board}", None),
    ("DELETE", "columns/{open}", None),
    ("DELETE", "tasks/{b}", None),
    ("POST", "tasks", {"column_id": "{open}", "title": "new"}),
    ("POST", "columns", {"board_id": "{board}", "title": "new"}),
    ("POST", "tasks/{a}/copy", {"title": "new"}),
    ("PUT", "tasks/{a}/assignees/{bob}", None),
    ("DELETE", "tasks/{b}/assignees/{bob}", None),
    ("PUT", "tasks/{a}/labels/{label}", None),
    ("DELETE", "tasks/{b}/labels/{label}", None),
    ("PUT", "boards/{board}/users/{bob}", {"role": "MODERATOR"}),
]  # fmt: skip
# Their opposites are for good.
ONE_WAY = [
    ("POST", "subtasks", {"task_id": "{b}", "title": "new"}),
    ("POST", "comments", {"task_id": "{b}", "content": "new"}),
    ("POST", "board-comments", {"board_id": "{board}", "content": "new"}),
    ("POST", "labels", {"board_id": "{board}", "name": "new"}),
]


@pytest.mark.parametrize(("method", "path", "body"), BOTH_WAYS)
async def test_what_is_reverted_is_as_before_and_can_be_redone(
    team: Team, method: str, path: str, body: Any
) -> None:
    before = await team.picture()
    event = await team.do(method, path, body)
    after = await team.picture()
    assert after != before or "archive" in path
    answer = await team.revert(event)
    assert answer.status_code in (200, 204), answer.text
    undone = await Event.filter(id__gt=event.id, record_id=event.record_id).first()
    assert undone is not None
    assert undone.actor_id == team.ada.user.id
    there = await team.picture()
    trashed = [each["id"] for each in there[1] or []]
    if "new" in (body or {}).values():  # it is in the trash now
        assert trashed == [str(event.record_id)]
        there[1] = []
    assert there == before
    if answer.status_code == 200 and event.record != "member":
        path = f"{event.record}s/{event.record_id}".replace("_", "-")
        shown = await team.ada.get(f"/api/{path}")
        assert answer.json() == shown.json()
        assert answer.headers["etag"] == shown.headers["etag"]
    problem = check_problem(await team.revert(event), 409)
    assert problem["type"] == "/problems/changed-since"
    assert (await team.revert(undone)).status_code in (200, 204)
    redone = await team.picture()
    assert redone == after
    check_problem(await team.revert(undone), 409)


@pytest.mark.parametrize(("method", "path", "body"), ONE_WAY)
async def test_what_was_made_goes(team: Team, method: str, path: str, body: Any) -> None:
    before = await team.picture()
    event = await team.do(method, path, body)
    answer = await team.revert(event)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await team.picture() == before
    check_problem(await team.revert(event), 409)
    gone = await Event.filter(id__gt=event.id, record_id=event.record_id).get()
    assert check_problem(await team.revert(gone), 409)["type"] == "/problems/not-revertible"


async def test_members_come_and_go(team: Team, bob: Client, world: World) -> None:
    there = f"/api/boards/{team.board.id}/users/{bob.id}"
    removed = await team.do("DELETE", "boards/{board}/users/{bob}")
    answer = await team.revert(removed)
    assert answer.json() == (await team.ada.get(there)).json()
    assert answer.json()["role"] == "MEMBER"
    check_problem(await team.revert(removed), 409)
    carl = await world.user("carl")
    added = await team.do("POST", "boards/{board}/users", {"user_id": str(carl.id)})
    assert (await team.revert(added)).status_code == 204
    assert not await BoardUser.exists(user_id=carl.id)
    check_problem(await team.revert(added), 409)
    await team.do("PUT", "boards/{board}/users/{bob}", {"role": "MODERATOR"})
    handed = await team.do("PUT", "boards/{board}/users/{bob}", {"role": "CREATOR"})
    check_problem(await team.revert(handed), 409 if handed.record_id == bob.user.id else 403)
    back = await Event.filter(record_id=team.ada.user.id, kind="member.updated").get()
    assert (await team.revert(back, by=bob)).json()["role"] == "CREATOR"


@pytest.mark.parametrize(
    ("change", "later"),
    [
        (("PATCH", "tasks/{a}", {"title": "x"}), ("PATCH", "tasks/{a}", {"title": "y"})),
        (("PATCH", "tasks/{a}", {"title": "x"}), ("DELETE", "tasks/{a}", None)),
        (("POST", "tasks/{a}/move", {"position": 2}), ("POST", "tasks/{a}/move", {"position": 1})),
        (("POST", "tasks/{a}/archive", None), ("POST", "tasks/{a}/unarchive", None)),
        (("DELETE", "tasks/{a}", None), ("POST", "tasks/{a}/restore", None)),
        (("DELETE", "tasks/{b}/labels/{label}", None), ("DELETE", "labels/{label}", None)),
        (("PUT", "tasks/{a}/labels/{label}", None), ("DELETE", "labels/{label}", None)),
        (("DELETE", "tasks/{b}/assignees/{bob}", None),
         ("PUT", "boards/{board}/users/{bob}", {"role": "VIEWER"})),
        (("PUT", "boards/{board}/users/{bob}", {"role": "MODERATOR"}),
         ("PUT", "boards/{board}/users/{bob}", {"role": "VIEWER"})),
        (("POST", "tasks/{a}/move", {"column_id": "{done}"}), ("DELETE", "columns/{open}", None)),
    ],
)  # fmt: skip
async def test_what_has_changed_since_stays(
    team: Team, rows: Rows, change: Any, later: Any
) -> None:
    event = await team.do(*change)
    await team.do(*later)
    before = await rows()
    problem = check_problem(await team.revert(event), 409)
    assert problem["type"] == "/problems/changed-since"
    assert await rows() == before


NEW_LABEL = ("POST", "labels", {"board_id": "{board}", "name": "new"})
NEW_TASK = ("POST", "tasks", {"column_id": "{open}", "title": "new"})
TASK_COPY = ("POST", "tasks/{a}/copy", {"title": "new"})
NEW_COLUMN = ("POST", "columns", {"board_id": "{board}", "title": "new"})
COLUMN_COPY = ("POST", "columns/{open}/copy", {"title": "new"})
NEW_BOARD = ("POST", "boards", {"title": "new"})
BOARD_COPY = ("POST", "boards/{board}/copy", {"title": "new", "include": ["tasks", "subtasks"]})


@pytest.mark.parametrize(
    ("change", "added"),
    [
        (NEW_LABEL, ("PUT", "tasks/{a}/labels/{new}", None)),
        (NEW_TASK, ("POST", "comments", {"task_id": "{new}", "content": "x"})),
        (NEW_TASK, ("POST", "subtasks", {"task_id": "{new}", "title": "x"})),
        (TASK_COPY, ("PATCH", "subtasks/{step}", {"task_id": "{new}"})),
        (NEW_COLUMN, ("POST", "tasks/{a}/move", {"column_id": "{new}"})),
        (COLUMN_COPY, ("POST", "tasks", {"column_id": "{new}", "title": "x"})),
        (NEW_BOARD, ("POST", "columns", {"board_id": "{new}", "title": "x"})),
        (BOARD_COPY, ("POST", "labels", {"board_id": "{new}", "name": "x"})),
    ],
)
async def test_what_was_made_stays_with_what_others_added(
    team: Team, bob: Client, rows: Rows, change: Any, added: Any
) -> None:
    """Parts that came with it go with it, but no later ones, whatever their request id."""
    event = await team.do(*change)
    assert (await team.revert(event)).status_code == 204
    event = await team.do(*change)
    team.ids["new"] = str(event.record_id)
    if event.record == "board":
        invited = {"user_id": bob.id, "role": "MODERATOR"}
        answer = await team.ada.post(f"/api/boards/{event.record_id}/users", json=invited)
        assert answer.status_code == 201
    await team.do(*added, by=bob, request_id=event.request_id)
    before = await rows()
    problem = check_problem(await team.revert(event), 409)
    assert problem["type"] == "/problems/changed-since"
    assert await rows() == before


@pytest.mark.parametrize(
    ("change", "later"),
    [
        (
            ("DELETE", "tasks/{a}", None),
            [
                ("POST", "tasks/{a}/restore", None),
                ("PATCH", "tasks/{a}", {"column_id": "{elsewhere}"}),
                ("DELETE", "tasks/{a}", None),
            ],
        ),
        (
            ("DELETE", "columns/{done}", None),
            [
                ("POST", "columns/{done}/restore", None),
                ("PATCH", "columns/{done}", {"board_id": "{other}"}),
                ("DELETE", "columns/{done}", None),
            ],
        ),
        (
            ("POST", "tasks/{a}/move", {"column_id": "{done}"}),
            [("PATCH", "columns/{open}", {"board_id": "{other}"})],
        ),
        (
            ("PATCH", "subtasks/{step}", {"task_id": "{b}"}),
            [("PATCH", "tasks/{a}", {"column_id": "{elsewhere}"})],
        ),
    ],
)
async def test_nothing_goes_back_to_or_on_another_board(
    team: Team, world: World, rows: Rows, change: Any, later: Any
) -> None:
    """The other board's log doesn't have the event, and only the event's board is locked."""
    column = await world.column(await world.board(team.ada.user))
    team.ids |= {"elsewhere": str(column.id), "other": str(column.board_id)}
    event = await team.do(*change)
    for each in later:
        await team.do(*each)
    before = await rows()
    problem = check_problem(await team.revert(event), 409)
    assert problem["type"] == "/problems/changed-since"
    assert await rows() == before


async def test_a_refusal_says_why(team: Team) -> None:
    event = await team.do("DELETE", "tasks/{b}/assignees/{bob}")
    await team.do("PUT", "boards/{board}/users/{bob}", {"role": "VIEWER"})
    problem = check_problem(await team.revert(event), 409)
    assert (problem["type"], problem["detail"]) == (
        "/problems/changed-since",
        "A VIEWER can't be assigned to a task. Make them a MEMBER first.",
    )


async def test_what_is_forgotten_cant_be_reverted(team: Team, admin: Client, bob: Client) -> None:
    """Also of records that are still there."""
    events = [
        await team.do("PATCH", "subtasks/{step}", {"title": "x"}),
        await team.do("PATCH", "tasks/{a}", {"title": "x"}),
    ]
    await team.do("PATCH", "subtasks/{step}", {"task_id": "{b}"})
    events.append(await team.do("DELETE", "tasks/{a}"))
    await team.do("DELETE", "tasks/{a}?permanent=true")
    events.append(await team.do("PUT", "boards/{board}/users/{bob}", {"role": "MODERATOR"}))
    assert (await admin.delete(f"/api/users/{bob.id}")).status_code == 204
    for event in events:
        problem = check_problem(await team.revert(event), 409)
        assert problem["type"] == "/problems/not-revertible"


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("task.updated", None, {"title": "a"}),
        ("task.updated", {"nothing": 1}, {"title": "a"}),
        ("task.updated", {"title": 5}, {}),
        ("task.moved", {"column_id": None}, {}),
        ("task.moved", {"position": "x", "after_id": None}, {}),
        ("task.moved", {"position": 0, "after_id": "x"}, {}),
        ("task.archived", None, {}),
        ("task.assigned", {}, {}),
        ("task.unassigned", {"user_id": "x"}, None),
        ("task.labeled", None, {"label_id": "x", "title": "x"}),
    ],
)
async def test_what_no_trigger_writes_cant_be_reverted(
    team: Team, kind: str, before: Any, after: Any
) -> None:
    """Such as fields of another version."""
    event = await Event.create(
        kind=kind, record="task", record_id=team.ids["a"], board_id=team.board.id,
        task_id=team.ids["a"], before=before, after=after, created_at=datetime.now(UTC),
    )  # fmt: skip
    problem = check_problem(await team.revert(event), 409)
    assert problem["type"] == "/problems/not-revertible"


async def test_what_was_made_and_changed_since_stays(team: Team) -> None:
    event = await team.do("POST", "tasks", {"column_id": "{open}", "title": "new"})
    await team.do("PUT", f"tasks/{event.record_id}/labels/{{label}}")
    check_problem(await team.revert(event), 409)
    assert await Task.exists(id=event.record_id, deleted_at=None)


async def test_other_changes_may_have_happened_since(team: Team) -> None:
    """Only what the event left counts; and a neighbour that is gone leaves the position."""
    first = await team.do("PATCH", "tasks/{a}", {"title": "A"})
    moved = await team.do("POST", "tasks/{c}/move", {"column_id": "{done}"})
    await team.do("PATCH", "tasks/{a}", {"status": "DONE"})
    await team.do("DELETE", "tasks/{b}")
    assert (await team.revert(first)).json()["status"] == "DONE"
    assert (await team.revert(moved)).json()["position"] == 2
    assert await titles(team.ada, team.ids["open"]) == "adc"
    moved = await team.do("POST", "tasks/{d}/move", {"column_id": "{done}"})
    await team.do("POST", "tasks", {"column_id": "{done}", "title": "e"})
    await team.do("POST", "tasks/{c}/move", {"column_id": "{done}", "position": 0})
    assert (await team.revert(moved)).status_code == 200
    assert await titles(team.ada, team.ids["open"]) == "ad"


async def test_moves_are_taken_back_one_after_another(team: Team) -> None:
    before = await team.picture()
    moves = [
        await team.do("POST", "tasks/{a}/move", {"position": 1}),
        await team.do("POST", "tasks/{a}/move", {"column_id": "{done}"}),
        await team.do("POST", "tasks/{a}/move", {"column_id": "{open}"}),
    ]
    check_problem(await team.revert(moves[0]), 409)
    for move in reversed(moves):
        assert (await team.revert(move)).status_code == 200
    assert await team.picture() == before
    check_problem(await team.revert(moves[-1]), 409)


async def test_what_cant_be_reverted_says_so(
    team: Team, admin: Client, bob: Client, world: World
) -> None:
    other = await world.column(await world.board(team.ada.user))
    for change in [
        ("DELETE", "subtasks/{step}", None),
        ("DELETE", "labels/{label}", None),
        ("DELETE", "tasks/{d}?permanent=true", None),
        ("POST", "tasks/{a}/move", {"column_id": str(other.id)}),
    ]:
        event = await team.do(*change)
        assert check_problem(await team.revert(event), 409)["type"] == "/problems/not-revertible"
    [arrived] = await Event.filter(board_id=other.board_id, kind="task.moved")
    assert check_problem(await team.revert(arrived), 409)["type"] == "/problems/not-revertible"
    # Accounts are nobody's business but the admins'.
    for event in await Event.filter(kind__in=["user.created", "session.created"]):
        check_problem(await team.revert(event), 404)
        problem = check_problem(await team.revert(event, by=admin), 409)
        assert problem["type"] == "/problems/not-revertible"
    invited = await team.do("POST", "boards/{board}/invitations", {"role": "MEMBER"})
    check_problem(await team.revert(invited), 404)
    check_problem(await team.ada.post(f"/api/events/{2**63 - 1}/revert"), 404)
    check_problem(await team.ada.post("/api/events/0/revert"), 422)


async def test_limits_and_parents_count(team: Team) -> None:
    moved = await team.do("POST", "tasks/{a}/move", {"column_id": "{done}"})
    await team.do("PATCH", "columns/{open}", {"task_limit": 3})
    assert check_problem(await team.revert(moved), 409)["type"] == "/problems/column-full"
    deleted = await team.do("DELETE", "tasks/{b}")
    await team.do("DELETE", "columns/{open}")
    assert check_problem(await team.revert(deleted), 409)["type"] == "/problems/parent-in-trash"


async def test_it_takes_the_right_of_the_change(
    team: Team, bob: Client, world: World, rows: Rows
) -> None:
    viewer, stranger = await world.person("viewer"), await world.person("stranger")
    await world.join(team.board, viewer.user, Role.VIEWER)
    by_members = [
        await team.do("PATCH", "tasks/{a}", {"title": "x"}),
        await team.do("POST", "tasks/{c}/move", {"position": 0}),
        await team.do("POST", "tasks/{d}/archive"),
        await team.do("DELETE", "tasks/{b}"),
        await team.do("PUT", "tasks/{a}/labels/{label}"),
        await team.do("POST", "tasks", {"column_id": "{open}", "title": "new"}),
    ]
    by_others = [
        await team.do("PATCH", "boards/{board}", {"title": "x"}),
        await team.do("PATCH", "comments/{comment}", {"content": "x"}),
        await team.do("POST", "comments", {"task_id": "{c}", "content": "new"}),
    ]  # fmt: skip
    before = await rows()
    for event in [*by_members, *by_others]:
        check_problem(await team.revert(event, by=stranger), 404)
        check_problem(await team.revert(event, by=viewer), 403)
        check_problem(await team.revert(event, by=world.client()), 401)
    for event in by_others:
        check_problem(await team.revert(event, by=bob), 403)
    assert await rows() == before
    for event in by_members:
        assert (await team.revert(event, by=bob)).status_code in (200, 204)
    for event in by_others:
        assert (await team.revert(event)).status_code in (200, 204)
    event = await team.do("PATCH", "tasks/{a}", {"title": "z"}, by=bob)
    await BoardUser.filter(user_id=bob.user.id).delete()
    check_problem(await team.revert(event, by=bob), 404)
    await Board.filter(id=team.board.id).update(is_public=True)
    check_problem(await team.revert(event, by=bob), 403)


async def test_a_board_in_the_trash_is_its_creators(team: Team, bob: Client) -> None:
    edited = await team.do("PATCH", "tasks/{a}", {"title": "x"})
    deleted = await team.do("DELETE", "boards/{board}")
    check_problem(await team.revert(deleted, by=bob), 404)
    check_problem(await team.revert(edited, by=bob), 404)
    check_problem(await team.revert(edited), 409)
    assert (await team.revert(deleted)).status_code == 200


async def test_an_api_token_needs_to_write(team: Team, world: World) -> None:
    event = await team.do("PATCH", "tasks/{a}", {"title": "x"})
    for scope, status in (("read", 403), ("write", 200)):
        body = {"name": "t", "scopes": [scope]}
        token = (await team.ada.post("/api/auth/tokens", json=body)).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = await world.client().post(f"/api/events/{event.id}/revert", headers=headers)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "tasks/{a}", {"title": "x"}),
        ("POST", "tasks/{a}/move", {"position": 2}),
        ("DELETE", "tasks/{a}", None),
        ("DELETE", "tasks/{b}/assignees/{bob}", None),
        ("DELETE", "boards/{board}/users/{bob}", None),
    ],
)
async def test_of_two_at_once_one_wins(
    team: Team, database_url: str, method: str, path: str, body: Any
) -> None:
    event = await team.do(method, path, body)
    newest = await Event.all().order_by("-id").first()
    assert newest
    answers = await together(database_url, team.revert(event), team.revert(event))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert await Event.filter(id__gt=newest.id).count() == 1


async def test_an_edit_that_comes_first_is_kept(team: Team, database_url: str) -> None:
    event = await team.do("PATCH", "tasks/{a}", {"title": "x"})
    edit = team.ada.patch(f"/api/tasks/{team.ids['a']}", json={"title": "y"})
    answers = await together(database_url, edit, team.revert(event))
    task = await Task.get(id=team.ids["a"])
    statuses = [answer.status_code for answer in answers]
    assert (statuses, task.title) in (([200, 409], "y"), ([200, 200], "y"))


async def test_with_a_key_it_is_done_once(team: Team) -> None:
    event = await team.do("PATCH", "tasks/{a}", {"title": "x"})
    path, headers = f"/api/events/{event.id}/revert", {"Idempotency-Key": "k"}
    first = await team.ada.post(path, headers=headers)
    again = await team.ada.post(path, headers=headers)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.json()["title"] == "a"
    created = await team.do("POST", "labels", {"board_id": "{board}", "name": "x"})
    path, headers = f"/api/events/{created.id}/revert", {"Idempotency-Key": "l"}
    assert [(await team.ada.post(path, headers=headers)).status_code for _ in "12"] == [204, 204]


async def test_values_that_no_request_may_have_stay(team: Team) -> None:
    """Values that SQL by hand wrote."""
    connection = Tortoise.get_connection("default")
    await connection.execute_query("UPDATE tasks SET title = E'\\u2800' WHERE title = 'a'")
    await connection.execute_query("UPDATE tasks SET title = 'a' WHERE title = E'\\u2800'")
    event = await Event.filter(kind="task.updated").order_by("-id").first()
    assert event
    problem = check_problem(await team.revert(event), 409)
    assert problem["type"] == "/problems/not-revertible"
    other = await team.do("POST", "labels", {"board_id": "{board}", "name": "x"})
    await connection.execute_query("UPDATE task_labels SET label_id = $1", [other.record_id])
    event = await Event.filter(kind="task.updated").order_by("-id").first()
    assert event
    assert event.after == {"label_id": str(other.record_id)}
    check_problem(await team.revert(event), 409)
