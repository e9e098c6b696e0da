"""The writer: golden bytes, what other tools read, and a file that is never left torn."""

from __future__ import annotations

import errno
import gzip
import hashlib
import zlib
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from broadsheet.archive.errors import InternalFault
from broadsheet.archive.exchange import Exchange, FetchError
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter, next_serial

GOLDEN_RESPONSE = b"""WARC/1.1
WARC-Type: response
WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000002>
WARC-Warcinfo-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>
WARC-Date: 2026-11-24T10:20:30.123456Z
WARC-Target-URI: http://news.example/a
Content-Type: application/http; msgtype=response
WARC-IP-Address: 192.0.2.7
WARC-Protocol: http/1.1
WARC-Protocol: tls/1.3
WARC-Cipher-Suite: TLS_AES_128_GCM_SHA256
WARC-Identified-Payload-Type: text/html
WARC-Block-Digest: sha1:X3O7L66YG6RPPFRUONPM3FCSBUV7YWKJ
WARC-Payload-Digest: sha1:W7UMTKRRKY7KCZXZUOI6WP2DTRGWP6PP
Content-Length: 104

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8
Content-Length: 25

<html><body>x</body></htm

""".replace(b"\n", b"\r\n")

GOLDEN_METADATA = b"""WARC/1.1
WARC-Type: metadata
WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000004>
WARC-Warcinfo-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>
WARC-Date: 2026-11-24T10:20:30.123456Z
WARC-Target-URI: http://news.example/a
WARC-Concurrent-To: <urn:uuid:00000000-0000-0000-0000-000000000002>
Content-Type: application/warc-fields
WARC-Block-Digest: sha1:RRY23TUNSUI4QJR6M735UEP3YCTPU2AW
Content-Length: 105

via: http://news.example/
hopsFromSeed: LE
fetchTimeMs: 125
outlink: http://news.example/b L a/@href


""".replace(b"\n", b"\r\n")


def members(data: bytes) -> list[bytes]:
    """The content of each gzip member, by the standard library alone."""
    found = []
    while data:
        decoder = zlib.decompressobj(31)
        found.append(decoder.decompress(data))
        assert decoder.eof
        data = decoder.unused_data
    return found


def test_records_are_these_bytes(lab: Any, tmp_path: Path) -> None:
    path, _ = lab.write(tmp_path, [lab.exchange()])
    warcinfo, response, request, metadata = members(path.read_bytes())
    assert path.name == "test-20261124102030-00000.warc.gz"
    assert b"WARC-Filename: test-20261124102030-00000.warc.gz\r\n" in warcinfo
    assert b"\r\ndescription: a test of lines\r\n" in warcinfo
    assert response == GOLDEN_RESPONSE
    assert metadata == GOLDEN_METADATA
    assert b"WARC-Concurrent-To: <urn:uuid:00000000-0000-0000-0000-000000000002>\r\n" in request
    assert request.endswith(b"\r\n\r\nGET /a HTTP/1.1\r\nHost: news.example\r\n\r\n\r\n\r\n")


@pytest.mark.parametrize("level", range(10))
def test_the_same_input_gives_the_same_file_at_every_level(lab: Any, tmp_path: Path, level: int) -> None:
    digests, contents = set(), set()
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        path, _ = lab.write(folder, [lab.exchange(body=b"x" * 3_000_000), *lab.many()], level=level)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
        contents.add(gzip.decompress(path.read_bytes()))
    assert len(digests) == len(contents) == 1


