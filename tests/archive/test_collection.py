"""The collection's folder, its lock, its journal and its catalogue."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue, from_microseconds, to_microseconds
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.archive.journal import connect


def capture(number: int) -> Capture:
    return Capture(
        warc_filename="a.warc.gz",
        offset=number * 100,
        length=100,
        record_id=f"<urn:uuid:{number}>",
        record_type="response",
        date=datetime(1935, 5, 6, 7, 8, 9, 123456, tzinfo=UTC),
        url=f"http://example.org/{number}",
        status=200,
        mime="text/html",
        payload_digest="sha1:X",
    )


def test_a_new_collection_has_its_folders_and_opens_again(tmp_path: Path) -> None:
    made = Collection.create(tmp_path / "c")
    assert {entry.name for entry in made.directory.iterdir()} >= {"archive", "dataset", "logs", "collection.sqlite"}
    assert Collection.open(tmp_path / "c") == made
    assert Collection.create(tmp_path / "c") == made


def test_a_link_to_a_folder_that_is_not_there_yet_leads_to_the_collection(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("deep/er")
    assert Collection.create(tmp_path / "link").journal.is_file()
    assert (tmp_path / "link").is_symlink()
    assert Collection.open(tmp_path / "deep" / "er").archive.is_dir()


def test_creation_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    (tmp_path / "c" / "archive").mkdir(parents=True)
    for left in ("", "-journal", "-wal", "-shm"):
        (tmp_path / "c" / f"collection.sqlite.new{left}").write_bytes(b"torn")
    Catalogue(connect(Collection.create(tmp_path / "c").journal)).add_warc("a.warc.gz")
    assert not list((tmp_path / "c").glob("*.new*"))


def test_two_that_make_it_at_once_both_have_it(tmp_path: Path) -> None:
    for number in range(5):
        start = threading.Barrier(2)

        def make(place: Path = tmp_path / str(number), start: threading.Barrier = start) -> Collection:
            start.wait()
            return Collection.create(place)

        with ThreadPoolExecutor(2) as pool:
            made = [pool.submit(make) for _ in range(2)]
            assert made[0].result() == made[1].result()
        connect(tmp_path / str(number) / "collection.sqlite").close()


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="its name is not UTF-8"):
        Collection.create(tmp_path / "caf\udce9")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["missing", "empty", "other", "file"])
def test_what_is_not_a_collection_is_said_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.doc").touch()
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match=name):
        Collection.open(tmp_path / name)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").touch()
    with pytest.raises(BadInput, match=r"thesis\.doc"):
        Collection.create(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.doc"]


def test_the_lock_keeps_a_second_command_out_and_dies_with_its_process(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    script = (
        "import sys, time; from pathlib import Path; from broadsheet.archive.collection import Collection\n"
        "with Collection(Path(sys.argv[1])).locked():\n    print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(collection.directory)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BadInput, match="another broadsheet"), collection.locked():
            pass
        holder.kill()
    with collection.locked():
        pass


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "collection.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE t (x)")
    with pytest.raises(BadInput, match="not a journal"):
        connect(path)
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with pytest.raises(CorruptArchive):
        connect(path)


def test_a_path_may_hold_what_a_uri_may_not(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "what? 100%#1")
    connect(collection.journal, read_only=True).close()


def test_the_catalogue_gives_back_what_it_was_given(tmp_path: Path) -> None:
    db = connect(Collection.create(tmp_path / "c").journal)
    catalogue = Catalogue(db)
    warc = catalogue.add_warc("a.warc.gz")
    assert catalogue.add_warc("a.warc.gz") == warc
    warc = catalogue.append(warc, [capture(0), capture(1)], size=200)
    warc = catalogue.append(warc, [capture(2)], size=300, closed=True)
    assert catalogue.warc("a.warc.gz") == warc == catalogue.warcs()[0]
    assert (warc.entries, warc.size, warc.closed) == (3, 300, True)
    assert list(catalogue.captures(warc)) == [capture(0), capture(1), capture(2)]
    assert list(catalogue.captures(warc, 1, 2)) == [capture(1)]
    assert [catalogue.offset_of(warc, n) for n in range(4)] == [0, 100, 200, None]


@pytest.mark.parametrize("year", [1935, 1970, 2026, 9999])
def test_times_are_exact_to_the_microsecond(year: int) -> None:
    moment = datetime(year, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    assert from_microseconds(to_microseconds(moment)) == moment
