"""A museum: captures written record by record, and the replay that shows them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest
from isal import igzip_lib

from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.response import ReplayResponse

DAY = "2026-11-24T10:00:00Z"


class Museum:
    """Records in one .warc.gz; ``days`` are WARC-Dates."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "museum.warc.gz"
        self.requests_first = False
        self._numbers = itertools.count(1)
        self.path.write_bytes(b"")

    def record(self, kind: str, url: str, block: bytes, day: str = DAY, **fields: str) -> str:
        """Write one record; its id."""
        identity = f"<urn:uuid:00000000-0000-0000-0000-{next(self._numbers):012}>"
        named = {
            "WARC-Type": kind,
            "WARC-Record-ID": identity,
            "WARC-Date": day,
            "WARC-Target-URI": url,
            "Content-Type": f"application/http; msgtype={'request' if kind == 'request' else 'response'}",
            "Content-Length": str(len(block)),
        } | {name.replace("_", "-"): value for name, value in fields.items()}
        header = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in named.items()) + "\r\n"
        with self.path.open("ab") as file:
            file.write(igzip_lib.compress(header.encode() + block + b"\r\n\r\n", 2, igzip_lib.COMP_GZIP, 4, 15))
        return identity

    def add(
        self,
        url: str,
        body: bytes = b"body",
        *headers: str,
        day: str = DAY,
        status: str = "200 OK",
        method: str = "GET",
        sent: bytes = b"",
        sent_type: str = "",
    ) -> None:
        """A response and its request."""
        head = f"HTTP/1.1 {status}\r\n" + "".join(f"{line}\r\n" for line in headers) + "\r\n"
        digest = labelled_digest(body)
        path = "/" + url.split("/", 3)[3]
        lines = f"{method} {path} HTTP/1.1\r\nHost: x\r\n" + (f"Content-Type: {sent_type}\r\n" if sent_type else "")
        request = lines.encode() + b"Content-Length: %d\r\n\r\n" % len(sent) + sent
        answer = head.encode("latin-1") + body
        if self.requests_first:  # as warcprox and Heritrix write
            identity = self.record("request", url, request, day)
            self.record("response", url, answer, day, WARC_Payload_Digest=digest, WARC_Concurrent_To=identity)
        else:
            identity = self.record("response", url, answer, day, WARC_Payload_Digest=digest)
            self.record("request", url, request, day, WARC_Concurrent_To=identity)

    def replay(self, at: datetime | None = None, *more: Path) -> Replay:
        """The replay of what was written so far."""
        return Replay(CaptureIndex.open([self.path, *more], self.folder), Spool(self.folder), at)

    def ask(
        self, url: str, *, method: str = "GET", sent: bytes = b"", at: datetime | None = None, **headers: str
    ) -> ReplayResponse:
        """The answer to one request."""
        fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return self.replay(at).answer(ReplayRequest(method, url, fields, sent))

    def body(self, answer: ReplayResponse) -> bytes:
        """All of an answer's body."""
        return b"".join(answer.body())

    def header(self, answer: ReplayResponse, name: str) -> list[str]:
        """The values of a header."""
        return [value for key, value in answer.headers if key.lower() == name.lower()]

    def moment(self, *parts: int) -> datetime:
        """A time, UTC."""
        return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.fixture
def museum(tmp_path: Path) -> Museum:
    return Museum(tmp_path)


@pytest.fixture(autouse=True)
def nothing_dials_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in archive/replay may open a connection; tests that need a client take it from the standard library."""
    import asyncio

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("the replay dialled out")

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", refuse)
    monkeypatch.setattr(asyncio.BaseEventLoop, "sock_connect", refuse, raising=False)
