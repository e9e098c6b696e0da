"""Links between records: WARC-Concurrent-To, -Refers-To, -Warcinfo-ID and segments, within a file and over files.

A link to a record that was read already is checked on the spot; the few others wait as a `RecordLink` until every file of the
crawl is known, because a revisit's original and a segment's origin usually lie in another file.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from broadsheet.archive.verify.field_rules import profile_of
from broadsheet.archive.verify.finding import ISO, LOOK, TOGETHER, Finding, Rule, Severity, breach
from broadsheet.archive.verify.record_table import (
    RecordRow,
    RecordTable,
    digest_key,
    digests_contradict,
    key,
    microseconds,
    moment_of,
    url_key,
)
from broadsheet.archive.warc.header import parse_warc_date
from broadsheet.archive.warc.record import WarcRecord

ID_TWICE = Rule(
    "record-id-unique", Severity.ERROR, f"{ISO}, 5.2", "No two records have one WARC-Record-ID.",
    "Find out whether a file is there twice under two names, or the writer repeats ids.",
)  # fmt: skip
DANGLING = Rule(
    "concurrent-to", Severity.WARNING, f"{ISO}, 5.7", "The record that WARC-Concurrent-To names is there.", TOGETHER
)
OTHER_URL = Rule(
    "concurrent-url", Severity.ERROR, f"{ISO}, 5.7", "Request and answer of one event have one WARC-Target-URI.", LOOK
)
OTHER_DATE = Rule("concurrent-date", Severity.WARNING, f"{ISO}, 5.4", "The records of one event have one WARC-Date.")
NO_WARCINFO = Rule(
    "warcinfo-id",
    Severity.WARNING,
    f"{ISO}, 5.16",
    "The warcinfo record that WARC-Warcinfo-ID names is there.",
    TOGETHER,
)
REFERS = Rule(
    "refers-to", Severity.WARNING, f"{ISO}, 5.11-5.13",
    "What a revisit, conversion or metadata record refers to is there.", TOGETHER,
)  # fmt: skip
REFERS_OTHER = Rule(
    "refers-to-contradicts", Severity.ERROR, f"{ISO}, 5.11-5.13",
    "WARC-Refers-To, -Target-URI and -Date name one and the same capture.", LOOK,
)  # fmt: skip
REVISIT_DIGEST = Rule(
    "revisit-digest", Severity.ERROR, f"{ISO}, 6.7.2",
    "A revisit for an identical digest has the payload digest of what it refers to.", LOOK,
)  # fmt: skip
REVISIT_CHAIN = Rule(
    "revisit-chain", Severity.WARNING, f"{ISO}, 6.7.2",
    "A revisit refers to a record that has the content, not to another revisit.",
)  # fmt: skip
SEGMENT_ORIGIN = Rule(
    "segment-origin", Severity.WARNING, f"{ISO}, 5.21", "The origin of a continuation record is there.", TOGETHER
)
SEGMENT_SERIES = Rule(
    "segment-series", Severity.ERROR, f"{ISO}, 7",
    "The segments of a record are numbered without gaps and add up to WARC-Segment-Total-Length.", TOGETHER,
)  # fmt: skip
LINK_RULES = (
    *(ID_TWICE, DANGLING, OTHER_URL, OTHER_DATE, NO_WARCINFO, REFERS, REFERS_OTHER),
    *(REVISIT_DIGEST, REVISIT_CHAIN, SEGMENT_ORIGIN, SEGMENT_SERIES),
)
_ONE_EVENT = {"request", "response", "revisit"}
_HAS_CONTENT = ("response", "resource", "revisit")


class LinkKind(StrEnum):
    """Which field a link stands in.  DESCRIBED: by URI and date, without an id."""

    CONCURRENT = "WARC-Concurrent-To"
    REFERS = "WARC-Refers-To"
    WARCINFO = "WARC-Warcinfo-ID"
    DESCRIBED = "WARC-Refers-To-Target-URI"


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A link that waits for its target.  ``target`` is the key of an id, or of a URL for DESCRIBED; ``text`` its text."""

    kind: LinkKind
    offset: int
    record_id: str
    record_type: str
    url: int
    date: int
    target: int
    text: str
    digest: int = 0  # of an identical-payload revisit
    refers_url: int = 0
    refers_date: int | None = None


