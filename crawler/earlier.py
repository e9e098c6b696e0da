"""What an update has of a URL already: the capture to ask about, and the condition to ask with (RFC 9110, section 13).

The validators are those of the latest whole answer, read from its record: a 304 then means that the page is still what
that answer brought, and is stored as a revisit of its original.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.locate import own_source
from broadsheet.archive.warc.reader import read_record_at
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.revisit import Original, Reference
from broadsheet.crawler.state.store import CrawlStore

logger = logging.getLogger(__name__)

_HEAD = 64 * 1024  # bytes of a block that hold its head


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier capture: the response record with its payload, and the headers that ask for anything but that."""

    original: Original
    conditions: tuple[tuple[str, str], ...]


class EarlierCaptures:
    """The captures of *collection* before its update, by the fingerprints of URLs."""

    def __init__(
        self, collection: Collection, catalogue: Catalogue, store: CrawlStore, now: Callable[[], datetime] = _utc_now
    ) -> None:
        self._collection = collection
        self._catalogue = catalogue
        self._store = store
        self._now = now

    def of(self, fingerprint: bytes) -> Earlier | None:
        """What there is of that URL; None when it has no whole capture, or one without validators."""
        location = self._store.earlier_capture(fingerprint)
        capture = None if location is None else self._catalogue.capture_at(*location)
        if capture is None:
            return None
        source = own_source(self._collection, capture.warc_filename)
        try:
            record = read_record_at(source, capture.offset, capture.length, max_block=_HEAD)
        except (BroadsheetError, OSError) as error:  # the page is asked for as if it were new
            logger.warning("no condition from %s at offset %d: %s", capture.warc_filename, capture.offset, error)
            return None
        conditions, original = conditions_of(record), original_in(record)
        if (
            original is None or original.date > self._now()
        ):  # the clock was set back: nothing is a revisit of what is to come
            return None
        return Earlier(original, conditions) if conditions else None


def conditions_of(record: WarcRecord) -> tuple[tuple[str, str], ...]:
    """The headers of a conditional request by the validators in *record*; none when it has none."""
    head = record.response_head()
    if head is None:
        return ()
    asked = (("If-None-Match", head.get("ETag")), ("If-Modified-Since", head.get("Last-Modified")))
    return tuple((name, value) for name, value in asked if value and value.isprintable() and value.isascii())


def original_in(record: WarcRecord) -> Original | None:
    """The response that *record* is, or refers to as a revisit; None when it does not say which."""
    said = Reference.of(record)
    if record.record_type == "response":
        return (
            None
            if record.date is None
            else Original(record.record_id, record.url or "", record.date, said.payload_digest)
        )
    if not (said.record_id and said.url and said.date):
        return None
    return Original(said.record_id, said.url, said.date, said.payload_digest)
