"""Languages: on how many of a site's pages a line could stand.

A template may serve several languages.  Its places, elements and dates are the same on all pages, its labels are not: "Most
read" stands on every article in English and on no other.  So a line is counted among the pages in those languages in which it
stands at all: a label among those in English, a date among all.  The text of a page may be in another language than its
labels, as a quoted speech is: of a language in which a label is rarer than in its own, so many pages count as make it as
common there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from broadsheet.pipelines.extract.site.lines import Booleans, Integers

_SEVERAL = 3  # pages in a language from which it is known how common a line is there


@dataclass(frozen=True, slots=True, eq=False)
class Languages:
    """``codes`` numbers the language of each page, ``sizes`` says how many of the pages that are counted are in each."""

    codes: Integers
    sizes: Integers

    @classmethod
    def of(cls, names: Sequence[str]) -> Languages:
        """The languages of pages by their *names*, "" for one that is not known."""
        codes = np.unique(np.array(names, np.str_), return_inverse=True)[1].astype(np.int64)
        return cls(codes, np.bincount(codes))

    def among(self, pages: Booleans) -> Languages:
        """The same where only these *pages* are counted."""
        return replace(self, sizes=np.bincount(self.codes[pages], minlength=len(self.sizes)))

    def pages_for(self, groups: Integers, page: Integers, count: int) -> Integers:
        """For each of *count* groups of lines on how many pages it could stand: *groups* numbers that of each line, *page* its
        page."""
        if len(self.sizes) <= 1:
            return np.full(count, self.sizes.sum())
        languages, pages = len(self.sizes), len(self.codes)
        seen = np.unique(groups * pages + page)  # a group on a page, once
        pairs, on = np.unique(seen // pages * languages + self.codes[seen % pages], return_counts=True)
        group, sizes = pairs // languages, self.sizes[pairs % languages]
        share = np.zeros(count)
        np.maximum.at(share, group, np.where(on >= _SEVERAL, on / np.maximum(1, sizes), 0))
        known = share[group] > 0
        likely = np.where(known, np.minimum(sizes, np.ceil(on / np.where(known, share[group], 1))), sizes)
        return np.bincount(group, likely, count).astype(np.int64)

    def pages_for_each(self, values: Integers, page: Integers) -> Integers:
        """For each line on how many pages its value could stand."""
        found, back = np.unique(values, return_inverse=True)
        return self.pages_for(back, page, len(found))[back]
