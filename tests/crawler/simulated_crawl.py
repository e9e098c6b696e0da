"""A crawl of a made site without a network: the frontier, its bounds and the reading of links, nothing else.

What is asked for, and in which order, is what a crawl with one request at a time would ask; a site of a thousand pages takes
a second or two.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from broadsheet.archive.exchange import Exchange
from broadsheet.crawler.bounds.sameness import PageFacts, page_facts
from broadsheet.crawler.discovery.urls import host_of
from broadsheet.crawler.frontier.frontier import Frontier, FrontierOptions
from broadsheet.crawler.reading import LinkReader
from broadsheet.crawler.state.memory import MemoryStore
from broadsheet.pipelines.capture.submission import Submission

HOST = "site.example"
HTML = "text/html; charset=utf-8"


def asked_of(
    answer: Callable[[str], str | None], *, most: int = 2_000, options: FrontierOptions | None = None
) -> list[str]:
    """The targets (path and query) that a crawl of the site asks for, at most *most*.

    *answer* gives the page at a target; None: there is none (404).
    """
    store = MemoryStore()
    submitted: list[Submission] = []
    reader = LinkReader(in_scope=lambda url: host_of(url) == HOST, requisites=False)
    frontier = Frontier(
        store,
        options or FrontierOptions(requisites=False),
        submit=submitted.append,
        accepts=lambda url: host_of(url) == HOST,
        ready_at=lambda _host, _now: 0.0,
    )
    facts: dict[str, PageFacts] = {}
    asked: list[str] = []
    frontier.seed([f"http://{HOST}/"])
    while len(asked) < most and (visit := frontier.lease(0.0)) is not None:
        target = visit.url.partition(HOST)[2]
        asked.append(target)
        exchange = _exchange(visit.url, answer(target))
        assert exchange.answer is not None
        reading = reader.links_of(exchange.answer, visit)
        same = None
        if reading.is_page:
            facts[visit.url] = page_facts(visit.url, exchange.answer.payload, HTML)
            test = frontier.test_of(visit)
            if test is not None and test.primary.url in facts:
                same = frontier.is_same(test, facts[visit.url], facts[test.primary.url])
        frontier.complete(visit, exchange, reading.links, same=same)
        frontier.leave(visit)
        with store.transaction():
            for submission in submitted:
                if submission.change is not None:
                    store.apply(submission.change, None)
        frontier.committed(submitted)
        submitted.clear()
    return asked


def _exchange(url: str, page: str | None) -> Exchange:
    body = ("<h1>Not found</h1>" if page is None else page).encode()
    status = 404 if page is None else 200
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {HTML}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return Exchange(url, datetime.now(UTC), 0.1, response=head + body, head_length=len(head), status=status)
