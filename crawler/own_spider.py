"""A user's own spider for our crawl: a subclass of ArticleSpider, named as MODULE:CLASS."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from broadsheet.archive.errors import BadInput
from broadsheet.crawler.spider import ArticleSpider

_HOW = "Name it like shop.spiders:Recipes, a subclass of broadsheet.crawler.spider.ArticleSpider."


def load_spider(name: str | None) -> type[ArticleSpider]:
    """The class that *name* (MODULE:CLASS) means; without a name, ours.  The current folder is looked in, too.

    Raises:
        BadInput: there is none, it cannot be imported, or it is no ArticleSpider.
    """
    if name is None:
        return ArticleSpider
    module_name, colon, class_name = name.partition(":")
    if not (module_name and colon and class_name.isidentifier()):
        raise BadInput(f"--spider {name}", "names no class of a module", _HOW)
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    try:
        found = getattr(import_module(module_name), class_name, None)
    except Exception as error:  # whatever the user's module raises
        raise BadInput(f"--spider {name}", f"cannot be imported ({type(error).__name__}: {error})", _HOW) from error
    if not (isinstance(found, type) and issubclass(found, ArticleSpider)):
        what = "is not in that module" if found is None else "is no ArticleSpider"
        raise BadInput(f"--spider {name}", what, _HOW)
    if "SPIDER_MIDDLEWARES" in (found.custom_settings or {}):
        remedy = "Do what they do in items() and discover(), or use broadsheet.scrapy.Addon in a project of your own."
        raise BadInput(f"--spider {name}", "has SPIDER_MIDDLEWARES, which this crawl does not call", remedy)
    return found
