"""The encoding of a page, for finding its links: what a browser would settle on before it parses.

Byte order mark, then Content-Type, then the <meta> prescan, then UTF-8.  (WHATWG HTML, 13.2.3.2, with its label names,
through w3lib.)  Browsers guess after that; links are ASCII almost always, so a wrong guess is not worth a detector.
"""

from __future__ import annotations

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

_PRESCAN = 4096  # bytes


def html_encoding(body: bytes, content_type: str = "") -> str:
    """Python's name for the encoding of the HTML page *body*, sent with *content_type*."""
    bom, _ = read_bom(body)
    if bom is not None:
        return bom
    declared = http_content_type_encoding(content_type)
    if declared is None:
        declared = html_body_declared_encoding(body[:_PRESCAN])
        if declared is not None and declared.startswith("utf-16"):
            return "utf-8"  # it was read as ASCII, so it cannot be
    return declared or "utf-8"


def decode(body: bytes, encoding: str) -> str:
    """The text of *body* without its byte order mark; what does not decode becomes U+FFFD."""
    try:
        return body.decode(encoding, "replace").removeprefix("\ufeff")
    except (LookupError, UnicodeError):  # a codec that is none for text, or cannot replace
        return body.decode("utf-8", "replace").removeprefix("\ufeff")
