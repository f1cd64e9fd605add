"""Swagger in a real browser: `make browser`.

A headless Chromium opens /docs on a server that was started by `make run`, and uses the API as a
person does, with "Try it out".
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import ConsoleMessage, Error, Page, sync_playwright

from checks.report import check, fail, run
from checks.serving import serving

FLAGS = [
    "--disable-background-networking", "--disable-component-update", "--disable-gpu",
    "--disable-quic", "--disable-sync", "--no-first-run",
]  # fmt: skip
TITLE = "Made in the browser"

# Kept in the page, since not every violation reaches the console.
NOTE_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@contextmanager
def open_page() -> Iterator[Page]:
    """An empty page of a headless Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        fail("Chromium is missing; on Debian: apt-get install chromium")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium's has none for root.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS + sandbox)
        try:
            yield browser.new_page()
        finally:
            browser.close()


def try_it_out(page: Page, operation: str, body: dict[str, Any] | None = None) -> tuple[int, str]:
    """Execute an operation in Swagger; the status and the body that it shows.

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
    page.wait_for_selector(".opblock")
    check(page.locator(".opblock").count() >= 40, "Swagger shows the operations")

    status, answer = try_it_out(page, "auth-register_user")
    check(status == 201, "registering with the example that is in the form answers 201", answer)
    cookies = page.context.cookies()
    check([c["name"] for c in cookies] == ["session"], "the browser keeps the cookie", cookies)
    check(page.evaluate("document.cookie") == "", "which scripts can't read")

    status, answer = try_it_out(page, "boards-create_board", {"title": TITLE})
    check(status == 201 and TITLE in answer, "creating a board answers 201", answer)
    status, answer = try_it_out(page, "boards-list_boards")
    check(status == 200 and TITLE in answer, "the list of boards holds it", answer)

    status, answer = try_it_out(page, "auth-logout_user")
    check(status == 204, "signing out answers 204", answer)
    check(page.context.cookies() == [], "the cookie is gone", page.context.cookies())


def main() -> None:
    requests: list[str] = []
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    with open_page() as page, serving() as address:
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", note)
        page.add_init_script(NOTE_VIOLATIONS)
        try:
            use_swagger(page, address)
        except Error as error:
            fail("FAILED  the page can be used", "\n".join([*errors, str(error)]))

        here = (f"{address}/", "data:", "blob:")
        outside = [url for url in requests if not url.startswith(here)]
        check(requests and not outside, f"{len(requests)} requests, none elsewhere", outside)
        check(not errors, "no error in the console", "\n".join(errors))
        violations = page.evaluate("window.violations")
        check(violations == [], "nothing that the Content-Security-Policy refused", violations)


if __name__ == "__main__":
    run(main)
