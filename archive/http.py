"""HTTP/1.x messages as they lie in records: heads, transfer coding, content coding.

Sans-I/O: bytes in, values out.  Servers send what they like and an archive holds it, so parsing never refuses what a
browser would take: bare LF, folded lines, lines without a colon, Latin-1, no reason phrase.  What was forgiven is
listed in ``defects`` for the verifier.  Three words are kept apart throughout:

    body      what follows the head on the wire
    payload   the body without transfer coding (chunk framing); WARC payload digests are made of it
    content   the payload without content coding (gzip, br ...): the page itself
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from broadsheet.archive.coding import DECODERS, DecodedContent
from broadsheet.archive.errors import CorruptArchive

__all__ = ["ChunkedBody", "DecodedContent", "Headers", "NotHTTP", "RequestHead", "ResponseHead", "decode_content"]
__all__ += ["is_called_chunked_only", "is_chunked", "parse_request_head", "parse_response_head", "read_chunks"]
__all__ += ["remove_transfer_coding", "request_head_length", "url_reference"]

Headers = tuple[tuple[str, str], ...]

_STATUS_LINE = re.compile(rb"(HTTP/\d+(?:\.\d+)?|ICY)[ \t]+(\d{3}|0)(?:[ \t]+(.*))?[ \t]*$", re.DOTALL | re.IGNORECASE)
_INTERIM = re.compile(rb"HTTP/\d+(?:\.\d+)?[ \t]+1(?!01)\d\d\b")
_HEAD_END = re.compile(rb"\n\r?\n")
_REQUEST_LINE = re.compile(
    rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+(\S.*?)(?:[ \t]+(HTTP/\d+(?:\.\d+)?))?[ \t]*$", re.DOTALL
)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?$")
_BEYOND_ASCII = re.compile("[\x80-\xff]")
_CUT_CHUNK_SIZE = re.compile(rb"[ \t]*(?:[0-9A-Fa-f]{1,16}[ \t]*(?:;[^\n]*)?\r?)?$")


class NotHTTP(CorruptArchive):
    """The bytes do not begin like an HTTP/1.x message."""


class _Fields:
    """The header fields of a message."""

    __slots__ = ()
    headers: Headers

    def get(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        wanted, length = name.lower(), len(name)
        for key, value in self.headers:
            if len(key) == length and key.lower() == wanted:  # lengths tell nearly all apart
                return value
        return None

    def get_all(self, name: str) -> tuple[str, ...]:
        """Every header of that name, in any case, in order."""
        wanted, length = name.lower(), len(name)
        return tuple([value for key, value in self.headers if len(key) == length and key.lower() == wanted])

    def reference(self, name: str) -> str | None:
        """The first header of that name, which holds a URL: see `url_reference`."""
        value = self.get(name)
        return None if value is None else url_reference(value)

    def references(self, name: str) -> tuple[str, ...]:
        """Every header of that name, each of which holds URLs: see `url_reference`."""
        return tuple([url_reference(value) for value in self.get_all(name)])


@dataclass(frozen=True, slots=True)
class ResponseHead(_Fields):
    """Status line and headers of an answer, names and values as sent (Latin-1).

    ``head_length`` is in bytes, the blank line included.  ``defects`` lists what the parser forgave.
    """

    version: str
    status: int
    reason: str
    headers: Headers
    head_length: int
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestHead(_Fields):
    """Request line and headers, as sent (Latin-1).  ``version`` is "" when the request line has none."""

    method: str
    target: str
    version: str
    headers: Headers
    head_length: int
    defects: tuple[str, ...] = ()


def url_reference(value: str) -> str:
    """The header *value* (Latin-1, as sent) as URLs are read from it: in ASCII, each byte beyond it percent-encoded.

    Headers are bytes.  RFC 3986 allows no others than ASCII in a URL, servers send the bytes of their own encoding all the
    same, and browsers ask for these very bytes: UTF-8 stays UTF-8, Latin-1 stays Latin-1, and nothing is guessed.
    """
    return value if value.isascii() else _BEYOND_ASCII.sub(lambda match: f"%{ord(match[0]):02X}", value)


def parse_response_head(block: bytes) -> ResponseHead:
    """Parse the head at the start of *block* (RFC 9112, section 4); a head without end reaches to the block's end.

    Interim answers (1xx, but for 101; RFC 9110, section 15.2) before the final one are passed over, and count into
    ``head_length``.  Status 0, which recorders in a browser write for what a service worker answered, is 200.

    Raises:
        NotHTTP: there is no status line.
    """
    start = _interim_length(block)
    head = _response_head(block[start:] if start else block)
    return replace(head, head_length=head.head_length + start) if start else head


def _interim_length(block: bytes) -> int:
    """Bytes of the interim answers that *block* begins with, as long as another answer follows."""
    start = 0
    while (
        _INTERIM.match(block, start)
        and (end := _HEAD_END.search(block, start))
        and block.startswith(b"HTTP/", end.end())
    ):
        start = end.end()
    return start


def _response_head(block: bytes) -> ResponseHead:
    first, lines, length, defects = _split_head(block)
    match = _STATUS_LINE.match(first)
    if match is None:
        raise NotHTTP(repr(first[:60]), "not an HTTP status line")
    version, status, reason = match.groups()
    headers = _parse_fields(lines, defects)
    text = (reason or b"").rstrip().decode("latin-1")
    if status == b"0":
        defects.append("status 0, taken for 200")
    return ResponseHead(version.decode("ascii"), int(status) or 200, text, headers, length, tuple(defects))


def parse_request_head(block: bytes) -> RequestHead:
    """Parse the request head at the start of *block* (RFC 9112, section 3).

    Raises:
        NotHTTP: there is no request line.
    """
    first, lines, length, defects = _split_head(block)
    method, target, version = _request_line(first).groups()
    headers = _parse_fields(lines, defects)
    return RequestHead(
        method.decode("ascii"),
        target.decode("latin-1"),
        (version or b"").decode("ascii"),
        headers,
        length,
        tuple(defects),
    )


def request_head_length(block: bytes) -> int:
    """How many bytes of *block* are its request head, the blank line included, for who wants no more of it.

    Raises:
        NotHTTP: there is no request line.
    """
    first, _, length, _ = _split_head(block)
    _request_line(first)
    return length


def _request_line(first: bytes) -> re.Match[bytes]:
    match = _REQUEST_LINE.match(first)
    if match is None:
        raise NotHTTP(repr(first[:60]), "not an HTTP request line")
    return match


def _split_head(block: bytes) -> tuple[bytes, list[bytes], int, list[str]]:
    """The first line, the others, the head's length with its blank line, and what was odd about the lines."""
    defects: list[str] = []
    start = 0
    while block[start : start + 1] in (b"\r", b"\n"):  # some servers send blank lines first
        start += 1
    if start:
        defects.append("blank lines before the first line")
    length, end = _head_end(block, start)
    if end < 0:
        length = end = len(block)
        defects.append("the head has no end")
    head = block[start:end]
    lines = head.split(b"\n")
    if head.count(b"\r\n") != len(lines) - 1 or block[length - 2 : length] != b"\r\n":
        defects.append("lines end in a bare LF")
    return lines[0].rstrip(b"\r"), lines[1:], length, defects


