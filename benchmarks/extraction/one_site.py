"""One site of many pages: what both readings cost against one, memory of each process, size of the profile.

    uv run python benchmarks/extraction/one_site.py --texts TRUTH.jsonl [...] [--pages 20000] [--workers 2] [--seed 1] [--once]
    uv run python benchmarks/extraction/one_site.py --warc PAGES.warc.gz [...] [--workers 1] [--rounds 3]

The first draws a site (`drawn_sites`) and repeats its articles, each time with other paragraphs and headlines of the same words,
until there are as many pages; the second takes WARCs as they are.  Each is extracted by the command ``extract`` with and without
``--no-profiles``, in turn.  CPU seconds are of all processes, starting included; memory is the largest resident set of the main
process and of any worker.  ``--once`` leaves out the reading without profiles.
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
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from drawn_sites import DrawnPage, draw, texts_of

from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter

MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)
OWN = frozenset({"title", "para", "subhead", "item", "quote"})  # kinds of lines that no other article has
LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one extraction: CPU seconds of all its processes, peaks of resident memory in MB, bytes of its profiles."""

    cpu_seconds: float
    main_mb: float
    worker_mb: float
    profile_bytes: int
    articles: int


def shuffled(text: str, dice: random.Random) -> str:
    """Another text of the words of *text*."""
    words = text.rstrip(".!?").split()
    return " ".join(dice.sample(words, len(words))).capitalize() + text[len(text.rstrip(".!?")) :]


def pages_of(site: list[DrawnPage], pages: int) -> Iterator[tuple[str, str]]:
    """URL and HTML of so many *pages*: the site's articles with other texts."""
    dice = random.Random(7)
    articles = [page for page in site if page.lines]
    for number in range(pages):
        page = articles[number % len(articles)]
        html = page.html
        if number >= len(articles):
            for kind, text in page.lines:
                if kind in OWN:
                    html = html.replace(escape(text), escape(f"{shuffled(text, dice)}"))
        yield f"{page.url}/{number}", html


def write_site(folder: Path, site: list[DrawnPage], pages: int) -> None:
    """A WARC of the pages."""
    with WarcWriter(folder, prefix="site", info=WarcInfo(software="benchmark", is_part_of="one_site")) as writer:
        for url, html in pages_of(site, pages):
            body = html.encode("utf-8", "replace")
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
            sent = head.encode()
            one = Exchange(
                url,
                MOMENT,
                0.1,
                request=b"GET / HTTP/1.1\r\n\r\n",
                response=sent + body,
                head_length=len(sent),
                status=200,
            )
            writer.write_exchange(one, Provenance("https://site.example/", "L"))


def extract(sources: list[Path], output: Path, workers: int, *options: str) -> Figures:
    """The figures of the command ``extract``."""
    command = [
        sys.executable,
        "-m",
        "broadsheet",
        "extract",
        *map(str, sources),
        "-o",
        str(output),
        "--quiet",
        "--json",
    ]
    before = os.times()
    process = subprocess.Popen([*command, "--workers", str(workers), *options], stdout=subprocess.DEVNULL)
    peaks: dict[int, int] = {}
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
    watcher.start()
    code = process.wait()
    after = os.times()
    ended.set()
    watcher.join()
    if code:
        raise SystemExit(f"extract ended with {code}")
    manifests = [json.loads(path.read_text()) for path in (output / "dataset" / "_manifest").rglob("*.json")]
    return Figures(
        after.children_user + after.children_system - before.children_user - before.children_system,
        peaks.get(process.pid, 0) / 1000,
        max((peak for pid, peak in peaks.items() if pid != process.pid), default=0) / 1000,
        sum(path.stat().st_size for path in (output / "profiles").glob("*") if path.is_file()),
        sum(one["articles"] for one in manifests),
    )


def _watch(pid: int, peaks: dict[int, int], ended: threading.Event) -> None:
    """Note the peak memory in kB of *pid* and of what it started: the system keeps peaks, so few looks are enough."""
    while not ended.wait(LOOK_SECONDS):
        for one in (pid, *_children(pid)):
            peaks[one] = max(peaks.get(one, 0), _peak(one))


def _peak(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = list(map(int, task.read_text().split()))
        except OSError:
            continue
        for child in found:
            yield child
            yield from _children(child)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", nargs="+", type=Path, default=[])
    parser.add_argument("--warc", nargs="+", type=Path, default=[])
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--once", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sources: list[Path] = options.warc
        if not sources:
            made = Path(folder, "in")
            made.mkdir()
            write_site(made, next(iter(draw(texts_of(options.texts), 1, options.seed))), options.pages)
            sources = [made]
        spent: list[list[float]] = [[], []]
        for number in range(options.rounds):
            for way, named in enumerate(("both readings", "one reading")[: 1 if options.once else 2]):
                got = extract(
                    sources, Path(folder, f"out{number}-{way}"), options.workers, *(["--no-profiles"] if way else [])
                )
                spent[way].append(got.cpu_seconds)
                print(
                    f"{named}: {got.articles} articles, {got.cpu_seconds:.1f} CPU s ({1000 * got.cpu_seconds / max(got.articles, 1):.1f}"
                    f" ms each); main {got.main_mb:.0f} MB, worker {got.worker_mb:.0f} MB; profiles {got.profile_bytes} bytes",
                    flush=True,
                )
        if spent[1]:
            print(f"both readings cost {min(spent[0]) / min(spent[1]):.2f} times one")


if __name__ == "__main__":
    main()
