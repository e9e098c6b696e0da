"""What warcio sees in a WARC, held against what our reader sees."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from made_records import OK, request, response

from broadsheet.archive.verify.second_reader import read_by_warcio
from broadsheet.archive.warc.source import WarcSource


def messages(tmp_path: Path, data: bytes, name: str = "x.warc.gz") -> list[tuple[int, str]]:
    path = tmp_path / name
    path.write_bytes(data)
    found = list(read_by_warcio(WarcSource.of(path)))
    assert {one.rule for one in found} <= {"second-reader"}
    return [(one.offset, one.message) for one in found]


def test_a_sound_file_is_one_and_the_same(lab: Any, tmp_path: Path, warc: Any) -> None:
    path, _ = warc
    assert list(read_by_warcio(WarcSource.of(path))) == []
    plain = lab.warcinfo() + response(lab) + request(lab)
    assert messages(tmp_path, plain, "x.warc") == []


def test_where_warcio_ends_is_told_and_what_it_does_not_see(lab: Any, tmp_path: Path) -> None:
    first, second = bytes(lab.gzip(lab.warcinfo())), bytearray(lab.gzip(response(lab)))
    second[len(second) // 2] ^= 0x55
    ((offset, message),) = messages(tmp_path, first + bytes(second) + bytes(lab.gzip(request(lab))))
    assert offset >= len(first)
    assert message.startswith("warcio")


def test_a_length_that_is_wrong_is_another_block_to_warcio(lab: Any, tmp_path: Path) -> None:
    short = response(lab, Content_Length=str(len(OK) - 2))
    found = [message for _, message in messages(tmp_path, lab.warcinfo() + short + request(lab), "x.warc")]
    assert found
    assert all("warcio" in message for message in found)


def test_the_command_warns_where_it_is_asked_to(lab: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(lab.warcinfo() + response(lab, Content_Length=str(len(OK) - 2)) + request(lab))
    command = [sys.executable, "-m", "broadsheet", "verify", str(path)]
    without = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    asked = subprocess.run([*command, "--second-reader"], capture_output=True, text=True, check=False, timeout=280)
    assert "second-reader" not in without.stdout
    assert "warning: second-reader" in asked.stdout
