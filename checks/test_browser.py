"""Use Swagger as a person does, with "Try it out", in a headless Chromium."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from checks.browser import Watch, chromium
from checks.conftest import Server, checkout

pytestmark = pytest.mark.browser
TITLE = "Made in the browser"


@pytest.fixture
def page() -> Iterator[Page]:
    """Open an empty page of a headless Chromium, so high that Swagger shows all operations."""
    with chromium() as browser:
        yield browser.new_page(viewport={"width": 1280, "height": 20_000})


def try_it_out(page: Page, operation: str, body: dict[str, Any] | None = None) -> tuple[int, str]:
    """Execute an operation in Swagger, and return the status and the body that it shows.

    `body` takes the place of the example that Swagger puts into the form.
    """
    block = page.locator(f"#operations-{operation}")
    if "is-open" not in (block.get_attribute("class") or ""):
        block.locator(".opblock-summary-control").click()
    if body is not None:
        block.locator("textarea.body-param__text").fill(json.dumps(body))
    block.locator("button.execute").click()
    shown = block.locator(".live-responses-table .response")
    status = int(shown.locator(".response-col_status").inner_text().split()[0])
    answer = shown.locator(".response-col_description pre.microlight, .highlight-code")
    return status, answer.first.inner_text() if answer.count() else ""


def use_swagger(page: Page, address: str) -> None:
    page.goto(f"{address}/docs")
    page.locator(".opblock").nth(39).wait_for()  # There are at least forty.

    status, answer = try_it_out(page, "auth-register_user")  # with the example in the form
    assert status == 201, answer
    assert [cookie["name"] for cookie in page.context.cookies()] == ["session"]
    assert page.evaluate("document.cookie") == "", "scripts can't read it"

    status, answer = try_it_out(page, "boards-create_board", {"title": TITLE})
    assert status == 201, answer
    assert TITLE in answer
    status, answer = try_it_out(page, "boards-list_boards")
    assert status == 200, answer
    assert TITLE in answer

    status, answer = try_it_out(page, "auth-logout_user")
    assert status == 204, answer
    assert page.context.cookies() == []


def test_swagger_can_be_used_and_asks_nobody_else(page: Page, folder: Path) -> None:
    with Server(checkout(folder)) as running:
        watch = Watch(page, running.address)
        use_swagger(page, running.address)
        watch.check()
