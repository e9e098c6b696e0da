"""The bytes of a request: what is sent is what the record will hold, so nothing is added behind the caller's back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

Field = tuple[str | bytes, str | bytes]

_URL = re.compile(r"[!-~]+")  # visible ASCII: anything else would have to be re-quoted
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PORTS = {"http": 80, "https": 443}
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True)
class CaptureRequest:
    """What to ask for.  ``url`` is sent as it is; ``headers`` follow Host, in this order, text as Latin-1.

    A Host or Content-Length among ``headers`` is the caller's and is not added again.

    Raises:
        ValueError: a line break in the method or a header: it would be another request.
    """

    url: str
    method: str = "GET"
    headers: tuple[Field, ...] = ()
    body: bytes = b""

    def __post_init__(self) -> None:
        if not _METHOD.fullmatch(self.method):
            raise ValueError(f"{self.method!r} is no HTTP method")
        for name, value in self.headers:
            line = _encoded(name) + _encoded(value)
            if b"\r" in line or b"\n" in line:
                raise ValueError(f"a line break in the header {name!r}")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL points: what to connect to and what to say in the request line and the Host header."""

    scheme: str
    host: str
    port: int
    netloc: str
    path: str

    @classmethod
    def of(cls, url: str) -> Target | None:
        """The target of *url*, None when it cannot be requested as it is."""
        if not _URL.fullmatch(url):
            return None
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return None
        if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or port == 0:
            return None
        path = url[url.index("//") + 2 + len(parts.netloc) :].partition("#")[0]
        if not path.startswith("/"):
            path = "/" + path
        return cls(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], parts.netloc, path)

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a connection is kept under."""
        return self.scheme, self.host, self.port


def request_bytes(request: CaptureRequest, target: Target, *, absolute: bool = False) -> bytes:
    """The request as on the wire (RFC 9112); *absolute*: in the form that a proxy takes."""
    line_target = request.url.partition("#")[0] if absolute else target.path
    fields = [(_encoded(name), _encoded(value)) for name, value in request.headers]
    given = {name.lower() for name, _ in fields}
    lines = [f"{request.method} {line_target} HTTP/1.1".encode("ascii")]
    if b"host" not in given:
        lines.append(b"Host: " + target.netloc.encode("ascii"))
    lines += [name + b": " + value for name, value in fields]
    if (request.body or request.method in _WITH_BODY) and not given & {b"content-length", b"transfer-encoding"}:
        lines.append(b"Content-Length: %d" % len(request.body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + request.body


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
