"""Terms over time: a line for each term, drawn here, so that it needs no script; with scripts, uPlot draws it once more, to be
looked into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request

from broadsheet.pipelines.search.terms import MOST_TERMS, TermSeries, TermsOverTime, terms_over_time
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View

WIDTH, HEIGHT, LEFT, BOTTOM = 960, 300, 52, 24
_MOST_SITES = 6


@dataclass(frozen=True, slots=True)
class TermsView:
    """What was asked for, and the lines."""

    terms: tuple[str, ...]
    sites: tuple[str, ...]
    smooth: int
    over_time: TermsOverTime


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line as points of the drawing; ``found`` counts the articles."""

    label: str
    term: str
    site: str | None
    path: str
    found: int


def terms_page(served: ServedCollection, request: Request) -> View:
    """``q``: terms parted by commas; ``site``: a line for each; ``smooth``: months before and after that are averaged."""
    query = request.query_params
    text = query.get("q", "")[:500]
    terms = tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))[:MOST_TERMS]
    sites = tuple(dict.fromkeys(query.getlist("site")))[:_MOST_SITES]
    smooth = {"1": 1, "3": 3, "6": 6}.get(query.get("smooth", ""), 0)
    over_time = terms_over_time(served.searcher, terms, sites)
    highest = max(
        (share for one in over_time.series for share in smoothed(one, smooth) if share is not None), default=0.0
    )
    shown = {
        "lines": [_drawn(one, smooth, highest) for one in over_time.series],
        "highest": highest,
        "years": _years(over_time.months),
        "text": ", ".join(terms),
        "size": (WIDTH, HEIGHT, LEFT, BOTTOM),
        "known_sites": _known_sites(served),
    }
    return View("terms.html", "Terms over time", TermsView(terms, sites, smooth, over_time), place="terms", shown=shown)


def smoothed(series: TermSeries, around: int) -> list[float | None]:
    """The shares, averaged over *around* months before and after: articles with the term by all articles of these months."""
    if not around:
        return list(series.shares)
    averaged: list[float | None] = []
    for at in range(len(series.counts)):
        some = slice(max(0, at - around), at + around + 1)
        total = sum(series.totals[some])
        averaged.append(sum(series.counts[some]) / total if total else None)
    return averaged


def _drawn(series: TermSeries, smooth: int, highest: float) -> DrawnLine:
    shares = smoothed(series, smooth)
    step = (WIDTH - LEFT) / max(1, len(shares) - 1)
    parts, pen_down = [], False
    for at, share in enumerate(shares):
        if share is None:
            pen_down = False
            continue
        y = (HEIGHT - BOTTOM) * (1 - share / highest) if highest else HEIGHT - BOTTOM
        parts.append(f"{'L' if pen_down else 'M'}{LEFT + at * step:.1f} {y:.1f}")
        pen_down = True
    label = f"{series.term} · {series.site}" if series.site else series.term
    return DrawnLine(label, series.term, series.site, " ".join(parts), sum(series.counts))


def _years(months: Sequence[str]) -> list[tuple[float, str]]:
    step = (WIDTH - LEFT) / max(1, len(months) - 1)
    januaries = [(LEFT + at * step, month[:4]) for at, month in enumerate(months) if month.endswith("-01") or at == 0]
    every = -(-len(januaries) // 16)
    return januaries[:: max(1, every)]


def _known_sites(served: ServedCollection) -> list[str]:
    columns, everything = served.searcher.mask("")
    column = columns.facets["site"]
    counts = column.counts(everything)
    return [column.values[code] for code in (-counts).argsort(kind="stable")[:50].tolist() if counts[code]]
