"""The data card: README.md and datapackage.json in the dataset's folder, written when the rows are complete.

They say what is in the current extraction: rows, counts by host, month, language and so on, why captures have no row, the
schema, and how to load it.  Nothing in them depends on the time or the machine, so the same rows give the same bytes.  The
README's front matter is what Hugging Face's ``datasets`` reads; datapackage.json is a Frictionless Data Package (v1).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import os_errors_of
from broadsheet.pipelines.dataset.census import Census, count
from broadsheet.pipelines.dataset.current import Selection, select
from broadsheet.pipelines.dataset.manifest import publishing, table_folder
from broadsheet.pipelines.dataset.schema import TABLE_DOCS, TABLES
from broadsheet.pipelines.identity import SCHEMA_VERSION

README = "README.md"
PACKAGE = "datapackage.json"
_LISTED = 30  # values of a count; the rest is summed up


def write_card(collection: Collection) -> None:
    """Write the card of *collection*; one without published rows gets none.

    Raises:
        CorruptArchive: a file of the dataset cannot be read.
        BrokenEnvironment: the disk refuses; the old card stays.
    """
    if not any((collection.dataset / "_manifest").rglob("*.json")):
        return
    selection = select(collection)
    if not any(selection.files.values()):
        return
    census = count(collection, selection)
    for name, text in ((README, readme(selection, census)), (PACKAGE, package(collection, selection, census))):
        _publish(collection, name, text)


def readme(selection: Selection, census: Census) -> str:
    """The card for people, and in its front matter for ``datasets.load_dataset``."""
    tables = [name for name in TABLES if name in census.rows]
    parts = [
        "\n".join(["---", "configs:", *(line for name in tables for line in _config(selection, name)), "---"]),
        "# Dataset\n\nMade by broadsheet from WARC files. Each row of `articles` and `captures` names its record: "
        "`warc_filename`,\n`warc_record_offset` and `warc_record_length` are the file, the first byte and the length.",
        _table(("table", "rows", "holds"), [(name, census.rows[name], TABLE_DOCS[name]) for name in tables]),
        f"Extraction: `{'`, `'.join(selection.extraction_ids)}`, by {', '.join(census.extractors) or 'no extractor'}. "
        f"Schema version {SCHEMA_VERSION}.\nOlder extractions may lie beside it; what follows is about this one. "
        "Texts belong to those who wrote them: heed\n`license_url`, `robots_meta` and `tdm_reservation`.",
        "## Loading it\n\nFrom this folder:",
        *(f"{title}:\n\n```{language}\n{code}\n```" for title, language, code in _snippets(selection)),
        "## Articles by what they are",
        *(f"### By {name}\n\n{_counted(name, found)}" for name, found in census.counts.items() if found),
        "## Captures without a row in articles",
        _counted("reason", census.reasons) if census.reasons else "None.",
        "## Columns",
        *(f"### {name}\n\n{_columns(name)}" for name in tables),
    ]
    return "\n\n".join(parts) + "\n"


def package(collection: Collection, selection: Selection, census: Census) -> str:
    """The Frictionless Data Package."""
    digests = selection.digests
    resources = []
    for name in TABLES:
        if name not in census.rows:
            continue
        paths = [path.relative_to(collection.dataset).as_posix() for path in selection.files[name]]
        fields = [_field(field) for field in TABLES[name]]
        resources.append(
            {
                "name": name,
                "profile": "data-resource",
                "description": TABLE_DOCS[name],
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "path": paths,
                "hashes": {path: f"sha256:{digests[path]}" for path in paths if path in digests},
                "rows": census.rows[name],
                "schema": {"fields": fields},
            }
        )
    whole = {
        "profile": "data-package",
        "name": "broadsheet-dataset",
        "title": "Articles and captures, extracted from WARC files",
        "version": SCHEMA_VERSION,
        "extraction_ids": selection.extraction_ids,
        "extractors": census.extractors,
        "counts": census.counts,
        "captures_without_article": census.reasons,
        "resources": resources,
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _snippets(selection: Selection) -> list[tuple[str, str, str]]:
    folder = _folder(selection, "articles")
    hugging_face = 'from datasets import load_dataset\n\narticles = load_dataset(".", "articles", split="train")'
    own = 'from broadsheet import Collection\n\narticles = Collection.open("..").articles().to_arrow()'
    return [
        ("PyArrow", "python", f'import pyarrow.dataset as ds\n\narticles = ds.dataset("{folder}").to_table()'),
        ("pandas", "python", f'import pandas as pd\n\narticles = pd.read_parquet("{folder}")'),
        ("Polars", "python", f'import polars as pl\n\narticles = pl.scan_parquet("{folder}/**/*.parquet").collect()'),
        ("DuckDB", "sql", f"SELECT title, url FROM '{folder}/**/*.parquet' ORDER BY date_published;"),  # noqa: S608
        ("Hugging Face", "python", hugging_face),
        ("broadsheet", "python", own),
    ]


def _folder(selection: Selection, table: str) -> str:
    """The folder that has the current rows of *table*: while an extraction takes the place of another, that of both."""
    ids = selection.extraction_ids
    return table if len(ids) != 1 else table_folder(table, ids[0]).as_posix()


def _config(selection: Selection, table: str) -> list[str]:
    return [f"- config_name: {table}", f"  data_files: {_folder(selection, table)}/**/*.parquet"] + (
        ["  default: true"] if table == "articles" else []
    )


def _counted(title: str, found: Mapping[str, int]) -> str:
    rows: list[tuple[object, ...]] = [*list(found.items())[:_LISTED]]
    if rest := list(found.values())[_LISTED:]:
        rows.append((f"{len(rest):,} others", sum(rest)))
    return _table((title, "articles" if title != "reason" else "captures"), rows)


def _columns(table: str) -> str:
    rows = [(f"`{field.name}`", str(field.type), _doc(field)) for field in TABLES[table]]
    return _table(("column", "type", "meaning"), rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for row in rows:
        cells = (f"{cell:,}" if isinstance(cell, int) else _cell(str(cell)) for cell in row)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """*text* on one line, what Markdown and HTML would take for themselves escaped: hosts and licences are strangers' words."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("[", "\\[")


def _field(field: pa.Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": _frictionless(field.type),
        "description": _doc(field),
        **({} if field.nullable else {"constraints": {"required": True}}),
    }


def _frictionless(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "array"
    if pa.types.is_timestamp(kind):
        return "datetime"
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind):
        return "number"
    return "boolean" if pa.types.is_boolean(kind) else "string"


def _doc(field: pa.Field) -> str:
    return bytes((field.metadata or {}).get(b"doc", b"")).decode()


def _publish(collection: Collection, name: str, text: str) -> None:
    path: Path = collection.dataset / name
    with os_errors_of(path), publishing(collection, path) as file:
        file.write(text.encode())
