"""One document has one base: for the crawl, for the rows, and for the page as it is shown again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.crawler.discovery.links import page_links
from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.serve.archived.rewriting import rewritten_html

URL = "https://www.a.example/news/2024/ferry.html"
WORDS = "The ferry company that links both shores of the bay said on Monday that it would retire its oldest boat. " * 4
HEAD = '<meta name="tdm-policy" content="policy.json"><link rel="canonical" href="f.html">'


def page(*, head: str = "", before: str = "", after: str = "") -> str:
    return (
        f"<html><head><title>Ferry</title>{head}{HEAD}</head><body>{before}<article><h1>Ferry</h1>"
        f'<p class="byline">By <a rel="author" href="people/jane">Jane Doe</a></p><p>{WORDS}<a href="more.html">More</a></p>'
        f'<figure><img src="boat.jpg" width="800" height="600"><figcaption>The boat.</figcaption></figure></article>{after}'
        "</body></html>"
    )


@pytest.mark.parametrize(
    ("html", "base"),
    [
        (page(), "https://www.a.example/news/2024/"),
        (page(head='<base href="../archive/">'), "https://www.a.example/news/archive/"),
        (page(head='<base href="/one/"><base href="/two/">'), "https://www.a.example/one/"),
        (page(head='<base target="_top"><base href="/two/">'), "https://www.a.example/two/"),
        (page(head='<base target="_top">'), "https://www.a.example/news/2024/"),
        (page(before='<div><base href="/body/"></div>'), "https://www.a.example/body/"),
        (page(after='<base href="/late/">'), "https://www.a.example/late/"),
        (page(head='<base href=" \n //cdn.example/x/ ">'), "https://cdn.example/x/"),
        (page(head='<BASE HREF="HTTPS://B.example:443/y/./z">'), "https://b.example/y/"),
        (page(head='<base href="data:text/html,x">'), "https://www.a.example/news/2024/"),
        (page(head='<base href="javascript:void(0)"><base href="/two/">'), "https://www.a.example/news/2024/"),
        (page(head='<base href="">'), "https://www.a.example/news/2024/"),
        (page(head='<base href="\\\\b.example\\z\\">'), "https://b.example/z/"),
    ],
)  # fmt: skip
def test_all_who_read_a_page_see_one_base(html: str, base: str) -> None:
    links = {link.url for link in page_links(html.encode(), URL).outlinks}
    assert {f"{base}more.html", f"{base}people/jane"} <= links
    got = ArticleExtractor().extract(PageRecord(URL, datetime(2026, 1, 1, tzinfo=UTC), (), html.encode()))
    article = got.article
    assert article.tdm_policy_url == f"{base}policy.json"
    assert article.url_canonical == f"{base}f.html"
    assert [(one.name, one.url) for one in article.authors] == [("Jane Doe", f"{base}people/jane")]
    assert [one.image_url for one in got.images] == [f"{base}boat.jpg"]
    assert {one.target_url for one in got.links} == {f"{base}more.html", f"{base}people/jane"}
    assert f"[More]({base}more.html)" in (article.text_markdown or "")
    assert f'"/c/20260101000000/{base}boat.jpg"' in rewritten_html(html.encode(), "/c/20260101000000/", URL).decode()
