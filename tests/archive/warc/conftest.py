"""Exchanges and files that the WARC tests share."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.exchange import Exchange, FetchError, Outlink, Provenance, Truncation
from archive.warc.writer import ExchangeCaptures, WarcInfo, WarcWriter

MOMENT = datetime(2026, 11, 24, 10, 20, 30, 123456, UTC)
INFO = WarcInfo(
    software="broadsheet/0.1",
    user_agent="broadsheet",
    robots="obey",
    operator="A. Archivist",
    description="a test\r\nof lines",
    is_part_of="tests",
)
Written = tuple[Path, list[ExchangeCaptures]]


def make_exchange(
    url: str = "http://news.example/a",
    *,
    head: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 25\r\n\r\n",
    body: bytes = b"<html><body>x</body></html"[:25],
    method: bytes = b"GET",
    truncated: Truncation | None = None,
    error: FetchError | None = None,
) -> Exchange:
    target = b"/" + url.split("/", 3)[3].encode()
    host = url.split("/", 3)[2].encode()
    return Exchange(
        url=url,
        started=MOMENT,
        duration=0.125,
        request=method + b" " + target + b" HTTP/1.1\r\nHost: " + host + b"\r\n\r\n",
        response=head + body,
        head_length=len(head),
        status=200,
        ip="192.0.2.7",
        protocols=("http/1.1", "tls/1.3"),
        cipher_suite="TLS_AES_128_GCM_SHA256",
        truncated=truncated,
        error=error,
    )


def failed_exchange(url: str = "http://gone.example/") -> Exchange:
    return Exchange(url=url, started=MOMENT, duration=1.5, error=FetchError.DNS, error_detail="no such\nname")


def silent_exchange(url: str = "http://mute.example/") -> Exchange:
    request = b"GET / HTTP/1.1\r\nHost: mute.example\r\n\r\n"
    return Exchange(url=url, started=MOMENT, duration=30.0, request=request, error=FetchError.TIMEOUT, ip="192.0.2.9")


PROVENANCE = Provenance("http://news.example/", "LE", (Outlink("http://news.example/b", "L", "a/@href"),))


def counting_ids() -> Callable[[], str]:
    numbers = iter(range(1, 10_000_000))
    return lambda: f"<urn:uuid:{uuid.UUID(int=next(numbers))}>"


def write_warc(folder: Path, exchanges: list[Exchange], **options: int) -> Written:
    """One closed file of *exchanges*, made with fixed ids and a fixed clock."""
    writer = WarcWriter(
        folder, prefix="test", info=INFO, clock=lambda: MOMENT, new_record_id=counting_ids(), level=options.get("level", 2)
    )
    with writer:
        captures = [writer.write_exchange(exchange, PROVENANCE) for exchange in exchanges]
    return folder / writer.finished[-1].filename, captures


@pytest.fixture
def warc(tmp_path: Path) -> Written:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Twice: 1\r\nx-twice:2\r\nX-Latin: \xe9\r\n\r\n"
    return write_warc(
        tmp_path,
        [
            make_exchange(),
            make_exchange("http://news.example/b?x=1", head=chunked, body=b"5;e=1\r\nhello\r\n0\r\nT: 1\r\n\r\n"),
            failed_exchange(),
            silent_exchange(),
            make_exchange("http://news.example/cut", body=b"<html>", truncated=Truncation.DISCONNECT, error=FetchError.DISCONNECT),
            make_exchange("http://news.example/head", body=b"", method=b"HEAD"),
        ],
    )
