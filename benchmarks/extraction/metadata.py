"""Titles, authors, days and captions beside trafilatura's, on pages with known ones, and what reading them costs.

    uv run python benchmarks/extraction/metadata.py CORPORA [--corpus NAME] [--half 0|1] [--misses FIELD] [--alone]

CORPORA is as in run.py.  Fields are counted as there: equal but for case and punctuation, the same set of names, the same
day.  ``--half`` takes the sites of one half (by a hash of the site's name): rules are made on one and tried on the other.
``--misses`` prints what was wanted and what was found; ``--alone`` leaves trafilatura out.  CPU is that of the metadata and
of the images alone, in milliseconds a page, the page being parsed and its blocks known.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from run import Captions, Side, metadata, pages, theirs

from broadsheet.pipelines.extract.article import ArticleExtractor, PageReading, extraction_of
from broadsheet.pipelines.extract.compose.images import article_images
from broadsheet.pipelines.extract.extraction import Extraction, PageRecord
from broadsheet.pipelines.extract.metadata.read import read_metadata
from broadsheet.pipelines.extract.page.page import open_page

NOW = datetime(2026, 11, 1, tzinfo=UTC)  # after the youngest page
CORPORA = ("fundus", "wcxb", "trafilatura", "postlight", "readability", "newspaper4k", "aeb")
ROUNDS = 3  # of each timing; the least counts


@dataclass
class Cost:
    """CPU milliseconds of each page."""

    metadata: list[float] = field(default_factory=list)
    images: list[float] = field(default_factory=list)

    def add(self, reading: PageReading) -> None:
        text = reading.composed.text
        page, main = reading.page, reading.metadata.main_image_url
        self.metadata.append(least(lambda: read_metadata(page, body_text=text)))
        self.images.append(least(lambda: article_images(page.layout, reading.roles, page.resolver, main)))


def least(call: Any) -> float:
    """CPU milliseconds of the quickest of some calls."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        call()
        spent.append(1000 * (time.process_time() - begun))
    return min(spent)


def half_of(site: str) -> int:
    """0 or 1, by the site's name alone."""
    return hashlib.sha256(f"half {site}".encode()).digest()[0] & 1


def run(corpus: str, options: argparse.Namespace) -> dict[str, Any]:
    extractor = ArticleExtractor()
    mine, other, captions, cost = Side(), Side(), Captions(), Cost()
    count = 0
    for truth, html in pages(options.corpora / corpus, options.limit):
        if options.half is not None and half_of(truth["site"]) != options.half:
            continue
        count += 1
        url = truth["url"] or ""
        page = open_page(PageRecord(url, NOW, (), html))
        if page is None:
            continue
        reading = extractor.read(page)
        got = extraction_of(reading)
        cost.add(reading)
        article = got.article
        day = article.date_published and article.date_published.isoformat()
        names = [one.name for one in article.authors]
        metadata(mine, truth, article.title, names, day, article.date_published_raw)
        if options.misses:
            tell(options.misses, truth, got, mine)
        if not options.alone:
            found = theirs(url, html)
            authors = (found.author or "").split("; ") if found else []
            metadata(other, truth, found and found.title, authors, found and found.date, None)
        if corpus == "fundus":
            captions.add(truth, got)
    return {
        "corpus": corpus,
        "pages": count,
        "ours": shares(mine),
        "trafilatura": {} if options.alone else shares(other),
        "captions": captions,
        "ms a page": {"metadata": mean(cost.metadata), "images": mean(cost.images)},
    }


def shares(side: Side) -> dict[str, float]:
    known = {"title": side.titles, "authors": side.authors, "day": side.days}
    return {name: mean(list(map(float, values)), 3) for name, values in known.items() if values}


def mean(values: list[float], digits: int = 2) -> float:
    return round(sum(values) / max(len(values), 1), digits)


def tell(what: str, truth: dict[str, Any], got: Extraction, side: Side) -> None:
    """Print the page when the field *what* of it was missed."""
    article = got.article
    last, wanted, found = {
        "title": (side.titles, truth.get("title"), article.title),
        "author": (side.authors, truth.get("author"), [one.name for one in article.authors]),
        "date": (side.days, truth.get("date"), (str(article.date_published), article.date_published_raw)),
    }[what]
    if wanted and not last[-1]:
        print(
            f"{truth['url']}\n  wanted {wanted}\n  found  {found}  {article.date_published_source if what == 'date' else ''}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--corpus", action="append", choices=CORPORA)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--limit", type=int)
    parser.add_argument("--misses", choices=("title", "author", "date"))
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = []
    for corpus in options.corpus or CORPORA:
        result = run(corpus, options)
        captions = result.pop("captions")
        print(f"{corpus}: {result['pages']} pages, ms a page: {result['ms a page']}")
        for side in ("ours", "trafilatura"):
            if result[side]:
                print(f"  {side:12}", "  ".join(f"{name} {value}" for name, value in result[side].items()), flush=True)
        if captions.total:
            result["captions"] = {"of": captions.total, "leaked": captions.leaked, "kept": captions.kept,
                                  "with the right image": captions.placed}  # fmt: skip
            print("  captions    ", result["captions"], flush=True)
        results.append(result)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
