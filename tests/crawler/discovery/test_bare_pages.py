"""Where a crawl looks further when its first page names hardly any other."""

from __future__ import annotations

import pytest

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.discovery.bare_pages import GUESSED_FEED, leads_on, own_data, own_scripts, usual_feeds
from broadsheet.crawler.discovery.links import scanned_links
from broadsheet.crawler.discovery.scan import scan_page

SITE = "https://example.com/"


def names_pages(html: str) -> bool:
    page = scan_page(html, SITE)
    return leads_on(page, scanned_links(page).outlinks, lambda url: url.startswith(SITE))


@pytest.mark.parametrize(
    ("html", "enough"),
    [
        ("<a href=/x>x</a><a href=/y>y</a><a href=/z>z</a>", True),
        ("<a href=/x>x</a><a href=/y>y</a><a href=/x#b>x again</a>", False),
        (
            "<a href=/x>x</a><a href=/about>a</a><a href=/contact-us/>c</a><a href=/privacy.html>p</a><a href=/>home</a>",
            False,
        ),
        (
            "<a href=/x>x</a><a href=/feed/>f</a><a href=/f/list.opml>o</a><a href=/news.xml>n</a><a href=/rss2>r</a>",
            False,
        ),
        ("<a href=/x>x</a><a href=https://other.example/y>y</a><a href=https://other.example/z>z</a>", False),
        ("<link rel=canonical href=/a><link rel=next href=/b><link rel=alternate href=/c>", False),
        ('<script type="application/json">{"posts": [{"url": "/a"}, {"url": "/b"}, {"url": "/c"}]}</script>', True),
    ],
)
def test_a_page_that_leads_on_names_three_pages_of_the_crawl_that_not_every_site_has(html: str, enough: bool) -> None:
    assert names_pages(html) is enough


def test_usual_places_of_feeds() -> None:
    assert usual_feeds("https://example.com/blog/")[:2] == (
        Outlink("https://example.com/feed/", "I", GUESSED_FEED),
        Outlink("https://example.com/rss.xml", "I", GUESSED_FEED),
    )


def test_data_that_a_page_has_its_browser_ask_for() -> None:
    html = "<link rel=preload as=fetch href=/page-data/index/page-data.json><link rel=preload as=font href=/f.woff2>"
    html += "<link rel=preload as=fetch href=https://cdn.example/x.json><link rel=prefetch as=fetch href=/y.json>"
    assert [link.url for link in own_data(scan_page(html, SITE))] == [f"{SITE}page-data/index/page-data.json"]


def test_scripts_of_the_site_itself_and_no_more_than_some() -> None:
    html = (
        "<script src=/js/jquery.min.js></script><script src=https://cdn.example/a.js></script><script>inline()</script>"
    )
    html += "".join(f"<script src=/{number}.js></script>" for number in range(9))
    assert [link.url for link in own_scripts(scan_page(html, SITE))] == [f"{SITE}{number}.js" for number in range(5)]
