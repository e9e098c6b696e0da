"""The face of the product: Python API, command line, demo.  It parses, calls and prints.

    from broadsheet import extract

    article = extract(html, "https://news.example.org/story")
    print(article.title, article.markdown)

Each name is loaded when it is asked for: `extract` does without Arrow and Scrapy, ``broadsheet --help`` without all of them.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # type checkers take it for true; `typing` would be loaded before `__main__` can answer Ctrl-C
if TYPE_CHECKING:
    from typing import Any

    from broadsheet.api import Collection
    from broadsheet.archive.errors import BadInput, BroadsheetError
    from broadsheet.article import Article
    from broadsheet.commands import crawl, extract_warcs, import_files, verify
    from broadsheet.extracting import extract
    from broadsheet.fetching import fetch, fetch_async

_HOMES = {
    "Article": "broadsheet.article",
    "BadInput": "broadsheet.archive.errors",
    "BroadsheetError": "broadsheet.archive.errors",
    "Collection": "broadsheet.api",
    "crawl": "broadsheet.commands",
    "extract": "broadsheet.extracting",
    "extract_warcs": "broadsheet.commands",
    "fetch": "broadsheet.fetching",
    "fetch_async": "broadsheet.fetching",
    "import_files": "broadsheet.commands",
    "verify": "broadsheet.commands",
}

__all__ = [
    "Article",
    "BadInput",
    "BroadsheetError",
    "Collection",
    "crawl",
    "extract",
    "extract_warcs",
    "fetch",
    "fetch_async",
    "import_files",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
