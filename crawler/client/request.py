"""The bytes of a request: what is sent is what the record will hold, so nothing is added behind the caller's back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_URL = re.compile(r"[!-~]+")  # visible ASCII: anything else would have to be re-quoted
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class CaptureRequest:
    """What to ask for.  ``url`` is sent as it is; ``headers`` follow Host, in this order."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


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
        if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
            return None
        path = url[url.index("//") + 2 + len(parts.netloc) :].partition("#")[0]
        if not path.startswith("/"):
            path = "/" + path
        return cls(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], parts.netloc, path)


def request_bytes(request: CaptureRequest, target: Target, *, absolute: bool = False) -> bytes:
    """The request as on the wire (RFC 9112); *absolute*: in the form that a proxy takes."""
    line_target = request.url.partition("#")[0] if absolute else target.path
    lines = [f"{request.method} {line_target} HTTP/1.1", f"Host: {target.netloc}"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    if request.body:
        lines.append(f"Content-Length: {len(request.body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + request.body
