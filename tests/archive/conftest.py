"""Exchanges and WARC files for the archive tests: the fixture ``lab`` makes them, always the same bytes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from isal import igzip_lib

from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.exchange import Exchange, FetchError, Outlink, Provenance, Truncation
from broadsheet.archive.warc.writer import ExchangeCaptures, WarcInfo, WarcWriter

MOMENT = datetime(2026, 11, 24, 10, 20, 30, 123456, UTC)
INFO = WarcInfo(
    software="broadsheet/0.1",
    user_agent="broadsheet",
    robots="obey",
    operator="A. Archivist",
    description="a test\r\nof lines",
    is_part_of="tests",
)
PROVENANCE = Provenance("http://news.example/", "LE", (Outlink("http://news.example/b", "L", "a/@href"),))
HTML_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 25\r\n\r\n"
CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Twice: 1\r\nx-twice:2\r\nX-Latin: \xe9\r\n\r\n"
Written = tuple[Path, list[ExchangeCaptures]]


def counting_ids() -> Callable[[], str]:
    numbers = iter(range(1, 10_000_000))
    return lambda: f"<urn:uuid:{uuid.UUID(int=next(numbers))}>"


class Lab:
    """Makes exchanges, files of them, and single records with any fault one likes."""

    moment = MOMENT
    info = INFO
    provenance = PROVENANCE

    def exchange(
        self,
        url: str = "http://news.example/a",
        *,
        head: bytes = HTML_HEAD,
        body: bytes = b"<html><body>x</body></htm",
        method: bytes = b"GET",
        truncated: Truncation | None = None,
        error: FetchError | None = None,
    ) -> Exchange:
        _, _, host, target = url.split("/", 3)
        return Exchange(
            url=url,
            started=MOMENT,
            duration=0.125,
            request=b"%s /%s HTTP/1.1\r\nHost: %s\r\n\r\n" % (method, target.encode(), host.encode()),
            response=head + body,
            head_length=len(head),
            status=200,
            ip="192.0.2.7",
            protocols=("http/1.1", "tls/1.3"),
            cipher_suite="TLS_AES_128_GCM_SHA256",
            truncated=truncated,
            error=error,
        )

    def unresolved(self) -> Exchange:
        """No connection, nothing sent."""
        url = "http://gone.example/"
        return Exchange(url=url, started=MOMENT, duration=1.5, error=FetchError.DNS, error_detail="no such\nname")

    def unanswered(self) -> Exchange:
        """A request and no answer."""
        return Exchange(
            url="http://mute.example/",
            started=MOMENT,
            duration=30.0,
            request=b"GET / HTTP/1.1\r\nHost: mute.example\r\n\r\n",
            error=FetchError.TIMEOUT,
            ip="192.0.2.9",
        )

    def many(self) -> list[Exchange]:
        """One of each kind."""
        return [
            self.exchange(),
            self.exchange("http://news.example/b?x=1", head=CHUNKED_HEAD, body=b"5;e=1\r\nhello\r\n0\r\nT: 1\r\n\r\n"),
            self.unresolved(),
            self.unanswered(),
            self.exchange(
                "http://news.example/cut",
                body=b"<html>",
                truncated=Truncation.DISCONNECT,
                error=FetchError.DISCONNECT,
            ),
            self.exchange("http://news.example/head", body=b"", method=b"HEAD"),
        ]

    def writer(self, folder: Path, *, max_size: int = 1_000_000_000, level: int = 2) -> WarcWriter:
        """A writer with a fixed clock and counted ids."""
        return WarcWriter(
            folder,
            prefix="test",
            info=INFO,
            max_size=max_size,
            level=level,
            clock=lambda: MOMENT,
            new_record_id=counting_ids(),
        )

    def write(self, folder: Path, exchanges: list[Exchange], *, level: int = 2) -> Written:
        """One closed file of *exchanges* and where they lie in it."""
        with self.writer(folder, level=level) as writer:
            captures = [writer.write_exchange(exchange, PROVENANCE) for exchange in exchanges]
        return folder / writer.finished[-1].filename, captures

    def fields(self, block: bytes, **changes: str | None) -> list[tuple[str, str]]:
        """The fields of a sound response record around *block*; ``WARC_Date="x"`` replaces one, None drops it."""
        fields = {
            "WARC-Type": "response",
            "WARC-Record-ID": "<urn:uuid:00000000-0000-0000-0000-0000000000aa>",
            "WARC-Date": "2026-11-24T10:20:30Z",
            "WARC-Target-URI": "http://news.example/a",
            "Content-Type": "application/http; msgtype=response",
            "WARC-Block-Digest": labelled_digest(block),
            "Content-Length": str(len(block)),
        }
        for name, value in changes.items():
            if value is None:
                fields.pop(name.replace("_", "-"), None)
            else:
                fields[name.replace("_", "-")] = value
        return list(fields.items())

    def record(self, block: bytes, fields: list[tuple[str, str]], *, tail: bytes = b"\r\n\r\n") -> bytes:
        """A plain record of exactly these fields."""
        header = "".join(f"{name}: {value}\r\n" for name, value in fields)
        return b"WARC/1.1\r\n" + header.encode() + b"\r\n" + block + tail

    def gzip(self, *records: bytes) -> bytes:
        """One member a record."""
        return b"".join(igzip_lib.compress(record, 2, igzip_lib.COMP_GZIP, 4, 15) for record in records)

    def warcinfo(self) -> bytes:
        """A plain warcinfo record."""
        block = b"software: test\r\n"
        identity = "<urn:uuid:00000000-0000-0000-0000-000000000001>"
        fields = self.fields(
            block,
            WARC_Type="warcinfo",
            WARC_Record_ID=identity,
            WARC_Target_URI=None,
            Content_Type="application/warc-fields",
        )
        return self.record(block, fields)


@pytest.fixture
def lab() -> Lab:
    return Lab()


@pytest.fixture
def warc(lab: Lab, tmp_path: Path) -> Written:
    return lab.write(tmp_path, lab.many())
