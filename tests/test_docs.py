"""The documents say what the code does, and their commands work."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.__main__ import cli
from api.access.rights import CREATOR, MEMBER, MEMBER_REMOVAL, MODERATOR, READER, Right
from api.settings import Settings
from checks import architecture
from crud_config import RESOURCES
from tests.access.test_access_matrix import ACTORS, TABLE
from tests.endpoints.test_full import matches
from tests.helpers.documents import DOCUMENTS, ROOT, Document
from tests.helpers.extending import checkout_with_milestones
from tests.helpers.serving import Server, checkout
from tests.test_settings import FOR_COMPOSE

ACCESS = Document("docs/access.md")
ARCHITECTURE = Document("docs/architecture.md")
CONFIGURATION = Document("docs/configuration.md")
TUTORIAL = Document("docs/tutorial.md")
RIGHTS = "Rights on a board"


# Which operations of the access matrix stand behind each row of the table in docs/access.md.
OPERATIONS = {
    "read it, its members, columns, tasks, subtasks, comments, labels, events": [
        "GET /api/boards/{board}", "GET /api/boards/{board}/users", "GET /api/columns/{column}",
        "GET /api/boards/{board}/columns", "GET /api/columns/{column}/tasks",
        "GET /api/tasks/{task}", "GET /api/tasks/{task}/subtasks", "GET /api/subtasks/{subtask}",
        "GET /api/tasks/{task}/comments", "GET /api/comments/{comment}", "GET /api/labels/{label}",
        "GET /api/boards/{board}/labels", "GET /api/boards/{board}/full",
        "GET /api/boards/{board}/events", "GET /api/tasks/{task}/events",
    ],
    "create, change, delete columns, tasks, subtasks, labels": [
        f"{verb} /api/{path}"
        for verb, path in (
            ("POST", "columns"), ("PUT", "columns/{column}"), ("DELETE", "columns/{column}"),
            ("POST", "tasks"), ("PUT", "tasks/{task}"), ("DELETE", "tasks/{task}"),
            ("POST", "subtasks"), ("PUT", "subtasks/{subtask}"), ("DELETE", "subtasks/{subtask}"),
            ("POST", "labels"), ("PUT", "labels/{label}"), ("DELETE", "labels/{label}"),
            ("PATCH", "tasks/{task}"), ("POST", "tasks/{task}/move"),
        )
    ],
    "archive columns and tasks, take them out of the archive": [
        f"POST /api/{path}/{verb}"
        for path in ("columns/{column}", "tasks/{task}")
        for verb in ("archive", "unarchive")
    ],
    "mute the board": ["PUT /api/boards/{board}/mute", "DELETE /api/boards/{board}/mute"],
    "copy columns and tasks": ["POST /api/columns/{column}/copy", "POST /api/tasks/{task}/copy"],
    "copy the board as a board of one's own": ["POST /api/boards/{board}/copy"],
    "copy the board with its members": ["POST /api/boards/{board}/copy with its members"],
    "see the board's trash": ["GET /api/boards/{board}/trash"],
    "restore columns and tasks from the trash": [
        "POST /api/columns/{old_column}/restore", "POST /api/tasks/{old_task}/restore",
    ],
    "label tasks, assign them to members": [
        "PUT /api/tasks/{task}/labels/{other_label}", "DELETE /api/tasks/{task}/labels/{label}",
        "PUT /api/tasks/{task}/assignees/{other_member}",
        "DELETE /api/tasks/{task}/assignees/{creator}",
    ],
    "comment on tasks and boards, change and delete comments of one's own": [
        "POST /api/comments", "POST /api/board-comments",
    ],
    "delete comments of others": ["DELETE /api/comments/{old_comment}"],
    "change the board": ["PUT /api/boards/{board}", "PUT /api/boards/{board} to publish it"],
    "archive the board, take it out of the archive": [
        "POST /api/boards/{board}/archive", "POST /api/boards/{board}/unarchive",
    ],
    "add a member as VIEWER, MEMBER or MODERATOR": [
        "POST /api/boards/{board}/users", "POST /api/boards/{board}/users of a moderator",
        "POST /api/boards/{board}/users of a viewer",
    ],
    "invite by a link, see and revoke invitations": [
        "POST /api/boards/{board}/invitations", "GET /api/boards/{board}/invitations",
        "GET /api/boards/{board}/invitations/{invitation}",
        "DELETE /api/boards/{board}/invitations/{invitation}",
    ],
    "join by such a link": ["POST /api/invitations/link/accept"],
    "remove a VIEWER or MEMBER": ["DELETE /api/boards/{board}/users/{other_member}"],
    "remove a MODERATOR": ["DELETE /api/boards/{board}/users/{other_moderator}"],
    "remove the CREATOR": ["DELETE /api/boards/{board}/users/{creator}"],
    "leave": ["DELETE /api/boards/{board}/users/{self}"],
    "change a role, hand the board over to a MODERATOR": [
        "PUT /api/boards/{board}/users/{other_member}",
        "PUT /api/boards/{board}/users/{other_moderator} down",
        "PUT /api/boards/{board}/users/{other_moderator} hand over",
    ],
    "hand the board over to a VIEWER or MEMBER": [
        "PUT /api/boards/{board}/users/{viewer} hand over",
        "PUT /api/boards/{board}/users/{other_member} hand over",
    ],
    "delete the board": ["DELETE /api/boards/{board}"],
    "restore the board from the trash": ["POST /api/boards/{old_board}/restore"],
}  # fmt: skip


def test_the_access_table_is_that_of_the_matrix() -> None:
    """The matrix is what the suite asks the server; here the document is compared with it."""
    _, _, *rows = ACCESS.table(RIGHTS)
    assert [row[0] for row in rows] == list(OPERATIONS)
    for name, *cells in rows:
        for operation in OPERATIONS[name]:
            private, public = (half.split() for half in TABLE[operation][1].split("|"))
            at = ACTORS.index
            found = [
                private[at("outsider")], public[at("outsider")],
                private[at("viewer")], public[at("viewer")],  # which lets them comment
                *(private[at(role)] for role in ("member", "moderator", "creator")),
            ]  # fmt: skip
            answers = ["yes" if status.startswith("2") else status for status in found]
            assert answers == cells, operation


# The right that stands behind each row of the table, written by hand.
RIGHT_OF = {
    "read it, its members, columns, tasks, subtasks, comments, labels, events": "READER",
    "create, change, delete columns, tasks, subtasks, labels": "MEMBER",
    "archive columns and tasks, take them out of the archive": "MEMBER",
    "mute the board": "READER",
    "copy columns and tasks": "MEMBER",
    "copy the board as a board of one's own": "READER",
    "copy the board with its members": "READER",
    "see the board's trash": "MEMBER",
    "restore columns and tasks from the trash": "MEMBER",
    "label tasks, assign them to members": "MEMBER",
    "comment on tasks and boards, change and delete comments of one's own": "COMMENTER",
    "delete comments of others": "AUTHOR_OR_MODERATOR",
    "change the board": "MODERATOR",
    "archive the board, take it out of the archive": "MODERATOR",
    "add a member as VIEWER, MEMBER or MODERATOR": "MODERATOR",
    "invite by a link, see and revoke invitations": "MODERATOR",
    "join by such a link": "SIGNED_IN",
    "remove a VIEWER or MEMBER": "MEMBER_REMOVAL",
    "remove a MODERATOR": "MEMBER_REMOVAL",
    "remove the CREATOR": "MEMBER_REMOVAL",
    "leave": "MEMBER_REMOVAL",
    "change a role, hand the board over to a MODERATOR": "CREATOR",
    "hand the board over to a VIEWER or MEMBER": "CREATOR",
    "delete the board": "CREATOR",
    "restore the board from the trash": "CREATOR",
}


def test_the_command_routes_lists_the_rights_of_the_access_table() -> None:
    done = CliRunner().invoke(cli, ["routes"])
    assert done.exit_code == 0
    lines = [line.split() for line in done.output.splitlines()]
    assert len(lines) == len({(method, path) for method, path, _ in lines}) == 132
    assert [path for _, path, _ in lines] == sorted(path for _, path, _ in lines)
    assert list(RIGHT_OF) == [name for name, *_ in ACCESS.table(RIGHTS)[2:]]
    for name, right in RIGHT_OF.items():
        for operation in OPERATIONS[name]:
            verb, target, *_ = operation.split()
            [found] = [r for m, path, r in lines if m == verb and matches(target, path)]
            assert found == right, operation


def test_the_access_table_is_that_of_the_code() -> None:
    def least(right: Right) -> list[str]:
        refused = ["404", *["yes" if right.rank == 0 else "403"] * 2]
        refused.append("yes" if right.rank == 0 or right.by_commenters else "403")
        return refused + ["yes" if right.rank <= rank else "403" for rank in (1, 2, 3)]  # type: ignore[operator]

    written = {name: cells for name, *cells in ACCESS.table(RIGHTS)}
    boards = RESOURCES.at("boards")
    assert written["change the board"] == least(boards.update)
    assert written["delete the board"] == least(boards.delete)
    for path in ("boards", "columns", "tasks", "subtasks", "comments", "labels"):
        row = written["read it, its members, columns, tasks, subtasks, comments, labels, events"]
        assert row == least(RESOURCES.at(path).read)
    for path in ("columns", "tasks", "subtasks", "labels"):
        resource = RESOURCES.at(path)
        for right in (resource.create, resource.update, resource.delete):
            row = written["create, change, delete columns, tasks, subtasks, labels"]
            assert row == least(right)
    comments = RESOURCES.at("comments")
    row = written["comment on tasks and boards, change and delete comments of one's own"]
    for right in (comments.create, comments.update, comments.delete):
        assert row == least(right)
    assert written["add a member as VIEWER, MEMBER or MODERATOR"] == least(MODERATOR)
    assert written["change a role, hand the board over to a MODERATOR"] == least(CREATOR)
    assert READER.rank == MEMBER_REMOVAL.rank == 0
    assert MEMBER.rank == 1


def test_the_settings_are_those_of_the_code() -> None:
    names: set[str] = set()
    for cells in CONFIGURATION.table("Settings")[1:]:
        names |= set(re.findall(r"`([A-Z_]+)`", cells[0]))
    assert names == {name.upper() for name in Settings.model_fields}
    assert set(re.findall(r"`(POSTGRES_\w+)`", CONFIGURATION.section("Settings"))) == FOR_COMPOSE


def test_the_defaults_are_those_of_the_code() -> None:
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    for names, values, _ in CONFIGURATION.table("Settings")[2:]:
        for name, value in zip(
            re.findall(r"`([A-Z_]+)`", names), re.findall(r"`([^`]+)`", values) * 3, strict=False
        ):
            assert str(defaults[name.lower()]).lower() == value


def test_the_architecture_names_every_module() -> None:
    named = {cells[0].strip("`") for cells in ARCHITECTURE.table("Modules")[1:]}
    modules = {str(file) for file in Path("api").glob("*/[a-z]*.py")}
    for name in ("models", "embedded_postgres"):
        modules |= {str(file) for file in Path(name).glob("[a-z]*.py")}
    assert named - {"---"} == modules
    for file in Path("api").glob("*.py"):
        assert f"`{file}`" in ARCHITECTURE.text or file.name == "__init__.py", file


def test_the_architecture_shows_what_imports_what() -> None:
    """`make architecture` draws the picture anew."""
    assert architecture.picture() in ARCHITECTURE.text
    rows = {cells[0].strip("`") for cells in ARCHITECTURE.table("Packages")[1:]} - {"---"}
    assert rows == {str(path) for path in architecture.PACKAGES.values()}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="the tutorial uses curl")
def test_the_tutorial_works_as_it_is_written(folder: Path) -> None:
    """Replayed by a shell against a server started by `make run`, then with an API token."""
    script = "\n".join(TUTORIAL.blocks(language="sh"))
    token = "\n".join(ACCESS.blocks("API tokens", "sh"))
    with Server(checkout(folder)) as server:
        told, told_token = (
            replay(f"API={server.address}/api; {part}", folder)
            for part in (script.replace("http://127.0.0.1:8080", server.address), token)
        )
    # The change that was refused, the board that isn't seen, and the ended session.
    assert told.count('"type"') == 3, told
    for part in ('"username":"ada"', '"title":"Website launch"', '"status":"DONE"', '"status": 404',
                 '"role":"MODERATOR"', '"status": 401', '"status": 412'):  # fmt: skip
        assert part in told
    assert told.rindex('"title":"Website launch"') > told.index('"status": 404')
    assert '"type"' not in told_token, told_token
    assert '"title":"Website launch"' in told_token


def replay(script: str, folder: Path) -> str:
    """Run a script, with a line's end after each response, and return what it prints."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f'curl() {{ command curl "$@"; echo; }}; {script}'],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow  # it installs a copy, migrates and serves
