"""The capture log: order, groups, what a failing disk leaves behind."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from power_cut import PowerCut

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError, BrokenEnvironment, InternalFault
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.journal import connect
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter
from broadsheet.pipelines.capture.log import CaptureLog, WarcOptions
from broadsheet.pipelines.capture.submission import Change, Submission


@dataclass(frozen=True, slots=True)
class Note(Change):
    """Something to be written down beside where its exchange lies."""

    key: str


class Notes:
    """A journal that writes notes into the table meta."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def transaction(self) -> AbstractContextManager[None]:
        return self._catalogue.transaction()

    def apply(self, change: Change, capture: Capture | None) -> None:
        assert isinstance(change, Note)
        row = (change.key, "-" if capture is None else str(capture.url))
        self._catalogue.connection.execute("INSERT INTO meta VALUES (?, ?)", row)


def exchange(number: int, size: int = 100) -> Exchange:
    body = f"<html>{number}</html>".encode().ljust(size)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return Exchange(
        url=f"http://example.org/{number}",
        started=datetime(2026, 11, 23, tzinfo=UTC),
        duration=0.1,
        request=f"GET /{number} HTTP/1.1\r\nHost: example.org\r\n\r\n".encode(),
        response=head + body,
        head_length=len(head),
        status=200,
    )


class Recorder:
    """A log with all that it said."""

    def __init__(self, folder: Path, max_size: int = 10**9, journal: type[Notes] = Notes) -> None:
        self.collection = Collection.create(folder)
        self.committed: list[Submission] = []
        self.failures: list[BroadsheetError] = []
        self.failed = threading.Event()
        options = WarcOptions("test", WarcInfo(software="test"), max_size)
        self.log = CaptureLog(self.collection, options, journal=journal, on_commit=self._commit, on_failure=self._fail)

    def _commit(self, submissions: Sequence[Submission]) -> None:
        self.committed.extend(submissions)

    def _fail(self, error: BroadsheetError) -> None:
        self.failures.append(error)
        self.failed.set()

    def notes(self) -> dict[str, str]:
        with closing(connect(self.collection.journal, read_only=True)) as db:
            return dict(db.execute("SELECT key, value FROM meta"))

    def captures(self) -> list[Capture]:
        with closing(connect(self.collection.journal, read_only=True)) as db:
            catalogue = Catalogue(db)
            return [capture for warc in catalogue.warcs() for capture in catalogue.captures(warc)]


def test_what_was_submitted_is_durable_in_order_after_a_flush(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "c")
    recorder.log.start()
    submissions = [Submission(Note(str(n)), exchange(n), Provenance()) for n in range(20)]
    for submission in submissions:
        recorder.log.submit(submission)
    recorder.log.submit(Submission(Note("alone")))
    recorder.log.flush()
    assert recorder.committed[:20] == submissions
    assert recorder.log.backlog == 0
    assert recorder.notes() == {str(n): f"http://example.org/{n}" for n in range(20)} | {"alone": "-"}
    recorder.log.close()
    with closing(connect(recorder.collection.journal)) as db:
        (warc,) = Catalogue(db).warcs()
    path = recorder.collection.archive / warc.filename
    assert warc.closed
    assert path.stat().st_size == warc.size
    for number, capture in enumerate(recorder.captures()):
        member = path.read_bytes()[capture.offset : capture.offset + capture.length]
        assert exchange(number).response in gzip.decompress(member)


def test_a_commit_survives_a_power_cut(tmp_path: Path) -> None:
    """The very connection that the log commits with waits for the disk: 2 is FULL."""
    said: list[tuple[str, object]] = []

    class Asking(Notes):
        def apply(self, change: Change, capture: Capture | None) -> None:
            said.extend(
                (name, self._catalogue.connection.execute(f"PRAGMA {name}").fetchone()[0])
                for name in ("synchronous", "journal_mode")
            )

    recorder = Recorder(tmp_path / "c", journal=Asking)
    recorder.log.start()
    recorder.log.submit(Submission(Note("asks")))
    recorder.log.flush()
    recorder.log.close()
    assert said == [("synchronous", 2), ("journal_mode", "wal")]


def test_files_roll_over_and_only_the_last_one_stays_open(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "c", max_size=2000)
    recorder.log.start()
    for number in range(20):
        recorder.log.submit(Submission(Note(str(number)), exchange(number)))
    recorder.log.flush()
    with closing(connect(recorder.collection.journal)) as db:
        before = Catalogue(db).warcs()
        recorder.log.close()
        after = Catalogue(db).warcs()
    assert len(before) > 3
    assert [warc.closed for warc in before] == [True] * (len(before) - 1) + [False]
    assert all(warc.closed for warc in after)
    for warc in after:
        assert recorder.collection.warc_path(warc.filename).stat().st_size == warc.size
    assert [capture.url for capture in recorder.captures()] == [f"http://example.org/{n}" for n in range(20)]


def test_a_full_disk_stops_the_log_at_the_last_durable_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(tmp_path / "c")
    recorder.log.start()
    recorder.log.submit(Submission(Note("before"), exchange(1)))
    recorder.log.flush()

    def full(_self: WarcWriter) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(WarcWriter, "sync", full)
    recorder.log.submit(Submission(Note("lost"), exchange(2)))
    assert recorder.failed.wait(10)
    recorder.log.submit(Submission(Note("later"), exchange(3)))
    recorder.log.flush()  # nobody waits for ever
    recorder.log.close()
    assert isinstance(recorder.failures[0], BrokenEnvironment)
    assert "no space" in str(recorder.failures[0])
    assert recorder.notes() == {"before": "http://example.org/1"}
    assert [capture.url for capture in recorder.captures()] == ["http://example.org/1"]
    assert len(list(recorder.collection.archive.glob("*.open"))) == 1


def test_a_change_that_cannot_be_journalled_is_our_fault_and_takes_its_whole_group_with_it(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "c")
    recorder.log.start()
    recorder.log.submit(Submission(Note("same")))
    recorder.log.flush()
    recorder.log.submit(Submission(Note("other"), exchange(1)))
    recorder.log.submit(Submission(Note("same"), exchange(2)))
    assert recorder.failed.wait(10)
    recorder.log.close()
    assert isinstance(recorder.failures[0], InternalFault)
    assert recorder.notes() == {"same": "-"}
    assert recorder.captures() == []


def test_no_commit_names_a_record_that_a_power_cut_could_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(tmp_path / "c", max_size=2_000)
    disk = PowerCut(recorder.collection.archive, monkeypatch)
    named: list[bool] = []

    def apply(_: Notes, change: Change, capture: Capture | None) -> None:
        """Within the transaction: is the record that is named on disk?"""
        assert capture is not None
        durable = disk.survivors()
        name = next((name for name in durable if name.startswith(capture.warc_filename)), "")
        named.append(len(durable.get(name, b"")) >= capture.offset + capture.length)

    monkeypatch.setattr(Notes, "apply", apply)
    recorder.log.start()
    for number in range(10):
        recorder.log.submit(Submission(Note(str(number)), exchange(number, 1_000)))
        recorder.log.flush()
    recorder.log.close()
    assert recorder.failures == []
    assert named == [True] * 10
    assert disk.torn == []
    assert disk.survivors() == disk.present()
    assert len(disk.present()) > 2
    assert all(name.endswith(".warc.gz") for name in disk.present())
