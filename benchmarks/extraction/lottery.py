"""Sites with known truth: pages whose body is exact, lines lost and left in, roles and authors; without profiles, with, trafilatura.

    uv run python benchmarks/extraction/lottery.py --texts TRUTH.jsonl [...] [--sites 40] [--seed 1] [--worst N] [--held-out] [--boxes SET]
    uv run python benchmarks/extraction/lottery.py --made PAGES.warc.gz TRUTH.jsonl [--worst N]

The first draws sites (`drawn_sites`, `drawn_boxes`) around the texts of truth files; the second reads ones that were made elsewhere: a WARC, and a
line of JSON for each article with ``url``, ``style``, ``author`` and ``blocks``, pairs of kind and text.  A body is exact when it is
the lines of its article, word for word, in their order; a standfirst or a dated correction may be in it or not.  A line is lost when it is no line of the
body.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import trafilatura
from drawn_boxes import LOOK_ALIKES, SETS, draw_boxes
from drawn_sites import HELD_OUT, DrawnPage, draw, texts_of

from broadsheet.archive.http import decode_content, parse_response_head
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.source import WarcSource
from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import Extraction, PageRecord
from broadsheet.pipelines.extract.site.learn import learn_profile
from broadsheet.pipelines.extract.site.site_name import site_of

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ARTICLE = frozenset({"para", "subhead", "item", "quote"})
EITHER = frozenset({"standfirst", "corrected"})
ROLES = {  # kinds whose role is known
    "ad": {"ad"}, "share": {"share"}, "related": {"related"}, "teaser": {"related"}, "also": {"related"}, "most": {"most_read"},
    "byline": {"byline"}, "date": {"dateline"}, "caption": {"caption"}, "credit": {"credit"}, "bio": {"author_bio"},
    "bioname": {"author_bio"}, "newsletter": {"newsletter"}, "tags": {"tags"}, "comment": {"comment"}, "neighbour": {"related", "nav"},
    "byname": {"byline", "dateline"}, "next": {"related"}, "inline": {"related"}, "signed": {"byline", "author_bio"},
}  # fmt: skip


def made_elsewhere(warc: Path, truth: Path) -> Iterator[list[DrawnPage]]:
    """The sites of a WARC, with what the file of truths says of their articles."""
    truths = {one["url"]: one for one in map(json.loads, truth.read_text("utf-8").splitlines())}
    sites: defaultdict[str, list[DrawnPage]] = defaultdict(list)
    for record in read_records(WarcSource.of(warc)):
        if record.record_type != "response" or record.url is None:
            continue
        head, _, body = record.block.partition(b"\r\n\r\n")
        html = decode_content(body, parse_response_head(head + b"\r\n\r\n"), 1 << 26).content.decode("utf-8", "replace")
        one = truths.get(record.url, {"blocks": (), "author": None, "style": ""})
        lines = tuple((kind, text) for kind, text in one["blocks"])
        sites[site_of(record.url)].append(DrawnPage(record.url, html, lines, one["author"], one["style"], frozenset()))
    yield from sites.values()


def squeezed(text: str) -> str:
    """*text* without its white space."""
    return "".join(text.split())


def lines_in(text: str) -> set[str]:
    """The lines of a body, without marks of lists."""
    return {squeezed(line.lstrip("-*• ")) for line in text.split("\n")}


class Scores:
    """What one way of reading made of the pages."""

    def __init__(self, name: str, article: frozenset[str]) -> None:
        """*article* are the kinds of lines that are the article's."""
        self.name, self.article, self.exact, self.total = name, article, Counter[str](), Counter[str]()
        self.lost, self.left, self.lines, self.lost_lines = Counter[str](), Counter[str](), 0, 0
        self.authors, self.authored, self.roles = 0, 0, defaultdict[str, Counter[str]](Counter)
        self.wrong: list[tuple[str, list[str], list[str]]] = []

    def add(self, page: DrawnPage, text: str, got: Extraction | None) -> None:
        """Count *page*, whose body was found to be *text*."""
        found, whole = lines_in(text), squeezed(text.replace("•", ""))
        truths = [
            "".join(squeezed(line) for kind, line in page.lines if kind in kinds)
            for kinds in (self.article, self.article | EITHER)
        ]
        lost = [kind for kind, line in page.lines if kind in self.article and squeezed(line) not in found]
        left = [kind for kind, line in page.lines if kind not in self.article | EITHER and squeezed(line) in found]
        exact = whole in truths
        for group in ("all", page.style, *page.boxes):
            self.total[group] += 1
            self.exact[group] += exact
        self.lines += sum(kind in self.article for kind, _ in page.lines)
        self.lost_lines += len(lost)
        self.lost.update(set(lost))
        self.left.update(set(left))
        if not exact:
            self.wrong.append((page.url, left, lost))
        if got is None:
            return
        if page.author is not None:
            self.authored += 1
            self.authors += [one.name for one in got.article.authors] == [page.author]
        roles: defaultdict[str, list[str]] = defaultdict(list)
        for segment in got.segments:
            roles[squeezed(segment.text)].append(segment.role)
        times = Counter(squeezed(line) for _, line in page.lines)
        for kind, line in page.lines:
            here = roles.get(squeezed(line), [])
            if times[squeezed(line)] != len(here):
                continue  # the line is joined with its neighbour in the page's markup
            role = here.pop(0)
            times[squeezed(line)] -= 1
            if kind in ROLES:
                self.roles[kind]["right" if role in ROLES[kind] else str(role)] += 1

    def show(self, worst: int) -> None:
        """Print all of it."""
        exact, total = self.exact["all"], self.total["all"] or 1
        print(
            f"{self.name}: exact {exact} of {total} ({100 * exact / total:.1f} %); lines lost {self.lost_lines} of {self.lines}"
        )
        if not self.authored:
            return
        print(
            "  "
            + ", ".join(
                f"{group} {self.exact[group]}/{count}" for group, count in sorted(self.total.items()) if group != "all"
            )
        )
        print(f"  left in, pages: {dict(self.left.most_common())}; lost, pages: {dict(self.lost)}")
        print(f"  authors {self.authors} of {self.authored} where the page names one")
        for kind, counts in sorted(self.roles.items()):
            others = ", ".join(f"{role} {count}" for role, count in counts.most_common() if role != "right")
            print(f"  {kind:<11} {100 * counts['right'] / counts.total():5.1f} % of {counts.total()} {others}")
        for url, left, lost in self.wrong[:worst]:
            print(f"  {url} left in {left} lost {lost}")


