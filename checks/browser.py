"""A headless Chromium, and what a page must not do in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

FLAGS = [
    "--disable-background-networking", "--disable-component-update", "--disable-gpu",
    "--disable-quic", "--disable-sync", "--no-first-run",
]  # fmt: skip

# Kept in the page, since not every violation reaches the console.
NOTE_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a headless Chromium with an empty profile."""
    path = shutil.which("chromium")
    assert path, "Chromium is missing; on Debian: apt-get install chromium"
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium's has none for root.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS + sandbox)
        try:
            yield browser
        finally:
            browser.close()


class Watch:
    """Notes what a page asks of other servers, its errors and its policy's violations."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.here = (f"{address}/", "data:", "blob:")
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note)
        page.add_init_script(NOTE_VIOLATIONS)

    def _note(self, message: ConsoleMessage) -> None:
        # The browser itself logs what is refused and what gets no answer; some tests are about it.
        if message.type == "error" and "Failed to load resource" not in message.text:
            print(message.text)  # which pytest shows if the page can't be used
            self.errors.append(message.text)

    def check(self) -> None:
        """Fail if the page did anything that it must not."""
        assert self.requests
        assert [url for url in self.requests if not url.startswith(self.here)] == []
        assert self.errors == [], self.errors
        violations = self.page.evaluate("window.violations")
        assert violations == [], "refused by the Content-Security-Policy"
