"""The OpenAPI document, completed from what the routes declare."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from api.access.rights import ANYONE, IN_SESSION, SAFE_METHODS, SELF, SIGNED_IN, Right
from api.http.error_handlers import HINTS
from api.http.preconditions import IfNoneMatch
from api.http.route import declared_right, depends_on
from api.problems import (
    PROBLEMS,
    AlreadyExists,
    ApiError,
    BoardBusy,
    CrossOrigin,
    Forbidden,
    InvalidToken,
    MissingScope,
    Problem,
    ResponsesWaiting,
    SessionRequired,
    Unauthorized,
    Unavailable,
    kinds,
)
from api.settings import settings
from models.tables import CONSTRAINTS

SUMMARY = """\
The backend of a team's kanban: users, boards, columns, tasks, subtasks, comments, labels, and
members with roles.

**Signing in.** `POST /api/auth/register` or `POST /api/auth/login` sets the session's cookie
(`HttpOnly`); the browser sends it from then on, also from this page. A request that changes
something and comes from a page of another origin is refused unless that origin is allowed.

**Scripts** send an API token instead, made by `POST /api/auth/tokens`: `Authorization: Bearer …`.
What it may do, its scopes say: `read`, `write` and, for admins, `admin`. A request with a token
isn't looked at for a cookie, and may come from any origin.

**Who may do what.** Each operation says so. An admin may do everything. What you can't see answers
404, exactly as if it didn't exist; what you can see but not change answers 403.

**Lists** come in pages: `limit` says how many, and while there is more the header `Link` holds the
address of the next page. Filters narrow a list, `sort` puts it in order, and `q` searches it.

**Changing.** `PATCH` changes the fields that you send, `PUT` replaces them all. Every record has a
`version`, and the answers that hold one have it as `ETag`. Send that as `If-Match`, and nothing is
overwritten that you haven't seen: the answer is 412 then, with the record as it is now in
`current`. `version` counts what is done to the record itself; when its neighbours make room for
another, it stays. Lists have an `ETag` of their own: sent as `If-None-Match`, it is answered 304
while the list is the same. `HEAD` is answered as `GET` is, wherever that is, without the body.

**Bodies** are JSON of at most 1 MB, nested at most 32 levels deep, with at most 20,000 commas and
opening brackets, and uncompressed; where no session is needed, of at most 16 KB.

**Times** are RFC 3339 with an offset. **Errors** are `application/problem+json`. Their `type` is
for programs to rely on, and the path of a [page that explains it](/problems). Those with status 409
and 422 say in `errors` which field or parameter is meant. After a 503 a change may have been made
or not: read before you send it again.

