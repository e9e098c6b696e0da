"""JSON lines, one page each: ``{"url": ..., "html": ..., "date": ...}``; the date may be left out."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import orjson

from broadsheet.archive.errors import os_errors_of
from broadsheet.pipelines.importers.dates import parse_date
from broadsheet.pipelines.importers.document import MAX_FILE, Imported, LeftOut, SourceFile, imported_document
from broadsheet.pipelines.importers.html_file import absolute_url


def read_json_lines(file: SourceFile, left_out: LeftOut) -> Iterator[Imported]:
    """A document a line, read line by line; one without address or HTML is left out.

    Raises:
        BrokenEnvironment: *file* may not be read.
    """
    packed = file.path.suffix == ".gz"
    with os_errors_of(file.path), gzip.open(file.path) if packed else file.path.open("rb") as lines:
        number = 0
        while True:
            try:
                line = lines.readline(MAX_FILE + 1)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                left_out(f"{file.path}: damaged behind line {number} ({error})")
                return
            if not line:
                return
            number += 1
            if not line.strip():
                continue
            found = _document(line, file, number)
            if isinstance(found, str):
                left_out(f"{file.path}, line {number}: {found}")
            else:
                yield found


def _document(line: bytes, file: SourceFile, number: int) -> Imported | str:
    """The document in *line*, or what is wrong with it."""
    try:
        value = orjson.loads(line)
    except ValueError:
        return "is no JSON"
    if not isinstance(value, dict):
        return "is no object"
    url, html = absolute_url(value.get("url")), value.get("html")
    if url is None:
        return f"has no absolute URL ({value.get('url')!r:.80})"
    if not isinstance(html, str) or not html.strip():
        return "has no html"
    date = parse_date(value.get("date"))
    if date is None and value.get("date") is not None:
        return f"has a date that cannot be read ({value['date']!r:.80})"
    body = html.encode("utf-8", "replace")
    kind, origin = "text/html; charset=utf-8", f"{file.name} (line {number})"
    return imported_document(url, date or file.saved, kind, body, origin, dated=date is not None)
