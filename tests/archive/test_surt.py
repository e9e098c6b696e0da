"""SURT keys: one page, one key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.surt import surt

SESSION = "00112233445566778899aabbccddeeff"
KEYS = {
    "http://news.example": "example,news)/",
    "HTTPS://WWW.News.Example:443/A/B.html#top": "example,news)/a/b.html",
    "http://www12.news.example:80/a/": "example,news)/a",
    "http://www.example/": "example)/",
    "http://m.news.example:8080/": "example,news,m:8080)/",
    "https://news.example:80/": "example,news:80)/",
    "http://user:word@news.example./x": "example,news)/x",
    "http://..news..example/": "example,news)/",
    "http://bücher.example/ü?ö=ä": "example,xn--bcher-kva)/%c3%bc?%c3%b6=%c3%a4",
    "http://192.0.2.7/x": "7,2,0,192)/x",
    "http://3221225991/": "7,2,0,192)/",
    "http://0300.0.2.7/": "7,2,0,192)/",
    "http://[2001:DB8::1]:8080/": "2001:db8::1:8080)/",
    "http://news.example/a//b/./c/../d/": "example,news)/a/b/d",
    "http://news.example/a/../../b": "example,news)/../b",
    "http://news.example/a%2Fb%20c%41": "example,news)/a/b%20ca",
    "http://news.example/%2525252541": "example,news)/a",
    "http://news.example/100%25%": "example,news)/100%25%25",
    "http://news.example/a%23b?c%23d": "example,news)/a%23b?c%23d",
    "http://news.example/?": "example,news)/",
    "http://news.example?b=2&a=1": "example,news)/?a=1&b=2",
    "http://news.example/?b=&A=3&a&a-b=1": "example,news)/?a&a=3&a-b=1&b=",
    "http://news.example/?a=1&&b=2&": "example,news)/?&&a=1&b=2",
    "http://news.example/?u=http://www.a.example/?b": "example,news)/?u=http://www.a.example/?b",
    f"http://news.example/?PHPSESSID={SESSION}&a=b": "example,news)/?a=b",
    f"http://news.example/?sid={SESSION}": "example,news)/",
    f"http://news.example/?jsessionid={SESSION}1&a=b": f"example,news)/?a=b&jsessionid={SESSION}1",
    "http://news.example/?a=b&ASPSESSIONIDABCDEFGH=ABCDEFGHIJKLMNOPQRSTUVWX": "example,news)/?&a=b",
    "http://news.example/?CFID=12&CFTOKEN=34&x=1": "example,news)/?x=1",
    "http://news.example/(S(0123456789abcdefghijklmn))/a.aspx?b": "example,news)/a.aspx?b",
    "http://news.example/(0123456789abcdefghijklmn)/a.aspx": "example,news)/a.aspx",
    "http://news.example/(0123456789abcdefghijklmn)/a.html": "example,news)/(0123456789abcdefghijklmn)/a.html",
    " http://news.example/a\tb\n ": "example,news)/ab",
    "news.example/a": "example,news)/a",
    "news.example:8080/a": "example,news:8080)/a",
    "//news.example/a": "example,news)/a",
    "dns:News.Example": "dns:news.example",
    "urn:uuid:1234": "urn:uuid:1234",
    "": ")/",
}


@pytest.mark.parametrize("url", KEYS)
def test_keys(url: str) -> None:
    assert surt(url) == KEYS[url]


@given(st.text(max_size=60), st.sampled_from(["http://a.example/", "https://www.a.example:8443/x?", "http://", ""]))
def test_any_text_has_a_key_of_printable_ascii(text: str, prefix: str) -> None:
    key = surt(prefix + text)
    assert key.isascii()
    assert " " not in key
    assert key == key.lower()


@given(st.lists(st.sampled_from(["a=1", "b=2", "c", "a=2", "é=ü"]), max_size=5), st.randoms())
def test_the_order_of_the_query_does_not_matter(pairs: list[str], random: object) -> None:
    shuffled = sorted(pairs, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert surt("http://a.example/?" + "&".join(pairs)) == surt("https://www.a.example:443/?" + "&".join(shuffled))
