"""Searching: what is typed finds what is meant, the best first, and nothing that isn't seen."""

import asyncio
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI

from api.app import JOBS
from api.resources.search import flush_search_index, search_index_dirty
from models.enums import Role
from models.tables import Board, BoardComment, Column, Comment, Label, Subtask, Task
from tests.conftest import Client, World, running
from tests.helpers.answers import all_pages, check_problem


async def make(column: Column, *texts: str | tuple[str, str]) -> list[Task]:
    """Make tasks of those titles, some with a description."""
    rows = [(text, None) if isinstance(text, str) else text for text in texts]
    return [
        await Task.create(column=column, title=title, description=about) for title, about in rows
    ]


async def titles(client: Client, q: str, path: str = "tasks", **more: Any) -> list[str]:
    response = await client.get(f"/api/{path}", params={"q": q, **more})
    assert response.status_code == 200, response.text
    return [each.get("title") or each.get("content") or each["name"] for each in response.json()]


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("Run the tests", "running"),
        ("Running the tests", "run"),
        ("Deployments", "deploying"),
        ("Задача на завтра", "задачи"),
        ("Задачи на завтра", "задача"),
        ("Купить молоко", "КУПИЛИ"),
        ("Ёлка", "ёлки"),
        ("Alpha-7", "Alpha-7"),
        ("alpha-7", "ALPHA"),
        ("Release v2.10.3", "v2.10.3"),
        ("Fix api/resources/search.py", "api/resources/search.py"),
        ("Mail ada@example.com", "ada@example.com"),
        ("The Who", "the who"),
        ("\u041d\u0435 \u0438 на", "\u043d\u0435"),
        ("Release задача", "задачи releases"),
        ("Crème brûlée", "brûlée"),
        ("東京 tower", "東京"),
        ("#42", "42"),
        ("Press release", "press rel"),
        ("Press release", "pr"),
        ("Пресс-релиз", "рел"),
        ("Alpha-70", "alpha-7"),
        ("Press release", '"press release"'),
        ("Press release", '"press release'),
        ("Press release", "press -launch"),
        ("Press release", "launch or press"),
    ],
)
async def test_what_is_typed_finds_what_is_meant(
    text: str, q: str, column: Column, ada: Client
) -> None:
    await make(column, text, "Something else")
    assert await titles(ada, q) == [text]


@pytest.mark.parametrize(
    "q", ["release launch", '"release press"', "press -release", "pres release", "ress", "x"]
)
async def test_what_is_not_meant_is_not_found(q: str, column: Column, ada: Client) -> None:
    await make(column, "Press release")
    assert await titles(ada, q) == []


async def test_each_list_is_searched_where_it_says(world: World, ada: Client) -> None:
    board = await world.board(ada.user)
    await Board.filter(id=board.id).update(title="Alpha", description="Beta")
    column = await Column.create(board=board, title="Gamma")
    [task] = await make(column, ("Delta", "Epsilon"))
    await Subtask.create(task=task, title="Zeta")
    await Comment.create(task=task, user=ada.user, content="Eta")
    await Label.create(board=board, name="Iota")
    await BoardComment.create(board=board, user=ada.user, content="Kappa")
    words = {
        "boards": ["Alpha", "Beta"], "columns": ["Gamma"], "tasks": ["Delta", "Epsilon"],
        "subtasks": ["Zeta"], "comments": ["Eta"], "labels": ["Iota"],
        "board-comments": ["Kappa"],
    }  # fmt: skip
    for path in words:
        for where, search_text in words.items():
            for word in search_text:
                assert bool(await titles(ada, word, path)) is (path == where), (path, word)


async def test_a_title_counts_more_than_a_description(column: Column, ada: Client) -> None:
    await make(column, ("First", "launch"), "The launch", ("Launch", "the launch"), ("Last", "x"))
    assert await titles(ada, "launch") == ["Launch", "The launch", "First"]
    assert await titles(ada, "launch", sort="title") == ["First", "Launch", "The launch"]
    assert await titles(ada, "launch", sort="-id") == ["Launch", "The launch", "First"]
    assert await titles(ada, "launch", sort="id") == ["First", "The launch", "Launch"]


async def test_an_edit_is_found_at_once(column: Column, ada: Client) -> None:
    [task] = await make(column, ("Draft", "the cellar"))
    path = f"/api/tasks/{task.id}"
    assert (await ada.patch(path, json={"title": "Attic"})).status_code == 200
    assert (await titles(ada, "draft"), await titles(ada, "attic")) == ([], ["Attic"])
    assert (await ada.patch(path, json={"description": None})).status_code == 200
    assert await titles(ada, "cellar") == []
    assert (await ada.delete(path)).status_code == 204
    assert await titles(ada, "attic") == []


