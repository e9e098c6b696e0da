"""What kind of page it is: article, listing, live, gallery, video or other.

The type that the page states (JSON-LD, og:type) counts if its text agrees: a page of links is a listing though it states
"article", and a page with a body is no listing.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from broadsheet.pipelines.extract.metadata.jsonld import ARTICLE_TYPES, Linked, types_of
from broadsheet.pipelines.extract.metadata.scan import Scan

_LISTINGS = frozenset({"collectionpage", "searchresultspage", "profilepage", "itemlist", "blog", "contactpage"})
_GALLERIES = frozenset({"imagegallery", "mediagallery"})
_LONG, _SHORT = 1_200, 250  # characters of body: surely a text, surely none


def kind_of_page(found: Scan, linked: Linked, url: str, body_text: str) -> str:
    """The kind of the page at *url* with *body_text*."""
    kinds: set[str] = set()
    for node in linked.nodes:
        kinds |= types_of(node)
    article = types_of(linked.article) if linked.article else set()
    og = (found.meta("og:type") or "").lower()
    size = len(body_text)
    if "liveblogposting" in article or ("liveblogposting" in kinds) or found.live_posts >= 5:
        return "live"
    calls_itself = bool(article & ARTICLE_TYPES) or og in {"article", "news", "newsarticle", "blog"}
    if (kinds & _GALLERIES or "/gallery/" in url or "/galerie/" in url) and size < _LONG:
        return "gallery"
    if (og.startswith("video") or "videoobject" in article) and size < _LONG:
        return "video"
    try:
        home = urlsplit(url).path.strip("/") == ""
    except ValueError:
        home = False
    crowded = found.linked_headings >= 8 and size < 60 * found.linked_headings
    if home and not calls_itself:
        return "listing"
    if kinds & _LISTINGS and not calls_itself and (crowded or size < _LONG):
        return "listing"
    if crowded and not (calls_itself and size >= _SHORT):
        return "listing"
    if size >= _SHORT:
        return "article"
    return "article" if calls_itself else "other"
