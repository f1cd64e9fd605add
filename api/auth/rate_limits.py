"""Rate limits, counted in PostgreSQL so that they hold over all processes."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request
from tortoise import Tortoise

from api.problems import TooManyRequests
from api.settings import rate_of, settings
from models.tables import User

COUNT = """
    INSERT INTO rate_limits AS present (key, attempts, ends_at) VALUES ($1, 1, $2)
    ON CONFLICT (key) DO UPDATE SET
        attempts = CASE WHEN present.ends_at <= $3 THEN 1 ELSE present.attempts + 1 END,
        ends_at = CASE WHEN present.ends_at <= $3 THEN $2 ELSE present.ends_at END
    RETURNING attempts, ends_at
"""


# A few at a time, so that nobody's attempt takes long, and none that another sweeps out just now.
DELETE_EXPIRED = """
    DELETE FROM rate_limits WHERE key IN (
        SELECT key FROM rate_limits WHERE ends_at <= $1 LIMIT 100 FOR UPDATE SKIP LOCKED
    )
"""


def network_of(request: Request, bits: int) -> str:
    """Return a request's IPv4 network of so many bits, or its IPv6 network of 64.

    Who has one IPv6 address has all of its network, but for IPv4 addresses written as IPv6.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return str(ip_network((address, bits if address.version == 4 else 64), strict=False))


class Limit:
    """A rate limit of one address; a dependency that routes check before all else."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self) -> None:
        """Do nothing: as a dependency it marks a route, for which `check` is called first."""

    async def check(self, request: Request) -> None:
        """Count an attempt from the request's address. Raises TooManyRequests."""
        await self.count(network_of(request, bits=32))

    async def check_account(self, request: Request, user: User | None, key: str) -> None:
        """Count an attempt on an account from the network around the request's address.

        An account counts as one, whether it is called by its username or its e-mail address; a key
        that is nobody's counts for itself, and is limited just as soon. So the answers don't tell
        whether a name has an account, but who knows a username and an e-mail address learns, by
        exhausting one and trying the other, that they are of one account: the decision record on
        accounts says why. Raises TooManyRequests. The owner still gets in from another network.
        """
        account = f"account:{user.id}" if user else f"nobody:{key}"
        digest = sha256(account.encode()).hexdigest()[:32]
        await self.count(f"{digest} from {network_of(request, bits=24)}")

    async def count(self, key: str) -> None:
        """Count an attempt by `key`. Raises TooManyRequests."""
        rate = rate_of(getattr(settings(), f"rate_limit_{self.name}"))
        if rate is None:
            return
        allowed, seconds = rate
        now = datetime.now(UTC)
        connection = Tortoise.get_connection("default")
        [row] = await connection.execute_query_dict(
            COUNT, [f"{self.name}:{key}"[:255], now + timedelta(seconds=seconds), now]
        )
        if row["attempts"] == 1:
            # Whoever opens a window sweeps out the spent ones, so that no job has to.
            await connection.execute_query(DELETE_EXPIRED, [now])
        if row["attempts"] > allowed:
            raise TooManyRequests(max(1, round((row["ends_at"] - now).total_seconds())))


async def count_email(user: User) -> None:
    """Count that a user named an e-mail address. Raises TooManyRequests.

    The answer tells whether it has an account, so it is limited as signing in is.
    """
    await Limit("login").count(f"member:{user.id}")
