"""What the crawl benchmarks share: a site served by nginx on core 0, and a crawler measured on another."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NGINX = """
worker_processes 1; pid {run}/nginx.pid; error_log {run}/error.log; daemon off;
events {{ worker_connections 512; }}
http {{ types {{ text/html html; text/css css; application/javascript js; image/png png; image/svg+xml svg; image/x-icon ico;
font/woff2 woff2; video/mp4 mp4; audio/mpeg mp3; text/vtt vtt; application/json json; application/xml xml; text/plain txt; }}
default_type application/octet-stream; sendfile on; keepalive_requests 1000000; gzip off; open_file_cache max=20000;
log_format u '$status $request_method $request_uri $sent_http_content_type'; access_log {run}/access.log u;
server {{ listen 127.0.0.1:{port}; root {site}; }} }}
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a crawler.  CPU is user + system of its whole process tree; memory in bytes, of the tree, sampled ten
    times a second: the peak, and the means of the second and the last quarter, which show whether it grows."""

    exit_code: int
    wall_s: float
    cpu_s: float
    peak_rss: int
    early_rss: int
    late_rss: int
    asked: Counter[str]  # path -> answers with 2xx to a GET
    html: frozenset[str]  # the paths among them that were HTML


@contextlib.contextmanager
def serve(site: Path, run: Path, port: int) -> Iterator[Path]:
    """Serve *site* on loopback; the server's log.  *run* must be a folder that nginx's worker may read."""
    (run / "nginx.conf").write_text(NGINX.format(run=run, site=site.absolute(), port=port))
    server = subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", str(run / "nginx.conf")])
    time.sleep(1)
    if server.poll() is not None:
        raise SystemExit(f"nginx did not start: {(run / 'error.log').read_text()}")
    try:
        yield run / "access.log"
    finally:
        server.terminate()
        server.wait()


def measure(command: list[str], core: str, log: Path, folder: Path, timeout: float = 600) -> Run:
    """Run *command* in *folder* on *core*, after which the server's *log* says what it asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    offset = log.stat().st_size if log.exists() else 0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    process = subprocess.Popen(["taskset", "-c", core, *command], stdout=subprocess.DEVNULL, cwd=folder)
    samples, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            samples.append(_tree_rss(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait(timeout=timeout)
    wall = time.monotonic() - started
    done.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    asked, html = _answers(log, offset)
    quarter = max(len(samples) // 4, 1)
    return Run(
        code, wall, cpu, max(samples), _mean(samples[quarter : 2 * quarter]), _mean(samples[-quarter:-1]), asked, html
    )


def _mean(values: list[int]) -> int:
    return sum(values) // len(values) if values else 0


def _answers(log: Path, offset: int) -> tuple[Counter[str], frozenset[str]]:
    asked: Counter[str] = Counter()
    html = set()
    with log.open() as lines:
        lines.seek(offset)
        for line in lines:
            status, method, path, media_type = [*line.split(), "-"][:4]
            if status.startswith("2") and method == "GET":
                asked[path] += 1
                if media_type == "text/html":
                    html.add(path)
    return asked, frozenset(html)


def _tree_rss(root: int) -> int:
    """Bytes of resident memory of *root* and all below it."""
    total, todo = 0, [root]
    while todo:
        process = Path(f"/proc/{todo.pop()}")
        with contextlib.suppress(OSError):
            total += int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for task in (process / "task").iterdir():
                todo += map(int, (task / "children").read_text().split())
    return total
