"""How `broadsheet serve` does over a large collection: the index, the start, search pages, memory, relevance, page weights, and
the pages that ask the tables.

    python benchmarks/serve/make.py TEXTS... -o DIR --rows 100000
    python benchmarks/serve/run.py DIR [--rebuild] [--seed N] [--tables]

Queries are made from the titles of articles (all words; they must find their article first), and from single words of them, rare
and common.  Times are those of a client on loopback, one request after the other; CPU is that of the server.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import pyarrow.dataset as ds

QUERIES = 50
CLOCK = os.sysconf("SC_CLK_TCK")


def asked(url: str) -> tuple[bytes, float]:
    begun = time.perf_counter()
    with urllib.request.urlopen(url) as answer:
        body = answer.read()
    return body, (time.perf_counter() - begun) * 1000


def cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK


def rss(process: int) -> dict[str, int]:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {
        name: int(value.split()[0]) // 1024
        for name, _, value in (line.partition(":") for line in lines)
        if name in ("VmRSS", "VmHWM")
    }


def started(directory: Path, port: int) -> tuple[subprocess.Popen[bytes], float]:
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "broadsheet", "serve", str(directory), "--port", str(port)], stderr=subprocess.DEVNULL
    )
    while True:
        try:
            asked(f"http://127.0.0.1:{port}/")
            return process, time.perf_counter() - begun
        except OSError:
            time.sleep(0.02)


def percentiles(times: list[float]) -> str:
    ordered = sorted(times)
    return f"p50 {statistics.median(ordered):.0f} ms, p95 {ordered[int(len(ordered) * 0.95)]:.0f} ms, most {ordered[-1]:.0f} ms"


def main(directory: Path, port: int, seed: int, *, rebuild: bool, tables: bool) -> None:
    index = directory / "indexes" / "search.sqlite"
    if rebuild:
        for path in index.parent.glob("search.*"):
            path.unlink()
        process, _ = started(directory, port)
        begun = time.perf_counter()
        while not is_finished(port, directory.name):
            time.sleep(5)
        print(
            f"index made in {time.perf_counter() - begun:.0f} s, {cpu(process.pid):.0f} s of CPU, memory {rss(process.pid)} MB"
        )
        process.terminate()
        process.wait()
    print(f"index: {index.stat().st_size / 1e6:.0f} MB")
    process, seconds = started(directory, port)
    print(
        f"first answer {seconds:.2f} s after the start, {cpu(process.pid):.2f} s of CPU; memory {rss(process.pid)} MB"
    )
    try:
        body, first = asked(f"http://127.0.0.1:{port}/{directory.name}/search")
        print(f"first search page {first:.0f} ms, {len(body) / 1000:.0f} kB")
        measure(f"http://127.0.0.1:{port}/{directory.name}/search", directory, process.pid, seed)
        if tables:
            measure_tables(f"http://127.0.0.1:{port}/{directory.name}", process.pid)
        print(f"memory {rss(process.pid)} MB")
    finally:
        process.terminate()
        process.wait()


def is_finished(port: int, name: str) -> bool:
    state = json.loads(asked(f"http://127.0.0.1:{port}/{name}/search.json?q=zzzz")[0])["index"]
    return bool(state["ready"]) and state["done"] >= state["files"]


def paged(base: str, texts: list[str], process: int) -> str:
    """Client's times and server's CPU of the pages for *texts*."""
    times, costs = [], []
    for text in texts:
        before = cpu(process)
        times.append(asked(f"{base}?{urlencode({'q': text})}")[1])
        costs.append((cpu(process) - before) * 1000)
    return f"{percentiles(times)}; CPU {percentiles(costs)}"


def measure_tables(base: str, process: int) -> None:
    """Pages that ask Parquet, each for the first time, and what the most memory was so far."""
    hit = json.loads(asked(f"{base}/search.json?q=the&folded=0")[0])["result"]["hits"][0]["id"]
    article = f"/article/{hit.removeprefix('<urn:uuid:').removesuffix('>')}"
    pages = [
        "/quality",
        "/graph",
        "/graph?where=text",
        "/images",
        "/images?q=world",
        "/sites",
        "/terms?q=the,world",
        article,
    ]
    for path in [*pages, f"{article}/links", f"{article}/duplicates"]:
        before = cpu(process)
        body, taken = asked(base + path)
        spent, most = cpu(process) - before, rss(process)["VmHWM"]
        print(f"  {path:60} {taken:6.0f} ms, CPU {spent:5.2f} s, {len(body) / 1000:4.0f} kB, memory {most} MB at most")


def measure(base: str, directory: Path, process: int, seed: int) -> None:
    dice = random.Random(seed)
    articles = ds.dataset(directory / "dataset" / "articles").to_table(columns=["id", "title", "page_type"])
    drawn = articles.take(dice.sample(range(len(articles)), 400)).to_pylist()
    titles = [row["title"] for row in drawn if row["page_type"] == "article" and row["title"]]
    right = 0
    for title in titles[:QUERIES]:
        hits = json.loads(asked(f"{base}.json?{urlencode({'q': title})}")[0])["result"]["hits"]
        right += bool(hits) and "".join(piece["text"] for piece in hits[0]["title"]) == title
    print(f"{right} of {QUERIES} titles find their article first")
    print(f"pages for titles: {paged(base, titles[:QUERIES], process)}")
    words = sorted({word for title in titles for word in title.split() if word.isalpha()})
    print(f"pages for single words of titles: {paged(base, dice.sample(words, min(100, len(words))), process)}")
    common = ["the", "of the", "new year", "government OR market", "inter*", '"in the"', "the -of", "", "language:en", "site:site00.example world"]  # fmt: skip
    for text in common:
        before = cpu(process)
        body, taken = asked(f"{base}?{urlencode({'q': text})}")
        spent = (cpu(process) - before) * 1000
        found = json.loads(asked(f"{base}.json?{urlencode({'q': text})}")[0])["result"]["found"]
        print(
            f"  {text or '(all)':28} {found:>8,} found {taken:6.0f} ms, CPU {spent:4.0f} ms, {len(body) / 1000:4.0f} kB"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--port", type=int, default=8977)
    parser.add_argument("--rebuild", action="store_true", help="make the index first")
    parser.add_argument("--seed", type=int, default=3, help="which titles are drawn")
    parser.add_argument("--tables", action="store_true", help="also the pages that ask the tables")
    arguments = parser.parse_args()
    main(arguments.directory, arguments.port, arguments.seed, rebuild=arguments.rebuild, tables=arguments.tables)
