"""Rules about which field may stand in which record, and what revisit, segment and descriptive records must say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.archive.verify.finding import LOOK, Severity
from broadsheet.archive.verify.record_rules import record_rule
from broadsheet.archive.warc.header import is_warc_date, parse_warc_date
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.source import WarcSource

_NOT_CAPTURED = ("warcinfo", "conversion", "continuation")
_ALL_BUT_REVISIT = ("warcinfo", "response", "metadata", "conversion", "resource", "request", "continuation")
_ALL_BUT_CONTINUATION = ("warcinfo", "response", "metadata", "conversion", "resource", "request", "revisit")
# Where the standard says that a field "shall not be used"
_FORBIDDEN: dict[str, tuple[str, ...]] = {
    "WARC-Concurrent-To": _NOT_CAPTURED,
    "WARC-IP-Address": _NOT_CAPTURED,
    "WARC-Refers-To": ("warcinfo", "response", "resource", "request", "continuation"),
    "WARC-Refers-To-Target-URI": _ALL_BUT_REVISIT,
    "WARC-Refers-To-Date": _ALL_BUT_REVISIT,
    "WARC-Warcinfo-ID": ("warcinfo",),
    "WARC-Profile": _ALL_BUT_REVISIT,
    "WARC-Segment-Origin-ID": _ALL_BUT_CONTINUATION,
    "WARC-Segment-Total-Length": _ALL_BUT_CONTINUATION,
}
_PROFILE = re.compile(
    r"https?://netpreserve\.org/warc/1\.[01]/(?:revisit/)?"
    r"(identical-payload-digest|server-not-modified|uri-agnostic-identical-payload-digest)/?"
)
_ID_FIELDS = ("WARC-Concurrent-To", "WARC-Refers-To", "WARC-Warcinfo-ID", "WARC-Segment-Origin-ID")
_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+>")
_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*(?:;.*)?", re.DOTALL)
_DIGITS = re.compile(r"[0-9]{1,18}")
_WEB_YEARS = range(1991, 2100)  # a clock that was never set says 1970; not compared with now: same file, same findings


def profile_of(record: WarcRecord) -> str | None:
    """Which of the standard's revisit profiles *record* has; None for none of them."""
    match = _PROFILE.fullmatch(record.get("WARC-Profile") or "")
    return match.group(1).removeprefix("uri-agnostic-") if match else None


