"""Hyperlinks made absolute: the result of `urljoin`, at a lower price for plain ones, which most are."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml import etree

SCHEMES = frozenset({"http", "https", "mailto", "ftp"})
# a path from the root, or a whole URL, in which nothing is to be resolved, left out or refused
_LETTERS = r"[\w~%!$&'()*+,=:@./-]"
_PLAIN_PATH = re.compile(rf"/(?:(?!/){_LETTERS}+(?:\?{_LETTERS}+)?(?:#{_LETTERS}+)?)?", re.A)
_PLAIN_URL = re.compile(r"https?://[a-z0-9.-]+" + _PLAIN_PATH.pattern, re.A)


def base_of(root: etree._Element, url: str) -> str:
    """What the URLs of the page at *url* are relative to: its first ``<base>`` with an href, as in a crawl; *url* where that is
    no URL that HTTP can fetch (HTML, "document base URLs")."""
    parts = (root.find("head"), root.find("body"))  # of a head that a parser ended too soon, the rest is in the body
    bases = (one for part in parts if part is not None for one in part.iterchildren("base"))
    base = next((href for one in bases if (href := one.get("href")) is not None), None)
    if base is None:
        return url
    try:
        joined = urljoin(url, base.strip())
        return joined if urlsplit(joined).scheme in {"http", "https"} and urlsplit(joined).hostname else url
    except ValueError:
        return url


class Resolver:
    """Makes the hrefs of a page absolute; *url* is its base (`base_of`)."""

    def __init__(self, url: str) -> None:
        self._url = url
        origin, slash, _ = url[8:].partition("/")
        origin = url[:8] + origin
        self._origin = origin if slash and _PLAIN_URL.fullmatch(f"{origin}/") else None

    def __call__(self, href: str) -> str | None:
        """The absolute URL of *href*; None when it is invalid or of a scheme that is not kept (SCHEMES)."""
        plain = self._plain(href)
        if plain is not None:
            return plain
        try:
            target = urljoin(self._url, href.strip())
            return target if urlsplit(target).scheme in SCHEMES else None
        except ValueError:
            return None

    def join(self, href: str) -> str:
        """The absolute URL of *href*, of any scheme.

        Raises:
            ValueError: it is no URL.
        """
        return self._plain(href) or urljoin(self._url, href.strip())

    def _plain(self, href: str) -> str | None:
        """The URL of an *href* that needs no resolving; None for all others."""
        if href[:1] == "/":
            if self._origin is not None and _PLAIN_PATH.fullmatch(href) and "/." not in href:
                return self._origin + href
            return None
        return href if _PLAIN_URL.fullmatch(href) else None
