"""Going through a proxy: HTTP (absolute form, CONNECT for https) and SOCKS5 (RFC 1928, RFC 1929).

The handshake runs on the bare socket, before TLS and before the first byte that will be recorded, so a record holds the
exchange with the server alone.  With an HTTP proxy and a plain URL the request that is recorded is the one the proxy
got: its request line names the whole URL.  One line of it is never recorded: Proxy-Authorization, which is for the proxy
alone and would publish the password with the archive.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import re
import socket
import struct
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from broadsheet.archive.errors import BadInput
from broadsheet.crawler.client.request import Target

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
_HEAD_END = re.compile(rb"\r?\n\r?\n$")
_GRANTED = re.compile(rb"HTTP/\d\.\d 2\d\d(?: |\r?\n)")
_REMEDY = "Write it as http://host:port or socks5h://host:port."


class ProxyError(Exception):
    """The proxy refused, or does not speak its protocol."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy; ``scheme`` is http, socks5 (names are resolved here) or socks5h (there)."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str = field(default="", repr=False)

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
            raise BadInput(url, "is not a proxy's URL", _REMEDY) from error
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise BadInput(url, "is not a proxy's URL", _REMEDY)
        user = None if parts.username is None else unquote(parts.username)
        password = unquote(parts.password or "")
        if max(len((user or "").encode()), len(password.encode())) > 255:
            raise BadInput(parts.hostname, "the proxy's user name or password is longer than 255 bytes", "Shorten it.")
        return cls(parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme], user, password)

    @property
    def resolves_here(self) -> bool:
        """Whether names are resolved on this side."""
        return self.scheme == "socks5"

    def absolute_form(self, target: Target) -> bool:
        """Whether the request line must name the whole URL."""
        return self.scheme == "http" and target.scheme == "http"

    def authorised(self, request: bytes) -> bytes:
        """*request*, in absolute form, as the proxy gets it: with the user's name and password."""
        if self.user is None:
            return request
        line, _, rest = request.partition(b"\r\n")
        return line + b"\r\nProxy-Authorization: " + self._basic().encode("ascii") + b"\r\n" + rest

    async def open(self, sock: socket.socket, target: Target, host: str) -> None:
        """Make *sock*, connected to the proxy, lead to *target*; *host* is its name or address, as the proxy is told it.

        Raises:
            ProxyError: the proxy does not do it.
        """
        if self.scheme != "http":
            await self._socks(sock, host, target.port)
        elif target.scheme == "https":
            await self._connect(sock, target)

    def _basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    async def _connect(self, sock: socket.socket, target: Target) -> None:
        host = f"[{target.host}]" if ":" in target.host else target.host
        lines = [f"CONNECT {host}:{target.port} HTTP/1.1", f"Host: {host}:{target.port}"]
        if self.user is not None:
            lines.append(f"Proxy-Authorization: {self._basic()}")
        await _send(sock, "\r\n".join(lines).encode() + b"\r\n\r\n")
        answer = b""
        while _HEAD_END.search(answer, max(len(answer) - 4, 0)) is None:
            answer += await _receive(sock, 1)  # a byte at a time: what follows belongs to TLS
            if len(answer) > 65536:
                raise ProxyError("its answer to CONNECT has no end")
        if _GRANTED.match(answer) is None:
            status = answer.splitlines()[0].decode("latin-1")
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
        name = host.encode("ascii")  # as every host of a URL that is sent as it is
        if len(name) > 255:
            raise ProxyError("the host's name is longer than 255 bytes") from None
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
