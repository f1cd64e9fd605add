from enum import StrEnum


class Role(StrEnum):
    """The roles of members, from fewest to most rights."""

    VIEWER = "VIEWER"
    MEMBER = "MEMBER"
    MODERATOR = "MODERATOR"
    CREATOR = "CREATOR"


class Priority(StrEnum):
    """The urgency of a task."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class Status(StrEnum):
    """The progress of a task; REJECT: it won't be done."""

    TODO = "TODO"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    REJECT = "REJECT"


class TokenScope(StrEnum):
    """Scopes of an API token: read, change, act as an admin if its owner is one."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
