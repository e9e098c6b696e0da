"""``broadsheet article``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from broadsheet.cli.option import option

_FORMS = ("text", "markdown", "json", "row")


@click.command("article")
@click.argument("sources", nargs=-1, metavar="[URL|FILE|-]")
@option("--to", "form", type=click.Choice(_FORMS), metavar="FORM",
        help="text, markdown; json: one object; row: the columns of the table articles. "
        "[default: text; of several sources json, one a line]")  # fmt: skip
@option("--url", metavar="URL", help="The address of the page in a file, or on standard input.")
@option("--use", "collection", type=click.Path(path_type=Path), metavar="DIR",
        help="Use what was learnt of the page's site in this collection.")  # fmt: skip
@option("--keep", type=click.Path(path_type=Path), metavar="DIR",
        help="Keep what is fetched in this collection, as a WARC.")  # fmt: skip
@option("--ignore-robots", is_flag=True, help="Do not heed robots.txt. Have the owner's leave.")
@option("-q", "--quiet", is_flag=True, help="No progress; only the result, and errors.")
def article_command(
    sources: tuple[str, ...],
    form: str | None,
    url: str | None,
    collection: Path | None,
    keep: Path | None,
    ignore_robots: bool,
    quiet: bool,
) -> int:
    """Print the article in a page: a URL, an HTML file, or standard input (-, or nothing named).

    Several sources are printed as JSON, one object a line; one that fails is named on standard error, and the others
    go on. A URL is asked for as a crawl asks, robots.txt first.

    \b
    broadsheet article https://blog.example.org/post
    broadsheet article page.html --url https://blog.example.org/post --to markdown
    curl -s https://blog.example.org/post | broadsheet article --to markdown
    broadsheet article pages/*.html > articles.jsonl

    Exit code 1 when there is no article in a page.
    """
    from broadsheet.pages.articles import print_articles  # noqa: PLC0415 - heavy

    if not sources and sys.stdin.isatty():
        raise click.UsageError("Name a page: a URL, an HTML file, or - for standard input.")
    if url is not None and len(sources) > 1:
        raise click.UsageError("--url is the address of one page: name one.")
    return print_articles(
        sources or ("-",),
        form=form,
        url=url,
        collection=collection,
        keep=keep,
        ignore_robots=ignore_robots,
        quiet=quiet,
    )
