"""Journal, WARC files, manifests and Parquet are held against each other: each way in which they can disagree is found, and
nothing else is."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from small_warcs import answered, write_warc

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.derive.extract import extract
from broadsheet.pipelines.derive.messages import ExtractorSpec
from broadsheet.pipelines.derive.supervisor import DeriveSupervisor
from broadsheet.pipelines.reconcile.reconcile import reconcile

STUBS = Path(__file__).parents[1] / "derive"
PAGES = 8


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A WARC with eight pages and a picture, and the collection that it was extracted into."""
    folder = tmp_path_factory.mktemp("made")
    exchanges = [answered(f"http://a/{n}", f"<p>Text {n}</p>") for n in range(PAGES)]
    warc = write_warc(folder / "in", "w", [*exchanges, answered("http://a/i.png", b"\x89PNG", kind="image/png")])
    spec = ExtractorSpec("stub_extractors:stub", "stub000000000001")

    def supervisor(collection: Collection, **given: object) -> DeriveSupervisor:
        return DeriveSupervisor(collection, spec=spec, **given)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(STUBS))
        extract([warc], folder / "c", workers=1, supervisor=supervisor)
    return folder


@pytest.fixture
def extracted(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    shutil.copytree(made / "c", tmp_path / "c")
    return tmp_path / "c"


def rules(folder: Path) -> set[str]:
    return {finding.rule for finding in reconcile(Collection(folder))}


def manifest_of(folder: Path) -> Path:
    (path,) = (folder / "dataset" / "_manifest").rglob("*.json")
    return path


def forge(folder: Path, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Let *table* hold other rows, and the manifest say that these were published."""
    (path,) = (folder / "dataset" / table).rglob("*.parquet")
    changed = change(pq.read_table(path))
    pq.write_table(changed, path)
    manifest = json.loads(manifest_of(folder).read_text())
    for file in manifest["files"]:
        if file["table"] == table:
            file |= {"rows": changed.num_rows, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    manifest_of(folder).write_text(json.dumps(manifest))


def replaced(table: pa.Table, column: str, row: int, value: object) -> pa.Table:
    values = table[column].to_pylist()
    values[row] = value
    at = table.schema.get_field_index(column)
    return table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type))


def test_what_fits_has_no_findings(extracted: Path) -> None:
    assert rules(extracted) == set()
    forge(
        extracted, "articles", lambda rows: rows
    )  # so what follows is found for what it is, not for having been touched
    assert rules(extracted) == set()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("warc_record_offset", 1),
        ("warc_record_length", 1),
        ("warc_record_id", "<urn:uuid:0>"),
        ("url", "http://a/elsewhere"),
    ],
)
def test_a_row_that_does_not_lead_to_its_record(extracted: Path, column: str, value: object) -> None:
    forge(extracted, "articles", lambda rows: replaced(rows, column, 3, value))
    assert "row-dangling" in rules(extracted)


def test_a_row_that_stands_twice_in_place_of_another(extracted: Path) -> None:
    forge(extracted, "captures", lambda rows: rows.take([*range(PAGES), PAGES - 1]))
    assert "row-doubled" in rules(extracted)


def test_rows_that_are_not_there(extracted: Path) -> None:
    forge(extracted, "articles", lambda rows: rows.slice(1))
    assert rules(extracted) == {"row-missing"}


def test_a_page_that_only_one_table_has(extracted: Path) -> None:
    forge(extracted, "captures", lambda rows: replaced(rows, "is_page", 3, value=False))
    assert rules(extracted) == {"row-missing"}


def test_a_segment_of_no_record(extracted: Path) -> None:
    def elsewhere(rows: pa.Table) -> pa.Table:
        at = rows.schema.get_field_index("id")
        return rows.set_column(at, rows.schema.field(at), pc.replace_substring(rows["id"], "w-", "v-"))

    forge(extracted, "segments", elsewhere)
    assert rules(extracted) == {"row-dangling"}


def test_counts_that_do_not_add_up(extracted: Path) -> None:
    manifest = json.loads(manifest_of(extracted).read_text())
    manifest["reasons"]["not HTML"] += 1
    manifest_of(extracted).write_text(json.dumps(manifest))
    assert rules(extracted) == {"manifest-count"}


def journalled(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "collection.sqlite")) as db, db:
        db.execute(statement)


def test_a_file_that_is_longer_or_shorter_than_its_journal(made: Path, extracted: Path) -> None:
    journalled(extracted, "UPDATE warcs SET size = size - 1")
    assert "journal-file" in rules(extracted)
    journalled(extracted, "UPDATE warcs SET closed = 0, source = NULL")  # a file that grows may be ahead of its journal
    (warc,) = (made / "in").iterdir()
    (extracted / "archive" / warc.name).write_bytes(warc.read_bytes())
    assert "journal-file" not in rules(extracted)
    journalled(extracted, "UPDATE warcs SET size = size + 2")
    assert "journal-file" in rules(extracted)


def test_an_entry_that_is_only_in_the_journal_or_only_in_the_file(extracted: Path) -> None:
    journalled(extracted, "UPDATE captures SET record_id = '<urn:uuid:0>' WHERE ordinal = 2")
    told = [finding.message for finding in reconcile(Collection(extracted)) if finding.rule == "journal-entry"]
    assert len(told) == 2
    assert "not in the file" in told[0] + told[1]
    assert "is not journalled" in told[0] + told[1]


def test_a_part_that_was_not_made_or_ends_behind_the_journal(extracted: Path) -> None:
    manifest = json.loads(manifest_of(extracted).read_text())
    manifest_of(extracted).write_text(json.dumps(manifest | {"first": 1}))
    assert {"part-missing", "manifest-count"} <= rules(extracted)
    manifest_of(extracted).write_text(json.dumps(manifest | {"stop": PAGES + 2, "entries": PAGES + 2}))
    assert {"part-missing", "manifest-count"} <= rules(extracted)


def test_entries_that_are_in_two_parts(extracted: Path) -> None:
    again = manifest_of(extracted).with_name("again.json")
    again.write_text(manifest_of(extracted).read_text())
    assert rules(extracted) == {"row-doubled"}


def test_a_file_that_was_changed_after_it_was_published(extracted: Path) -> None:
    (path,) = (extracted / "dataset" / "articles").rglob("*.parquet")
    pq.write_table(replaced(pq.read_table(path), "text", 3, "forged"), path)
    assert rules(extracted) == {"manifest-file"}
