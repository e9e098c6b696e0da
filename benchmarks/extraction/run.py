"""Our articles beside trafilatura's, on pages with known articles: quality, metadata, captions, speed, in one run.

    uv run python benchmarks/extraction/run.py CORPORA [--corpus NAME] [--json FILE] [--limit N]

CORPORA holds a folder a corpus: truth.jsonl (id, url, body, title, author, date, images, with, without) and html/ID.html.gz.
Both get the same bytes.  CPU is measured page by page, alternating, in this one process, its garbage collector set as in a worker.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trafilatura
from metrics import BodyScore, corpus_bag, corpus_f1, folded, paired_interval, same_title, score_body

from broadsheet.pipelines.derive.memory import calm_collector
from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import Extraction, PageRecord

NOW = datetime(2026, 11, 1, tzinfo=UTC)  # after the youngest page
CORPORA = ("aeb", "fundus", "wcxb", "magic-html", "readability", "newspaper4k", "trafilatura")


@dataclass
class Side:
    """What one extractor did on a corpus."""

    bodies: list[BodyScore] = field(default_factory=list)
    titles: list[bool] = field(default_factory=list)
    authors: list[bool] = field(default_factory=list)
    days: list[bool] = field(default_factory=list)
    hits: list[int] = field(default_factory=lambda: [0, 0, 0])  # true positives, false positives, misses of segments
    seconds: float = 0.0

    def segments_f1(self) -> float:
        hit, false, missed = self.hits
        return 2 * hit / max(2 * hit + false + missed, 1)


def pages(folder: Path, limit: int | None) -> Iterator[tuple[dict[str, Any], bytes]]:
    for number, line in enumerate((folder / "truth.jsonl").read_text("utf-8").splitlines()):
        if limit is not None and number >= limit:
            return
        truth = json.loads(line)
        yield truth, gzip.decompress((folder / "html" / f"{truth['id']}.html.gz").read_bytes())


def ours(extractor: ArticleExtractor, url: str, body: bytes) -> Extraction:
    return extractor.extract(PageRecord(url, NOW, (), body))


def theirs(url: str, body: bytes) -> Any:
    try:
        return trafilatura.bare_extraction(body, url=url, include_comments=False, with_metadata=True)
    except Exception:
        return None


def text_for(corpus: str, got: Extraction) -> str:
    """The text as the corpus counts it: with the standfirst in fundus."""
    article = got.article
    parts = [article.text or ""]
    if corpus == "fundus" and article.standfirst:
        parts.insert(0, article.standfirst)
    return "\n".join(parts)


def run(corpus: str, folder: Path, limit: int | None) -> dict[str, Any]:
    extractor = ArticleExtractor()
    mine, other = Side(), Side()
    captions = Captions()
    for truth, html in pages(folder, limit):
        url = truth["url"] or ""
        got, other_got = timed(mine, lambda: ours(extractor, url, html)), timed(other, lambda: theirs(url, html))  # noqa: B023
        article = got.article
        their_text = (other_got.text or "") if other_got else ""
        if truth.get("body"):
            mine.bodies.append(score_body(truth["body"], text_for(corpus, got)))
            other.bodies.append(score_body(truth["body"], their_text))
        segments(mine, truth, article.text or "")
        segments(other, truth, their_text)
        metadata(mine, truth, article.title, [one.name for one in article.authors], article.date_published and
        article.date_published.isoformat(),
                 article.date_published_raw)  # fmt: skip
        their_author = (other_got.author or "").split("; ") if other_got else []
        metadata(other, truth, other_got and other_got.title, their_author, other_got and other_got.date, None)
        if corpus == "fundus":
            captions.add(truth, got)
    return report(corpus, mine, other, captions)


def timed(side: Side, call: Callable[[], Any]) -> Any:
    begun = time.process_time()
    result = call()
    side.seconds += time.process_time() - begun
    return result


def segments(side: Side, truth: dict[str, Any], text: str) -> None:
    flat = " ".join(text.split())
    for wanted in truth.get("with") or ():
        side.hits[0 if " ".join(wanted.split()) in flat else 2] += 1
    for unwanted in truth.get("without") or ():
        side.hits[1] += " ".join(unwanted.split()) in flat


_JOINTS = re.compile(r"\s*(?:[;,|/&]|\band\b|\bund\b|\by\b|\bet\b|\bwith\b)\s*", re.I)
_BY = re.compile(r"^\s*(by|von|por|par|de|written by|posted by)[:\s]+", re.I)


def names(found: object) -> set[str]:
    flat = [found] if isinstance(found, str) else [name for name in (found or []) if isinstance(name, str)]  # type: ignore[attr-defined]
    return {folded(part) for name in flat for part in _JOINTS.split(_BY.sub("", name)) if folded(part)}


def metadata(
    side: Side, truth: dict[str, Any], title: str | None, authors: list[str], date: str | None, raw: str | None
) -> None:
    if truth.get("title"):
        side.titles.append(same_title(truth["title"], title or ""))
    if truth.get("author"):
        side.authors.append(names(truth["author"]) == names(authors))
    if truth.get("date") and (wanted := re.search(r"\d{4}-\d\d-\d\d", str(truth["date"]))):
        days = set(re.findall(r"\d{4}-\d\d-\d\d", f"{date or ''}")[:1]) | set(
            re.findall(r"^\d{4}-\d\d-\d\d", raw or "")
        )
        side.days.append(wanted.group() in days)


@dataclass
class Captions:
    """fundus names the images with their captions: leaked into the text, kept, kept with the right image."""

    total: int = 0
    leaked: int = 0
    kept: int = 0
    placed: int = 0

    def add(self, truth: dict[str, Any], got: Extraction) -> None:
        body = folded(truth["body"])
        text = folded(got.article.text or "")
        kept = {folded(image.caption): image for image in got.images if image.caption}
        for image in truth.get("images") or ():
            caption = folded(image.get("caption") or "")
            if len(caption.split()) < 4 or caption in body:
                continue
            self.total += 1
            self.leaked += caption in text
            match = next(
                (
                    one
                    for known, one in kept.items()
                    if caption in known or (known in caption and 2 * len(known) > len(caption))
                ),
                None,
            )
            self.kept += match is not None
            if match is not None:
                urls = {stem(version["url"]) for version in image.get("versions") or ()}
                self.placed += bool(urls & {stem(url) for url in (match.image_url, *match.srcset_urls)}) or not urls


def stem(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2].lower()


def report(corpus: str, mine: Side, other: Side, captions: Captions) -> dict[str, Any]:
    def mean(values: list[bool]) -> float | None:
        return round(statistics.mean(values), 4) if values else None

    def figures(side: Side) -> dict[str, Any]:
        return {
            "shingle F1": round(corpus_f1(side.bodies), 4) if side.bodies else None,
            "bag F1": round(corpus_bag(side.bodies), 4) if side.bodies else None,
            "segments F1": round(side.segments_f1(), 4) if side.hits[0] else None,
            "title": mean(side.titles),
            "authors": mean(side.authors),
            "day": mean(side.days),
            "CPU s": round(side.seconds, 2),
        }

    result = {
        "corpus": corpus,
        "ours": figures(mine),
        "trafilatura": figures(other),
        "ratio": round(other.seconds / mine.seconds, 2),
    }
    if mine.bodies:
        result["shingle interval"] = [round(one, 4) for one in paired_interval(mine.bodies, other.bodies, corpus_f1)]
        result["bag interval"] = [round(one, 4) for one in paired_interval(mine.bodies, other.bodies, corpus_bag)]
    if captions.total:
        result["captions"] = asdict(captions)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--corpus", action="append", choices=CORPORA)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = []
    calm_collector()
    for corpus in options.corpus or CORPORA:
        result = run(corpus, options.corpora / corpus, options.limit)
        results.append(result)
        print(f"\n{corpus}: {result['ratio']} times the pages per CPU second of trafilatura with metadata")
        for side in ("ours", "trafilatura"):
            print(
                f"  {side:12}",
                "  ".join(f"{name} {value}" for name, value in result[side].items() if value is not None),
            )
        for extra in ("shingle interval", "bag interval", "captions"):
            if extra in result:
                print(f"  {extra}: {result[extra]}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
