"""Parts: how the entries of WARC files are cut into pieces of work.

A part is a fixed number of entries of one file.  It is *settled* when the next part has begun or the file is closed; so
what a part holds depends on the WARC alone, not on when, in which order or by how many workers it is derived.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from broadsheet.archive.catalogue import Catalogue, WarcFile
from broadsheet.archive.collection import Collection
from broadsheet.archive.locate import source_of
from broadsheet.archive.repeats import repeats_of
from broadsheet.archive.warc.source import WarcSource

PART_ENTRIES = 500
_FILES = ("json", "parquet", "npz")  # the suffixes of what is made of parts
_LONGEST = 200  # bytes of a name; 255 is the limit of most file systems, and bounds and suffixes follow


@dataclass(frozen=True, slots=True)
class Part:
    """Entries *first* to *stop* (not included) of a WARC, which lie between the offsets *start* and *end*, in bytes.

    ``own``: the file lies in the collection's archive, and may get its final name at any moment.  ``repeats``: the numbers of
    captures whose record id stands before them, by offset (`broadsheet.archive.repeats`).
    """

    source: WarcSource
    warc_filename: str
    first: int
    stop: int
    start: int
    end: int
    own: bool = True
    repeats: Mapping[int, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Names the part in every path: ``x.warc.gz`` -> ``x-000000-000500``."""
        return f"{part_stem(self.warc_filename)}-{self.first:06d}-{self.stop:06d}"


def part_stem(warc_filename: str) -> str:
    """What the parts of a WARC are called before their bounds: no two WARCs have the same, and every reader sees it.

    ``x.warc.gz`` -> ``x``; any other name is kept and gets a ``~``, so that ``x.warc`` beside it has its own.  ``~`` also
    escapes what makes readers of datasets pass a folder by (a leading ``_`` or ``.``) or take it for a column (``=``) or a
    file (a multi-WACZ is a folder of parts, and may be called ``collection.json``).  Of a name that would be too long for a
    file system with what is added to it, the beginning and a digest are left.
    """
    stem = warc_filename.removesuffix(".warc.gz")
    *folders, last = map(_escape, stem.split("/"))
    escaped = "/".join(_shortened(component) for component in (*map(_no_file, folders), last))
    return escaped if stem != warc_filename else f"{escaped}~"


def _escape(component: str) -> str:
    component = component.replace("~", "~7e").replace("=", "~3d")
    return f"~{ord(component[0]):02x}{component[1:]}" if component.startswith(("_", ".")) else component


def _no_file(folder: str) -> str:
    name, dot, suffix = folder.rpartition(".")
    return f"{name}~2e{suffix}" if dot and suffix in _FILES else folder


def _shortened(component: str) -> str:
    name = os.fsencode(component)
    if len(name) <= _LONGEST:
        return component
    return f"{name[: _LONGEST - 40].decode(errors='ignore')}~{hashlib.sha256(name).hexdigest()[:32]}"


def settled_parts(collection: Collection, catalogue: Catalogue, warc: WarcFile) -> Iterator[Part]:
    """The settled parts of *warc*, in order."""
    source = source_of(collection, warc)
    for first in range(0, warc.entries, PART_ENTRIES):
        stop = min(first + PART_ENTRIES, warc.entries)
        end = catalogue.offset_of(warc, first + PART_ENTRIES)
        if end is None:
            if not warc.closed:
                return
            end = warc.size
        start = catalogue.offset_of(warc, first)
        assert start is not None
        repeats = repeats_of(catalogue, warc, first, stop)
        yield Part(source, warc.filename, first, stop, 0 if first == 0 else start, end, warc.source is None, repeats)
