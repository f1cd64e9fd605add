"""A team's day on the board's page: two people in two browsers, by mouse and by keyboard."""

import filecmp
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from checks.browser import Watch, chromium
from checks.conftest import (
    DEVELOPMENT,
    Record,
    Server,
    checkout,
    checkout_with_milestones,
    command,
    url_of,
)
from checks.pictures import BYTES as PICTURE_BYTES
from checks.pictures import FOLDER, Film

pytestmark = pytest.mark.page
WEB = Path("web").resolve()
AXE = WEB / "node_modules/axe-core/axe.min.js"
PASSWORD = "a harbour at dusk"
BYTES = 150_000  # at most, compressed, until a board is shown

# A machine may be busy; whatever is waited for comes.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = Path(tmp_path_factory.mktemp("page"))
    folder.chmod(0o755)  # for PostgreSQL's user
    with Server(checkout(folder), RATE_LIMIT_REGISTER="off") as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Any]:
    """Return a function that opens the page as somebody else, in a browser of their own."""
    watches: list[Watch] = []

    def open_page(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(locale="en", base_url=server.address, **options)
        page = context.new_page()
        watches.append(Watch(page, server.address))
        page.goto(path)
        return page

    yield open_page
    for watch in watches:
        watch.check()
        watch.page.context.close()


def register(page: Page, name: str) -> None:
    button = page.get_by_role("button", name="Create an account")
    email = page.get_by_label("E-mail address", exact=True)
    button.or_(email).first.wait_for()
    if button.is_visible():
        button.click()
    page.get_by_label("Username", exact=True).fill(name)
    email.fill(f"{name}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("button", name=f"Account of {name}")).to_be_visible()


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name=f"Account of {name}")).to_be_visible()


def create_admin(server: Server) -> None:
    created = subprocess.run(
        [sys.executable, "-m", "api", "create-admin", "root", "root@example.com"],
        cwd=server.folder, capture_output=True, text=True, check=False,
        env=os.environ | DEVELOPMENT | {"DATABASE_URL": url_of(server), "ADMIN_PASSWORD": PASSWORD},
    )  # fmt: skip
    assert created.returncode == 0, created.stderr


def make_board(page: Page, title: str, *cards: str) -> None:
    """Make a board with cards in its first column."""
    page.get_by_role("link", name="Boards", exact=True).click()
    page.get_by_role("button", name="New board").first.click()
    page.get_by_role("dialog").get_by_label("Title").fill(title)
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    column(page, "To do").get_by_role("button", name="Add a card", exact=True).click()
    for card in cards:
        page.get_by_label("Title of the new card").fill(card)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    check_cards(page, "To do", *cards)


