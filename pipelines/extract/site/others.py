"""Lines made of another page of the site: its headline, its headline behind a label, the cut beginning of its text."""

from __future__ import annotations

from typing import Final

import numpy as np

from broadsheet.pipelines.extract.site.lines import CUT, FIXED, LINKED, OWN_TITLE, Booleans, Integers, Lines

HEADLINE: Final = 1
LABELLED: Final = 2  # a label and another page's headline ("See also: ...")
TEASER: Final = 3
_WIDE = 20  # columns from which a text that is no link is told by being a headline


def others_of(lines: Lines, own_title: Integers, headlines: Integers, starts: Integers) -> Integers:
    """For each line, of what of another page it is made, 0 for nothing; *own_title* is the hash of its page's headline;
    *headlines* and *starts* (beginnings of texts) are those of the site, in order."""
    flags = lines["flags"]
    wide = lines["columns"] >= _WIDE
    foreign = flags & OWN_TITLE == 0
    headline = foreign & is_in(headlines, lines["text"]) & (lines["text"] != own_title) & (wide | (flags & LINKED != 0))
    labelled = is_in(headlines, lines["rest"]) & (lines["rest"] != own_title) & wide & (lines["rest"] != 0)
    teaser = (flags & CUT != 0) & (flags & FIXED == 0) & (lines["start"] != 0) & is_in(starts, lines["start"])
    found = np.where(teaser, TEASER, 0)
    found[labelled & foreign] = LABELLED
    found[headline] = HEADLINE
    return found


def is_in(ordered: Integers, values: Integers) -> Booleans:
    """Which of *values* are among the *ordered* ones."""
    if not len(ordered):
        return np.zeros(len(values), bool)
    at = np.searchsorted(ordered, values)
    at[at >= len(ordered)] = 0
    found: Booleans = ordered[at] == values
    return found
