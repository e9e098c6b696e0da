"""Asks the search page of a collection for queries that nobody would type, and some that attackers would: none may fail.

    python benchmarks/serve/fuzz.py DIR --queries 10000

The pages are made as the server makes them, without the network; what fails is printed, with its seed.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote_from_bytes

from starlette.requests import Request

from broadsheet.serve.search_page import search_page
from broadsheet.serve.served import ServedCollections
from broadsheet.serve.view import answer

PIECES = [b'"', b"(", b")", b"*", b"-", b"OR", b"AND", b"NOT", b"NEAR", b"|", b"&", b":", b"title:", b"date:", b"site:", b"..", b"2026-02-30",
          b"storm", b"the", "灯塔".encode(), "é".encode(), "ى".encode(), b"\xff", b"\x00", b"\xed\xa0\x80", b"'; DROP TABLE hits;--", b"<script>",
          b"{title}", b"^", b"+", b"%", b"\\", b"a" * 300, b" ", b" ", b" ", "\u202e".encode(), b"rowid:", b"words:", b"$(id)", b"../.."]  # fmt: skip
NAMES = [
    "q",
    "q",
    "q",
    "q",
    "site",
    "author",
    "section",
    "since",
    "until",
    "sort",
    "page",
    "like",
    "folded",
    "tag",
    "x",
]


def query(dice: random.Random) -> bytes:
    parts = []
    for _ in range(dice.randint(1, 4)):
        raw = b"".join(
            dice.choice(PIECES) if dice.random() < 0.8 else bytes([dice.randrange(256)])
            for _ in range(dice.randint(0, 12))
        )
        parts.append(f"{dice.choice(NAMES)}={quote_from_bytes(raw)}" if dice.random() < 0.95 else quote_from_bytes(raw))
    return "&".join(parts).encode()


def main(directory: Path, count: int) -> None:
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, ServedCollections.open([directory], Path(folder)) as served:
        (collection,) = served.by_name.values()
        collection.keeper.wait(600)
        begun, slowest = time.process_time(), 0.0
        for seed in range(count):
            text = query(random.Random(seed))
            scope = {"type": "http", "method": "GET", "path": f"{collection.path}search", "query_string": text, "headers": [],
                     "server": ("127.0.0.1", 8900), "scheme": "http", "path_params": {"collection": collection.name}}  # fmt: skip
            before = time.process_time()
            try:
                request = Request(scope)
                view = search_page(collection, request)
                for as_json in (False, True):
                    made = answer(
                        request,
                        view,
                        as_json=as_json,
                        collection=collection,
                        places=(),
                        archived="",
                        collections=(collection.name,),
                    )
                    if not as_json and b"<script>" in bytes(made.body):
                        raise AssertionError("a script of the query's is in the page")
                outcomes["notice" if view.data.notice else "hits" if view.data.result.hits else "nothing found"] += 1
            except Exception as error:
                outcomes["failed"] += 1
                print(seed, type(error).__name__, error, text[:200])
            slowest = max(slowest, time.process_time() - before)
        print(
            f"{count:,} queries: {dict(outcomes)}; {time.process_time() - begun:.0f} s of CPU, the slowest {slowest * 1000:.0f} ms"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--queries", type=int, default=10_000)
    arguments = parser.parse_args()
    main(arguments.directory, arguments.queries)
