"""An article out of HTML that a program has: `broadsheet.extract`.

It is the extraction of the dataset (`broadsheet.pipelines.extract.article`): the same page gives the same values as in a row.
Nothing but the parser and the models is loaded: no Arrow, no Scrapy.  Any number of threads may call it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from broadsheet.archive.errors import BadInput
from broadsheet.archive.http_answer import is_html, media_type
from broadsheet.archive.sniff import HEAD_SIZE
from broadsheet.article import Article
from broadsheet.pipelines.extract.article import ArticleExtractor, extractor_of
from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.pipelines.extract.options import USUAL, ExtractionOptions

MAX_PAGE = 64 * 1024 * 1024  # bytes of a page; the rest is not looked at
_UTF_8 = ("Content-Type", "text/html; charset=utf-8")


def extract(
    html: str | bytes,
    url: str | None = None,
    *,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    fetch_time: datetime | None = None,
    collection: str | Path | None = None,
    markdown_images: bool = False,
) -> Article:
    """The article in the page *html*.

    Bytes are decoded as a browser would: by their byte order mark, the Content-Type among *headers*, or a meta element.  Links
    and images are made absolute with *url*, the page's address; without it, those that are not absolute are left as they are
    or left out.  *headers* are those of the HTTP response: some say what may be done with the page (X-Robots-Tag,
    TDM-Reservation).  *fetch_time*, by default now, is when the page was as it is: no date of it can be later.
    *collection* is a folder that `broadsheet crawl` or `extract` made: what was learnt there of the page's site is used.
    *markdown_images* puts the article's images with their captions into ``text_markdown``.

    A page without an article, or one that cannot be read, is an Article whose ``extraction_status`` says so.

    Raises:
        BadInput: *html* is no text and no bytes, or is something else than HTML, e.g. a PDF; *fetch_time* has no zone; another
            argument is of no type that it takes.
        CorruptArchive: what *collection* has learnt cannot be read.
    """
    if not isinstance(html, str | bytes | bytearray | memoryview):
        raise BadInput("html", f"is {type(html).__name__}, not str or bytes", "Give the page's text, or its bytes.")
    if not isinstance(url, str | None):
        raise BadInput("url", f"is {type(url).__name__}, not str", "Give the page's address as text, or none.")
    if not isinstance(headers, Mapping | Iterable):
        raise BadInput("headers", f"are {type(headers).__name__}", "Give a mapping, or pairs of names and values.")
    if not isinstance(fetch_time, datetime | None):
        raise BadInput(
            "fetch_time", f"is {type(fetch_time).__name__}, not datetime", "Give one, e.g. datetime.now(UTC)."
        )
    sent = tuple(headers.items() if isinstance(headers, Mapping) else headers)
    if isinstance(html, str):
        body = html.encode("utf-8", "replace")
        sent = (_UTF_8, *(field for field in sent if field[0].lower() != "content-type"))
    else:
        body = bytes(html)
    found = media_type("text/html", None, lambda: body[:HEAD_SIZE])
    if not is_html(found):
        raise BadInput(url or "html", f"is {found}, not HTML", "Give a page.")
    moment = datetime.now(UTC) if fetch_time is None else fetch_time
    if moment.tzinfo is None:
        raise BadInput(f"fetch_time {moment}", "has no time zone", "Give one, e.g. datetime.now(UTC).")
    options = ExtractionOptions(markdown_images=markdown_images)
    extractor = _extractor(None if collection is None else str(collection), options)
    return article_of_record(PageRecord(url or "", moment, sent, body[:MAX_PAGE]), extractor)


def article_of_record(record: PageRecord, extractor: ArticleExtractor | None = None) -> Article:
    """The article in *record*, by *extractor*; by one that knows no site where there is none."""
    extractor = extractor or _extractor(None, USUAL)
    return Article.of(
        extractor.extract(record),
        url=record.url or None,
        fetch_time=None if record.fetch_time is None else record.fetch_time.astimezone(UTC),
        extractor=extractor.name,
        extraction_id=extractor.extraction_id,
    )


def _extractor(directory: str | None, options: ExtractionOptions) -> ArticleExtractor:
    return _plain_extractor(options) if directory is None else extractor_of(directory, options)


@lru_cache(maxsize=4)
def _plain_extractor(options: ExtractionOptions) -> ArticleExtractor:
    return ArticleExtractor(options=options)
