"""Verifying a CDXJ index: its own form, and against the records it points to, both ways.

Streaming: a line at a time.  What a line says is compared with the `RecordTable` of the WARC it names, so a stale index (the
WARC was packed again, cut off, replaced) shows at the first offset at which no record begins.  Which records have a line
is one bit each.  Plain, gzipped, and ZipNum (``index.cdx.gz`` with ``index.idx``) are read.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

import orjson

from broadsheet.archive.surt import surt
from broadsheet.archive.verify.finding import CDXJ, REINDEX, Finding, Rule, Severity, breach
from broadsheet.archive.verify.links import LinkedFile
from broadsheet.archive.verify.record_table import (
    NO_DATE,
    RecordRow,
    digest_key,
    digests_contradict,
    key,
    moment_of,
    url_key,
)

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO
INDEX_DAMAGED = Rule("index-damaged", _E, f"{CDXJ}, Introduction", "The index can be read to its end.", REINDEX)
INDEX_SYNTAX = Rule(
    "index-syntax", _E, f"{CDXJ}, Introduction", "A line is a key, a timestamp and a JSON object, single spaces between.",
    REINDEX,
)  # fmt: skip
INDEX_SORTED = Rule("index-sorted", _E, f"{CDXJ}, Sorting", "The lines are sorted by bytes (LC_ALL=C).", REINDEX)
INDEX_KEY = Rule("index-key", _W, f"{CDXJ}, Searchable URL", "The key is the SURT key of the line's URL.", REINDEX)
INDEX_TIME_FORM = Rule(
    "index-timestamp", _E, f"{CDXJ}, Integer Timestamp", "The timestamp is 14 or 17 digits, and a date.", REINDEX
)
INDEX_FIELDS = Rule(
    "index-fields", _E, f"{CDXJ}, JSON Block", "The JSON says url, filename, offset and length.", REINDEX
)
INDEX_MORE_FIELDS = Rule(
    "index-fields-other", _I, f"{CDXJ}, JSON Block", "The JSON says digest, mime and status, too.", REINDEX
)
INDEX_TWICE = Rule("index-twice", _W, f"{CDXJ}, Introduction", "A record has one line.", REINDEX)
INDEX_WARC = Rule("index-warc", _E, f"{CDXJ}, JSON Block", "The WARC that a line names is there.", REINDEX)
INDEX_OFFSET = Rule("index-offset", _E, f"{CDXJ}, JSON Block", "A record begins where a line says.", REINDEX)
INDEX_LENGTH = Rule("index-length", _E, f"{CDXJ}, JSON Block", "The record is as long as its line says.", REINDEX)
INDEX_URL = Rule("index-url", _E, f"{CDXJ}, JSON Block", "The record has the URL that its line says.", REINDEX)
INDEX_TIME = Rule("index-time", _E, f"{CDXJ}, Integer Timestamp", "The record has the date of its line.", REINDEX)
INDEX_DIGEST = Rule("index-digest", _E, f"{CDXJ}, JSON Block", "The record has the digest of its line.", REINDEX)
INDEX_STATUS = Rule("index-status", _E, f"{CDXJ}, JSON Block", "The answer has the status of its line.", REINDEX)
INDEX_MIME = Rule("index-mime", _W, f"{CDXJ}, JSON Block", "The answer has the media type of its line.", REINDEX)
INDEX_MISSING = Rule(
    "index-missing", _E, f"{CDXJ}, Introduction",
    "Every response, revisit and resource record has a line; a revisit with status 304 may do without.", REINDEX,
)  # fmt: skip
INDEX_BLOCKS = Rule(
    "index-blocks", _E, "ZipNum sharded CDX (pywb, index.idx)", "A block of a compressed index lies where index.idx says.",
    REINDEX,
)  # fmt: skip
INDEX_RULES = (
    *(INDEX_DAMAGED, INDEX_SYNTAX, INDEX_SORTED, INDEX_KEY, INDEX_TIME_FORM, INDEX_FIELDS, INDEX_MORE_FIELDS),
    *(INDEX_TWICE, INDEX_WARC, INDEX_OFFSET, INDEX_LENGTH, INDEX_URL, INDEX_TIME, INDEX_DIGEST, INDEX_STATUS),
    *(INDEX_MIME, INDEX_MISSING, INDEX_BLOCKS),
)
_INDEXED = ("response", "revisit", "resource")
_TIMESTAMP = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d|60)(?:\d{3})?"
)
_MAX_LINE = 4 * 1024 * 1024
Opener = Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class IndexLine:
    """A line of an index, as far as the verifier looks at it; None where a field is missing or no number."""

    number: int
    key: str
    timestamp: str
    url: str | None
    filename: str | None
    offset: int | None
    length: int | None
    digest: str | None
    mime: str | None
    status: str | None
    folded: bool  # a POST request's body is folded into the key


def index_lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of *file*, gzipped or not; a line longer than 4 MiB comes in pieces, which are no index lines.

    Raises:
        OSError, EOFError, zlib.error: it is damaged.
    """
    magic = file.read(2)
    file.seek(0)
    stream: IO[bytes] = gzip.GzipFile(fileobj=file) if magic == b"\x1f\x8b" else file  # type: ignore[assignment]
    while line := stream.readline(_MAX_LINE):
        yield line.rstrip(b"\r\n")


