"""A folder that ``datasets.load_dataset(OUT)`` opens: Parquet shards, and a README.md whose front matter says where they are.

Shards have the schema's own types, so that the first one decides nothing, and never 0 rows (the library then fails to load
all).  Their number is not in their names: it is not known before the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from broadsheet.pipelines.export.files import write_parquet_file

SHARD_ROWS = 50_000
_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def write_folder(folder: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], note: str) -> int:
    """Fill *folder*; *note* goes into its README.md.  The number of rows."""
    (folder / "data").mkdir()
    languages: Counter[str] = Counter()
    count = 0
    for number, shard in enumerate(_shards(_counting(batches, languages))):
        with (folder / "data" / f"train-{number:05d}.parquet").open("wb") as file:
            count += write_parquet_file(file, schema, shard)
    (folder / "README.md").write_text(_card(schema, count, languages, note), "utf-8")
    return count


def _counting(batches: Iterable[pa.RecordBatch], languages: Counter[str]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        if "language" in batch.schema.names:
            for entry in pc.value_counts(batch.column("language")).to_pylist():
                languages[entry["values"] or ""] += entry["counts"]
        yield batch


def _shards(batches: Iterator[pa.RecordBatch]) -> Iterator[Iterator[pa.RecordBatch]]:
    """The batches, cut every SHARD_ROWS rows; each shard is to be read to its end before the next is asked for."""
    waiting = next(batches, None)

    def shard() -> Iterator[pa.RecordBatch]:
        nonlocal waiting
        room = SHARD_ROWS
        while waiting is not None and room:
            taken = waiting.slice(0, room)
            room -= taken.num_rows
            waiting = waiting.slice(taken.num_rows) if taken.num_rows < waiting.num_rows else next(batches, None)
            yield taken

    while waiting is not None:
        yield shard()


def _card(schema: pa.Schema, count: int, languages: Counter[str], note: str) -> str:
    codes = sorted(code for code in languages if code)
    size = next((name for limit, name in _SIZES if count < limit), "n>10M")
    head = ["---"]
    head += ["language:", *(f"- {code}" for code in codes)] if codes else []
    head += ["size_categories:", f"- {size}", "tags:", "- news", "- web-archive", "configs:", "- config_name: default"]
    head += ["  data_files:", "  - split: train", "    path: data/train-*.parquet", "---"]
    rows = [
        f"| `{field.name}` | {((field.metadata or {}).get(b'doc') or b'').decode().replace('|', chr(92) + '|')} |"
        for field in schema
    ]
    return "\n".join(
        [
            *head,
            "",
            "# News articles",
            "",
            f"{count:,} rows. {note}",
            "",
            "```python",
            "from datasets import load_dataset",
            "",
            'articles = load_dataset("path/of/this/folder", split="train")',
            "```",
            "",
            "Texts belong to those who wrote them: see license_url, robots_meta and tdm_reservation, where present.",
            "",
            "| column | meaning |",
            "|---|---|",
            *rows,
            "",
        ]
    )
