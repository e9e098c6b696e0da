"""WACZ: stored members are read in place, deflated ones unpacked, all else refused."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.archive.wacz import is_wacz, warc_sources
from broadsheet.archive.warc.reader import WarcSource, read_record_at, read_records


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_read_like_the_files_they_were(warc: Any, tmp_path: Path, method: int) -> None:
    path, groups = warc
    wacz = tmp_path / "x.wacz"
    with zipfile.ZipFile(wacz, "w", method) as archive:
        archive.writestr("datapackage.json", "{}")
        archive.write(path, "archive/b.warc.gz")
        archive.write(path, "archive/a.warc.gz")
        archive.writestr("indexes/index.cdx.gz", b"")
    folder = tmp_path / "unpacked"
    folder.mkdir()
    assert is_wacz(wacz)
    assert not is_wacz(path)
    sources = warc_sources(wacz, folder)
    assert [source.name for source in sources] == ["a.warc.gz", "b.warc.gz"]
    assert bool(list(folder.iterdir())) == (method == zipfile.ZIP_DEFLATED)
    expected = [(record.record_id, record.block) for record in read_records(WarcSource.of(path))]
    for source in sources:
        assert [(record.record_id, record.block) for record in read_records(source)] == expected
        entry = groups[1].main
        assert read_record_at(source, entry.offset, entry.length).record_id == entry.record_id


def test_a_section_ends_where_the_member_ends(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"0123456789")
    with WarcSource(path, "x", 2, 5).open() as file:
        assert file.read() == b"23456"
        assert file.seek(-2, 2) == 3
        assert file.read(10) == b"56"
        assert file.read(1) == b""
        file.seek(1)
        assert (file.read(2), file.tell()) == (b"34", 3)


def test_what_is_no_wacz_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "x.wacz"
    plain.write_bytes(b"<html>")
    with pytest.raises(BadInput, match="not a WACZ"):
        warc_sources(plain, tmp_path)
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(BadInput, match="holds no WARC"):
        warc_sources(plain, tmp_path)
    plain.write_bytes(plain.read_bytes()[:-10])
    with pytest.raises(BadInput, match="damaged zip"):
        warc_sources(plain, tmp_path)
    with pytest.raises(BadInput):
        warc_sources(tmp_path / "none.wacz", tmp_path)


def test_damage_inside_the_zip_is_said(warc: Any, tmp_path: Path) -> None:
    wacz = tmp_path / "x.wacz"
    with zipfile.ZipFile(wacz, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(warc[0], "archive/a.warc.gz")
    data = bytearray(wacz.read_bytes())
    data[len(data) // 2] ^= 0xFF
    wacz.write_bytes(data)
    with pytest.raises(CorruptArchive, match="damaged"):
        warc_sources(wacz, tmp_path)
    with zipfile.ZipFile(wacz, "w") as archive:
        archive.write(warc[0], "archive/a.warc.gz")
    data = bytearray(wacz.read_bytes())
    data[:4] = b"XXXX"
    wacz.write_bytes(data)
    with pytest.raises(CorruptArchive, match="zip directory"):
        warc_sources(wacz, tmp_path)
