"""Objects and remote files: read through windows that grow, asked again when that helps, named in the user's words when not."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive import storage
from broadsheet.archive.errors import BadInput, BroadsheetError, BrokenEnvironment
from broadsheet.archive.storage import (
    FIRST_WINDOW,
    WINDOW,
    RemoteFile,
    delete_object,
    is_object,
    is_remote,
    name_of,
    put_file,
    put_object,
)

DATA = random.Random(4).randbytes(12_000_000)
URL = "s3://bucket/a.warc.gz"


class Stored:
    """A file of a store: tells what was read of it, and fails as often as it is told to."""

    def __init__(self, data: bytes = DATA) -> None:
        self.data = data
        self.reads: list[tuple[int, int]] = []  # offset, length
        self.faults: list[OSError | int] = []  # to raise; or how many bytes come

    def size(self) -> int:
        return len(self.data)

    def read_at(self, length: int, offset: int) -> bytes:
        self.reads.append((offset, length))
        fault = self.faults.pop(0) if self.faults else length
        if isinstance(fault, OSError):
            raise fault
        return self.data[offset : offset + min(fault, length)]

    def close(self) -> None:
        pass


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Stored:
    file = Stored()
    monkeypatch.setattr(storage, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(storage, "_opened", lambda _url: file)
    return file


def test_a_look_costs_one_small_window_and_what_is_in_it_is_not_asked_for_again(stored: Stored) -> None:
    with RemoteFile(URL) as file:
        file.seek(5_000_000)
        assert file.read(10) == DATA[5_000_000:5_000_010]
        file.seek(5_100_000)
        assert file.read(10) == DATA[5_100_000:5_100_010]
    assert stored.reads == [(5_000_000, FIRST_WINDOW)]


def test_windows_grow_while_one_reads_on_and_each_byte_is_fetched_once(stored: Stored) -> None:
    with RemoteFile(URL) as file:
        assert file.read() == DATA
    lengths = [length for _, length in sorted(stored.reads)]
    assert lengths[:5] == [FIRST_WINDOW << doubled for doubled in range(5)]
    assert FIRST_WINDOW << 4 == WINDOW == max(lengths)
    assert sum(lengths) == len(DATA)


def test_a_piece_ends_where_it_was_said_to_and_seeks_count_from_its_beginning(stored: Stored) -> None:
    with RemoteFile(URL, base=1000, size=50) as file:
        assert file.seek(-10, os.SEEK_END) == 40
        assert file.read() == DATA[1040:1050]
        assert file.seek(-2, os.SEEK_CUR) == 48
        assert file.read(9) == DATA[1048:1050]
        assert (file.seek(-7), file.tell(), file.read(1)) == (0, 0, DATA[1000:1001])
        file.seek(999)
        assert file.read(1) == b""
    with RemoteFile(URL, base=len(DATA) - 3, size=50) as file:
        assert file.read() == DATA[-3:]
    with RemoteFile(URL, base=len(DATA) + 3) as file:
        assert file.read() == b""


def test_what_may_pass_is_asked_for_again_and_a_short_answer_is_no_answer(stored: Stored) -> None:
    stored.faults = [OSError("HTTP status 500"), 7, OSError("reset")]
    with RemoteFile(URL, size=100) as file:
        assert file.read() == DATA[:100]
    assert stored.reads == [(0, 100)] * 4


def test_asking_again_has_an_end(stored: Stored) -> None:
    stored.faults = [OSError(f"HTTP status 50{number}") for number in range(9)]
    with RemoteFile(URL) as file, pytest.raises(BrokenEnvironment, match=r"5 times \(HTTP status 504\)"):
        file.read(1)
    assert len(stored.reads) == storage.ATTEMPTS


@pytest.mark.parametrize(
    ("url", "fault", "kind", "said"),
    [
        (URL, OSError("When opening: NO_SUCH_BUCKET"), BadInput, "no such bucket"),
        (URL, FileNotFoundError("x"), BadInput, "no such object"),
        (URL, OSError("AWS Error NO_SUCH_KEY"), BadInput, "no such object"),
        (URL, OSError("AWS Error ACCESS_DENIED"), BrokenEnvironment, "AWS_ACCESS_KEY_ID"),
        (URL, PermissionError("x"), BrokenEnvironment, "AWS_ACCESS_KEY_ID"),
        ("http://a.example/b", PermissionError("status 401"), BrokenEnvironment, r"refuses \(status 401\)"),
        ("http://a.example/b", FileNotFoundError("x"), BadInput, "no such object"),
    ],
)
def test_what_cannot_pass_is_said_at_once_with_a_remedy(
    stored: Stored, url: str, fault: OSError, kind: type[BroadsheetError], said: str
) -> None:
    stored.faults = [fault]
    with RemoteFile(url) as file, pytest.raises(kind, match=said):
        file.read(1)
    assert len(stored.reads) == 1


class Bucket:
    """A store that takes objects, after it has failed some times in the middle of one."""

    def __init__(self, faults: int) -> None:
        self.faults = faults
        self.objects: dict[str, bytes] = {}

    def open_output_stream(self, key: str, compression: object) -> io.BytesIO:
        assert compression is None
        bucket = self

        class Upload(io.BytesIO):
            def close(self) -> None:
                if bucket.faults:
                    bucket.faults -= 1
                    raise OSError("cut off")
                bucket.objects[key] = self.getvalue()

        return Upload()

    def delete_file(self, key: str) -> None:
        if self.objects.pop(key, None) is None:
            raise FileNotFoundError(key)


@pytest.mark.parametrize("put", ["bytes", "file"])
def test_an_upload_that_fails_begins_anew_and_a_deletion_may_come_twice(
    put: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = Bucket(faults=2)
    monkeypatch.setattr(storage, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(storage, "_file_system", lambda: bucket)
    (tmp_path / "x").write_bytes(DATA)
    puts: dict[str, Callable[[], Any]] = {
        "bytes": lambda: put_object("s3://b/x/", DATA),
        "file": lambda: put_file("s3://b/x/", tmp_path / "x"),
    }
    puts[put]()
    assert bucket.objects == {"b/x": DATA}
    delete_object("s3://b/x")
    delete_object("s3://b/x")
    assert bucket.objects == {}


def test_which_names_are_remote() -> None:
    assert [is_object(one) for one in ("s3://b/k", "http://a.example/k", "b/k")] == [True, False, False]
    assert [is_remote(one) for one in ("s3://b/k", "http://a.example/k", "https://a.example/k", "file:///k")] == [
        True, True, True, False,
    ]  # fmt: skip


def test_names_of_files_stay_inside_the_collection() -> None:
    assert name_of("s3://bucket/a/b.warc.gz") == "bucket/a/b.warc.gz"
    assert name_of("https://ann@a.example:8080/x%20y/b.warc.gz?key=1") == "a.example:8080/x y/b.warc.gz"
    for url in ("http://a.example/../b", "http://a.example/%2e%2e/b", "http://a.example/", "http://a.example/a//b",
                "http://a.example/a%00b"):  # fmt: skip
        with pytest.raises(BadInput, match="names no file"):
            name_of(url)


@pytest.mark.parametrize("url", ["s3://", "s3:///", "s3://bucket//a"])
def test_a_url_without_a_bucket_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="names no bucket"):
        put_object(url, b"")
