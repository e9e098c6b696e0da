"""Resource records: documents that nobody saw on the wire (ISO 28500:2017, 6.4.4)."""

from __future__ import annotations

from urllib.parse import urlsplit

from broadsheet.archive.http_answer import bare_media_type, is_html

_OF_DOCUMENTS = frozenset({"http", "https", "file"})


def is_page_resource(url: str | None, content_type: str | None) -> bool:
    """Whether a resource record of *url* with that Content-Type is a page: HTML at an address of documents.

    Other crawlers keep in resource records what they made of a page themselves, under addresses of their own (``urn:text:``,
    ``screenshot:``).
    """
    try:
        scheme = urlsplit(url or "").scheme
    except ValueError:
        return False
    return scheme in _OF_DOCUMENTS and is_html(bare_media_type(content_type or ""))
