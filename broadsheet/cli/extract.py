"""``broadsheet extract``."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks
from broadsheet.pipelines.dataset.defaults import DEFAULT_TABLES

if TYPE_CHECKING:
    from broadsheet.pipelines.derive.capture_filter import CaptureFilter


@click.command("extract")
@click.argument("inputs", nargs=-1, metavar="WARC|WACZ|DIR|URL|@LIST")
@option("-o", "--output", "output", metavar="DIR|s3://...",
              help="The collection for the dataset; a collection as the only input is its own.")  # fmt: skip
@option("--work", type=click.Path(path_type=Path), metavar="DIR",
              help="With -o s3://...: the local collection for the catalogue and what is not yet uploaded.")  # fmt: skip
@option("--workers", type=click.IntRange(1), default=lambda: os.cpu_count() or 1, show_default="cores",
              help="Processes that extract.")  # fmt: skip
@option("--tables", default=",".join(DEFAULT_TABLES), show_default=True, metavar="LIST",
              help="Which tables to make.")  # fmt: skip
@option("--engine", default="local", show_default=True, metavar="local|dask|dask://HOST:PORT",
              help="Where to extract: processes of this machine, or a Dask cluster (see docs/scaling.md).")  # fmt: skip
@option("--from", "lists", multiple=True, metavar="FILE",
              help="A list of inputs, a path, pattern or URL a line; - is standard input; may be repeated.")  # fmt: skip
@option("--host", "hosts", multiple=True, metavar="HOST",
              help="Only pages of this host; .example.org is it and all below; may be repeated.")  # fmt: skip
@option("--status", "statuses", multiple=True, type=click.IntRange(100, 999), metavar="CODE",
              help="Pages are answers with this status instead of 200; may be repeated.")  # fmt: skip
@option("--mime", "mimes", multiple=True, metavar="TYPE",
              help="Only pages of this media type, sent or, where nothing was sent, found; may be repeated.")  # fmt: skip
@option("--language", "languages", multiple=True, metavar="CODE",
              help="Only pages whose text is in this language (ISO 639-1); may be repeated.")  # fmt: skip
@option("--since", metavar="DATE", help="Only fetched on that day (or at that moment) or later, UTC.")
@option("--until", metavar="DATE", help="Only fetched on that day or earlier.")
@option("--conversions", is_flag=True,
              help="Pages in conversion records are captures, too; the collection keeps that.")  # fmt: skip
@option("--no-profiles", is_flag=True, help="Judge each page alone: do not learn what recurs over its site.")
@option(
    "--markdown-images", is_flag=True, help="Put the article's images with their captions into text_markdown, in place."
)
@option("--explain", metavar="URL|FILE",
              help="Show the blocks of a page with their roles, and why; with -o DIR, of a page of DIR.")  # fmt: skip
@speaks
def extract_command(
    face: Face,
    inputs: tuple[str, ...],
    output: str | None,
    work: Path | None,
    workers: int,
    tables: str,
    engine: str,
    lists: tuple[str, ...],
    hosts: tuple[str, ...],
    statuses: tuple[int, ...],
    mimes: tuple[str, ...],
    languages: tuple[str, ...],
    since: str | None,
    until: str | None,
    conversions: bool,
    no_profiles: bool,
    markdown_images: bool,
    explain: str | None,
) -> int:
    """Make the dataset of WARC, ARC and WACZ files, or of folders of them, whoever made them.

    The files stay where they are, WARCs in S3 and on web servers, too. What is damaged is reported, and costs only itself.
    What a filter leaves out is counted. An extraction with other filters, or none, stands beside this one.

    \b
    broadsheet extract CC-NEWS-20261101.warc.gz -o november
    broadsheet extract old/*.wacz -o old
    broadsheet extract @warc.paths "more/**/*.warc.gz" -o november --host .example.org --language en
    broadsheet extract https://archive.example.org/2026/news.warc.gz -o news
    broadsheet extract s3://news/2026/ -o s3://news/dataset --work state
    broadsheet extract example            (a collection, e.g. after a crawl with --no-extract)
    broadsheet extract --explain page.html
    broadsheet extract --explain https://blog.example.org/post -o example
    """
    if explain is not None:
        return _explain(face, explain, inputs, output)
    if not inputs and not lists:
        raise click.UsageError("Name the WARC or WACZ files, or the collection, to extract.")
    from broadsheet.archive.collection import Collection  # noqa: PLC0415
    from broadsheet.archive.storage import is_object, list_objects  # noqa: PLC0415
    from broadsheet.crawler.progress import CrawlProgress  # noqa: PLC0415
    from broadsheet.pipelines.dataset.mirror import publish_dataset  # noqa: PLC0415
    from broadsheet.pipelines.derive.engine import open_engine  # noqa: PLC0415
    from broadsheet.pipelines.derive.extract import extract  # noqa: PLC0415
    from broadsheet.pipelines.derive.inputs import read_words  # noqa: PLC0415
    from broadsheet.pipelines.derive.without_pandas import pandas_hidden  # noqa: PLC0415
    from broadsheet.pipelines.extract.options import ExtractionOptions  # noqa: PLC0415
    from broadsheet.terminal.progress import crawl_observer  # noqa: PLC0415 - heavy
    from broadsheet.terminal.summary import show_extract  # noqa: PLC0415

    chosen = tuple(name.strip() for name in tables.split(",") if name.strip())
    if unknown := [name for name in chosen if name not in DEFAULT_TABLES]:
        raise click.BadParameter(
            f"no table {unknown[0]!r}; there are {', '.join(DEFAULT_TABLES)}", param_hint="--tables"
        )
    wanted = _wanted(hosts, statuses, mimes, languages, since, until)
    named = read_words(inputs, lists)
    target = output if output is not None and is_object(output) else None
    if (target is None) != (work is None):
        raise click.UsageError("-o s3://... and --work DIR go together: the catalogue lies in a local folder.")
    directory = work if work is not None else None if output is None else Path(output)
    if directory is None:
        if len(named) != 1 or isinstance(named[0], str) or not (named[0] / "collection.sqlite").is_file():
            raise click.UsageError("Say with -o DIR where the dataset is to go.")
        directory = named[0]
    if target is not None:
        list_objects(f"{target.rstrip('/')}/dataset/_manifest")  # a store that refuses is to say so before the work
    with pandas_hidden(), open_engine(engine, workers=workers) as derive, crawl_observer(face) as observer:
        summary = extract(
            named,
            directory,
            workers=workers,
            tables=chosen,
            engine=derive,
            profiles=not no_profiles,
            wanted=wanted,
            options=ExtractionOptions(markdown_images=markdown_images),
            conversions=conversions,
            on_progress=lambda counts, left: observer.update(
                CrawlProgress(phase="extract", articles_extracted=counts.articles, extraction_backlog=left)
            ),
        )
    if target is not None:
        publish_dataset(Collection.open(directory), target)
    show_extract(face, summary)
    return summary.exit_code


def _wanted(
    hosts: tuple[str, ...],
    statuses: tuple[int, ...],
    mimes: tuple[str, ...],
    languages: tuple[str, ...],
    since: str | None,
    until: str | None,
) -> CaptureFilter:
    """The filters as they were typed; days are whole ones, in UTC."""
    from broadsheet.pipelines.dataset.filters import moment  # noqa: PLC0415
    from broadsheet.pipelines.derive.capture_filter import CaptureFilter  # noqa: PLC0415

    first, last = moment(since), moment(until)
    end = None
    if last is not None:
        day = not isinstance(last, datetime)
        begin = last if isinstance(last, datetime) else datetime.combine(last, time(), UTC)
        end = begin + (timedelta(days=1) if day else timedelta(microseconds=1))
    if first is not None and not isinstance(first, datetime):
        first = datetime.combine(first, time(), UTC)
    return CaptureFilter(
        hosts=frozenset(host.lower().rstrip(".") for host in hosts),
        statuses=frozenset(statuses),
        mimes=frozenset(mime.lower() for mime in mimes),
        languages=frozenset(language.lower() for language in languages),
        since=_in_utc(first),
        until=_in_utc(end),
    )


def _in_utc(value: datetime | None) -> datetime | None:
    return value if value is None or value.tzinfo is not None else value.replace(tzinfo=UTC)


def _explain(face: Face, page: str, inputs: tuple[str, ...], output: str | None) -> int:
    from broadsheet.pages.explaining import explain_page, show_explanation  # noqa: PLC0415 - heavy

    if len(inputs) > 1 or (inputs and output is not None):
        raise click.UsageError("--explain takes one collection, with -o DIR.")
    directory = inputs[0] if inputs else output
    show_explanation(face, explain_page(page, None if directory is None else Path(directory)))
    return 0
