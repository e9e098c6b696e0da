"""Packing: what comes out is a WACZ by our verifier, is the same each time, holds the WARCs to the byte, and can be read."""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_warcs import answered, write_warc

from broadsheet.archive.cdxj.warc_lines import warc_lines
from broadsheet.archive.errors import BadInput
from broadsheet.archive.wacz import warc_sources
from broadsheet.archive.wacz.pack import Contents, WaczPage, pack
from broadsheet.archive.warc.source import WarcSource
from broadsheet.cli import main
from broadsheet.pipelines.derive.extract import extract

MOMENT = datetime(2026, 11, 24, 10, tzinfo=UTC)
LINE = "<p>The harbour froze on Monday for the first time in forty years, and the ferries stayed at their piers. {}</p>"


def warc(folder: Path, name: str, count: int = 6) -> Path:
    def page(number: int) -> str:
        text = "".join(LINE.format(f"{number}.{line}") for line in range(8))
        return f"<html lang=en><title>Ice {number}</title><article><h1>Ice {number}</h1>{text}</article></html>"

    path: Path = write_warc(
        folder,
        name,
        (
            answered(f"http://{name}.example/{number}", page(number), moment=MOMENT + timedelta(seconds=number))
            for number in range(count)
        ),
    )
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    told = capsys.readouterr()
    return int(stopped.value.code or 0), told.out, told.err


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    warc(tmp_path / "in", "a")
    extract([tmp_path / "in"], tmp_path / "c", workers=1)
    (tmp_path / "in" / sorted((tmp_path / "in").iterdir())[0].name).rename(
        tmp_path / "c" / "archive" / sorted((tmp_path / "in").iterdir())[0].name
    )
    return tmp_path / "c"


def lines(archive: zipfile.ZipFile, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in archive.read(name).decode().splitlines()]


