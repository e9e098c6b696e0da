"""Builds CDXJ indexes: the lines of some WARCs, sorted, in one file that appears whole or not at all.

The journal of a collection has every field of a line, so the collection's own WARCs are not read again: indexing at the end
of a crawl costs one query.  WARCs that somebody else put into the folder are read.  ``index.json`` beside the index lists
the WARCs that it covers, with their sizes, so that replay notices a stale index.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.cdxj.line import CdxjLine, index_timestamp
from broadsheet.archive.cdxj.sort import sorted_lines
from broadsheet.archive.cdxj.warc_lines import warc_lines
from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import make_folders, remove, temporary_folder
from broadsheet.archive.errors import MissingWarc, os_errors_of
from broadsheet.archive.named_warcs import collection_warcs
from broadsheet.archive.output import OutputFile, output_file
from broadsheet.archive.resource import DOCUMENT_TYPES
from broadsheet.archive.surt import surt
from broadsheet.archive.warc.record import Damage
from broadsheet.archive.warc.source import WarcSource

INDEX_NAME = "index.cdxj"
COVERAGE_NAME = "index.json"
_INDEXED = ("response", "revisit", *DOCUMENT_TYPES)
OnDamage = Callable[[Damage], None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What was indexed: the file, its lines and bytes, and how many WARCs it covers, of which ``read`` were read."""

    path: Path
    lines: int
    size: int
    warcs: int
    read: int


def write_index(
    sources: Sequence[WarcSource], path: Path, on_damage: OnDamage, *, not_modified: bool = True
) -> Indexed:
    """Index the WARCs *sources* into *path*, what a user named (`broadsheet.archive.output`): a file there is replaced.  Damage
    is told and costs only itself.

    Without *not_modified* answers 304 that stand for an earlier capture have no line (`CdxjLine.is_not_modified`).

    Raises:
        BadInput: a source is no WARC, or one that cannot be pointed into; *path* is one of them, or no place for a file.
        BrokenEnvironment: the disk refuses.
    """
    output = output_file(path, inputs=[source.path for source in sources])
    lines = (line for source in sources for line in warc_lines(source, on_damage))
    count, size = _write((line for line in lines if not_modified or not line.is_not_modified), output)
    return Indexed(path, count, size, len(sources), len(sources))


def index_collection(
    collection: Collection, on_damage: OnDamage, *, elsewhere: bool = False, conversions: bool = False
) -> Indexed | None:
    """Index all closed WARCs in the folder ``archive`` of *collection*, and with *elsewhere* those that it was extracted from,
    into ``indexes``; None when there are none.  A WARC that is not where it was is told as damage.
    *conversions* as in `broadsheet.archive.named_warcs`.

    Raises:
        BadInput: a file that others put there is no WARC, or one that cannot be pointed into.
        MissingWarc: all are missing.
        BrokenEnvironment: the disk refuses.
    """
    folder = collection.directory / "indexes"
    with temporary_folder("index") as temporary, Catalogue.open(collection.journal, read_only=True) as catalogue:
        named = collection_warcs(collection, Path(temporary), conversions=conversions)
        sources = [one for one in named.sources if elsewhere or one.path.is_relative_to(collection.archive)]
        if not sources and named.missing:
            cause = f"none of its {len(named.missing)} WARCs is where it was"
            raise MissingWarc(str(collection.directory), cause, "Put them back, or extract from where they are now.")
        if not sources:
            return None
        for one in named.missing:
            on_damage(one)
        own = {warc.filename: warc for warc in catalogue.warcs() if warc.source is None and warc.closed}
        read = [one for one in sources if one.path.parent != collection.archive or one.path.name not in own]

        def collection_lines() -> Iterator[CdxjLine]:
            for source in sources:
                if source in read:
                    yield from warc_lines(source, on_damage)
                else:
                    yield from journal_lines(catalogue.captures(own[source.path.name]))

        with os_errors_of(folder):
            make_folders(folder)
            remove([folder / COVERAGE_NAME])  # it speaks of the index that goes
        count, size = _write(collection_lines(), OutputFile(folder / INDEX_NAME))
    covered = {source.name: _size(source) for source in sources}
    with OutputFile(folder / COVERAGE_NAME).open() as file:
        file.write(json.dumps({"index_bytes": size, "warcs": covered}, indent=1).encode() + b"\n")
    return Indexed(folder / INDEX_NAME, count, size, len(sources), len(read))


def fresh_index(folder: Path, sources: Iterable[WarcSource]) -> Path | None:
    """The index in *folder* when it covers just what *sources* hold now; None when it is stale, or there is none."""
    try:
        coverage = json.loads((folder / COVERAGE_NAME).read_bytes())
        path = folder / INDEX_NAME
        sizes = {source.name: _size(source) for source in sources}
        if coverage["warcs"] == sizes and coverage["index_bytes"] == path.stat().st_size:
            return path
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def _size(source: WarcSource) -> int:
    """Bytes of the file *source*, or of a WACZ's member; of a remote file 0: it is not asked."""
    if source.size is not None:
        return source.size
    return 0 if source.url is not None else source.path.stat().st_size


def journal_lines(captures: Iterable[Capture]) -> Iterator[CdxjLine]:
    """What `warc_lines` would find in a WARC that our crawler wrote: its requests are all GET."""
    for capture in captures:
        if capture.url is None or capture.record_type not in _INDEXED:
            continue
        yield CdxjLine(
            surt(capture.url),
            index_timestamp(capture.date),
            capture.url,
            "warc/revisit" if capture.record_type == "revisit" else capture.mime,
            200 if capture.record_type in DOCUMENT_TYPES else capture.status,
            capture.payload_digest,
            capture.length,
            capture.offset,
            capture.warc_filename,
        )


def _write(lines: Iterable[CdxjLine], output: OutputFile) -> tuple[int, int]:
    """Write *lines* sorted; returns their number and the bytes written."""
    count = size = 0
    runs = Path(tempfile.gettempdir()) if output.streamed else output.path.resolve().parent
    with output.open() as file:
        for data in sorted_lines((line.to_bytes() for line in lines if line.timestamp), runs):
            file.write(data)
            count += 1
            size += len(data)
    return count, size
