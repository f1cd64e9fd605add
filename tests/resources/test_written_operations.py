"""Every operation that writes has a test that succeeds and one that fails.

Each cell of the access matrix is a request whose status is checked, and each operation that takes
a body is sent some that must be refused (tests/http/test_hostile_input.py).
"""

from collections import defaultdict

from fastapi import FastAPI

from tests.access.test_access_matrix import TABLE, cells, operation_of, operations
from tests.helpers.sending import BODIES, OPERATIONS

# Anybody may, and it takes no body. It fails for pages of strangers
# (tests/auth/test_forged_tokens.py).
FORGED = {"POST /api/auth/logout"}


def test_each_has_a_test_that_succeeds_and_one_that_fails(application: FastAPI) -> None:
    seen: dict[str, set[int]] = defaultdict(set)
    for row, (_, statuses) in TABLE.items():
        seen[operation_of(row)].update(status for _, _, status in cells(statuses))
    refused = {f"{OPERATIONS[name][0]} {OPERATIONS[name][1]}" for name in BODIES} | FORGED
    missing = []
    for operation in sorted(operations(application)):
        if operation.startswith("GET "):
            continue
        if not any(status < 300 for status in seen[operation]):
            missing.append(f"{operation} never succeeds")
        if not any(400 <= status < 500 for status in seen[operation]) and operation not in refused:
            missing.append(f"{operation} never fails")
    assert missing == []
