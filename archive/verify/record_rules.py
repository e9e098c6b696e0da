"""Rules that look at one record alone: ISO 28500's fields, framing and digests.

A rule is a function from a record to messages, one for each breach; the decorator gives it its id, severity and clause
(of ISO 28500:2017 where it begins with a number) and enters it into `RECORD_RULES`; the docstring says what is asked.
Add a rule by writing one.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from broadsheet.archive.digest import is_readable, verify_digest
from broadsheet.archive.exchange import Truncation
from broadsheet.archive.http import is_chunked
from broadsheet.archive.verify.finding import FORM, ISO, RENAMED, REPAIR, WRITER, Rule, Severity
from broadsheet.archive.warc.header import is_warc_date
from broadsheet.archive.warc.reader import iterate_block
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.source import WarcSource

Check = Callable[[WarcRecord, WarcSource], Iterator[str]]


@dataclass(frozen=True, slots=True)
class RecordRule:
    """A rule with the function that checks it; ``types`` are the records it is about, all when empty."""

    rule: Rule
    check: Check
    types: tuple[str, ...] = ()


RECORD_RULES: list[RecordRule] = []

_TYPES = ("warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation")
_WITH_TARGET = ("response", "resource", "request", "revisit", "conversion", "continuation")
_REPEATABLE = ("warc-concurrent-to", "warc-protocol")  # the second is proposed, and made to be repeated
_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+>$")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+$")


def record_rule(
    rule_id: str, severity: Severity, clause: str, remedy: str = WRITER, *, types: tuple[str, ...] = ()
) -> Callable[[Check], Check]:
    """Enter the decorated function into `RECORD_RULES`; for speed it is called for records of *types* only, if given."""
    if clause[0].isdigit():
        clause = f"{ISO}, {clause}"

    def enter(check: Check) -> Check:
        asks = (check.__doc__ or "").strip().partition("\n")[0]
        RECORD_RULES.append(RecordRule(Rule(rule_id, severity, clause, asks, remedy), check, types))
        return check

    return enter


@record_rule("version", Severity.ERROR, "4")
def check_version(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The version line is one of the two standards."""
    if record.version not in ("WARC/1.0", "WARC/1.1"):
        yield f"version line {record.version[:20]!r}"


