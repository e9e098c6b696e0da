"""Rules about a request and its response together: whether the stored response fits what was requested.

The two are linked by WARC-Concurrent-To and lie near each other, so a window of the last records is enough; of each record
a handful of short values is kept.  A pair that lies further apart than the window is not checked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from broadsheet.archive.verify.finding import ISO, LOOK, Finding, Rule, Severity, breach
from broadsheet.archive.warc.record import WarcRecord

HEAD_BODY = Rule("head-body", Severity.ERROR, "RFC 9110, 9.3.2", "The answer to a HEAD request has no body.", LOOK)
PARTIAL_UNASKED = Rule(
    "partial-unasked", Severity.WARNING, "RFC 9110, 15.3.7",
    "A 206 answers a request that asked for a range.", LOOK,
)  # fmt: skip
UNCONDITIONAL = Rule(
    "not-modified-unasked", Severity.WARNING, "RFC 9110, 15.4.5",
    "A 304 answers a conditional request, with an ETag that the request named.", LOOK,
)  # fmt: skip
OTHER_ADDRESS = Rule(
    "event-address", Severity.WARNING, f"{ISO}, 5.10",
    "Request and answer of one event have one WARC-IP-Address.", LOOK,
)  # fmt: skip
EVENT_RULES = (HEAD_BODY, PARTIAL_UNASKED, UNCONDITIONAL, OTHER_ADDRESS)
_WINDOW = 4096
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Asked:
    method: str
    wants_range: bool
    conditional: bool
    etags: str
    address: str | None


@dataclass(frozen=True, slots=True)
class _Answered:
    offset: int
    record_id: str
    status: int
    has_body: bool
    etag: str | None
    address: str | None


class Events:
    """The requests and answers seen lately."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._asked: OrderedDict[str, _Asked] = OrderedDict()  # by every id that the request is linked to
        self._answered: OrderedDict[str, _Answered] = OrderedDict()

    def see(self, record: WarcRecord) -> Iterator[Finding]:
        """Take in *record*; when the other half of its event is known, check the two."""
        if not record.is_http:
            return
        links = (record.record_id, *record.get_all("WARC-Concurrent-To"))
        if record.record_type == "request":
            asked = _asked(record)
            if asked is None:
                return
            for link in links:
                _remember(self._asked, link, asked)
            for link in links:
                if link in self._answered:
                    yield from self._check(asked, self._answered[link])
        elif (head := record.response_head()) is not None:
            body = record.block_length - head.head_length if record.record_type == "response" else 0
            answered = _Answered(
                record.offset,
                record.record_id,
                head.status,
                body > 0,
                head.get("ETag"),
                record.get("WARC-IP-Address"),
            )
            for link in links:
                _remember(self._answered, link, answered)
            asked = next((self._asked[link] for link in links if link in self._asked), None)
            if asked is not None:
                yield from self._check(asked, answered)

    def asked_by_head(self, record: WarcRecord) -> bool | None:
        """Whether the request to *record* was HEAD; None when no request is known."""
        for link in (record.record_id, *record.get_all("WARC-Concurrent-To")):
            if link in self._asked:
                return self._asked[link].method == "HEAD"
        return None

    def _check(self, asked: _Asked, answered: _Answered) -> Iterator[Finding]:
        def found(rule: Rule, message: str) -> Finding:
            return breach(rule, self._source, answered.offset, message, answered.record_id or None)

        if asked.method == "HEAD" and answered.has_body:
            yield found(HEAD_BODY, "the answer to a HEAD request has a body")
        if answered.status == 206 and not asked.wants_range:
            yield found(PARTIAL_UNASKED, "the answer is a part (206), the request asked for the whole")
        if answered.status == 304:
            if not asked.conditional:
                yield found(UNCONDITIONAL, "the answer is 304, the request had no condition")
            elif answered.etag and asked.etags not in ("", "*") and _opaque(answered.etag) not in asked.etags:
                yield found(UNCONDITIONAL, f"the answer is 304 for ETag {answered.etag[:60]}, which was not asked for")
        if asked.address and answered.address and asked.address != answered.address:
            yield found(OTHER_ADDRESS, f"the answer came from {answered.address}, the request went to {asked.address}")


def _asked(record: WarcRecord) -> _Asked | None:
    head = record.request_head()
    if head is None:
        return None
    etags = ",".join(head.get_all("If-None-Match"))
    return _Asked(
        head.method,
        head.get("Range") is not None,
        bool(etags) or head.get("If-Modified-Since") is not None,
        etags[:2000],
        record.get("WARC-IP-Address"),
    )


def _opaque(etag: str) -> str:
    """The tag without its weakness: a 304 is decided by weak comparison."""
    return etag.strip().removeprefix("W/")


def _remember(window: OrderedDict[str, _T], link: str, value: _T) -> None:
    window[link] = value
    window.move_to_end(link)
    if len(window) > _WINDOW:
        window.popitem(last=False)
