"""The descriptive metadata of a page: canonical URL, description, main image, section, breadcrumbs, tags."""

from __future__ import annotations

from urllib.parse import urlsplit

from broadsheet.archive.url import Resolver
from broadsheet.pipelines.extract.metadata.jsonld import Linked, Node, string_of
from broadsheet.pipelines.extract.metadata.rights import absolute
from broadsheet.pipelines.extract.metadata.scan import AWAY, Scan, place, text_of

MAX_TAGS = 40
_MAX_TAG = 60  # characters; longer ones are sentences
_MAX_CRUMBS = 8
_HOME = frozenset(
    {
        "home",
        "start",
        "startseite",
        "accueil",
        "inicio",
        "início",
        "forside",
        "hem",
        "hjem",
        "etusivu",
        "главная",
        "首页",
        "ホーム",
    }
)


def canonical_url(found: Scan, url: str, resolver: Resolver) -> str | None:
    """rel=canonical, else og:url, made absolute by *resolver*; None for one that is the front page of another URL."""
    target = next((href for rel, href, _ in found.links if "canonical" in rel.split()), None) or found.meta("og:url")
    joined = absolute(resolver, target)
    if joined is None:
        return None
    own, other = urlsplit(url), urlsplit(joined)
    return None if other.path in {"", "/"} and not other.query and own.path not in {"", "/"} else joined


def description(found: Scan, linked: Linked) -> str | None:
    """The longest description that the page states."""
    texts = [
        found.meta("description"),
        found.meta("og:description"),
        string_of((linked.article or {}).get("description")),
    ]
    kept = [" ".join(text.split()) for text in texts if text and text.strip()]
    return max(kept, key=len)[:4000] if kept else None


def main_image(found: Scan, linked: Linked, resolver: Resolver) -> str | None:
    """og:image, else what JSON-LD calls the image."""
    target = found.meta("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    if not target:
        image = (linked.article or {}).get("image")
        image = image[0] if isinstance(image, list) and image else image
        target = image.get("url") if isinstance(image, dict) else image  # type: ignore[assignment]
        target = target if isinstance(target, str) else None
    return absolute(resolver, target)


def breadcrumbs(found: Scan, linked: Linked) -> tuple[str, ...]:
    """The names of the path from the front page, without it: from JSON-LD, else from the element marked as breadcrumbs."""
    for node in linked.of_type("breadcrumblist"):
        names = _crumb_names(node)
        if names:
            return names
    for mark in found.crumbs:
        links = [text_of(link, 80) for link in list(mark.element.iter("a"))[: 2 * _MAX_CRUMBS]]
        names = tuple(name for name in links if name and name.casefold() not in _HOME)
        if names:
            return names[:_MAX_CRUMBS]
    return ()


def _crumb_names(node: Node) -> tuple[str, ...]:
    items = node.get("itemListElement")
    names: list[tuple[int, str]] = []
    for number, item in enumerate(items[: 2 * _MAX_CRUMBS] if isinstance(items, list) else ()):
        if not isinstance(item, dict):
            continue
        inner = item.get("item")
        name = string_of(item.get("name")) or (string_of(inner.get("name")) if isinstance(inner, dict) else None)
        position = item.get("position")
        if name and name.casefold() not in _HOME:
            names.append((position if isinstance(position, int) else number, name[:120]))
    return tuple(name for _, name in sorted(names, key=lambda pair: pair[0]))[:_MAX_CRUMBS]


def section(found: Scan, linked: Linked, crumbs: tuple[str, ...], title: str | None) -> str | None:
    """The section that the page states, else the last breadcrumb that is not the page itself."""
    stated = found.meta("article:section", "section", "parsely-section", "dc.subject") or string_of(
        (linked.article or {}).get("articleSection")
    )
    if stated:
        return " ".join(stated.split())[:120] or None
    own = (title or "").casefold()
    return next((crumb for crumb in reversed(crumbs) if crumb.casefold() != own), None)


def tags(found: Scan, linked: Linked) -> tuple[str, ...]:
    """Keywords and tags, each once, as printed; from meta elements and JSON-LD, else from the links that are tags."""
    names: list[str] = list(found.metas.get("article:tag", ()))
    for raw in (
        *found.metas.get("news_keywords", ()),
        *found.metas.get("keywords", ()),
        *found.metas.get("parsely-tags", ()),
    ):
        names += raw.replace(";", ",").split(",")
    keywords = (linked.article or {}).get("keywords")
    if isinstance(keywords, str):
        names += keywords.replace(";", ",").split(",")
    elif isinstance(keywords, list):
        names += [text for one in keywords[: 2 * MAX_TAGS] if (text := string_of(one))]
    if not names:
        for mark in found.tag_links:
            if place(mark.element) & AWAY:
                continue
            elements = [mark.element] if mark.element.tag == "a" else list(mark.element.iter("a"))[:MAX_TAGS]
            names += [text_of(element, 2 * _MAX_TAG).lstrip("#") for element in elements]
    kept: dict[str, str] = {}
    for tag in names:
        text = " ".join(tag.split())
        if text and len(text) <= _MAX_TAG:
            kept.setdefault(text.casefold(), text)
    return tuple(kept.values())[:MAX_TAGS]
