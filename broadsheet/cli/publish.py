"""``broadsheet publish``."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks, tell_lost_journal


@click.command("publish")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@option("--iceberg", metavar="TARGET", help="Into tables of Apache Iceberg: a folder, or catalog:NAME of PyIceberg's "
              "configuration.")  # fmt: skip
@option("--delta", metavar="TARGET", help="Into tables of Delta Lake: a folder, or s3://bucket/prefix.")
@option("--name", metavar="NAME", help="What the rows call the collection; without it, the name of its folder.")
@option("--extraction", metavar="ID", help="Publish this extraction; without it, the current one.")
@speaks
def publish_command(
    face: Face, directory: Path, iceberg: str | None, delta: str | None, name: str | None, extraction: str | None
) -> int:
    """Put an extraction of the collection DIR into the tables of a lakehouse, in the place of what was there of it.

    \b
    broadsheet publish example --iceberg warehouse
    broadsheet publish example --delta s3://bucket/news

    Rows of other extractions and other collections stay. Run it again after an update, or after a kill: the result is the
    same. It takes `pip install 'broadsheet[lakehouse]'`. See docs/lakehouse.md.
    """
    from broadsheet.archive.collection import Collection  # noqa: PLC0415 - heavy
    from broadsheet.pipelines.lakehouse.publish import publish_extraction  # noqa: PLC0415

    if (iceberg is None) == (delta is None):
        raise click.UsageError("Say where: --iceberg TARGET or --delta TARGET.")
    format_, target = ("iceberg", iceberg) if iceberg is not None else ("delta", str(delta))
    tell_lost_journal(face, Collection.open_dataset(directory))
    with face.err().status("publishing") as status:
        done = publish_extraction(
            directory,
            format_,
            target,
            name=name,
            extraction=extraction,
            on_progress=lambda table: status.update(f"publishing {table}"),
        )
    face.print_json(done)
    if not face.as_json:
        for one in done.tables:
            face.out().print(f"{one.table}: {one.rows:,} rows", markup=False)
        out = f"In {done.target} ({done.format}), as collection {done.collection}."
        face.out().print(out, markup=False, soft_wrap=True)
    return 0
