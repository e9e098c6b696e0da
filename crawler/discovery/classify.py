"""What an answer is, for the choice of the parser that finds its links.

Content-Type is believed when it is specific; feeds and sitemaps share theirs with all XML, are often sent as text/html,
as pictures even, and sitemaps come gzipped, so the first bytes decide among those.
"""

from __future__ import annotations

import re
from enum import StrEnum

from broadsheet.archive.sniff import HEAD_SIZE, identify, is_sitemap
from broadsheet.crawler.discovery.gzip_layers import GZIP, unpacked
from broadsheet.crawler.discovery.json_text import is_guarded, read_json
from broadsheet.crawler.discovery.xml import BLANK

COMMENT = re.compile(rb"<!--(?:.*?-->|.*+)", re.DOTALL)  # perhaps without end
_LONG_HEAD = 1024 * 1024  # bytes that are looked at where a comment comes first
_FIRST_ROOT = re.compile(  # a group for what is no HTML
    rb"<(?:!doctype\s+html|html|head|body|(?:[\w-]+:)?(rss|rdf|feed|opml|urlset|sitemapindex))[\s>]", re.IGNORECASE
)
_UTF32_STARTS = (b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"<\0\0\0", b"\0\0\0<")
_DECLARATION = re.compile(r"^<\?xml[^>]*>")
_NO_TYPE = frozenset({"text/plain", "", "application/octet-stream", "binary/octet-stream"})
_URL_LINES = re.compile(  # the first line of a list, perhaps with other columns
    rb"(?:\xef\xbb\xbf)*\s*(?:#[^\r\n]*[\r\n]+\s*){0,50}https?://\S+(?:[ \t][^\r\n<>]*)?(?:[\r\n]|$)", re.IGNORECASE
)
_ALL_URL_LINES = re.compile(  # a list and nothing else, other columns being numbers or dates
    rb"(?:\xef\xbb\xbf)*\s*(?:https?://[^\s<>]+(?:[ \t]+[\d.:TZ+-]+)*(?:\s+|$)|#[^\r\n<>]*[\r\n]\s*)+\S*", re.IGNORECASE
)
_TABLE_HEAD = re.compile(  # the first line of a table, one of whose columns is the URL
    rb"""(?:\xef\xbb\xbf)*\s*(?:["']?[\w .-]{1,40}["']?[,;\t]){0,30}["']?(?:loc|url|link|href|permalink)["']?"""
    rb"\s*(?:[,;\t][^\r\n]*)?[\r\n]",
    re.IGNORECASE,
)
_TABLES = frozenset(("text/csv", "application/csv", "text/tab-separated-values"))
_MARKDOWN = frozenset(("text/markdown", "text/x-markdown"))
_MEDIA = ("image/", "audio/", "video/", "font/")
_HTML_TYPES = frozenset(("text/html", "application/xhtml+xml"))
_XML_TYPES = frozenset(("text/xml", "application/xml"))
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
    head = beginning_of(body)
    start = head.lstrip(BLANK)[:1]
    if media_type.startswith(_MEDIA):
        return (start == b"<" and media_type != "image/svg+xml" and _list_in_xml(head)) or BodyKind.OTHER
    if start == b"<" or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _markup(media_type, head)
    if media_type == "application/feed+json" or (media_type.endswith("json") and _JSON_FEED.search(head)):
        return BodyKind.FEED
    may_be_json = media_type.endswith(("json", "jsonl")) or media_type in _NO_TYPE
    if start in (b"{", b"[") and (may_be_json or _is_json(media_type, body)):
        return BodyKind.FEED if _JSON_FEED.search(head) else BodyKind.DATA
    if may_be_json and is_guarded(head):
        return BodyKind.DATA
    if _is_list(media_type, head):
        return BodyKind.SITEMAP
    if b"<?xml" in head and (kind := _list_in_xml(head)) is not None:
        return kind  # behind a server's warning in plain text
    if media_type in _HTML_TYPES:
        return BodyKind.HTML
    if media_type in ("text/plain", "") and _ROBOTS_LINES.search(head):
        return BodyKind.ROBOTS
    return BodyKind.OTHER


