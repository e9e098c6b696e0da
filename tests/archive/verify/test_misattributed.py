"""Answers under the URL of another page: told only where several records together show it."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_warcs import answered, write_warc

from broadsheet.archive.verify.misattributed import ANSWER_TWICE, PAGE_NAME, Misattributions
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.source import WarcSource

SITE = "http://a.example"


def canonical(url: str) -> str:
    return f'<html><head><meta charset="utf-8"><link href="{url}" rel="canonical"></head><p>text</p></html>'


def told(folder: Path, *pages: tuple[str, str], more: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The rules that are broken and the records' URLs; *more* are header lines of each answer."""
    lines = [*more, *[""] * len(pages)]
    made = [answered(SITE + url, body, more=line) for (url, body), line in zip(pages, lines, strict=False)]
    records = list(read_records(WarcSource.of(write_warc(folder, "x", made))))
    compared = Misattributions("x")
    findings = [one for record in records for one in compared.see(record)] + list(compared.finish())
    urls = {record.offset: (record.url or "").removeprefix(SITE) for record in records}
    return [(one.rule, urls[one.offset or 0]) for one in findings]


def test_answers_that_were_swapped_are_each_told(tmp_path: Path) -> None:
    swapped = [("/a", canonical(f"{SITE}/b")), ("/b", canonical("/a"))]
    assert told(tmp_path, *swapped) == [(PAGE_NAME.id, "/a"), (PAGE_NAME.id, "/b")]


@pytest.mark.parametrize(
    "pages",
    [
        [("/print/a", canonical("/a")), ("/a", canonical("/a"))],  # a print view names the page that it prints
        [("/print/a", canonical("/a"))],
        [("/a", canonical("/b")), ("/b", canonical("/c"))],  # /c is not here
        [("/a", canonical("/b")), ("/b", "<p>says nothing</p>")],
        [("/a", canonical("https://www.a.example/a/index.html"))],
        [("/a", canonical("http://[")), ("/b", canonical("/a"))],
    ],
)
def test_what_one_record_says_alone_proves_nothing(tmp_path: Path, pages: list[tuple[str, str]]) -> None:
    assert told(tmp_path, *pages) == []


def test_og_url_names_a_page_too(tmp_path: Path) -> None:
    def page(url: str) -> str:
        return f"<meta property='og:url' content='{SITE}{url}'><p>text</p>"

    assert told(tmp_path, ("/a", page("/b")), ("/b", page("/a"))) == [(PAGE_NAME.id, "/a"), (PAGE_NAME.id, "/b")]


def test_one_request_of_a_delivery_network_has_one_answer(tmp_path: Path) -> None:
    pages = [("/a", "<p>a</p>"), ("/b", "<p>b</p>"), ("/a", "<p>a</p>")]
    once, other = "CF-RAY: 7\r\n", "CF-RAY: 8\r\n"
    assert told(tmp_path / "1", *pages, more=(once, once, once)) == [(ANSWER_TWICE.id, "/b")]
    assert told(tmp_path / "2", *pages, more=(once, other, once)) == []