@record_rule("header-syntax", Severity.ERROR, "4")
def check_header_syntax(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """Header lines are ``name: value`` and end in CRLF; the text is UTF-8."""
    written = record.raw_header.lstrip(b"\r\n")
    if len(written) < len(record.raw_header):
        yield "line ends stand before the header"
    lines = written.removesuffix(b"\r\n\r\n").split(b"\r\n")
    if any(b"\n" in line or b"\r" in line for line in lines):
        yield "header lines do not end in CRLF"
    for line in lines[1:]:
        if b":" not in line and line[:1] not in (b" ", b"\t"):
            yield f"header line without a colon: {line[:60]!r}"
    if _CONTROLS.search(record.raw_header):
        yield "control characters in the header"
    try:
        record.raw_header.decode("utf-8")
    except UnicodeDecodeError:
        yield "the header is not UTF-8"


@record_rule("mandatory-field", Severity.ERROR, "5.1")
def check_mandatory(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """Every record has a type, an id and a date (one without Content-Length cannot be read at all)."""
    for name in ("WARC-Type", "WARC-Record-ID", "WARC-Date"):
        if record.get(name) is None:
            yield f"no {name}"


@record_rule("repeated-field", Severity.ERROR, "5.1")
def check_repeated(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A field appears once, WARC-Concurrent-To excepted."""
    counts = Counter(name.lower() for name, _ in record.headers)
    for name, count in counts.items():
        if count > 1 and name not in _REPEATABLE:
            yield f"{name} appears {count} times"


@record_rule("record-id-form", Severity.ERROR, "5.2")
def check_record_id(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The id is a URI in angle brackets."""
    if record.record_id and not _ID.match(record.record_id):
        yield f"WARC-Record-ID {record.record_id[:80]!r} is no URI in angle brackets"


@record_rule("date-form", Severity.ERROR, "5.4")
def check_date(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The date is UTC in W3C's profile of ISO 8601; WARC/1.0 knows whole seconds only."""
    text = record.get("WARC-Date")
    if text is None:
        return
    if not is_warc_date(text):
        yield f"WARC-Date {text[:40]!r} is no UTC date"
    elif record.version == "WARC/1.0" and len(text) != len("2026-01-01T00:00:00Z"):
        yield f"WARC-Date {text[:40]!r} is not in whole seconds, as WARC/1.0 wants"


@record_rule("record-type", Severity.WARNING, "5.5")
def check_type(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The type is one of the eight; readers pass over others."""
    if record.record_type and record.record_type not in _TYPES:
        yield f"unknown WARC-Type {record.record_type[:40]!r}"


@record_rule("content-type-missing", Severity.WARNING, "5.6")
def check_content_type(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A record that is not empty says what its block is."""
    if record.block_length and record.record_type != "continuation" and not record.content_type:
        yield "no Content-Type"


@record_rule("target-uri-missing", Severity.ERROR, "5.14")
def check_target_missing(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """What was fetched has a URI."""
    if record.record_type in _WITH_TARGET and not record.url:
        yield f"a {record.record_type} record without WARC-Target-URI"


@record_rule("target-uri-form", Severity.ERROR, "5.14")
def check_target_form(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The target is an absolute URI; angle brackets were taken back by WARC/1.1 (and used by the examples of 1.0)."""
    if record.url and not _URI.match(record.url):
        yield f"WARC-Target-URI {record.url[:80]!r} is not an absolute URI"
    if record.version == "WARC/1.1" and (record.get("WARC-Target-URI") or "").startswith("<"):
        yield "WARC-Target-URI stands in angle brackets"


@record_rule("warcinfo-target", Severity.ERROR, "5.14")
def check_warcinfo_target(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A warcinfo record has no target."""
    if record.record_type == "warcinfo" and record.url is not None:
        yield "a warcinfo record with WARC-Target-URI"


@record_rule("record-end", Severity.ERROR, "4", FORM)
def check_tail(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """Two CRLFs follow the block, and in its gzip member nothing follows them."""
    if record.tail == b"\r\n\r\n":
        return
    if record.tail.startswith(b"\r\n\r\n"):
        yield f"{len(record.tail) - 4} bytes behind the record's end"
    else:
        yield f"the block is followed by {record.tail[:20]!r}, not by two CRLFs (is Content-Length too small?)"


@record_rule("block-digest", Severity.ERROR, "5.8", REPAIR)
def check_block_digest(record: WarcRecord, source: WarcSource) -> Iterator[str]:
    """The block is what its digest says."""
    labelled = record.get("WARC-Block-Digest")
    if (
        labelled is not None
        and verify_digest(labelled, iterate_block(source, record)) is False
        and not _digest_of_nothing(record, labelled)
    ):
        yield f"the block does not have the digest {labelled[:80]}"


@record_rule("block-digest-of-nothing", Severity.WARNING, "5.8", types=("revisit",))
def check_digest_of_nothing(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A revisit's block digest is made of its block, not of the content that was left off (wget's are)."""
    labelled = record.get("WARC-Block-Digest")
    if labelled is not None and record.block_length and _digest_of_nothing(record, labelled):
        yield "the digest of no bytes at all, for a block that has some: it vouches for nothing"


def _digest_of_nothing(record: WarcRecord, labelled: str) -> bool:
    return record.record_type == "revisit" and verify_digest(labelled, ()) is True


def _has_payload_here(record: WarcRecord) -> bool:
    """Whether the payload that WARC-Payload-Digest is of lies in this record, and was read whole."""
    if record.record_type == "revisit" or record.block_truncated or record.get("WARC-Segment-Number"):
        return False
    if record.is_http and not (record.content_type or "application/http").lower().startswith("application/http"):
        return False  # HTTP by its first bytes alone: of what its writer took the digest is not said
    # What is called HTTP and is not has no body that a digest could be of: http-head says so.
    return not record.is_http or (record.response_head() or record.request_head()) is not None


def _is_of_framing(record: WarcRecord, labelled: str) -> bool:
    head = record.response_head()
    if head is None or not is_chunked(head):
        return False
    return verify_digest(labelled, (record.block[head.head_length :],)) is True


@record_rule("payload-digest", Severity.ERROR, "5.9")
def check_payload_digest(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The payload (transfer coding off, content coding on) is what its digest says; a revisit's lies elsewhere."""
    labelled = record.get("WARC-Payload-Digest")
    if (
        labelled is not None
        and _has_payload_here(record)
        and verify_digest(labelled, (record.payload(),)) is False
        and not _is_of_framing(record, labelled)
    ):
        yield f"the payload does not have the digest {labelled[:80]}"


@record_rule("payload-digest-framing", Severity.WARNING, "5.9", types=("response",))
def check_payload_digest_framing(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The payload digest is not made over the chunk framing (some writers' are: the bytes are whole all the same)."""
    labelled = record.get("WARC-Payload-Digest")
    if (
        labelled is not None
        and _has_payload_here(record)
        and _is_of_framing(record, labelled)
        and verify_digest(labelled, (record.payload(),)) is False
    ):
        yield f"the digest {labelled[:80]} was taken over the chunk framing: no other capture will have it"


@record_rule("digest-form", Severity.WARNING, "5.8")
def check_digest_form(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A digest is ``label:value`` of an algorithm that can be checked."""
    for name in ("WARC-Block-Digest", "WARC-Payload-Digest"):
        labelled = record.get(name)
        if labelled is not None and not is_readable(labelled):
            yield f"{name} {labelled[:60]!r} cannot be read, and was not checked"


@record_rule("not-checked", Severity.INFO, "5.9")
def check_unchecked(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """Of a very large record only the block digest is checked."""
    if record.block_truncated and record.is_http:
        yield f"a block of {record.block_length} bytes: payload and HTTP framing were not checked"


@record_rule("ip-address", Severity.ERROR, "5.10")
def check_ip(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """WARC-IP-Address is an address."""
    text = record.get("WARC-IP-Address")
    if text is not None:
        try:
            ipaddress.ip_address(text)
        except ValueError:
            yield f"WARC-IP-Address {text[:60]!r} is no address"


@record_rule("truncated-value", Severity.WARNING, "5.15")
def check_truncated(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """WARC-Truncated gives one of four reasons, or one that an extension defines."""
    text = record.get("WARC-Truncated")
    if text is not None and text not in tuple(Truncation):
        yield f"WARC-Truncated {text[:40]!r}"


@record_rule("filename", Severity.ERROR, "5.17")
def check_filename(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """Only a warcinfo record names the file."""
    if record.record_type != "warcinfo" and record.get("WARC-Filename") is not None:
        yield f"WARC-Filename in a {record.record_type} record"


@record_rule("filename-differs", Severity.INFO, "5.17", RENAMED)
def check_filename_differs(record: WarcRecord, source: WarcSource) -> Iterator[str]:
    """The file still has the name it was written under."""
    named = record.get("WARC-Filename")
    if record.record_type == "warcinfo" and named is not None and named.removesuffix(".open") != source.name:
        yield f"written as {named[:80]!r}, found as {source.name!r}"
