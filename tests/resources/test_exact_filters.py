"""Users by their whole name or e-mail address, where the directory shows everyone."""

import pytest

from api.settings import settings
from tests.conftest import Client
from tests.helpers.answers import check_problem


async def test_everyone_finds_a_user_by_the_whole_name(ada: Client, bob: Client) -> None:
    [found] = (await ada.get("/api/users?username=BOB")).json()
    assert (found["id"], found["email"]) == (bob.id, None)
    for name in ("bo", "bobb", "bob@example.com", "%25"):
        assert (await ada.get(f"/api/users?username={name}")).json() == []


async def test_only_admins_find_a_user_by_the_address(
    ada: Client, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATE_LIMIT_LOGIN", "1/day")
    settings.cache_clear()
    for address in ("ada@example.com", "nobody@example.com"):
        check_problem(await ada.get(f"/api/users?email={address}"), 403)
    for _ in range(3):
        [found] = (await admin.get("/api/users?email=Ada@Example.com")).json()
        assert found["id"] == ada.id
        assert (await ada.get("/api/users?username=root")).status_code == 200