def test_another_record_takes_a_model_a_migration_and_a_row(folder: Path) -> None:
    with Server(checkout_with_milestones(folder)) as server:
        client = server.patient_client()
        account = {"username": "ada", "email": "ada@example.com", "password": "a harbour at dusk"}
        assert client.post("/api/auth/register", json=account).status_code == 201
        board = client.post("/api/boards", json={"title": "x"}).json()
        body = {"board_id": board["id"], "title": "Urgent"}
        made = client.post("/api/milestones", json=body)
        assert made.status_code == 201
        path = made.headers["location"]
        assert client.get("/api/milestones").json() == [made.json()]
        changed = client.put(path, json={"title": "Later", "color": "#00ff00"})
        assert changed.json()["title"] == "Later"
        assert client.put(path, json={"title": "Later", "color": "green"}).status_code == 422
        assert client.delete(path).status_code == 204
        assert client.get(path).status_code == 404
        paths = client.get("/openapi.json").json()["paths"]
        assert paths["/api/milestones"]["post"]["x-right"] == "MEMBER"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for link in Document(path).links:
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not anchor or anchor in Document(target).anchors, link


def test_every_document_is_linked() -> None:
    linked = {(path.parent / link.partition("#")[0]).resolve()
              for path in DOCUMENTS for link in Document(path).links}  # fmt: skip
    assert [path for path in DOCUMENTS if path not in linked] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_exist(path: Path) -> None:
    makefile = Path("Makefile").read_text()
    packages = [Path(name, "package.json").read_text() for name in ("examples/client", "web")]
    scripts = {script for package in packages for script in json.loads(package)["scripts"]}
    for code in Document(path).code:
        for target in re.findall(r"\bmake ([a-z][a-z-]*)", code):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), code
        for command in re.findall(r"python -m api ([a-z-]+)", code):
            assert command in cli.commands, code
        for script in re.findall(r"npm run (\S+)", code):
            assert script in scripts, code
        for command in re.findall(r"docker compose exec (?:-T )?(\S+)", code):
            assert command in ("api", "database"), code


