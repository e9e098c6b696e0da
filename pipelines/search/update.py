"""Parquet -> index.  A file of ``articles`` is taken in one transaction: it is in the index whole or not at all.

What is current is said by the manifests (`broadsheet.pipelines.dataset.current`), so a crawl or an extraction may publish
meanwhile: what it adds is found by the next update.  Captions come from the file of ``images`` of the same part.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import zstandard

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, BroadsheetError
from broadsheet.archive.journal import transaction
from broadsheet.pipelines.dataset.current import Selection, select
from broadsheet.pipelines.dataset.record_store import RecordStore
from broadsheet.pipelines.dataset.records import ArticleRow, ImageRow, SignatureRow
from broadsheet.pipelines.dataset.table import Table
from broadsheet.pipelines.extract.site.site_name import site_of
from broadsheet.pipelines.search.columns import NO_DATE, SINGLE_KEYS
from broadsheet.pipelines.search.index import SearchIndex
from broadsheet.pipelines.search.rights import rights_of
from broadsheet.pipelines.search.words import indexed_text

Progress = Callable[[int, int], None]
_COLUMNS = [
    "id", "url", "url_surtkey", "title", "standfirst", "description", "authors", "text", "section", "tags", "language",
    "page_type", "extraction_status", "is_paywalled", "license_url", "robots_meta", "tdm_reservation", "date_published",
    "fetch_time", "main_image_url", "text_sha256", "word_count",
]  # fmt: skip
_LONGEST_TEXT = 1_000_000  # characters that are indexed
_SUMMARY = 400
_CAPTIONS = ", captions"  # behind the path of a file whose articles are found without
_MANY = 5_000  # new articles, after which the words are merged into one piece


@dataclass(frozen=True, slots=True)
class IndexUpdate:
    """What an update did.  ``busy``: another process was at it, and this one did nothing; ``faults``: files left out."""

    articles: int = 0
    removed_files: int = 0
    faults: int = 0
    busy: bool = False


def update_index(
    collection: Collection, index: SearchIndex, on_progress: Progress = lambda _done, _total: None
) -> IndexUpdate:
    """Bring *index* up to date with the dataset of *collection*; *on_progress* is told files done, of how many.

    Raises:
        BadInput: there is no dataset.
        BroadsheetError: the index cannot be written; a manifest is damaged.
    """
    selection = select(collection)
    for _ in range(2):
        with index.writing() as db:
            if db is None:
                return IndexUpdate(busy=True)
            update = _Updating(collection, selection, db, on_progress)
            if not update.is_mostly_gone():
                return update.run()
        index.remake()
    raise AssertionError("an index that was just made has nothing that is gone")


class _Updating:
    """One update under way."""

    def __init__(
        self, collection: Collection, selection: Selection, db: sqlite3.Connection, on_progress: Progress
    ) -> None:
        self._collection, self._selection, self._db = collection, selection, db
        self._on_progress = on_progress
        self._store = RecordStore(collection)
        self._codes = _FacetCodes(db)
        self._pack = zstandard.ZstdCompressor(level=3)
        wanted = {path.relative_to(collection.dataset).as_posix(): path for path in selection.files["articles"]}
        self._wanted = {name: (path, _digest(selection, name, path)) for name, path in wanted.items()}
        self._known = {
            (path, digest): (number, rows)
            for number, path, digest, rows in db.execute("SELECT number, path, digest, rows FROM files WHERE live")
        }

    def is_mostly_gone(self) -> bool:
        """Whether more than half of what the index holds is of files that are gone."""
        held = self._db.execute("SELECT coalesce(sum(rows), 0) FROM files").fetchone()[0]
        stays = sum(rows for key, (_, rows) in self._known.items() if self._is_wanted(key))
        return bool(held and stays * 2 < held)

    def run(self) -> IndexUpdate:
        gone = [number for key, (number, _) in self._known.items() if not self._is_wanted(key)]
        new = [(name, *self._wanted[name]) for name in sorted(self._wanted) if self._is_new(name)]
        added = faults = 0
        if gone:
            with self._change():
                self._db.executemany("UPDATE files SET live = 0 WHERE number = ?", [(number,) for number in gone])
                self._db.executemany("DELETE FROM blocks WHERE file = ?", [(number,) for number in gone])
        for done, (name, path, digest) in enumerate(new):
            self._on_progress(done, len(new))
            try:
                with self._change():
                    added += self._add(name, path, digest)
                    self._db.execute("DELETE FROM faults WHERE path = ?", (name,))
            except BroadsheetError as error:
                faults += 1
                self._codes = _FacetCodes(self._db)  # without those of what was taken back
                with self._change():
                    self._db.execute("INSERT OR REPLACE INTO faults VALUES (?, ?)", (name, str(error)))
        self._forget_faults()
        if added > _MANY:
            self._db.execute("INSERT INTO words (words) VALUES ('optimize')")
        self._label_clusters(changed=bool(added))
        self._on_progress(len(new), len(new))
        return IndexUpdate(added, len(gone), faults)

    def _is_wanted(self, key: tuple[str, str]) -> bool:
        wanted = self._wanted.get(key[0])
        return wanted is not None and wanted[1] == key[1]

    def _is_new(self, name: str) -> bool:
        return (name, self._wanted[name][1]) not in self._known

    def _change(self) -> Any:
        return _changing(self._db)

    def _forget_faults(self) -> None:
        for (path,) in self._db.execute("SELECT path FROM faults").fetchall():
            if path.removesuffix(_CAPTIONS) not in self._wanted:
                with self._change():
                    self._db.execute("DELETE FROM faults WHERE path = ?", (path,))

    def _add(self, name: str, path: Path, digest: str) -> int:
        first = self._db.execute("SELECT coalesce(max(first + rows), 1) FROM files").fetchone()[0]
        captions = self._captions(name, path)
        block = _Block(self._codes)
        number = first
        for row in self._rows(ArticleRow, "articles", (path,), _COLUMNS):
            self._add_article(number, row, captions.get(row["id"], ""))
            block.add(row)
            number += 1
        file = self._db.execute(
            "INSERT INTO files (path, digest, first, rows) VALUES (?, ?, ?, ?)", (name, digest, first, number - first)
        ).lastrowid
        self._db.executemany("INSERT INTO blocks VALUES (?, ?, ?)", [(file, *one) for one in block.arrays()])
        self._codes.keep()
        return int(number - first)

    def _add_article(self, number: int, row: Mapping[str, Any], captions: str) -> None:
        authors = [person["name"] for person in row["authors"] or () if person["name"]]
        text = (row["text"] or "")[:_LONGEST_TEXT]
        summary = (row["standfirst"] or row["description"] or "")[:_SUMMARY]
        self._db.execute(
            "INSERT INTO hits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, row["id"], row["url"], row["title"], summary, orjson.dumps(authors).decode(), row["main_image_url"],
             row["page_type"], row["extraction_status"], row["word_count"]),
        )  # fmt: skip
        if text:
            packed = self._pack.compress(text.encode("utf-8", "replace"))
            self._db.execute("INSERT INTO texts VALUES (?, ?)", (number, packed))
        words = (row["title"], row["standfirst"], text, captions, " | ".join(authors))
        self._db.execute(
            "INSERT INTO words (rowid, title, standfirst, body, captions, authors) VALUES (?, ?, ?, ?, ?, ?)",
            (number, *(indexed_text(one) for one in words)),
        )

    def _captions(self, name: str, articles: Path) -> dict[str, str]:
        """Captions and descriptions of pictures by the article's id: of the part's own file, else of all.

        Where they cannot be read the articles are found without.
        """
        files = self._selection.files["images"]
        own = [path for path in files if path.name == articles.name and path.parent.name == articles.parent.name]
        found: defaultdict[str, list[str]] = defaultdict(list)
        try:
            for row in self._rows(ImageRow, "images", own or files, ["id", "caption", "alt_text"]):
                if text := row["caption"] or row["alt_text"]:
                    found[row["id"]].append(text)
        except BroadsheetError as error:
            message = f"{error} Its captions cannot be found, until this index is deleted and made anew."
            self._db.execute("INSERT OR REPLACE INTO faults VALUES (?, ?)", (f"{name}{_CAPTIONS}", message))
        return {key: " | ".join(texts) for key, texts in found.items()}

    def _rows(self, kind: type[Any], table: str, files: Any, columns: list[str]) -> Iterator[dict[str, Any]]:
        chosen = replace(self._selection, files={**self._selection.files, table: tuple(files)})
        rows: Table[Any] = Table(table, kind, chosen, self._store, columns=columns)
        for batch in rows.batches():
            yield from batch.to_pylist()

    def _label_clusters(self, *, changed: bool) -> None:
        """Take over the labels of `broadsheet dedupe`, when they or the articles are new."""
        files = self._selection.files["signatures"]
        state = repr([(str(path), path.stat().st_mtime_ns) for path in files])
        known = self._db.execute("SELECT value FROM state WHERE name = 'signatures'").fetchone()
        if not changed and known is not None and known[0] == state:
            return
        with self._change():
            self._db.execute("DELETE FROM clusters")
            for row in self._rows(SignatureRow, "signatures", files, ["id", "cluster_id"]):
                if row["cluster_id"] is not None:
                    labelled = key_of(row["cluster_id"]), row["id"]
                    self._db.execute(
                        "INSERT OR REPLACE INTO clusters SELECT number, ? FROM hits WHERE id = ?", labelled
                    )
            self._db.execute("INSERT OR REPLACE INTO state VALUES ('signatures', ?)", (state,))


class _changing:  # noqa: N801 - a context manager, used as one
    """A transaction that readers notice: it counts the generation up."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._inner = transaction(db)

    def __enter__(self) -> None:
        self._inner.__enter__()

    def __exit__(self, *error: Any) -> bool | None:
        if error[0] is None:
            self._db.execute(
                "INSERT INTO state VALUES ('generation', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
            )
        return self._inner.__exit__(*error)


