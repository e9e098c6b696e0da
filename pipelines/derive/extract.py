"""Extraction of anybody's WARC files: they are entered into a collection's catalogue and then take the one extraction path.

The files stay where they are; the collection knows a file again by its path, because its name depends on what else was named
with it.  What cannot be read is reported and counted, and the rest is extracted: a broken record costs itself, and so does a
broken file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from os.path import commonpath
from pathlib import Path

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue, WarcFile
from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import remove, whole_file
from broadsheet.archive.errors import EXIT_FAILED, EXIT_OK, BadInput, BroadsheetError, CorruptArchive, os_errors_of
from broadsheet.archive.journal import connect, journal_errors
from broadsheet.archive.locate import stored_source
from broadsheet.archive.output import output_folder
from broadsheet.archive.repeats import find_repeats
from broadsheet.archive.storage import name_of
from broadsheet.archive.wacz import is_remote_wacz, is_wacz, warc_sources
from broadsheet.archive.warc.entries import entries_of
from broadsheet.archive.warc.page_fact import page_fact
from broadsheet.archive.warc.reader import NotRecordWise, read_records
from broadsheet.archive.warc.recompress import recompress
from broadsheet.archive.warc.record import Damage, WarcRecord, capture_of
from broadsheet.archive.warc.source import WarcSource
from broadsheet.pipelines.dataset.defaults import DEFAULT_TABLES
from broadsheet.pipelines.derive.capture_filter import EVERYTHING, CaptureFilter
from broadsheet.pipelines.derive.engine import Derivation, Engine
from broadsheet.pipelines.derive.inputs import find_files, find_objects
from broadsheet.pipelines.derive.messages import damage_text
from broadsheet.pipelines.derive.profiled import derive_profiled
from broadsheet.pipelines.derive.supervisor import DeriveCounts, DeriveSupervisor, spec_without_profiles
from broadsheet.pipelines.derive.worker_pool import WorkerPool
from broadsheet.pipelines.extract.options import USUAL, ExtractionOptions


@dataclass(frozen=True, slots=True)
class ExtractSummary:
    """How an extraction ended.  ``derived`` counts parts made by this call, ``counts`` all of the collection's."""

    directory: Path
    exit_code: int
    files: int
    derived: int
    counts: DeriveCounts = field(default_factory=DeriveCounts)


def extract(
    inputs: Sequence[Path | str],
    directory: Path,
    *,
    workers: int,
    tables: tuple[str, ...] = DEFAULT_TABLES,
    on_progress: Callable[[DeriveCounts, int], None] | None = None,
    profiles: bool = True,
    supervisor: Callable[..., Derivation] | None = None,
    engine: Engine = DeriveSupervisor,
    wanted: CaptureFilter = EVERYTHING,
    options: ExtractionOptions = USUAL,
    conversions: bool = False,
) -> ExtractSummary:
    """Make the dataset of *inputs* (WARC and WACZ files, folders of them; URLs) in the collection *directory*, of the pages
    that are *wanted*, with these *options*.

    Without inputs, or with the collection's own folder as the only one, its own WARCs are extracted.  Goes on where an
    earlier call stopped.  *profiles* says whether what recurs over each site is learnt
    first (`broadsheet.pipelines.derive.profiled`), *engine* where the work is done (`broadsheet.pipelines.derive.engine`),
    *conversions* whether pages in conversion records are captures: the collection keeps that.

    Raises:
        BadInput: an input is no WARC, or there is none; or *conversions* are asked of a collection that was made without them.
        BrokenEnvironment: the disk refuses.
    """
    objects = [one for one in inputs if isinstance(one, str)]
    paths = [one for one in inputs if isinstance(one, Path)]
    own = not objects and all(directory.is_dir() and path.is_dir() and path.samefile(directory) for path in paths)
    output_folder(directory, "a collection")
    files, urls = ([], []) if own else (find_files(paths, directory), find_objects(objects))
    made = not directory.exists()
    collection = Collection.open(directory) if own else Collection.create(directory)
    with collection.locked(), journal_errors(collection.journal), closing(connect(collection.journal)) as db:
        catalogue = Catalogue(db)
        if conversions:
            _take_conversions(catalogue, directory)
        try:
            damage = [] if own else index_files(collection, catalogue, files, urls)
        except BroadsheetError:
            if made:  # for nothing: there is not one file to extract
                shutil.rmtree(directory, ignore_errors=True)
            raise
        find_repeats(catalogue)
        known = len(catalogue.warcs())
        if not known:
            raise BadInput(str(directory), "holds no WARC file", "Name the WARC files to extract.")
        with WorkerPool(collection) as pool:
            if engine is DeriveSupervisor:
                engine = partial(DeriveSupervisor, pool=pool)
            if profiles and supervisor is None:
                derive: Derivation = derive_profiled(
                    collection,
                    workers=workers,
                    tables=tables,
                    on_progress=on_progress,
                    engine=engine,
                    wanted=wanted,
                    options=options,
                )
            else:
                if supervisor is not None:
                    derive = supervisor(collection, workers=workers, tables=tables)
                else:
                    spec = spec_without_profiles(wanted, options)
                    # what is learnt from these pages later, after all, needs no reading of its own
                    derive = engine(collection, workers=workers, tables=tables, spec=spec, sketches=True)
                derive.start()
                try:
                    derive.finish(on_progress)
                finally:
                    derive.stop()
            pool.describe()
    counts = derive.counts
    counts.damage = list(dict.fromkeys([*damage, *counts.damage]))
    failed = bool(counts.damage or counts.problems)
    return ExtractSummary(directory, EXIT_FAILED if failed else EXIT_OK, known, derive.derived, counts)


