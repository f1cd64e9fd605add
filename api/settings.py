"""The settings: the only place that reads the environment and `.env`."""

import re
from datetime import timedelta
from functools import cache
from http.cookies import Morsel
from ipaddress import ip_network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

# A sub-path, and not the beginning of our own paths: who has stripped it couldn't be told then.
ROOT_PATH = re.compile(
    r"(?!/(?:api|docs|health|problems)$)(?:/(?!\.\.?(?:/|$))[\w.~-]+)+", re.ASCII
)
LOCALHOST = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
EXAMPLE_SECRET = "an-example-secret-that-production-refuses"  # noqa: S105  # not a secret


def split(value: object) -> object:
    """Return the parts of a list from the environment, such as `a, b`."""
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


def blank_as_none(value: object) -> object:
    """Return a setting that is there but blank counts as one that isn't."""
    return None if isinstance(value, str) and not value.strip() else value


def parse_rate(value: str) -> str:
    """Refuse what is neither `off` nor a rate such as `10/minute`."""
    rate_of(value)
    return value


SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def rate_of(text: str) -> tuple[int, int] | None:
    """Parse `10/minute` as (10, 60), and `off` as None. Raises ValueError for anything else."""
    if text == "off":
        return None
    attempts, _, period = text.partition("/")
    if not attempts.isdecimal() or int(attempts) < 1 or period not in SECONDS:
        raise ValueError("must be `off` or like `10/minute` (second, minute, hour, day)")
    return int(attempts), SECONDS[period]


def origin_of(scheme: str, host: str) -> str:
    """Return an origin as browsers write it: in lower case, and without a default port."""
    port = {"http": ":80", "https": ":443"}.get(scheme, " ")
    return f"{scheme}://{host.lower().removesuffix(port)}"


def check_origins(values: list[str]) -> list[str]:
    """Return origins as browsers send them. Refuse what is none; `*` stands for all of them."""
    for value in values:
        if value != "*" and not re.fullmatch(r"https?://[^\s/*?#@]+", value):
            raise ValueError("must be origins such as https://app.example.com, without a path")
    return [value if value == "*" else origin_of(*value.split("://")) for value in values]


def check_cookie_name(value: str) -> str:
    """Refuse what is no name of a cookie (a token of RFC 6265), or has a prefix of its own."""
    is_token = re.fullmatch(r"(?!__)[\w!#$%&'*+.^`|~-]{1,64}", value, re.ASCII)
    if not is_token or Morsel().isReservedKey(value):
        raise ValueError("must be like `session`, without blanks or a prefix such as __Host-")
    return value


def check_root_path(value: str) -> str:
    """Return a sub-path without a slash at its end. Refuse what is none."""
    path = value.rstrip("/")
    if path and not ROOT_PATH.fullmatch(path):
        raise ValueError("must be a path such as /corkboard, and no beginning of the API's own")
    return path


def check_networks(values: list[str]) -> list[str]:
    """Refuse what is no IP address or network, such as 10.0.0.1/8, which uvicorn would ignore."""
    for value in values:
        ip_network(value)
    return values


def check_database_url(value: str | None) -> str | None:
    """Refuse other databases than PostgreSQL, and other spellings of its URL."""
    if value is not None and not re.match(r"postgres(ql)?://", value):
        raise ValueError("must begin with postgres://")
    return value


DatabaseUrl = Annotated[
    str | None, BeforeValidator(blank_as_none), AfterValidator(check_database_url)
]
List = Annotated[list[str], NoDecode, BeforeValidator(split)]
RateText = Annotated[str, AfterValidator(parse_rate)]


class Settings(BaseSettings):
    """Each field is a setting, named in capitals in the environment or in `.env`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)

    environment: Literal["production", "development"] = "production"
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    root_path: Annotated[str, AfterValidator(check_root_path)] = ""
    log_format: Literal["text", "json"] = "text"
    workers: int = Field(1, ge=1, le=64)
    keep_alive_seconds: int = Field(75, ge=1, le=3600)
    database_url: DatabaseUrl = None
    database_direct_url: DatabaseUrl = None
    database_pooler: Annotated[
        Literal["session", "transaction"] | None, BeforeValidator(blank_as_none)
    ] = None
    database_pool: int = Field(10, ge=2, le=500)
    jwt_secret: SecretStr
    cookie_secure: bool = True
    cookie_name: Annotated[str, AfterValidator(check_cookie_name)] = "session"
    session_idle_hours: int = Field(24, ge=1, le=8760)
    session_days: int = Field(30, ge=1, le=365)
    trash_days: int = Field(30, ge=1, le=3650)
    event_days: int = Field(90, ge=1, le=3650)
    registration: Literal["open", "invitation", "closed"] = "open"
    default_board_visibility: Literal["public", "private"] = "public"
    user_directory: Literal["everyone", "shared"] = "everyone"
    cors_origins: Annotated[List, AfterValidator(check_origins)] = []
    trusted_proxies: Annotated[List, AfterValidator(check_networks)] = []
    rate_limit_login: RateText = "10/minute"
    rate_limit_register: RateText = "10/minute"
    rate_limit_password: RateText = "10/minute"  # noqa: S105  # no password either

    def trusts(self, origin: str) -> bool:
        """Tell whether pages of that origin may change things."""
        if self.environment == "development" and LOCALHOST.fullmatch(origin):
            return True
        return origin in self.cors_origins or "*" in self.cors_origins

    @property
    def direct_url(self) -> str | None:
        """The URL for what needs a session of PostgreSQL's own, which a pooler may not give."""
        return self.database_direct_url or self.database_url

    @property
    def address(self) -> str:
        """Where the server is, for people on this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def session_life(self) -> timedelta:
        return timedelta(days=self.session_days)

    @property
    def session_idle(self) -> timedelta:
        return timedelta(hours=self.session_idle_hours)

    @property
    def trash_life(self) -> timedelta:
        return timedelta(days=self.trash_days)

    @property
    def session_cookie(self) -> str:
        """With the prefix, browsers refuse the cookie over HTTP or for a whole domain."""
        return f"__Host-{self.cookie_name}" if self.cookie_secure else self.cookie_name

    @model_validator(mode="after")
    def refuse_what_is_unsafe(self) -> Self:
        secret = self.jwt_secret.get_secret_value()
        if len(secret.encode()) < 32:
            raise ValueError("JWT_SECRET must have at least 32 bytes")
        if not self.database_url and (self.database_direct_url or self.database_pooler):
            raise ValueError("DATABASE_DIRECT_URL and DATABASE_POOLER need a DATABASE_URL")
        if self.environment == "production":
            if secret == EXAMPLE_SECRET:
                raise ValueError("JWT_SECRET is the example; make one of your own")
            if not self.cookie_secure:
                raise ValueError("COOKIE_SECURE=false is for development only")
            if "*" in self.cors_origins:
                raise ValueError("CORS_ORIGINS must name each origin; * lets every site in")
        return self


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
