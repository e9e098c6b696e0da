"""Pages with known articles grouped by site: what the site's profile does to their bodies and metadata, page by page.

    uv run [--group train] python benchmarks/extraction/groups.py CORPORA [--unseen] [--cache FILE] [--show]

Sites of three pages and more get a profile, learnt from just these pages, as `extract` learns it.  A page whose body the profile
makes worse is a fault.  The weights that are shipped saw these pages; ``--unseen`` trains others on the pages of all other sites
first (--cache as in train.py).  ``--show`` prints what was taken out (-) and put in (+), with a T for what is in the true text.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from metrics import bag_f1
from run import NOW, Side, metadata, pages, text_for

from broadsheet.pipelines.extract.article import ArticleExtractor, PageReading, extraction_of
from broadsheet.pipelines.extract.body import block_model
from broadsheet.pipelines.extract.extraction import Extraction, PageRecord
from broadsheet.pipelines.extract.page.page import open_page
from broadsheet.pipelines.extract.roles.role import BODY_ROLES
from broadsheet.pipelines.extract.site.learn import learn_profile
from broadsheet.pipelines.extract.site.learnt_pages import MIN_ARTICLES
from broadsheet.pipelines.extract.site.site_name import site_of

CORPORA = ("aeb", "fundus", "wcxb", "magic-html", "trafilatura", "postlight")
_INNER = 5  # folds of the first opinions
_Page = tuple[str, dict[str, Any], PageReading, Extraction]


def sites(folder: Path) -> dict[str, list[tuple[str, dict[str, Any], bytes]]]:
    """The pages of each site that has enough of them for a profile."""
    found: defaultdict[str, list[tuple[str, dict[str, Any], bytes]]] = defaultdict(list)
    for corpus in CORPORA:
        for truth, html in pages(folder / corpus, None):
            if site := site_of(truth["url"] or ""):
                found[site].append((corpus, truth, html))
    return {site: own for site, own in sorted(found.items()) if len(own) >= MIN_ARTICLES}


def first_reading(own: list[tuple[str, dict[str, Any], bytes]]) -> list[_Page]:
    extractor, read = ArticleExtractor(), []
    for corpus, truth, html in own:
        page = open_page(PageRecord(truth["url"], NOW, (), html))
        if page is not None:
            reading = extractor.read(page)
            read.append((corpus, truth, reading, extraction_of(reading, rows=False)))
    return read


def facts(truth: dict[str, Any], got: Extraction) -> list[bool]:
    """Which of title, authors and day are right."""
    side, article = Side(), got.article
    day = article.date_published and article.date_published.isoformat()
    metadata(side, truth, article.title, [one.name for one in article.authors], day, article.date_published_raw)
    return [*side.titles, *side.authors, *side.days]


def moved(before: PageReading, after: PageReading, truth: str) -> list[str]:
    """The blocks that the profile took out or put in."""
    lines, flat = [], " ".join(truth.split())
    for block, one, other in zip(before.page.blocks, before.roles, after.roles, strict=True):
        if (one.role in BODY_ROLES) != (other.role in BODY_ROLES):
            known = "T" if " ".join(block.text.split()) in flat else " "
            lines.append(f"{'+' if other.role in BODY_ROLES else '-'} {known} {block.text[:100]!r}")
    return lines


def measure(folder: Path, show: Callable[[str], None]) -> dict[str, float]:
    f1s: list[tuple[float, float]] = []
    count = changed = 0
    for site, own in sites(folder).items():
        read = first_reading(own)
        profile = learn_profile(site, [got.sketch for _, _, _, got in read if got.sketch is not None])
        if profile is None:
            continue
        extractor = ArticleExtractor({site: profile})
        for corpus, truth, before, got in read:
            after = extractor.read(before.page, before.decision.to_bytes())
            again = extraction_of(after, sketch=False, rows=False)
            count += 1
            changed += facts(truth, got) != facts(truth, again)
            if truth.get("body"):
                one, other = (bag_f1(truth["body"], text_for(corpus, reading)) for reading in (got, again))
                f1s.append((one, other))
                if one != other:
                    show(f"{site} {truth['id']}: F1 {one:.4f} -> {other:.4f}")
            for line in moved(before, after, truth.get("body") or ""):
                show(f"{site} {truth['id']}: {line}")
    return {
        "pages": count,
        "bodies": len(f1s),
        "F1 without": round(sum(one for one, _ in f1s) / len(f1s), 5),
        "F1 with": round(sum(other for _, other in f1s) / len(f1s), 5),
        "better": sum(other > one + 1e-9 for one, other in f1s),
        "worse": sum(other < one - 1e-9 for one, other in f1s),
        "metadata changed": changed,
    }


def train_elsewhere(folder: Path, cache: Path | None) -> dict[str, block_model.Forest]:
    """Forests that saw no page of the sites that are measured."""
    import train  # noqa: PLC0415 - needs the group of that name

    held = sites(folder)
    known = [one for one in train.cached(folder, cache) if site_of(one.url) not in held]
    opinions = train.first_opinions(known, _INNER, unseen=False)
    firsts = [opinions[one.fold(_INNER)][at] for at, one in enumerate(known)]
    first = train.fit(known, [one.measured.features for one in known], *train.FIRST)
    return {block_model.FIRST: first, **train.second_forests(known, firsts)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    if options.unseen:
        trained = train_elsewhere(options.corpora, options.cache)
        block_model.forests = lambda: trained
    print(measure(options.corpora, print if options.show else lambda _: None))


if __name__ == "__main__":
    main()
