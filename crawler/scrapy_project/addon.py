"""The add-on: what it sets in a Scrapy project, and what of the project's it keeps.

Scheduling, politeness, robots.txt, cookies, retries, redirects, caches and pipelines stay Scrapy's, as the project sets
them.  Fetching alone is ours, and after it the archive: so what a spider gets is what it got before.
"""

from __future__ import annotations

from typing import Any

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from broadsheet.crawler.scrapy_project.settings import DEFAULTS, PROJECT_HANDLERS

_HANDLER = "broadsheet.crawler.scrapy_project.download_handler.ProjectDownloadHandler"
_EXTENSION = "broadsheet.crawler.scrapy_project.extension.ArchiveExtension"
_MIDDLEWARE = "broadsheet.crawler.scrapy_project.origins.OriginMiddleware"
_ENGINE_SIDE = 0  # of middlewares: next to the engine, behind all that a project may have put in


class Addon:
    """Keeps every exchange of a project's spiders in the collection BROADSHEET_DIR."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Put our parts in."""
        for name, value in DEFAULTS.items():
            settings.setdefault(name, value, priority="addon")
        handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
        settings.set(PROJECT_HANDLERS, _own_handlers(handlers), priority="addon")
        project = dict(settings.getdict("DOWNLOAD_HANDLERS"))
        # Scrapy sets the handlers of its reactor-less mode at project priority, and the project's own have it, too.
        settings.set("DOWNLOAD_HANDLERS", {**project, "http": _HANDLER, "https": _HANDLER}, priority=_above(settings))
        _put_in(settings, "EXTENSIONS", _EXTENSION)
        _put_in(settings, "SPIDER_MIDDLEWARES", _MIDDLEWARE)
        _put_in(settings, "DOWNLOADER_MIDDLEWARES", _MIDDLEWARE)


def _own_handlers(handlers: BaseSettings) -> dict[str, Any]:
    """The handlers for http and https that are neither Scrapy's nor ours, by scheme."""
    found = {}
    for scheme in ("http", "https"):
        handler = handlers.get(scheme)
        if handler is not None and not load_object(handler).__module__.startswith(("scrapy.", "broadsheet.")):
            found[scheme] = handler
    return found


def _above(settings: BaseSettings) -> int:
    return max(settings.getpriority("DOWNLOAD_HANDLERS") or 0, 20)


def _put_in(settings: BaseSettings, name: str, component: str) -> None:
    parts = dict(settings.getdict(name))
    if component not in parts:
        parts[component] = _ENGINE_SIDE
        settings.set(name, parts, priority=max(settings.getpriority(name) or 0, 20))
