"""The URL of a database with its hosts, and the connection to the first of them that answers.

A host that hangs mustn't keep the server from the others, so that several are tried at once.
"""

import asyncio
import os
import re
import socket
import ssl
from asyncio import Task
from collections.abc import Sequence
from typing import Any, NamedTuple, Self
from urllib.parse import unquote, urlencode

import asyncpg
from tortoise.exceptions import DBConnectionError

CONNECT_SECONDS = 5.0
HEAD_START_SECONDS = 0.2  # of the host that was good the last time
DEFAULT_PORT = 5432

# A password may contain what ends it elsewhere, but for the beginning of the path or the options.
URL = re.compile(
    r"postgres(?:ql)?://(?:(?P<user>[^:/?]*)(?::(?P<password>[^/?]*))?@)?(?P<hosts>[^/?@]*)"
    r"(?:/(?P<database>[^?]*))?(?:\?(?P<options>.*))?",
    re.DOTALL,
)
HOST = re.compile(r"(?P<host>/[^:]*|\[[^]]+\]|[^:\[\]]+)(?::(?P<port>\d{1,5}))?")
EXAMPLE = "postgres://user:password@host:5432/name"
ENCODE = "In a user or a password, write %2F for /, %3F for ?, %40 for @ and %25 for %"
# What they name is read by asyncpg, whose errors don't say which of them it couldn't read.
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
# libpq's, for which there is nothing to do here.
IGNORED = ("connect_timeout", "gssencmode", "keepalives", "keepalives_idle",
           "keepalives_interval", "keepalives_count", "tcp_user_timeout")  # fmt: skip


class TooManyConnections(DBConnectionError):
    """PostgreSQL has no connection left for us."""


class Host(NamedTuple):
    """A host of a database: a name, an address or the folder of a socket, and its port."""

    name: str
    port: int

    def __str__(self) -> str:
        if self.name.startswith("/"):
            return self.name
        return f"[{self.name}]:{self.port}" if ":" in self.name else f"{self.name}:{self.port}"


class Dsn(NamedTuple):
    """The parts of a URL. Those that it lacks are taken from the environment, as libpq does."""

    hosts: list[Host]
    user: str | None
    password: str | None
    database: str | None
    options: dict[str, str]

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read a URL of libpq's. Raises DBConnectionError, which shows nothing of it."""
        parts = URL.fullmatch(url)
        if not parts:
            raise DBConnectionError(f"its URL isn't like {EXAMPLE}. {ENCODE}")
        options: dict[str, str] = {}
        for pair in filter(None, (parts["options"] or "").split("&")):
            name, equals, value = pair.partition("=")
            if not equals:
                raise DBConnectionError(f"an option of its URL isn't name=value. {ENCODE}")
            options[unquote(name)] = unquote(value)
        for name in IGNORED:
            options.pop(name, None)

        def part(name: str, option: str) -> str | None:
            return unquote(parts[name] or "") or options.get(option) or None

        user, password = part("user", "user"), part("password", "password")
        database = part("database", "dbname") or options.get("database")
        hosts = hosts_in(part("hosts", "host"), options.get("port"))
        if hosts:
            options.pop("port", None)
        for name in ("host", "user", "password", "dbname", "database"):
            options.pop(name, None)
        if len(hosts) > 1:  # A standby would do for reading alone.
            options.setdefault("target_session_attrs", "read-write")
        return cls(hosts, user, password, database, options)

    def arguments(self, host: Host | None) -> dict[str, Any]:
        """Return what asyncpg needs to connect to a host, or to where it looks by itself."""
        options = dict(self.options)
        by_system = options.get("sslrootcert") == "system"
        if by_system:  # which means the same as to libpq
            del options["sslrootcert"]
        return {
            "dsn": f"postgres://?{urlencode(options)}",
            "host": host and host.name,
            "port": host and host.port,
            "user": self.user,
            "password": self.password,
            "database": self.database,
            "ssl": True if by_system else None,
        }

    def reason(self, error: BaseException) -> str:
        """Return why a host can't be connected to, and what to do about it."""
        for name in FILES:
            file = self.options.get(name, "system")
            if file != "system" and not os.access(file, os.R_OK):
                return f"{file} can't be read, which its URL names as {name}"
        match error:
            case asyncpg.TargetServerAttributeNotMatched():
                return f"not {self.options.get('target_session_attrs', 'as wanted')}"
            case asyncpg.InvalidPasswordError():
                return f"{error.args[0]}. {ENCODE}"
            case asyncpg.InvalidCatalogNameError():
                return f"{error.args[0]}. Create it with a UTF-8 locale, such as C.UTF-8"
            case ssl.SSLCertVerificationError():
                return (
                    f"its certificate isn't trusted: {error.verify_message.rstrip('.')}. Name the "
                    "certificate of its CA as sslrootcert, and the host as its certificate does"
                )
            case ssl.SSLError():
                return f"TLS fails: {error.reason or error}"
            case TimeoutError():
                return f"no answer within {CONNECT_SECONDS:.0f} s"
            case socket.gaierror():
                return str(error.strerror)
            case OSError() if number := re.search(r"\[Errno (\d+)\]", str(error)):
                return os.strerror(int(number[1])).lower()
            case OSError() if "rejected SSL upgrade" in str(error):
                return f"it offers no TLS, which sslmode={self.options.get('sslmode')} needs"
            case UnicodeError():
                return "no name of a host"
        # One line, without what PostgreSQL says beside it.
        return str(error.args[0] if error.args else error).partition("\n")[0]


