"""An HTML file: the page as it was saved, with the address that it says it has.

The address is what a listing says; else what SingleFile or the browser that saved it wrote into a comment; else the page's
canonical link or og:url; else that of the file itself (``file:///...``), so that nothing is made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from urllib.parse import urlsplit

from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.archive.http_answer import is_html, media_type
from broadsheet.archive.sniff import HEAD_SIZE
from broadsheet.pipelines.importers.dates import parse_date
from broadsheet.pipelines.importers.document import MAX_FILE, Imported, LeftOut, SourceFile, imported_document

_REACH = 1024 * 1024  # bytes in which the page says its address; SingleFile writes styles before the links
_SINGLE_FILE = re.compile(rb"Page saved with SingleFile\s*url:\s*(\S+)\s*(?:saved date:\s*([^\r\n]+))?")
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_ADDRESS_TAG = re.compile(rb"<(?:link|meta)\s[^<>]*?(?:canonical|og:url)[^<>]*>", re.IGNORECASE)
_VALUE = re.compile(rb"""(?:href|content)\s*=\s*["']?(https?://[^\s"'<>]+)""", re.IGNORECASE)


def read_html_file(file: SourceFile, _: LeftOut) -> Iterator[Imported]:
    """The one document of *file*.

    Raises:
        BadInput: it is no HTML, or too large.
    """
    body = read_whole(file)
    found = media_type("text/html", None, lambda: body[:HEAD_SIZE])
    if not body.strip() or not is_html(found):
        raise BadInput(str(file.path), f"holds no HTML ({found if body.strip() else 'it is empty'})", "Leave it out.")
    told, date = _address(body[:_REACH])
    date = file.date or date
    url = file.url or told or file.path.absolute().as_uri()
    yield imported_document(url, date or file.saved, "text/html", body, file.name, dated=date is not None)


def read_whole(file: SourceFile) -> bytes:
    """The bytes of *file*.

    Raises:
        BadInput: it is not there, or too large.
        BrokenEnvironment: it may not be read.
    """
    with os_errors_of(file.path):
        if file.path.stat().st_size > MAX_FILE:
            raise BadInput(str(file.path), f"is larger than {MAX_FILE:,} bytes", "Leave it out.")
        return file.path.read_bytes()


def _address(head: bytes) -> tuple[str | None, datetime | None]:
    """The address that a page says it has, and when it was saved."""
    if saved := _SINGLE_FILE.search(head):
        date = parse_date((saved[2] or b"").decode("utf-8", "replace"))
        return absolute_url(saved[1].decode("utf-8", "replace")), date
    if saved := _SAVED_FROM.search(head):
        return absolute_url(saved[1].decode("utf-8", "replace")), None
    for tag in _ADDRESS_TAG.findall(head):
        if value := _VALUE.search(tag):
            return absolute_url(unescape(value[1].decode("utf-8", "replace"))), None
    return None, None


def absolute_url(text: object) -> str | None:
    """*text* as the URL of a page on the web; None when it is none."""
    try:
        parts = urlsplit(str(text or "").strip())
        return parts.geturl() if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None
