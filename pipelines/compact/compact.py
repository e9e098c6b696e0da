"""Compaction of a collection's dataset: few large files, sorted by SURT key and time, in place of those of the parts.

The whole dataset is made anew beside the old one: what is not touched as hard links, the rest by sorting; then the two
change places (`broadsheet.archive.generations`).  Until then nothing of the dataset has changed, and what a killed run had
finished is taken over by the next.  The bytes follow from the rows alone: compacting twice, or once at the end, gives the
same files.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import sync_file, whole_file
from broadsheet.archive.errors import BadInput, CorruptArchive, from_os_error
from broadsheet.archive.generations import forget, next_folder, number_next, switch
from broadsheet.pipelines.compact.defaults import GRACE_SECONDS, TARGET_BYTES
from broadsheet.pipelines.compact.files import write_files
from broadsheet.pipelines.compact.order import in_order
from broadsheet.pipelines.compact.plan import Month, TablePlan, checked, plan
from broadsheet.pipelines.dataset.card import write_card
from broadsheet.pipelines.dataset.compacted import CompactionManifest, compaction_path, write_compaction
from broadsheet.pipelines.dataset.current import select
from broadsheet.pipelines.dataset.manifest import PublishedFile
from broadsheet.pipelines.dataset.schema import TABLES
from broadsheet.pipelines.dataset.supersede import supersede_compacted

OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class TableSize:
    """What a table of the current extraction has now, and had before; bytes of its Parquet files."""

    table: str
    extraction_id: str
    rows: int
    files_before: int
    files: int
    bytes_before: int
    bytes: int


@dataclass(frozen=True, slots=True)
class CompactSummary:
    """What was done.  ``months`` of all tables: ``rewritten`` had new rows, ``untouched`` had none.  ``grace_seconds``:
    how long the files that were replaced are kept."""

    directory: Path
    rewritten: int
    untouched: int
    tables: tuple[TableSize, ...]
    grace_seconds: float


def compact(
    directory: Path,
    *,
    target_bytes: int = TARGET_BYTES,
    grace: float = GRACE_SECONDS,
    on_progress: OnProgress | None = None,
) -> CompactSummary:
    """Compact the current extraction of the collection *directory* into files of about *target_bytes*; what they replace is
    kept for *grace* seconds.  *on_progress* gets the month under way, and of how many it is which.

    Raises:
        BadInput: no such collection, nothing extracted; another command works on it; rows of an older version.
        BrokenEnvironment: the disk refuses; the dataset is what it was.
        CorruptArchive: a file of the dataset is not what was published.
    """
    collection = Collection.open(directory)
    with collection.locked():
        try:
            supersede_compacted(collection)
            selection = select(collection)
            if not selection.manifests:
                raise BadInput(str(directory), "has no manifests of its dataset", "Run `broadsheet extract` on it.")
            plans = plan(collection, selection)
            made = _compact(collection, plans, target_bytes, grace, on_progress or (lambda *_: None))
            if not grace:
                forget(collection.dataset)
            return CompactSummary(directory, *made, grace)
        except OSError as error:
            raise from_os_error(error, str(collection.dataset)) from error


def _compact(
    collection: Collection, plans: Sequence[TablePlan], target_bytes: int, grace: float, on_progress: OnProgress
) -> tuple[int, int, tuple[TableSize, ...]]:
    """How many months were rewritten, how many not, and what the tables have now."""
    months = [month for one in plans for month in one.months]
    new = [month for month in months if month.new]
    if not new:
        sizes = tuple(_size(one, collection, _ordered(one), collection, _ordered(one)) for one in plans)
        return 0, len(months), sizes
    folder = next_folder(collection.dataset)
    scratch, done = folder / "tmp", folder / "done"
    for left_behind in (
        folder / "dataset",
        scratch,
    ):  # made in no time; what took long is in `done`, and good for one more try
        shutil.rmtree(left_behind, ignore_errors=True)
    number_next(collection.dataset)
    for made in (scratch, done):
        made.mkdir(exist_ok=True)
    files: dict[Path, tuple[PublishedFile, ...]] = {month.folder: month.ordered for month in months}
    for number, month in enumerate(new):
        on_progress(month.folder.as_posix(), number, len(new))
        files[month.folder] = _compact_month(collection, month, done, scratch, target_bytes)
    on_progress("putting it in place", len(new), len(new))
    staged = Collection(folder)
    _stage(collection, staged, plans, files, done)
    write_card(staged)
    sizes = tuple(
        _size(
            one,
            collection,
            (*one.new, *_ordered(one)),
            staged,
            [f for month in one.months for f in files[month.folder]],
        )
        for one in plans
    )
    for finished in (scratch, done):
        shutil.rmtree(finished)
    switch(collection.dataset, grace)
    return len(new), len(months) - len(new), sizes


def _stage(
    collection: Collection,
    staged: Collection,
    plans: Sequence[TablePlan],
    files: Mapping[Path, Sequence[PublishedFile]],
    done: Path,
) -> None:
    """Lay the next dataset out: compacted files and their compactions, and links to all that is not replaced by them."""
    replaced = {compaction_path(collection, one.table, one.extraction_id) for one in plans}
    replaced |= {collection.dataset / file.path for one in plans for file in (*one.new, *_ordered(one))}
    for path in collection.dataset.rglob("*"):
        target = staged.dataset / path.relative_to(collection.dataset)
        if path.is_file() and path not in replaced and not target.exists():
            _link(path, target)
    for one in plans:
        own = [file for month in one.months for file in files[month.folder]]
        expected = sum(file.rows for file in (*one.new, *_ordered(one)))
        if sum(file.rows for file in own) != expected:
            where = f"the table {one.table} in {collection.directory}"
            raise CorruptArchive(
                where, f"has other than the {expected} rows of its manifests", "Run `broadsheet verify`."
            )
        for file in own:
            made = done / file.path
            _link(made if made.exists() else collection.dataset / file.path, staged.dataset / file.path)
        write_compaction(staged, CompactionManifest(one.table, one.extraction_id, one.parts, tuple(own)))


def _link(path: Path, target: Path) -> None:
    """One more name for a file that never changes; a copy where there are no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(path)
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}:
            raise
        shutil.copy2(path, target)
        sync_file(target)


