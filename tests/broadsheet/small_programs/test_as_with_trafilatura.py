"""What the documentation of trafilatura shows, done with broadsheet."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from news_site import STORIES, News, Programs, broadsheet, story

from broadsheet import Collection, extract, fetch

program = Programs()
URL = "https://council.example/bridge"


@program
def download_a_page_and_take_its_text(news: News, _: Path) -> None:
    text = fetch(f"{news.url}/bridge", delay=0).text
    assert text is not None
    assert text.startswith("In part 0 of its story")
    assert "Copyright" not in text


@program
def markdown_with_headings_lists_and_links(_: News, __: Path) -> None:
    markdown = extract(STORIES["bridge"], URL).markdown
    assert markdown is not None
    assert "## The vote" in markdown
    assert "- Nine for it" in markdown
    assert "[the minutes](https://council.example/bridge)" in markdown


@program
def json_with_metadata(_: News, __: Path) -> None:
    told = json.loads(extract(STORIES["bridge"], URL).to_json(parts=False))
    assert told["title"] == "Council votes for a bridge"
    assert told["date_published"] == "2026-05-04T07:08:09Z"
    assert told["tags"] == ["new bridge", "vote"]
    assert told["sitename"] == "The Council Paper"


@program
def everything_as_a_python_dictionary(_: News, __: Path) -> None:
    document = extract(STORIES["harbour"], URL).to_dict()
    assert document["authors"][0]["name"] == "Ann Lee"
    assert {"title", "text", "language", "license_url"} <= document.keys()


@program
def without_comments_or_with_nothing_but_comments(_: News, __: Path) -> None:
    article = extract(STORIES["bridge"], URL)
    comments = [segment.text for segment in article.segments if segment.role == "comment"]
    assert article.text is not None
    assert "a good idea" not in article.text
    assert any("a good idea" in text for text in comments)


@program
def tables_and_images_or_not(_: News, __: Path) -> None:
    article = extract(STORIES["bridge"], URL)
    assert any("Harbour list" in segment.text for segment in article.segments)
    assert [image.caption for image in article.images] == ["The hall where they met"]


@program
def all_text_of_a_page(_: News, __: Path) -> None:
    text = "\n".join(segment.text for segment in extract(STORIES["bridge"], URL).segments)
    assert "Copyright The Council Paper" in text
    assert "Start" in text


@program
def only_pages_in_a_language_and_with_date_and_title(_: News, __: Path) -> None:
    pages = [*STORIES.values(), "<html><p>Nothing</p></html>"]
    articles = [article for html in pages if (article := extract(html)).title and article.date_published]
    assert len(articles) == 5
    assert [article.title for article in articles if article.language == "de"] == ["Rat stimmt für die Brücke"]


@program
def a_date_with_its_source_and_how_exact_it_is(_: News, __: Path) -> None:
    article = extract(STORIES["school"], URL)
    assert article.date_published is not None
    assert article.date_published.date().isoformat() == "2026-05-06"
    assert article.date_published_precision == "second"
    assert article.date_published_source is not None


@program
def links_of_a_page_by_where_they_lead(_: News, __: Path) -> None:
    links = [link.target_url for link in extract(STORIES["bridge"], URL).links]
    assert "https://law.example/act" in links
    assert [url for url in links if url.startswith("https://council.example/t")] == ["https://council.example/town"]


@program
def many_pages_in_threads(_: News, __: Path) -> None:
    pages = [story(f"Meeting number {n}", "budget") for n in range(6)]
    with ThreadPoolExecutor(3) as pool:
        titles = [article.title for article in pool.map(extract, pages)]
    assert titles == [f"Meeting number {n}" for n in range(6)]


@program
def feeds_and_sitemaps_of_a_site(news: News, _: Path) -> None:
    fetched = {row.url for row in news.collection.captures()}
    assert {f"{news.url}/sitemap.xml", f"{news.url}/feed.xml"} <= fetched


@program
def a_folder_of_files_on_the_command_line(news: News, _: Path) -> None:
    lines = broadsheet("article", "-q", *sorted(news.pages.glob("*.html"))).splitlines()
    assert json.loads(lines[0])["title"] == "Council votes for a bridge"


@program
def a_folder_of_files_to_a_folder_of_texts(news: News, folder: Path) -> None:
    broadsheet("export", news.collection.directory, "--to", "text", "-o", folder / "texts", "--status", "ok", "-q")
    texts = [path.read_text() for path in (folder / "texts").rglob("*.txt")]
    assert sum("the council met about the" in text for text in texts) >= 4
    assert isinstance(news.collection, Collection)


def test_small_programs(news: News, tmp_path: Path) -> None:
    program.run(news, tmp_path)
