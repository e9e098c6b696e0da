"""Repair: every record that can be read is in the new file, byte for byte; what is not is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.archive.errors import BadInput, BrokenEnvironment
from broadsheet.archive.verify.finding import Severity
from broadsheet.archive.verify.warc import verify_warc
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.repair import Loss, Repair, repair
from broadsheet.archive.warc.source import WarcSource


def ids(number: int) -> str:
    return f"<urn:uuid:00000000-0000-0000-0000-0000000001{number:02}>"


def plain_records(lab: Any, count: int = 6) -> list[bytes]:
    """A warcinfo and responses with bodies of different sizes; none of them links to another."""
    records = [lab.warcinfo()]
    for number in range(count):
        body = b"<html>%d" % number + bytes(range(256)) * number
        block = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        fields = lab.fields(block, WARC_Record_ID=ids(number), WARC_Target_URI=f"http://news.example/{number}")
        records.append(lab.record(block, fields))
    return records


def offsets(pieces: list[bytes]) -> list[int]:
    return [sum(map(len, pieces[:number])) for number in range(len(pieces) + 1)]


def mended(
    tmp_path: Path, data: bytes, name: str = "x.warc.gz", *, keep_doubtful: bool = False
) -> tuple[Repair, bytes]:
    source, target = tmp_path / name, tmp_path / f"mended-{name}"
    source.write_bytes(data)
    target.unlink(missing_ok=True)
    result = repair(WarcSource.of(source), target, keep_doubtful=keep_doubtful)
    assert source.read_bytes() == data
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({source.name, target.name})
    assert result.kept_bytes + result.lost_bytes == len(data)
    return result, target.read_bytes()


def is_sound(tmp_path: Path, name: str = "mended-x.warc.gz") -> bool:
    return not any(f.severity is Severity.ERROR for f in verify_warc(WarcSource.of(tmp_path / name)))


@pytest.mark.parametrize("name", ["x.warc.gz", "x.warc"])
def test_a_whole_file_is_copied_whole(lab: Any, tmp_path: Path, name: str) -> None:
    pieces = plain_records(lab)
    if name.endswith(".gz"):
        pieces = [lab.gzip(record) for record in pieces]
    result, out = mended(tmp_path, b"".join(pieces), name)
    assert out == b"".join(pieces)
    assert (result.kept, result.losses) == (len(pieces), [])


def test_a_torn_tail(lab: Any, tmp_path: Path) -> None:
    members = [lab.gzip(record) for record in plain_records(lab)]
    result, out = mended(tmp_path, b"".join(members)[:-30])
    assert out == b"".join(members[:-1])
    (loss,) = result.losses
    assert (loss.offset, loss.length) == (offsets(members)[-2], len(members[-1]) - 30)
    assert (loss.record_id, loss.record_type, loss.url) == (ids(5), "response", "http://news.example/5")
    assert "cut off" in loss.reason
    assert is_sound(tmp_path)


def test_damage_in_the_middle_and_garbage_between_and_several_losses(lab: Any, tmp_path: Path) -> None:
    members = [lab.gzip(record) for record in plain_records(lab)]
    damaged = members[2][:60] + b"\0" * 20 + members[2][80:]
    garbage = b"\x1f\x8b\x08 not a member, \x28\xb5\x2f\xfd WARC/1.1 neither"
    pieces = [members[0], members[1], damaged, members[3], garbage, members[4], members[5][:-5], members[6]]
    result, out = mended(tmp_path, b"".join(pieces))
    assert out == b"".join([members[0], members[1], members[3], members[4], members[6]])
    at = offsets(pieces)
    assert [(loss.offset, loss.length) for loss in result.losses] == [
        (at[2], len(damaged)),
        (at[4], len(garbage)),
        (at[6], len(members[5]) - 5),
    ]
    assert result.losses[2].record_id == ids(4)
    assert is_sound(tmp_path)


def test_the_beginning_lost(lab: Any, tmp_path: Path) -> None:
    members = [lab.gzip(record) for record in plain_records(lab)]
    result, out = mended(tmp_path, b"".join(members)[20:])
    assert out == b"".join(members[1:])
    assert result.losses == [Loss(0, len(members[0]) - 20, result.losses[0].reason)]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_flipped_bytes_cost_only_the_members_they_touch(lab: Any, tmp_path: Path, data: st.DataObject) -> None:
    members = [lab.gzip(record) for record in plain_records(lab)]
    whole = bytearray(b"".join(members))
    start = data.draw(st.integers(0, len(whole) - 1))
    noise = data.draw(st.binary(min_size=1, max_size=200))[: len(whole) - start]
    whole[start : start + len(noise)] = bytes(a ^ b for a, b in zip(whole[start:], noise, strict=False))
    at = offsets(members)
    untouched = [member for number, member in enumerate(members) if bytes(whole[at[number] : at[number + 1]]) == member]
    result, out = mended(tmp_path, bytes(whole))
    kept = [out[record.offset : record.offset + record.length] for record in read_records(out_source(tmp_path))]
    assert [member for member in kept if member in untouched] == untouched
    assert len(kept) == result.kept
    touched = [one for one in kept if one not in untouched]  # a byte of the gzip header that means nothing, at most
    assert all(one[10:] in {member[10:] for member in members} for one in touched)


def out_source(tmp_path: Path) -> WarcSource:
    return WarcSource.of(tmp_path / "mended-x.warc.gz")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_plain_file_loses_only_the_records_that_are_touched(lab: Any, tmp_path: Path, data: st.DataObject) -> None:
    records = plain_records(lab)
    whole = bytearray(b"".join(records))
    start = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(1, 60))
    whole[start : start + length] = bytes(byte ^ 0xFF for byte in whole[start : start + length])
    at = offsets(records)
    untouched = [record for number, record in enumerate(records) if bytes(whole[at[number] : at[number + 1]]) == record]
    _, out = mended(tmp_path, bytes(whole), "x.warc")
    position = 0
    for record in untouched:
        position = out.find(record, position)
        assert position >= 0, (start, length)
        position += len(record)


def test_a_plain_file_with_wrong_lengths_and_flipped_blocks(lab: Any, tmp_path: Path) -> None:
    records = plain_records(lab)
    length = re.search(rb"Content-Length: (\d+)\r\n\r\nHTTP", records[2])
    assert length is not None
    longer = records[2].replace(length.group(0), b"Content-Length: 395\r\n\r\nHTTP")
    assert longer != records[2]
    flipped = records[4].replace(b"<html>3", b"<html>4")
    pieces = [records[0], records[1], longer, records[3], flipped, records[5], records[6]]
    result, out = mended(tmp_path, b"".join(pieces), "x.warc")
    assert out == b"".join([*records[:4], records[5], records[6]])  # a digest says where the block ends
    assert [(loss.offset, loss.record_id) for loss in result.losses] == [(offsets(pieces)[4], ids(3))]
    result, out = mended(tmp_path, b"".join(pieces), "x.warc", keep_doubtful=True)
    assert out == b"".join([*records[:4], flipped, records[5], records[6]])


@pytest.mark.parametrize("ends", [b"", b"\r\n", b"\n", b"\r\n" * 3])
def test_line_ends_that_a_plain_file_lacks_or_has_too_many_are_no_loss(lab: Any, tmp_path: Path, ends: bytes) -> None:
    records = plain_records(lab)
    data = ends.join(record.removesuffix(b"\r\n\r\n") for record in records) + b"\r\n\r\n"
    result, out = mended(tmp_path, data, "x.warc")
    assert (out, result.losses) == (data, [])


def test_a_plain_file_cut_within_its_last_line_ends(lab: Any, tmp_path: Path) -> None:
    whole = b"".join(plain_records(lab))
    for cut in (1, 2, 3, 4):
        result, out = mended(tmp_path, whole[:-cut], "x.warc")
        assert (out, result.losses) == (whole, [])
    result, out = mended(tmp_path, whole[:-5], "x.warc")
    assert (result.kept, len(result.losses)) == (6, 1)


def trained(records: list[bytes]) -> bytes:
    samples: list[bytes | bytearray | memoryview] = [record[:cut] for record in records for cut in range(100, 400, 10)]
    return bytes(zstandard.train_dictionary(2048, samples).as_bytes())


def compressed(records: list[bytes], dictionary: bytes = b"") -> list[bytes]:
    prefix = [b"\x5d\x2a\x4d\x18" + len(dictionary).to_bytes(4, "little") + dictionary] if dictionary else []
    data = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    return prefix + [zstandard.ZstdCompressor(dict_data=data).compress(record) for record in records]


@pytest.mark.parametrize("with_dictionary", [False, True])
def test_zstd_frames(lab: Any, tmp_path: Path, with_dictionary: bool) -> None:
    records = plain_records(lab)
    frames = compressed(records, trained(records) if with_dictionary else b"")
    first = len(frames) - len(records)
    whole, _ = mended(tmp_path, b"".join(frames), "x.warc.zst")
    assert (whole.kept, whole.losses) == (len(records), [])
    broken = frames[first + 2][:5] + b"\xff" * 40 + frames[first + 2][45:]
    pieces = [*frames[: first + 2], broken, *frames[first + 3 : -1], frames[-1][:-6]]
    result, out = mended(tmp_path, b"".join(pieces), "x.warc.zst")
    assert out == b"".join([*frames[: first + 2], *frames[first + 3 : -1]])
    assert [loss.offset for loss in result.losses] == [offsets(pieces)[first + 2], offsets(pieces)[-2]]
    assert is_sound(tmp_path, "mended-x.warc.zst")


def test_what_was_written_wrong_is_no_damage(lab: Any, tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\n"
    odd = lab.record(block, lab.fields(block, WARC_Block_Digest="sha1:" + "A" * 32), tail=b"\r\n")
    result, out = mended(tmp_path, lab.gzip(lab.warcinfo(), odd))
    assert (result.kept, result.losses) == (2, [])
    assert out == lab.gzip(lab.warcinfo(), odd)


def test_nothing_is_overwritten_and_nothing_left_behind(lab: Any, tmp_path: Path) -> None:
    source, target = tmp_path / "x.warc.gz", tmp_path / "y.warc.gz"
    source.write_bytes(lab.gzip(*plain_records(lab)))
    target.write_bytes(b"mine")
    with pytest.raises(BadInput, match="is there already"):
        repair(WarcSource.of(source), target)
    assert target.read_bytes() == b"mine"
    with pytest.raises(BadInput, match=r"ends in \.gz"):
        repair(WarcSource.of(source), tmp_path / "y.warc")
    source.write_bytes(lab.gzip(b"".join(plain_records(lab))))
    source.write_bytes(bytes(4000))
    with pytest.raises(BadInput, match="no record that can be read"):
        repair(WarcSource.of(source), tmp_path / "z.warc.gz")
    source.write_bytes(lab.gzip(*plain_records(lab)))
    with pytest.raises((BrokenEnvironment, BadInput)):
        repair(WarcSource.of(source), tmp_path / "no-such-folder" / "z.warc.gz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.warc.gz", "y.warc.gz"]
