"""Links that scripts make: attributes by convention, events, data."""

from __future__ import annotations

import pytest

from broadsheet.crawler.discovery.links import page_links
from broadsheet.crawler.discovery.post_lists import smaller_list, wordpress_posts

URL = "https://example.com/news/today.html"
ROOT = "https://example.com"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<article data-href='/a'>", ["/a"]),
        ("<li data-url=/a>", ["/a"]),
        ("<tr data-link='b.html'><td data-url='?page=2'>", ["/news/b.html", "/news/today.html?page=2"]),
        ("<img data-url=/a><video data-href=/b></video>", []),
        ("<div data-url='/a.jpg' data-href='#x' data-link='true'>", []),
        ("<div data-url='/{{ url }}'>", []),
        ("<button data-next-url='/more?offset=20'>", ["/more?offset=20"]),
        ("<div hx-get='/a' hx-trigger=revealed><p data-hx-get=/b>", ["/a", "/b"]),
        ("<turbo-frame src=/a loading=lazy>", ["/a"]),
        ("""<div onclick="location.href='/a'">""", ["/a"]),
        ("""<tr ONCLICK='document.location = "b.html"'>""", ["/news/b.html"]),
        ("""<a href="#" onclick="window.open('/a'); return false">""", ["/a"]),
        ("""<a href="javascript:show('/a', 3)">""", ["/a"]),
        ("""<a href="javascript:show(%27/a%27)">""", ["/a"]),
        ("""<a href="javascript:void(0)" onclick="track('click', 'nav')">""", []),
        ("<select><option value=''>Month<option value='/2026/01/'>Jan<option value=de>German</select>", ["/2026/01/"]),
        ("<svg><a xlink:href='/a'><text>x</text></a></svg>", ["/a"]),
        ("""<iframe srcdoc="&lt;a href='/a'>x&lt;/a>"></iframe>""", ["/a"]),
        ("<link itemprop=url href=/a><link itemprop=image href=/b>", ["/a"]),
        ("<script>if (x == location) window.location = '/a'; location.replace(\"/b\")</script>", ["/a", "/b"]),
        ("<script>var x = '/no/such'; y.url('/z')</script>", []),
        (
            '<script>window.S={"url":"https:\\/\\/example.com\\/a","image":"\\/b","link":"\\u002Fc"}</script>',
            ["/a", "/c"],
        ),
        ('<script>f.push([1,"{\\"href\\":\\"/a\\",\\"src\\":\\"/b\\"}"])</script>', ["/a"]),
        ('<script type="application/json" id=__NEXT_DATA__>{"props":{"posts":[{"href":"/a"}]}}</script>', ["/a"]),
        ('<script type="application/ld+json">{"@type":"ItemList","itemListElement":[{"url":"/a"}]};</script>', ["/a"]),
        ('<script type="application/ld+json">not {json</script>', []),
        (
            '<script type="text/template"><a href="/a"></a><a href="{{ url }}"></a><a href="/<%= id %>"></script>',
            ["/a"],
        ),
        ('<div data-html="&lt;a href=/a>x&lt;/a>" title="<a href=/no>">', ["/a"]),
        (
            '<script type=speculationrules>{"prefetch":[{"urls":["/a"]}]}</script><link rel=prerender href=/b>',
            ["/a", "/b"],
        ),
        ('<script>x = {"urls":["/a","https:\\/\\/example.com\\/b"],"canonical_url":"/c"}</script>', ["/a", "/b", "/c"]),
        ("<script>var posts = ['/a', '/b']; var routes = ['/x', '/y']; urls = ['/z']</script>", ["/a", "/b"]),
        ('<script>x = decodeURIComponent("%7B%22url%22%3A%22%2Fa%22%7D")</script>', ["/a"]),
        (
            "<div data-teaser-url=/a data-list-url-value=/b data-share-url=/x data-image-link=/y data-cdn-url=/z>",
            ["/a", "/b"],
        ),
        ("<a href=feed://example.com/f>", ["/f"]),
    ],
)
def test_links_of_scripts(html: str, expected: list[str]) -> None:
    assert [link.url for link in page_links(html, URL).outlinks] == [ROOT + path for path in expected]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<link rel="https://api.w.org/" href="https://example.com/wp-json/">',
            "https://example.com/wp-json/wp/v2/posts?per_page=100&page=1&_fields=link,modified_gmt",
        ),
        (
            '<link rel="https://api.w.org/" href="https://example.com/index.php?rest_route=/">',
            "https://example.com/index.php?rest_route=/wp/v2/posts&per_page=100&page=1&_fields=link,modified_gmt",
        ),
        (
            '<script data-ghost="https://example.com/" data-key=22a data-api="https://example.com/ghost/api/content/">',
            "https://example.com/ghost/api/content/posts/?key=22a&limit=100&page=1&fields=url,updated_at",
        ),
        (
            '<script data-sodo-search="https://example.com" data-key=22a></script>',
            "https://example.com/ghost/api/content/posts/?key=22a&limit=100&page=1&fields=url,updated_at",
        ),
    ],
)
def test_a_systems_list_of_posts(html: str, expected: str) -> None:
    (link,) = page_links(html, URL).outlinks
    assert (link.url, link.hop) == (expected, "I")


@pytest.mark.parametrize(
    "html", ["<script data-key=1>", "<script data-ghost=/ data-key='a b'>", "<link rel=api href=/x>"]
)
def test_what_announces_no_list(html: str) -> None:
    assert page_links(html, URL).outlinks == ()


@pytest.mark.parametrize(
    "script",
    ['"url":"/' + "a/" * 200_000, "location=" * 200_000, '"url":"' + "\\" * 500_000, "window.open('" * 100_000],
)
def test_hostile_scripts_take_time_by_their_length(script: str) -> None:
    page_links(f"<script>{script}</script><div onclick='{script}'>", URL)


def test_a_shorter_list_for_a_wordpress_that_refuses_a_long_one() -> None:
    for root in ("https://example.com/wp-json/", "https://example.com/?rest_route=/"):
        url = wordpress_posts(root)
        assert smaller_list(url) == url.replace("per_page=100", "per_page=10")
        assert smaller_list(smaller_list(url) or "") is None
    assert smaller_list("https://example.com/api?per_page=100&page=1&") is None


def test_the_next_page_in_the_state_of_a_page() -> None:
    html = '<script type="application/json">{"posts":[{"href":"/a"}],"nextPage":"/page/2"}</script>'
    assert [link.url for link in page_links(html, URL).outlinks] == [ROOT + "/a", ROOT + "/page/2"]