def column(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def card(page: Page, title: str) -> Locator:
    return page.locator("[data-task]", has=page.get_by_role("link", name=title, exact=True))


def check_cards(page: Page, title: str, *cards: str) -> None:
    expect(column(page, title).locator(".card-title")).to_have_text(cards)


def saved(page: Page) -> None:
    """Wait until the server knows all cards, so that a reload finds them."""
    expect(page.locator(".card.draft")).to_have_count(0)


def drag(
    page: Page, source: Locator, target: Locator, *, y: float = 0.9, film: Film | None = None
) -> None:
    """Drag with the mouse to a part of the target's height, as a hand does it."""
    start, end = source.bounding_box(), target.bounding_box()
    assert start
    assert end
    dragged = source.element_handle()
    x0, y0 = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
    x1, y1 = end["x"] + end["width"] / 2, end["y"] + end["height"] * y
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move(x0 + 8, y0 + 8)
    steps = 14 if film else 5
    for step in range(1, steps + 1):
        part = step / steps
        part = part * part * (3 - 2 * part)  # slowly at first and in the end
        page.mouse.move(x0 + (x1 - x0) * part, y0 + (y1 - y0) * part)
        if film:
            film.point(page, x0 + (x1 - x0) * part, y0 + (y1 - y0) * part, dragged)
    page.mouse.move(x1, y1 + 1)
    page.mouse.up()
    if film:
        film.point(page, x1, y1)


def check_access(page: Page) -> None:
    """Let axe look for what people with assistive technology can't use, in light and dark."""
    page.evaluate(AXE.read_text())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("axe.run()")
        assert [
            (problem["id"], [node["html"][:200] for node in problem["nodes"]])
            for problem in found["violations"]
        ] == [], scheme
    page.emulate_media(color_scheme="light")


def test_a_team_works_on_a_board(open_page: Any, record_property: Record) -> None:
    ada: Page = open_page()
    check_access(ada)
    register(ada, "ada")
    make_board(ada, "Website launch", "Press release", "Photographs", "Quote")

    # Cards and columns by mouse; what was done is there after a reload.
    saved(ada)
    drag(ada, card(ada, "Quote"), card(ada, "Press release"), y=0.1)
    check_cards(ada, "To do", "Quote", "Press release", "Photographs")
    drag(ada, card(ada, "Photographs"), column(ada, "In progress"))
    check_cards(ada, "In progress", "Photographs")
    expect(ada.get_by_text("“Photographs” is in In progress.")).to_be_visible()
    drag(ada, column(ada, "Done").locator("header"), column(ada, "To do"), y=0.2)
    expect(ada.get_by_role("region")).to_have_count(3)
    ada.reload()
    check_cards(ada, "To do", "Quote", "Press release")
    check_cards(ada, "In progress", "Photographs")
    check_access(ada)

    # Somebody joins by a link.
    ada.get_by_role("button", name="Settings").click()
    ada.get_by_role("tab", name="Members").click()
    ada.get_by_role("button", name="Create a link").click()
    link = ada.get_by_label("Invitation link").input_value()
    check_access(ada)
    ada.keyboard.press("Escape")
    grace: Page = open_page(link)
    expect(grace.get_by_text("You are invited to “Website launch” as member.")).to_be_visible()
    register(grace, "grace")
    grace.get_by_role("button", name="Join the board").click()
    check_cards(grace, "To do", "Quote", "Press release")

    expect(ada.get_by_role("img", name="grace, here now")).to_be_visible()

    # A card is dragged in one browser, and moves in the other.
    drag(grace, card(grace, "Quote"), column(grace, "In progress"))
    check_cards(ada, "In progress", "Photographs", "Quote")
    check_cards(ada, "To do", "Press release")

    # What is in a card.
    card(grace, "Press release").click()
    dialog = grace.get_by_role("dialog")
    dialog.get_by_role("button", name="Add a description…").click()
    dialog.get_by_label("Description").last.fill("**Two** paragraphs <img src=x onerror=alert(1)>")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator("strong", has_text="Two")).to_be_visible()
    expect(dialog.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    dialog.get_by_role("button", name="Add an item").click()
    for item in ("Draft", "Translate"):
        dialog.get_by_label("New item").fill(item)
        grace.keyboard.press("Enter")
    expect(dialog.get_by_role("checkbox")).to_have_count(2)
    dialog.get_by_role("button", name="Move Translate up").click()
    dialog.get_by_role("checkbox").first.click()
    expect(dialog.get_by_role("checkbox").first).to_be_checked()
    expect(dialog.get_by_text("1/2")).to_be_visible()
    dialog.get_by_label("Write a comment…").fill("I would begin with the quote.")
    dialog.get_by_role("button", name="Comment", exact=True).click()
    expect(dialog.get_by_text("I would begin with the quote.")).to_be_visible()
    dialog.get_by_label("Write a comment…").press_sequentially("Right, @a")
    people = dialog.get_by_role("listbox", name="Members").get_by_role("option")
    expect(people).to_have_text(["ada"])
    check_access(grace)
    grace.keyboard.press("Enter")
    grace.keyboard.press("Control+Enter")
    expect(dialog.locator(".mention")).to_have_text("@ada")
    check_access(grace)
    badges = card(ada, "Press release").locator(".badges")
    expect(badges).to_contain_text("1/2")

    # Deleting can be undone.
    grace.keyboard.press("Escape")
    card(grace, "Photographs").hover()
    grace.get_by_role("button", name="Actions of Photographs").click()
    grace.get_by_role("button", name="Delete", exact=True).click()
    check_cards(grace, "In progress", "Quote")
    message = grace.locator(".toast", has_text="“Photographs” is in the trash.")
    message.get_by_role("button", name="Undo").click()
    check_cards(grace, "In progress", "Photographs", "Quote")
    # So can anything in the history, unless others have changed it since.
    ada.get_by_role("link", name="Photographs", exact=True).focus()
    ada.keyboard.press("e")
    ada.keyboard.type("Pictures")
    ada.keyboard.press("Enter")
    check_cards(grace, "In progress", "Pictures", "Quote")
    card(grace, "Pictures").click()
    dialog.locator(".title-button").click()
    grace.keyboard.press("Control+a")
    grace.keyboard.type("Portraits")
    grace.keyboard.press("Enter")
    check_cards(ada, "In progress", "Portraits", "Quote")
    ada.locator(".columns").click(position={"x": 1, "y": 400})
    ada.keyboard.press("Control+z")
    expect(ada.locator(".toast.error")).to_contain_text("changed since")
    check_cards(ada, "In progress", "Portraits", "Quote")
    dialog.get_by_text("History").click()
    changed = "grace changed the card Portraits title: Pictures → Portraits"
    dialog.get_by_role("button", name=f"Undo: {changed}", exact=True).click()
    check_cards(grace, "In progress", "Pictures", "Quote")
    message = dialog.locator(".toast", has_text="Undone.")
    message.get_by_role("button", name="Undo").click()
    check_cards(grace, "In progress", "Portraits", "Quote")
    check_access(grace)
    # Who did what.
    ada.get_by_role("button", name="Settings").click()
    ada.get_by_role("tab", name="History").click()
    expect(ada.get_by_text("grace moved the card Quote To do → In progress")).to_be_visible()
    check_access(ada)


def test_a_card_dragged_in_one_browser_moves_in_the_other(
    open_page: Any, server: Server, pytestconfig: pytest.Config
) -> None:
    """With `--pictures`, make the README's pictures of it."""
    loaded = command("demo", url_of(server))
    assert loaded.returncode == 0, loaded.stderr
    pages = {}
    for name in ("mira", "jonas"):
        page = open_page("/", viewport={"width": 1156, "height": 560}, device_scale_factor=2)
        sign_in(page, name, "paper boats on the canal")
        page.get_by_role("link", name="Mobile app 2.0").click()
        pages[name] = page
    mira, jonas = pages.values()
    for page in pages.values():
        expect(page.get_by_role("img", name=re.compile("here now"))).to_have_count(1)
        page.mouse.move(30, 130)
    film = Film(pages) if pytestconfig.getoption("--pictures") else None
    if film:
        mira.screenshot(path=FOLDER / "board.png")
    for page in pages.values():
        page.set_viewport_size({"width": 660, "height": 640})
        page.locator(".columns").evaluate("columns => columns.scrollTo(284, 0)")

    answered, titles = "Answer the store's questions", ["Keep changes made offline"]
    titles += ["Larger touch targets", "Crash when a photo is very wide"]
    if film:
        film.take(1_200)
    drag(mira, card(mira, answered), card(mira, titles[0]), y=0.1, film=film)
    for page in (mira, jonas):
        check_cards(page, "In progress", answered, *titles)
    if film:
        film.take(1_200)
    drag(jonas, card(jonas, titles[1]), column(jonas, "Next"), film=film)
    for page in (mira, jonas):
        check_cards(page, "In progress", answered, titles[0], titles[2])
    if not film:
        return
    film.take(1_800)
    film.save(FOLDER / "live.webp")
    for name in ("live.webp", "board.png"):
        assert (FOLDER / name).stat().st_size <= PICTURE_BYTES, name


def test_nobody_overwrites_what_they_havent_seen(open_page: Any) -> None:
    first: Page = open_page()
    register(first, "lin")
    make_board(first, "Texts", "Letter")
    saved(first)
    card(first, "Letter").click()
    expect(first.get_by_role("dialog")).to_be_visible()
    state = first.context.storage_state()
    second: Page = open_page(httpx.URL(first.url).path, storage_state=state)
    for page in (first, second):
        page.get_by_role("button", name="Add a description…").click()
    for page, text in ((second, "Dear all"), (first, "Hello everybody")):
        page.get_by_label("Description").last.fill(text)
        page.get_by_role("button", name="Save").click()
        if page is second:
            expect(page.locator(".markdown", has_text=text)).to_be_visible()
    conflict = first.get_by_role("alertdialog")
    expect(conflict).to_contain_text("Dear all")
    expect(conflict.get_by_label("Yours")).to_have_value("Hello everybody")
    check_access(first)
    conflict.get_by_label("Yours").fill("Dear all, hello")
    conflict.get_by_role("button", name="Save yours").click()
    for page in (first, second):
        expect(page.locator(".markdown")).to_have_text("Dear all, hello")


def test_a_day_by_keyboard(open_page: Any) -> None:
    page: Page = open_page()
    register(page, "keith")
    make_board(page, "By keys", "One", "Two", "Three")
    saved(page)
    press = page.keyboard.press
    page.get_by_role("link", name="One", exact=True).focus()

    def focused(title: str) -> None:
        expect(page.get_by_role("link", name=title, exact=True)).to_be_focused()

    press("ArrowDown")
    focused("Two")
    press("Shift+ArrowUp")
    check_cards(page, "To do", "Two", "One", "Three")
    focused("Two")
    press("Shift+ArrowRight")
    check_cards(page, "In progress", "Two")
    focused("Two")
    spoken = page.get_by_role("status").first
    expect(spoken).to_contain_text("number 1 in In progress")
    message = page.get_by_text("“Two” is in In progress.")
    expect(message).to_be_visible()
    press("Control+z")
    expect(spoken).to_contain_text("Undone.")
    assert not message.is_visible()  # its Undo would fail
    check_cards(page, "In progress")
    check_cards(page, "To do", "Two", "One", "Three")
    focused("Two")
    press("ArrowDown")
    focused("One")
    press("e")
    page.keyboard.type("Uno")
    press("Enter")
    check_cards(page, "To do", "Two", "Uno", "Three")
    # In a Russian layout.
    focus = page.locator(":focus")
    page.get_by_role("link", name="Three", exact=True).focus()
    focus.dispatch_event("keydown", {"key": "я", "code": "KeyZ", "ctrlKey": True})
    check_cards(page, "To do", "Two", "One", "Three")
    focus.dispatch_event("keydown", {"key": "\N{CYRILLIC SMALL LETTER U}", "code": "KeyE"})
    expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    press("Escape")
    page.get_by_role("link", name="Three", exact=True).focus()
    press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    press("Escape")
    expect(dialog).to_have_count(0)
    focused("Three")
    press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    page.keyboard.type("thre")
    expect(page.get_by_role("link", name="Three")).to_be_visible()
    check_access(page)


def test_what_is_undone_is_ones_own_and_can_be(open_page: Any, server: Server) -> None:
    page: Page = open_page()
    register(page, "uma")

    def send(method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = page.request.fetch(f"/api/{path}", method=method, data=body, headers=headers)
        assert answer.ok, answer.text()
        return answer.json() if answer.body() else None

    board = send("POST", "boards", {"title": "Twice"})["id"]
    label = send("POST", "labels", {"board_id": board, "name": "Bug"})["id"]
    column_id = send("POST", "columns", {"board_id": board, "title": "To do"})["id"]
    items = [
        {"column_id": column_id, "title": f"Card {number}", "label_ids": [label]}
        for number in range(150)
    ]
    tasks = send("POST", "tasks/bulk", {"items": items})
    page.goto(f"/boards/{board}")
    # All of a copy, which has more events than a page of the history.
    page.get_by_role("button", name="Actions of the column To do").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    counts = page.locator(".column .count")
    expect(counts).to_have_text(["150", "150"])
    page.keyboard.press("Control+z")
    expect(counts).to_have_text(["150"])
    assert [each["title"] for each in send("GET", f"boards/{board}/trash")] == ["To do"]

    # Not what somebody else did by a request of the same id.
    page.get_by_role("link", name="Card 0", exact=True).focus()
    page.keyboard.press("e")
    page.keyboard.type("Own")
    with page.expect_response(lambda response: response.request.method == "PATCH") as own:
        page.keyboard.press("Enter")
    request_id = own.value.headers["x-request-id"]
    other: Page = open_page()
    register(other, "wim")
    send("POST", f"boards/{board}/users", {"username": "wim", "role": "MEMBER"})
    theirs = other.request.patch(
        f"/api/tasks/{tasks[1]['id']}",
        data={"title": "Theirs"}, headers={"X-Request-ID": request_id},
    )  # fmt: skip
    assert theirs.ok
    expect(card(page, "Theirs")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(card(page, "Card 0")).to_be_visible()
    expect(card(page, "Theirs")).to_be_visible()

    # A request that changed nothing isn't in the history.
    error = page.locator(".toast.error")
    expect(error).to_have_count(0)
    page.get_by_role("button", name="Actions of the column To do").click()
    page.get_by_role("radio", name="No colour").click()
    page.keyboard.press("Control+z")
    expect(error).to_have_text("The history doesn't have this change.")

    # The history offers what can be put back.
    send("PATCH", f"tasks/{tasks[2]['id']}", {"title": "Same"})
    comment = send("POST", "comments", {"task_id": tasks[0]["id"], "content": "x"})["id"]
    send("DELETE", f"comments/{comment}")
    elsewhere = send("POST", "boards", {"title": "Elsewhere"})["id"]
    there = send("POST", "columns", {"board_id": elsewhere, "title": "There"})["id"]
    send("PATCH", f"tasks/{tasks[3]['id']}", {"column_id": there})
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("tab", name="History").click()
    lines = page.locator(".history > li")
    for text, count in (
        ("moved the card Card 3", 0),
        ("deleted a comment on", 0),
        ("added the member wim", 1),
        ("added a comment on", 0),  # its text went with it
        ("changed the card Same", 1),
    ):
        line = lines.filter(has_text=text).first
        expect(line).to_be_visible()
        expect(line.get_by_role("button")).to_have_count(count)


def make_large_board(page: Page, cards: int) -> str:
    """Make a board with five columns by the API, and return its id."""

    def post(path: str, body: dict[str, Any]) -> Any:
        answer = page.request.post(f"/api/{path}", data=body)
        assert answer.ok, answer.text()
        return answer.json()

    board: str = post("boards", {"title": "Large"})["id"]
    for number in range(5):
        column_id = post("columns", {"board_id": board, "title": f"Column {number}"})["id"]
        titles = [f"{number}-{each}" for each in range(cards // 5)]
        for some in batched(titles, 200):
            items = [{"column_id": column_id, "title": title} for title in some]
            post("tasks/bulk", {"items": items})
    return board


def batched(items: list[str], size: int) -> list[list[str]]:
    return [items[first : first + size] for first in range(0, len(items), size)]


def test_a_board_of_4000_cards_draws_few(open_page: Any) -> None:
    page: Page = open_page()
    register(page, "lena")
    page.goto(f"/boards/{make_large_board(page, 4_000)}")
    expect(card(page, "0-0")).to_be_visible()
    assert page.locator(".card").count() < 200
    # To the end of a long column, and from there to the next one.
    page.get_by_role("region", name="Column 0").locator(".cards").evaluate(
        "list => list.scrollTo(0, list.scrollHeight)"
    )
    page.get_by_role("link", name="0-799", exact=True).focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("link", name="0-799", exact=True)).to_be_focused()
    expect(column(page, "Column 1").locator(".count")).to_have_text("801")


# A page without any library that shows a board whole.
PLAIN = """<!doctype html><title>Plain</title><style>
main { display: flex; gap: 12px } ul { width: 272px; height: 90vh; overflow: auto }
</style><main></main><script>
const board = await (await fetch("/api/boards/BOARD/full")).json();
const escape = (text) => text.replace(/[&<]/g, (letter) => `&#${letter.charCodeAt()};`);
document.querySelector("main").innerHTML = board.columns.map((column) =>
  `<h2>${escape(column.title)}</h2><ul>${column.tasks.map((task) =>
    `<li draggable=true class=card-title>${escape(task.title)}`).join("")}</ul>`).join("");
</script>""".replace("<script>", "<script type=module>")
SHOWN = """
window.shown = new Promise((resolve) => new MutationObserver((_, observer) => {
  if (!document.querySelector(".card-title")) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(resolve));
}).observe(document, { childList: true, subtree: true }));
"""
FRAMES = """
window.frames = [];
let last = 0;
requestAnimationFrame(function note(now) {
  if (last) window.frames.push(now - last);
  last = now;
  requestAnimationFrame(note);
});
"""
# When the stream says so, and when it is seen.
ARRIVES = """
([board, column, title]) => {
  window.heard = new Promise((resolve) => {
    const stream = new EventSource(`/api/events/stream?board=${board}`);
    window.listens = new Promise((open) => (stream.onopen = () => open()));
    stream.addEventListener("change", () => {
      resolve(Date.now());
      stream.close(); // browsers open few connections
    });
  });
  window.seen = new Promise((resolve) => new MutationObserver(() => {
    const there = [...document.querySelectorAll(`[aria-label="${column}"] .card-title`)];
    if (there.some((card) => card.textContent === title))
      requestAnimationFrame(() => resolve(Date.now()));
  }).observe(document, { childList: true, subtree: true }));
}
"""


@pytest.mark.usefixtures("in_full")
@pytest.mark.parametrize("cards", [100, 4_000])
def test_figures_beside_plain_html(open_page: Any, record_property: Record, cards: int) -> None:
    """The figures of docs/page.md: medians of five rounds, in turns."""
    page: Page = open_page()
    register(page, f"fay-{cards}")
    board = make_large_board(page, cards)
    plain = PLAIN.replace("BOARD", board)
    page.route("**/plain", lambda route: route.fulfill(body=plain, content_type="text/html"))
    page.add_init_script(SHOWN)
    shown: dict[str, list[float]] = {"/plain": [], f"/boards/{board}": []}
    frames: dict[str, list[float]] = {path: [] for path in shown}
    for _ in range(5):
        for path in shown:
            page.goto(path)
            shown[path].append(page.evaluate("window.shown"))
            page.evaluate(FRAMES)
            titles = page.locator(".card-title")
            first = titles.first.inner_text()
            drag(page, titles.first, titles.nth(3), y=0.4)
            if path != "/plain":
                expect(titles.first).not_to_have_text(first)
            drag(page, titles.nth(2), titles.first, y=0.4)
            frames[path].append(sorted(page.evaluate("window.frames"))[-2])
    bare, ours = (median(each) for each in shown.values())
    record_property("first paint, ms: plain HTML", round(bare))
    record_property("first paint, ms: the page", f"{ours:.0f}, {ours / bare:.2f} times")
    bare, ours = (median(each) for each in frames.values())
    record_property("second longest frame of drags, ms: plain HTML", round(bare))
    record_property("second longest frame of drags, ms: the page", f"{ours:.0f}")

    state = page.context.storage_state()
    other: Page = open_page(f"/boards/{board}", storage_state=state)
    expect(card(other, "0-1")).to_be_visible()
    heard, seen = [], []
    for number in range(1, 6):
        title = f"0-{number}"
        other.evaluate(ARRIVES, [board, "Column 1", title])
        other.evaluate("window.listens")
        first, second, *_ = page.request.get(f"/api/boards/{board}/full").json()["columns"]
        [task] = [each["id"] for each in first["tasks"] if each["title"] == title]
        place = {"column_id": second["id"], "position": 0}
        began = time.time() * 1000
        moved = page.request.post(f"/api/tasks/{task}/move", data=place)
        assert moved.ok, moved.text()
        heard.append(other.evaluate("window.heard") - began)
        seen.append(other.evaluate("window.seen") - began)
    record_property("to the second browser, ms: a bare stream", round(median(heard)))
    record_property(
        "to the second browser, ms: the page",
        f"{median(seen):.0f}, {median(seen) / median(heard):.1f} times",
    )


def test_who_is_removed_sees_the_board_close(open_page: Any) -> None:
    owner: Page = open_page()
    register(owner, "olga")
    make_board(owner, "Closed circle", "Secret")
    member: Page = open_page()
    register(member, "max")
    # Whatever address the picture of one has, the others' pages stay.
    assert member.request.patch("/api/users/me", data={"avatar_url": "https://["}).ok
    owner.get_by_role("button", name="Settings").click()
    owner.get_by_role("tab", name="Members").click()
    owner.get_by_label("Username or e-mail address").fill("max")
    owner.get_by_role("button", name="Add", exact=True).click()
    expect(owner.get_by_label("Role of max")).to_be_visible()
    member.goto(httpx.URL(owner.url).path)
    check_cards(member, "To do", "Secret")
    owner.get_by_role("button", name="Remove max").click()
    expect(member.get_by_role("alert")).to_contain_text("Not found")
    expect(member.get_by_text("Secret")).to_have_count(0)


def test_somebody_is_notified(open_page: Any) -> None:
    owner: Page = open_page()
    register(owner, "nadia")
    make_board(owner, "Opening night", "Programme")
    member: Page = open_page()
    register(member, "ned")
    me = member.request.get("/api/auth/me").json()["id"]
    board = httpx.URL(owner.url).path.split("/")[-1]
    added = owner.request.post(
        f"/api/boards/{board}/users", data={"username": "ned", "role": "MEMBER"}
    )
    assert added.ok, added.text()

    def unread(number: int) -> Locator:
        name = f"Notifications, {number} unread" if number else "Notifications"
        return member.get_by_role("button", name=name, exact=True)

    unread(1).click()
    check_access(member)
    member.get_by_role("link", name="nadia added you to the board").click()
    check_cards(member, "To do", "Programme")
    expect(unread(0)).to_be_visible()

    task = owner.request.get(f"/api/tasks?board_id={board}").json()[0]["id"]
    assert owner.request.put(f"/api/tasks/{task}/assignees/{me}").ok
    card(owner, "Programme").click()
    owner.get_by_label("Write a comment…").fill("@ned, may I print it?")
    owner.keyboard.press("Control+Enter")
    unread(2).focus()
    member.keyboard.press("Enter")
    expect(member.get_by_role("heading", name="Programme Opening night")).to_be_visible()
    member.get_by_role("button", name="Mark as read: nadia assigned you").click()
    member.get_by_role("link", name="nadia mentioned you").click()
    expect(member.get_by_role("dialog").locator(".mention")).to_have_text("@ned")
    expect(unread(0)).to_be_visible()
    member.keyboard.press("Escape")

    member.get_by_role("button", name="Settings").click()
    member.get_by_label("Mute this board").click()
    expect(member.get_by_label("Mute this board")).to_be_checked()
    owner.get_by_label("Write a comment…").fill("@ned, I do.")
    owner.keyboard.press("Control+Enter")
    expect(owner.locator(".comment")).to_have_count(2)
    member.goto("/profile")
    member.get_by_label("One day before a card of mine is due").click()
    member.reload()
    expect(unread(0)).to_be_visible()
    expect(member.get_by_label("One day before a card of mine is due")).not_to_be_checked()


def test_a_phone_moves_cards_by_the_menu(open_page: Any) -> None:
    page: Page = open_page(has_touch=True, viewport={"width": 390, "height": 844})
    register(page, "tess")
    make_board(page, "In the pocket", "One", "Two")
    saved(page)
    page.get_by_role("button", name="Actions of One").tap()
    page.get_by_role("button", name="Move to…").tap()
    page.get_by_role("button", name="Done, last").tap()
    check_cards(page, "Done", "One")
    check_cards(page, "To do", "Two")
    check_access(page)


def test_changes_made_offline_arrive_once(open_page: Any) -> None:
    page: Page = open_page()
    register(page, "otto")
    make_board(page, "On a train", "One", "Two")
    saved(page)
    page.context.set_offline(True)
    page.get_by_role("link", name="Two", exact=True).focus()
    page.keyboard.press("Shift+ArrowRight")
    column(page, "To do").get_by_role("button", name="Add a card", exact=True).click()
    page.get_by_label("Title of the new card").fill("Three")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    check_cards(page, "In progress", "Two")
    check_cards(page, "To do", "One", "Three")
    expect(page.get_by_role("status").filter(has_text="Offline")).to_be_visible()
    page.context.set_offline(False)
    saved(page)
    page.reload()
    check_cards(page, "In progress", "Two")
    check_cards(page, "To do", "One", "Three")


def test_an_admin_changes_records(open_page: Any, server: Server) -> None:
    create_admin(server)
    visitor: Page = open_page()
    register(visitor, "vera")
    visitor.goto("/admin/users")
    expect(visitor.get_by_role("heading", name="Boards")).to_be_visible()

    page: Page = open_page("/admin")
    sign_in(page, "root", PASSWORD)
    expect(page.get_by_role("heading", name="Administration")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Database")).to_contain_text("MB")
    expect(page.get_by_role("heading", name="Recent errors")).to_be_visible()
    jobs = page.locator("section", has_text="Background jobs")
    expect(jobs.get_by_role("listitem").first).to_be_visible()
    check_access(page)
    records = page.get_by_role("navigation", name="Administration").get_by_role("link")
    expect(records.filter(has_text=re.compile("^(notifications|trash)$"))).to_have_count(0)
    records.filter(has_text="users").click()
    page.get_by_label("q", exact=True).fill("vera")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    check_access(page)
    page.get_by_role("row").nth(1).get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("is_admin").select_option("true")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("true")
    page.get_by_role("row").nth(1).get_by_role("button").click()
    dialog.get_by_text("Disable a user").first.click()
    check_access(page)
    dialog.get_by_role("button", name="Disable a user").click()
    expect(dialog).to_have_count(0)
    visitor.reload()
    expect(visitor.get_by_role("button", name="Sign in")).to_be_visible()


@pytest.mark.usefixtures("in_full")
def test_another_record_has_its_admin_page(browser: Browser, folder: Path) -> None:
    """The record of docs/extending.md, of which web/ knows nothing."""
    with Server(checkout_with_milestones(folder)) as server:
        create_admin(server)
        page = browser.new_context(locale="en", base_url=server.address).new_page()
        page.goto("/admin")
        sign_in(page, "root", PASSWORD)
        boards = [
            page.request.post("/api/boards", data={"title": title}).json()["id"]
            for title in ("Website", "Print")
        ]
        page.get_by_role("link", name="milestones", exact=True).last.click()
        dialog, rows = page.get_by_role("dialog"), page.get_by_role("row")
        for board, title in zip(boards, ("Go live", "First proof"), strict=True):
            page.get_by_role("button", name="Create").click()
            dialog.get_by_label("board_id").fill(board)
            dialog.get_by_label("title").fill(title)
            dialog.get_by_role("button", name="Save").click()
            expect(dialog).to_have_count(0)
        expect(rows).to_have_count(3)
        check_access(page)
        page.get_by_label("board_id").fill(boards[0])
        page.keyboard.press("Enter")
        expect(rows).to_have_count(2)
        rows.nth(1).get_by_role("button").click()
        check_access(page)
        dialog.get_by_label("title").fill("Go live in May")
        dialog.get_by_label("color").fill("green")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog.get_by_role("alert")).to_be_visible()
        dialog.get_by_label("color").fill("#27ae60")
        dialog.get_by_role("button", name="Save").click()
        expect(rows.nth(1)).to_contain_text("Go live in May")
        rows.nth(1).get_by_role("button").click()
        dialog.get_by_text("Delete a milestone").first.click()
        dialog.get_by_role("button", name="Delete a milestone").click()
        expect(rows).to_have_count(1)
        page.get_by_label("board_id").fill("")
        page.keyboard.press("Enter")
        expect(rows.nth(1)).to_contain_text("First proof")


@pytest.mark.usefixtures("in_full")
def test_lists_go_on_after_their_first_page(open_page: Any) -> None:
    page: Page = open_page()
    register(page, "paula")
    request, rows = page.request, page.locator(".rows > li")
    me = request.get("/api/auth/me").json()["id"]
    boards = [request.post("/api/boards", data={"title": f"Area {n}"}).json() for n in range(101)]
    column_id = request.post(
        "/api/columns", data={"board_id": boards[0]["id"], "title": "To do"}
    ).json()["id"]
    items = [
        {"column_id": column_id, "title": f"Milepost {n}", "assignee_ids": [me]} for n in range(101)
    ]
    tasks = request.post("/api/tasks/bulk", data={"items": items})
    assert tasks.ok, tasks.text()

    def check_pages(shown: Locator, *counts: int) -> None:
        more = page.get_by_role("button", name="Show more")
        for count in counts:
            expect(shown).to_have_count(count)
            if count < 101:
                more.click()
        expect(more).to_have_count(0)

    page.reload()
    check_pages(page.locator(".tile"), 100, 101)
    page.get_by_role("link", name="My tasks").click()
    check_pages(rows, 100, 101)
    expect(rows.first).to_contain_text("Area 0")
    page.goto("/search?q=milepost")
    check_pages(rows, 10, 100, 101)
    ids = "&".join(f"id={task['id']}" for task in tasks.json())
    deleted = request.delete(f"/api/tasks?{ids}")
    assert deleted.ok, deleted.text()
    page.goto(f"/boards/{boards[0]['id']}")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("tab", name="Trash").click()
    check_pages(rows, 100, 101)


def test_the_other_pages_work(open_page: Any) -> None:
    page: Page = open_page()
    register(page, "noor")
    for link, heading in (("My tasks", "My tasks"), ("Search", "Search"), ("Boards", "Boards")):
        page.get_by_role("link", name=link, exact=True).click()
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        check_access(page)
    page.get_by_role("button", name="Account of noor").click()
    page.get_by_role("link", name="Profile").click()
    expect(page.get_by_text("this one")).to_be_visible()
    check_access(page)
    page.get_by_role("button", name="Русский").click()
    expect(page.get_by_role("heading", name="Профиль")).to_be_visible()
    page.get_by_role("button", name="Учётная запись noor").click()
    page.get_by_role("button", name="Выйти", exact=True).click()
    expect(page.get_by_role("button", name="Войти", exact=True)).to_be_visible()


def test_a_board_is_shown_after_few_bytes(server: Server, record_property: Record) -> None:
    with httpx.Client(base_url=server.address) as client:
        page = client.get("/boards/x")
        files = re.findall(r'(?:src|href)="(\.\./assets/[^"]+)"', page.text)
        assert len(files) > 3
        answers = [
            client.get(str(httpx.URL(f"{server.address}/boards/x").join(each))) for each in files
        ]
    size = sum(int(answer.headers["content-length"]) for answer in answers)
    record_property("compressed bytes until a board is shown", size)
    assert size <= BYTES


def run(*command: object) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=WEB, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_committed_build_is_that_of_the_sources(tmp_path: Path) -> None:
    run("npm", "run", "check")
    run("npm", "run", "test")
    run("npm", "run", "build", "--", "--outDir", tmp_path / "dist", "--emptyOutDir")
    names = [str(path.relative_to(tmp_path / "dist")) for path in (tmp_path / "dist").rglob("*.*")]
    same, *others = filecmp.cmpfiles(tmp_path / "dist", WEB / "dist", names, shallow=False)
    assert others == [[], []], "`make web` builds something else; commit what it builds"
    committed = {str(path.relative_to(WEB / "dist")) for path in (WEB / "dist").rglob("*.*")}
    assert committed == set(same)