def hosts_in(text: str | None, ports: str | None) -> list[Host]:
    """Return the hosts of a list such as `a:5432,[::1],/folder`, and of a list of ports."""
    specs, wanted = (text.split(",") if text else []), (ports or str(DEFAULT_PORT)).split(",")
    if len(wanted) == 1:
        wanted *= len(specs)
    found = [HOST.fullmatch(spec) for spec in specs]
    if len(wanted) != len(specs) or not all(port.isdecimal() for port in wanted):
        raise DBConnectionError("the option port of its URL must have a number, or one a host")
    if not all(found):
        raise DBConnectionError(f"the hosts in its URL must be like host:5432. {ENCODE}")
    return [
        Host(spec["host"].strip("[]"), int(spec["port"] or port))
        for spec, port in zip(found, wanted, strict=True)
        if spec
    ]


_last_good: dict[str, Host | None] = {}  # by URL


async def connect(url: str, **options: Any) -> asyncpg.Connection:
    """Connect to a database as asyncpg does, to the first of its hosts that answers as wanted.

    The one that did so the last time has a head start. Raises DBConnectionError.
    """
    dsn = Dsn.parse(url)
    hosts: list[Host | None] = [*dsn.hosts] or [None]
    first, *others = sorted(hosts, key=lambda host: host != _last_good.get(url))
    # What is prepared would stay in a session that a pooler lends to others.
    defaults = {"timeout": CONNECT_SECONDS, "statement_cache_size": 0}
    running: dict[Task[asyncpg.Connection], Host | None] = {}
    failures: dict[Host | None, BaseException] = {}

    def start(hosts: Sequence[Host | None]) -> None:
        for host in hosts:
            given = {**defaults, **options, **dsn.arguments(host)}
            running[asyncio.create_task(asyncpg.connect(**given))] = host

    start([first])
    try:
        while running:
            done, _ = await asyncio.wait(
                running,
                timeout=HEAD_START_SECONDS if others else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in done:
                host = running.pop(task)
                if not (error := task.exception()):
                    _last_good[url] = host
                    return task.result()
                failures[host] = error
            start(others)
            others = []
    finally:
        for task in running:
            task.cancel()
            task.add_done_callback(_close)
    kind = TooManyConnections if any(map(_is_full, failures.values())) else DBConnectionError
    raise kind("; ".join(
        f"{host}: {dsn.reason(error)}" if host else dsn.reason(error)
        for host, error in failures.items()
    )) from None  # fmt: skip


def host_of(connection: asyncpg.Connection) -> str:
    """Return the host to which a connection goes."""
    address = connection._addr
    return address if isinstance(address, str) else str(Host(*address))


def _is_full(error: BaseException) -> bool:
    # The second is PgBouncer's.
    return isinstance(error, asyncpg.TooManyConnectionsError) or "max_client_conn" in str(error)


def _close(task: Task[asyncpg.Connection]) -> None:
    """Close the connection of a task that was too slow."""
    if not task.cancelled() and not task.exception():
        task.result().terminate()
