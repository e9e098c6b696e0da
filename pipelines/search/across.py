"""One search over several indexes: one list of hits, counts that are sums, the index as one more facet.

Each index answers for itself, with as many hits as the page asked for may need, and the lists are merged: by date, or by bm25.
The bm25 of two indexes counts how rare a word is in each of them, so hits of a small collection are weighed a little otherwise
than those of a large one; exact titles come first all the same.  Copies are folded within a collection, not across.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from broadsheet.archive.errors import BroadsheetError
from broadsheet.pipelines.search.columns import FACETS
from broadsheet.pipelines.search.hits import Hit
from broadsheet.pipelines.search.query_language import parse_query, phrases_of
from broadsheet.pipelines.search.searcher import (
    LISTING_WEIGHT,
    PAGE_HITS,
    SORTS,
    FacetCount,
    MonthCount,
    Searcher,
    SearchRequest,
    SearchResult,
    month_name,
    month_number,
)
from broadsheet.pipelines.search.words import words_of

MOST_PAGES = 25  # each index gives all hits up to the page
_ALL_VALUES = 4096  # of a facet that an index gives, so that sums are right


@dataclass(frozen=True, slots=True)
class HitAcross:
    """A hit, and the name of the index that it is of."""

    index: str
    hit: Hit


@dataclass(frozen=True, slots=True)
class ResultAcross:
    """Hits of several indexes.  ``found``, ``groups``, ``articles``, ``facets``, ``months`` and ``undated`` are the sums of
    those that were chosen; ``indexes`` counts what each index found, chosen or not; ``faults`` says why one did not answer."""

    found: int
    groups: int
    articles: int
    hits: tuple[HitAcross, ...]
    indexes: tuple[FacetCount, ...]
    facets: dict[str, tuple[FacetCount, ...]]
    months: tuple[MonthCount, ...]
    undated: int
    faults: dict[str, str]


def search_across(
    searchers: Mapping[str, Searcher], request: SearchRequest, chosen: Iterable[str] = (), *, most_values: int = 12
) -> ResultAcross:
    """The page of hits that *request* asks for of the indexes *chosen*, none: of all.

    An index that cannot be read costs its own hits alone.
    """
    page = min(max(1, request.page), MOST_PAGES)
    wanted = set(chosen) & set(searchers) or set(searchers)
    asked = replace(request, page=1, size=page * PAGE_HITS, like=None)
    results: dict[str, SearchResult] = {}
    faults: dict[str, str] = {}
    for name, searcher in searchers.items():
        try:
            results[name] = searcher.search(asked, most_values=_ALL_VALUES)
        except BroadsheetError as error:
            faults[name] = str(error)
    counted = [
        FacetCount(name, one.found, name in wanted and wanted != set(searchers)) for name, one in results.items()
    ]
    those = {name: one for name, one in results.items() if name in wanted}
    hits = sorted(
        (HitAcross(name, hit) for name, one in those.items() for hit in one.hits),
        key=_Order(request.text, request.sort),
    )
    return ResultAcross(
        found=sum(one.found for one in those.values()),
        groups=sum(one.groups for one in those.values()),
        articles=sum(one.articles for one in those.values()),
        hits=tuple(hits[(page - 1) * PAGE_HITS : page * PAGE_HITS]),
        indexes=tuple(sorted(counted, key=lambda one: -one.count)),
        facets={facet: _summed((one.facets.get(facet, ()) for one in those.values()), most_values) for facet in FACETS},
        months=_months(one.months for one in those.values()),
        undated=sum(one.undated for one in those.values()),
        faults=faults,
    )


class _Order:
    """The key by which hits of several lists are merged: the same as orders each of them."""

    def __init__(self, text: str, sort: str) -> None:
        self._sort = sort
        self._typed = [word for phrase in phrases_of(parse_query(text)) for word in phrase.words]

    def __call__(self, one: HitAcross) -> tuple[float, ...]:
        hit = one.hit
        published = float("-inf") if hit.published is None else float(hit.published)
        if self._sort == "oldest":
            return (float("inf") if hit.published is None else published,)
        if self._sort != SORTS[0]:
            return (-published,)
        title = words_of("".join(piece.text for piece in hit.title))
        weight = LISTING_WEIGHT if hit.page_type == "listing" else 1.0
        return (float(not self._typed or title != self._typed), -hit.score * weight, -published)


def _summed(lists: Iterable[tuple[FacetCount, ...]], most: int) -> tuple[FacetCount, ...]:
    """The counts of each value over several lists: of the most frequent, and of those that are chosen."""
    counts: Counter[str] = Counter()
    chosen: set[str] = set()
    for one in (one for some in lists for one in some):
        counts[one.value] += one.count
        if one.chosen:
            chosen.add(one.value)
    frequent = [value for value, _ in counts.most_common(most)]
    kept = dict.fromkeys([*frequent, *sorted(chosen)])
    return tuple(FacetCount(value, counts[value], value in chosen) for value in kept)


def _months(lists: Iterable[tuple[MonthCount, ...]]) -> tuple[MonthCount, ...]:
    counts: Counter[int] = Counter()
    for one in (one for some in lists for one in some):
        counts[month_number(one.month) or 0] += one.count
    if not counts:
        return ()
    return tuple(MonthCount(month_name(month), counts[month]) for month in range(min(counts), max(counts) + 1))