@record_rule("field-place", Severity.ERROR, "5.7, 5.10-5.13, 5.16, 5.18, 5.21, 5.22")
def check_place(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A field stands only in the types of records that may have it."""
    for name, types in _FORBIDDEN.items():
        if record.record_type in types and record.get(name) is not None:
            yield f"{name} in a {record.record_type} record"


@record_rule("no-payload", Severity.WARNING, "5.9, 5.19", types=("warcinfo", "metadata"))
def check_no_payload(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """Warcinfo and metadata records have no payload, and say nothing about one."""
    if record.record_type in ("warcinfo", "metadata"):
        for name in ("WARC-Payload-Digest", "WARC-Identified-Payload-Type"):
            if record.get(name) is not None:
                yield f"{name} in a {record.record_type} record, which has no payload"


@record_rule("link-form", Severity.ERROR, "5.7, 5.11, 5.16, 5.21")
def check_link_form(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A field that names another record has its id, a URI in angle brackets."""
    for name in _ID_FIELDS:
        for value in record.get_all(name):
            if not _ID.fullmatch(value):
                yield f"{name} {value[:80]!r} is no URI in angle brackets"


@record_rule("content-type-form", Severity.ERROR, "5.6")
def check_content_type_form(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """Content-Type is a media type."""
    if record.content_type and not _MEDIA_TYPE.fullmatch(record.content_type):
        yield f"Content-Type {record.content_type[:60]!r} is no media type"


@record_rule("http-content-type", Severity.WARNING, "6.3.2, 6.5.2", types=("request", "response"))
def check_http_content_type(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A request or response for a web address says application/http, and which of the two it is."""
    if record.record_type not in ("request", "response") or not (record.url or "").lower().startswith("http"):
        return
    declared = (record.content_type or "").lower().replace(" ", "")
    other = "response" if record.record_type == "request" else "request"
    if f"msgtype={other}" in declared:
        yield f"a {record.record_type} record whose Content-Type says {record.content_type!r}"
    elif declared and not declared.startswith("application/http") and record.block.startswith(b"HTTP/"):
        yield f"an HTTP message in a record of Content-Type {record.content_type!r}"


@record_rule("ip-address-missing", Severity.INFO, "6.3.2, 6.5.2", types=("response",))
def check_ip_missing(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A response says which address it came from (behind a proxy it cannot)."""
    if record.record_type == "response" and record.is_http and record.get("WARC-IP-Address") is None:
        yield "no WARC-IP-Address"


@record_rule("date-plausible", Severity.WARNING, "5.4", LOOK)
def check_date_plausible(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A date lies in the years of the Web."""
    if record.date is not None and record.date.year not in _WEB_YEARS:
        yield f"WARC-Date {record.get('WARC-Date')}: a wrong clock?"


@record_rule("revisit-profile-missing", Severity.ERROR, "5.18, 6.7.1, 6.7.2", types=("revisit",))
def check_revisit(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A revisit has a WARC-Profile, and by the identical-digest one the payload digest of what it stands for."""
    if record.record_type != "revisit":
        return
    if record.get("WARC-Profile") is None:
        yield "a revisit record without WARC-Profile"
    elif profile_of(record) == "identical-payload-digest" and record.get("WARC-Payload-Digest") is None:
        yield "a revisit for an identical digest that says no WARC-Payload-Digest"


@record_rule("revisit-profile", Severity.WARNING, "5.18, 6.7.1", types=("revisit",))
def check_revisit_profile(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The profile is one that the standard defines: readers must not interpret others."""
    if record.record_type == "revisit" and record.get("WARC-Profile") is not None and profile_of(record) is None:
        yield f"unknown WARC-Profile {(record.get('WARC-Profile') or '')[:80]!r}"


@record_rule("revisit-refers", Severity.WARNING, "6.7.2", types=("revisit",))
def check_revisit_refers(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A revisit says what it refers to, so that it can be replayed."""
    named = record.get("WARC-Refers-To") is not None
    described = record.get("WARC-Refers-To-Date") is not None and (
        record.get("WARC-Refers-To-Target-URI") is not None or profile_of(record) == "server-not-modified"
    )
    if record.record_type == "revisit" and not (named or described):
        yield "a revisit that names neither the record nor the URI and date it refers to"


@record_rule("revisit-date", Severity.ERROR, "5.13", types=("revisit",))
def check_revisit_date(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """WARC-Refers-To-Date is a date, and not later than the revisit's own."""
    text = record.get("WARC-Refers-To-Date")
    if record.record_type != "revisit" or text is None:
        return
    original = parse_warc_date(text)
    if original is None or not is_warc_date(text):
        yield f"WARC-Refers-To-Date {text[:40]!r} is no UTC date"
    elif record.date is not None and original > record.date:
        yield f"refers to a capture of {text}, later than its own date {record.get('WARC-Date')}"


@record_rule("revisit-body", Severity.WARNING, "6.7.2", types=("revisit",))
def check_revisit_body(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A revisit for an identical digest keeps the head of the answer at most, and no body."""
    head = record.response_head() if record.record_type == "revisit" else None
    if head is not None and profile_of(record) == "identical-payload-digest" and record.block_length > head.head_length:
        yield f"{record.block_length - head.head_length} bytes of body in a revisit for an identical digest"


@record_rule("revisit-truncated", Severity.INFO, "6.7.2", types=("revisit",))
def check_revisit_truncated(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A revisit that leaves the body off says WARC-Truncated: length (few writers do)."""
    if (
        record.record_type == "revisit"
        and profile_of(record) == "identical-payload-digest"
        and record.block_length
        and record.get("WARC-Truncated") is None
    ):
        yield "the body is left off without WARC-Truncated: length"


@record_rule("revisit-status", Severity.WARNING, "6.7.3", LOOK, types=("revisit",))
def check_revisit_status(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """What the server says is not modified has the status 304."""
    head = record.response_head() if record.record_type == "revisit" else None
    if head is not None and profile_of(record) == "server-not-modified" and head.status != 304:
        yield f"a server-not-modified revisit whose answer has the status {head.status}"


@record_rule("conversion-source", Severity.WARNING, "6.8", types=("conversion",))
def check_conversion(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A conversion names the record it was made from."""
    if record.record_type == "conversion" and record.get("WARC-Refers-To") is None:
        yield "a conversion record without WARC-Refers-To"


@record_rule("segment", Severity.ERROR, "5.20-5.22, 7")
def check_segment(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """Segments are numbered: 1 in the first record, 2 and up in continuations, which name their origin."""
    number, total = record.get("WARC-Segment-Number"), record.get("WARC-Segment-Total-Length")
    if number is not None and not _DIGITS.fullmatch(number):
        yield f"WARC-Segment-Number {number[:20]!r}"
    elif record.record_type == "continuation":
        if number is None or int(number) < 2:
            yield f"a continuation record with WARC-Segment-Number {number}"
    elif number is not None and int(number) != 1:
        yield f"WARC-Segment-Number {number} in a {record.record_type} record"
    if record.record_type == "continuation" and record.get("WARC-Segment-Origin-ID") is None:
        yield "a continuation record without WARC-Segment-Origin-ID"
    if total is not None and not _DIGITS.fullmatch(total):
        yield f"WARC-Segment-Total-Length {total[:20]!r}"


@record_rule("warc-fields", Severity.WARNING, "4, 8")
def check_warc_fields(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A block of application/warc-fields is lines of ``name: value``."""
    if not (record.content_type or "").lower().startswith("application/warc-fields"):
        return
    for line in record.block.split(b"\n"):
        line = line.rstrip(b"\r")
        if line and b":" not in line and line[:1] not in (b" ", b"\t"):
            yield f"a line without a colon in application/warc-fields: {line[:60]!r}"
            return


@record_rule("warcinfo-format", Severity.WARNING, "6.2, B.1", types=("warcinfo",))
def check_warcinfo_format(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The format that a warcinfo record names is that of the file."""
    if record.record_type != "warcinfo":
        return
    match = re.search(rb"^format:[^\n]*?(\d\.\d+)", record.block, re.MULTILINE | re.IGNORECASE)
    if match and match.group(1).decode() != record.version.removeprefix("WARC/"):
        yield f"says format {match.group(1).decode()} in a record of {record.version}"
