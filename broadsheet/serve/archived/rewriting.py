"""HTML and CSS whose addresses lead back into the archive, without what could act.

Where an address is not understood nothing is lost: the page's policy lets it load from the archived origin alone (app.py), so
what is left unrewritten shows nothing.  Dropped are scripts, handlers, refreshes, policies and hints of the page's own, and
integrity, because a rewritten style sheet is another.  Pictures that a script would have loaded late are loaded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import lxml.etree
import lxml.html

from broadsheet.archive.url import Resolver, document_resolver
from broadsheet.crawler.requisites.srcset import srcset_urls

MAX_REWRITTEN = 32 * 1024 * 1024  # bytes of a document; a larger one is shown as it is
_URL_ATTRIBUTES = frozenset({"href", "src", "poster", "data", "background", "xlink:href"})
_SETS = frozenset({"srcset", "imagesrcset"})
_LATE = {"src": ("data-src", "data-lazy-src", "data-original"), "srcset": ("data-srcset", "data-lazy-srcset")}
_DROPPED_ATTRIBUTES = frozenset(
    {"integrity", "crossorigin", "nonce", "ping", "target", "action", "formaction", "srcdoc", "manifest", "http-equiv"}
)
_DROPPED = frozenset({"script", "base", "applet", "portal", "fencedframe"})
_HINTS = re.compile(r"\b(?:preconnect|dns-prefetch|prefetch|prerender|preload|modulepreload|manifest)\b", re.IGNORECASE)
_CSS_URL = re.compile(r"""url\(\s*(?:"([^"\\]*)"|'([^'\\]*)'|([^"'()\\\s]+))\s*\)""", re.IGNORECASE)
_CSS_IMPORT = re.compile(r"""(@import\s+)(?:"([^"\\]*)"|'([^'\\]*)')""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prefix:
    """Rewrites addresses to ``PREFIX URL``: *path* is ``/COLLECTION/TIMESTAMP/``, *resolver* makes them
    absolute."""

    path: str
    resolver: Resolver

    def __call__(self, address: str) -> str | None:
        """*address* in the archive; None for one that does not lead to a document (``javascript:``)."""
        stripped = address.strip()
        if not stripped or stripped.startswith("#") or stripped.lower().startswith("data:"):
            return stripped
        url = self.resolver.target(stripped)
        return self.path + url if url and url.startswith(("http:", "https:")) else None


def rewritten_css(css: str, rewrite: Callable[[str], str | None]) -> str:
    """The style sheet *css* with its addresses rewritten."""

    def function(match: re.Match[str]) -> str:
        return f'url("{_quoted(rewrite(match[1] or match[2] or match[3] or ""))}")'

    def rule(match: re.Match[str]) -> str:
        return f'{match[1]}"{_quoted(rewrite(match[2] or match[3] or ""))}"'

    return _CSS_IMPORT.sub(rule, _CSS_URL.sub(function, css))


def rewritten_html(text: bytes, path: str, url: str) -> bytes:
    """The page *text* (UTF-8) at *url* with its addresses behind *path*, *text* itself when it cannot be parsed."""
    if not text.strip():
        return b""
    parser = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8")
    try:
        root = lxml.html.document_fromstring(text, parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return text
    rewrite = Prefix(path, document_resolver(Resolver(url), (element.get("href") for element in root.iter("base"))))
    for element in list(root.iter(lxml.etree.Element)):  # no comments
        if _goes(element):
            _drop(element)
        else:
            _rewrite_element(element, rewrite)
    whole: bytes = lxml.etree.tostring(root.getroottree(), method="html", encoding="utf-8")
    return whole


def _drop(element: lxml.etree._Element) -> None:
    """Take *element* out, and leave the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail and parent is not None:
        parent.text = (parent.text or "") + element.tail
    if parent is not None:
        parent.remove(element)


def _goes(element: lxml.etree._Element) -> bool:
    if element.tag in _DROPPED:
        return True
    if element.tag == "link":
        return bool(_HINTS.search(element.get("rel") or ""))
    return element.tag == "meta" and element.get("http-equiv") is not None


def _rewrite_element(element: lxml.etree._Element, rewrite: Prefix) -> None:
    if element.tag in ("img", "source"):
        _load_late(element)
    for name, value in [(str(name), str(value)) for name, value in element.attrib.items()]:
        lower = name.lower()
        if lower.startswith("on") or lower in _DROPPED_ATTRIBUTES:
            del element.attrib[name]
        elif lower in _URL_ATTRIBUTES:
            _set(element, name, rewrite(value))
        elif lower in _SETS:
            _set(element, name, _rewritten_set(value, rewrite))
        elif lower == "style":
            _set(element, name, rewritten_css(value, rewrite))
    if element.tag == "style" and element.text:
        element.text = rewritten_css(element.text, rewrite)


def _load_late(element: lxml.etree._Element) -> None:
    for name, later in _LATE.items():
        shown = element.get(name) or ""
        waiting = next((value for one in later if (value := element.get(one))), None)
        if waiting and (not shown or shown.startswith("data:")):
            element.set(name, waiting)


def _rewritten_set(value: str, rewrite: Prefix) -> str:
    position, parts = 0, []
    for url in srcset_urls(value):
        at = value.find(url, position)
        parts += [value[position:at], rewrite(url) or ""]
        position = at + len(url)
    return "".join([*parts, value[position:]])


def _set(element: lxml.etree._Element, name: str, value: str | None) -> None:
    try:
        if value is None:
            del element.attrib[name]
        else:
            element.set(name, value)
    except ValueError:  # characters that no attribute can hold
        del element.attrib[name]


def _quoted(address: str | None) -> str:
    return (address or "").replace("\\", "%5C").replace('"', "%22").replace("\n", "")
