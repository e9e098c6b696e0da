"""The URLs that a style sheet needs, by CSS's own tokens (CSS Syntax 3, section 4).

Comments, strings, escapes, url( and functions decide what is a URL and what only looks like one; nothing else of CSS
matters here.  So one expression reads "whatever, then the next character that means something", and a small machine
keeps the two contexts that count: the at-rule (@import, @namespace, @font-face) and the open functions.  Linear in the
sheet; a megabyte takes a quarter of a second.  tinycss2 was dropped: it makes an object of every token and takes 5 s.

    @import "a.css" layer(x);            a style sheet
    @font-face { src: url(a.woff2) }     a font
    url(a.png), url("a.png"), src("..")  an image, wherever they stand, custom properties included
    image-set("a.png" 1x, "b.png" 2x)    images; not what stands in type("...") and format("...")
"""

from __future__ import annotations

import re
from codecs import lookup

from broadsheet.crawler.discovery.charset import decode
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.requisite import MAX_REQUISITES, Gathering, Requisite

MAX_CSS = 8 * 1024 * 1024  # characters of a sheet that are looked at
_MAX_TOKENS = 1_000_000  # half a million lines; a sheet of nothing but parentheses would take seconds otherwise
_MAX_DEPTH = 16  # functions within functions

_TOKEN = re.compile(
    r"""([^"'/@\\(){};]*+)(?:
        /\*(?:[^*]++|\*(?!/))*+(?:\*/)?
      | "(?P<double>(?:[^"\\\n\r\f]++|\\(?:\r\n|[\s\S]|\Z))*+)"?
      | '(?P<single>(?:[^'\\\n\r\f]++|\\(?:\r\n|[\s\S]|\Z))*+)'?
      | (?P<escape>\\(?:[0-9a-fA-F]{1,6}(?:\r\n|\s)?|[\s\S]|\Z))
      | @(?P<rule>[-\w]*+)
      | (?P<mark>[(){};/])
    )""",
    re.VERBOSE,
)
# The inside of an unquoted url(); what makes it a bad one (4.3.14) is skipped up to the closing parenthesis.
_BARE_URL = re.compile(
    r"""\s*+((?:[^"'()\\\s]++|\\(?:[0-9a-fA-F]{1,6}\s?|[^\n\r\f]))*+)\s*+(\)|\Z|(?:[^)\\]++|\\.)*+\)?)"""
)
_QUOTED = re.compile(r"""\s*+(?=["'])""")
_NAME = re.compile(r"[-\w]++\Z")
_LONGEST_NAME = 40  # characters; ours are shorter
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|\s)?|(\r\n|[\s\S]))")
_URL_FUNCTIONS = frozenset({"url", "src"})
_IMAGE_FUNCTIONS = frozenset({"image-set", "-webkit-image-set", "image"})
_CHARSET = re.compile(rb'@charset "([!-~]{1,40})";')


def css_requisites(css: str, base_url: str, *, limit: int = MAX_REQUISITES) -> tuple[Requisite, ...]:
    """What the style sheet *css* at *base_url* needs; each URL once, in order.  Never raises for what a sheet holds."""
    gathering = Gathering(base_url, limit=limit)
    read_css(css, gathering, "css")
    return gathering.found


def read_css(css: str, gathering: Gathering, where: str) -> None:
    """Add what the style sheet, or the declarations, *css* needs to *gathering*; *where* begins the technique's name."""
    _Reader(css[:MAX_CSS], gathering, where).read()


def decode_css(body: bytes, charset: str | None, fallback: str = "utf-8") -> str:
    """The text of a style sheet: by its byte order mark, the *charset* it was sent with, its @charset, or *fallback*.

    (CSS Syntax 3, 3.2; *fallback* is the encoding of the document that names it.)
    """
    if body.startswith(b"\xef\xbb\xbf"):
        return decode(body, "utf-8")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return decode(body, "utf-16")
    match = _CHARSET.match(body)
    named = match[1].decode("ascii") if match else None
    for encoding in (charset, named, fallback):
        if encoding:
            try:
                name = lookup(encoding).name
            except LookupError:
                continue
            return decode(body, "utf-8" if encoding is named and name.startswith("utf-16") else name)
    return decode(body, "utf-8")


class _Reader:
    """Goes over the tokens of one sheet."""

    def __init__(self, css: str, gathering: Gathering, where: str) -> None:
        self._css = css
        self._gathering = gathering
        self._where = where
        self._rule = ""  # the at-rule whose prelude or, for @font-face, block we are in
        self._functions: list[str] = []

    def read(self) -> None:
        css, match_at = self._css, _TOKEN.match
        position, held = 0, ""  # held: the end of a name that an escape has interrupted
        for _ in range(_MAX_TOKENS):
            token = match_at(css, position)
            if token is None or self._gathering.full:
                break
            position = token.end()
            run, double, single, escape, rule, mark = token.groups()
            if escape is not None:
                held = (held + run)[-_LONGEST_NAME:] + _unescaped(escape)
                continue
            if mark == "(":
                name = _NAME.search((held + run)[-_LONGEST_NAME:])
                position = self._open(name[0].lower() if name else "", position)
            elif mark is not None:
                self._mark(mark)
            elif rule is not None:
                self._rule = rule.lower()
            else:
                text = double if double is not None else single
                if text is not None:
                    self._string(text)
            held = ""

    def _open(self, name: str, position: int) -> int:
        """A function begins at *position*; where to go on."""
        if name == "url" and not _QUOTED.match(self._css, position):
            bare = _BARE_URL.match(self._css, position)
            assert bare is not None  # it matches nothing at all as well
            if bare[2] in ("", ")"):
                self._url(bare[1], "url()")
            return bare.end()
        if len(self._functions) < _MAX_DEPTH:
            self._functions.append(name)
        return position

    def _mark(self, mark: str) -> None:
        if mark == ")":
            if self._functions:
                self._functions.pop()
        elif mark == "{":
            self._functions.clear()
            if self._rule != "font-face":
                self._rule = ""
        elif mark == "}":
            self._functions.clear()
            self._rule = ""
        elif mark == ";" and self._rule != "font-face" and not self._functions:
            self._rule = ""

    def _string(self, text: str) -> None:
        function = self._functions[-1] if self._functions else ""
        if function in _URL_FUNCTIONS:
            self._url(text, f"{function}()")
        elif function in _IMAGE_FUNCTIONS:
            self._url(text, "image-set()" if "set" in function else "image()")
        elif self._rule == "import" and not self._functions:
            self._url(text, "@import")

    def _url(self, written: str, how: str) -> None:
        kind = Kind.IMAGE
        match self._rule:
            case "import":
                kind, how, self._rule = Kind.STYLE, "@import", "imported"
            case "namespace" | "imported":  # a name, and conditions
                return
            case "font-face":
                kind, how = Kind.FONT, "@font-face"
        if any(function in ("image-set", "-webkit-image-set") for function in self._functions):
            how = "image-set()"
        self._gathering.add(_unescaped(written), kind, f"{self._where}/{how}")


def _unescaped(text: str) -> str:
    """*text* with its escapes resolved (4.3.7)."""
    return _ESCAPE.sub(_resolved, text) if "\\" in text else text


def _resolved(match: re.Match[str]) -> str:
    code, char = match.groups()
    if code is None:
        return "" if char in ("\n", "\r", "\r\n", "\f") else char
    value = int(code, 16)
    return "\ufffd" if value == 0 or value > 0x10FFFF or 0xD800 <= value <= 0xDFFF else chr(value)
