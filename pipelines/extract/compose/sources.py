"""Sources: the addresses of a picture, and the one that a reader would want.

Of a ``srcset`` that is the narrowest candidate that fills a screen, else the widest: neither a thumbnail nor the original of
twenty megabytes.  Sources that are loaded late (``data-src`` and its kin) count as sources; a placeholder yields to the picture
in the ``<noscript>`` beside it; an element without any has the picture of its background.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from broadsheet.archive.url import Resolver

_SOURCES = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-hi-res-src", "data-full-src", "data-image", "data-url",
    "src",
)  # fmt: skip
_BACKGROUNDS = ("data-bg", "data-background", "data-background-image", "data-bg-src", "data-lazy-background")
_GIVEN = (*_SOURCES, *_BACKGROUNDS)
_SETS = ("data-srcset", "data-lazy-srcset", "data-bgset", "srcset")
_CANDIDATE = re.compile(r"[\s,]*+(\S++)(?:(?<=,)|\s*+([^,]*+),?)")  # possessive: linear whatever a page writes
_DESCRIPTOR = re.compile(r"([\d.]{1,12})([wx])")
_DECORATION = re.compile(
    r"sprite|pixel|spacer|blank|loader|loading|placeholder|1x1|avatar|gravatar|emoji|favicon|logo", re.I
)
_BACKGROUND = re.compile(
    r"""background(?:-image)?\s{0,3}:[^;]{0,200}?url\(\s{0,3}(?:"([^"]+)"|'([^']+)'|([^)"'\s]+))""", re.I
)
# as scripts of all makes name a source that they load late
_LAZY = re.compile(r"data-(?:[a-z]+-)*(?:lazy-?(?:load|src)?|src|image|img|original|media)(?:-url|-src)?")
_URL = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)")
_FILE = re.compile(r"[^\s{}<>\"']{0,1500}\.(?:jpe?g|png|webp|avif|gif)(?:\?[^\s{}<>\"']{0,500})?", re.I)
_TAG = re.compile(r"<\s*(?:img|source)\b")
_NOT_FETCHED = ("data:", "blob:", "javascript:", "{", "[")
_SCREEN = 1200  # pixels of width that fill a screen
_DENSITY = 600  # pixels that a picture without widths is taken to be wide
_MAX_SRCSET = 20_000  # characters
_MAX_SOURCES = 40  # source elements of a picture


def is_picture(element: etree._Element) -> bool:
    """Whether *element* shows a picture, also late or as its background."""
    if element.tag == "img" or (element.tag == "video" and element.get("poster")):
        return True
    if any(map(element.get, (*_SOURCES[:-1], *_SETS[:-1], *_BACKGROUNDS))):
        return element.tag != "iframe"
    if element.tag.endswith(("-image", "-img")) and element.get("src"):  # custom elements
        return True
    return _background(element) is not None


def is_decoration(url: str) -> bool:
    """Whether the picture's name is that of a placeholder, an icon, a logo."""
    path = url.partition("?")[0]
    return _DECORATION.search(path, path.rfind("/") + 1) is not None


