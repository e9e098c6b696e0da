"""``broadsheet extract``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from broadsheet.cli.shared import Face, speaks

TABLES = ("articles", "captures", "images", "links", "segments")


@click.command("extract")
@click.argument("inputs", nargs=-1, type=click.Path(path_type=Path), metavar="WARC|WACZ|DIR...")
@click.option("-o", "--output", "directory", type=click.Path(path_type=Path), metavar="DIR",
              help="The collection for the dataset; a collection as the only input is its own.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1), default=lambda: os.cpu_count() or 1, show_default="cores",
              help="Processes that extract.")  # fmt: skip
@click.option("--tables", default=",".join(TABLES), show_default=True, metavar="LIST",
              help="Which tables to make.")  # fmt: skip
@click.option("--no-profiles", is_flag=True, help="Judge each page alone: do not learn what recurs over its site.")
@click.option("--explain", metavar="URL|FILE",
              help="Show the blocks of a page with their roles, and why; with -o DIR, of a page of DIR.")  # fmt: skip
@speaks
def extract_command(
    face: Face,
    inputs: tuple[Path, ...],
    directory: Path | None,
    workers: int,
    tables: str,
    no_profiles: bool,
    explain: str | None,
) -> int:
    """Make the dataset of WARC and WACZ files, or of folders of them, whoever made them.

    The files stay where they are. What is damaged is reported, and costs only itself.

    \b
    broadsheet extract CC-NEWS-20261101.warc.gz -o november
    broadsheet extract old/*.wacz -o old
    broadsheet extract example            (a collection, e.g. after a crawl with --no-extract)
    broadsheet extract --explain page.html
    broadsheet extract --explain https://blog.example.org/post -o example
    """
    if explain is not None:
        return _explain(face, explain, inputs, directory)
    if not inputs:
        raise click.UsageError("Name the WARC or WACZ files, or the collection, to extract.")
    from broadsheet.progress import crawl_observer  # noqa: PLC0415 - heavy
    from broadsheet.summary import show_extract  # noqa: PLC0415
    from crawler.options import CrawlProgress  # noqa: PLC0415
    from pipelines.derive.extract import extract  # noqa: PLC0415

    chosen = tuple(name.strip() for name in tables.split(",") if name.strip())
    if unknown := [name for name in chosen if name not in TABLES]:
        raise click.BadParameter(f"no table {unknown[0]!r}; there are {', '.join(TABLES)}", param_hint="--tables")
    if directory is None:
        if len(inputs) != 1 or not (inputs[0] / "collection.sqlite").is_file():
            raise click.UsageError("Say with -o DIR where the dataset is to go.")
        directory = inputs[0]
    with crawl_observer(face) as observer:
        summary = extract(
            inputs,
            directory,
            workers=workers,
            tables=chosen,
            profiles=not no_profiles,
            on_progress=lambda counts, left: observer.update(
                CrawlProgress(phase="extract", articles_extracted=counts.articles, extraction_backlog=left)
            ),
        )
    show_extract(face, summary)
    return summary.exit_code


def _explain(face: Face, page: str, inputs: tuple[Path, ...], directory: Path | None) -> int:
    from broadsheet.explaining import explain_page, show_explanation  # noqa: PLC0415 - heavy

    if len(inputs) > 1 or (inputs and directory is not None):
        raise click.UsageError("--explain takes one collection, with -o DIR.")
    show_explanation(face, explain_page(page, inputs[0] if inputs else directory))
    return 0
