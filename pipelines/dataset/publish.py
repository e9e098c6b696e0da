"""Publishing a part: all of it or nothing, once, with the same bytes whoever does it and however often.

Files become durable in the dataset (`broadsheet.archive.durable`), and only then does the manifest name them.  A glob over a
table's folder therefore always meets whole, published files; the manifest is what says that a part is complete.  A part that
was killed between its renames is simply done again: it overwrites itself with the same bytes, because its name and content
follow from the WARC alone.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.columns import TableBuilder
from broadsheet.pipelines.dataset.compacted import has_rows
from broadsheet.pipelines.dataset.manifest import NO_MONTH, PublishedFile, month_folder, publishing, table_folder
from broadsheet.pipelines.dataset.schema import dictionary_columns

ROW_GROUP = 1000  # rows
PARTS_ROW_GROUP = 20_000  # of segments, links and images: some hundred pages


def publish_tables(
    collection: Collection, part: str, extraction_id: str, builders: Mapping[str, TableBuilder]
) -> tuple[PublishedFile, ...]:
    """Write the tables of *part* and put them in place, a file for each month of fetching; none without rows.

    Raises:
        OSError: the disk refused; nothing half-written is in the dataset.
    """
    files = []
    for name, builder in sorted(builders.items()):
        compacted = has_rows(collection, name, extraction_id, part)  # then a file of its own would double them
        for month, table in by_month(builder.take_table()) if builder.rows else ():
            relative = table_folder(name, extraction_id) / month_folder(month) / f"{part}.parquet"
            digest = _publish(collection, relative, table, in_place=not compacted)
            files.append(PublishedFile(name, relative.as_posix(), table.num_rows, digest))
    return tuple(files)


def by_month(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of *table* by the month of their ``fetch_time`` (UTC), ``2026-11``, earliest first, in their order; last those
    that have none, as `NO_MONTH`."""
    # by NumPy: pyarrow.compute takes a tenth of a second of each process that loads it
    months = table["fetch_time"].to_numpy().astype("datetime64[M]")
    present = np.unique(months)  # no time is last, and once
    for month in present:
        own = np.isnat(months) if np.isnat(month) else months == month
        rows = table if len(present) == 1 else table.filter(pa.array(own))
        yield NO_MONTH if np.isnat(month) else str(month), rows


def _publish(collection: Collection, relative: Path, table: pa.Table, *, in_place: bool) -> str:
    """Write *table* if it is to be in place; the SHA-256 of its bytes."""
    made = io.BytesIO()
    write_parquet(table, made)
    if in_place:
        with publishing(collection, collection.dataset / relative) as file:
            file.write(made.getbuffer())
    return hashlib.sha256(made.getbuffer()).hexdigest()


def write_parquet(table: pa.Table, file: object) -> None:
    """Write *table* with the dataset's settings (measured; see docs/compact.md): zstd 3, 1,000 rows a group, of the tables
    about a page's parts 20,000."""
    pq.write_table(
        table,
        file,
        compression="zstd",
        compression_level=3,
        row_group_size=PARTS_ROW_GROUP if "ordinal" in table.schema.names else ROW_GROUP,
        use_dictionary=dictionary_columns(table.schema) or False,
        write_page_index=True,
        write_statistics=[name for name in table.schema.names if name not in {"text", "text_markdown"}],
        store_schema=True,
    )
