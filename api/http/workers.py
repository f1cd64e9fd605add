"""Several processes that serve, each on a socket of its own."""

import socket

from uvicorn import Config
from uvicorn.supervisors import Multiprocess


class Workers(Multiprocess):
    """uvicorn's workers, among which the kernel spreads the connections.

    With one socket for all of them, whoever wakes first takes most connections. The sockets belong
    to this process, so that a worker which replaces another goes on with what waits there.
    """

    def __init__(self, config: Config) -> None:
        self._all = [listener(config) for _ in range(config.workers)]
        self._restarted: int | None = None
        super().__init__(config, [])

    @property
    def sockets(self) -> list[socket.socket]:
        """The socket of the worker that is started next."""
        dead = (n for n, each in enumerate(self.processes) if not each.process.is_alive())
        number = next(dead, len(self.processes))
        if self._restarted is not None:  # all are replaced in their order, while they run
            number, self._restarted = self._restarted, self._restarted + 1
        # More workers than at the start share sockets.
        return [self._all[number % len(self._all)]]

    @sockets.setter
    def sockets(self, _: list[socket.socket]) -> None:
        pass

    def restart_all(self) -> None:
        """Replace each worker by a new one on the same socket."""
        self._restarted = 0
        super().restart_all()
        self._restarted = None


def listener(config: Config) -> socket.socket:
    """Return one of several sockets that share an address."""
    family, *_, address = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)[0]
    found = socket.socket(family)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    found.bind(address)
    found.set_inheritable(True)
    return found
