"""Documents that nobody saw on the wire: resource records (ISO 28500:2017, 6.4.4), and conversions, which were made of other
records (6.8).

A conversion says what its maker's program made of a page, so it is a capture only where it is asked for
(`WarcSource.conversions`), and then only as a page: the text that other tools keep in such records is none.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from broadsheet.archive.http_answer import bare_media_type, is_html

DOCUMENT_TYPES = ("resource", "conversion")  # of records whose block is a document, and no HTTP message
_OF_DOCUMENTS = frozenset({"http", "https", "file"})


def is_page_resource(url: str | None, content_type: str | None) -> bool:
    """Whether a resource or conversion record of *url* with that Content-Type is a page: HTML at an address of documents.

    Other crawlers keep in resource records what they made of a page themselves, under addresses of their own (``urn:text:``,
    ``screenshot:``).
    """
    try:
        scheme = urlsplit(url or "").scheme
    except ValueError:
        return False
    return scheme in _OF_DOCUMENTS and is_html(bare_media_type(content_type or ""))
