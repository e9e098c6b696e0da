"""The entries of a WARC, each with the metadata record of its exchange."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from broadsheet.archive.warc.metadata import ExchangeMetadata, parse_metadata
from broadsheet.archive.warc.record import WarcRecord, is_entry


def entries_of(
    records: Iterable[WarcRecord], *, conversions: bool = False
) -> Iterator[tuple[WarcRecord, ExchangeMetadata | None]]:
    """The entries among *records*, which come in file order, each with its metadata record where that follows it; with
    *conversions* pages in conversion records are entries, too."""
    pending: WarcRecord | None = None
    for record in records:
        if is_entry(record, conversions=conversions):
            if pending is not None:
                yield pending, None
            pending = record
            if record.record_type == "metadata":
                yield record, parse_metadata(record.block)
                pending = None
        elif pending is not None and _belongs_to(record, pending):
            yield pending, parse_metadata(record.block)
            pending = None
    if pending is not None:
        yield pending, None


def _belongs_to(record: WarcRecord, entry: WarcRecord) -> bool:
    return record.record_type == "metadata" and entry.record_id in record.get_all("WARC-Concurrent-To")