class _FacetCodes:
    """A number for each value of a facet; new ones are kept with the block that has them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._codes: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._new: list[tuple[str, int, str]] = []
        for facet, code, value in db.execute("SELECT facet, code, value FROM facet_values"):
            self._codes[facet][value] = code

    def of(self, facet: str, value: str) -> int:
        known = self._codes[facet]
        code = known.get(value)
        if code is None:
            code = known[value] = len(known)
            self._new.append((facet, code, value))
        return code

    def keep(self) -> None:
        self._db.executemany("INSERT OR IGNORE INTO facet_values VALUES (?, ?, ?)", self._new)
        self._new.clear()


class _Block:
    """The columns of one file's articles, as they are loaded by `broadsheet.pipelines.search.columns`."""

    def __init__(self, codes: _FacetCodes) -> None:
        self._codes = codes
        self._rows = 0
        self._keys: dict[str, list[int]] = {name: [] for name in SINGLE_KEYS}
        self._facets: defaultdict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))

    def add(self, row: Mapping[str, Any]) -> None:
        published, fetched = row["date_published"], row["fetch_time"]
        keys = {
            "published": NO_DATE if published is None else round(published.timestamp()),
            "fetched": NO_DATE if fetched is None else round(fetched.timestamp()),
            "url_key": key_of(row["url_surtkey"]),
            "text_key": key_of(row["text_sha256"]) if row["text"] else 0,
        }
        for name, value in keys.items():
            self._keys[name].append(value)
        for facet, values in facets_of(row).items():
            owners, codes = self._facets[facet]
            for value in dict.fromkeys(values):
                owners.append(self._rows)
                codes.append(self._codes.of(facet, value))
        self._rows += 1

    def arrays(self) -> Iterator[tuple[str, bytes]]:
        for name, values in self._keys.items():
            yield name, np.array(values, np.int64).tobytes()
        for facet, (owners, codes) in self._facets.items():
            yield f"{facet}.owner", np.array(owners, np.int32).tobytes()
            yield f"{facet}.code", np.array(codes, np.int32).tobytes()


def facets_of(row: Mapping[str, Any]) -> dict[str, list[str]]:
    """The values of each facet that an article has; a column that an earlier schema had not is None."""
    return {
        "site": [site_of(row["url"])],
        "author": [person["name"] for person in row["authors"] or () if person["name"]],
        "section": [row["section"]] if row["section"] else [],
        "language": [row["language"] or "not known"],
        "type": [row["page_type"] or "not known"],
        "status": [row["extraction_status"]],
        "rights": rights_of(row),
        "tag": [tag for tag in row["tags"] or () if tag],
    }


def key_of(text: str | None) -> int:
    """64 bits of a hash of *text*; 0 for None."""
    if text is None:
        return 0
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def _digest(selection: Selection, name: str, path: Path) -> str:
    """What tells a file from another of its name."""
    if name in selection.digests:
        return selection.digests[name]
    try:
        stat = path.stat()
    except OSError as error:
        raise BadInput(str(path), f"cannot be read ({error.strerror})", "Extract again.") from error
    return f"{stat.st_size}-{stat.st_mtime_ns}"
