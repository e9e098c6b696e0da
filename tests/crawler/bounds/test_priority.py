"""What is asked first: the newest articles, before lists; of sitemaps one, and the rest when they are needed."""

from __future__ import annotations

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.bounds.priority import ordered_sources, priority_of
from broadsheet.crawler.state.url import RETRY_PENALTY


def test_the_order_of_a_site() -> None:
    order = [
        ("https://a/", "", ""),
        ("https://a/sitemap.xml", "I", ""),
        ("https://a/x", "IL", "2026-11-29T10:00:00Z"),
        ("https://a/2026/11/28/a-story/", "L", ""),
        ("https://a/y", "IL", "2026-11-27"),
        ("https://a/z", "IL", ""),
        ("https://a/about", "L", ""),
        ("https://a/about-us", "LL", ""),
        ("https://a/tag/x/", "L", ""),
        ("https://a/2026/11/28/a-story/amp/", "L", ""),
    ]
    priorities = [priority_of(url, hops, said) for url, hops, said in order]
    assert priorities == sorted(priorities, reverse=True)
    assert len(set(priorities)) == len(order)
    assert priorities[0] < RETRY_PENALTY


def child(name: str, lastmod: str = "") -> Outlink:
    return Outlink(f"https://a/{name}", "I", "sitemap:sitemap/loc", lastmod)


def names(children: list[Outlink]) -> list[str]:
    ranked = sorted(ordered_sources(children), key=lambda pair: -pair[1])
    return [link.url.rpartition("/")[2] for link, _ in ranked]


def test_sitemaps_are_read_from_the_newest_on() -> None:
    assert names([child("a1.xml"), child("a2.xml"), child("a10.xml")]) == ["a10.xml", "a2.xml", "a1.xml"]
    assert names([child("a1.xml", "2026-11-02"), child("a2.xml", "2026-01-01"), child("a3.xml", "2026-06-01")]) == [
        "a1.xml",
        "a3.xml",
        "a2.xml",
    ]
    assert names([child("a1.xml"), child("news.xml"), child("a2.xml")]) == ["news.xml", "a2.xml", "a1.xml"]


def test_a_sitemap_waits_for_articles_that_are_newer_than_all_it_names() -> None:
    ranked = dict(ordered_sources([child("a1.xml", "2026-11-02"), child("a2.xml", "2026-01-01")]))
    later = next(priority for link, priority in ranked.items() if link.url.endswith("a2.xml"))
    assert priority_of("https://a/2026/01/01/old/", "L") < later < priority_of("https://a/2026/01/02/new/", "L")
