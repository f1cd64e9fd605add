"""Generated requests in every role are answered as the OpenAPI document says.

Schemathesis makes them from the server's own /openapi.json, in all its phases, and judges every
answer by that document with all its checks. Ids are those of a world that is there.
"""

import json
import re
from collections import Counter
from itertools import count
from math import ceil
from random import Random
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, Response
from schemathesis.checks import CHECKS
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.openapi.checks import EnsureResourceAvailability, RejectedPositiveData

from checks.conftest import Record, server
from checks.fuzz.world import PARENTS, PASSWORD, ROLES, World, make_keeper

pytestmark = pytest.mark.fuzz
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ENDLESS = "stream_events"
OPERATIONS = 131  # without that
EXAMPLES, COVERAGE = 4, 31  # cases that these phases make of an operation, on average
STEPS = 6  # of a scenario of the stateful phase, on average
LEAST_SUCCESSES = 0.1
ENOUGH, FULL = 10, 10_000  # cases; of a few of one operation, chance may refuse all
SHOWN = 5
ROUNDS = 10  # of schemathesis, in which a role's cases must have been sent

# The first of ROLES that may do what needs a right, which the document names in `x-right`.
FIRST = {
    "ANYONE": "anonymous", "SIGNED_IN": "outsider", "IN_SESSION": "outsider",
    "SELF": "outsider", "READER": "outsider",
    "MEMBER": "MEMBER", "MODERATOR": "MODERATOR", "MEMBER_REMOVAL": "MODERATOR",
    "CREATOR": "CREATOR", "ADMIN": "admin", "ADMIN_IN_SESSION": "admin",
    "COMMENTER": "VIEWER", "AUTHOR": "VIEWER", "AUTHOR_OR_MODERATOR": "VIEWER",
}  # fmt: skip

# Why a request that fits the document may be refused: rules that no JSON schema can state. They are
# in the descriptions of the fields.
UNSAID = {
    "blank", "cursor", "email", "no_such_invitation", "no_such_user", "not_assignable",
    "not_on_board", "password_common",
    "password_required", "password_unchanged",
    "password_username", "time_zone",
}  # fmt: skip


ETAGS = ("If-Match", "If-None-Match")
KEY = "Idempotency-Key"


def phase_of(case: Case) -> str:
    """Return the phase that made the case; nothing for one that a check derived from another."""
    return case.meta.phase.name.value if case.meta else ""


