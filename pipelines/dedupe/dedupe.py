"""Deduplication of an extraction: rows -> prints -> candidates -> verified clusters -> the table ``signatures``.

Each step reads what the one before left on disk, a piece at a time; in memory stay some 500 bytes a row.  Nothing is
deleted or changed: the labels are a table of their own, to be joined by ``id, extraction_id``.  All rows are looked at
again when any are new: a new row can be the original of old ones, and what is boilerplate of a host changes as it grows.
The result is a function of the rows alone, so a re-run gives the same bytes, and none is needed while the files are the
same.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import scratch_folder
from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.pipelines.dataset.article_scan import ArticleScan, extractions, scan_articles
from broadsheet.pipelines.dataset.card import write_card
from broadsheet.pipelines.dataset.manifest import signatures_path
from broadsheet.pipelines.dataset.signatures import (
    published_inputs,
    publishing_signatures,
    read_signatures,
)
from broadsheet.pipelines.dedupe.candidates import ALGORITHM, PERMUTATIONS, SEED
from broadsheet.pipelines.dedupe.defaults import THRESHOLD
from broadsheet.pipelines.dedupe.find import Labels, find_clusters
from broadsheet.pipelines.dedupe.prints import OnProgress, RowPrints
from broadsheet.pipelines.dedupe.relation import MIN_SHINGLES
from broadsheet.pipelines.dedupe.rows import Rows, read_rows

METHOD_VERSION = "3"  # raise it with every change that can change a label
_BATCH = 1_000
_TOP = 10


@dataclass(frozen=True, slots=True)
class HostCount:
    """A host and how many of its rows are duplicates."""

    host: str
    duplicates: int


@dataclass(frozen=True, slots=True)
class ClusterCount:
    """A cluster: the id of its kept row, and how many rows it has."""

    id: str
    rows: int


@dataclass(frozen=True, slots=True)
class DedupeSummary:
    """What was found in one extraction.  ``compared``: rows with enough text.  ``fresh``: False when the published
    signatures were those of the same rows and nothing had to be done; then the counts are of the file."""

    extraction_id: str
    path: Path
    fresh: bool
    rows: int
    compared: int
    clusters: int
    duplicates: int
    relations: dict[str, int]
    top_hosts: tuple[HostCount, ...]
    largest: tuple[ClusterCount, ...]


def dedupe(
    directory: Path,
    *,
    extraction_id: str | None = None,
    threshold: float = THRESHOLD,
    on_progress: OnProgress | None = None,
) -> tuple[DedupeSummary, ...]:
    """Label the duplicates among the articles of the collection *directory*: of one extraction, or of each.

    *threshold* is the Jaccard similarity, over three words in a row, from which on two texts are versions of one.
    Temporary files take about 7 kB a row.

    Raises:
        BadInput: no such collection or extraction; the collection has no articles; another command works on it.
        BrokenEnvironment: the disk refuses; the old labels stay.
        CorruptArchive: a file of the dataset cannot be read.
    """
    collection = Collection.open(directory)
    with collection.locked():
        wanted = [one.extraction_id for one in extractions(collection)] if extraction_id is None else [extraction_id]
        if not wanted:
            raise BadInput(str(directory), "has no articles", "Run `broadsheet extract` on it first.")
        scans = [scan_articles(collection, one) for one in wanted]
        found = tuple(_dedupe_one(collection, scan, threshold, on_progress or (lambda *_: None)) for scan in scans)
        write_card(collection)
        return found


def _dedupe_one(collection: Collection, scan: ArticleScan, threshold: float, on_progress: OnProgress) -> DedupeSummary:
    method = _method(threshold)
    stated = json.dumps([sorted(method.items()), scan.fingerprint()])
    inputs = hashlib.sha256(stated.encode()).hexdigest()
    fresh = published_inputs(collection, scan.extraction_id) != inputs
    rows = read_rows(scan)
    if fresh:
        with _scratch(collection) as folder, RowPrints(rows, folder) as prints:
            prints.read(scan, on_progress)
            labels = find_clusters(prints, folder, threshold, on_progress)
            with publishing_signatures(collection, scan.extraction_id, method, inputs) as writer:
                for start in range(0, len(rows), _BATCH):
                    writer.write(_columns(prints, labels, start, min(start + _BATCH, len(rows))))
    return _summary(collection, scan, rows, fresh)


@contextmanager
def _scratch(collection: Collection) -> Iterator[Path]:
    """A folder for temporary files; what a killed run left behind is removed first."""
    with os_errors_of(collection.temporary):
        collection.temporary.mkdir(exist_ok=True)
        with scratch_folder(collection.temporary / "dedupe") as folder:
            yield folder


def _method(threshold: float) -> dict[str, str]:
    """How the signatures were made, for the file's metadata."""
    return {
        "method": f"broadsheet dedupe {METHOD_VERSION}",
        "minhash": f"{ALGORITHM}, {PERMUTATIONS} permutations, seed {SEED}",
        "shingles": "3 words (NFKC, case folded); unspaced scripts: docs/dedupe.md; 32-bit hashes",
        "threshold": repr(threshold),
    }


def _columns(prints: RowPrints, labels: Labels, start: int, stop: int) -> dict[str, list[Any]]:
    """The columns of ``signatures`` for the rows from *start* to *stop* (not included)."""
    numbers = range(start, stop)
    found = [labels.relation_of(row, prints) for row in numbers]
    ids = prints.rows.id_of
    sizes = labels.sizes[labels.kept[start:stop]].tolist()
    return {
        "id": [ids(row) for row in numbers],
        "duplicate_of": [None if one is None else ids(int(labels.kept[row])) for row, one in zip(numbers, found)],
        "relation": [None if one is None else one[0] for one in found],
        "score": [None if one is None else one[1] for one in found],
        "cluster_id": [ids(int(labels.kept[row])) if size > 1 else None for row, size in zip(numbers, sizes)],
        "cluster_size": sizes,
        "shingle_count": [int(prints.shingle_count(row)) for row in numbers],
        "minhash": [prints.signature(row) for row in numbers],
    }


def _summary(collection: Collection, scan: ArticleScan, rows: Rows, fresh: bool) -> DedupeSummary:
    """What the published file says; its rows are numbered as *rows* are."""
    relations: Counter[str] = Counter()
    hosts: Counter[str] = Counter()
    clusters: Counter[str] = Counter()
    row = compared = 0
    columns = ["relation", "shingle_count", "cluster_id"]
    for batch in read_signatures(collection, scan.extraction_id, columns):
        for relation, shingles, cluster in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            compared += shingles >= MIN_SHINGLES
            if cluster is not None:
                clusters[cluster] += 1
            if relation is not None:
                relations[relation] += 1
                hosts[rows.host_names[rows.hosts[row]]] += 1
            row += 1
    return DedupeSummary(
        extraction_id=scan.extraction_id,
        path=signatures_path(collection, scan.extraction_id),
        fresh=fresh,
        rows=row,
        compared=compared,
        clusters=len(clusters),
        duplicates=relations.total(),
        relations=dict(sorted(relations.items())),
        top_hosts=tuple(HostCount(*item) for item in sorted(hosts.items(), key=_largest_first)[:_TOP]),
        largest=tuple(ClusterCount(*item) for item in sorted(clusters.items(), key=_largest_first)[:_TOP]),
    )


def _largest_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
