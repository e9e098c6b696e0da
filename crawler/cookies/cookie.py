"""A cookie, and how a Set-Cookie header is read: leniently, as browsers do (RFC 6265, 5.2 and 5.3).

Pure: the time is passed in.  http.cookiejar was dropped: it wants urllib's requests and follows older rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from ipaddress import ip_address
from urllib.parse import urlsplit

from broadsheet.archive.public_suffix import is_public_suffix

MAX_SIZE = 4096  # bytes of name and value together (6.1); browsers drop longer ones, too
LONG_AGO = 0.0


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie.  ``expires`` is in seconds since 1970, None for as long as the crawl."""

    name: str
    value: str
    domain: str
    path: str = "/"
    host_only: bool = True
    secure: bool = False
    expires: float | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same cookie."""
        return self.domain, self.path, self.name

    def live(self, now: float) -> bool:
        """Whether it has not expired."""
        return self.expires is None or self.expires > now

    def goes_to(self, host: str, path: str, *, secure: bool) -> bool:
        """Whether it is sent with a request for *path* on *host* (5.4)."""
        if self.secure and not secure:
            return False
        if host != self.domain and (self.host_only or not domain_matches(host, self.domain)):
            return False
        if not path.startswith(self.path):
            return False
        return len(path) == len(self.path) or self.path.endswith("/") or path[len(self.path)] == "/"


def parse_set_cookie(header: str, url: str, now: float) -> Cookie | None:
    """The cookie that the value *header* of Set-Cookie in an answer from *url* sets; None when it is to be ignored.

    One that has expired is returned all the same: it ends the cookie that it replaces.
    """
    pair, *attributes = header.split(";")
    name, equals, value = (part.strip() for part in pair.partition("="))
    if not equals or not name or len(name) + len(value) > MAX_SIZE or not (name + value).isprintable():
        return None
    said: dict[str, str] = {}
    for attribute in attributes:
        key, _, text = attribute.partition("=")
        said[key.strip().lower()] = text.strip()  # of several with one name the last counts
    parts = urlsplit(url)
    host = parts.hostname or ""
    secure = "secure" in said
    domain = said.get("domain", "").lower().removeprefix(".")
    if domain and domain != host and (not domain_matches(host, domain) or is_public_suffix(domain, private=True)):
        return None
    if secure and parts.scheme != "https":
        return None
    path = said.get("path", "")
    return Cookie(
        name,
        value,
        domain or host,
        path if path.startswith("/") else _default_path(parts.path),
        host_only=not domain or is_public_suffix(domain, private=True),
        secure=secure,
        expires=_expires(said, now),
    )


def domain_matches(host: str, domain: str) -> bool:
    """Whether *host* is *domain* or lies below it (5.1.3); an address has nothing below it."""
    if host == domain:
        return True
    if not host.endswith(f".{domain}"):
        return False
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


def _default_path(path: str) -> str:
    return path[: path.rindex("/")] or "/" if path.startswith("/") else "/"


def _expires(said: dict[str, str], now: float) -> float | None:
    """When a cookie ends: Max-Age counts before Expires; what cannot be read does not count (5.2.1, 5.2.2)."""
    age = said.get("max-age", "")
    if age.removeprefix("-").isdecimal():
        return now + float(age[:12]) if age[0] != "-" and int(age[:12]) > 0 else LONG_AGO
    try:
        moment = parsedate_tz(said.get("expires", ""))
        return None if moment is None else float(mktime_tz(moment))
    except (ValueError, OverflowError, IndexError):
        return None
