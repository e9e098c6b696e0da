"""What changed between two extractions of the same captures: is the new extractor better, and where does it hurt?

Rows are matched by id (the WARC record), so the two may lie in one collection or in two, in files of any layout.  The
first pass reads no text: five fingerprints a row tell which rows were lost, gained or changed, in 64 bytes of memory a
row and side.  The second reads the texts of rows that changed: the old ones wait on disk until their new ones come by.
Every change is counted; only the first, or of texts the greatest, are listed.
"""

from __future__ import annotations

import heapq
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import temporary_folder
from broadsheet.archive.errors import BadInput, from_os_error
from broadsheet.pipelines.array_spool import ArraySpool
from broadsheet.pipelines.dataset.article_scan import ArticleScan, extractions, scan_articles
from broadsheet.pipelines.dataset.defaults import DIFFERENCES_LISTED
from broadsheet.pipelines.dataset.text_change import TextMeasure, measure

_TEXT = 4  # the place of text among FIELDS
_ID, _URL = 4, 5  # among what is printed of a row
FIELDS = ("status", "title", "authors", "date_published", "text")
_PRINTED = ["id", "extraction_status", "title", "authors", "date_published", "text_sha256"]
_SHOWN = ["id", "url", "extraction_status", "title", "authors", "date_published", "text"]
_BINS = (0.5, 0.9, 0.99)  # similarities between which changed texts are counted


