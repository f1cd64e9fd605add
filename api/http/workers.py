"""The sockets of a server, and several processes that serve, each on sockets of its own."""

import socket
from contextlib import ExitStack

from uvicorn import Config
from uvicorn.supervisors import Multiprocess


class Workers(Multiprocess):
    """uvicorn's workers, among which the kernel spreads the connections.

    With the same for all of them, whoever wakes first takes most connections. The sockets belong
    to this process, so that a worker which replaces another goes on with what waits there.
    """

    def __init__(self, config: Config) -> None:
        host, port = config.host, config.port
        self._all = [listeners(host, port, are_shared=True) for _ in range(config.workers)]
        self._restarted: int | None = None
        super().__init__(config, [])

    @property
    def sockets(self) -> list[socket.socket]:
        """The sockets of the worker that is started next."""
        dead = (n for n, each in enumerate(self.processes) if not each.process.is_alive())
        number = next(dead, len(self.processes))
        if self._restarted is not None:  # all are replaced in their order, while they run
            number, self._restarted = self._restarted, self._restarted + 1
        # More workers than at the start share sockets.
        return self._all[number % len(self._all)]

    @sockets.setter
    def sockets(self, _: list[socket.socket]) -> None:
        pass

    def restart_all(self) -> None:
        """Replace each worker by a new one on the same sockets."""
        self._restarted = 0
        super().restart_all()
        self._restarted = None


def listeners(host: str, port: int, *, are_shared: bool = False) -> list[socket.socket]:
    """Return a socket for each address of a host. `::` means all of IPv4, too.

    Several sockets can share an address if all of them are made to. Raises OSError.
    """
    name = None if host == "::" else host
    addresses = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    found = []
    with ExitStack() as stack:
        for family, address in {(family, address) for family, *_, address in addresses}:
            each = stack.enter_context(socket.socket(family))
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if are_shared:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if family == socket.AF_INET6:
                each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            each.bind(address)
            each.set_inheritable(True)
            found.append(each)
        stack.pop_all()
    return found
