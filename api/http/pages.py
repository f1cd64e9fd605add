"""The static documents: the board's page, Swagger, the OpenAPI document, and the problems.

Anybody may ask for them, so each response is made once and kept, with its ETag. Their links are
relative, which leads below any sub-path.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache, partial
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.http.preconditions import unless_known
from api.problems import ApiError, NotFound, kinds

# What `make web` builds, and the paths at which it shows something.
WEB = Path(__file__).parents[2] / "web" / "dist"
WEB_PATHS = (
    "/", "/boards/{board_id}", "/boards/{board_id}/cards/{task_id}", "/mine", "/search",
    "/profile", "/join", "/admin", "/admin/{page}",
)  # fmt: skip
WEB_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
WEB_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

SWAGGER = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Corkboard</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

# A file of its own, so that the page's Content-Security-Policy can refuse scripts in the page.
START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  tryItOutEnabled: true,
  filter: true,
  displayOperationId: true,
  validatorUrl: null,
});
"""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{up}docs/page.css">
<link rel="icon" href="{up}docs/favicon-32x32.png">
</head>
<body>
<h1>{title}</h1>
{text}
</body>
</html>
"""

STYLE = """:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
h1 { line-height: 1.2; }
ul { padding: 0; list-style: none; }
li { margin: 1rem 0; }
li a { font-weight: bold; }
code { font-size: 0.9em; }
"""

ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}

# Caches may keep a page, but must ask whether it has changed: another version may have been
# installed.
REVALIDATED = {"Cache-Control": "public, no-cache"}
# The names of the built files have a hash of what they contain.
IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}


def _text(content: str, media_type: str) -> Response:
    return Response(content, media_type=media_type, headers=REVALIDATED)


def _html(text: str, policy: str = PAGE_POLICY) -> Response:
    return HTMLResponse(text, headers={**REVALIDATED, "Content-Security-Policy": policy})


def _page(title: str, text: str, up: str = "") -> Response:
    return _html(PAGE.format(title=title, text=text, up=up))


def _marked_up(text: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _problem(kind: type[ApiError]) -> Response:
    """Make the page to which the type of a problem leads."""
    lines = (f"Status {kind.status}.", kind.detail, kind.advice)
    text = "".join(f"<p>{_marked_up(line)}</p>" for line in lines)
    return _page(kind.title(), f'{text}\n<p><a href="../problems">All problems</a></p>', "../")


def _problems() -> Response:
    """Make the page that lists all kinds of problems, in the order of their statuses."""
    items = [
        f'<li><a href="problems/{kind.slug}">{kind.title()}</a> ({kind.status})<br>'
        f"{_marked_up(kind.detail)}</li>\n"
        for kind in sorted(kinds(), key=lambda kind: kind.status)
    ]
    return _page("Problems", f"<ul>\n{''.join(items)}</ul>")


def _asset(name: str) -> Response:
    """Read a file of Swagger's, as it comes with its package."""
    content = resources.files("fastapi_swagger.resources").joinpath(name).read_bytes()
    return Response(
        content, media_type=ASSETS[name], headers={"Cache-Control": "public, max-age=86400"}
    )


def _built(file: Path) -> Response:
    """Read a file of the board's page."""
    headers = IMMUTABLE if file.parent.name == "assets" else REVALIDATED
    return Response(file.read_bytes(), media_type=WEB_TYPES[file.suffix], headers=headers)


@cache
def _board_page(depth: int) -> Response:
    """Make the board's page for a path of so many segments: its links lead up from there."""
    page = (WEB / "index.html").read_text()
    return _html(page.replace('"./', f'"{"../" * (depth - 1)}'), WEB_POLICY)


def _document(document: dict[str, Any], root: str) -> Response:
    """Return the OpenAPI document, in which the types of problems have the sub-path, too."""
    text = bytes(JSONResponse(document | {"servers": [{"url": root or "/"}]}).body)
    below = text.replace(b"/problems/", f"{root}/problems/".encode())
    return Response(below, media_type="application/json", headers=REVALIDATED)


def add_pages(app: FastAPI) -> None:
    """Serve the static documents, which need nothing from other servers."""
    pages: dict[str, Callable[[], Response]] = {
        "/LICENSES.txt": partial(_built, WEB / "LICENSES.txt"),
        **{f"/assets/{file.name}": partial(_built, file) for file in (WEB / "assets").iterdir()},
        "/docs": lambda: _html(SWAGGER, DOCS_POLICY),
        "/docs/start.js": lambda: _text(START, "text/javascript"),
        "/docs/page.css": lambda: _text(STYLE, "text/css"),
        "/problems": _problems,
        **{f"/docs/{name}": partial(_asset, name) for name in ASSETS},
        **{kind.type(): partial(_problem, kind) for kind in kinds()},
    }

    @cache
    def made(path: str) -> Response:
        return pages[path]()

    # Few proxies send a sub-path, but whatever they let through may be one.
    @lru_cache(maxsize=8)
    def document(root: str) -> Response:
        return _document(app.openapi(), root)

    async def send_page(request: Request) -> Response:
        path = request.scope["path"]
        if path not in pages:
            raise NotFound()
        return unless_known(request, made(path))

    async def send_board_page(request: Request) -> Response:
        return unless_known(request, _board_page(request.scope["path"].count("/")))

    async def send_document(request: Request) -> Response:
        return unless_known(request, document(request.scope["root"]))

    app.add_route("/openapi.json", send_document, include_in_schema=False)
    for path in WEB_PATHS:
        app.add_route(path, send_board_page, include_in_schema=False)
    documents = ("/docs", "/docs/{name}", "/problems", "/problems/{slug}")
    for path in ("/assets/{name}", "/LICENSES.txt", *documents):
        app.add_route(path, send_page, include_in_schema=False)
