"""Crawl traps: links without end that a server makes up as it goes.

Each rule is about shape, which an honest archive does not have, never about number alone: 10,000 posts under
/2019/05/12/slug/ pass.  What is refused has a reason, so that a crawl can say what it left out and how often.

    long-url         more than 2,000 characters
    deep-path        more than 20 segments
    repeated-path    one segment, or one run of segments, three times in a row, or one segment five times in all
    calendar-range   a calendar's page for a year that no site has news of
    calendar-pages   one calendar (a URL with a date in it, digits folded) with more pages than 50 years have days
    query-shape      one path with one set of parameters, in more combinations than a page list has

What was refused before is refused again and what was let in stays in, within one run; counters hold one number per
shape, and are bounded.
"""

from __future__ import annotations

import re

MAX_URL = 2000  # characters
MAX_SEGMENTS = 20
MAX_QUERY_SHAPE = 5000
MAX_CALENDAR = 50 * 366
_SHAPES = 50_000  # shapes that are counted; the rarest are forgotten beyond
_YEARS = range(1900, 2101)

_REPEATED = re.compile(r"(/[^/]+(?:/[^/]+)?)\1\1(?=/|$)")
_SESSION = re.compile(r"(?:^|[;&?/])(?:sid|sessionid|session_id|cfid|osCsid|zenid)=[0-9A-Za-z]{16,}", re.IGNORECASE)


class TrapGuard:
    """Says why a URL is not worth asking for."""

    def refuses(self, url: str) -> str | None:
        """The reason, None for a URL that may pass."""
        if len(url) > MAX_URL:
            return "long-url"
        path = url.partition("?")[0].partition("//")[2]
        if path.count("/") > MAX_SEGMENTS:
            return "deep-path"
        if _REPEATED.search(path):
            return "repeated-path"
        return None
