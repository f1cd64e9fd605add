"""The OpenAPI document, completed from what the routes declare.

What operations have in common is in `components`, and the operations refer to it.
"""

import json
from collections import Counter, defaultdict
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from api.access.rights import ADMIN, ANYONE, IN_SESSION, SAFE_METHODS, SELF, SIGNED_IN, Right
from api.auth.rate_limits import Limit
from api.http.idempotency import PARAMETER, takes_key
from api.http.preconditions import IfNoneMatch
from api.http.route import USER_PARAMETERS, calls, declared_right, depends_on
from api.problems import (
    PROBLEMS,
    AlreadyDone,
    ApiError,
    BoardBusy,
    CrossOrigin,
    Forbidden,
    InProgress,
    InvalidToken,
    KeyReused,
    MissingScope,
    NotFound,
    Problem,
    ResponsesWaiting,
    SessionRequired,
    Unauthorized,
    Unavailable,
    Unprocessable,
    kinds,
)
from api.settings import settings

SUMMARY = """\
The backend of a team's kanban: users, boards, columns, tasks, subtasks, comments, labels, and
members with roles. [The board's page](./) uses all of it. Guides (`docs/`), a typed client in
TypeScript (`examples/client/`) and the page itself (`web/`) come with the server's source.

**Signing in.** `POST /api/auth/register` and `POST /api/auth/login` set a session cookie
(`HttpOnly`). The browser sends it with every later request, also from this page. A request that
changes something and comes from a page of another origin is refused unless the server allows that
origin (CORS_ORIGINS).

**Scripts** send an API token instead: `Authorization: Bearer …`. Create one with `POST
/api/auth/tokens`. Its scopes say what it may do: `read`, `write` and, for admins, `admin`. A
request with a token is not checked for a cookie, and may come from any origin.

**Access.** Each operation says who may call it. Admins may do everything. What you can't see
answers 404, as if it didn't exist; what you can see but not change answers 403. In paths and
queries, `me` stands for your own id, as in `/api/users/me/boards`.

**Lists** are paginated. `limit` sets the size of a page. While there are more records, the header
`Link` contains the address of the next page. With `count=exact`, `X-Total-Count` contains the
number of records on all pages, or `10000+` if there are more. Of several filters, all apply. Those
by ids, `status` and `priority` can be repeated, for any of several values. Times are compared:
`__gt` is after, `__gte` at or after, `__lt` before, `__lte` at or before. They are fast in the
order of the same time (`updated_at__gte=…&sort=updated_at`). `sort` orders a list, by `id` unless
you say otherwise, and `-` reverses it: equal values by `id`, null last. `q` searches for all words,
in any form (English and Russian). The last word may be unfinished, and `"a phrase"`, `one or
another` and `-without` work, too. The best match comes first, unless you sort. At most 1,000
records are found.

**Changes.** `PATCH` changes only the fields that you send; null removes a value (JSON Merge Patch,
RFC 7396). `PUT` replaces the record: it resets the optional fields that you leave out. Both ignore
what only the server sets, so you can send back what you read. To avoid overwriting somebody else's
change (optimistic locking), send the `version` that you read in the body, or in quotes as
`If-Match`; it is the `ETag`. If the record has changed since, the response is 412, with the present
record in `current`. Moves of its neighbours don't change the `version`. Lists have an `ETag`, too:
send it as `If-None-Match`, and the response is 304 if the list is the same. Every `GET` has a
`HEAD`.

**Bodies** are JSON without compression: at most 1 MB (16 KB where no session is needed), at most 32
levels deep, with at most 20,000 commas and opening brackets.

**Times** are RFC 3339 with an offset. **Errors** are `application/problem+json`. Programs can rely
on their `type`, which is also the path of [a page that explains it](problems). With status 409 and
422, `errors` names the fields or parameters.

**Sending again.** After a 503, or without any response, a change may or may not have been made.
Give each change an `Idempotency-Key`, and send it again with the same key: it is made once. Without
a key, read the record first.

**Request ids.** Each response has an `X-Request-ID`: the one that you sent, if it is of at most 128
letters, digits and `._~+/=:-`, or a new one. Errors contain it as `request_id`.
"""

