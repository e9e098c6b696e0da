"""Salvage: what a killed writer left behind the last byte that the journal acknowledged.

The writer puts the records of an exchange in a row and its metadata record last, so a metadata record closes a group.
Walking on from the committed offset, whole groups are kept; at the first thing that is not one (a torn member, a group
without its end) the walk stops, and all from there on is lost: it was never acknowledged, it will be fetched again.
Nothing is guessed: gzip's checksum says what is whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from broadsheet.archive.capture import Capture
from broadsheet.archive.durable import remove, rename, sync_file
from broadsheet.archive.errors import CorruptArchive
from broadsheet.archive.exchange import Provenance
from broadsheet.archive.warc.group import LOOKUP_SCHEME
from broadsheet.archive.warc.metadata import parse_metadata
from broadsheet.archive.warc.page_fact import page_fact
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.record import Damage, WarcRecord, capture_of, is_entry
from broadsheet.archive.warc.source import WarcSource
from broadsheet.archive.warc.writer import OPEN_SUFFIX, ExchangeCaptures


@dataclass(frozen=True, slots=True)
class SalvagedExchange:
    """A whole exchange that was on disk and not in the journal."""

    captures: ExchangeCaptures
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Salvage:
    """What is to be kept.  ``end_offset`` is where the last whole group ends; ``lost_bytes`` lie behind it."""

    groups: tuple[SalvagedExchange, ...]
    end_offset: int
    lost_bytes: int


def salvage(path: Path, committed: int) -> Salvage:
    """Find the whole exchanges behind *committed* bytes of *path*, an ``.open`` file or a closed one; changes nothing.

    Raises:
        BroadsheetError: the file cannot be opened, or is shorter than *committed*.
    """
    size = path.stat().st_size
    if size < committed:
        cause = f"has {size} bytes, the journal knows of {committed}"
        raise CorruptArchive(str(path), cause, 'Run "broadsheet verify" on the collection.')
    groups: list[SalvagedExchange] = []
    end = committed
    for exchange, group_end in _whole_groups(path, committed) if size > committed else ():
        end = group_end
        if exchange is not None:
            groups.append(exchange)
    return Salvage(tuple(groups), end, size - end)


def truncate_and_close(path: Path, end: int) -> Path | None:
    """Cut *path* back to *end* bytes and give it its final name, durably.

    Returns the final path; None when nothing but a warcinfo was left and the file was removed.
    """
    os.truncate(path, end)
    sync_file(path)
    final = path.with_name(path.name.removesuffix(OPEN_SUFFIX))
    if end == 0 or all(record.record_type == "warcinfo" for record in read_records(WarcSource.of(path))):
        remove([path])
        return None
    if path != final:
        rename(path, final)
    return final


class _Torn(Exception):
    pass


def _stop(damage: Damage) -> None:
    raise _Torn(damage.reason)


def _whole_groups(path: Path, committed: int) -> Iterator[tuple[SalvagedExchange | None, int]]:
    """The whole groups in file order, each with the offset behind it; None stands for a warcinfo."""
    name = path.name.removesuffix(OPEN_SUFFIX)
    group: list[WarcRecord] = []
    try:
        for record in read_records(WarcSource.of(path), committed, on_damage=_stop):
            end = record.offset + record.length
            if record.record_type == "warcinfo" and not group:
                yield None, end
                continue
            group.append(record)
            if record.record_type == "metadata":
                if not _belongs_together(group):
                    return
                yield _salvaged(group, name), end
                group = []
    except _Torn:
        return  # all before it is whole, all behind it was never acknowledged


def _belongs_together(group: list[WarcRecord]) -> bool:
    """Whether the records are one exchange of our writer: one capture event, one entry."""
    metadata, records = group[-1], _without_lookup(group)
    ids = {record.record_id for record in group}
    return (
        sum(is_entry(record) for record in records) == 1
        and all(record.date == metadata.date for record in group)
        and all(record.url == metadata.url for record in records)
        and all(target in ids for record in group for target in record.get_all("WARC-Concurrent-To"))
    )


def _without_lookup(group: list[WarcRecord]) -> list[WarcRecord]:
    """The records of the exchange alone: the first of a host has what its name resolved to before it."""
    first = group[0]
    return group[1:] if _is_lookup(first) else group


def _is_lookup(record: WarcRecord) -> bool:
    return record.record_type == "resource" and (record.url or "").startswith(LOOKUP_SCHEME)


def _salvaged(group: list[WarcRecord], name: str) -> SalvagedExchange:
    metadata = parse_metadata(group[-1].block)
    records = _without_lookup(group)
    by_type: dict[str, Capture] = {
        record.record_type: capture_of(record, name, is_page=page_fact(record, metadata)) for record in records
    }
    lookup = None if len(records) == len(group) else capture_of(group[0], name)
    response = by_type.get("response") or by_type.get("revisit") or by_type.get("resource")
    if response is not None:
        response = replace(response, error=metadata.error)
    captures = ExchangeCaptures(response, by_type.get("request"), by_type["metadata"], lookup)
    return SalvagedExchange(captures, metadata.provenance)
