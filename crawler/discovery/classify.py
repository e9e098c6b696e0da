"""What an answer is, for the choice of the parser that finds its links.

Content-Type is believed when it is specific; feeds and sitemaps share theirs with all XML, are often sent as text/html,
and sitemaps come gzipped, so the first bytes decide among those.
"""

from __future__ import annotations

import re
from enum import StrEnum

from broadsheet.archive.coding import DECODERS
from broadsheet.archive.sniff import HEAD_SIZE, identify, is_sitemap

GZIP = b"\x1f\x8b"
MAX_LAYERS = 3  # of gzip
_LONG_HEAD = 64 * 1024  # bytes that are looked at where a comment comes first
_COMMENTS = re.compile(rb"<!--.*?-->", re.DOTALL)
_FIRST_ROOT = re.compile(  # a group for what is no HTML
    rb"<(?:!doctype\s+html|html|head|body|(?:[\w-]+:)?(rss|rdf|feed|opml|urlset|sitemapindex))[\s>]", re.IGNORECASE
)
_DECLARATION = re.compile(r"^<\?xml[^>]*>")
_NO_TYPE = frozenset({"text/plain", "", "application/octet-stream", "binary/octet-stream"})
_URL_LINES = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:#[^\r\n]*[\r\n]+\s*){0,50}https?://\S+[ \t]*(?:[\r\n]|$)")
_ROBOTS_LINES = re.compile(rb"^[ \t]*(?:user-agent|disallow|allow|sitemap)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')


class BodyKind(StrEnum):
    """What can be looked for in an answer."""

    HTML = "html"
    SITEMAP = "sitemap"
    FEED = "feed"
    DATA = "data"  # JSON that is no feed
    ROBOTS = "robots"
    OTHER = "other"


def classify_body(content_type: str, body: bytes) -> BodyKind:
    """What *body* (content coding removed), sent as *content_type*, is.  Only its first bytes are looked at."""
    media_type = content_type.partition(";")[0].strip().lower()
    if body.startswith(GZIP):
        return _gzipped(body)
    if media_type.startswith(("image/", "audio/", "video/", "font/")):
        return BodyKind.OTHER
    head = beginning_of(body)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _markup(media_type, head)
    if media_type in ("text/html", "application/xhtml+xml"):
        return BodyKind.HTML
    if media_type == "application/feed+json" or (media_type.endswith("json") and _JSON_FEED.search(head)):
        return BodyKind.FEED
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and (
        media_type.endswith("json") or media_type in _NO_TYPE
    ):
        return BodyKind.FEED if _JSON_FEED.search(head) else BodyKind.DATA
    if media_type in _NO_TYPE and _URL_LINES.match(head):
        return BodyKind.SITEMAP
    if media_type in ("text/plain", "") and _ROBOTS_LINES.search(head):
        return BodyKind.ROBOTS
    return BodyKind.OTHER


def beginning_of(body: bytes) -> bytes:
    """The first bytes of *body* that say what it is: in ASCII if it is UTF-16 without a mark or a list of URLs, and without
    long comments, such as licences, before its first element."""
    if body.startswith((b"<\0", b"\0<")):
        body = utf16_as_utf8(body[: 4 * HEAD_SIZE])
    elif body.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = body[: 2 * HEAD_SIZE].decode("utf-16", "replace").encode()
        return text if _URL_LINES.match(text) else body[:HEAD_SIZE]
    if body[:HEAD_SIZE].count(b"<!--") > body[:HEAD_SIZE].count(b"-->"):
        body = _COMMENTS.sub(b"", body[:_LONG_HEAD])
    return body[:HEAD_SIZE]


def utf16_as_utf8(body: bytes) -> bytes:
    """XML in UTF-16 without a byte order mark, as UTF-8 without its declaration (XML 1.0, appendix F.1)."""
    text = body.decode("utf-16-be" if body.startswith(b"\0") else "utf-16-le", "replace")
    return _DECLARATION.sub("", text).encode("utf-8", "replace")


def _markup(media_type: str, head: bytes) -> BodyKind:
    root = _FIRST_ROOT.search(head)
    if root is not None and root[1] is not None:  # a server's warnings may stand before it
        return BodyKind.SITEMAP if root[1].lower() in (b"urlset", b"sitemapindex") else BodyKind.FEED
    match identify(head, whole=False):
        case "application/xml" if is_sitemap(head):
            return BodyKind.SITEMAP
        case "application/rss+xml" | "application/atom+xml":
            return BodyKind.FEED
        case "application/xhtml+xml":
            return BodyKind.HTML
        case "text/html" if media_type in ("text/html", "application/xhtml+xml", ""):
            return BodyKind.HTML
        case "image/svg+xml":
            return BodyKind.OTHER
    if media_type in ("text/html", "application/xhtml+xml"):
        return BodyKind.HTML
    return BodyKind.FEED if media_type in ("application/rss+xml", "application/atom+xml") else BodyKind.OTHER


def _gzipped(body: bytes) -> BodyKind:
    """A gzip file among the answers: it can only be a sitemap, of those we follow."""
    head = body[: 4 * HEAD_SIZE]
    for _ in range(MAX_LAYERS):
        if head.startswith(GZIP):
            unpacked = DECODERS["gzip"](head, 4 * HEAD_SIZE)
            head = b"" if unpacked is None else unpacked.content
    head = beginning_of(head)
    return BodyKind.SITEMAP if is_sitemap(head) or _URL_LINES.match(head) else BodyKind.OTHER
