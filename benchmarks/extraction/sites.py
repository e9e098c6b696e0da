"""Whole sites that were crawled: bodies against the feeds' truth beside trafilatura's, and what of them is template.

    uv run python benchmarks/extraction/sites.py COLLECTION [--truth NAME.jsonl] [--articles NAME.articles.txt] [--read N] [--json FILE]

Truth and articles are named by their paths.  F1 is that of bags of words, of character pairs where no spaces are written.  Lines of
bodies that stand on many of the site's articles are listed: what of them is furniture, and what content, is for a reader to say.
``--read`` shows N articles, spread over the site, with the edges of their bodies and the blocks around these.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import trafilatura

from broadsheet import Collection

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_WORD = re.compile(r"\w+")
_EDGE = 5  # lines of a body that are shown at each end
_AROUND = 4  # blocks shown before and after the body


def units(text: str) -> Counter[str]:
    """Words; pairs of characters where no spaces are written."""
    found: Counter[str] = Counter()
    for word in _WORD.findall(text.lower()):
        if _CJK.search(word):
            found.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        else:
            found[word] += 1
    return found


def f1(truth: str, found: str) -> float:
    wanted, got = units(truth), units(found)
    return 2 * (wanted & got).total() / ((wanted.total() + got.total()) or 1)


def path_of(url: str) -> str:
    """What names a page in truth and archive alike."""
    return unquote(urlsplit(url).path).removesuffix("index.html") or "/"


def measured(site: Collection, truth_file: Path | None) -> dict[str, float]:
    """Mean F1 of ours and of trafilatura's bodies."""
    if truth_file is None:
        return {}
    truths = {path_of(one["path"]): one["body"] for one in map(json.loads, truth_file.read_text("utf-8").splitlines())}
    mine, theirs = {}, {}
    for article in site.articles():
        path = path_of(article.url)
        if path in truths and path not in mine:
            mine[path] = f1(truths[path], article.text or "")
            theirs[path] = f1(truths[path], trafilatura.extract(article.response().body, url=article.url) or "")
    missing = [0.0] * (len(truths) - len(mine))
    for path in sorted(mine, key=mine.__getitem__)[:3]:
        print(f"  lowest: {mine[path]:.3f} (trafilatura {theirs[path]:.3f}) {path}")
    return {
        "pages": len(mine),
        "of": len(truths),
        "ours": round(statistics.mean([*mine.values(), *missing]), 4),
        "trafilatura": round(statistics.mean([*theirs.values(), *missing]), 4),
    }


def recurring(bodies: dict[str, str], at_least: int) -> list[tuple[int, str]]:
    """The lines of bodies that stand on *at_least* pages, the commonest first."""
    counts: Counter[str] = Counter()
    for body in bodies.values():
        counts.update({" ".join(line.split()) for line in body.splitlines() if line.strip()})
    return [(count, line) for line, count in counts.most_common() if count >= at_least]


def show(site: Collection, bodies: dict[str, str], count: int) -> None:
    """The edges of *count* bodies, and the blocks around them."""
    urls = sorted(bodies)[:: max(1, len(bodies) // count)][:count]
    blocks: dict[str, list[tuple[str, str, bool]]] = {}
    ids = {article.id: article.url for article in site.articles() if article.url in urls}
    for segment in site.segments():
        if segment.id in ids:
            one = (segment.role, " ".join(segment.text.split())[:110], segment.char_start is not None)
            blocks.setdefault(ids[segment.id], []).append(one)
    for url in urls:
        print(f"\n== {url}")
        page = blocks.get(url, [])
        inside = [at for at, (_, _, body) in enumerate(page) if body] or [0]
        spans = (
            range(max(0, inside[0] - _AROUND), min(inside[0] + _EDGE, len(page))),
            range(max(inside[0] + _EDGE, inside[-1] - _EDGE + 1), min(inside[-1] + _AROUND + 1, len(page))),
        )
        for span in spans:
            for at in span:
                role, text, body = page[at]
                print(f"  {'|' if body else ' '} {role:12} {text}")
            print("    ...")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--read", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    site = Collection.open(options.collection)
    wanted = None
    if options.articles is not None:
        wanted = {path_of(line) for line in options.articles.read_text("utf-8").splitlines() if line}
    rows = list(site.articles())
    kept = [row for row in rows if (row.page_type != "listing" if wanted is None else path_of(row.url) in wanted)]
    bodies = {row.url: row.text or "" for row in kept}
    found = {"pages": len(rows), "articles": len(bodies), "empty": sum(not body for body in bodies.values())}
    print(f"{options.collection.name}: {found}")
    f1s = measured(site, options.truth)
    if f1s:
        print(f"  F1 {f1s}")
    at_least = max(3, len(bodies) // 20)
    lines = recurring(bodies, at_least)
    print(f"  lines of bodies on {at_least} articles or more: {len(lines)}")
    for count, line in lines[:25]:
        print(f"    {count:4} {line[:110]}")
    if options.read:
        show(site, bodies, options.read)
    if options.json:
        options.json.write_text(
            json.dumps({**found, "f1": f1s, "recurring": lines}, ensure_ascii=False, indent=1) + "\n"
        )


if __name__ == "__main__":
    main()
