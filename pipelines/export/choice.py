"""Which of the rows that fit are exported: without duplicates, without older versions, or neither.

Of each cluster of duplicates that has rows among those that fit, one article stays: the kept one with its versions, or, where
it does not fit itself, the newest version of that URL which was published first.  So no filter takes all copies of an article,
and no copy is taken for want of another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from broadsheet.pipelines.dataset.current import Selection
from broadsheet.pipelines.dataset.filters import RowFilter
from broadsheet.pipelines.dataset.newest import VERSION_COLUMNS, Versions, hashed
from broadsheet.pipelines.dataset.record_store import RecordStore
from broadsheet.pipelines.dataset.records import ArticleRow, SignatureRow
from broadsheet.pipelines.dataset.table import Table

LABEL_COLUMNS = ("id", "duplicate_of")
_BATCH = 10_000
_UNKNOWN = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Choice:
    """``kept``: whether each row that fits is exported, in the order of the table; how many are not, and why."""

    kept: NDArray[np.bool_]
    duplicates: int
    older_versions: int


def choose(
    selection: Selection, store: RecordStore, fitting: RowFilter, labels: Table[SignatureRow] | None, *, latest: bool
) -> Choice:
    """Choose among the articles that are *fitting*: with *labels*, one of each cluster; with *latest*, the newest of each URL.

    About 60 bytes of each row, and 16 of each duplicate, are in memory.
    """
    table = Table("articles", ArticleRow, selection, store, where=fitting, columns=VERSION_COLUMNS)
    versions = Versions.read(table.batches(_BATCH))
    rows = kept = np.ones(len(versions.urls), np.bool_)
    if labels is not None:
        own, published = _ids_and_dates(selection, store, fitting)
        rows = _first_of_each(own)
        kept = rows & ~_surplus(own, published, labels, versions)
    duplicates = int((~kept).sum())
    if latest:
        kept = kept & versions.newest(rows)
    return Choice(kept, duplicates, int((~kept).sum()) - duplicates)


def _ids_and_dates(
    selection: Selection, store: RecordStore, fitting: RowFilter
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ids (hashed) and dates of publication (microseconds since 1970) of the rows."""
    names = Table("articles", ArticleRow, selection, store, where=fitting, columns=["id", "date_published"])
    ids, published = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for batch in names.batches(_BATCH):
        ids.append(hashed(batch.column("id")))
        published.append(pc.fill_null(batch.column("date_published").cast("int64"), _UNKNOWN).to_numpy())
    return np.concatenate(ids), np.concatenate(published)


def _first_of_each(own: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each row is the first with its id: datasets of earlier versions have one twice where a record came in twice."""
    first = np.zeros(len(own), np.bool_)
    first[np.unique(own, return_index=True)[1]] = True
    return first


def _surplus(
    own: NDArray[np.int64], dates: NDArray[np.int64], labels: Table[SignatureRow], versions: Versions
) -> NDArray[np.bool_]:
    """Whether each row is a duplicate of another one that fits; the newest version of a URL is one only if all of them are."""
    clusters, is_copy = _clusters(labels, own)
    surplus = is_copy & np.isin(clusters, own[~is_copy])
    orphans = np.flatnonzero(is_copy & ~surplus)  # what they are duplicates of does not fit
    order = orphans[np.lexsort((versions.fetched[orphans], dates[orphans], clusters[orphans]))]
    surplus[orphans] = True
    for rows in np.split(order, np.flatnonzero(np.diff(clusters[order])) + 1):
        if len(rows):
            same = rows[versions.urls[rows] == versions.urls[rows[0]]]
            surplus[same[np.argmax(versions.fetched[same])]] = False
    return surplus & ~(versions.newest() & np.isin(versions.urls, versions.urls[~surplus]))


def _clusters(labels: Table[SignatureRow], own: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Of the rows with the ids *own* (hashed): the kept id of their cluster, and whether they are duplicates of it."""
    copies, originals = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for batch in labels.batches(_BATCH):
        labelled = batch.filter(pc.is_valid(batch.column("duplicate_of")))
        other = labelled.filter(pc.not_equal(labelled.column("id"), labelled.column("duplicate_of")))
        copies.append(hashed(other.column("id")))
        originals.append(hashed(other.column("duplicate_of")))
    copy, original = np.concatenate(copies), np.concatenate(originals)
    order = np.argsort(copy, kind="stable")
    copy, original = copy[order], original[order]
    if not len(copy):
        return own, np.zeros(len(own), np.bool_)
    places = np.minimum(np.searchsorted(copy, own), len(copy) - 1)
    is_copy = copy[places] == own
    return np.where(is_copy, original[places], own), is_copy
