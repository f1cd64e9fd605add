"""What requests hit: a board with everything on it, made again wherever a request undid it."""

import subprocess
from itertools import count
from random import Random
from typing import Any

import httpx

from checks.conftest import Server

BOARD_ROLES = ("VIEWER", "MEMBER", "MODERATOR", "CREATOR")
ROLES = ("anonymous", "outsider", *BOARD_ROLES, "admin")
WRITERS = (*BOARD_ROLES[1:], "admin")
PARENTS = {
    "column_id": "board_id", "task_id": "column_id", "subtask_id": "task_id",
    "comment_id": "task_id", "label_id": "board_id", "board_comment_id": "board_id",
}  # fmt: skip
# The field that a record needs, if no title.
TEXTS = {"comments": "content", "board-comments": "content", "labels": "name"}
PASSWORD = "a harbour at dusk"
TOKEN = {"name": "Script", "scopes": ["read"], "expires_in": 60}


def make_keeper(server: Server) -> httpx.Client:
    """Sign in an admin, who makes and mends the worlds of all roles."""
    subprocess.run(
        [".venv/bin/python", "-m", "api", "create-admin", "keeper", "keeper@example.com"],
        cwd=server.folder, env=server.environment | {"ADMIN_PASSWORD": PASSWORD},
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    keeper = server.client()
    keeper.post("/api/auth/login", json={"username": "keeper", "password": PASSWORD})
    return keeper


class World:
    """A board, and somebody who has one role on it: the caller.

    What a request deleted stays so, since schemathesis looks whether it does: something else takes
    its place.
    """

    numbers = count()

    def __init__(self, keeper: httpx.Client, role: str, random: Random) -> None:
        self.keeper = keeper
        self.keeper_id = keeper.get("/api/auth/me").json()["id"]
        self.role = role
        self.random = random
        self.client = httpx.Client(base_url=keeper.base_url)
        self.ids: dict[str, str] = {}
        self.restore()

    @property
    def token(self) -> str | None:
        """Return the caller's session; None for somebody who isn't signed in."""
        return None if self.role == "anonymous" else self.client.cookies["session"]

    def restore(self) -> None:
        """Replace what is gone, and sign the caller in again if their session ended."""
        for name in ("caller", "colleague", "guest"):
            self._ensure_account(name)
        old = self.ids.get("board_id")
        is_public = self.role == "outsider" and self.random.random() < 0.7
        board = self._ensure(
            "board_id", "boards", title="Website launch", is_public=is_public,
            viewers_can_comment=True,
        )  # fmt: skip
        column = self._ensure("column_id", "columns", board_id=board["id"], title="To do")
        if column["task_limit"]:
            self._send("PATCH", f"columns/{column['id']}", task_limit=None)
        task = self._ensure("task_id", "tasks", column_id=column["id"], title="Press release")
        if self._send("GET", f"columns/{task['column_id']}")["board_id"] != board["id"]:
            del self.ids["task_id"]
            task = self._ensure("task_id", "tasks", column_id=column["id"], title="Press release")
        self._ensure("subtask_id", "subtasks", task_id=task["id"], title="A draft")
        self._ensure("label_id", "labels", board_id=board["id"], name="Urgent")

        members = f"boards/{board['id']}/users"
        if self._role(members, "guest"):
            del self.ids["guest"]
            self._ensure_account("guest")
        roles = {"caller": self.role, "colleague": "MEMBER"}
        for name in roles if self.role in BOARD_ROLES else ["colleague"]:
            role = self._role(members, name)
            if role is None and board["id"] == old:
                for name in ("board_id", *PARENTS):
                    del self.ids[name]
                return self.restore()
            if role is None:
                self._send("POST", members, user_id=self.ids[name])
            if role == "CREATOR" and roles[name] != "CREATOR":
                self._give(members, self.keeper_id, "CREATOR")
            if role != roles[name]:
                self._give(members, self.ids[name], roles[name])
        if self.client.get("/api/auth/me").status_code == 401:
            self._sign_in()
        # The caller's own, if they may write one.
        author = self.client if self.role in (*BOARD_ROLES, "admin") else self.keeper
        for name, kind in (("comment_id", "comments"), ("board_comment_id", "board-comments")):
            body = {PARENTS[name]: self.ids[PARENTS[name]], "content": "Well done"}
            comment = self._ensure(name, kind, author, **body)
            if author is not self.keeper and comment["user_id"] != self.ids["caller"]:
                del self.ids[name]  # of a caller who was deleted
                self._ensure(name, kind, author, **body)
        return None

    def user(self, name: str) -> dict[str, Any]:
        """Return the account of the caller, the colleague (a MEMBER) or the guest (no member)."""
        return self._send("GET", f"users/{self.ids[name]}")

    def offer(self, operation: str, name: str) -> str:
        """Return an id for the parameter or field `name` of an operation such as `GET /api/boards`.

        What the operation deletes is something that nothing else needs.
        """
        method, _, path = operation.partition(" ")
        if path.endswith("/restore") and self.role in WRITERS:
            record = self.offer(f"DELETE {path.removesuffix('/restore')}", name)
            self.client.delete(path.removesuffix("/restore").format(**{name: record}))
            return record
        if path.startswith("/api/tasks/{task_id}/"):
            return self._offer_to_task(method, path, name)
        if name == "user_id":
            return self._offer_user(method, path)
        if name == "event_id":
            task = f"tasks/{self.ids['task_id']}"
            self._send("PATCH", task, title=f"Press release {self.random.random()}")
            return str(self._send("GET", f"{task}/events?limit=1")[0]["id"])
        if name == "notification_id":
            mine = self.client.get("/api/notifications?limit=1").json()
            return str(mine[0]["id"] if mine else 1)
        if name == "token_id":
            return self._offer_token()
        if name == "invitation_id":
            return str(
                self._send("POST", f"boards/{self.ids['board_id']}/invitations", max_uses=9)["id"]
            )
        if name == "session_id":
            return str(self.client.get("/api/auth/sessions").json()[-1]["id"])
        if method == "DELETE" and name == "board_id" and path.endswith("/{board_id}"):
            if self.role in ("CREATOR", "admin"):
                board = self.client.post("/api/boards", json={"title": "Short-lived"})
                return str(board.json()["id"])
        elif (
            method == "DELETE" and name in PARENTS and self._may_create(kind := path.split("/")[2])
        ):
            parent = {PARENTS[name]: self.ids[PARENTS[name]]}
            body: dict[str, Any] = {TEXTS.get(kind, "title"): "Extra", **parent}
            return str(self._send("POST", kind, self.client, **body)["id"])
        return self.ids[name]

    def _may_create(self, kind: str) -> bool:
        """Tell whether the caller's role on the board lets them create records of that kind."""
        least = "VIEWER" if TEXTS.get(kind) == "content" else "MEMBER"
        return self.role in BOARD_ROLES[BOARD_ROLES.index(least) :]

    def offer_link(self) -> str:
        """Return the token of an invitation to another board, which the caller is no member of."""
        board = self._send("POST", "boards", title="Website launch", is_public=False)
        return str(self._send("POST", f"boards/{board['id']}/invitations", max_uses=9)["token"])

    def _offer_token(self) -> str:
        """Return an API token's id; one can't have many."""
        tokens = self.client.get("/api/auth/tokens").json()
        for token in tokens if len(tokens) > 30 else ():
            self.client.delete(f"/api/auth/tokens/{token['id']}")
        return str(self._send("POST", "auth/tokens", self.client, **TOKEN)["id"])

    def _offer_to_task(self, method: str, path: str, name: str) -> str:
        """Return an id for what is done with a task: what is taken off it was put on it before."""
        ids = {**self.ids, "user_id": self.ids["colleague"]}
        if method == "DELETE":
            self._send("PUT", path.removeprefix("/api/").format(**ids))
        return ids[name]

    def _offer_user(self, method: str, path: str) -> str:
        if path.startswith("/api/users/") and method != "GET":
            if self.role != "admin":
                return self.ids["caller"]
            if method == "DELETE":
                return str(self._send("POST", "users", **self._account())["id"])
            return self.ids["guest"]
        if path == "/api/boards/{board_id}/users":
            return self.ids["guest"]
        return self.ids[self.random.choice(["colleague", "colleague", "caller"])]

    def _give(self, members: str, user: str, role: str) -> None:
        """Give a member who isn't the CREATOR a role; only a MODERATOR is made CREATOR."""
        for each in ("MODERATOR", role) if role == "CREATOR" else (role,):
            self._send("PUT", f"{members}/{user}", role=each)

    def _account(self) -> dict[str, Any]:
        name = f"somebody-{next(self.numbers)}"
        return {"username": name, "email": f"{name}@example.com", "password": PASSWORD}

    def _send(self, method: str, path: str, by: httpx.Client | None = None, **body: Any) -> Any:
        """Send a request as the keeper or another client; it must succeed."""
        response = (by or self.keeper).request(method, f"/api/{path}", json=body or None)
        response.raise_for_status()
        return response.json() if response.content else None

    def _ensure(self, key: str, path: str, /, by: httpx.Client | None = None, **body: Any) -> Any:
        """Return the record of that key, and make it if it isn't there."""
        if key in self.ids:
            response = self.keeper.get(f"/api/{path}/{self.ids[key]}")
            if response.status_code == 200:
                return response.json()
        record = self._send("POST", path, by, **body)
        self.ids[key] = record["id"]
        return record

    def _ensure_account(self, name: str) -> None:
        is_admin = name == "caller" and self.role == "admin"
        user = self._ensure(name, "users", **self._account(), is_admin=is_admin)
        if user["disabled_at"]:
            self._send("POST", f"users/{user['id']}/enable")
        if user["is_admin"] != is_admin:
            values = {"username": user["username"], "email": user["email"]}
            self._send("PUT", f"users/{user['id']}", **values, is_admin=is_admin)

    def _role(self, members: str, name: str) -> str | None:
        """Return the role of somebody on a board, None for somebody who is no member."""
        found = self.keeper.get(f"/api/{members}/{self.ids[name]}")
        return str(found.json()["role"]) if found.status_code == 200 else None

    def _sign_in(self) -> None:
        login = {"username": self.user("caller")["username"], "password": PASSWORD}
        self.client.cookies.clear()
        if self.client.post("/api/auth/login", json=login).status_code == 401:
            self._send("PUT", f"users/{self.ids['caller']}/password", new_password=PASSWORD)
            self.client.post("/api/auth/login", json=login).raise_for_status()
