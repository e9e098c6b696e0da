"""Export of a collection's articles: filtered, in one of five forms, as a stream; the same rows always give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import whole_folder
from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.archive.output import output_file, output_folder
from broadsheet.pipelines.dataset.current import Selection, select
from broadsheet.pipelines.dataset.filters import RowFilter
from broadsheet.pipelines.dataset.newest import marked
from broadsheet.pipelines.dataset.record_store import RecordStore
from broadsheet.pipelines.dataset.records import ArticleRow, SignatureRow
from broadsheet.pipelines.dataset.schema import ARTICLES
from broadsheet.pipelines.dataset.table import Table
from broadsheet.pipelines.export.choice import LABEL_COLUMNS, choose
from broadsheet.pipelines.export.files import WRITERS
from broadsheet.pipelines.export.huggingface import write_folder
from broadsheet.pipelines.export.markdown import FRONT_MATTER, NEEDED, file_name, markdown_of, text_of
from broadsheet.pipelines.export.values import rows_of

FORMS = ("jsonl", "csv", "markdown", "text", "huggingface")


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What was written.  ``without_text``: rows left out of Markdown and text because they have none; ``duplicates`` and
    ``older_versions``: rows left out as such."""

    path: Path | str
    form: str
    extraction_id: str
    rows: int
    duplicates: int
    without_text: int
    older_versions: int = 0


@dataclass(slots=True)
class _Left:
    """Counts of what was left out."""

    duplicates: int = 0
    without_text: int = 0
    older_versions: int = 0


def export(
    directory: Path,
    form: str,
    path: Path | str,
    *,
    where: RowFilter | None = None,
    columns: Sequence[str] | None = None,
    no_duplicates: bool = False,
    extraction: str | None = None,
) -> ExportSummary:
    """Write the articles of the collection *directory* that *where* keeps to *path*, a file, an object in S3 or a folder by
    *form*; what *path* can be says `broadsheet.archive.output`.

    *columns*: those to write; of Markdown, those of the front matter.  *no_duplicates* keeps, of the rows that fit, one article
    of each cluster that `broadsheet dedupe` labelled (`broadsheet.pipelines.export.choice`).

    Raises:
        BadInput: no such collection, column or extraction; no rows; duplicates are not labelled; *path* is taken.
        BrokenEnvironment: the disk refuses; what was there stays.
    """
    collection = Collection.open_dataset(directory)
    if form in WRITERS:
        output = output_file(path, inputs=collection.contents, whole="Parquet" if form == "parquet" else "")
    else:
        folder = output_folder(path, f"an export to {form}")
    selection = select(collection, extraction)
    if "articles" in selection.missing:
        raise BadInput(str(directory), "its articles were not extracted", f"Run `broadsheet extract {directory}`.")
    store, left = RecordStore(collection), _Left()
    chosen = _columns(form, columns)
    read = list(dict.fromkeys([*chosen, *(NEEDED if form in {"markdown", "text"} else ())]))
    where = where or RowFilter()
    fitting = replace(where, latest=False)
    table = Table("articles", ArticleRow, selection, store, where=fitting, columns=read)
    batches = table.batches()
    if where.latest or no_duplicates:
        labels = _labels(selection, store) if no_duplicates else None
        choice = choose(selection, store, fitting, labels, latest=where.latest)
        batches = iter(marked(batches, choice.kept))
        left.duplicates, left.older_versions = choice.duplicates, choice.older_versions
    if form in {"markdown", "text"}:
        rows = _write_files(folder, form, batches, chosen, left)
    else:
        schema = pa.schema([table.schema.field(name) for name in chosen], table.schema.metadata)
        stream = (batch.select(list(chosen)) for batch in batches)
        if form == "huggingface":
            rows = _write_dataset(folder, schema, stream, selection)
        else:
            with output.open() as file:
                rows = WRITERS[form](file, schema, stream)
    ids = ", ".join(selection.extraction_ids)
    return ExportSummary(path, form, ids, rows, left.duplicates, left.without_text, left.older_versions)


def _columns(form: str, columns: Sequence[str] | None) -> tuple[str, ...]:
    if form == "text":
        if columns is not None:
            raise BadInput("--columns", "a text has none", "Export to markdown, csv or jsonl.")
        return ()
    if columns is not None:
        return tuple(dict.fromkeys(columns))
    return FRONT_MATTER if form == "markdown" else tuple(ARTICLES.names)


def _labels(selection: Selection, store: RecordStore) -> Table[SignatureRow]:
    """The labels of the duplicates of all articles there are."""
    directory = store.collection.directory
    if not selection.files["signatures"]:
        raise BadInput(str(directory), "its duplicates are not labelled", f"Run `broadsheet dedupe {directory}`.")
    labels = Table("signatures", SignatureRow, selection, store, columns=LABEL_COLUMNS)
    if len(labels) != len(Table("articles", ArticleRow, selection, store)):
        remedy = f"Run `broadsheet dedupe {directory}` again."
        raise BadInput(str(directory), "articles were added since its duplicates were labelled", remedy)
    return labels


def _write_files(
    path: Path, form: str, batches: Iterator[pa.RecordBatch], columns: tuple[str, ...], left: _Left
) -> int:
    count = 0
    with os_errors_of(path), whole_folder(path) as folder:
        for batch in batches:
            for row in rows_of(batch):
                if not row["text"]:
                    left.without_text += 1
                    continue
                target = folder / file_name(row, ".md" if form == "markdown" else ".txt")
                target.parent.mkdir(exist_ok=True)
                content = markdown_of(row, columns) if form == "markdown" else text_of(row)
                target.write_bytes(content.encode())
                count += 1
    return count


def _write_dataset(path: Path, schema: pa.Schema, stream: Iterator[pa.RecordBatch], selection: Selection) -> int:
    note = f"Extraction {', '.join(selection.extraction_ids)}."
    with os_errors_of(path), whole_folder(path) as folder:
        count = write_folder(folder, schema, stream, note)
        if not count:
            raise BadInput("the export", "would have no rows, and `datasets` cannot open that", "Choose other filters.")
    return count
