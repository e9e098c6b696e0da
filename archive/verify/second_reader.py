"""A second reader: what warcio, which shares no code with ours, sees in a WARC.

A file may be sound by the standard's letter and by our reader's lenience, and still be another file to the tools that read
by warcio (pywb, warcprox, cdxj-indexer, wacz): a record that only one of the two sees is one that those tools lose or make up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from broadsheet.archive.verify.finding import ISO, Finding, Rule, Severity, breach
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.record import Damage
from broadsheet.archive.warc.source import WarcSource

SECOND_READER = Rule(
    "second-reader", Severity.WARNING, f"{ISO}, 4",
    "warcio, when it is asked, too, sees the same records.",
    "Tools that read by warcio see another file than we do: `broadsheet repair` writes one that both read alike.",
)  # fmt: skip
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Seen:
    """A record as a reader sees it; ``length`` is that of its block, in bytes."""

    offset: int
    record_type: str
    record_id: str
    length: int


def read_by_warcio(source: WarcSource) -> Iterator[Finding]:
    """Where warcio sees other records in *source* than `read_records` does, in the order of the file."""
    problem: list[str] = []
    ours, theirs = _ours(source), _theirs(source, problem)
    mine, its = next(ours, None), next(theirs, None)
    while mine is not None and its is not None:
        if mine.offset < its.offset:
            yield _finding(source, mine, "warcio does not see this record")
            mine = next(ours, None)
        elif its.offset < mine.offset:
            yield _finding(source, its, f"warcio sees a {its.record_type} record here, and we none")
            its = next(theirs, None)
        else:
            yield from _compare(source, mine, its)
            mine, its = next(ours, None), next(theirs, None)
    if problem:
        at = mine.offset if mine is not None else 0
        yield breach(SECOND_READER, source.name, at, f"warcio reads no further ({problem[0]})")
        return
    for left in () if mine is None else chain([mine], ours):
        yield _finding(source, left, "warcio does not see this record")
    for left in () if its is None else chain([its], theirs):
        yield _finding(source, left, f"warcio sees a {left.record_type} record here, and we none")


def _compare(source: WarcSource, mine: _Seen, its: _Seen) -> Iterator[Finding]:
    for what, own, other in (
        ("type", mine.record_type, its.record_type),
        ("id", mine.record_id, its.record_id),
        ("block length", mine.length, its.length),
    ):
        if own != other:
            yield _finding(source, mine, f"to warcio its {what} is {other!r}, to us {own!r}")


def _finding(source: WarcSource, seen: _Seen, message: str) -> Finding:
    return breach(SECOND_READER, source.name, seen.offset, message, seen.record_id or None)


def _passed_over(_damage: Damage) -> None:
    return


def _ours(source: WarcSource) -> Iterator[_Seen]:
    for record in read_records(source, max_block=0, on_damage=_passed_over):
        yield _Seen(record.offset, record.record_type, record.record_id or "", record.block_length)


def _theirs(source: WarcSource, problem: list[str]) -> Iterator[_Seen]:
    """*problem* is told what stops warcio: it goes on behind no damage."""
    with source.open() as file:
        try:
            records = ArchiveIterator(file, no_record_parse=True)
            for record in records:
                length = 0
                while piece := record.raw_stream.read(_PIECE):
                    length += len(piece)
                name = record.rec_headers.get_header("WARC-Record-ID") or ""
                offset = records.get_record_offset()  # reads to the record's end, so it is asked last
                yield _Seen(offset, record.rec_type or "", name, length)
        except (ArchiveLoadFailed, AttributeError, EOFError, KeyError, TypeError, ValueError, OSError) as error:
            # warcio ends over some damage with whatever its parts raise
            problem.append((str(error).strip() or type(error).__name__).splitlines()[0][:200])
