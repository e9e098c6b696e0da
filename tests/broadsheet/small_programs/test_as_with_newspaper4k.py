"""What the documentation of newspaper4k shows, done with broadsheet."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from pathlib import Path

import pytest
from news_site import STORIES, News, Programs, broadsheet

from broadsheet import BadInput, BroadsheetError, extract, fetch

program = Programs()
URL = "https://council.example/bridge"


@program
def download_and_parse_an_article(news: News, _: Path) -> None:
    article = fetch(f"{news.url}/bridge", delay=0)
    assert article.title == "Council votes for a bridge"
    assert [author.name for author in article.authors] == ["Bo Ek"]
    assert article.date_published is not None
    assert (article.date_published.year, article.date_published.month) == (2026, 5)


@program
def its_top_image_its_images_and_their_captions(_: News, __: Path) -> None:
    article = extract(STORIES["bridge"], URL)
    assert article.main_image_url == "https://council.example/top.jpg"
    assert [(image.image_url, image.alt_text) for image in article.images] == [
        ("https://council.example/hall.jpg", "A hall")
    ]


@program
def keywords_and_summary_that_the_page_gives(_: News, __: Path) -> None:
    article = extract(STORIES["bridge"], URL)
    assert article.tags == ("new bridge", "vote")
    assert article.description == "What the council said of the new bridge."


@program
def an_article_of_html_that_one_has(_: News, __: Path) -> None:
    assert extract(STORIES["bridge"]).word_count > 100
    assert extract(STORIES["bruecke"].encode("utf-8"), URL).language == "de"


@program
def a_site_is_built_and_its_articles_are_counted(news: News, _: Path) -> None:
    articles = news.collection.articles(page_type="article", status="ok")
    assert len(articles) == 5
    assert {row.title for row in articles} >= {"Harbour gets a light", "Rat stimmt für die Brücke"}


@program
def sections_and_feeds_of_a_site(news: News, _: Path) -> None:
    sections = Counter(row.section for row in news.collection.articles(status="ok", page_type="article"))
    assert sections["Town"] == 5
    feeds = [row.url for row in news.collection.captures() if row.url.endswith("feed.xml")]
    assert feeds == [f"{news.url}/feed.xml"]


@program
def what_cannot_be_had_is_an_exception_with_the_reason(news: News, _: Path) -> None:
    with pytest.raises(BroadsheetError, match="answers with status 404"):
        fetch(f"{news.url}/nowhere", delay=0)
    with pytest.raises(BadInput, match=r"robots\.txt forbids it"):
        fetch(f"{news.url}/drafts/secret", delay=0)


@program
def an_article_goes_through_pickle_and_json(_: News, __: Path) -> None:
    article = extract(STORIES["park"], URL)
    assert pickle.loads(pickle.dumps(article)) == article
    assert json.loads(article.to_json())["title"] == "Park is closed for a week"


@program
def a_second_visit_takes_only_what_is_new(news: News, folder: Path) -> None:
    for _ in range(2):
        fetch(f"{news.url}/bridge", collection=folder / "kept", delay=0)
    broadsheet("verify", folder / "kept", "-q")
    broadsheet("extract", folder / "kept", "-q", "--workers", "1", "--no-profiles")
    rows = json.loads(broadsheet("query", folder / "kept", "SELECT count(DISTINCT text) AS n FROM articles", "--json"))
    assert rows == [{"n": 1}]


@program
def a_redirect_is_followed_to_the_article(news: News, _: Path) -> None:
    assert fetch(f"{news.url}/moved", delay=0).url == f"{news.url}/bridge"


@program
def the_command_line_prints_json(news: News, _: Path) -> None:
    told = json.loads(broadsheet("article", news.pages / "school.html", "--to", "json"))
    assert told["title"] == "School opens in May"


def test_small_programs(news: News, tmp_path: Path) -> None:
    program.run(news, tmp_path)
