"""The requests of a crawl: each in its host's turn, with the crawl's headers and cookies, none while the disk lags behind."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Protocol

from broadsheet.archive.exchange import ADDRESS_REFUSALS, Exchange
from broadsheet.crawler.client.client import CaptureClient
from broadsheet.crawler.client.request import CaptureRequest
from broadsheet.crawler.cookies.session import CookieSession
from broadsheet.crawler.discovery.urls import host_of
from broadsheet.crawler.headers import Headers, RequestHeaders
from broadsheet.crawler.politeness.gate import PolitenessGate
from broadsheet.crawler.politeness.retry_after import parse_retry_after

BACKLOG_LIMIT = 64 * 1024 * 1024  # bytes that may wait for the disk before fetching waits for it


class Backlog(Protocol):
    """Whatever writes what is fetched."""

    @property
    def backlog(self) -> int:
        """Bytes that it has not written yet."""
        ...


class PoliteClient:
    """Asks for pages, requisites and robots.txt alike.  ``exchanges`` counts, ``current`` is the URL asked for last."""

    def __init__(
        self,
        client: CaptureClient,
        *,
        gate: PolitenessGate,
        headers: RequestHeaders,
        cookies: CookieSession,
        writer: Backlog,
    ) -> None:
        self.exchanges = 0
        self.current: str | None = None
        self._client = client
        self._gate = gate
        self._headers = headers
        self._cookies = cookies
        self._writer = writer

    async def ask(
        self, url: str, *, requisite: bool = False, referrer: str | None = None, conditions: Headers = ()
    ) -> Exchange:
        """Ask for *url* once.

        Raises:
            GateClosed: the crawl ends.
            HostGivenUp: the host has never answered, and was asked often enough.
            HostLeft: nothing more is asked of it in this run.
        """
        while self._writer.backlog > BACKLOG_LIMIT:  # noqa: ASYNC110 - it shrinks in another thread, and hardly ever is
            await asyncio.sleep(0.02)
        self.current = url
        async with self._gate.turn(host_of(url)) as turn:
            cookies = self._cookies.cookies_for(url)
            fields = self._headers.fields(url, requisite=requisite, referrer=referrer, cookies=cookies)
            exchange = await self._client.fetch(CaptureRequest(url, headers=(*fields, *conditions)), turn.sent)
            turn.received(len(exchange.interim) + len(exchange.response))
            if exchange.error not in ADDRESS_REFUSALS:  # else it was not asked
                turn.answered(exchange.status, retry_after(exchange, datetime.now(UTC)))
        self.exchanges += 1
        self._cookies.answered(exchange)
        return exchange

    async def close(self) -> None:
        """Hang up."""
        await self._client.close()


def retry_after(exchange: Exchange, now: datetime) -> float | None:
    """What a refusal says about when to come back, in seconds from *now*."""
    if exchange.status not in (429, 503) or exchange.answer is None:
        return None
    return parse_retry_after(exchange.answer.head.get("Retry-After"), now)
