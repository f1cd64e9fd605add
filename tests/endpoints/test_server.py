"""The setup of the server, for anybody."""

import pytest

from api.settings import settings
from tests.conftest import Client
from tests.helpers.answers import check_problem


@pytest.mark.parametrize("mode", ["open", "invitation", "closed"])
async def test_anybody_sees_how_the_server_is_set_up(
    mode: str, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRATION", mode)
    settings.cache_clear()
    response = await anonymous.get("/api/server")
    assert response.status_code == 200
    assert response.json() == {
        "version": "1.0.0", "registration": mode, "email": False, "root_path": "",
    }  # fmt: skip


async def test_a_setup_that_is_known_is_not_sent_again(anonymous: Client) -> None:
    tag = (await anonymous.get("/api/server")).headers["etag"]
    again = await anonymous.get("/api/server", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_setup_takes_no_parameters(anonymous: Client) -> None:
    check_problem(await anonymous.get("/api/server?mode=open"), 422)
    check_problem(await anonymous.patch("/api/server", json={"email": True}), 405)
