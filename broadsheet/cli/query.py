"""``broadsheet query``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks, tell_lost_journal

if TYPE_CHECKING:
    from broadsheet.pipelines.dataset.query import QueryResult

_FORMATS = ("table", "json", "jsonl", "csv", "parquet")
_SHOWN = 1_000  # rows of a table for a person; files and the other formats have all


@click.command("query")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("sql", metavar="SQL")
@option("--format", "form", type=click.Choice(_FORMATS), metavar="FORMAT",
              help="table, json, jsonl, csv or parquet; without it, what -o ends in, or table.")  # fmt: skip
@option("-o", "--output", "path", metavar="FILE",
              help="Write there (or to s3://...), whole or not at all, and print nothing; - is standard output.")  # fmt: skip
@option("--extraction", metavar="ID", help="Read this extraction; without it, the current one.")
@speaks
def query_command(
    face: Face, directory: Path, sql: str, form: str | None, path: str | None, extraction: str | None
) -> int:
    """Ask the dataset of the collection DIR in SQL (DuckDB's).

    The tables are articles, captures, segments, images, links and, after `broadsheet dedupe`, signatures; `broadsheet
    schema` lists their columns, and all but signatures have fetch_month (2026-11), too. articles_latest has the newest
    version of each URL. A query can only read, and only these tables: no other file, no network.

    \b
    broadsheet query example "SELECT title, date_published FROM articles ORDER BY 2 DESC LIMIT 10"
    broadsheet query example "SELECT url_host_name, count(*) FROM captures GROUP BY 1" --format csv
    broadsheet query example "SELECT * FROM articles WHERE language = 'en'" -o english.parquet
    """
    from broadsheet.archive.collection import Collection  # noqa: PLC0415 - heavy
    from broadsheet.archive.output import STANDARD_OUTPUT, named_output, output_file  # noqa: PLC0415
    from broadsheet.pipelines.dataset.query import querying  # noqa: PLC0415
    from broadsheet.pipelines.export.files import WRITERS  # noqa: PLC0415

    form = form or ("json" if face.as_json else _format_of(path))
    if form == "table" and path is not None:
        raise click.UsageError("A table is for the screen; with -o choose --format json, jsonl, csv or parquet.")
    if form == "parquet" and path is None:
        raise click.UsageError("Parquet needs a file: -o FILE.")
    collection = Collection.open_dataset(directory)
    tell_lost_journal(face, collection)
    whole = "Parquet" if form == "parquet" else ""
    output = output_file(named_output(path) if path else STANDARD_OUTPUT, inputs=collection.contents, whole=whole)
    with querying(collection, sql, extraction) as result:
        if form == "table":
            _show(face, result)
            return 0
        with output.open() as file:
            rows = WRITERS[form](file, result.schema, result.batches)
    if not output.is_standard_output:
        face.err().print(f"{rows:,} rows in {path}", soft_wrap=True, markup=False)
    return 0


def _format_of(path: str | None) -> str:
    suffix = "table" if path is None else Path(path).suffix.lstrip(".").lower()
    if suffix not in _FORMATS:
        raise click.UsageError(f"What is {path} to be? Choose with --format.")
    return suffix


def _show(face: Face, result: QueryResult) -> None:
    from rich.markup import escape  # noqa: PLC0415 - heavy
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from broadsheet.pipelines.export.values import csv_cell, rows_of  # noqa: PLC0415

    table = Table(*(escape(name) for name in result.schema.names))
    more = False
    for batch in result.batches:
        for row in rows_of(batch):
            if table.row_count == _SHOWN:
                more = True
                break
            table.add_row(*(Text(_shortened(csv_cell(value))) for value in row.values()))
        if more:
            break
    face.out().print(table)
    if more:
        face.err().print(f"Only the first {_SHOWN:,} rows are shown; -o FILE.csv has all.", markup=False)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 300 else f"{line[:299]}…"
