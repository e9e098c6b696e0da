"""Lists of articles without links in HTML: in JSON, in feeds by pages, at the usual places."""

from __future__ import annotations

import json
from pathlib import Path

from crawled_site import Answer, crawl, page, serving

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
    with serving({**answers, "/sitemap.xml": Answer(b"<urlset/>", "application/xml")}) as site:
        assert crawl(tmp_path / "d", site.url + "/", "--no-extract")[0] == 0
    assert "/feed/" not in site.paths()


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
