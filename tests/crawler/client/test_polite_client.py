"""Every request of a crawl in its host's turn: what a host asks for (Retry-After, Crawl-delay) reaches the gate."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange
from broadsheet.crawler.client.client import CaptureClient
from broadsheet.crawler.client.polite_client import PoliteClient, retry_after
from broadsheet.crawler.client.request import CaptureRequest
from broadsheet.crawler.cookies.session import CookieSession
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.headers import RequestHeaders
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.politeness.gate import PolitenessGate
from broadsheet.crawler.robots import RobotsCache
from broadsheet.crawler.state.memory import MemoryStore
from broadsheet.pipelines.capture.log import CaptureLog

HOST = "a.example"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def exchange(url: str, status: int, body: bytes = b"", *fields: str) -> Exchange:
    head = "\r\n".join([f"HTTP/1.1 {status} X", *fields, f"Content-Length: {len(body)}", "", ""]).encode()
    return Exchange(
        url, NOW, 0.1, b"GET / HTTP/1.1\r\n\r\n", response=head + body, head_length=len(head), status=status
    )


class Sockets:
    """Answers every request with one answer."""

    def __init__(self, status: int, body: bytes = b"", *fields: str) -> None:
        self.answer = (status, body, *fields)

    async def fetch(self, request: CaptureRequest, on_send: Callable[[], object]) -> Exchange:
        on_send()
        status, body, *fields = self.answer
        return exchange(request.url, cast("int", status), cast("bytes", body), *cast("list[str]", fields))


class Nothing:
    """Takes whatever is to be durable, and queues no sitemap."""

    backlog = 0

    def submit(self, _: object) -> None:
        pass

    def add_sitemaps(self, origin: str, urls: Iterable[str]) -> None:
        pass


def polite(sockets: Sockets, gate: PolitenessGate) -> PoliteClient:
    cookies = CookieSession((), submit=Nothing().submit)
    headers = RequestHeaders(CrawlOptions(directory=Path(), user_agent="test"))
    return PoliteClient(cast("CaptureClient", sockets), gate=gate, headers=headers, cookies=cookies, writer=Nothing())


def make_gate() -> PolitenessGate:
    return PolitenessGate(delay=0.0, connections=4, on_rest=lambda *_: None)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("said", "least", "most"), [("40", 39.0, 40.0), ("900", 899.0, 900.0), (None, 1.0, 2.6)])
def test_a_refusal_waits_as_long_as_it_says(status: int, said: str | None, least: float, most: float) -> None:
    async def wait() -> float:
        gate = make_gate()
        fields = [] if said is None else [f"Retry-After: {said}"]
        await polite(Sockets(status, b"", *fields), gate).ask(f"http://{HOST}/")
        now = asyncio.get_running_loop().time()
        return gate.ready_at(HOST, now) - now

    assert least < asyncio.run(wait()) <= most


def test_only_a_refusal_says_when_to_come_back() -> None:
    assert retry_after(exchange("http://a.example/", 429, b"", "Retry-After: 7"), NOW) == 7
    date = "Retry-After: Fri, 02 Jan 2026 03:05:05 GMT"
    assert retry_after(exchange("http://a.example/", 503, b"", date), NOW) == 60
    assert retry_after(exchange("http://a.example/", 200, b"", "Retry-After: 7"), NOW) is None
    assert retry_after(Exchange("http://a.example/", NOW, 0.1), NOW) is None


def test_a_crawl_delay_reaches_the_host_s_pace(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")

    async def wait() -> float:
        gate = make_gate()
        client = polite(Sockets(200, b"User-agent: *\nCrawl-delay: 70\nDisallow: /no\n"), gate)
        log: Any = Nothing()
        cache = RobotsCache(
            collection, MemoryStore(), client=client, log=cast("CaptureLog", log), gate=gate, sitemaps=Nothing()
        )
        await cache.rules(Visit(b"1", f"http://{HOST}/", HOST, 0, "", None, 1))
        now = asyncio.get_running_loop().time()
        assert gate.ready_at(HOST, now) <= now  # the next request may go at once ...
        await client.ask(f"http://{HOST}/")
        return gate.ready_at(HOST, now) - now  # ... and the one after it has to wait

    assert 69.0 < asyncio.run(wait()) < 71.0
