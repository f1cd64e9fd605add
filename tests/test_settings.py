"""Each setting is where a reader looks for it, and an unsafe one stops the start."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from api.settings import EXAMPLE_SECRET, Settings, rate_of

EXAMPLE = Path(".env.example").read_text()
EXAMPLE_NAMES = [
    line.partition("=")[0] for line in EXAMPLE.splitlines() if "=" in line and line[0] != "#"
]
FOR_COMPOSE = {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"}
SAFE: dict[str, Any] = {"environment": "production", "jwt_secret": "x" * 32, "_env_file": None}


def test_each_setting_is_in_the_example_and_the_other_way_round() -> None:
    names = {name.upper() for name in Settings.model_fields}
    assert set(EXAMPLE_NAMES) == names | FOR_COMPOSE
    assert len(set(EXAMPLE_NAMES)) == len(EXAMPLE_NAMES)


def test_each_setting_of_the_example_has_a_comment() -> None:
    for paragraph in EXAMPLE.split("\n\n"):
        assert paragraph.startswith("#")


def test_the_example_starts_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in EXAMPLE_NAMES:
        monkeypatch.delenv(name, raising=False)
    example = Settings(_env_file=".env.example", **{})
    assert example.environment == "development"
    assert example.database_url is None
    assert example.cors_origins == [
        f"http://{host}:{port}" for host in ("localhost", "127.0.0.1") for port in (3000, 5173)
    ]
    assert example.jwt_secret.get_secret_value() == EXAMPLE_SECRET


def test_production_starts_with_safe_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in EXAMPLE_NAMES:
        monkeypatch.delenv(name, raising=False)
    safe = Settings(**SAFE)
    assert safe.cookie_secure
    assert safe.session_cookie == "__Host-session"
    assert safe.cors_origins == []
    origins = "https://App.example:443,http://a.example:80,https://a.example:8443"
    assert Settings(**SAFE, cors_origins=origins).cors_origins == [
        "https://app.example", "http://a.example", "https://a.example:8443"
    ]  # fmt: skip
    pooled: dict[str, Any] = {"database_url": "postgres://a", "database_direct_url": "postgres://b"}
    assert Settings(**SAFE, **pooled).direct_url == "postgres://b"
    assert Settings(**SAFE, database_url="postgres://a").direct_url == "postgres://a"
    for path, root in (("", ""), ("/", ""), ("/corkboard/", "/corkboard"), ("/a/api", "/a/api")):
        assert Settings(**SAFE, root_path=path).root_path == root
    for name in ("corkboard.staging", "a", "!#$%&'*+-.^_`|~09azAZ", "x" * 64):
        assert Settings(**SAFE, cookie_name=name).session_cookie == f"__Host-{name}"


@pytest.mark.parametrize(
    "unsafe",
    [
        {"jwt_secret": ""},
        {"jwt_secret": "x" * 31},
        {"jwt_secret": EXAMPLE_SECRET},
        {"cookie_secure": False},
        {"cors_origins": "*"},
        {"cors_origins": "https://a.example, *"},
        {"cors_origins": "null"},
        {"cors_origins": "https://a.example/"},
        {"cors_origins": "https://*.a.example"},
        {"trusted_proxies": "*"},
        {"trusted_proxies": "proxy"},
        {"trusted_proxies": "10.0.0.1/8"},
        *({"root_path": path} for path in ("corkboard", "//x", "/a/../b", "/a?b", "/a b", "/api/")),
        {"database_url": "mysql://localhost/x"},
        {"database_url": "postgres://x", "database_pooler": "statement"},
        {"database_pooler": "session"},
        {"database_direct_url": "postgres://x"},
        {"session_idle_hours": 99_999_999},
        {"environment": "staging"},
        {"rate_limit_login": "often"},
        {"rate_limit_login": "0/minute"},
        {"port": 0},
        *(
            {"cookie_name": name}
            for name in (
                "",
                " ",
                "a b",
                "a=b",
                "a;b",
                "a,b",
                "a\n",
                '"a"',
                "\u00e9",
                "x" * 65,
                "__Host-session",
                "__host-x",
                "__Secure-x",
                "__Http-x",
                "path",
                "Expires",
            )
        ),
    ],
    ids=str,
)
def test_production_refuses_unsafe_settings(
    monkeypatch: pytest.MonkeyPatch, unsafe: dict[str, Any]
) -> None:
    for name in EXAMPLE_NAMES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValidationError) as refused:
        Settings(**{**SAFE, **unsafe})
    assert "xxxx" not in str(refused.value)


def test_a_missing_secret_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JWT_SECRET", raising=False)
    with pytest.raises(ValidationError, match="jwt_secret"):
        Settings(_env_file=None, **{})


@pytest.mark.parametrize(
    ("text", "rate"), [("off", None), ("10/minute", (10, 60)), ("1/day", (1, 86400))]
)
def test_a_rate_is_read(text: str, rate: tuple[int, int] | None) -> None:
    assert rate_of(text) == rate