async def test_a_search_is_narrowed_by_filters(column: Column, ada: Client, world: World) -> None:
    await make(column, "Launch one", "Launch two")
    await Task.filter(title="Launch two").update(status="DONE", priority="HIGH")
    other = await world.column(await world.board(ada.user))
    await make(other, "Launch three")
    assert await titles(ada, "launch", status="DONE") == ["Launch two"]
    assert await titles(ada, "launch", status="DONE", priority="LOW") == []
    assert await titles(ada, "launch", priority="HIGH") == ["Launch two"]
    assert await titles(ada, "launch", column_id=str(other.id)) == ["Launch three"]
    assert len(await titles(ada, "launch", board_id=str(column.board_id))) == 2


async def test_nothing_that_is_not_seen_is_found(
    world: World, ada: Client, bob: Client, admin: Client
) -> None:
    private, public = await world.board(bob.user), await world.board(bob.user, is_public=True)
    joined = await world.board(bob.user, members={ada.user: Role.MEMBER})
    for board in (private, public, joined):
        await Board.filter(id=board.id).update(title="Secret board")
        column = await Column.create(board=board, title="Secret column")
        [task] = await make(column, ("Secret task", "secret"))
        await Subtask.create(task=task, title="Secret step")
        await Comment.create(task=task, user=bob.user, content="Secret words")
        await Label.create(board=board, name="Secret label")
        await BoardComment.create(board=board, user=bob.user, content="Secret note")
    kinds = ("boards", "columns", "tasks", "subtasks", "comments", "labels", "board-comments")
    for path in kinds:
        everything = await all_pages(admin, f"/api/{path}?q=secret")
        assert len(everything) == 3
        for sort in ("", "&sort=-id"):
            for limit in (1, 50):
                query = f"/api/{path}?q=secret&limit={limit}{sort}"
                seen = {each["id"] for each in await all_pages(ada, query)}
                assert seen == {each["id"] for each in await all_pages(ada, f"/api/{path}")}
                assert len(seen) == 2


async def test_ranks_do_not_tell_of_what_is_not_seen(
    column: Column, world: World, ada: Client, bob: Client
) -> None:
    """A rank is of the record alone, so that answers are the same whatever others write."""
    await make(column, "launch", ("x", "launch and launch"), "launch the launch")
    before = await ada.get("/api/tasks?q=launch&limit=2")
    hidden = await world.column(await world.board(bob.user))
    await make(hidden, *["launch launch launch"] * 5)
    after = await ada.get("/api/tasks?q=launch&limit=2")
    assert after.json() == before.json()
    assert after.headers["link"] == before.headers["link"]


async def test_the_order_of_ranks_holds_over_all_pages(column: Column, ada: Client) -> None:
    texts: list[Any] = [
        "launch",
        ("x", "launch"),
        "launch the launch",
        "no",
        ("launch", "a launch"),
    ]
    await make(column, *texts * 6)
    whole = await all_pages(ada, "/api/tasks?q=launch&limit=200")
    assert len(whole) == 24
    for limit in (1, 2, 5, 23, 24):
        assert await all_pages(ada, f"/api/tasks?q=launch&limit={limit}") == whole
    for n in range(0, 24, 6):  # what is equal goes by id
        ids = [task["id"] for task in whole[n : n + 6]]
        assert ids == sorted(ids)
        assert len({(task["title"], task["description"]) for task in whole[n : n + 6]}) == 1


async def test_what_comes_and_goes_meanwhile_moves_nothing_else(
    column: Column, ada: Client
) -> None:
    texts: list[Any] = ["launch", ("x", "launch"), "launch the launch"]
    tasks = await make(column, *texts * 5)
    whole = [task["id"] for task in await all_pages(ada, "/api/tasks?q=launch&limit=200")]
    path, seen = "/api/tasks?q=launch&limit=2", []
    gone: set[str] = set()
    for round_ in range(100):
        response = await ada.get(path)
        seen += [task["id"] for task in response.json()]
        if "link" not in response.headers:
            break
        path = response.headers["link"][1:].partition(">")[0]
        if round_ < 3:
            for title in ("launch", "launch the launch", "launch to launch a launch"):
                body = {"column_id": str(column.id), "title": title}
                assert (await ada.post("/api/tasks", json=body)).status_code == 201
            [one] = [each for each in whole if each not in {*seen, *gone}][-1:]
            assert (await ada.delete(f"/api/tasks/{one}")).status_code == 204
            gone.add(one)
    old = {str(task.id) for task in tasks}
    assert [each for each in seen if each in old] == [each for each in whole if each not in gone]
    assert len(seen) == len(set(seen))


