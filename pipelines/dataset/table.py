"""A table of a collection, read lazily: nothing is opened before rows are asked for, and then only columns, files and row
groups that are needed.  Iteration keeps some hundred rows in memory, whatever the size of the table.

pandas and Polars are the reader's own: they are imported when asked for, and are no dependencies.  pyarrow.dataset is imported
with the first rows: it brings pandas along where that is installed, a second of a program that may read none.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from broadsheet.archive.errors import BadInput, BrokenEnvironment, CorruptArchive
from broadsheet.archive.generations import opened
from broadsheet.pipelines.dataset.current import Selection
from broadsheet.pipelines.dataset.filters import RowFilter, all_of
from broadsheet.pipelines.dataset.newest import VERSION_COLUMNS, Versions, marked
from broadsheet.pipelines.dataset.record_store import RecordStore
from broadsheet.pipelines.dataset.records import Row
from broadsheet.pipelines.dataset.schema import TABLES
from broadsheet.pipelines.dataset.unreadable import unreadable

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow.compute as pc

BATCH_ROWS = 500
_FILTERED = ("articles", "captures")  # the others are filtered through the articles that they belong to
R = TypeVar("R", bound=Row)


class Table(Generic[R]):
    """One table of one extraction; make it with the methods of `broadsheet.Collection`."""

    def __init__(
        self,
        name: str,
        row: type[R],
        selection: Selection,
        store: RecordStore,
        *,
        where: RowFilter | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        self.name = name
        self.selection = selection
        self._row, self._store = row, store
        self._where = where or RowFilter()
        self.columns = tuple(TABLES[name].names if columns is None else columns)
        for column in self.columns:
            if column not in TABLES[name].names:
                near = get_close_matches(column, TABLES[name].names, 3, 0.5)
                hint = f"Near it are: {', '.join(near)}." if near else f"See `broadsheet schema {name}`."
                raise BadInput(f"column {column}", f"the table {name} has none of that name", hint)

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of what is read; each field's metadata has its documentation."""
        whole = TABLES[self.name]
        return pa.schema([whole.field(column) for column in self.columns], whole.metadata)

    def __len__(self) -> int:
        """The number of rows; with a filter, they are counted by reading its columns."""
        count = 0
        if self._where.latest and self.name in _FILTERED:
            return int(self._newest.sum())
        for batch in self._batches([], rows=64_000):
            count += batch.num_rows
        return count

    def __iter__(self) -> Iterator[R]:
        """The rows, as typed values."""
        for batch in self.batches():
            for values in batch.to_pylist():
                yield self._row.of(values, self._store)

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow record batches of at most *rows*, in an order that does not change.

        Raises:
            CorruptArchive: a file is damaged or gone.
            BrokenEnvironment: the disk refuses.
        """
        batches = self._batches(list(self.columns), rows)
        yield from marked(batches, self._newest) if self._where.latest and self.name in _FILTERED else batches

    def to_arrow(self) -> pa.Table:
        """All rows as a table of pyarrow, in memory."""
        return pa.Table.from_batches(self.batches(64_000), schema=self.schema)

    def to_pandas(self) -> pandas.DataFrame:
        """All rows as a data frame of pandas.

        Raises:
            BrokenEnvironment: pandas is not installed.
        """
        _imported("pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """All rows as a data frame of Polars.

        Raises:
            BrokenEnvironment: Polars is not installed.
        """
        frame: polars.DataFrame = _imported("polars").from_arrow(self.to_arrow())
        return frame

    def _batches(self, columns: list[str], rows: int) -> Iterator[pa.RecordBatch]:
        whole = TABLES[self.name]
        schema = pa.schema([whole.field(column) for column in columns], whole.metadata)
        for path in self.selection.files[self.name]:
            try:
                for batch in self._scanned(path, columns, rows):
                    yield batch.replace_schema_metadata(schema.metadata)
            except FileNotFoundError as error:
                where = f"the table {self.name} in {self._store.collection.directory}"
                cause = f"lacks a file that its manifest names ({error})"
                raise CorruptArchive(where, cause, f"Run {self._maker}: it is made anew.") from error
            except (pa.ArrowException, OSError) as error:
                raise unreadable(path, error, f"Delete it, and run {self._maker}.") from error

    @property
    def _maker(self) -> str:
        """The command that makes a file of this table again."""
        return f"`broadsheet {'dedupe' if self.name == 'signatures' else 'extract'} {self._store.collection.directory}`"

    def _scanned(self, path: Path, columns: list[str], rows: int) -> Iterator[pa.RecordBatch]:
        import pyarrow.dataset as ds  # noqa: PLC0415 - a second

        # open before it is looked at: from then on it may go to an old generation
        file = opened(self._store.collection.dataset, path, lambda lies: pa.OSFile(str(lies)))
        scanner = (
            ds.ParquetFileFormat()
            .make_fragment(file)
            .scanner(
                schema=TABLES[self.name],
                columns=columns,
                filter=self._expression,
                batch_size=rows,
                batch_readahead=2,
                fragment_readahead=1,
                use_threads=rows > BATCH_ROWS,
            )
        )
        yield from (batch for batch in scanner.to_batches() if batch.num_rows)

    @cached_property
    def _newest(self) -> NDArray[np.bool_]:
        """Whether each row that fits is the newest of its URL."""
        return Versions.read(self._batches(list(VERSION_COLUMNS), 10_000)).newest()

    @cached_property
    def _expression(self) -> pc.Expression | None:
        import pyarrow.compute as pc  # noqa: PLC0415 - half a second

        terms = []
        if self.name != "captures":
            terms.append(pc.field("extraction_id").isin(list(self.selection.extraction_ids)))
        if self.name in _FILTERED:
            if (wanted := self._where.expression(self.name)) is not None:
                terms.append(wanted)
        elif self._where == RowFilter(ids=self._where.ids):  # which all of these tables have themselves
            if self._where.ids:
                terms.append(pc.field("id").isin(list(self._where.ids)))
        else:
            articles: Table[Row] = Table(
                "articles", Row, self.selection, self._store, where=self._where, columns=["id"]
            )
            terms.append(pc.field("id").isin(articles.to_arrow().column("id").combine_chunks()))
        return all_of(terms)


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise BrokenEnvironment(name, "is not installed", f"Run `pip install {name}`.") from error
