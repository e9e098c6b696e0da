"""The frontier over each store of a crawl's state, without a network: CPU a page, and memory at so many URLs.

    uv run python benchmarks/crawl/state.py [--urls 200000] [--store sqlite|memory]

A made crawl of ten hosts: each page names ten new URLs and sixty that are known, until there are as many as asked for; then
all are fetched.  Changes are applied a hundred pages at a time, as the capture log does.  Printed are CPU seconds of all,
of the transactions alone, URLs found a CPU second, and the peak of memory.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange, Outlink
from broadsheet.crawler.frontier.frontier import Frontier, FrontierOptions
from broadsheet.crawler.state.memory import MemoryStore
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.pipelines.capture.submission import Submission

HOSTS, NEW, KNOWN, GROUP = 10, 10, 60, 100


def url_of(number: int) -> str:
    return f"http://www.host-{number % HOSTS}.example/section/{number // 1000}/an-article-with-a-title-{number}.html"


def links(page: int, total: int) -> list[Outlink]:
    new = range(page * NEW + 1, min((page + 1) * NEW + 1, total))
    known = ((page * 7919 + number * 104729) % min(page * NEW + 1, total) for number in range(KNOWN))
    return [Outlink(url_of(number), "L", "a/@href") for number in (*new, *known)]


def crawl(store: CrawlStore, total: int) -> tuple[int, float]:
    """Fetch *total* URLs; how many pages that were, and the CPU seconds of the transactions."""
    waiting: list[Submission] = []
    frontier = Frontier(
        store,
        FrontierOptions(concurrency=10**6),
        submit=waiting.append,
        accepts=lambda _url: True,
        ready_at=lambda _host, _now: 0.0,
    )
    frontier.seed([url_of(0)])
    pages, spent, asked = 0, 0.0, datetime.now(UTC)
    while (visit := frontier.lease(0.0)) is not None or waiting:
        if visit is not None:
            number = int(visit.url.removesuffix(".html").rpartition("-")[2])
            frontier.complete(visit, Exchange(visit.url, asked, 0.1, status=200), links(number, total))
            frontier.leave(visit)
            pages += 1
        if len(waiting) >= GROUP or visit is None:
            group, started = waiting.copy(), time.process_time()
            waiting.clear()
            with store.transaction():
                for submission in group:
                    assert submission.change is not None
                    store.apply(submission.change, None)
            spent += time.process_time() - started
            frontier.committed(group)
    return pages, spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=200_000)
    parser.add_argument("--store", choices=["sqlite", "memory"], default="sqlite")
    args = parser.parse_args()
    with TemporaryDirectory() as folder, ExitStack() as stack:
        catalogue = stack.enter_context(Catalogue.open(Collection.create(Path(folder) / "c").journal))
        makers: dict[str, Callable[[], CrawlStore]] = {
            "sqlite": lambda: SqliteStore.prepared(catalogue),
            "memory": MemoryStore,
        }
        started = time.process_time()
        pages, spent = crawl(makers[args.store](), args.urls)
        cpu = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{args.store}: {pages:,} pages, {cpu:.1f} CPU s, of it {spent:.1f} in transactions; {cpu / pages * 1000:.3f} s per"
        f" 1,000 pages, {args.urls / cpu:,.0f} URLs a CPU second; peak {memory:,.0f} MB"
    )


if __name__ == "__main__":
    main()
