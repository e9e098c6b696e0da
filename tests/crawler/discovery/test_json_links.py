"""Links in JSON: which strings are pages, and where a list goes on."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.exchange import Outlink
from broadsheet.archive.url import Resolver
from broadsheet.crawler.discovery import json_links
from broadsheet.crawler.discovery.json_links import (
    CONTINUATION,
    data_links,
    is_page_reference,
    is_relative_page,
    listing_links,
)

URL = "https://example.com/api/posts?page=1"


def pages(document: object, url: str = URL) -> list[str]:
    return [link.url for link in listing_links(orjson.dumps(document), url) if link.hop == "L"]


def following(document: object, url: str, *, pages: int | None = None) -> str | None:
    links = listing_links(orjson.dumps(document), url, pages=pages)
    return next((link.url for link in links if link.context == CONTINUATION), None)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"posts": [{"url": "/a"}, {"url": "https://example.com/b"}]}, ["/a", "/b"]),
        (
            {"data": [{"attributes": {"path": {"alias": "/a", "pid": 1}}}], "itemListElement": [{"item": "/b"}]},
            ["/a", "/b"],
        ),
        ([{"link": "/a", "guid": {"rendered": "https://example.com/?p=1"}}], ["/a"]),
        ({"data": {"edges": [{"node": {"permalink": "/a", "title": "url"}}]}}, ["/a"]),
        (
            {"items": [{"storyUrl": "/a", "imageUrl": "/i", "thumbnail_url": "/t", "author": {"authorLink": "/x"}}]},
            ["/a"],
        ),
        (["/a", "/b.png", "c d"], ["/a"]),
        ({"urls": ["/a"], "images": ["/b"], "tags": ["/c"]}, ["/a"]),
        ({"url": "//example.com/a", "path": "/b"}, ["/a", "/b"]),
        ({"html": "<li><a href='/a'>A</a> <a href=\"#b\">b</a></li>", "count": 1}, ["/a"]),
        ({"_links": {"self": {"href": "/x"}, "collection": [{"href": "/y"}]}, "link": "/a"}, ["/a"]),
        ({"links": {"self": "/x", "first": "/y"}, "data": [{"attributes": {"url": "/a"}}]}, ["/a"]),
        ({"url": "/api/posts/7", "link": "/wp-json/wp/v2/posts/7", "href": "/a"}, ["/a"]),
        ({"@type": "BreadcrumbList", "itemListElement": [{"item": "/x"}]}, []),
        ({"url": 3, "link": None, "href": "javascript:x", "path": "a b", "route": "/{slug}"}, []),
        ("/a", []),
        (7, []),
    ],
)
def test_which_strings_are_pages(document: object, expected: list[str]) -> None:
    assert pages(document) == [f"https://example.com{path}" for path in expected]


def test_relative_names_of_pages_as_search_indexes_have_them() -> None:
    document = {"docs": [{"url": "posts/a.html", "path": "posts/b"}]}
    assert pages(document, "https://example.com/js/search.json") == ["https://example.com/js/posts/a.html"]


LIST = [{"url": "/a"}]


@pytest.mark.parametrize(
    ("document", "url", "expected"),
    [
        ({"p": LIST, "next": "/api/posts?page=2"}, "/api/posts", "/api/posts?page=2"),
        ({"p": LIST, "next": None}, "/api/posts?page=2", None),
        ({"p": LIST, "next_page_url": "?page=3"}, "/api/posts?page=2", "/api/posts?page=3"),
        ({"p": LIST, "links": {"next": {"href": "/n"}}}, "/x", "/n"),
        ({"p": LIST, "_links": {"next": {"href": "/n"}}}, "/x", "/n"),
        ({"p": LIST, "meta": {"pagination": {"page": 1, "pages": 3, "next": 2}}}, "/x?page=1", "/x?page=2"),
        ({"p": LIST, "meta": {"pagination": {"page": 3, "pages": 3, "next": None}}}, "/x?page=3", None),
        ({"p": LIST, "nextCursor": "a=b"}, "/x?cursor=z&n=1", "/x?cursor=a%3Db&n=1"),
        ({"p": LIST, "next_page_token": "t"}, "/x", "/x?pageToken=t"),
        ({"p": LIST, "hasMore": True}, "/x?page=4", "/x?page=5"),
        ({"p": LIST, "hasMore": True}, "/x", "/x?page=2"),
        ({"p": LIST, "hasMore": False}, "/x?page=4", None),
        ({"p": [{"url": "/a", "comments": {"hasMore": False}}]}, "/x?page=4", "/x?page=5"),
        ({"p": LIST, "total_pages": 4}, "/x?page=4", None),
        ({"p": LIST, "totalPages": 2}, "/x", "/x?page=2"),
        ({"p": LIST, "total": 60}, "/x?offset=20&limit=20", "/x?offset=40&limit=20"),
        ({"p": LIST, "total": 60}, "/x?offset=40&limit=20", None),
        (
            {"p": LIST, "pageCount": 2},
            "/x?pagination[page]=1&pagination[pageSize]=9",
            "/x?pagination[page]=2&pagination[pageSize]=9",
        ),
        ({"p": LIST, "total": 3}, "/x?page%5Boffset%5D=0&page%5Blimit%5D=2", "/x?page%5Boffset%5D=2&page%5Blimit%5D=2"),
        ({"hydra:member": LIST, "hydra:view": {"hydra:next": "/x?page=2"}}, "/x", "/x?page=2"),
        (LIST, "/x?start=3", "/x?start=4"),
        (LIST, "/x?page=1", "/x?page=2"),
        (LIST, "/x", None),
        ({"p": [], "next": "/api/posts?page=2"}, "/x", None),
    ],
)
def test_where_a_list_goes_on(document: object, url: str, expected: str | None) -> None:
    found = following(document, f"https://example.com{url}")
    assert found == (None if expected is None else f"https://example.com{expected}")


def test_the_number_of_pages_that_the_head_says() -> None:
    assert following(LIST, "https://example.com/x?page=1", pages=2) == "https://example.com/x?page=2"
    assert following(LIST, "https://example.com/x?page=2", pages=2) is None


def test_json_within_json_and_values_all_in_one_list() -> None:
    assert pages({"status": 200, "body": '{"posts": [{"url": "/a"}]}'}) == ["https://example.com/a"]
    numbered = [["Reactive", 1], {"posts": 2}, [3, 6], {"url": 4, "title": 5}, "/a", "A", {"url": 7, "title": 5}, "/b"]
    assert pages(numbered) == ["https://example.com/a", "https://example.com/b"]


def test_json_ld_within_a_page() -> None:
    document = {
        "@graph": [{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": {"@id": "/a"}}, "/b"]}]
    }
    found = data_links(document, Resolver("https://example.com/"), "ld+json")
    assert found == (
        Outlink("https://example.com/a", "L", "ld+json:url"),
        Outlink("https://example.com/b", "L", "ld+json:itemlistelement"),
    )


def test_references() -> None:
    for text in ("/a", "/", "https://e.org/a?b=1", "//e.org/a", "/a/b.json"):
        assert is_page_reference(text)
    for text in ("a", "/a b", "/a.jpg", "/a.css?v=1", "/{{url}}", "javascript:x", "", "/" + "a" * 3000):
        assert not is_page_reference(text)
    for text in ("?page=2", "a.html", "news/a", "../a", "a.php?x=1"):
        assert is_relative_page(text)
    for text in ("true", "12", "image/png", "10/24", "#x", "a.png", "mailto:x@e.org", ""):
        assert not is_relative_page(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_read(document: object) -> None:
    listing_links(orjson.dumps(document), URL)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"url":' * 5000])
def test_what_is_none_gives_nothing(body: bytes) -> None:
    assert listing_links(body, URL) == ()


def test_links_beyond_the_bound_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_links, "MAX_LINKS", 3)
    told: list[int] = []
    body = orjson.dumps([{"url": f"/story-{number}"} for number in (*range(8), 0)])
    assert len(listing_links(body, "https://example.com/api", on_left_out=told.append)) == 3
    assert told == [5]
