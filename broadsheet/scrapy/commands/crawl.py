"""``scrapy crawl articles -a url=URL -a directory=DIR -a max_pages=100``: the crawl of `broadsheet crawl`, and no other.

Scrapy would make the spider alone.  What makes a crawl of it, the frontier, the archive and the way back after a kill, is
begun by our own command line, so the options of that are the arguments here.
"""

from __future__ import annotations

from argparse import Namespace
from urllib.parse import urlsplit

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from broadsheet.cli import main
from broadsheet.crawler.option import declared_options
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.spider import ArticleSpider

_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")


class Command(BaseRunSpiderCommand):
    """``scrapy crawl`` in a checkout."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How it is called."""
        return f"{ArticleSpider.name} -a url=URL [-a directory=DIR] [-a OPTION=VALUE]"

    def short_desc(self) -> str:
        """What it does."""
        return "Crawl the site at URL into DIR, as `broadsheet crawl` does, with its options"

    def run(self, args: list[str], opts: Namespace) -> None:
        """Crawl.

        Raises:
            UsageError: another spider, no URL, or what the crawl does not take.
        """
        if args != [ArticleSpider.name]:
            raise UsageError(f"The spider here is {ArticleSpider.name}; your own goes with -a spider=MODULE:CLASS.")
        if opts.set or opts.output or opts.overwrite_output:
            raise UsageError("-s, -o and -O are not for this crawl. Its options go with -a, e.g. -a max_pages=100.")
        main(["crawl", *_arguments(dict(opts.spargs))])


def _arguments(given: dict[str, str]) -> list[str]:
    """The arguments of `broadsheet crawl` that *given* means."""
    url, directory = given.pop("url", ""), given.pop("directory", "")
    if not url and not directory:
        raise UsageError("Name the site: -a url=https://blog.example.org/.")
    arguments = [url, "-o", directory or urlsplit(url).hostname or url] if url else [directory]
    switches = {one.flag for one in declared_options(CrawlOptions) if one.type is bool}
    for name, value in given.items():
        flag = name.replace("_", "-")
        if flag not in switches:
            arguments += [f"--{flag}", value]
        elif value.lower() in (*_YES, *_NO):
            arguments.append(f"--{flag}" if value.lower() in _YES else f"--no-{flag}")
        else:
            raise UsageError(f"-a {name}={value}: say {name}=true or {name}=false.")
    return arguments
