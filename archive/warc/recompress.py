"""Making a WARC with one gzip member a record of what is none: ARC files, whole-file gzip, block gzip.

warcio does it, and this is its one home in the product: it reads all that was ever written, at its leisure.  HTTP heads
are not parsed on the way, so the blocks are copied byte for byte; an ARC's records get WARC headers.
"""

from __future__ import annotations

import gzip
import uuid
import zlib
from pathlib import Path
from typing import IO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from broadsheet.archive.durable import make_folders, whole_file
from broadsheet.archive.errors import BadInput, from_os_error
from broadsheet.archive.warc.source import WarcSource

_ARC = b"filedesc://"


def recompress(source: WarcSource, target: Path) -> int:
    """Write the records of *source* to *target*; returns how many.  *target* is whole, or not there.

    Raises:
        BadInput: warcio cannot read it either.
        BroadsheetError: the disk refuses.
    """
    count = 0
    try:
        make_folders(target.parent)
        # Decompressed here: warcio refuses gzip members that do not fit records, and they are what this is for.
        with source.open() as file, _decompressed(file) as records_file, whole_file(target) as out:
            is_arc = records_file.read(len(_ARC)) == _ARC
            records_file.seek(0)
            writer = WARCWriter(out, gzip=True)
            records = ArchiveIterator(records_file, no_record_parse=True, verify_http=False, arc2warc=True)
            for count, record in enumerate(records, 1):
                if is_arc:  # which has no ids: those that warcio makes differ each time
                    record.rec_headers.replace_header("WARC-Record-ID", _made_id(count, record.rec_headers.headers))
                writer.write_record(record)
    except (ArchiveLoadFailed, EOFError, zlib.error, gzip.BadGzipFile) as error:
        label = source.url or str(source.path)
        raise BadInput(label, f"cannot be read as WARC or ARC ({_first_line(error)})", "Check the file.") from error
    except OSError as error:
        raise from_os_error(error, str(target)) from error
    return count


def _decompressed(file: IO[bytes]) -> IO[bytes]:
    compressed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    return gzip.open(file) if compressed else file  # type: ignore[return-value]  # a GzipFile is one


def _made_id(number: int, fields: list[tuple[str, str]]) -> str:
    """An id for the record *number* of an ARC, the same each time it is converted."""
    lines = [str(number), *(f"{name}: {value}" for name, value in fields if name != "WARC-Record-ID")]
    made = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(lines))
    return f"<{made.urn}>"


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