def test_a_collection_is_packed_with_its_articles(collection: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = collection.parent / "c.wacz"
    code, _, err = run(capsys, "pack", str(collection), "-o", str(output), "--title", "Ice")
    assert code == 0, err
    assert run(capsys, "verify", str(output), "--json")[0] == 0
    (own,) = (collection / "archive").iterdir()
    with zipfile.ZipFile(output) as archive:
        assert archive.read(f"archive/{own.name}") == own.read_bytes()
        assert archive.getinfo(f"archive/{own.name}").compress_type == zipfile.ZIP_STORED
        header, *pages = lines(archive, "pages/pages.jsonl")
        assert header["hasText"] is True
        assert sorted((str(page["url"]), str(page["title"])) for page in pages) == [
            (f"http://a.example/{number}", f"Ice {number}") for number in range(6)
        ]
        assert all("forty years" in str(page["text"]) for page in pages)
        assert len({page["id"] for page in pages}) == 6
        manifest = json.loads(archive.read("datapackage.json"))
        assert (manifest["title"], manifest["mainPageUrl"]) == ("Ice", "http://a.example/0")
        assert manifest["created"] == "2026-11-24T10:00:05Z"  # of the youngest capture
        for resource in manifest["resources"]:
            data = archive.read(resource["path"])
            assert (resource["bytes"], resource["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
    again = collection.parent / "again.wacz"
    assert run(capsys, "pack", str(collection), "-o", str(again), "--title", "Ice")[0] == 0
    assert again.read_bytes() == output.read_bytes()


def test_without_texts(collection: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = collection.parent / "c.wacz"
    assert run(capsys, "pack", str(collection), "-o", str(output), "--no-text")[0] == 0
    with zipfile.ZipFile(output) as archive:
        assert not any("text" in page for page in lines(archive, "pages/pages.jsonl"))


def test_anybodys_warcs_are_packed_and_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [warc(tmp_path, name) for name in "ab"]
    output = tmp_path / "two.wacz"
    code, out, _ = run(capsys, "pack", *map(str, files), "-o", str(output), "--json")
    told = json.loads(out)["packed"]
    assert (code, told["warcs"], told["captures"], told["pages"]) == (0, 2, 12, 12)
    assert run(capsys, "verify", str(output), "--json")[0] == 0
    inside = warc_sources(output, tmp_path)
    assert [source.name for source in inside] == [file.name for file in files]
    for source, file in zip(inside, files, strict=True):
        assert list(warc_lines(source, pytest.fail)) == list(warc_lines(WarcSource.of(file), pytest.fail))  # type: ignore[arg-type]
    repacked = tmp_path / "again.wacz"
    assert run(capsys, "pack", str(output), "-o", str(repacked), "--title", "t")[0] == 0
    assert run(capsys, "verify", str(repacked), "--json")[0] == 0


def test_the_blocks_of_the_index_are_where_their_index_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.archive.wacz.pack.BLOCK_LINES", 3)
    index = [b"key%02d 20261124100000 {}\n" % number for number in range(10)]
    contents = Contents(
        [WarcSource.of(warc(tmp_path, "a"))], lambda: index, lambda: [WaczPage("http://a.example/0", MOMENT)], None,
        "t", "test", MOMENT,
    )  # fmt: skip
    packed = pack(contents, tmp_path / "x.wacz")
    assert (packed.captures, packed.pages, packed.extra_pages) == (10, 1, 0)
    with zipfile.ZipFile(tmp_path / "x.wacz") as archive:
        data = archive.read("indexes/index.cdx.gz")
        meta, *blocks = archive.read("indexes/index.idx").decode().splitlines()
        assert "cdxj-gzip-1.0" in meta
        assert len(blocks) == 4
        for number, block in enumerate(blocks):
            key, _, told = block.split(" ", 2)
            where = json.loads(told)
            piece = data[where["offset"] : where["offset"] + where["length"]]
            assert gzip.decompress(piece) == b"".join(index[3 * number : 3 * number + 3])
            assert key == f"key{3 * number:02d}"


def test_members_are_where_a_hasty_reader_looks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """replayweb.page takes a member whose entry in the directory has no extra field to have none in its header, either."""
    assert run(capsys, "pack", str(warc(tmp_path / "in", "a")), "-o", str(tmp_path / "x.wacz"))[0] == 0
    whole = (tmp_path / "x.wacz").read_bytes()
    with zipfile.ZipFile(tmp_path / "x.wacz") as archive:
        for info in archive.infolist():
            name, extra = struct.unpack_from("<HH", whole, info.header_offset + 26)
            start = info.header_offset + 30 + len(info.filename)
            if info.extra:
                start = info.header_offset + 30 + name + extra
            packed = whole[start : start + info.compress_size]
            content = packed if info.compress_type == zipfile.ZIP_STORED else zlib.decompress(packed, -15)
            assert content == archive.read(info)


def test_what_goes_wrong_leaves_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = warc(tmp_path, "a")
    other = tmp_path / "other" / one.name
    other.parent.mkdir()
    other.write_bytes(one.read_bytes())
    output = tmp_path / "x.wacz"
    for arguments, said in (
        ([str(one), str(other), "-o", str(output)], "the name of two WARCs"),
        ([str(tmp_path / "none"), "-o", str(output)], "no such file"),
        ([str(one), "-o", str(one)], "is there already"),
        ([str(one), "-o", str(tmp_path / "no" / "x.wacz")], "folder that is not there"),
    ):
        code, _, err = run(capsys, "pack", *arguments)
        assert code == 2
        assert said in err
    assert not output.exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]

    def broken() -> list[WaczPage]:
        raise OSError(28, "No space left on device")

    contents = Contents([WarcSource.of(one)], list, broken, None, "t", "test", MOMENT)
    with pytest.raises(Exception, match="no space left"):
        pack(contents, output)
    assert not output.exists()
    with pytest.raises(BadInput):
        pack(contents, one)


def test_a_damaged_warc_is_packed_whole_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = warc(tmp_path, "a")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    code, out, _ = run(capsys, "pack", str(path), "-o", str(tmp_path / "x.wacz"), "--json")
    assert (code, len(json.loads(out)["damages"])) == (1, 1)
    with zipfile.ZipFile(tmp_path / "x.wacz") as archive:
        assert archive.read(f"archive/{path.name}") == bytes(data)
