"""What robots.txt allows, by its status and its bytes (RFC 9309)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.exchange import FetchError
from broadsheet.crawler.politeness.robots import MAX_CRAWL_DELAY, MAX_SIZE, RobotsRules, product_token, why_unreachable

TOKEN = "broadsheet"


def allowed(body: bytes, path: str = "/a") -> bool:
    return RobotsRules.parse(200, body).allowed(f"https://example.com{path}", TOKEN)


@pytest.mark.parametrize(
    ("status", "free"),
    [
        (404, True),
        (410, True),
        (401, True),
        (403, True),
        (301, True),
        (200, False),
    ],
)
def test_the_status_decides_first(status: int, free: bool) -> None:
    assert why_unreachable(status, None, own_host=True) is None
    rules = RobotsRules.parse(status, b"User-agent: *\nDisallow: /")
    assert rules.allowed("https://example.com/x", TOKEN) is free
    assert rules.crawl_delay(TOKEN) is None
    assert rules.sitemaps == ()


@pytest.mark.parametrize(
    ("status", "error", "own_host", "asked", "why"),
    [
        (500, None, True, True, "status 500"),
        (503, None, True, True, "status 503"),
        (429, None, True, True, "status 429"),
        (200, FetchError.DISCONNECT, True, True, "its end is missing: disconnect"),
        (200, FetchError.TOO_LARGE, True, True, None),  # what is beyond the limit would not be read
        (404, FetchError.DISCONNECT, True, True, None),  # the status says all
        (None, FetchError.DISCONNECT, True, True, "disconnect"),
        (None, FetchError.TIMEOUT, True, True, "timeout"),
        (None, FetchError.PROTOCOL, True, True, "protocol"),
        (None, FetchError.TIMEOUT, True, False, None),  # no connection: the pages fail in the same way, and say so
        (None, FetchError.DNS, True, False, None),
        (None, FetchError.CONNECT, True, False, None),
        (None, FetchError.DNS, False, False, "dns"),  # of where it redirects to
        (None, FetchError.REFUSED_ADDRESS, False, False, "refused-address"),
    ],
)
def test_what_leaves_it_undefined(
    status: int | None, error: FetchError | None, own_host: bool, asked: bool, why: str | None
) -> None:
    assert why_unreachable(status, error, own_host=own_host, asked=asked) == why


@pytest.mark.parametrize(
    ("body", "path", "free"),
    [
        (b"", "/a", True),
        (b"User-agent: *\nDisallow: /", "/a", False),
        (b"User-agent: *\nDisallow:", "/a", True),
        (b"User-agent: *\nDisallow: /\nUser-agent: Broadsheet\nAllow: /", "/a", True),
        (b"User-agent: *\nAllow: /\n\nUser-agent: BROADSHEET\nUser-agent: other\nDisallow: /a", "/a", False),
        (b"User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        (b"User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
        (b"User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        (b"User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
        (b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /a # why\r\n", "/a", False),
        (b"User-agent: *\rDisallow: /a", "/a", False),
        (b"# \xfc\nUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /ü".encode(), "/%C3%BC", False),
        ("User-agent: *\nDisallow: /a".encode("utf-16"), "/a", False),
        (b"<html><body>Not found</body></html>", "/a", True),
        (b"User-agent: broad\nAllow: /\n\nUser-agent: *\nDisallow: /a", "/a", False),
        (b"User-agent: b\nUser-agent: broad/2\nDisallow: /\n\nUser-agent: *\nDisallow:", "/a", True),
        (b"User-agent: broadsheet* # us\nDisallow: /a", "/a", False),
        (b"user-agent : BroadSheet  # us\nDisallow: /a", "/a", False),
        (b"User-agent: *\nDisallow: /\n" + b"#" * MAX_SIZE, "/a", False),
    ],
)
def test_rules(body: bytes, path: str, free: bool) -> None:
    assert allowed(body, path) is free


def test_what_lies_beyond_the_limit_does_not_count() -> None:
    filler = b"# filler\n" * (MAX_SIZE // 9)
    head = b"User-agent: *\nDisallow: /b\n"
    assert allowed(head + filler + b"Disallow: /a\n")
    cut = head + b"#" * (MAX_SIZE - len(head) - 12) + b"\nDisallow: /abc\n"  # cut after "Disallow: /"
    assert allowed(cut)
    assert not allowed(cut, "/b")


def test_delay_and_sitemaps() -> None:
    body = b"""Sitemap: https://example.com/s1.xml
User-agent: *
Crawl-delay: 2.5
User-agent: broadsheet
Crawl-delay: 100000
Sitemap: https://example.com/s2.xml
Sitemap: https://example.com/s1.xml"""
    rules = RobotsRules.parse(200, body)
    assert rules.sitemaps == ("https://example.com/s1.xml", "https://example.com/s2.xml")
    assert rules.crawl_delay("other") == 2.5
    assert rules.crawl_delay(TOKEN) == MAX_CRAWL_DELAY
    assert RobotsRules.parse(200, b"User-agent: *\nCrawl-delay: soon").crawl_delay(TOKEN) is None
    assert RobotsRules.parse(200, b"User-agent: *\nCrawl-delay: -3").crawl_delay(TOKEN) is None
    assert RobotsRules.parse(200, b"User-agent: *\nCrawl-delay: nan").crawl_delay(TOKEN) is None
    assert RobotsRules.parse(200, b"User-agent: *\nCrawl-delay: inf").crawl_delay(TOKEN) in (None, MAX_CRAWL_DELAY)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(
            st.tuples(
                st.sampled_from(["User-agent", "Disallow", "Allow", "Crawl-delay", "Sitemap"]), st.text(max_size=20)
            ),
            max_size=8,
        ).map(lambda lines: "\n".join(f"{name}: {value}" for name, value in lines).encode("utf-8", "replace")),
    ),
    st.text(max_size=20),
)
def test_no_bytes_are_a_fault(body: bytes, path: str) -> None:
    rules = RobotsRules.parse(200, body)
    rules.allowed("https://example.com/" + path, TOKEN)
    delay = rules.crawl_delay(TOKEN)
    assert delay is None or 0 < delay <= MAX_CRAWL_DELAY


@pytest.mark.parametrize("name", ["broadsheet/1.0", "Broadsheet/2.1.3 # us", "broadsheet/1.0 (+https://a.example)"])
def test_a_version_behind_the_products_name_is_passed_over(name: str) -> None:
    assert not allowed(f"User-agent: {name}\nDisallow: /a\n\nUser-agent: *\nDisallow:\n".encode())
    assert allowed(b"User-agent: other/1.0\nDisallow: /\n")


@pytest.mark.parametrize(
    ("user_agent", "token"),
    [
        ("Mozilla/5.0 (compatible; broadsheet/0.2.0)", "broadsheet"),
        ("Mozilla/5.0 (compatible; examplebot/1.0; +https://a.example)", "examplebot"),
        ("CityLibrary-Bot/2.0 (+https://a.example)", "CityLibrary-Bot"),
        ("archiver", "archiver"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "broadsheet"),
        ("", "broadsheet"),
        ("7", "broadsheet"),
    ],
)
def test_the_product_that_rules_are_read_for(user_agent: str, token: str) -> None:
    assert product_token(user_agent) == token
