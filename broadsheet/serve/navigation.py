"""The pages of a collection that its navigation names, in their order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """An entry of the navigation: *name* in code, *path* behind that of the collection, *label* for people."""

    name: str
    path: str
    label: str


PLACES = (
    NavigationEntry("search", "search", "Search"),
    NavigationEntry("terms", "terms", "Terms over time"),
    NavigationEntry("sites", "sites", "Sites"),
    NavigationEntry("images", "images", "Images"),
    NavigationEntry("graph", "graph", "Link graph"),
    NavigationEntry("quality", "quality", "Quality"),
    NavigationEntry("checks", "checks", "Checks"),
    NavigationEntry("monitor", "monitor", "Monitor"),
    NavigationEntry("overview", "overview", "Crawl"),
)
