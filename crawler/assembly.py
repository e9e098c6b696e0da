"""What a running crawl is made of, put together in the order in which its pieces use each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.crawler.allowed_addresses import address_policy
from broadsheet.crawler.boundary import Boundary
from broadsheet.crawler.bounds.window import DateWindow
from broadsheet.crawler.client.capture_fetcher import CaptureFetcher
from broadsheet.crawler.client.client import CaptureClient, ClientOptions
from broadsheet.crawler.client.polite_client import PoliteClient
from broadsheet.crawler.cookies.netscape import read_cookies
from broadsheet.crawler.cookies.session import CookieSession
from broadsheet.crawler.discovery.links import MAX_LINKS
from broadsheet.crawler.discovery.scope import Scope
from broadsheet.crawler.discovery.sitemap import MAX_ENTRIES
from broadsheet.crawler.earlier import EarlierCaptures
from broadsheet.crawler.fetcher import Fetcher
from broadsheet.crawler.frontier.frontier import Frontier, FrontierOptions
from broadsheet.crawler.headers import RequestHeaders
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.politeness.gate import PolitenessGate
from broadsheet.crawler.politeness.host_settings import host_settings
from broadsheet.crawler.politeness.hours import Hours
from broadsheet.crawler.politeness.robots import product_token
from broadsheet.crawler.progress import CrawlObserver
from broadsheet.crawler.reading import LinkReader
from broadsheet.crawler.robots import RobotsCache
from broadsheet.crawler.state.store import Crawl, CrawlStore
from broadsheet.crawler.state.summary import archived
from broadsheet.crawler.tally import Tally
from broadsheet.pipelines.capture.log import CaptureLog


@dataclass(frozen=True, slots=True)
class CrawlAssembly:
    """What a session works with.  ``exchanges_before`` counts those of the crawl's earlier runs."""

    crawl: Crawl
    store: CrawlStore
    boundary: Boundary
    gate: PolitenessGate
    frontier: Frontier
    cookies: CookieSession
    client: PoliteClient
    fetcher: Fetcher
    reader: LinkReader
    tally: Tally
    exchanges_before: int


def assemble(
    collection: Collection,
    options: CrawlOptions,
    *,
    catalogue: Catalogue,
    store: CrawlStore,
    scope: Scope,
    log: CaptureLog,
    observer: CrawlObserver,
    excluded: Iterable[str] = (),
) -> CrawlAssembly:
    """What a crawl is made of, over *collection*, whose state *store* is recovered and whose lock is held.

    *log* takes what is to be durable; *excluded* are patterns of *scope* that came while the crawl ran.
    """

    def on_rest(host: str, seconds: float) -> None:
        observer.note(f"{host} gets a rest of {seconds:.0f} s.")

    crawl = store.latest_crawl()
    boundary = Boundary(scope, store.left_out(), excluded)
    hosts = host_settings(options.host_settings)
    gate = PolitenessGate(
        delay=options.delay,
        connections=options.total_concurrency,
        on_rest=on_rest,
        concurrency=options.concurrency if hosts else 0,  # else the frontier sees to it
        adaptive=True,
        hours=Hours.parse(options.hours) if options.hours else None,
        bandwidth=options.max_bandwidth,
        hosts=hosts,
        answered_before=lambda host: boundary.in_scope(f"http://{host}/") and store.has_answered(host),
    )
    most = max([options.concurrency, *(one.concurrency or 0 for one in hosts.values())])
    frontier = Frontier(
        store,
        FrontierOptions(
            most,
            options.retries,
            options.max_depth,
            options.requisites,
            updates=crawl.is_update,
            patience=options.patience,
            variants=options.variants,
            window=DateWindow.of(options.since, options.until),
        ),
        submit=log.submit,
        accepts=boundary.accepts,
        accepts_requisite=boundary.accepts_requisite,
        accepts_listing=boundary.accepts_requisite,
        left_out=boundary.left_out.add,
        ready_at=gate.ready_at,
    )
    headers = RequestHeaders(options)
    given = () if options.load_cookies is None else read_cookies(Path(options.load_cookies))
    cookies = CookieSession(store.cookies(), submit=log.submit, given=(*given, *headers.cookies), keeps=options.cookies)
    sockets = CaptureClient(
        ClientOptions(timeout=options.timeout, max_size=options.max_size, proxy=options.proxy),
        address_policy(options),
    )
    client = PoliteClient(sockets, gate=gate, headers=headers, cookies=cookies, writer=log)
    sitemaps = _Sitemaps(frontier, boundary)
    robots = RobotsCache(
        collection, store, client=client, log=log, gate=gate, sitemaps=sitemaps, token=product_token(options.user_agent)
    )
    earlier = EarlierCaptures(collection, catalogue, store) if crawl.is_update else None
    before = archived(store, catalogue)
    tally = Tally(before.pages)

    def on_left_out(url: str, what: str, count: int) -> None:
        tally.mishap(f"left out of a {what}", count)
        most = MAX_ENTRIES if what == "sitemap" else MAX_LINKS
        observer.note(f"{url} names {count:,} URLs more than are taken from one {what} ({most:,}).")

    return CrawlAssembly(
        crawl=crawl,
        store=store,
        boundary=boundary,
        gate=gate,
        frontier=frontier,
        cookies=cookies,
        client=client,
        fetcher=CaptureFetcher(
            client,
            robots=None if options.ignore_robots else robots,
            earlier=earlier,
            unruled=frozenset(one.host for one in hosts.values() if one.ignore_robots),
        ),
        reader=LinkReader(
            boundary.in_scope,
            options.requisites,
            frozenset(options.skip_requisites),
            on_left_out,
            boundary.unfetchable,
        ),
        tally=tally,
        exchanges_before=before.exchanges,
    )


@dataclass(frozen=True, slots=True)
class _Sitemaps:
    """Queues the sitemaps that a robots.txt names."""

    frontier: Frontier
    boundary: Boundary

    def add_sitemaps(self, origin: str, urls: Iterable[str]) -> None:
        """Queue those of *urls*, which the robots.txt of *origin* names, that are new and are the crawl's to read.

        The robots.txt of a site speaks for sitemaps on any host (cross-submission, sitemaps.org): where they lie does not
        matter, but only pages that belong to the crawl are taken from them.
        """
        speaks = self.boundary.in_scope(f"{origin}/")
        self.frontier.seed((url for url in urls if self._is_read(url, speaks)), hops="I")

    def _is_read(self, url: str, named_by_the_site: bool) -> bool:
        if named_by_the_site and not self.boundary.in_scope(url):
            return self.boundary.accepts_requisite(url)  # wherever it lies, unless the user excludes it
        return self.boundary.accepts(url)
