"""What is a URL in a style sheet, by CSS's tokens, and what only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.crawler.requisites.css import css_requisites, decode_css
from broadsheet.crawler.requisites.kind import Kind

BASE = "https://site.org/css/main.css"


def found(css: str) -> list[tuple[str, Kind, str]]:
    return [
        (one.url.removeprefix("https://site.org/css/"), one.kind, one.technique.removeprefix("css/"))
        for one in css_requisites(css, BASE)
    ]


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("@import 'x';", ("x", Kind.STYLE, "@import")),
        ('@import "x" layer(base) supports(display: grid) screen;', ("x", Kind.STYLE, "@import")),
        ("@import url(x) print;", ("x", Kind.STYLE, "@import")),
        ("@IMPORT URL('x');", ("x", Kind.STYLE, "@import")),
        ("@charset 'utf-8';@import 'x'", ("x", Kind.STYLE, "@import")),
        ("a{background:url(x)}", ("x", Kind.IMAGE, "url()")),
        ("a{background:url( \n x\t )}", ("x", Kind.IMAGE, "url()")),
        ("a{background:url( 'x' )}", ("x", Kind.IMAGE, "url()")),
        ('a{background:url("x"', ("x", Kind.IMAGE, "url()")),
        ("a{background:url(x", ("x", Kind.IMAGE, "url()")),
        ("a{cursor:url(x),auto}", ("x", Kind.IMAGE, "url()")),
        ("a{--picture:url(x)}", ("x", Kind.IMAGE, "url()")),
        ("a{b:src('x')}", ("x", Kind.IMAGE, "src()")),
        ("a{b:image-set('x' 1x)}", ("x", Kind.IMAGE, "image-set()")),
        ("a{b:-webkit-image-set(url(x) 1x)}", ("x", Kind.IMAGE, "image-set()")),
        ("a{b:image-set('x' type('image/avif') 1x)}", ("x", Kind.IMAGE, "image-set()")),
        ("a{b:cross-fade(url(x), red)}", ("x", Kind.IMAGE, "url()")),
        ("@font-face{font-family:'F';src:local('Arial'),url(x) format('woff2')}", ("x", Kind.FONT, "@font-face")),
        ("@media print{@supports (a:b){a{b:url(x)}}}", ("x", Kind.IMAGE, "url()")),
        ("a{b:u\\72l(x)}", ("x", Kind.IMAGE, "url()")),
        ("a{b:u\\72 l(x)}", ("x", Kind.IMAGE, "url()")),
        ("a{b:url(\\78)}", ("x", Kind.IMAGE, "url()")),
        ("a{b:url('\\78 ')}", ("x", Kind.IMAGE, "url()")),
        ("a{b:url(a\\)b)}", ("a)b", Kind.IMAGE, "url()")),
        ("a{b:url('a\\\nb')}", ("ab", Kind.IMAGE, "url()")),
        ("a{b:url(x)/*}*/;c:url(x)}", ("x", Kind.IMAGE, "url()")),
        ("a{b:'unclosed\n;c:url(x)}", ("x", Kind.IMAGE, "url()")),
    ],
)
def test_a_url(css: str, expected: tuple[str, Kind, str]) -> None:
    assert found(css) == [expected]


@pytest.mark.parametrize(
    "css",
    [
        "/* url(x) @import 'x'; */",
        "a{content:'url(x)'}",
        "a{content:\"x\"}a{font-family:'x'}",
        "a{b:myurl(x)}a{b:url (x)}a{b:not-url(x)}",
        "@namespace url(http://www.w3.org/1999/xhtml);@namespace svg 'http://www.w3.org/2000/svg';",
        "a{b:url(#gradient)}a{b:url(data:image/png;base64,AAAA)}a{b:url()}",
        "a{b:url(x y)}a{b:url(x'y)}",
        "a{b:format('x') attr(x) var(--x) local('x')}",
        "a[href='x']{b:c}",
        "@charset 'x';",
    ],
)
def test_what_only_looks_like_one(css: str) -> None:
    assert found(css) == []


def test_a_whole_sheet_in_order() -> None:
    css = """@import "one.css"; @import url('two.css');
    @font-face { font-family: F; src: url(f.woff2), url(f.woff) } .a { background: url(a.png), url("b.png") }
    .b { background: image-set(url(c.png) 1x, "d.png" 2x) } .c { background: url(a.png) }"""
    assert [(name, kind) for name, kind, _ in found(css)] == [
        ("one.css", Kind.STYLE),
        ("two.css", Kind.STYLE),
        ("f.woff2", Kind.FONT),
        ("f.woff", Kind.FONT),
        ("a.png", Kind.IMAGE),
        ("b.png", Kind.IMAGE),
        ("c.png", Kind.IMAGE),
        ("d.png", Kind.IMAGE),
    ]


@pytest.mark.parametrize(
    ("body", "charset", "fallback", "text"),
    [
        ("ü".encode(), None, "utf-8", "ü"),
        (b"\xef\xbb\xbf\xc3\xbc", "latin-1", "utf-8", "ü"),
        ("ü".encode("utf-16"), None, "utf-8", "ü"),
        (b"\xfc", "iso-8859-1", "utf-8", "ü"),
        (b'@charset "windows-1251";\xff', None, "utf-8", '@charset "windows-1251";я'),
        (b'@charset "utf-16le";a', None, "utf-8", '@charset "utf-16le";a'),
        (b'@charset "no such";\xc3\xbc', "nor this", "nor that", '@charset "no such";ü'),
        ("文".encode("gbk"), None, "gbk", "文"),
    ],
)
def test_the_encoding_of_a_sheet(body: bytes, charset: str | None, fallback: str, text: str) -> None:
    assert decode_css(body, charset, fallback) == text


HOSTILE = ['"', "(", "url(", "\\", "/*", "@", "image-set(", "a", "url('", "url(a b", "@import ", "url( ", "{", "\\7"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_sheets_take_time_in_line_with_their_size(piece: str) -> None:
    begun = time.process_time()
    css_requisites(piece * (500_000 // len(piece)), BASE)
    assert time.process_time() - begun < 4.0


@given(st.text(alphabet="url(){}@import;'\"\\/* \n-face0a"))
def test_no_sheet_is_a_fault(css: str) -> None:
    for one in css_requisites(css, BASE):
        assert one.url.startswith("https://")
