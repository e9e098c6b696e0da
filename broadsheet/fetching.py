"""The article at a URL: `broadsheet.fetch`, and `fetch_async` for programs with an event loop."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.archive.http import decode_content
from broadsheet.archive.http_answer import is_html
from broadsheet.article import Article
from broadsheet.crawler.headers import default_user_agent
from broadsheet.crawler.one_page import FetchedPage, fetch_page
from broadsheet.crawler.options import ALL_PRIVATE, CrawlOptions
from broadsheet.crawler.warcinfo import warc_options
from broadsheet.extracting import MAX_PAGE, article_of_record
from broadsheet.pipelines.capture.keep import keep
from broadsheet.pipelines.extract.article import extractor_of
from broadsheet.pipelines.extract.extraction import PageRecord

_NOWHERE = Path()  # CrawlOptions are a crawl's, which has a folder


def fetch(
    url: str,
    *,
    collection: str | Path | None = None,
    learnt_in: str | Path | None = None,
    timeout: float = 60.0,
    delay: float = 0.5,
    ignore_robots: bool = False,
    allow_private: bool = False,
    user_agent: str | None = None,
    proxy: str | None = None,
) -> Article:
    """The article at *url*, as politely as a crawl asks: robots.txt is obeyed, redirects are followed.

    With *collection*, a folder (made if there is none), all exchanges are kept there in a WARC, byte for byte, whether they
    brought an article or not; `broadsheet extract FOLDER` makes their rows.  *learnt_in* is a collection: what was learnt
    there of the page's site is used.  Times are seconds: *timeout* of one exchange, *delay* between two requests of this
    process to a host.  Private addresses are refused but for one that *url*
    says itself (not a name that leads there), unless *allow_private*.

    Raises:
        BadInput: *url* is none, robots.txt forbids it, or what is there is no HTML.
        RemoteFault: it cannot be had.
        BrokenEnvironment: the disk refuses.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        raise BadInput("fetch", "is called in a running event loop", "Await broadsheet.fetch_async there.")
    options = _options(
        url, timeout=timeout, delay=delay, ignore_robots=ignore_robots, allow_private=allow_private,
        user_agent=user_agent or default_user_agent(), proxy=proxy,
    )  # fmt: skip
    fetched = asyncio.run(fetch_page(url, options))
    return _article(url, fetched, options, collection, learnt_in)


async def fetch_async(
    url: str,
    *,
    collection: str | Path | None = None,
    learnt_in: str | Path | None = None,
    timeout: float = 60.0,
    delay: float = 0.5,
    ignore_robots: bool = False,
    allow_private: bool = False,
    user_agent: str | None = None,
    proxy: str | None = None,
) -> Article:
    """As `fetch`, for a program with an event loop: it waits in the loop, and reads the page in a thread."""
    options = _options(
        url, timeout=timeout, delay=delay, ignore_robots=ignore_robots, allow_private=allow_private,
        user_agent=user_agent or default_user_agent(), proxy=proxy,
    )  # fmt: skip
    fetched = await fetch_page(url, options)
    return await asyncio.to_thread(_article, url, fetched, options, collection, learnt_in)


def _options(url: str, *, allow_private: bool, **values: Any) -> CrawlOptions:
    if not isinstance(url, str):
        raise BadInput("url", f"is {type(url).__name__}, not str", "Write it like https://blog.example.org/story.")
    private = (ALL_PRIVATE,) if allow_private else ()
    return CrawlOptions(_NOWHERE, (url,), description="fetched one by one", allow_private=private, **values)


def _article(
    url: str,
    fetched: FetchedPage,
    options: CrawlOptions,
    directory: str | Path | None,
    learnt_in: str | Path | None,
) -> Article:
    if directory is not None and fetched.exchanges:
        folder = Collection.create(Path(directory))
        keep(folder, fetched.exchanges, warc_options(options, folder.directory.absolute().name))
    if fetched.failure is not None:
        raise fetched.failure
    exchange, answer = fetched.page, fetched.page.answer
    if answer is None or not is_html(answer.media_type):
        what = "" if answer is None else answer.media_type
        raise BadInput(url, f"is {what or 'something'}, not HTML", "Name a page of an article.")
    body = decode_content(answer.payload, answer.head, MAX_PAGE).content
    record = PageRecord(exchange.url, exchange.started, answer.head.headers, body)
    return article_of_record(record, None if learnt_in is None else extractor_of(str(learnt_in)))
