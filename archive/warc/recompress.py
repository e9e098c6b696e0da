"""Making a WARC with one gzip member a record of what is none: ARC files, whole-file gzip, block gzip.

warcio does it, and this is its one home in the product: it reads all that was ever written, at its leisure.  HTTP heads
are not parsed on the way, so the blocks are copied byte for byte; an ARC's records get WARC headers.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import IO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from archive.errors import BadInput, from_os_error


def recompress(path: Path, target: Path) -> int:
    """Write the records of *path* to *target*; returns how many.  *target* is whole, or not there.

    Raises:
        BadInput: warcio cannot read it either.
        BroadsheetError: the disk refuses.
    """
    temporary = target.with_name(target.name + ".new")
    count = 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Decompressed here: warcio refuses gzip members that do not fit records, and they are what this is for.
        with _decompressed(path) as source, temporary.open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            records = ArchiveIterator(source, no_record_parse=True, verify_http=False, arc2warc=True)
            for count, record in enumerate(records, 1):  # noqa: B007 - the last number is the result
                writer.write_record(record)
        temporary.rename(target)
    except (ArchiveLoadFailed, EOFError, zlib.error, gzip.BadGzipFile) as error:
        temporary.unlink(missing_ok=True)
        raise BadInput(str(path), f"cannot be read as WARC or ARC ({_first_line(error)})", "Check the file.") from error
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise from_os_error(error, str(target)) from error
    return count


def _decompressed(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if compressed else path.open("rb")  # type: ignore[return-value]  # a GzipFile is one


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
