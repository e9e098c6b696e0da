"""From links to new URLs: what belongs to the crawl, is near enough, lies in its time, and was never met before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.bounds import priority
from broadsheet.crawler.bounds.window import DateWindow
from broadsheet.crawler.discovery.bare_pages import GUESSED_FEED
from broadsheet.crawler.discovery.urls import dedupe_key, fingerprint
from broadsheet.crawler.frontier.expansion import MAX_LISTINGS, MAX_REDIRECTS, SURE_LISTINGS, Expansion
from broadsheet.crawler.state.changes import Discovery
from broadsheet.crawler.state.memory import MemoryStore

SITE = "http://a.example"
SITEMAP = "sitemap:url/loc"


def expansion(store: MemoryStore | None = None, **more: Any) -> Expansion:
    options = {"accepts": lambda url: "a.example" in url, "accepts_requisite": lambda url: "excluded" not in url}
    return Expansion(store or MemoryStore(), **{**options, **more})


def link(target: str, hop: str = "L", context: str = "a/@href", lastmod: str = "") -> Outlink:
    return Outlink(target if "://" in target else SITE + target, hop, context, lastmod)


def found(one: Expansion, hops: str, *links: Outlink) -> list[tuple[str, str]]:
    return [(url.url.removeprefix(SITE), url.hops) for url in one.found(hops, links)]


def test_each_url_is_found_once_and_numbered_as_the_store_will() -> None:
    store = MemoryStore()
    crawl = expansion(store)
    first = crawl.found("", [link("/a"), link("/a"), link("/b"), link("http://b.example/")])
    assert [(url.url, url.hops, url.host, url.order) for url in first] == [
        (f"{SITE}/a", "L", "a.example", 1), (f"{SITE}/b", "L", "a.example", 2),
    ]  # fmt: skip
    assert found(crawl, "L", link("/b"), link("/c")) == [("/c", "LL")]
    with store.transaction():
        store.apply(Discovery(first), None)
    crawl.written(first)
    assert found(expansion(store), "L", link("/a"), link("/d")) == [("/d", "LL")]


def test_depth_counts_links_and_says_what_was_too_far_once() -> None:
    told: list[tuple[str, str]] = []
    crawl = expansion(max_depth=2, left_out=lambda rule, url: told.append((rule, url)))
    assert found(crawl, "RL", link("/a")) == [("/a", "RLL")]
    assert found(crawl, "LRL", link("/b"), link("/b")) == []
    assert told == [("too far from a seed", f"{SITE}/b")]
    assert found(crawl, "L", link("/b")) == [("/b", "LL")]  # too far there, near enough from here


def test_redirects_in_a_row_end() -> None:
    crawl = expansion()
    assert found(crawl, "L" + "R" * (MAX_REDIRECTS - 1), link("/a", "R")) != []
    assert found(crawl, "L" + "R" * MAX_REDIRECTS, link("/b", "R")) == []


@pytest.mark.parametrize(
    ("one", "hops", "path"),
    [
        (link("http://cdn.example/a.png", "E", "img/@src"), "L", "LE"),
        (link("/excluded.png", "E", "img/@src"), "L", None),
        (link("/frame", "E", "iframe/@src"), "L", "LL"),  # a page of the site
        (link("http://ads.example/frame", "E", "iframe/@src"), "L", "LE"),
        (link("http://cdn.example/b.png", "R", ""), "LE", "LER"),  # a redirect of a requisite is one
        (link("http://b.example/moved", "R", ""), "L", None),
    ],
)
def test_requisites_need_not_belong_to_the_site_and_frames_of_it_are_pages(
    one: Outlink, hops: str, path: str | None
) -> None:
    assert [url.hops for url in expansion().found(hops, [one])] == ([] if path is None else [path])


def test_without_requisites_there_are_none() -> None:
    assert found(expansion(accepts_requisite=None), "L", link("/a.png", "E", "img/@src")) == []


def test_sitemaps_may_lie_elsewhere_where_the_crawl_says_so_for_some_steps() -> None:
    crawl = expansion(accepts_listing=lambda url: "evil" not in url)
    child = "sitemap:sitemap/loc"
    for url, hops, there in (
        ("http://maps.example/1.xml", "I", True), ("http://evil.example/2.xml", "I", False),
        ("http://maps.example/3.xml", "I" * (MAX_LISTINGS + 1), False),
    ):  # fmt: skip
        assert bool(crawl.found(hops, [link(url, "I", child)])) is there, url
    assert crawl.found("I", [link("http://maps.example/page", "L", SITEMAP)]) == ()
    assert crawl.found("IR", [link("http://maps.example/moved.xml", "R", "")]) != ()


def test_the_next_page_of_a_list_is_asked_for_while_the_list_brings_news() -> None:
    crawl = expansion()
    more = link("/list/2", "I", "a/@href?")
    for step in range(1, SURE_LISTINGS):
        assert found(crawl, "L" + "I" * step, link(f"/list/s{step}", "I", "a/@href?")) != []
    deep = "L" + "I" * SURE_LISTINGS
    assert found(crawl, deep, more) == []
    assert found(crawl, deep, link("/news"), more) == [("/news", deep + "L"), ("/list/2", deep + "I")]


def test_what_lies_outside_of_the_time_is_left_out_with_the_rule() -> None:
    told: list[str] = []
    window = DateWindow.of("2026-02-01", None)
    crawl = expansion(window=window, left_out=lambda rule, url: told.append(url))
    links = [link("/2026/01/05/old", lastmod="2026-01-05"), link("/2026/03/05/new", lastmod="2026-03-05")]
    assert found(crawl, "I", *(Outlink(one.url, "L", SITEMAP, one.lastmod) for one in links)) == [
        ("/2026/03/05/new", "IL")
    ]
    assert told == [f"{SITE}/2026/01/05/old"]


def test_the_user_s_urls_go_first_and_guesses_late() -> None:
    crawl = expansion()
    seed = crawl.new_url(f"{SITE}/", "")
    assert seed is not None
    assert (seed.priority, crawl.new_url(f"{SITE}/", "")) == (priority.SEED, None)
    (guess,) = crawl.found("", [link("/feed/", "I", GUESSED_FEED)])
    assert guess.priority == priority.GUESSED
    image = crawl.new_url(f"{SITE}/a.png", "LEE")
    assert image is not None
    assert image.priority == 2


def test_a_scope_that_grew_takes_what_it_refused() -> None:
    wide = [False]
    crawl = expansion(accepts=lambda url: wide[0])
    assert found(crawl, "", link("/a")) == []
    wide[0] = True
    assert found(crawl, "", link("/a")) == []
    crawl.scope_widened()
    assert found(crawl, "", link("/a")) == [("/a", "L")]


def test_only_an_update_is_told_what_a_sitemap_says_of_changes() -> None:
    listed = [link("/a", "L", SITEMAP, "2026-03-05T10:00:00Z"), link("/b", "L", "a/@href", "2026-03-05")]
    assert expansion().changed_until(listed) == ()
    ((print_, until),) = expansion(updates=True).changed_until(listed)
    assert print_ == fingerprint(dedupe_key(f"{SITE}/a"))
    assert until >= datetime(2026, 3, 5, 10, tzinfo=UTC)
