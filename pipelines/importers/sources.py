"""Which files are to be imported, and which reader each needs; a listing that names their addresses and dates."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson

from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.pipelines.importers.dates import parse_date
from broadsheet.pipelines.importers.document import MAX_FILE, Reader, SourceFile
from broadsheet.pipelines.importers.har import read_har
from broadsheet.pipelines.importers.html_file import absolute_url, read_html_file
from broadsheet.pipelines.importers.json_lines import read_json_lines
from broadsheet.pipelines.importers.mhtml import read_mhtml

READERS: Mapping[str, Reader] = {
    ".html": read_html_file,
    ".htm": read_html_file,
    ".xhtml": read_html_file,
    ".mhtml": read_mhtml,
    ".mht": read_mhtml,
    ".har": read_har,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".jsonl.gz": read_json_lines,
    ".ndjson.gz": read_json_lines,
}
_WARCS = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".wacz")
_WETS = (".warc.wet", ".warc.wet.gz", ".wet", ".wet.gz")


def find_sources(inputs: Sequence[Path], listing: Path | None, output: Path) -> tuple[list[SourceFile], int]:
    """The files that *inputs* name, and those in the folders among them (but *output*), in one order whatever the file system;
    and how many files of the folders are of no kind that can be imported.

    Raises:
        BadInput: an input is not there, or of no such kind; there is nothing to import; *listing* cannot be read.
    """
    told = {} if listing is None else read_listing(listing)
    found: list[SourceFile] = []
    others = 0
    for one in inputs:
        if one.is_dir():
            for path in _files(one, output):
                if path.resolve() == (listing or Path()).resolve():
                    continue
                if _suffix(path) is None:
                    others += 1
                else:
                    found.append(_source(path, path.relative_to(one).as_posix(), told))
        else:
            with os_errors_of(one):
                one.stat()
            reader_of(one)
            found.append(_source(one, one.name, told))
    if not found:
        raise BadInput(", ".join(map(str, inputs)), "holds nothing that can be imported", f"There are: {_kinds()}.")
    return found, others


def reader_of(path: Path) -> Reader:
    """What reads the file *path*.

    Raises:
        BadInput: nothing does.
    """
    name = path.name.lower()
    if name.endswith(_WETS):
        cause = "is a WET file, which has the text of pages and not the pages"
        raise BadInput(str(path), cause, "Take the WARC files that it was made from: broadsheet extract FILE -o DIR.")
    if name.endswith(_WARCS):
        raise BadInput(str(path), "is an archive already", f"Write: broadsheet extract {path} -o DIR.")
    suffix = _suffix(path)
    if suffix is None:
        raise BadInput(str(path), "is of no kind that can be imported", f"There are: {_kinds()}.")
    return READERS[suffix]


def read_listing(path: Path) -> dict[str, tuple[str | None, datetime | None]]:
    """Address and date of files by what *path* calls them: CSV with a head line or JSON lines: ``file``, ``url``, ``date``.

    Raises:
        BadInput: it is neither, or a line of it says something that cannot be.
    """
    with os_errors_of(path):
        if path.stat().st_size > MAX_FILE:
            raise BadInput(str(path), f"is larger than {MAX_FILE:,} bytes", "Take several listings.")
        text = path.read_bytes().decode("utf-8-sig", "replace")
    told: dict[str, tuple[str | None, datetime | None]] = {}
    for number, row in _rows(path, text):
        name, url, date = row.get("file") or row.get("path"), row.get("url"), row.get("date")
        where = f"{path}, line {number}"
        if not isinstance(name, str) or not name.strip():
            raise BadInput(where, "names no file", "A listing has the columns file, url and, if known, date.")
        if url and absolute_url(url) is None:
            raise BadInput(where, f"{str(url)[:80]!r} is not an absolute URL", "Write it like https://a.example/page.")
        moment = parse_date(date) if date not in (None, "") else None
        if moment is None and date not in (None, ""):
            raise BadInput(where, f"{str(date)[:80]!r} is no date", "Write it like 2026-03-04T10:00:00Z.")
        told[_plain(name)] = absolute_url(url), moment
    return told


def _rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, object]]]:
    if text.lstrip().startswith("{"):
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = orjson.loads(line)
            except ValueError as error:
                raise BadInput(f"{path}, line {number}", "is no JSON", "Write one object a line.") from error
            if not isinstance(row, dict):
                raise BadInput(f"{path}, line {number}", "is no object", "Write one object a line.")
            yield number, row
        return
    reader = csv.DictReader(io.StringIO(text))
    if not {"file", "path"} & set(reader.fieldnames or ()):
        raise BadInput(str(path), "has no column file", "A listing has the columns file, url and, if known, date.")
    for row in reader:
        yield reader.line_num, dict(row)


def _source(path: Path, name: str, told: Mapping[str, tuple[str | None, datetime | None]]) -> SourceFile:
    for key in (name, str(path), str(path.absolute()), path.name):
        if (found := told.get(_plain(key))) is not None:
            return SourceFile(path, name, _saved(path), *found)
    return SourceFile(path, name, _saved(path))


def _saved(path: Path) -> datetime:
    with os_errors_of(path):
        return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


def _plain(name: str) -> str:
    return os.path.normpath(name.strip())


def _files(folder: Path, output: Path) -> Iterator[Path]:
    """The files below *folder*; not those of the collection that is made of them, nor what begins with a dot."""
    own = output.resolve()
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and (Path(here) / one).resolve() != own)
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(here) / name


def _suffix(path: Path) -> str | None:
    """The longest suffix of *path* that says how to read it."""
    name = path.name.lower()
    return max((suffix for suffix in READERS if name.endswith(suffix)), key=len, default=None)


def _kinds() -> str:
    return ", ".join(READERS)
