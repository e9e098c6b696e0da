"""What the user named, sorted into sets of files that belong together: WARCs, their indexes, the WACZ they lie in.

A folder is a set, the files named one by one are a set, each WACZ is a set of its own: ids must be unique and links
resolve within a set, not across copies of one crawl that happen to be verified in one command.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, BroadsheetError, CorruptArchive, no_such_file
from broadsheet.archive.named_warcs import names_in_indexes
from broadsheet.archive.verify.index import index_lines, parse_line
from broadsheet.archive.wacz import inner_waczs, is_wacz, unpacked_sources
from broadsheet.archive.warc.source import ARCHIVE_SUFFIXES, WarcSource

_SUFFIXES = (*ARCHIVE_SUFFIXES, ".warc.gz.open", ".warc.open")
INDEX_SUFFIXES = (".cdxj", ".cdxj.gz", ".cdx", ".cdx.gz", ".idx")


@dataclass(slots=True)
class FileSet:
    """Files that are checked together.  ``wacz`` is the file the WARCs lie in, if they do.

    ``is_folder``: the files were found, not named, so one of them that is no WARC is a finding, not the user's mistake.
    ``elsewhere``: names of the WARCs that a collection was extracted from where they lie; its indexes name them, too.
    """

    name: str
    warcs: list[WarcSource] = field(default_factory=list)
    indexes: list[Path] = field(default_factory=list)
    wacz: Path | None = None
    is_folder: bool = False
    elsewhere: frozenset[str] = frozenset()


def file_sets(paths: Sequence[Path], temporary: Path) -> list[FileSet]:
    """The sets that *paths* name.  Members of a WACZ that cannot be read in place are unpacked into *temporary*.

    Raises:
        BadInput: a path does not exist, or there is nothing in it that can be verified.
    """
    sets: list[FileSet] = []
    named = FileSet(paths[0].name if len(paths) == 1 else "the files named")
    for path in paths:
        if path.is_dir():
            sets += _folder(path, temporary)
        elif not path.is_file():
            raise no_such_file(path)
        elif is_wacz(path):
            sets += _waczs(path, temporary)
        elif path.name.lower().endswith(INDEX_SUFFIXES):
            named.indexes.append(path)
        else:
            named.warcs.append(WarcSource.of(path))
    if named.indexes and not named.warcs:
        named.warcs = _warcs_of(named.indexes)
    if named.warcs or named.indexes:
        sets.append(named)
    return sets


def _folder(path: Path, temporary: Path) -> list[FileSet]:
    collection = (path / "collection.sqlite").is_file()
    folders = [path / "archive", path / "indexes"] if collection else [path]
    files = [
        file
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]  # what is hidden belongs to other programs: git's .idx is no index of WARCs
    found = FileSet(str(path), is_folder=True, elsewhere=_elsewhere(path) if collection else frozenset())
    waczs = []
    for file in files:
        name = file.name.lower()
        if name.endswith(_SUFFIXES):
            found.warcs.append(WarcSource.of(file))
        elif name.endswith(INDEX_SUFFIXES) and not _is_plain_cdx(file):
            found.indexes.append(file)
        elif name.endswith(".wacz"):
            waczs += _waczs(file, temporary)
    if not (found.warcs or found.indexes or waczs or collection):
        raise BadInput(str(path), "holds neither a collection nor WARC files", "Name one that does.")
    return [*([found] if found.warcs or found.indexes else []), *waczs]


def _elsewhere(path: Path) -> frozenset[str]:
    """What indexes may call the WARCs of the collection *path* that lie elsewhere; nothing where its journal cannot be read,
    which is told elsewhere."""
    try:
        with Catalogue.open(Collection(path).journal, read_only=True) as catalogue:
            names = [warc.filename for warc in catalogue.warcs() if warc.source is not None]
    except BroadsheetError:
        return frozenset()
    return frozenset().union(*map(names_in_indexes, names))


def _waczs(path: Path, temporary: Path) -> list[FileSet]:
    """The WACZ *path*, or those that a multi-WACZ is made of: each is one by the rules."""
    try:
        inner = inner_waczs(path, temporary)
    except CorruptArchive:  # which the rules say of it
        inner = []
    return [one for member in inner for one in _waczs(member, temporary)] or [_wacz(path, temporary)]


def _wacz(path: Path, temporary: Path) -> FileSet:
    """A damaged zip, or one without WARCs, is a set without WARCs: the rules of the WACZ say what is wrong."""
    with path.open("rb") as file:
        begins = file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
        if not begins and not zipfile.is_zipfile(file):  # one behind a program that unpacks it is a zip, too
            raise BadInput(str(path), "is not a WACZ (zip) file", "Check the file, or fetch it again.")
    try:
        sources = unpacked_sources(path, temporary)
    except BadInput as error:
        if "encrypted" in error.cause:
            raise
        sources = []
    except BroadsheetError:
        sources = []
    return FileSet(path.name, sources, wacz=path)


def _is_plain_cdx(path: Path) -> bool:
    """Whether *path* is one of the older formats that end in .cdx: fields without JSON."""
    if not path.name.lower().endswith(".cdx"):
        return False
    with path.open("rb") as file:
        return b"{" not in file.readline(65536)


def _warcs_of(indexes: Sequence[Path]) -> list[WarcSource]:
    """The WARCs that *indexes* name, where they usually lie: beside the index, or in ../archive."""
    found: dict[Path, None] = {}
    for index in indexes:
        names: set[str] = set()
        try:
            with index.open("rb") as file:
                for number, line in enumerate(index_lines(file), 1):
                    parsed = parse_line(number, line)
                    if not isinstance(parsed, str) and parsed.filename and not parsed.filename.endswith(".cdx.gz"):
                        names.add(parsed.filename)
        except (OSError, EOFError):
            continue  # the index's own rules say so
        for name in sorted(names):
            for folder in (index.parent, index.parent.parent / "archive"):
                path = folder / name
                if path.is_file():
                    found[path] = None
                    break
    return [WarcSource.of(path) for path in found]
