from enum import StrEnum


class Role(StrEnum):
    """What a member may do on a board, from least to most."""

    MEMBER = "MEMBER"
    MODERATOR = "MODERATOR"
    CREATOR = "CREATOR"


class Priority(StrEnum):
    """How urgent a task is."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class Status(StrEnum):
    """How far a task has come; REJECT is a task that won't be done."""

    TODO = "TODO"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    REJECT = "REJECT"


class TokenScope(StrEnum):
    """What an API token is good for: to read, to change, to act as the admin that its owner is."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
