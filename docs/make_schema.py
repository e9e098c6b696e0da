"""Writes docs/schema.md from the schemas themselves: ``uv run python docs/make_schema.py``.  A test keeps it true."""

from __future__ import annotations

from pathlib import Path

from broadsheet.pipelines.dataset.quality import quality_definitions
from broadsheet.pipelines.dataset.schema import TABLE_DOCS, TABLES, columns
from broadsheet.pipelines.identity import QUALITY_VERSION, SCHEMA_VERSION

PAGE = Path(__file__).parent / "schema.md"
_HEAD = f"""# The tables

Written by `docs/make_schema.py` from `pipelines/dataset/schema.py`; `broadsheet schema` prints the same, and every Parquet
file has it in its metadata. Schema version {SCHEMA_VERSION}: within a major version columns are only added, at the end of
their table or between others; none is renamed, removed, or given another type or meaning. Since 1.2 `fetch_time` is null where
a record gives no moment; before, it was 1970.

Rows are joined by `id, extraction_id`. Times are UTC, to the microsecond. Lists are never null; an empty one is empty.
How to read all this: [data.md](data.md).
"""


def schema_page() -> str:
    """The page as it should be."""
    parts = [_HEAD]
    for name in TABLES:
        rows = [
            f"| `{column.name}` | {_cell(column.type)} | {'yes' if column.nullable else ''} | {_cell(column.doc)} |"
            for column in columns(name)
        ]
        head = ["| column | type | null | meaning |", "|---|---|---|---|"]
        parts.append("\n".join([f"## {name}", "", TABLE_DOCS[name], "", *head, *rows, ""]))
    parts.append(
        f"""## Quality flags

What `articles.quality_flags` can hold, version {QUALITY_VERSION} of the rules. A flag is not a verdict: nothing
is left out of the dataset because of one. Gopher is Rae et al. 2021, C4 Raffel et al. 2020, FineWeb Penedo et al. 2024.

{quality_definitions()}
"""
    )
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(schema_page(), "utf-8")
