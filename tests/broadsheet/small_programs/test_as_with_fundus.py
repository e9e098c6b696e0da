"""What the documentation of fundus shows, done with broadsheet."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from itertools import islice
from pathlib import Path

from news_site import STORIES, News, Programs

import broadsheet as library
from broadsheet import Collection, extract, fetch_async
from broadsheet.crawler.progress import CrawlProgress

program = Programs()


@program
def the_first_articles_of_a_publisher(news: News, _: Path) -> None:
    articles = list(islice(news.collection.articles(status="ok", page_type="article"), 2))
    assert len(articles) == 2
    assert all(article.title and article.word_count > 100 for article in articles)


@program
def no_more_pages_than_these(news: News, folder: Path) -> None:
    seen: list[CrawlProgress] = []
    done = library.crawl(
        news.url + "/", folder / "few", max_pages=2, delay=0, extract=False, requisites=False, on_progress=seen.append
    )
    assert done.progress.pages == 2
    assert done.exit_code == 3
    assert seen


@program
def only_urls_that_match(news: News, folder: Path) -> None:
    library.crawl(
        f"{news.url}/", folder / "c", include=[r"/(harbour|park)$", "/$"], delay=0, extract=False, requisites=False
    )
    fetched = {row.url.removeprefix(news.url) for row in captures(folder / "c")}
    assert {"/harbour", "/park"} <= fetched
    assert "/school" not in fetched


def captures(directory: Path) -> list[library.api.CaptureRow]:  # type: ignore[name-defined]
    library.extract_warcs((), directory, workers=1, profiles=False)
    return list(Collection.open(directory).captures())


@program
def only_complete_articles(news: News, _: Path) -> None:
    complete = [
        row for row in news.collection.articles(status="ok") if row.title and row.authors and row.date_published
    ]
    assert len(complete) == 5


@program
def the_body_by_its_headlines(_: News, __: Path) -> None:
    article = extract(STORIES["bridge"])
    assert [(heading.level, heading.text) for heading in article.headings] == [(2, "The vote")]
    sections = defaultdict[str, list[str]](list)
    under = "summary"
    for segment in article.segments:
        if segment.role == "heading":
            under = segment.text
        elif segment.role == "body":
            sections[under].append(segment.text)
    assert len(sections["summary"]) == 8


@program
def images_with_captions_and_what_is_free(_: News, __: Path) -> None:
    article = extract(STORIES["bridge"])
    assert [image.caption for image in article.images] == ["The hall where they met"]
    assert article.is_paywalled is not True


@program
def articles_published_in_a_time(news: News, _: Path) -> None:
    rows = news.collection.articles(since="2026-05-05", until="2026-05-06", columns=["title"])
    assert {row.title for row in rows} == {"Harbour gets a light", "School opens in May"}


@program
def topics_and_language(news: News, _: Path) -> None:
    by_topic = {topic: row.title for row in news.collection.articles(language="en", status="ok") for topic in row.tags}
    assert by_topic["harbour light"] == "Harbour gets a light"


@program
def articles_of_a_warc_of_somebody_else(news: News, folder: Path) -> None:
    library.extract_warcs(news.warcs, folder / "c", workers=1, profiles=False)
    assert len(Collection.open(folder / "c").articles(page_type="article")) == 5


@program
def articles_are_written_as_json_lines(news: News, folder: Path) -> None:
    with (folder / "articles.jsonl").open("w") as file:
        for name, html in STORIES.items():
            file.write(extract(html, f"{news.url}/{name}").to_json(parts=False) + "\n")
    lines = (folder / "articles.jsonl").read_text().splitlines()
    assert json.loads(lines[0])["url"] == f"{news.url}/bridge"


@program
def pages_are_fetched_side_by_side_in_an_event_loop(news: News, _: Path) -> None:
    async def titles(names: list[str]) -> list[str | None]:
        articles = await asyncio.gather(*(fetch_async(f"{news.url}/{name}", delay=0) for name in names))
        return [article.title for article in articles]

    assert asyncio.run(titles(["harbour", "park"])) == ["Harbour gets a light", "Park is closed for a week"]


@program
def from_an_article_to_the_bytes_that_the_server_sent(news: News, _: Path) -> None:
    row = next(iter(news.collection.articles(url=f"{news.url}/bridge")))
    response = row.response()
    assert response.status == 200
    assert response.body == STORIES["bridge"].encode()


def test_small_programs(news: News, tmp_path: Path) -> None:
    program.run(news, tmp_path)
