"""Text in its forms: what looks or counts as the same is found, and sorted as one."""

import random
from typing import Any
from unicodedata import normalize

import pytest

from models.enums import Role
from models.tables import Board, BoardComment, Column, Comment, Label, Subtask
from tests.conftest import Client, World
from tests.helpers.answers import all_pages
from tests.resources.test_search import make, titles

SAME = [
    ("Überprüfung", normalize("NFD", "Überprüfung")),
    (normalize("NFD", "Überprüfung"), "Überprüfung"),
    (normalize("NFD", "한국어"), "한국어"),
    ("한국어를 배우다", "한국어"),
    ("Straße sperren", "STRASSE"),
    ("STRASSE", "straße"),
    ("ΟΔΟΣ", "οδός"),
    ("ﬁnance report", "finance"),
    ("ｗｉｄｅ letters", "wide"),
    ("wide", "ｗｉｄｅ"),
    ("a／b", "ａ／ｂ"),
    ("soft\u00adhyphen", "softhyphen"),
]
WITHOUT_ACCENTS = [
    ("Café in Zürich", "cafe"),
    ("Café in Zürich", "zurich"),
    ("Café in Zürich", '"cafe in zurich"'),
    ("Café in Zürich", "zur"),
    ("Cafe", "café"),
    ("Ελληνικά", "ΕΛΛΗΝΙΚΑ"),
    ("zażółć gęślą", "zazolc"),
    ("Æsir og þing", "aesir thing"),
    ("Diyarbakır", "diyarbakir"),
    ("Ёлка и ещё", "елка еще"),
    ("Еще одна елка", "ещё"),
    ("за\u0301мок", "замок"),
    ("Đà Nẵng", "da nang"),
]
WITHOUT_SPACES = [
    ("東京で会議をする", "会議"),
    ("東京で会議をする", "する"),
    ("東京で会議をする", "会"),
    ("東京tower会議", "tower"),
    ("修复看板任务", "看板"),
    ("ﾌﾟﾛｸﾞﾗﾑ", "グラム"),
    ("ทดสอบภาษาไทย", "ภาษา"),
    ("ພາສາລາວ", "ລາວ"),
    ("ភាសាខ្មែរ", "ខ្មែរ"),
    ("မြန်မာဘာသာ", "ဘာသာ"),
]
BEGINNINGS = [("Press release", "p"), ("Élan", "e"), ("Пресс-релиз", "р")]


@pytest.mark.parametrize(("text", "q"), SAME + WITHOUT_ACCENTS + WITHOUT_SPACES + BEGINNINGS)
async def test_other_forms_of_a_text_find_it(
    text: str, q: str, column: Column, ada: Client
) -> None:
    await make(column, text, "Something")
    assert await titles(ada, q) == [text]


@pytest.mark.parametrize(
    ("text", "q"),
    [("мой", "мои"), ("ガス", "カス"), ("หมา", "มห"), ("東京会議", "京東"), ("東京 会議", "東会"),
     ("हिन्दी", "हनद"), ("각", "가"), ("Press release", "r -press"), ("会議", "議会")],
)  # fmt: skip
async def test_other_letters_do_not_find_a_text(
    text: str, q: str, column: Column, ada: Client
) -> None:
    await make(column, text)
    assert await titles(ada, q) == []


async def test_every_list_knows_the_forms(world: World, ada: Client) -> None:
    board = await world.board(ada.user)
    for text, q in (("Überprüfung", "uberprufung"), ("会議室", "議室"), ("Straße", "STRASSE")):
        row = await Board.create(title=text)
        await world.join(row, ada.user, Role.CREATOR)
        column = await Column.create(board=board, title=text)
        [task] = await make(column, ("x", text))
        await Subtask.create(task=task, title=text)
        await Comment.create(task=task, user=ada.user, content=text)
        await BoardComment.create(board=board, user=ada.user, content=text)
        for path in ("boards", "columns", "subtasks", "comments", "board-comments"):
            assert await titles(ada, q, path) == [text], path
        assert await titles(ada, q) == ["x"]


