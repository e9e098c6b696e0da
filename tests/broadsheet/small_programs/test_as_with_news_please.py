"""What the documentation of news-please shows, done with broadsheet."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

from news_site import STORIES, News, Programs, broadsheet

from broadsheet import BroadsheetError, Collection, extract, extract_warcs, fetch

program = Programs()
URL = "https://council.example/bridge"


@program
def an_article_of_a_url(news: News, _: Path) -> None:
    article = fetch(f"{news.url}/harbour", delay=0)
    assert (article.title, article.sitename) == ("Harbour gets a light", "The Council Paper")


@program
def articles_of_urls_with_one_that_fails(news: News, _: Path) -> None:
    found, failed = {}, {}
    for name in ("school", "nowhere", "park"):
        try:
            found[name] = fetch(f"{news.url}/{name}", delay=0)
        except BroadsheetError as error:
            failed[name] = str(error)
    assert (list(found), list(failed)) == (["school", "park"], ["nowhere"])


@program
def an_article_of_html_with_when_it_was_downloaded(_: News, __: Path) -> None:
    moment = datetime(2026, 5, 9, tzinfo=UTC)
    article = extract(STORIES["bridge"], URL, fetch_time=moment)
    assert article.fetch_time == moment


@program
def the_attributes_of_an_article(_: News, __: Path) -> None:
    article = extract(STORIES["bruecke"], URL)
    assert (article.language, article.language_declared) == ("de", "de")
    assert article.main_image_url == "https://council.example/top.jpg"
    assert article.text is not None
    assert article.text.count("Im Teil") == 8


@program
def articles_of_a_file_with_urls(news: News, folder: Path) -> None:
    (folder / "urls.txt").write_text("\n".join(f"{news.url}/{name}" for name in ("park", "school")))
    urls = (folder / "urls.txt").read_text().split()
    assert len([fetch(url, delay=0) for url in urls]) == 2


@program
def articles_of_a_warc(news: News, folder: Path) -> None:
    extract_warcs(news.warcs, folder / "c", workers=1, profiles=False)
    assert len(Collection.open(folder / "c").articles(status="ok", page_type="article")) == 5


@program
def an_archive_is_filtered_by_host_date_and_language(news: News, folder: Path) -> None:
    arguments = ["--host", "127.0.0.1", "--language", "de", "--since", "2020-01-01", "--workers", "1", "-q"]
    broadsheet("extract", *news.warcs, "-o", folder / "c", *arguments)
    assert [row.title for row in Collection.open(folder / "c").articles()] == ["Rat stimmt für die Brücke"]


@program
def each_article_is_a_json_file(news: News, folder: Path) -> None:
    for path in news.pages.glob("*.html"):
        (folder / path.with_suffix(".json").name).write_text(extract(path.read_bytes(), URL).to_json())
    assert len({json.loads(path.read_text())["text_sha256"] for path in folder.glob("*.json")}) == 5


@program
def saved_pages_are_imported_with_their_addresses(news: News, folder: Path) -> None:
    with (folder / "list.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "url", "date"])
        rows.writerows([f"{name}.html", f"https://council.example/{name}", "2026-05-10"] for name in STORIES)
    arguments = ["--list", folder / "list.csv", "-o", folder / "c", "-q", "--workers", "1"]
    broadsheet("import", news.pages, *arguments)
    rows_made = {row.url: row.title for row in Collection.open(folder / "c").articles()}
    assert rows_made["https://council.example/park"] == "Park is closed for a week"


@program
def a_table_for_a_database(news: News, folder: Path) -> None:
    columns = "url,title,date_published,authors,text"
    broadsheet(
        *("export", news.collection.directory, "--to", "csv", "-o", folder / "articles.csv"),
        *("--columns", columns, "--page-type", "article", "-q"),
    )
    with (folder / "articles.csv").open(newline="", encoding="utf-8") as file:
        assert {json.loads(row["authors"])[0]["name"] for row in csv.DictReader(file)} == {
            "Bo Ek",
            "Ann Lee",
            "Ute Ahl",
        }


@program
def where_the_html_of_an_article_lies(news: News, _: Path) -> None:
    row = next(iter(news.collection.articles(url=f"{news.url}/park")))
    assert row.warc_filename in {path.name for path in news.warcs}
    assert STORIES["park"].encode() in row.record()


def test_small_programs(news: News, tmp_path: Path) -> None:
    program.run(news, tmp_path)