async def test_a_cursor_goes_with_what_was_sought(column: Column, ada: Client) -> None:
    await make(column, "launch one", "launch two")
    first = await ada.get("/api/tasks?q=launch&limit=1")
    cursor = first.headers["link"].partition("cursor=")[2].partition(">")[0]
    for query in ("q=launches", "q=Launch", "sort=title&q=launch", ""):
        response = await ada.get(f"/api/tasks?{query}&cursor={cursor}".replace("?&", "?"))
        assert check_problem(response, 422)["errors"][0]["parameter"] == "cursor"
    assert await titles(ada, "launch", cursor=cursor) == ["launch two"]


async def test_of_many_matches_the_same_thousand_are_paged(column: Column, ada: Client) -> None:
    await Task.bulk_create(
        [Task(column=column, title="launch" if n % 7 else "launch launch") for n in range(1_100)]
    )
    for sort in ("", "&sort=id", "&sort=-title"):
        pages = [
            [
                task["id"]
                for task in await all_pages(ada, f"/api/tasks?q=launch&limit={limit}{sort}")
            ]
            for limit in (200, 73)
        ]
        assert pages[0] == pages[1]
        assert len(set(pages[0])) == len(pages[0]) == 1_000


async def test_beginnings_are_looked_for_where_words_are_rare(column: Column, ada: Client) -> None:
    path = "/api/tasks?q=launch&sort=id&limit=200"
    tasks = [Task(column=column, title="launch") for n in range(49)]
    longer = Task(column=column, title="launchpad")
    await Task.bulk_create([*tasks, longer])
    assert [task["title"] for task in await all_pages(ada, path)] == ["launch"] * 49 + ["launchpad"]
    await make(column, "launch")
    assert [task["title"] for task in await all_pages(ada, path)] == ["launch"] * 50


ODD = [
    "' & | ! ( ) :* <-> \"", "&", "|", "!", "!!", "(", ")", ":*", "<->", "<0>", "'", '"', '""',
    "\\", "\\'", "a'b", "a\\", "a:*", "a & | b", "!a", "a <-> b", "-", "--", "-a", "- a", "or",
    "or or", "a or", "or a", '"a', 'a"', '"a" b"', "%", "_", "%_%", "*", "?", "$1", "{}", "{0}",
    "%s", ";",
    "'; DROP TABLE tasks; --", "the", "и", "the and of", "😀", "😀😀 launch", "a😀", "\u200b",
    "\x1c", "\x01", "\ufffe", "\u202elaunch", "e\u0301", "\u0301", "ﬁ", "\uff21", "İ", "ß",
    "a" * 200,
    "a " * 100, "'" * 200, '"' * 200, "\\" * 200, "-" * 200, "(" * 200, ":*" * 100, "😀" * 200,
    "ж" * 200, "a/" * 100, "a.b" * 66, "http://a.b/c?d=e&f", "a@b.c", "<a href='x'>", "&amp;",
    "1e5", "-1.5", "1/2", "a_b-c", "A:B", "A:1234", "a:1A",
]  # fmt: skip


@pytest.mark.parametrize(
    "everything", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["some", "everything"]
)
@pytest.mark.parametrize("path", ["boards", "tasks", "users", "labels"])
async def test_whatever_is_typed_is_no_error(
    path: str, everything: bool, column: Column, ada: Client
) -> None:
    """In each list and order by turns, or in all of them."""
    await make(column, "launch")
    for number, q in enumerate(ODD):
        orders: list[dict[str, Any]] = [{}, {"sort": "-id"}, {"limit": 1}]
        for more in orders if everything else [orders[number % 3]]:
            response = await ada.get(f"/api/{path}", params={"q": q, **more})
            assert response.status_code == 200, (q, response.text)


@pytest.mark.parametrize("q", ["", " ", "\u2003\n", "\0", "launch\0", "x" * 201])
async def test_what_cannot_be_sought_is_refused(q: str, ada: Client) -> None:
    for path in ("tasks", "users"):
        response = await ada.get(f"/api/{path}", params={"q": q})
        [error] = check_problem(response, 422)["errors"]
        assert error["parameter"] == "q"
    twice = await ada.get("/api/tasks?q=a&q=b")
    assert check_problem(twice, 422)["errors"][0]["parameter"] == "q"


