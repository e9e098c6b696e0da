"""Link headers as servers write them."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.crawler.discovery.link_header import link_tags
from broadsheet.crawler.discovery.links import scanned_links
from broadsheet.crawler.discovery.scan import scan_page

URL = "https://a.example/news/"


def test_several_in_one_header_and_over_several() -> None:
    tags = link_tags(['</s.css>; rel="preload"; as=style, <b?x=1,2>;rel=next', "<//c.example/f>; REL=icon ; x"], URL)
    assert [dict(tag.attributes) for tag in tags] == [
        {"rel": "preload", "as": "style", "href": "https://a.example/s.css"},
        {"rel": "next", "href": "https://a.example/news/b?x=1,2"},
        {"rel": "icon", "x": "", "href": "https://c.example/f"},
    ]


def test_what_is_about_another_document_or_no_link_is_left() -> None:
    assert link_tags(['</a>; rel=icon; anchor="#x"', "rubbish", "<javascript:x>; rel=icon", ""], URL) == ()


def test_pages_that_the_header_names_are_links_and_a_base_is_not_theirs() -> None:
    page = scan_page(b"<base href=/other/>", URL, "text/html", ["<page-2>; rel=next"])
    assert [(link.url, link.hop) for link in scanned_links(page).outlinks] == [(f"{URL}page-2", "L")]


@given(st.text(alphabet='<>;,="a \\', max_size=200))
def test_never_raises(header: str) -> None:
    link_tags([header], URL)


def test_is_linear() -> None:
    begun = time.process_time()
    for junk in ("<a>" + ";" * 16_000, "<a>;a=" * 3_000, "<" * 16_000, '<a>;a="' * 2_500):
        link_tags([junk], URL)
    assert time.process_time() - begun < 1