def test_warcio_and_fastwarc_read_every_record_and_find_every_digest_right(warc: Any) -> None:
    path, captures = warc
    expected = ["warcinfo"] + [record.record_type for group in captures for record in group.records]
    with path.open("rb") as file:
        types, offsets = [], []
        iterator = ArchiveIterator(file, check_digests=True)
        for record in iterator:
            record.content_stream().read()
            # warcio takes a payload digest over the chunk framing, against the standard (warcio issues 74 and 75)
            chunked = record.http_headers is not None and record.http_headers.get_header("Transfer-Encoding")
            assert record.digest_checker.passed or chunked
            types.append(record.rec_type)
            offsets.append((iterator.get_record_offset(), iterator.get_record_length()))
    assert types == expected
    assert offsets[1:] == [(record.offset, record.length) for group in captures for record in group.records]
    fast = list(FastIterator(str(path), verify_digests=True, parse_http=False, fsspec_args=False))
    assert [str(record.record_type).rpartition(".")[2] for record in fast] == expected
    assert gzip.decompress(path.read_bytes()).count(b"WARC/1.1\r\n") == len(expected)


def test_the_response_block_is_the_exchange_to_the_byte(lab: Any, warc: Any) -> None:
    path, captures = warc
    data = path.read_bytes()
    for exchange, group in zip(lab.many(), captures, strict=True):
        for capture, block in ((group.response, exchange.response), (group.request, exchange.request)):
            assert (capture is not None) == bool(block)
            if capture is not None:
                record = gzip.decompress(data[capture.offset : capture.offset + capture.length])
                assert record.partition(b"\r\n\r\n")[2] == block + b"\r\n\r\n"


def test_an_exchange_without_an_answer_is_its_metadata_record(lab: Any, tmp_path: Path) -> None:
    _, (failed, mute) = lab.write(tmp_path, [lab.unresolved(), lab.unanswered()])
    assert (failed.response, failed.request, failed.main.error) == (None, None, "dns")
    assert mute.request is not None
    assert mute.main is mute.metadata
    assert mute.main.error == "timeout"


def test_an_exchange_must_say_why_there_is_no_answer(lab: Any, tmp_path: Path) -> None:
    with lab.writer(tmp_path) as writer, pytest.raises(InternalFault):
        writer.write_exchange(Exchange(url="http://a.example/", started=lab.moment, duration=0.0), lab.provenance)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_http_is_stored_and_not_called_http(lab: Any, tmp_path: Path) -> None:
    exchange = Exchange(
        url="http://a.example/ <b>\n",
        started=lab.moment,
        duration=0.1,
        request=b"\x16\x03\x01",
        response=b"220 smtp.example ESMTP\r\n",
        error=FetchError.PROTOCOL,
    )
    path, (group,) = lab.write(tmp_path, [exchange])
    _, response, request, _ = members(path.read_bytes())
    assert b"\r\nWARC-Target-URI: http://a.example/%20%3Cb%3E%0A\r\n" in response
    assert b"\r\nContent-Type: application/octet-stream\r\n" in response
    assert b"\r\nContent-Type: application/octet-stream\r\n" in request
    assert (group.main.status, group.main.mime, group.main.payload_digest) == (None, None, None)


def test_a_file_grows_open_and_is_renamed_at_the_end(lab: Any, tmp_path: Path) -> None:
    with lab.writer(tmp_path) as writer:
        assert writer.filename is None
        filename = writer.write_exchange(lab.exchange(), lab.provenance).main.warc_filename
        writer.sync()
        assert filename == writer.filename
        assert [path.name for path in tmp_path.iterdir()] == [filename + ".open"]
        assert writer.offset == (tmp_path / (filename + ".open")).stat().st_size
    (path,) = tmp_path.iterdir()
    assert [(path.name, path.stat().st_size)] == [(done.filename, done.size) for done in writer.finished]


