"""URLs as a browser would request them: the one resolver of a page's URLs, for the crawl, the dataset and what is shown.

A URL is a key (of the seen-set, of the frontier, of a WARC record, of the rows that name it), so every spelling of it
must come out as the one that a browser sends: the WHATWG URL Standard, for http and https alone.  Nine of ten hrefs are
plain ("/a/b.html", "https://example.com/a") and need no parsing: a regular expression recognises those that the
standard would leave as they are, and they are only joined to the base.  All else takes the standard's way, state by
state.  urllib's urljoin was dropped: it takes 5 us, and follows RFC 3986 where browsers do not (backslashes, tabs,
"http:x", "%2e").

Left out on purpose: user and password (nobody should find them in an archive's index), and hosts no resolver can look
up (an empty label, or one beyond 63 bytes), for which the answer is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

from broadsheet.archive.url_host import parse_authority

# What the standard leaves as it is.  Path: all of printable ASCII but "#<>?`{}^\ ; query: but "#<>' .
_PATH: Final = r"[!$-;=@-Z\[\]_a-z|~]"
_QUERY: Final = r"[!$%&(-;=?-~]"
_HOST: Final = r"(?!xn--)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.(?!xn--)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
# The last label begins with a letter (else it might be an address) and there is no port: see url_host.py for all others.
_PLAIN_ABSOLUTE = re.compile(
    rf"https?://(?=[^/]{{1,253}}/)(?:{_HOST}\.)?(?!xn--)[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?/{_PATH}*(?:\?{_QUERY}*)?"
)
_PLAIN_ROOTED = re.compile(rf"/(?!/){_PATH}*(?:\?{_QUERY}*)?")
_PLAIN_RELATIVE = re.compile(rf"[!$&-+\-0-9;=@-Z_a-z~][!$-9;=@-Z\[\]_a-z|~]*(?:\?{_QUERY}*)?")

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNSAFE_PATH = re.compile(r"""[^!$-;=@-Z\[\]_a-z|~]+""")
_UNSAFE_FRAGMENT = re.compile(r"""[^!#-;=?-_a-~]+""")
_UNSAFE_QUERY = re.compile(r"""[^!$%&(-;=?-~]+""")
_TABS = str.maketrans("", "", "\t\n\r")
_C0_AND_SPACE: Final = "".join(map(chr, range(0x21)))
_DOT: Final = frozenset({".", "%2e", "%2E"})
_DOT_DOT: Final = frozenset({"..", ".%2e", ".%2E", "%2e.", "%2E.", "%2e%2e", "%2e%2E", "%2E%2e", "%2E%2E"})


def normalise(url: str, base: str | None = None, encoding: str = "utf-8") -> str | None:
    """*url*, absolute, as a browser would request it; None when it names nothing that HTTP can fetch.

    *base* is the absolute URL it stands in (the document's, or that of its ``<base>``).  *encoding* is the document's,
    as Python names it: a browser writes the characters of a query in it.  The fragment is dropped.  Idempotent, and
    never raises.  (WHATWG URL, section 4.4.)
    """
    return (_NO_BASE if base is None else _resolver(base, encoding)).resolve(url)


def document_resolver(resolver: Resolver, bases: Iterable[str | None]) -> Resolver:
    """What resolves the URLs of a document: *resolver*, that of its own URL, or that of its ``<base>``.

    *bases* are the ``href`` of its base elements, in order: the first that has one decides, wherever it stands and whatever
    comes before it; one that names nothing that HTTP can fetch (``data:``, ``javascript:``, a host that is none) counts as
    if there were none.  (HTML, "document base URLs".)
    """
    for href in bases:
        if href is not None:
            base = resolver.resolve(href)
            return resolver if base is None else Resolver(base, resolver.encoding)
    return resolver


class Resolver:
    """Resolves the URLs of one document; keep one for all its links.

    *base* must be absolute; when it is not, only absolute URLs are resolved.
    """

    __slots__ = ("_base", "_directory", "_elsewhere", "_encoding", "_origin", "_path", "_scheme")

    def __init__(self, base: str | None, encoding: str = "utf-8") -> None:
        self._encoding = "utf-8" if encoding.startswith("utf") else encoding
        self._base = self._scheme = self._origin = self._path = self._directory = ""
        absolute = None if base is None else self.resolve(base)  # a crawl's own URLs are plain
        self._elsewhere = (base or "") if absolute is None else ""  # of another scheme (file), or none
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

    def target(self, href: str) -> str | None:
        """What the hyperlink *href* names, with its fragment; None where it is no URL.

        What HTTP cannot fetch is given as it is written: another scheme, and a relative URL where the document has none of
        its own.
        """
        start, _, fragment = href.partition("#")
        found = self.resolve(start)
        if found is None:
            return self._not_fetched(href)
        fragment = fragment.rstrip(_C0_AND_SPACE)
        return f"{found}#{_UNSAFE_FRAGMENT.sub(_escaped, fragment.translate(_TABS))}" if fragment else found

    def _not_fetched(self, href: str) -> str | None:
        href = href.strip(_C0_AND_SPACE).translate(_TABS)
        match = _SCHEME.match(href)
        if match is not None:
            return None if match[1].lower() in ("http", "https") else href
        try:
            return None if self._base else urljoin(self._elsewhere, href)
        except ValueError:
            return None

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


def _escaped(match: re.Match[str]) -> str:
    return _escape(match[0], "utf-8")


def _escape(text: str, encoding: str) -> str:
    try:
        return "".join(f"%{byte:02X}" for byte in text.encode(encoding))
    except UnicodeEncodeError:
        if len(text) > 1:
            return "".join(_escape(char, encoding) for char in text)
        return f"%26%23{ord(text)}%3B"  # as a form would: a numeric reference, escaped
