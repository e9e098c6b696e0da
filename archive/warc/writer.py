"""Writing WARC/1.1 files: a series in one folder, one gzip member a record, nothing half-done after a failure.

An exchange becomes, in this order, a response or revisit, a request and a metadata record, and the first of a host has
before them what its name resolved to: the metadata record,
always last, closes the group, so salvage can tell a whole exchange from a torn one.  All three are built and compressed
in memory and written with one call; when the disk refuses, the file is cut back to where the exchange began and the error goes
up.  A file is ``X.warc.gz.open`` while it grows and renamed when it is closed; its directory entry is synced both
times, so that after a power cut a file is there under one of its two names with all that `sync` promised.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from broadsheet.archive.addresses import address_in_name
from broadsheet.archive.capture import Capture
from broadsheet.archive.durable import AppendFile
from broadsheet.archive.errors import InternalFault
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.group import FindOriginal, RecordGroup
from broadsheet.archive.warc.metadata import metadata_block
from broadsheet.archive.warc.revisit import Original
from broadsheet.archive.warc.serialise import CONFORMS_TO, Fields, text_field, warc_fields

OPEN_SUFFIX = ".open"
MAX_SEEDS = 1000
_SERIAL = re.compile(r"-(\d{5,})\.warc\.gz(?:\.open)?$")


@dataclass(frozen=True, slots=True)
class WarcInfo:
    """What every file of a series says about itself in its warcinfo record.  None: not said.

    ``robots`` is the policy ("obey", "ignore"), ``user_agent`` and ``sender`` (From) are headers sent with requests,
    ``settings`` the options of the crawl as one line of JSON, ``seeds`` the URLs it began with (the first `MAX_SEEDS`
    are written).
    """

    software: str
    user_agent: str | None = None
    sender: str | None = None
    robots: str | None = None
    operator: str | None = None
    description: str | None = None
    is_part_of: str | None = None
    hostname: str | None = None
    settings: str | None = None
    seeds: tuple[str, ...] = ()

    def fields(self) -> Fields:
        """The fields of the warcinfo block (ISO 28500:2017, 6.2 and Annex B)."""
        named = (
            ("software", self.software),
            ("format", "WARC File Format 1.1"),
            ("conformsTo", CONFORMS_TO),
            ("operator", self.operator),
            ("hostname", self.hostname),
            ("robots", self.robots),
            ("http-header-user-agent", self.user_agent),
            ("http-header-from", self.sender),
            ("isPartOf", self.is_part_of),
            ("description", self.description),
            ("settings", self.settings),
            *(("seed", seed) for seed in self.seeds[:MAX_SEEDS]),
        )
        return [(name, text_field(value)) for name, value in named if value is not None]


@dataclass(frozen=True, slots=True)
class ExchangeCaptures:
    """Where the records of one exchange lie.  ``response``, which may be a revisit or a resource, is None for a failed
    exchange; ``lookup`` is the record of what the host's name resolved to, None where it was told before."""

    response: Capture | None
    request: Capture | None
    metadata: Capture
    lookup: Capture | None = None

    @property
    def main(self) -> Capture:
        """The record that stands for the exchange: its response, or the metadata record that says why there is none."""
        return self.response or self.metadata

    @property
    def listed(self) -> tuple[Capture, ...]:
        """The records that a catalogue lists, in file order."""
        return (self.main,) if self.lookup is None else (self.lookup, self.main)

    @property
    def records(self) -> tuple[Capture, ...]:
        """All records of the exchange, in file order."""
        every = (self.lookup, self.response, self.request, self.metadata)
        return tuple(capture for capture in every if capture is not None)


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A file that was closed and renamed.  ``size`` is in bytes."""

    filename: str
    size: int


def _now() -> datetime:
    return datetime.now(UTC)


def _new_record_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


class WarcWriter:
    """Writes exchanges to files of about *max_size* bytes, ``PREFIX-YYYYMMDDHHMMSS-NNNNN.warc.gz``, in *directory*.

    A context manager: leaving it closes the last file; leaving it by an exception leaves the file ``.open``, for
    salvage to judge what of it was acknowledged.  Files are opened when there is something to write.  Not for use by
    several threads at a time.

    ``level`` is the compression level of `gzip_member`; ``digest`` an algorithm of archive.digest.
    """

    def __init__(
        self,
        directory: Path,
        *,
        prefix: str,
        info: WarcInfo,
        max_size: int = 1_000_000_000,
        level: int = 2,
        digest: str = "sha1",
        clock: Callable[[], datetime] = _now,
        new_record_id: Callable[[], str] = _new_record_id,
    ) -> None:
        self.finished: list[FinishedFile] = []
        self._directory = directory
        self._prefix = re.sub(r"[^\w.-]+", "_", prefix)
        self._info = info
        self._max_size = max_size
        self._level = level
        self._digest = digest
        self._clock = clock
        self._new_record_id = new_record_id
        self._file: AppendFile | None = None
        self._warcinfo_id = ""
        self._content_start = 0
        self._looked_up: set[str] = set()

    @property
    def filename(self) -> str | None:
        """The final name of the file that grows now (on disk it has ``.open`` behind it), None when there is none."""
        file = self._file  # asked by another thread than the one that closes it
        return None if file is None else file.path.name

    @property
    def offset(self) -> int:
        """Where the next record of that file will begin, in bytes."""
        file = self._file
        return 0 if file is None else file.size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        elif self._file is not None:
            self._file.close()
            self._file = None

    def write_exchange(
        self,
        exchange: Exchange,
        provenance: Provenance,
        *,
        unmodified: Original | None = None,
        find_original: FindOriginal | None = None,
        record_id: str | None = None,
    ) -> ExchangeCaptures:
        """Write the records of *exchange*; they are on disk for sure after the next `sync`.

        *record_id* is that of its first record; None: a new one.
        A 304 is written as a revisit of *unmodified*, an answer whose payload *find_original* knows as one of that.

        Raises:
            OSError: the disk refused; the file ends with the exchange before this one.
            InternalFault: the exchange has neither an answer nor an error.
        """
        if not exchange.answered and exchange.error is None:
            raise InternalFault(exchange.url, "an exchange without an answer must say why")
        file = self._growing()
        group = RecordGroup(file.path.name, file.size, self._warcinfo_id, self._level, self._digest)
        response = request = lookup = None
        event = exchange.answered or exchange.request
        ids = [self._new_record_id() for _ in range(1 + exchange.answered + bool(exchange.request))]
        ids[0] = record_id or ids[0]
        links = [("WARC-Concurrent-To", ids[0])] if event else []
        host = _resolved_host(exchange)
        if host and host not in self._looked_up:
            lookup = group.add_lookup(self._new_record_id(), exchange, host)
        if exchange.resource is not None:
            response = group.add_resource(ids[0], exchange, exchange.resource, document=provenance.document)
        elif exchange.response:
            response = group.add_answer(ids[0], exchange, unmodified, find_original, document=provenance.document)
        if exchange.request:
            request = group.add_request(ids[-2], exchange, links if exchange.response else [])
        metadata = group.add_metadata(ids[-1], exchange, metadata_block(exchange, provenance), links)
        file.append(group.pieces)
        self._looked_up.add(host)
        return ExchangeCaptures(response, request, metadata, lookup)

    def sync(self) -> None:
        """Make all that was written durable (fsync); does nothing when nothing was written since.

        Raises:
            OSError: the disk failed: what was written since the last sync may or may not be there.
        """
        if self._file is not None:
            self._file.sync()

    def close(self) -> None:
        """Sync and close the file and give it its final name."""
        if self._file is not None:
            self._finish(self._file)

    def _growing(self) -> AppendFile:
        """The file to write to: another one when the last is full."""
        if self._file is not None and self._file.size >= self._max_size:
            self._finish(self._file)
        return self._file or self._begin()

    def _begin(self) -> AppendFile:
        now = self._clock().astimezone(UTC)
        serial = next_serial(self._directory, self._prefix)
        path = self._directory / f"{self._prefix}-{now:%Y%m%d%H%M%S}-{serial:05d}.warc.gz"
        file = AppendFile(path, growing=path.with_name(path.name + OPEN_SUFFIX))
        self._warcinfo_id = self._new_record_id()
        group = RecordGroup(path.name, 0, self._warcinfo_id, self._level, self._digest)
        group.add_warcinfo(now, warc_fields(self._info.fields()))
        try:
            file.append(group.pieces)
        except OSError:
            with suppress(OSError):  # the first error is the one to tell
                file.discard()
            raise
        self._content_start = file.size
        self._file = file
        return file

    def _finish(self, file: AppendFile) -> None:
        if file.size == self._content_start:  # a warcinfo about nothing
            file.discard()
        else:
            file.finish()
            self.finished.append(FinishedFile(file.path.name, file.size))
        self._file = None


def _resolved_host(exchange: Exchange) -> str:
    """The name that was resolved for *exchange*; "" for none, and for an address, which needs no resolving."""
    if not exchange.addresses:
        return ""
    host = (urlsplit(exchange.url).hostname or "").rstrip(".")
    return "" if not host.isascii() or address_in_name(host) is not None else host


def next_serial(directory: Path, prefix: str) -> int:
    """One more than the highest serial of *prefix* in the folder; files of a dead process count too."""
    names = (entry.name for entry in directory.iterdir() if entry.name.startswith(prefix + "-"))
    serials = [int(match.group(1)) for name in names if (match := _SERIAL.search(name))]
    return max(serials, default=-1) + 1
