"""A fetcher may make several exchanges of one visit, as one that loads pages in a browser does: all of them are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from crawled_site import Answer, page, serving

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange
from broadsheet.archive.warc.reader import read_record_at
from broadsheet.archive.warc.salvage import salvage
from broadsheet.archive.warc.source import WarcSource
from broadsheet.crawler.client.capture_fetcher import CaptureFetcher
from broadsheet.crawler.fetcher import Fetched, Later, Refused
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.run import crawl
from broadsheet.crawler.state.sqlite import SqliteStore
from tests.crawler.noting import Noting

SCRIPT = b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: 5\r\n\r\nx = 1"


def _script(url: str) -> Exchange:
    request = b"GET /drawn.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    return Exchange(
        urljoin(url, "/drawn.js"), datetime.now(UTC), 0.1, request, b"", SCRIPT, SCRIPT.index(b"x ="), status=200
    )


def test_what_else_a_visit_took_is_archived_as_a_part_of_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = CaptureFetcher.fetch

    async def fetch_in_a_browser(fetcher: CaptureFetcher, visit: Visit) -> Fetched | Refused | Later:
        fetched = await fetch(fetcher, visit)
        if isinstance(fetched, Fetched) and urlsplit(visit.url).path == "/":  # not what is sought on every site
            return replace(fetched, others=(_script(visit.url),))
        return fetched

    monkeypatch.setattr(CaptureFetcher, "fetch", fetch_in_a_browser)
    with serving({"/": Answer(page(title="Story"))}) as served:
        options = CrawlOptions(
            tmp_path / "c", (served.url,), delay=0, extract=False, ignore_robots=True, requisites=False, retries=0
        )
        summary = crawl(options, Noting())
    assert summary.progress.pages == 1
    collection = Collection.open(tmp_path / "c")
    [path] = collection.archive.glob("*.warc.gz")
    drawn = next(one for one in salvage(path, 0).groups if one.captures.main.url == urljoin(served.url, "/drawn.js"))
    assert (drawn.provenance.via, drawn.provenance.hops) == (f"{served.url}/", "E")
    main = drawn.captures.main
    assert read_record_at(WarcSource.of(path), main.offset, main.length).block == SCRIPT
    with Catalogue.open(collection.journal, read_only=True) as catalogue:
        assert SqliteStore(catalogue).why(urljoin(served.url, "/drawn.js")) is None, "nobody asks for it again"
        assert urljoin(served.url, "/drawn.js") in set(catalogue.urls("drawn"))
