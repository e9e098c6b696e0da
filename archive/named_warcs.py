"""The WARCs that a user names to a command that reads them: files, folders of them, collections, WACZs.

What a collection holds is asked of its catalogue, not of its folder: WARCs that it was extracted from lie elsewhere, and one
that was moved away is missed by nobody who only lists a folder.  Files that others put into the archive folder are read, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from broadsheet.archive.catalogue import Catalogue, WarcFile
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, MissingWarc, no_such_file
from broadsheet.archive.locate import source_of
from broadsheet.archive.wacz import is_wacz, unpacked_sources
from broadsheet.archive.warc.record import Damage
from broadsheet.archive.warc.source import ARCHIVE_SUFFIXES, WarcSource

_SUFFIXES = (*ARCHIVE_SUFFIXES, ".wacz")
_GROWING = ".warc.gz.open"
_GONE = "is not where it was"
_CUT = "is not what it was"
_REMEDY = "Put them back there, or extract from where they are now."


@dataclass(frozen=True, slots=True)
class NamedWarcs:
    """``sources`` are there, their names differ if they are of one collection; ``missing`` are those that are not, or are
    shorter than they were, as damage that is told and costs only itself."""

    sources: list[WarcSource]
    missing: list[Damage]


def named_warcs(path: Path, temporary: Path, *, growing: bool = False, conversions: bool = False) -> NamedWarcs:
    """The WARCs that *path* names: itself, those in a folder or a collection, or in a WACZ; with *growing* also those that are
    written.  Members of a WACZ that cannot be read in place are unpacked into *temporary*.  With *conversions* pages in their
    conversion records are captures; a collection has its own choice, which was made when it was extracted.

    Raises:
        BadInput: there is none; or *conversions* are asked of a collection that has none.
        MissingWarc: a collection has none of its WARCs any more.
        CorruptArchive: a WACZ, or a journal, is damaged.
    """
    if not path.is_dir():
        if not path.is_file():
            raise no_such_file(path)
        return NamedWarcs(_inside(path, temporary, conversions), [])
    collection = Collection(path)
    if collection.journal.is_file():
        found = collection_warcs(collection, temporary, growing=growing, conversions=conversions)
    else:
        folder = collection.archive if collection.archive.is_dir() else path
        found = NamedWarcs(
            [one for file in _files(folder, growing) for one in _inside(file, temporary, conversions)], []
        )
    if not found.sources and found.missing:
        first = found.missing[0]
        raise MissingWarc(str(path), f"none of its {len(found.missing)} WARCs is where it was: {first.source}", _REMEDY)
    if not found.sources:
        raise BadInput(str(path), "holds no WARC", "Name a collection, or WARC or WACZ files.")
    return found


def collection_warcs(
    collection: Collection, temporary: Path, *, growing: bool = False, conversions: bool = False
) -> NamedWarcs:
    """The WARCs of *collection*: those in its catalogue, its own ones under their final names unless *growing*, and what others
    put into its archive folder.

    Raises:
        BadInput: *conversions* are asked of it, and it was made without them.
        CorruptArchive: the journal, or a WACZ in the folder, is damaged.
    """
    with Catalogue.open(collection.journal, read_only=True) as catalogue:
        warcs, chosen = catalogue.warcs(), catalogue.conversions
    if conversions and not chosen:
        cause = "was made without the pages in conversion records"
        remedy = "Extract its WARCs with --conversions into another folder, and name that."
        raise BadInput(str(collection.directory), cause, remedy)
    own = {warc.filename for warc in warcs if warc.source is None}
    sources, missing = [], []
    for warc in warcs:
        source = _moved_in(collection, warc, source_of(collection, warc))
        if not source.is_there():
            if warc.entries:
                missing.append(_missing(warc, source))
        elif growing or not source.path.name.endswith(_GROWING):
            sources.append(replace(source, name=warc.filename))
            missing += _cut(warc, source)
    taken = {source.path for source in sources}
    for file in _files(collection.archive, growing):
        is_own = file.parent == collection.archive and file.name.removesuffix(".open") in own
        if not is_own and file not in taken:
            sources += _inside(file, temporary, chosen)
    return NamedWarcs(_by_short_names(sources), missing)


def is_missing(damage: Damage) -> bool:
    """Whether *damage* is that of a whole WARC which is not where it was, or is shorter than it was."""
    return damage.reason.startswith((_GONE, _CUT))


def _moved_in(collection: Collection, warc: WarcFile, source: WarcSource) -> WarcSource:
    """Where *source* is now: a whole file that is not where it was may have been moved into the archive folder since."""
    place = collection.archive / source.path.name
    if warc.source is None or source.size is not None or source.is_there() or not place.is_file():
        return source
    return replace(source, path=place) if place.stat().st_size == warc.size else source


def _missing(warc: WarcFile, source: WarcSource) -> Damage:
    reason = f"{_GONE} ({source.path.absolute()}). Put it back there, or extract from where it is now"
    return Damage(warc.filename, 0, warc.size, reason)


def _cut(warc: WarcFile, source: WarcSource) -> list[Damage]:
    """That *source* has fewer bytes than its catalogue knows of: it was cut, or another file of that name took its place."""
    if not warc.closed or source.size is not None or source.url is not None:
        return []
    size = source.path.stat().st_size
    if size >= warc.size:
        return []
    reason = (
        f"{_CUT} ({source.path.absolute()} has {size:,} bytes, and had {warc.size:,}). Put a copy of it in its place"
    )
    return [Damage(warc.filename, size, warc.size - size, reason)]


def _files(folder: Path, growing: bool) -> Iterator[Path]:
    suffixes = (*_SUFFIXES, _GROWING) if growing else _SUFFIXES
    return (file for file in sorted(folder.rglob("*")) if file.name.endswith(suffixes) and file.is_file())


def _inside(file: Path, temporary: Path, conversions: bool) -> list[WarcSource]:
    found = unpacked_sources(file, temporary) if is_wacz(file) else [WarcSource.of(file)]
    return [replace(source, conversions=conversions) for source in found]


def names_in_indexes(filename: str) -> frozenset[str]:
    """All that an index may call the WARC *filename* of a catalogue: its whole name, and those that `named_warcs` gives."""
    return frozenset((filename, _short(filename), _flat(filename)))


def _by_short_names(sources: list[WarcSource]) -> list[WarcSource]:
    """*sources* by their files' names where these differ, else by all that they are called, in the order of these names."""
    counts = Counter(_short(source.name) for source in sources)
    named = []
    for source in sources:
        short = _short(source.name)
        named.append(replace(source, name=short if counts[short] == 1 else _flat(source.name)))
    return sorted(named, key=lambda source: source.name)


def _short(name: str) -> str:
    return name.rpartition("/")[2]


def _flat(name: str) -> str:
    return name.replace("/", "-")
