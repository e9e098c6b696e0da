"""Clusters of made-up families: found, right, the same for any order, bounded in large buckets, published whole."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from made_articles import EXTRACTION, MOMENT, Made, language, made_press, make_collection, score

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, BrokenEnvironment
from broadsheet.cli import cli
from broadsheet.pipelines.dataset.manifest import signatures_path
from broadsheet.pipelines.dataset.schema import SIGNATURES
from broadsheet.pipelines.dedupe.dedupe import DedupeSummary, dedupe
from broadsheet.pipelines.dedupe.relation import Relation, relate
from broadsheet.pipelines.dedupe.shingles import U32

HERE = Path(__file__).parent


def labels(collection: Collection, extraction: str = EXTRACTION) -> dict[str, dict[str, Any]]:
    rows = pq.read_table(signatures_path(collection, extraction)).to_pylist()
    return {row["id"]: row for row in rows}


def kept(collection: Collection) -> dict[str, str]:
    return {one: str(row["duplicate_of"] or one) for one, row in labels(collection).items()}


def digest(collection: Collection) -> str:
    return hashlib.sha256(signatures_path(collection, EXTRACTION).read_bytes()).hexdigest()


def story(seed: int = 1, paragraphs: int = 8) -> tuple[str, ...]:
    rng = random.Random(seed)
    latin = language("latin")
    return tuple(latin.paragraph(rng, 50) for _ in range(paragraphs))


def row(name: str, paragraphs: Sequence[str], day: int = 0, host: str = "a.example") -> Made:
    when = MOMENT + timedelta(days=day)
    return Made(f"<urn:{name}>", 0, "original", host, f"/{name}", when, when, tuple(paragraphs))


def run(folder: Path, rows: Sequence[Made], **options: object) -> tuple[Collection, DedupeSummary]:
    collection = make_collection(folder / "c", rows)
    (summary,) = dedupe(collection.directory, **options)  # type: ignore[arg-type]
    return collection, summary


@pytest.mark.slow
def test_copies_are_found_and_nothing_else(tmp_path: Path) -> None:
    rows = made_press(11, 2000)
    collection, summary = run(tmp_path, rows)
    recall, precision = score(rows, kept(collection))
    assert recall >= 0.98
    assert precision >= 0.999
    assert summary.rows == len(rows)
    assert set(summary.relations) >= {"exact", "near", "contained"}


@pytest.mark.slow
def test_short_cuts_on_small_hosts_are_found_too(tmp_path: Path) -> None:
    """Five pages a host: little to learn their boilerplate from."""
    rows = made_press(13, 1500, hosts=150, languages=("latin", "cyrillic", "han", "thai"))
    collection, _ = run(tmp_path, rows)
    recall, precision = score(rows, kept(collection))
    assert recall >= 0.98
    assert precision >= 0.999


def test_a_small_press(tmp_path: Path) -> None:
    rows = made_press(3, 60)
    collection, summary = run(tmp_path, rows)
    recall, precision = score(rows, kept(collection))
    assert recall >= 0.98
    assert precision >= 0.999
    table = labels(collection)
    originals = [one for one in rows if one.kind == "original"]
    assert all(table[one.id]["duplicate_of"] is None for one in originals), "the earliest is kept"
    assert all(table[one.id]["relation"] == "exact" for one in rows if one.kind == "exact")
    assert summary.duplicates == sum(one["relation"] is not None for one in table.values())


def test_the_bytes_do_not_depend_on_the_order_of_rows_and_files(tmp_path: Path) -> None:
    rows = made_press(5, 40)
    first = make_collection(tmp_path / "first", rows)
    second = make_collection(tmp_path / "second", sorted(rows, key=lambda one: one.id), files=5)
    for collection in (first, second):
        dedupe(collection.directory)
    assert digest(first) == digest(second)


def test_nothing_is_done_again_for_the_same_rows_and_all_for_new_ones(tmp_path: Path) -> None:
    rows = made_press(6, 40)
    collection, first = run(tmp_path, rows)
    (again,) = dedupe(collection.directory)
    assert (first.fresh, again.fresh) == (True, False)
    assert replace(again, fresh=True) == first
    before = digest(collection)
    make_collection(
        collection.directory, [*rows, replace(rows[0], id="<urn:new>", fetched=rows[0].fetched + timedelta(1))]
    )
    (grown,) = dedupe(collection.directory)
    assert grown.fresh
    assert grown.rows == len(rows) + 1
    assert digest(collection) != before
    whole = make_collection(
        tmp_path / "whole", [*rows, replace(rows[0], id="<urn:new>", fetched=rows[0].fetched + timedelta(1))]
    )
    dedupe(whole.directory)
    assert digest(whole) == digest(collection)
    (other,) = dedupe(collection.directory, threshold=0.9)
    assert other.fresh


def test_relations_and_scores(tmp_path: Path) -> None:
    text = story()
    rows = [
        row("original", text, 0),
        row("exact", [one.upper() for one in text], 1),
        row("near", [*text[:6], *story(2, 2)], 2),
        row("cut", text[:1], 3),
        row("other", story(3), 4),
        row("short", ["Subscribe to read on."], 5),
        row("short-too", ["Subscribe to read on."], 6),
    ]
    collection, summary = run(tmp_path, rows)
    table = labels(collection)
    found = {one.id[5:-1]: (table[one.id]["duplicate_of"], table[one.id]["relation"]) for one in rows}
    assert found == {
        "original": (None, None),
        "exact": ("<urn:original>", "exact"),
        "near": ("<urn:original>", "near"),
        "cut": ("<urn:original>", "contained"),
        "other": (None, None),
        "short": (None, None),
        "short-too": (None, None),
    }
    assert table["<urn:exact>"]["score"] == 1
    assert 0.5 < float(str(table["<urn:near>"]["score"])) < 0.7
    assert float(str(table["<urn:cut>"]["score"])) == pytest.approx(1, abs=0.01)
    assert [table[one.id]["cluster_size"] for one in rows] == [4, 4, 4, 4, 1, 1, 1]
    assert {table[one.id]["cluster_id"] for one in rows[:4]} == {"<urn:original>"}
    assert table["<urn:other>"]["cluster_id"] is None
    assert table["<urn:short>"]["minhash"] is None
    assert len(table["<urn:other>"]["minhash"]) == 512
    assert (summary.clusters, summary.duplicates, summary.compared) == (1, 3, 5)
    schema = pq.read_schema(signatures_path(collection, EXTRACTION))
    assert schema.names == SIGNATURES.names
    assert b"128 permutations" in schema.metadata[b"minhash"]


def test_kept_is_the_earliest_published_then_the_earliest_captured_then_by_id(tmp_path: Path) -> None:
    text = story()
    unknown = replace(row("a", text, 0), published=None)
    late, early = row("b", text, 2), row("c", text, 1)
    early_captured_later = replace(row("d", text, 1), fetched=MOMENT + timedelta(9))
    same_moment = row("bb", text, 1)
    collection, _ = run(tmp_path, [unknown, late, early, early_captured_later, same_moment])
    assert set(kept(collection).values()) == {"<urn:bb>"}


def test_a_digest_does_not_glue_its_stories_together(tmp_path: Path) -> None:
    stories = [story(seed, 3) for seed in range(4)]
    rows = [row(f"s{number}", one, number, f"h{number}.example") for number, one in enumerate(stories)]
    rows.append(row("digest", [paragraph for one in stories for paragraph in one], 9, "digest.example"))
    collection, summary = run(tmp_path, rows)
    assert summary.duplicates == 0
    assert len(set(kept(collection).values())) == 5


def test_a_story_that_two_others_were_cut_from_is_no_digest(tmp_path: Path) -> None:
    text = story(1, 10)
    rows = [row("whole", text, 0), row("a", text[:2], 1, "b.example"), row("b", text[:4], 2, "c.example")]
    collection, _ = run(tmp_path, rows)
    assert set(kept(collection).values()) == {"<urn:whole>"}


def test_boilerplate_of_a_host_glues_no_articles(tmp_path: Path) -> None:
    """More boilerplate than text: without a guard every two of them are near."""
    around = story(99, 3)
    rows = [row(f"p{number}", [around[0], *story(number, 2), *around[1:]], number) for number in range(40)]
    _, summary = run(tmp_path, rows)
    assert summary.duplicates == 0
    without_guard = [replace(one, host=f"{number}.example") for number, one in enumerate(rows)]
    _, summary = run(tmp_path / "hosts", without_guard)
    assert summary.duplicates == 39, "the test's boilerplate is too little to prove anything"


def test_many_copies_of_a_growing_text_are_one_cluster(tmp_path: Path) -> None:
    text = story(1, 60)
    rows = [row(f"v{number}", text[: 5 + number], number, f"{number}.example") for number in range(40)]
    collection, summary = run(tmp_path, rows)
    assert set(kept(collection).values()) == {"<urn:v0>"}
    assert summary.largest[0].rows == 40


def test_captures_of_a_changing_page_are_versions(tmp_path: Path) -> None:
    text = story(1, 60)
    rows = [replace(row(f"v{number}", text[: 5 + number], number), path="/live") for number in range(4)]
    copies = [row(f"c{number}", text[: 5 + number], 9 + number, "copies.example") for number in range(4)]
    collection, summary = run(tmp_path, [*rows, *copies])
    assert [one for one, to in kept(collection).items() if one == to] == [one.id for one in rows]
    assert summary.duplicates == 4


def test_a_large_family_takes_no_quadratic_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    def counted(first: U32, second: U32) -> Relation:
        nonlocal calls
        calls += 1
        return relate(first, second)

    monkeypatch.setattr("broadsheet.pipelines.dedupe.prints.relate", counted)
    latin, rng, text = language("latin"), random.Random(1), story()
    copies = [
        row(
            f"c{number:03d}",
            [latin.edited(rng, one, 0.03) for one in text[: 1 + number % 8]],
            number,
            f"{number}.example",
        )
        for number in range(400)
    ]
    collection, _ = run(tmp_path, copies)
    assert len(set(kept(collection).values())) == 1
    assert calls < 400 * 30, "all pairs would be 80,000"


def test_the_command_line(tmp_path: Path) -> None:
    text = story()
    collection = make_collection(tmp_path / "c", [row("a", text, 0), row("b", text, 1), row("c", story(2), 2)])
    run = CliRunner().invoke(cli, ["dedupe", str(collection.directory)], standalone_mode=False)
    assert run.return_value == 0, run.output
    assert "1 in 1 clusters" in run.output
    run = CliRunner().invoke(cli, ["dedupe", str(collection.directory), "--json", "-q"], standalone_mode=False)
    (answer,) = json.loads(run.stdout)
    assert (answer["fresh"], answer["duplicates"], answer["relations"]) == (False, 1, {"exact": 1})
    assert answer["top_hosts"] == [{"host": "a.example", "duplicates": 1}]
    run = CliRunner().invoke(cli, ["dedupe", str(collection.directory), "--threshold", "2"])
    assert run.exit_code == 2


def test_extractions_are_compared_within_themselves(tmp_path: Path) -> None:
    rows = made_press(7, 20)
    collection = make_collection(tmp_path / "c", rows)
    make_collection(tmp_path / "c", rows, extraction="made000000000002")
    first, second = dedupe(collection.directory)
    assert first.duplicates == second.duplicates
    (one,) = dedupe(collection.directory, extraction_id="made000000000002")
    assert (one.extraction_id, one.fresh) == ("made000000000002", False)
    with pytest.raises(BadInput, match=r"made000000000001, made000000000002"):
        dedupe(collection.directory, extraction_id="nonesuch")


def test_without_articles_it_says_what_to_do(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    with pytest.raises(BadInput, match="broadsheet extract"):
        dedupe(collection.directory)


def test_a_full_disk_leaves_the_old_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made_press(8, 30)
    collection, _ = run(tmp_path, rows)
    before = digest(collection)
    make_collection(collection.directory, rows[:-3])

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(BrokenEnvironment, match="no space"):
        dedupe(collection.directory)
    assert digest(collection) == before
    assert list(collection.temporary.iterdir()) == []


@pytest.mark.slow
def test_killed_at_any_moment_the_old_labels_stay_and_the_next_run_is_right(tmp_path: Path) -> None:
    rows = made_press(9, 300)
    collection, _ = run(tmp_path, rows[:400])
    old = digest(collection)
    make_collection(collection.directory, rows)
    whole = make_collection(tmp_path / "whole", rows)
    dedupe(whole.directory)
    new = digest(whole)
    command = [sys.executable, "-m", "broadsheet", "dedupe", str(collection.directory), "-q"]
    begun = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    took = time.monotonic() - begun
    make_collection(collection.directory, rows[:400])
    dedupe(collection.directory)
    assert digest(collection) == old
    make_collection(collection.directory, rows)
    rng = random.Random(1)
    for _ in range(5):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ})
        time.sleep(rng.uniform(0.3, 1.0) * took)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert digest(collection) in {old, new}
        parquet = [path.name for path in (collection.dataset / "signatures").rglob("*.parquet")]
        assert parquet == ["signatures.parquet"]
    dedupe(collection.directory)
    assert digest(collection) == new
    assert list(collection.temporary.iterdir()) == []
