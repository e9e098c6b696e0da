"""SURT keys: the sort key of a URL in CDX and CDXJ indexes, ``com,example)/path?query``.

Two steps, by the published rules of the Wayback Machine's URL canonicaliser, which pywb's and Common Crawl's indexes
follow.  First the URL is made plain: whitespace, fragment, user, default port and ``www.`` off; percent-escapes undone
until nothing changes, then only what must be escaped escaped again; dots in the path resolved; session ids out; all in
lower case, the query sorted.  Then the host is written from the top domain down.  The key says "probably the same
page", it is not a URL: a lookup by key must still compare what it finds with what was asked.
"""

from __future__ import annotations

import re

from broadsheet.archive.internationalised_host import ascii_host

_SPACE = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_AUTHORITY = re.compile(r"(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?//([^/?#]*)([^?#]*)(?:\?([^#]*))?")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_MUST_ESCAPE = re.compile(rb"[\x00-\x20#%\x7f-\xff]")
_WWW = re.compile(r"www\d*\.")
_NUMERIC_HOST = re.compile(r"\d+(?:\.\d+){0,3}")
_HOST_AND_PORT = re.compile(r"(\[[^\]]*\]|[^:]*)(?::(\d*))?")
_BARE_HOST = re.compile(r"[^/?#:]*\.[^/?#:]*:\d+(?:[/?#]|$)")  # "example.com:8080/x" has no scheme
_PORTS = {"http": "80", "https": "443"}

# Session ids in the query: the last of each kind goes, with its "&"
_QUERY_SESSIONS = tuple(
    re.compile(rf"(.*){what}(?:&(.*))?", re.IGNORECASE | re.DOTALL)
    for what in (
        r"jsessionid=[0-9a-z]{32}",
        r"phpsessid=[0-9a-z]{32}",
        r"sid=[0-9a-z]{32}",
        r"aspsessionid[a-z]{8}=[a-z]{24}",
        r"cfid=[^&]+&cftoken=[^&]+",
    )
)
# ASP.NET puts them into the path: /(S(0123456789abcdefghijklmn))/page.aspx, /(0123456789abcdefghijklmn)/page.aspx
_PATH_SESSION = re.compile(r"(.*/)\((?:(?:[a-z]\([0-9a-z]{24}\))+|[0-9a-z]{24})\)/([^?]+\.aspx.*)", re.I | re.DOTALL)


def surt(url: str) -> str:
    """The SURT key of *url*; one without an authority (``dns:example.com``) is only escaped and put in lower case."""
    url = _SPACE.sub("", url).strip()
    match = _AUTHORITY.match(url)
    if match is None:
        if _SCHEME.match(url) and not _BARE_HOST.match(url):
            return _clean(url.partition("#")[0]).lower()
        match = _AUTHORITY.match("http://" + url.lstrip("/"))
        assert match is not None  # every part of the pattern after "//" may be empty
    scheme, authority, path, query = match.groups()
    key = f"{_host_key(authority, (scheme or 'http').lower())}){_path_key(path)}"
    cleaned = _query_key(query) if query else ""
    return f"{key}?{cleaned}" if cleaned else key


def _clean(text: str) -> str:
    """Undo escapes until there are none, then escape controls, space, ``#``, ``%`` and all beyond ASCII."""
    raw = text.encode("utf-8", "replace")
    while (plain := _ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), raw)) != raw:
        raw = plain
    return _MUST_ESCAPE.sub(lambda match: b"%%%02X" % match.group(0)[0], raw).decode("ascii")


def _host_key(authority: str, scheme: str) -> str:
    match = _HOST_AND_PORT.match(authority.rpartition("@")[2])
    host, port = match.groups() if match else (authority, None)
    name = ".".join(label for label in _plain_host(host).split(".") if label)
    www = _WWW.match(name)
    if www and www.end() < len(name):
        name = name[www.end() :]
    key = ",".join(reversed(name.split(".")))
    port = (port or "").lstrip("0")
    return key if port in ("", _PORTS.get(scheme)) else f"{key}:{port}"


def _plain_host(host: str) -> str:
    """The host in lower case and punycode; an address in dotted decimal."""
    if host.startswith("["):
        return _clean(host[1:].rstrip("]")).lower()
    if "%" in host or not host.isascii():
        host = _unescaped(host)
        host = ascii_host(host)
    if not host.isascii() or not host.isprintable() or " " in host:
        host = _clean(host)
    if _NUMERIC_HOST.fullmatch(host):
        return _dotted_address(host) or host
    return host.lower()


def _unescaped(text: str) -> str:
    raw = text.encode("utf-8", "replace")
    return _ESCAPE.sub(lambda match: bytes([int(match.group(1), 16)]), raw).decode("utf-8", "replace")


def _dotted_address(host: str) -> str | None:
    """An IPv4 address in any of inet_aton's decimal and octal spellings, None when it is none."""
    try:
        *numbers, last = [int(part, 8 if part[0] == "0" and len(part) > 1 else 10) for part in host.split(".")]
    except ValueError:
        return None
    room = 4 - len(numbers)
    if any(number > 255 for number in numbers) or last >= 256**room:
        return None
    return ".".join(str(byte) for byte in (*numbers, *last.to_bytes(room, "big")))


def _path_key(path: str) -> str:
    segments: list[str] = []
    for segment in _clean(path).split("/")[1:]:  # what stands before the first slash is empty
        if segment == ".":
            continue
        if segment == ".." and segments and segments[-1] != "..":
            segments.pop()
        else:
            segments.append(segment)
    cleaned = "/" + "/".join(segment for segment in segments if segment)
    session = _PATH_SESSION.fullmatch(cleaned)
    if session:
        cleaned = session.group(1) + session.group(2)
    return cleaned.lower()


def _query_key(query: str) -> str:
    cleaned = _clean(query)
    for pattern in _QUERY_SESSIONS:
        match = pattern.fullmatch(cleaned)
        if match:
            cleaned = match.group(1) + (match.group(2) or "")
    return "&".join(sorted(cleaned.lower().split("&"), key=lambda pair: pair.split("=", 1)))