class Player:
    """Turns what schemathesis makes into requests of one role that have something to hit."""

    def __init__(self, keeper: httpx.Client) -> None:
        self.keeper = keeper
        self.numbers = count()

    def play(self, role: str, random: Random) -> None:
        """Be that role from now on, in a world of its own."""
        self.random = random
        self.world = World(self.keeper, role, random)
        self.tokens: set[str] = set()
        self.known_ids: set[str] = set()
        self.parents: dict[str, str] = {}  # the path of what a record belongs to, by its id
        self.cursors: dict[str, str] = {}
        self.is_disturbed = False

    def sign(self, case: Case, token: str) -> None:
        """Send the case with the role's session."""
        self.tokens.add(token)
        case.cookies["session"] = token

    def prepare(self, case: Case) -> None:
        """Make a request hit: in a world that is whole, with a session and ids that are alive."""
        if self.is_disturbed:
            self.world.restore()
            self.is_disturbed = False
        session: Any = case.cookies.get("session")  # or an object, in a request made to be wrong
        if isinstance(session, str) and session in self.tokens and self.world.token:
            self.sign(case, self.world.token)  # The one it was made with may have ended.
        for values in (case.path_parameters, case.query, case.body):
            if isinstance(values, dict):
                self._offer_ids(case, values)
        if case.meta and case.meta.generation.mode.is_positive:
            for name in ETAGS:
                if case.headers and case.headers.get(name) == "0":
                    # Schemathesis makes this of a header, whatever its pattern, to cover it.
                    case.headers.pop(name)
            if case.headers and KEY in case.headers:  # or one request would be answered as another
                case.headers[KEY] = str(self.random.getrandbits(64))
            if self.random.random() < 0.8:
                self._offer_values(case)

    def _offer_ids(self, case: Case, values: dict[str, Any]) -> None:
        """Replace ids that were made up, and most of those that schemathesis knows from answers.

        In the stateful phase, what to do with the ids of earlier answers is the point.
        """
        keeps = phase_of(case) == "stateful" or self.random.random() < 0.3
        for name, value in values.items():
            is_id = name.endswith("_id") and isinstance(value, str) and UUID.fullmatch(value)
            is_kept = is_id and keeps and value in self.known_ids and value != self.world.keeper_id
            is_missing = values is case.path_parameters and value is None
            if is_missing or (is_id and not is_kept):
                values[name] = self.world.offer(case.operation.label, name)
            elif name == "token" and values is case.path_parameters:
                values[name] = self.world.offer_link()
            elif name == "ids" and isinstance(value, list) and value:
                values[name] = [self.world.ids["task_id"], *value[2:]]
            elif name == "id" and case.operation.label == "DELETE /api/tasks":
                values[name] = [self.world.offer(case.operation.label, "task_id")]
            elif name.endswith("label_ids") and isinstance(value, list):
                values[name] = [self.world.ids["label_id"]][: len(value)]
            elif name.endswith("assignee_ids") and isinstance(value, list):
                values[name] = [self.world.ids["colleague"]][: len(value)]
            elif name == "items" and isinstance(value, list):
                for item in value:
                    if isinstance(item, dict):
                        self._offer_ids(case, item)

    def _offer_values(self, case: Case) -> None:
        """Replace values that fit the document but can't succeed, since nobody has them."""
        operation = case.operation.label
        body: Any = case.body
        if case.headers:
            case.headers.pop("If-Match", None)  # of a version that there hardly is
        if "cursor" in case.query:
            case.query.pop("cursor")
            if operation in self.cursors:
                case.query["cursor"] = self.cursors[operation]
        if not isinstance(body, dict):
            return
        if "time_zone" in body:
            body["time_zone"] = "Europe/Berlin"
        if "current_password" in body or operation.endswith(" /api/users/{user_id}"):
            body["current_password"] = PASSWORD
        if operation.endswith("/move") and body.keys() & {"before", "after"}:
            body.pop("before", None)
            body.pop("after", None)
            body["position"] = 0
        if operation == "POST /api/boards/{board_id}/users":
            guest = self.world.user("guest")
            body |= {name: guest[name] for name in ("username", "email") if name in body}
        elif operation == "POST /api/auth/login":
            body |= {"username": self.world.user("caller")["username"], "password": PASSWORD}
        elif "username" in body:
            # Generators begin with the same short names, and each can be taken once.
            number = next(self.numbers)
            body["username"] = f"{body['username'][:140]}-{number}"
            if "email" in body:
                body["email"] = f"{number}-{body['email']}"[-255:]
            if self.world.role != "admin":
                body.pop("is_admin", None)

    def is_gone_with_its_parent(self, case: Case) -> bool:
        """Tell whether a record went with what it belonged to, or what it moves to."""
        parents = [self.parents.get(list(case.path_parameters.values())[-1])]
        if isinstance(case.body, dict):
            for name in set(PARENTS.values()) & set(case.body):
                parents.append(f"/api/{name.removesuffix('_id')}s/{case.body[name]}")
        return any(parent and self.keeper.get(parent).status_code == 404 for parent in parents)

    def note(self, case: Case, response: Response) -> None:
        """Learn from an answer which ids and cursors there are, and what has to be mended."""
        if not 200 <= response.status_code < 300:
            return
        self.known_ids.update(UUID.findall(response.text))
        for link in response.headers.get("link", ()):
            self.cursors[case.operation.label] = link.partition("cursor=")[2].partition(">")[0]
        is_json = "application/json" in response.headers.get("content-type", ())
        record = json.loads(response.content) if is_json else None
        if isinstance(record, dict) and "id" in record:
            for name in set(PARENTS.values()) & set(record):
                self.parents[record["id"]] = f"/api/{name.removesuffix('_id')}s/{record[name]}"
        path = case.path.removeprefix("/api/")
        if case.method == "DELETE" or (
            case.method != "GET"
            and path.startswith(("users/", "boards/", "columns/", "auth/", "tasks"))
        ):
            self.is_disturbed = True


