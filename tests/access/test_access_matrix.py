"""Every operation, by every kind of caller, on a private and on a public board.

The expected answers are written by hand from the rules, never taken from the code under test.
"""

import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.auth.sessions import issue_token
from models.tables import Session, User
from tests.conftest import PASSWORD, World
from tests.helpers.asgi import request
from tests.helpers.openapi import resolved

ACTORS = (
    "anonymous", "bad_token", "deleted", "outsider", "ex_member", "viewer", "member", "moderator",
    "creator", "admin",
)  # fmt: skip

# What the names in the paths and bodies below stand for.
IDS = {
    name: UUID(int=number << 64 | 7 << 76 | 2 << 62)
    for number, name in enumerate(
        (
            *ACTORS[2:], "bystander", "other_member", "other_moderator", "board", "column", "task",
            "subtask", "private_column", "public_column", "private_board", "public_board",
            "comment", "old_comment", "creators_comment", "label", "other_label", "private_label",
            "task2", "private_task", "public_task", "old_board", "old_column", "old_task",
            "lost_task", "buried_task", "invitation", "note", "old_note", "creators_note",
            "viewers_comment", "viewers_note",
        ),
        start=1,
    )
}  # fmt: skip

# Events, by their ids: the record of each, and the fields before and after it.
EVENTS = {
    "edited_task": (
        1, "{board}", "{task}", "task.updated", {"title": "Old"}, {"title": "Task"}),
    "edited_board": (
        2, "{board}", "{board}", "board.updated", {"title": "Old"}, {"title": "Board"}),
    "edited_comment": (
        3, "{board}", "{comment}", "comment.updated", {"content": "x"}, {"content": "Comment"}),
    "deleted_task": (4, "{board}", "{old_task}", "task.deleted", {"title": "Old"}, None),
    "deleted_board": (5, "{old_board}", "{old_board}", "board.deleted", {"title": "Old"}, None),
    "new_moderator": (
        6, "{board}", "{other_moderator}", "member.added", None,
        {"user_id": "{other_moderator}", "role": "MODERATOR"}),
    "new_role": (
        7, "{board}", "{other_member}", "member.updated", {"role": "VIEWER"}, {"role": "MEMBER"}),
    "past_edit": (
        8, "{board}", "{task}", "task.updated", {"title": "Old"}, {"title": "New"}),
    "new_user": (9, None, "{bystander}", "user.created", None, {"username": "bystander"}),
}  # fmt: skip

