"""Set-Cookie as browsers read it, which cookies go where, and cookies.txt."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.crawler.cookies.cookie import Cookie, parse_set_cookie
from broadsheet.crawler.cookies.jar import MAX_PER_DOMAIN, CookieJar
from broadsheet.crawler.cookies.netscape import read_cookies
from broadsheet.crawler.state.changes import CookiesSet
from broadsheet.crawler.state.sqlite import SqliteStore

NOW = 1_800_000_000.0
URL = "https://www.example.co.uk/news/a.html"


def parse(header: str, url: str = URL) -> Cookie | None:
    return parse_set_cookie(header, url, NOW)


def test_what_is_said_and_what_goes_without_saying() -> None:
    assert parse("a=b") == Cookie("a", "b", "www.example.co.uk", "/news")
    assert parse(' a = "b c" ; Path=/ ; Domain=.Example.co.uk; Secure; HttpOnly; Max-Age=60') == Cookie(
        "a", '"b c"', "example.co.uk", "/", host_only=False, secure=True, expires=NOW + 60
    )
    assert parse("a=b; path=x; PATH=/y") == Cookie("a", "b", "www.example.co.uk", "/y")
    assert parse("a=", "http://e.org") == Cookie("a", "", "e.org", "/")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "a",
        "=b",
        "a\x00=b",
        "a=b; Domain=co.uk",
        "a=b; Domain=other.org",
        "a=b; domain=ample.co.uk",
        "a=" + "x" * 5000,
    ],
)
def test_what_is_ignored(header: str) -> None:
    assert parse(header) is None


def test_a_secure_cookie_does_not_come_over_plain_http_and_addresses_have_no_subdomains() -> None:
    assert parse("a=b; Secure", "http://e.org/") is None
    assert parse("a=b; Domain=0.0.1", "http://127.0.0.1/") is None


@pytest.mark.parametrize(
    ("attribute", "expires"),
    [
        ("Expires=Wed, 09 Jun 2100 10:18:14 GMT", datetime(2100, 6, 9, 10, 18, 14, tzinfo=UTC).timestamp()),
        ("expires=Wednesday, 09-Jun-2100 10:18:14 GMT", datetime(2100, 6, 9, 10, 18, 14, tzinfo=UTC).timestamp()),
        ("Expires=whenever", None),
        ("Max-Age=0; Expires=Wed, 09 Jun 2100 10:18:14 GMT", 0.0),
        ("Max-Age=-5", 0.0),
        ("Max-Age=x", None),
    ],
)
def test_when_it_ends(attribute: str, expires: float | None) -> None:
    cookie = parse(f"a=b; {attribute}")
    assert cookie is not None
    assert cookie.expires == expires


@given(st.text(max_size=80))
def test_no_header_is_too_odd(header: str) -> None:
    parse(header)


def test_what_goes_with_which_request() -> None:
    jar = CookieJar()
    for header in ("host=1; Path=/", "below=2; Domain=example.co.uk; Path=/news", "safe=3; Path=/; Secure"):
        cookie = parse(header)
        assert cookie is not None
        assert jar.keep(cookie, NOW)
        assert not jar.keep(cookie, NOW)  # nothing new
    assert jar.header("https://www.example.co.uk/", NOW) == "host=1; safe=3"
    assert jar.header("http://www.example.co.uk:8080/", NOW) == "host=1"
    assert jar.header("http://www.example.co.uk/news/x?y", NOW) == "below=2; host=1"
    assert jar.header("http://img.example.co.uk/news", NOW) == "below=2"
    assert jar.header("http://img.example.co.uk/newspaper", NOW) is None
    assert jar.header("http://other.co.uk/news", NOW) is None


@pytest.mark.parametrize("kept", ["in memory", "in the journal"])
def test_a_cookie_without_domain_stays_with_its_host(kept: str, tmp_path: Path) -> None:
    cookies = [
        parse_set_cookie("own=1; Path=/", "http://example.org/", NOW),
        parse_set_cookie("empty=1; Path=/; Domain=", "http://example.org/", NOW),
        parse_set_cookie("all=1; Path=/; Domain=example.org", "http://example.org/", NOW),
    ]
    found = [cookie for cookie in cookies if cookie is not None]
    if kept == "in the journal":
        with Catalogue.open(Collection.create(tmp_path / "c").journal) as catalogue:
            store = SqliteStore.prepared(catalogue)
            with catalogue.transaction():
                store.apply(CookiesSet(tuple(found)), None)
            found = store.cookies()
    jar = CookieJar(found)
    sent = {name.partition("=")[0] for name in (jar.header("http://example.org/", NOW) or "").split("; ")}
    assert sent == {"own", "empty", "all"}
    for below in ("www.example.org", "a.b.example.org"):
        assert jar.header(f"http://{below}/", NOW) == "all=1"


def test_an_expired_one_ends_what_it_replaces_and_a_domain_holds_so_many() -> None:
    jar = CookieJar()
    jar.keep(Cookie("a", "1", "e.org", expires=NOW + 1), NOW)
    assert jar.header("http://e.org/", NOW) == "a=1"
    assert jar.header("http://e.org/", NOW + 2) is None
    assert jar.keep(Cookie("a", "", "e.org", expires=0.0), NOW)
    assert not jar.keep(Cookie("a", "", "e.org", expires=0.0), NOW)
    for number in range(MAX_PER_DOMAIN + 3):
        jar.keep(Cookie(f"n{number}", "1", "e.org"), NOW)
    header = jar.header("http://e.org/", NOW)
    assert header is not None
    assert header.count("=") == MAX_PER_DOMAIN
    assert header.startswith("n3=1")


def test_cookies_txt(tmp_path: Path) -> None:
    path = tmp_path / "cookies.txt"
    path.write_text(
        "# Netscape HTTP Cookie File\n\n.Example.org\tTRUE\t/\tFALSE\t1893456000\ta\tb c\n"
        "#HttpOnly_www.example.org\tFALSE\t/x\tTRUE\t0\tid\t\n"
    )
    assert read_cookies(path) == (
        Cookie("a", "b c", "example.org", "/", host_only=False, expires=1893456000.0),
        Cookie("id", "", "www.example.org", "/x", secure=True),
    )


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "no cookies"),
        ("a=b; c=d\n", "line 1: has 1 fields"),
        ("e.org\tTRUE\t/\tFALSE\tsoon\ta\tb", "'soon' is no time"),
    ],
)
def test_a_file_that_is_no_cookies_txt_is_said_to_be_none(text: str, cause: str, tmp_path: Path) -> None:
    path = tmp_path / "c.txt"
    path.write_text(text)
    with pytest.raises(BadInput, match=cause):
        read_cookies(path)
    with pytest.raises(BadInput, match="Check the path"):
        read_cookies(tmp_path / "none")
