"""Tables of Delta Lake, through delta-rs (the package ``deltalake``): this is its one home.

Each table is a folder below the target, a path or the URL of an object store that delta-rs knows (``s3://...``; its settings
come from the environment).  Documentation of columns is their ``comment``, as in Spark.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from broadsheet.archive.durable import make_folders
from broadsheet.archive.errors import BroadsheetError, BrokenEnvironment, from_os_error
from broadsheet.pipelines.lakehouse.rows import LakehouseRows

if TYPE_CHECKING:
    from deltalake import Field

_OF_THE_SYSTEM = re.compile(r"\(os error (\d+)\)")  # as Rust's messages have it


class DeltaTables:
    """The tables below *target*."""

    def __init__(self, target: str) -> None:
        try:
            import deltalake  # noqa: F401, PLC0415 - heavy
        except ImportError as error:
            remedy = "Run `pip install 'broadsheet[lakehouse]'`."
            raise BrokenEnvironment("deltalake", "is not installed", remedy) from error
        self._root = target.rstrip("/") if "://" in target else str(Path(target).absolute())

    def replace(self, rows: LakehouseRows) -> int:
        """Let the rows with the key of *rows* be these; all others stay.  How many there are.

        The table is made if there is none, and gets the columns that it lacks; one that may be null now may be so in it.
        A column that it has keeps its comment: delta-rs changes none, and refuses rows whose schema has another.

        Raises:
            BroadsheetError: the table cannot be changed; it is what it was.
        """
        from deltalake import DeltaTable, write_deltalake  # noqa: PLC0415 - heavy
        from deltalake.exceptions import DeltaError  # noqa: PLC0415

        place = f"{self._root}/{rows.name}"
        try:
            is_there = DeltaTable.is_deltatable(place)
            fields: list[Field] = DeltaTable(place).schema().fields if is_there else []
        except (DeltaError, OSError) as error:
            raise _told(error, place) from error
        comments = {one.name: one.metadata.get("comment") for one in fields}
        schema = pa.schema([_as_column(field, comments) for field in rows.schema])
        count = 0
        failures: list[BaseException] = []

        def batches() -> Iterator[pa.RecordBatch]:
            nonlocal count
            try:
                for chunk in rows.chunks():
                    count += chunk.num_rows
                    yield from chunk.cast(schema).to_batches()
            except BaseException as error:  # delta-rs would hand it on as one of its own
                failures.append(error)
                raise

        ours = " AND ".join(f"{column} = {_quoted(value)}" for column, value in rows.key.items())
        try:
            if not is_there:
                if "://" not in place:
                    make_folders(Path(place))  # delta-rs does not say why it cannot
                DeltaTable.create(place, schema, name=rows.name, partition_by=list(rows.key))
            for field in fields:
                now = schema.field(field.name) if field.name in schema.names else None
                if not field.nullable and (now is None or now.nullable):
                    DeltaTable(place).alter.drop_column_not_null(field.name)
            stream = pa.RecordBatchReader.from_batches(schema, batches())
            write_deltalake(place, stream, mode="overwrite", predicate=ours, schema_mode="merge")
        except (DeltaError, OSError) as error:
            if failures:
                raise failures[0] from error
            raise _told(error, place) from error
        return count


def _told(error: Exception, place: str) -> BroadsheetError:
    """*error* of delta-rs or of the system in the user's words."""
    number = error.errno if isinstance(error, OSError) else None
    if number is None and (said := _OF_THE_SYSTEM.search(str(error))) is not None:
        number = int(said[1])
    if number is not None:
        return from_os_error(OSError(number, os.strerror(number)), place)
    first, *_ = str(error).splitlines() or [""]  # what follows may be the rows
    cause = f"cannot be changed ({type(error).__name__}: {first[:300]})"
    return BrokenEnvironment(place, cause, "Check the place, then run the same command again.")


def _as_column(field: pa.Field, comments: dict[str, str | None]) -> pa.Field:
    """*field* with its documentation as its comment, or with what *comments* has under its name."""
    doc = (field.metadata or {}).get(b"doc")
    comment = comments[field.name] if field.name in comments else doc and doc.decode()
    return field.with_metadata({"comment": comment} if comment else {})


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
