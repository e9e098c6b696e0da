"""The sites of a collection, and one of them: articles by month with gaps, authors, sections, what recurs on its pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from starlette.requests import Request

from broadsheet.api import Collection
from broadsheet.archive.errors import BadInput, BroadsheetError
from broadsheet.pipelines.search.columns import Mask, SearchColumns
from broadsheet.pipelines.search.searcher import FacetCount, MonthCount, SearchRequest, month_counts
from broadsheet.serve.histogram import histogram
from broadsheet.serve.search_page import Addresses
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View

if TYPE_CHECKING:
    from broadsheet.pipelines.dataset.learnt import LearntSite

_TEMPLATE_LINES = 40
_MOST_SITES = 500
_MOST_VALUES = 40


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site in one line: pages that were read, those that are articles, the first and the last month."""

    site: str
    pages: int
    articles: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Sites:
    """The sites, those with most pages first."""

    sites: tuple[SiteLine, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Months without an article between two that have some."""

    first: str
    last: str
    months: int


@dataclass(frozen=True, slots=True)
class SiteView:
    """One site.  ``usual`` is the median of articles in a month; ``template`` what was learnt of its pages, if anything."""

    site: str
    pages: int
    months: tuple[MonthCount, ...]
    usual: int
    gaps: tuple[Gap, ...]
    undated: int
    facets: dict[str, tuple[FacetCount, ...]]
    template: LearntSite | None
    fault: str | None


def sites_page(served: ServedCollection, request: Request) -> View:  # noqa: ARG001 - as all pages
    """All sites."""
    columns, _ = served.searcher.mask("")
    column = columns.facets["site"]
    counts = column.counts(np.ones(len(columns), np.bool_))
    articles = column.counts(columns.having("type", {"article", "live", "gallery", "video"}))
    lines = []
    for code in np.argsort(-counts, kind="stable")[:_MOST_SITES].tolist():
        if not counts[code]:
            continue
        months = month_counts(_months(columns, columns.having("site", {column.values[code]})))
        first, last = (months[0].month, months[-1].month) if months else (None, None)
        lines.append(SiteLine(column.values[code], int(counts[code]), int(articles[code]), first, last))
    return View("sites.html", "Sites", Sites(tuple(lines), int((counts > 0).sum())), place="sites")


def site_page(served: ServedCollection, request: Request) -> View:
    """One site.

    Raises:
        BadInput: no page of it is in the collection.
    """
    site = request.path_params["site"]
    columns, _ = served.searcher.mask("")
    mask = columns.having("site", {site})
    if not mask.any():
        raise BadInput(site, "no page of that site is in this collection", "The page Sites lists those there are.")
    months = month_counts(_months(columns, mask & columns.having("type", {"article", "live", "gallery", "video"})))
    asked = SearchRequest(chosen={"site": (site,)})
    result = served.searcher.search(replace(asked, folded=False), most_values=_MOST_VALUES)
    template, fault = _template(served, site)
    wanted = ("author", "section", "type", "language", "status", "rights", "tag")
    counts = [one.count for one in months if one.count]
    data = SiteView(
        site=site,
        pages=result.found,
        months=months,
        usual=int(np.median(counts)) if counts else 0,
        gaps=gaps(months),
        undated=result.undated,
        facets={facet: result.facets[facet] for facet in wanted if result.facets.get(facet)},
        template=template,
        fault=fault,
    )
    address = Addresses(f"{served.path}search", asked)
    shown = {"address": address, "histogram": histogram(months, None, None, address)}
    return View("site.html", site, data, place="sites", shown=shown)


def gaps(months: tuple[MonthCount, ...]) -> tuple[Gap, ...]:
    """The stretches of *months* that have none, the longest first."""
    found: list[Gap] = []
    start = None
    for number, one in enumerate(months):
        if one.count == 0 and start is None:
            start = number
        if one.count and start is not None:
            found.append(Gap(months[start].month, months[number - 1].month, number - start))
            start = None
    return tuple(sorted(found, key=lambda gap: (-gap.months, gap.first)))


def _months(columns: SearchColumns, mask: Mask) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    months = columns.months[mask]
    return months[months >= 0]


def _template(served: ServedCollection, site: str) -> tuple[LearntSite | None, str | None]:
    """What recurs on the pages of *site*, as `broadsheet profile` shows it."""
    from broadsheet.pipelines.dataset.learnt import learnt_site  # noqa: PLC0415 - heavy
    from broadsheet.pipelines.extract.site.store import read_profiles  # noqa: PLC0415

    try:
        profiles, _ = read_profiles(str(served.collection.directory))
    except BroadsheetError as error:  # of another version
        return None, str(error)
    if site not in profiles:
        return None, None
    host = site.rpartition(":")[0] if ":" in site else site
    try:
        wanted = ("block_hash", "role", "text", "dom_path")
        batches = Collection(served.collection).segments(host=(host, f"www.{host}"), columns=wanted).batches()
        return learnt_site(profiles[site], batches, _TEMPLATE_LINES), None
    except BroadsheetError as error:  # no table of segments
        return learnt_site(profiles[site], iter(()), _TEMPLATE_LINES), str(error)
