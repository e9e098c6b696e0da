"""What it costs to find URLs: enqueues a CPU second, memory while they grow, and the first visit of a start with all of them.

    uv run python benchmarks/crawl/enqueue.py [--urls 1000000] [--json FILE]

Pages of ten hosts are ended, each with a hundred new links, until there are as many URLs as asked for; nothing is fetched of
them.  Changes are applied a hundred pages at a time, as the capture log does.  Printed are, after each tenth, the URLs a CPU
second of all the frontier does (scope and capture log excluded) and resident memory; then the CPU seconds from a journal
with all of them pending to the first visit that a new frontier gives out.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange, Outlink
from broadsheet.crawler.frontier.frontier import Frontier, FrontierOptions
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.pipelines.capture.submission import Submission

HOSTS, LINKS, GROUP = 10, 100, 100


@dataclass(frozen=True, slots=True)
class Tenth:
    """After so many URLs: URLs a CPU second of this tenth, of its transactions alone, and resident memory in bytes."""

    urls: int
    urls_per_cpu_s: float
    written_per_cpu_s: float
    rss: int


def url_of(number: int) -> str:
    return f"http://www.host-{number % HOSTS}.example/section/{number // 1000}/an-article-with-a-title-{number}.html"


def frontier_over(store: CrawlStore, submitted: list[Submission]) -> Frontier:
    return Frontier(
        store,
        FrontierOptions(concurrency=10**6),
        submit=submitted.append,
        accepts=lambda _url: True,
        ready_at=lambda _host, _now: 0.0,
    )


def grow(store: CrawlStore, total: int) -> Iterator[Tenth]:
    """Find *total* URLs."""
    submitted: list[Submission] = []
    frontier = frontier_over(store, submitted)
    frontier.seed([url_of(0)])
    done, asked, spent, written, reported = 1, datetime.now(UTC), 0.0, 0.0, 1

    def commit() -> float:
        """Apply what was submitted; the CPU seconds of the transaction."""
        started = time.process_time()
        group = submitted.copy()
        submitted.clear()
        with store.transaction():
            for submission in group:
                assert submission.change is not None
                store.apply(submission.change, None)
        took = time.process_time() - started
        frontier.committed(group)
        return took

    while done < total:
        pages = [
            tuple(Outlink(url_of(number), "L", "a/@href") for number in range(start, min(start + LINKS, total)))
            for start in range(done, min(done + LINKS * GROUP, total), LINKS)
        ]
        started = time.process_time()
        for links in pages:
            while (visit := frontier.lease(0.0)) is None:  # many wait for their new places to be committed
                assert submitted
                written += commit()
            frontier.complete(visit, Exchange(visit.url, asked, 0.1, status=200), links)
            frontier.leave(visit)
            done += len(links)
        written += commit()
        spent += time.process_time() - started
        if done - reported >= total // 10 or done >= total:
            yield Tenth(done, (done - reported) / spent, (done - reported) / written, resident())
            spent, written, reported = 0.0, 0.0, done


def first_visit(store: CrawlStore) -> tuple[Visit, float]:
    """The first visit of a new frontier, and the CPU seconds until it was there."""
    started = time.process_time()
    visit = frontier_over(store, []).lease(0.0)
    assert visit is not None
    return visit, time.process_time() - started


def resident() -> int:
    """Bytes of resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    tenths = []
    with TemporaryDirectory() as folder:
        journal = Collection.create(Path(folder) / "c").journal
        with Catalogue.open(journal) as catalogue:
            print(f"{'URLs':>10} {'URLs a CPU s':>13} {'written':>9} {'RSS MB':>7}")
            for tenth in grow(SqliteStore.prepared(catalogue), args.urls):
                tenths.append(tenth)
                print(
                    f"{tenth.urls:10,} {tenth.urls_per_cpu_s:13,.0f} {tenth.written_per_cpu_s:9,.0f} {tenth.rss / 1e6:7.0f}",
                    flush=True,
                )
        with Catalogue.open(journal) as catalogue:
            _, start = first_visit(SqliteStore.prepared(catalogue))
    print(f"first visit of a start with {args.urls:,} URLs pending: {start:.2f} CPU s")
    if args.json:
        plain = {"tenths": [asdict(one) for one in tenths], "first_visit_cpu_s": start}
        args.json.write_text(json.dumps(plain, indent=1) + "\n")


if __name__ == "__main__":
    main()
