"""Derivation: the same bytes for any number of workers, rows + reasons = entries, and nothing that kills a worker matters."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from small_warcs import MOMENT, answered
from small_warcs import write_warc as warc

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, BrokenEnvironment, InternalFault
from broadsheet.archive.exchange import Exchange, FetchError
from broadsheet.archive.journal import connect
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.source import WarcSource
from broadsheet.pipelines.dataset.defaults import DEFAULT_TABLES
from broadsheet.pipelines.dataset.manifest import read_manifest
from broadsheet.pipelines.derive.extract import ExtractSummary, extract
from broadsheet.pipelines.derive.messages import ExtractorSpec
from broadsheet.pipelines.derive.supervisor import DeriveSupervisor
from broadsheet.pipelines.reconcile.reconcile import reconcile
from broadsheet.pipelines.reconcile.rules import JOURNAL_ENTRY

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _stubs_within_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.syspath_prepend(str(HERE))


def exchange(url: str, status: int = 200, kind: str = "text/html", error: FetchError | None = None) -> Exchange:
    if error is not None:
        return Exchange(url, MOMENT, 0.1, request=b"GET / HTTP/1.1\r\n\r\n", error=error)
    got: Exchange = answered(url, f"<html><body><p>Text of {url}</p></body></html>", status=status, kind=kind)
    return got


def mixed(count: int) -> list[Exchange]:
    kinds = (
        lambda n: exchange(f"http://a/{n}"),
        lambda n: exchange(f"http://a/{n}", status=404),
        lambda n: exchange(f"http://a/{n}", kind="image/png"),
        lambda n: exchange(f"http://a/{n}", error=FetchError.TIMEOUT),
    )
    return [kinds[n % 7 if n % 7 < 4 else 0](n) for n in range(count)]


def run(
    inputs: list[Path],
    folder: Path,
    *,
    workers: int = 2,
    factory: str = "stub",
    tables: tuple[str, ...] = DEFAULT_TABLES,
    **options: object,
) -> ExtractSummary:
    spec = ExtractorSpec(f"stub_extractors:{factory}", "stub000000000001")

    def supervisor(collection: Collection, **given: object) -> DeriveSupervisor:
        return DeriveSupervisor(collection, spec=spec, **given, **options)  # type: ignore[arg-type]

    return extract(inputs, folder, workers=workers, tables=tables, supervisor=supervisor)


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in (folder / "dataset").rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def statuses(folder: Path) -> dict[str, str]:
    table = ds.dataset(folder / "dataset" / "articles").to_table(columns=["url", "extraction_status"])
    return dict(zip(table["url"].to_pylist(), table["extraction_status"].to_pylist(), strict=True))


@pytest.mark.parametrize("workers", [1, 3])
def test_the_bytes_do_not_depend_on_the_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setattr("broadsheet.pipelines.derive.parts.PART_ENTRIES", 7)
    files = [warc(tmp_path / "in", f"w{n}", mixed(30)) for n in range(3)]
    run(files, tmp_path / "one", workers=2)
    run(files[::-1], tmp_path / "other", workers=workers)
    assert digests(tmp_path / "one") == digests(tmp_path / "other")
    assert len(digests(tmp_path / "one")) > 30


def test_rows_and_reasons_are_the_entries(tmp_path: Path) -> None:
    exchanges = mixed(50)
    path = warc(tmp_path / "in", "w", exchanges)
    summary = run([path], tmp_path / "c")
    assert summary.counts.entries == 50
    assert summary.counts.articles + summary.counts.reasons.total() == 50
    assert summary.counts.reasons["no answer"] == sum(one.error is not None for one in exchanges)
    captures = ds.dataset(tmp_path / "c" / "dataset" / "captures").to_table()
    assert captures.num_rows == 50
    assert captures.column("depth").to_pylist() == [1] * 50
    assert captures.column("crawl_id").to_pylist() == ["test"] * 50
    assert list(reconcile(Collection(tmp_path / "c"))) == []


def test_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", "w", mixed(10))
    run([path], tmp_path / "c")
    before = digests(tmp_path / "c")
    again = run([path], tmp_path / "c")
    assert (again.derived, again.counts.articles) == (0, 5)
    assert digests(tmp_path / "c") == before


def test_poison_pages_become_rows_and_cost_nothing_else(tmp_path: Path) -> None:
    urls = ["http://a/1", "http://a/kills", "http://a/2", "http://a/sleeps", "http://a/3", "http://a/surrogate"]
    urls += ["http://a/spins", "http://a/4"]
    path = warc(tmp_path / "in", "w", [exchange(url) for url in urls])
    summary = run([path], tmp_path / "c", page_seconds=1.0)
    found = statuses(tmp_path / "c")
    assert found == dict.fromkeys(urls, "ok") | {
        "http://a/kills": "error",
        "http://a/sleeps": "timeout",
        "http://a/spins": "timeout",
    }
    assert summary.counts.failures == 3
    assert list(reconcile(Collection(tmp_path / "c"))) == []


def test_an_extractor_that_raises_is_our_fault_and_costs_the_page_alone(tmp_path: Path) -> None:
    urls = ["http://a/1", "http://a/raises", "http://a/2"]
    summary = run([warc(tmp_path / "in", "w", [exchange(url) for url in urls])], tmp_path / "c")
    assert summary.exit_code == 1
    assert "an extractor must not" in summary.counts.problems[0]
    assert statuses(tmp_path / "c") == dict.fromkeys(urls, "ok") | {"http://a/raises": "error"}


def test_workers_that_cannot_start_end_the_run_with_an_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InternalFault, match="in a row"):
        run([warc(tmp_path / "in", "w", mixed(3))], tmp_path / "c", workers=1, factory="broken")
    assert "cannot be made" in capfd.readouterr().err


def test_a_full_disk_publishes_nothing_by_halves_and_is_gone_on_from(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", "w", mixed(20))
    with pytest.raises(BrokenEnvironment, match="no space"):
        run([path], tmp_path / "c", factory="no_space")
    assert not list((tmp_path / "c" / "dataset").rglob("*.parquet"))
    assert run([path], tmp_path / "c").exit_code == 0
    assert list(reconcile(Collection(tmp_path / "c"))) == []


def test_a_journal_that_finds_no_room_is_told_and_gone_on_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = warc(tmp_path / "in", "w", mixed(20))

    def small(journal: Path) -> sqlite3.Connection:
        db = connect(journal)
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count={pages}")  # it gets none any more: as on a full disk
        return db

    with monkeypatch.context() as full:
        full.setattr("broadsheet.pipelines.derive.extract.connect", small)
        with pytest.raises(BrokenEnvironment, match="the disk refuses"):
            run([path], tmp_path / "c")
    assert run([path], tmp_path / "c").exit_code == 0
    assert list(reconcile(Collection(tmp_path / "c"))) == []


def test_workers_are_recycled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.pipelines.derive.parts.PART_ENTRIES", 5)
    path = warc(tmp_path / "in", "w", [exchange(f"http://a/{n}") for n in range(30)])
    run([path], tmp_path / "c", workers=1, recycle_pages=10)
    assert len(statuses(tmp_path / "c")) == 30


def test_a_wacz_is_read_in_place(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", "w", mixed(10))
    wacz = tmp_path / "x.wacz"
    with zipfile.ZipFile(wacz, "w", zipfile.ZIP_STORED) as archive:
        archive.write(path, "archive/w.warc.gz")
    summary = run([wacz], tmp_path / "c")
    assert summary.counts.entries == 10
    assert list(reconcile(Collection(tmp_path / "c"))) == []


def test_a_damaged_record_costs_itself_and_is_said(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", "w", [exchange(f"http://a/{n}") for n in range(10)])
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20] = b"\xff" * 20
    path.write_bytes(data)
    summary = run([path], tmp_path / "c")
    assert summary.exit_code == 1
    assert summary.counts.damage
    assert len(statuses(tmp_path / "c")) >= 8


def test_a_record_that_is_damaged_later_is_counted_as_damaged(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", "w", [exchange(f"http://a/{n}") for n in range(10)])
    run([path], tmp_path / "c")
    shutil.rmtree(tmp_path / "c" / "dataset")
    stat, data = path.stat(), bytearray(path.read_bytes())
    answers = [one.offset for one in read_records(WarcSource.of(path)) if one.record_type == "response"]
    data[answers[4] + 30 : answers[4] + 50] = b"\xff" * 20
    path.write_bytes(data)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    counts = run([path], tmp_path / "c").counts
    assert (counts.entries, counts.articles, counts.reasons) == (10, 9, {"damaged": 1})
    (manifest,) = (read_manifest(one) for one in (tmp_path / "c" / "dataset" / "_manifest").rglob("*.json"))
    assert manifest.reasons == {"damaged": 1}
    assert {finding.rule for finding in reconcile(Collection(tmp_path / "c"))} == {JOURNAL_ENTRY.id}


def test_two_files_of_one_name_and_a_changed_file_are_refused(tmp_path: Path) -> None:
    one, other = warc(tmp_path / "a", "w", mixed(3)), warc(tmp_path / "b", "w", mixed(4))
    run([one], tmp_path / "c")
    with pytest.raises(BadInput, match="another file of that name"):
        run([other], tmp_path / "c")
    both = run([one, other], tmp_path / "both")  # in one call each is called by its path below the common folder
    assert both.counts.entries == 7


def captured(folder: Path) -> list[str]:
    """The URLs of the captures that a reader of the dataset sees."""
    return sorted(ds.dataset(folder / "dataset" / "captures").to_table(columns=["url"])["url"].to_pylist())


def whole_gzip(path: Path, target: Path) -> Path:
    """A copy of *path* that is one gzip member."""
    target.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    return target


def test_a_broken_manifest_or_a_lost_file_is_made_anew(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", "w", mixed(10))
    run([path], tmp_path / "c")
    before = digests(tmp_path / "c")
    (manifest,) = (tmp_path / "c" / "dataset" / "_manifest").rglob("*.json")
    manifest.write_text("{")
    assert run([path], tmp_path / "c").counts.entries == 10
    assert digests(tmp_path / "c") == before
    next((tmp_path / "c" / "dataset" / "articles").rglob("*.parquet")).unlink()
    assert run([path], tmp_path / "c").derived == 1
    assert digests(tmp_path / "c") == before


def test_a_table_asked_for_later_is_made_and_those_there_stay(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", "w", mixed(10))
    run([path], tmp_path / "c", tables=("articles", "captures"))
    assert run([path], tmp_path / "c", tables=("captures", "segments")).derived == 1
    (manifest,) = (tmp_path / "c" / "dataset" / "_manifest").rglob("*.json")
    assert set(read_manifest(manifest).tables) == {"articles", "captures", "segments"}
    assert len(captured(tmp_path / "c")) == 10
    assert len(statuses(tmp_path / "c")) == 5
    assert run([path], tmp_path / "c", tables=("articles",)).derived == 0


def test_captures_of_an_earlier_schema_are_not_met_twice(tmp_path: Path) -> None:
    """Before schema 1.1 they lay beside each other, without folders by month."""
    path, folder = warc(tmp_path / "in", "w", mixed(20)), tmp_path / "c"
    run([path], folder, workers=1)
    collection = Collection(folder)
    (captures,) = (collection.dataset / "captures").rglob("*.parquet")
    (place,) = (collection.dataset / "_manifest").rglob("*.json")
    early = collection.dataset / "captures" / captures.name
    captures.rename(early)
    captures.parent.rmdir()
    old = captures.relative_to(collection.dataset).as_posix()
    place.write_text(place.read_text().replace(old, early.relative_to(collection.dataset).as_posix()))
    at = place.stat().st_mtime_ns
    assert list(reconcile(collection)) == []
    spec = ExtractorSpec("stub_extractors:later", "stub000000000002")
    supervised = partial(DeriveSupervisor, spec=spec)
    extract([path], folder, workers=1, supervisor=supervised)
    assert ds.dataset(collection.dataset / "captures").count_rows() == 20
    assert not early.exists()
    assert captures.is_file()
    assert place.stat().st_mtime_ns == at
    assert list(reconcile(collection)) == []
    assert {one.extraction_id for one in map(read_manifest, (collection.dataset / "_manifest").rglob("*.json"))} == {
        "stub000000000001", "stub000000000002",
    }  # fmt: skip


def test_no_two_files_share_their_parts_and_no_folder_hides_them(tmp_path: Path) -> None:
    """x.warc beside x.warc.gz, folders that dataset readers pass by, files outside of the working folder."""
    path = warc(tmp_path / "in", "w", mixed(10))
    other = warc(tmp_path / "x", "v", [exchange(f"http://b/{n}") for n in range(10)])
    path.with_name(path.name.removesuffix(".gz")).write_bytes(gzip.decompress(other.read_bytes()))
    warc(tmp_path / "in" / "_old" / "k=1", "u", mixed(4))
    run([tmp_path / "in"], tmp_path / "c")
    assert len(captured(tmp_path / "c")) == 24
    assert list(reconcile(Collection(tmp_path / "c"))) == []


def test_a_file_is_known_again_whatever_is_named_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = warc(tmp_path / "in" / "a", "w", mixed(4)), warc(tmp_path / "in" / "b", "v", mixed(5))
    run([one], tmp_path / "c")
    run([one, other], tmp_path / "c")
    monkeypatch.chdir(tmp_path / "in" / "b")
    run([Path("../a") / one.name, Path(other.name)], tmp_path / "c")
    assert len(captured(tmp_path / "c")) == 9
    assert not [path for path in (tmp_path / "c").rglob("*.parquet") if ".." in path.parts]


def test_a_file_of_one_member_and_a_compressed_wacz_are_known_again(tmp_path: Path) -> None:
    path = warc(tmp_path / "w", "w", mixed(4))
    whole = whole_gzip(path, tmp_path / "whole.warc.gz")
    wacz = tmp_path / "x.wacz"
    with zipfile.ZipFile(wacz, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(warc(tmp_path / "v", "v", mixed(5)), "archive/v.warc.gz")
    for _ in range(2):
        assert run([whole, wacz], tmp_path / "c").exit_code == 0
        assert len(captured(tmp_path / "c")) == 9


def test_a_collection_inside_its_input_does_not_read_itself(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", "w", mixed(4))
    whole_gzip(warc(tmp_path / "z", "z", mixed(5)), path.with_name("whole.warc.gz"))
    for _ in range(2):
        run([tmp_path / "in"], tmp_path / "in" / "out")
        assert len(captured(tmp_path / "in" / "out")) == 9


def test_a_file_that_was_changed_since_is_refused(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", "w", mixed(4))
    run([path], tmp_path / "c")
    path.write_bytes(warc(tmp_path / "o", "w", mixed(9)).read_bytes())
    with pytest.raises(BadInput, match="was changed since"):
        run([path], tmp_path / "c")


def test_damage_is_said_every_time_and_a_file_that_is_none_costs_itself(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", "w", [exchange(f"http://a/{n}") for n in range(10)])
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 20] = b"\xff" * 20
    path.write_bytes(data)
    (tmp_path / "in" / "error.warc.gz").write_bytes(b"<html>404</html>")
    first, second = (run([tmp_path / "in"], tmp_path / "c") for _ in range(2))
    assert first.counts.damage == second.counts.damage
    assert first.exit_code == second.exit_code == 1
    assert len(statuses(tmp_path / "c")) >= 8


def test_reconcile_finds_a_part_twice_a_changed_text_and_a_part_that_is_gone(tmp_path: Path) -> None:
    run([warc(tmp_path / "in", "w", mixed(10))], tmp_path / "c")
    dataset = tmp_path / "c" / "dataset"
    (path,) = (dataset / "_manifest").rglob("*.json")
    manifest = read_manifest(path)

    def rules() -> set[str]:
        return {finding.rule for finding in reconcile(Collection(tmp_path / "c"))}

    doubled = json.loads(path.read_text())
    for file in doubled["files"]:
        target = file["path"].replace("-000000-", "x-000000-")
        (dataset / target).write_bytes((dataset / file["path"]).read_bytes())
        file["path"] = target
    again = path.with_name("again.json")
    again.write_text(json.dumps(doubled))
    assert rules() == {"row-doubled"}
    for file in doubled["files"]:
        (dataset / file["path"]).unlink()
    again.unlink()
    (articles,) = (dataset / "articles").rglob("*.parquet")
    raw, table = articles.read_bytes(), pq.read_table(articles)
    at = table.schema.get_field_index("text")
    pq.write_table(table.set_column(at, table.schema.field(at), pa.array(["forged"] * table.num_rows)), articles)
    assert rules() == {"manifest-file"}
    articles.write_bytes(raw)
    path.write_text(path.read_text().replace(manifest.warc_filename, "gone.warc.gz"))
    assert rules() == {"part-unknown", "part-missing"}


def test_reconcile_finds_what_does_not_fit(tmp_path: Path) -> None:
    path = warc(tmp_path / "in", "w", mixed(20))
    run([path], tmp_path / "c")
    dataset = tmp_path / "c" / "dataset"
    (articles,) = (dataset / "articles").rglob("*.parquet")
    (manifest,) = (dataset / "_manifest").rglob("*.json")

    def rules() -> set[str]:
        return {finding.rule for finding in reconcile(Collection(tmp_path / "c"))}

    assert rules() == set()
    saved = articles.read_bytes()
    articles.unlink()
    assert rules() == {"manifest-file"}
    articles.write_bytes(saved[:100])
    assert rules() == {"manifest-file"}
    articles.write_bytes(saved)
    articles.with_name("stray.parquet").write_bytes(saved)
    assert rules() == {"part-unknown"}
    articles.with_name("stray.parquet").unlink()
    text = manifest.read_text()
    manifest.write_text(text.replace('"entries": 20', '"entries": 21'))
    assert rules() == {"manifest-count", "row-missing"}
    manifest.write_text(text)
    whole = path.read_bytes()
    path.write_bytes(whole[:-300])
    assert "journal-file" in rules()
    other = warc(tmp_path / "other", "v", mixed(20))
    path.write_bytes(other.read_bytes())
    assert {"journal-entry", "journal-file"} & rules()
    path.unlink()
    assert rules() >= {"journal-file"}
    assert read_manifest(manifest).entries == 20


@pytest.mark.slow
def test_killed_at_any_moment_the_same_call_ends_with_the_same_bytes(tmp_path: Path) -> None:
    """BROADSHEET_KILLS moments; by turns the main process alone, whose workers must end by themselves, and a worker first."""
    kills = int(os.environ.get("BROADSHEET_KILLS", "2"))
    warc(tmp_path / "in", "w", [exchange(f"http://a/{n}") for n in range(520)])  # two parts
    command = [sys.executable, "-m", "broadsheet", "extract", str(tmp_path / "in"), "--workers", "2", "-q", "-o"]
    began = time.monotonic()
    subprocess.run([*command, str(tmp_path / "undisturbed")], check=True, timeout=200, capture_output=True)
    whole = time.monotonic() - began
    expected = digests(tmp_path / "undisturbed")
    rng = random.Random(kills)
    for n in range(kills):
        folder = tmp_path / f"killed{n}"
        process = subprocess.Popen([*command, str(folder)], start_new_session=True, stdout=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.3, whole))
        if n % 2 and (workers := _workers_of(process.pid)):
            with contextlib.suppress(ProcessLookupError):  # it may just have been recycled
                os.kill(rng.choice(workers), signal.SIGKILL)
            time.sleep(rng.uniform(0.0, 1.0))
        process.kill()
        process.wait()
        deadline = time.monotonic() + 20.0  # a worker that was just being started notices when it has started
        while subprocess.run(["pgrep", "-g", str(process.pid)], check=False, capture_output=True).stdout:
            assert time.monotonic() < deadline, "a worker outlived its supervisor"
            time.sleep(0.1)
        done = len(list((folder / "dataset").rglob("*.json")))
        subprocess.run([*command, str(folder)], check=True, timeout=200, capture_output=True)
        assert digests(folder) == expected
        assert list(reconcile(Collection(folder))) == []
        print(f"kill {n}: {done} manifests were there")


def _workers_of(pid: int) -> list[int]:
    """The worker processes of the command *pid*."""
    children = [int(one) for task in Path(f"/proc/{pid}/task").glob("*/children") for one in task.read_text().split()]
    return [one for one in children if b"child_process" in Path(f"/proc/{one}/cmdline").read_bytes()]
