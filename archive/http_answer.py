"""An HTTP answer, read once: its head, its payload, its media type, and whether it is a page.

What is a page is said here and nowhere else: an answer with status 200 that is HTML.  The crawl counts by it, the journal
keeps it (``captures.is_page``), and replay, check, pack and the dataset ask the same question.

The Content-Type header is trusted where it says something: the usual library for magic numbers takes one page in seven for
something else (counted: 42 of 300 as JavaScript).  Where it says nothing useful, the first bytes of the content count; and a
"page" that is an image, a PDF or a feed by its first bytes is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from broadsheet.archive.http import ResponseHead, decode_content, remove_transfer_coding
from broadsheet.archive.sniff import HEAD_SIZE, identify

_SILENT = frozenset({"", "application/octet-stream", "text/plain", "unknown/unknown", "application/x-unknown", "*/*"})
_HTML = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml", "text/htm", "html"})
_NO_TEXT = ("image/", "audio/", "video/", "font/")
_NO_PAGE = frozenset(
    {"application/pdf", "application/zip", "application/gzip", "application/ogg"}
    | {"application/rss+xml", "application/atom+xml"}
)
_PIECE = 16 * 1024  # bytes of a body that are decoded for its beginning


@dataclass(frozen=True)
class Answer:
    """The final answer of an exchange: *head*, parsed, and *message*, head and body as on the wire.

    Everything else is worked out when it is first asked for, and kept (which is why the class has no slots): nine of ten
    answers are pictures, and nobody asks what their first bytes are but the writer of their record.
    """

    head: ResponseHead
    message: bytes = field(repr=False)

    @cached_property
    def declared(self) -> str:
        """The media type in Content-Type; "" when there is none."""
        return declared_type(self.head)

    @cached_property
    def payload(self) -> bytes:
        """The body without transfer coding; its content coding is still on."""
        return remove_transfer_coding(self.message[self.head.head_length :], self.head)

    @cached_property
    def identified(self) -> str | None:
        """What the bytes of the content say that it is (WARC-Identified-Payload-Type); None when they do not tell."""
        if self.head.get("Content-Encoding") is None:
            return identify(self.payload)
        decoded = decode_content(self.payload, self.head, HEAD_SIZE)
        return identify(decoded.content, whole=not (decoded.limited or decoded.incomplete))

    @cached_property
    def media_type(self) -> str:
        """The media type, in lower case, without parameters; "" when nothing tells."""
        return _settled(self.declared, self.identified if may_be_html(self.declared) else None)

    @cached_property
    def is_page(self) -> bool:
        """Whether it is a page."""
        return self.head.status == 200 and is_html(self.media_type)

    def content(self, most: int) -> bytes:
        """The payload without its content codings, at most *most* bytes of it.  Not kept: it may be large."""
        return decode_content(self.payload, self.head, most).content


def is_page(status: int | None, media_type: str) -> bool:
    """Whether an answer with *status* and this media type is a page."""
    return status == 200 and is_html(media_type)


def is_html(media_type: str) -> bool:
    """Whether *media_type* is HTML: ``text/html``, or one that means it."""
    return media_type in _HTML or (media_type.startswith("text/") and "html" in media_type)


def may_be_html(declared: str) -> bool:
    """Whether an answer whose *declared* type, in lower case, is this can be HTML: by its bytes it may yet be none."""
    return declared in _SILENT or is_html(declared)


def declared_type(head: ResponseHead) -> str:
    """The media type that Content-Type declares, in lower case, without parameters; "" for none."""
    return bare_media_type(head.get("Content-Type") or "")


def bare_media_type(content_type: str) -> str:
    """The media type in the value *content_type*, in lower case, without parameters; "" for none.

    Servers put it into quotes, name it twice with a comma between, and leave out the semicolon before parameters.
    """
    return content_type.partition(";")[0].partition(",")[0].strip(" \t\"'").partition(" ")[0].rstrip("\"'").lower()


def media_type(declared: str, identified: str | None, beginning: Callable[[], bytes]) -> str:
    """The media type of an answer, in lower case, without parameters; "" when nothing tells.

    *declared* is what its Content-Type says, *identified* what its record says of its bytes, and *beginning* gives the first
    bytes of its content, codings removed; it is called only where they count.
    """
    found = None
    if declared in _SILENT:
        found = identified if identified in _HTML else _by_bytes(beginning(), declared) or identified
    elif is_html(declared):
        found = identify(beginning(), whole=False)
    return _settled(declared, found)


def _settled(declared: str, found: str | None) -> str:
    """The media type of what calls itself *declared* and is *found* by its bytes (None: they do not tell, or do not count)."""
    if found is None:
        return declared
    if declared in _SILENT or found.startswith(_NO_TEXT) or found in _NO_PAGE:
        return found
    return declared


def content_beginning(message: bytes, framing: ResponseHead, head: ResponseHead) -> bytes:
    """The first bytes of the content in *message*, which begins with the head *framing*; *head* names the content codings.

    They are one but for a revisit that has a head of its own.
    """
    piece = message[framing.head_length : framing.head_length + _PIECE]
    return decode_content(remove_transfer_coding(piece, framing), head, HEAD_SIZE).content


def _by_bytes(beginning: bytes, declared: str) -> str | None:
    """The type that *beginning* speaks for.  What is called plain text is HTML only if it says so at once: text that begins
    with a tag may be about HTML."""
    found = identify(beginning, whole=False)
    if found in _HTML and declared == "text/plain" and not _says_html(beginning):
        return declared
    return found


def _says_html(beginning: bytes) -> bool:
    text = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))
