"""URLs in JSON that a page brings or names: pictures in JSON-LD and in data for scripts, icons of manifests, import maps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from broadsheet.crawler.discovery.json_text import read_json, read_json_script
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.requisite import Gathering, Requisite

MAX_JSON = 2 * 1024 * 1024  # characters
_MAX_VALUES = 20_000
# schema.org's properties whose values are pictures: text, an ImageObject, or a list of either.
_PICTURES = frozenset({"image", "images", "thumbnail", "thumbnailurl", "logo", "photo", "primaryimageofpage"})
_PICTURE_URLS = ("url", "contentUrl", "thumbnailUrl")
_PICTURE_FILE = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)(?:\?|$)", re.IGNORECASE)


def jsonld_pictures(text: str) -> Iterator[str]:
    """The URLs of the pictures in a JSON-LD block, as written."""
    waiting: list[tuple[Any, bool]] = [(read_json_script(text, MAX_JSON), False)]
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        value, pictured = waiting.pop()
        if isinstance(value, str):
            if pictured:
                yield value
        elif isinstance(value, list):
            waiting.extend((item, pictured) for item in reversed(value))
        elif isinstance(value, dict):
            if pictured or "ImageObject" in _types(value):
                yield from (value[key] for key in _PICTURE_URLS if isinstance(value.get(key), str))
            waiting.extend((item, key.lower() in _PICTURES) for key, item in reversed(value.items()))


def manifest_requisites(body: str | bytes, base_url: str) -> tuple[Requisite, ...]:
    """The icons and screenshots of the web app manifest *body* at *base_url* (W3C Web Application Manifest, 1.8)."""
    gathering = Gathering(base_url)
    manifest = read_json(body, MAX_JSON)
    if isinstance(manifest, dict):
        shortcuts = manifest.get("shortcuts")
        for holder in (manifest, *(shortcuts if isinstance(shortcuts, list) else ())):
            if isinstance(holder, dict):
                for member in ("icons", "screenshots"):
                    for source in _sources(holder.get(member)):
                        gathering.add(source, Kind.IMAGE, f"manifest/{member}")
    return gathering.found


def data_requisites(body: bytes, base_url: str) -> tuple[Requisite, ...]:
    """What the JSON *body* at *base_url* has for those who show it: of a manifest icons, of data for scripts pictures.

    Pictures are told as in JSON-LD, by schema.org's names, which others use, too, and here by their ending as well.
    """
    gathering = Gathering(base_url)
    for one in manifest_requisites(body, base_url):
        gathering.add(one.url, one.kind, one.technique)
    for url in jsonld_pictures(body.decode("utf-8", "replace")):
        if _PICTURE_FILE.search(url):
            gathering.add(url, Kind.IMAGE, "json/image")
    return gathering.found


def import_map(text: str) -> dict[str, str]:
    """The imports of an import map (WHATWG HTML, 8.1.6.2): names of modules, or prefixes with a slash at the end, and URLs."""
    document = read_json(text, MAX_JSON)
    imports = document.get("imports") if isinstance(document, dict) else None
    if not isinstance(imports, dict):
        return {}
    return {name: url for name, url in imports.items() if isinstance(url, str)}


def _types(value: dict[str, Any]) -> list[Any]:
    types = value.get("@type")
    return types if isinstance(types, list) else [types]


def _sources(images: Any) -> Iterator[str]:
    if isinstance(images, list):
        for image in images:
            if isinstance(image, dict) and isinstance(image.get("src"), str):
                yield image["src"]
