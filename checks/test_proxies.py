"""Behind nginx and HAProxy, with the configurations of docs/deployment.md."""

import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from checks.conftest import Server, free_port, server, url_of
from tests.helpers.documents import Document
from tests.helpers.serving import Patient

pytestmark = pytest.mark.proxies
PAGE = Document("docs/deployment.md")
ROOT = "/corkboard"
ACCOUNT = {"username": "ada", "email": "ada@example.com", "password": "a harbour at dusk"}
SETTINGS = {
    "ENVIRONMENT": "production",
    "COOKIE_SECURE": "true",
    "CORS_ORIGINS": "",
    "JWT_SECRET": "a secret that is long enough for checks",
    "HOST": "::",
    "TRUSTED_PROXIES": "127.0.0.1",
}


@pytest.fixture(scope="module")
def one() -> Iterator[Server]:
    with server(**SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def certificate() -> Iterator[Path]:
    """Yield a folder with a certificate and its key, apart and in one file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        crt, key = folder / "kanban.crt", folder / "kanban.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
             "-subj", "/CN=kanban.example.com", "-keyout", key, "-out", crt],
            check=True, capture_output=True,
        )  # fmt: skip
        (folder / "kanban.pem").write_text(crt.read_text() + key.read_text())
        yield folder


def example(language: str, certificate: Path, *ports: int) -> tuple[str, int]:
    """Return a configuration of the page for these servers, and the port where it listens."""
    [text] = PAGE.blocks("Proxy", language)
    own = free_port()
    for given, here in zip((443, 8080, 8081), (own, *ports), strict=False):
        text = re.sub(rf"(?<=[ :]){given}\b", str(here), text)
    return text.replace("/etc/ssl", str(certificate)), own


@contextmanager
def running(port: int, *command: str) -> Iterator[httpx.Client]:
    """Run a proxy, and yield a browser that asks it by its public name."""
    address = f"https://127.0.0.1:{port}"
    with (
        subprocess.Popen(command) as process,
        httpx.Client(
            base_url=address,
            headers={"Host": f"kanban.example.com:{port}"},
            # Which asks again where the server had no time, but not where the proxy found none.
            transport=Patient(verify=False),
            timeout=60,
        ) as client,
    ):
        try:
            until = time.monotonic() + 30
            while True:
                assert process.poll() is None
                assert time.monotonic() < until
                try:
                    client.get("/")
                    break
                except httpx.ConnectError:
                    time.sleep(0.05)
            yield client
        finally:
            process.terminate()


@contextmanager
def nginx(one: Server, certificate: Path, *, strips: bool = True) -> Iterator[httpx.Client]:
    text, port = example("nginx", certificate, one.port)
    if not strips:
        text = text.replace("proxy_pass http://corkboard/;", "proxy_pass http://corkboard;")
    with tempfile.TemporaryDirectory() as folder:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
        file = Path(folder, "nginx.conf")
        file.write_text(
            # For the folders above, which may be closed to others.
            f"user root root; daemon off; pid {folder}/pid;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{paths}{text}}}\n"
        )
        command = ("nginx", "-p", folder, "-e", "stderr", "-c", str(file))
        with running(port, *command) as client:
            yield client


def sign_in(client: httpx.Client, root: str = ROOT) -> None:
    """Sign in as ada, who is registered if she isn't yet."""
    client.post(f"{root}/api/auth/register", json=ACCOUNT)
    login = {name: ACCOUNT[name] for name in ("username", "password")}
    assert client.post(f"{root}/api/auth/login", json=login).status_code == 200


@pytest.mark.parametrize("strips", [True, False])
def test_below_a_sub_path_every_address_leads_back(
    one: Server, certificate: Path, strips: bool
) -> None:
    with nginx(one, certificate, strips=strips) as client:
        sign_in(client)

        def follow(response: httpx.Response, address: str) -> httpx.Response:
            followed = client.get(urljoin(response.request.url.path, address))
            assert followed.status_code == 200, followed.url
            return followed

        created = client.post(f"{ROOT}/api/boards", json={"title": "x"})
        client.post(f"{ROOT}/api/boards", json={"title": "y"})
        follow(created, created.headers["location"])
        page = client.get(f"{ROOT}/api/boards?limit=1")
        follow(page, page.headers["link"].partition(">")[0][1:])
        me = client.get(f"{ROOT}/api/auth/me")
        follow(me, me.json()["avatar_url"])
        document = client.get(f"{ROOT}/openapi.json")
        follow(document, f"{document.json()['servers'][0]['url']}/health/live")
        follow(document, client.get(f"{ROOT}/api/nope").json()["type"])
        for name in ("", "docs", "problems"):
            page = client.get(f"{ROOT}/{name}")
            for link in re.findall('(?:href|src)="([^"]+)"', page.text):
                follow(page, link)


def test_pages_of_the_public_name_are_our_own(one: Server, certificate: Path) -> None:
    with nginx(one, certificate) as client:
        sign_in(client)
        name = client.headers["host"]
        assert client.get(f"{ROOT}/api/auth/me").headers["strict-transport-security"]
        for origin, status in (
            (f"https://{name}", 201),
            (f"https://{name.title()}", 201),
            (f"http://{name}", 403),
            (f"https://127.0.0.1:{one.port}", 403),
        ):
            headers = {"Origin": origin}
            response = client.post(f"{ROOT}/api/boards", json={"title": "x"}, headers=headers)
            assert response.status_code == status, origin


def test_no_request_fails_on_a_connection_that_was_idle(one: Server, certificate: Path) -> None:
    """uvicorn's own five seconds are in the pauses."""
    with nginx(one, certificate) as client, ThreadPoolExecutor(32) as threads:
        path, statuses = f"{ROOT}/health/live", []
        for pause in (4.99, 5.0, 5.01, 0):
            found = threads.map(lambda _: client.get(path).status_code, range(110))
            statuses += [*found]
            time.sleep(pause)
    assert statuses == [200] * 440


def test_clients_come_by_ipv6_and_by_ipv4(one: Server, certificate: Path) -> None:
    with nginx(one, certificate) as client:
        port = client.base_url.port
        for address in (f"https://[::1]:{port}{ROOT}", f"https://127.0.0.1:{port}{ROOT}"):
            response = client.get(f"{address}/api/server")
            assert response.json()["root_path"] == ROOT
        for host in ("[::1]", "127.0.0.1"):
            assert httpx.get(f"http://{host}:{one.port}/health/ready").status_code == 200


def test_a_large_board_is_sent_compressed(one: Server, certificate: Path) -> None:
    with nginx(one, certificate) as client:
        sign_in(client)
        board = client.post(f"{ROOT}/api/boards", json={"title": "x"}).json()["id"]
        body = {"board_id": board, "title": "x"}
        column = client.post(f"{ROOT}/api/columns", json=body).json()["id"]
        for _ in range(4):
            tasks = [{"column_id": column, "title": f"Task {number}"} for number in range(200)]
            response = client.post(f"{ROOT}/api/tasks/bulk", json={"items": tasks})
            assert response.status_code == 201, response.text
        path = f"{ROOT}/api/boards/{board}/full"
        full = client.get(path)
        assert full.headers["content-encoding"] == "gzip"
        assert len(full.json()["columns"][0]["tasks"]) == 800
        assert len(full.content) > 300_000
        assert full.num_bytes_downloaded < 40_000
        plain = client.get(path, headers={"Accept-Encoding": "identity"})
        assert plain.content == full.content
        known = client.get(path, headers={"If-None-Match": full.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")


def test_no_read_fails_while_one_of_two_servers_restarts(one: Server, certificate: Path) -> None:
    with server(**SETTINGS, DATABASE_URL=url_of(one)) as two:
        text, port = example("haproxy", certificate, one.port, two.port)
        file = certificate / "haproxy.cfg"
        file.write_text(text)
        with running(port, "haproxy", "-db", "-f", str(file)) as client:
            sign_in(client, "")
            statuses: list[int] = []
            is_over = threading.Event()

            def read() -> None:
                while not is_over.is_set():
                    statuses.append(client.get("/api/boards").status_code)

            with ThreadPoolExecutor(4) as threads:
                readers = [threads.submit(read) for _ in range(4)]
                try:
                    two.stop()
                    two.start()
                    time.sleep(2)  # until HAProxy uses it again
                finally:
                    is_over.set()
                for reader in readers:
                    reader.result()
    assert set(statuses) == {200}
    assert len(statuses) > 100
