"""What an answer shows or runs besides itself: one question for pages and for the requisites of pages.

The answer's media type decides how it is read; where a server says nothing useful, the URL's ending does.  A style
sheet names more (imports, fonts, pictures), and so do scripts (modules, data), SVG, frames, manifests, data in JSON and
playlists; pictures do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from urllib.parse import urlsplit

from w3lib.encoding import http_content_type_encoding

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.discovery.charset import decode
from broadsheet.crawler.requisites.css import css_requisites, decode_css
from broadsheet.crawler.requisites.html import html_requisites
from broadsheet.crawler.requisites.jsonld import data_requisites
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.playlists import dash_requisites, hls_requisites
from broadsheet.crawler.requisites.requisite import Requisite
from broadsheet.crawler.requisites.script import script_requisites

MAX_FRAMES = 3  # frames within frames whose own frames are still taken
_UNTOLD = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream", "application/x-unknown"})
_JSON = re.compile(r"application/(?:[\w.-]+\+)?json")


class Language(Enum):
    """What an answer is written in, as far as it names other URLs."""

    HTML = "html"
    SVG = "svg"
    CSS = "css"
    SCRIPT = "script"
    JSON = "json"
    HLS = "hls"
    DASH = "dash"


_BY_ENDING = {
    "css": Language.CSS,
    "js": Language.SCRIPT,
    "mjs": Language.SCRIPT,
    "svg": Language.SVG,
    "json": Language.JSON,
    "webmanifest": Language.JSON,
    "m3u8": Language.HLS,
    "mpd": Language.DASH,
}


def language_of(url: str, content_type: str) -> Language | None:
    """How the answer to *url* with this Content-Type is to be read for requisites; None: it names none."""
    declared = content_type.partition(";")[0].strip().lower()
    if "html" in declared:
        return Language.HTML
    if declared == "text/css":
        return Language.CSS
    if declared == "image/svg+xml":
        return Language.SVG
    if "javascript" in declared or "ecmascript" in declared:
        return Language.SCRIPT
    if _JSON.fullmatch(declared):
        return Language.JSON
    if declared.endswith("mpegurl"):
        return Language.HLS
    if declared == "application/dash+xml":
        return Language.DASH
    if declared in _UNTOLD or declared.endswith("/xml"):
        return _BY_ENDING.get(urlsplit(url).path.rpartition(".")[2].lower())
    return None


def answer_requisites(url: str, content_type: str, body: bytes) -> tuple[Requisite, ...]:
    """What the answer *body* (codings removed) to *url* needs; each URL once, in order.  Never raises."""
    charset = http_content_type_encoding(content_type)
    match language_of(url, content_type):
        case Language.HTML | Language.SVG:
            return html_requisites(body, url, content_type)
        case Language.CSS:
            return css_requisites(decode_css(body, charset), url)
        case Language.SCRIPT:
            return script_requisites(decode(body, charset or "utf-8"), url)
        case Language.JSON:
            return data_requisites(body, url)
        case Language.HLS:
            return hls_requisites(body, url)
        case Language.DASH:
            return dash_requisites(body, url)
    return ()


def embed_links(
    requisites: Sequence[Requisite], *, hops: str = "", skip: frozenset[Kind] = frozenset()
) -> tuple[Outlink, ...]:
    """*requisites* as links with hop E (Heritrix), without the kinds to *skip*.

    *hops* is the path of the document that names them: frames too deep within frames are left out.
    """
    if len(hops) - len(hops.rstrip("ER")) >= MAX_FRAMES:
        skip = skip | {Kind.FRAME}
    return tuple(Outlink(one.url, "E", one.technique) for one in requisites if one.kind not in skip)


def merge_links(
    requisites: Sequence[Requisite], links: Sequence[Outlink], skip: frozenset[Kind], *, hops: str = ""
) -> list[Outlink]:
    """The links of a page in the order in which they are to be tried: the first of a URL counts.

    A picture that is linked as well is a picture (it follows its page soon); a document that is linked is a page.
    """
    targets = {link.url for link in links if link.hop != "E"}
    documents = (Kind.FRAME, Kind.OBJECT, Kind.DATA)
    shown = [one for one in requisites if one.kind not in documents]
    others = [one for one in requisites if one.kind in documents and one.url not in targets]
    framed = {one.url for one in others}
    return [
        *embed_links(shown, hops=hops, skip=skip),
        *(link for link in links if link.url not in framed),
        *embed_links(others, hops=hops, skip=skip),
    ]
