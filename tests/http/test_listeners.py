"""The sockets of a server: on every address of its host, and alone there."""

import socket
from contextlib import ExitStack

import pytest

from api.http.workers import listeners
from tests.helpers.serving import free_port


def reached(port: int) -> set[str]:
    """Return the addresses of this machine where a connection is accepted."""
    found = set()
    for address in ("127.0.0.1", "::1"):
        try:
            socket.create_connection((address, port), timeout=5).close()
        except OSError:
            continue
        found.add(address)
    return found


@pytest.mark.parametrize("are_shared", [False, True])
@pytest.mark.parametrize(
    ("host", "addresses"),
    [("127.0.0.1", {"127.0.0.1"}), ("::1", {"::1"}), ("::", {"127.0.0.1", "::1"})],
)
def test_two_colons_stand_for_both_kinds_of_address(
    host: str, addresses: set[str], are_shared: bool
) -> None:
    port = free_port()
    with ExitStack() as stack:
        for each in listeners(host, port, are_shared=are_shared):
            stack.enter_context(each).listen()
        assert reached(port) == addresses
        if not are_shared:
            with pytest.raises(OSError, match="in use"):
                listeners(host, port)
