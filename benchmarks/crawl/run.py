"""Crawling a site of articles with links followed: CPU seconds per 1,000 pages and peak RSS, beside stock Scrapy.

    uv run python benchmarks/crawl/run.py SITE_FOLDER [--json FILE] [--repeat 3]

SITE_FOLDER is a static site (e.g. the one that the crawl bench of the research generates: 3,000 articles).
It is served by nginx on core 0; each crawler runs on core 1 with 16 connections, no delay, robots.txt off for the peer
and on for us, and without requisites (see requisites.py for those).  Ours writes WARCs with all digests and the
journal; the peer keeps nothing.  "beside extraction" leaves the workers on core 0, and counts their memory.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from measured import measure, serve

HERE = Path(__file__).parent
PORT = 8439


@dataclass(frozen=True)
class Result:
    name: str
    pages: int
    wall_s: float
    cpu_s: float
    cpu_s_per_1000_pages: float
    pages_per_s: float
    peak_rss_mb: float
    exit_code: int


def measured(name: str, command: list[str], core: str, log: Path, folder: Path) -> Result:
    run = measure(command, core, log, folder)
    pages = len(run.html)
    per_1000 = run.cpu_s / max(pages, 1) * 1000
    return Result(
        name,
        pages,
        round(run.wall_s, 2),
        round(run.cpu_s, 2),
        round(per_1000, 2),
        round(pages / run.wall_s, 1),
        round(run.peak_rss / 1e6),
        run.exit_code,
    )


def commands(url: str) -> dict[str, tuple[list[str], str]]:
    ours = [sys.executable, "-m", "broadsheet", "crawl", url, "-q", "--delay", "0", "--concurrency", "16"]
    ours += ["--no-requisites", "-o", "collection"]
    return {
        "broadsheet, WARC, no extraction": ([*ours, "--no-extract"], "1"),
        "broadsheet, WARC, no dedupe": ([*ours, "--no-extract", "--no-dedupe"], "1"),
        "broadsheet, WARC, extraction beside it": ([*ours, "--workers", "1"], "0,1"),
        "stock Scrapy + LinkExtractor, no archive": ([sys.executable, str(HERE / "stock_scrapy.py"), url], "1"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--only", default="", metavar="REGEX", help="only crawlers whose name matches")
    args = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        run = Path(temporary)
        run.chmod(0o755)
        with serve(args.site, run, PORT) as log:
            for _ in range(args.repeat):
                for name, (command, core) in commands(f"http://127.0.0.1:{PORT}/").items():
                    if not re.search(args.only, name):
                        continue
                    results.append(measured(name, command, core, log, run / "work"))
                    print(results[-1], flush=True)
                    shutil.rmtree(run / "work")
    print(f"\n{'':42} {'pages':>6} {'CPU s/1,000':>12} {'pages/s':>8} {'RSS MB':>7}")
    for one in results:
        print(f"{one.name:42} {one.pages:6} {one.cpu_s_per_1000_pages:12} {one.pages_per_s:8} {one.peak_rss_mb:7.0f}")
    if args.json:
        args.json.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n")


if __name__ == "__main__":
    main()
