"""From a row back to its bytes: the WARC record that it names, by file, offset and length.

The collection's journal says where a WARC lies: the collection's own in ``archive/``, those of others where they were when they
were extracted, possibly inside a WACZ.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, CorruptArchive, MissingWarc
from broadsheet.archive.http import decode_content
from broadsheet.archive.journal import connect
from broadsheet.archive.locate import own_source, source_of
from broadsheet.archive.resolved_response import ResolvedResponse, ResponseResolver
from broadsheet.archive.warc.reader import read_record_at
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.source import WarcSource

MAX_BYTES = 2**31  # of a record, and of a decoded body: what is larger is no page


@dataclass(frozen=True, slots=True)
class Response:
    """The HTTP answer of a record.  ``headers`` in order, names as sent; ``body`` with transfer and content coding removed
    (RFC 9112 section 7, RFC 9110 section 8.4); ``is_whole`` says whether it came, and could be decoded, to its end."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_whole: bool

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class RecordStore:
    """Reads records of *collection*."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._sources: dict[str, WarcSource] = {}

    def bytes_as_stored(self, filename: str, offset: int, length: int) -> bytes:
        """The *length* bytes at *offset*, as they lie in the file: of a .warc.gz one gzip member.

        Raises:
            MissingWarc: the file is not where it was.
            CorruptArchive: it ends before.
        """
        with self.source(filename).open() as file:
            file.seek(offset)
            parts, left = [], length
            while left and (part := file.read(left)):
                parts.append(part)
                left -= len(part)
        if left:
            raise CorruptArchive(filename, f"ends {left} bytes before the record at offset {offset}", _VERIFY)
        return b"".join(parts)

    def record(self, filename: str, offset: int, length: int, record_id: str) -> WarcRecord:
        """The record at *offset*.

        Raises:
            MissingWarc: the file is not where it was.
            CorruptArchive: another record lies there, or none; or it is too large.
        """
        record = read_record_at(self.source(filename), offset, length, max_block=MAX_BYTES)
        if record.record_id != record_id:
            cause = f"holds {record.record_id or 'a record without id'} at offset {offset}, not {record_id}"
            raise CorruptArchive(filename, cause, _VERIFY)
        if record.block_truncated:
            raise CorruptArchive(filename, f"the record at offset {offset} is larger than {MAX_BYTES} bytes", "")
        return record

    def answer(self, record: WarcRecord) -> ResolvedResponse:
        """The answer in *record*, which may be a revisit of another record of the collection.

        Raises:
            BadInput: it holds none, or the record that it refers to is not in the collection.
        """
        with ResponseResolver(self.collection, max_block=MAX_BYTES) as resolver:
            answer = resolver.resolve(record)
        if answer is not None:
            return answer
        if record.record_type == "revisit":
            cause = "is a revisit of a record that is not in this collection"
            raise BadInput(record.record_id, cause, "Extract it together with the WARC that has the original.")
        cause = f"is a {record.record_type} record, without an HTTP body"
        raise BadInput(record.record_id, cause, "Take a capture whose record_type is response or revisit.")

    def source(self, filename: str) -> WarcSource:
        """Where the WARC *filename* lies.

        Raises:
            MissingWarc: it is not where it was.
        """
        source = self._sources.get(filename)
        if source is None or not source.is_there():
            source = self._sources[filename] = self._found(filename)
        return source

    def _found(self, filename: str) -> WarcSource:
        own = own_source(self.collection, filename)
        if self.collection.journal.is_file():
            with closing(connect(self.collection.journal, read_only=True)) as db:
                warc = Catalogue(db).warc(filename)
            own = own if warc is None else source_of(self.collection, warc)
        if not own.is_there():
            raise MissingWarc(filename, f"is not at {own.path}", "Put it back there, or extract from where it is now.")
        return own


def response_of(answer: ResolvedResponse) -> Response:
    """*answer*, decoded."""
    head = answer.head
    decoded = decode_content(answer.payload(), head, MAX_BYTES)
    cut = answer.payload_record.get("WARC-Truncated") is not None
    whole = not (cut or decoded.incomplete or decoded.limited or decoded.undecodable)
    return Response(head.status, head.reason, head.headers, decoded.content, whole)


_VERIFY = "Run `broadsheet verify` on it."
