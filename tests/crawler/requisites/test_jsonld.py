"""URLs in JSON: pictures, icons, modules; and JSON that is none."""

from __future__ import annotations

import json

import pytest

from broadsheet.crawler.requisites.jsonld import data_requisites, import_map, jsonld_pictures, manifest_requisites


@pytest.mark.parametrize(
    ("value", "urls"),
    [
        ({"image": "a"}, ["a"]),
        ({"image": ["a", {"@type": "ImageObject", "url": "b"}]}, ["a", "b"]),
        ({"@graph": [{"@type": "ImageObject", "contentUrl": "a"}]}, ["a"]),
        ({"publisher": {"logo": {"url": "a", "width": 5}}}, ["a"]),
        ({"@type": ["X", "ImageObject"], "url": "a", "contentUrl": 5}, ["a"]),
        ({"thumbnailUrl": ["a", "b"]}, ["a", "b"]),
        ({"url": "a", "sameAs": "b", "author": {"url": "c"}}, []),
        ("text", []),
        (None, []),
    ],
)
def test_pictures(value: object, urls: list[str]) -> None:
    assert list(jsonld_pictures(json.dumps(value))) == urls


def test_json_that_is_none_or_nearly() -> None:
    assert list(jsonld_pictures('{"description": "two\nlines", "image": "a"};')) == ["a"]
    for text in ("", "{", "[" * 100_000, '{"image": "a"', "\ud800"):
        assert list(jsonld_pictures(text)) == []


def test_a_manifest() -> None:
    manifest = {
        "icons": [{"src": "/i.png"}, {"src": 5}, "x"],
        "screenshots": [{"src": "s.png"}],
        "shortcuts": [{"icons": [{"src": "t.png"}]}, 5],
    }
    found = manifest_requisites(json.dumps(manifest), "https://site.org/m/app.json")
    assert [(one.url, one.technique) for one in found] == [
        ("https://site.org/i.png", "manifest/icons"),
        ("https://site.org/m/s.png", "manifest/screenshots"),
        ("https://site.org/m/t.png", "manifest/icons"),
    ]
    assert manifest_requisites(b"[1]", "https://site.org/") == ()


def test_pictures_of_data_that_a_script_fills_a_page_from() -> None:
    news = [
        {"title": "A", "image": "images/a.JPG", "url": "/a.html"},
        {"image": "/b.webp?w=1"},
        {"logo": "none", "image": 5},
    ]
    found = data_requisites(json.dumps(news).encode(), "https://site.org/d/news.json")
    assert [(one.url, one.technique) for one in found] == [
        ("https://site.org/d/images/a.JPG", "json/image"),
        ("https://site.org/b.webp?w=1", "json/image"),
    ]
    assert data_requisites(b"\xff", "https://site.org/") == ()


def test_an_import_map() -> None:
    assert import_map('{"imports": {"a": "./a.js", "b/": "./b/", "c": null}}') == {"a": "./a.js", "b/": "./b/"}
    assert import_map("[]") == {}