# operation: its body, and the status for each of ACTORS on a private | on a public board
#   anonymous, bad token, deleted user; outsider, ex-member;
#   VIEWER, MEMBER, MODERATOR, CREATOR; admin
# The public board lets VIEWERs comment, the private one doesn't.
TABLE: dict[str, tuple[dict[str, Any] | None, str]] = {
    "POST /api/auth/register": (
        {"username": "newcomer", "email": "new@example.com", "password": PASSWORD},
        "201 201 201  201 201  201 201 201 201  201 | 201 201 201  201 201  201 201 201 201  201"),
    "POST /api/auth/register with an invitation": (
        {"username": "newcomer", "email": "new@example.com", "password": PASSWORD,
         "invitation": "link"},
        "201 201 201  201 201  201 201 201 201  201 | 201 201 201  201 201  201 201 201 201  201"),
    "POST /api/auth/register with one that was never made": (
        {"username": "newcomer", "email": "new@example.com", "password": PASSWORD,
         "invitation": "links"},
        "422 422 422  422 422  422 422 422 422  422 | 422 422 422  422 422  422 422 422 422  422"),
    "POST /api/auth/login": (
        {"username": "bystander", "password": PASSWORD},
        "200 200 200  200 200  200 200 200 200  200 | 200 200 200  200 200  200 200 200 200  200"),
    "POST /api/auth/logout": (
        None,
        "204 204 204  204 204  204 204 204 204  204 | 204 204 204  204 204  204 204 204 204  204"),
    "GET /api/auth/me": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/auth/sessions": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "DELETE /api/auth/sessions": (
        None,
        "401 401 401  204 204  204 204 204 204  204 | 401 401 401  204 204  204 204 204 204  204"),
    "DELETE /api/auth/sessions/{self}": (
        None,  # a session has the id of its user here
        "401 401 401  204 204  204 204 204 204  204 | 401 401 401  204 204  204 204 204 204  204"),
    "DELETE /api/auth/sessions/{bystander}": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "GET /api/auth/tokens": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "POST /api/auth/tokens": (
        {"name": "New", "scopes": ["read", "write"]},
        "401 401 401  201 201  201 201 201 201  201 | 401 401 401  201 201  201 201 201 201  201"),
    "POST /api/auth/tokens to act as an admin": (
        {"name": "New", "scopes": ["admin"]},
        "401 401 401  403 403  403 403 403 403  201 | 401 401 401  403 403  403 403 403 403  201"),
    "GET /api/auth/tokens/{self}": (
        None,  # a token has the id of its user here
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/auth/tokens/{bystander}": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "DELETE /api/auth/tokens/{self}": (
        None,
        "401 401 401  204 204  204 204 204 204  204 | 401 401 401  204 204  204 204 204 204  204"),
    "DELETE /api/auth/tokens/{bystander}": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "PUT /api/auth/password": (
        {"current_password": PASSWORD, "new_password": "a lighthouse at dawn"},
        "401 401 401  204 204  204 204 204 204  204 | 401 401 401  204 204  204 204 204 204  204"),
    "PUT /api/users/{bystander}/password": (
        {"new_password": "a lighthouse at dawn"},
        "401 401 401  403 403  403 403 403 403  204 | 401 401 401  403 403  403 403 403 403  204"),

    "POST /api/users/{bystander}/disable": (
        None,
        "401 401 401  403 403  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "POST /api/users/{self}/disable": (
        None,  # the admin is the last one
        "401 401 401  403 403  403 403 403 403  409 | 401 401 401  403 403  403 403 403 403  409"),
    "POST /api/users/{bystander}/enable": (
        None,
        "401 401 401  403 403  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),

    "GET /api/users?username=BYSTANDER": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/users?email=bystander@example.com": (
        None,
        "401 401 401  403 403  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "GET /api/users": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "POST /api/users": (
        {"username": "newcomer", "email": "new@example.com", "password": PASSWORD},
        "401 401 401  403 403  403 403 403 403  201 | 401 401 401  403 403  403 403 403 403  201"),
    "GET /api/users/{bystander}": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/users/{bystander}": (
        {"username": "renamed", "email": "renamed@example.com"},
        "401 401 401  403 403  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "PUT /api/users/{self}": (
        {"username": "renamed", "email": "renamed@example.com", "current_password": PASSWORD},
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/users/{self} without the password": (
        {"username": "renamed", "email": "renamed@example.com"},
        "401 401 401  422 422  422 422 422 422  422 | 401 401 401  422 422  422 422 422 422  422"),
    "PUT /api/users/{self} to be an admin": (
        {"username": "renamed", "email": "renamed@example.com", "is_admin": True,
         "current_password": PASSWORD},
        "401 401 401  403 403  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "PATCH /api/users/{bystander}": (
        {"username": "renamed"},
        "401 401 401  403 403  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "PATCH /api/users/{self}": (
        {"username": "renamed"},
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PATCH /api/users/{self} to be an admin": (
        {"username": "renamed", "is_admin": True},
        "401 401 401  403 403  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "DELETE /api/users/{bystander}": (
        None,
        "401 401 401  403 403  403 403 403 403  204 | 401 401 401  403 403  403 403 403 403  204"),
    "DELETE /api/users/{self}": (
        # The CREATOR's board has other members, and the admin is the last one.
        {"current_password": PASSWORD},
        "401 401 401  204 204  204 204 204 409  409 | 401 401 401  204 204  204 204 204 409  409"),
    "DELETE /api/users/{self} without the password": (
        None,
        "401 401 401  422 422  422 422 422 422  422 | 401 401 401  422 422  422 422 422 422  422"),
    "DELETE /api/users/{self}?boards=hand_over": (
        {"current_password": PASSWORD},  # the admin is the last one
        "401 401 401  204 204  204 204 204 204  409 | 401 401 401  204 204  204 204 204 204  409"),
    "DELETE /api/users/{self}?boards=delete": (
        {"current_password": PASSWORD},
        "401 401 401  204 204  204 204 204 204  409 | 401 401 401  204 204  204 204 204 204  409"),
    "DELETE /api/users/{creator}?boards=hand_over": (
        {"current_password": PASSWORD},
        "401 401 401  403 403  403 403 403 204  204 | 401 401 401  403 403  403 403 403 204  204"),
    "DELETE /api/users/{creator}?boards=delete": (
        {"current_password": PASSWORD},
        "401 401 401  403 403  403 403 403 204  204 | 401 401 401  403 403  403 403 403 204  204"),
    "GET /api/users/{member}/boards": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),

    "GET /api/boards": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "POST /api/boards": (
        {"title": "New"},
        "401 401 401  201 201  201 201 201 201  201 | 401 401 401  201 201  201 201 201 201  201"),
    "GET /api/boards/{board}": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/boards/{board}": (
        {"title": "New"},
        "401 401 401  404 404  403 403 200 200  200 | 401 401 401  403 403  403 403 200 200  200"),
    "PUT /api/boards/{board} to publish it": (
        {"title": "New", "is_public": True},
        "401 401 401  404 404  403 403 200 200  200 | 401 401 401  403 403  403 403 200 200  200"),
    "PATCH /api/boards/{board}": (
        {"title": "New"},
        "401 401 401  404 404  403 403 200 200  200 | 401 401 401  403 403  403 403 200 200  200"),
    "PATCH /api/boards/{board} to publish it": (
        {"is_public": True},
        "401 401 401  404 404  403 403 200 200  200 | 401 401 401  403 403  403 403 200 200  200"),
    "POST /api/boards/{board}/archive": (
        None,
        "401 401 401  404 404  403 403 200 200  200 | 401 401 401  403 403  403 403 200 200  200"),
    "POST /api/boards/{board}/unarchive": (
        None,
        "401 401 401  404 404  403 403 200 200  200 | 401 401 401  403 403  403 403 200 200  200"),
    "DELETE /api/boards/{board}": (
        None,
        "401 401 401  404 404  403 403 403 204  204 | 401 401 401  403 403  403 403 403 204  204"),

    "GET /api/boards/{board}/users": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/boards/{board}/users/{creator}": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/roles?user_id={creator}&board_id={board}": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/roles?user_id={bystander}&board_id={board}": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "POST /api/boards/{board}/users": (
        {"user_id": "{bystander}"},
        "401 401 401  404 404  403 403 201 201  201 | 401 401 401  403 403  403 403 201 201  201"),
    "POST /api/boards/{board}/users of a moderator": (
        {"user_id": "{bystander}", "role": "MODERATOR"},
        "401 401 401  404 404  403 403 201 201  201 | 401 401 401  403 403  403 403 201 201  201"),
    "POST /api/boards/{board}/users of a viewer": (
        {"user_id": "{bystander}", "role": "VIEWER"},
        "401 401 401  404 404  403 403 201 201  201 | 401 401 401  403 403  403 403 201 201  201"),
    "POST /api/boards/{board}/users of oneself": (
        {"user_id": "{self}"},  # the last: an admin is no member unless made one
        "401 401 401  404 404  403 403 409 409  201 | 401 401 401  403 403  403 403 409 409  201"),
    "PUT /api/boards/{board}/users/{other_member}": (
        {"role": "MODERATOR"},
        "401 401 401  404 404  403 403 403 200  200 | 401 401 401  403 403  403 403 403 200  200"),
    "PUT /api/boards/{board}/users/{other_moderator} down": (
        {"role": "MEMBER"},
        "401 401 401  404 404  403 403 403 200  200 | 401 401 401  403 403  403 403 403 200  200"),
    "PUT /api/boards/{board}/users/{other_member} down": (
        {"role": "VIEWER"},
        "401 401 401  404 404  403 403 403 200  200 | 401 401 401  403 403  403 403 403 200  200"),
    "PUT /api/boards/{board}/users/{viewer} up": (
        {"role": "MEMBER"},
        "401 401 401  404 404  403 403 403 200  200 | 401 401 401  403 403  403 403 403 200  200"),
    "PUT /api/boards/{board}/users/{self} up": (
        {"role": "MODERATOR"},
        "401 401 401  404 404  403 403 403 409  404 | 401 401 401  403 403  403 403 403 409  404"),
    "PUT /api/boards/{board}/users/{other_moderator} hand over": (
        {"role": "CREATOR"},
        "401 401 401  404 404  403 403 403 200  200 | 401 401 401  403 403  403 403 403 200  200"),
    "PUT /api/boards/{board}/users/{other_member} hand over": (
        {"role": "CREATOR"},  # only a MODERATOR is made CREATOR
        "401 401 401  404 404  403 403 403 409  409 | 401 401 401  403 403  403 403 403 409  409"),
    "PUT /api/boards/{board}/users/{viewer} hand over": (
        {"role": "CREATOR"},  # only a MODERATOR is made CREATOR
        "401 401 401  404 404  403 403 403 409  409 | 401 401 401  403 403  403 403 403 409  409"),
    "PUT /api/boards/{board}/users/{creator} step down": (
        {"role": "MEMBER"},
        "401 401 401  404 404  403 403 403 409  409 | 401 401 401  403 403  403 403 403 409  409"),
    "PUT /api/boards/{board}/users/{bystander} no member": (
        {"role": "MEMBER"},
        "401 401 401  404 404  403 403 403 404  404 | 401 401 401  403 403  403 403 403 404  404"),
    "DELETE /api/boards/{board}/users/{other_member}": (
        None,
        "401 401 401  404 404  403 403 204 204  204 | 401 401 401  403 403  403 403 204 204  204"),
    "DELETE /api/boards/{board}/users/{viewer}": (
        None,  # the VIEWER leaves
        "401 401 401  404 404  204 403 204 204  204 | 401 401 401  403 403  204 403 204 204  204"),
    "DELETE /api/boards/{board}/users/{other_moderator}": (
        None,
        "401 401 401  404 404  403 403 403 204  204 | 401 401 401  403 403  403 403 403 204  204"),
    "DELETE /api/boards/{board}/users/{creator}": (
        None,
        "401 401 401  404 404  403 403 403 409  409 | 401 401 401  403 403  403 403 403 409  409"),
    "DELETE /api/boards/{board}/users/{self}": (
        None,
        "401 401 401  404 404  204 204 204 409  404 | 401 401 401  404 404  204 204 204 409  404"),
    "DELETE /api/boards/{board}/users/{bystander}": (
        None,
        "401 401 401  404 404  403 403 404 404  404 | 401 401 401  403 403  403 403 404 404  404"),

    "POST /api/boards/{board}/invitations": (
        {"max_uses": 3},
        "401 401 401  404 404  403 403 201 201  201 | 401 401 401  403 403  403 403 201 201  201"),
    "POST /api/boards/{board}/invitations as a moderator": (
        {"role": "MODERATOR"},
        "401 401 401  404 404  403 403 201 201  201 | 401 401 401  403 403  403 403 201 201  201"),
    "POST /api/boards/{board}/invitations as a viewer": (
        {"role": "VIEWER"},
        "401 401 401  404 404  403 403 201 201  201 | 401 401 401  403 403  403 403 201 201  201"),
    "GET /api/boards/{board}/invitations": (
        None,
        "401 401 401  404 404  403 403 200 200  200 | 401 401 401  403 403  403 403 200 200  200"),
    "GET /api/boards/{board}/invitations/{invitation}": (
        None,
        "401 401 401  404 404  403 403 200 200  200 | 401 401 401  403 403  403 403 200 200  200"),
    "DELETE /api/boards/{board}/invitations/{invitation}": (
        None,
        "401 401 401  404 404  403 403 204 204  204 | 401 401 401  403 403  403 403 204 204  204"),
    "DELETE /api/boards/{public_board}/invitations/{invitation} of another board": (
        None,
        "401 401 401  403 403  403 403 403 403  404 | 401 401 401  403 403  403 403 403 403  404"),
    "GET /api/invitations/link": (
        None,
        "200 200 200  200 200  200 200 200 200  200 | 200 200 200  200 200  200 200 200 200  200"),
    "GET /api/invitations/links": (
        None,
        "404 404 404  404 404  404 404 404 404  404 | 404 404 404  404 404  404 404 404 404  404"),
    "POST /api/invitations/link/accept": (
        None,
        "401 401 401  201 201  409 409 409 409  201 | 401 401 401  201 201  409 409 409 409  201"),
    "POST /api/invitations/links/accept": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),

    "GET /api/columns": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "POST /api/columns": (
        {"board_id": "{board}", "title": "New"},
        "401 401 401  404 404  403 201 201 201  201 | 401 401 401  403 403  403 201 201 201  201"),
    "GET /api/columns/{column}": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/columns/{column}": (
        {"title": "New"},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "PATCH /api/columns/{column}": (
        {"title": "New"},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "POST /api/columns/{column}/move": (
        {"position": 0},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "PUT /api/columns/{column} to a board one may only read": (
        {"board_id": "{public_board}", "title": "New"},
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "PATCH /api/columns/{column} to an invisible board": (
        {"board_id": "{private_board}"},
        "401 401 401  404 404  404 404 404 404  200 | 401 401 401  404 404  404 404 404 404  200"),
    "POST /api/columns/{column}/move to a board one may only read": (
        {"board_id": "{public_board}"},
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "POST /api/columns/{column}/archive": (
        None,
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "POST /api/columns/{column}/unarchive": (
        None,
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "POST /api/columns/{column}/copy": (
        {"include": ["tasks", "subtasks", "labels", "members"]},
        "401 401 401  404 404  403 201 201 201  201 | 401 401 401  403 403  403 201 201 201  201"),
    "DELETE /api/columns/{column}": (
        None,
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "GET /api/boards/{board}/columns": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),

    "GET /api/tasks": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "POST /api/tasks": (
        {"column_id": "{column}", "title": "New"},
        "401 401 401  404 404  403 201 201 201  201 | 401 401 401  403 403  403 201 201 201  201"),
    "GET /api/tasks/{task}": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/tasks/{task}": (
        {"column_id": "{column}", "title": "New"},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "PUT /api/tasks/{task} to an invisible board": (
        {"column_id": "{private_column}", "title": "New"},
        "401 401 401  404 404  404 404 404 404  200 | 401 401 401  404 404  404 404 404 404  200"),
    "PUT /api/tasks/{task} to a board one may only read": (
        {"column_id": "{public_column}", "title": "New"},
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "PATCH /api/tasks/{task}": (
        {"title": "New"},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "PATCH /api/tasks/{task} to an invisible board": (
        {"column_id": "{private_column}"},
        "401 401 401  404 404  404 404 404 404  200 | 401 401 401  404 404  404 404 404 404  200"),
    "PATCH /api/tasks/{task} to a board one may only read": (
        {"column_id": "{public_column}"},
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "POST /api/tasks/{task}/archive": (
        None,
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "POST /api/tasks/{task}/unarchive": (
        None,
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "POST /api/tasks/{task}/move": (
        {"column_id": "{column}", "position": 0},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "POST /api/tasks/{task}/move to an invisible board": (
        {"column_id": "{private_column}"},
        "401 401 401  404 404  404 404 404 404  200 | 401 401 401  404 404  404 404 404 404  200"),
    "POST /api/tasks/{task}/move to a board one may only read": (
        {"column_id": "{public_column}"},
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "POST /api/tasks/{task}/copy": (
        {"include": ["subtasks", "labels", "members"]},
        "401 401 401  404 404  403 201 201 201  201 | 401 401 401  403 403  403 201 201 201  201"),
    "GET /api/tasks/{task}/full": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "POST /api/tasks/bulk": (
        {"items": [{"column_id": "{column}", "title": "New"}]},
        "401 401 401  404 404  403 201 201 201  201 | 401 401 401  403 403  403 201 201 201  201"),
    "POST /api/tasks/bulk to an invisible board, too": (
        {"items": [{"column_id": "{column}", "title": "New"},
                   {"column_id": "{private_column}", "title": "New"}]},
        "401 401 401  404 404  404 404 404 404  201 | 401 401 401  404 404  404 404 404 404  201"),
    "POST /api/tasks/bulk to a board one may only read, too": (
        {"items": [{"column_id": "{column}", "title": "New"},
                   {"column_id": "{public_column}", "title": "New"}]},
        "401 401 401  404 404  403 403 403 403  201 | 401 401 401  403 403  403 403 403 403  201"),
    "DELETE /api/tasks?id={task}&id={task2}": (
        None,
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "DELETE /api/tasks?id={task}&id={private_task}": (
        None,
        "401 401 401  404 404  404 404 404 404  204 | 401 401 401  404 404  404 404 404 404  204"),
    "DELETE /api/tasks?id={task}&id={public_task}": (
        None,
        "401 401 401  404 404  403 403 403 403  204 | 401 401 401  403 403  403 403 403 403  204"),
    "PATCH /api/tasks": (
        {"ids": ["{task}", "{task2}"], "status": "DONE"},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "PATCH /api/tasks of another board, too": (
        {"ids": ["{task}", "{private_task}"], "status": "DONE"},
        "401 401 401  404 404  404 404 404 404  200 | 401 401 401  404 404  404 404 404 404  200"),
    "PATCH /api/tasks of a board one may only read, too": (
        {"ids": ["{task}", "{public_task}"], "status": "DONE"},
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "PATCH /api/tasks to a board one may only read": (
        {"ids": ["{task}"], "column_id": "{public_column}"},
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "DELETE /api/tasks/{task}": (
        None,
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "GET /api/columns/{column}/tasks": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),

    "GET /api/subtasks": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "POST /api/subtasks": (
        {"task_id": "{task}", "title": "New"},
        "401 401 401  404 404  403 201 201 201  201 | 401 401 401  403 403  403 201 201 201  201"),
    "GET /api/subtasks/{subtask}": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/subtasks/{subtask}": (
        {"title": "New", "is_completed": True},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "PATCH /api/subtasks/{subtask}": (
        {"is_completed": True},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "POST /api/subtasks/{subtask}/move": (
        {"position": 0},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "POST /api/subtasks/{subtask}/move to an invisible board": (
        {"task_id": "{private_task}"},
        "401 401 401  404 404  404 404 404 404  200 | 401 401 401  404 404  404 404 404 404  200"),
    "PATCH /api/subtasks/{subtask} to a board one may only read": (
        {"task_id": "{public_task}"},
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "PUT /api/subtasks/{subtask} to a board one may only read": (
        {"task_id": "{public_task}", "title": "New"},
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "DELETE /api/subtasks/{subtask}": (
        None,
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "GET /api/tasks/{task}/subtasks": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),

    "POST /api/boards/{board}/copy": (
        {"title": "New"},
        "401 401 401  404 404  201 201 201 201  201 | 401 401 401  201 201  201 201 201 201  201"),
    "POST /api/boards/{board}/copy with its members": (
        {"include": ["members"]},
        "401 401 401  404 404  403 403 201 201  201 | 401 401 401  403 403  403 403 201 201  201"),
    "GET /api/boards/{board}/full": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/boards/{board}/labels": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/labels": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "POST /api/labels": (
        {"board_id": "{board}", "name": "New"},
        "401 401 401  404 404  403 201 201 201  201 | 401 401 401  403 403  403 201 201 201  201"),
    "GET /api/labels/{label}": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/labels/{label}": (
        {"name": "New"},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "PATCH /api/labels/{label}": (
        {"name": "New"},
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "DELETE /api/labels/{label}": (
        None,
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "GET /api/tasks/{task}/labels": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/tasks/{task}/labels/{other_label}": (
        None,
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "PUT /api/tasks/{task}/labels/{private_label} of another board": (
        None,
        "401 401 401  404 404  403 404 404 404  404 | 401 401 401  403 403  403 404 404 404  404"),
    "DELETE /api/tasks/{task}/labels/{label}": (
        None,
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "DELETE /api/tasks/{task}/labels/{other_label} not borne": (
        None,
        "401 401 401  404 404  403 404 404 404  404 | 401 401 401  403 403  403 404 404 404  404"),
    "GET /api/tasks/{task}/assignees": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/tasks/{task}/assignees/{other_member}": (
        None,
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "PUT /api/tasks/{task}/assignees/{viewer}": (
        None,
        "401 401 401  404 404  403 422 422 422  422 | 401 401 401  403 403  403 422 422 422  422"),
    "PUT /api/tasks/{task}/assignees/{bystander} no member": (
        None,
        "401 401 401  404 404  403 404 404 404  404 | 401 401 401  403 403  403 404 404 404  404"),
    "DELETE /api/tasks/{task}/assignees/{creator}": (
        None,
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "DELETE /api/tasks/{task}/assignees/{other_member} not assigned": (
        None,
        "401 401 401  404 404  403 404 404 404  404 | 401 401 401  403 403  403 404 404 404  404"),
    "GET /api/tasks/{task}/comments": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/comments": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "POST /api/comments": (
        {"task_id": "{task}", "content": "New"},
        "401 401 401  404 404  403 201 201 201  201 | 401 401 401  403 403  201 201 201 201  201"),
    "GET /api/comments/{comment}": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/comments/{comment}": (
        {"content": "New"},  # the MEMBER wrote it
        "401 401 401  404 404  403 200 403 403  200 | 401 401 401  403 403  403 200 403 403  200"),
    "PATCH /api/comments/{comment}": (
        {"content": "New"},  # the MEMBER wrote it
        "401 401 401  404 404  403 200 403 403  200 | 401 401 401  403 403  403 200 403 403  200"),
    "PATCH /api/comments/{old_comment}": (
        {"content": "New"},  # the ex-member wrote it
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "DELETE /api/comments/{comment}": (
        None,  # the MEMBER wrote it
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "DELETE /api/comments/{old_comment}": (
        None,  # the ex-member wrote it
        "401 401 401  404 404  403 403 204 204  204 | 401 401 401  403 403  403 403 204 204  204"),
    "DELETE /api/comments/{creators_comment}": (
        None,  # the CREATOR wrote it
        "401 401 401  404 404  403 403 204 204  204 | 401 401 401  403 403  403 403 204 204  204"),
    "PUT /api/comments/{viewers_comment}": (
        {"content": "New"},  # the VIEWER wrote it
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  200 403 403 403  200"),
    "PATCH /api/comments/{viewers_comment}": (
        {"content": "New"},  # the VIEWER wrote it
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  200 403 403 403  200"),
    "DELETE /api/comments/{viewers_comment}": (
        None,  # the VIEWER wrote it
        "401 401 401  404 404  403 403 204 204  204 | 401 401 401  403 403  204 403 204 204  204"),

    "GET /api/boards/{board}/board-comments": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/board-comments": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "POST /api/board-comments": (
        {"board_id": "{board}", "content": "New"},
        "401 401 401  404 404  403 201 201 201  201 | 401 401 401  403 403  201 201 201 201  201"),
    "GET /api/board-comments/{note}": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/board-comments/{note}": (
        {"content": "New"},  # the MEMBER wrote it
        "401 401 401  404 404  403 200 403 403  200 | 401 401 401  403 403  403 200 403 403  200"),
    "PATCH /api/board-comments/{note}": (
        {"content": "New"},  # the MEMBER wrote it
        "401 401 401  404 404  403 200 403 403  200 | 401 401 401  403 403  403 200 403 403  200"),
    "PATCH /api/board-comments/{old_note}": (
        {"content": "New"},  # the ex-member wrote it
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "DELETE /api/board-comments/{note}": (
        None,  # the MEMBER wrote it
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "DELETE /api/board-comments/{old_note}": (
        None,  # the ex-member wrote it
        "401 401 401  404 404  403 403 204 204  204 | 401 401 401  403 403  403 403 204 204  204"),
    "DELETE /api/board-comments/{creators_note}": (
        None,  # the CREATOR wrote it
        "401 401 401  404 404  403 403 204 204  204 | 401 401 401  403 403  403 403 204 204  204"),
    "PUT /api/board-comments/{viewers_note}": (
        {"content": "New"},  # the VIEWER wrote it
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  200 403 403 403  200"),
    "PATCH /api/board-comments/{viewers_note}": (
        {"content": "New"},  # the VIEWER wrote it
        "401 401 401  404 404  403 403 403 403  200 | 401 401 401  403 403  200 403 403 403  200"),
    "DELETE /api/board-comments/{viewers_note}": (
        None,  # the VIEWER wrote it
        "401 401 401  404 404  403 403 204 204  204 | 401 401 401  403 403  204 403 204 204  204"),

    "GET /api/boards/{board}/changes": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/boards/{board}/presence": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/events/stream?board={board}": (
        None,  # for whom can't see the board, the stream says so
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/search?q=launch": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/boards/{board}/events": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/tasks/{task}/events": (
        None,
        "401 401 401  404 404  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/events": (
        None,
        "401 401 401  403 403  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "GET /api/jobs": (
        None,
        "401 401 401  403 403  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "POST /api/events/{edited_task}/revert": (
        None,
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "POST /api/events/{edited_board}/revert": (
        None,
        "401 401 401  404 404  403 403 200 200  200 | 401 401 401  403 403  403 403 200 200  200"),
    "POST /api/events/{edited_comment}/revert": (
        None,  # a MEMBER wrote it
        "401 401 401  404 404  403 200 403 403  200 | 401 401 401  403 403  403 200 403 403  200"),
    "POST /api/events/{deleted_task}/revert": (
        None,
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "POST /api/events/{deleted_board}/revert": (
        None,
        "401 401 401  404 404  404 404 404 200  200 | 401 401 401  404 404  404 404 404 200  200"),
    "POST /api/events/{new_moderator}/revert": (
        None,
        "401 401 401  404 404  403 403 403 204  204 | 401 401 401  403 403  403 403 403 204  204"),
    "POST /api/events/{new_role}/revert": (
        None,
        "401 401 401  404 404  403 403 403 200  200 | 401 401 401  403 403  403 403 403 200  200"),
    "POST /api/events/{past_edit}/revert": (
        None,  # the task has another title since
        "401 401 401  404 404  409 409 409 409  409 | 401 401 401  409 409  409 409 409 409  409"),
    "POST /api/events/{new_user}/revert": (
        None,
        "401 401 401  404 404  404 404 404 404  409 | 401 401 401  404 404  404 404 404 404  409"),
    "GET /api/notifications": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/notifications/count": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/notifications/settings": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "PUT /api/notifications/settings": (
        {"due_in_3_days": False, "due_in_1_day": True},
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "POST /api/notifications/read": (
        None,
        "401 401 401  204 204  204 204 204 204  204 | 401 401 401  204 204  204 204 204 204  204"),
    "POST /api/notifications/1/read": (
        None,  # it is the MEMBER's
        "401 401 401  404 404  404 204 404 404  404 | 401 401 401  404 404  404 204 404 404  404"),
    "PUT /api/boards/{board}/mute": (
        None,
        "401 401 401  404 404  204 204 204 204  204 | 401 401 401  204 204  204 204 204 204  204"),
    "DELETE /api/boards/{board}/mute": (
        None,
        "401 401 401  404 404  204 204 204 204  204 | 401 401 401  204 204  204 204 204 204  204"),
    "GET /api/trash": (
        None,
        "401 401 401  200 200  200 200 200 200  200 | 401 401 401  200 200  200 200 200 200  200"),
    "GET /api/boards/{board}/trash": (
        None,
        "401 401 401  404 404  403 200 200 200  200 | 401 401 401  403 403  403 200 200 200  200"),
    "GET /api/boards/{old_board}/trash": (
        None,  # it is in the trash itself
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "GET /api/boards/{old_board}": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "POST /api/boards/{old_board}/restore": (
        None,
        "401 401 401  404 404  404 404 404 200  200 | 401 401 401  404 404  404 404 404 200  200"),
    "POST /api/boards/{board}/restore not in the trash": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "DELETE /api/boards/{old_board}": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "DELETE /api/boards/{old_board}?permanent=true": (
        None,
        "401 401 401  404 404  404 404 404 204  204 | 401 401 401  404 404  404 404 404 204  204"),
    "DELETE /api/boards/{board}?permanent=true": (
        None,
        "401 401 401  404 404  403 403 403 204  204 | 401 401 401  403 403  403 403 403 204  204"),
    "GET /api/columns/{old_column}": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "GET /api/columns/{old_column}/tasks": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "POST /api/columns/{old_column}/restore": (
        None,
        "401 401 401  404 404  404 200 200 200  200 | 401 401 401  404 404  404 200 200 200  200"),
    "DELETE /api/columns/{old_column}?permanent=true": (
        None,
        "401 401 401  404 404  404 204 204 204  204 | 401 401 401  404 404  404 204 204 204  204"),
    "DELETE /api/columns/{column}?permanent=true": (
        None,
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),
    "POST /api/tasks into a column in the trash": (
        {"column_id": "{old_column}", "title": "New"},
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "GET /api/tasks/{old_task}": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "GET /api/tasks/{buried_task} under a column in the trash": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "PATCH /api/tasks/{buried_task} under a column in the trash": (
        {"title": "New"},
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "POST /api/tasks/{old_task}/restore": (
        None,
        "401 401 401  404 404  404 200 200 200  200 | 401 401 401  404 404  404 200 200 200  200"),
    "POST /api/tasks/{lost_task}/restore under a column in the trash": (
        None,
        "401 401 401  404 404  404 409 409 409  409 | 401 401 401  404 404  404 409 409 409  409"),
    "POST /api/tasks/{buried_task}/restore not in the trash itself": (
        None,
        "401 401 401  404 404  404 404 404 404  404 | 401 401 401  404 404  404 404 404 404  404"),
    "DELETE /api/tasks/{old_task}?permanent=true": (
        None,
        "401 401 401  404 404  404 204 204 204  204 | 401 401 401  404 404  404 204 204 204  204"),
    "DELETE /api/tasks/{task}?permanent=true": (
        None,
        "401 401 401  404 404  403 204 204 204  204 | 401 401 401  403 403  403 204 204 204  204"),

    "GET /api/avatars/bystander.svg": (
        None,
        "200 200 200  200 200  200 200 200 200  200 | 200 200 200  200 200  200 200 200 200  200"),
    "GET /api/server": (
        None,
        "200 200 200  200 200  200 200 200 200  200 | 200 200 200  200 200  200 200 200 200  200"),
    "GET /api/status": (
        None,
        "401 401 401  403 403  403 403 403 403  200 | 401 401 401  403 403  403 403 403 403  200"),
    "GET /health/live": (
        None,
        "200 200 200  200 200  200 200 200 200  200 | 200 200 200  200 200  200 200 200 200  200"),
    "GET /health/ready": (
        None,
        "200 200 200  200 200  200 200 200 200  200 | 200 200 200  200 200  200 200 200 200  200"),
}  # fmt: skip

TABLES = (
    "users", "sessions", "boards", "board_users", "columns", "tasks", "subtasks", "comments",
    "board_comments", "labels", "task_labels", "task_assignees", "invitations", "api_tokens",
    "events", "notifications", "mutes",
)  # fmt: skip
# Without triggers, which would look in the event log for each row.
EMPTY = (
    "SET LOCAL session_replication_role = replica;"
    + "".join(f"DELETE FROM {table};" for table in TABLES)
    + "SET LOCAL session_replication_role = origin;"
)
SEED = """
    INSERT INTO users (id, username, username_key, email, email_key, avatar_url, hashed_password,
                       is_admin)
    SELECT id::uuid, name, name, name || '@example.com', name || '@example.com', '/a.svg',
           '{password}', name = 'admin'
    FROM (VALUES {users}) AS people (id, name);
    INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
    SELECT id, id, now(), now(), now() + interval '1 day' FROM users;
    INSERT INTO api_tokens (id, user_id, name, token_hash, scopes, last_used_at, expires_at)
    SELECT id, id, 'Script', encode(sha256(('corkboard_' || username)::bytea), 'hex'),
        ARRAY['read', 'write'] || CASE WHEN is_admin THEN ARRAY['admin'] END,
        now(), now() + interval '1 day'
    FROM users;
    INSERT INTO boards (id, title, is_public, viewers_can_comment) VALUES
        ('{board}', 'Board', {is_public}, {is_public}),
        ('{private_board}', 'Private', false, false),
        ('{public_board}', 'Public', true, true);
    INSERT INTO board_users (board_id, user_id, role) VALUES
        ('{board}', '{creator}', 'CREATOR'), ('{board}', '{moderator}', 'MODERATOR'),
        ('{board}', '{other_moderator}', 'MODERATOR'), ('{board}', '{member}', 'MEMBER'),
        ('{board}', '{other_member}', 'MEMBER'), ('{board}', '{viewer}', 'VIEWER'),
        ('{private_board}', '{bystander}', 'CREATOR'), ('{public_board}', '{bystander}', 'CREATOR');
    INSERT INTO board_users (board_id, user_id, role) VALUES ('{board}', '{ex_member}', 'MEMBER');
    DELETE FROM board_users WHERE user_id = '{ex_member}';
    INSERT INTO invitations (id, board_id, inviter_id, role, token_hash, max_uses, expires_at)
    VALUES ('{invitation}', '{board}', '{creator}', 'MEMBER', encode(sha256('link'), 'hex'), 2,
            now() + interval '1 day');
    INSERT INTO columns (id, board_id, title, rank) VALUES
        ('{column}', '{board}', 'Column', '{rank}2'),
        ('{private_column}', '{private_board}', 'Column', '{rank}2'),
        ('{public_column}', '{public_board}', 'Column', '{rank}2');
    INSERT INTO tasks (id, column_id, title, rank) VALUES
        ('{task}', '{column}', 'Task', '{rank}2'), ('{task2}', '{column}', 'Task', '{rank}3'),
        ('{private_task}', '{private_column}', 'Task', '{rank}2'),
        ('{public_task}', '{public_column}', 'Task', '{rank}2');
    INSERT INTO boards (id, title, is_public, deleted_at) VALUES
        ('{old_board}', 'Old', {is_public}, now());
    INSERT INTO board_users (board_id, user_id, role)
    SELECT '{old_board}', user_id, role FROM board_users WHERE board_id = '{board}';
    INSERT INTO columns (id, board_id, title, rank, deleted_at) VALUES
        ('{old_column}', '{board}', 'Old', '{rank}1', now());
    INSERT INTO tasks (id, column_id, title, rank, deleted_at) VALUES
        ('{old_task}', '{column}', 'Old', '{rank}1', now()),
        ('{lost_task}', '{old_column}', 'Old', '{rank}1', now()),
        ('{buried_task}', '{old_column}', 'Old', '{rank}2', null);
    INSERT INTO subtasks (id, task_id, title, rank) VALUES
        ('{subtask}', '{task}', 'Subtask', '{rank}2');
    INSERT INTO comments (id, task_id, user_id, content) VALUES
        ('{comment}', '{task}', '{member}', 'Comment'),
        ('{old_comment}', '{task}', '{ex_member}', 'Comment'),
        ('{creators_comment}', '{task}', '{creator}', 'Comment'),
        ('{viewers_comment}', '{task}', '{viewer}', 'Comment');
    INSERT INTO board_comments (id, board_id, user_id, content) VALUES
        ('{note}', '{board}', '{member}', 'Comment'),
        ('{old_note}', '{board}', '{ex_member}', 'Comment'),
        ('{creators_note}', '{board}', '{creator}', 'Comment'),
        ('{viewers_note}', '{board}', '{viewer}', 'Comment');
    INSERT INTO labels (id, board_id, name) VALUES
        ('{label}', '{board}', 'Label'), ('{other_label}', '{board}', 'Label'),
        ('{private_label}', '{private_board}', 'Label');
    INSERT INTO task_labels (task_id, label_id) VALUES ('{task}', '{label}');
    INSERT INTO task_assignees (task_id, membership_id)
    SELECT '{task}', id FROM board_users WHERE board_id = '{board}' AND user_id = '{creator}';
    DELETE FROM users WHERE username = 'deleted';
    DELETE FROM events;
    DELETE FROM notifications;
    INSERT INTO notifications (id, user_id, kind, board_id)
    VALUES (1, '{member}', 'added', '{board}');
"""

CONTENT = (
    " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t"
        for table in TABLES
    )
    + " ORDER BY 1"
)


def cells(row: str) -> Iterator[tuple[str, bool, int]]:
    """Yield each cell of a row: the actor, whether the board is public, the status."""
    for is_public, half in enumerate(row.split("|")):
        for actor, status in zip(ACTORS, half.split(), strict=True):
            yield actor, bool(is_public), int(status)


def token_of(actor: str) -> str | None:
    if actor == "anonymous":
        return None
    if actor == "bad_token":
        return "eyJhbGciOiJub25lIn0.e30."
    now = datetime.now(UTC)
    session = Session(id=IDS[actor], created_at=now, expires_at=now + timedelta(days=1))
    return issue_token(session, User(id=IDS[actor], is_admin=actor == "admin"))


async def seed(
    connection: asyncpg.Connection, hashed_password: str, *, is_public: bool = False
) -> None:
    """Put exactly the rows that the table is about into the database."""
    users = ", ".join(f"('{IDS[name]}', '{name}')" for name in list(IDS)[:11])
    await connection.execute(
        EMPTY
        + SEED.format(
            users=users, password=hashed_password, is_public=is_public, rank="0" * 12, **IDS
        )
    )
    for number, board, record_id, kind, before, after in EVENTS.values():
        await connection.execute(
            "INSERT INTO events (id, board_id, record, record_id, kind, before, after) "
            "VALUES ($1, $2, split_part($4, '.', 1), $3, $4, $5, $6)",
            number,
            board and fill(board, IDS),
            fill(record_id, IDS),
            kind,
            before and json.dumps(before),
            after and json.dumps(fill(after, IDS)),
        )


def fill(value: Any, names: dict[str, Any]) -> Any:
    """Return the value with ids in the place of their names."""
    if isinstance(value, list):
        return [fill(each, names) for each in value]
    if isinstance(value, dict):
        return {name: fill(each, names) for name, each in value.items()}
    return value.format(**names) if isinstance(value, str) else value


async def send(
    world: World, operation: str, actor: str, *, by_token: bool = False, **more: Any
) -> httpx.Response:
    """Send the table's request as the actor, or as a script of theirs, with more in its body."""
    events = {name: event[0] for name, event in EVENTS.items()}
    names = {**IDS, **events, "self": IDS.get(actor, IDS["outsider"])}
    method, path = operation.split()[:2]
    headers = {}
    if by_token:
        headers["Authorization"] = f"Bearer corkboard_{actor}"
    elif token := token_of(actor):
        headers["Cookie"] = f"session={token}"
    body = TABLE[operation][0]
    content = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        filled = {key: fill(value, names) for key, value in (body | more).items()}
        content = json.dumps(filled).encode()
    return await request(world.app, method, path.format(**names), headers, content)


class Matrix:
    """Sends requests of the table, and puts the rows back into place only after a change."""

    def __init__(self, world: World, connection: asyncpg.Connection, hashed_password: str) -> None:
        self.world = world
        self.connection = connection
        self.hashed_password = hashed_password
        self.by_token = False
        # The rows of a private and of a public board as they were seeded, and how to restore each.
        self.seeded: dict[bool, list[asyncpg.Record]] = {}
        self.restore: dict[tuple[str, bool], str] = {}

    async def prepare(self) -> "Matrix":
        """Seed, and keep a copy of each table."""
        for is_public in (False, True):
            await seed(self.connection, self.hashed_password, is_public=is_public)
            self.seeded[is_public] = await self.rows()
            for table in TABLES:
                names = ", ".join(
                    name
                    for [name] in await self.connection.fetch(
                        "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass "
                        "AND attnum > 0 AND attgenerated = '' AND NOT attisdropped",
                        table,
                    )
                )
                copy = f"{table}_{is_public}"
                await self.connection.execute(f"CREATE TABLE {copy} AS SELECT {names} FROM {table}")
                self.restore[table, is_public] = (
                    f"DELETE FROM {table}; INSERT INTO {table} ({names}) SELECT * FROM {copy}"
                )
        # Without triggers: what other tables hold stays, or is restored by itself.
        await self.connection.execute("SET session_replication_role = replica")
        return self

    async def seed(self, is_public: bool) -> list[asyncpg.Record]:
        """Restore the tables that have changed since, and return what they hold."""
        expected = self.seeded[is_public]
        changed = {table for table, _ in {*await self.rows()} - {*expected}}
        if changed:
            await self.connection.execute("; ".join(self.restore[t, is_public] for t in changed))
        return expected

    async def rows(self) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self.connection.fetch(CONTENT)
        return rows

    async def send(self, operation: str, actor: str) -> httpx.Response:
        return await send(self.world, operation, actor, by_token=self.by_token)

    async def faults(
        self, operation: str, answers: Iterable[tuple[str, bool, int]]
    ) -> list[tuple[object, ...]]:
        """Return the unexpected answers, and the refusals and reads that change rows.

        Those come first, one after another. Only where rows differ after them is each sent again
        alone, to find out which it was.
        """
        wrong: list[tuple[object, ...]] = []
        for is_public in (False, True):
            expected = {actor: status for actor, public, status in answers if public == is_public}
            reads = operation.startswith("GET ")
            idle = [actor for actor, status in expected.items() if reads or status >= 400]
            before = await self.seed(is_public)
            for actor in idle:
                wrong += await self.check(operation, actor, expected[actor])
            if await self.rows() != before:
                for actor in idle:
                    before = await self.seed(is_public)
                    await self.send(operation, actor)
                    if await self.rows() != before:
                        wrong.append((actor, f"{is_public=}", "rows changed"))
            for actor in [each for each in expected if each not in idle]:
                await self.seed(is_public)
                wrong += await self.check(operation, actor, expected[actor])
        return wrong

    async def check(self, operation: str, actor: str, expected: int) -> list[tuple[object, ...]]:
        response = await self.send(operation, actor)
        if response.status_code == expected:
            return []
        return [(actor, expected, response.status_code, response.text)]


@pytest.fixture(scope="module")
async def matrix(
    shared_world: World, shared_url: str, hashed_password: str
) -> AsyncIterator[Matrix]:
    connection = await asyncpg.connect(shared_url)
    yield await Matrix(shared_world, connection, hashed_password).prepare()
    await connection.close()


@pytest.mark.parametrize("operation", TABLE)
async def test_each_caller_gets_the_answer_of_the_table(operation: str, matrix: Matrix) -> None:
    matrix.by_token = False
    assert not await matrix.faults(operation, [*cells(TABLE[operation][1])])


# What takes a session, not a token; an account also takes one, but for an admin's token.
IN_SESSION = r"/api/auth/(sessions|tokens|password)|/api/users/.*/password"
ON_ACCOUNTS = r"(PUT|PATCH|DELETE) /api/users/{\w+}"


@pytest.mark.parametrize(
    "operation",
    [
        # Who reads is known by the same statement for all, and reads are half of the table.
        pytest.param(name, marks=[pytest.mark.slow] if name.startswith("GET ") else [])
        for name in TABLE
    ],
)
async def test_each_callers_script_gets_the_same_answer(operation: str, matrix: Matrix) -> None:
    answers = []
    for actor, is_public, expected in cells(TABLE[operation][1]):
        if is_public or actor in ACTORS[:3]:
            continue
        is_refused = actor != "admin" and re.match(ON_ACCOUNTS, operation)
        if is_refused or re.match(IN_SESSION, operation.split()[1]):
            expected = 403
        answers.append((actor, is_public, expected))
    matrix.by_token = True
    assert not await matrix.faults(operation, answers)


def operations(app: FastAPI) -> set[str]:
    return {
        f"{method.upper()} {path}"
        for path, item in resolved(app.openapi())["paths"].items()
        for method in item
    }


TEMPLATES = {
    **{f"{{{name}}}": "{user_id}" for name in ("self", *IDS)},
    **{
        f"{{{name}}}": f"{{{name}_id}}"
        for name in ("board", "column", "task", "subtask", "comment", "label")
    },
    **{f"{{{name}_comment}}": "{comment_id}" for name in ("old", "creators", "viewers")},
    **{f"{{{name}note}}": "{board_comment_id}" for name in ("", "old_", "creators_", "viewers_")},
    **{f"{{old_{name}}}": f"{{{name}_id}}" for name in ("board", "column", "task")},
    **{f"{{{name}}}": "{task_id}" for name in ("lost_task", "buried_task")},
    **{f"{{{name}}}": "{label_id}" for name in ("other_label", "private_label")},
    "{invitation}": "{invitation_id}",
    "/invitations/links": "/invitations/{token}",
    "/invitations/link": "/invitations/{token}",
    "{public_board}": "{board_id}",
    "/bystander.svg": "/{name}.svg",
    "/notifications/1": "/notifications/{notification_id}",
    **{f"{{{name}}}": "{event_id}" for name in EVENTS},
}  # fmt: skip


def operation_of(row: str) -> str:
    """Return the operation that a row of the table is about, as Swagger names it."""
    method, path = row.split()[:2]
    path = path.partition("?")[0]
    for name, template in TEMPLATES.items():
        path = path.replace(name, template)
    path = path.replace("sessions/{user_id}", "sessions/{session_id}")
    path = path.replace("tokens/{user_id}", "tokens/{token_id}")
    return f"{method} {path}"


def test_the_table_has_every_operation(application: FastAPI) -> None:
    """A new operation without its row fails here."""
    listed = {operation_of(row) for row in TABLE}
    assert listed == operations(application)
    assert len(listed) == 132


def test_a_missing_cell_fails() -> None:
    for _, row in TABLE.values():
        assert len(list(cells(row))) == len(ACTORS) * 2
    with pytest.raises(ValueError, match="shorter"):
        list(cells("200 200 | 200"))