LONG = {
    "one word": "x", "one word of four bytes": "😀", "a word of another script": "ж",
    "words": "launch ", "short words": "a ", "hyphens": "a-", "underscores": "a_", "paths": "/a",
    "hosts": "a.", "addresses": "a@b.c ", "URLs": "http://a.b/c?d=e ", "tags": "<a ", "ends": "<",
    "entities": "&amp;", "an entity": "&", "numbers": "1 ", "a version": "1.", "signs": "+-",
    "exponents": "1e", "quotes": "'", "backslashes": "\\", "combined": "e\u0301", "slashes": "/",
    "dots": ".", "tildes": "~/", "at signs": "a@", "comments": "<!--", "accents": "é-",
    "marks": "\u0301\u0323", "Japanese": "会", "different words": "",
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
async def test_the_longest_texts_can_be_stored_and_found(
    name: str, column: Column, ada: Client
) -> None:
    def text(most: int) -> str:
        unit = LONG[name]
        return (unit * most if unit else " ".join(f"w{n}" for n in range(most)))[:most]

    body = {"column_id": str(column.id), "title": text(255), "description": text(10_000)}
    response = await ada.post("/api/tasks", json=body)
    assert response.status_code == 201, response.text
    assert response.json()["description"] == text(10_000)
    task = response.json()["id"]
    comment = {"task_id": task, "content": text(10_000)}
    assert (await ada.post("/api/comments", json=comment)).status_code == 201
    change = {"title": "launch", "description": f"harbour {text(9_000)}"}
    assert (await ada.patch(f"/api/tasks/{task}", json=change)).status_code == 200
    assert await titles(ada, "launch") == ["launch"]
    assert await titles(ada, "harbour") == ["launch"]


async def test_names_are_found_by_any_part_in_their_order(world: World, ada: Client) -> None:
    for name in ("Adam", "ADELE", "bada", "a_d", "жанна", "Straße"):
        await world.user(name)

    async def named(q: str, **more: Any) -> list[str]:
        response = await ada.get("/api/users", params={"q": q, **more})
        return [user["username"] for user in response.json()]

    for ad in ("ad", "AD", "\uff21\uff24"):
        assert await named(ad) == ["ada", "Adam", "ADELE", "bada"]
    assert await named("da") == ["ada", "Adam", "bada"]
    assert await named("a_") == ["a_d"]
    assert await named("a%") == await named("%") == await named("d") == []
    assert await named("Жан") == ["жанна"]
    assert await named("STRA") == await named("straß") == await named("AßE") == ["Straße"]
    assert await named("ad", sort="-registered_at") == ["bada", "ADELE", "Adam", "ada"]
    pages = await all_pages(ada, "/api/users?q=a&limit=1")
    assert [user["username"] for user in pages] == ["a_d", "ada", "Adam", "ADELE"]
    for limit in (1, 2, 3):
        pages = await all_pages(ada, f"/api/users?q=da&limit={limit}")
        assert [user["username"] for user in pages] == ["ada", "Adam", "bada"]


async def test_of_many_names_the_oldest_are_looked_at(
    world: World, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("lisbeth", "bethany", "mabeth"):
        await world.user(name)
    monkeypatch.setattr("api.resources.search.MOST_SCANNED", 2)  # ada and lisbeth
    # A limit that no other test has: statements are made once.
    found = await all_pages(ada, "/api/users?q=beth&limit=47&sort=-id")
    assert [user["username"] for user in found] == ["bethany", "lisbeth"]


async def test_labels_of_one_name_all_come(world: World, ada: Client) -> None:
    boards = [await world.board(ada.user) for _ in range(3)]
    for name in ("Urgent", "urgency", "Later", "URGENT"):
        for board in boards:
            await Label.create(board=board, name=name)
    whole = await all_pages(ada, "/api/labels?q=urg")
    assert [label["name"].lower() for label in whole] == ["urgency"] * 3 + ["urgent"] * 6
    assert await all_pages(ada, "/api/labels?q=urg&limit=1") == whole
    one = await all_pages(ada, f"/api/labels?q=Urgent&board_id={boards[1].id}")
    assert len(one) == 2
    assert len(await all_pages(ada, "/api/labels?q=urg&sort=-created_at")) == 9


async def test_the_server_puts_words_into_their_index_on_its_own(
    application: FastAPI, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "INSERT INTO boards (id, title) VALUES (gen_random_uuid(), 'Lighthouse')"
    )
    search_index_dirty.set()
    done = asyncio.Event()

    async def note() -> None:
        await flush_search_index()
        if not search_index_dirty.is_set():
            done.set()

    [job] = [job for job in JOBS if job.run is flush_search_index]
    monkeypatch.setattr("api.app.JOBS", [job._replace(run=note, seconds=0)])
    async with running(application, database_url, monkeypatch), asyncio.timeout(30):
        await done.wait()
    assert await connection.fetchval("SELECT gin_clean_pending_list('boards_words_idx')") == 0
    await connection.close()