def _head_end(block: bytes, start: int) -> tuple[int, int]:
    """Where the body begins and where the last line of the head ends; (-1, -1) without a blank line."""
    strict = block.find(b"\n\r\n", start)
    bare = block.find(b"\n\n", start, strict + 1 if strict >= 0 else len(block))  # which may share its last byte
    if bare >= 0:
        return bare + 2, bare
    if strict >= 0:
        return strict + 3, strict - (block[strict - 1 : strict] == b"\r")
    return -1, -1


def _parse_fields(lines: list[bytes], defects: list[str]) -> Headers:
    fields: list[tuple[str, str]] = []
    for line in lines:
        text = line.decode("latin-1")
        if text[:1] in (" ", "\t") and fields:
            name, value = fields[-1]
            continued = text.strip(" \t\r")
            fields[-1] = (name, f"{value} {continued}".strip())
            defects.append("folded header line")
            continue
        name, colon, value = text.partition(":")
        if colon:
            fields.append((name.rstrip(" \t"), value.strip(" \t\r")))
            if not name or name != name.strip():
                defects.append("space around a header's name")
        elif text.strip():
            defects.append("header line without a colon")
    return tuple(fields)


@dataclass(frozen=True, slots=True)
class ChunkedBody:
    """A body in chunked framing, read.

    ``complete``: the last chunk and the trailers' blank line are there.  ``length``: bytes of the body used.
    ``defect`` says what broke the framing, None when it is sound as far as it goes.
    """

    payload: bytes
    trailers: Headers
    complete: bool
    length: int
    defect: str | None = None


