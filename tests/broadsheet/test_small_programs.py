"""What people know from trafilatura, newspaper4k, fundus, news-please and datatrove, done with broadsheet: small programs, each
after an example of their documentation, in our own words."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from crawled_site import Answer, serving
from small_warcs import answered, write_warc

import broadsheet
from broadsheet import Collection, extract, fetch, fetch_async
from broadsheet.crawler import one_page

BODY = "".join(
    f"<p>Sentence {n} of the story says that the council met and voted on the new bridge.</p>" for n in range(8)
)
PAGE = f"""<html lang="en"><head><title>Council</title><meta name="author" content="Bo Ek">
<meta property="article:published_time" content="2026-05-06T07:08:09Z"><meta name="keywords" content="bridge, vote">
<meta property="og:image" content="/top.jpg"></head><body><nav><a href="/">Start</a></nav>
<article><h1>Council votes for bridge</h1>
{BODY}<h2>The vote</h2><ul><li>Nine for it</li><li>Two against it</li></ul>
<p>Read <a href="/b">the minutes</a> of the meeting, too.</p>
<figure><img src="/hall.jpg"><figcaption>The hall</figcaption></figure></article></body></html>"""
URL = "https://council.example/a"


@pytest.fixture(autouse=True)
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_page, "_robots", {})


def warcs(folder: Path) -> Path:
    pages = [
        answered(f"https://council.example/{n}", PAGE.replace("council met", f"council number {n} met"))
        for n in range(4)
    ]
    german = PAGE.replace('lang="en"', 'lang="de"').replace("says that the council met and voted on the new bridge",
        "sagt, dass der Rat sich getroffen und über die neue Brücke abgestimmt hat")  # fmt: skip
    path: Path = write_warc(
        folder, "news", [*pages, answered("https://rat.example/d", german, kind="text/html; charset=utf-8")]
    )
    return path


# trafilatura


def test_download_and_extract_a_page_as_text() -> None:
    with serving({"/a": Answer(PAGE.encode())}) as site:
        text = fetch(f"{site.url}/a", delay=0).text
    assert text is not None
    assert text.startswith("Sentence 0")


def test_markdown_with_headings_and_links_and_json_with_metadata() -> None:
    article = extract(PAGE, URL)
    assert article.markdown is not None
    assert "## The vote" in article.markdown
    assert "[the minutes](https://council.example/b)" in article.markdown
    told = json.loads(article.to_json())
    assert (told["title"], told["date_published"], told["tags"]) == (
        "Council votes for bridge", "2026-05-06T07:08:09Z", ["bridge", "vote"],
    )  # fmt: skip


def test_many_pages_in_threads() -> None:
    pages = [PAGE.replace("Council votes", f"Council {n} votes") for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        titles = [article.title for article in pool.map(extract, pages)]
    assert titles == [f"Council {n} votes for bridge" for n in range(8)]


# newspaper4k


def test_an_article_has_authors_date_top_image_and_keywords() -> None:
    article = extract(PAGE, URL)
    assert [author.name for author in article.authors] == ["Bo Ek"]
    assert article.date_published is not None
    assert article.date_published.year == 2026
    assert article.main_image_url == "https://council.example/top.jpg"
    assert [image.caption for image in article.images] == ["The hall"]
    assert article.tags == ("bridge", "vote")


def test_a_whole_site_is_built_and_its_articles_counted(tmp_path: Path) -> None:
    front = b'<html><h1>News</h1><a href="/a">One</a> <a href="/b">Two</a>'
    with serving({"/": Answer(front), "/a": Answer(PAGE.encode()), "/b": Answer(PAGE.encode())}) as site:
        broadsheet.crawl(site.url, tmp_path / "site", delay=0, workers=1, requisites=False)
    assert len(Collection.open(tmp_path / "site").articles(status="ok")) >= 2


# fundus


def test_the_first_articles_of_a_publisher_with_their_sections_and_pictures(tmp_path: Path) -> None:
    broadsheet.extract_warcs(warcs(tmp_path / "in"), tmp_path / "out", workers=1, profiles=False)
    for row, _ in zip(Collection.open(tmp_path / "out").articles(host="council.example"), range(2), strict=False):
        assert [heading.text for heading in row.headings] == ["The vote"]
        assert row.image_count == 1


def test_pages_are_fetched_side_by_side_in_an_event_loop() -> None:
    async def program(urls: list[str]) -> list[str | None]:
        return [one.title for one in await asyncio.gather(*(fetch_async(url, delay=0) for url in urls))]

    with serving({f"/{n}": Answer(PAGE.replace("Council votes", f"{n} votes").encode()) for n in range(3)}) as site:
        assert asyncio.run(program([f"{site.url}/{n}" for n in range(3)])) == [
            f"{n} votes for bridge" for n in range(3)
        ]


# news-please


def test_an_archive_of_news_is_filtered_by_host_and_language(tmp_path: Path) -> None:
    broadsheet.extract_warcs([warcs(tmp_path / "in")], tmp_path / "out", workers=1, profiles=False)
    articles = Collection.open(tmp_path / "out").articles
    assert len(articles(host="council.example", language="en")) == 4
    assert [row.url for row in articles(language="de")] == ["https://rat.example/d"]


def test_articles_of_saved_html_are_written_as_json_files(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.html").write_text(PAGE)
    for path in sorted(tmp_path.glob("*.html")):
        path.with_suffix(".json").write_text(extract(path.read_bytes(), URL).to_json())
    assert len({json.loads(path.read_text())["text_sha256"] for path in tmp_path.glob("*.json")}) == 1


# datatrove


def test_read_extract_filter_count_write(tmp_path: Path) -> None:
    lines = [json.dumps({"url": f"{URL}/{n}", "html": PAGE.replace("new bridge", f"new bridge {n}")}) for n in range(5)]
    (tmp_path / "pages.jsonl").write_text("\n".join([*lines, json.dumps({"url": f"{URL}/e", "html": "<p></p>"})]))
    collection = Collection.create(tmp_path / "c")
    collection.import_files(tmp_path / "pages.jsonl")
    collection.extract(workers=1, profiles=False)
    kept, stats = [], Counter[str]()
    for row in collection.articles():
        stats[row.extraction_status] += 1
        if row.extraction_status == "ok" and row.word_count > 50 and not {"lorem_ipsum"} & set(row.quality_flags):
            kept.append({"id": row.id, "text": row.text})
    assert stats == {"ok": 5, "empty": 1}
    assert len(kept) == 5
