"""How a crawl ends, in words: what a person reads when not one page came of the seeds."""

from __future__ import annotations

import pytest

from broadsheet.archive.errors import EXIT_FAILED
from broadsheet.crawler.client.capture_fetcher import GIVEN_UP
from broadsheet.crawler.ending import describe_end
from broadsheet.crawler.progress import CrawlEnd, CrawlProgress
from broadsheet.crawler.state.changes import Completion, Discovery
from broadsheet.crawler.state.memory import MemoryStore
from broadsheet.crawler.state.url import FoundUrl, State


def ended(url: str, error: str | None) -> MemoryStore:
    """The state of a crawl whose one seed *url* ended with *error*."""
    store = MemoryStore()
    seed = FoundUrl(b"seed", url, "a.test", 1000, "")
    store.apply(Discovery((seed,)), None)
    state = State.DONE if error is None else State.FAILED
    store.apply(Completion(seed.fingerprint, seed.host, state, 1, seed.priority, error), None)
    return store


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("connect", "http://a.test: nobody answers at that address. Check the URL and the port, or try again later."),
        (GIVEN_UP, "http://a.test: nothing has ever answered there. Check the URL and the port, or try again later."),
        ("robots", "http://a.test/page: its robots.txt forbids it to crawlers. "
                   "If you have the owner's leave, use --ignore-robots."),
        ("new-kind", "http://a.test: it failed (new-kind). Check the URL in a browser."),
        (None, "http://a.test/page: gave no HTML page. "
               "It is archived; to crawl a site, name a page, a feed or a sitemap of it."),
    ],
)  # fmt: skip
def test_a_crawl_without_a_page_says_why_and_what_to_do(error: str | None, message: str) -> None:
    ending = describe_end(CrawlEnd.FINISHED, ended("http://a.test/page", error), CrawlProgress())
    assert (ending.exit_code, ending.end, ending.message) == (EXIT_FAILED, CrawlEnd.FAILED, message)
