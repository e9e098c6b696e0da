"""What a table of a lakehouse has: the columns of the dataset's table behind the key of the rows that are replaced together.

A lakehouse may hold many collections, and several extractions of each.  ``collection`` names the collection, ``base_id`` the
extraction without site profiles, because an extraction with newer profiles takes the place of an earlier one
(`broadsheet.pipelines.dataset.current`).  Captures belong to no extraction: their key is the collection.

Columns behind the key may be null, also where the dataset's may not: the rows of an earlier schema have nothing in a column
that a later one adds, and neither format can add one that must not be null.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.current import Selection
from broadsheet.pipelines.dataset.record_store import RecordStore
from broadsheet.pipelines.dataset.records import Row
from broadsheet.pipelines.dataset.schema import TABLES
from broadsheet.pipelines.dataset.table import Table

CHUNK_BYTES = 128 * 1024 * 1024  # of Arrow memory: what is written as one file
_BATCH = 2_000
_COLLECTION = pa.field(
    "collection", pa.string(), False, {"doc": "the collection, by the name that it was published by"}
)
_BASE_ID = pa.field(
    "base_id", pa.string(), False, {"doc": "the extraction without site profiles: its rows are replaced together"}
)


@dataclass(frozen=True, slots=True)
class LakehouseRows:
    """The rows of one table of one extraction: those whose ``key`` columns have these values, with ``schema``."""

    name: str
    key: dict[str, str]
    schema: pa.Schema
    source: Table[Row]

    def chunks(self, chunk_bytes: int = CHUNK_BYTES) -> Iterator[pa.Table]:
        """The rows in tables of about *chunk_bytes* in memory.

        Raises:
            CorruptArchive: a file of the dataset is damaged or gone.
        """
        waiting: list[pa.RecordBatch] = []
        size = 0
        for batch in self.source.batches(_BATCH):
            key = [pa.repeat(pa.scalar(value), batch.num_rows) for value in self.key.values()]
            waiting.append(pa.RecordBatch.from_arrays([*key, *batch.columns], schema=self.schema))
            size += batch.nbytes
            if size >= chunk_bytes:
                yield pa.Table.from_batches(waiting, self.schema)
                waiting, size = [], 0
        if waiting:
            yield pa.Table.from_batches(waiting, self.schema)


def lakehouse_rows(collection: Collection, selection: Selection, name: str) -> Iterator[LakehouseRows]:
    """The tables of *selection* that were made of all parts, in the order of the schema; the collection is called *name*."""
    store = RecordStore(collection)
    for table, schema in TABLES.items():
        if table in selection.missing or (table == "signatures" and not selection.files[table]):
            continue
        fields = [_COLLECTION] if table == "captures" else [_COLLECTION, _BASE_ID]
        key = {field.name: value for field, value in zip(fields, (name, selection.base_id))}
        columns = [field.with_nullable(True) for field in schema]
        whole = pa.schema([*fields, *columns], schema.metadata)
        yield LakehouseRows(table, key, whole, Table(table, Row, selection, store))
