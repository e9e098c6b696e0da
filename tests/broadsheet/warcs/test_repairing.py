"""``broadsheet repair`` as a person or a program meets it."""

from __future__ import annotations

import gzip
import json
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from broadsheet.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    shown = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, shown.out, shown.err


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """Two request-response pairs by warcio, cut within the last request."""
    path = tmp_path / "torn.warc.gz"
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")
        writer.write_record(writer.create_warcinfo_record("torn.warc.gz", {"software": "w"}))
        for url in ("http://a.example/1", "http://a.example/2"):
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            asked = StatusAndHeaders(f"GET {url[-2:]} HTTP/1.1", [("Host", "a.example")], is_http_request=True)
            answer = writer.create_warc_record(url, "response", BytesIO(b"<p>"), http_headers=head)
            question = writer.create_warc_record(url, "request", BytesIO(b""), http_headers=asked)
            writer.write_request_response_pair(question, answer)
    path.write_bytes(path.read_bytes()[:-20])
    return path


def test_what_is_lost_is_said(capsys: pytest.CaptureFixture[str], torn: Path, tmp_path: Path) -> None:
    code, out, _ = run(capsys, "repair", str(torn), "-o", str(tmp_path / "mended.warc.gz"), "-q")
    assert code == 0
    assert "4 records" in out
    assert "http://a.example/2" in out
    assert "cut off" in out
    code, out, _ = run(capsys, "verify", str(torn), "-q")
    assert code == 1
    assert "broadsheet repair" in out
    assert run(capsys, "verify", str(tmp_path / "mended.warc.gz"), "-q")[0] == 0


def test_of_a_damaged_member_with_many_records_no_share_is_told(
    capsys: pytest.CaptureFixture[str], torn: Path, tmp_path: Path
) -> None:
    """The member is damaged as a whole, and yet what is in it is kept."""
    whole = tmp_path / "whole.warc.gz"
    content = zlib.decompressobj(wbits=31).decompress(torn.read_bytes())  # the first record
    whole.write_bytes(gzip.compress(content + content.replace(b"urn:uuid:", b"urn:uuid:0"))[:-8])
    code, out, _ = run(capsys, "repair", str(whole), "-o", str(tmp_path / "mended.warc.gz"), "-q")
    assert (code, "2 records" in out, "cut off" in out, "is kept" in out, "%" in out) == (0, True, True, True, False)


def test_as_json(capsys: pytest.CaptureFixture[str], torn: Path, tmp_path: Path) -> None:
    code, out, _ = run(capsys, "repair", str(torn), "-o", str(tmp_path / "mended.warc.gz"), "-q", "--json")
    (one,) = json.loads(out)["files"]
    assert (code, one["errors"], one["repair"]["kept"]) == (0, [], 4)
    (loss,) = one["repair"]["losses"]
    assert loss["offset"] + loss["length"] == torn.stat().st_size
    assert loss["record_type"] == "request"


def test_several_files_go_into_a_folder(capsys: pytest.CaptureFixture[str], torn: Path, tmp_path: Path) -> None:
    second = tmp_path / "other.warc.gz.open"
    second.write_bytes(torn.read_bytes())
    code, _, _ = run(capsys, "repair", str(torn), str(second), "-o", str(tmp_path / "mended"), "-q")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "mended").iterdir()) == ["other.warc.gz", "torn.warc.gz"]


def test_links_to_what_is_lost_are_told(capsys: pytest.CaptureFixture[str], torn: Path, tmp_path: Path) -> None:
    data = torn.read_bytes()
    middle = tmp_path / "middle.warc.gz"
    first = data.index(b"\x1f\x8b\x08", 1)  # the first response begins behind the warcinfo
    middle.write_bytes(data[: first + 40] + bytes(60) + data[first + 100 :])
    code, out, _ = run(capsys, "repair", str(middle), "-o", str(tmp_path / "mended.warc.gz"), "-q")
    assert code == 0
    assert "1 records name one that is not in the new file" in out


@pytest.mark.parametrize("output", ["new/inside/out", "new/inside/out.warc.gz", "new/inside/"])
def test_what_cannot_be_repaired_leaves_no_folder_behind(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, output: str
) -> None:
    bad = tmp_path / "bad.warc.gz"
    bad.write_bytes(b"no WARC")
    more = [str(bad)] if not output.endswith("/") else [str(bad), str(tmp_path / "other.warc.gz")]
    (tmp_path / "other.warc.gz").write_bytes(b"nor this")
    code, _, said = run(capsys, "repair", *more, "-o", str(tmp_path / output))
    assert code == 2
    assert "error:" in said
    assert not (tmp_path / "new").exists()


def test_nothing_is_overwritten(capsys: pytest.CaptureFixture[str], torn: Path) -> None:
    before = torn.read_bytes()
    code, _, err = run(capsys, "repair", str(torn), "-o", str(torn), "-q")
    assert code == 2
    assert "is there already" in err
    assert torn.read_bytes() == before
