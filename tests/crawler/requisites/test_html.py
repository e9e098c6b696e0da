"""One case for each way in which a page names what it shows."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.crawler.discovery.scan import MAX_TAGS
from broadsheet.crawler.requisites.html import html_requisites
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.requisite import Requisite

BASE = "https://site.org/a/page.html"
X = "https://site.org/a/x"

IMAGE, STYLE, SCRIPT, FONT = Kind.IMAGE, Kind.STYLE, Kind.SCRIPT, Kind.FONT
MEDIA, FRAME, OBJECT, DATA = Kind.MEDIA, Kind.FRAME, Kind.OBJECT, Kind.DATA

TECHNIQUES = [
    ("<img src=x>", IMAGE, "img/@src"),
    ("<img lowsrc=x>", IMAGE, "img/@lowsrc"),
    ("<img srcset='x 2x'>", IMAGE, "img/@srcset"),
    ("<picture><source srcset=x sizes=100vw media='(min-width:1px)'></picture>", IMAGE, "source/@srcset"),
    ("<amp-img src=x>", IMAGE, "amp-img/@src"),
    ("<img data-src='x/'>", IMAGE, "img/@data-src"),
    ("<img data-original='x/'>", IMAGE, "img/@data-original"),
    ("<img data-lazy-src='x/'>", IMAGE, "img/@data-lazy-src"),
    ("<img data-srcset='x 2x'>", IMAGE, "img/@data-srcset"),
    ("<source data-srcset='x 2x'>", IMAGE, "source/@data-srcset"),
    ("<iframe data-src='x/'></iframe>", FRAME, "iframe/@data-src"),
    ("<div data-bg='x/'></div>", IMAGE, "div/@data-bg"),
    ("<div data-bg='url(x)'></div>", IMAGE, "div/@data-bg/url()"),
    ("<section data-background-image=\"url('x')\"></section>", IMAGE, "section/@data-background-image/url()"),
    ("<noscript><img src=x></noscript>", IMAGE, "img/@src"),
    ("<template><img src=x></template>", IMAGE, "img/@src"),
    ("<div style='background:url(x)'>", IMAGE, "div/@style/url()"),
    ("<style>@import 'x';</style>", STYLE, "style/@import"),
    ("<style>b{background:url(x)}</style>", IMAGE, "style/url()"),
    ("<style>@font-face{src:url(x)}</style>", FONT, "style/@font-face"),
    ("<link rel=stylesheet href=x>", STYLE, "link[rel=stylesheet]/@href"),
    ("<link rel='alternate stylesheet' href=x>", STYLE, "link[rel=stylesheet]/@href"),
    ("<link rel='shortcut icon' href=x>", IMAGE, "link[rel=icon]/@href"),
    ("<link rel=apple-touch-icon href=x>", IMAGE, "link[rel=apple-touch-icon]/@href"),
    ("<link rel=manifest href=x>", DATA, "link[rel=manifest]/@href"),
    ("<link rel=preload as=font href=x>", FONT, "link[rel=preload]/@href"),
    ("<link rel=preload as=fetch href=x>", DATA, "link[rel=preload]/@href"),
    ("<link rel=preload as=image imagesrcset='x 2x'>", IMAGE, "link[rel=preload]/@imagesrcset"),
    ("<link rel=modulepreload href=x>", SCRIPT, "link[rel=modulepreload]/@href"),
    ("<script src=x></script>", SCRIPT, "script/@src"),
    ("<script type=module>import {a} from './x'</script>", SCRIPT, "script/import"),
    ('<script type=importmap>{"imports": {"m": "./x"}}</script>', SCRIPT, "script[type=importmap]"),
    ("<script>new Worker('x')</script>", SCRIPT, "script/Worker()"),
    ("<video poster=x></video>", IMAGE, "video/@poster"),
    ("<video data-poster='x/'></video>", IMAGE, "video/@data-poster"),
    ("<video src=x></video>", MEDIA, "video/@src"),
    ("<audio src=x></audio>", MEDIA, "audio/@src"),
    ("<audio><source src=x></audio>", MEDIA, "source/@src"),
    ("<video><track src=x></video>", MEDIA, "track/@src"),
    ("<object data=x></object>", OBJECT, "object/@data"),
    ("<object><param name=movie value=x></object>", OBJECT, "param/@value"),
    ("<embed src=x>", OBJECT, "embed/@src"),
    ("<iframe src=x></iframe>", FRAME, "iframe/@src"),
    ("<iframe srcdoc='<img src=x>'></iframe>", IMAGE, "img/@src"),
    ("<iframe srcdoc='&lt;iframe srcdoc=&quot;&amp;lt;img src=x&gt;&quot;&gt;'></iframe>", IMAGE, "img/@src"),
    ("<frameset><frame src=x></frameset>", FRAME, "frame/@src"),
    ("<meta http-equiv=refresh content='0; url=x'>", FRAME, "meta[http-equiv=refresh]/@content"),
    ("<svg><image href=x /></svg>", IMAGE, "svg/image"),
    ("<svg><image xlink:href=x /></svg>", IMAGE, "svg/image"),
    ("<svg><use href='x#part'/></svg>", IMAGE, "svg/use"),
    ("<svg><filter><feImage href=x /></filter></svg>", IMAGE, "svg/feImage"),
    ("<input type=image src=x>", IMAGE, "input/@src"),
    ("<body background=x>", IMAGE, "body/@background"),
    ("<table background=x>", IMAGE, "table/@background"),
    ("<meta property=og:image content='./x'>", IMAGE, "meta[property=og:image]/@content"),
    ("<meta name=twitter:image content='./x'>", IMAGE, "meta[name=twitter:image]/@content"),
    ('<script type=application/ld+json>{"image": "./x"}</script>', IMAGE, "script[type=application/ld+json]"),
]


@pytest.mark.parametrize(("html", "kind", "technique"), TECHNIQUES)
def test_a_technique(html: str, kind: Kind, technique: str) -> None:
    found = html_requisites(html, BASE)
    assert [(one.url.rstrip("/"), one.kind, one.via, one.technique) for one in found] == [(X, kind, BASE, technique)]
    upper = html.replace("<img", "<IMG").replace(" src", " SRC").replace("<style", "<STYLE").replace("/style", "/STYLE")
    assert html_requisites(upper.encode(), BASE) == found


@pytest.mark.parametrize(
    "html",
    [
        "<a href=x><img alt=x></a>",
        "<img src=data:image/png;base64,AAAA srcset='data:image/png;base64,AA== 1x'>",
        "<svg><use href='#local'/></svg>",
        "<img src='#'><img src=' '><img src>",
        "<!-- <img src=x> --><textarea><img src=x></textarea><title><img src=x></title>",
        "<img data-lazy=true data-src=auto><div data-bg='#fff' data-background=dark data-image=123></div>",
        "<img data-src='{\"a\": \"x.png\"}'><img data-src='javascript:void(0)'><img data-src='about:blank'>",
        "<input type=text src=x>",
        "<link rel=prefetch href=x><link rel=dns-prefetch href=//cdn.org><link rel=next href=x>",
        "<script>import React from 'react'; form.register('x')</script>",
        "<script type=text/template><img src=x></script>",
        "<meta property=og:title content='a/b'><meta property=og:image content='none'>",
        "<img src=ftp://site.org/x><img src='http://['>",
        "<div title='<img src=x>'></div>",
    ],
)
def test_what_only_looks_like_one(html: str) -> None:
    assert html_requisites(html, BASE) == ()


def test_each_url_once_in_page_order() -> None:
    html = "<img src=b><img src=a srcset='b 1x, c 2x'><style>i{background:url(a)}</style><img src=d>"
    assert [one.url[-1] for one in html_requisites(html, BASE)] == ["b", "a", "c", "d"]


def test_the_base_and_the_encoding_of_the_document() -> None:
    html = "<base href='/b/'><img src=x><div style='background:url(y?q=ü)'><iframe srcdoc='<img src=z>'></iframe>"
    found = html_requisites(html.encode("latin-1"), BASE, "text/html; charset=iso-8859-1")
    assert [one.url for one in found] == [
        "https://site.org/b/x",
        "https://site.org/b/y?q=%FC",
        "https://site.org/b/z",
    ]
    assert {one.via for one in found} == {BASE}


def test_an_svg_is_read_as_a_page_is() -> None:
    svg = b"<svg xmlns:xlink='x'><style>a{fill:url(p.svg#g)}</style><image xlink:href='q.png'/><use href='s.svg#i'/></svg>"
    assert [one.url.rsplit("/", 1)[1] for one in html_requisites(svg, BASE, "image/svg+xml")] == [
        "p.svg",
        "q.png",
        "s.svg",
    ]


def test_bounds_are_kept() -> None:
    assert len(html_requisites("".join(f"<img src=/{n}>" for n in range(50)), BASE, limit=7)) == 7
    assert html_requisites("<img a>" * MAX_TAGS + "<img src=x>", BASE) == ()
    assert html_requisites(f"<img src={'x' * 20_000}>", BASE) == ()
    deep = "<img src=x>"
    for _ in range(6):
        deep = "<iframe srcdoc='" + deep.replace("&", "&amp;").replace("'", "&#39;") + "'></iframe>"
    assert html_requisites(deep, BASE) == ()


HOSTILE = {
    "nested": "<div style='a'>" * 100_000,
    "unclosed style": "<style>" * 150_000,
    "srcset commas": "<img srcset='" + "," * 1_000_000 + "'>",
    "srcset brackets": "<img srcset='" + "a (" * 10_000 + "'>",
    "style attributes": "<b style='" + "url(" * 300_000 + "'>",
    "quotes": "<div style=\"<div style='" * 50_000,
    "scripts": "<script>" + "import(" * 200_000,
    "spaces": "<script>" + ("import" + " " * 200) * 5_000,
    "json": "<script type=application/ld+json>" + "[" * 500_000,
    "wide json": "<script type=application/ld+json>[" + "{}," * 300_000 + "{}]</script>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_time_in_line_with_their_size(name: str) -> None:
    begun = time.process_time()
    html_requisites(HOSTILE[name], BASE)
    assert time.process_time() - begun < 4.0


@given(st.text(alphabet="<>/='\" \n-!@(){};:,#\\&abimgstylecrsource0"))
def test_no_page_is_a_fault(html: str) -> None:
    for one in html_requisites(html, BASE):
        assert isinstance(one, Requisite)
        assert one.url.startswith(("http://", "https://"))
