"""Importing: what the readers give is written into WARCs of the collection and journalled, each document once.

The id of a record is made of its address, its content and, where it was told, its date (UUID version 5, RFC 9562).  So the same
file imported again, from wherever it lies, gives a record that is there already, and a command that was killed goes on: what is
in the WARC and not yet in the journal is journalled first, a torn tail is cut off, and what is there is passed over.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha1
from importlib.metadata import version
from pathlib import Path

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.cdxj.build import index_collection
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import EXIT_FAILED, EXIT_OK, BadInput, os_errors_of
from broadsheet.archive.exchange import Provenance
from broadsheet.archive.journal import connect, journal_errors
from broadsheet.archive.output import output_folder
from broadsheet.archive.warc.salvage import salvage, truncate_and_close
from broadsheet.archive.warc.writer import OPEN_SUFFIX, ExchangeCaptures, WarcInfo, WarcWriter
from broadsheet.pipelines.capture.log import catalogue_group
from broadsheet.pipelines.importers.document import Imported, SourceFile
from broadsheet.pipelines.importers.sources import find_sources, reader_of

PREFIX = "import"  # what the names of the WARCs begin with
MAX_SIZE = 1_000_000_000  # bytes at which a WARC is closed
_NAMESPACE = uuid.UUID("6f1c2f5e-0a5b-5c0e-9d3b-1f6f8f0c7a11")
_GROUP_SECONDS = 0.5  # how long documents gather before they are made durable
_GROUP_BYTES = 32 * 1024 * 1024


@dataclass(slots=True)
class ImportProgress:
    """``files`` of ``of_files`` are read; ``documents`` are new, ``known`` were there already.  ``left_out`` says what was not
    imported and why, ``other_files`` counts those in folders that are of no kind that can be."""

    of_files: int = 0
    files: int = 0
    documents: int = 0
    known: int = 0
    other_files: int = 0
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """How an import ended."""

    directory: Path
    exit_code: int
    progress: ImportProgress


def import_files(
    inputs: Sequence[Path],
    directory: Path,
    *,
    listing: Path | None = None,
    on_progress: Callable[[ImportProgress], None] = lambda _: None,
) -> ImportSummary:
    """Import *inputs*, files and folders of them, into the collection *directory*, made if there is none.  *listing* names the
    addresses and dates of files (`broadsheet.pipelines.importers.sources.read_listing`).

    What is wrong with one file costs that file, and is told.  Goes on where an earlier call stopped.

    Raises:
        BadInput: an input is not there or of no kind that can be imported, or nothing of all could be; no folder is left then.
        BrokenEnvironment: the disk refuses; what is imported stays.
    """
    output_folder(directory, "a collection")
    sources, others = find_sources(inputs, listing, directory)
    made = not (directory / "collection.sqlite").exists()
    there = directory.exists()
    progress = ImportProgress(of_files=len(sources), other_files=others)
    collection = Collection.create(directory)
    try:
        with collection.locked(), os_errors_of(directory), journal_errors(collection.journal):
            _Import(collection, progress, on_progress).run(sources)
        _check_any(progress, inputs)
    except BadInput:
        if made and not progress.documents:
            _remove(collection, there)
        raise
    return ImportSummary(directory, EXIT_FAILED if progress.left_out else EXIT_OK, progress)


def _check_any(progress: ImportProgress, inputs: Sequence[Path]) -> None:
    if not progress.documents + progress.known:
        first = progress.left_out[0] if progress.left_out else f"{inputs[0]}: has nothing in it to import"
        raise BadInput(first, remedy="Nothing was imported.")


def _remove(collection: Collection, there: bool) -> None:
    """Take away a collection that was made for nothing; the folder itself stays if it was *there*."""
    for path in collection.directory.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not there:
        collection.directory.rmdir()


class _Import:
    """One call of `import_files`, with its collection locked."""

    def __init__(
        self, collection: Collection, progress: ImportProgress, on_progress: Callable[[ImportProgress], None]
    ) -> None:
        self._collection = collection
        self._progress = progress
        self._on_progress = on_progress
        self._written: list[ExchangeCaptures] = []
        self._bytes = 0
        self._due = time.monotonic() + _GROUP_SECONDS

    def run(self, sources: Sequence[SourceFile]) -> None:
        """All of it."""
        software = f"broadsheet/{version('broadsheet')}"
        name = self._collection.directory.absolute().name
        about = "imported from files: nothing in here was seen on the wire"
        with closing(connect(self._collection.journal)) as db:
            catalogue = Catalogue(db)
            recover(self._collection, catalogue)
            known = {_number(one) for one in catalogue.record_ids(PREFIX)}
            info = WarcInfo(software=software, description=about, is_part_of=name)
            with WarcWriter(self._collection.archive, prefix=PREFIX, info=info, max_size=MAX_SIZE) as writer:
                for imported in self._all(sources):
                    record_id = record_id_of(imported)
                    if (number := _number(record_id)) in known:
                        self._progress.known += 1
                        continue
                    known.add(number)
                    self._write(writer, imported, record_id)
                    if self._bytes >= _GROUP_BYTES or time.monotonic() >= self._due:
                        self._commit(writer, catalogue)
                self._commit(writer, catalogue)
            catalogue.close_own_warcs()
        index_collection(self._collection, lambda _: None)
        self._on_progress(self._progress)

    def _all(self, sources: Sequence[SourceFile]) -> Iterator[Imported]:
        for source in sources:
            try:
                yield from reader_of(source.path)(source, self._progress.left_out.append)
            except BadInput as error:
                self._progress.left_out.append(str(error))
            self._progress.files += 1
            self._on_progress(self._progress)

    def _write(self, writer: WarcWriter, imported: Imported, record_id: str) -> None:
        provenance = Provenance(imported_from=imported.origin)
        captures = writer.write_exchange(imported.exchange, provenance, record_id=record_id)
        self._written.append(captures)
        self._bytes += sum(record.length for record in captures.records)
        self._progress.documents += 1

    def _commit(self, writer: WarcWriter, catalogue: Catalogue) -> None:
        """Sync, then say in one transaction where the records lie: the journal names none that is not on disk."""
        if self._written:
            writer.sync()
            with catalogue.transaction():
                catalogue_group(catalogue, self._written, writer.filename)
        self._written, self._bytes = [], 0
        self._due = time.monotonic() + _GROUP_SECONDS


def record_id_of(imported: Imported) -> str:
    """The id of the record that *imported* becomes: the same for the same document."""
    exchange = imported.exchange
    date = exchange.started.isoformat() if imported.dated else ""
    digest = sha1(exchange.request + exchange.response, usedforsecurity=False).hexdigest()
    said = f"{exchange.url}\n{date}\n{digest}"
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, said)}>"


def _number(record_id: str) -> int:
    """What is kept of an id in memory: 64 of its bits."""
    return hash(record_id)


def recover(collection: Collection, catalogue: Catalogue) -> None:
    """Bring the WARCs of a killed import and the journal into step.

    Raises:
        CorruptArchive: a file is shorter than the journal says.
        OSError: the disk refuses.
    """
    closed = {warc.filename for warc in catalogue.warcs() if warc.closed}
    for path in sorted(collection.archive.glob(f"{PREFIX}-*.warc.gz*")):
        filename = path.name.removesuffix(OPEN_SUFFIX)
        if filename in closed and path.name == filename:
            continue
        warc = catalogue.warc(filename)
        tail = salvage(path, 0 if warc is None else warc.size)
        with catalogue.transaction():
            if tail.groups:
                captures = [capture for group in tail.groups for capture in group.captures.listed]
                catalogue.append(warc or catalogue.add_warc(filename), captures, size=tail.end_offset, closed=True)
            else:
                catalogue.close_own_warcs(filename)
        truncate_and_close(path, tail.end_offset)
