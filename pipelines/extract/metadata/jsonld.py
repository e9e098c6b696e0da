"""JSON-LD: the statements in a page's ld+json scripts, flattened, and the one node that is about this page.

Bounded in bytes and nodes.  Pages break their JSON in a few recurring ways (comment markers, raw control characters,
trailing commas): these are repaired; a script that still is not JSON is left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import orjson

MAX_JSON = 2_000_000  # characters of one script
MAX_NODES = 3_000
ARTICLE_TYPES = frozenset(
    """article newsarticle blogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle reviewnewsarticle
    backgroundnewsarticle askpublicnewsarticle liveblogposting report scholarlyarticle techarticle advertisercontentarticle
    satiricalarticle socialmediaposting discussionforumposting medicalscholarlyarticle review recipe howto
    criticreview""".split()  # noqa: SIM905 - a table of words
)
_PAGE_TYPES = frozenset({"webpage", "itempage", "aboutpage", "creativework", "medicalwebpage", "videoobject", "podcastepisode",
                         "event", "book", "product", "faqpage", "musicrecording"})  # fmt: skip
_DESCEND = ("@graph", "mainEntity", "mainEntityOfPage", "@list", "itemReviewed", "about")
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING = re.compile(r",\s*([}\]])")
_TAG = re.compile(r"<[^<>]{1,300}>")

Node = dict[str, object]


@dataclass(slots=True)
class Linked:
    """The nodes of a page; ``by_id`` resolves references; ``article`` is the node about this page."""

    nodes: list[Node] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)
    article: Node | None = None

    def follow(self, value: object) -> object:
        """*value*, or the node that it refers to by nothing but its id."""
        if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str) and "name" not in value:
            return self.by_id.get(value["@id"], value)
        return value

    def of_type(self, *types: str) -> Iterator[Node]:
        """The nodes of one of *types* (lower case)."""
        wanted = set(types)
        return (node for node in self.nodes if wanted & types_of(node))


def read_linked(scripts: list[str], url: str) -> Linked:
    """The JSON-LD of a page at *url*."""
    found = Linked()
    for script in scripts:
        _gather(parse_json(script), found)
    found.article = _about(found, url)
    return found


def parse_json(script: str) -> object:
    """The value of a script's JSON, mended where that is simple; None when it is not JSON."""
    text = script.strip()
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, ValueError):
        pass
    for cut in ("<!--", "//<![CDATA[", "<![CDATA[", "/*<![CDATA[*/"):
        text = text.removeprefix(cut)
    for cut in ("-->", "//]]>", "]]>", "/*]]>*/"):
        text = text.removesuffix(cut)
    text = _TRAILING.sub(r"\1", _CONTROL.sub(" ", text)).strip().rstrip(";")
    for attempt in (text, text.encode("utf-8", "replace").decode("utf-8"), html.unescape(text)):
        try:
            return orjson.loads(attempt)
        except (orjson.JSONDecodeError, ValueError):
            continue
    return None


def types_of(node: Node) -> set[str]:
    """The types of a node, in lower case, without their vocabulary."""
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for kind in listed[:10] if isinstance(kind, str)}


def string_of(value: object) -> str | None:
    """A string value: the first of a list, the name or @value of a node; entities and tags undone; None when empty."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or value.get("url")
        if isinstance(value, list) and value:
            value = value[0]
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return plain(value) or None


def plain(text: str) -> str:
    """*text* without markup, entities undone (twice escaped ones too), white space normalised."""
    text = text[:20_000]
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    return " ".join(text.split())


def _gather(value: object, found: Linked) -> None:
    """Gather the nodes in *value*: those of lists, graphs and main entities, not the nodes that these refer to."""
    waiting = [value]
    while waiting and len(found.nodes) < MAX_NODES:
        value = waiting.pop(0) if len(waiting) < 64 else waiting.pop()
        if isinstance(value, list):
            waiting.extend(value[:MAX_NODES])
        elif isinstance(value, dict):
            if isinstance(value.get("@id"), str):
                known = found.by_id.setdefault(value["@id"], value)
                if len(known) < len(value):
                    found.by_id[value["@id"]] = value
            if len(value) > 1:
                found.nodes.append(value)
            for key in ("author", "publisher"):  # nodes that others refer to by id
                inner = value.get(key)
                for item in (inner if isinstance(inner, list) else [inner])[:20]:
                    if isinstance(item, dict) and isinstance(item.get("@id"), str) and "name" in item:
                        found.by_id.setdefault(item["@id"], item)
            waiting.extend(value[key] for key in _DESCEND if isinstance(value.get(key), dict | list))


def _about(found: Linked, url: str) -> Node | None:
    """The node that describes the page: an article, of this URL, with a headline, author and date; the first such."""
    best: Node | None = None
    best_score = 0
    target = _bare(url)
    for node in found.nodes:
        kinds = types_of(node)
        score = 8 if kinds & ARTICLE_TYPES else 2 if kinds & _PAGE_TYPES else 0
        if not score:
            continue
        score += 1 if kinds & {"newsarticle", "blogposting"} else 0
        score -= 4 if kinds & {"review", "recipe", "howto"} else 0
        score += sum(1 for key in ("headline", "datePublished", "author") if node.get(key))
        for key in ("url", "@id", "mainEntityOfPage"):
            link = node.get(key)
            link = link.get("@id") if isinstance(link, dict) else link
            if isinstance(link, str) and target and _bare(link) == target:
                score += 3
                break
        if score > best_score:
            best, best_score = node, score
    return best


def _bare(url: str) -> str:
    """*url* without scheme, www, query and fragment."""
    url = url.split("#", 1)[0].split("?", 1)[0].split("://", 1)[-1]
    return url.removeprefix("www.").rstrip("/")
