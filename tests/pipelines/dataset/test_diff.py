"""The difference of two extractions: every row is the same, lost, gained or changed, and how much a text changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.cli import cli
from broadsheet.pipelines.dataset.diff import FieldChange, RowName, diff
from broadsheet.pipelines.dataset.page_columns import text_digest
from broadsheet.pipelines.dataset.schema import ARTICLES
from broadsheet.pipelines.dataset.text_change import ChangeKind, measure

OLD, NEW = "old0000000000001", "new0000000000001"
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def row(number: int, text: str | None = "some words of a text", **values: Any) -> dict[str, Any]:
    blank: dict[str, Any] = {}
    for field in ARTICLES:
        if field.nullable:
            blank[field.name] = None
        elif pa.types.is_list(field.type):
            blank[field.name] = []
        elif pa.types.is_timestamp(field.type):
            blank[field.name] = MOMENT
        else:
            blank[field.name] = "" if pa.types.is_string(field.type) else 0
    named = {"id": f"<urn:{number:04d}>", "url": f"https://a.example/{number}", "extraction_status": "ok"}
    return {**blank, **named, "text": text, "text_sha256": text_digest(text), "title": f"Title {number}", **values}


def publish(directory: Path, extraction: str, rows: Sequence[dict[str, Any]], *, files: int = 1) -> Collection:
    collection = Collection.create(directory)
    folder = collection.dataset / "articles" / extraction
    folder.mkdir(parents=True, exist_ok=True)
    whole = [{**one, "extraction_id": extraction} for one in rows]
    for number in range(files):
        if part := whole[number::files]:
            pq.write_table(pa.Table.from_pylist(part, schema=ARTICLES), folder / f"{number}.parquet")
    return collection


def test_the_same_rows_in_other_files_are_the_same(tmp_path: Path) -> None:
    rows = [row(number, f"text {number}") for number in range(50)]
    publish(tmp_path, OLD, rows)
    publish(tmp_path, NEW, rows[::-1], files=7)
    found = diff(tmp_path, tmp_path, from_id=OLD, to_id=NEW)
    assert (found.same, found.lost, found.gained) == (50, 0, 0)
    assert set(found.changed.values()) == {0}
    assert found.texts == ()


def test_each_kind_of_change_is_told(tmp_path: Path) -> None:
    person = [{"name": "Ann Ho", "url": None}]
    before = [
        row(0),
        row(1),
        row(2, title="Old"),
        row(3, authors=person),
        row(4, date_published=MOMENT),
        row(5, None, extraction_status="empty"),
        row(6, "one two three four"),
    ]
    after = [
        row(0),
        row(2, title="New"),
        row(3),
        row(4),
        row(5, "found at last"),
        row(6, "one two three 5 6"),
        row(7),
    ]
    publish(tmp_path, OLD, before, files=2)
    publish(tmp_path, NEW, after, files=3)
    found = diff(tmp_path, tmp_path)
    assert (found.before.extraction_id, found.after.extraction_id) == (OLD, NEW)
    assert (found.same, found.lost, found.gained) == (1, 1, 1)
    assert found.lost_rows == (RowName("<urn:0001>", "https://a.example/1"),)
    assert found.gained_rows == (RowName("<urn:0007>", "https://a.example/7"),)
    assert found.changed == {"status": 1, "title": 1, "authors": 1, "date_published": 1, "text": 2}
    assert found.transitions == {"empty -> ok": 1}
    one = {
        name: [(change.id, change.before, change.after) for change in changes] for name, changes in found.fields.items()
    }
    assert one == {
        "status": [("<urn:0005>", "empty", "ok")],
        "title": [("<urn:0002>", "Old", "New")],
        "authors": [("<urn:0003>", "Ann Ho", None)],
        "date_published": [("<urn:0004>", "2026-01-02T03:04:05+00:00", None)],
    }
    assert [change.id for change in found.texts] == ["<urn:0005>", "<urn:0006>"], "the most changed first"
    assert found.text_kinds == {"appeared": 1, "words": 1}
    assert found.similarity == {"0.00-0.50": 1, "0.50-0.90": 1}
    last = found.texts[1].measure
    assert (last.words_added, last.words_removed, last.words_before, last.words_after) == (2, 1, 4, 5)
    assert last.similarity == pytest.approx(2 * 3 / 9)
    assert (found.words_added, found.words_removed) == (5, 1)


def test_all_are_counted_and_a_few_listed(tmp_path: Path) -> None:
    publish(tmp_path, OLD, [row(number, "a " * 50 + f"b{number} " * number, title="x") for number in range(30)])
    publish(tmp_path, NEW, [row(number, "a " * 50 + f"c{number} " * number, title="y") for number in range(5, 40)])
    found = diff(tmp_path, tmp_path, from_id=OLD, to_id=NEW, limit=3)
    assert (found.lost, found.gained, found.changed["title"], found.changed["text"]) == (5, 10, 25, 25)
    assert [one.id for one in found.lost_rows] == ["<urn:0000>", "<urn:0001>", "<urn:0002>"]
    assert [one.id for one in found.gained_rows] == ["<urn:0030>", "<urn:0031>", "<urn:0032>"]
    assert [one.id for one in found.fields["title"]] == ["<urn:0005>", "<urn:0006>", "<urn:0007>"]
    assert [one.id for one in found.texts] == ["<urn:0029>", "<urn:0028>", "<urn:0027>"]
    assert sum(found.text_kinds.values()) == 25
    nothing = diff(tmp_path, tmp_path, from_id=OLD, to_id=NEW, limit=0)
    assert (nothing.texts, nothing.lost_rows, nothing.text_kinds) == ((), (), found.text_kinds)


def test_two_collections(tmp_path: Path) -> None:
    publish(tmp_path / "a", OLD, [row(1), row(2)])
    publish(tmp_path / "b", OLD, [row(2), row(3)])
    found = diff(tmp_path / "a", tmp_path / "b")
    assert (found.same, found.lost, found.gained) == (1, 1, 1)


def test_a_row_that_stands_twice_is_compared_once(tmp_path: Path) -> None:
    publish(tmp_path, OLD, [row(1), row(1), row(2)])
    publish(tmp_path, NEW, [row(1), row(2)])
    found = diff(tmp_path, tmp_path, from_id=OLD, to_id=NEW)
    assert (found.before.repeated, found.after.repeated, found.same) == (1, 0, 2)


def test_what_is_not_there_is_said_with_what_is(tmp_path: Path) -> None:
    publish(tmp_path, OLD, [row(1)])
    with pytest.raises(BadInput, match=f"holds only extraction {OLD}"):
        diff(tmp_path, tmp_path)
    publish(tmp_path, NEW, [row(1)])
    with pytest.raises(BadInput, match=f"nonesuch.*{NEW}, {OLD}"):
        diff(tmp_path, tmp_path, from_id="nonesuch")
    with pytest.raises(BadInput, match="has no articles"):
        diff(Collection.create(tmp_path / "empty").directory, tmp_path)


def test_a_torn_file_is_named(tmp_path: Path) -> None:
    collection = publish(tmp_path, OLD, [row(1)])
    publish(tmp_path, NEW, [row(1)])
    torn = collection.dataset / "articles" / NEW / "0.parquet"
    torn.write_bytes(torn.read_bytes()[:-100])
    with pytest.raises(CorruptArchive, match=r"0\.parquet"):
        diff(tmp_path, tmp_path)


def test_the_command_line(tmp_path: Path) -> None:
    publish(tmp_path, OLD, [row(1), row(2, "erste Zeile\n\nzweite Zeile"), row(3)])
    publish(tmp_path, NEW, [row(1, title="[b]Other[/b]"), row(2, "zweite Zeile\n\ndritte")])
    run = CliRunner().invoke(cli, ["diff", str(tmp_path), "--from", OLD, "--to", NEW], standalone_mode=False)
    assert run.return_value == 0, run.output
    assert "lost, gained" in run.output
    assert "'Title 1' -> '[b]Other[/b]'" in run.output
    assert "- erste Zeile" in run.output
    assert "+ dritte" in run.output
    run = CliRunner().invoke(cli, ["diff", str(tmp_path), "--json", "-q"], standalone_mode=False)
    answer = json.loads(run.stdout)
    assert (answer["lost"], answer["changed"]["title"], answer["changed"]["text"]) == (1, 1, 1)
    assert answer["texts"][0]["measure"]["kind"] == "words"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("a b", None, ChangeKind.VANISHED),
        (None, "a b", ChangeKind.APPEARED),
        ("", "a b", ChangeKind.APPEARED),
        ("one two.\n\nthree", "one, two three", ChangeKind.TYPOGRAPHY),
        ("one two three", "three one two", ChangeKind.ORDER),
        ("one two", "one", ChangeKind.WORDS),
        ("One", "one", ChangeKind.WORDS),
    ],
)
def test_kinds_of_text_change(before: str | None, after: str | None, kind: ChangeKind) -> None:
    assert measure(before, after).kind is kind


def test_characters_are_counted_where_words_are_not_parted() -> None:
    change = measure("北京大学", "北京大")
    assert (change.words_before, change.words_removed, change.words_added) == (4, 1, 0)


@given(st.text(), st.text())
def test_measures_add_up(before: str, after: str) -> None:
    change = measure(before, after)
    assert change.words_before - change.words_removed == change.words_after - change.words_added >= 0
    assert 0 <= change.similarity <= 1
    back = measure(after, before)
    assert (back.similarity, back.words_added) == (change.similarity, change.words_removed)


def test_the_rows_that_were_read_are_no_more_than_changed(tmp_path: Path) -> None:
    before = [row(number, f"text {number}") for number in range(1200)]
    after = [*before[:700], row(700, "other", title="t"), *before[701:]]
    publish(tmp_path, OLD, before)
    publish(tmp_path, NEW, after)
    found = diff(tmp_path, tmp_path, from_id=OLD, to_id=NEW)
    assert found.same == 1199
    assert found.fields["title"] == (FieldChange("<urn:0700>", "https://a.example/700", "Title 700", "t"),)
    assert [one.id for one in found.texts] == ["<urn:0700>"]
