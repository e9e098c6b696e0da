"""The WARCs of a WACZ whose zip directory is gone: a download that broke off loses its end, and there the directory stands.

Each member begins with a header of its own (APPNOTE.TXT 4.3.7), so WARCs that are stored are found by their headers.  How
long one is says its header, or, of a zip that was written as a stream, the descriptor behind it (4.3.9).
"""

from __future__ import annotations

import mmap
import re
import struct
from dataclasses import dataclass
from pathlib import Path

from broadsheet.archive.errors import from_os_error
from broadsheet.archive.warc.source import WarcSource

_HEADER = re.compile(
    rb"PK\x03\x04.{2}(.{2})\x00\x00.{12}(.{4})(.{2})(.{2})archive/([^\x00/]{1,250}?\.warc(?:\.gz|\.zst)?)",
    re.DOTALL,
)
_ANY_MEMBER = re.compile(rb"PK\x03\x04.{26}(?:archive/|indexes/|pages/|fuzzy|datapackage)", re.DOTALL)
_DIRECTORY = re.compile(rb"PK\x01\x02.{42}(?:archive/|indexes/|pages/|fuzzy|datapackage)", re.DOTALL)
_DESCRIPTOR = b"PK\x07\x08"
_SIZE = struct.Struct("<I")
_LENGTH = struct.Struct("<H")
_ZIP64 = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Salvaged:
    """A WARC found in a torn WACZ; the file ends *missing* bytes before the WARC does, as far as its header says."""

    source: WarcSource
    missing: int


def salvaged_sources(path: Path) -> list[Salvaged]:
    """The stored WARCs that begin in the file *path*, by name; of the last one maybe only the beginning.

    Raises:
        BroadsheetError: the file cannot be read.
    """
    try:
        if not path.stat().st_size:
            return []
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            found = [_source(path, data, match) for match in _HEADER.finditer(data)]
    except OSError as error:
        raise from_os_error(error, str(path)) from error
    return sorted((one for one in found if one is not None), key=lambda one: one.source.name)


def _source(path: Path, data: mmap.mmap, match: re.Match[bytes]) -> Salvaged | None:
    flags, size, name_length, extra_length, name = match.groups()
    if _LENGTH.unpack(name_length)[0] != len(name) + len(b"archive/"):
        return None
    extra = match.end() + _LENGTH.unpack(extra_length)[0]
    length = _SIZE.unpack(size)[0]
    if length == _ZIP64:
        length = _zip64_size(data[match.end() : extra])
    if length == 0 and _LENGTH.unpack(flags)[0] & 8:
        length = _streamed_size(data, extra)
    end = min(len(data), extra + length)
    if end <= extra:
        return None
    return Salvaged(WarcSource(path, name.decode("utf-8", "replace"), extra, end - extra), extra + length - end)


def _zip64_size(extra: bytes) -> int:
    """The size in the extra field (4.5.3); 0 when it is not there."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1 and length >= 8:
            return int(struct.unpack_from("<Q", extra, at + 4)[0])
        at += 4 + length
    return 0


def _streamed_size(data: mmap.mmap, start: int) -> int:
    """How many bytes lie between *start* and the descriptor that says so; else up to the next member, or the end."""
    at = data.find(_DESCRIPTOR, start)
    while at >= 0:
        declared = data[at + 8 : at + 16]
        if (at - start).to_bytes(8, "little") == declared or (at - start).to_bytes(4, "little") == declared[:4]:
            return at - start
        at = data.find(_DESCRIPTOR, at + 1)
    following = [match.start() for pattern in (_ANY_MEMBER, _DIRECTORY) if (match := pattern.search(data, start))]
    return min(following, default=len(data)) - start
