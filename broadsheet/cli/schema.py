"""``broadsheet schema``."""

from __future__ import annotations

import click

from broadsheet.cli.shared import Face, speaks


@click.command("schema")
@click.argument("table", required=False, metavar="[TABLE]")
@speaks
def schema_command(face: Face, table: str | None) -> int:
    """Print the columns of TABLE, or of all tables: name, type, nullability, meaning.

    The same stands in the metadata of every Parquet file, and in docs/schema.md.

    \b
    broadsheet schema
    broadsheet schema articles --json
    """
    from broadsheet.archive.errors import BadInput  # noqa: PLC0415 - heavy
    from broadsheet.pipelines.dataset.schema import TABLE_DOCS, TABLES, columns  # noqa: PLC0415
    from broadsheet.pipelines.identity import SCHEMA_VERSION  # noqa: PLC0415

    if table is not None and table not in TABLES:
        raise BadInput(f"table {table}", "there is none of that name", f"There are: {', '.join(TABLES)}.")
    names = list(TABLES) if table is None else [table]
    face.print_json(
        {
            "schema_version": SCHEMA_VERSION,
            "tables": {name: {"doc": TABLE_DOCS[name], "columns": columns(name)} for name in names},
        }
    )
    if not face.as_json:
        for name in names:
            _show(face, name, SCHEMA_VERSION)
    return 0


def _show(face: Face, name: str, version: str) -> None:
    from rich.table import Table  # noqa: PLC0415 - heavy

    from broadsheet.pipelines.dataset.schema import TABLE_DOCS, columns  # noqa: PLC0415

    table = Table("column", "type", "null", "meaning", title=f"{name}, schema {version}", title_justify="left")
    for column in columns(name):
        table.add_row(column.name, column.type, "null" if column.nullable else "", column.doc)
    out = face.out()
    out.print(table, markup=False)
    out.print(f"{TABLE_DOCS[name]}\n", soft_wrap=True, markup=False)
