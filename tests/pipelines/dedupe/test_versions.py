"""Versions of one URL are no duplicates of each other, and no filter or label takes the last copy of an article."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from made_articles import EXTRACTION, Made, make_collection
from numpy.typing import NDArray

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.current import Selection, select
from broadsheet.pipelines.dataset.filters import RowFilter
from broadsheet.pipelines.dataset.manifest import signatures_path
from broadsheet.pipelines.dataset.query import querying
from broadsheet.pipelines.dataset.record_store import RecordStore
from broadsheet.pipelines.dataset.records import ArticleRow, SignatureRow
from broadsheet.pipelines.dataset.table import Table
from broadsheet.pipelines.dedupe.clusters import without_versions
from broadsheet.pipelines.dedupe.dedupe import dedupe
from broadsheet.pipelines.export.choice import LABEL_COLUMNS, choose
from tests.pipelines.dedupe.test_dedupe import row, story

TEXTS = [story(seed, 4) for seed in range(3)]
captured = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["/a", "/b", "/c"]), st.sampled_from(["x.example", "y.example"])),
    min_size=1,
    max_size=9,
)


def made(captures: list[tuple[int, str, str]]) -> list[Made]:
    """A capture a day: one of three texts (3: one that no other has) of a page."""
    return [
        replace(row(f"r{day}", TEXTS[text] if text < 3 else story(100 + day, 4), day, host), path=path)
        for day, (text, path, host) in enumerate(captures)
    ]


def url(one: Made) -> str:
    return f"https://{one.host}{one.path}"


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 9)), min_size=1, max_size=12))
def test_labels(rows: list[tuple[int, int, int]]) -> None:
    """*rows*: cluster, URL, time; the lowest row of a cluster is the kept one."""
    clusters, urls, times = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    firsts = {cluster: int(np.flatnonzero(clusters == cluster)[0]) for cluster in set(clusters.tolist())}
    kept: NDArray[np.int64] = np.array([firsts[cluster] for cluster in clusters.tolist()], np.int64)
    found = without_versions(kept, urls.astype(np.uint64), times)
    for number, to in enumerate(found.tolist()):
        assert found[to] == to, "a duplicate is one of a row that is kept"
        assert to in (number, kept[number])
        assert to == number or urls[to] != urls[number], "versions are no duplicates"
    for one in set(urls.tolist()):
        own = np.flatnonzero(urls == one)
        newest = max(own.tolist(), key=lambda n: (times[n], n))
        if found[newest] != newest:
            assert not (found[own] == own).any(), "the newest version is a duplicate, and an older one is not"


def exported(collection: Collection, where: RowFilter, *, latest: bool) -> set[str]:
    selection: Selection = select(collection)
    store = RecordStore(collection)
    marks = Table("signatures", SignatureRow, selection, store, columns=LABEL_COLUMNS)
    choice = choose(selection, store, where, marks, latest=latest)
    table = Table("articles", ArticleRow, selection, store, where=where, columns=["id"])
    ids = [one.id for one in table]
    assert len(choice.kept) == len(ids)
    assert choice.duplicates + choice.older_versions + choice.kept.sum() == len(ids)
    return {one for one, kept in zip(ids, choice.kept.tolist(), strict=True) if kept}


@settings(max_examples=4, deadline=None)
@given(captured)
def test_one_of_each_cluster_is_exported(tmp_path_factory: Any, captures: list[tuple[int, str, str]]) -> None:
    rows = made(captures)
    collection = make_collection(tmp_path_factory.mktemp("made") / "c", rows, files=2)
    dedupe(collection.directory)
    labels = {one["id"]: one for one in pq.read_table(signatures_path(collection, EXTRACTION)).to_pylist()}
    clusters = {one: label["duplicate_of"] or one for one, label in labels.items()}
    newest = {url(one): one.id for one in rows}
    for host in (None, "x.example", "y.example"):
        fits = {one.id: one for one in rows if host in (None, one.host)}
        where = RowFilter(hosts=(host,) if host else ())
        whole = exported(collection, where, latest=False)
        assert {clusters[one] for one in whole} == {clusters[one] for one in fits}, "a cluster is lost"
        if host is None:
            assert len(whole) == len({clusters[one] for one in whole}), "a cluster is doubled"
        for address, one in newest.items():
            of_url = {id_ for id_, made_row in fits.items() if url(made_row) == address}
            assert not (of_url & whole) or one in whole, "an outdated version stands for the newest"
        last = exported(collection, where, latest=True)
        assert last <= whole
        assert last == {one for one in whole if one in newest.values()}


def test_a_record_that_came_in_twice_is_exported_once(tmp_path: Path) -> None:
    """As datasets of earlier versions have it: two rows of one id."""
    rows = made([(0, "/a", "x.example"), (1, "/b", "x.example")])
    collection = make_collection(tmp_path / "c", [*rows, *rows], files=2)
    dedupe(collection.directory)
    assert exported(collection, RowFilter(), latest=False) == {"<urn:r0>", "<urn:r1>"}
    assert exported(collection, RowFilter(), latest=True) == {"<urn:r0>", "<urn:r1>"}


def test_latest_is_the_same_in_python_and_in_sql(tmp_path: Path) -> None:
    rows = made([(0, "/a", "x.example"), (1, "/a", "x.example"), (2, "/a", "y.example"), (0, "/b", "y.example")])
    collection = make_collection(tmp_path / "c", [rows[1], rows[3], rows[0], rows[2]])
    table = Table("articles", ArticleRow, select(collection), RecordStore(collection), where=RowFilter(latest=True))
    assert [one.id for one in table] == ["<urn:r1>", "<urn:r3>", "<urn:r2>"]
    assert len(table) == 3
    assert table.to_arrow().num_rows == 3
    with querying(collection, "SELECT id, fetch_month FROM articles_latest ORDER BY id") as result:
        found = pa.Table.from_batches(result.batches).to_pylist()
    assert [one["id"] for one in found] == ["<urn:r1>", "<urn:r2>", "<urn:r3>"]
    assert {one["fetch_month"] for one in found} == {f"{rows[0].fetched:%Y-%m}"}
    since = RowFilter(fetched_since=rows[3].fetched)
    assert [
        one.id for one in Table("articles", ArticleRow, select(collection), RecordStore(collection), where=since)
    ] == ["<urn:r3>"]
