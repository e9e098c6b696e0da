"""Files of items: ``dataset/items/<kind>/part-NNNNN.parquet``, each there whole or not at all.

A file's rows wait in the journal until it is published.  Killed between the file and the word in the journal that it is
there, the same rows, or they and more, are written again under the same name: nothing is doubled.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.dataset.item_columns import RECORD_COLUMNS, table_of
from broadsheet.pipelines.dataset.manifest import publishing
from broadsheet.pipelines.dataset.publish import write_parquet

ITEMS = "items"  # the folder; its files are named in the journal, and in no manifest


def items_folder(collection: Collection, kind: str) -> Path:
    """Where the files of items called *kind* lie."""
    return collection.dataset / ITEMS / re.sub(r"[^\w.-]+", "_", kind)


def publish_items(
    collection: Collection, kind: str, number: int, schema: pa.Schema, rows: Sequence[dict[str, Any]]
) -> None:
    """Write file *number* of *kind*: *rows* as `plain_row` made them, with those of `RECORD_COLUMNS`.

    Raises:
        OSError: the disk refused; nothing half-written is there.
    """
    table = table_of(pa.schema([*schema, *RECORD_COLUMNS], {"schema": f"{ITEMS}/{kind}"}), list(rows))
    with publishing(collection, items_folder(collection, kind) / f"part-{number:05d}.parquet") as file:
        write_parquet(table, file)


def schema_text(schema: pa.Schema) -> str:
    """*schema* as text, to be kept."""
    return base64.b64encode(schema.serialize().to_pybytes()).decode("ascii")


def schema_of(text: str) -> pa.Schema:
    """The schema that `schema_text` made *text* of."""
    return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(text)))


def grown(kind: str, kept: pa.Schema, declared: pa.Schema) -> pa.Schema:
    """What *declared* items are to be written with, when files with *kept* columns are there: columns may come, none changes.

    Raises:
        BadInput: the type of a column has changed.
    """
    for field in declared:
        if field.name in kept.names and not kept.field(field.name).type.equals(field.type):
            was = kept.field(field.name).type
            raise BadInput(
                f"{kind}.{field.name}",
                f"is {field.type}, and {was} in the files that are there",
                "Give the field another name, or name another folder as BROADSHEET_DIR.",
            )
    return pa.schema([*declared, *(field for field in kept if field.name not in declared.names)])
