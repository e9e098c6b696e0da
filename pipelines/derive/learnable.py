"""Which captures a site profile can be learnt from: what must be read once before rows are made.

The catalogue tells it without a page being read: HTML answers of sites with at least as many different URLs as a profile needs
articles, and of a large site those with the smallest hashes.  A billion pages of Common Crawl are pages of hosts seen once or
twice, for the most part, and a site of a million pages is known after some thousands: neither is read twice.

The same captures give the same choice, whatever was read before; so do the profiles (`broadsheet.pipelines.derive.sketches`).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.http_answer import may_be_html
from broadsheet.archive.resource import DOCUMENT_TYPES
from broadsheet.pipelines.derive.capture_filter import EVERYTHING, CaptureFilter
from broadsheet.pipelines.derive.parts import Part
from broadsheet.pipelines.extract.site.learnt_pages import MAX_PAGES, MIN_ARTICLES
from broadsheet.pipelines.extract.site.site_name import site_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    _Hashes = npt.NDArray[np.int64]

MOST_URLS = 3 * MAX_PAGES  # of a site: of some, the article is another's, or there is no page


@dataclass(frozen=True, slots=True, eq=False)
class Learnable:
    """The sites (by hash, in order) that can have a profile, and for each the largest hash of a URL that it is learnt from."""

    sites: _Hashes | array[int]
    bounds: _Hashes | array[int]
    wanted: CaptureFilter = EVERYTHING

    def __bool__(self) -> bool:
        """Whether there is a site to learn."""
        return len(self.sites) > 0

    def has(self, site: str, url: str) -> bool:
        """Whether the page *url* of *site* is one to learn from."""
        hashed = site_hash(site)
        at = bisect_left(self.sites, hashed)
        return at < len(self.sites) and self.sites[at] == hashed and order_of(url) <= self.bounds[at]

    def offsets(self, catalogue: Catalogue, part: Part) -> frozenset[int]:
        """Where in its file the captures of *part* lie that are to be learnt from."""
        warc = catalogue.warc(part.warc_filename)
        captures = () if warc is None else catalogue.captures(warc, part.first, part.stop)
        return frozenset(
            one.offset
            for one in captures
            if one.url is not None and _may_be_page(one, self.wanted) and self.has(site_of(one.url), one.url)
        )


def find_learnable(catalogue: Catalogue, wanted: CaptureFilter = EVERYTHING) -> Learnable:
    """What can be learnt from among all captures of *catalogue* that may be *wanted*; 16 bytes of memory for each."""
    sites, orders = array("q"), array("q")
    for warc in catalogue.warcs():
        for capture in catalogue.captures(warc):
            if capture.url is not None and _may_be_page(capture, wanted):
                sites.append(site_hash(site_of(capture.url)))
                orders.append(order_of(capture.url))
    return _bounded(sites, orders, wanted)


def order_of(url: str) -> int:
    """The hash by which URLs are chosen."""
    return _hash(" ".join(url.split()))


def _bounded(captured_sites: array[int], captured_orders: array[int], wanted: CaptureFilter) -> Learnable:
    if len(captured_sites) < MIN_ARTICLES:
        return Learnable(array("q"), array("q"), wanted)
    import numpy as np  # noqa: PLC0415 - a page alone, or a few, do without

    sites, orders = np.frombuffer(captured_sites, np.int64), np.frombuffer(captured_orders, np.int64)
    by_site = np.lexsort((orders, sites))
    sites, orders = sites[by_site], orders[by_site]
    new = np.ones(len(sites), bool)  # a URL that was captured again counts once
    new[1:] = (sites[1:] != sites[:-1]) | (orders[1:] != orders[:-1])
    sites, orders = sites[new], orders[new]
    found, first, count = np.unique(sites, return_index=True, return_counts=True)
    enough = count >= MIN_ARTICLES
    last = first + np.minimum(count, MOST_URLS) - 1
    return Learnable(found[enough], orders[last[enough]], wanted)


def _may_be_page(capture: Capture, wanted: CaptureFilter) -> bool:
    """Whether *capture* may be a page of its own: a revisit is another's, and counts once with that."""
    if capture.record_type in DOCUMENT_TYPES:
        return bool(capture.is_page) and wanted.has_status(200)
    return (
        capture.record_type == "response"
        and capture.status is not None
        and wanted.has_status(capture.status)
        and may_be_html(capture.mime or "")
    )


@lru_cache(maxsize=4096)
def site_hash(site: str) -> int:
    """The hash by which a site is known here."""
    return _hash(site)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little", signed=True)
