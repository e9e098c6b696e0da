"""Packing WARCs, their index and a list of pages into a WACZ 1.1.1, as a stream: memory does not grow with the archive.

Nothing is made twice: a WARC's bytes are read once, for zip, checksum and hash together, and stored as they are, so that
readers seek in them.  The index is ZipNum, as py-wacz writes it: blocks of 3,000 lines, a gzip member each, and a small
index of the blocks, which is all that a reader must load.  The same input gives the same bytes: times are those of the
captures, ids hashes.  The file appears whole or not at all.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from broadsheet.archive.durable import whole_file
from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.archive.wacz.signature import Signer
from broadsheet.archive.warc.source import WarcSource

WACZ_VERSION = "1.1.1"
BLOCK_LINES = 3_000  # of an index block
_PIECE = 1024 * 1024
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can say


@dataclass(frozen=True, slots=True)
class WaczPage:
    """A page that readers list and search: *moment* (UTC) is that of its capture."""

    url: str
    moment: datetime
    title: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a WACZ.  ``index`` are sorted CDXJ lines that call WARCs by the names of ``warcs``; ``pages`` are
    listed first, ``extra_pages`` are found by searching.  Both are asked for once, in this order."""

    warcs: Sequence[WarcSource]
    index: Callable[[], Iterable[bytes]]
    pages: Callable[[], Iterable[WaczPage]]
    extra_pages: Callable[[], Iterable[WaczPage]] | None
    title: str
    software: str
    created: datetime
    description: str | None = None
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """A WACZ that was made; sizes in bytes.  ``signed_by`` is the fingerprint of the key."""

    path: Path
    size: int
    warcs: int
    captures: int
    pages: int
    extra_pages: int
    signed_by: str | None = None


def pack(contents: Contents, path: Path, on_progress: Callable[[int, str], None] = lambda _done, _name: None) -> Packed:
    """Pack *contents* into *path*; *on_progress* is members how many bytes of WARCs are done, and of which.

    Raises:
        BadInput: *path* exists, two WARCs have one name, or a WARC cannot be read.
        BrokenEnvironment: the disk refuses.
    """
    names = [source.name for source in contents.warcs]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput(doubled[0], "is the name of two WARCs", "Pack them one at a time.")
    with os_errors_of(path), whole_file(path, replace=False) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            packed = _Packing(archive, contents, on_progress).run()
        size = file.tell()
    signed_by = contents.signer.fingerprint if contents.signer is not None else None
    return Packed(path, size, len(contents.warcs), packed.captures, packed.pages, packed.extra_pages, signed_by)


