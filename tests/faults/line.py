"""A line between browser and server that can be cut: a forwarder of bytes on loopback."""

import contextlib
import socket
import threading


class Line:
    """Forwards connections to ``port`` until it is cut; its own port is ``at``."""

    def __init__(self, port: int) -> None:
        self._to, self._open, self._is_whole = port, set[socket.socket](), True
        self._door = socket.create_server(("127.0.0.1", 0))
        self.at = int(self._door.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Cut all connections; new ones end at once."""
        self._is_whole = False
        for end in list(self._open):
            _shut(end)

    def mend(self) -> None:
        """Let connections through again."""
        self._is_whole = True

    def _accept(self) -> None:
        while True:
            near, _ = self._door.accept()
            try:
                if not self._is_whole:
                    raise OSError("cut")
                far = socket.create_connection(("127.0.0.1", self._to), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self._open |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._forward, args=(one, other), daemon=True).start()

    def _forward(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        for end in (one, other):
            _shut(end)
            self._open.discard(end)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
