"""PocketBase, on SQLite: how it is asked for what Corkboard is, and what can be compared."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from bench.load import Credentials, Request

SUPERUSER, PASSWORD = "superuser@example.com", "a harbour at dusk"
RECORDS = "/api/collections/tasks/records"
SAME = ("id", "title", "description", "due_date", "priority", "status", "color")


def translated(request: Request) -> Request:
    """Return the request that asks PocketBase for the same."""
    path, _, query = request.path.partition("?")
    body = {
        key: "" if value is None else value
        for key, value in json.loads(request.body or "{}").items()
    }
    match request.method, path.split("/")[2:]:
        case "GET", ["tasks", row]:
            return Request("GET", f"{RECORDS}/{row}")
        case "GET", ["columns", row, "tasks"]:
            parameters = {
                "filter": f'column="{row}"', "sort": "position", "skipTotal": "1",
                "perPage": query.removeprefix("limit="),
            }  # fmt: skip
            return Request("GET", f"{RECORDS}?{urlencode(parameters)}")
        case "PUT", ["tasks", row]:
            del body["column_id"]
            return Request("PATCH", f"{RECORDS}/{row}", json.dumps(body, ensure_ascii=False))
        case "POST", ["tasks"]:
            body = {"column": body.pop("column_id"), "position": 20, **body}
            return Request("POST", RECORDS, json.dumps(body))
    raise ValueError(f"PocketBase isn't asked for {request.method} {path}")


def comparable(answer: Any) -> Any:
    """Return the fields that both have, of a task or of each task in a list."""
    found = answer.get("items", answer) if isinstance(answer, dict) else answer
    if isinstance(found, list):
        return [comparable(each) for each in found]
    same = {name: found[name] or None for name in SAME}
    return {**same, "column_id": found.get("column_id") or found["column"]}


def credentials_of(port: int, user: str) -> Credentials:
    """Return the header of a user, for whom the superuser makes a token."""

    def asked(path: str, body: dict[str, Any], token: str = "") -> Any:
        connection = HTTPConnection("127.0.0.1", port)
        headers = {"Content-Type": "application/json", "Authorization": token}
        connection.request("POST", f"/api/collections/{path}", json.dumps(body), headers)
        return json.loads(connection.getresponse().read())["token"]

    by = {"identity": SUPERUSER, "password": PASSWORD}
    token = asked("_superusers/auth-with-password", by)
    return Credentials("Authorization", asked(f"users/impersonate/{user}", {}, token))
