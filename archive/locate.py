"""Where the bytes of a catalogued WARC lie: in the collection's own archive, or where a foreign file was found."""

from __future__ import annotations

from pathlib import Path

from broadsheet.archive.catalogue import WarcFile
from broadsheet.archive.collection import Collection
from broadsheet.archive.storage import is_remote, name_of
from broadsheet.archive.warc.source import WarcSource


def source_of(collection: Collection, warc: WarcFile) -> WarcSource:
    """Where the bytes of *warc* are now; an own file is renamed when it is closed."""
    if warc.source is None:
        return own_source(collection, warc.filename)
    path, _, section = warc.source.partition("\n")
    base, _, size = section.partition("+")
    place = int(base or 0), int(size) if size else None
    if is_remote(path):
        return WarcSource(Path(name_of(path)), warc.filename, *place, path, warc.conversions)
    return WarcSource(Path(path), warc.filename, *place, conversions=warc.conversions)


def own_source(collection: Collection, filename: str) -> WarcSource:
    """An own WARC, under whichever of its two names it has now."""
    return WarcSource(collection.warc_path(filename), filename)


def stored_source(source: WarcSource) -> str:
    """How the catalogue keeps a foreign *source*: its path or URL, and where inside a WACZ it lies."""
    path = source.url or str(source.path.absolute())
    return path if source.size is None else f"{path}\n{source.base}+{source.size}"
