"""Where the CPU of a page goes: milliseconds of each stage, beside trafilatura with metadata on the same pages in the same run.

    uv run python benchmarks/extraction/stages.py CORPORA [--corpus aeb] [--rounds 3] [--json FILE]

Every stage is timed where the extractor calls it, without what it calls in turn that is a stage of its own; ``rest`` is what
no stage owns.  ``second`` is a reading that takes over the body decision of the first, as under a site's profile.  Rows are
turned into Arrow as the dataset does it.  The best round of each side counts; the garbage collector is set as in the workers.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trafilatura

from broadsheet.archive.http import parse_response_head
from broadsheet.archive.resolved_response import ResolvedResponse
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.pipelines.dataset.rows import PartRows
from broadsheet.pipelines.derive.memory import calm_collector
from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import PageRecord

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TABLES = ("articles", "segments", "images", "links")
_PAGE, _BODY, _ARTICLE = (
    "broadsheet.pipelines.extract.page.page",
    "broadsheet.pipelines.extract.body.body",
    "broadsheet.pipelines.extract.article",
)
_MODEL = "broadsheet.pipelines.extract.body.block_model"
STAGES = {  # stage -> where its function is called by name
    "decode": [(_PAGE, "decode_page")],
    "parse": [(_PAGE, "parse_html")],
    "layout": [(_PAGE, "lay_out")],
    "words and keywords": [(_ARTICLE, "traits_of")],
    "measures": [(_BODY, "measure"), (_BODY, "read_meta_texts")],
    "model": [(_BODY, "weigh"), (_MODEL, "Evidence.alone"), (_MODEL, "Evidence.with_verdict")],
    "trafilatura's verdict": [(_BODY, "ask"), (_BODY, "membership")],
    "metadata": [(_ARTICLE, "read_metadata"), (_ARTICLE, "with_byline")],
    "roles": [(_ARTICLE, "trim_head"), (_ARTICLE, "assign_roles"), (_ARTICLE, "follow_headings")],
    "compose": [(_ARTICLE, "compose"), (_ARTICLE, "article_row")],
    "segments": [(_ARTICLE, "_segments")],
    "links": [(_ARTICLE, "_links")],
    "images": [(_ARTICLE, "article_images")],
    "sketch": [(_ARTICLE, "_sketch")],
}

_OTHERS = {"words and keywords", "measures", "model", "trafilatura's verdict", "metadata", "total"}


class Clock:
    """CPU seconds by stage; what a stage calls that is a stage itself is not counted twice."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            begun = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                spent = time.process_time() - begun
                self.seconds[stage] += spent - self._inner.pop()
                self._inner[-1] += spent

        return call

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Time the stages while it is open."""
        kept = []
        for stage, places in STAGES.items():
            for module_name, name in places:
                holder, _, name = name.rpartition(".")
                module: Any = importlib.import_module(module_name)
                module = getattr(module, holder) if holder else module
                if hasattr(module, name):
                    kept.append((module, name, getattr(module, name)))
                    setattr(module, name, self.timed(stage, getattr(module, name)))
        try:
            yield
        finally:
            for module, name, function in kept:
                setattr(module, name, function)


def pages(folder: Path) -> list[tuple[str, bytes]]:
    truths = map(json.loads, (folder / "truth.jsonl").read_text("utf-8").splitlines())
    return [
        (truth["url"] or "", gzip.decompress((folder / "html" / f"{truth['id']}.html.gz").read_bytes()))
        for truth in truths
    ]


def ours(found: list[tuple[str, bytes]], decisions: dict[int, bytes]) -> dict[str, float]:
    """CPU seconds by stage over all pages; the decisions are taken from *decisions*, or left there when it is empty."""
    clock = Clock()
    extractor = ArticleExtractor()
    rows = PartRows(TABLES, "x.warc.gz", extractor)
    given = dict(decisions)
    with clock.listening():
        extract, add = clock.timed("rest", extractor.extract), clock.timed("rows", rows.add_page)
        for number, (url, body) in enumerate(found):
            record = PageRecord(url, NOW, (), body, given.get(number, b""), sketch=number not in given)
            got = extract(record)
            add(answer_of(url, number), got)
            decisions.setdefault(number, got.body_decision)
    return dict(clock.seconds)


def answer_of(url: str, number: int) -> ResolvedResponse:
    """The answer that a page came with, as the rows want it: they take from it where the page came from."""
    head = parse_response_head(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    record = WarcRecord(
        "x.warc.gz", "WARC/1.1", (), {}, "response", f"urn:uuid:{number}", NOW, url, None, b"", 0, b"", b"", number, 1
    )
    return ResolvedResponse(record, head, record)


def theirs(found: list[tuple[str, bytes]]) -> float:
    begun = time.process_time()
    for url, body in found:
        try:
            trafilatura.bare_extraction(body, url=url, include_comments=False, with_metadata=True)
        except Exception:
            continue
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--corpus", default="aeb")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = pages(options.corpora / options.corpus)
    ours(found[:5], {})  # imports, weights, tables
    theirs(found[:5])
    calm_collector()
    first, second, peer = [], [], []
    for _ in range(options.rounds):
        decisions: dict[int, bytes] = {}
        first.append(ours(found, decisions))
        second.append(ours(found, decisions))
        peer.append(theirs(found))
    a_page = 1000 / len(found)
    best, again = (min(rounds, key=lambda stages: sum(stages.values())) for rounds in (first, second))
    trafilatura_ms = min(peer) * a_page
    told = {
        stage: (best.get(stage, 0.0) * a_page, again.get(stage, 0.0) * a_page) for stage in (*STAGES, "rest", "rows")
    }
    told["total"] = (sum(best.values()) * a_page, sum(again.values()) * a_page)
    shared = sum(one for stage, (one, _) in told.items() if stage not in _OTHERS)
    print(f"{options.corpus}, {len(found)} pages; CPU ms a page      first   second")
    for stage, (one, other) in told.items():
        print(f"  {stage:36} {one:7.2f}  {other:7.2f}")
    print(f"  {'without measures, verdict, metadata':36} {shared:7.2f}")
    print(f"  {'trafilatura with metadata':36} {trafilatura_ms:7.2f}")
    ratio, ratio_again = (trafilatura_ms / one for one in told["total"])
    print(f"  {'times the pages per CPU second':36} {ratio:7.2f}  {ratio_again:7.2f}")
    if options.json:
        values = {"pages": len(found), "stages": told, "trafilatura": trafilatura_ms, "ratio": [ratio, ratio_again]}
        options.json.write_text(json.dumps(values, indent=1) + "\n")


if __name__ == "__main__":
    main()