def _compact_month(
    collection: Collection, month: Month, done: Path, scratch: Path, target_bytes: int
) -> tuple[PublishedFile, ...]:
    """The files of *month*, below *done*; those that a killed run left there are taken over."""
    folder = done / month.folder
    note = folder / "_done.json"
    fingerprint = month.fingerprint(target_bytes)
    if (finished := _finished(note, fingerprint)) is not None:
        return finished
    shutil.rmtree(folder, ignore_errors=True)
    ordered = [checked(collection, file) for file in month.ordered]
    schema = TABLES[month.table]
    rows = in_order(month.unsorted(collection), ordered, schema, scratch)
    written = tuple(
        PublishedFile(month.table, (month.folder / one.name).as_posix(), one.rows, one.sha256)
        for one in write_files(rows, month.table, schema, folder, target_bytes)
    )
    newest = max((collection.dataset / file.path).stat().st_mtime_ns for file in (*month.new, *month.ordered))
    for one in written:  # when the rows were published, not when they were moved
        os.utime(done / one.path, ns=(newest, newest))
    with whole_file(note) as out:
        out.write(json.dumps({"fingerprint": fingerprint, "files": [asdict(one) for one in written]}).encode())
    return written


def _finished(note: Path, fingerprint: str) -> tuple[PublishedFile, ...] | None:
    """What a killed run had made of the same rows; None when it did not come to its end."""
    try:
        noted = json.loads(note.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    if noted["fingerprint"] != fingerprint:
        return None
    return tuple(PublishedFile(**file) for file in noted["files"])


def _ordered(one: TablePlan) -> list[PublishedFile]:
    return [file for month in one.months for file in month.ordered]


def _size(
    one: TablePlan,
    old: Collection,
    before: Sequence[PublishedFile],
    new: Collection,
    after: Sequence[PublishedFile],
) -> TableSize:
    rows = sum(file.rows for file in after)
    bytes_before, bytes_after = (
        sum((collection.dataset / file.path).stat().st_size for file in files)
        for collection, files in ((old, before), (new, after))
    )
    return TableSize(one.table, one.extraction_id, rows, len(before), len(after), bytes_before, bytes_after)
