"""WACZ files: the WARCs inside, read where they lie.

A WACZ is a zip whose ``archive/*.warc.gz`` are stored, not deflated (WACZ 1.1.1), so each is a stretch of the file and is
read in place, also of one that lies in S3 or on a web server.  A packer that deflated them all the same costs a copy: the
member is unpacked to a folder the caller names.
"""

from __future__ import annotations

import os
import shutil
import struct
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import IO

from broadsheet.archive.errors import BadInput, CorruptArchive, from_os_error
from broadsheet.archive.warc.source import ARCHIVE_SUFFIXES, WarcSource

_LOCAL_HEADER = struct.Struct("<4s22xHH")  # signature, ..., length of the name, length of the extra field


def is_wacz(path: Path) -> bool:
    """Whether *path* is meant as a WACZ: by its name, or because it is a zip."""
    return path.suffix.lower() == ".wacz" or (path.is_file() and zipfile.is_zipfile(path))


def is_remote_wacz(source: WarcSource) -> bool:
    """Whether the object or web file *source* is meant as a WACZ: by its name, or, of another, because it is a zip.

    Raises:
        BroadsheetError: it cannot be read.
    """
    name = source.name.lower()
    if name.endswith(ARCHIVE_SUFFIXES):
        return False
    return name.endswith(".wacz") or _begins_like_zip(source)


def warc_sources(wacz: Path | WarcSource, temporary: Path) -> list[WarcSource]:
    """The WARCs of *wacz*, a file or an object that can be read anywhere, by name.  A deflated one is unpacked into
    *temporary*, which must exist.

    A source's ``name`` is the member's name without its folder, as the WACZ's own index calls it.

    Raises:
        BadInput: not a WACZ, or one without WARCs.
        CorruptArchive: the zip is damaged.
        BrokenEnvironment: a store or server refuses, or does not answer.
    """
    whole = wacz if isinstance(wacz, WarcSource) else WarcSource.of(wacz)
    label = whole.url or str(whole.path)
    try:
        with whole.open() as file, zipfile.ZipFile(file) as archive:
            members = [info for info in archive.infolist() if _is_warc(info.filename)]
            if not members:
                what = "holds no WARC in its folder archive/"
                raise BadInput(label, what, "Name a WACZ file, or the WARCs themselves.")
            members.sort(key=lambda info: info.filename)
            return [_source(whole, label, file, archive, info, temporary) for info in members]
    except zipfile.BadZipFile as error:
        what = "is not a WACZ (zip) file" if not _begins_like_zip(whole) else f"is a damaged zip file ({error})"
        raise BadInput(label, what, "Check the file, or fetch it again.") from error
    except OSError as error:
        raise from_os_error(error, label) from error


def _is_warc(name: str) -> bool:
    return name.startswith("archive/") and name.lower().endswith(ARCHIVE_SUFFIXES)


def _begins_like_zip(source: WarcSource) -> bool:
    with source.open() as file:
        return file.read(4) == b"PK\x03\x04"


def _source(
    whole: WarcSource, label: str, file: IO[bytes], archive: zipfile.ZipFile, info: zipfile.ZipInfo, temporary: Path
) -> WarcSource:
    name = Path(info.filename).name
    if info.flag_bits & 1:
        raise BadInput(label, f"{info.filename} is encrypted", "Pack it again without a password.")
    if info.compress_type == zipfile.ZIP_STORED:
        return replace(whole, name=name, base=_data_offset(label, file, info), size=info.file_size)
    unpacked = temporary / f"{whole.path.stem}-{name}"
    try:
        with archive.open(info) as packed, unpacked.open("wb") as copy:
            shutil.copyfileobj(packed, copy, 1024 * 1024)
    except (zipfile.BadZipFile, zlib.error) as error:
        unpacked.unlink(missing_ok=True)
        raise CorruptArchive(label, f"{info.filename} is damaged ({error})", "Fetch the file again.") from error
    return WarcSource(unpacked, name)


def _data_offset(label: str, file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Where the member's bytes begin: its local header may be longer than the directory says."""
    size = file.seek(0, os.SEEK_END)
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) == _LOCAL_HEADER.size:
        signature, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        start = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        if signature == b"PK\x03\x04" and start + info.file_size <= size:
            return int(start)
    raise CorruptArchive(label, f"{info.filename} does not lie where the zip directory says", "Fetch the file again.")
