"""What the archive has near an address it lacks, and the pages it has at all: for people who type addresses."""

from __future__ import annotations

from difflib import SequenceMatcher

from broadsheet.archive.replay.capture_index import CaptureIndex, IndexedCapture
from broadsheet.archive.replay.versions import page_versions
from broadsheet.archive.surt import surt

_MOST_COMPARED = 2000
_MOST_READ = 1000  # revisits, while somebody waits


def nearest(index: CaptureIndex, url: str, limit: int = 8) -> list[str]:
    """Captured addresses near *url*: of its folder, else of the folders above, else of its domain; the likest first."""
    key = surt(url).partition("?")[0]
    host = key.partition(")")[0]
    while True:
        found = _addresses(index.prefix(key, _MOST_COMPARED))
        if found:
            return sorted(found, key=lambda one: -SequenceMatcher(None, one, url).ratio())[:limit]
        if "/" in key:
            key = key.rstrip("/").rpartition("/")[0] + "/" if key.count("/") > 1 or not key.endswith("/") else host
        elif key.count(",") > 1:
            key = key.rpartition(",")[0]
        else:
            return []


def pages(index: CaptureIndex, limit: int = 200) -> list[str]:
    """Addresses of web pages that were captured well, home pages first."""
    captures = list(page_versions(index, index.prefix("", 50 * limit), _MOST_READ))
    found = _addresses(captures)
    return sorted(found, key=lambda url: url.count("/") > 3 or not url.endswith("/"))[:limit]


def _addresses(captures: list[IndexedCapture]) -> list[str]:
    return list(dict.fromkeys(one.line.url for one in captures if one.line.url.startswith(("http://", "https://"))))
