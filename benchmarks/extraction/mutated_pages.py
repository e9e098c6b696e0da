"""Broken pages: real ones with bytes flipped, tags cut out, ends torn off, pieces doubled, lying charsets; none may crash or hang.

    uv run python benchmarks/extraction/mutated_pages.py CORPORA [--pages 10000] [--json FILE]

Prints how many pages gave which status, the slowest page in CPU seconds, and peak RSS.  The same seed gives the same pages.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import PageRecord

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CHARSETS = ("utf-8", "windows-1251", "utf-16", "gbk", "no-such-charset", "iso-2022-jp")
_TAG = re.compile(rb"<[^>]*>")


def mutated(page: bytes, dice: random.Random) -> tuple[str, bytes]:
    """*page* broken in one way, and its name."""
    way = dice.choice(("flip", "cut tags", "truncate", "double", "nulls", "close nothing", "nest"))
    if way == "flip":
        broken = bytearray(page)
        for _ in range(max(1, len(page) // dice.choice((50, 500, 5000)))):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        return way, bytes(broken)
    if way == "cut tags":
        return way, _TAG.sub(lambda tag: b"" if dice.random() < 0.3 else tag[0], page)
    if way == "truncate":
        return way, page[: dice.randrange(len(page))]
    if way == "double":
        at, length = dice.randrange(len(page)), dice.randrange(1, 20_000)
        return way, page[:at] + page[at : at + length] * dice.randrange(2, 20) + page[at + length :]
    if way == "nulls":
        return way, b"\0".join(page[at : at + 997] for at in range(0, len(page), 997))
    if way == "close nothing":
        return way, re.sub(rb"</(?!script|style|title|textarea)[^>]*>", b"", page)
    at = dice.randrange(len(page))
    return way, page[:at] + dice.choice((b"<div>", b"<b>", b"<table><tr><td>", b"<ul><li>")) * dice.randrange(
        100, 5000
    ) + page[at:]


def sources(folder: Path) -> list[bytes]:
    return [gzip.decompress(path.read_bytes()) for path in sorted(folder.glob("*/html/*.html.gz"))[::3]]


def pages(folder: Path, count: int) -> Iterator[tuple[str, bytes, str]]:
    dice = random.Random(20261124)
    whole = [page for page in sources(folder) if page]
    for _ in range(count):
        way, broken = mutated(dice.choice(whole), dice)
        yield way, broken, dice.choice(CHARSETS) if dice.random() < 0.2 else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    extractor = ArticleExtractor()
    statuses: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    begun = time.process_time()
    for number, (way, body, charset) in enumerate(pages(options.corpora, options.pages)):
        headers = (("Content-Type", f"text/html; charset={charset}"),) if charset else ()
        started = time.process_time()
        article = extractor.extract(PageRecord(f"http://broken.example/{number}", NOW, headers, body)).article
        slowest[way] = max(slowest.get(way, 0.0), time.process_time() - started)
        statuses[article.status] += 1
        if article.status == "error":
            errors[article.error or ""] += 1
    told = {
        "pages": options.pages,
        "statuses": dict(statuses.most_common()),
        "errors": dict(errors.most_common(20)),
        "slowest_cpu_seconds": {way: round(seconds, 3) for way, seconds in sorted(slowest.items())},
        "cpu_seconds": round(time.process_time() - begun, 1),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    for name, value in told.items():
        print(f"{name:22} {value}")
    if options.json:
        options.json.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
