"""Pages that people have as files: a first `extract`, `extract` against trafilatura, and a folder imported and extracted.

    uv run python benchmarks/importing/run.py [--files 10000] [--pages DIR]

``--pages`` is a folder with HTML files (.html, .html.gz) to take in turn; without it, made pages.  Prints CPU seconds, pages per CPU second, and the
largest resident size of any process, in MiB.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import trafilatura
from equal_rows import read_pages

import broadsheet

SENTENCE = (
    "The harbour master of port number {n} said on day {m} that ships had come in before noon, as they do every week. "
)


def made_page(number: int) -> str:
    paragraphs = "".join(f"<p>{SENTENCE.format(n=number, m=m) * 3}</p>" for m in range(12))
    links = "".join(f'<li><a href="/{number + n}">Another story, number {number + n}</a></li>' for n in range(40))
    return (
        f'<!doctype html><html lang="en"><head><title>Port {number}</title><link rel="canonical" '
        f'href="https://port{number % 50}.example/{number}"></head><body><nav><ul>{links}</ul></nav>'
        f"<article><h1>Port number {number} is open</h1>{paragraphs}</article><footer>Imprint, terms, contact</footer></body></html>"
    )


def children() -> tuple[float, float]:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measured(*command: str) -> tuple[float, float]:
    """CPU seconds of *command* and its processes, and the largest resident size of any child so far."""
    before = children()[0]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after, largest = children()
    return after - before, largest


def first_extract(page: Path) -> None:
    code = "import pathlib, sys, time; import {library}; {call}; print(time.process_time())"
    calls = {
        "broadsheet": "broadsheet.extract(pathlib.Path(sys.argv[1]).read_bytes())",
        "trafilatura": "trafilatura.extract(pathlib.Path(sys.argv[1]).read_bytes(), output_format='json', with_metadata=True)",
    }
    for _ in range(3):
        for library, call in calls.items():
            done = subprocess.run(
                [sys.executable, "-c", code.format(library=library, call=call), str(page)],
                check=True,
                capture_output=True,
                text=True,
            )
            print(f"first extract, {library}: {float(done.stdout):.2f} CPU s")


def many(pages: list[bytes]) -> None:
    broadsheet.extract(pages[0])
    trafilatura.extract(pages[0])
    for _ in range(2):
        for name, read in (
            ("broadsheet", broadsheet.extract),
            ("trafilatura", lambda page: trafilatura.extract(page, output_format="json", with_metadata=True)),
        ):
            begun = time.process_time()
            for page in pages:
                read(page)
            print(f"{name}: {len(pages) / (time.process_time() - begun):.1f} pages per CPU s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--pages", type=Path)
    options = parser.parse_args()
    given = read_pages(options.pages, options.files) if options.pages else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = folder / "pages"
        pages.mkdir()
        for number in range(options.files):
            body = given[number % len(given)] + b"<!-- %d -->" % number if given else made_page(number).encode()
            (pages / f"{number:06}.html").write_bytes(body)
        first_extract(pages / "000000.html")
        many([path.read_bytes() for path in sorted(pages.glob("*.html"))[:200]])
        command = (sys.executable, "-m", "broadsheet")
        cpu, largest = measured(*command, "import", str(pages), "-o", str(folder / "c"), "--no-extract", "-q")
        print(f"import: {options.files / cpu:.0f} files per CPU s, {largest:.0f} MiB")
        workers = str(os.cpu_count() or 1)
        cpu, largest = measured(*command, "extract", str(folder / "c"), "--workers", workers, "-q")
        print(f"extract: {options.files / cpu:.1f} pages per CPU s, {largest:.0f} MiB")


if __name__ == "__main__":
    main()
