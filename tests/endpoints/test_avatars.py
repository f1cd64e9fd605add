from xml.etree import ElementTree

import pytest

from tests.conftest import Client


async def test_a_name_draws_the_same_picture_every_time(anonymous: Client) -> None:
    first = await anonymous.get("/api/avatars/ada.svg")
    again = await anonymous.get("/api/avatars/ada.svg")
    other = await anonymous.get("/api/avatars/bob.svg")
    assert first.status_code == 200
    assert first.headers["content-type"] == "image/svg+xml"
    assert first.content == again.content != other.content


@pytest.mark.parametrize("name", ["<script>", "%22onload", "Zoë", "a b", "..", "&amp;", "x" * 150])
async def test_nothing_of_the_name_is_in_the_picture(anonymous: Client, name: str) -> None:
    response = await anonymous.get(f"/api/avatars/x{name}.svg")
    assert response.status_code == 200 if len(name) < 150 else 422
    if response.status_code == 200:
        assert ElementTree.fromstring(response.text).tag.endswith("svg")
        assert name not in response.text


async def test_the_picture_is_mirrored(anonymous: Client) -> None:
    picture = (await anonymous.get("/api/avatars/ada.svg")).text
    path = picture.rpartition(' d="')[2].partition('"')[0]
    cells = {tuple(map(int, part.partition("h")[0].split())) for part in path.split("M")[1:]}
    assert cells
    assert {(80 - x, y) for x, y in cells} == cells
