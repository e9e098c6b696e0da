"""The Resource: a document that a user has, and that nobody saw on the wire (ISO 28500:2017, 6.4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from broadsheet.archive.http_answer import is_html

_OF_DOCUMENTS = frozenset({"http", "https", "file"})


@dataclass(frozen=True, slots=True)
class Resource:
    """*body* is what stands, or stood, at *url*; *date* (UTC) is when.  *origin* says what it was made from."""

    url: str
    date: datetime
    content_type: str
    body: bytes
    origin: str


def is_page_resource(url: str | None, content_type: str | None) -> bool:
    """Whether a resource record of *url* with that Content-Type is a page: HTML at an address of documents.

    Other crawlers keep in resource records what they made of a page themselves, under addresses of their own (``urn:text:``,
    ``screenshot:``).
    """
    try:
        scheme = urlsplit(url or "").scheme
    except ValueError:
        return False
    return scheme in _OF_DOCUMENTS and is_html((content_type or "").partition(";")[0].strip().lower())
