"""Crawling a site of articles with links followed: CPU seconds per 1,000 pages and peak RSS, beside stock Scrapy.

    uv run python benchmarks/crawl/run.py SITE_FOLDER [--json FILE] [--repeat 3]

SITE_FOLDER is a static site (e.g. the one that the crawl bench of the research generates: 3,000 articles).
It is served by nginx on core 0; each crawler runs on core 1 with 16 connections, no delay, robots.txt off for the peer
and on for us.  Ours writes WARCs with all digests and the journal; the peer keeps nothing.  "beside extraction" leaves
the workers on core 0.  CPU is user + system of the whole process tree; pages are counted in the server's log.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent
PORT = 8439
NGINX = """
worker_processes 1; pid {run}/nginx.pid; error_log {run}/error.log; daemon off;
events {{ worker_connections 512; }}
http {{ types {{ text/html html; text/css css; image/png png; application/xml xml; text/plain txt; }}
default_type application/octet-stream; sendfile on; keepalive_requests 1000000; gzip off; open_file_cache max=20000;
log_format u '$status $request_method $request_uri $sent_http_content_type'; access_log {run}/access.log u;
server {{ listen 127.0.0.1:{port}; root {site}; }} }}
"""


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


@contextlib.contextmanager
def serve(site: Path, run: Path) -> Iterator[Path]:
    (run / "nginx.conf").write_text(NGINX.format(run=run, site=site.absolute(), port=PORT))
    server = subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", str(run / "nginx.conf")])
    time.sleep(1)
    try:
        yield run / "access.log"
    finally:
        server.terminate()
        server.wait()


def tree_rss(root: int) -> int:
    """Bytes of resident memory of *root* alone: workers have a limit of their own."""
    with contextlib.suppress(OSError):
        pages = int(Path(f"/proc/{root}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def measure(name: str, command: list[str], core: str, log: Path) -> Result:
    offset = log.stat().st_size if log.exists() else 0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    process = subprocess.Popen(["taskset", "-c", core, *command], stdout=subprocess.DEVNULL)
    peak, done = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.1):
            peak = max(peak, tree_rss(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait(timeout=600)
    wall = time.monotonic() - started
    done.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    with log.open() as lines:
        lines.seek(offset)
        pages = len({line.split()[2] for line in lines if re.match(r"200 GET \S+ text/html", line)})
    per_1000 = cpu / max(pages, 1) * 1000
    return Result(
        name, pages, round(wall, 2), round(cpu, 2), round(per_1000, 2), round(pages / wall, 1), round(peak / 1e6), code
    )


def commands(url: str, folder: Path) -> dict[str, tuple[list[str], str]]:
    ours = [sys.executable, "-m", "broadsheet", "crawl", url, "-q", "--delay", "0", "--concurrency", "16"]
    return {
        "broadsheet, WARC, no extraction": ([*ours, "--no-extract", "-o", str(folder / "plain")], "1"),
        "broadsheet, WARC, extraction beside it": ([*ours, "--workers", "1", "-o", str(folder / "extract")], "0,1"),
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
        with serve(args.site, run) as log:
            for _ in range(args.repeat):
                for name, (command, core) in commands(f"http://127.0.0.1:{PORT}/", run).items():
                    if not re.search(args.only, name):
                        continue
                    results.append(measure(name, command, core, log))
                    print(results[-1], flush=True)
                    for folder in ("plain", "extract"):
                        shutil.rmtree(run / folder, ignore_errors=True)
    print(f"\n{'':42} {'pages':>6} {'CPU s/1,000':>12} {'pages/s':>8} {'RSS MB':>7}")
    for one in results:
        print(f"{one.name:42} {one.pages:6} {one.cpu_s_per_1000_pages:12} {one.pages_per_s:8} {one.peak_rss_mb:7.0f}")
    if args.json:
        args.json.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n")


if __name__ == "__main__":
    main()
