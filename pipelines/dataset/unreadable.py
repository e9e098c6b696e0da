"""A Parquet file that cannot be read: whether the file is to blame, and what to do about it.

Arrow tells damage in two ways: by errors of its own for what it decodes, by an OSError without a number for what it inflates.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from broadsheet.archive.errors import BroadsheetError, CorruptArchive, from_os_error


def unreadable(path: Path, error: pa.ArrowException | OSError, remedy: str) -> BroadsheetError:
    """What to say of the file at *path*, which could not be read: *remedy* when it is the file's fault."""
    if isinstance(error, OSError) and error.errno is not None:
        return from_os_error(error, str(path))
    return CorruptArchive(str(path), f"cannot be read as Parquet ({str(error).partition(chr(10))[0]})", remedy)