def connect(player: Player) -> None:
    """Have schemathesis call the player before and after each request."""

    @schemathesis.hook
    def before_call(context: Any, case: Case, kwargs: dict[str, Any]) -> None:
        player.prepare(case)

    @schemathesis.hook
    def after_call(context: Any, case: Case, response: Response) -> None:
        player.note(case, response)

    @schemathesis.hook
    def filter_failure(context: Any, failure: Exception, case: Case, response: Response) -> bool:
        if isinstance(failure, EnsureResourceAvailability):
            # It knows nothing of columns that go with their board, nor that what was just made is
            # not in the trash.
            is_there = case.path.endswith("/restore")
            return not (is_there or player.is_gone_with_its_parent(case))
        if case.operation.label == "POST /api/tasks/bulk" and case.method != "POST":
            return False  # by another method, `bulk` stands where the id of a task does
        if isinstance(failure, RejectedPositiveData) and response.status_code == 412:
            return False  # an ETag that is well formed, and that of no version
        if isinstance(failure, RejectedPositiveData) and response.status_code == 422:
            errors = json.loads(response.content)["errors"]
            return not all(error["code"] in UNSAID for error in errors)
        return True

    # Sequences that happen to read what they deleted are rare.
    @schemathesis.check
    def deleted_is_gone(context: Any, response: Response, case: Case) -> None:
        if case.method == "DELETE" and response.status_code == 204 and case.path_parameters:
            path = urlsplit(str(response.request.url)).path
            path = re.sub("/me$", f"/{player.world.ids['caller']}", path)
            found = player.keeper.get(path)
            # 405: sessions can't be read one by one.
            assert found.status_code in (404, 405), f"it is still there: {found.text}"

    @schemathesis.auth(refresh_interval=None)
    class Session:
        def get(self, case: Case, context: Any) -> str | None:
            return player.world.token

        def set(self, case: Case, token: str, context: Any) -> None:
            player.sign(case, token)

    # The document's own format; letters that show nothing are refused.
    letters = st.characters(categories=["L", "Nd"], exclude_characters="\u115f\u1160\u3164\uffa0")
    schemathesis.openapi.format("username", st.text(letters, min_size=3, max_size=150))


