"""Sitemaps and feeds come gzipped as files, some more than once, as their servers compress the file again."""

from __future__ import annotations

from typing import Final

from broadsheet.archive.coding import DECODERS

GZIP: Final = b"\x1f\x8b"
_MOST_LAYERS = 3


def unpacked(body: bytes, limit: int) -> bytes:
    """*body* without gzip, all members of it; at most *limit* bytes, and none where it is damaged from the beginning."""
    for _ in range(_MOST_LAYERS):
        if not body.startswith(GZIP):
            break
        content = DECODERS["gzip"](body, limit)
        if content is None:
            return b""
        body = content.content
    return body[:limit]
