"""The filters of an extraction: which captures become rows.

A filter decides which pages get rows; pages that it leaves out are counted, by the filter, in the manifest of their part.
The table ``captures`` has all exchanges whatever the filter, and is the same for every extraction.  The filter is part of the
``extraction_id`` and of the family: extractions with other filters stand side by side, each continued by its own command.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from broadsheet.archive.resolved_response import ResolvedResponse

if TYPE_CHECKING:  # a crawl's own process extracts nothing
    from broadsheet.pipelines.extract.extraction import Extraction, Extractor, PageRecord

HTML_STATUS = frozenset({200})


@dataclass(frozen=True, slots=True)
class CaptureFilter:
    """What a page must be; an empty set asks for nothing.

    ``hosts`` in lower case, ``.example.org`` stands for it and all below; ``statuses`` of answers that are pages, 200 when
    empty; ``mimes`` in lower case; ``languages`` ISO 639-1, of the text; ``since`` and ``until`` bound the time of fetching,
    the latter not included.
    """

    hosts: frozenset[str] = frozenset()
    statuses: frozenset[int] = frozenset()
    mimes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def __str__(self) -> str:
        """The filters in words, the same for the same ones, in whatever order they were given; "" when there are none."""
        stated = {
            "host": sorted(self.hosts),
            "status": sorted(map(str, self.statuses)),
            "mime": sorted(self.mimes),
            "language": sorted(self.languages),
            "since": [] if self.since is None else [self.since.astimezone(UTC).isoformat()],
            "until": [] if self.until is None else [self.until.astimezone(UTC).isoformat()],
        }
        return "; ".join(f"{name} {', '.join(values)}" for name, values in stated.items() if values)

    def has_status(self, status: int) -> bool:
        """Whether answers with *status* are pages."""
        return status in (self.statuses or HTML_STATUS)

    def why_not(self, answer: ResolvedResponse) -> str | None:
        """Which filter leaves out the page that *answer* is; None when it is wanted, as far as can be told unread."""
        record = answer.record
        if self.hosts and not self._has_host(record.url or ""):
            return "filtered: host"
        if self.mimes and answer.media_type not in self.mimes:
            return "filtered: mime"
        if self.since is not None and (record.date is None or record.date < self.since):
            return "filtered: date"
        if self.until is not None and (record.date is None or record.date >= self.until):
            return "filtered: date"
        return None

    def why_not_read(self, extraction: Extraction) -> str | None:
        """The same of a page that was read; one that failed has no language, and is a row."""
        article = extraction.article
        if self.languages and article.status in {"ok", "empty"} and article.language not in self.languages:
            return "filtered: language"
        return None

    def _has_host(self, url: str) -> bool:
        try:
            host = (urlsplit(url).hostname or "").rstrip(".")
        except ValueError:
            return False
        pieces = host.split(".")
        return host in self.hosts or any(f".{'.'.join(pieces[n:])}" in self.hosts for n in range(len(pieces)))


EVERYTHING = CaptureFilter()


class FilteredExtractor:
    """An extractor under the ids of an extraction with filters."""

    def __init__(self, inner: Extractor, extraction_id: str, base_id: str) -> None:
        self.name, self.extraction_id, self.base_id = inner.name, extraction_id, base_id
        self._inner = inner

    def extract(self, record: PageRecord) -> Extraction:
        """Read one page."""
        return self._inner.extract(record)
