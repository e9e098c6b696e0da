"""The shingles that a host repeats on many of its pages: not to be compared.

What extraction leaves of a site's own text (a biography, a call to subscribe, an imprint) is the same on pages that have
nothing else in common.  Left in, it glues short articles of one site together and fills buckets with thousands of rows.
A shingle is boilerplate *of a host* when it is on many of the host's pages.  Counted over all hosts, the most widely
syndicated stories would be thrown out first.  Each URL counts once, with the first of its captures, and each text once:
a live blog that was captured a hundred times, or a story that stands under ten URLs, is no boilerplate.

Of a host with few pages two that say the same are enough, but only if they are not versions of one story: they are put
together first, by what they contain of each other.  Of a large host a sample is read, which follows from the URLs alone:
memory is bounded, and the order of rows says nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from broadsheet.pipelines.dedupe.relation import CONTAINED_SHARE
from broadsheet.pipelines.dedupe.shingles import U32, U64, mix

SAMPLE_PAGES = 2_000
MANY_PAGES = 20  # from here on pages are counted, below stories
MIN_PAGES = 8  # fewer pages with the same words may be one story in several sections
MIN_SHARE = 0.01
MIN_STORIES = 2


def common_shingles(rows: NDArray[np.int64], urls: U64, shingles_of: Callable[[int], U32]) -> U32:
    """The boilerplate of a host: sorted shingles.

    *rows* are its rows, each with a text of its own, most canonical first; *urls* the hashes of their URLs.
    """
    _, first = np.unique(urls, return_index=True)
    sample = first[np.argsort(mix(urls[first]), kind="stable")][:SAMPLE_PAGES]
    if len(sample) < MIN_STORIES:
        return np.empty(0, np.uint32)
    pages = [shingles_of(int(rows[place])) for place in sample]
    if len(pages) < MANY_PAGES:
        pages, least = _stories(pages), MIN_STORIES
    else:
        least = max(MIN_PAGES, int(MIN_SHARE * len(pages)))
    shingles, counts = np.unique(np.concatenate(pages), return_counts=True)
    return np.asarray(shingles[counts >= least], np.uint32)


def _stories(pages: list[U32]) -> list[U32]:
    """The shingles of each story, where a page that is contained in another is the same story."""
    shingles, columns = np.unique(np.concatenate(pages), return_inverse=True)
    has = np.zeros((len(pages), len(shingles)), np.float32)
    has[np.repeat(np.arange(len(pages)), [len(page) for page in pages]), columns] = 1
    sizes = has.sum(axis=1)
    tied = has @ has.T >= CONTAINED_SHARE * np.minimum(sizes[:, None], sizes[None, :])
    story = np.arange(len(pages))
    for _ in pages:  # the lowest number spreads along the ties
        spread = np.where(tied, story[None, :], len(pages)).min(axis=1)
        if np.array_equal(spread, story):
            break
        story = spread
    return [shingles[has[story == one].any(axis=0)] for one in np.unique(story)]


def without(values: U32, common: U32) -> NDArray[np.bool_]:
    """Which of *values* are not in *common* (sorted)."""
    if not len(common):
        return np.ones(len(values), np.bool_)
    return np.asarray(common[np.searchsorted(common, values).clip(max=len(common) - 1)] != values, np.bool_)
