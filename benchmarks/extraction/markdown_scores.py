"""Code, formulas and tables of the Markdown that we and trafilatura make of pages with known listings, formulas and tables.

    uv run python benchmarks/extraction/markdown_scores.py [CORPORA] [--json FILE] [--worst]

The pages are those of markdown_pages.py and, where CORPORA is given (see run.py), some of the corpora.  A page's score is, for
code, how alike its listings are to the truth, character by character, with their line ends and indentation; for formulas the
same without white space; for tables the share of the cells that stand at their place in GFM (F1).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path

import trafilatura
from lxml import html as lxml_html
from markdown_pages import CORPUS_PAGES, PAGES, CorpusPage, Kind

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import PageRecord

NOW = datetime(2026, 11, 1, tzinfo=UTC)
_FENCE = re.compile(r"^( *)(`{3,})[^\n`]*\n(.*?)^\1\2 *$", re.M | re.S)
_FORMULA = re.compile(
    r"\$\$(.+?)\$\$|(?<![\\$\w])\$(?![\s$])([^$\n]+?)(?<![\s\\])\$(?!\d)|\\\[(.+?)\\\]|\\\((.+?)\\\)", re.S
)
_STYLED = re.compile(r"^\{\\displaystyle\s+(.*)\}$", re.S)
_CELL = re.compile(r"(?<!\\)\|")
_MARKS = re.compile(r"\*\*|\\(?=[|*_\[\]\\])|\[([^\]]*)\]\([^)]*\)|`")


@dataclass(frozen=True, slots=True)
class Task:
    """A page with its truth: texts of listings or formulas, or the rows of its tables, one after the other."""

    name: str
    kind: Kind
    url: str
    html: bytes
    truth: tuple[str, ...] | tuple[tuple[str, ...], ...]


def tasks(corpora: Path | None) -> Iterator[Task]:
    for page in PAGES:
        yield Task(page.name, page.kind, "https://river.example/gauge", page.html.encode(), page.truth)
    for known in CORPUS_PAGES if corpora is not None else ():
        assert corpora is not None
        yield corpus_task(corpora / known.corpus, known)


def corpus_task(folder: Path, known: CorpusPage) -> Task:
    lines = (json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines())
    url = next(one["url"] for one in lines if one["id"] == known.id)
    html = gzip.decompress((folder / "html" / f"{known.id}.html.gz").read_bytes())
    found = lxml_html.fromstring(html.decode("utf-8", "replace")).xpath(known.xpath)
    truth: tuple[str, ...] | tuple[tuple[str, ...], ...]
    if known.kind == "tables":
        counts = tuple(len(table.xpath(".//td|.//th")) for table in found)
        truth = tuple(
            tuple(" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th"))
            for table in found
            for row in table.iter("tr")
        )
    else:
        truth = tuple(_STYLED.sub(r"\1", one.text_content().strip("\n")) for one in found)
        counts = tuple(text.strip().count("\n") + 1 for text in truth) if known.kind == "code" else (1,) * len(truth)
    assert counts == known.counts, f"{known.id}: the page has {counts}, known are {known.counts}"
    return Task(f"{known.corpus} {known.id}", known.kind, url, html, truth)


def score(task: Task, markdown: str) -> float:
    if task.kind == "tables":
        return score_cells([tuple(row) for row in task.truth], rows_of(markdown))
    if task.kind == "code":
        return alike("\n\n".join(map(str, task.truth)), "\n\n".join(listings_of(markdown)))
    wanted = ("".join(str(one).split()) for one in task.truth)
    return alike("\n".join(wanted), "\n".join("".join(one.split()) for one in formulas_of(markdown)))


def alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() if other else 0.0


def listings_of(markdown: str) -> list[str]:
    return [
        "\n".join(line.removeprefix(indent) for line in text.rstrip("\n").split("\n")).strip("\n")
        for indent, _, text in _FENCE.findall(markdown)
    ]


def formulas_of(markdown: str) -> list[str]:
    return [next(filter(None, groups)) for groups in _FORMULA.findall(_FENCE.sub("", markdown))]


def rows_of(markdown: str) -> list[tuple[str, ...]]:
    rows = []
    for line in markdown.split("\n"):
        text = line.strip()
        if text.startswith("|") and set(text) - set("|-: "):
            cells = _CELL.split(text.removeprefix("|").removesuffix("|"))
            rows.append(tuple(" ".join(_MARKS.sub(r"\1", cell).replace("<br>", " ").split()) for cell in cells))
    return rows


def score_cells(wanted: list[tuple[str, ...]], got: list[tuple[str, ...]]) -> float:
    """F1 of cells at their places: rows are matched in their order, and within a row the columns."""
    matcher = SequenceMatcher(None, [row[:1] for row in wanted], [row[:1] for row in got], autojunk=False)
    right = 0
    for block in matcher.get_matching_blocks():
        for at in range(block.size):
            pairs = zip(wanted[block.a + at], got[block.b + at], strict=False)
            right += sum(plain(one) == plain(other) for one, other in pairs)
    total = sum(map(len, wanted)) + sum(map(len, got))
    return 2 * right / total if total else 0.0


def plain(cell: str) -> str:
    return "".join(cell.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="?")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--worst", action="store_true", help="print each page on which we are not perfect")
    options = parser.parse_args()
    extractor = ArticleExtractor()
    scores: dict[tuple[str, str], list[float]] = {}
    pages = 0
    for task in tasks(options.corpora):
        pages += 1
        ours = extractor.extract(PageRecord(task.url, NOW, (), task.html)).article.text_markdown or ""
        theirs = trafilatura.extract(task.html, url=task.url, output_format="markdown", include_formatting=True) or ""
        for name, markdown in (("ours", ours), ("trafilatura", theirs)):
            scores.setdefault((task.kind, name), []).append(score(task, markdown))
        if options.worst and scores[task.kind, "ours"][-1] < 1:
            print(
                f"  {task.kind} {task.name}: {scores[task.kind, 'ours'][-1]:.3f}, trafilatura {scores[task.kind, 'trafilatura'][-1]:.3f}"
            )
    print(f"{pages} pages")
    print(f"{'':12}{'pages':>6}{'ours':>8}{'trafilatura':>13}")
    result = {}
    for kind in ("code", "formulas", "tables"):
        row = {name: round(statistics.mean(scores[kind, name]), 3) for name in ("ours", "trafilatura")}
        result[kind] = {"pages": len(scores[kind, "ours"]), **row}
        print(f"{kind:12}{len(scores[kind, 'ours']):6}{row['ours']:8.3f}{row['trafilatura']:13.3f}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1), "utf-8")


if __name__ == "__main__":
    main()
