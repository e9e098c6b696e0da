"""How derivation scales on one machine: pages a second and a CPU second, bytes a page, memory of every process.

Makes a WARC of synthetic pages (so that anybody gets the same), extracts it with each number of workers and each engine,
and prints a table; --json writes the figures, with the memory of the main process and of the largest worker every half a
second.  On a shared machine wall times are noisy, CPU seconds less so: parallel efficiency is CPU seconds with one worker
over CPU seconds with N.

    python benchmarks/dataset/scaling.py --pages 5000 --engines local:1 local:2 dask:2 --json scaling.json
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter

MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = [
    "the",
    "council",
    "voted",
    "on",
    "a",
    "plan",
    "for",
    "new",
    "trains",
    "after",
    "months",
    "of",
    "talks",
    "between",
    "towns",
    "and",
    "the",
    "rail",
    "operator",
]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one run.  Bytes, seconds; ``rss`` are peaks; ``memory`` is (seconds, main process, largest worker) over time."""

    engine: str
    workers: int
    pages: int
    wall_seconds: float
    cpu_seconds: float
    pages_per_second: float
    pages_per_cpu_second: float
    warc_bytes_per_page: float
    parquet_bytes_per_page: float
    files: int
    main_rss: int
    largest_child_rss: int
    memory: list[tuple[float, int, int]]

    def main_by_quarter(self) -> str:
        """The main process's memory in MB at each quarter of the run."""
        last = len(self.memory) - 1
        return "/".join(f"{self.memory[last * n // 4][1] / 1e6:.0f}" for n in range(1, 5)) if last >= 4 else "-"


def page(n: int, dice: random.Random) -> bytes:
    paragraphs = "".join(
        f"<p>{' '.join(dice.choices(WORDS, k=60)).capitalize()}, as reporter {n} learnt.</p>" for _ in range(14)
    )
    links = "".join(
        f'<li><a href="/s{i}/{dice.randrange(10**6)}">{" ".join(dice.choices(WORDS, k=6))}</a></li>' for i in range(120)
    )
    css = "".join(f".c{dice.randrange(10**6)}{{margin:{i}px;color:#{dice.randrange(16**6):06x}}}" for i in range(250))
    return (
        f"<!doctype html><html lang=en><head><title>Story {n}</title><style>{css}</style>"
        f'<meta property="article:published_time" content="2026-11-{1 + n % 28:02d}T08:00:00Z"></head><body>'
        f"<nav><ul>{links}</ul></nav><article><h1>Story {n}</h1>{paragraphs}</article><footer>Imprint</footer></body></html>"
    ).encode()


def make_warc(folder: Path, pages: int) -> Path:
    dice = random.Random(7)
    writer = WarcWriter(folder, prefix="scaling", info=WarcInfo(software="benchmark", is_part_of="scaling"))
    with writer:
        for n in range(pages):
            body = page(n, dice)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            url = f"https://site{n % 20}.example/story/{n}"
            request = b"GET / HTTP/1.1\r\n\r\n"
            one = Exchange(url, MOMENT, 0.1, request=request, response=head + body, head_length=len(head), status=200)
            writer.write_exchange(one, Provenance("https://site.example/", "L"))
    return folder


def measure(source: Path, output: Path, engine: str, workers: int) -> Figures:
    command = [sys.executable, "-m", "broadsheet", "extract", str(source), "-o", str(output), "--quiet", "--json"]
    command += ["--workers", str(workers), "--engine", engine]
    before, began = os.times(), time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    memory: list[tuple[float, int, int]] = []
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, memory, done))
    watcher.start()
    code = process.wait()
    wall, after = time.monotonic() - began, os.times()
    done.set()
    watcher.join()
    if code:
        raise SystemExit(f"{engine}: ended with {code}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    manifests = [json.loads(path.read_text()) for path in (output / "dataset" / "_manifest").rglob("*.json")]
    pages = sum(one["articles"] for one in manifests)
    parquet = list((output / "dataset").rglob("*.parquet"))
    memory = [one for one in memory if one[1]] or [(0.0, 0, 0)]  # the last look may have met it dead
    return Figures(
        engine, workers, pages, round(wall, 1), round(cpu, 1), round(pages / wall, 1), round(pages / cpu, 1),
        round(sum(one.stat().st_size for one in source.glob("*.warc.gz")) / pages),
        round(sum(one.stat().st_size for one in parquet) / pages), len(parquet),
        max(one[1] for one in memory), max(one[2] for one in memory), memory,
    )  # fmt: skip


def _watch(pid: int, memory: list[tuple[float, int, int]], done: threading.Event) -> None:
    began = time.monotonic()
    while not done.wait(0.5):
        largest = max((_rss(child) for child in _descendants(pid)), default=0)
        memory.append((round(time.monotonic() - began, 1), _rss(pid), largest))


def _rss(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            direct = [int(one) for one in task.read_text().split()]
        except OSError:
            continue
        for child in direct:
            found += [child, *_descendants(child)]
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=5000)
    options.add_argument("--engines", nargs="+", default=["local:1", "local:2", "dask:2"], metavar="ENGINE:WORKERS")
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in")
        source.mkdir()
        make_warc(source, given.pages)
        print(
            "engine workers pages  wall s   CPU s  pages/s pages/CPU s  WARC B/page Parquet B/page files  main MB worker MB  main MB by quarter",
            flush=True,
        )
        for n, named in enumerate(given.engines):
            engine, _, workers = named.rpartition(":")
            one = measure(source, Path(folder, f"out{n}"), engine, int(workers))
            figures.append(one)
            print(
                f"{one.engine:6} {one.workers:7} {one.pages:5} {one.wall_seconds:7} {one.cpu_seconds:7} {one.pages_per_second:8}"
                f" {one.pages_per_cpu_second:11} {one.warc_bytes_per_page:12} {one.parquet_bytes_per_page:14} {one.files:5}"
                f" {one.main_rss / 1e6:8.0f} {one.largest_child_rss / 1e6:9.0f}  {one.main_by_quarter()}",
                flush=True,
            )
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in figures], indent=1) + "\n")


if __name__ == "__main__":
    main()
