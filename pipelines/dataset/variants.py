"""Rows of ``articles`` that are one article under several URLs: the column ``duplicate_of``, filled in when all rows are there.

Two URLs have one article when one names the other as canonical, and that one was captured and says the same of itself; or when
they are of one host ("www." or not) and have the same title and the same text.  Of such URLs one is primary: the one that the
others call canonical, else the plainest.  Captures of one URL at several times are versions, no duplicates; but where one
broke off on the way, and a later one did not, the later one is the article; where the last ones all broke off, the longest.

The labels follow from the rows alone, so they are the same for any number of workers.  A file that changes is replaced as a
whole, then its manifest says so; whoever is killed in between has it to do again.  What was compacted keeps the labels it had.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.archive.capture import UNDATED
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.archive.exchange import Truncation
from broadsheet.archive.surt import surt
from broadsheet.pipelines.dataset.current import select
from broadsheet.pipelines.dataset.manifest import (
    Manifest,
    PublishedFile,
    manifest_path,
    publish_manifest,
    publishing,
    read_manifest,
)
from broadsheet.pipelines.dataset.publish import write_parquet
from broadsheet.pipelines.dataset.unreadable import unreadable

_FEWEST_WORDS = 20  # of a text: shorter ones are alike without being one article
_SCANNED = ["url", "url_canonical", "text_sha256"]
_BROKEN = frozenset((Truncation.DISCONNECT, Truncation.TIME))  # why an answer was cut that may come whole the next time
_COMPARED = ["id", "url", "url_canonical", "url_host_name", "title", "text_sha256", "word_count", "fetch_time"]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that may have a duplicate."""

    id: str
    url: str
    canonical: str | None
    host: str
    title: str | None
    text: str | None
    words: int
    fetched: Any
    cut: bool  # its answer broke off

    @property
    def calls_itself(self) -> bool:
        """Whether it names no other URL as canonical."""
        return self.canonical is None or surt(self.canonical) == surt(self.url)


@dataclass(frozen=True, slots=True)
class _File:
    """A file of articles in place, and the manifest that names it."""

    manifest: Manifest
    published: PublishedFile


def label_current(collection: Collection) -> int:
    """`label_variants` of the current extraction of *collection*; nothing where there is none."""
    try:
        ids = select(collection).extraction_ids
    except BadInput:
        return 0
    return sum(label_variants(collection, extraction_id) for extraction_id in ids)


def label_variants(collection: Collection, extraction_id: str) -> int:
    """Fill in ``duplicate_of`` in the rows of *extraction_id* that lie in files of parts; how many rows have one now.

    Raises:
        CorruptArchive: a file of articles cannot be read.
        BrokenEnvironment: the disk refuses.
    """
    files = list(_files(collection, extraction_id))
    labels = _labels(_rows(collection, files, _cut(collection, extraction_id))) if files else {}
    return sum(_write(collection, file, labels) for file in files)


def _files(collection: Collection, extraction_id: str, table: str = "articles") -> Iterator[_File]:
    folder = manifest_path(collection, extraction_id, "x").parent
    for path in sorted(folder.glob("*.json")):
        manifest = read_manifest(path)
        for published in manifest.files:
            if published.table == table and (collection.dataset / published.path).is_file():
                yield _File(manifest, published)


def _cut(collection: Collection, extraction_id: str) -> dict[str, str]:
    """The URLs of the captures that broke off, by their ids."""
    cut: dict[str, str] = {}
    for file in _files(collection, extraction_id, "captures"):
        columns = ["warc_record_id", "url", "content_truncated"]
        table = _table(collection, file, columns)
        rows = zip(*(table[name].to_pylist() for name in columns), strict=True)
        cut.update({id_: url for id_, url, why in rows if why in _BROKEN})
    return cut


def _rows(collection: Collection, files: Iterable[_File], cut: dict[str, str]) -> list[_Row]:
    """The rows that another one may be a duplicate of, or that may be one; *cut* are the captures that broke off."""
    files = list(files)
    own, named, texts = _hashes(collection, files)
    repeated = _more_than_once(texts[texts != 0])
    strangers = np.unique(named[(named != 0) & (named != own)])
    wanted = np.isin(texts, repeated) | np.isin(own, strangers) | ((named != 0) & (named != own))
    wanted |= np.isin(own, np.array([_key(surt(url)) for url in cut.values()], np.uint64))
    rows, start = [], 0
    for file in files:
        these = np.flatnonzero(wanted[start : start + file.published.rows])
        start += file.published.rows
        if these.size:
            table = _table(collection, file, _COMPARED).take(pa.array(these))
            columns = [table[name].to_pylist() for name in _COMPARED]
            columns.append([id_ in cut for id_ in columns[0]])
            rows += [_Row(*values) for values in zip(*columns, strict=True)]
    return rows


def _hashes(collection: Collection, files: Iterable[_File]) -> tuple[Any, Any, Any]:
    """Of all rows: the keys of their URLs, of what they call canonical, and of their texts; 0 for none."""
    own, named, texts = [], [], []
    for file in files:
        table = _table(collection, file, _SCANNED)
        own += [_key(surt(url)) for url in table["url"].to_pylist()]
        named += [_key(surt(url)) if url else 0 for url in table["url_canonical"].to_pylist()]
        texts += [int(text[:16], 16) if text else 0 for text in table["text_sha256"].to_pylist()]
    return tuple(np.array(keys, np.uint64) for keys in (own, named, texts))  # type: ignore[return-value]


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _more_than_once(keys: Any) -> Any:
    values, counts = np.unique(keys, return_counts=True)
    return values[counts > 1]


