"""MHTML (RFC 2557), as browsers save a page with all it shows: each part a document at its Content-Location."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from urllib.parse import urljoin

from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.importers.dates import parse_date
from broadsheet.pipelines.importers.document import Imported, LeftOut, SourceFile, imported_document
from broadsheet.pipelines.importers.html_file import absolute_url, read_whole


def read_mhtml(file: SourceFile, left_out: LeftOut) -> Iterator[Imported]:
    """The documents of *file*, the page first; a part without an address is left out.

    Raises:
        BadInput: it is no MHTML, or too large.
    """
    message = message_from_bytes(read_whole(file))
    parts = [part for part in message.walk() if not part.is_multipart()]
    if not message.get("MIME-Version") or not any(part.get_content_type() == "text/html" for part in parts):
        raise BadInput(str(file.path), "is no MHTML: it has no page in it", "Leave it out.")
    date = file.date or parse_date(message.get("Date"))
    page = file.url or absolute_url(message.get("Snapshot-Content-Location"))
    for number, part in enumerate(parts):
        is_page = number == 0 and part.get_content_type() == "text/html"
        url = _address(part, page) or (page or file.path.absolute().as_uri() if is_page else None)
        body = part.get_payload(decode=True)
        if url is None or not isinstance(body, bytes):
            left_out(f"{file.path}: a part ({part.get_content_type()}) without an address")
            continue
        if is_page and file.url:
            url = file.url
        kind = part.get_content_type()
        charset = part.get_content_charset()
        kind = f"{kind}; charset={charset}" if charset and kind.startswith("text/") else kind
        origin = f"{file.name} (MHTML, part {number + 1})"
        yield imported_document(url, date or file.saved, kind, body, origin, dated=date is not None)


def _address(part: Message, page: str | None) -> str | None:
    location = (part.get("Content-Location") or "").strip()
    if location.startswith("cid:"):
        return location
    if location:
        try:
            return absolute_url(urljoin(page or "", location))
        except ValueError:
            return None
    name = (part.get("Content-ID") or "").strip().strip("<>")
    return f"cid:{name}" if name else None
