"""Extraction of anybody's WARC files: they are indexed into a collection's catalogue; from there it is all one way.

The files stay where they are; the collection remembers their paths.  What cannot be read is said and counted, the rest
is extracted: a broken record costs itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from os.path import commonpath
from pathlib import Path

from archive.capture import Capture
from archive.catalogue import Catalogue
from archive.collection import Collection
from archive.errors import EXIT_FAILED, EXIT_OK, BadInput
from archive.journal import connect
from archive.wacz import is_wacz, warc_sources
from archive.warc.reader import NotRecordWise, read_records
from archive.warc.recompress import recompress
from archive.warc.record import Damage, capture_of, is_entry
from archive.warc.source import WarcSource
from pipelines.dataset.manifest import DEFAULT_TABLES
from pipelines.derive.parts import source_of, stored_source
from pipelines.derive.supervisor import DeriveCounts, DeriveSupervisor

SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".wacz", ".arc", ".arc.gz")


@dataclass(frozen=True, slots=True)
class ExtractSummary:
    """How an extraction ended.  ``derived`` counts parts made by this call, ``counts`` all of the collection's."""

    directory: Path
    exit_code: int
    files: int
    derived: int
    counts: DeriveCounts = field(default_factory=DeriveCounts)


def extract(
    inputs: Sequence[Path],
    directory: Path,
    *,
    workers: int,
    tables: tuple[str, ...] = DEFAULT_TABLES,
    on_progress: Callable[[DeriveCounts, int], None] | None = None,
    supervisor: Callable[..., DeriveSupervisor] = DeriveSupervisor,
) -> ExtractSummary:
    """Make the dataset of *inputs* (WARC and WACZ files, folders of them) in the collection *directory*.

    Without inputs, or with the collection's own folder as the only one, its own WARCs are extracted.  Goes on where an
    earlier call stopped.

    Raises:
        BadInput: an input is no WARC, or there is none.
        BrokenEnvironment: the disk refuses.
    """
    own = all(path.resolve() == directory.resolve() for path in inputs)
    collection = Collection.open(directory) if own else Collection.create(directory)
    with collection.locked(), closing(connect(collection.journal)) as db:
        catalogue = Catalogue(db)
        damage = [] if own else index_files(collection, catalogue, find_files(inputs))
        files = len(catalogue.warcs())
        if not files:
            raise BadInput(str(directory), "holds no WARC file", "Name the WARC files to extract.")
        derive = supervisor(collection, workers=workers, tables=tables)
        derive.start()
        try:
            derive.finish(on_progress)
        finally:
            derive.stop()
    counts = derive.counts
    counts.damage = list(dict.fromkeys([*damage, *counts.damage]))
    failed = bool(counts.damage or counts.problems)
    return ExtractSummary(directory, EXIT_FAILED if failed else EXIT_OK, files, derive.derived, counts)


def find_files(inputs: Sequence[Path]) -> list[Path]:
    """The WARC and WACZ files that *inputs* name, folders searched through, sorted, each once.

    Raises:
        BadInput: a path does not exist, or a folder holds none.
    """
    found: dict[Path, None] = {}
    for path in inputs:
        if path.is_dir():
            inside = [file for file in sorted(path.rglob("*")) if file.name.endswith(SUFFIXES)]
            if not inside:
                raise BadInput(str(path), "holds no WARC or WACZ file", "Name a folder that does, or the files.")
            found.update(dict.fromkeys(inside))
        elif path.is_file():
            found[path] = None
        else:
            raise BadInput(str(path), "no such file", "Check the path.")
    return list(found)


def index_files(collection: Collection, catalogue: Catalogue, files: Sequence[Path]) -> list[str]:
    """Journal the entries of all *files* that the catalogue does not hold yet; what cannot be read is returned."""
    damage: list[str] = []
    names = _names(files)
    for path in files:
        if is_wacz(path):
            unpacked = collection.directory / "unpacked" / names[path]
            sources = [
                WarcSource(inner.path, f"{names[path]}/{inner.name}", inner.base, inner.size)
                for inner in warc_sources(path, unpacked)
            ]
        else:
            sources = [WarcSource(path, names[path])]
        for source in sources:
            _index(collection, catalogue, source, damage)
    return damage


def _index(collection: Collection, catalogue: Catalogue, source: WarcSource, damage: list[str]) -> None:
    warc = catalogue.warc(source.name)
    if warc is not None:
        if warc.source is None or source_of(collection, warc).path != source.path.absolute():
            raise BadInput(
                str(source.path),
                "the collection holds another file of that name",
                "Extract it into a folder of its own.",
            )
        return

    try:
        entries, size = _read_entries(source, damage)
    except NotRecordWise:  # nothing in it can be pointed at: a copy that can
        copy = collection.directory / "unpacked" / f"{source.name.removesuffix('.gz')}.gz"
        recompress(source.path, copy)
        source = WarcSource(copy, source.name)
        entries, size = _read_entries(source, damage)
    with catalogue.transaction():
        catalogue.append(catalogue.add_warc(source.name, stored_source(source)), entries, size=size, closed=True)


def _read_entries(source: WarcSource, damage: list[str]) -> tuple[list[Capture], int]:
    """The entries of *source* and its size in bytes; what cannot be read is added to *damage*."""

    def on_damage(one: Damage) -> None:
        damage.append(f"{source.path}: {one.reason} at offset {one.offset}")

    records = read_records(source, on_damage=on_damage)
    entries = [capture_of(record, source.name) for record in records if is_entry(record)]
    with source.open() as file:
        return entries, file.seek(0, 2)


def _names(files: Sequence[Path]) -> dict[Path, str]:
    """What each file is called in the collection: its path below the folder that all are in."""
    absolute = [file.absolute() for file in files]
    common = Path(commonpath([file.parent for file in absolute]))
    return {file: path.relative_to(common).as_posix() for file, path in zip(files, absolute, strict=True)}