TAGS = [
    {"name": "auth", "description": "Signing in, passwords, sessions and API tokens."},
    {"name": "users", "description": "User accounts."},
    {"name": "boards", "description": "Boards. Whoever creates one becomes its CREATOR."},
    {"name": "members", "description": "The members of boards and their roles."},
    {"name": "invitations", "description": "Links with which people join a board."},
    {"name": "columns", "description": "The columns of boards."},
    {"name": "tasks", "description": "The tasks of columns."},
    {"name": "subtasks", "description": "The steps of tasks."},
    {"name": "comments", "description": "Comments on tasks."},
    {"name": "board-comments", "description": "Comments on boards."},
    {"name": "labels", "description": "The labels of boards, for their tasks."},
    {"name": "live", "description": "What happens on boards, as it happens."},
    {"name": "search", "description": "One search over several kinds of records."},
    {"name": "events", "description": "Changes: who made them, and undo."},
    {"name": "notifications", "description": "What concerns you, on all your boards."},
    {"name": "trash", "description": "Deleted boards, columns and tasks, which can be restored."},
    {"name": "avatars", "description": "Pictures drawn from usernames."},
    {"name": "server", "description": "The server's setup, status and background jobs."},
    {"name": "health", "description": "For load balancers and monitoring."},
]

# The problem of each status, where a route doesn't declare others.
BY_STATUS: dict[int, type[ApiError]] = {kind.status: kind for kind in reversed([*kinds()])}
BY_SLUG = {kind.slug: kind for kind in kinds()}
# Standard operations whose hooks limit attempts.
LIMITED = {"list_users", "update_user", "patch_user", "delete_user"}
RETRY_AFTER = {
    "description": "The number of seconds to wait before retrying.",
    "required": True,
    "schema": {"type": "integer"},
}


def _statuses(route: APIRoute, method: str, right: Right) -> set[int]:
    """Return the status of every error that an operation can answer with."""
    statuses = {status for status in map(int, route.responses) if status >= 400} | {422, 503}
    if route.name in LIMITED or any(isinstance(call, Limit) for call in calls(route.dependant)):
        statuses.add(429)
    if right is not ANYONE:
        statuses |= {401, 403}
        if route.param_convertors:
            statuses.add(404)
    if method not in SAFE_METHODS:
        statuses.add(403)
    if takes_key(method, route.path):
        statuses.add(409)
    if route.body_field is not None:
        statuses |= {400, 413, 415}
    return statuses


def _opens_to_all(right: Right) -> bool:
    """Tell whether everybody who may call the route at all may do what it does."""
    return right in (ANYONE, SIGNED_IN, IN_SESSION)


def _refusals(declared: list[type[ApiError]], method: str, right: Right) -> list[type[ApiError]]:
    """Return the 403s that an operation can answer with, which declares those of its own."""
    found = declared
    if not found and method not in SAFE_METHODS and _opens_to_all(right):
        found = [CrossOrigin]
    elif not found and (method not in SAFE_METHODS or right.rank or right is ADMIN):
        found = [Forbidden]
    if not right.by_token:
        return [*found, SessionRequired]
    if right is SELF and method not in SAFE_METHODS:
        return [*found, MissingScope, SessionRequired]
    return found if right is ANYONE else [*found, MissingScope]


def _share(components: dict[str, Any], kind: str, name: str, part: Any) -> Any:
    """Put a part that operations share into the components, and return a reference to it.

    Return the part itself if a different one has the name.
    """
    if components.setdefault(kind, {}).setdefault(name, part) != part:
        return part
    return {"$ref": f"#/components/{kind}/{name}"}


def _share_headers(components: dict[str, Any], response: dict[str, Any]) -> None:
    for name, header in response.get("headers", {}).items():
        response["headers"][name] = _share(components, "headers", name, header)


def _success(
    components: dict[str, Any], status: HTTPStatus, response: dict[str, Any]
) -> dict[str, Any]:
    """Complete a response that is no error. Return its reference if it is a record or a list."""
    response["description"] = status.phrase
    _share_headers(components, response)
    ending = {("ETag",): "", ("ETag", "Link", "X-Total-Count"): "List"}.get(
        tuple(sorted(response.get("headers", ())))
    )
    name = "NotModified"
    if status is not HTTPStatus.NOT_MODIFIED:
        schema = response.get("content", {}).get("application/json", {}).get("schema", {})
        schema.pop("title", None)  # which differs where nothing else does
        name = schema.get("items", schema).get("$ref", "").rpartition("/")[2]
    if ending is None or not name:
        return response
    return _share(components, "responses", name + ending, response)


# The response is named after other problems of their status, if there are any.
UNNAMED = (AlreadyDone, InProgress, InvalidToken, MissingScope, ResponsesWaiting, Unavailable)


