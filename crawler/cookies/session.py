"""The cookies of a crawl at work: what goes with a request, what an answer changes, whom to ask again for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from broadsheet.archive.exchange import Exchange, Outlink
from broadsheet.archive.http import NotHTTP, parse_request_head
from broadsheet.crawler.cookies.cookie import Cookie, parse_set_cookie
from broadsheet.crawler.cookies.jar import CookieJar
from broadsheet.crawler.cookies.turnstile import Turnstiles
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.state.changes import CookiesSet
from broadsheet.pipelines.capture.submission import Submission


class CookieSession:
    """The cookies of a crawl, which is one session to its servers, also when it is gone on with.

    *stored* are those that earlier runs have kept, *given* those that the user brings along; with *keeps* off, what
    servers set is not kept.  *submit* takes what is to be durable.
    """

    def __init__(
        self,
        stored: Iterable[Cookie],
        *,
        submit: Callable[[Submission], None],
        given: Iterable[Cookie] = (),
        keeps: bool = True,
    ) -> None:
        self._submit = submit
        self._keeps = keeps
        self._jar = CookieJar(stored)
        brought = tuple(given)
        for cookie in brought:
            self._jar.keep(cookie, 0.0)
        if brought:
            submit(Submission(CookiesSet(brought)))
        self._turnstiles = Turnstiles(self.cookies_for)

    def cookies_for(self, url: str) -> str | None:
        """The value of the Cookie header that goes with a request for *url*; None for none."""
        return self._jar.header(url, time.time())

    def answered(self, exchange: Exchange) -> None:
        """Keep what *exchange* sets."""
        values = _set_cookies(exchange) if self._keeps else ()
        if not values:  # nine of ten answers set none
            return
        now = time.time()
        set_now = [cookie for value in values if (cookie := parse_set_cookie(value, exchange.url, now))]
        changed = tuple(cookie for cookie in set_now if self._jar.keep(cookie, now))
        if changed:
            self._submit(Submission(CookiesSet(changed)))

    def again(self, visit: Visit, exchange: Exchange, outlinks: Sequence[Outlink]) -> list[Visit]:
        """The visits that a cookie lets in now, after *visit* ended with *exchange*; see turnstile.py."""
        status = exchange.status
        if not self._keeps or status is None or not 300 <= status < 400:
            return []
        target = next((link.url for link in outlinks if link.hop == "R"), None)
        if target is None:
            return []
        return self._turnstiles.redirected(visit, _sent(exchange), target, sets=bool(_set_cookies(exchange)))


def _set_cookies(exchange: Exchange) -> tuple[str, ...]:
    return () if exchange.answer is None else exchange.answer.head.get_all("Set-Cookie")


def _sent(exchange: Exchange) -> str | None:
    try:
        return parse_request_head(exchange.request).get("Cookie")
    except NotHTTP:
        return None
