"""The table ``signatures``: for each article its MinHash, and the cluster of duplicates that it is in.

One file an extraction, because a new row can change the cluster of any old one: it is written beside the old one, synced
and renamed over it, so a reader meets the old labels or the new ones, whole.  Rows are in the canonical order (earliest
first), so the bytes do not depend on how the articles are laid out in files.  Join it to ``articles`` by
``id, extraction_id``.  What it was made from is noted beside it, in ``_inputs.json``, after the rename: a kill between
the two costs a repetition with the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import remove
from broadsheet.archive.errors import CorruptArchive, os_errors_of
from broadsheet.pipelines.dataset.manifest import (
    earlier_signatures_path,
    published_signatures,
    publishing,
    signatures_path,
)
from broadsheet.pipelines.dataset.publish import ROW_GROUP
from broadsheet.pipelines.dataset.schema import SIGNATURES


class SignatureWriter:
    """Writes the rows of one extraction; made by `publishing_signatures`."""

    def __init__(self, file: object, extraction_id: str, method: Mapping[str, str]) -> None:
        self._extraction_id = extraction_id
        self._schema = SIGNATURES.with_metadata({**(SIGNATURES.metadata or {}), **method})
        self._writer = pq.ParquetWriter(
            file,
            self._schema,
            compression="zstd",
            compression_level=3,
            use_dictionary=["extraction_id", "relation"],
            write_page_index=True,
            write_statistics=[name for name in SIGNATURES.names if name != "minhash"],
        )
        self.rows = 0

    def write(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Add rows: every column but ``extraction_id``, lists of one length."""
        rows = len(columns["id"])
        values = {**columns, "extraction_id": [self._extraction_id] * rows}
        arrays = [pa.array(values[field.name], field.type) for field in self._schema]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema), ROW_GROUP)
        self.rows += rows

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()


@contextmanager
def publishing_signatures(
    collection: Collection, extraction_id: str, method: Mapping[str, str], inputs: str
) -> Iterator[SignatureWriter]:
    """A writer whose rows become the signatures of *extraction_id* when the block ends, and not at all if it fails.

    *method* goes into the file's metadata; *inputs* is what `published_inputs` answers from then on.  A table without
    rows gets no file.

    Raises:
        BrokenEnvironment: the disk refuses; the signatures are those there were.
    """
    path = signatures_path(collection, extraction_id)
    with os_errors_of(path), suppress(_WithoutRows):
        with publishing(collection, path) as file:
            writer = SignatureWriter(file, extraction_id, method)
            yield writer
            writer.close()
            if not writer.rows:
                raise _WithoutRows
        with publishing(collection, path.with_name("_inputs.json")) as note:
            note.write(json.dumps({"inputs": inputs}).encode())
        earlier = earlier_signatures_path(collection, extraction_id)
        remove([earlier, earlier.with_name("_inputs.json")])


def read_signatures(collection: Collection, extraction_id: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The published signatures of an extraction, *columns* in that order, in the canonical order of rows; nothing when
    there are none.

    Raises:
        CorruptArchive: the file cannot be read.
    """
    path = published_signatures(collection, extraction_id)
    if path is None:
        return
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(5 * ROW_GROUP, columns=list(columns), use_threads=False):
                yield batch.select(list(columns))
    except pa.ArrowException as error:
        raise CorruptArchive(
            str(path), f"cannot be read: {error}", "Delete it, and run `broadsheet dedupe`."
        ) from error


def published_inputs(collection: Collection, extraction_id: str) -> str | None:
    """What the published signatures were made from; None when there are none, or it is not known."""
    path = signatures_path(collection, extraction_id)
    try:
        noted = json.loads(path.with_name("_inputs.json").read_text())
        return str(noted["inputs"]) if path.is_file() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no note, or a torn one: the signatures are made again, which is always right


class _WithoutRows(Exception):
    """There is nothing to publish: ends the writing as any failure does."""
