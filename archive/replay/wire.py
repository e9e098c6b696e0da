"""HTTP/1.1 as the proxy speaks it, free of sockets: requests out of bytes, answers into bytes (RFC 9112).

Every size has a limit, for what comes may be from anything on this machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from broadsheet.archive.http import NotHTTP, RequestHead, is_chunked, parse_request_head, read_chunks
from broadsheet.archive.replay.response import ReplayResponse

MAX_HEAD = 128 * 1024  # bytes of request line and headers
MAX_BODY = 8 * 1024 * 1024
MAX_CHUNKED = 512 * 1024  # bytes of a body in chunks, which no browser sends


class RefusedRequest(Exception):
    """A request that is not taken; ``status`` and ``reason`` go into the answer, after which the connection ends."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status, self.reason = status, reason


class _Body(NamedTuple):
    data: bytes
    length: int  # on the wire


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request as it came: its head, and its body without framing."""

    head: RequestHead
    body: bytes

    @property
    def keeps_connection(self) -> bool:
        """Whether the client wants to send more (RFC 9112, section 9.3)."""
        said = f"{self.head.get('Connection') or ''},{self.head.get('Proxy-Connection') or ''}".lower()
        if self.head.version != "HTTP/1.1":
            return "keep-alive" in said
        return "close" not in said

    @property
    def wants_upgrade(self) -> bool:
        """Whether it asks for another protocol: a WebSocket."""
        return "upgrade" in (self.head.get("Connection") or "").lower() and self.head.get("Upgrade") is not None


class RequestParser:
    """Bytes in, requests out; more than one may come with a piece."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._head: RequestHead | None = None

    @property
    def rest(self) -> bytes:
        """What was fed and belongs to no request yet: the beginning of TLS, behind a CONNECT."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    @property
    def is_idle(self) -> bool:
        """Whether nothing of a next request has come."""
        return self._head is None and not self._buffer

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for leave to send the body of the request whose head has come."""
        return self._head is not None and (self._head.get("Expect") or "").lower() == "100-continue"

    def feed(self, data: bytes) -> None:
        """Take more bytes."""
        self._buffer += data

    def next_request(self) -> ReceivedRequest | None:
        """The next request; None when more bytes are needed.

        Raises:
            RefusedRequest: it is malformed or too large.
        """
        if self._head is None:
            self._head = self._next_head()
            if self._head is None:
                return None
        body = self._next_body(self._head)
        if body is None:
            return None
        request = ReceivedRequest(self._head, body.data)
        del self._buffer[: body.length]
        self._head = None
        return request

    def _next_head(self) -> RequestHead | None:
        del self._buffer[: len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))]
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or end > MAX_HEAD:
            if len(self._buffer) > MAX_HEAD:
                raise RefusedRequest(431, "Request Header Fields Too Large")
            if self._buffer and not self._buffer[:1].isalpha():
                raise RefusedRequest(400, "Bad Request")
            return None
        try:
            head = parse_request_head(bytes(self._buffer[: end + 4]))
        except NotHTTP as error:
            raise RefusedRequest(400, "Bad Request") from error
        if head.defects or not head.version.startswith("HTTP/1."):
            raise RefusedRequest(400, "Bad Request")
        del self._buffer[: end + 4]
        return head

    def _next_body(self, head: RequestHead) -> _Body | None:
        lengths = set(head.get_all("Content-Length"))
        if head.get("Transfer-Encoding") is not None:
            if not is_chunked(head) or lengths:
                raise RefusedRequest(400, "Bad Request")
            chunks = read_chunks(bytes(self._buffer[: MAX_CHUNKED + 1]))
            if chunks.defect is not None:
                raise RefusedRequest(400, "Bad Request")
            if not chunks.complete:
                if len(self._buffer) > MAX_CHUNKED:
                    raise RefusedRequest(413, "Content Too Large")
                return None
            return _Body(chunks.payload, chunks.length)
        if not lengths:
            return _Body(b"", 0)
        value = lengths.pop()
        if lengths or not (value.isascii() and value.isdecimal() and len(value) < 19):
            raise RefusedRequest(400, "Bad Request")
        if int(value) > MAX_BODY:
            raise RefusedRequest(413, "Content Too Large")
        length = int(value)
        return _Body(bytes(self._buffer[:length]), length) if len(self._buffer) >= length else None


def head_bytes(answer: ReplayResponse, *, keep: bool) -> bytes:
    """Status line and headers of *answer* as sent; header bytes beyond ASCII go out as they were captured (Latin-1)."""
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if answer.length is not None:
        lines.append(f"Content-Length: {answer.length}")
    lines.append(f"Connection: {'keep-alive' if keep else 'close'}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
