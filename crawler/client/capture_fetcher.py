"""The fetcher over sockets: robots.txt, the host's turn, one exchange."""

from __future__ import annotations

from urllib.parse import urlsplit

from broadsheet.archive.exchange import FetchError
from broadsheet.crawler.client.polite_client import PoliteClient
from broadsheet.crawler.earlier import EarlierCaptures
from broadsheet.crawler.fetcher import Fetched, Later, Refused
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.politeness.gate import GateClosed, HostGivenUp, HostLeft
from broadsheet.crawler.robots import RobotsCache, RobotsUnreachable
from broadsheet.crawler.state.url import State

ROBOTS_MISSING = "its robots.txt cannot be had ({}): until it can, nothing may be asked there"
GIVEN_UP = "host given up"  # why a URL failed without having been asked for


class CaptureFetcher:
    """Makes one exchange of a visit with *client*.

    *robots* None: robots.txt is ignored; else it is on the hosts *unruled* alone.  *earlier* makes the requests of an update
    conditional.
    """

    def __init__(
        self,
        client: PoliteClient,
        *,
        robots: RobotsCache | None,
        earlier: EarlierCaptures | None = None,
        unruled: frozenset[str] = frozenset(),
    ) -> None:
        self._unruled = unruled
        self._client = client
        self._robots = robots
        self._earlier = earlier

    async def fetch(self, visit: Visit) -> Fetched | Refused | Later:
        """Make *visit*, as far as its host's robots.txt and its pace allow."""
        try:
            if self._robots is not None and visit.host not in self._unruled:
                rules = await self._robots.rules(visit)
                if isinstance(rules, RobotsUnreachable):
                    return Later(rules.when, ROBOTS_MISSING.format(rules.why))
                if not rules.allowed(visit.url, self._robots.token):
                    return Refused(str(FetchError.BLOCKED))
            return await self._asked(visit)
        except GateClosed:
            return Later(None, "the crawl ends")
        except HostLeft as left:
            return Later(None, str(left))
        except HostGivenUp:
            return Refused(GIVEN_UP, State.FAILED)

    async def close(self) -> None:
        """Give up what is under way, and hang up."""
        if self._robots is not None:
            await self._robots.close()
        await self._client.close()

    async def _asked(self, visit: Visit) -> Fetched:
        earlier = None if self._earlier is None or visit.source else self._earlier.of(visit.fingerprint)
        exchange = await self._client.ask(
            visit.url,
            requisite=visit.requisite,
            referrer=referrer(visit.url, visit.via) if visit.requisite else None,
            conditions=() if earlier is None else earlier.conditions,
        )
        return Fetched(exchange, unmodified=None if earlier is None else earlier.original)


def referrer(url: str, via: str | None) -> str | None:
    """What a browser says in Referer when the page *via* shows *url* (strict-origin-when-cross-origin).

    Servers that keep others from showing their pictures look at it.
    """
    if via is None:
        return None
    here, there = urlsplit(via), urlsplit(url)
    if (here.scheme, here.netloc) == (there.scheme, there.netloc):
        return via
    if here.scheme == "https" and there.scheme == "http":
        return None
    return f"{here.scheme}://{here.netloc}/"
