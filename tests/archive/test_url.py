"""URLs come out as a browser would send them, and stay what they are."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.archive.url import Resolver, document_resolver, normalise

BASE = "https://example.com/a/b/c.html?x=1"

# What WHATWG's algorithm makes of a reference at BASE; None: nothing to fetch.
CASES = [
    ("", BASE),
    ("#top", BASE),
    ("?q=2", "https://example.com/a/b/c.html?q=2"),
    ("?", "https://example.com/a/b/c.html?"),
    ("d.html", "https://example.com/a/b/d.html"),
    ("d.html#x?y", "https://example.com/a/b/d.html"),
    ("d.html?a=1&b=2", "https://example.com/a/b/d.html?a=1&b=2"),
    ("d/e:f", "https://example.com/a/b/d/e:f"),
    ("./d", "https://example.com/a/b/d"),
    ("../d", "https://example.com/a/d"),
    ("../../../../d", "https://example.com/d"),
    (".", "https://example.com/a/b/"),
    ("..", "https://example.com/a/"),
    ("/x/./y/../z", "https://example.com/x/z"),
    ("/x/%2e%2E/z", "https://example.com/z"),
    ("/x/.hidden", "https://example.com/x/.hidden"),
    ("/x/..y", "https://example.com/x/..y"),
    ("/x//y///", "https://example.com/x//y///"),
    ("\\x\\y", "https://example.com/x/y"),
    ("//other.org", "https://other.org/"),
    ("//other.org/x?y", "https://other.org/x?y"),
    ("///other.org/x", "https://other.org/x"),
    ("/\\other.org/x", "https://other.org/x"),
    ("http://other.org", "http://other.org/"),
    ("http:other.org/x", "http://other.org/x"),
    ("https:d", "https://example.com/a/b/d"),
    ("https:/d", "https://example.com/d"),
    ("https:////other.org/d", "https://other.org/d"),
    ("HTTP://OTHER.org/Path", "http://other.org/Path"),
    ("http://other.org?x", "http://other.org/?x"),
    ("http://other.org#x", "http://other.org/"),
    ("http://other.org:80/", "http://other.org/"),
    ("https://other.org:443/", "https://other.org/"),
    ("http://other.org:443/", "http://other.org:443/"),
    ("http://other.org:0080/", "http://other.org/"),
    ("http://other.org:/", "http://other.org/"),
    ("http://other.org:65536/", None),
    ("http://other.org:x/", None),
    ("http://user:pass@other.org/", "http://other.org/"),
    ("http://a@b@other.org/", "http://other.org/"),
    ("http://other.org./", "http://other.org./"),
    ("http://a_b.other.org/", "http://a_b.other.org/"),
    ("http://localhost:8000/x", "http://localhost:8000/x"),
    ("http://bücher.example/ü?ü", "http://xn--bcher-kva.example/%C3%BC?%C3%BC"),
    ("http://BÜCHER.example/", "http://xn--bcher-kva.example/"),
    ("http://straße.example/", "http://xn--strae-oqa.example/"),
    ("http://日本。jp/", "http://xn--wgv71a.jp/"),
    ("http://☃.net/", "http://xn--n3h.net/"),
    ("http://ex%61mple.org/", "http://example.org/"),
    ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
    ("http://xn--a/", None),
    ("http://127.1/", "http://127.0.0.1/"),
    ("http://0x7f.0.0.1/", "http://127.0.0.1/"),
    ("http://017700000001/", "http://127.0.0.1/"),
    ("http://2130706433/", "http://127.0.0.1/"),
    ("http://1.2.3.4.5/", None),
    ("http://256.1.1.1/", None),
    ("http://1.2.3.08/", None),
    ("http://[::1]:8080/x", "http://[::1]:8080/x"),
    ("http://[1:0:0:2:0:0:0:3]/", "http://[1:0:0:2::3]/"),
    ("http://[0:0:0:0:0:0:0:0]/", "http://[::]/"),
    ("http://[1:0:0:0:0:0:0:0]/", "http://[1::]/"),
    ("http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/"),
    ("http://[::1/", None),
    ("http://[fe80::1%eth0]/", None),
    ("http://a..b/", None),
    ("http://" + "a" * 64 + ".org/", None),
    ("http://a b/", None),
    ("http://a<b/", None),
    ("http://", None),
    ("https://", None),
    ("  \n d\t.ht\r\nml ", "https://example.com/a/b/d.html"),
    ("d #x", "https://example.com/a/b/d%20"),
    ("/a b", "https://example.com/a%20b"),
    ("/a%20b", "https://example.com/a%20b"),
    ("/a%zzb%", "https://example.com/a%zzb%"),
    ("/a'b?a'b", "https://example.com/a'b?a%27b"),
    ('/"<>`{}^|[]', "https://example.com/%22%3C%3E%60%7B%7D%5E|[]"),
    ('/?"<>`{}^|[]', "https://example.com/?%22%3C%3E`{}^|[]"),
    ("/ö", "https://example.com/%C3%B6"),
    ("/a;b=c,d@e:f", "https://example.com/a;b=c,d@e:f"),
    ("/x\ud800", "https://example.com/x%EF%BF%BD"),
    ("javascript:void(0)", None),
    ("mailto:a@example.com", None),
    ("data:text/html,x", None),
    ("tel:+491234", None),
    ("ftp://example.com/x", None),
    ("JavaScript:alert(1)", None),
    ("java\nscript:alert(1)", None),
]


@pytest.mark.parametrize(("reference", "expected"), CASES)
def test_resolves_as_a_browser_does(reference: str, expected: str | None) -> None:
    assert normalise(reference, BASE) == expected


def test_without_a_base_only_absolute_urls_are_urls() -> None:
    assert normalise("/x") is None
    assert normalise("x.html") is None
    assert normalise("https:x.org/y") == "https://x.org/y"
    assert normalise("/x", "not a url") is None


def test_query_in_the_encoding_of_its_page() -> None:
    assert normalise("/ü?ü", BASE, "cp1252") == "https://example.com/%C3%BC?%FC"
    assert normalise("/?й", BASE, "cp1251") == "https://example.com/?%E9"
    assert normalise("/?ü日", BASE, "cp1252") == "https://example.com/?%FC%26%2326085%3B"
    assert normalise("/?ü", BASE, "utf-16-le") == "https://example.com/?%C3%BC"


references = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=string.ascii_letters + "0123./\\:?#@%[]&=-_ \t\n'\"é日", max_size=40),
    st.builds("http{}://{}{}".format, st.sampled_from(["", "s"]), st.text(max_size=12), st.text(max_size=20)),
    st.builds("http://{}/{}".format, st.text(alphabet="abx0123456789.-nü", max_size=12), st.text(max_size=20)),
)


@given(references, st.sampled_from(["utf-8", "cp1252", "shift_jis", "utf-16-le"]))
@example("http:\\\\a", "utf-8")
@example("http://xn--é", "utf-8")
@example("http://\u00ad/", "utf-8")
@example("//%", "utf-8")
def test_normal_is_ascii_absolute_and_final(reference: str, encoding: str) -> None:
    url = normalise(reference, BASE, encoding)
    if url is None:
        return
    assert url.isascii()
    assert url.startswith(("http://", "https://"))
    assert "#" not in url
    assert not any(char.isspace() for char in url)
    assert normalise(url) == url
    assert normalise(url, "http://elsewhere.test/x/y?z") == url


@given(st.text(alphabet=string.ascii_letters + "0123/.-_~!$&()*+,;=@%?", max_size=40))
def test_the_quick_way_agrees_with_the_long_one(reference: str) -> None:
    resolver = Resolver(BASE)
    assert resolver.resolve(reference) == resolver._parse(reference)


@given(st.from_regex(r"https?://[a-z0-9.-]{1,20}(:[0-9]{1,5})?/[a-z0-9./%?=&'-]{0,20}", fullmatch=True))
def test_the_quick_way_agrees_for_absolute_urls(reference: str) -> None:
    resolver = Resolver(None)
    assert resolver.resolve(reference) == resolver._parse(reference)


def test_a_hostile_url_takes_no_time() -> None:
    for hostile in ("http://" + "a." * 500_000, "/" + "../" * 500_000, "http://" + "[" * 1_000_000, "/." * 500_000):
        result = normalise(hostile, BASE)
        assert result is None or result.startswith("https://example.com/")


# What a hyperlink names at BASE, fragment and all; None: it is no URL.
@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("d.html#x?y", "https://example.com/a/b/d.html#x?y"),
        (" #a b<c> ", f"{BASE}#a%20b%3Cc%3E"),
        ("#", BASE),
        ("http://B.example#ü", "http://b.example/#%C3%BC"),
        (" mailto:a@b.example ", "mailto:a@b.example"),
        ("javascript:a('#')", "javascript:a('#')"),
        ("http://[bad/", None),
        ("//", None),
    ],
)
def test_what_a_hyperlink_names_has_its_fragment(href: str, expected: str | None) -> None:
    assert Resolver(BASE).target(href) == expected


def test_a_document_without_a_url_of_the_web_leaves_relative_hyperlinks_where_they_are() -> None:
    assert Resolver("").target("img/a b.jpg") == "img/a b.jpg"
    assert Resolver("file:///home/u/page.html").target("a.jpg") == "file:///home/u/a.jpg"
    assert Resolver("").target("HTTP://b.example/x y") == "http://b.example/x%20y"


@pytest.mark.parametrize(
    ("bases", "base"),
    [
        ([], BASE),
        ([None], BASE),
        (["/deep/er/"], "https://example.com/deep/er/"),
        ([None, "/deep/er/", "/second/"], "https://example.com/deep/er/"),
        (["", "/second/"], BASE),
        ([" \n//other.example/x \t"], "https://other.example/x"),
        (["data:text/html,x", "/second/"], BASE),
        (["javascript:x()"], BASE),
        (["mailto:a@b.example"], BASE),
        (["https://"], BASE),
        (["http://[x"], BASE),
    ],
)
def test_the_first_base_with_an_address_decides(bases: list[str | None], base: str) -> None:
    assert document_resolver(Resolver(BASE), bases).base == base
