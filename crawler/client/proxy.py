"""Going through a proxy: HTTP (absolute form, CONNECT for https) and SOCKS5 (RFC 1928, RFC 1929).

The handshake runs on the bare socket, before TLS and before the first byte that will be recorded, so a record holds the
exchange with the server alone.  With an HTTP proxy and a plain URL the request that is recorded is the one the proxy
got: its request line names the whole URL.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from archive.errors import BadInput
from crawler.client.request import Target

_DEFAULT_PORTS = {"http": 3128, "socks5": 1080, "socks5h": 1080}
_SOCKS_ERRORS = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "expired",
    7: "command not supported",
    8: "address type not supported",
}
Resolver = Callable[[str, int], Awaitable[str]]


class ProxyError(Exception):
    """The proxy refused, or does not speak its protocol."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy; ``scheme`` is http, socks5 (names are resolved here) or socks5h (there)."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str = ""

    @classmethod
    def parse(cls, url: str) -> Proxy:
        """The proxy that *url* names, e.g. ``socks5h://user:secret@127.0.0.1:9050``.

        Raises:
            BadInput: it names none.
        """
        try:
            parts = urlsplit(url if "://" in url else f"http://{url}")
            port = parts.port
        except ValueError as error:
            raise BadInput(
                url, "is not a proxy's URL", "Write it as http://host:port or socks5h://host:port."
            ) from error
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise BadInput(url, "is not a proxy's URL", "Write it as http://host:port or socks5h://host:port.")
        user = None if parts.username is None else unquote(parts.username)
        port = port or _DEFAULT_PORTS[parts.scheme]
        return cls(parts.scheme, parts.hostname, port, user, unquote(parts.password or ""))

    def absolute_form(self, target: Target) -> bool:
        """Whether the request line must name the whole URL."""
        return self.scheme == "http" and target.scheme == "http"

    def headers(self, target: Target) -> tuple[tuple[str, str], ...]:
        """Headers that a request through this proxy carries for the proxy."""
        return (("Proxy-Authorization", self._basic()),) if self.absolute_form(target) and self.user else ()

    async def open(self, sock: socket.socket, target: Target, resolve: Resolver | None) -> None:
        """Make *sock*, connected to the proxy, lead to *target*.

        Raises:
            ProxyError: the proxy does not do it.
        """
        if self.scheme == "http":
            if target.scheme == "https":
                await self._connect(sock, target)
        else:
            host = target.host if resolve is None else await resolve(target.host, target.port)
            await self._socks(sock, host, target.port)

    def _basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    async def _connect(self, sock: socket.socket, target: Target) -> None:
        host = f"[{target.host}]" if ":" in target.host else target.host
        lines = [f"CONNECT {host}:{target.port} HTTP/1.1", f"Host: {host}:{target.port}"]
        if self.user:
            lines.append(f"Proxy-Authorization: {self._basic()}")
        await _send(sock, "\r\n".join(lines).encode() + b"\r\n\r\n")
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):  # a byte at a time: what follows belongs to TLS
            answer += await _receive(sock, 1)
            if len(answer) > 65536:
                raise ProxyError("its answer to CONNECT has no end")
        status = answer.split(b"\r\n")[0].decode("latin-1")
        if status.split(" ")[1:2] != ["200"]:
            raise ProxyError(f"it answers CONNECT with {status}")

    async def _socks(self, sock: socket.socket, host: str, port: int) -> None:
        methods = b"\x00\x02" if self.user is not None else b"\x00"
        await _send(sock, bytes([5, len(methods)]) + methods)
        version, method = await _receive(sock, 2)
        if version != 5 or method not in methods:
            raise ProxyError("it is no SOCKS5 proxy, or wants another way to log in")
        if method == 2:
            user, password = (self.user or "").encode(), self.password.encode()
            await _send(sock, b"\x01" + bytes([len(user)]) + user + bytes([len(password)]) + password)
            if (await _receive(sock, 2))[1] != 0:
                raise ProxyError("it refuses the user name or password")
        await _send(sock, b"\x05\x01\x00" + _socks_address(host) + struct.pack(">H", port))
        _, code, _, kind = await _receive(sock, 4)
        if code != 0:
            raise ProxyError(f"it cannot reach {host}:{port}: {_SOCKS_ERRORS.get(code, f'error {code}')}")
        size = {1: 4, 4: 16}.get(kind) or (await _receive(sock, 1))[0]
        await _receive(sock, size + 2)


def _socks_address(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("idna")
        return bytes([3, len(name)]) + name
    return bytes([1 if address.version == 4 else 4]) + address.packed


async def _send(sock: socket.socket, data: bytes) -> None:
    await asyncio.get_running_loop().sock_sendall(sock, data)


async def _receive(sock: socket.socket, size: int) -> bytes:
    """Exactly *size* bytes, and not one of what comes behind them."""
    data = b""
    while len(data) < size:
        piece = await asyncio.get_running_loop().sock_recv(sock, size - len(data))
        if not piece:
            raise ProxyError("it hung up")
        data += piece
    return data
