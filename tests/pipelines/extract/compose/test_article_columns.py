"""The columns of an article's row: when it is empty, what comes from its blocks, what from its metadata."""

from __future__ import annotations

from datetime import UTC, datetime

from broadsheet.pipelines.extract.compose.article_columns import article_row
from broadsheet.pipelines.extract.compose.text import compose, compose_embedded
from broadsheet.pipelines.extract.extraction import ArticleColumns, PageRecord
from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.page.page import open_page
from broadsheet.pipelines.extract.roles.assignment import by_rule
from broadsheet.pipelines.extract.roles.role import Role

BODY = "Nine eels of the harbour were counted twice."


def row(texts: dict[str, Role], metadata: Metadata | None = None, embedded: str | None = None) -> ArticleColumns:
    """The row of a page with these *texts*, each a paragraph with its role."""
    html = "".join(f"<p>{text}</p>" for text in texts)
    page = open_page(PageRecord("https://a.example/x", datetime(2026, 4, 1, tzinfo=UTC), (), html.encode()))
    assert page is not None
    roles = tuple(by_rule(texts[block.text]) for block in page.blocks)
    composed = (
        compose(page.blocks, [one.role for one in roles], page.resolver)
        if embedded is None
        else compose_embedded(embedded)
    )
    return article_row(page, metadata or Metadata(), roles, composed)


def test_a_page_without_body_is_empty_and_has_no_columns_of_a_text() -> None:
    got = row({"Home and harbour": Role.NAV}, Metadata(title="Home"))
    assert (got.status, got.title, got.text, got.text_markdown, got.headings) == ("empty", "Home", None, None, ())
    assert (got.word_count, got.text_ratio, got.text_embedded) == (0, None, False)


def test_a_few_words_are_a_body_where_the_page_shows_little_else() -> None:
    assert row({"Nine eels.": Role.BODY}).status == "ok"
    assert row({"Nine eels.": Role.BODY, "Home and harbour and town": Role.NAV}).status == "empty"
    assert row({BODY: Role.BODY, " ".join(["Home and harbour"] * 20): Role.NAV}).status == "ok"


def test_words_and_ratio_are_those_of_the_text() -> None:
    got = row({BODY: Role.BODY, "H" * len(BODY): Role.NAV})
    assert (got.text, got.word_count, got.text_ratio) == (BODY, 8, 0.5)


def test_standfirst_and_byline_are_the_blocks_each_once_and_cut() -> None:
    got = row(
        {"Why": Role.STANDFIRST, "By Ann Lee": Role.BYLINE, "in Oslo": Role.BYLINE, BODY: Role.BODY},
        Metadata(byline_raw="Ann"),
    )
    assert (got.standfirst, got.byline_raw) == ("Why", "By Ann Lee\nin Oslo")
    assert row({BODY: Role.BODY}, Metadata(byline_raw="Ann")).byline_raw == "Ann"
    long = row({("long " * 1_000).strip(): Role.STANDFIRST, BODY: Role.BODY})
    assert long.standfirst is not None
    assert len(long.standfirst) == 4_000


def test_a_text_that_the_page_does_not_show_is_embedded_and_has_no_ratio() -> None:
    got = row({"Home": Role.NAV}, embedded=BODY)
    assert (got.status, got.text, got.text_embedded, got.text_ratio, got.word_count) == ("ok", BODY, True, None, 8)
