"""Revisits: records that say "the same as that one" instead of holding a payload again (ISO 28500:2017, 6.7).

By the profile identical-payload-digest the payload came and was the same; the record keeps the head of the answer.  By the
profile server-not-modified the server said 304 and no payload came.  Either refers to the *original*: a response record
that has the payload, never another revisit, so that a reader is there in one step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from broadsheet.archive.warc.header import parse_warc_date
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.serialise import Fields, url_field, warc_date

IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True, slots=True)
class Original:
    """A response record that has a payload.  ``payload_digest`` is labelled, as in the record."""

    record_id: str
    url: str
    date: datetime
    payload_digest: str | None


@dataclass(frozen=True, slots=True)
class Reference:
    """What a revisit record says of its original, each None where it does not say."""

    payload_digest: str | None
    record_id: str | None
    url: str | None
    date: datetime | None

    @classmethod
    def of(cls, revisit: WarcRecord) -> Reference:
        """That of the record *revisit*, whoever wrote it: URLs may be in angle brackets, dates in any form."""
        url = (revisit.get("WARC-Refers-To-Target-URI") or "").strip("<>")
        date = parse_warc_date(revisit.get("WARC-Refers-To-Date") or "")
        return cls(revisit.get("WARC-Payload-Digest"), revisit.get("WARC-Refers-To"), url or None, date)

    @property
    def names_nothing(self) -> bool:
        """Whether it tells neither which record nor which payload: a 304 noted without saying of what."""
        return self.payload_digest is None and self.record_id is None and self.date is None


def revisit_fields(original: Original, profile: str) -> Fields:
    """The fields by which a revisit says what it stands for.

    A server-not-modified record has the original's payload digest, too: indexes carry it, and replay tools look the
    original up by it.
    """
    fields = [
        ("WARC-Profile", profile),
        ("WARC-Refers-To", original.record_id),
        ("WARC-Refers-To-Target-URI", url_field(original.url)),
        ("WARC-Refers-To-Date", warc_date(original.date)),
    ]
    if profile == IDENTICAL_PAYLOAD:
        fields.append(("WARC-Truncated", "length"))
    return fields