def _name(kind: type[ApiError]) -> str:
    return "".join(map(str.capitalize, kind.slug.split("-")))


def _error(
    components: dict[str, Any], kinds: list[type[ApiError]], current: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the reference of the response with these problems, which have one status.

    `current` is the schema of the record that the problem contains, if it contains one.
    """
    name = "Or".join(_name(kind) for kind in kinds if kind not in UNNAMED) or _name(kinds[0])
    schema: dict[str, Any] = {"$ref": "#/components/schemas/Problem"}
    if current:
        more = {"properties": {"current": current}, "required": ["current"]}
        schema = {"allOf": [schema, more]}
        name += current["$ref"].rpartition("/")[2]
    response: dict[str, Any] = {
        "description": "  \n".join(f"`{kind.type()}`: {kind.detail}" for kind in kinds),
        "content": {"application/problem+json": {"schema": schema}},
    }
    if kinds[0].status in (429, 503):
        response["headers"] = {"Retry-After": RETRY_AFTER}
        _share_headers(components, response)
    return _share(components, "responses", name, response)


VERBS = {"update": "replace", "patch": "change"}


def _summary(operation_id: str) -> str:
    """Return the summary of a standard operation, such as "Replace a task"."""
    verb, _, noun = operation_id.partition("_")
    number = "a " if not noun.endswith("s") else "" if verb == "list" else "several "
    return f"{VERBS.get(verb, verb)} {number}{noun.replace('_', ' ')}".capitalize()


def _complete_parameter(parameter: dict[str, Any]) -> None:
    """Leave out of a parameter what says nothing, and add `me` to the ids of users."""
    for repeated in ("title", "description"):
        parameter["schema"].pop(repeated, None)
    if parameter.get("required") is False:
        del parameter["required"]
    name = parameter["name"]
    if name in USER_PARAMETERS:
        ids = parameter["schema"].get("items", parameter["schema"])
        one_of = ids.get("anyOf", [ids.copy()])
        ids.clear()
        ids["anyOf"] = [*one_of, {"type": "string", "const": "me"}]


def _share_parameters(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Let the operations of a path share what all of them have, and paths what several have.

    Return the parameters, each once.
    """
    for item in document["paths"].values():
        lists = [operation.get("parameters", []) for operation in item.values()]
        common = [each for each in lists[0] if all(each in other for other in lists)]
        if common and len(lists) > 1:
            for operation in [*item.values()]:
                left = [each for each in operation.pop("parameters") if each not in common]
                operation |= {"parameters": left} if left else {}
            item["parameters"] = common
    lists = [
        owner["parameters"]
        for item in document["paths"].values()
        for owner in (item, *(item[method] for method in item if method != "parameters"))
        if "parameters" in owner
    ]
    uses = Counter(str(parameter) for each in lists for parameter in each)
    found = []
    for parameters in lists:
        for place, each in enumerate(parameters):
            if uses[str(each)] > 1:
                name = each["name"] + "s" * (each["schema"].get("type") == "array")
                parameters[place] = _share(document["components"], "parameters", name, each)
        found += [each for each in parameters if "schema" in each]
    return [*document["components"]["parameters"].values(), *found]


def _add_examples(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Move the examples of a whole body from its schema to its media type, and name them."""
    media = content.get("application/json", {})
    schema = schemas[media["schema"]["$ref"].rpartition("/")[2]] if media else {}
    if examples := schema.pop("examples", None):
        media["examples"] = {", ".join(each): {"value": each} for each in examples}


def _complete(
    operation: dict[str, Any], context: RouteContext, method: str, components: dict[str, Any]
) -> None:
    """Add to an operation what its route says of it: its right, its errors and its examples."""
    route: Any = context
    right = declared_right(route.dependant)
    operation["summary"] = route.summary or _summary(route.name)
    operation["description"] += f"\n\n**Who may:** {right.who}"
    operation["x-right"] = right.name
    if right is ANYONE:
        operation["security"] = []
    elif not right.by_token:
        operation["security"] = [{"session": []}]
    has_key = takes_key(method, route.path)
    if parameters := operation.get("parameters", []) + ([PARAMETER] if has_key else []):
        operation["parameters"] = parameters
        for each in parameters:
            _complete_parameter(each)
    _add_examples(operation.get("requestBody", {}).get("content", {}), components["schemas"])
    responses = operation["responses"]
    if depends_on(route.dependant, IfNoneMatch):
        responses["304"] = {"headers": {**responses["200"]["headers"]}}
    for status, response in responses.items():
        if int(status) < 400:
            responses[status] = _success(components, HTTPStatus(int(status)), response)
    for status in _statuses(route, method, right):
        declared = route.responses.get(status, {})
        found = [BY_SLUG[slug] for slug in declared.get(PROBLEMS, ())]
        if status == 401 and right is not ANYONE:
            found = [Unauthorized, InvalidToken]
        elif status == 403:
            found = _refusals(found, method, right)
        elif status == 409 and has_key:
            found = [*found, InProgress, AlreadyDone]
        elif status == 422 and has_key:
            found = [Unprocessable, KeyReused]
        elif status == 503:
            waits = method not in SAFE_METHODS and (right.rank is not None or right is SELF)
            found = [Unavailable, ResponsesWaiting, *([BoardBusy] if waits else found)]
        current = None
        if "model" in declared:
            current = responses[str(status)]["content"]["application/json"]["schema"]
        responses[str(status)] = _error(components, found or [BY_STATUS[status]], current)
    operation["responses"] = dict(sorted(responses.items()))


def _complete_schemas(schemas: dict[str, Any], operations: list[str]) -> None:
    """Add the schemas that no route declares, and leave out what says nothing: the titles, which
    repeat the names, and the defaults of fields that are always there.

    `operations` are the ids of the operations that change something on a board.
    """
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem}
    problem["properties"]["type"]["enum"] = [kind.type() for kind in kinds()]
    example = Problem(
        type=NotFound.type(),
        title=NotFound.title(),
        status=NotFound.status,
        detail=NotFound.detail,
        instance="/api/boards",
    )
    problem["examples"] = [example.model_dump(exclude_none=True)]
    schemas["BoardOperation"] = {"type": "string", "title": "", "enum": operations}
    for schema in schemas.values():
        del schema["title"]
        for name, field in schema.get("properties", {}).items():
            field.pop("title", None)
            if name in schema.get("required", ()) or field.get("default", ...) is None:
                field.pop("default", None)
            if field.get("anyOf", [])[1:] == [{"type": "null"}] and "type" in field["anyOf"][0]:
                one, null = field.pop("anyOf")
                field |= {**one, "type": [one["type"], null["type"]]}
            if name == "operations":
                field["items"] = {"$ref": "#/components/schemas/BoardOperation"}


# What fields may say each for itself, beside the reference to a schema that they share.
BESIDE = ("description", "examples", "default")


def _size(part: Any) -> int:
    return len(json.dumps(part, separators=(",", ":")))


def _share_fields(schemas: dict[str, Any], parameters: list[dict[str, Any]]) -> None:
    """Let fields and parameters of one name refer to one schema, where that is shorter."""
    owners = [schema["properties"] for schema in schemas.values() if "properties" in schema]
    owners += [{each["name"]: each["schema"]} for each in parameters]
    groups = defaultdict(list)
    for fields in owners:
        for name, field in fields.items():
            form = str({key: field[key] for key in field if key not in BESIDE})
            groups[name.title().replace("_", ""), form].append(field)
    for (name, _), group in sorted(groups.items(), key=lambda each: -len(each[1])):
        wholes = [{key: field[key] for key in field if key != "default"} for field in group]
        whole = max(wholes, key=wholes.count)
        users = [field for field in group if whole.keys() <= field.keys()]
        references = [
            {"$ref": f"#/components/schemas/{name}"}
            | {key: field[key] for key in field if field[key] != whole.get(key)}
            for field in users
        ]
        if name not in schemas and _size([*references, {name: whole}]) < _size(users):
            schemas[name] = whole
            for field, reference in zip(users, references, strict=True):
                field.clear()
                field |= reference


def build_document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of the app."""
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
    _complete_schemas(components["schemas"], [*app.state.operations])
    document["security"] = [{"session": []}, {"token": []}]
    components["securitySchemes"] = {
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": settings().session_cookie,
            "description": "A JWT, set by registering and by signing in. It can't be entered here: "
            "call `POST /api/auth/login`, and the browser sends the cookie by itself.",
        },
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token, for scripts: create one with `POST /api/auth/tokens`.",
        },
    }
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute) and context.include_in_schema:
            [method] = context.methods or {"GET"}
            operation = document["paths"][context.path_format][method.lower()]
            _complete(operation, context, method, components)
    _share_fields(components["schemas"], _share_parameters(document))
    return document