class Tally:
    """What was sent, and what schemathesis found."""

    def __init__(self, documented: dict[str, Any]) -> None:
        self.documented = documented  # by operation
        self.sent: Counter[str] = Counter()  # by role
        # To what fits the document, by operation, role, status // 100
        self.answers: Counter[tuple[str, str, int]] = Counter()
        self.phases: Counter[tuple[str, str]] = Counter()  # cases by role and phase
        self.checks: set[str] = set()
        self.findings: dict[tuple[str, ...], str] = {}

    def add(self, event: events.EngineEvent, role: str) -> None:
        if isinstance(event, events.NonFatalError):
            self.findings[event.label, event.info.title] = event.info.message
        elif isinstance(event, events.EngineFinished):
            for failure in event.failures:
                self.findings[failure.operation or "", failure.title] = failure.message
        elif isinstance(event, events.ScenarioFinished):
            self._add_cases(event.recorder, role, event.phase.value)

    def _add_cases(self, recorder: ScenarioRecorder, role: str, phase: str) -> None:
        for case_id, interaction in recorder.interactions.items():
            node = recorder.cases[case_id]
            case, response = node.value, interaction.response
            # A check's own request, such as the same one without a session, is no case.
            if response is not None and (node.parent_id is None or node.transition):
                self.sent[role] += 1
                self.phases[role, phase] += 1
                # Of those that are made to be refused, chance may send an operation hundreds.
                is_meant = bool(case.meta and case.meta.generation.mode.is_positive)
                if is_meant and case.method == case.operation.method.upper():
                    self.answers[case.operation.label, role, response.status_code // 100] += 1
            for done in recorder.checks.get(case_id, ()):
                self.checks.add(done.name)
                if done.failure_info and response:
                    key = (done.name, case.operation.label, str(response.status_code))
                    self.findings.setdefault(
                        key,
                        f"as {role}: {done.failure_info.failure.message}\n"
                        f"{done.failure_info.code_sample}\n{response.text[:500]}",
                    )

    def of(self, operation: str, roles: tuple[str, ...]) -> dict[int, int]:
        """Count the answers of each hundred of statuses these roles had."""
        return {n: sum(self.answers[operation, role, n] for role in roles) for n in range(1, 6)}


def run_engine(address: str, operations: list[str], share: int, seed: int) -> events.EventGenerator:
    """Send about `share` cases; the coverage phase is about the first few of the operations.

    It makes the same cases every time, 1,450 for all operations: too many for each role. So are,
    where `share` is small, the 340 of the phase of examples, and one case of each operation.
    """
    covered = round(share * 0.35 / COVERAGE) + 1
    with_examples = round(share * 0.2 / EXAMPLES) + covered
    fuzzed = round(share * 0.35) + covered
    examples = max(1, round((share * 0.45 - OPERATIONS) / OPERATIONS))
    scenarios = max(1, round(share * 0.2 / STEPS))
    # Most cases of the coverage phase are made to be refused, so that it takes some more of others
    # to see such an operation succeed.
    more = {"max-examples": max(examples, 7)}
    config = schemathesis.Config.from_dict(
        {
            "seed": seed,
            "continue-on-failure": True,
            # Answers depend on what was sent before, so a shorter request needn't fail likewise.
            "generation": {"max-examples": examples, "no-shrink": True, "database": "none"},
            "phases": {"stateful": {"generation": {"max-examples": scenarios}}},
            "output": {"sanitization": {"keys-to-sanitize": ["cookie"]}},
            "operations": [
                {
                    "include-operation-id": id,
                    "generation": more if number < covered else {},
                    "phases": {
                        "coverage": {"enabled": number < covered},
                        "examples": {"enabled": number < with_examples},
                        "fuzzing": {"enabled": number < fuzzed},
                    },
                }
                for number, id in enumerate(operations)
            ],
        }
    )
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json", config=config)
    yield from from_schema(schema.exclude(operation_id=ENDLESS)).execute()


@pytest.fixture(scope="module")
def cases(pytestconfig: pytest.Config) -> int:
    """Return how many cases are asked for."""
    return int(pytestconfig.getoption("cases"))


@pytest.fixture(scope="module")
def tally(pytestconfig: pytest.Config, cases: int) -> Tally:
    """Send all cases, before the first test, and return what came of them."""
    random = Random(pytestconfig.getoption("seed"))
    with server() as running:
        paths = httpx.get(f"{running.address}/openapi.json").json()["paths"]
        tally = Tally(
            {
                f"{method.upper()} {path}": operation
                for path, operations in paths.items()
                for method, operation in operations.items()
                if method != "parameters" and operation["operationId"] != ENDLESS
            }
        )
        ids = [operation["operationId"] for operation in tally.documented.values()]
        random.shuffle(ids)
        player = Player(make_keeper(running))
        connect(player)
        for role in ROLES:
            player.play(role, random)
            for _ in range(ROUNDS):
                left = ceil(cases / len(ROLES)) - tally.sent[role]
                if left <= 0:
                    break
                for event in run_engine(running.address, ids, left, random.randrange(2**32)):
                    tally.add(event, role)
                ids = ids[OPERATIONS * 2 // 5 :] + ids[: OPERATIONS * 2 // 5]
            player.world.client.close()
    return tally


def test_every_answer_is_as_documented(tally: Tally) -> None:
    found = [" ".join(key) + f"\n{text}" for key, text in tally.findings.items()]
    assert not found, "\n\n".join(found[:SHOWN])


def test_each_role_sends_its_cases_in_four_phases(
    tally: Tally, cases: int, record_property: Record
) -> None:
    for (role, phase), number in tally.phases.items():
        record_property(f"{role}, {phase}", number)
    assert sum(tally.sent.values()) >= cases
    assert len(tally.phases) == 4 * len(ROLES)


def test_a_tenth_of_each_operation_succeeds(
    tally: Tally, cases: int, record_property: Record
) -> None:
    """Of the cases of the roles that may which fit the document."""
    assert len(tally.documented) == OPERATIONS
    short = []
    for operation, documented in tally.documented.items():
        seen = tally.of(operation, ROLES[ROLES.index(FIRST[documented["x-right"]]) :])
        sent = sum(seen.values())
        record_property(operation, f"{sent} cases, {seen[2]} × 2xx, {seen[4]} × 4xx")
        if (sent >= ENOUGH or cases >= FULL) and seen[2] < max(1, LEAST_SUCCESSES * sent):
            short.append(operation)
    assert short == []


def test_all_checks_of_schemathesis_were_made(tally: Tally) -> None:
    assert set(CHECKS.get_all_names()) - tally.checks == set()