def read(extractor: ArticleExtractor, page: DrawnPage, earlier: bytes = b"", *, rows: bool = True) -> Extraction:
    """One reading of *page*."""
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    body = page.html.encode("utf-8", "replace")
    return extractor.extract(PageRecord(page.url, NOW, headers, body, earlier, rows, sketch=not rows))


def sites_of(options: argparse.Namespace) -> Iterator[list[DrawnPage]]:
    """The sites that are asked for."""
    if options.made:
        return made_elsewhere(*options.made)
    texts = texts_of(options.texts)
    if options.boxes:
        return draw_boxes(texts, options.sites, options.seed, options.boxes)
    return draw(texts, options.sites, options.seed, HELD_OUT if options.held_out else ())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", nargs="+", type=Path, default=[])
    parser.add_argument("--made", nargs=2, type=Path)
    parser.add_argument("--sites", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--held-out", action="store_true", help="no boxes but those that no rule was chosen for")
    parser.add_argument("--boxes", choices=SETS, help="draw sites around boxes and their look-alikes")
    options = parser.parse_args()
    sites = sites_of(options)
    article = ARTICLE | frozenset(LOOK_ALIKES) if options.boxes else ARTICLE  # a name may be a box's in the one draw
    alone, profiled, theirs = (Scores(name, article) for name in ("without profiles", "with profiles", "trafilatura"))
    cpu: Counter[str] = Counter()
    for pages in sites:
        site, plain = site_of(pages[0].url), ArticleExtractor()
        started = time.process_time()
        first = [read(plain, page, rows=False) for page in pages]
        cpu["first reading"] += time.process_time() - started
        started = time.process_time()
        profile = learn_profile(site, [one.sketch for one in first if one.sketch is not None])
        cpu["learning"] += time.process_time() - started
        second = ArticleExtractor({} if profile is None else {site: profile}, "profiled")
        started = time.process_time()
        got = [read(second, page, one.body_decision) for page, one in zip(pages, first, strict=True)]
        cpu["second reading"] += time.process_time() - started
        for page, one, other in zip(pages, first, got, strict=True):
            if page.lines:
                alone.add(page, one.article.text or "", None)
                profiled.add(page, other.article.text or "", other)
                theirs.add(page, trafilatura.extract(page.html, include_comments=False) or "", None)
    for scores in (theirs, alone, profiled):
        scores.show(options.worst)
    pages_read = profiled.total["all"] or 1
    print("CPU ms a page: " + ", ".join(f"{name} {1000 * spent / pages_read:.1f}" for name, spent in cpu.items()))


if __name__ == "__main__":
    main()
