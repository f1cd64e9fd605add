"""Swagger is the contract: complete, and true."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

import api
from api.access.rights import ADMIN_IN_SESSION, ANYONE, IN_SESSION
from crud_config import RESOURCES
from models import schemas
from tests.conftest import Client, World
from tests.helpers.openapi import example_of, examples_of, fields_of, resolved

Operation = tuple[str, str, dict[str, Any]]

# Written by hand from the contract, never taken from the code under test.
RIGHTS = {
    "ANYONE": {
        "register_user", "login_user", "logout_user", "get_avatar", "get_live", "get_ready",
        "read_invitation", "get_server",
    },
    "SIGNED_IN": {
        "list_users", "get_user", "list_user_boards", "create_board", "get_me", "list_trash",
        "accept_invitation", "search_all", "stream_events", "list_notifications",
        "count_notifications", "read_notification", "read_notifications",
        "get_notification_settings", "update_notification_settings",
    },
    "IN_SESSION": {
        "change_password", "list_sessions", "end_session", "end_sessions", "list_tokens",
        "create_token", "get_token", "revoke_token",
    },
    "SELF": {"update_user", "patch_user", "delete_user"},
    "ADMIN": {
        "create_user", "disable_user", "enable_user", "list_events", "list_jobs", "get_status",
    },
    "ADMIN_IN_SESSION": {"reset_password"},
    "READER": {
        "list_boards", "get_board", "list_board_users", "get_board_user", "get_role",
        "list_columns", "get_column", "list_board_columns",
        "list_tasks", "get_task", "list_column_tasks",
        "list_subtasks", "get_subtask", "list_task_subtasks",
        "list_comments", "get_comment", "list_task_comments",
        "list_board_comments", "get_board_comment", "list_board_board_comments",
        "list_labels", "get_label", "list_board_labels", "list_task_labels",
        "list_task_assignees", "get_full_board", "get_full_task", "copy_board",
        "list_board_events", "list_task_events", "get_changes", "get_presence",
        "revert_event", "mute_board", "unmute_board",
    },
    "MEMBER": {
        "create_column", "update_column", "patch_column", "move_column", "delete_column",
        "archive_column", "unarchive_column", "archive_task", "unarchive_task",
        "create_task", "update_task", "patch_task", "move_task", "delete_task",
        "create_tasks", "patch_tasks", "delete_tasks",
        "create_subtask", "update_subtask", "patch_subtask", "move_subtask", "delete_subtask",
        "create_label", "update_label", "patch_label", "delete_label",
        "label_task", "unlabel_task", "assign_task", "unassign_task",
        "list_board_trash", "restore_column", "restore_task", "copy_column", "copy_task",
    },
    "COMMENTER": {"create_comment", "create_board_comment"},
    "MODERATOR": {
        "update_board", "patch_board", "archive_board", "unarchive_board", "add_board_user",
        "create_invitation", "list_invitations", "get_invitation", "revoke_invitation",
    },
    "CREATOR": {"delete_board", "restore_board", "update_board_user"},
    "AUTHOR": {
        "update_comment", "patch_comment", "update_board_comment", "patch_board_comment",
    },
    "AUTHOR_OR_MODERATOR": {"delete_comment", "delete_board_comment"},
    "MEMBER_REMOVAL": {"remove_board_user"},
}  # fmt: skip


@pytest.fixture(scope="session")
def document(application: FastAPI) -> dict[str, Any]:
    return application.openapi()


@pytest.fixture(scope="session")
def operations(document: dict[str, Any]) -> list[Operation]:
    """Return each operation, with its references to parameters and responses followed."""
    return [
        (method, path, operation)
        for path, item in resolved(document)["paths"].items()
        for method, operation in item.items()
    ]


BYTES_PER_OPERATION = 1670


def test_the_document_is_small(document: dict[str, Any], operations: list[Operation]) -> None:
    size = len(json.dumps(document, separators=(",", ":")))
    assert size / len(operations) <= BYTES_PER_OPERATION


def test_operations_share_the_parameters_of_their_path(
    document: dict[str, Any], operations: list[Operation]
) -> None:
    paths = document["paths"]
    assert paths["/api/tasks/{task_id}"]["parameters"] == [
        {"$ref": "#/components/parameters/task_id"}
    ]
    assert "parameters" not in paths["/api/tasks"]
    for _, path, operation in operations:
        told = [each["name"] for each in operation["parameters"] if each["in"] == "path"]
        assert told == re.findall(r"{(\w+)}", path)


# Summaries of every kind: of standard operations, nested lists, and those written by hand.
SUMMARIES = {
    "update_task": "Replace a task",
    "patch_task": "Change a task",
    "create_tasks": "Create several tasks",
    "patch_tasks": "Change several tasks",
    "move_task": "Move a task",
    "list_tasks": "List tasks",
    "list_column_tasks": "List a column's tasks",
    "create_board": "Create a board",
    "delete_comment": "Delete a comment",
    "create_board_comment": "Create a board comment",
    "restore_column": "Restore a column",
    "get_label": "Get a label",
    "assign_task": "Assign a task",
    "label_task": "Add a label to a task",
    "register_user": "Register",
    "list_board_users": "List a board's members",
}
VERBS = {
    "Accept", "Add", "Archive", "Assign", "Change", "Check", "Copy", "Count", "Create", "Delete",
    "Disable", "Enable", "End", "Get", "List", "Look", "Mark", "Move", "Mute", "Register", "Remove",
    "Replace", "Reset", "Restore", "Revert", "Revoke", "Search", "Sign", "Stream", "Unarchive",
    "Unassign", "Unmute",
}  # fmt: skip


def test_summaries_say_what_an_operation_does(operations: list[Operation]) -> None:
    found = {operation["operationId"]: operation["summary"] for *_, operation in operations}
    assert len(set(found.values())) == len(found)
    assert found | SUMMARIES == found
    for summary in found.values():
        verb, *words = summary.split()
        assert verb in VERBS
        assert all(word.islower() or word in ("API", "tokens") for word in words), summary
        assert len(summary) <= 40
        assert not summary.endswith(".")


def test_put_says_first_that_it_resets_what_is_left_out(operations: list[Operation]) -> None:
    replaced = 0
    for method, _, operation in operations:
        if method == "put" and operation["summary"].startswith("Replace"):
            first, _, _ = operation["description"].partition(".")
            assert "an optional field that you leave out is reset to its default" in first
            replaced += 1
    assert replaced == len(RESOURCES)


def test_a_nested_list_has_the_tag_of_its_record(operations: list[Operation]) -> None:
    tags = {operation["operationId"]: operation["tags"] for *_, operation in operations}
    assert tags["list_board_columns"] == ["columns"]
    assert tags["list_column_tasks"] == ["tasks"]
    assert tags["list_task_subtasks"] == ["subtasks"]
    assert tags["list_task_comments"] == ["comments"]
    assert tags["list_board_labels"] == ["labels"]


def test_every_tag_is_described_and_used(
    document: dict[str, Any], operations: list[Operation]
) -> None:
    used = {tag for *_, operation in operations for tag in operation["tags"]}
    assert {each["name"] for each in document["tags"]} == used
    assert all(len(operation["tags"]) == 1 for *_, operation in operations)


ON_A_BOARD = {
    "READER", "COMMENTER", "MEMBER", "MODERATOR", "CREATOR", "AUTHOR", "AUTHOR_OR_MODERATOR",
    "MEMBER_REMOVAL",
}  # fmt: skip


def test_what_a_board_allows_is_an_enum(
    document: dict[str, Any], operations: list[Operation]
) -> None:
    schemas = document["components"]["schemas"]
    allowed = schemas["BoardOperation"]["enum"]
    assert sorted(allowed) == sorted(
        operation["operationId"]
        for method, _, operation in operations
        if method != "get" and operation["x-right"] in ON_A_BOARD
    )
    items = schemas["Board"]["properties"]["operations"]["items"]
    assert items == {"$ref": "#/components/schemas/BoardOperation"}


def test_moves_have_an_example_of_each_place(operations: list[Operation]) -> None:
    moves = [o for *_, o in operations if o["operationId"].startswith("move_")]
    assert len(moves) == 3
    for operation in moves:
        media = operation["requestBody"]["content"]["application/json"]
        assert set(media["examples"]) == {"position", "before", "after"}


# The other operations answer however often they are called.
LIMITED = {
    "register_user", "login_user", "change_password", "add_board_user", "list_users",
    "update_user", "patch_user", "delete_user",
}  # fmt: skip


def test_what_is_limited_says_so(operations: list[Operation]) -> None:
    limited = {o["operationId"] for *_, o in operations if "429" in o["responses"]}
    assert limited == LIMITED
    described = {o["operationId"] for *_, o in operations if "(429)" in o["description"]}
    assert described <= LIMITED


def test_there_are_132_operations_of_which_the_table_makes_63(operations: list[Operation]) -> None:
    assert len(operations) == 132
    generated = [
        operation
        for _, path, operation in operations
        if re.fullmatch(
            r"/api/(users|boards|columns|tasks|subtasks|comments|board-comments|labels)(/bulk|/\{\w+_id\}(/(move|restore|archive|unarchive))?)?",
            path,
        )
    ]
    assert len(generated) == 63


def test_operation_ids_are_unique_and_verb_noun(operations: list[Operation]) -> None:
    ids = [operation["operationId"] for *_, operation in operations]
    assert len(set(ids)) == len(ids)
    for operation_id in ids:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation_id)


def test_every_operation_is_described_with_its_right(operations: list[Operation]) -> None:
    for _, path, operation in operations:
        text, _, right = operation["description"].partition("\n\n**Who may:** ")
        assert len(text) > 12, path
        assert right, path
        assert operation["x-right"].isupper()
        assert operation["summary"]
        assert operation["tags"]


def test_each_operation_names_the_right_of_the_contract(operations: list[Operation]) -> None:
    named: dict[str, set[str]] = {}
    for *_, operation in operations:
        named.setdefault(operation["x-right"], set()).add(operation["operationId"])
    assert named == RIGHTS


def test_only_what_anyone_may_do_needs_no_cookie(
    document: dict[str, Any], operations: list[Operation]
) -> None:
    for _, path, operation in operations:
        needs = operation["x-right"] != ANYONE.name
        ways: list[dict[str, list[str]]] = [{"session": []}, {"token": []}]
        if operation["x-right"] in (IN_SESSION.name, ADMIN_IN_SESSION.name):
            del ways[1]
        assert operation.get("security", document["security"]) == (ways if needs else []), path
        assert ("401" in operation["responses"]) == (needs or path == "/api/auth/login")


def test_every_error_is_a_problem(operations: list[Operation]) -> None:
    for method, path, operation in operations:
        answers = operation["responses"]
        expected = {"422", "503"}
        if method != "get":
            expected |= {"403"}
        if "requestBody" in operation:
            expected |= {"400", "413", "415"}
        assert expected <= set(answers), path
        assert ("404" in answers) or "{" not in path or path == "/api/avatars/{name}.svg"
        for status, answer in answers.items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"]
                schema = answer["content"]["application/problem+json"]["schema"]
                if status == "412":
                    assert schema["allOf"][1]["required"] == ["current"]
                    schema = schema["allOf"][0]
                assert schema == {"$ref": "#/components/schemas/Problem"}
        assert "Retry-After" in answers["503"]["headers"]


def test_standard_operations_have_the_contracts_statuses(
    operations: list[Operation],
) -> None:
    always, body = {"422", "503"}, {"400", "413", "415"}
    write = {"401", "403", "404", "409"}
    found = {(m, p): set(operation["responses"]) - {"429"} for m, p, operation in operations}
    for resource in RESOURCES:
        many, one = f"/api/{resource.path}", f"/api/{resource.path}/{{{resource.name}_id}}"
        assert found["get", many] == {"200", "304", "401", "403"} | always
        assert found["get", one] == {"200", "401", "403", "404"} | always
        assert found["post", many] == {"201"} | write | body | always
        assert found["put", one] == {"200", "412"} | write | body | always
        assert found["patch", one] == {"200", "412"} | write | body | always
        asks = body if resource.schemas.delete else set[str]()
        assert found["delete", one] == {"204", "412"} | write | asks | always
        assert found.get(("post", f"{one}/move"), {"200", "412"} | write | body | always) == (
            {"200", "412"} | write | body | always
        )


def test_every_example_of_a_request_is_accepted_by_its_schema(
    document: dict[str, Any], operations: list[Operation]
) -> None:
    components = document["components"]["schemas"]
    models = {
        model.__name__: model
        for model in (*vars(schemas).values(), *(m for r in RESOURCES for m in r.schemas if m))
        if isinstance(model, type) and issubclass(model, BaseModel)
    }
    accepted = 0
    for _, _, operation in operations:
        if "requestBody" in operation:
            media = operation["requestBody"]["content"]["application/json"]
            model = models[media["schema"]["$ref"].rpartition("/")[2]]
            for example in examples_of(media, components):
                model.model_validate(example)
            accepted += 1
    assert accepted == 42


def test_every_example_of_an_answer_has_all_its_fields(
    document: dict[str, Any], operations: list[Operation]
) -> None:
    components = document["components"]["schemas"]
    for _, path, operation in operations:
        for status, answer in operation["responses"].items():
            media = answer.get("content", {}).get("application/json")
            if int(status) >= 300 or media is None:
                continue
            schema = media["schema"]
            if schema.get("type") == "array":
                schema = schema["items"]
            for each in schema.get("anyOf", [schema]):
                fields = fields_of(each["$ref"].rpartition("/")[2], components)
                assert set(example_of(each, components)) == set(fields), path


def test_the_errors_are_described_as_they_come(operations: list[Operation]) -> None:
    def detail(operation_id: str, status: str) -> str:
        [operation] = [o for *_, o in operations if o["operationId"] == operation_id]
        first, *_ = operation["responses"][status]["description"].splitlines()
        found: str = first.partition("`: ")[2].strip()
        return found

    assert "another origin" in detail("login_user", "403")
    assert "another origin" in detail("create_board", "403")
    assert "You don't have the right" in detail("delete_board", "403")
    assert detail("login_user", "401") == "The username or the password is wrong."
    assert detail("change_password", "403") == "The current password is wrong."


async def test_the_examples_work_as_they_stand(
    document: dict[str, Any], anonymous: Client, world: World
) -> None:
    def example(path: str) -> dict[str, Any]:
        body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        found: dict[str, Any]
        found, *_ = examples_of(body, document["components"]["schemas"])
        return found

    registration = example("/api/auth/register")
    assert (await anonymous.post("/api/auth/register", json=registration)).status_code == 201
    assert (await anonymous.post("/api/auth/login", json=example("/api/auth/login"))).is_success
    board = await anonymous.post("/api/boards", json=example("/api/boards"))
    assert board.status_code == 201
    await world.user("grace")
    members = "/api/boards/{board_id}/users"
    member = await anonymous.post(
        members.format(board_id=board.json()["id"]), json=example(members)
    )
    assert member.status_code == 201
    parent = board.json()["id"]
    for path, field in (("columns", "board_id"), ("tasks", "column_id"), ("subtasks", "task_id")):
        body = example(f"/api/{path}") | {field: parent}
        response = await anonymous.post(f"/api/{path}", json=body)
        assert response.status_code == 201
        parent = response.json()["id"]


def test_limits_are_told(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    title = schemas["TaskCreate"]["properties"]["title"]
    assert title["$ref"] == "#/components/schemas/Title"
    assert (schemas["Title"]["minLength"], schemas["Title"]["maxLength"]) == (1, 255)
    assert schemas["TaskCreate"]["properties"]["position"] == {
        "$ref": "#/components/schemas/Position"
    }
    assert schemas["Position"]["minimum"] == 0
    assert schemas["Password"]["maxLength"] == 128
    assert schemas["TaskUpdate"]["required"] == ["column_id", "title"]
    assert "default" not in schemas["BoardUpdate"]["properties"]["is_public"]
    # A setting's, which the description of the operation names.
    assert "default" not in schemas["BoardCreate"]["properties"]["is_public"]
    created = document["paths"]["/api/boards"]["post"]["description"]
    assert "DEFAULT_BOARD_VISIBILITY" in created
    limit = document["components"]["parameters"]["limit"]
    assert limit["schema"] | {"minimum": 1, "maximum": 200, "default": 50} == limit["schema"]


def test_no_schema_of_an_answer_has_a_password(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        if any("password" in field for field in schema.get("properties", {})):
            assert name in {
                "Registration", "Credentials", "UserCreate", "UserUpdate", "UserPatch",
                "UserDelete", "PasswordChange", "PasswordReset",
            }  # fmt: skip


def test_the_cookie_is_the_security_scheme(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"]["session"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "cookie", "session")


async def test_the_page_asks_nothing_of_other_servers(anonymous: Client) -> None:
    page = await anonymous.get("/docs")
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "//" not in page.text.replace("<!doctype", "")
    for name in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert (await anonymous.get(f"/{name}")).status_code == 200
    served = await anonymous.get("/openapi.json")
    assert served.json()["info"]["title"] == "Corkboard"


def test_every_public_function_and_class_has_a_docstring() -> None:
    """An error's `detail` is its docstring: the same sentence, where clients see it, too."""
    missing = []
    for file in Path(api.__path__[0]).glob("*.py"):
        for node in ast.parse(file.read_text()).body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if node.name.startswith("_") or ast.get_docstring(node):
                continue
            if not (isinstance(node, ast.ClassDef) and "detail = " in ast.unparse(node)):
                missing.append(f"{file.name}: {node.name}")
    assert missing == []