@dataclass(frozen=True, slots=True)
class RowName:
    """A row."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a row that is not what it was."""

    id: str
    url: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text that is not what it was, and how much it is not."""

    id: str
    url: str
    measure: TextMeasure


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two extractions.  ``repeated``: rows whose id stands in it before; they are left out."""

    directory: Path
    extraction_id: str
    rows: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different in ``after``.  The numbers count all, the lists hold some: the first ``limit`` rows in the order of
    the dataset, of ``texts`` the most changed.

    ``changed`` counts by field, ``transitions`` statuses ("empty -> ok"), ``text_kinds`` what a text change is,
    ``similarity`` changed texts by how much is left ("0.50-0.90").
    """

    before: Side
    after: Side
    same: int
    lost: int
    gained: int
    changed: dict[str, int]
    transitions: dict[str, int]
    text_kinds: dict[str, int]
    similarity: dict[str, int]
    words_added: int
    words_removed: int
    lost_rows: tuple[RowName, ...]
    gained_rows: tuple[RowName, ...]
    fields: dict[str, tuple[FieldChange, ...]]
    texts: tuple[TextChange, ...]


def diff(
    before: Path, after: Path, *, from_id: str | None = None, to_id: str | None = None, limit: int = DIFFERENCES_LISTED
) -> Difference:
    """Compare an extraction in the collection *before* with one in *after*, which may be the same collection.

    Without ids: the two newest of one collection, or the newest of each of two.

    Raises:
        BadInput: no such collection or extraction (the message lists those there are), or nothing to compare with.
        CorruptArchive: a file of the dataset cannot be read.
    """
    first, second = _choose(Collection.open(before), Collection.open(after), from_id, to_id)
    comparison = _Comparison(_Prints.of(first), _Prints.of(second), limit)
    try:
        with temporary_folder("diff") as folder:
            return comparison.run(before, after, Path(folder))
    except OSError as error:
        raise from_os_error(error, tempfile.gettempdir()) from error


def _choose(
    before: Collection, after: Collection, from_id: str | None, to_id: str | None
) -> tuple[ArticleScan, ArticleScan]:
    here = before.directory.resolve() == after.directory.resolve()
    if to_id is None:
        taken = {from_id} if here else set()
        to_id = _newest(after, taken)
    if from_id is None:
        from_id = _newest(before, {to_id} if here else set())
    return scan_articles(before, from_id), scan_articles(after, to_id)


def _newest(collection: Collection, taken: set[str | None]) -> str:
    present = [one.extraction_id for one in extractions(collection)]
    left = [one for one in present if one not in taken]
    if not left:
        there = f"holds only extraction {present[0]}" if present else "has no articles"
        raise BadInput(str(collection.directory), there, "Extract with another version, or name a second collection.")
    return left[-1]


@dataclass(frozen=True, slots=True)
class _Prints:
    """Of each row of ``scan``, in the order of ``keys``: its place in the scan, and a fingerprint of each of FIELDS."""

    scan: ArticleScan
    rows: int
    keys: NDArray[np.int64]
    places: NDArray[np.int64]
    fields: NDArray[np.int64]

    @classmethod
    def of(cls, scan: ArticleScan) -> _Prints:
        # hash() is good for one process, which is all it takes; 64 bits meet by chance once in 10^7 million-row diffs
        parts: list[NDArray[np.int64]] = [np.empty((0, 1 + len(FIELDS)), np.int64)]
        for batch in scan.batches(_PRINTED):
            columns = [column.to_pylist() for column in batch.columns]
            columns[3] = [_names(authors) for authors in columns[3]]
            parts.append(np.array([[hash(value) for value in row] for row in zip(*columns, strict=True)], np.int64))
        prints = np.concatenate(parts)
        keys, places = np.unique(prints[:, 0], return_index=True)
        return cls(scan, len(prints), keys, places, prints[places, 1:])


class _Comparison:
    """Rows that both sides have are *pairs*, numbered; ``_old_row`` and ``_new_row`` say which row of each side."""

    def __init__(self, old: _Prints, new: _Prints, limit: int) -> None:
        self._old, self._new, self._limit = old, new, limit
        _, self._old_row, self._new_row = np.intersect1d(old.keys, new.keys, assume_unique=True, return_indices=True)
        self._changed = old.fields[self._old_row] != new.fields[self._new_row]
        self._lost = np.setdiff1d(np.arange(len(old.keys)), self._old_row)
        self._gained = np.setdiff1d(np.arange(len(new.keys)), self._new_row)
        self._listed = [self._first_pairs(field) for field in range(_TEXT)]
        self._found: list[dict[int, FieldChange]] = [{} for _ in range(_TEXT)]
        self._before: dict[int, tuple[str | None, ...]] = {}
        self._transitions: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self._similarity: Counter[str] = Counter()
        self._words_added = self._words_removed = 0
        self._greatest: list[tuple[float, int, int, TextChange]] = []  # a heap, the least change first

    def run(self, before: Path, after: Path, folder: Path) -> Difference:
        old, new = self._old, self._new
        lost, gained = _first(old, self._lost, self._limit), _first(new, self._gained, self._limit)
        lost_names, gained_names = self._read(lost, gained, folder)
        return Difference(
            before=Side(before, old.scan.extraction_id, old.rows, old.rows - len(old.keys)),
            after=Side(after, new.scan.extraction_id, new.rows, new.rows - len(new.keys)),
            same=int((~self._changed.any(axis=1)).sum()),
            lost=len(self._lost),
            gained=len(self._gained),
            changed={name: int(count) for name, count in zip(FIELDS, self._changed.sum(axis=0), strict=True)},
            transitions=dict(sorted(self._transitions.items(), key=lambda item: (-item[1], item[0]))),
            text_kinds=dict(sorted(self._kinds.items())),
            similarity=dict(sorted(self._similarity.items())),
            words_added=self._words_added,
            words_removed=self._words_removed,
            lost_rows=tuple(lost_names[row] for row in lost),
            gained_rows=tuple(gained_names[row] for row in gained),
            fields={
                name: tuple(self._found[field][pair] for pair in self._listed[field])
                for field, name in enumerate(FIELDS[:_TEXT])
            },
            texts=tuple(entry[-1] for entry in sorted(self._greatest, reverse=True)),
        )

    def _first_pairs(self, field: int) -> list[int]:
        """The pairs whose *field* changed, the first *limit* in the order of the old rows."""
        pairs = np.flatnonzero(self._changed[:, field])
        places = self._old.places[self._old_row[pairs]]
        return [int(pair) for pair in pairs[np.argsort(places)[: self._limit]]]

    def _read(self, lost: list[int], gained: list[int], folder: Path) -> tuple[dict[int, RowName], dict[int, RowName]]:
        """Read the rows that changed; the names of the rows *lost* and *gained*, by row."""
        names: tuple[dict[int, RowName], dict[int, RowName]] = ({}, {})
        shown = self._changed[:, [0, _TEXT]].any(axis=1)
        shown[[pair for pairs in self._listed for pair in pairs]] = True
        with ArraySpool(folder / "texts", len(self._old_row), np.uint8) as texts:
            for row, pair, values, text in _rows(self._old, self._old_row, shown, lost):
                if pair < 0:
                    names[0][row] = RowName(values[_ID] or "", values[_URL] or "")
                    continue
                self._before[pair] = values
                if self._changed[pair, _TEXT]:
                    texts.put(pair, np.frombuffer((text or "").encode(), np.uint8))
                    if not self._is_listed(pair) and not self._changed[pair, 0]:
                        del self._before[pair]
            for row, pair, values, text in _rows(self._new, self._new_row, shown, gained):
                if pair < 0:
                    names[1][row] = RowName(values[_ID] or "", values[_URL] or "")
                    continue
                self._compare_fields(pair, values)
                if self._changed[pair, _TEXT]:
                    self._compare_texts(pair, values, texts.get(pair).tobytes().decode(), text)
        return names

    def _is_listed(self, pair: int) -> bool:
        return any(pair in pairs for pairs in self._listed)

    def _compare_fields(self, pair: int, values: tuple[str | None, ...]) -> None:
        before = self._before.pop(pair, None)
        if before is None:
            return
        if self._changed[pair, 0]:
            self._transitions[f"{before[0]} -> {values[0]}"] += 1
        for field, pairs in enumerate(self._listed):
            if pair in pairs:
                row_id, url = values[_ID] or "", values[_URL] or ""
                self._found[field][pair] = FieldChange(row_id, url, before[field], values[field])

    def _compare_texts(self, pair: int, values: tuple[str | None, ...], old: str, new: str | None) -> None:
        change = measure(old, new)
        self._kinds[change.kind.value] += 1
        self._similarity[_bin(change.similarity)] += 1
        self._words_added += change.words_added
        self._words_removed += change.words_removed
        words = change.words_added + change.words_removed
        entry = (-change.similarity, words, -pair, TextChange(values[_ID] or "", values[_URL] or "", change))
        if len(self._greatest) < self._limit:
            heapq.heappush(self._greatest, entry)
        elif self._limit:
            heapq.heappushpop(self._greatest, entry)


def _first(side: _Prints, rows: NDArray[np.int64], limit: int) -> list[int]:
    """The first *limit* of *rows* in the order of the dataset."""
    return [int(row) for row in rows[np.argsort(side.places[rows])[:limit]]]


def _rows(
    side: _Prints, row_of_pair: NDArray[np.int64], shown: NDArray[np.bool_], alone: list[int]
) -> Iterator[tuple[int, int, tuple[str | None, ...], str | None]]:
    """The rows of *side* that are in a pair to be *shown* or stand *alone*: row, pair (or -1), what is printed of it
    (FIELDS without the text, id, URL), text."""
    pairs = np.full(len(side.keys), -1, np.int64)
    pairs[row_of_pair] = np.arange(len(row_of_pair))
    wanted = np.zeros(len(side.keys), np.bool_)
    wanted[row_of_pair[shown]] = True
    wanted[alone] = True
    row_at = np.full(side.rows, -1, np.int64)
    row_at[side.places[wanted]] = np.flatnonzero(wanted)
    begin = 0
    for batch in side.scan.batches(_SHOWN):
        rows = row_at[begin : begin + batch.num_rows]
        begin += batch.num_rows
        here = np.flatnonzero(rows >= 0)
        for row, values in zip(rows[here].tolist(), batch.take(here).to_pylist(), strict=True):
            yield row, int(pairs[row]), _printed(values), values["text"]


def _printed(values: dict[str, Any]) -> tuple[str | None, ...]:
    published: datetime | None = values["date_published"]
    return (
        values["extraction_status"],
        values["title"],
        _names(values["authors"]) or None,
        None if published is None else published.isoformat(),
        values["id"],
        values["url"],
    )


def _names(authors: list[dict[str, Any]]) -> str:
    return "; ".join(author["name"] or "" for author in authors)


def _bin(similarity: float) -> str:
    edges = (0.0, *_BINS, 1.0)
    place = next(index for index, edge in enumerate(edges[1:]) if similarity < edge or edge == 1.0)
    return f"{edges[place]:.2f}-{edges[place + 1]:.2f}"
