"""The Capture: where a record lies and what it is.  Returned by the WARC writer, kept in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

UNDATED = datetime.min.replace(tzinfo=UTC)  # the date of a capture whose record does not say one: before all others


@dataclass(frozen=True, slots=True)
class Capture:
    """One WARC record on disk.

    ``offset`` and ``length`` are bytes of the (compressed) record in ``warc_filename``, which is relative to the
    archive folder and never ends in ``.open``.  Digests are labelled, e.g. ``sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ``.
    ``date`` is UNDATED where the record gives no moment.  ``is_page``: it is a page (archive/http_answer.py), fetched for
    its own sake; None of a revisit whose own record does not tell, which is one if its original is.
    """

    warc_filename: str
    offset: int
    length: int
    record_id: str
    record_type: str
    date: datetime
    url: str | None = None
    status: int | None = None
    mime: str | None = None
    block_digest: str | None = None
    payload_digest: str | None = None
    truncated: str | None = None
    error: str | None = None
    is_page: bool | None = False
