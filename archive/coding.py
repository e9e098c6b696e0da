"""Content codings undone: gzip, deflate, br, zstd, each within a limit.

Payloads come from anywhere: a page that says gzip may be plain, cut, damaged, or a bomb.  So a decoder never gives
more than its limit, gives what comes before a fault, and gives None when the bytes are not in its coding at all.
"""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli
import zstandard
from isal import igzip_lib, isal_zlib

_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_STEP = 1024 * 1024  # bytes of content asked for at a time
_CAREFUL_STEP = 256  # bytes of a damaged stream fed or asked for at a time, so that little is lost before the fault


@dataclass(frozen=True, slots=True)
class DecodedContent:
    """The content of a payload.

    ``undecodable``: a declared coding is unknown, or was not what the bytes are; ``content`` then still has it on.
    ``incomplete``: the coded stream ends or breaks early.  ``limited``: cut at the size limit.
    """

    content: bytes
    undecodable: bool = False
    incomplete: bool = False
    limited: bool = False


def _decode_gzip(data: bytes, limit: int) -> DecodedContent | None:
    if data[:2] != b"\x1f\x8b"[: len(data)]:
        return None
    return _inflate(data, limit, 31)


def _decode_deflate(data: bytes, limit: int) -> DecodedContent | None:
    """RFC 9110 says zlib format; many servers send raw deflate, and a raw stream may look like a zlib header."""
    looks_like_zlib = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    wrapped = _inflate(data, limit, 15) if looks_like_zlib else None
    if wrapped is not None and not (wrapped.incomplete and not wrapped.content):
        return wrapped
    raw = _inflate(data, limit, -15)
    if raw is not None and (raw.content or not raw.incomplete):
        return raw
    return wrapped


def _inflate(data: bytes, limit: int, wbits: int) -> DecodedContent | None:
    """ISA-L at full speed; a stream that breaks is read again in small steps, so that only its last bytes are lost."""
    try:
        return _inflate_members(data, limit, wbits)
    except igzip_lib.IsalError:  # type: ignore[misc]  # its stub calls the class an instance
        return _inflate_broken(data, limit, wbits)


def _inflate_members(data: bytes, limit: int, wbits: int) -> DecodedContent:
    parts: list[bytes] = []
    room = limit
    decoder = isal_zlib.decompressobj(wbits)
    while True:
        parts.append(decoder.decompress(data, min(room + 1, _STEP)))
        room -= len(parts[-1])
        if room < 0:
            parts[-1] = parts[-1][:room]  # before they are joined: that is one copy less of a bomb
            return DecodedContent(b"".join(parts), limited=True)
        if decoder.eof:
            data = decoder.unused_data
            if wbits != 31 or data[:2] != b"\x1f\x8b":  # what follows is padding
                return DecodedContent(b"".join(parts))
            decoder = isal_zlib.decompressobj(wbits)
        elif not parts[-1] and not decoder.unconsumed_tail:
            return DecodedContent(b"".join(parts), incomplete=True)
        else:
            data = decoder.unconsumed_tail


def _inflate_broken(data: bytes, limit: int, wbits: int) -> DecodedContent | None:
    """What a broken stream gives before its fault; None when that is nothing."""
    content = bytearray()
    decoder = zlib.decompressobj(wbits)
    for start in range(0, len(data), _CAREFUL_STEP):
        piece = rest = data[start : start + _CAREFUL_STEP]
        before, safe = decoder.copy(), len(content)
        try:
            while rest and not decoder.eof:
                content += decoder.decompress(rest, _STEP)
                rest = decoder.unconsumed_tail
                if len(content) > limit:
                    return DecodedContent(bytes(content[:limit]), incomplete=True, limited=True)
        except zlib.error:  # it takes with it all that this piece gave before: if the checksum is wrong, the whole rest
            del content[safe:]
            with contextlib.suppress(zlib.error):
                for number in range(len(piece)):
                    content += before.decompress(piece[number : number + 1])
            break
    content = content[:limit]
    return DecodedContent(bytes(content), incomplete=True) if content else None


def _decode_brotli(data: bytes, limit: int) -> DecodedContent | None:
    """At full speed; a stream that breaks is read again in small steps, so that only its last bytes are lost."""
    content = bytearray()
    try:
        finished = _brotli_into(content, data, limit, 16384)
    except brotli.error:
        content = bytearray()
        with contextlib.suppress(brotli.error):
            _brotli_into(content, data, limit, _CAREFUL_STEP)
        return (
            DecodedContent(bytes(content[:limit]), incomplete=True, limited=len(content) > limit) if content else None
        )
    limited = len(content) > limit
    return DecodedContent(bytes(content[:limit]), incomplete=not limited and not finished, limited=limited)


def _brotli_into(content: bytearray, data: bytes, limit: int, step: int) -> bool:
    """Append what *data* decodes to, fed *step* bytes at a time, until there is more than *limit*; whether the stream ends."""
    decoder = brotli.Decompressor()
    position = 0
    while not decoder.is_finished() and len(content) <= limit:
        piece = b""
        if decoder.can_accept_more_data():
            if position >= len(data):
                break
            piece = data[position : position + step]
            position += len(piece)
        content += decoder.process(piece, output_buffer_limit=_STEP)
    return bool(decoder.is_finished())


def _decode_zstd(data: bytes, limit: int) -> DecodedContent | None:
    if data[:4] != _ZSTD_MAGIC[: len(data)]:
        return None
    content = bytearray()
    try:
        _zstd_into(content, data, limit, _STEP)
    except zstandard.ZstdError:  # and with it all that was asked for in that step
        content = bytearray()
        with contextlib.suppress(zstandard.ZstdError):
            _zstd_into(content, data, limit, _CAREFUL_STEP)
        return (
            DecodedContent(bytes(content[:limit]), incomplete=True, limited=len(content) > limit) if content else None
        )
    limited = len(content) > limit
    return DecodedContent(bytes(content[:limit]), incomplete=not limited and not _zstd_is_whole(data), limited=limited)


def _zstd_into(content: bytearray, data: bytes, limit: int, step: int) -> None:
    """Append what *data* decodes to, *step* bytes of it at a time, until there is more than *limit*."""
    reader = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True)
    while len(content) <= limit and (piece := reader.read(min(step, limit + 1 - len(content)))):
        content += piece


def _zstd_is_whole(data: bytes) -> bool:
    """Whether the last frame ends: the stream reader takes a cut stream for a finished one (RFC 8878, section 3.1.1).

    Walks over block headers; nothing is decompressed, so a bomb costs nothing here.
    """
    position = 0
    while data[position : position + 4] == _ZSTD_MAGIC:
        try:
            parameters = zstandard.get_frame_parameters(data[position : position + 18])
            position += zstandard.frame_header_size(data[position : position + 18])
        except zstandard.ZstdError:
            return False
        last = False
        while not last:
            header = int.from_bytes(data[position : position + 3], "little")
            last, kind, size = bool(header & 1), header >> 1 & 3, header >> 3
            position += 3 + (1 if kind == 1 else size)  # kind 1: one byte, repeated
            if position > len(data) or kind == 3:
                return False
        position += 4 if parameters.has_checksum else 0
    rest = data[position : position + 4]
    return position <= len(data) and not (rest and _ZSTD_MAGIC.startswith(rest))


DECODERS: dict[str, Callable[[bytes, int], DecodedContent | None]] = {
    "gzip": _decode_gzip,
    "x-gzip": _decode_gzip,
    "deflate": _decode_deflate,
    "br": _decode_brotli,
    "zstd": _decode_zstd,
}