**Request ids.** Each response has an `X-Request-ID`: that of the request, if it has one of at most
128 letters, digits and `._~+/=:-`, or else a new one. Errors have it as `request_id`, too.
"""

TAGS = [
    {"name": "auth", "description": "Register, sign in and out, and change passwords."},
    {"name": "users", "description": "Accounts."},
    {"name": "boards", "description": "Boards; creating one makes you its CREATOR."},
    {"name": "members", "description": "Who is a member of which board, in which role."},
    {"name": "invitations", "description": "Links by which people join a board."},
    {"name": "columns", "description": "The columns of boards, each at its position."},
    {"name": "tasks", "description": "The tasks of columns, each at its position."},
    {"name": "subtasks", "description": "The steps of tasks."},
    {"name": "comments", "description": "What people say of tasks."},
    {"name": "labels", "description": "The labels of boards, which their tasks may bear."},
    {"name": "listings", "description": "What lies directly under a record."},
    {"name": "trash", "description": "What was deleted, and can be restored."},
    {"name": "avatars", "description": "Pictures drawn from names."},
    {"name": "health", "description": "For load balancers and monitoring."},
]

# What a status means where a route doesn't say more.
BY_STATUS: dict[int, type[ApiError]] = {kind.status: kind for kind in reversed([*kinds()])}
BY_SLUG = {kind.slug: kind for kind in kinds()}
RETRY_AFTER = {
    "Retry-After": {
        "description": "After how many seconds to try again.",
        "required": True,
        "schema": {"type": "integer"},
    }
}


def _statuses(route: APIRoute, method: str, right: Right) -> set[int]:
    """Every error that an operation can answer with, from how its route is made."""
    statuses = {status for status in map(int, route.responses) if status >= 400} | {422, 429, 503}
    if right is not ANYONE:
        statuses |= {401, 403}
        if route.param_convertors:
            statuses.add(404)
    if method not in SAFE_METHODS:
        statuses.add(403)
    if route.body_field is not None:
        statuses |= {400, 413, 415}
    return statuses


def _opens_to_all(right: Right) -> bool:
    """Whether everybody who may call the route at all may do what it does."""
    return right in (ANYONE, SIGNED_IN, IN_SESSION)


def _refusals(declared: list[type[ApiError]], method: str, right: Right) -> list[type[ApiError]]:
    """The 403s that an operation can answer with, which declares those of its own."""
    found = declared
    if not found and method not in SAFE_METHODS and _opens_to_all(right):
        found = [CrossOrigin]
    elif not found and (method not in SAFE_METHODS or right.rank):
        found = [Forbidden]
    if not right.by_token:
        return [*found, SessionRequired]
    if right is SELF and method not in SAFE_METHODS:
        return [*found, MissingScope, SessionRequired]
    return found if right is ANYONE else [*found, MissingScope]


def _problem(
    kinds: list[type[ApiError]], path: str, body: dict[str, Any] | None, members: dict[str, Any]
) -> dict[str, Any]:
    """How an error is described, for an operation whose body has that schema.

    `members` are the schemas of what a problem of this operation holds beyond the others.
    """
    kind = kinds[0]
    status, detail = kind.status, kind.detail
    example: dict[str, Any] = {
        "type": kind.type(),
        "title": kind.title(),
        "status": status,
        "detail": detail,
        "instance": path,
    }
    if kind is AlreadyExists and body and "username" in body.get("properties", ()):
        _, example["detail"] = CONSTRAINTS["users_username_key_key"]
        error = {"pointer": "/username", "detail": example["detail"], "code": "already_exists"}
        example["errors"] = [error]
    elif status == 409:
        code = kind.slug.replace("-", "_")
        example["errors"] = [{"pointer": "", "detail": detail, "code": code}]
    elif status == 422 and body and body.get("required"):
        pointer = f"/{body['required'][0]}"
        example["errors"] = [{"pointer": pointer, "detail": HINTS["missing"], "code": "missing"}]
    elif status == 422:
        example["errors"] = [{"parameter": "typo", "detail": HINTS["unknown"], "code": "unknown"}]
    schema: dict[str, Any] = {"$ref": "#/components/schemas/Problem"}
    if members:
        more = {"type": "object", "properties": members, "required": list(members)}
        schema = {"allOf": [schema, more]}
    answer: dict[str, Any] = {
        "description": "\n".join(f"`{kind.type()}`: {kind.detail}  " for kind in kinds),
        "content": {"application/problem+json": {"schema": schema, "example": example}},
    }
    if status in (429, 503):
        answer["headers"] = RETRY_AFTER
    return answer


FORMAT_EXAMPLES = {
    "uuid": "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11",
    "date-time": "2026-05-01T12:00:00Z",
}


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """An example that fits the schema, put together from those of its fields."""
    if "$ref" in schema:
        # What stands beside a reference, such as a default, is closer to the field.
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**schemas[schema["$ref"].rpartition("/")[2]], **beside}
    if schema.get("examples"):
        return schema["examples"][0]
    for key in ("example", "const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], schemas)
    if "properties" in schema:
        return {name: _example(part, schemas) for name, part in schema["properties"].items()}
    if "items" in schema:
        return [_example(schema["items"], schemas)]
    return FORMAT_EXAMPLES.get(schema.get("format", ""), schema.get("type"))


def _add_examples(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    if media := content.get("application/json"):
        media["example"] = _example(media["schema"], schemas)


def _complete(
    operation: dict[str, Any], context: RouteContext, method: str, schemas: dict[str, Any]
) -> None:
    """Add to an operation what its route says of it: its right, its errors and its examples."""
    route: Any = context
    right = declared_right(route.dependant)
    operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
    operation["description"] += f"\n\n**Who may:** {right.who}"
    operation["x-right"] = right.name
    if right is not ANYONE:
        operation["security"] = [{"session": []}]
        if right.by_token:
            operation["security"].append({"token": []})
    request: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    body = None
    if media := request.get("application/json"):
        body = schemas[media["schema"]["$ref"].rpartition("/")[2]]
    answers = operation["responses"]
    for status, answer in answers.items():
        if int(status) < 400:
            answer["description"] = HTTPStatus(int(status)).phrase
    for status in _statuses(route, method, right):
        declared = route.responses.get(status, {})
        found = [BY_SLUG[slug] for slug in declared.get(PROBLEMS, ())]
        if status == 401 and right is not ANYONE:
            found = [Unauthorized, InvalidToken]
        elif status == 403:
            found = _refusals(found, method, right)
        elif status == 503:
            waits = method not in SAFE_METHODS and (right.rank is not None or right is SELF)
            found = [Unavailable, ResponsesWaiting, *([BoardBusy] if waits else found)]
        members = {}
        if "model" in declared:
            members["current"] = answers[str(status)]["content"]["application/json"]["schema"]
        problem = _problem(found or [BY_STATUS[status]], str(context.path_format), body, members)
        for media in problem["content"].values():
            media["example"] |= {name: _example(part, schemas) for name, part in members.items()}
        answers[str(status)] = problem
    if depends_on(route.dependant, IfNoneMatch):
        answers["304"] = {
            "description": HTTPStatus(304).phrase,
            "headers": answers["200"]["headers"],
        }
    operation["responses"] = dict(sorted(answers.items()))
    _add_examples(request, schemas)
    for answer in answers.values():
        _add_examples(answer.get("content", {}), schemas)


def build_document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the app."""
    document = get_openapi(
        title="Corkboard",
        version=app.version,
        summary="A REST backend for kanban frontends.",
        description=SUMMARY,
        routes=app.routes,
        tags=TAGS,
        license_info={"name": "MIT", "identifier": "MIT"},
        servers=[{"url": "/"}],
    )
    components = document["components"]
    schemas = components["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem}
    problem["properties"]["type"]["enum"] = [kind.type() for kind in kinds()]
    components["securitySchemes"] = {
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": settings().session_cookie,
            "description": "A JWT that registering and signing in set. It can't be typed in here: "
            "use `POST /api/auth/login`, and the browser sends it by itself.",
        },
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token, for scripts: made by `POST /api/auth/tokens`.",
        },
    }
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute) and context.include_in_schema:
            [method] = context.methods or {"GET"}
            operation = document["paths"][context.path_format][method.lower()]
            _complete(operation, context, method, schemas)
    return document
