"""What a Scrapy project names in its settings and imports in its spiders (docs/scrapy.md).

    ADDONS = {"broadsheet.scrapy.Addon": 500}
    BROADSHEET_DIR = "archive"

Everything is loaded when it is asked for: settings are read long before a reactor or Arrow is wanted.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from broadsheet.crawler.scrapy_project.addon import Addon
    from broadsheet.crawler.scrapy_project.parquet_pipeline import ParquetPipeline
    from broadsheet.crawler.scrapy_project.record import record_of
    from broadsheet.crawler.scrapy_project.scheduler import Scheduler
    from broadsheet.scrapy.response_article import article_of

__all__ = ["Addon", "ParquetPipeline", "Scheduler", "article_of", "record_of"]

_PROJECT = "broadsheet.crawler.scrapy_project"
_HOMES = {
    "article_of": "broadsheet.scrapy.response_article",
    "Addon": f"{_PROJECT}.addon",
    "ParquetPipeline": f"{_PROJECT}.parquet_pipeline",
    "Scheduler": f"{_PROJECT}.scheduler",
    "record_of": f"{_PROJECT}.record",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
