"""Descriptive metadata: canonical URL, site, description, section, breadcrumbs, tags."""

from __future__ import annotations

from page_metadata import read


def test_where_it_belongs() -> None:
    head = (
        "<link rel=canonical href='/news/ice?utm=1'><meta property=article:section content=Harbour>"
        "<meta name=keywords content='ice, ferries'><meta property=og:site_name content='The Gazette'>"
        "<meta property=og:image content='/ice.jpg'><meta name=description content='It is cold.'>"
    )
    found = read(head)
    assert found.url_canonical == "https://www.gazette.example/news/ice?utm=1"
    assert (found.section, found.sitename, found.description) == ("Harbour", "The Gazette", "It is cold.")
    assert found.tags == ("ice", "ferries")
    assert found.main_image_url == "https://www.gazette.example/ice.jpg"
