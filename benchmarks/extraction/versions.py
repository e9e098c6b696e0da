"""CPU per page of this version, of another one, and of trafilatura with metadata: page by page in turn, on one core.

    uv run python benchmarks/extraction/versions.py CORPORA [--other CHECKOUT] [--corpus NAME] [--rounds 1]

CHECKOUT is a checkout of another version with its own ``.venv``.  Each side is a process of its own that reads one page when
asked and tells the CPU seconds that it took, imports left out; all are bound to one core, so that what else the machine does
falls on all of them.  One pass meets each site for the first time, as a crawl of the web does; of several rounds the best of
each page counts, which is the reading of a site that is known.  The last line tells the peak memory of each side.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CORPORA = ("aeb", "fundus", "wcxb", "magic-html", "readability")
_FIRST = "<html><body><article><h1>A</h1><p>The first page of a process, which loads what is loaded late.</p></article>"


class Side:
    """One extractor in its process."""

    def __init__(self, name: str, python: Path, kind: str, folder: Path) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [python, Path(__file__).resolve(), "--side", kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
        )

    def ask(self, *question: str) -> float:
        """The number that the process answers: CPU seconds for a page, or its peak memory in MB."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(question), file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())


def answer(kind: str) -> None:
    """Be a side: read questions (a file and its URL; nothing for the memory) and answer them."""
    for late in filter(find_spec, ("trafilatura", "chardet")):  # what ours loads when it is first needed
        import_module(late)
    read = _trafilatura() if kind == "trafilatura" else _broadsheet()
    read("https://first.example/", _FIRST.encode())
    for line in sys.stdin:
        question = json.loads(line)
        if not question:
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
            continue
        file, url = question
        body = gzip.decompress(Path(file).read_bytes())
        begun = time.process_time()
        read(url, body)
        print(time.process_time() - begun, flush=True)


def _broadsheet() -> Callable[[str, bytes], Any]:
    from datetime import UTC, datetime  # noqa: PLC0415

    layer = "broadsheet.pipelines" if find_spec("broadsheet.pipelines") else "pipelines"  # once a package of its own
    memory, article = (import_module(f"{layer}.{name}") for name in ("derive.memory", "extract.article"))
    memory.calm_collector()
    extractor, now = article.ArticleExtractor(), datetime(2026, 11, 1, tzinfo=UTC)
    return lambda url, body: extractor.extract(article.PageRecord(url, now, (), body))


def _trafilatura() -> Callable[[str, bytes], Any]:
    import trafilatura  # noqa: PLC0415

    def read(url: str, body: bytes) -> Any:
        try:
            return trafilatura.bare_extraction(body, url=url, include_comments=False, with_metadata=True)
        except Exception:
            return None

    return read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="?")
    parser.add_argument("--other", type=Path)
    parser.add_argument("--corpus", action="append", choices=CORPORA)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--step", type=int, default=1, help="every so many pages")
    parser.add_argument("--side", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        answer(options.side)
        return
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    here = Path(__file__).resolve().parents[2]
    for corpus in options.corpus or CORPORA:
        sides = [Side("ours", Path(sys.executable), "broadsheet", here)]
        if options.other:
            other = options.other.resolve()
            sides.append(Side("other version", other / ".venv" / "bin" / "python", "broadsheet", other))
        sides.append(Side("trafilatura", Path(sys.executable), "trafilatura", here))
        folder = options.corpora.resolve() / corpus
        truths = [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]
        pages = [(str(folder / "html" / f"{one['id']}.html.gz"), one["url"] or "") for one in truths][:: options.step]
        spent = [[float("inf")] * len(pages) for _ in sides]
        for _ in range(options.rounds):
            for number, page in enumerate(pages):
                for side, own in zip(sides, spent, strict=True):
                    own[number] = min(own[number], side.ask(*page))
        ours = sum(spent[0])
        told = [
            f"{side.name} {1000 * sum(own) / len(pages):.1f} ms ({sum(own) / ours:.2f})"
            for side, own in zip(sides, spent, strict=True)
        ]
        memory = [f"{side.name} {side.ask():.0f} MB" for side in sides]
        print(f"{corpus}, {len(pages)} pages: {', '.join(told)}; peak {', '.join(memory)}", flush=True)


if __name__ == "__main__":
    main()
