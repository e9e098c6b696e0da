"""A file on a web server, read in pieces by range requests (RFC 9110, section 14), so that a WARC is read where it lies.

http.client does the talking, one kept connection a file.  The user named the host, so it may be a private one; where it
sends us on to (archives redirect to the machine that has the file) must be public, asked with the very address that is
connected to (`broadsheet.archive.addresses`).  A file that changes while it is read, told by its size or its ETag, is not read
on. Dropped: fsspec (a stack of packages for one verb), urllib (a connection a request, and redirects that ask nobody).
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import threading
from contextlib import suppress
from urllib.parse import SplitResult, urljoin, urlsplit

from broadsheet.archive.addresses import AddressPolicy
from broadsheet.archive.errors import BadInput, BrokenEnvironment

TIMEOUT = 30.0  # seconds for each read and write
MAX_REDIRECTS = 5
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)")


class WebFile:
    """The file at *url* (http or https), of which pieces can be read, from any thread.

    Raises:
        BadInput: no such URL, or its server does not send pieces.
        OSError: the server refuses, or does not answer as it should; asking again may help.
    """

    def __init__(self, url: str) -> None:
        self._url = self._where = url
        parts = _split(url)
        named = {f"{_bracketed(parts)}:{port}" for port in {_port(parts), *(_PORTS.values() if not parts.port else ())}}
        self._policy = AddressPolicy(named_hosts=frozenset(named))
        self._connection: http.client.HTTPConnection | None = None
        self._connected_to: tuple[str, str | None, int] | None = None
        self._lock = threading.Lock()
        self._etag: str | None = None
        self._size = -1
        self.read_at(1, 0)

    def size(self) -> int:
        """Bytes of the whole file."""
        return self._size

    def read_at(self, length: int, start: int) -> bytes:
        """The *length* bytes at *start*; fewer at the end of the file.

        Raises:
            BadInput, OSError: as when it is opened.
            BrokenEnvironment: it is not the file any more that was opened.
        """
        with self._lock:
            try:
                return self._read(length, start)
            except http.client.HTTPException as error:
                self.close()
                raise OSError(f"{type(error).__name__}: {error}") from error
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Hang up; a later read connects again."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _read(self, length: int, start: int) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            parts = _split(self._where)
            connection = self._connect(parts)
            target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            asked = {"Range": f"bytes={start}-{start + length - 1}", "Accept-Encoding": "identity"}
            connection.request("GET", target, headers=asked)
            answer = connection.getresponse()
            location = answer.getheader("Location")
            if answer.status in _REDIRECTS and location:
                self.close()
                self._where = urljoin(self._where, location)
                continue
            return self._take(answer, length, start)
        raise BadInput(self._url, f"sends on more than {MAX_REDIRECTS} times", "Name the file where it lies.")

    def _take(self, answer: http.client.HTTPResponse, length: int, start: int) -> bytes:
        if answer.status in {404, 410}:
            raise FileNotFoundError(self._url)
        if answer.status in {401, 403, 407}:
            raise PermissionError(f"HTTP status {answer.status}")
        if answer.status == 200:
            raise BadInput(self._url, "its server does not send parts of a file", "Fetch the file, and name the copy.")
        found = _CONTENT_RANGE.fullmatch((answer.getheader("Content-Range") or "").strip())
        if answer.status not in {206, 416} or found is None:
            self._where = self._url  # a signed address that has run out is asked for anew
            raise OSError(f"HTTP status {answer.status}")
        self._check_unchanged(int(found[3]), answer.getheader("ETag"))
        if answer.status == 416:
            self.close()
            return b""
        if int(found[1]) != start:
            raise OSError(f"bytes from {found[1]} came, those from {start} were asked for")
        data = answer.read(length)
        if answer.read(1):
            raise OSError("more bytes came than were asked for")
        return data

    def _check_unchanged(self, size: int, etag: str | None) -> None:
        if self._size < 0:
            self._size, self._etag = size, etag
        if size != self._size or (etag and self._etag and etag != self._etag):
            raise BrokenEnvironment(self._url, "was changed while it was read", "Run the same command again.")

    def _connect(self, parts: SplitResult) -> http.client.HTTPConnection:
        there = (parts.scheme, parts.hostname, _port(parts))
        if self._connection is not None and self._connected_to == there:
            return self._connection
        self.close()
        host = parts.hostname or ""
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(host, parts.port, timeout=TIMEOUT)
        connection.auto_open = 0  # it is dialled here, where addresses are asked about, or not at all
        connection.sock = self._dial(host, _port(parts), tls=parts.scheme == "https")
        self._connection, self._connected_to = connection, there
        return connection

    def _dial(self, host: str, port: int, *, tls: bool) -> socket.socket:
        """A connection to the first address that may be connected to and answers."""
        refused: OSError | None = None
        allowed = False
        for _, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            if not self._policy.allows(host, str(address[0]), port):
                continue
            allowed = True
            try:
                dialled = socket.create_connection((str(address[0]), port), TIMEOUT)
            except OSError as error:
                refused = error
                continue
            if not tls:
                return dialled
            try:
                return ssl.create_default_context().wrap_socket(dialled, server_hostname=host)
            except BaseException:
                with suppress(OSError):
                    dialled.close()
                raise
        if not allowed:
            cause = f"sends on to {host}, which is a private address"
            raise BadInput(self._url, cause, "Name the file where it lies, if you trust it.")
        raise refused or OSError(f"{host} has no address")


def _split(url: str) -> SplitResult:
    """*url* in parts.

    Raises:
        BadInput: it is none that can be asked for.
    """
    try:
        parts = urlsplit(url)
        valid = parts.scheme in _PORTS and parts.hostname and parts.port != 0 and parts.username is None
    except ValueError:
        valid = False
    if not valid or not url.isascii() or not url.isprintable() or " " in url:
        raise BadInput(url, "is no URL that can be read", "Write it like https://example.org/path/file.warc.gz.")
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]


def _bracketed(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host
