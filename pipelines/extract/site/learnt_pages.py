"""Of how many pages a site is learnt: known without loading what learns."""

from __future__ import annotations

MIN_ARTICLES = 3  # that a site must have for a profile
MAX_PAGES = 2_000  # of a site that are learnt from
