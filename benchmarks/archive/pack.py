"""A large WACZ: WARCs of media that do not compress, packed by ``broadsheet pack``; CPU, peak memory, and whether others take it.

    uv run python benchmarks/archive/pack.py [--gigabytes 2.2] [--oracles] [--json FILE]

With --oracles py-wacz validates the WACZ, the lines of its index are compared with those of cdxj-indexer, and its first
and its last page are opened in replayweb.page; the programs are installed as the tests do it
(tests/broadsheet/replay/oracle_programs.py).  Needs twice the size on the disk, in the folder that TMPDIR names.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/broadsheet/replay"))

import oracle_programs
import watching

from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter
from broadsheet.replay.browser import find_browser

MEDIA = 2_000_000  # bytes
PAGES = 200


def write_archive(folder: Path, size: int) -> None:
    """WARCs of *size* bytes: some pages, films of random bytes, and some pages again."""
    dice = random.Random(1)
    words = ["weir", "keeper", "ferry", "lamp", "harbour"]
    with WarcWriter(folder, prefix="large", info=WarcInfo(software="benchmark")) as writer:

        def write_pages(numbers: range) -> None:
            for number in numbers:
                text = f"<title>Page {number}</title><p>{' '.join(dice.choices(words, k=400))}</p>"
                write(writer, f"http://large.example/{number}", "text/html", text.encode())

        write_pages(range(PAGES // 2))
        for number in range(size // MEDIA):
            write(writer, f"http://large.example/film/{number}.mp4", "video/mp4", dice.randbytes(MEDIA))
        write_pages(range(PAGES // 2, PAGES))


def write(writer: WarcWriter, url: str, kind: str, body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    request = f"GET {url} HTTP/1.1\r\nHost: large.example\r\n\r\n".encode()
    started = datetime(2026, 11, 1, tzinfo=UTC)
    writer.write_exchange(Exchange(url, started, 0.1, request, b"", head + body, len(head), 200), Provenance())


def run(command: list[str]) -> dict[str, Any]:
    """CPU seconds and peak memory of *command*."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    return {
        "exit": os.waitstatus_to_exitcode(status),
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": usage.ru_maxrss // 1000,
        "said": output[-400:],
    }


def differing_lines(ours: Path, theirs: Path) -> tuple[int, int]:
    """How many lines two indexes have, and how many are in one alone, field by field."""

    def lines(path: Path) -> set[str]:
        split = (line.split(" ", 2) for line in path.read_text("utf-8").splitlines() if not line.startswith("!"))
        return {f"{key} {date} {json.dumps(json.loads(fields), sort_keys=True)}" for key, date, fields in split}

    return len(lines(ours)), len(lines(ours) ^ lines(theirs))


def opened(wacz: Path, folder: Path) -> dict[str, str]:
    """What replayweb.page shows of the first and the last page: title and words."""
    urls = [f"http://large.example/{number}" for number in (0, PAGES - 1)]
    shown = watching.in_replayweb_page(oracle_programs.replayweb_page(), wacz, urls, find_browser(), folder)
    return {url: f"{page.title}, {len(page.text.split())} words" for url, page in zip(urls, shown.pages, strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=2.2)
    parser.add_argument("--oracles", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    broadsheet = [sys.executable, "-m", "broadsheet"]
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="pack-") as name:
        folder = Path(name)
        (folder / "warcs").mkdir()
        write_archive(folder / "warcs", int(options.gigabytes * 1e9))
        warcs = sorted(map(str, (folder / "warcs").glob("*.warc.gz")))
        figures["pack"] = run([*broadsheet, "pack", *warcs, "-o", str(folder / "large.wacz"), "-q"])
        figures["bytes"] = (folder / "large.wacz").stat().st_size
        figures["verify"] = run([*broadsheet, "verify", str(folder / "large.wacz"), "-q"])
        if options.oracles:
            programs = oracle_programs.indexers()
            figures["wacz validate"] = run([str(programs / "wacz"), "validate", "-f", str(folder / "large.wacz")])
            run([*broadsheet, "index", *warcs, "-o", str(folder / "ours.cdxj"), "-q"])
            run([str(programs / "cdxj-indexer"), "-s", "-o", str(folder / "theirs.cdxj"), *warcs])
            figures["lines, differing"] = differing_lines(folder / "ours.cdxj", folder / "theirs.cdxj")
            figures["replayweb.page"] = opened(folder / "large.wacz", folder)
    for what, figure in figures.items():
        print(f"{what:18} {figure}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
