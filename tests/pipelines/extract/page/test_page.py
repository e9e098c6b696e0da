"""Opening a page: the body begins where it begins in a browser, whatever is left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.pipelines.extract.page.page import open_page, parse_html

TEXT = "The harbour froze on Monday for the first time in forty years, and the ferries stayed at their piers."


def blocks(html: str) -> list[str]:
    page = open_page(PageRecord("http://a.example/", datetime(2026, 11, 1, tzinfo=UTC), (), html.encode()))
    assert page is not None
    return [block.text for block in page.blocks]


@pytest.mark.parametrize(
    "html",
    [
        "<html><head><title>t</title></head><body><header>a</header><article><p>b</p></article></body></html>",
        "<!doctype html><title>t</title><header>a</header><article><p>b</p></article>",
        "<!doctype html><meta charset=utf-8><title>t</title><link rel=x><header>a</header><main><p>b</p></main>",
        "<title>t</title><header>a</header><p>b</p>",
        "<html><head><title>t</title><article>a</article><p>b",
        "<html><head><title>t</title><x-app>a</x-app></head><body><p>b</body></html>",
        "<html><head><title>t</title><x-app>a</x-app><script>s</script></head><body><p>b</p></body></html>",
    ],
)
def test_the_body_begins_at_the_first_element_that_belongs_in_no_head(html: str) -> None:
    assert blocks(html) == ["a", "b"]


def test_a_head_stays_as_it_is() -> None:
    html = "<html><head><title>t</title><meta name=a><noscript><link></noscript></head><body>b</body></html>"
    root = parse_html(html)
    assert root is not None
    assert [child.tag for child in root] == ["head", "body"]
    assert [child.tag for child in root[0]] == ["title", "meta", "noscript"]


def test_an_article_without_a_body_element_is_read() -> None:
    html = f"<!doctype html><html lang=en><title>Ice</title><article><h1>Ice</h1>{f'<p>{TEXT}</p>' * 6}</article>"
    record = PageRecord("http://a.example/", datetime(2026, 11, 1, tzinfo=UTC), (), html.encode())
    article = ArticleExtractor().extract(record).article
    assert (article.status, article.title) == ("ok", "Ice")
    assert (article.text or "").count(TEXT) == 6


@pytest.mark.parametrize("end", ["</html>", "</body></html>", "</body>\n</HTML >\n<!-- cached -->"])
def test_what_comes_after_the_end_of_the_document_belongs_to_it(end: str) -> None:
    root = parse_html(f"<html><body><header>Site </header>{end}<div>The <p>whole</p> article</div></body></html>")
    assert root is not None
    assert "".join(map(str, root.itertext())).split() == ["Site", "The", "whole", "article"]