def read_chunks(body: bytes) -> ChunkedBody:
    """Undo chunked framing (RFC 9112, section 7.1), with extensions, trailers and bare LF; stops where it breaks."""
    parts: list[bytes] = []
    position, defect = 0, None
    while True:
        end = body.find(b"\n", position)
        match = _CHUNK_SIZE.match(body[position:end].rstrip(b"\r")) if end >= 0 else None
        if match is None:
            if end >= 0 or not _CUT_CHUNK_SIZE.match(body, position):
                defect = f"no chunk size at byte {position} of the body"
            break
        size = int(match.group(1), 16)
        if size == 0:
            return _read_trailers(body, end + 1, b"".join(parts))
        parts.append(body[end + 1 : end + 1 + size])
        position = end + 1 + size
        if position >= len(body):
            position = len(body)
            break
        if body[position : position + 2] == b"\r\n":
            position += 2
        elif body[position : position + 1] == b"\n":
            position += 1
        elif body[position:] == b"\r":  # cut between the two
            position += 1
            break
        else:
            defect = f"a chunk does not end where its size says, at byte {position} of the body"
            break
    return ChunkedBody(b"".join(parts), (), complete=False, length=position, defect=defect)


def _read_trailers(body: bytes, start: int, payload: bytes) -> ChunkedBody:
    position = start
    lines: list[bytes] = []
    while (end := body.find(b"\n", position)) >= 0:
        line = body[position:end].rstrip(b"\r")
        position = end + 1
        if not line:
            return ChunkedBody(payload, _parse_fields(lines, []), complete=True, length=position)
        lines.append(line)
    return ChunkedBody(payload, _parse_fields(lines, []), complete=False, length=len(body))


def is_chunked(head: ResponseHead | RequestHead) -> bool:
    """Whether the last transfer coding is chunked (RFC 9112, section 6.3)."""
    codings = _codings(head.get_all("Transfer-Encoding"))
    return bool(codings) and codings[-1] == "chunked"


def remove_transfer_coding(body: bytes, head: ResponseHead | RequestHead) -> bytes:
    """The payload of *body*.

    A cut or broken chunked body gives what is there.  A body that is called chunked and is not (tools that strip the
    framing and keep the header) is returned unchanged.  Transfer codings other than chunked are left on: no client
    asks for them.
    """
    if not body or not is_chunked(head):
        return body
    chunks = read_chunks(body)
    return body if is_called_chunked_only(body, chunks) else chunks.payload


def is_called_chunked_only(body: bytes, chunks: ChunkedBody) -> bool:
    """Whether *body*, read as *chunks*, has no chunk framing though its head says so: its first line may be a number yet.

    Not one chunk of it ends where it should: the first is followed by no line end, or it is the last one and text follows,
    or its size ends in LF alone, as lines of text do, and leads beyond the body.
    """
    if chunks.defect is not None and chunks.length == 0:
        return True
    end = body.find(b"\n")
    size = _CHUNK_SIZE.match(body[: max(end, 0)].rstrip(b"\r"))
    if size is None or body.endswith(b"\r\n0\r\n\r\n"):
        return False
    length = int(size.group(1), 16)
    if length == 0:
        return bool(body[end + 1 :].strip()) and not (chunks.complete and chunks.trailers)
    behind = body[end + 1 + length :]
    if behind:
        return not behind.startswith((b"\r", b"\n"))
    return not body[:end].endswith(b"\r") and end + 1 + length > len(body)


def decode_content(payload: bytes, head: ResponseHead, max_size: int) -> DecodedContent:
    """Undo the content codings of *payload* (RFC 9110, section 8.4), at most *max_size* bytes of each step."""
    content, incomplete, limited = payload, False, False
    for coding in reversed(_codings(head.get_all("Content-Encoding"))):
        if not content:
            break
        if coding in ("identity", "none"):
            continue
        decoder = DECODERS.get(coding)
        decoded = None if decoder is None else decoder(content, max_size)
        if decoded is None:
            return DecodedContent(content[:max_size], undecodable=True, incomplete=incomplete, limited=limited)
        content, incomplete = decoded.content, incomplete or decoded.incomplete
        limited = limited or decoded.limited
    return DecodedContent(content[:max_size], incomplete=incomplete, limited=limited or len(content) > max_size)


def _codings(values: tuple[str, ...]) -> list[str]:
    return [coding for value in values for part in value.split(",") if (coding := part.strip().lower())]
