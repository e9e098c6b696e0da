"""Robots and TDM directives, licence and paywall."""

from __future__ import annotations

from page_metadata import linked, read


def test_rights() -> None:
    head = (
        "<meta name=robots content='noarchive, max-snippet:0'><link rel=license href='https://creativecommons.org/licenses/by/4.0/'>"
        "<meta name=tdm-reservation content=1><meta name=tdm-policy content='/tdm.json'>"
    ) + linked(**{"@type": "NewsArticle", "isAccessibleForFree": False})
    found = read(head)
    assert found.robots_meta is not None
    assert "noarchive" in found.robots_meta
    assert found.license_url == "https://creativecommons.org/licenses/by/4.0/"
    assert found.tdm_reservation == 1
    assert found.is_paywalled is True
    assert read(headers=(("X-Robots-Tag", "noindex"),)).robots_meta == "noindex"
    assert read().tdm_reservation is None
