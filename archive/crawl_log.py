"""The crawl log in Heritrix's format, made from the WARCs: a line an exchange, for the tools that read such logs.

    2026-11-24T10:20:30.123Z   200       5126 http://a.example/p LL http://a.example/ text/html #001
        20261124102030123+120 sha1:3I42... - duplicate:digest

(on one line): time of the answer's end, status or one of Heritrix's negative codes, bytes of the body, URI, way from the
seed, via, media type, worker, begin and duration in milliseconds, payload digest, source tag, annotations.  Everything
comes from the records themselves; an answer waits for its metadata record, which stands behind it, for a while only.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from broadsheet.archive.exchange import ADDRESS_REFUSALS, FetchError
from broadsheet.archive.warc.metadata import ExchangeMetadata, parse_metadata
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.record import Damage, WarcRecord
from broadsheet.archive.warc.source import WarcSource

# Heritrix's codes for what has no status
CODES = {
    FetchError.DNS: -1,
    FetchError.CONNECT: -2,
    FetchError.TLS: -2,
    FetchError.PROXY: -2,
    FetchError.DISCONNECT: -3,
    FetchError.PROTOCOL: -3,
    FetchError.TIMEOUT: -4,
    FetchError.INVALID_URL: -7,
    **dict.fromkeys(ADDRESS_REFUSALS, -5001),
    FetchError.BLOCKED: -9998,
}
_OTHER_ERROR = -5
_TRUNCATED = {"length": "lenTrunc", "time": "timeTrunc", "disconnect": "disconnectTrunc"}
_WAITING = 64
_MAX_BLOCK = 1024 * 1024  # of a larger answer only the head is needed
_ANSWERS = ("response", "revisit", "resource")
_URI_SAFE = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class _Answer:
    record: WarcRecord  # without its block
    status: int | None
    size: int
    mime: str


def crawl_log(sources: Iterable[WarcSource]) -> Iterator[str]:
    """The lines of the log of *sources*, in the order of the files; damaged stretches are passed over."""
    for source in sources:
        yield from _lines_of(source)


def _lines_of(source: WarcSource) -> Iterator[str]:
    waiting: OrderedDict[str, _Answer] = OrderedDict()
    for record in read_records(source, max_block=_MAX_BLOCK, on_damage=_passed_over):
        if record.record_type in _ANSWERS:
            waiting[record.record_id] = _answer(record)
            if len(waiting) > _WAITING:
                yield _line(waiting.popitem(last=False)[1], None)
        elif record.record_type == "metadata" and record.url is not None:
            links = (*record.get_all("WARC-Concurrent-To"), record.get("WARC-Refers-To") or "")
            answer = next((waiting.pop(link) for link in links if link in waiting), None)
            metadata = parse_metadata(record.block)
            if answer is not None:
                yield _line(answer, metadata)
            elif metadata.error is not None:
                yield _line(_Answer(record, None, 0, "-"), metadata)
    for answer in waiting.values():
        yield _line(answer, None)


def _passed_over(_damage: Damage) -> None:
    """`broadsheet verify` is who tells of damage."""


def _answer(record: WarcRecord) -> _Answer:
    head = record.response_head()
    size = record.block_length - (0 if head is None else head.head_length)
    declared = record.content_type if head is None else head.get("Content-Type")
    mime = (declared or "").partition(";")[0].strip().lower()
    return _Answer(record, None if head is None else head.status, size, mime if mime and " " not in mime else "-")


def _line(answer: _Answer, metadata: ExchangeMetadata | None) -> str:
    record = answer.record
    code = answer.status
    if code is None:
        code = 1 if metadata is None or metadata.error is None else _code(metadata.error)
    duration = metadata.fetch_time_ms if metadata is not None else None
    begun = record.date
    ended = begun if begun is None else begun + timedelta(milliseconds=duration or 0)
    when = "-" if ended is None else f"{ended:%Y-%m-%dT%H:%M:%S}.{ended.microsecond // 1000:03}Z"
    start = "-" if begun is None else f"{begun:%Y%m%d%H%M%S}{begun.microsecond // 1000:03}+{duration or 0}"
    hops = metadata.provenance.hops if metadata is not None else ""
    via = metadata.provenance.via if metadata is not None else None
    digest = record.get("WARC-Payload-Digest") or "-"
    fields = (_uri(record.url), hops or "-", _uri(via), answer.mime, "#001", start, digest, "-")
    return f"{when} {code:>5} {answer.size:>10} {' '.join(fields)} {_notes(answer, metadata)}"


def _code(error: str) -> int:
    return next((code for known, code in CODES.items() if known == error), _OTHER_ERROR)


def _notes(answer: _Answer, metadata: ExchangeMetadata | None) -> str:
    notes = []
    truncated = answer.record.get("WARC-Truncated")
    if answer.record.record_type == "revisit":
        profile = answer.record.get("WARC-Profile") or ""
        notes.append("serverNotModified" if profile.endswith("server-not-modified") else "duplicate:digest")
    elif truncated in _TRUNCATED:
        notes.append(_TRUNCATED[truncated])
    if metadata is not None and metadata.error is not None:
        notes.append(f"error:{metadata.error}")
    return ",".join(quote(note, safe=":-") for note in notes) or "-"


def _uri(url: str | None) -> str:
    """A URL without blanks, so that the line keeps its fields."""
    return quote(url, safe=_URI_SAFE) if url else "-"