@dataclass(frozen=True, slots=True)
class RecordSegment:
    """A part of a segmented record; ``origin`` is the key of the first one's id, ``total`` None where it is not said."""

    offset: int
    record_id: str
    origin: int
    number: int
    length: int
    total: int | None


@dataclass(slots=True)
class WaitingLinks:
    """What one file leaves to be checked when all files are known."""

    links: list[RecordLink] = field(default_factory=list)
    segments: list[RecordSegment] = field(default_factory=list)


def links_of(record: WarcRecord) -> Iterator[RecordLink]:
    """The links that stand in *record*."""

    def link(kind: LinkKind, text: str, **more: int | None) -> RecordLink:
        target = url_key(text) if kind is LinkKind.DESCRIBED else key(text)
        return RecordLink(
            kind, record.offset, record.record_id, record.record_type, url_key(record.url), microseconds(record.date),
            target, text[:200], **more,  # type: ignore[arg-type]  # the three number fields
        )  # fmt: skip

    if (warcinfo := record.get("WARC-Warcinfo-ID")) is not None:
        yield link(LinkKind.WARCINFO, warcinfo)
    for text in record.get_all("WARC-Concurrent-To"):
        yield link(LinkKind.CONCURRENT, text)
    refers, described = record.get("WARC-Refers-To"), record.get("WARC-Refers-To-Target-URI")
    date = parse_warc_date(record.get("WARC-Refers-To-Date") or "")
    identical = profile_of(record) == "identical-payload-digest"
    digest = digest_key(record.get("WARC-Payload-Digest")) if identical else 0
    facts = {
        "digest": digest,
        "refers_url": url_key(described),
        "refers_date": None if date is None else microseconds(date),
    }
    if refers is not None:
        yield link(LinkKind.REFERS, refers, **facts)
    elif record.record_type == "revisit" and date is not None:
        yield link(LinkKind.DESCRIBED, described or record.url or "", **facts)


def segment_of(record: WarcRecord) -> RecordSegment | None:
    """*record* as part of a segmented one; None when it is whole, or wrongly numbered (another rule says so)."""
    number, total = record.get("WARC-Segment-Number"), record.get("WARC-Segment-Total-Length")
    if number is None or not number.isdecimal() or (total is not None and not total.isdecimal()):
        return None
    origin = record.get("WARC-Segment-Origin-ID") or record.record_id
    length = None if total is None else int(total)
    return RecordSegment(record.offset, record.record_id, key(origin), int(number), record.block_length, length)


def check_link(link: RecordLink, target: RecordRow) -> Iterator[tuple[Rule, str]]:
    """What is wrong between a record and the one it names."""
    if link.kind is LinkKind.WARCINFO:
        if target.record_type != "warcinfo":
            yield NO_WARCINFO, f"WARC-Warcinfo-ID names a {target.record_type} record"
    elif link.kind is LinkKind.CONCURRENT:
        if not {link.record_type, target.record_type} <= _ONE_EVENT:
            return  # others may be about something else: wget's logs are concurrent to its manifest
        if link.url and target.url and link.url != target.url:
            yield OTHER_URL, f"concurrent to a {target.record_type} of another URL, at offset {target.offset}"
        if link.date != target.date:
            yield OTHER_DATE, f"not the WARC-Date of the {target.record_type} it is concurrent to"
    else:
        yield from _check_reference(link, target)


def _check_reference(link: RecordLink, target: RecordRow) -> Iterator[tuple[Rule, str]]:
    if link.record_type != "revisit":
        return
    if link.refers_url and target.url != link.refers_url:
        yield REFERS_OTHER, f"WARC-Refers-To-Target-URI is not the URL of {link.text}"
    if link.refers_date is not None and not _same_second(target.date, link.refers_date):
        yield REFERS_OTHER, f"WARC-Refers-To-Date is not the date of {link.text} ({moment_of(target.date)})"
    if digests_contradict(link.digest, target.digest):
        yield REVISIT_DIGEST, f"not the payload digest of the {target.record_type} it refers to"
    if target.record_type == "revisit":
        yield REVISIT_CHAIN, "refers to a record that is a revisit itself"


def _same_second(one: int, other: int) -> bool:
    return one // 1_000_000 == other // 1_000_000


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """A file whose records may be linked to: its name, its table, and what of it waits."""

    name: str
    table: RecordTable
    waiting: WaitingLinks


