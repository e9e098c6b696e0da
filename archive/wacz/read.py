"""WACZ files: the WARCs inside, read where they lie.

A WACZ is a zip whose ``archive/*.warc.gz`` are stored, not deflated (WACZ 1.1.1), so each is a stretch of the file and is
read in place, also of one that lies in S3 or on a web server.  A packer that deflated them all the same costs a copy: the
member is unpacked to a folder the caller names.

Read as it is found: the folder ``archive`` within another one, names that begin with ``./`` or are written with
backslashes, ARC files, several members of one name, and the two forms of a multi-WACZ: a zip of WACZs, and a JSON file
that names WACZs beside it.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import orjson

from broadsheet.archive.errors import BadInput, CorruptArchive, from_os_error
from broadsheet.archive.warc.source import ARCHIVE_SUFFIXES, WarcSource

_LOCAL_HEADER = struct.Struct("<4s22xHH")  # signature, ..., length of the name, length of the extra field


_IN_ARCHIVE = re.compile(r"(?:.*/)?archive/(?P<name>.+)", re.IGNORECASE | re.DOTALL)
_MOST_NESTED = 3  # WACZs in a WACZ in a WACZ
_MOST_JSON = 64 * 1024 * 1024


def is_wacz(path: Path) -> bool:
    """Whether *path* is meant as a WACZ: by its name, because it is a zip, or because it is the JSON file of a multi-WACZ."""
    if path.suffix.lower() == ".wacz":
        return True
    return path.is_file() and (zipfile.is_zipfile(path) or bool(_listed(path)))


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

    A source's ``name`` is the member's name without its folder, as the WACZ's own index calls it; with it where two have
    one name; of a WACZ within another, with that one's name before it.

    Raises:
        BadInput: not a WACZ, or one without WARCs.
        CorruptArchive: the zip is damaged.
        BrokenEnvironment: a store or server refuses, or does not answer.
    """
    whole = wacz if isinstance(wacz, WarcSource) else WarcSource.of(wacz)
    if whole.url is None and (listed := _listed(whole.path)):
        found = []
        for path in listed:
            inside = _unpacking_folder(temporary, path.name)
            found += [replace(one, name=f"{path.name}/{one.name}") for one in warc_sources(path, inside)]
        return found
    return _sources_in(whole, temporary, _MOST_NESTED)


def inner_waczs(path: Path, temporary: Path) -> list[Path]:
    """The WACZs that the multi-WACZ *path* is made of; those within a zip are unpacked into *temporary*.  Any other has none.

    Raises:
        BadInput: it names what is not beside it.
        CorruptArchive: the zip is damaged.
    """
    if listed := _listed(path):
        return listed
    try:
        with zipfile.ZipFile(path) as archive:
            members = _named(archive)
            if not members or not all(name.lower().endswith(".wacz") for name, _ in members):
                return []
            folder = Path(tempfile.mkdtemp(dir=temporary))
            found = []
            for name, info in members:
                found.append(folder / name.replace("/", "-"))
                with archive.open(info) as packed, found[-1].open("wb") as copy:
                    shutil.copyfileobj(packed, copy, 1024 * 1024)
    except (zipfile.BadZipFile, zlib.error) as error:
        raise CorruptArchive(str(path), f"is a damaged zip file ({error})", "Fetch the file again.") from error
    return found


def unpacked_sources(wacz: Path, temporary: Path) -> list[WarcSource]:
    """`warc_sources`, with a folder of its own in *temporary* for what must be unpacked: several WACZs may have one name."""
    return warc_sources(wacz, Path(tempfile.mkdtemp(dir=temporary)))


def _sources_in(whole: WarcSource, temporary: Path, depth: int) -> list[WarcSource]:
    label = whole.url or str(whole.path)
    try:
        with whole.open() as file, zipfile.ZipFile(file) as archive:
            members = _named(archive)
            if not members:
                what = "holds no WARC in its folder archive/"
                raise BadInput(label, what, "Name a WACZ file, or the WARCs themselves.")
            found: list[WarcSource] = []
            for name, info in members:
                source = _source(whole, label, file, archive, info, name, temporary)
                if not name.lower().endswith(".wacz"):
                    found.append(source)
                elif depth:
                    inside = _sources_in(source, _unpacking_folder(temporary, name), depth - 1)
                    found += [replace(one, name=f"{name}/{one.name}") for one in inside]
            return found
    except zipfile.BadZipFile as error:
        what = "is not a WACZ (zip) file" if not _begins_like_zip(whole) else f"is a damaged zip file ({error})"
        raise BadInput(label, what, "Check the file, or fetch it again.") from error
    except OSError as error:
        raise from_os_error(error, label) from error


def _named(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """The WARCs and WACZs of *archive*, each by a name of its own, in the order of their paths.

    A WARC's is what follows ``archive/`` where several have one file name, else its file name, as indexes call it.
    """
    found = sorted(_members(archive), key=lambda one: one[0])
    files = Counter(path.rpartition("/")[2] for path, _ in found)
    named: list[tuple[str, zipfile.ZipInfo]] = []
    used: Counter[str] = Counter()
    for path, info in found:
        name = path if files[path.rpartition("/")[2]] > 1 else path.rpartition("/")[2]
        used[name] += 1
        folder, slash, file = name.rpartition("/")
        named.append((name if used[name] == 1 else f"{folder}{slash}{used[name]}-{file}", info))
    return named


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    for info in archive.infolist():
        parts = [part for part in info.filename.replace("\\", "/").split("/") if part not in ("", ".", "..")]
        path = "/".join(parts)
        inside = _IN_ARCHIVE.fullmatch(path)
        if inside is not None and path.lower().endswith(ARCHIVE_SUFFIXES):
            yield inside["name"], info
        elif path.lower().endswith(".wacz"):
            yield path, info


def _listed(path: Path) -> list[Path]:
    """The WACZs that the JSON file *path* names, as it lies beside them; none when it is something else."""
    if path.suffix.lower() != ".json" or not path.is_file() or path.stat().st_size > _MOST_JSON:
        return []
    try:
        package = orjson.loads(path.read_bytes())
        named = [str(one["path"]) for one in package["resources"]]
    except (ValueError, KeyError, TypeError):
        return []
    if not any(name.lower().partition("?")[0].endswith(".wacz") for name in named):
        return []
    if elsewhere := [name for name in named if "://" in name]:
        raise BadInput(str(path), f"names {elsewhere[0]}, which is not beside it", "Name the URLs themselves.")
    return [path.parent / name for name in named]


def _unpacking_folder(temporary: Path, name: str) -> Path:
    """The folder for what is unpacked of the WACZ *name* within another; the same each time."""
    folder = temporary / f"in-{name.replace('/', '-')}"
    folder.mkdir(exist_ok=True)
    return folder


def _begins_like_zip(source: WarcSource) -> bool:
    with source.open() as file:
        return file.read(4) == b"PK\x03\x04"


def _source(
    whole: WarcSource,
    label: str,
    file: IO[bytes],
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    name: str,
    temporary: Path,
) -> WarcSource:
    if info.flag_bits & 1:
        raise BadInput(label, f"{info.filename} is encrypted", "Pack it again without a password.")
    if info.compress_type == zipfile.ZIP_STORED:
        return replace(whole, name=name, base=whole.base + _data_offset(label, file, info), size=info.file_size)
    unpacked = temporary / f"{whole.path.stem}-{name.replace('/', '-')}"
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
