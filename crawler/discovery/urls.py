"""URLs as a browser would request them, and which of them count as the same.

A URL is a key here (of the seen-set, of the frontier, of a WARC record), so every spelling of it must come out as the
one that a browser sends: the WHATWG URL Standard, for http and https alone.  Nine of ten hrefs are plain ("/a/b.html",
"https://example.com/a") and need no parsing: a regular expression recognises those that the standard would leave as
they are, and they are only joined to the base.  All else takes the standard's way, state by state.  urllib's urljoin
was dropped: it takes 5 us, and follows RFC 3986 where browsers do not (backslashes, tabs, "http:x", "%2e").

Left out on purpose: user and password (nobody should find them in an archive's index), and hosts no resolver can look
up (an empty label, or one beyond 63 bytes), for which the answer is None.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from broadsheet.crawler.discovery.hosts import parse_authority

# What the standard leaves as it is.  Path: all of printable ASCII but "#<>?`{}^\ ; query: but "#<>' .
_PATH: Final = r"[!$-;=@-Z\[\]_a-z|~]"
_QUERY: Final = r"[!$%&(-;=?-~]"
_HOST: Final = r"(?!xn--)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.(?!xn--)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
# The last label begins with a letter (else it might be an address) and there is no port: see hosts.py for all others.
_PLAIN_ABSOLUTE = re.compile(
    rf"https?://(?=[^/]{{1,253}}/)(?:{_HOST}\.)?(?!xn--)[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?/{_PATH}*(?:\?{_QUERY}*)?"
)
_PLAIN_ROOTED = re.compile(rf"/(?!/){_PATH}*(?:\?{_QUERY}*)?")
_PLAIN_RELATIVE = re.compile(rf"[!$&-+\-0-9;=@-Z_a-z~][!$-9;=@-Z\[\]_a-z|~]*(?:\?{_QUERY}*)?")

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNSAFE_PATH = re.compile(r"""[^!$-;=@-Z\[\]_a-z|~]+""")
_UNSAFE_QUERY = re.compile(r"""[^!$%&(-;=?-~]+""")
_TABS = str.maketrans("", "", "\t\n\r")
_C0_AND_SPACE: Final = "".join(map(chr, range(0x21)))
_DOT: Final = frozenset({".", "%2e", "%2E"})
_DOT_DOT: Final = frozenset({"..", ".%2e", ".%2E", "%2e.", "%2E.", "%2e%2e", "%2e%2E", "%2E%2e", "%2E%2E"})

# Parameters that say how the reader came, not what is read.  Only names that nothing else uses: dropping one that
# matters would lose a page, keeping one that does not costs a second copy.
# fmt: off
_TRACKING = frozenset((
    "fbclid", "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "msclkid", "yclid", "ysclid", "twclid", "ttclid",
    "li_fat_id", "igsh", "igshid", "mc_cid", "mc_eid", "pk_campaign", "pk_kwd", "pk_source", "pk_medium",
    "pk_content", "pk_cid", "_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp", "hsctatracking", "vero_id",
    "oly_anon_id", "oly_enc_id", "wickedid", "srsltid", "cmpid", "ncid", "xtor", "_ga", "_gl",
    "replytocom",  # WordPress: the same page with its comment form in another place
    "jsessionid", "phpsessid",
))
# fmt: on
_TRACKING_FAMILIES = ("utm_", "mtm_", "aspsessionid")
_PATH_SESSION = re.compile(r";jsessionid=[0-9a-z.!_-]*", re.IGNORECASE)


def normalise(url: str, base: str | None = None, encoding: str = "utf-8") -> str | None:
    """*url*, absolute, as a browser would request it; None when it names nothing that HTTP can fetch.

    *base* is the absolute URL it stands in (the document's, or that of its ``<base>``).  *encoding* is the document's,
    as Python names it: a browser writes the characters of a query in it.  The fragment is dropped.  Idempotent, and
    never raises.  (WHATWG URL, section 4.4.)
    """
    return (_NO_BASE if base is None else _resolver(base, encoding)).resolve(url)


class Resolver:
    """Resolves the URLs of one document; keep one for all its links.

    *base* must be absolute; when it is not, only absolute URLs are resolved.
    """

    __slots__ = ("_base", "_directory", "_encoding", "_origin", "_path", "_scheme")

    def __init__(self, base: str | None, encoding: str = "utf-8") -> None:
        self._encoding = "utf-8" if encoding.startswith("utf") else encoding
        self._base = self._scheme = self._origin = self._path = self._directory = ""
        absolute = None if base is None else self._parse(base)
        if absolute is not None:
            self._base = absolute
            self._scheme = absolute.partition(":")[0]
            path_start = absolute.index("/", len(self._scheme) + 3)
            self._origin = absolute[:path_start]
            self._path = absolute[path_start:].partition("?")[0]
            self._directory = self._origin + self._path[: self._path.rindex("/") + 1]

    @property
    def encoding(self) -> str:
        """What the characters of a query are written in."""
        return self._encoding

    @property
    def base(self) -> str | None:
        """The base as it was understood; None when it is not an absolute http or https URL."""
        return self._base or None

    def resolve(self, url: str) -> str | None:
        """See `normalise`."""
        plain = url[: url.index("#")] if "#" in url else url
        if "/." not in plain and "/%2" not in plain:
            if self._base and _PLAIN_ROOTED.fullmatch(plain):  # most of them
                return self._origin + plain
            if _PLAIN_ABSOLUTE.fullmatch(plain):
                return plain
            if self._base:
                if plain.startswith(self._origin) and _PLAIN_ROOTED.fullmatch(plain, len(self._origin)):
                    return plain  # of the same host, whose name is none of the plain ones: an address, a port
                if _PLAIN_RELATIVE.fullmatch(plain):
                    return self._directory + plain
        return self._parse(url)

    def _parse(self, url: str) -> str | None:
        """The standard's way.  What it calls a validation error is forgiven, what it calls a failure is None."""
        url = url.strip(_C0_AND_SPACE).translate(_TABS).partition("#")[0]
        if _SURROGATES.search(url):
            url = _SURROGATES.sub("\ufffd", url)
        match = _SCHEME.match(url)
        if match is None:
            return self._parse_relative(url)
        scheme, rest = match[1].lower(), url[match.end() :]
        if scheme not in ("http", "https"):
            return None
        if scheme == self._scheme and not rest.startswith("//"):  # "http:x" is a relative URL, in a browser
            return self._parse_relative(rest)
        return self._parse_authority(scheme, rest)

    def _parse_relative(self, url: str) -> str | None:
        if not self._base:
            return None
        if url[:1] in ("/", "\\"):
            if url[1:2] in ("/", "\\") and len(url) > 1:
                return self._parse_authority(self._scheme, url)
            return self._origin + self._path_and_query(url)
        if not url:
            return self._base
        if url[0] == "?":
            return self._origin + self._path + self._query(url[1:])
        return self._origin + self._path_and_query(self._path[: self._path.rindex("/") + 1] + url)

    def _parse_authority(self, scheme: str, rest: str) -> str | None:
        rest = rest.lstrip("/\\")
        end = next((i for i, char in enumerate(rest) if char in "/\\?"), len(rest))
        host = parse_authority(rest[:end], scheme)
        return None if host is None else f"{scheme}://{host}{self._path_and_query(rest[end:])}"

    def _path_and_query(self, text: str) -> str:
        path, mark, query = text.partition("?")
        return _clean_path(path) + (self._query(query) if mark else "")

    def _query(self, query: str) -> str:
        return "?" + _UNSAFE_QUERY.sub(lambda match: _escape(match[0], self._encoding), query)


_NO_BASE = Resolver(None)
_resolver = lru_cache(maxsize=64)(Resolver)


def _clean_path(path: str) -> str:
    """Dots resolved, backslashes turned, percent-encoded; begins with a slash."""
    segments: list[str] = []
    parts = path.replace("\\", "/").split("/")
    for part in parts[1:] if parts[0] == "" else parts:
        if part in _DOT_DOT:
            if segments:
                segments.pop()
        elif part not in _DOT:
            segments.append(part)
    if parts[-1] in _DOT or parts[-1] in _DOT_DOT:
        segments.append("")
    return "/" + _UNSAFE_PATH.sub(lambda match: _escape(match[0], "utf-8"), "/".join(segments))


def _escape(text: str, encoding: str) -> str:
    try:
        return "".join(f"%{byte:02X}" for byte in text.encode(encoding))
    except UnicodeEncodeError:
        if len(text) > 1:
            return "".join(_escape(char, encoding) for char in text)
        return f"%26%23{ord(text)}%3B"  # as a form would: a numeric reference, escaped


def host_of(url: str) -> str:
    """Host and, when it is not the scheme's own, port of a normalised URL: what politeness is kept towards."""
    host, _, _ = url.partition("://")[2].partition("/")
    return host


def dedupe_key(url: str) -> str:
    """What counts as the same URL: a normalised *url* without the parameters that only track its reader or session.

    Nothing else is folded (scheme, "www.", case, order, empty parameters, trailing slashes): servers are free to tell
    such URLs apart, and an archive that holds both is right either way.
    """
    if ";" in url:
        url = _PATH_SESSION.sub("", url)
    if "?" not in url:
        return url
    start, _, query = url.partition("?")
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _only_tracks(pair)]
    if len(kept) == len(pairs):
        return url
    return f"{start}?{'&'.join(kept)}" if kept else start


def _only_tracks(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_FAMILIES)


def fingerprint(key: str) -> bytes:
    """16 bytes that stand for *key* (BLAKE2b)."""
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()