def check_links(files: Sequence[LinkedFile]) -> Iterator[Finding]:
    """Resolve all that waits, now that every file is known; and ids that two files share."""
    yield from _shared_ids(files)
    by_id, by_capture = _targets(files)
    for file in files:
        for link in file.waiting.links:
            yield from _resolve(link, file.name, by_id, by_capture)
    yield from _check_segments(files)


def _targets(files: Sequence[LinkedFile]) -> tuple[dict[int, RecordRow], dict[tuple[int, int], RecordRow]]:
    """The records that something waits for: by id; and by URL and second, content before revisits."""
    wanted = {link.target for file in files for link in file.waiting.links if link.kind is not LinkKind.DESCRIBED}
    described = {link.target for file in files for link in file.waiting.links if link.kind is LinkKind.DESCRIBED}
    by_id: dict[int, RecordRow] = {}
    by_capture: dict[tuple[int, int], RecordRow] = {}
    for table in (file.table for file in files) if wanted or described else ():
        for number in range(len(table)):
            if table.ids[number] in wanted:
                by_id.setdefault(table.ids[number], table.row(number))
            if table.urls[number] in described and (row := table.row(number)).record_type in _HAS_CONTENT:
                place = (row.url, row.date // 1_000_000)
                if row.record_type != "revisit" or place not in by_capture:
                    by_capture[place] = row
    return by_id, by_capture


def _resolve(
    link: RecordLink, name: str, by_id: dict[int, RecordRow], by_capture: dict[tuple[int, int], RecordRow]
) -> Iterator[Finding]:
    if link.kind is LinkKind.DESCRIBED:
        target = by_capture.get((link.target, (link.refers_date or 0) // 1_000_000))
        if target is not None and target.offset == link.offset and target.record_type == "revisit":
            target = None  # it found itself
    else:
        target = by_id.get(link.target)
    if target is not None:
        for rule, message in check_link(link, target):
            yield breach(rule, name, link.offset, message, link.record_id or None)
        return
    rule = {LinkKind.CONCURRENT: DANGLING, LinkKind.WARCINFO: NO_WARCINFO}.get(link.kind, REFERS)
    what = "a capture that" if link.kind is LinkKind.DESCRIBED else link.kind.value
    message = (
        f"refers to a capture of {link.text} at {moment_of(link.refers_date or 0)}, which is not here"
        if link.kind is LinkKind.DESCRIBED
        else f"{what} names {link.text}, which is not here"
    )
    yield breach(rule, name, link.offset, message, link.record_id or None)


def _shared_ids(files: Sequence[LinkedFile]) -> Iterator[Finding]:
    """Ids that records of two files have.  (Within a file they are found as it is read.)"""
    if len(files) < 2:
        return
    every = array("Q")
    for file in files:
        every.extend(sorted(set(file.table.ids) - {0}))
    ordered = sorted(every)
    twice = {one for one, other in pairwise(ordered) if one == other}
    first: dict[int, str] = {}
    for file in files if twice else ():
        for number, record_id in enumerate(file.table.ids):
            if record_id in twice and first.setdefault(record_id, file.name) != file.name:
                message = f"a record of {first[record_id]} has this WARC-Record-ID, too"
                yield breach(ID_TWICE, file.name, file.table.offsets[number], message)


def _check_segments(files: Sequence[LinkedFile]) -> Iterator[Finding]:
    series: dict[int, list[tuple[RecordSegment, str]]] = defaultdict(list)
    for file in files:
        for segment in file.waiting.segments:
            series[segment.origin].append((segment, file.name))
    for parts in series.values():
        parts.sort(key=lambda part: part[0].number)
        segment, name = parts[-1]
        numbers = [part.number for part, _ in parts]
        if numbers[0] != 1:
            yield breach(SEGMENT_ORIGIN, name, segment.offset, "its first segment is not here", segment.record_id)
        elif numbers != list(range(1, len(parts) + 1)):
            yield breach(
                SEGMENT_SERIES, name, segment.offset, f"the segments are numbered {numbers}", segment.record_id
            )
        elif segment.total is None:
            message = f"the last of {len(parts)} segments says no WARC-Segment-Total-Length"
            yield breach(SEGMENT_SERIES, name, segment.offset, message, segment.record_id)
        elif segment.total != sum(part.length for part, _ in parts):
            length = sum(part.length for part, _ in parts)
            message = f"the segments have {length} bytes together, WARC-Segment-Total-Length says {segment.total}"
            yield breach(SEGMENT_SERIES, name, segment.offset, message, segment.record_id)