def _take_conversions(catalogue: Catalogue, directory: Path) -> None:
    if catalogue.conversions:
        return
    if catalogue.warcs():
        cause = "has files that were read without the pages in their conversion records"
        raise BadInput(str(directory), cause, "Extract into another folder, with --conversions from the start.")
    with catalogue.transaction():
        catalogue.take_conversions()


def index_files(
    collection: Collection, catalogue: Catalogue, files: Sequence[Path], urls: Sequence[str] = ()
) -> list[str]:
    """Journal the entries of all *files* that the catalogue does not hold yet; what cannot be read is returned.

    Raises:
        BroadsheetError: not one of the files can be read.
    """
    index = _Index(collection, catalogue)
    refused: list[BroadsheetError] = []
    for path, name in _names(files).items():
        try:
            index.add(path, name)
        except (BadInput, CorruptArchive) as error:
            refused.append(error)
    for url in urls:
        try:
            index.add_object(url)
        except (BadInput, CorruptArchive) as error:
            refused.append(error)
    if refused and len(refused) == len(files) + len(urls):
        raise refused[0]
    return [*(str(error) for error in refused), *index.damage]


class _Index:
    """Brings files into the catalogue, each once."""

    def __init__(self, collection: Collection, catalogue: Catalogue) -> None:
        self.damage: list[str] = []
        self._collection = collection
        self._catalogue = catalogue
        self._known = {warc.source: warc for warc in catalogue.warcs() if warc.source is not None}

    def add(self, path: Path, name: str) -> None:
        """Journal the file *path*, to be called *name*.

        Raises:
            BadInput: it is no WARC or WACZ, another one has that name, or it was changed since it was journalled.
            CorruptArchive: a WACZ that cannot be opened.
        """
        try:
            name.encode()
        except UnicodeEncodeError as error:
            raise BadInput(ascii(str(path)), "its name is not UTF-8", "Rename it.") from error
        self._add_file(WarcSource(path, name), is_wacz(path))

    def add_object(self, url: str) -> None:
        """Journal the object or web file *url*, which is called by its bucket and key, or its host and path.

        Raises:
            BadInput: it is no WARC or WACZ, or was changed since it was journalled.
            CorruptArchive: a WACZ that cannot be opened.
        """
        name = name_of(url)
        whole = WarcSource(Path(name), name, url=url)
        self._add_file(whole, is_remote_wacz(whole))

    def _add_file(self, whole: WarcSource, packed: bool) -> None:
        folder = self._unpacked(whole)
        if packed:
            folder.mkdir(parents=True, exist_ok=True)
            for inner in warc_sources(whole, folder):
                self._add_pointable(
                    replace(inner, name=f"{whole.name}/{inner.name}"), folder / inner.name.replace("/", "-")
                )
            with suppress(OSError):  # only a WACZ that was packed with compression leaves something there
                folder.rmdir()
            return
        self._add_pointable(whole, folder)

    def _add_pointable(self, whole: WarcSource, folder: Path) -> None:
        """Journal the WARC or ARC *whole*, or a copy of it in *folder* when its records cannot be pointed into."""
        copy = WarcSource(folder / f"{whole.path.name.removesuffix('.gz')}.gz", whole.name)
        lost = copy.path.with_name("damage.json")
        if stored_source(copy) in self._known:
            self._add(copy)
            self.damage += json.loads(lost.read_bytes()) if lost.exists() else []
            return
        try:
            self._add(whole)
        except NotRecordWise:  # nothing in it can be pointed at: a copy that can
            damages: list[str] = []
            remove([copy.path])  # of a run that was killed before it was journalled
            recompress(whole, copy.path, lambda one: damages.append(damage_text(whole.name, one)))
            if damages:
                with os_errors_of(lost), whole_file(lost) as file:
                    file.write(json.dumps(damages).encode())
            self._add(copy)
            self.damage += damages

    def _unpacked(self, whole: WarcSource) -> Path:
        """The folder for what is unpacked from the file *whole* as it is now."""
        key = f"{whole.url or whole.path} {_size(whole)}".encode()
        return self._collection.directory / "unpacked" / hashlib.sha256(key).hexdigest()[:16]

    def _add(self, source: WarcSource) -> None:
        stored = stored_source(source)
        known = self._known.get(stored)
        if known is not None and known.entries:
            self._check_unchanged(source, known)
            return
        if known is None and self._catalogue.warc(source.name) is not None:
            cause, remedy = "the collection holds another file of that name", "Extract it into a folder of its own."
            raise BadInput(str(source.path), cause, remedy)
        entries, size = self._read_entries(source)
        if known is not None:  # nothing could be read of it, and no part will say so: said again
            self._check_unchanged(source, known)
            return
        with self._catalogue.transaction():
            warc = self._catalogue.add_warc(source.name, stored)
            self._known[stored] = self._catalogue.append(warc, entries, size=size, closed=True)

    def _check_unchanged(self, source: WarcSource, known: WarcFile) -> None:
        if _size(source) != known.size:
            cause = f"was changed since it was extracted: it has {_size(source)} bytes and had {known.size}"
            raise BadInput(str(source.path), cause, "Extract it into a folder of its own.")

    def _read_entries(self, source: WarcSource) -> tuple[list[Capture], int]:
        """The entries of *source* and its size in bytes; what cannot be read is added to the damage."""

        def on_damage(one: Damage) -> None:
            self.damage.append(damage_text(source.name, one))

        entries: list[Capture] = []
        count = 0

        def records() -> Iterator[WarcRecord]:
            nonlocal count
            for record in read_records(source, on_damage=on_damage):
                count += 1
                yield record

        for record, metadata in entries_of(records(), conversions=self._catalogue.conversions):
            entries.append(capture_of(record, source.name, is_page=page_fact(record, metadata)))
        if not count:
            raise BadInput(source.url or str(source.path), "holds no record that can be read", "Fetch the file again.")
        return entries, _size(source)


def _size(source: WarcSource) -> int:
    with source.open() as file:
        return file.seek(0, os.SEEK_END)


def _names(files: Sequence[Path]) -> dict[Path, str]:
    """What each file is called in the collection: its path below the folder that all are in."""
    common = Path(commonpath([file.parent for file in files])) if files else Path()
    return {file: file.relative_to(common).as_posix() for file in files}