def parse_line(number: int, line: bytes) -> IndexLine | str:
    """Read a line; a text says what is wrong with it."""
    parts = line.split(b" ", 2)
    if len(parts) != 3:
        return f"not three parts: {line[:80]!r}"
    try:
        values = orjson.loads(parts[2])
    except orjson.JSONDecodeError as error:
        return f"no JSON behind the timestamp ({error})"
    if not isinstance(values, dict):
        return "the JSON is no object"

    def text(name: str) -> str | None:
        return None if values.get(name) is None else str(values[name])

    def integer(name: str) -> int | None:
        value = text(name)
        return int(value) if value is not None and value.isascii() and value.isdecimal() else None

    return IndexLine(
        number,
        parts[0].decode("utf-8", "replace"),
        parts[1].decode("ascii", "replace"),
        text("url"),
        text("filename"),
        integer("offset"),
        integer("length"),
        text("digest"),
        text("mime"),
        text("status"),
        values.get("method") is not None or values.get("requestBody") is not None,
    )


class IndexVerifier:
    """Checks the indexes of one set of WARCs; `missing` at the end says what none of them has.  Lines that name a WARC of
    *elsewhere* are checked as lines, not against the records."""

    def __init__(self, warcs: Sequence[LinkedFile], elsewhere: Set[str] = frozenset()) -> None:
        self._elsewhere = elsewhere
        self._warcs: Mapping[str, LinkedFile] = {warc.name: warc for warc in warcs}
        self._has_line = {warc.name: bytearray(len(warc.table)) for warc in warcs}
        self._absent: set[str] = set()

    def check(self, name: str, open_index: Opener) -> Iterator[Finding]:
        """Check the index *name*, which *open_index* opens."""
        number, previous = 0, b""
        try:
            with open_index() as file:
                for number, line in enumerate(index_lines(file), 1):
                    if line.startswith(b"!") and number == 1:
                        continue
                    if line < previous:
                        yield breach(INDEX_SORTED, name, number, f"stands behind a line it sorts before: {line[:80]!r}")
                    previous = line
                    yield from self._check_line(name, number, line)
        except (OSError, EOFError, zlib.error) as error:
            yield breach(INDEX_DAMAGED, name, number, f"cannot be read on: {error}")

    def missing(self, name: str) -> Iterator[Finding]:
        """What should have a line and has none, when all indexes were checked; *name* is what to call them."""
        for warc in self._warcs.values():
            has_line, table = self._has_line[warc.name], warc.table
            lacking = [
                row
                for number, row in enumerate(table.rows())
                if not has_line[number]
                and row.is_web
                and row.record_type in _INDEXED
                and row.date != NO_DATE  # no index can say it
                and not _is_not_modified(row)
            ]
            if lacking:
                first = lacking[0]
                message = (
                    f"{len(lacking):,} of {len(table):,} records of {warc.name} should have a line and have none,"
                    f" first the {first.record_type} at offset {first.offset}"
                )
                yield breach(INDEX_MISSING, name, 0, message)

    def _check_line(self, name: str, number: int, line: bytes) -> Iterator[Finding]:
        parsed = parse_line(number, line)
        if isinstance(parsed, str):
            yield breach(INDEX_SYNTAX, name, number, parsed)
            return
        if not _TIMESTAMP.fullmatch(parsed.timestamp):
            yield breach(INDEX_TIME_FORM, name, number, f"timestamp {parsed.timestamp[:30]!r}")
        key = parsed.key if parsed.url is None or parsed.folded else surt(parsed.url)
        if key != parsed.key:
            message = f"key {parsed.key[:80]!r} for {(parsed.url or '')[:120]}, which readers look for as {key[:80]!r}"
            yield breach(INDEX_KEY, name, number, message)
        lacking = [field for field in ("url", "filename", "offset", "length") if getattr(parsed, field) is None]
        if lacking:
            yield breach(INDEX_FIELDS, name, number, f"no {', '.join(lacking)} (or no number)")
        others = [field for field in ("digest", "mime", "status") if getattr(parsed, field) is None]
        if others and not (parsed.mime == "warc/revisit" and others == ["status"]):
            yield breach(INDEX_MORE_FIELDS, name, number, f"no {', '.join(others)}")
        if parsed.filename is not None and parsed.offset is not None:
            for rule, message in self._against_record(parsed, parsed.filename, parsed.offset):
                yield breach(rule, name, number, message)

    def _against_record(self, line: IndexLine, filename: str, offset: int) -> Iterator[tuple[Rule, str]]:
        warc = self._warcs.get(filename) or self._warcs.get(filename.rpartition("/")[2])
        if warc is None:
            if filename not in self._absent and filename not in self._elsewhere:
                self._absent.add(filename)
                yield INDEX_WARC, f"names {filename[:120]}, which is not here"
            return
        number = warc.table.at(offset)
        if number is None:
            yield INDEX_OFFSET, f"no record begins at offset {offset} of {warc.name}"
            return
        if self._has_line[warc.name][number]:
            yield INDEX_TWICE, f"the record at offset {offset} of {warc.name} has a line already"
        self._has_line[warc.name][number] = 1
        yield from compare(line, warc.table.row(number), f"the record at offset {offset} of {warc.name}")


