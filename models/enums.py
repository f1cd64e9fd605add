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


class NotificationKind(StrEnum):
    """A reason to notify somebody."""

    ADDED = "added"
    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    COMMENTED = "commented"
    DUE_CHANGED = "due_changed"
    DUE_IN_3_DAYS = "due_in_3_days"
    DUE_IN_1_DAY = "due_in_1_day"
    OVERDUE = "overdue"


class EventKind(StrEnum):
    """A kind of event."""

    BOARD_CREATED = "board.created"
    BOARD_UPDATED = "board.updated"
    BOARD_ARCHIVED = "board.archived"
    BOARD_UNARCHIVED = "board.unarchived"
    BOARD_DELETED = "board.deleted"
    BOARD_RESTORED = "board.restored"
    BOARD_PURGED = "board.purged"
    COLUMN_CREATED = "column.created"
    COLUMN_UPDATED = "column.updated"
    COLUMN_MOVED = "column.moved"
    COLUMN_ARCHIVED = "column.archived"
    COLUMN_UNARCHIVED = "column.unarchived"
    COLUMN_DELETED = "column.deleted"
    COLUMN_RESTORED = "column.restored"
    COLUMN_PURGED = "column.purged"
    TASK_CREATED = "task.created"
    TASK_UPDATED = "task.updated"
    TASK_MOVED = "task.moved"
    TASK_ARCHIVED = "task.archived"
    TASK_UNARCHIVED = "task.unarchived"
    TASK_DELETED = "task.deleted"
    TASK_RESTORED = "task.restored"
    TASK_PURGED = "task.purged"
    TASK_ASSIGNED = "task.assigned"
    TASK_UNASSIGNED = "task.unassigned"
    TASK_LABELED = "task.labeled"
    TASK_UNLABELED = "task.unlabeled"
    SUBTASK_CREATED = "subtask.created"
    SUBTASK_UPDATED = "subtask.updated"
    SUBTASK_MOVED = "subtask.moved"
    SUBTASK_DELETED = "subtask.deleted"
    COMMENT_CREATED = "comment.created"
    COMMENT_UPDATED = "comment.updated"
    COMMENT_DELETED = "comment.deleted"
    BOARD_COMMENT_CREATED = "board_comment.created"
    BOARD_COMMENT_UPDATED = "board_comment.updated"
    BOARD_COMMENT_DELETED = "board_comment.deleted"
    LABEL_CREATED = "label.created"
    LABEL_UPDATED = "label.updated"
    LABEL_DELETED = "label.deleted"
    MEMBER_ADDED = "member.added"
    MEMBER_UPDATED = "member.updated"
    MEMBER_REMOVED = "member.removed"
    INVITATION_CREATED = "invitation.created"
    INVITATION_UPDATED = "invitation.updated"
    INVITATION_USED = "invitation.used"
    INVITATION_REVOKED = "invitation.revoked"
    USER_CREATED = "user.created"
    USER_UPDATED = "user.updated"
    USER_PROMOTED = "user.promoted"
    USER_DEMOTED = "user.demoted"
    USER_DISABLED = "user.disabled"
    USER_ENABLED = "user.enabled"
    USER_DELETED = "user.deleted"
    SESSION_CREATED = "session.created"
    SESSION_ENDED = "session.ended"
    TOKEN_CREATED = "token.created"  # noqa: S105  # no password
    TOKEN_UPDATED = "token.updated"  # noqa: S105
    TOKEN_REVOKED = "token.revoked"  # noqa: S105
