"""``broadsheet article``: the articles of pages that are named one by one, printed."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from broadsheet.archive.errors import EXIT_FAILED, EXIT_OK, BadInput, BroadsheetError, os_errors_of
from broadsheet.article import Article
from broadsheet.extracting import MAX_PAGE, extract

STANDARD_INPUT = "-"
_PLAIN_SECONDS = 5.0


def print_articles(
    sources: Sequence[str],
    *,
    form: str | None,
    url: str | None = None,
    collection: Path | None = None,
    keep: Path | None = None,
    ignore_robots: bool = False,
    quiet: bool = False,
) -> int:
    """Print the article of each of *sources* as *form* says; the exit code.

    Raises:
        BroadsheetError: the only source cannot be read.
    """
    several = len(sources) > 1
    failed = 0
    due = time.monotonic() + _PLAIN_SECONDS
    for number, source in enumerate(sources):
        try:
            article = _article(source, url, collection, keep, ignore_robots=ignore_robots)
        except BroadsheetError as error:
            if not several:
                raise
            click.echo(f"error: {error}", err=True)
            failed += 1
            continue
        failed += article.extraction_status != "ok"
        _print(article, form or ("json" if several else "text"), source, on_one_line=several)
        if several and not quiet and time.monotonic() >= due:
            due = time.monotonic() + _PLAIN_SECONDS
            click.echo(f"{number + 1:,} of {len(sources):,} pages, {failed:,} without an article", err=True)
    if several and not quiet:
        click.echo(f"{len(sources):,} pages, {failed:,} without an article", err=True)
    return EXIT_FAILED if failed else EXIT_OK


def _article(
    source: str, url: str | None, collection: Path | None, keep: Path | None, *, ignore_robots: bool
) -> Article:
    if "://" in source and not Path(source).exists():
        if url is not None:
            raise BadInput("--url", f"is the address of a page in a file; {source} has its own", "Leave it out.")
        from broadsheet.fetching import fetch  # noqa: PLC0415 - not for a page that is here

        return fetch(source, collection=keep, learnt_in=collection, ignore_robots=ignore_robots)
    if source == STANDARD_INPUT:
        return extract(sys.stdin.buffer.read(MAX_PAGE), url, collection=collection)
    path = Path(source)
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is no file"
        remedy = "Import a folder with `broadsheet import`." if path.is_dir() else "Name a file with HTML, a URL, or -."
        raise BadInput(source, what, remedy)
    with os_errors_of(path):
        body = path.read_bytes()[:MAX_PAGE]
        saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return extract(body, url, fetch_time=saved, collection=collection)


def _print(article: Article, form: str, source: str, *, on_one_line: bool) -> None:
    if form in ("json", "row"):
        click.echo(article.to_json(parts=form == "json", indent=None if on_one_line else 2))
    elif article.text is None:
        why = article.extraction_error or "the page has none"
        click.echo(f"error: {source}: no article ({article.extraction_status}: {why}).", err=True)
    elif form == "markdown":
        title = "" if not article.title else f"# {article.title}\n\n"
        click.echo(f"{title}{article.text_markdown}")
    else:
        title = "" if not article.title else f"{article.title}\n\n"
        click.echo(f"{title}{article.text}")
