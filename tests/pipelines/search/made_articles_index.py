"""Articles as Parquet, without a crawl: what the tests of search index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.manifest import Manifest, PublishedFile, manifest_path
from broadsheet.pipelines.dataset.schema import TABLES

EXTRACTION = "0123456789abcdef"
MOMENT = datetime(2026, 10, 1, tzinfo=UTC)
_ZEROS = {pa.int64(): 0, pa.int32(): 0, pa.int16(): 0, pa.bool_(): False, pa.string(): ""}


def publish(collection: Collection, part: str, articles: Iterable[Mapping[str, Any]], captions: Mapping[str, str] | None = None,
            extraction: str = EXTRACTION) -> list[Path]:  # fmt: skip
    """Publish *articles* (columns that matter; the others are filled) and *captions* by id as the part *part*."""
    rows = {"articles": [_row("articles", one, extraction) for one in articles]}
    picture = {"image_url": "http://a.example/i.png", "role": "hero"}
    pictures = [{"id": key, "caption": text, **picture} for key, text in (captions or {}).items()]
    rows["images"] = [_row("images", one, extraction) for one in pictures]
    files, paths = [], []
    for table, some in rows.items():
        if not some:
            continue
        path = collection.dataset / table / extraction / "fetch_month=2026-10" / f"{part}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(some, schema=TABLES[table]), path)
        relative = path.relative_to(collection.dataset).as_posix()
        files.append(PublishedFile(table, relative, len(some), f"{part}-{len(some)}-{hash(str(some))}"))
        paths.append(path)
    count = len(rows["articles"])
    manifest = Manifest(part, "a.warc.gz", 0, count, extraction, count, count, 0, {}, tuple(files), base_id=EXTRACTION)
    path = manifest_path(collection, extraction, part)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(manifest)))
    return paths


def article(number: int, title: str, text: str = "", **more: Any) -> dict[str, Any]:
    """An article of the site a.example."""
    return {
        "id": f"<urn:uuid:{number:08d}>",
        "url": f"http://a.example/{number}",
        "url_surtkey": f"example,a)/{number}",
        "title": title,
        "text": text or None,
        "text_sha256": f"{number}-{text}" if text else None,
        "extraction_status": "ok",
        "word_count": len(text.split()),
        "fetch_time": MOMENT,
        **more,
    }


def _row(table: str, values: Mapping[str, Any], extraction: str) -> dict[str, Any]:
    filled = {"extraction_id": extraction, **values}
    for field in TABLES[table]:
        if field.name in filled or field.nullable:
            continue
        if pa.types.is_list(field.type):
            filled[field.name] = []
        else:
            filled[field.name] = MOMENT if pa.types.is_timestamp(field.type) else _ZEROS[field.type]
    return filled
