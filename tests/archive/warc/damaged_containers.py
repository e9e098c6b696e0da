"""Small archives of every container, broken at random, and what each reader finds in them: for tests and benchmarks."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import zstandard

from broadsheet.archive.cdxj.warc_lines import warc_lines
from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.captured_response import Unusable, read_response
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.warc.entries import entries_of
from broadsheet.archive.warc.reader import NotRecordWise, read_records
from broadsheet.archive.warc.recompress import recompress
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.repair import repair
from broadsheet.archive.warc.source import WarcSource

RECORDS = 8
SHOWABLE = "showable"
KINDS = (
    "plain.warc", "record.warc.gz", "whole.warc.gz", "block.warc.gz", "record.warc.zst", "dictionary.warc.zst",
    "plain.arc", "record.arc.gz", "whole.arc.gz",
)  # fmt: skip
_BLOCK = 1500  # bytes of content in a gzip member that knows nothing of records


@dataclass(frozen=True, slots=True)
class Container:
    """An archive: the bytes of its pieces, each with the URLs of the records that need it whole, and *prefix* that all need."""

    kind: str
    prefix: bytes
    pieces: tuple[tuple[bytes, frozenset[str]], ...]
    sequential: bool

    @property
    def filename(self) -> str:
        """A name of its kind."""
        return self.kind

    @classmethod
    def made(cls, kind: str) -> Container:
        """The container of that *kind*, the same each time."""
        arc = ".arc" in kind
        records = _arc_records() if arc else _warc_records()
        if kind.startswith("plain"):
            return cls(kind, b"", tuple((data, frozenset({url})) for url, data in records), sequential=False)
        if kind == "record.warc.zst":
            frames = [(zstandard.compress(data), frozenset({url})) for url, data in records]
            return cls(kind, b"", tuple(frames), sequential=False)
        if kind == "dictionary.warc.zst":
            return _with_dictionary(kind, records)
        if kind.startswith("record"):
            members = [(gzip.compress(data, mtime=0), frozenset({url})) for url, data in records]
            return cls(kind, b"", tuple(members), sequential=False)
        if kind.startswith("block"):
            return cls(kind, b"", tuple(_blocks(records)), sequential=False)
        return cls(kind, b"", tuple(_one_member(records)), sequential=True)


def broken(container: Container, damage: str, dice: random.Random) -> tuple[bytes, frozenset[str]]:
    """The container cut or with one to four bytes flipped, and the URLs of the records that lie whole in it.

    Of a file that is one gzip member the whole records are those that end well before the damage: what is behind it can be
    had only by chance.
    """
    data = container.prefix + b"".join(piece for piece, _ in container.pieces)
    start = len(container.prefix)
    if damage == "cut":
        first = stop = dice.randrange(start + 1, len(data))
        stop = len(data)
        result = data[:first]
    else:
        first = dice.randrange(start, len(data))
        stop = min(len(data), first + dice.randint(1, 4))
        result = data[:first] + bytes(byte ^ dice.randint(1, 255) for byte in data[first:stop]) + data[stop:]
    touched: set[str] = set()
    at = start
    for piece, urls in container.pieces:
        if first < at + len(piece) and (container.sequential or at < stop):
            touched |= urls
        at += len(piece)
    everything = {url for _, urls in container.pieces for url in urls}
    return result, frozenset(everything - touched - {""})


def seen_by_all(path: Path, folder: Path) -> dict[str, frozenset[str]]:
    """The URLs of the pages that each reader finds in *path*, and under SHOWABLE those of what is entered that can be shown.

    Raises:
        BadInput: there is no record that can be read.
    """
    source = WarcSource.of(path)
    mended = folder / "mended.warc.gz"
    repair(source, mended, keep_doubtful=True)
    pointed = source
    try:
        entered = _entered(source)
    except NotRecordWise:
        pointed = WarcSource(folder / "copy.warc.gz", path.name)
        recompress(source, pointed.path)
        entered = _entered(pointed)
    return {
        "extract": _urls(entered),
        "index": frozenset(line.url for line in warc_lines(pointed, lambda _: None)),
        "replay": _replayed(path, folder),
        "repair": _urls(_entered(WarcSource.of(mended))),
        SHOWABLE: _urls(record for record in entered if _is_showable(record)),
    }


def are_apart(seen: dict[str, frozenset[str]]) -> bool:
    """Whether readers disagree about a file.

    What is entered and what is repaired are the same.  Of that the index has all that has a URL, for a line must say one, and
    replay shows all that is HTTP under an address of the web.  A record whose own header was hit may be neither: it has a
    reason in the dataset, and nothing to ask for.
    """
    entered = seen["extract"]
    return not (seen["repair"] == entered and seen["index"] == entered - {""} and seen["replay"] == seen[SHOWABLE])


def _entered(source: WarcSource) -> list[WarcRecord]:
    return [record for record, _ in entries_of(read_records(source, on_damage=lambda _: None))]


def _urls(records: Iterable[WarcRecord]) -> frozenset[str]:
    return frozenset(record.url or "" for record in records)


def _is_showable(record: WarcRecord) -> bool:
    of_the_web = (record.url or "").lower().startswith(("http://", "https://"))
    return of_the_web and (record.response_head() is not None or not record.is_http)


def _replayed(path: Path, folder: Path) -> frozenset[str]:
    index = CaptureIndex.open([path], folder)
    found = set()
    for capture in index.captures():
        try:
            found.add(read_response(index, capture, Spool(folder)).url)
        except (Unusable, BadInput):
            continue
    return frozenset(found)


def _page(number: int) -> bytes:
    dice = random.Random(number)
    text = " ".join("".join(dice.choices("abcdefghij", k=6)) for _ in range(120))
    body = f"<!doctype html><title>Story {number}</title><p>{text}</p>".encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def _warc_records() -> list[tuple[str, bytes]]:
    info = b"software: test\r\n"
    found = [("", _warc_record("warcinfo", "", "application/warc-fields", info, 0))]
    for number in range(1, RECORDS + 1):
        url = f"http://a.example/{number}"
        found.append((url, _warc_record("response", url, "application/http; msgtype=response", _page(number), number)))
    return found


def _warc_record(kind: str, url: str, content_type: str, block: bytes, number: int) -> bytes:
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    return (
        (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
            f"WARC-Date: 2026-11-24T10:00:{number:02}Z\r\n{target}Content-Type: {content_type}\r\n"
            f"WARC-Block-Digest: {labelled_digest(block)}\r\nContent-Length: {len(block)}\r\n\r\n"
        ).encode()
        + block
        + b"\r\n\r\n"
    )


def _arc_records() -> list[tuple[str, bytes]]:
    version = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n"
    found = [("", b"filedesc://x.arc 10.0.0.1 20010203040506 text/plain %d\n%s\n" % (len(version), version))]
    for number in range(1, RECORDS + 1):
        url, page = f"http://a.example/{number}", _page(number)
        found.append((url, f"{url} 10.0.0.1 200102030405{number:02} text/html {len(page)}\n".encode() + page + b"\n"))
    return found


def _with_dictionary(kind: str, records: list[tuple[str, bytes]]) -> Container:
    samples: list[bytes | bytearray | memoryview] = [
        data[cut : cut + 300] for _, data in records for cut in range(0, 600, 40)
    ]
    dictionary = zstandard.train_dictionary(1024, samples)
    content = dictionary.as_bytes()
    prefix = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    compressor = zstandard.ZstdCompressor(dict_data=dictionary)
    return Container(
        kind, prefix, tuple((compressor.compress(data), frozenset({url})) for url, data in records), sequential=False
    )


def _blocks(records: list[tuple[str, bytes]]) -> list[tuple[bytes, frozenset[str]]]:
    content = b"".join(data for _, data in records)
    ends, at = [], 0
    for url, data in records:
        ends.append((url, at, at + len(data)))
        at += len(data)
    return [
        (
            gzip.compress(content[start : start + _BLOCK], mtime=0),
            frozenset(url for url, first, end in ends if first < start + _BLOCK and end > start),
        )
        for start in range(0, len(content), _BLOCK)
    ]


def _one_member(records: list[tuple[str, bytes]]) -> list[tuple[bytes, frozenset[str]]]:
    """One gzip member in pieces: each ends where all of its record can be decompressed."""
    compressor = zlib.compressobj(6, zlib.DEFLATED, 31)
    found = [
        (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH), frozenset({url})) for url, data in records
    ]
    found.append((compressor.flush(), frozenset()))
    return found
