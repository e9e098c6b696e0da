"""Publishing a part: all of it or nothing, once, with the same bytes whoever does it and however often.

Files are written under the collection's tmp folder, synced, renamed into the dataset, and only then does the manifest
name them.  A glob over a table's folder therefore always meets whole, published files; the manifest is what says that a
part is complete.  A part that was killed between its renames is simply done again: it overwrites itself with the same
bytes, because its name and content follow from the WARC alone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from archive.collection import Collection
from pipelines.dataset.columns import TableBuilder
from pipelines.dataset.manifest import THIS_PROCESS, PublishedFile, put_in_place, table_path
from pipelines.dataset.schema import DICTIONARY_COLUMNS

ROW_GROUP = 1000


def publish_tables(
    collection: Collection, part: str, extraction_id: str, builders: Mapping[str, TableBuilder]
) -> tuple[PublishedFile, ...]:
    """Write the tables of *part* and put them in place; a table without rows gets no file.

    Raises:
        OSError: the disk refused; nothing half-written is in the dataset.
    """
    files = []
    for name, builder in sorted(builders.items()):
        if builder.rows:
            relative = table_path(name, extraction_id, part)
            digest = _publish(collection, relative, builder.table())
            files.append(PublishedFile(name, relative.as_posix(), builder.rows, digest))
    return tuple(files)


def _publish(collection: Collection, relative: Path, table: pa.Table) -> str:
    temporary = collection.temporary / f"{THIS_PROCESS}-{relative.as_posix().replace('/', '%')}"
    try:
        with temporary.open("wb") as file:
            write_parquet(table, file)
            file.flush()
            os.fsync(file.fileno())
        digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
        put_in_place(temporary, collection.dataset / relative)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return digest


def write_parquet(table: pa.Table, file: object) -> None:
    """Write *table* with the dataset's settings (measured; see ARCHITECTURE.md): zstd 3, 1,000 rows a group."""
    dictionary = [name for name in table.schema.names if name in DICTIONARY_COLUMNS]
    pq.write_table(
        table,
        file,
        compression="zstd",
        compression_level=3,
        row_group_size=ROW_GROUP,
        use_dictionary=dictionary or False,
        write_page_index=True,
        write_statistics=[name for name in table.schema.names if name not in {"text", "text_markdown"}],
        store_schema=True,
    )