def _is_not_modified(row: RecordRow) -> bool:
    """A 304 that stands for an earlier capture: indexes that replay tools are to find the other by leave it out."""
    return row.record_type == "revisit" and row.status == 304


def compare(line: IndexLine, row: RecordRow, record: str) -> Iterator[tuple[Rule, str]]:
    """What *line* says otherwise than the record it points to; *record* is what to call that."""
    if line.length is not None and line.length not in (row.length, row.length - 4):  # some leave off the line ends
        yield INDEX_LENGTH, f"length {line.length}, {record} has {row.length}"
    if line.url is not None and row.url and url_key(line.url) != row.url:
        yield INDEX_URL, f"{line.url[:120]}, {record} has another URL"
    moment = moment_of(row.date)
    if moment is not None and _TIMESTAMP.fullmatch(line.timestamp):
        written = f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03}"
        if not written.startswith(line.timestamp):
            yield INDEX_TIME, f"timestamp {line.timestamp}, {record} has {moment:%Y-%m-%dT%H:%M:%SZ}"
    if line.digest is not None and digests_contradict(digest_key(line.digest), row.digest):
        yield INDEX_DIGEST, f"digest {(line.digest or '')[:60]}, {record} has another"
    if line.status is not None and row.status and line.status.isdecimal() and int(line.status) != row.status:
        yield INDEX_STATUS, f"status {line.status}, {record} has {row.status}"
    if (
        line.mime is not None
        and row.record_type == "response"
        and row.mime
        and line.mime not in ("unk", "-")
        and key(line.mime.lower()) != row.mime
    ):
        yield INDEX_MIME, f"mime {line.mime[:60]}, {record} has another media type"


def check_blocks(name: str, open_idx: Opener, open_block_file: Callable[[str], IO[bytes] | None]) -> Iterator[Finding]:
    """Check the secondary index *name* of a ZipNum index: each block lies where it says and begins with its key."""
    number, filename = 0, name.rpartition("/")[2].removesuffix(".idx") + ".cdx.gz"
    try:
        with open_idx() as idx:
            for number, line in enumerate(index_lines(idx), 1):
                if line.startswith(b"!"):  # !meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
                    header = parse_line(number, line)
                    filename = header.filename if isinstance(header, IndexLine) and header.filename else filename
                    continue
                problem = _block_problem(number, line, filename, open_block_file)
                if problem is not None:
                    yield breach(INDEX_BLOCKS, name, number, problem)
    except (OSError, EOFError, zlib.error) as error:
        yield breach(INDEX_DAMAGED, name, number, f"cannot be read on: {error}")


def _block_problem(
    number: int, line: bytes, filename: str, open_block_file: Callable[[str], IO[bytes] | None]
) -> str | None:
    parsed = parse_line(number, line)
    if isinstance(parsed, str):
        return parsed
    if parsed.offset is None or parsed.length is None:
        return "no offset or length"
    filename = parsed.filename or filename
    file = open_block_file(filename)
    if file is None:
        return f"is about {filename[:80]}, which is not here"
    with file:
        file.seek(parsed.offset)
        block = file.read(parsed.length)
    try:
        first = zlib.decompressobj(31).decompress(block, 65536)
    except zlib.error:
        return f"no block at offset {parsed.offset} of {filename}"
    if not first.startswith(f"{parsed.key} {parsed.timestamp}".encode()):
        return f"the block at offset {parsed.offset} begins with another key"
    if parsed.digest and parsed.digest.startswith("sha256:") and sha256(block).hexdigest() != parsed.digest[7:].lower():
        return f"the block at offset {parsed.offset} has another digest"
    return None
