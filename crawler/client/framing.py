"""Where an HTTP/1.x answer ends: a state machine over the bytes of a connection, no sockets, no clock.

It keeps every byte and changes none.  Interim (1xx) answers go apart, the final answer is one run of bytes from its
status line to the end of its framing, and whatever comes behind that is ``leftover``, never part of a record.  Any way
of cutting the same bytes into pieces gives the same result.

llhttp (httptools) was tried and dropped: it does not say at which byte a message ended, and it refuses answers that
browsers take (a header line without colon, a bare line feed), which an archive must hold as they are.  The head is
parsed by archive/http.py and chunks are read by its rules, so writer, reader and crawler agree about every byte.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from broadsheet.archive.http import NotHTTP, ResponseHead, is_chunked, parse_response_head

MAX_HEAD = 1024 * 1024  # bytes of status line and headers, of all interim answers, of a chunk's first line
MAX_BLANK = 16  # bytes of blank lines before a status line; browsers forgive a few
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,16})[ \t]*(?:;[^\n]*)?")
_NO_BODY = frozenset({204, 304})


class _State(Enum):
    HEAD = auto()
    LENGTH = auto()
    CHUNK_SIZE = auto()
    CHUNK_DATA = auto()
    CHUNK_END = auto()
    TRAILERS = auto()
    CLOSE = auto()  # the body ends with the connection
    DONE = auto()


class FramingError(Exception):
    """The server does not speak HTTP/1.x."""


class ResponseFramer:
    """Takes the bytes that answer one request of *method*."""

    def __init__(self, method: str) -> None:
        self.response = bytearray()
        self.interim = bytearray()
        self.head: ResponseHead | None = None
        self.leftover = b""
        self._method = method
        self._state = _State.HEAD
        self._position = 0  # how far the current state has looked into the response
        self._end = 0  # where the current run of known length ends

    @property
    def done(self) -> bool:
        """Whether the answer is complete."""
        return self._state is _State.DONE

    @property
    def started(self) -> bool:
        """Whether any byte came."""
        return bool(self.response or self.interim)

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.response) + len(self.interim)

    @property
    def keep_alive(self) -> bool:
        """Whether the connection may be asked again after a complete answer (RFC 9112, 9.3).

        Not when there is any doubt where the answer ended: the rest of it would be taken for the next answer.
        """
        if self.head is None or not self.done or self.leftover or _doubtful(self.head):
            return False
        options = [one.strip().lower() for one in ",".join(self.head.get_all("Connection")).split(",")]
        if "close" in options:
            return False
        return self.head.version == "HTTP/1.1" or "keep-alive" in options

    def feed(self, data: bytes) -> bool:
        """Take the next bytes; True when the answer is complete.

        Raises:
            FramingError: they are no HTTP answer.
        """
        self.response += data
        while self._step():
            pass
        return self.done

    def end(self) -> bool:
        """The connection was closed.  True when that completes the answer."""
        if self._state is _State.CLOSE:
            self._state = _State.DONE
        return self.done

    def _step(self) -> bool:
        """Go on by one state, False when more bytes are needed or none are wanted."""
        match self._state:
            case _State.HEAD:
                return self._read_head()
            case _State.LENGTH:
                return self._reach(_State.DONE)
            case _State.CHUNK_DATA:
                return self._reach(_State.CHUNK_END)
            case _State.CHUNK_END:
                return self._read_chunk_end()
            case _State.CHUNK_SIZE:
                return self._read_chunk_size()
            case _State.TRAILERS:
                return self._read_trailers()
            case _:
                return False

    def _read_head(self) -> bool:
        begin = self._status_line()
        end = _HEAD_END.search(self.response, max(self._position - 4, begin))
        self._position = len(self.response) if end is None else end.end()
        if self._position > MAX_HEAD:
            raise FramingError(f"more than {MAX_HEAD} bytes of headers")
        if end is None:
            return False
        block = bytes(self.response[: end.end()])
        try:
            head = parse_response_head(block)
        except NotHTTP as error:
            raise FramingError(str(error)) from error
        if head.status == 101:
            raise FramingError("the server wants to leave HTTP (status 101)")
        if 100 <= head.status < 200:
            self._set_apart(block)
            return bool(self.response)
        self.head = head
        self._position = head.head_length
        self._begin_body(head)
        return True

    def _status_line(self) -> int:
        """Where the status line begins, behind blank lines."""
        opening = bytes(self.response[: MAX_BLANK + 5])
        line = opening.lstrip(b"\r\n")
        begin = len(opening) - len(line)
        if begin > MAX_BLANK or not b"HTTP/".startswith(line[:5]):
            raise FramingError(f"the answer begins with {opening[:20]!r}")
        return begin

    def _set_apart(self, block: bytes) -> None:
        self._position = 0
        self.interim += block
        del self.response[: len(block)]
        if len(self.interim) > MAX_HEAD:
            raise FramingError(f"more than {MAX_HEAD} bytes of interim answers")

    def _begin_body(self, head: ResponseHead) -> None:
        """RFC 9112, 6.3: what ends the body."""
        if self._method == "HEAD" or head.status in _NO_BODY:
            self._end = self._position
            self._state = _State.LENGTH
        elif is_chunked(head):
            self._state = _State.CHUNK_SIZE
        elif _transfer_coding(head):
            self._state = _State.CLOSE
        elif (length := _content_length(head)) is not None:
            self._end = self._position + length
            self._state = _State.LENGTH
        else:
            self._state = _State.CLOSE

    def _reach(self, then: _State) -> bool:
        if len(self.response) < self._end:
            return False
        self._position = self._end
        if then is _State.DONE:
            self._finish()
        self._state = then
        return True

    def _read_chunk_size(self) -> bool:
        line = self._line()
        if (len(self.response) - self._position if line is None else len(line)) > MAX_HEAD:
            return self._lose_framing()
        if line is None:
            return False
        size = _CHUNK_SIZE.fullmatch(line.rstrip(b"\r\n"))
        if size is None:
            return self._lose_framing()
        self._position += len(line)
        count = int(size.group(1), 16)
        if count == 0:
            self._state = _State.TRAILERS
        else:
            self._end = self._position + count
            self._state = _State.CHUNK_DATA
        return True

    def _read_chunk_end(self) -> bool:
        """The line end behind a chunk's data."""
        ending = bytes(self.response[self._position : self._position + 2])
        if ending in (b"", b"\r"):
            return False
        if ending != b"\r\n" and ending[:1] != b"\n":
            return self._lose_framing()
        self._position += 2 if ending == b"\r\n" else 1
        self._state = _State.CHUNK_SIZE
        return True

    def _read_trailers(self) -> bool:
        line = self._line()
        if line is None:
            return False
        self._position += len(line)
        if not line.rstrip(b"\r\n"):
            self._finish()
            self._state = _State.DONE
        return True

    def _lose_framing(self) -> bool:
        """The chunks make no sense: all that comes until the end of the connection belongs to the answer."""
        self._state = _State.CLOSE
        return False

    def _line(self) -> bytes | None:
        """The line at the position, with its end; None when it is not whole."""
        end = self.response.find(b"\n", self._position)
        return None if end < 0 else bytes(self.response[self._position : end + 1])

    def _finish(self) -> None:
        self.leftover = bytes(self.response[self._position :])
        del self.response[self._position :]


def _transfer_coding(head: ResponseHead) -> str:
    """The transfer codings, "" when there are none; "identity" is none, and servers that say it send a length."""
    codings = ",".join(head.get_all("Transfer-Encoding")).lower().replace(" ", "")
    return "" if codings.strip(",") == "identity" else codings


def _lengths(head: ResponseHead) -> list[str]:
    return [part.strip() for value in head.get_all("Content-Length") for part in value.split(",")]


def _content_length(head: ResponseHead) -> int | None:
    """The length that counts: of several the first that is a number."""
    for number in _lengths(head):
        if number.isascii() and number.isdigit() and len(number) <= 18:
            return int(number)
    return None


def _doubtful(head: ResponseHead) -> bool:
    """Whether another reader could see another end of the answer than we do."""
    lengths, coding = set(_lengths(head)), _transfer_coding(head)
    if coding and (lengths or head.version != "HTTP/1.1"):
        return True
    return len(lengths) > 1 or (head.status == 204 and bool(coding or lengths - {"0"}))