async def test_exact_words_come_before_folded_ones(column: Column, ada: Client) -> None:
    await make(column, "Café", ("Other", "a cafe"), "Cafe", "Café café", "Ёлка", "Елка")
    exact = ["Cafe", "Other", "Café", "Café café"]
    found = await titles(ada, "cafe")
    assert (found[:2], sorted(found[2:])) == (exact[:2], exact[2:])
    assert (await titles(ada, "café"))[-2:] == ["Cafe", "Other"]
    assert await titles(ada, "елка") == ["Елка", "Ёлка"]
    assert await titles(ada, "ёлка") == ["Ёлка", "Елка"]
    best = (await ada.get("/api/search", params={"q": "cafe"})).json()
    assert [task["title"] for task in best["tasks"]] == found


async def test_names_are_found_without_accents(world: World, ada: Client) -> None:
    board = await world.board(ada.user)
    for name in ("Über uns", "uber", "Straße", "ёлка", "Unter über"):
        await Label.create(board=board, name=name)
    assert await titles(ada, "uber", "labels") == ["uber", "Über uns", "Unter über"]
    assert await titles(ada, "über", "labels") == ["Über uns", "uber", "Unter über"]
    assert await titles(ada, "u", "labels") == ["uber", "Unter über", "Über uns"]
    assert await titles(ada, "STRASS", "labels") == await titles(ada, "asse", "labels")
    assert await titles(ada, "елк", "labels") == ["ёлка"]
    for nothing in ("\u200b", "\u0301"):
        assert await titles(ada, nothing, "labels") == []
    await world.user("Jürgen")
    response = await ada.get("/api/users?q=jurg")
    assert [user["username"] for user in response.json()] == ["Jürgen"]


IN_ORDER = [
    " 2 days", "2", "10", "Äpfel", "apple", "Task", "task 2", "Task 2b", "Täsk 10", "TASK 10a",
    "Task 100", "v1.9", "v1.10", "zoo", "Ёж 3", "еж 12", "ель", "й", "会議",
]  # fmt: skip


async def create(client: Client, path: str, **body: Any) -> dict[str, Any]:
    response = await client.post(f"/api/{path}", json=body)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


async def parent_of(client: Client, kind: str) -> dict[str, str]:
    """Return what the body of a new record must name, with no others of its kind beside it."""
    if kind == "boards":
        return {}
    board = await create(client, "boards", title="Website launch", is_public=False)
    if kind != "tasks":
        return {"board_id": board["id"]}
    column = await create(client, "columns", board_id=board["id"], title="Doing")
    return {"column_id": column["id"]}


SORTED = {"boards": "title", "columns": "title", "tasks": "title", "labels": "name"}


@pytest.mark.parametrize(("kind", "name"), SORTED.items())
async def test_titles_are_sorted_as_people_read_them(kind: str, name: str, ada: Client) -> None:
    """In any case and with any accents, numbers by their value, ties by id, on any pages."""
    parent = await parent_of(ada, kind)
    texts = IN_ORDER * 2
    random.Random(kind).shuffle(texts)
    made = [await create(ada, kind, **parent, **{name: text}) for text in texts]
    places = {text: place for place, text in enumerate(IN_ORDER)}
    for sign in ("", "-"):
        order = sorted(made, key=lambda row: (places[row[name]], row["id"]), reverse=bool(sign))
        for limit in (200, 3):
            found = await all_pages(ada, f"/api/{kind}?sort={sign}{name}&limit={limit}")
            assert [row[name] for row in found] == [row[name] for row in order]
            assert [row["id"] for row in found] == [row["id"] for row in order]


LONGEST = [
    "1" * 254, "2" * 254, "1" * 255, "x 1" + "0" * 200, "x 2" + "0" * 200, "x 1" + "0" * 201,
    "x" + "\x01" * 254, "😀" * 255, "\ufdfa" * 255, "⑩" * 255, "o" + "\u0301" * 200,
    "\u0323\u0301" * 127, "\u0345\u0363x",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), SORTED.items())
async def test_the_oddest_titles_are_sorted_on_pages(kind: str, name: str, ada: Client) -> None:
    parent = await parent_of(ada, kind)
    for text in LONGEST:
        await create(ada, kind, **parent, **{name: text})
    for sign in ("", "-"):
        path = f"/api/{kind}?sort={sign}{name}"
        whole = [row[name] for row in await all_pages(ada, f"{path}&limit=200")]
        assert sorted(whole) == sorted(LONGEST)
        assert [row[name] for row in await all_pages(ada, f"{path}&limit=1")] == whole
        numbers = [text for text in whole if text.isascii() and text.isprintable()]
        assert numbers == (LONGEST[:6] if not sign else LONGEST[5::-1])
