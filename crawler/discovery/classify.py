"""What an answer is, for the choice of the parser that finds its links.

Content-Type is believed when it is specific; feeds and sitemaps share theirs with all XML, are often sent as text/html,
and sitemaps come gzipped, so the first bytes decide among those.
"""

from __future__ import annotations

import re
import zlib
from enum import StrEnum

from broadsheet.archive.sniff import HEAD_SIZE, identify, is_sitemap

GZIP = b"\x1f\x8b"
_URL_LINES = re.compile(rb"(?:\xef\xbb\xbf)?\s*https?://\S+[ \t]*(?:[\r\n]|$)")
_ROBOTS_LINES = re.compile(rb"^[ \t]*(?:user-agent|disallow|allow|sitemap)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')


class BodyKind(StrEnum):
    """What can be looked for in an answer."""

    HTML = "html"
    SITEMAP = "sitemap"
    FEED = "feed"
    ROBOTS = "robots"
    OTHER = "other"


def classify_body(content_type: str, body: bytes) -> BodyKind:
    """What *body* (content coding removed), sent as *content_type*, is.  Only its first bytes are looked at."""
    media_type = content_type.partition(";")[0].strip().lower()
    if body.startswith(GZIP):
        return _gzipped(body)
    if media_type.startswith(("image/", "audio/", "video/", "font/")):
        return BodyKind.OTHER
    head = body[:HEAD_SIZE]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _markup(media_type, head)
    if media_type in ("text/html", "application/xhtml+xml"):
        return BodyKind.HTML
    if media_type == "application/feed+json" or (media_type.endswith("json") and _JSON_FEED.search(head)):
        return BodyKind.FEED
    if media_type in ("text/plain", "") and _URL_LINES.match(head):
        return BodyKind.SITEMAP
    if media_type in ("text/plain", "") and _ROBOTS_LINES.search(head):
        return BodyKind.ROBOTS
    return BodyKind.OTHER


def _markup(media_type: str, head: bytes) -> BodyKind:
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
    try:
        head = zlib.decompressobj(wbits=31).decompress(body[: 4 * HEAD_SIZE], HEAD_SIZE)
    except zlib.error:
        return BodyKind.OTHER
    return BodyKind.SITEMAP if is_sitemap(head) or _URL_LINES.match(head) else BodyKind.OTHER
