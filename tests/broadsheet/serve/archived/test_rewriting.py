"""Addresses lead back into the archive, and what could act is gone."""

from __future__ import annotations

from broadsheet.archive.url import Resolver
from broadsheet.serve.archived.rewriting import Prefix, rewritten_css, rewritten_html

PATH, URL = "/c/20260101000000/", "http://a.example/b/page.html"


def rewritten(body: str) -> str:
    return rewritten_html(body.encode(), PATH, URL).decode()


def test_addresses_are_rewritten_wherever_they_stand() -> None:
    text = rewritten(
        '<body background="../bg.gif"><a href="c.html#x">c</a><img src="/i.png" srcset="i.png 1x, /j,k.png 2x">'
        '<p style="background: url(\'d.png\')">p</p><style>@import "s.css"; p { background: url(e.png) }</style>'
        '<svg><use xlink:href="sprite.svg#a"></use></svg><video poster="f.jpg"><source src="//v.example/g.mp4"></video></body>'
    )
    for path in ("b/c.html#x", "i.png", "b/i.png 1x", "j,k.png 2x", "b/s.css", "b/e.png", "b/sprite.svg#a", "b/f.jpg"):
        assert f"{PATH}http://a.example/{path}" in text
    assert f"{PATH}http://v.example/g.mp4" in text
    assert f"{PATH}http://a.example/b/d.png" in text


def test_a_declared_base_is_heeded_and_gone() -> None:
    text = rewritten('<head><base href="http://b.example/x/"></head><a href="y.html">y</a>')
    assert f'href="{PATH}http://b.example/x/y.html"' in text
    assert "<base" not in text


def test_what_could_act_is_gone() -> None:
    text = rewritten(
        '<meta http-equiv="refresh" content="0;url=http://127.0.0.1/"><script>bad()</script><body onload="bad()">'
        '<a href="javascript:bad()" ping="http://t.example/">a</a><iframe srcdoc="<script>bad()</script>"></iframe>'
        '<form action="http://t.example/"><button formaction="/x" onclick="bad()">b</button></form>'
        '<link rel="dns-prefetch" href="http://t.example/"><a target="_top" href="vbscript:bad()">c</a>'
    )
    for trace in ("bad()", "refresh", "t.example", "ping", "srcdoc", "_top", "onclick"):
        assert trace not in text


def test_pictures_that_a_script_would_have_loaded_are_loaded() -> None:
    assert f'src="{PATH}http://a.example/b/real.png"' in rewritten(
        '<img src="data:image/gif;base64,R0" data-src="real.png">'
    )
    assert "data-src" in rewritten('<img src="there.png" data-src="other.png">')


def test_css_that_cannot_be_read_breaks_nothing() -> None:
    rewrite = Prefix(PATH, Resolver(URL))
    assert rewritten_css("p { color: red", rewrite) == "p { color: red"
    assert rewritten_css("url(javascript:x) url(http://[bad)", rewrite) == 'url("") url("")'


def test_nothing_a_page_holds_makes_it_fail() -> None:
    for body in (b"", b"   ", b"\x00\xff", b"<" * 5000, b"<!--", b"<a href='http://[::1'>x</a>", b"<p \x01=1>x"):
        rewritten_html(body, PATH, URL)