def beginning_of(body: bytes) -> bytes:
    """The first bytes of *body* that say what it is: in ASCII if it is UTF-16 without a mark, UTF-32 or a list of URLs, and
    without long comments, such as licences, before its first element."""
    if _is_wide(body):
        body = wide_as_utf8(body[: 8 * HEAD_SIZE])
    elif body.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = body[: 2 * HEAD_SIZE].decode("utf-16", "replace").encode()
        return text if _URL_LINES.match(text) else body[:HEAD_SIZE]
    if body[:HEAD_SIZE].count(b"<!--") > body[:HEAD_SIZE].count(b"-->"):
        body = COMMENT.sub(b"", body[:_LONG_HEAD])
    return body[:HEAD_SIZE]


def _is_wide(body: bytes) -> bool:
    """Whether *body* is XML in an encoding that libxml2 needs help with."""
    return body.startswith((b"<\0", b"\0<", *_UTF32_STARTS))


def wide_as_utf8(body: bytes) -> bytes:
    """XML in UTF-16 without a byte order mark, or in UTF-32, as UTF-8 without its declaration (XML 1.0, appendix F.1).

    What is neither is given back as it is.
    """
    if not _is_wide(body):
        return body
    width = "32" if body.startswith(_UTF32_STARTS) else "16"
    order = "be" if body.startswith(b"\0") else "le"
    text = body.decode(f"utf-{width}-{order}", "replace").removeprefix("\ufeff")
    return _DECLARATION.sub("", text).encode("utf-8", "replace")


def _list_in_xml(head: bytes) -> BodyKind | None:
    """What list of URLs *head* is the beginning of, whatever a server has put before it; None: it is none."""
    root = _FIRST_ROOT.search(head)
    if root is None or root[1] is None:
        return None
    return BodyKind.SITEMAP if root[1].lower() in (b"urlset", b"sitemapindex") else BodyKind.FEED


def _is_json(media_type: str, body: bytes) -> bool:
    """Whether what is called HTML is JSON, as many scripts send it that set no type."""
    return media_type in _HTML_TYPES and read_json(body.lstrip(BLANK)) is not None


def _is_list(media_type: str, head: bytes) -> bool:
    """Whether *head* is the beginning of a list with a URL a line, a table with a column of them, or Markdown with links; what
    is called markup is a list if it has nothing else."""
    if media_type in _MARKDOWN:
        return b"](" in head
    if media_type in _NO_TYPE or media_type in _TABLES:
        return _URL_LINES.match(head) is not None or _TABLE_HEAD.match(head) is not None
    return media_type in _HTML_TYPES | _XML_TYPES and _ALL_URL_LINES.fullmatch(head) is not None


def _markup(media_type: str, head: bytes) -> BodyKind:
    if (kind := _list_in_xml(head)) is not None:
        return kind
    match identify(head, whole=False):
        case "application/xml" if is_sitemap(head):
            return BodyKind.SITEMAP
        case "application/rss+xml" | "application/atom+xml":
            return BodyKind.FEED
        case "application/xhtml+xml":
            return BodyKind.HTML
        case "text/html" if media_type in _HTML_TYPES or not media_type:
            return BodyKind.HTML
        case "image/svg+xml":
            return BodyKind.OTHER
    if media_type in _HTML_TYPES:
        return BodyKind.HTML
    return BodyKind.FEED if media_type in ("application/rss+xml", "application/atom+xml") else BodyKind.OTHER


def _gzipped(body: bytes) -> BodyKind:
    """A gzip file among the answers: of what we follow, it can only be a sitemap or a feed."""
    head = beginning_of(unpacked(body[: 4 * HEAD_SIZE], 4 * HEAD_SIZE))
    if is_sitemap(head) or _URL_LINES.match(head):
        return BodyKind.SITEMAP
    return _list_in_xml(head) or BodyKind.OTHER