async def test_every_type_of_problem_is_listed_and_has_a_page(
    document: dict[str, Any], anonymous: Client
) -> None:
    types = document["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    assert len(set(types)) == len(types) == 43
    overview = (await anonymous.get("/problems")).text
    for path in types:
        page = await anonymous.get(path)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert f'href="{path.removeprefix("/")}"' in overview
        assert re.search(r"<p>Status \d{3}\.</p><p>.+</p><p>.+</p>", page.text)
    assert (await anonymous.get("/problems/no-such-thing")).status_code == 404


KEYS = {"in-progress", "already-done"}  # what a request with an `Idempotency-Key` may be answered


def test_the_types_of_an_error_are_told(operations: list[Operation]) -> None:
    def told(operation_id: str, status: str) -> set[str]:
        [operation] = [o for *_, o in operations if o["operationId"] == operation_id]
        return set(re.findall("/problems/([a-z-]+)", operation["responses"][status]["description"]))

    assert told("register_user", "409") == {"already-exists"}
    assert told("register_user", "403") == {"cross-origin", "registration-closed"}
    assert told("login_user", "403") == {"cross-origin", "account-disabled"}
    assert told("disable_user", "409") == KEYS | {"last-admin"}
    assert told("update_board_user", "409") == KEYS | {"creator-required", "not-a-moderator"}
    for operation_id in ("list_users", "list_events", "list_jobs", "get_status"):
        assert told(operation_id, "403") == {"forbidden", "missing-scope"}
    assert told("remove_board_user", "409") == KEYS | {"creator-required"}
    assert told("move_task", "409") == KEYS | {
        "parent-deleted", "neighbour-moved", "column-full",
    }  # fmt: skip
    assert told("create_invitation", "409") == KEYS | {"limit-reached", "parent-deleted"}
    assert told("accept_invitation", "409") == KEYS | {"already-exists"}
    assert told("patch_task", "409") == KEYS | {"parent-deleted", "column-full"}
    assert told("restore_task", "409") == KEYS | {"parent-in-trash", "column-full"}
    assert told("delete_user", "409") == KEYS | {"last-admin", "creator-of-shared-boards"}
    assert told("update_user", "409") == KEYS | {"already-exists", "last-admin"}
    for operation_id in ("register_user", "reset_password", "disable_user", "enable_user"):
        assert "board-busy" in told(operation_id, "503")
    assert told("create_token", "409") == {"limit-reached"}
    assert told("assign_task", "409") == KEYS
    assert told("patch_task", "422") == {"invalid", "key-reused"}
    assert told("login_user", "401") == {"wrong-credentials"}
    for operation_id in ("update_user", "patch_user", "delete_user"):
        assert told(operation_id, "403") >= {"forbidden", "wrong-password"}
    assert told("update_task", "412") == {"version-conflict"}


def test_the_document_is_plain_json(document: dict[str, Any]) -> None:
    assert json.loads(json.dumps(document)) == document


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts(value)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = {part["$ref"] for part in parts(document) if isinstance(part.get("$ref"), str)}
    components = {k: v for k, v in document["components"].items() if k != "securitySchemes"}
    assert references == {
        f"#/components/{kind}/{name}" for kind, named in components.items() for name in named
    }


def test_what_a_task_does_on_its_way_is_said_wherever_it_may_go(
    operations: list[Operation],
) -> None:
    """The rules of positions stand with the rules of boards, whichever of them is more special."""
    texts = {operation["operationId"]: operation["description"] for *_, operation in operations}
    for operation_id in ("update_task", "patch_task"):
        assert "Without `position` it stays where it is" in texts[operation_id]
        assert "On another board it loses its labels" in texts[operation_id]


def test_what_takes_the_password_is_said_where_it_applies(operations: list[Operation]) -> None:
    texts = {operation["operationId"]: operation["description"] for *_, operation in operations}
    email, account = (
        "Changing your own e-mail address requires",
        "Deleting your own account requires",
    )
    for operation_id, text in texts.items():
        assert (email in text) == (operation_id in ("update_user", "patch_user"))
        assert (account in text) == (operation_id == "delete_user")
        assert "beyond the right to it" not in text  # a docstring for those who read the code
