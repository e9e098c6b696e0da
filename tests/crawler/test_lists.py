"""Lists of articles without links in HTML: in JSON, in feeds by pages, at the usual places."""

from __future__ import annotations

import json
from pathlib import Path

from crawled_site import Answer, crawl, page, serving

from broadsheet.archive.catalogue import Catalogue
from broadsheet.crawler.discovery.bare_pages import USUAL_FEEDS

JSON = "application/json"


def articles(first: int, last: int) -> dict[str, Answer]:
    return {f"/story-{number}": Answer(page()) for number in range(first, last)}


def test_a_list_that_a_script_draws_is_followed_to_its_end_and_no_further(tmp_path: Path) -> None:
    answers = {"/": Answer(b"<html><script>fetch('/api/posts?page=1').then(draw)</script></html>"), **articles(0, 6)}
    for number in range(1, 10):  # from page 4 on the same again and again
        names = [{"url": f"/story-{min(number - 1, 2) * 2 + one}"} for one in range(2)]
        answers[f"/api/posts?page={number}"] = Answer(json.dumps({"posts": names}).encode(), JSON)
    with serving(answers) as site:
        for options in ((), ("--no-requisites",)):
            site.asked.clear()
            code, _, _ = crawl(tmp_path / f"c{len(options)}", site.url + "/", "--no-extract", *options)
            assert code == 0
            assert {path for path in site.paths() if path.startswith("/story")} == set(articles(0, 6))
            assert sum(path.startswith("/api") for path in site.paths()) == 4


def test_feeds_at_usual_places_when_there_is_no_sitemap_and_their_pages(tmp_path: Path) -> None:
    def feed(first: int, last: int) -> Answer:
        items = "".join(f"<item><link>{{base}}/story-{number}</link></item>" for number in range(first, last))
        text = f"<rss><channel><generator>https://wordpress.org/</generator>{items}</channel></rss>"
        return Answer(text.encode(), "application/rss+xml")

    answers = {"/": Answer(page()), **articles(0, 4)}
    answers |= {"/feed/": feed(0, 2), "/feed/?paged=2": feed(2, 4)}
    with serving(answers) as site:
        assert crawl(tmp_path / "c", site.url + "/", "--no-extract")[0] == 0
    assert set(articles(0, 4)) <= set(site.paths())
    sitemap = Answer(b"<urlset><url><loc>{base}/story-0</loc></url></urlset>", "application/xml")
    with serving({**answers, "/sitemap.xml": sitemap}) as site:
        assert crawl(tmp_path / "d", site.url + "/", "--no-extract")[0] == 0
    assert "/feed/" not in site.paths()


def test_no_feed_is_looked_for_where_pages_are_named_or_where_any_url_is_answered_with_a_page(tmp_path: Path) -> None:
    with serving(
        {"/": Answer(page("/a", "/b", "/c")), **{path: Answer(page()) for path in ("/a", "/b", "/c")}}
    ) as site:
        assert crawl(tmp_path / "c", site.url + "/", "--no-extract")[0] == 0
    assert not set(site.paths()) & set(USUAL_FEEDS)
    with serving({path: Answer(page()) for path in ("/", *USUAL_FEEDS)}) as site:
        assert crawl(tmp_path / "d", site.url + "/", "--no-extract")[0] == 0
    assert len(set(site.paths()) & set(USUAL_FEEDS)) == 1
    with Catalogue.open(tmp_path / "d" / "collection.sqlite") as catalogue:
        assert [page.url for page in catalogue.latest(10) if page.is_page] == [site.url + "/"]


def test_an_index_may_name_a_feed_at_a_usual_place_and_its_pages_stand_in_headers(tmp_path: Path) -> None:
    children = b"".join(b"<sitemap><loc>{base}/%s.xml</loc></sitemap>" % name for name in (b"a", b"rss"))
    feed = b"<rss><channel><item><link>{base}/story-%d</link></item></channel></rss>"
    answers = {
        "/": Answer(page()),
        "/sitemap.xml": Answer(b"<sitemapindex>%s</sitemapindex>" % children, "image/png"),
        "/a.xml": Answer(b"<urlset><url><loc>{base}/story-0</loc></url></urlset>", "image/png"),
        "/rss.xml": Answer(feed % 1, "text/xml", headers={"Link": "</rss.xml?page=2>; rel=next"}),
        "/rss.xml?page=2": Answer(feed % 2, "text/xml"),
        **articles(0, 3),
    }
    with serving(answers) as site:
        assert crawl(tmp_path / "c", site.url + "/", "--no-extract")[0] == 0
    assert set(articles(0, 3)) <= set(site.paths())


def test_a_list_that_a_script_file_asks_for_is_found_without_requisites(tmp_path: Path) -> None:
    script = b"addEventListener('load', () => fetch('data/news.json').then(draw))"
    posts = json.dumps([{"url": f"/story-{number}"} for number in range(4)]).encode()
    answers = {
        "/": Answer(
            b"<html><a href=/politics>p</a><a href=/sport>s</a><a href=/army>a</a><script src=/js/site.js></script>"
        ),
        "/js/site.js": Answer(script, "text/javascript"),
        "/data/news.json": Answer(posts, JSON),
        **articles(0, 4),
    }
    with serving(answers) as site:
        assert crawl(tmp_path / "c", site.url + "/", "--no-extract", "--no-requisites")[0] == 0
    assert set(articles(0, 4)) <= set(site.paths())


def test_the_posts_of_a_wordpress_by_its_rest_api(tmp_path: Path) -> None:
    question = "/wp-json/wp/v2/posts?per_page=100&page={}&_fields=link,modified_gmt"
    answers = {"/": Answer(page(), headers={"Link": '<{base}/wp-json/>; rel="https://api.w.org/"'}), **articles(0, 4)}
    for number in (1, 2):
        posts = [{"link": f"{{base}}/story-{one}"} for one in (2 * number - 2, 2 * number - 1)]
        answers[question.format(number)] = Answer(json.dumps(posts).encode(), JSON, headers={"X-WP-TotalPages": "2"})
    with serving(answers) as site:
        assert crawl(tmp_path / "c", site.url + "/", "--no-extract")[0] == 0
    assert set(articles(0, 4)) <= set(site.paths())
    assert question.format(3) not in site.paths()
