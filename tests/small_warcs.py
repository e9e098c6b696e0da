"""Small WARCs for tests that care about what is in them and not about how: the same bytes each time, sound to `verify`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter

MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def request_for(url: str) -> bytes:
    """What a client sends to get *url*."""
    parts = urlsplit(url)
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    return f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()


def answered(
    url: str,
    body: str | bytes,
    *,
    moment: datetime = MOMENT,
    status: int = 200,
    kind: str = "text/html",
    more: str = "",
) -> Exchange:
    """The exchange that got *body*; *more* are header lines, each with its line end."""
    data = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n{more}\r\n".encode()
    return Exchange(url, moment, 0.1, request_for(url), response=head + data, head_length=len(head), status=status)


def write_warc(folder: Path, name: str, exchanges: Iterable[Exchange], *, via: str = "http://a.example/") -> Path:
    """One WARC of *exchanges* in *folder*, which is made; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = iter(range(10**6))
    writer = WarcWriter(
        folder,
        prefix=name,
        info=WarcInfo(software="test", is_part_of="test"),
        clock=lambda: MOMENT,
        new_record_id=lambda: f"<urn:uuid:{name}-{next(ids):08d}>",
    )
    with writer:
        for one in exchanges:
            writer.write_exchange(one, Provenance(via, "L"))
    return folder / writer.finished[0].filename
