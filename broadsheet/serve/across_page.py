"""Search over all collections that are served: one list, the collection as one more facet.

The parameters are those of the search in one collection, and ``collection``, as often as one likes.  What belongs to one
collection alone (its exports, versions and copies of an article) is a link away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from broadsheet.archive.errors import BroadsheetError
from broadsheet.pipelines.search.across import MOST_PAGES, ResultAcross, search_across
from broadsheet.pipelines.search.searcher import PAGE_HITS, SORTS, FacetCount, SearchRequest
from broadsheet.serve.histogram import histogram
from broadsheet.serve.search_page import Addresses, FacetLink, FacetPanel, page_numbers, panels_of, parse_request
from broadsheet.serve.served import ServedCollections
from broadsheet.serve.view import View

_FIRST_LOOK = 3.0  # seconds that the first page waits for all indexes


@dataclass(frozen=True, slots=True)
class AcrossPage:
    """What the page says.  ``notices`` are what is to be known of single collections, by name."""

    request: SearchRequest
    collections: tuple[str, ...]
    result: ResultAcross
    pages: int
    notices: Mapping[str, str]


def across_page(served: ServedCollections, request: Request) -> View:
    """The page of hits."""
    asked = parse_request(request.query_params)
    chosen = tuple(dict.fromkeys(one for one in request.query_params.getlist("collection") if one in served.by_name))
    notices = _notices(served)
    result = search_across({name: one.searcher for name, one in served.by_name.items()}, asked, chosen)
    pages = min(MOST_PAGES, -(-result.groups // PAGE_HITS))
    address = Addresses("/search", asked, chosen)
    page = AcrossPage(asked, chosen, result, pages, {**notices, **result.faults})
    shown = {
        "address": address,
        "panels": (_collections_panel(result.indexes, address), *panels_of(result.facets, address)),
        "histogram": histogram(result.months, asked.since, asked.until, address),
        "numbers": page_numbers(min(asked.page, MOST_PAGES), pages),
        "sorts": SORTS,
    }
    title = f"{asked.text}: search in all collections" if asked.text else "Search in all collections"
    return View("across.html", title, page, shown=shown)


def _notices(served: ServedCollections) -> dict[str, str]:
    """What the indexes are not ready for, by collection."""
    found = {}
    for name, one in served.by_name.items():
        try:
            one.wait_for_index(_FIRST_LOOK)
        except BroadsheetError as error:
            found[name] = str(error)
            continue
        state = one.keeper.state
        if state.is_working:
            found[name] = f"the search index is being made: {state.done:,} of {state.files:,} files"
        elif state.fault:
            found[name] = state.fault
        elif state.missing:
            found[name] = f"{len(state.missing):,} Parquet files cannot be read and cannot be found"
    return found


def _collections_panel(counts: tuple[FacetCount, ...], address: Addresses) -> FacetPanel:
    links = tuple(FacetLink(one, address.within(one.value)) for one in counts)
    return FacetPanel("collection", "Collection", links, is_open=True)
