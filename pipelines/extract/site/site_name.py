"""What a site is called: in profiles, in the facet of a search, in addresses."""

from __future__ import annotations

from urllib.parse import urlsplit


def site_of(url: str) -> str:
    """The site that a page belongs to: its host without ``www.``, with its port."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    return f"{host}:{port}" if port else host
