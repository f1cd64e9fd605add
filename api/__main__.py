"""The command line: `python -m api`.

What only some commands need is imported by those, since the application takes longer to import than
most commands to run.
"""

import asyncio
import logging.config
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import click
from pydantic import ValidationError
from tortoise.exceptions import DBConnectionError

from api.db.connection import (
    STATEMENT_SECONDS,
    database,
    migrate,
    refuse_too_few_connections,
    unit_of_work,
)
from api.db.errors import DatabaseError
from api.db.pooler import refuse_other_pooler, warn_of_settings
from api.logs import CONFIGURATION, log
from api.settings import settings
from embedded_postgres.programs import PostgresError
from embedded_postgres.server import embedded_postgres

DATA = Path("data")


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the URL of the database itself, or that of the embedded one, which it starts."""
    if url := settings().direct_url:
        asyncio.run(refuse_other_pooler(url))
        yield url
    else:
        with embedded_postgres(DATA.resolve() / "postgres") as url:
            yield url


@click.group()
def cli() -> None:
    """Corkboard, the backend of a team's kanban."""
    # A signal ends this process through its `finally`s, so that PostgreSQL stops, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


@cli.command()
def serve() -> None:
    """Run the server.

    Without DATABASE_URL, it runs an embedded PostgreSQL, too.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # stopping on request is a success
    with postgres() as url:
        if not settings().database_url:
            # For the workers, which read the settings themselves.
            os.environ["DATABASE_URL"] = url
            settings.cache_clear()
        logging.config.dictConfig(CONFIGURATION)
        asyncio.run(prepare(url))
        refuse_taken_port(settings().host, settings().port)
        # A stream is a connection for as long as it lasts, and many systems begin with 1,024 files.
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

        # Not before, so that what keeps the server from starting is said at once.
        import uvicorn

        from api.http.uvicorn_protocol import Protocol
        from api.http.workers import Workers, listeners

        address = settings().address
        log.info("Board: %s, API: %s/api, Swagger: %s/docs", address, address, address)
        config = uvicorn.Config(
            "api.app:create_app",
            factory=True,
            http=Protocol,
            host=settings().host,
            port=settings().port,
            workers=settings().workers,
            proxy_headers=False,  # api.http.proxies reads them
            server_header=False,
            access_log=False,
            log_config=CONFIGURATION,
            timeout_keep_alive=settings().keep_alive_seconds,
            timeout_graceful_shutdown=8,
            # On a busy machine, a worker may be silent for as long while it imports.
            timeout_worker_healthcheck=30,
        )
        if config.workers > 1:
            Workers(config).run()
        else:
            with suppress(KeyboardInterrupt):
                uvicorn.Server(config).run(listeners(config.host, config.port))


async def prepare(direct_url: str) -> None:
    """Migrate the database, and refuse one that the workers couldn't use."""
    workers, pool, url = settings().workers, settings().database_pool, settings().database_url
    assert url  # noqa: S101  # `serve` has set it
    if url != direct_url:
        await refuse_other_pooler(url)
    for migration in await migrate(direct_url):
        log.info("Migrated: %s", migration)
    if settings().database_pooler == "transaction":
        await warn_of_settings(url, STATEMENT_SECONDS)
    elif not settings().database_pooler:
        await refuse_too_few_connections(url, workers, pool)


def refuse_taken_port(host: str, port: int) -> None:
    """End with a hint if the server can't listen."""
    from api.http.workers import listeners

    try:
        for listener in listeners(host, port):
            listener.close()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        fail(f"The server can't listen on {host}, port {port}: {reason}. Try make run PORT=9000.")


@cli.command("migrate")
def migrate_database() -> None:
    """Apply the missing migrations.

    `serve` does so by itself.
    """
    with postgres() as url:
        applied = asyncio.run(migrate(url))
    click.echo("\n".join(applied) or "The database is up to date.")


@cli.command()
@click.argument("username")
@click.argument("email")
def create_admin(username: str, email: str) -> None:
    """Create an admin.

    The password is read from ADMIN_PASSWORD, or prompted for.
    """
    from tortoise.exceptions import IntegrityError

    from api.http.error_handlers import explain
    from api.problems import ApiError
    from crud_config import RESOURCES
    from models import schemas

    password = os.environ.get("ADMIN_PASSWORD") or click.prompt(
        "Password", hide_input=True, confirmation_prompt=True
    )

    users = RESOURCES.at("users")

    async def create(url: str) -> None:
        await migrate(url)
        async with database(url):
            body = schemas.user.create(
                username=username, email=email, password=password, is_admin=True
            )
            values = await users.hooks.before_transaction(schemas.values_of(body))
            async with unit_of_work():
                await users.hooks.add(users, values, None)

    with postgres() as url:
        try:
            asyncio.run(create(url))
        except (ValidationError, IntegrityError, ApiError) as error:
            fail(explain(error))
    click.echo(f"{username} is an admin now.")


@cli.command()
@click.option(
    "--tasks", type=click.IntRange(1, 10_000_000), help="Create a large board with this many tasks."
)
def demo(tasks: int | None) -> None:
    """Add a demo team and its boards.

    Running it again adds nothing twice.
    """
    from api.ops.demo import load_demo

    with postgres() as url:
        asyncio.run(migrate(url))
        asyncio.run(load_demo(url, tasks))


@cli.command("check")
def check_database() -> None:
    """Check the database for inconsistencies.

    It changes nothing. The exit status is 1 if it finds any.
    """
    from api.ops.integrity import check

    with postgres() as url:
        if not asyncio.run(check(url)):
            sys.exit(1)


@cli.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def back_up(file: Path) -> None:
    """Back up the database to a new FILE.

    The server may keep running.
    """
    from api.ops.backup import backup

    with postgres() as url:
        backup(url, file)
    click.echo(f"The backup is complete: {file} ({file.stat().st_size:,} bytes).")


@cli.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def restore_backup(file: Path) -> None:
    """Restore a backup FILE.

    The database must be empty. It is migrated and checked afterwards.
    """
    from api.ops.backup import refuse_other_files, restore
    from api.ops.integrity import check

    refuse_other_files(file)
    with postgres() as url:
        restore(url, file)
        click.echo("The backup is restored. All users are signed out.")
        for migration in asyncio.run(migrate(url)):
            click.echo(f"Migrated: {migration}")
        if not asyncio.run(check(url)):
            sys.exit(1)


@cli.command()
def routes() -> None:
    """List all operations with method, path and right."""
    from api.app import create_app

    operations = [
        (path, method.upper(), operation["x-right"])
        for path, item in create_app().openapi()["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]
    for path, method, right in sorted(operations):
        click.echo(f"{method:6} {path:50} {right}")


def fail(message: str) -> NoReturn:
    """Print a message and exit with status 1."""
    click.echo(message, err=True)
    sys.exit(1)


def main() -> None:
    """Run the command line; expected errors end in one line of plain English."""
    try:
        cli()
    except ValidationError as error:
        fail("\n".join(map(describe, error.errors())))
    except (DatabaseError, PostgresError) as error:
        fail(str(error))
    except (OSError, DBConnectionError) as error:
        fail(f"The database can't be reached: {str(error).rstrip('.')}.")


def describe(error: Any) -> str:
    """Describe what is wrong with a setting, with its name in the environment."""
    name = "".join(f"{part}".upper() + ": " for part in error["loc"][:1])
    return name + error["msg"].removeprefix("Value error, ")


if __name__ == "__main__":
    main()