def test_a_new_file_begins_between_exchanges_and_serials_go_on(lab: Any, tmp_path: Path) -> None:
    for _ in range(2):
        with lab.writer(tmp_path, max_size=1000) as writer:
            groups = [writer.write_exchange(lab.exchange(), lab.provenance) for _ in range(4)]
        for group in groups:
            assert len({record.warc_filename for record in group.records}) == 1
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [name[-13:-8] for name in names] == [f"{number:05d}" for number in range(len(names))]
    assert len(names) == 8 or len(names) == 4
    for name in names:
        assert members((tmp_path / name).read_bytes())[0].startswith(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n")
    (tmp_path / "test-20261124102030-00099.warc.gz.open").touch()
    assert next_serial(tmp_path, "test") == 100


def test_an_exception_leaves_the_file_open_for_salvage(lab: Any, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), lab.writer(tmp_path) as writer:  # noqa: PT012
        writer.write_exchange(lab.exchange(), lab.provenance)
        raise ZeroDivisionError
    assert [path.suffix for path in tmp_path.iterdir()] == [".open"]


class FullDisk(FileIO):
    """A file on a disk that has room for *room* bytes, and takes what fits of the write that is too large."""

    room = 0

    def write(self, data: Any) -> int:
        space = type(self).room - self.tell()
        if space <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data[:space])


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    monkeypatch.setattr("broadsheet.archive.durable._create", lambda path: FullDisk(path, "xb"))
    return lambda room: setattr(FullDisk, "room", room)


def test_a_full_disk_leaves_whole_exchanges_and_the_next_one_goes_on(
    lab: Any, tmp_path: Path, full_disk: Callable[[int], None]
) -> None:
    full_disk(1_000_000)
    whole, groups = lab.write(tmp_path, [lab.exchange(), lab.exchange()])
    expected = whole.read_bytes()
    first_end = groups[0].metadata.offset + groups[0].metadata.length
    whole.unlink()
    for room in range(first_end, len(expected), 7):
        full_disk(room)
        with lab.writer(tmp_path) as writer:
            writer.write_exchange(lab.exchange(), lab.provenance)
            with pytest.raises(OSError, match="No space"):
                writer.write_exchange(lab.exchange(), lab.provenance)
            assert writer.offset == first_end
            assert (tmp_path / (writer.filename + ".open")).read_bytes() == expected[:first_end]
            full_disk(1_000_000)
            writer.write_exchange(lab.exchange(), lab.provenance)
        (path,) = tmp_path.iterdir()
        assert len(members(path.read_bytes())) == 7
        path.unlink()


def test_a_disk_full_from_the_start_leaves_nothing(lab: Any, tmp_path: Path, full_disk: Callable[[int], None]) -> None:
    full_disk(100)
    with pytest.raises(OSError, match="No space"), lab.writer(tmp_path) as writer:
        writer.write_exchange(lab.exchange(), lab.provenance)
    assert list(tmp_path.iterdir()) == []


def test_a_warcinfo_about_nothing_is_removed(lab: Any, tmp_path: Path, full_disk: Callable[[int], None]) -> None:
    full_disk(700)
    with lab.writer(tmp_path) as writer, pytest.raises(OSError, match="No space"):
        writer.write_exchange(lab.exchange(), lab.provenance)
    assert list(tmp_path.iterdir()) == []


def test_sha256_and_an_odd_prefix(lab: Any, tmp_path: Path) -> None:
    info = WarcInfo("x")
    with WarcWriter(tmp_path, prefix="a/b c", info=info, digest="sha256") as writer:
        group = writer.write_exchange(lab.exchange(), lab.provenance)
    assert group.metadata.block_digest is not None
    assert group.metadata.block_digest.startswith("sha256:")
    assert writer.finished[0].filename.startswith("a_b_c-")


def test_a_warcinfo_tells_settings_and_seeds() -> None:
    info = WarcInfo(
        "x/1 (y/2)",
        sender="ann@paper.example",
        operator="O",
        description="D",
        settings='{"delay": 1}',
        seeds=("http://a/", "http://b/"),
    )
    fields = info.fields()
    assert ("settings", '{"delay": 1}') in fields
    assert ("http-header-from", "ann@paper.example") in fields
    assert [value for name, value in fields if name == "seed"] == ["http://a/", "http://b/"]
    assert len(WarcInfo("x", seeds=("http://a/",) * 5000).fields()) < 1100
