"""Terms over time: the share of articles with a word, by month; over the whole collection, or site by site.

A term is a query (`query_language`), so a phrase, a prefix or "a OR b" is a term, too.  Shares, not counts: a crawl has more of
one year than of another (Michel et al., Science 331, 2011, divide by all words of a year; here it is by articles).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from broadsheet.pipelines.search.columns import Ints, Mask, SearchColumns
from broadsheet.pipelines.search.searcher import Searcher, month_name

MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class TermSeries:
    """A line: the articles with the term by month, all of that month (of the site), and their shares (None: there are none)."""

    term: str
    site: str | None
    counts: tuple[int, ...]
    totals: tuple[int, ...]
    shares: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class TermsOverTime:
    """``months`` one after the other, how many articles each has, and a line for each term."""

    months: tuple[str, ...]
    totals: tuple[int, ...]
    series: tuple[TermSeries, ...]


def terms_over_time(searcher: Searcher, terms: Sequence[str], sites: Sequence[str] = ()) -> TermsOverTime:
    """The shares of articles with each of *terms*; with *sites*, of each site for itself.

    Raises:
        BadInput: a query takes too long.
    """
    columns, everything = searcher.mask("")
    known = everything & (columns.months >= 0)
    if not known.any():
        return TermsOverTime((), (), ())
    first, last = int(columns.months[known].min()), int(columns.months[known].max())
    span = last - first + 1

    def counted(mask: Mask) -> Ints:
        return np.bincount(columns.months[mask] - first, minlength=span)

    series = []
    for term in terms[:MOST_TERMS]:
        of_columns, found = searcher.mask(term)
        if len(of_columns) != len(columns):  # an update came between
            return terms_over_time(searcher, terms, sites)
        for site, base in _bases(columns, known, sites):
            series.append(_series(term, site, counted(found & base), counted(base)))
    return TermsOverTime(
        tuple(month_name(first + number) for number in range(span)), tuple(counted(known).tolist()), tuple(series)
    )


def _bases(columns: SearchColumns, known: Mask, sites: Sequence[str]) -> list[tuple[str | None, Mask]]:
    if not sites:
        return [(None, known)]
    return [(site, known & columns.having("site", {site})) for site in sites]


def _series(term: str, site: str | None, counts: Ints, totals: Ints) -> TermSeries:
    shares = tuple(
        round(count / total, 6) if total else None
        for count, total in zip(counts.tolist(), totals.tolist(), strict=True)
    )
    return TermSeries(term, site, tuple(counts.tolist()), tuple(totals.tolist()), shares)
