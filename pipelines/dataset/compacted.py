"""Books of what was compacted: which parts' rows of a table lie in which compacted files.

A part's manifest says for good what the part holds, and where that was published.  ``broadsheet compact`` puts the rows of
many parts into few sorted files; the *book* of the table (of an extraction) then lists these files, and the parts that are
in them.  So a row's place is: the files of the book if that names the part, else the file that the manifest names.  Books
change with the whole dataset (`broadsheet.archive.generations`), or go with the extraction they belong to.

A book of which a file is gone is void: it is taken away, and all its parts are made anew.  Works without Arrow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import remove, whole_file
from broadsheet.archive.errors import CorruptArchive
from broadsheet.pipelines.dataset.manifest import Manifest, PublishedFile, manifest_path, read_manifest, table_folder

BOOKS = "_compacted"


@dataclass(frozen=True, slots=True)
class Book:
    """The compacted files of ``table``, in their order, and the ``parts`` whose rows they hold, all of them and no others.
    ``extraction_id`` is empty for captures."""

    table: str
    extraction_id: str
    parts: frozenset[str]
    files: tuple[PublishedFile, ...]

    def is_whole(self, collection: Collection) -> bool:
        """Whether all its files are there."""
        return all((collection.dataset / file.path).is_file() for file in self.files)


_read: dict[Path, tuple[tuple[int, int, int], Book]] = {}  # asked for with every part: read when it was changed


def book_path(collection: Collection, table: str, extraction_id: str) -> Path:
    """Where the book of *table* lies."""
    return collection.dataset / BOOKS / f"{table_folder(table, extraction_id).as_posix()}.json"


def read_book(collection: Collection, table: str, extraction_id: str) -> Book | None:
    """The book of *table* in an extraction; None when it was not compacted.

    Raises:
        CorruptArchive: it is none.
    """
    return _book_in(book_path(collection, table, extraction_id))


def read_books(collection: Collection) -> list[Book]:
    """All books there are.

    Raises:
        CorruptArchive: one is none.
    """
    found = (_book_in(path) for path in sorted((collection.dataset / BOOKS).rglob("*.json")))
    return [book for book in found if book is not None]


def _book_in(path: Path) -> Book | None:
    try:
        stat = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        _read.pop(path, None)
        return None
    stamp = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
    known = _read.get(path)
    if known is None or known[0] != stamp:
        known = _read[path] = (stamp, parse_book(path.read_bytes(), str(path)))
    return known[1]


def parse_book(text: bytes, name: str) -> Book:
    """The book in *text*, called *name* in messages.

    Raises:
        CorruptArchive: it is none.
    """
    try:
        values = json.loads(text)
        files = tuple(PublishedFile(**file) for file in values["files"])
        return Book(values["table"], values["extraction_id"], frozenset(values["parts"]), files)
    except (ValueError, TypeError, KeyError) as error:
        cause = f"is no list of compacted files ({type(error).__name__}: {error})"
        raise CorruptArchive(name, cause, "Delete the folder dataset, and extract again.") from error


def write_book(collection: Collection, book: Book) -> None:
    """Put *book* in its place."""
    path = book_path(collection, book.table, book.extraction_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {
        "table": book.table,
        "extraction_id": book.extraction_id,
        "files": [{name: getattr(file, name) for name in PublishedFile.__slots__} for file in book.files],
        "parts": sorted(book.parts),
    }
    with whole_file(path) as file:
        file.write(json.dumps(values, indent=0, sort_keys=True).encode())


def book_of(collection: Collection, manifest: Manifest, table: str) -> Book | None:
    """The book that has the rows of *manifest*'s part in *table*; None when they lie where the manifest says."""
    book = read_book(collection, table, "" if table == "captures" else manifest.extraction_id)
    return book if book is not None and manifest.part in book.parts else None


def is_compacted(collection: Collection, manifest: Manifest) -> bool:
    """Whether rows of this part of this extraction lie in compacted files; captures are of no extraction."""
    return any(book_of(collection, manifest, table) for table in manifest.tables if table != "captures")


def read_complete(collection: Collection, extraction_id: str, part: str) -> Manifest | None:
    """The manifest of *part*, None when the part is to be made: not published, or something of it is gone since."""
    path = manifest_path(collection, extraction_id, part)
    try:
        manifest = read_manifest(path)
    except (FileNotFoundError, CorruptArchive):
        return None
    for table in {file.table for file in manifest.files}:
        book = book_of(collection, manifest, table)
        files: Iterable[PublishedFile] = (file for file in manifest.files if file.table == table)
        if not (
            book.is_whole(collection)
            if book is not None
            else all((collection.dataset / file.path).is_file() for file in files)
        ):
            return None
    return manifest


def has_rows(collection: Collection, table: str, extraction_id: str, part: str) -> bool:
    """Whether the rows of *part* are in compacted files already.  A void book is taken away, files first: whoever is killed in
    between finds it void again."""
    book = read_book(collection, table, "" if table == "captures" else extraction_id)
    if book is None or part not in book.parts:
        return False
    if book.is_whole(collection):
        return True
    remove_book(collection, book)
    return False


def remove_book(collection: Collection, book: Book) -> None:
    """Take away the files of *book*, and then itself."""
    remove(collection.dataset / file.path for file in book.files)
    remove([book_path(collection, book.table, book.extraction_id)])


def held_together(books: Iterable[Book]) -> dict[str, set[str]]:
    """By extraction, the parts that are in compacted files and so can only be superseded together."""
    held: dict[str, set[str]] = {}
    for book in books:
        if book.extraction_id:
            held.setdefault(book.extraction_id, set()).update(book.parts)
    return held


def is_outdated(parts: Iterable[str], own: Mapping[str, int], others: Mapping[str, int]) -> bool:
    """Whether of all *parts* something newer was published by others; *own* and *others* say when, by part."""
    return all(others.get(part, -1) > own.get(part, -1) for part in parts)


def locate(collection: Collection, manifests: Iterable[Manifest], table: str) -> Iterator[PublishedFile]:
    """The files that have the rows of *manifests* in *table*, each once."""
    books: dict[str, Book | None] = {}  # each looked at once: it may change while this goes on
    found: dict[str, PublishedFile] = {}
    for manifest in manifests:
        extraction_id = "" if table == "captures" else manifest.extraction_id
        if extraction_id not in books:
            books[extraction_id] = read_book(collection, table, extraction_id)
        book = books[extraction_id]
        if book is not None and manifest.part in book.parts:
            found.update((file.path, file) for file in book.files)
        else:
            found.update((file.path, file) for file in manifest.files if file.table == table)
    yield from (found[path] for path in sorted(found))
