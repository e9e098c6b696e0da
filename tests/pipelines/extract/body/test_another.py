"""Where an article ends because its readers' comments begin, whatever the judge of blocks says of these."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.body.another import end_of_article
from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.keywords import keywords_of
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.page.words import words_of
from broadsheet.pipelines.extract.roles.head_words import HeadWords

TEXT = "Every quarter we open a thread, so that readers may ask what no article answers. " * 2
TURNS = "".join(
    f"<li class=comment><div class=author>{name} on 12 September 2018 said:</div><div><p>{'How long will it last? ' * 9}</p></div></li>"
    for name in ("Milan", "Catherine", "Alex", "Gary")
)


def left(html: str) -> list[str]:
    """The beginnings of the texts before the end, where a judge takes every block for body."""
    root = parse_html(f"<html><body><article><h1>Open thread</h1>{html}</article></body></html>")
    assert root is not None
    blocks = lay_out(root).blocks
    words, keywords = [words_of(block.text) for block in blocks], [keywords_of(block.text) for block in blocks]
    head = HeadWords.of(Metadata(title="Open thread"))
    end = end_of_article(blocks, range(1, len(blocks)), head, words, keywords)
    return [block.text[:9] for block in blocks[1:end]]


@pytest.mark.parametrize("heading", ["<h3>Comments</h3>", "<h2>4 comments</h2>", "<h3>Kommentare 4</h3>"])
@pytest.mark.parametrize("names", ["class='comments-area post'", "id=comments", "class=post-comments"])
def test_comments_that_are_longer_than_the_article_are_told_by_their_heading_and_name(heading: str, names: str) -> None:
    assert left(f"<p>{TEXT}</p><div {names}>{heading}<ol>{TURNS}</ol></div>") == ["Every qua"]


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{TEXT}</p><section><h3>Comments</h3><ol>{TURNS}</ol></section>".replace("class=comment", ""),
        f"<p>An intro.</p><div id=comments><h3>Comments</h3><ol>{TURNS}</ol></div>",
        f"<p>{TEXT}</p><div id=comments><h3>What readers made of it</h3><ol>{TURNS}</ol></div>",
    ],
)
def test_without_a_name_a_heading_or_an_article_the_longer_part_may_be_the_article(page: str) -> None:
    assert len(left(page)) > 8