@dataclass(slots=True)
class _Packing:
    """One packing under way."""

    archive: zipfile.ZipFile
    contents: Contents
    on_progress: Callable[[int, str], None]
    resources: list[dict[str, Any]] = field(default_factory=list)
    done: int = 0
    captures: int = 0
    pages: int = 0
    extra_pages: int = 0
    main: WaczPage | None = None

    def run(self) -> _Packing:
        for source in self.contents.warcs:
            self._add(f"archive/{source.name}", self._warc(source), size=_size(source))
        blocks: list[bytes] = []
        self._add("indexes/index.cdx.gz", self._index(blocks))
        self._add("indexes/index.idx", blocks)
        self._add("pages/pages.jsonl", self._list("pages", "All Pages", self.contents.pages()), deflate=True)
        self.pages, self.extra_pages = self.extra_pages, 0
        if self.contents.extra_pages is not None:
            extra = self._list("extra", "Extra Pages", self.contents.extra_pages())
            self._add("pages/extraPages.jsonl", extra, deflate=True)
        manifest = self._manifest()
        self._add("datapackage.json", [manifest])
        digest = f"sha256:{hashlib.sha256(manifest).hexdigest()}"
        members: dict[str, object] = {"path": "datapackage.json", "hash": digest}
        if (signer := self.contents.signer) is not None:
            members["signedData"] = signer.sign(digest, self.contents.created, self.contents.software)
        self._add("datapackage-digest.json", [_json(members)])
        return self

    def _add(self, name: str, pieces: Iterable[bytes], *, size: int = 0, deflate: bool = False) -> None:
        """Write a member in pieces, and note its size and hash; *size* in bytes tells whether it needs zip64."""
        info = zipfile.ZipInfo(name, max(_EARLIEST, self.contents.created.astimezone(UTC).timetuple()[:6]))
        info.compress_type = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        info.create_system = 3
        info.file_size = size
        info.extra = self._written_at()
        digest = hashlib.sha256()
        written = 0
        with self.archive.open(info, "w", force_zip64=not size) as member:
            for piece in pieces:
                digest.update(piece)
                member.write(piece)
                written += len(piece)
        base = re.sub(r"[^-a-z0-9._]", "-", name.rpartition("/")[2].lower())  # all that a Data Package's names may be
        self.resources.append({"name": base, "path": name, "hash": f"sha256:{digest.hexdigest()}", "bytes": written})

    def _written_at(self) -> bytes:
        """The extra field with the exact time (APPNOTE 4.6.1; Info-ZIP's "UT").

        Every member has it for another reason: a streamed member's own header has a zip64 field that its entry in the
        directory lacks, and replayweb.page takes a member whose entry has no extra field to have none at all.
        """
        moment = max(0, min(int(self.contents.created.timestamp()), 2**31 - 1))
        return struct.pack("<HHBl", 0x5455, 5, 1, moment)

    def _warc(self, source: WarcSource) -> Iterator[bytes]:
        with source.open() as file:
            while piece := file.read(_PIECE):
                yield piece
                self.done += len(piece)
                self.on_progress(self.done, source.name)

    def _index(self, blocks: list[bytes]) -> Iterator[bytes]:
        """The blocks of the index; their own lines go to *blocks*."""
        blocks.append(b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n')
        offset = 0
        lines = iter(self.contents.index())
        while block := list(islice(lines, BLOCK_LINES)):
            packed = gzip.compress(b"".join(block), 6, mtime=0)
            key, timestamp, _ = block[0].split(b" ", 2)
            members = {
                "offset": offset,
                "length": len(packed),
                "digest": f"sha256:{hashlib.sha256(packed).hexdigest()}",
            }
            blocks.append(b"%s %s %s\n" % (key, timestamp, json.dumps(members).encode()))
            offset += len(packed)
            self.captures += len(block)
            yield packed

    def _list(self, name: str, title: str, pages: Iterable[WaczPage]) -> Iterator[bytes]:
        """A JSON line a page, behind one that says what they are."""
        yield _json({"format": "json-pages-1.0", "id": name, "title": title, "hasText": True}) + b"\n"
        for page in pages:
            self.extra_pages += 1
            if self.main is None or (page.moment, page.url) < (self.main.moment, self.main.url):
                self.main = page
            moment = f"{page.moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
            own = hashlib.sha256(f"{moment} {page.url}".encode("utf-8", "replace")).hexdigest()[:22]
            members = {"id": own, "url": page.url, "ts": moment, "title": page.title, "text": page.text}
            yield _json({key: value for key, value in members.items() if value}) + b"\n"

    def _manifest(self) -> bytes:
        contents, main = self.contents, self.main
        members: dict[str, Any] = {
            "profile": "data-package",
            "wacz_version": WACZ_VERSION,
            "software": contents.software,
            "created": f"{contents.created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "title": contents.title,
            "description": contents.description,
            "mainPageUrl": None if main is None else main.url,
            "mainPageDate": None if main is None else f"{main.moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "resources": self.resources,
        }
        return _json({key: value for key, value in members.items() if value is not None}, indent=2) + b"\n"


def _size(source: WarcSource) -> int:
    if source.size is not None:
        return source.size
    return source.path.stat().st_size - source.base


def _json(value: object, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "replace")
