"""How `broadsheet serve` does over a large collection: the index, the start, search pages, memory, relevance, page weights.

    python benchmarks/serve/make.py TEXTS... -o DIR --rows 100000
    python benchmarks/serve/run.py DIR [--rebuild]

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


def main(directory: Path, port: int, *, rebuild: bool) -> None:
    index = directory / "indexes" / "search.sqlite"
    if rebuild:
        for path in index.parent.glob("search.*"):
            path.unlink()
        process, _ = started(directory, port)
        begun = time.perf_counter()
        while json.loads(asked(f"http://127.0.0.1:{port}/{directory.name}/search.json")[0])["index"]["fault"] or (
            json.loads(asked(f"http://127.0.0.1:{port}/{directory.name}/search.json")[0])["index"]["done"] < 10**9
            and not _finished(port, directory.name)
        ):
            time.sleep(2)
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
    base = f"http://127.0.0.1:{port}/{directory.name}/search"
    try:
        body, first = asked(base)
        print(f"first search page {first:.0f} ms, {len(body) / 1000:.0f} kB")
        measure(base, directory)
        print(f"memory {rss(process.pid)} MB")
    finally:
        process.terminate()
        process.wait()


def _finished(port: int, name: str) -> bool:
    state = json.loads(asked(f"http://127.0.0.1:{port}/{name}/search.json")[0])["index"]
    return bool(state["ready"]) and state["done"] >= state["files"]


def measure(base: str, directory: Path) -> None:
    dice = random.Random(3)
    articles = ds.dataset(directory / "dataset" / "articles").to_table(columns=["id", "title", "page_type"])
    titles = [
        row
        for row in articles.take(dice.sample(range(len(articles)), 400)).to_pylist()
        if row["page_type"] == "article" and row["title"]
    ]
    right, times = 0, []
    for row in titles[:QUERIES]:
        body, taken = asked(f"{base}.json?{urlencode({'q': row['title']})}")
        hits = json.loads(body)["result"]["hits"]
        first = "".join(piece["text"] for piece in hits[0]["title"]) if hits else ""
        right += first == row["title"]
        times.append(asked(f"{base}?{urlencode({'q': row['title']})}")[1])
    print(f"{right} of {QUERIES} titles find their article first; pages: {percentiles(times)}")
    words = sorted({word for row in titles for word in row["title"].split() if word.isalpha()})
    singles = [asked(f"{base}?{urlencode({'q': word})}")[1] for word in dice.sample(words, min(200, len(words)))]
    print(f"{len(singles)} single words of titles: {percentiles(singles)}")
    common = ["the", "of the", "people", "new year", "government OR market", "inter*", "\"in the\"", "the -of", "", "language:en", "site:site00.example world"]  # fmt: skip
    for text in common:
        body, taken = asked(
            f"{base}?{urlencode({'q': text, 'section': 'Section 3'} if text == 'people' else {'q': text})}"
        )
        found = json.loads(asked(f"{base}.json?{urlencode({'q': text})}")[0])["result"]["found"]
        print(f"  {text or '(all)':28} {found:>8,} found {taken:6.0f} ms {len(body) / 1000:4.0f} kB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--port", type=int, default=8977)
    parser.add_argument("--rebuild", action="store_true")
    arguments = parser.parse_args()
    main(arguments.directory, arguments.port, rebuild=arguments.rebuild)
