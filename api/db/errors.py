"""Errors of the database: those that end a start, and those after which a retry may succeed."""

import asyncio

import asyncpg
from tortoise.exceptions import DBConnectionError, TransactionManagementError

# Lost or refused connections, timeouts, shutdowns, full or broken disks, deadlocks, transactions
# that may only read because the server is a standby (for now): try again later.
DATABASE_TROUBLE: tuple[type[Exception], ...] = (
    OSError,  # TimeoutError is one
    asyncio.TimeoutError,
    DBConnectionError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.OperatorInterventionError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidTransactionStateError,
    TransactionManagementError,  # which Tortoise makes of it in most places
    asyncpg.InternalClientError,
)


class DatabaseError(RuntimeError):
    """The database can't be used as it is; the message says why."""
