"""Search: hits with snippets, facets, a histogram over months.  All that was chosen stands in the address.

q        the query, as `broadsheet.pipelines.search.query_language` reads it
site, author, section, language, type, status, rights, tag      values of facets, each as often as one likes
since, until      months, inclusive: 2026-03, or a year
sort     relevance | newest | oldest
folded   0: versions, copies and near-duplicates each for themselves;  like: those of one article alone
page     from 1
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams
from starlette.requests import Request

from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.search.columns import FACETS
from broadsheet.pipelines.search.searcher import (
    PAGE_HITS,
    SORTS,
    FacetCount,
    SearchRequest,
    SearchResult,
    month_number,
)
from broadsheet.serve.addresses import with_query
from broadsheet.serve.histogram import histogram
from broadsheet.serve.index_keeper import IndexState
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View

LABELS = {
    "site": "Site", "author": "Author", "section": "Section", "language": "Language", "type": "Kind of page",
    "status": "Extraction", "rights": "Rights", "tag": "Tag",
}  # fmt: skip
EXPORT_FORMS = ("jsonl", "csv", "parquet", "wacz")
_MOST_PAGES = 500
_FIRST_LOOK = 3.0  # seconds that the first page waits for the index
_EMPTY = SearchResult(0, 0, 0, (), {}, (), 0)


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What the page says; ``notice`` is set where the query could not be answered."""

    request: SearchRequest
    result: SearchResult
    pages: int
    index: IndexState
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value of a facet, and the address that chooses it, or takes the choice back."""

    count: FacetCount
    href: str


@dataclass(frozen=True, slots=True)
class FacetPanel:
    """A facet as the page shows it."""

    name: str
    label: str
    values: tuple[FacetLink, ...]
    is_open: bool


def search_page(served: ServedCollection, request: Request) -> View:
    """The page of hits."""
    asked = parse_request(request.query_params)
    notice = None
    try:
        served.wait_for_index(_FIRST_LOOK)
        result = served.searcher.search(asked)
    except BadInput as error:
        result, notice = _EMPTY, str(error)
    pages = min(_MOST_PAGES, -(-result.groups // PAGE_HITS))
    page = SearchPage(asked, result, pages, served.keeper.state, notice)
    address = Addresses(f"{served.path}search", asked)
    shown = {
        "address": address,
        "panels": panels_of(result.facets, address),
        "histogram": histogram(result.months, asked.since, asked.until, address),
        "numbers": page_numbers(asked.page, pages),
        "sorts": SORTS,
        "forms": EXPORT_FORMS,
    }
    title = f"{asked.text}: search" if asked.text else "Search"
    return View("search.html", title, page, place="search", shown=shown)


def parse_request(query: QueryParams) -> SearchRequest:
    """What the address asks for; what makes no sense in it is left out."""
    number = query.get("page", "")
    like = query.get("like", "")
    since, until = query.get("since"), query.get("until")
    sort = query.get("sort", SORTS[0])
    return SearchRequest(
        text=query.get("q", "").strip(),
        chosen={facet: tuple(dict.fromkeys(values)) for facet in FACETS if (values := query.getlist(facet))},
        since=since if month_number(since) is not None else None,
        until=until if month_number(until) is not None else None,
        sort=sort if sort in SORTS else SORTS[0],
        page=min(_MOST_PAGES, max(1, int(number)))
        if number.isascii() and number.isdecimal() and len(number) < 6
        else 1,
        folded=query.get("folded") != "0",
        like=int(like) if like.isascii() and like.isdecimal() and len(like) < 16 else None,
    )


@dataclass(frozen=True, slots=True)
class Addresses:
    """The address of a search, and of searches that differ from it in one thing.  ``collections`` are those chosen where
    several are searched."""

    path: str
    request: SearchRequest
    collections: tuple[str, ...] = ()

    def of(self, request: SearchRequest, path: str | None = None) -> str:
        """The address of *request*, at *path* in one collection."""
        return with_query(
            path or self.path,
            q=request.text,
            collection=() if path else self.collections,
            **{facet: request.chosen.get(facet) for facet in FACETS},
            since=request.since,
            until=request.until,
            sort=None if request.sort == SORTS[0] else request.sort,
            folded=None if request.folded else "0",
            like=request.like,
            page=None if request.page == 1 else request.page,
        )

    def page(self, number: int) -> str:
        """Another page of the same hits."""
        return self.of(replace(self.request, page=number))

    def sort(self, order: str) -> str:
        """The same hits in another order."""
        return self.of(replace(self.request, sort=order, page=1))

    def months(self, since: str | None, until: str | None) -> str:
        """The same query in other months."""
        return self.of(replace(self.request, since=since, until=until, page=1))

    def folding(self, folded: bool) -> str:
        """The same hits, duplicates folded or not."""
        return self.of(replace(self.request, folded=folded, like=None, page=1))

    def like(self, number: int, path: str | None = None) -> str:
        """The versions, copies and near-duplicates of one article, which is searched at *path*."""
        return replace(self, collections=()).of(SearchRequest(like=number), path)

    def toggle(self, facet: str, value: str) -> str:
        """The same query with *value* of *facet* chosen, or no longer."""
        values = self.request.chosen.get(facet, ())
        values = tuple(one for one in values if one != value) if value in values else (*values, value)
        chosen = {**self.request.chosen, facet: values}
        return self.of(replace(self.request, chosen={name: some for name, some in chosen.items() if some}, page=1))

    def within(self, collection: str) -> str:
        """The same query with *collection* chosen among several, or no longer."""
        chosen = self.collections
        chosen = tuple(one for one in chosen if one != collection) if collection in chosen else (*chosen, collection)
        return replace(self, collections=chosen).of(replace(self.request, page=1))

    def without_choices(self) -> str:
        """The query alone."""
        return replace(self, collections=()).of(SearchRequest(self.request.text, sort=self.request.sort))

    def elsewhere(self, path: str) -> str:
        """What works on the same hits: an export."""
        return self.of(replace(self.request, page=1), path)


def panels_of(facets: Mapping[str, Sequence[FacetCount]], address: Addresses) -> tuple[FacetPanel, ...]:
    """The facets that tell something apart, the first of them open."""
    panels: list[FacetPanel] = []
    for facet, counts in facets.items():
        values = tuple(FacetLink(one, address.toggle(facet, one.value)) for one in counts)
        chosen = any(one.chosen for one in counts)
        if values and (len(values) > 1 or chosen):
            panels.append(FacetPanel(facet, LABELS[facet], values, chosen or len(panels) < 4))
    return tuple(panels)


def page_numbers(page: int, pages: int) -> tuple[int | None, ...]:
    """The numbers to link to; None for a gap."""
    near = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)} - {0})
    numbers: list[int | None] = []
    for one in near:
        if numbers and numbers[-1] is not None and one - numbers[-1] > 1:
            numbers.append(None)
        numbers.append(one)
    return tuple(numbers)
