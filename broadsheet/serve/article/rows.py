"""An article by the name it has in addresses, and its rows in the other tables.

The search index knows in which Parquet file it lies; its segments, images and links are in the files of the same part, so few
row groups are read.  An article that is not indexed yet is looked for in all files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.dataset.current import Selection, select
from broadsheet.pipelines.dataset.filters import RowFilter
from broadsheet.pipelines.dataset.records import ArticleRow, ImageRow, LinkRow, Row, SegmentRow
from broadsheet.pipelines.dataset.table import Table
from broadsheet.serve.addresses import record_id_of
from broadsheet.serve.served import ServedCollection

R = TypeVar("R", bound=Row)


class ArticleRows:
    """The rows of one article of *served*, called *name*.

    Raises:
        BadInput: there is none of that name.
        CorruptArchive: a file of the dataset is damaged.
    """

    def __init__(self, served: ServedCollection, name: str) -> None:
        self._served = served
        self._selection = select(served.collection)
        self.number, self._file = _indexed(served, record_id_of(name))
        self.article = self._found(record_id_of(name))

    def segments(self) -> list[SegmentRow]:
        """Its blocks, in order."""
        return sorted(self._rows("segments", SegmentRow), key=lambda row: row.ordinal)

    def images(self) -> list[ImageRow]:
        """Its images, in order."""
        return sorted(self._rows("images", ImageRow), key=lambda row: row.ordinal)

    def links(self) -> list[LinkRow]:
        """Its links, in order."""
        return sorted(self._rows("links", LinkRow), key=lambda row: row.ordinal)

    def _found(self, record_id: str) -> ArticleRow:
        for files in (self._own_files("articles"), self._selection.files["articles"]):
            for row in self._read("articles", ArticleRow, files, record_id):
                return row
        raise BadInput(record_id, "no article of that name is in this collection", "Search for it.")

    def _rows(self, table: str, kind: type[R]) -> list[R]:
        files = self._own_files(table) or self._selection.files[table]
        return list(self._read(table, kind, files, self.article.id))

    def _own_files(self, table: str) -> Sequence[Any]:
        """The files of *table* that are of the same part."""
        if self._file is None:
            return ()
        own = self._file.partition("/")[2]
        dataset = self._served.collection.dataset / table
        return [path for path in self._selection.files[table] if path.relative_to(dataset).as_posix() == own]

    def _read(self, table: str, kind: type[R], files: Sequence[Any], record_id: str) -> Iterator[R]:
        chosen: Selection = replace(self._selection, files={**self._selection.files, table: tuple(files)})
        return iter(Table(table, kind, chosen, self._served.records, where=RowFilter(ids=(record_id,))))


def _indexed(served: ServedCollection, record_id: str) -> tuple[int | None, str | None]:
    """The number of the article in the index, and the file it was read from."""
    with served.searcher.index.reading() as db:
        row = db.execute(
            "SELECT hits.number, path FROM hits JOIN files ON hits.number >= first AND hits.number < first + rows "
            "WHERE id = ? AND live",
            (record_id,),
        ).fetchone()
    return (None, None) if row is None else (int(row[0]), str(row[1]))
