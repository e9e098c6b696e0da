"""The same page by `extract(html)`, `broadsheet article FILE`, import and WARC: are the rows equal?

    uv run python benchmarks/importing/equal_rows.py --pages DIR [--most 200]

DIR has HTML files (.html or .html.gz).  Each page is read alone (no profiles); import and WARC give it the same address and date, and
what is compared is every column of the table articles that comes of the page.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import broadsheet
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter

MOMENT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def read_pages(folder: Path, most: int) -> list[bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.name.endswith((".html", ".html.gz")))
    chosen = paths[:: max(1, len(paths) // most)][:most]
    bodies = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in chosen)
    return [body for body in bodies if body.strip()]


def address(number: int) -> str:
    return f"https://page{number}.example/story"


def by_call(pages: list[bytes]) -> list[dict[str, Any]]:
    return [
        json.loads(broadsheet.extract(page, address(number), fetch_time=MOMENT).to_json(parts=False))
        for number, page in enumerate(pages)
    ]


def by_command(pages: list[bytes], folder: Path) -> list[dict[str, Any]]:
    rows = []
    for number, page in enumerate(pages):
        path = folder / "page.html"
        path.write_bytes(page)
        os.utime(path, (MOMENT.timestamp(),) * 2)
        command = [sys.executable, "-m", "broadsheet", "article", str(path), "--url", address(number), "--to", "json"]
        rows.append(json.loads(subprocess.run(command, capture_output=True, check=False).stdout))
    return rows


def by_import(pages: list[bytes], folder: Path) -> list[dict[str, Any]]:
    (folder / "pages").mkdir()
    lines = []
    for number, page in enumerate(pages):
        (folder / "pages" / f"{number}.html").write_bytes(page)
        lines.append({"file": f"{number}.html", "url": address(number), "date": MOMENT.isoformat()})
    (folder / "list.jsonl").write_text("\n".join(map(json.dumps, lines)))
    broadsheet.import_files(folder / "pages", folder / "imported", listing=folder / "list.jsonl")
    return _rows(folder / "imported", len(pages))


def by_warc(pages: list[bytes], folder: Path) -> list[dict[str, Any]]:
    (folder / "in").mkdir()
    with WarcWriter(folder / "in", prefix="pages", info=WarcInfo(software="benchmark", is_part_of="pages")) as writer:
        for number, page in enumerate(pages):
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page)
            request = f"GET /story HTTP/1.1\r\nHost: page{number}.example\r\n\r\n".encode()
            exchange = Exchange(
                address(number), MOMENT, 0.1, request, response=head + page, head_length=len(head), status=200
            )
            writer.write_exchange(exchange, Provenance())
    broadsheet.extract_warcs(folder / "in", folder / "warc", workers=1, profiles=False)
    return _rows(folder / "warc", len(pages))


def _rows(directory: Path, count: int) -> list[dict[str, Any]]:
    broadsheet.extract_warcs((), directory, workers=1, profiles=False)
    out = directory.parent / f"{directory.name}.jsonl"
    command = [sys.executable, "-m", "broadsheet", "export", str(directory), "--to", "jsonl", "-o", str(out), "-q"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    by_url = {row["url"]: row for row in map(json.loads, out.read_text().splitlines())}
    return [by_url.get(address(number), {}) for number in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--commands", type=int, default=20, help="how many of them by `broadsheet article`, too")
    options = parser.parse_args()
    pages = read_pages(options.pages, options.most)
    called = by_call(pages)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ways = {
            "article FILE": by_command(pages[: options.commands], folder),
            "import": by_import(pages, folder),
            "WARC": by_warc(pages, folder),
        }
    for way, rows in ways.items():
        other = [
            {
                column: (article[column], row.get(column, "no row"))
                for column in article
                if differs(article, row, column)
            }
            for article, row in zip(called, rows, strict=False)
        ]
        print(f"{way}: {sum(not one for one in other)} of {len(rows)} rows equal to extract(html)")
        for number, one in enumerate(other):
            if one:
                print(f"  page {number}: {json.dumps(one, ensure_ascii=False)[:300]}")


def differs(article: dict[str, Any], row: dict[str, Any], column: str) -> bool:
    if column in ("url", "fetch_time", "images", "links", "segments") or (column not in row and row):
        return False
    here, there = article[column], row.get(column)
    if isinstance(here, float) and isinstance(there, float):
        return abs(here - there) > 1e-6  # columns are 32 bits wide, which JSON writes shorter
    return bool(here != there)


if __name__ == "__main__":
    main()