# Decisions may name what was there when they were made.
@pytest.mark.parametrize(
    "path",
    [path for path in DOCUMENTS if path.parent.name != "decisions"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_named_files_exist(path: Path) -> None:
    folders = r"(?:api|bench|checks|docs|embedded_postgres|examples|migrations|models|tests|\.ci)"
    for code in Document(path).code:
        for name in re.findall(rf"^{folders}/[\w./-]*", code):
            assert Path(name).exists(), code


def test_decisions_have_a_date_and_a_status() -> None:
    index = Document("docs/decisions/README.md")
    files = sorted(Path("docs/decisions").glob("[0-9]*.md"))
    entries = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", index.text, re.MULTILINE)
    assert [file.name for file in files] == [name for _, _, name in entries]
    for number, title, name in entries:
        assert name.startswith(f"{int(number):02}-")
        first, blank, line, *_ = Path("docs/decisions", name).read_text().splitlines()
        assert (first, blank) == (f"# {title}", "")
        status = r"(accepted|superseded by \[\d+\]\(\S+\))(;.+)?\.( (Refines|Supersedes) \[.+\.)?"
        assert re.fullmatch(rf"\*20\d\d-\d\d-\d\d, {status}\*", line), name


def test_the_proofs_are_made_by_commands_that_exist() -> None:
    proofs = Path("docs/reliability.md").read_text()
    targets = set(re.findall(r"^([a-z]+):", Path("Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"make ([a-z]+)", proofs))
    assert named <= targets
    assert named >= {"fuzz", "chaos", "races", "sessions", "mutants", "sbom", "browser", "test"}
    for path in re.findall(r"`((?:tests|api|checks)/[^`]+)`", proofs):
        assert Path(path).exists()
