"""A SOCKS5 proxy (RFC 1928) under which every name in the world is on this machine: how a crawler comes to a made site.

Port 80 of any host leads to one port of 127.0.0.1, port 443 to another; nothing else is reached.  Which hosts were
asked for is taken down.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator

_NAME = 3
_REFUSED = b"\x05\x02\x00\x01\0\0\0\0\0\0"
_GRANTED = b"\x05\x00\x00\x01\0\0\0\0\0\0"


class _Handler(socketserver.StreamRequestHandler):
    server: _Socks

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.rfile.read(self.rfile.read(2)[1])  # the ways to say who one is: none is asked for
            self.wfile.write(b"\x05\x00")
            kind = self.rfile.read(4)[3]
            host = self.rfile.read(self.rfile.read(1)[0]).decode() if kind == _NAME else "an address"
            (port,) = struct.unpack(">H", self.rfile.read(2))
            self.server.hosts.add(host)
            if kind != _NAME or port not in self.server.ports:
                self.wfile.write(_REFUSED)
                return
            with socket.create_connection(("127.0.0.1", self.server.ports[port])) as site:
                self.wfile.write(_GRANTED)
                back = threading.Thread(target=_pump, args=(site, self.connection), daemon=True)
                back.start()
                _pump(self.connection, site)
                back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


class _Socks(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, ports: dict[int, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ports = ports
        self.hosts: set[str] = set()


@contextlib.contextmanager
def all_names_here(http: int, https: int) -> Iterator[tuple[str, set[str]]]:
    """The proxy's URL, names being resolved by it, and the hosts that it was asked for."""
    with _Socks({80: http, 443: https}) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"socks5h://127.0.0.1:{server.server_address[1]}", server.hosts
        finally:
            server.shutdown()
