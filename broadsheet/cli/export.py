"""``broadsheet export``."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks, tell_lost_journal

_FORMS = ("jsonl", "csv", "markdown", "text", "huggingface")


@click.command("export")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@option("--to", "form", type=click.Choice(_FORMS), required=True, metavar="FORM",
              help="jsonl, csv: a file. markdown, text: a folder with a file an article. huggingface: a folder for "
              "datasets.load_dataset.")  # fmt: skip
@option("-o", "--output", "output", required=True, metavar="OUT",
              help="The file, replaced if it is there, or s3://..., or - for standard output; or the folder, new or "
              "empty.")  # fmt: skip
@option("--host", "hosts", multiple=True, metavar="HOST", help="Only of this host; may be repeated.")
@option("--language", "languages", multiple=True, metavar="CODE", help="Only in this language; may be repeated.")
@option("--page-type", "page_types", multiple=True, metavar="TYPE",
              help="Only such pages (article, listing, live ...); may be repeated.")  # fmt: skip
@option("--status", "statuses", multiple=True, metavar="STATUS",
              help="Only rows whose extraction ended so (ok, empty, error ...); may be repeated.")  # fmt: skip
@option("--since", metavar="DATE", help="Only published on that day (or at that moment) or later, UTC.")
@option("--until", metavar="DATE", help="Only published on that day or earlier.")
@option("--fetched-since", metavar="DATE", help="Only fetched on that day (or at that moment) or later, UTC.")
@option("--latest", is_flag=True, help="Of what fits, only the newest version of each URL.")
@option(
    "--no-duplicates", is_flag=True, help="Of what fits, one article of each cluster that `broadsheet dedupe` labelled."
)
@option("--columns", metavar="LIST", help="These columns, by commas; of markdown, those of the front matter.")
@option("--extraction", metavar="ID", help="This extraction; without it, the current one.")
@speaks
def export_command(
    face: Face,
    directory: Path,
    form: str,
    output: str,
    hosts: tuple[str, ...],
    languages: tuple[str, ...],
    page_types: tuple[str, ...],
    statuses: tuple[str, ...],
    since: str | None,
    until: str | None,
    fetched_since: str | None,
    latest: bool,
    no_duplicates: bool,
    columns: str | None,
    extraction: str | None,
) -> int:
    """Write the articles of the collection DIR in another form: whole or not at all, and always the same bytes.

    \b
    broadsheet export example --to jsonl -o articles.jsonl --status ok
    broadsheet export example --to csv -o articles.csv --columns url,title,date_published,authors
    broadsheet export example --to markdown -o articles --since 2026-09-01 --page-type article
    broadsheet export example --to huggingface -o articles-hf --latest --no-duplicates

    --since and --until are about publication, --fetched-since is about when we asked. In CSV, lists and structs are JSON
    in a cell. See docs/data.md.
    """
    from broadsheet.archive.collection import Collection  # noqa: PLC0415
    from broadsheet.archive.output import named_output  # noqa: PLC0415
    from broadsheet.pipelines.dataset.filters import RowFilter, moment  # noqa: PLC0415
    from broadsheet.pipelines.export.export import export  # noqa: PLC0415

    where = RowFilter(
        hosts=tuple(host.lower() for host in hosts),
        languages=languages,
        page_types=page_types,
        statuses=statuses,
        since=moment(since),
        until=moment(until),
        fetched_since=moment(fetched_since),
        latest=latest,
    )
    path = named_output(output)
    face = face.beside(path)
    tell_lost_journal(face, Collection.open_dataset(directory))
    chosen = None if columns is None else [name.strip() for name in columns.split(",") if name.strip()]
    with face.err().status("exporting"):
        summary = export(
            directory,
            form,
            path,
            where=where,
            columns=chosen,
            no_duplicates=no_duplicates,
            extraction=extraction,
        )
    face.print_json(summary)
    if not face.as_json:
        left = [
            f"{count:,} {why}"
            for count, why in (
                (summary.duplicates, "duplicates"),
                (summary.older_versions, "older versions"),
                (summary.without_text, "without text"),
            )
            if count
        ]
        out = f"{summary.rows:,} articles in {summary.path}" + (f"; left out: {', '.join(left)}" if left else "")
        if not summary.rows:
            out += ". None fits what was asked for; `broadsheet query` shows what there is."
        face.out().print(out, soft_wrap=True, markup=False)
    return 0