class Sources:
    """The addresses of the pictures of a page, whose URLs *resolver* resolves."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def of(self, element: etree._Element) -> tuple[str | None, tuple[str, ...]]:
        """The address of the picture that *element* shows, None where it has none; and its other sizes."""
        if element.tag == "video":
            return self._absolute(element.get("poster") or ""), ()
        own, sizes = self._addresses(element)
        if (own is None or not (sizes or _is_late(element))) and (beside := _without_scripts(element)) is not None:
            own, sizes = self._addresses(beside)
        others = tuple(dict.fromkeys(address for _, address in sizes))
        wanted = _wanted([size for size in sizes if size[0] > 1.0])
        if wanted is not None:
            plain = () if own is None or is_decoration(own) else (own,)
            return wanted, tuple(dict.fromkeys((*others, *plain)))
        if own is not None and not (others and is_decoration(own)):
            return own, others
        return (others[0] if others else None), others

    def _addresses(self, element: etree._Element) -> tuple[str | None, list[tuple[float, str]]]:
        """The plain source of a picture, and its candidates with their widths."""
        around = element.getparent()
        while around is not None and around.tag in {"noscript", "span", "source"}:  # libxml2 knows no end of source
            around = around.getparent()
        elements = [element]
        if around is not None and around.tag == "picture":
            elements += islice(around.iter("source"), _MAX_SOURCES)
        sets = [one for part in elements for value in _srcsets(part) for one in candidates(value)]
        sizes = [(width, address) for width, target in sets if (address := self._absolute(target)) is not None]
        given = (_out_of_url(value) for one in _values(element, _GIVEN) if (value := one.strip()))
        own = next((address for one in given if (address := self._absolute(one)) is not None), None)
        if (own is None or is_decoration(own)) and not sizes and (late := _late_file(element)) is not None:
            own = self._absolute(late)
        return own or self._absolute(_background(element) or ""), sizes

    def _absolute(self, value: str) -> str | None:
        if not value or value.startswith(_NOT_FETCHED):
            return None
        return self._resolver.target(value)


def _values(element: etree._Element, names: Sequence[str]) -> Iterator[str]:
    """The attributes of these *names* that *element* has with a value, in this order: of the many, most have one or two."""
    had = element.keys()
    return (value for name in names if name in had and (value := element.get(name)))


def _srcsets(element: etree._Element) -> Iterator[str]:
    """The candidates of *element*, under whatever name a script loads them, before those of ``srcset`` itself."""
    had = map(str, element.keys())
    named = sorted(name for name in had if name.endswith("srcset") or name == "data-bgset")
    return (value for name in named if (value := element.get(name)))


def candidates(srcset: str) -> list[tuple[float, str]]:
    """The candidates of a *srcset* with their widths in pixels, 1 where none is told (HTML, "srcset attributes")."""
    found = []
    for target, descriptors in _CANDIDATE.findall(srcset[:_MAX_SRCSET].strip(" \t\r\n\f,")):
        size = _DESCRIPTOR.search(descriptors)
        try:
            worth = float(size[1]) * (_DENSITY if size[2] == "x" else 1) if size else 1.0
        except ValueError:
            worth = 1.0
        if plain := target.rstrip(","):
            found.append((worth, plain))
    return found


def _wanted(sizes: list[tuple[float, str]]) -> str | None:
    """The narrowest of *sizes* that fills a screen, else the widest; the first of equal ones."""
    wide = [size for size in sizes if size[0] >= _SCREEN]
    if wide:
        return min(wide, key=lambda size: size[0])[1]
    return max(sizes, key=lambda size: size[0])[1] if sizes else None


def _is_late(element: etree._Element) -> bool:
    return next(_values(element, _SOURCES[:-1]), None) is not None


def _without_scripts(element: etree._Element) -> etree._Element | None:
    """The picture in a ``<noscript>`` beside *element*, or beside what holds nothing but it."""
    around = element.getparent()
    alone = around is not None and len(around) == 1 and around.tag not in {"figure", "body"}
    for one in (element, around) if alone else (element,):
        for beside in (one.getnext(), one.getprevious()) if one is not None else ():
            if beside is not None and beside.tag == "noscript":
                return next(beside.iter("img"), None) if len(beside) else _escaped_picture(beside.text or "")
    return None


def _escaped_picture(markup: str) -> etree._Element | None:
    """The picture in the text of a noscript, whose markup was escaped."""
    if len(markup) > _MAX_SRCSET or _TAG.search(markup) is None:
        return None
    root = etree.HTML(markup)
    return None if root is None else next(root.iter("img"), None)


def _out_of_url(value: str) -> str:
    """The address in ``url(...)``, as attributes for backgrounds have it."""
    found = _URL.fullmatch(value)
    return value if found is None else found[1].strip()


def _late_file(element: etree._Element) -> str | None:
    """The picture's file in an attribute that only the page's own script knows (``data-flickity-lazyload``)."""
    for name, value in element.attrib.items():
        if _LAZY.fullmatch(str(name)) and _FILE.fullmatch(str(value)):
            return str(value)
    return None


def _background(element: etree._Element) -> str | None:
    style = element.get("style")
    found = _BACKGROUND.search(style[:2_000]) if style and "url(" in style else None
    return next(filter(None, found.groups()), None) if found else None
