"""An import makes a collection on which everything else works; killed or told again, it has each document once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from crawled_site import broadsheet, kinds, records
from made_files import folder_of_all, har, har_entry, html

from broadsheet import Collection, extract
from broadsheet.archive.errors import BadInput, BrokenEnvironment
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.metadata import parse_metadata
from broadsheet.archive.warc.writer import WarcWriter
from broadsheet.article import PARTS
from broadsheet.pipelines.importers.importing import import_files


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of a file of each kind; read only."""
    folder = tmp_path_factory.mktemp("made")
    inputs = folder_of_all(folder / "in")
    os.utime(inputs / "named.html", (1_772_618_400, 1_772_618_400))
    done = subprocess.run(
        [sys.executable, "-m", "broadsheet", "import", str(inputs), "-o", str(folder / "c"), "--workers", "1"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr  # a part of the MHTML has no address
    assert "left out" in done.stderr
    return folder / "c"


def test_each_file_becomes_records_that_say_what_they_are(made: Path) -> None:
    assert kinds(made) == {"warcinfo": 1, "resource": 6, "response": 1, "request": 1, "metadata": 7}
    origins = {
        parse_metadata(record.block).provenance.imported_from
        for record in records(made)
        if record.record_type == "metadata"
    }
    assert "named.html" in origins
    assert "four.har (HAR, entry 1; made again, not from the wire)" in origins
    [about] = [record.block for record in records(made) if record.record_type == "warcinfo"]
    assert b"nothing in here was seen on the wire" in about


def test_pages_have_rows_and_nothing_else_has(made: Path) -> None:
    rows = {row.url: row for row in Collection.open(made).articles()}
    assert set(rows) == {
        "https://h.example/one", "https://s.example/two", "https://m.example/three", "https://x.example/four",
        "https://j.example/five",
    }  # fmt: skip
    assert {row.extraction_status for row in rows.values()} == {"ok"}
    assert rows["https://x.example/four"].title == "Bridge number hü is open"
    assert f"{rows['https://h.example/one'].fetch_time:%Y-%m-%dT%H:%M:%SZ}" == "2026-03-04T10:00:00Z"
    assert rows["https://h.example/one"].response().body.startswith(b"<!doctype html>")


def test_the_rows_are_those_of_extract(made: Path) -> None:
    page = html(1, '<link rel="canonical" href="https://h.example/one">')
    for row in Collection.open(made).articles(url="https://h.example/one").to_arrow().to_pylist():
        told = extract(page, row["url"], fetch_time=row["fetch_time"]).to_dict()
        different = {name for name in told if name not in PARTS and told[name] != row[name]}
        assert different <= {"extraction_id"}  # which names the profiles, if any were learnt


def test_all_else_works_on_it(made: Path, tmp_path: Path) -> None:
    assert "sound, 0 warnings" in broadsheet("verify", made)
    broadsheet("pack", made, "-o", tmp_path / "c.wacz")
    assert "sound" in broadsheet("verify", tmp_path / "c.wacz")
    with Collection.open(made).replay() as server:
        import urllib.request

        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": f"http://{server.address}"}))
        with opener.open(f"http://{server.address}/", timeout=20) as answer:
            assert b"h.example/one" in answer.read()


def test_the_same_files_again_are_there_once(made: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(made, tmp_path / "c"))
    moved = Path(shutil.copytree(made.parent / "in", tmp_path / "elsewhere"))
    os.utime(moved / "named.html", (1, 1))  # a copy has another time, and is the same page
    before = kinds(folder)
    done = import_files([moved], folder)
    assert (done.progress.documents, done.progress.known) == (0, 7)
    assert kinds(folder) == before
    (moved / "new.html").write_text(html("new", '<link rel="canonical" href="https://h.example/new">'))
    done = import_files([moved], folder)
    assert (done.progress.documents, done.progress.known) == (1, 7)


def test_bad_input_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "bad.har").write_text("{}")
    (tmp_path / "empty").mkdir()
    for inputs in ([tmp_path / "bad.har"], [tmp_path / "empty"], [tmp_path / "none.html"], [tmp_path / "none"]):
        with pytest.raises(BadInput):
            import_files(inputs, tmp_path / "c")
        assert not (tmp_path / "c").exists()
    (tmp_path / "there").mkdir()
    with pytest.raises(BadInput):
        import_files([tmp_path / "bad.har"], tmp_path / "there")
    assert list((tmp_path / "there").iterdir()) == []


def test_a_bad_file_costs_itself(tmp_path: Path) -> None:
    pages = tmp_path / "in"
    pages.mkdir()
    (pages / "a.html").write_text(html(1))
    (pages / "b.html").write_bytes(b"%PDF-1.7")
    (pages / "c.har").write_text(har(har_entry("https://x.example/", "<p>x</p>")))
    done = import_files([pages], tmp_path / "c")
    assert (done.exit_code, done.progress.documents, len(done.progress.left_out)) == (1, 2, 1)
    assert "b.html" in done.progress.left_out[0]


def test_a_full_disk_is_said_and_the_same_call_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = many(tmp_path / "in", 30)
    written = WarcWriter.write_exchange

    def refusing(self: WarcWriter, exchange: Exchange, provenance: Provenance, *, record_id: str) -> object:
        if self.offset > 5_000:
            raise OSError(28, "No space left on device")
        return written(self, exchange, provenance, record_id=record_id)

    monkeypatch.setattr(WarcWriter, "write_exchange", refusing)
    with pytest.raises(BrokenEnvironment, match="no space left"):
        import_files([pages], tmp_path / "c")
    monkeypatch.undo()
    done = import_files([pages], tmp_path / "c")
    assert done.progress.documents + done.progress.known == 30
    assert done.progress.known > 0
    assert_each_once(tmp_path / "c", 30)


def many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        link = f'<link rel="canonical" href="https://h.example/{number}">'
        (folder / f"{number:04}.html").write_text(html(number, link))
    return folder


def assert_each_once(folder: Path, count: int) -> None:
    urls = Counter(record.url for record in records(folder) if record.record_type == "resource")
    assert set(urls.values()) == {1}
    assert len(urls) == count
    assert not list((folder / "archive").glob("*.open"))
    assert "sound" in broadsheet("verify", folder)


@pytest.mark.slow
def test_killed_at_any_moment_the_same_command_goes_on(tmp_path: Path) -> None:
    pages, folder = many(tmp_path / "in", 1500), tmp_path / "c"
    command = [sys.executable, "-m", "broadsheet", "import", str(pages), "-o", str(folder), "--no-extract", "-q"]
    kills = 0
    for wait in (0.05, 0.3, 0.6, 0.9, 0.2):
        process = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        size = archived(folder)
        while process.poll() is None and archived(folder) == size:
            time.sleep(0.005)
        time.sleep(wait)
        if process.poll() is None:
            kills += 1
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert kills
    broadsheet(*command[3:])
    assert_each_once(folder, 1500)
    assert sum(1 for _ in Collection.open(folder).directory.glob("archive/*.warc.gz")) >= 1


def archived(folder: Path) -> int:
    """Bytes in the archive folder, 0 before it is there; a file that the import renames meanwhile counts as 0."""
    size = 0
    for path in (folder / "archive").glob("*"):
        with suppress(FileNotFoundError):
            size += path.stat().st_size
    return size