def _labels(rows: list[_Row]) -> dict[str, str]:
    """The id of the primary row, by the id of each that is a duplicate of it."""
    by_url: defaultdict[str, list[_Row]] = defaultdict(list)
    by_key: defaultdict[str, set[str]] = defaultdict(set)
    by_text: defaultdict[tuple[str, str | None, str], set[str]] = defaultdict(set)
    for row in sorted(rows, key=lambda row: (row.fetched or UNDATED, row.id)):
        by_url[row.url].append(row)
        by_key[surt(row.url)].add(row.url)
        if row.text is not None and row.words >= _FEWEST_WORDS:
            by_text[row.host.removeprefix("www."), row.title, row.text].add(row.url)
    groups = _Groups(by_url)
    called: set[str] = set()  # canonical, by another URL
    for row in rows:
        if row.calls_itself:
            continue
        targets = [url for url in by_key[surt(row.canonical or "")] if by_url[url][-1].calls_itself]
        for url in targets:
            groups.join(row.url, url)
            called.add(url)
    for urls in by_text.values():
        first, *others = sorted(urls)
        for url in others:
            groups.join(first, url)
    labels = {}
    for several in groups.of_several():
        primary = min(several, key=lambda url: (url not in called, not by_url[url][-1].calls_itself, len(url), url))
        for url in several:
            if url != primary:
                labels.update({row.id: _version(by_url[primary], row).id for row in by_url[url]})
    for versions in by_url.values():
        _label_cut(versions, labels)
    return labels


def _label_cut(versions: list[_Row], labels: dict[str, str]) -> None:
    """Of the *versions* of a URL, the oldest first, give those that broke off the label of the next one that did not; of those
    after which none is whole, the longest takes its place."""
    broken = list(takewhile(lambda row: row.cut, reversed(versions)))
    longest = max(broken, key=lambda row: row.words, default=None)
    if longest is not None:
        primary = labels.get(longest.id, longest.id)
        labels.update({row.id: primary for row in broken if row is not longest})
    whole = None
    for row in reversed(versions[: len(versions) - len(broken)]):
        if not row.cut:
            whole = labels.get(row.id, row.id)
        elif whole is not None:
            labels[row.id] = whole


def _version(primaries: list[_Row], row: _Row) -> _Row:
    """The capture of the primary URL that *row* is a duplicate of: with the same text, or the last before it, or the first."""
    same = [one for one in primaries if one.text == row.text]
    before = [one for one in primaries if (one.fetched or UNDATED) <= (row.fetched or UNDATED)]
    return (same or before[-1:] or primaries)[0]


class _Groups:
    """Sets of URLs that are joined two at a time."""

    def __init__(self, urls: Iterable[str]) -> None:
        self._over = {url: url for url in urls}

    def join(self, one: str, other: str) -> None:
        """Both are of one set."""
        self._over[self._top(one)] = self._top(other)

    def of_several(self) -> list[list[str]]:
        """The sets of more than one."""
        sets: defaultdict[str, list[str]] = defaultdict(list)
        for url in sorted(self._over):
            sets[self._top(url)].append(url)
        return [urls for urls in sets.values() if len(urls) > 1]

    def _top(self, url: str) -> str:
        while self._over[url] != url:
            self._over[url] = url = self._over[self._over[url]]
        return url


def _write(collection: Collection, file: _File, labels: dict[str, str]) -> int:
    """Give the rows of *file* their labels; how many have one."""
    table = _table(collection, file, ["id", "duplicate_of"])
    wanted = [labels.get(id_) for id_ in table["id"].to_pylist()]
    path = collection.dataset / file.published.path
    if table["duplicate_of"].to_pylist() != wanted:
        whole = pq.ParquetFile(path).read()
        place = whole.schema.get_field_index("duplicate_of")
        whole = whole.set_column(place, whole.schema.field(place), pa.array(wanted, pa.string()))
        with os_errors_of(path), publishing(collection, path) as made:
            write_parquet(whole, made)
    elif not any(wanted):
        return 0  # as it was published
    _say(collection, file, hashlib.sha256(path.read_bytes()).hexdigest())
    return sum(label is not None for label in wanted)


def _say(collection: Collection, file: _File, digest: str) -> None:
    """Let the manifest name the file by what it holds now; which extraction is current goes by the manifest's time."""
    path = manifest_path(collection, file.manifest.extraction_id, file.manifest.part)
    manifest, at = read_manifest(path), path.stat().st_mtime_ns
    files = tuple(replace(one, sha256=digest) if one.path == file.published.path else one for one in manifest.files)
    if files != manifest.files:
        publish_manifest(collection, replace(manifest, files=files))
        os.utime(path, ns=(at, at))


def _table(collection: Collection, file: _File, columns: list[str]) -> pa.Table:
    path: Path = collection.dataset / file.published.path
    try:
        return pq.ParquetFile(path).read(columns=columns)
    except (pa.ArrowException, OSError) as error:
        raise unreadable(path, error, "Delete it, and extract again.") from error
