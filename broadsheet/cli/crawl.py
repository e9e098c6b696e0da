"""``broadsheet crawl``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from broadsheet.archive.collection import Collection
from broadsheet.cli.shared import Face, Size, speaks, url_argument
from broadsheet.crawler.options import CrawlOptions, ScopeKind


@click.command("crawl")
@click.argument("urls", nargs=-1, metavar="[URL...|DIR]")
@click.option("-o", "--output", "directory", type=click.Path(path_type=Path), metavar="DIR",
              help="The collection: made if there is none, gone on with if there is.")  # fmt: skip
@click.option("--update", is_flag=True,
              help="Ask again what DIR holds, and store what is new or changed. See docs/recrawl.md.")  # fmt: skip
@click.option("--ask-all", is_flag=True,
              help="With --update: ask for pages, too, that their sitemap calls unchanged.")  # fmt: skip
@click.option("--scope", type=click.Choice([kind.value for kind in ScopeKind]), default="host", show_default=True,
              help="How far to go: the URL's host, its registered domain, or URLs that begin like it.")  # fmt: skip
@click.option("--include", multiple=True, metavar="REGEX", help="Only URLs in which this is found. Repeatable.")
@click.option("--exclude", multiple=True, metavar="REGEX", help="No URLs in which this is found. Repeatable.")
@click.option("--max-pages", type=click.IntRange(0), default=0, help="Stop after this many pages; 0 for no limit.")
@click.option("--max-depth", type=click.IntRange(0), default=0, help="Follow links this far; 0 for no limit.")
@click.option("--delay", type=click.FloatRange(0), default=0.5, show_default=True,
              help="Seconds between two requests to a host.")  # fmt: skip
@click.option("--concurrency", type=click.IntRange(1), default=2, show_default=True,
              help="Requests at a time to one host.")  # fmt: skip
@click.option("--total-concurrency", type=click.IntRange(1), default=32, show_default=True,
              help="Requests at a time to all hosts together.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True,
              help="Seconds for one exchange.")  # fmt: skip
@click.option("--retries", type=click.IntRange(0), default=2, show_default=True, help="Tries after a failure.")
@click.option("--max-size", type=Size(), default="64M", show_default=True,
              help="Bytes of one answer; a longer one is kept cut and marked.")  # fmt: skip
@click.option("--warc-size", type=Size(), default="1G", show_default=True, help="Size at which a WARC is closed.")
@click.option("--compression-level", type=click.IntRange(0, 9), default=2, show_default=True,
              help="0-3: ISA-L, very fast; 4-9: zlib, a little smaller.")  # fmt: skip
@click.option("--user-agent", default="", help="The User-Agent header.")
@click.option("--requisites/--no-requisites", default=True, show_default=True,
              help="Fetch what the pages show: images, styles, scripts, fonts, media, wherever they lie.")  # fmt: skip
@click.option("--skip-requisites", multiple=True, metavar="KIND",
              type=click.Choice(["image", "style", "script", "font", "media", "frame", "object", "data"]),
              help="A kind of requisite to leave out, e.g. media. Repeatable.")  # fmt: skip
@click.option("--dedupe/--no-dedupe", default=True, show_default=True,
              help="Store a payload that the collection has already as a revisit record, not again.")  # fmt: skip
@click.option("--dedupe-min-size", type=Size(), default="1K", show_default=True,
              help="Bytes of a payload from which that is done.")  # fmt: skip
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'",
              help="A header to send, besides ours or in place of one. Repeatable.")  # fmt: skip
@click.option("--cookies/--no-cookies", default=True, show_default=True, help="Keep the cookies that servers set.")
@click.option("--load-cookies", metavar="FILE", type=click.Path(dir_okay=False),
              help="Begin with these cookies: a cookies.txt, as browsers export it.")  # fmt: skip
@click.option("--http-user", metavar="NAME", help="Log in on the hosts that are named (HTTP Basic).")
@click.option("--http-password", metavar="WORD", envvar="BROADSHEET_HTTP_PASSWORD",
              help="Its password; better in the environment, as BROADSHEET_HTTP_PASSWORD.")  # fmt: skip
@click.option("--ignore-robots", is_flag=True, help="Do not heed robots.txt. Have the owner's leave.")
@click.option("--allow-private", is_flag=True, help="Connect to private addresses that were not named, too.")
@click.option("--proxy", metavar="URL", help="http://host:port, socks5://host:port or socks5h://host:port.")
@click.option("--workers", type=click.IntRange(0), default=lambda: max(1, (os.cpu_count() or 2) - 1),
              show_default="cores - 1", help="Processes that extract.")  # fmt: skip
@click.option("--extract/--no-extract", default=True, show_default=True, help="Make the dataset as the crawl goes.")
@click.option("--operator", help="Who runs this crawl; kept in the WARCs.")
@click.option("--description", help="What this crawl is for; kept in the WARCs.")
@speaks
def crawl_command(face: Face, urls: tuple[str, ...], directory: Path | None, update: bool, **options: Any) -> int:
    """Crawl the sites at URL... into DIR; without a URL, go on with the crawl in DIR, or update it.

    Going on, options that are named here replace those that the crawl was begun with.

    Stop it with Ctrl-C (once: what is in flight is finished; twice: at once) or lose power: the same command goes on.

    \b
    broadsheet crawl https://blog.example.org/ -o blog
    broadsheet crawl https://news.example.org/ -o news --max-pages 1000 --delay 1
    broadsheet crawl news
    broadsheet crawl news --update
    """
    from broadsheet.crawler.run import crawl  # noqa: PLC0415
    from broadsheet.progress import crawl_observer  # noqa: PLC0415 - heavy
    from broadsheet.summary import show_crawl  # noqa: PLC0415

    if update and directory is None and len(urls) == 1 and "://" not in urls[0]:
        Collection.open(Path(urls[0]))  # for its reason, when it is none
    if directory is None:
        if len(urls) != 1 or "://" in urls[0] or not Path(urls[0]).is_dir():
            raise click.UsageError("Missing option '-o': the folder to crawl into, or to go on in.")
        directory, urls = Path(urls[0]), ()
    if options["ask_all"] and not update:
        raise click.UsageError("--ask-all goes with --update.")
    settings = CrawlOptions(
        directory=directory,
        seeds=tuple(url_argument(url) for url in urls),
        **{**options, "scope": ScopeKind(options["scope"])},
    )
    source = click.get_current_context().get_parameter_source
    named = frozenset(name for name in options if source(name) is ParameterSource.COMMANDLINE)
    with crawl_observer(face) as observer:
        summary = crawl(settings, observer, named=named, update=update)
    show_crawl(face, summary)
    return summary.exit_code
