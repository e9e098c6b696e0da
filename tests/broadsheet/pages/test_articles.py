"""``broadsheet article``: pages named one by one, printed as text, Markdown, JSON, or a row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broadsheet import extract
from broadsheet.cli import cli

BODY = "<p>The ferry left the quay at nine with two hundred people on board and came back at noon.</p>" * 4
HTML = f'<html lang=en><title>Ferry</title><body><h1>The ferry sails</h1>{BODY}<h2>Next</h2>{BODY}<a href="/x">more</a>'
URL = "https://news.example.org/ferry"


def article(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["article", *arguments], input=given, standalone_mode=False)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.html"
    path.write_text(HTML)
    return path


def test_standard_input_and_a_file_give_the_text(page: Path) -> None:
    piped, named = article(given=HTML), article(str(page))
    assert piped.output == named.output == article("-", given=HTML).output
    assert piped.output.startswith("The ferry sails\n\nThe ferry left the quay")
    assert piped.return_value == 0


def test_markdown_has_the_headings(page: Path) -> None:
    output = article(str(page), "--to", "markdown").output
    assert output.startswith("# The ferry sails\n\n")
    assert "\n## Next\n" in output


def test_json_and_row_say_what_extract_says(page: Path) -> None:
    told = json.loads(article(str(page), "--to", "json", "--url", URL).output)
    expected = json.loads(extract(HTML, URL).to_json())
    assert {**told, "fetch_time": None} == {**expected, "fetch_time": None}
    row = json.loads(article(str(page), "--to", "row", "--url", URL).output)
    assert row == {name: value for name, value in told.items() if name not in ("segments", "links", "images")}


def test_several_pages_are_json_lines_and_one_that_fails_costs_itself(page: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("<p></p>")
    done = article(str(page), str(tmp_path / "none.html"), str(tmp_path / "empty.html"))
    assert [json.loads(line)["extraction_status"] for line in done.stdout.splitlines()] == ["ok", "empty"]
    assert "none.html: is no file" in done.stderr
    assert "3 pages, 2 without an article" in done.stderr
    assert done.return_value == 1


def test_a_page_without_an_article_is_said(tmp_path: Path) -> None:
    done = article("-", given="<p></p>")
    assert (done.return_value, done.stdout) == (1, "")
    assert "no article (empty" in done.stderr


def test_wrong_use_is_refused(page: Path, tmp_path: Path) -> None:
    assert "one page" in str(article(str(page), str(page), "--url", URL).exception)
    assert "broadsheet import" in str(article(str(tmp_path)).exception)
    assert "has its own" in str(article("https://a.example/", "--url", URL).exception)
